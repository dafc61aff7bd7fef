//! Pictures: lines of text, QR codes, and the `GS v 0` command that prints them.

use qrcode::{Color, EcLevel, QrCode};

use crate::document::layout::{Span, char_columns};
use crate::font;

/// Longer pictures garble or stall cheap printers, so they go out in slices of so many rows.
const SLICE_ROWS: usize = 128;

/// Black and white dots, row by row, the leftmost dot of a byte in its highest bit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bitmap {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) bits: Vec<u8>,
}

impl Bitmap {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, bits: vec![0; width.div_ceil(8) * height] }
    }

    pub(crate) fn stride(&self) -> usize {
        self.width.div_ceil(8)
    }

    pub(crate) fn set(&mut self, x: usize, y: usize, black: bool) {
        if x < self.width && y < self.height {
            let index = y * self.stride() + x / 8;
            let mask = 0x80 >> (x % 8);
            if black {
                self.bits[index] |= mask;
            } else {
                self.bits[index] &= !mask;
            }
        }
    }

    pub(crate) fn get(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.bits[y * self.stride() + x / 8] & (0x80 >> (x % 8)) != 0
    }

    /// Adds the black dots of a cell; a row's leftmost dot is the highest of `width` bits.
    fn add_cell(&mut self, left: usize, rows: &[u32], width: usize) {
        let stride = self.stride();
        for (y, &row) in rows.iter().enumerate().take(self.height) {
            if row == 0 {
                continue;
            }
            // As high as four bytes allow, then moved to its place within the first one; a cell is at most 24 dots wide.
            let bits = (u64::from(row) << (64 - width)) >> (left % 8);
            for (at, byte) in bits.to_be_bytes().into_iter().take(5).enumerate() {
                if left / 8 + at < stride
                    && let Some(place) = self.bits.get_mut(y * stride + left / 8 + at)
                {
                    *place |= byte;
                }
            }
        }
    }

    /// Puts another picture of the same width under this one.
    pub(crate) fn append(&mut self, below: &Bitmap) {
        if self.width == below.width {
            self.bits.extend_from_slice(&below.bits);
            self.height += below.height;
        }
    }
}

/// A line of text as a picture of the paper's columns.
pub(crate) fn line_bitmap(spans: &[Span], columns: usize) -> Bitmap {
    let tall = spans.iter().any(|span| span.style.tall);
    let mut picture = Bitmap::new(columns * font::CELL_WIDTH, font::line_height(tall));
    let mut left = 0_usize;
    for span in spans {
        let cell_width = if span.style.wide { 2 * font::CELL_WIDTH } else { font::CELL_WIDTH };
        for c in span.text.chars() {
            let width = char_columns(c) * cell_width;
            // A mark without a width of its own is drawn over the cell before it.
            let from = if width == 0 { left.saturating_sub(cell_width) } else { left };
            font::with_cell(c, span.style, tall, |rows, cell_width| picture.add_cell(from, rows, cell_width));
            left += width;
        }
    }
    picture
}

/// A barcode as a picture: `bars` are the widths of bars and gaps by turns, in modules.
pub(crate) fn bars_bitmap(bars: &[usize], module_dots: usize, height: usize) -> Bitmap {
    let mut bitmap = Bitmap::new(bars.iter().sum::<usize>() * module_dots, height);
    let mut left = 0;
    for (i, width) in bars.iter().map(|width| width * module_dots).enumerate() {
        if i % 2 == 0 {
            for y in 0..height {
                (left..left + width).for_each(|x| bitmap.set(x, y, true));
            }
        }
        left += width;
    }
    bitmap
}

/// A QR code as a picture, and the size of its modules.
pub(crate) struct QrPicture {
    pub(crate) bitmap: Bitmap,
    pub(crate) module_dots: u8,
}

