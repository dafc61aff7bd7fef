//! The bundled typeface (Noto Sans Mono, which has every Vietnamese letter and the boxes of CP437), drawn into the cells of a receipt printer's font A.
//!
//! One drawing serves both sides: the encoder pictures lines with it that a printer cannot say, and the emulator
//! draws its paper with it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, PxScale, point};

use crate::document::Style;
use crate::document::layout::char_columns;

/// The width of a character of font A in dots.
pub(crate) const CELL_WIDTH: usize = 12;
/// From line to line in dots: 24 of the character and 6 between lines.
pub(crate) const LINE_HEIGHT: usize = 30;
/// From the top of a line to its baseline: leaves room for two marks over a capital.
pub(crate) const BASELINE: usize = 23;

static REGULAR: &[u8] = include_bytes!("../fonts/NotoSansMono-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/NotoSansMono-Bold.ttf");

/// What a dot gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Ink {
    /// Black covering this share of the dot, 0 to 1.
    Dark(f32),
    /// White covering this share of a black dot.
    Light(f32),
}

impl Ink {
    /// Black, white, or nothing worth a change, for a printer that knows no grey.
    pub(crate) fn black(self) -> Option<bool> {
        match self {
            Ink::Dark(share) => (share > 0.4).then_some(true),
            Ink::Light(share) => Some(share <= 0.5),
        }
    }
}

fn font(bold: bool) -> Option<&'static FontRef<'static>> {
    static FONTS: [OnceLock<Option<FontRef<'static>>>; 2] = [OnceLock::new(), OnceLock::new()];
    FONTS[usize::from(bold)]
        .get_or_init(|| FontRef::try_from_slice(if bold { BOLD } else { REGULAR }).ok())
        .as_ref()
}

/// The bytes of the typeface.
pub(crate) fn file(bold: bool) -> &'static [u8] {
    if bold { BOLD } else { REGULAR }
}

/// The number of a character's glyph in [`file`]; 0, a box, for what it does not have.
pub(crate) fn glyph_of(c: char, bold: bool) -> u16 {
    font(bold).map_or(0, |font| font.glyph_id(c).0)
}

/// The height of a line in dots.
pub(crate) fn line_height(tall: bool) -> usize {
    if tall { LINE_HEIGHT * 2 } else { LINE_HEIGHT }
}

/// Draws stretches of text beside each other from the left edge; `plot` gets dots inside the line's height.
pub(crate) fn draw_line<'a>(
    spans: impl Iterator<Item = (&'a str, Style)>,
    tall_line: bool,
    mut plot: impl FnMut(usize, usize, Ink),
) {
    let height = line_height(tall_line);
    let mut left = 0;
    for (text, style) in spans {
        let (wide, tall) = (if style.wide { 2 } else { 1 }, if style.tall { 2 } else { 1 });
        // All stand on one baseline, as a printer sets them.
        let baseline = if tall_line { height - 2 * (LINE_HEIGHT - BASELINE) } else { BASELINE };
        for c in text.chars() {
            let width = char_columns(c) * wide * CELL_WIDTH;
            if style.inverse && width > 0 {
                let top = (baseline + 7 * tall).saturating_sub(LINE_HEIGHT * tall);
                for y in top..(baseline + 7 * tall).min(height) {
                    (left..left + width).for_each(|x| plot(x, y, Ink::Dark(1.0)));
                }
            }
            // A mark without a width of its own is drawn over the cell before it.
            let from = if width == 0 { left.saturating_sub(wide * CELL_WIDTH) } else { left };
            draw_char(c, style, from, baseline, |x, y, share| {
                if y < height && x >= from && x < from + width.max(wide * CELL_WIDTH) {
                    plot(x, y, if style.inverse { Ink::Light(share) } else { Ink::Dark(share) });
                }
            });
            left += width;
        }
    }
}

/// The dots of a cell: its width, and one number a row.
type Dots = (usize, Vec<u32>);

/// Letters kept drawn; more than any language's receipts need.
const MOST_CELLS: usize = 4_096;

thread_local! {
    static CELLS: RefCell<HashMap<(char, Style, bool), Dots>> = RefCell::new(HashMap::new());
}

/// Hands over the black dots of one character, one number a row with the leftmost dot highest, and the width of its cell.
/// Each is drawn once and then kept.
pub(crate) fn with_cell(c: char, style: Style, tall_line: bool, then: impl FnOnce(&[u32], usize)) {
    CELLS.with_borrow_mut(|cells| {
        if cells.len() >= MOST_CELLS {
            cells.clear();
        }
        let (width, rows) =
            cells.entry((c, style, tall_line)).or_insert_with(|| drawn_cell(c, style, tall_line));
        then(rows, *width);
    });
}

fn drawn_cell(c: char, style: Style, tall_line: bool) -> Dots {
    // A character of two columns in wide letters would take 48 dots; its cell ends after the first 24.
    let width = (char_columns(c).max(1) * CELL_WIDTH * if style.wide { 2 } else { 1 }).min(CELL_WIDTH * 2);
    let mut rows = vec![0_u32; line_height(tall_line)];
    let mut text = [0; 4];
    draw_line(std::iter::once((&*c.encode_utf8(&mut text), style)), tall_line, |x, y, ink| {
        if let (Some(black), Some(row), true) = (ink.black(), rows.get_mut(y), x < width) {
            let mask = 1 << (width - 1 - x);
            if black {
                *row |= mask;
            } else {
                *row &= !mask;
            }
        }
    });
    (width, rows)
}

fn draw_char(c: char, style: Style, left: usize, baseline: usize, mut plot: impl FnMut(usize, usize, f32)) {
    if c == ' ' {
        return;
    }
    let Some(font) = font(style.bold) else { return };
    let advance = font.h_advance_unscaled(font.glyph_id('0')).max(1.0);
    let dots_per_unit = CELL_WIDTH as f32 / advance;
    let size = dots_per_unit * font.height_unscaled();
    let scale = PxScale {
        x: if style.wide { size * 2.0 } else { size },
        y: if style.tall { size * 2.0 } else { size },
    };
    let glyph = font.glyph_id(c).with_scale_and_position(scale, point(left as f32, baseline as f32));
    let Some(outline) = font.outline_glyph(glyph) else { return };
    let bounds = outline.px_bounds();
    outline.draw(|x, y, share| {
        let (x, y) = (bounds.min.x as i64 + i64::from(x), bounds.min.y as i64 + i64::from(y));
        if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) {
            plot(x, y, share.clamp(0.0, 1.0));
        }
    });
}
