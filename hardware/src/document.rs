//! A receipt as a printer-neutral document: what stands on the paper, not how a printer is told.
//!
//! ```
//! use hardware::{Document, Rule};
//! let mut doc = Document::new();
//! doc.text("Kedai Kopi").double().center();
//! doc.rule(Rule::Single);
//! doc.left_right("2 x Kopi", "36.000");
//! doc.left_right("TOTAL", "36.000").bold();
//! assert_eq!(
//!     doc.to_plain_text(24),
//!     "       Kedai Kopi\n------------------------\n2 x Kopi          36.000\nTOTAL             36.000\n"
//! );
//! ```

mod clean_text;
mod codes;
mod html;
pub(crate) mod layout;
mod pdf;
mod picture;

pub use clean_text::CleanText;
pub use picture::{Picture, PictureError};

/// A receipt, ticket or report, block under block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    blocks: Vec<Block>,
}

/// The paper that a document is shown on where no printer is: in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper<'a> {
    /// What the file is called by whoever shows it, such as the receipt number.
    pub title: &'a str,
    /// The language of its texts (BCP 47), for screen readers.
    pub language: &'a str,
    /// Columns of the usual size beside each other: 48 is paper of 80 mm, 32 of 58 mm.
    pub columns: usize,
}

impl Paper<'_> {
    /// Narrower or wider paper than any printer's would be a mistake.
    fn columns(&self) -> usize {
        self.columns.clamp(16, 96)
    }

    /// Its printed width in dots of an eighth of a millimetre.
    fn dots(&self) -> usize {
        self.columns() * crate::font::CELL_WIDTH
    }
}

/// One piece of a [`Document`], from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text, wrapped at the paper's width.
    Text(Text),
    /// Cells beside each other, each wrapped in its own width.
    Row(Row),
    /// A line across the paper.
    Rule(Rule),
    /// Empty lines.
    Feed(u8),
    /// A QR code, in the middle of the paper.
    Qr(Qr),
    /// A barcode in the middle of the paper, for scanners that read no QR codes.
    Barcode(Barcode),
    /// A picture in the middle of the paper, such as a logo.
    Picture(Picture),
    /// A cut of the paper.
    Cut(Cut),
    /// A pulse that opens a cash drawer.
    Drawer(DrawerPulse),
}

/// Where a text stands in its width.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right edge.
    Right,
}

/// How wide a cell of a [`Row`] is; one empty column stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// So many columns of the printer's font.
    Columns(u8),
    /// As wide as its own text.
    Fit,
    /// What the other cells leave; several such cells share it.
    Rest,
}

/// What a line across the paper is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `----`
    Single,
    /// `====`
    Double,
}

/// How the paper is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Right through.
    Full,
    /// A bridge is left, so that the receipt does not fall.
    Partial,
}

/// The looks of a run of text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Style {
    /// Heavier strokes.
    pub bold: bool,
    /// Twice the width: a character takes two columns.
    pub wide: bool,
    /// Twice the height.
    pub tall: bool,
    /// White on black.
    pub inverse: bool,
}

/// A run of text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What it says.
    pub text: CleanText,
    /// How it looks.
    pub style: Style,
}

/// Running text of one or more runs; made by [`Document::text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The runs, one after the other on the same line.
    pub runs: Vec<Run>,
    /// Where each of its lines stands.
    pub align: Align,
}

/// One cell of a [`Row`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it says and how it looks.
    pub run: Run,
    /// Where the text stands in the cell.
    pub align: Align,
    /// How wide the cell is.
    pub width: Width,
}

/// Cells beside each other; made by [`Document::row`] and [`Document::left_right`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// From left to right.
    pub cells: Vec<Cell>,
}

/// How much of a QR code may be damaged before it cannot be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum QrCorrection {
    /// About 7 %.
    Low,
    /// About 15 %.
    #[default]
    Medium,
    /// About 25 %.
    Quartile,
    /// About 30 %.
    High,
}

/// A QR code (Model 2); made by [`Document::qr`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// What it says.
    pub text: CleanText,
    /// The side of one module in dots, 1 to 16.
    pub module_dots: u8,
    /// Its tolerance of damage.
    pub correction: QrCorrection,
}

/// What the bars of a barcode mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Symbology {
    /// Code 128, for any text of ASCII.
    #[default]
    Code128,
    /// EAN-13, EAN-8 or UPC-A, by the number of digits; the last one is the check digit.
    Ean,
}

/// A barcode; made by [`Document::barcode`] and [`Document::ean`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barcode {
    /// What it says.
    pub text: CleanText,
    /// What its bars mean.
    pub symbology: Symbology,
}

