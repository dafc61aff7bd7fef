//! QR codes and barcodes as dark rectangles, for files that draw them as vectors.

use super::{Barcode, Qr, Symbology};
use crate::escpos::{BARCODE_DOTS, QrModules, code128, ean, ec_level, module_dots};

/// A code on paper. Lengths are modules across, and for QR codes also down.
#[derive(Debug)]
pub(super) struct Code {
    /// How wide it is.
    pub(super) width: usize,
    /// How high it is; a barcode's bars are one module high and stretched.
    pub(super) height: usize,
    /// A module's width in dots.
    pub(super) module_dots: usize,
    /// A module's height in dots.
    pub(super) module_height_dots: usize,
    /// The dark rectangles: left, top, width; each is one module high.
    pub(super) dark: Vec<(usize, usize, usize)>,
}

impl Code {
    /// `None` for what no QR code holds, or none that fits the paper: its text is still of use.
    pub(super) fn of_qr(qr: &Qr, paper_dots: usize) -> Option<Self> {
        let modules = QrModules::new(qr.text.as_str().as_bytes(), ec_level(qr.correction))?;
        let dots = usize::from(modules.dots_within(qr.module_dots, paper_dots)?);
        let side = modules.side;
        let mut dark: Vec<(usize, usize, usize)> = Vec::new();
        for y in 0..side {
            for x in (0..side).filter(|&x| modules.dark(x, y)) {
                match dark.last_mut() {
                    Some((left, top, width)) if *top == y && *left + *width == x => *width += 1,
                    _ => dark.push((x, y, 1)),
                }
            }
        }
        Some(Self { width: side, height: side, module_dots: dots, module_height_dots: dots, dark })
    }

    /// `None` for what is no such code, or is wider than the paper.
    pub(super) fn of_barcode(barcode: &Barcode, paper_dots: usize) -> Option<Self> {
        let bars = match barcode.symbology {
            Symbology::Code128 => code128::bars(barcode.text.as_str()),
            Symbology::Ean => ean::bars(barcode.text.as_str()),
        }?;
        let width = bars.iter().sum();
        let module_dots = usize::from(module_dots(width, paper_dots)?);
        let mut dark = Vec::with_capacity(bars.len() / 2 + 1);
        let mut left = 0;
        for (at, bar) in bars.into_iter().enumerate() {
            if at % 2 == 0 {
                dark.push((left, 0, bar));
            }
            left += bar;
        }
        let module_height_dots = usize::from(BARCODE_DOTS);
        Some(Self { width, height: 1, module_dots, module_height_dots, dark })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use crate::document::{Block, Document};

    use super::*;

    #[test]
    fn a_code_that_does_not_fit_the_paper_is_none() {
        let mut doc = Document::new();
        doc.qr("x".repeat(3_000));
        doc.qr("https://kedai.example");
        doc.barcode("KOTA-T3-000123");
        let [Block::Qr(long), Block::Qr(short), Block::Barcode(bars)] = doc.blocks() else { panic!() };
        assert!(Code::of_qr(long, 384).is_none() && Code::of_barcode(bars, 192).is_none());
        let (qr, bars) = (Code::of_qr(short, 576).unwrap(), Code::of_barcode(bars, 576).unwrap());
        assert_eq!((qr.width, qr.module_dots), (25, 6));
        assert_eq!(bars.dark.first(), Some(&(0, 0, 2)));
        assert!(bars.dark.iter().all(|&(left, _, width)| left + width <= bars.width));
    }
}
