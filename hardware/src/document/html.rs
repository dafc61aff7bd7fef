//! A document as a web page: readable by people, screen readers and programs, the same on paper.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::codes::Code;
use super::layout::{Piece, centred_lines, lay_out};
use super::{
    Align, Barcode, Block, Cell, Document, Paper, Picture, Qr, Row, Rule, Run, Style, Symbology, Text, Width,
};
use crate::font::{LINE_HEIGHT, line_height};

/// A page of more blocks would be a mistake.
const MOST_BLOCKS: usize = 20_000;
/// Dots of a millimetre, as printers have them.
const DOTS_PER_MM: usize = 8;
/// White beside the printed width, in millimetres.
const SIDE_MM: usize = 4;

/// One column is 12 dots, a line is 30: a letter's cell is 0.6 of its size in the usual typefaces of fixed width.
const STYLE: &str = "\
*{box-sizing:border-box}\
body{margin:0;background:#fff;color:#000;font:2.5mm/1.5 \"Noto Sans Mono\",\"DejaVu Sans Mono\",Menlo,Consolas,monospace}\
main{width:calc(var(--columns)*1ch);margin:4mm auto}\
h1,p,td{margin:0;font-size:inherit;font-weight:inherit;white-space:pre-wrap;overflow-wrap:anywhere}\
.c{text-align:center}.r{text-align:right}\
.w{letter-spacing:.6em}.t{font-size:1.5em;line-height:2}.wt{font-size:2em;line-height:1.5}\
mark{background:#000;color:#fff;-webkit-print-color-adjust:exact;print-color-adjust:exact}\
table{width:100%;border-collapse:collapse}td{padding:0 0 0 1ch;vertical-align:top;font-weight:inherit}td:first-child{padding:0}\
.n{width:1%;white-space:pre}\
hr{margin:0;height:1.5em;border:0;background:linear-gradient(#000,#000) center/100% 1px no-repeat}\
.d{background:linear-gradient(#000,#000) 0 40%/100% 1px no-repeat,linear-gradient(#000,#000) 0 60%/100% 1px no-repeat}\
figure{margin:0;text-align:center}figure>*{display:block;margin:0 auto}img{image-rendering:auto}\
@media screen{body{font-size:15px}}";

pub(super) fn html(document: &Document, paper: &Paper<'_>) -> String {
    let columns = paper.columns();
    let mut page = Page { out: String::with_capacity(8 * 1024), paper, titled: false };
    let (width_mm, height_mm) = (paper.dots() / DOTS_PER_MM + 2 * SIDE_MM, height_mm(document, columns));
    page.raw("<!doctype html>\n<html lang=\"");
    page.text(paper.language);
    page.raw("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    page.text(paper.title);
    let _ = write!(
        page.out,
        "</title>\n<style>:root{{--columns:{columns}}}{STYLE}\
         @page{{size:{width_mm}mm {height_mm}mm;margin:0}}</style>\n</head>\n<body>\n<main>\n"
    );
    let mut blocks = document.blocks().iter().take(MOST_BLOCKS).peekable();
    while let Some(block) = blocks.next() {
        match block {
            Block::Text(text) => page.paragraph(text),
            Block::Row(row) => {
                page.raw("<table><tbody>\n");
                page.row(row);
                // Rows of the same make stand in one table, so that their columns are one under the other.
                while let Some(Block::Row(next)) = blocks.next_if(|next| is_like(next, row)) {
                    page.row(next);
                }
                page.raw("</tbody></table>\n");
            }
            Block::Rule(Rule::Single) => page.raw("<hr>\n"),
            Block::Rule(Rule::Double) => page.raw("<hr class=\"d\">\n"),
            Block::Feed(lines) => (0..*lines).for_each(|_| page.raw("<br>\n")),
            Block::Qr(qr) => page.qr(qr),
            Block::Barcode(barcode) => page.barcode(barcode),
            Block::Picture(picture) => page.picture(picture),
            Block::Cut(_) | Block::Drawer(_) => {}
        }
    }
    page.raw("</main>\n</body>\n</html>\n");
    page.out
}

/// The length of the paper: a printing browser asks for it, and one page holds all. A fifth more than the printer needs, because
/// other typefaces break lines elsewhere.
fn height_mm(document: &Document, columns: usize) -> usize {
    let dots: usize = lay_out(document, columns).iter().map(|piece| rows(piece, columns)).sum();
    2 * SIDE_MM + (dots + dots / 5).div_ceil(DOTS_PER_MM)
}

/// The height of a piece in dots.
pub(super) fn rows(piece: &Piece<'_>, columns: usize) -> usize {
    let paper_dots = columns * crate::font::CELL_WIDTH;
    match piece {
        Piece::Line(spans) => line_height(spans.iter().any(|span| span.style.tall)),
        Piece::Feed(lines) => usize::from(*lines) * LINE_HEIGHT,
        // Four light modules above and below.
        Piece::Qr(qr) => match Code::of_qr(qr, paper_dots) {
            Some(code) => (code.height + 8) * code.module_dots,
            None => centred_lines(qr.text.as_str(), columns).len() * LINE_HEIGHT,
        },
        Piece::Barcode(barcode) => {
            let text = || centred_lines(barcode.text.as_str(), columns).len() * LINE_HEIGHT;
            match (Code::of_barcode(barcode, paper_dots), barcode.symbology) {
                (Some(code), Symbology::Code128) => code.module_height_dots,
                (Some(code), Symbology::Ean) => code.module_height_dots + text(),
                (None, _) => text(),
            }
        }
        Piece::Picture(picture) => picture.size_within(paper_dots).1,
        Piece::Cut(_) | Piece::Drawer(_) => 0,
    }
}

fn is_like(block: &Block, row: &Row) -> bool {
    let Block::Row(other) = block else { return false };
    other.cells.iter().map(|cell| cell.width).eq(row.cells.iter().map(|cell| cell.width))
}

struct Page<'a> {
    out: String,
    paper: &'a Paper<'a>,
    /// Whether the first large line was met: it says whose paper this is.
    titled: bool,
}

