//! What a job puts on paper.

use qrcode::EcLevel;

use super::decoder::{Command, Step, next_command};
use super::reading;
use crate::document::layout::{PlainText, char_columns, plain_line};
use crate::document::{Align, Style};
use crate::escpos::{Bitmap, bars_bitmap, code128, ean, qr_bitmap};
use crate::profile::PrinterProfile;

/// More paper than a roll has; a job that feeds on is not followed further.
const MOST_ELEMENTS: usize = 50_000;

/// A decoded job.
#[derive(Debug, Default)]
pub(super) struct Receipt {
    pub(super) elements: Vec<Element>,
    pub(super) drawer_pulses: u32,
    pub(super) cuts: u32,
}

/// One thing on paper, under the one before.
#[derive(Debug)]
pub(super) enum Element {
    Line(Line),
    Picture {
        bitmap: Bitmap,
        align: Align,
    },
    Code {
        bitmap: Bitmap,
        kind: CodeKind,
        text: String,
        align: Align,
    },
    /// Fed paper; `lines` of it were asked for as empty lines.
    Space {
        dots: usize,
        lines: usize,
    },
    Cut,
}

/// What a scanner reads.
#[derive(Debug, Clone, Copy)]
pub(super) enum CodeKind {
    Qr,
    Barcode,
}

/// A line of text.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) spans: Vec<(String, Style)>,
    pub(super) align: Align,
}

impl Line {
    pub(super) fn columns(&self) -> usize {
        let width = |(text, style): &(String, Style)| {
            text.chars().map(char_columns).sum::<usize>() * if style.wide { 2 } else { 1 }
        };
        self.spans.iter().map(width).sum()
    }
}

impl Receipt {
    /// Plays a job on a printer of that profile. Bytes at the end that are no whole command are left out.
    pub(super) fn decode(bytes: &[u8], profile: &PrinterProfile) -> Self {
        let mut head = Head::new(profile);
        let mut from = 0;
        while let Step::Done(command, length) = next_command(&bytes[from..]) {
            from += length;
            head.run(command);
            if head.receipt.elements.len() > MOST_ELEMENTS {
                break;
            }
        }
        head.end_line(false);
        head.receipt
    }

    /// The receipt as text, laid out as [`crate::Document::to_plain_text`] does; lines sent as pictures are read back.
    pub(super) fn text(&self, profile: &PrinterProfile) -> String {
        let mut out = PlainText::default();
        for element in &self.elements {
            match element {
                Element::Line(line) => {
                    let spare = profile.columns.saturating_sub(line.columns());
                    let before = " ".repeat(match line.align {
                        Align::Left => 0,
                        Align::Center => spare / 2,
                        Align::Right => spare,
                    });
                    let spans = line.spans.iter().map(|(text, style)| (text.as_str(), style.wide));
                    out.line(&plain_line(std::iter::once((&*before, false)).chain(spans), profile.columns));
                }
                Element::Picture { bitmap, .. } => match reading::read(bitmap) {
                    Some(lines) => lines.iter().for_each(|line| out.line(line)),
                    None => out.line(&format!("[picture {} x {}]", bitmap.width, bitmap.height)),
                },
                Element::Code { kind: CodeKind::Qr, text, .. } => out.line(&format!("[QR {text}]")),
                Element::Code { kind: CodeKind::Barcode, text, .. } => out.line(&format!("[barcode {text}]")),
                Element::Space { lines, .. } => (0..*lines).for_each(|_| out.line("")),
                Element::Cut => out.cut(),
            }
        }
        out.finish()
    }
}

/// The state of the print head.
struct Head<'a> {
    profile: &'a PrinterProfile,
    receipt: Receipt,
    line: Line,
    style: Style,
    align: Align,
    page: u8,
    barcode_height: u8,
    barcode_module: u8,
    qr_data: Vec<u8>,
    qr_module: u8,
    qr_level: EcLevel,
}

impl<'a> Head<'a> {
    fn new(profile: &'a PrinterProfile) -> Self {
        Self {
            profile,
            receipt: Receipt::default(),
            line: Line::default(),
            style: Style::default(),
            align: Align::Left,
            page: 0,
            barcode_height: 162,
            barcode_module: 3,
            qr_data: Vec::new(),
            qr_module: 3,
            qr_level: EcLevel::L,
        }
    }

