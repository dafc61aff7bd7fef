//! ESC/POS bytes for a [`Document`]: a pure function, without any printer.
//!
//! Commands after the Epson ESC/POS command reference. Every line is laid out here with plain spaces, so a printer
//! needs nothing but fixed columns; a line that no code page can say is drawn and sent as a picture.

pub(crate) mod code128;
mod code_page;
pub(crate) mod ean;
mod raster;
pub mod status;
mod transliterate;

pub use code_page::CodePage;
pub(crate) use raster::{Bitmap, QrModules, bars_bitmap, line_bitmap, qr_bitmap};

use qrcode::EcLevel;

use crate::document::layout::{Piece, Span, centred_lines, lay_out};
use crate::document::{
    Barcode, Cut, Document, DrawerPin, DrawerPulse, Picture, Qr, QrCorrection, Style, Symbology,
};
use crate::profile::{Cutter, PrinterProfile};
use raster::push_raster;

const ESC: u8 = 0x1b;
const FS: u8 = 0x1c;
const GS: u8 = 0x1d;
const LF: u8 = 0x0a;
const DLE: u8 = 0x10;
const DC4: u8 = 0x14;
/// How high barcodes are: 10 mm.
pub(crate) const BARCODE_DOTS: u8 = 80;

/// The bytes that print a document on a printer of that profile.
pub fn encode(document: &Document, profile: &PrinterProfile) -> Vec<u8> {
    let mut encoder =
        Encoder { out: Vec::new(), profile, page: None, style: Style::default(), pending: None };
    encoder.start();
    for piece in lay_out(document, profile.columns) {
        match piece {
            Piece::Line(spans) => encoder.line(&spans),
            Piece::Feed(lines) => encoder.command(&[ESC, b'd', lines]),
            Piece::Qr(qr) => encoder.qr(qr),
            Piece::Barcode(barcode) => encoder.barcode(barcode),
            Piece::Picture(picture) => encoder.picture(picture),
            Piece::Cut(cut) => encoder.cut(cut),
            Piece::Drawer(pulse) => encoder.command(&drawer_pulse(pulse)),
        }
    }
    encoder.flush_picture();
    encoder.out
}

/// `ESC p m t1 t2`: opens a drawer when its turn in the printer's buffer comes. All five bytes, or the printer
/// swallows what follows.
pub fn drawer_pulse(pulse: DrawerPulse) -> [u8; 5] {
    let two_ms = |ms: u16| u8::try_from((ms / 2).clamp(1, 255)).unwrap_or(255);
    [ESC, b'p', pin_number(pulse.pin), two_ms(pulse.on_ms), two_ms(pulse.off_ms)]
}

/// `DLE DC4 1 m t`: opens a drawer at once, even when the printer is offline or out of paper; t in steps of 100 ms.
pub fn drawer_pulse_at_once(pulse: DrawerPulse) -> [u8; 5] {
    let hundred_ms = u8::try_from(pulse.on_ms.div_ceil(100).clamp(1, 8)).unwrap_or(8);
    [DLE, DC4, 1, pin_number(pulse.pin), hundred_ms]
}

fn pin_number(pin: DrawerPin) -> u8 {
    match pin {
        DrawerPin::Pin2 => 0,
        DrawerPin::Pin5 => 1,
    }
}

struct Encoder<'a> {
    out: Vec<u8>,
    profile: &'a PrinterProfile,
    /// The page the printer is on; none known before the first `ESC t`, and none needed for ASCII.
    page: Option<CodePage>,
    style: Style,
    /// Pictured lines not yet sent: neighbours go out as one picture, which prints without a stop between them.
    pending: Option<Bitmap>,
}

