//! Receipts and tickets as their shops write them.

use hardware::{Block, Document};
use serde_json::json;
use shared::locale::Texts;
use shared::money::{Money, Rate};
use shared::order::{Order, TenderKind};
use shared::outlet::{Layouts, Outlet};
use shared::pricing::{Channel, Discount, Exemption, SaleTerms, Treatment};
use terminal::receipts::{self, RECEIPT_TEMPLATE, TICKET_TEMPLATE, Ticket};
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::receipts::{cafe_order, mini_market, sale, shop_of, sold};
use crate::running_till::Till;
use crate::shop;

/// Sales of every kind that the snapshots of receipts know, and more.
fn sales() -> Vec<(Outlet, Order)> {
    let cafe = shop::cafe();
    let market = mini_market();
    let kronor = shop_of("SEK", 100);
    let euro = shop_of("EUR", 5);
    let half = Some(Discount::Percent(Rate::percent(50)));
    let mut away = cafe_order(&cafe);
    away.terms = Some(SaleTerms {
        channel: Channel::TakeAway,
        exemption: Some(Exemption {
            tax_ids: Vec::new(),
            treatment: Treatment::Exempt,
            reason: "kedutaan".to_owned(),
        }),
        ..SaleTerms::default()
    });
    let lined = Outlet {
        layouts: Some(Layouts {
            header: vec!["Buka 24 jam".to_owned()],
            legal: vec!["Barang tidak dapat ditukar".to_owned()],
            logo: Some(logo()),
            ..Layouts::default()
        }),
        ..shop::cafe()
    };
    vec![
        (cafe.clone(), cafe_order(&cafe)),
        (cafe, away),
        (lined.clone(), cafe_order(&lined)),
        (
            market.clone(),
            sale(&market, &[sold("Gạo ST25", "38500", "2.375")], None, &[(TenderKind::Cash, 200_000)]),
        ),
        (
            kronor.clone(),
            sale(&kronor, &[sold("Screw M3", "0.125", "37")], None, &[(TenderKind::Cash, 20_000)]),
        ),
        (euro.clone(), sale(&euro, &[sold("Bun", "32.50", "3")], half, &[(TenderKind::Card, 4_875)])),
    ]
}

/// A black square of 8 dots.
fn logo() -> String {
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAADElEQVR4nGNgoA4AAABIAAEuuDx+AAAAAElFTkSuQmCC".to_owned()
}

fn with(outlet: &Outlet, change: impl FnOnce(&mut Layouts)) -> Outlet {
    let mut layouts = outlet.layouts.clone().unwrap_or_default();
    change(&mut layouts);
    Outlet { layouts: Some(layouts), ..outlet.clone() }
}

fn part<'a>(lines: &'a [usize]) -> Ticket<'a> {
    Ticket { station: "Bar", lines, moved_from: Some("Dapur") }
}

#[test]
fn the_templates_to_begin_from_are_the_built_in_layouts_byte_for_byte() {
    for (outlet, order) in sales() {
        for copy in [false, true] {
            let template = receipts::order_by(RECEIPT_TEMPLATE, &outlet, &order, copy).unwrap();
            let built_in = receipts::built_in_order(&outlet, &order, copy);
            assert_eq!(template.to_plain_text(48), built_in.to_plain_text(48));
            assert_eq!(template, built_in, "{}", order.receipt_number);
            let lines: Vec<usize> = (0..order.lines.len()).collect();
            let template = receipts::ticket_by(TICKET_TEMPLATE, &outlet, &order, part(&lines), copy).unwrap();
            assert_eq!(template, receipts::built_in_ticket(&outlet, &order, part(&lines), copy));
        }
    }
    assert!(hardware::template::check(RECEIPT_TEMPLATE).is_empty());
    assert!(hardware::template::check(TICKET_TEMPLATE).is_empty());
}

#[test]
fn a_shop_prints_by_its_own_template() {
    let outlet = with(&shop::cafe(), |layouts| {
        layouts.receipt =
            Some("@center {{ shop.name }} {{ number }}\n{{ t('receipt-total') }} | {{ total }}\n".to_owned());
    });
    let text = receipts::text(&receipts::order(&outlet, &cafe_order(&outlet), false));
    insta::assert_snapshot!(text);
}

#[test]
fn a_template_that_fails_costs_no_receipt() {
    let (outlet, order) = sales().remove(0);
    for template in ["{{ no_such_name }}", "{% for", "{{ 'x' * 100000000000 }}", &"x".repeat(20_000)] {
        let own = with(&outlet, |layouts| {
            layouts.receipt = Some(template.to_owned());
            layouts.ticket = Some(template.to_owned());
        });
        assert!(receipts::order_by(template, &own, &order, false).is_err(), "{template:.40}");
        assert_eq!(receipts::order(&own, &order, true), receipts::built_in_order(&own, &order, true));
        let ticket = receipts::ticket(&own, &order, part(&[0]), false);
        assert_eq!(ticket, receipts::built_in_ticket(&own, &order, part(&[0]), false));
    }
}

/// The first text on the paper.
fn first(document: &Document) -> String {
    let mut texts = document.blocks().iter().filter_map(|block| match block {
        Block::Text(text) => Some(text.runs.iter().map(|run| run.text.as_str()).collect()),
        _ => None,
    });
    texts.next().unwrap()
}

