//! Breaks a document into lines of a printer's columns; the encoder, the preview and the tests share it.

use super::{
    Align, Barcode, Block, Cell, Cut, Document, DrawerPulse, Picture, Qr, Row, Rule, Run, Style, Text, Width,
};

/// A document of any size is printed up to here: more would be a mistake that empties the paper roll.
const MAX_LINES: usize = 20_000;
/// Below this a wrapped cell is unreadable, so the cells of the row stand under each other instead.
const NARROWEST_REST: usize = 4;

/// What is printed, from top to bottom.
#[derive(Debug)]
pub(crate) enum Piece<'a> {
    Line(Vec<Span>),
    Feed(u8),
    Qr(&'a Qr),
    Barcode(&'a Barcode),
    Picture(&'a Picture),
    Cut(Cut),
    Drawer(DrawerPulse),
}

/// A stretch of a line in one style, padding included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) text: String,
    pub(crate) style: Style,
}

type Glyph = (char, Style);

/// The columns that a character takes in the usual size: none for a mark set over its neighbour, two for East Asian.
pub(crate) fn char_columns(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}' => 0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2,
        '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' => 2,
        '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

fn glyph_columns((c, style): Glyph) -> usize {
    char_columns(c) * if style.wide { 2 } else { 1 }
}

fn columns_of(glyphs: &[Glyph]) -> usize {
    glyphs.iter().copied().map(glyph_columns).sum()
}

fn glyphs_of(run: &Run) -> impl Iterator<Item = Glyph> + '_ {
    run.text.as_str().chars().map(|c| (c, run.style))
}

/// The glyphs of runs, in memory taken once: this runs while a customer waits.
fn all_glyphs<'a>(runs: impl Iterator<Item = &'a Run> + Clone) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(runs.clone().map(|run| run.text.as_str().len()).sum());
    glyphs.extend(runs.flat_map(glyphs_of));
    glyphs
}

/// The lines of a document on paper of so many columns.
pub(crate) fn lay_out(document: &Document, columns: usize) -> Vec<Piece<'_>> {
    let columns = columns.max(1);
    let mut pieces = Vec::new();
    for block in document.blocks() {
        match block {
            Block::Text(text) => pieces.extend(text_lines(text, columns).into_iter().map(Piece::Line)),
            Block::Row(row) => pieces.extend(row_lines(row, columns).into_iter().map(Piece::Line)),
            Block::Rule(rule) => {
                let mark = match rule {
                    Rule::Single => "-",
                    Rule::Double => "=",
                };
                pieces.push(Piece::Line(vec![Span { text: mark.repeat(columns), style: Style::default() }]));
            }
            Block::Feed(0) => {}
            Block::Feed(lines) => pieces.push(Piece::Feed(*lines)),
            Block::Qr(qr) if qr.text.as_str().is_empty() => {}
            Block::Qr(qr) => pieces.push(Piece::Qr(qr)),
            Block::Barcode(barcode) if barcode.text.as_str().is_empty() => {}
            Block::Barcode(barcode) => pieces.push(Piece::Barcode(barcode)),
            Block::Picture(picture) => pieces.push(Piece::Picture(picture)),
            Block::Cut(cut) => pieces.push(Piece::Cut(*cut)),
            Block::Drawer(pulse) => pieces.push(Piece::Drawer(*pulse)),
        }
        pieces.truncate(MAX_LINES);
    }
    pieces
}

/// The document as text; see [`Document::to_plain_text`].
pub(crate) fn plain_text(document: &Document, columns: usize) -> String {
    let mut out = PlainText::default();
    for piece in lay_out(document, columns) {
        match piece {
            Piece::Line(spans) => {
                out.line(&plain_line(spans.iter().map(|span| (span.text.as_str(), span.style.wide)), columns))
            }
            Piece::Feed(lines) => (0..lines).for_each(|_| out.line("")),
            Piece::Qr(qr) => out.line(&format!("[QR {}]", qr.text)),
            Piece::Barcode(barcode) => out.line(&format!("[barcode {}]", barcode.text)),
            Piece::Picture(picture) => {
                let (width, height) = picture.size_within(columns * crate::font::CELL_WIDTH);
                out.line(&format!("[picture {width} x {height}]"));
            }
            Piece::Cut(_) => out.cut(),
            Piece::Drawer(_) => {}
        }
    }
    out.finish()
}

/// A line of the paper as text. Wide letters take two columns there and one here, so a line of them is moved to keep its
/// place: in the middle, or at the right.
pub(crate) fn plain_line<'a>(spans: impl Iterator<Item = (&'a str, bool)>, columns: usize) -> String {
    let mut text = String::new();
    let mut taken = 0;
    for (span, wide) in spans {
        taken += text_columns(span, Style { wide, ..Style::default() });
        text.push_str(span);
    }
    let lead = text.len() - text.trim_start_matches(' ').len();
    let trailing = text.len() - text.trim_end_matches(' ').len();
    place_line(text.trim(), lead, taken.saturating_sub(lead + trailing), columns)
}