/// The connector pin that a cash drawer hangs on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DrawerPin {
    /// Pin 2: the usual, first drawer.
    #[default]
    Pin2,
    /// Pin 5: a second drawer.
    Pin5,
}

/// A pulse that opens a cash drawer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawerPulse {
    /// Which drawer.
    pub pin: DrawerPin,
    /// How long the current flows, in milliseconds (2 to 510).
    pub on_ms: u16,
    /// How long the printer rests after it, in milliseconds (2 to 510).
    pub off_ms: u16,
}

impl Default for DrawerPulse {
    /// 50 ms on, 500 ms off at pin 2: opens every drawer tried and spares the coil.
    fn default() -> Self {
        Self { pin: DrawerPin::Pin2, on_ms: 50, off_ms: 500 }
    }
}

impl Document {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Its blocks from top to bottom.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Adds a text on its own line (or lines: it wraps). Style it by chaining: `doc.text("Paid").bold().center()`.
    pub fn text(&mut self, text: impl AsRef<str>) -> &mut Text {
        self.blocks.push(Block::Text(Text { runs: vec![Run::plain(text)], align: Align::Left }));
        match self.blocks.last_mut() {
            Some(Block::Text(text)) => text,
            _ => unreachable!("a text was pushed the line before"),
        }
    }

    /// Adds cells beside each other: `doc.row(&[("2", Align::Right, Width::Columns(3)), …])`.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[(S, Align, Width)]) -> &mut Row {
        let cells = cells
            .iter()
            .map(|(text, align, width)| Cell { run: Run::plain(text), align: *align, width: *width })
            .collect();
        self.blocks.push(Block::Row(Row { cells }));
        match self.blocks.last_mut() {
            Some(Block::Row(row)) => row,
            _ => unreachable!("a row was pushed the line before"),
        }
    }

    /// Adds a name at the left, wrapping in what is left over, and an amount at the right, never wrapped when it fits.
    pub fn left_right(&mut self, left: impl AsRef<str>, right: impl AsRef<str>) -> &mut Row {
        self.row(&[(left.as_ref(), Align::Left, Width::Rest), (right.as_ref(), Align::Right, Width::Fit)])
    }

    /// Adds a line across the paper.
    pub fn rule(&mut self, rule: Rule) -> &mut Self {
        self.blocks.push(Block::Rule(rule));
        self
    }

    /// Adds empty lines.
    pub fn feed(&mut self, lines: u8) -> &mut Self {
        self.blocks.push(Block::Feed(lines));
        self
    }

    /// Adds a QR code in the middle; `doc.qr(url).module_dots(4)`. What no QR code can hold is printed as text.
    pub fn qr(&mut self, text: impl AsRef<str>) -> &mut Qr {
        self.blocks.push(Block::Qr(Qr {
            text: CleanText::new(text),
            module_dots: 6,
            correction: QrCorrection::Medium,
        }));
        match self.blocks.last_mut() {
            Some(Block::Qr(qr)) => qr,
            _ => unreachable!("a QR code was pushed the line before"),
        }
    }

    /// Adds a barcode (Code 128) in the middle, such as the receipt number. Characters beyond ASCII, or more than fit
    /// across the paper, make it a line of text instead.
    pub fn barcode(&mut self, text: impl AsRef<str>) -> &mut Self {
        let text = CleanText::new(text);
        self.blocks.push(Block::Barcode(Barcode { text, symbology: Symbology::Code128 }));
        self
    }

    /// Adds an EAN-13, EAN-8 or UPC-A barcode with its digits under it. What has another number of digits, or a wrong check
    /// digit, is printed as a line of text instead.
    pub fn ean(&mut self, digits: impl AsRef<str>) -> &mut Self {
        let text = CleanText::new(digits);
        self.blocks.push(Block::Barcode(Barcode { text, symbology: Symbology::Ean }));
        self
    }

    /// Adds a picture in the middle, made smaller where it is wider than the paper.
    pub fn picture(&mut self, picture: Picture) -> &mut Self {
        self.blocks.push(Block::Picture(picture));
        self
    }

    /// Adds a cut; printers without a cutter feed the paper to the tear bar instead.
    pub fn cut(&mut self, cut: Cut) -> &mut Self {
        self.blocks.push(Block::Cut(cut));
        self
    }

    /// Adds a pulse that opens a drawer. A sale should rather use [`crate::open_drawer`], which also works when the
    /// paper is out.
    pub fn drawer(&mut self, pulse: DrawerPulse) -> &mut Self {
        self.blocks.push(Block::Drawer(pulse));
        self
    }

    /// Puts the blocks of another document under this one.
    pub fn append(&mut self, mut other: Document) -> &mut Self {
        self.blocks.append(&mut other.blocks);
        self
    }

    /// Whether a text or a cell of it holds these words.
    pub fn says(&self, words: impl AsRef<str>) -> bool {
        let words = CleanText::new(words);
        let said = |run: &Run| run.text.as_str().contains(words.as_str());
        self.blocks.iter().any(|block| match block {
            // Runs stand beside each other on the paper.
            Block::Text(text) => {
                let line: String = text.runs.iter().map(|run| run.text.as_str()).collect();
                line.contains(words.as_str())
            }
            Block::Row(row) => row.cells.iter().any(|cell| said(&cell.run)),
            _ => false,
        })
    }

    /// Whether a cut ends it.
    pub fn is_cut(&self) -> bool {
        matches!(self.blocks.last(), Some(Block::Cut(_)))
    }

    /// Takes off the fed paper and the cuts at its end, so that more can be written before them.
    pub fn take_end(&mut self) -> Document {
        let written = |block: &Block| !matches!(block, Block::Feed(_) | Block::Cut(_));
        let end = self.blocks.iter().rposition(written).map_or(0, |last| last + 1);
        Document { blocks: self.blocks.split_off(end) }
    }

    /// The document as text of so many columns: for previews, the order history and tests. The lines break exactly
    /// as on paper; a QR code stands as
    /// `[QR …]`, a barcode as `[barcode …]`, a picture as `[picture W x H]`; cuts and drawer pulses are left out.
    pub fn to_plain_text(&self, columns: usize) -> String {
        layout::plain_text(self, columns)
    }

    /// The document as a web page that needs nothing beside itself: no script, no font, no picture from elsewhere. Codes are
    /// vectors, pictures are in it, and printed it fills paper of that width.
    pub fn to_html(&self, paper: &Paper<'_>) -> String {
        html::html(self, paper)
    }

    /// The document as PDF: one page as long as the paper (more only when that is beyond what PDF can say, 5 m), its text as
    /// text in the bundled typeface, codes as vectors. The same document always gives the same bytes.
    pub fn to_pdf(&self, paper: &Paper<'_>) -> Vec<u8> {
        pdf::pdf(self, paper)
    }
}

