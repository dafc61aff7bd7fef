//! The bundled typeface in a PDF: only the letters that are used, and what each of them says.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Dict, Filter, Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use super::deflated;
use crate::font;

const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Figures of Noto Sans Mono in thousandths of the letter's size.
const WIDTH: f32 = 600.0;
const ASCENT: f32 = 1069.0;
const DESCENT: f32 = -293.0;
const CAPITAL: f32 = 714.0;

/// The regular and the bold one.
pub(super) struct Typefaces([Typeface; 2]);

/// One of them while the pages are drawn.
struct Typeface {
    bold: bool,
    refs: Refs,
    /// The code of every character in the order in which they came. Each has one of its own, also those that are drawn as
    /// the same box: so the text can be searched and copied whatever the typeface has.
    codes: BTreeMap<char, u16>,
}

struct Refs {
    font: Ref,
    cid: Ref,
    descriptor: Ref,
    file: Ref,
    map: Ref,
    unicode: Ref,
}

impl Typefaces {
    pub(super) fn new(next: &mut Ref) -> Self {
        Self([false, true].map(|bold| Typeface {
            bold,
            refs: Refs {
                font: next.bump(),
                cid: next.bump(),
                descriptor: next.bump(),
                file: next.bump(),
                map: next.bump(),
                unicode: next.bump(),
            },
            codes: BTreeMap::new(),
        }))
    }

    /// What the pages call one of them.
    pub(super) fn name(bold: bool) -> Name<'static> {
        Name(if bold { b"B" } else { b"R" })
    }

    pub(super) fn name_in(&self, mut fonts: Dict<'_>) {
        for typeface in &self.0 {
            fonts.pair(Self::name(typeface.bold), typeface.refs.font);
        }
    }

    /// The code that shows a character.
    pub(super) fn code(&mut self, c: char, bold: bool) -> u16 {
        let codes = &mut self.0[usize::from(bold)].codes;
        // 0 stands for whatever is beyond the 65,535 that a file can name.
        let next = u16::try_from(codes.len() + 1).unwrap_or(0);
        *codes.entry(c).or_insert(next)
    }

    pub(super) fn write(&self, pdf: &mut Pdf) {
        self.0.iter().for_each(|typeface| typeface.write(pdf));
    }
}

impl Typeface {
    fn write(&self, pdf: &mut Pdf) {
        // Six letters that say that this is a part of a typeface.
        let name: &[u8] =
            if self.bold { b"KEDAIB+NotoSansMono-Bold" } else { b"KEDAIR+NotoSansMono-Regular" };
        let name = Name(name);
        let refs = &self.refs;
        pdf.type0_font(refs.font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(refs.cid)
            .to_unicode(refs.unicode);
        pdf.cid_font(refs.cid)
            .subtype(CidFontType::Type2)
            .base_font(name)
            .system_info(IDENTITY)
            .font_descriptor(refs.descriptor)
            .default_width(WIDTH)
            .cid_to_gid_map_stream(refs.map);
        pdf.font_descriptor(refs.descriptor)
            .name(name)
            .flags(FontFlags::SYMBOLIC | FontFlags::FIXED_PITCH)
            .bbox(Rect::new(0.0, DESCENT, WIDTH, ASCENT))
            .italic_angle(0.0)
            .ascent(ASCENT)
            .descent(DESCENT)
            .cap_height(CAPITAL)
            .stem_v(if self.bold { 140.0 } else { 80.0 })
            .font_file2(refs.file);
        let (file, map) = self.part();
        let length = i32::try_from(file.len()).unwrap_or(i32::MAX);
        pdf.stream(refs.file, &deflated(&file)).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
        pdf.stream(refs.map, &deflated(&map)).filter(Filter::FlateDecode);
        let mut unicode = UnicodeCmap::new(Name(b"Kedai"), IDENTITY);
        self.codes.iter().filter(|&(_, &code)| code > 0).for_each(|(&c, &code)| unicode.pair(code, c));
        let unicode = unicode.finish();
        pdf.stream(refs.unicode, &deflated(unicode.as_slice())).filter(Filter::FlateDecode);
    }

    /// The file with the glyphs in use, and the number of a glyph in it for every code, two bytes each.
    fn part(&self) -> (Vec<u8>, Vec<u8>) {
        let whole = font::file(self.bold);
        let mut remapper = GlyphRemapper::new();
        let glyphs: Vec<(u16, u16)> =
            self.codes.iter().map(|(&c, &code)| (code, font::glyph_of(c, self.bold))).collect();
        glyphs.iter().for_each(|&(_, glyph)| {
            remapper.remap(glyph);
        });
        // Should the part not come about, the whole is as good, only larger.
        let part = subsetter::subset(whole, 0, &remapper).ok();
        let mut map = vec![0; 2 * (self.codes.len() + 1)];
        for (code, glyph) in glyphs {
            let number = if part.is_some() { remapper.get(glyph).unwrap_or(0) } else { glyph };
            if let Some(place) = map.get_mut(2 * usize::from(code)..2 * usize::from(code) + 2) {
                place.copy_from_slice(&number.to_be_bytes());
            }
        }
        (part.unwrap_or_else(|| whole.to_vec()), map)
    }
}