/// The text of a line after so many blank columns; `taken` are the columns it takes on the paper.
pub(crate) fn place_line(text: &str, lead: usize, taken: usize, columns: usize) -> String {
    let extra = taken.saturating_sub(text_columns(text, Style::default()));
    let behind = columns.saturating_sub(lead + taken);
    let moved = match lead {
        0 => 0,
        _ if lead.abs_diff(behind) <= 1 => extra / 2,
        _ if behind == 0 => extra,
        _ => 0,
    };
    format!("{}{text}", " ".repeat(lead + moved))
}

/// Lines of text without spaces at their ends and without empty lines before a cut: the preview and the emulator
/// must agree on this to be comparable.
#[derive(Debug, Default)]
pub(crate) struct PlainText(String);

impl PlainText {
    pub(crate) fn line(&mut self, line: &str) {
        self.0.push_str(line.trim_end());
        self.0.push('\n');
    }

    pub(crate) fn cut(&mut self) {
        let length = self.0.trim_end_matches('\n').len();
        self.0.truncate(length);
        if length > 0 {
            self.0.push('\n');
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.cut();
        self.0
    }
}

/// The columns that a text takes in a style.
fn text_columns(text: &str, style: Style) -> usize {
    let columns = if text.is_ascii() { text.len() } else { text.chars().map(char_columns).sum() };
    columns * if style.wide { 2 } else { 1 }
}

fn run_columns(run: &Run) -> usize {
    text_columns(run.text.as_str(), run.style)
}

/// A line of whole runs, for what need not be broken: most of a receipt, and a customer waits for it.
#[derive(Debug, Default)]
struct Line(Vec<Span>);

impl Line {
    fn push(&mut self, style: Style, write: impl FnOnce(&mut String)) {
        match self.0.last_mut() {
            Some(last) if last.style == style => write(&mut last.text),
            _ => {
                let mut text = String::new();
                write(&mut text);
                self.0.push(Span { text, style });
            }
        }
    }

    fn blanks(&mut self, count: usize) {
        if count > 0 {
            self.push(Style::default(), |text| text.extend(std::iter::repeat_n(' ', count)));
        }
    }

    /// Runs that take `used` of `width` columns.
    fn place<'a>(
        &mut self,
        runs: impl IntoIterator<Item = &'a Run>,
        used: usize,
        width: usize,
        align: Align,
    ) {
        let (before, behind) = margins(width.saturating_sub(used), align);
        self.blanks(before);
        for run in runs {
            if !run.text.as_str().is_empty() {
                self.push(run.style, |text| text.push_str(run.text.as_str()));
            }
        }
        self.blanks(behind);
    }

    /// The stretches, without the spaces at the end that nobody would see.
    fn finish(mut self) -> Vec<Span> {
        while let Some(last) = self.0.last_mut().filter(|last| !last.style.inverse) {
            last.text.truncate(last.text.trim_end_matches(' ').len());
            if !last.text.is_empty() {
                break;
            }
            self.0.pop();
        }
        self.0
    }
}

/// The blank columns before and behind a text with so many to spare.
fn margins(spare: usize, align: Align) -> (usize, usize) {
    let before = match align {
        Align::Left => 0,
        Align::Center => spare / 2,
        Align::Right => spare,
    };
    (before, spare - before)
}

fn text_lines(text: &Text, columns: usize) -> Vec<Vec<Span>> {
    let used = text.runs.iter().map(run_columns).sum();
    if used > columns {
        return broken_text(text, columns);
    }
    let mut line = Line::default();
    line.place(&text.runs, used, columns, text.align);
    vec![line.finish()]
}

/// The lines of a text in the middle, such as one that stands in for a code that cannot be drawn.
pub(crate) fn centred_lines(text: &str, columns: usize) -> Vec<Vec<Span>> {
    text_lines(&Text { runs: vec![Run::plain(text)], align: Align::Center }, columns)
}

fn broken_text(text: &Text, columns: usize) -> Vec<Vec<Span>> {
    let glyphs = all_glyphs(text.runs.iter());
    wrap(&glyphs, columns).iter().map(|line| spans(&pad(line, columns, text.align))).collect()
}

