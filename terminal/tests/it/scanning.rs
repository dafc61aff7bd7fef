//! What a scanned label puts on the line: weights, prices, lots and days.

use hardware::barcode::check_digit::check_digit;
use terminal::context::CommandError;
use terminal::register;
use terminal::views::*;

use crate::till::*;

fn scan(till: &mut Till, code: &str) -> Result<CartView, CommandError> {
    till.run(|store, ctx| register::scan(store, ctx, ScanInput { code: code.to_owned(), quantity: None }))
}

fn labelled(payload: &str) -> String {
    format!("{payload}{}", check_digit(payload).unwrap())
}

#[test]
fn a_label_of_the_shops_scale_brings_its_weight() {
    let mut till = Till::selling();
    let cart = scan(&mut till, &format!("]E0{}", labelled("200004201234"))).unwrap();
    assert_eq!(cart.lines[0].quantity, "1.234".parse().unwrap());
    assert_eq!(cart.lines[0].gross, idr(39_488));
    assert!(!cart.lines[0].overridden);
    assert_eq!(
        scan(&mut till, &labelled("200004200500")).unwrap().lines.len(),
        2,
        "each pack is its own line"
    );
}

#[test]
fn a_label_with_a_price_comes_to_that_price_whatever_the_weight() {
    for (value, quantity, replaced) in
        [("16000", "0.5", false), ("10000", "0.313", true), ("00001", "1", true)]
    {
        let mut till = Till::selling();
        let cart = scan(&mut till, &labelled(&format!("2200042{value}"))).unwrap();
        let line = &cart.lines[0];
        assert_eq!(line.gross, idr(value.parse().unwrap()), "{value}");
        assert_eq!(line.quantity, quantity.parse().unwrap(), "{value}");
        assert_eq!(line.overridden, replaced, "{value}");
    }
}

#[test]
fn a_label_without_a_value_asks_for_the_weight() {
    let mut till = Till::selling();
    for code in ["2000042000004", "2200042000008"] {
        assert_eq!(scan(&mut till, code).unwrap_err().code, Code::ChoiceNeeded);
    }
    let wrong = scan(&mut till, "2000042012349").unwrap_err();
    assert_eq!(wrong.code, Code::UnknownCode, "a wrong check digit is no label");
}

#[test]
fn lot_and_last_day_of_a_gs1_code_stand_under_the_line() {
    let mut till = Till::selling();
    let cart = scan(&mut till, "]C1010899123456789117290331").unwrap();
    assert_eq!(cart.lines[0].note.as_deref(), Some("Baik sebelum 2029-03-31"));
    let cart = scan(&mut till, "010899123456789110L-7\u{1d}21S1").unwrap();
    assert_eq!(cart.lines.len(), 2);
    assert_eq!(cart.lines[1].note.as_deref(), Some("Lot L-7 · No. seri S1"));
    let cart = scan(&mut till, "]d20108991234567891373").unwrap();
    assert_eq!(cart.lines[2].quantity, pieces(3), "a pack says how many it holds");
}

#[test]
fn a_gs1_code_of_weighed_goods_brings_the_net_weight() {
    let mut till = Till::selling();
    let cart = scan(&mut till, "]e00102000042000004310300018910ABC").unwrap();
    assert_eq!(cart.lines[0].quantity, "0.189".parse().unwrap());
    assert_eq!(cart.lines[0].note.as_deref(), Some("Lot ABC"));
}

#[test]
fn a_till_with_layouts_of_its_own_reads_by_those() {
    let mut till = Till::selling();
    till.store
        .write(|tx| terminal::store::meta::set_json(tx, "in_store_layouts", &["20IIIIIIWWWWC/1"]))
        .unwrap();
    let cart = scan(&mut till, &labelled("200004201234")).unwrap();
    assert_eq!(cart.lines[0].quantity, "123.4".parse().unwrap());
}