impl Encoder<'_> {
    fn start(&mut self) {
        // Reset; then ASCII everywhere: no double bytes, no national letters in place of # $ @ [ \ ].
        self.out.extend([ESC, b'@']);
        if self.profile.leave_chinese {
            self.out.extend([FS, b'.']);
        }
        self.out.extend([ESC, b'R', 0]);
    }

    fn command(&mut self, bytes: &[u8]) {
        self.flush_picture();
        self.out.extend_from_slice(bytes);
    }

    fn line(&mut self, spans: &[Span]) {
        let sayable = |c: char| self.say(c).is_some();
        if self.profile.raster && !spans.iter().flat_map(|span| span.text.chars()).all(sayable) {
            let picture = line_bitmap(spans, self.profile.columns);
            match &mut self.pending {
                Some(pending) => pending.append(&picture),
                None => self.pending = Some(picture),
            }
            return;
        }
        self.flush_picture();
        for span in spans {
            self.set_style(span.style);
            for c in span.text.chars() {
                self.char(c);
            }
        }
        self.set_style(Style::default());
        self.out.push(LF);
    }

    /// The page and byte for a character, staying on the present page when it has it; `None` is ASCII's page.
    fn say(&self, c: char) -> Option<(Option<CodePage>, u8)> {
        if matches!(c, ' '..='~') {
            return u8::try_from(c).ok().map(|byte| (None, byte));
        }
        let pages = self.profile.code_pages.iter().map(|&(page, _)| page);
        let known = self.page.into_iter().chain(pages);
        known
            .map(|page| (page, page.encode(c)))
            .find_map(|(page, byte)| byte.map(|byte| (Some(page), byte)))
            .or_else(|| transliterate::mark(c).and_then(|c| u8::try_from(c).ok()).map(|byte| (None, byte)))
    }

    fn char(&mut self, c: char) {
        match self.say(c) {
            Some((page, byte)) => self.byte(page, byte),
            // Only on a printer without pictures.
            None => {
                for c in transliterate::spell(c).chars() {
                    if let Some((page, byte)) = self.say(c) {
                        self.byte(page, byte);
                    }
                }
            }
        }
    }

    fn byte(&mut self, page: Option<CodePage>, byte: u8) {
        if page.is_some() && page != self.page {
            let number = self.profile.code_pages.iter().find(|(known, _)| Some(*known) == page);
            if let Some(&(_, number)) = number {
                self.out.extend([ESC, b't', number]);
                self.page = page;
            }
        }
        self.out.push(byte);
    }

    fn set_style(&mut self, style: Style) {
        if style.bold != self.style.bold {
            self.out.extend([ESC, b'E', u8::from(style.bold)]);
        }
        if (style.wide, style.tall) != (self.style.wide, self.style.tall) {
            self.out.extend([GS, b'!', (u8::from(style.wide) << 4) | u8::from(style.tall)]);
        }
        if style.inverse != self.style.inverse {
            self.out.extend([GS, b'B', u8::from(style.inverse)]);
        }
        self.style = style;
    }

    fn qr(&mut self, qr: &Qr) {
        let level = ec_level(qr.correction);
        let Some(picture) = qr_bitmap(qr.text.as_str().as_bytes(), level, qr.module_dots, self.profile.dots)
        else {
            // No QR code holds it, or none that fits the paper: its text is still of use.
            return self.plain(qr.text.as_str());
        };
        if !self.profile.native_qr && !self.profile.raster {
            return self.plain(qr.text.as_str());
        }
        // Four modules of white above and below, as readers want them.
        let quiet = [ESC, b'J', picture.module_dots.saturating_mul(4)];
        self.command(&quiet);
        self.out.extend([ESC, b'a', 1]);
        if self.profile.native_qr {
            self.native_qr(qr, picture.module_dots);
        } else {
            push_raster(&mut self.out, &picture.bitmap);
        }
        self.out.extend([ESC, b'a', 0]);
        self.out.extend(quiet);
    }

    /// Text that stands in for what cannot be drawn.
    fn plain(&mut self, text: &str) {
        for spans in centred_lines(text, self.profile.columns) {
            self.line(&spans);
        }
    }

    /// `GS k` in its form with a length: 80 dots high, for EAN with the digits under it.
    fn barcode(&mut self, barcode: &Barcode) {
        let text = barcode.text.as_str();
        let (known, system, data, label) = match barcode.symbology {
            Symbology::Code128 => (code128::bars(text), 73, code128::set_b(text), 0),
            Symbology::Ean => (ean::bars(text), ean::system(text), text.as_bytes().to_vec(), 2),
        };
        let Some((bars, length)) = known.zip(u8::try_from(data.len()).ok()) else { return self.plain(text) };
        let Some(module) = module_dots(bars.iter().sum(), self.profile.dots) else { return self.plain(text) };
        if self.profile.native_barcodes {
            self.command(&[ESC, b'a', 1, GS, b'h', BARCODE_DOTS, GS, b'w', module, GS, b'H', label]);
            self.out.extend([GS, b'k', system, length]);
            self.out.extend(data);
            self.out.extend([ESC, b'a', 0]);
        } else if self.profile.raster {
            self.centred(&bars_bitmap(&bars, usize::from(module), usize::from(BARCODE_DOTS)));
            if label > 0 {
                self.plain(text);
            }
        } else {
            self.plain(text);
        }
    }

    fn picture(&mut self, picture: &Picture) {
        if self.profile.raster {
            self.centred(&picture.dots_within(self.profile.dots));
        }
    }

    fn centred(&mut self, picture: &Bitmap) {
        self.command(&[ESC, b'a', 1]);
        push_raster(&mut self.out, picture);
        self.out.extend([ESC, b'a', 0]);
    }

    /// Functions 165 (Model 2), 167 (size), 169 (correction), 180 (store) and 181 (print) of `GS ( k`.
    fn native_qr(&mut self, qr: &Qr, module_dots: u8) {
        let data = qr.text.as_str().as_bytes();
        let correction = match qr.correction {
            QrCorrection::Low => 48,
            QrCorrection::Medium => 49,
            QrCorrection::Quartile => 50,
            QrCorrection::High => 51,
        };
        let length = u16::try_from(data.len() + 3).unwrap_or(u16::MAX).to_le_bytes();
        self.out.extend([GS, b'(', b'k', 4, 0, 49, 65, 50, 0]);
        self.out.extend([GS, b'(', b'k', 3, 0, 49, 67, module_dots]);
        self.out.extend([GS, b'(', b'k', 3, 0, 49, 69, correction]);
        self.out.extend([GS, b'(', b'k', length[0], length[1], 49, 80, 48]);
        self.out.extend_from_slice(data);
        self.out.extend([GS, b'(', b'k', 3, 0, 49, 81, 48]);
    }

    fn cut(&mut self, cut: Cut) {
        match self.profile.cutter {
            Cutter::TearBar { feed_lines } => self.command(&[ESC, b'd', feed_lines]),
            Cutter::Knife { feed_lines } => {
                let mode = match cut {
                    Cut::Full => 0,
                    Cut::Partial => 1,
                };
                self.command(&[ESC, b'd', feed_lines, GS, b'V', mode]);
            }
        }
    }

    fn flush_picture(&mut self) {
        if let Some(picture) = self.pending.take() {
            push_raster(&mut self.out, &picture);
        }
    }
}

/// The width of a barcode's narrowest bar: 3 or 2 dots where the paper allows, with ten modules of white on both sides;
/// `None` when it does not fit at all.
pub(crate) fn module_dots(modules: usize, paper_dots: usize) -> Option<u8> {
    [3u8, 2].into_iter().find(|&dots| (modules + 20) * usize::from(dots) <= paper_dots)
}

pub(crate) fn ec_level(correction: QrCorrection) -> EcLevel {
    match correction {
        QrCorrection::Low => EcLevel::L,
        QrCorrection::Medium => EcLevel::M,
        QrCorrection::Quartile => EcLevel::Q,
        QrCorrection::High => EcLevel::H,
    }
}
