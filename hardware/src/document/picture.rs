//! Pictures for paper: read from PNG, made to fit, and turned into black and white dots.

use std::sync::Arc;

use crate::escpos::Bitmap;

/// The longest side that is read; a logo of more is a mistake.
const MOST_SIDE: u32 = 4_000;
/// The most rows of dots on paper: some 30 cm.
const MOST_ROWS: usize = 2_400;

/// A picture in shades of grey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    /// Row by row, 0 is black.
    grey: Arc<[u8]>,
}

/// A picture that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Not a PNG, or a damaged one.
    #[error("cannot read the picture")]
    Png(#[from] png::DecodingError),
    /// Without dots, or of too many.
    #[error("the picture is {width} x {height} dots; at most {MOST_SIDE} a side can be read")]
    Size {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
}

impl Picture {
    /// Reads a PNG of any colours; what is transparent becomes white.
    ///
    /// # Errors
    /// When it is none, or too large.
    pub fn from_png(bytes: &[u8]) -> Result<Self, PictureError> {
        let limits = png::Limits { bytes: 64 * 1024 * 1024 };
        let mut decoder = png::Decoder::new_with_limits(std::io::Cursor::new(bytes), limits);
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let (width, height) = reader.info().size();
        let size = reader.output_buffer_size();
        let Some(size) =
            size.filter(|_| (1..=MOST_SIDE).contains(&width) && (1..=MOST_SIDE).contains(&height))
        else {
            return Err(PictureError::Size { width, height });
        };
        let mut pixels = vec![0; size];
        let frame = reader.next_frame(&mut pixels)?;
        pixels.truncate(frame.buffer_size());
        let samples = frame.color_type.samples();
        let grey = pixels.chunks_exact(samples).map(|pixel| match *pixel {
            [grey, alpha] => over_white(u32::from(grey), alpha),
            [r, g, b] => over_white(luma(r, g, b), 255),
            [r, g, b, alpha] => over_white(luma(r, g, b), alpha),
            [grey, ..] => grey,
            [] => 255,
        });
        let grey: Vec<u8> = grey.collect();
        Ok(Self { width: frame.width as usize, height: frame.height as usize, grey: grey.into() })
    }

    /// A picture of `width` shades a row, 0 is black; `None` when they are no whole rows.
    pub fn from_grey(width: usize, grey: Vec<u8>) -> Option<Self> {
        let height = grey.len().checked_div(width)?;
        (height > 0 && height * width == grey.len()).then(|| Self { width, height, grey: grey.into() })
    }

    /// Its width and height on paper of so many dots.
    pub(crate) fn size_within(&self, paper_dots: usize) -> (usize, usize) {
        let width = self.width.min(paper_dots).max(1);
        let height = (self.height * width / self.width).clamp(1, MOST_ROWS);
        (width, height)
    }

    /// Its shades at the size that it has on paper of so many dots, row by row, 0 is black.
    pub(crate) fn grey_within(&self, paper_dots: usize) -> (usize, usize, Vec<u8>) {
        let (width, height) = self.size_within(paper_dots);
        let shades = (0..height).flat_map(|y| (0..width).map(move |x| self.shade(x, y, width, height)));
        (width, height, shades.collect())
    }

    /// Black and white dots, by the error diffusion of Floyd and Steinberg (1976): a printer knows no grey.
    pub(crate) fn dots_within(&self, paper_dots: usize) -> Bitmap {
        let (width, height) = self.size_within(paper_dots);
        let mut bitmap = Bitmap::new(width, height);
        // What the rows above and the dot before owe, in sixteenths; one more place at both ends.
        let (mut owed, mut owed_below) = (vec![0_i32; width + 2], vec![0_i32; width + 2]);
        for y in 0..height {
            for x in 0..width {
                let shade = i32::from(self.shade(x, y, width, height)) + owed[x + 1] / 16;
                let black = shade < 128;
                let error = if black { shade } else { shade - 255 };
                if black {
                    bitmap.set(x, y, true);
                }
                owed[x + 2] += error * 7;
                owed_below[x] += error * 3;
                owed_below[x + 1] += error * 5;
                owed_below[x + 2] += error;
            }
            std::mem::swap(&mut owed, &mut owed_below);
            owed_below.fill(0);
        }
        bitmap
    }

    /// The mean of what a dot of the smaller picture covers.
    fn shade(&self, x: usize, y: usize, width: usize, height: usize) -> u8 {
        if width == self.width && height == self.height {
            return self.grey.get(y * width + x).copied().unwrap_or(255);
        }
        let span = |at: usize, small: usize, large: usize| {
            let from = at * large / small;
            from..((at + 1) * large / small).max(from + 1).min(large)
        };
        let (mut sum, mut count) = (0_u32, 0_u32);
        for row in span(y, height, self.height) {
            for column in span(x, width, self.width) {
                sum += u32::from(self.grey.get(row * self.width + column).copied().unwrap_or(255));
                count += 1;
            }
        }
        u8::try_from(sum.checked_div(count).unwrap_or(255)).unwrap_or(255)
    }
}

/// The brightness of a colour (ITU-R BT.601).
fn luma(r: u8, g: u8, b: u8) -> u32 {
    (299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b)) / 1_000
}

fn over_white(grey: u32, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn black(bitmap: &Bitmap) -> usize {
        bitmap.bits.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    #[test]
    fn half_grey_becomes_half_of_the_dots() {
        let grey = Picture::from_grey(100, vec![128; 10_000]).unwrap();
        let dots = black(&grey.dots_within(576));
        assert!((4_800..=5_200).contains(&dots), "{dots}");
        assert_eq!(black(&Picture::from_grey(10, vec![255; 100]).unwrap().dots_within(576)), 0);
        assert_eq!(black(&Picture::from_grey(10, vec![0; 100]).unwrap().dots_within(576)), 100);
    }

    #[test]
    fn a_wide_picture_is_made_to_fit() {
        let picture = Picture::from_grey(1_000, vec![0; 500_000]).unwrap();
        let dots = picture.dots_within(384);
        assert_eq!((dots.width, dots.height), (384, 192));
        assert_eq!(black(&dots), 384 * 192);
    }

    #[test]
    fn png_of_every_kind_is_read_and_garbage_is_refused() {
        let png = |color, data: &[u8]| {
            let mut out = Vec::new();
            let mut encoder = png::Encoder::new(&mut out, 2, 1);
            encoder.set_color(color);
            encoder.write_header().unwrap().write_image_data(data).unwrap();
            out
        };
        let grey = |bytes: &[u8]| Picture::from_png(bytes).unwrap().grey.to_vec();
        assert_eq!(grey(&png(png::ColorType::Grayscale, &[0, 200])), [0, 200]);
        assert_eq!(grey(&png(png::ColorType::Rgb, &[0, 0, 0, 255, 255, 255])), [0, 255]);
        assert_eq!(grey(&png(png::ColorType::Rgba, &[0, 0, 0, 0, 0, 0, 0, 255])), [255, 0]);
        assert_eq!(grey(&png(png::ColorType::GrayscaleAlpha, &[0, 255, 100, 0])), [0, 255]);
        assert!(Picture::from_png(b"\x89PNG but not really").is_err());
        assert!(Picture::from_grey(3, vec![0; 4]).is_none());
    }
}