/// Draws a QR code with modules as large as asked, or as fits the paper; `None` when it cannot be drawn at all.
pub(crate) fn qr_bitmap(
    data: &[u8],
    level: EcLevel,
    module_dots: u8,
    paper_dots: usize,
) -> Option<QrPicture> {
    let modules = QrModules::new(data, level)?;
    let module_dots = modules.dots_within(module_dots, paper_dots)?;
    let dots = usize::from(module_dots);
    let side = modules.side * dots;
    let mut bitmap = Bitmap::new(side, side);
    for y in 0..side {
        for x in 0..side {
            bitmap.set(x, y, modules.dark(x / dots, y / dots));
        }
    }
    Some(QrPicture { bitmap, module_dots })
}

/// The modules of a QR code, whatever it is drawn with.
pub(crate) struct QrModules {
    /// How many stand beside each other.
    pub(crate) side: usize,
    colors: Vec<Color>,
}

impl QrModules {
    /// `None` when no QR code holds the data.
    pub(crate) fn new(data: &[u8], level: EcLevel) -> Option<Self> {
        let code = QrCode::with_error_correction_level(data, level).ok()?;
        Some(Self { side: code.width(), colors: code.to_colors() })
    }

    pub(crate) fn dark(&self, x: usize, y: usize) -> bool {
        x < self.side && self.colors.get(y * self.side + x) == Some(&Color::Dark)
    }

    /// The side of a module in dots: as asked, or as fits the paper; `None` when none does.
    pub(crate) fn dots_within(&self, asked: u8, paper_dots: usize) -> Option<u8> {
        // Four light modules on every side, as the standard asks.
        let fits = u8::try_from(paper_dots / (self.side + 8)).unwrap_or(u8::MAX);
        Some(asked.clamp(1, 16).min(fits)).filter(|&dots| dots > 0)
    }
}

/// `GS v 0` for a picture, in slices.
pub(super) fn push_raster(out: &mut Vec<u8>, picture: &Bitmap) {
    let stride = picture.stride();
    let Ok(width) = u16::try_from(stride) else { return };
    if stride == 0 {
        return;
    }
    for slice in picture.bits.chunks(stride * SLICE_ROWS) {
        let rows = u16::try_from(slice.len() / stride).unwrap_or(0);
        out.extend([0x1d, b'v', b'0', 0]);
        out.extend(width.to_le_bytes());
        out.extend(rows.to_le_bytes());
        push_dots(out, slice);
    }
}

/// Printers look for commands that work at once (`DLE EOT`, `DLE ENQ`, `DLE DC4`) inside pictures too, and one of
/// them opens the drawer. One more black dot breaks such an accident.
fn push_dots(out: &mut Vec<u8>, dots: &[u8]) {
    for (i, &byte) in dots.iter().enumerate() {
        let next = dots.get(i + 1);
        out.push(if byte == 0x10 && matches!(next, Some(0x04 | 0x05 | 0x14)) { 0x18 } else { byte });
    }
    // The last byte may meet whatever is sent next; nothing that is sent next starts with EOT, ENQ or DC4.
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_picture_has_the_bytes_other_encoders_send() {
        let mut picture = Bitmap::new(12, 2);
        picture.set(0, 0, true);
        picture.set(11, 1, true);
        let mut out = Vec::new();
        push_raster(&mut out, &picture);
        assert_eq!(out, [0x1d, 0x76, 0x30, 0, 2, 0, 2, 0, 0x80, 0, 0, 0x10]);
    }

    #[test]
    fn long_pictures_go_out_in_slices() {
        let mut out = Vec::new();
        push_raster(&mut out, &Bitmap::new(16, 300));
        let heads: Vec<&[u8]> = out.windows(8).filter(|head| head.starts_with(&[0x1d, 0x76])).collect();
        let rows: Vec<u8> = heads.iter().map(|head| head[6]).collect();
        assert_eq!(rows, [128, 128, 44]);
        assert_eq!(out.len(), 600 + 3 * 8);
    }

    #[test]
    fn no_picture_holds_a_command_that_works_at_once() {
        let mut out = Vec::new();
        push_dots(&mut out, &[0x10, 0x14, 0x01, 0x00, 0x10, 0x10, 0x04, 0x10, 0x05, 0x10]);
        assert_eq!(out, [0x18, 0x14, 0x01, 0x00, 0x10, 0x18, 0x04, 0x18, 0x05, 0x10]);
    }
}
