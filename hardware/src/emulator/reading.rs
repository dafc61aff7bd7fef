//! Reads lines of text back from pictures that were drawn with the bundled typeface.
//!
//! Vietnamese goes to the printer as a picture; without this a test could see only that *some* picture came.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::document::Style;
use crate::document::layout::place_line;
use crate::escpos::Bitmap;
use crate::font::{CELL_WIDTH, LINE_HEIGHT, draw_line};

/// The dots of one cell, one row a number.
type Cell = [u32; LINE_HEIGHT * 2];

/// What may stand in a pictured line: Latin with all Vietnamese letters, common marks and currencies.
fn alphabet() -> impl Iterator<Item = char> {
    let ranges = ['\u{21}'..='\u{7e}', '\u{a1}'..='\u{17f}', '\u{1a0}'..='\u{1b0}', '\u{1ea0}'..='\u{1ef9}'];
    let marks = "–—‘’“”•…€₫₩₱₹";
    // A soft hyphen is never printed, and the Icelandic Ð has the shape of the Vietnamese Đ.
    ranges.into_iter().flatten().filter(|c| !matches!(c, '\u{ad}' | 'Ð')).chain(marks.chars())
}

const STYLES: [Style; 12] = {
    const fn style(bold: bool, wide: bool, tall: bool, inverse: bool) -> Style {
        Style { bold, wide, tall, inverse }
    }
    [
        style(false, false, false, false),
        style(true, false, false, false),
        style(false, false, true, false),
        style(true, false, true, false),
        style(false, true, true, false),
        style(true, true, true, false),
        style(false, false, false, true),
        style(true, false, false, true),
        style(false, false, true, true),
        style(true, false, true, true),
        style(false, true, true, true),
        style(true, true, true, true),
    ]
};

/// Every known character by its picture: a wide one by the left half and the right half beside it.
struct Alphabet {
    /// By whether the line is tall: picture → character and its width in cells.
    known: [HashMap<Vec<u32>, (char, usize)>; 2],
}

fn known() -> &'static Alphabet {
    static KNOWN: OnceLock<Alphabet> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut known = [HashMap::new(), HashMap::new()];
        for (tall_line, style) in STYLES
            .iter()
            .flat_map(|style| [(false, *style), (true, *style)])
            .filter(|(line, style)| *line || !style.tall)
        {
            let cells = if style.wide { 2 } else { 1 };
            for c in alphabet() {
                let mut picture = Bitmap::new(cells * CELL_WIDTH, crate::font::line_height(tall_line));
                let mut text = [0; 4];
                draw_line(std::iter::once((&*c.encode_utf8(&mut text), style)), tall_line, |x, y, ink| {
                    if let Some(black) = ink.black() {
                        picture.set(x, y, black);
                    }
                });
                let dots: Vec<u32> = (0..cells).flat_map(|i| cell(&picture, i * CELL_WIDTH, 0)).collect();
                // The first character wins where two look the same.
                known[usize::from(tall_line)].entry(dots).or_insert((c, cells));
            }
        }
        Alphabet { known }
    })
}

fn cell(picture: &Bitmap, left: usize, top: usize) -> Cell {
    let mut rows = [0; LINE_HEIGHT * 2];
    for (y, row) in rows.iter_mut().enumerate() {
        for x in 0..CELL_WIDTH {
            *row = *row << 1 | u32::from(picture.get(left + x, top + y));
        }
    }
    rows
}

/// The lines of a picture, or `None` when it is not text.
pub(super) fn read(picture: &Bitmap) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    let mut top = 0;
    while top < picture.height {
        // A line is as high as one or two lines of paper; the lower is tried first.
        let (line, height) = [false, true]
            .into_iter()
            .map(|tall| (tall, crate::font::line_height(tall)))
            .filter(|(_, height)| top + height <= picture.height)
            .find_map(|(tall, height)| Some((read_line(picture, top, tall)?, height)))?;
        lines.push(line);
        top += height;
    }
    Some(lines)
}

fn read_line(picture: &Bitmap, top: usize, tall: bool) -> Option<String> {
    let height = crate::font::line_height(tall);
    let known = &known().known[usize::from(tall)];
    let columns = picture.width / CELL_WIDTH;
    let cut = |column: usize| {
        let mut rows = cell(picture, column * CELL_WIDTH, top);
        rows[height..].fill(0);
        rows
    };
    let mut line = String::new();
    let mut lead = 0;
    let mut last = 0;
    let mut column = 0;
    let mut blanks = 0;
    let mut last_cells = 1;
    while column < columns {
        let one = cut(column);
        if is_blank(&one[..height]) {
            blanks += 1;
            column += 1;
            continue;
        }
        let two: Vec<u32> =
            one.iter().copied().chain(if column + 1 < columns { cut(column + 1) } else { one }).collect();
        let &(c, cells) = known.get(&two).or_else(|| known.get(one.as_slice()))?;
        // Between two wide characters a space is wide too.
        let space_cells = cells.min(last_cells);
        if line.is_empty() {
            lead = blanks;
        } else {
            line.extend(std::iter::repeat_n(' ', blanks / space_cells + blanks % space_cells));
        }
        line.push(c);
        column += cells;
        last = column;
        (blanks, last_cells) = (0, cells);
    }
    Some(place_line(&line, lead, last.saturating_sub(lead), columns))
}

/// No dot, or the dots of a white-on-black space.
fn is_blank(rows: &[u32]) -> bool {
    let full = (1 << CELL_WIDTH) - 1;
    rows.iter().all(|&row| row == 0 || row == full)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::document::layout::{Piece, Span, lay_out};
    use crate::escpos::line_bitmap;

    #[test]
    fn vietnamese_is_read_back_in_every_size() {
        let mut doc = Document::new();
        doc.text("Bún bò Huế đặc biệt – 75.000 ₫");
        doc.text("CỘNG: ĐẶC BIỆT").bold().center();
        doc.text("Phở tái").tall().and(" nhỏ").bold();
        doc.text("CẢM ƠN").double();
        let expected =
            ["Bún bò Huế đặc biệt – 75.000 ₫", "                 CỘNG: ĐẶC BIỆT", "Phở tái nhỏ", "CẢM ƠN"];
        for (piece, expected) in lay_out(&doc, 48).iter().zip(expected) {
            let Piece::Line(spans) = piece else { continue };
            assert_eq!(read(&line_bitmap(spans, 48)), Some(vec![expected.to_owned()]));
        }
    }

    #[test]
    fn every_letter_leaves_ink_and_looks_like_no_other() {
        let picture = |c: char, bold: bool| {
            let span = Span { text: c.to_string(), style: Style { bold, ..Style::default() } };
            line_bitmap(&[span], 1)
        };
        for bold in [false, true] {
            let mut seen: HashMap<Vec<u8>, char> = HashMap::new();
            for c in alphabet() {
                let dots = picture(c, bold).bits;
                assert!(dots.iter().any(|&byte| byte != 0), "{c} is blank");
                if let Some(other) = seen.insert(dots, c) {
                    panic!("{other} and {c} look the same");
                }
            }
        }
    }

    #[test]
    fn a_picture_that_is_no_text_is_not_read() {
        let mut picture = Bitmap::new(48, 30);
        for i in 0..30 {
            picture.set(i, i, true);
        }
        assert_eq!(read(&picture), None);
    }
}