    fn run(&mut self, command: Command<'_>) {
        match command {
            Command::Text(bytes) => self.print(bytes),
            Command::LineFeed => self.end_line(true),
            Command::Reset => {
                self.line = Line::default();
                self.style = Style::default();
                self.align = Align::Left;
                self.page = 0;
            }
            Command::CodePage(number) => self.page = number,
            Command::Align(1) => self.align = Align::Center,
            Command::Align(2) => self.align = Align::Right,
            Command::Align(_) => self.align = Align::Left,
            Command::Bold(bold) => self.style.bold = bold,
            Command::Size(wide, tall) => (self.style.wide, self.style.tall) = (wide > 1, tall > 1),
            Command::Inverse(inverse) => self.style.inverse = inverse,
            Command::FeedLines(lines) => {
                self.end_line(false);
                self.space(usize::from(lines) * crate::font::LINE_HEIGHT, usize::from(lines));
            }
            Command::FeedDots(dots) => {
                self.end_line(false);
                self.space(usize::from(dots), 0);
            }
            Command::Cut => {
                self.end_line(false);
                self.receipt.cuts += 1;
                self.receipt.elements.push(Element::Cut);
            }
            Command::Drawer { .. } | Command::DrawerAtOnce { .. } => self.receipt.drawer_pulses += 1,
            Command::Raster { stride, dots } => self.picture(stride, dots),
            Command::BarcodeHeight(dots) => self.barcode_height = dots,
            Command::BarcodeModule(dots) => self.barcode_module = dots.clamp(1, 6),
            Command::Code128(data) => self.code128(data),
            Command::Ean(data) => self.ean(data),
            Command::QrModule(dots) => self.qr_module = dots,
            Command::QrCorrection(level) => {
                self.qr_level = match level {
                    49 => EcLevel::M,
                    50 => EcLevel::Q,
                    51 => EcLevel::H,
                    _ => EcLevel::L,
                };
            }
            Command::QrStore(data) => self.qr_data = data.to_vec(),
            Command::QrPrint => self.qr(),
            Command::AskAtOnce(_) | Command::AskInTurn(_) | Command::AskName(_) | Command::TellStatus(_) => {}
            Command::Skipped => {}
        }
    }

    fn print(&mut self, bytes: &[u8]) {
        let page =
            self.profile.code_pages.iter().find(|(_, number)| *number == self.page).map(|&(page, _)| page);
        let decode = |&byte: &u8| match page {
            Some(page) => page.decode(byte).unwrap_or('\u{fffd}'),
            None if byte < 0x80 => char::from(byte),
            None => '\u{fffd}',
        };
        let text = bytes.iter().map(decode).collect();
        self.line.align = self.align;
        self.line.spans.push((text, self.style));
    }

    /// Ends the line; an empty one only counts when it was asked for.
    fn end_line(&mut self, even_empty: bool) {
        if even_empty || !self.line.spans.is_empty() {
            self.receipt.elements.push(Element::Line(std::mem::take(&mut self.line)));
        }
    }

    fn space(&mut self, dots: usize, lines: usize) {
        if dots > 0 {
            self.receipt.elements.push(Element::Space { dots, lines });
        }
    }

    fn picture(&mut self, stride: usize, dots: &[u8]) {
        self.end_line(false);
        if stride == 0 || dots.is_empty() {
            return;
        }
        let bitmap = Bitmap { width: stride * 8, height: dots.len() / stride, bits: dots.to_vec() };
        match self.receipt.elements.last_mut() {
            // Slices of one picture join without a gap.
            Some(Element::Picture { bitmap: above, align })
                if above.width == bitmap.width && *align == self.align =>
            {
                above.append(&bitmap);
            }
            _ => self.receipt.elements.push(Element::Picture { bitmap, align: self.align }),
        }
    }

    fn qr(&mut self) {
        self.end_line(false);
        // A printer without QR codes of its own prints nothing here.
        if !self.profile.native_qr {
            return;
        }
        if let Some(picture) = qr_bitmap(&self.qr_data, self.qr_level, self.qr_module, self.profile.dots) {
            let text = String::from_utf8_lossy(&self.qr_data).into_owned();
            let (bitmap, kind, align) = (picture.bitmap, CodeKind::Qr, self.align);
            self.receipt.elements.push(Element::Code { bitmap, kind, text, align });
        }
    }

    /// Code set B only; a printer prints nothing for what it cannot encode.
    fn code128(&mut self, data: &[u8]) {
        let Some(text) = data.strip_prefix(b"{B").and_then(|data| std::str::from_utf8(data).ok()) else {
            return self.end_line(false);
        };
        let text = text.replace("{{", "{");
        self.barcode(code128::bars(&text), text);
    }

    fn ean(&mut self, data: &[u8]) {
        let text = String::from_utf8_lossy(data).into_owned();
        self.barcode(ean::bars(&text), text);
    }

    /// What is wider than the paper is not printed.
    fn barcode(&mut self, bars: Option<Vec<usize>>, text: String) {
        self.end_line(false);
        let Some(bars) = bars.filter(|_| self.profile.native_barcodes) else { return };
        let bitmap = bars_bitmap(&bars, usize::from(self.barcode_module), usize::from(self.barcode_height));
        if bitmap.width > self.profile.dots {
            return;
        }
        let (kind, align) = (CodeKind::Barcode, self.align);
        self.receipt.elements.push(Element::Code { bitmap, kind, text, align });
    }
}