fn row_lines(row: &Row, columns: usize) -> Vec<Vec<Span>> {
    let Some(widths) = cell_widths(&row.cells, columns) else {
        return row
            .cells
            .iter()
            .flat_map(|cell| cell_lines(cell, columns))
            .map(|line| spans(&line))
            .collect();
    };
    if row.cells.iter().zip(&widths).any(|(cell, &width)| run_columns(&cell.run) > width) {
        return broken_row(row, &widths, columns);
    }
    let mut line = Line::default();
    for (i, (cell, &width)) in row.cells.iter().zip(&widths).enumerate() {
        if i > 0 {
            line.blanks(1);
        }
        line.place([&cell.run], run_columns(&cell.run), width, cell.align);
    }
    vec![line.finish()]
}

fn broken_row(row: &Row, widths: &[usize], columns: usize) -> Vec<Vec<Span>> {
    let cells: Vec<Vec<Vec<Glyph>>> =
        row.cells.iter().zip(widths).map(|(cell, &width)| cell_lines(cell, width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|n| {
            let mut line: Vec<Glyph> = Vec::with_capacity(columns);
            for (i, (cell, &width)) in cells.iter().zip(widths).enumerate() {
                if i > 0 {
                    line.push((' ', Style::default()));
                }
                match cell.get(n) {
                    Some(glyphs) => line.extend(glyphs),
                    None => line.extend(blanks(width)),
                }
            }
            spans(&line)
        })
        .collect()
}

/// The lines of one cell, each exactly `width` columns wide (wider only when not one character fits).
fn cell_lines(cell: &Cell, width: usize) -> Vec<Vec<Glyph>> {
    let glyphs = all_glyphs(std::iter::once(&cell.run));
    wrap(&glyphs, width).iter().map(|line| pad(line, width, cell.align)).collect()
}

/// The width of every cell, or `None` when they do not fit beside each other.
fn cell_widths(cells: &[Cell], columns: usize) -> Option<Vec<usize>> {
    let gaps = cells.len().saturating_sub(1);
    let mut left = columns.checked_sub(gaps)?;
    let mut widths = Vec::with_capacity(cells.len());
    let mut sharing = 0;
    for cell in cells {
        let width = match cell.width {
            Width::Columns(width) => usize::from(width),
            Width::Fit => run_columns(&cell.run),
            Width::Rest => {
                sharing += 1;
                0
            }
        };
        left = left.checked_sub(width)?;
        widths.push(width);
    }
    if let Some(share) = left.checked_div(sharing) {
        let mut extra = left % sharing;
        for (cell, width) in cells.iter().zip(&mut widths) {
            if cell.width == Width::Rest {
                *width = share + usize::from(extra > 0);
                extra = extra.saturating_sub(1);
            }
        }
        let needs_more = |cell: &Cell, width: usize| {
            cell.width == Width::Rest && width < NARROWEST_REST.min(run_columns(&cell.run))
        };
        if cells.iter().zip(&widths).any(|(cell, &width)| needs_more(cell, width)) {
            return None;
        }
    }
    Some(widths)
}

/// Breaks at spaces, and inside a word only when the word alone is wider than the paper.
fn wrap(glyphs: &[Glyph], columns: usize) -> Vec<Vec<Glyph>> {
    let mut lines: Vec<Vec<Glyph>> = Vec::new();
    let mut line: Vec<Glyph> = Vec::with_capacity(glyphs.len().min(columns));
    let mut used = 0;
    for token in glyphs.chunk_by(|a, b| (a.0 == ' ') == (b.0 == ' ')) {
        let width = columns_of(token);
        if used + width <= columns {
            line.extend(token);
            used += width;
        } else if token.first().is_some_and(|glyph| glyph.0 == ' ') {
            // Spaces at a break are dropped.
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else {
            if used > 0 {
                while line.last().is_some_and(|glyph| glyph.0 == ' ') {
                    line.pop();
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.clear();
                used = 0;
            }
            for &glyph in token {
                let width = glyph_columns(glyph);
                if used + width > columns && used > 0 {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(glyph);
                used += width;
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

fn pad(line: &[Glyph], columns: usize, align: Align) -> Vec<Glyph> {
    let spare = columns.saturating_sub(columns_of(line));
    let (before, behind) = margins(spare, align);
    blanks(before).chain(line.iter().copied()).chain(blanks(behind)).collect()
}

fn blanks(count: usize) -> impl Iterator<Item = Glyph> {
    std::iter::repeat_n((' ', Style::default()), count)
}

/// Glyphs joined into stretches of one style; spaces at the end that nobody would see are dropped.
fn spans(line: &[Glyph]) -> Vec<Span> {
    let visible = line.iter().rposition(|&(c, style)| c != ' ' || style.inverse).map_or(0, |last| last + 1);
    line[..visible]
        .chunk_by(|a, b| a.1 == b.1)
        .map(|stretch| Span { text: stretch.iter().map(|glyph| glyph.0).collect(), style: stretch[0].1 })
        .collect()
}

#[cfg(test)]
mod tests;