impl Run {
    fn plain(text: impl AsRef<str>) -> Self {
        Self { text: CleanText::new(text), style: Style::default() }
    }
}

impl Text {
    /// Adds a run to the same line; styles chained after it are its own.
    pub fn and(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.runs.push(Run::plain(text));
        self
    }

    fn style(&mut self, change: impl FnOnce(&mut Style)) -> &mut Self {
        if let Some(run) = self.runs.last_mut() {
            change(&mut run.style);
        }
        self
    }

    /// Makes the last run bold.
    pub fn bold(&mut self) -> &mut Self {
        self.style(|style| style.bold = true)
    }

    /// Makes the last run twice as wide and twice as high.
    pub fn double(&mut self) -> &mut Self {
        self.style(|style| (style.wide, style.tall) = (true, true))
    }

    /// Makes the last run twice as high, of the usual width.
    pub fn tall(&mut self) -> &mut Self {
        self.style(|style| style.tall = true)
    }

    /// Makes the last run white on black.
    pub fn inverse(&mut self) -> &mut Self {
        self.style(|style| style.inverse = true)
    }

    /// Puts the text in the middle.
    pub fn center(&mut self) -> &mut Self {
        self.align = Align::Center;
        self
    }

    /// Puts the text at the right.
    pub fn right(&mut self) -> &mut Self {
        self.align = Align::Right;
        self
    }
}

impl Row {
    fn style(&mut self, change: impl Fn(&mut Style)) -> &mut Self {
        self.cells.iter_mut().for_each(|cell| change(&mut cell.run.style));
        self
    }

    /// Makes every cell bold.
    pub fn bold(&mut self) -> &mut Self {
        self.style(|style| style.bold = true)
    }

    /// Makes every cell twice as high.
    pub fn tall(&mut self) -> &mut Self {
        self.style(|style| style.tall = true)
    }

    /// Makes every cell twice as wide and twice as high.
    pub fn double(&mut self) -> &mut Self {
        self.style(|style| (style.wide, style.tall) = (true, true))
    }

    /// Makes every cell white on black.
    pub fn inverse(&mut self) -> &mut Self {
        self.style(|style| style.inverse = true)
    }
}

impl Qr {
    /// Sets the side of one module in dots; 1 to 16.
    pub fn module_dots(&mut self, dots: u8) -> &mut Self {
        self.module_dots = dots.clamp(1, 16);
        self
    }

    /// Sets the tolerance of damage.
    pub fn correction(&mut self, correction: QrCorrection) -> &mut Self {
        self.correction = correction;
        self
    }
}