#[test]
fn no_template_leaves_out_the_mark_of_a_copy_or_what_the_law_asks_for() {
    let outlet = with(&shop::cafe(), |layouts| layouts.legal = vec!["Barang tidak dapat ditukar".to_owned()]);
    let order = cafe_order(&outlet);
    let mark = Texts::of(&outlet.locale).get("receipt-copy");
    for template in
        ["Hi", "", "@qr {{ copy }}", "@cut\n@cut full", "@barcode {{ shop.legal[0] }}\n@feed 3\n@cut"]
    {
        let copy = receipts::order_by(template, &outlet, &order, true).unwrap();
        assert_eq!(first(&copy), mark, "{template}");
        assert!(copy.is_cut(), "{template}");
        for line in ["Barang tidak dapat ditukar", outlet.tax_number.as_deref().unwrap()] {
            assert!(copy.says(line), "{template}: {line}");
        }
        assert!(!receipts::order_by(template, &outlet, &order, false).unwrap().says(&mark));
        let ticket = receipts::ticket_by("Hi", &outlet, &order, part(&[0]), true).unwrap();
        assert_eq!(first(&ticket), mark);
    }
    // Where a template says it, it stands once.
    let said = receipts::order_by(
        "{{ number }}\n{{ copy or '' }}\n{{ shop.legal[0] }}\n{{ shop.tax_number }}",
        &outlet,
        &order,
        true,
    );
    let said = said.unwrap().to_plain_text(80);
    assert_eq!((said.matches(&mark).count(), said.matches("ditukar").count()), (1, 1), "{said}");
    assert!(said.starts_with(&order.receipt_number), "{said}");
}

#[test]
fn names_cannot_become_markup_or_commands() {
    let outlet = shop::cafe();
    let mut order = cafe_order(&outlet);
    order.lines[0].name = "Kopi | 0\n@cut full\n@qr x\u{1b}p\0".to_owned();
    order.staff_name = "@logo {{ total }}".to_owned();
    let document = receipts::order_by(
        "{{ staff }}\n{% for line in lines %}\n{{ line.name }}\n{% endfor %}",
        &outlet,
        &order,
        false,
    );
    let document = document.unwrap();
    let text = document.to_plain_text(60);
    assert!(text.starts_with("@logo {{ total }}\nKopi | 0 @cut full @qr x p\n"), "{text}");
    assert_eq!(document.blocks().iter().filter(|block| matches!(block, Block::Cut(_))).count(), 1);
}

fn preview(till: &Till, receipt: &str, logo: Option<&str>) -> LayoutsPreviewView {
    let layouts = json!({ "receipt": receipt, "ticket": null, "header": [], "footer": ["Sampai jumpa"], "legal": [], "logo": logo });
    till.call(
        "layouts.preview",
        &json!({ "layouts": layouts, "kind": "receipt", "last": false, "copy": false }),
    )
}

#[test]
fn a_layout_is_previewed_with_its_problems_by_who_sets_up() {
    let server = FakeServer::start();
    let dir = tempfile::tempdir().unwrap();
    let till = Till::selling(dir.path(), &server, |_| {});
    let refused = till.try_call::<_, LayoutsView>("layouts.show", &json!({})).unwrap_err();
    assert_eq!(refused.code, Code::NotAllowed);
    let _: AppState = till.call("staff.sign_out", &json!({}));
    let _: AppState =
        till.call("staff.sign_in", &json!({ "staff_id": shop::MANAGER, "pin": shop::MANAGER_PIN }));
    let shown: LayoutsView = till.call("layouts.show", &json!({}));
    assert_eq!(
        (shown.has_order, shown.layouts.receipt, shown.built_in_receipt.as_str()),
        (false, None, RECEIPT_TEMPLATE)
    );
    let good = preview(
        &till,
        "@center {{ shop.footer[0] }}\n{{ lines[0].name }} | {{ lines[0].amount }}",
        Some(&logo()),
    );
    assert!(
        good.problems.is_empty() && good.text.contains("Sampai jumpa") && good.text.contains("Kopi susu"),
        "{good:?}"
    );
    assert!(good.picture.starts_with("data:image/png;base64,iVBOR"));
    // The law's line is there though the template leaves it out.
    assert!(good.text.contains(shop::cafe().tax_number.unwrap().as_str()), "{}", good.text);
    let bad = preview(&till, "@centre Hi\n\n{{ nmae }}", None);
    let lines: Vec<u32> = bad.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [1], "{bad:?}");
    let bad = preview(&till, "Hi\n\n{{ nmae }}", Some("bm8gcG5n"));
    let lines: Vec<u32> = bad.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [3, 0], "{bad:?}");
    assert!(bad.text.contains("Sampai jumpa"), "the built-in layout is shown: {}", bad.text);
    let last = json!({ "layouts": shown_input(), "kind": "ticket", "last": true, "copy": true });
    let refused = till.try_call::<_, LayoutsPreviewView>("layouts.preview", &last).unwrap_err();
    assert_eq!(refused.code, Code::NotFound);
    till.sell();
    let ticket: LayoutsPreviewView = till.call("layouts.preview", &last);
    assert!(ticket.text.contains("KOTA-T3-000001") && ticket.text.contains("SALINAN"), "{}", ticket.text);
    let faulty =
        json!({ "receipt": "{{ a", "ticket": null, "header": [], "footer": [], "legal": [], "logo": null });
    let refused = till.try_call::<_, LayoutsView>("layouts.save", &faulty).unwrap_err();
    assert_eq!((refused.code, refused.details.reason.as_deref()), (Code::Invalid, Some("receipt")));
}

fn shown_input() -> serde_json::Value {
    json!({ "receipt": null, "ticket": null, "header": [], "footer": [], "legal": [], "logo": null })
}

#[test]
fn the_sample_can_be_priced_in_every_currency() {
    for (outlet, _) in sales() {
        let sample = receipts::sample(&outlet, shared::Timestamp::from_millis(shop::MORNING)).unwrap();
        let paid = Money::sum(sample.currency, sample.tenders.iter().map(|tender| tender.amount)).unwrap();
        assert_eq!(paid, sample.total.add(sample.cash_rounding).unwrap());
    }
}
