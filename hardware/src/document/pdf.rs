//! A document as PDF 1.7, laid out exactly as a printer of that width prints it.

mod typeface;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use self::typeface::Typefaces;
use super::codes::Code;
use super::html::rows;
use super::layout::{Piece, Span, centred_lines, char_columns, lay_out};
use super::{Document, Paper, Picture, Style, Symbology};
use crate::font::{BASELINE, CELL_WIDTH, LINE_HEIGHT, line_height};

/// Points of a dot: 8 dots are a millimetre, 72 points an inch.
const DOT: f32 = 72.0 / 203.2;
/// White around what is printed, in dots: 4 mm.
const EDGE: usize = 32;
/// The longest page that PDF readers take is 14,400 points; what is longer goes on on the next one.
const MOST_PAGE_DOTS: usize = 40_000;
/// The size of a letter whose cell is 12 dots wide: the typeface's letters are 0.6 of their size.
const LETTER_DOTS: f32 = 20.0;

pub(super) fn pdf(document: &Document, paper: &Paper<'_>) -> Vec<u8> {
    let columns = paper.columns();
    let pieces = lay_out(document, columns);
    let mut book = Book::new(paper);
    for pieces in pages(&pieces, columns) {
        book.page(pieces, columns);
    }
    book.finish(paper)
}

/// The pieces of every page: all of them, unless they are longer than a page can be. Fed paper at the end is for the blade.
fn pages<'a, 'b>(pieces: &'a [Piece<'b>], columns: usize) -> Vec<&'a [Piece<'b>]> {
    let seen = |piece: &Piece<'_>| !matches!(piece, Piece::Feed(_) | Piece::Cut(_) | Piece::Drawer(_));
    let mut rest = pieces.get(..pieces.iter().rposition(seen).map_or(0, |last| last + 1)).unwrap_or_default();
    let mut pages = Vec::new();
    loop {
        let mut dots = 0;
        let fits = rest.iter().take_while(|piece| {
            dots += rows(piece, columns);
            dots <= MOST_PAGE_DOTS
        });
        // One piece goes on a page whatever its height is, so that every page takes some.
        let (page, others) = rest.split_at(fits.count().max(1).min(rest.len()));
        pages.push(page);
        rest = others;
        if rest.is_empty() {
            return pages;
        }
    }
}

struct Book {
    pdf: Pdf,
    next: Ref,
    catalog: Ref,
    tree: Ref,
    pages: Vec<Ref>,
    typefaces: Typefaces,
    width_dots: usize,
}

impl Book {
    fn new(paper: &Paper<'_>) -> Self {
        let mut next = Ref::new(1);
        let (catalog, tree) = (next.bump(), next.bump());
        let typefaces = Typefaces::new(&mut next);
        let width_dots = paper.dots() + 2 * EDGE;
        Self { pdf: Pdf::new(), next, catalog, tree, pages: Vec::new(), typefaces, width_dots }
    }

    fn page(&mut self, pieces: &[Piece<'_>], columns: usize) {
        let height_dots = pieces.iter().map(|piece| rows(piece, columns)).sum::<usize>() + 2 * EDGE;
        let mut sheet = Sheet {
            content: Content::new(),
            typefaces: &mut self.typefaces,
            pictures: Vec::new(),
            paper_dots: columns * CELL_WIDTH,
            height_dots,
            top: EDGE,
        };
        for piece in pieces {
            sheet.piece(piece, columns);
        }
        let Sheet { content, pictures, .. } = sheet;
        let (page, content_id) = (self.next.bump(), self.next.bump());
        let pictures: Vec<Ref> = pictures.iter().map(|picture| self.picture(picture, columns)).collect();
        self.pdf.stream(content_id, &deflated(content.finish().as_slice())).filter(Filter::FlateDecode);
        let mut written = self.pdf.page(page);
        written.parent(self.tree).contents(content_id);
        written.media_box(Rect::new(0.0, 0.0, points(self.width_dots), points(height_dots)));
        let mut resources = written.resources();
        self.typefaces.name_in(resources.fonts());
        if !pictures.is_empty() {
            let mut named = resources.x_objects();
            for (at, id) in pictures.into_iter().enumerate() {
                named.pair(Name(picture_name(at).as_bytes()), id);
            }
        }
        resources.finish();
        written.finish();
        self.pages.push(page);
    }

    fn picture(&mut self, picture: &Picture, columns: usize) -> Ref {
        let id = self.next.bump();
        let (width, height, grey) = picture.grey_within(columns * CELL_WIDTH);
        let bytes = deflated(&grey);
        let mut image = self.pdf.image_xobject(id, &bytes);
        image.filter(Filter::FlateDecode);
        image.width(i32::try_from(width).unwrap_or(1)).height(i32::try_from(height).unwrap_or(1));
        image.color_space().device_gray();
        image.bits_per_component(8);
        image.finish();
        id
    }

    fn finish(mut self, paper: &Paper<'_>) -> Vec<u8> {
        let info = self.next.bump();
        self.typefaces.write(&mut self.pdf);
        let mut catalog = self.pdf.catalog(self.catalog);
        catalog.pages(self.tree).lang(TextStr(paper.language));
        catalog.viewer_preferences().display_doc_title(true);
        catalog.finish();
        let count = i32::try_from(self.pages.len()).unwrap_or(i32::MAX);
        self.pdf.pages(self.tree).kids(self.pages.iter().copied()).count(count);
        self.pdf.document_info(info).title(TextStr(paper.title));
        self.pdf.finish()
    }
}

/// One page while it is drawn, from its top down.
struct Sheet<'a> {
    content: Content,
    typefaces: &'a mut Typefaces,
    pictures: Vec<Picture>,
    paper_dots: usize,
    height_dots: usize,
    top: usize,
}

