//! How an outlet's receipts and tickets look: by templates of its own, or as built in. What the law and the books ask for stands
//! on the paper whatever a template says, and a template that fails never costs a receipt.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hardware::template::{Filling, Template, TemplateProblem};
use hardware::{Document, Picture};
use shared::locale::{PRINTED_TEXTS, Texts};
use shared::order::Order;
use shared::outlet::{Layouts, MOST_LOGO_BYTES, Outlet};

use super::sale::card_lines;
use super::{Ticket, Writer, built_in_order, built_in_ticket, filling, finish};

/// The built-in receipt as a template, to begin from.
pub const RECEIPT_TEMPLATE: &str = include_str!("templates/receipt.jinja");
/// The built-in ticket as a template, to begin from.
pub const TICKET_TEMPLATE: &str = include_str!("templates/ticket.jinja");
/// The widest and highest logo, in dots: paper has 576, and a picture of a few bytes can be enormous.
const MOST_LOGO_DOTS: u32 = 1_200;

/// The receipt of a completed sale; `copy` marks it as printed before.
pub fn order(outlet: &Outlet, order: &Order, copy: bool) -> Document {
    let own = outlet.layouts.as_ref().and_then(|layouts| layouts.receipt.as_deref());
    let rendered = own.map(|template| order_by(template, outlet, order, copy));
    printed(rendered, "receipt").unwrap_or_else(|| built_in_order(outlet, order, copy))
}

/// The ticket of an order for one station; `copy` marks it as perhaps printed before.
pub fn ticket(outlet: &Outlet, order: &Order, part: Ticket<'_>, copy: bool) -> Document {
    let own = outlet.layouts.as_ref().and_then(|layouts| layouts.ticket.as_deref());
    let rendered = own.map(|template| ticket_by(template, outlet, order, part, copy));
    printed(rendered, "ticket").unwrap_or_else(|| built_in_ticket(outlet, order, part, copy))
}

fn printed(rendered: Option<Result<Document, TemplateProblem>>, what: &str) -> Option<Document> {
    rendered?.map_err(|problem| tracing::warn!(%problem, what, "the built-in layout is printed instead")).ok()
}

/// The receipt of a sale by a template.
///
/// # Errors
/// What is wrong with the template.
pub fn order_by(
    template: &str,
    outlet: &Outlet,
    order: &Order,
    copy: bool,
) -> Result<Document, TemplateProblem> {
    let writer = Writer::new(outlet, order.currency, order.digits);
    let mut doc = rendered(template, &writer, &filling::sale(&writer, order, copy), logo(outlet).as_ref())?;
    let texts = &writer.texts;
    let number = outlet.tax_number.as_ref();
    let number = number.map(|number| texts.with("receipt-tax-number", &[("number", number)]));
    let legal = outlet.layouts.iter().flat_map(|layouts| layouts.legal.iter().cloned());
    let card = order.tenders.iter().flat_map(card_lines);
    let due: Vec<String> = card.chain(number).chain(legal).filter(|line| !doc.says(line)).collect();
    if !due.is_empty() {
        let end = doc.take_end();
        for line in &due {
            doc.text(line).center();
        }
        doc.append(end);
    }
    Ok(whole(doc, texts, copy))
}

/// The ticket of an order by a template.
///
/// # Errors
/// What is wrong with the template.
pub fn ticket_by(
    template: &str,
    outlet: &Outlet,
    order: &Order,
    part: Ticket<'_>,
    copy: bool,
) -> Result<Document, TemplateProblem> {
    let writer = Writer::new(outlet, order.currency, order.digits);
    let filling = filling::station(&writer, order, part, copy);
    let doc = rendered(template, &writer, &filling, logo(outlet).as_ref())?;
    Ok(whole(doc, &writer.texts, copy))
}

/// A copy says so, and every paper is cut.
fn whole(mut doc: Document, texts: &Texts, copy: bool) -> Document {
    if !doc.is_cut() {
        finish(&mut doc);
    }
    let mark = texts.get("receipt-copy");
    if !copy || doc.says(&mark) {
        return doc;
    }
    let mut marked = Document::new();
    marked.text(mark).inverse().center();
    marked.append(doc);
    marked
}

fn rendered(
    template: &str,
    writer: &Writer<'_>,
    filling: &Filling,
    logo: Option<&Picture>,
) -> Result<Document, TemplateProblem> {
    let texts = writer.texts;
    let words = move |key: &str, arguments: &[(&str, &str)]| {
        let known = PRINTED_TEXTS.iter().any(|(text, _)| *text == key);
        known.then(|| texts.with(key, arguments))
    };
    Template::new(template, words)?.render(filling, logo)
}

thread_local! {
    /// The logo last used on this thread beside the text it was read from: it is the same for every receipt.
    static LOGO: RefCell<Option<(String, Option<Picture>)>> = const { RefCell::new(None) };
}

/// The outlet's logo, when there is one that can be printed.
pub(super) fn logo(outlet: &Outlet) -> Option<Picture> {
    let text = outlet.layouts.as_ref().and_then(|layouts: &Layouts| layouts.logo.as_ref())?;
    LOGO.with_borrow_mut(|last| match last {
        Some((known, picture)) if known == text => picture.clone(),
        _ => {
            let picture =
                read_logo(text).map_err(|problem| tracing::warn!(problem, "the logo is left out")).ok();
            *last = Some((text.clone(), picture.clone()));
            picture
        }
    })
}

/// A logo as it is kept.
///
/// # Errors
/// What is wrong with it, for people.
pub fn read_logo(base64: &str) -> Result<Picture, &'static str> {
    // A third longer than its bytes.
    if base64.len() > MOST_LOGO_BYTES * 4 / 3 + 4 {
        return Err("a logo has at most 32 KiB");
    }
    let bytes = BASE64.decode(base64).map_err(|_| "the logo is no PNG")?;
    let (width, height) = png_size(&bytes).ok_or("the logo is no PNG")?;
    if width > MOST_LOGO_DOTS || height > MOST_LOGO_DOTS {
        return Err("a logo has at most 1,200 dots a side");
    }
    Picture::from_png(&bytes).map_err(|_| "the logo is no PNG")
}

/// The size that a PNG says it has, from its first chunk (PNG specification, 11.2.1).
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    Some((side(16)?, side(20)?))
}