impl Page<'_> {
    fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Text that can be nothing else, between tags and in attributes.
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\'' => self.raw("&#39;"),
                c if c.is_control() => {}
                c => self.out.push(c),
            }
        }
    }

    fn run(&mut self, run: &Run) {
        let Style { bold, wide, tall, inverse } = run.style;
        let size = match (wide, tall) {
            (false, false) => None,
            (true, false) => Some("w"),
            (false, true) => Some("t"),
            (true, true) => Some("wt"),
        };
        if let Some(size) = size {
            let _ = write!(self.out, "<span class=\"{size}\">");
        }
        self.raw(if bold { "<b>" } else { "" });
        self.raw(if inverse { "<mark>" } else { "" });
        self.text(run.text.as_str());
        self.raw(if inverse { "</mark>" } else { "" });
        self.raw(if bold { "</b>" } else { "" });
        if size.is_some() {
            self.raw("</span>");
        }
    }

    fn paragraph(&mut self, text: &Text) {
        let large = text.runs.first().is_some_and(|run| run.style.wide && run.style.tall);
        let tag = if large && !self.titled { "h1" } else { "p" };
        self.titled |= large;
        let _ = write!(self.out, "<{tag}{}>", align_class(text.align));
        if text.runs.iter().all(|run| run.text.as_str().is_empty()) {
            // An empty line is as high as any.
            self.raw("<br>");
        }
        text.runs.iter().for_each(|run| self.run(run));
        let _ = writeln!(self.out, "</{tag}>");
    }

    fn row(&mut self, row: &Row) {
        self.raw("<tr>");
        row.cells.iter().for_each(|cell| self.cell(cell));
        self.raw("</tr>\n");
    }

    fn cell(&mut self, cell: &Cell) {
        let _ = match cell.width {
            Width::Columns(width) => {
                write!(self.out, "<td{} style=\"width:{width}ch\">", align_class(cell.align))
            }
            Width::Fit => match cell.align {
                Align::Left => write!(self.out, "<td class=\"n\">"),
                Align::Center => write!(self.out, "<td class=\"n c\">"),
                Align::Right => write!(self.out, "<td class=\"n r\">"),
            },
            Width::Rest => write!(self.out, "<td{}>", align_class(cell.align)),
        };
        self.run(&cell.run);
        self.raw("</td>");
    }

    fn centred(&mut self, text: &str) {
        self.raw("<p class=\"c\">");
        self.text(text);
        self.raw("</p>\n");
    }

    fn qr(&mut self, qr: &Qr) {
        let text = qr.text.as_str();
        if text.is_empty() {
            return;
        }
        match Code::of_qr(qr, self.paper.dots()) {
            Some(code) => self.code(&code, 4, &format!("QR: {text}")),
            None => self.centred(text),
        }
    }

    fn barcode(&mut self, barcode: &Barcode) {
        let text = barcode.text.as_str();
        if text.is_empty() {
            return;
        }
        let Some(code) = Code::of_barcode(barcode, self.paper.dots()) else { return self.centred(text) };
        self.code(&code, 0, text);
        if barcode.symbology == Symbology::Ean {
            self.centred(text);
        }
    }

    /// A code with so many light modules around it.
    fn code(&mut self, code: &Code, quiet: usize, label: &str) {
        let (width, height) = (code.width + 2 * quiet, code.height + 2 * quiet);
        let mm = |dots: usize| dots as f64 / DOTS_PER_MM as f64;
        self.raw("<figure><svg role=\"img\" aria-label=\"");
        self.text(label);
        let _ = write!(
            self.out,
            "\" viewBox=\"0 0 {width} {height}\" width=\"{}mm\" height=\"{}mm\" preserveAspectRatio=\"none\" \
             shape-rendering=\"crispEdges\"><path d=\"",
            mm(width * code.module_dots),
            mm(height * code.module_height_dots),
        );
        for &(left, top, width) in &code.dark {
            let _ = write!(self.out, "M{} {}h{width}v1h-{width}z", left + quiet, top + quiet);
        }
        self.raw("\"/></svg></figure>\n");
    }

    fn picture(&mut self, picture: &Picture) {
        let (width, height, grey) = picture.grey_within(self.paper.dots());
        let Some(png) = grey_png(width, height, &grey) else { return };
        let mm = |dots: usize| dots as f64 / DOTS_PER_MM as f64;
        let _ = write!(
            self.out,
            "<figure><img alt=\"\" style=\"width:{}mm;height:{}mm\" src=\"data:image/png;base64,",
            mm(width),
            mm(height)
        );
        BASE64.encode_string(png, &mut self.out);
        self.raw("\"></figure>\n");
    }
}

fn align_class(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Center => " class=\"c\"",
        Align::Right => " class=\"r\"",
    }
}

fn grey_png(width: usize, height: usize, grey: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(grey).ok()?;
    writer.finish().ok()?;
    Some(out)
}