impl Sheet<'_> {
    fn piece(&mut self, piece: &Piece<'_>, columns: usize) {
        let rows = rows(piece, columns);
        match piece {
            Piece::Line(spans) => self.line(spans),
            Piece::Qr(qr) => match Code::of_qr(qr, self.paper_dots) {
                Some(code) => self.code(&code, 4 * code.module_dots),
                None => return self.plain(qr.text.as_str(), columns),
            },
            Piece::Barcode(barcode) => match Code::of_barcode(barcode, self.paper_dots) {
                Some(code) => {
                    self.code(&code, 0);
                    if barcode.symbology == Symbology::Ean {
                        self.top += code.module_height_dots;
                        return self.plain(barcode.text.as_str(), columns);
                    }
                }
                None => return self.plain(barcode.text.as_str(), columns),
            },
            Piece::Picture(picture) => self.picture(picture),
            Piece::Feed(_) | Piece::Cut(_) | Piece::Drawer(_) => {}
        }
        self.top += rows;
    }

    /// From the bottom of the page in points: PDF counts upwards.
    fn y(&self, dots_from_top: usize) -> f32 {
        points(self.height_dots.saturating_sub(dots_from_top))
    }

    fn line(&mut self, spans: &[Span]) {
        let height = line_height(spans.iter().any(|span| span.style.tall));
        let baseline = self.top + height - (LINE_HEIGHT - BASELINE) * (height / LINE_HEIGHT);
        let mut left = EDGE;
        for span in spans {
            left = self.span(&span.text, span.style, left, baseline);
        }
    }

    /// Draws text of one style; gives where the next one begins.
    fn span(&mut self, text: &str, style: Style, left: usize, baseline: usize) -> usize {
        let (wide, tall) = (if style.wide { 2 } else { 1 }, if style.tall { 2 } else { 1 });
        let width: usize = text.chars().map(char_columns).sum::<usize>() * wide * CELL_WIDTH;
        if style.inverse {
            let descent = (LINE_HEIGHT - BASELINE) * tall;
            let (y, height) = (self.y(baseline + descent), points(LINE_HEIGHT * tall));
            self.content.rect(points(left), y, points(width), height).fill_nonzero();
            self.content.set_fill_gray(1.0);
        }
        // A stretch is shown at once as long as every character takes one cell.
        let (mut at, mut from, mut shown) = (left, left, Vec::new());
        for c in text.chars() {
            let columns = char_columns(c);
            let code = self.typefaces.code(c, style.bold).to_be_bytes();
            if columns == 1 {
                shown.extend(code);
                at += wide * CELL_WIDTH;
                continue;
            }
            self.show(&shown, style, from, baseline);
            shown.clear();
            // A mark without a width of its own is drawn over the cell before it.
            let place = if columns == 0 { at.saturating_sub(wide * CELL_WIDTH) } else { at };
            self.show(&code, style, place, baseline);
            at += columns * wide * CELL_WIDTH;
            from = at;
        }
        self.show(&shown, style, from, baseline);
        if style.inverse {
            self.content.set_fill_gray(0.0);
        }
        left + width
    }

    fn show(&mut self, codes: &[u8], style: Style, left: usize, baseline: usize) {
        if codes.is_empty() {
            return;
        }
        let size = points_of(LETTER_DOTS);
        let (wide, tall) = (if style.wide { 2.0 } else { 1.0 }, if style.tall { 2.0 } else { 1.0 });
        let (x, y) = (points(left), self.y(baseline));
        self.content.begin_text();
        self.content.set_font(Typefaces::name(style.bold), size);
        self.content.set_text_matrix([wide, 0.0, 0.0, tall, x, y]);
        self.content.show(Str(codes));
        self.content.end_text();
    }

    /// Text in the middle that stands in for what cannot be drawn, or under a barcode.
    fn plain(&mut self, text: &str, columns: usize) {
        for spans in centred_lines(text, columns) {
            self.line(&spans);
            self.top += LINE_HEIGHT;
        }
    }

    fn code(&mut self, code: &Code, quiet_dots: usize) {
        let left = EDGE + self.paper_dots.saturating_sub(code.width * code.module_dots) / 2;
        let height = points(code.module_height_dots);
        for &(x, y, width) in &code.dark {
            let bottom = self.y(self.top + quiet_dots + (y + 1) * code.module_height_dots);
            let (x, width) = (points(left + x * code.module_dots), points(width * code.module_dots));
            self.content.rect(x, bottom, width, height);
        }
        self.content.fill_nonzero();
    }

    fn picture(&mut self, picture: &Picture) {
        let (width, height) = picture.size_within(self.paper_dots);
        let left = EDGE + self.paper_dots.saturating_sub(width) / 2;
        let bottom = self.y(self.top + height);
        self.content.save_state();
        self.content.transform([points(width), 0.0, 0.0, points(height), points(left), bottom]);
        self.content.x_object(Name(picture_name(self.pictures.len()).as_bytes()));
        self.content.restore_state();
        self.pictures.push(picture.clone());
    }
}

fn picture_name(at: usize) -> String {
    format!("P{at}")
}

#[expect(clippy::cast_precision_loss, reason = "a page is at most 40,000 dots")]
fn points(dots: usize) -> f32 {
    points_of(dots as f32)
}

fn points_of(dots: f32) -> f32 {
    dots * DOT
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
