//! Draws a receipt as a picture of its paper.

use super::receipt::{Element, Line, Receipt};
use crate::document::Align;
use crate::escpos::Bitmap;
use crate::font::{self, CELL_WIDTH, Ink};
use crate::profile::PrinterProfile;

/// Paper beside the printed width, in dots.
const SIDE: usize = 24;
/// Paper above and below.
const EDGE: usize = 24;
/// A longer picture is cut off: about three metres of paper.
const MOST_ROWS: usize = 24_000;

const WHITE: u8 = 255;
/// Where the paper was cut.
const CUT_GREY: u8 = 170;

/// The receipt as PNG, one pixel a dot, greyscale.
pub(super) fn draw(receipt: &Receipt, profile: &PrinterProfile) -> Vec<u8> {
    let height: usize = receipt.elements.iter().map(rows).sum::<usize>().min(MOST_ROWS);
    let mut paper = Paper::new(profile.dots + 2 * SIDE, height + 2 * EDGE);
    let mut top = EDGE;
    for element in &receipt.elements {
        if top - EDGE >= height {
            break;
        }
        match element {
            Element::Line(line) => paper.line(line, top, profile),
            Element::Picture { bitmap, align } | Element::Code { bitmap, align, .. } => {
                let left = SIDE + indent(*align, profile.dots, bitmap.width);
                paper.bitmap(bitmap, left, top);
            }
            Element::Space { .. } => {}
            Element::Cut => {
                let y = top + rows(element) / 2;
                (0..paper.width).filter(|x| x % 12 < 7).for_each(|x| paper.put(x, y, CUT_GREY));
            }
        }
        top += rows(element);
    }
    paper.png()
}

fn rows(element: &Element) -> usize {
    match element {
        Element::Line(line) => font::line_height(line.spans.iter().any(|(_, style)| style.tall)),
        Element::Picture { bitmap, .. } | Element::Code { bitmap, .. } => bitmap.height,
        Element::Space { dots, .. } => *dots,
        Element::Cut => 16,
    }
}

fn indent(align: Align, paper: usize, width: usize) -> usize {
    let spare = paper.saturating_sub(width);
    match align {
        Align::Left => 0,
        Align::Center => spare / 2,
        Align::Right => spare,
    }
}

struct Paper {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Paper {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, grey: vec![WHITE; width * height] }
    }

    fn put(&mut self, x: usize, y: usize, grey: u8) {
        if x < self.width && y < self.height {
            self.grey[y * self.width + x] = grey;
        }
    }

    fn line(&mut self, line: &Line, top: usize, profile: &PrinterProfile) {
        let tall = line.spans.iter().any(|(_, style)| style.tall);
        let left = SIDE + indent(line.align, profile.dots, line.columns() * CELL_WIDTH);
        let spans = line.spans.iter().map(|(text, style)| (text.as_str(), *style));
        font::draw_line(spans, tall, |x, y, ink| {
            let (x, y) = (left + x, top + y);
            // A line longer than the paper ends at its edge.
            if x >= SIDE + profile.dots || y >= self.height {
                return;
            }
            let before = self.grey[y * self.width + x];
            let shade = |share: f32| (share * 255.0) as u8;
            self.put(
                x,
                y,
                match ink {
                    Ink::Dark(share) => before.min(WHITE - shade(share)),
                    Ink::Light(share) => before.max(shade(share)),
                },
            );
        });
    }

    fn bitmap(&mut self, bitmap: &Bitmap, left: usize, top: usize) {
        for y in 0..bitmap.height {
            for x in (0..bitmap.width).filter(|&x| bitmap.get(x, y)) {
                self.put(left + x, top + y, 0);
            }
        }
    }

    fn png(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let (Ok(width), Ok(height)) = (u32::try_from(self.width), u32::try_from(self.height)) else {
            return out;
        };
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let written = encoder.write_header().and_then(|mut writer| {
            writer.write_image_data(&self.grey)?;
            writer.finish()
        });
        // Writing to memory fails for sizes only, and those are bounded above.
        if written.is_err() {
            out.clear();
        }
        out
    }
}
