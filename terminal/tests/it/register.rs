//! Ringing up: every change is on the disk before it is on the screen.

use shared::Rate;
use shared::ids::{LineId, ModifierId};
use shared::money::UnitPrice;
use shared::pricing::Discount;
use shared::staff::Permission;
use terminal::context::CommandError;
use terminal::register;
use terminal::views::*;

use crate::till::*;

fn code<T: std::fmt::Debug>(result: Result<T, CommandError>) -> Code {
    result.unwrap_err().code
}

fn price(text: &str) -> Option<UnitPrice> {
    Some(text.parse().unwrap())
}

fn discount(
    till: &mut Till,
    line_id: Option<LineId>,
    discount: Option<Discount>,
) -> Result<CartView, CommandError> {
    till.run(|store, ctx| {
        register::set_discount(store, ctx, DiscountInput { line_id, discount, approval: None })
    })
}

fn scan(till: &mut Till, code: &str) -> Result<CartView, CommandError> {
    till.run(|store, ctx| register::scan(store, ctx, ScanInput { code: code.to_owned(), quantity: None }))
}

#[test]
fn a_line_has_the_figures_of_the_outlet() {
    let mut till = Till::selling();
    assert_eq!(till.cart().cart_id, None);
    let cart = till.add(kopi(), 2);
    assert_eq!(cart.subtotal, Some(idr(36_000)));
    assert_eq!(cart.service_charge, Some(idr(1_800)));
    assert_eq!(cart.taxes[0].amount, idr(3_780));
    assert_eq!(cart.total, Some(idr(41_580)));
    assert_eq!((cart.item_count, cart.can_undo, cart.lines[0].gross), (2, true, idr(36_000)));
    assert_eq!(cart.last_line_id, Some(cart.lines[0].line_id));
}

#[test]
fn the_cart_is_back_after_the_plug_was_pulled() {
    let mut till = Till::selling();
    till.add(kopi(), 2);
    till.add(roti(), 1);
    let line = till.cart().lines[0].line_id;
    let input = NoteInput { line_id: Some(line), note: Some("less sugar".into()) };
    till.run(|store, ctx| register::set_note(store, ctx, input)).unwrap();
    discount(&mut till, None, Some(Discount::Percent(Rate::percent(10)))).unwrap();
    let before = till.cart();
    let mut till = till.restart();
    let after = till.cart();
    assert_eq!(CartView { can_undo: true, ..after.clone() }, before);
    assert!(!after.can_undo, "steps of an earlier process stay");
    // It goes on where it was.
    assert_eq!(till.add(kopi(), 1).lines.len(), 3, "a line with a note is not added to");
    assert_eq!(till.restart().cart().lines.len(), 3);
}

#[test]
fn equal_lines_are_one_unless_asked_otherwise() {
    let mut till = Till::selling();
    till.add(kopi(), 1);
    assert_eq!(scan(&mut till, "8991234567891").unwrap().lines[0].quantity, pieces(2));
    let cart = till.try_add(AddItemInput { separate: true, ..adding(kopi()) }).unwrap();
    assert_eq!(cart.lines.len(), 2);
    let with = |modifiers| AddItemInput { variant_id: Some(large()), modifiers, ..adding(latte()) };
    till.try_add(with(vec![oat_milk()])).unwrap();
    till.try_add(with(vec![cow_milk()])).unwrap();
    let cart = till.try_add(with(vec![oat_milk()])).unwrap();
    let quantities: Vec<String> = cart.lines.iter().map(|line| line.quantity.to_string()).collect();
    assert_eq!(quantities, ["2", "1", "2", "1"]);
    assert_eq!(cart.lines[2].unit_price, idr(35_000));
}

#[test]
fn choices_are_asked_for_and_bounded() {
    let mut till = Till::selling();
    let latte_with = |modifiers| AddItemInput { variant_id: Some(large()), modifiers, ..adding(latte()) };
    for (input, expected) in [
        (adding(latte()), Code::ChoiceNeeded),
        (latte_with(vec![]), Code::ChoiceNeeded),
        (latte_with(vec![oat_milk(), cow_milk()]), Code::Invalid),
        (latte_with(vec![oat_milk(), extra_shot(), extra_shot(), extra_shot()]), Code::Invalid),
        (latte_with(vec![oat_milk(), id!(ModifierId, 99)]), Code::NotFound),
        (AddItemInput { variant_id: Some(large()), ..adding(kopi()) }, Code::NotFound),
        (adding(apple()), Code::ChoiceNeeded),
        (adding(donation()), Code::ChoiceNeeded),
        (adding(sold_out()), Code::Invalid),
        (adding(id!(ItemId, 99)), Code::NotFound),
        (AddItemInput { quantity: Some(pieces(0)), ..adding(kopi()) }, Code::Invalid),
        (AddItemInput { quantity: Some("0.5".parse().unwrap()), ..adding(kopi()) }, Code::OutOfRange),
        (AddItemInput { price: price("-1"), approval: manager_leave(), ..adding(kopi()) }, Code::OutOfRange),
    ] {
        let shown = format!("{input:?}");
        assert_eq!(code(till.try_add(input)), expected, "{shown}");
    }
    assert_eq!(till.cart().cart_id, None, "nothing of it began a cart");
    let cart = till.try_add(latte_with(vec![extra_shot(), oat_milk(), extra_shot()])).unwrap();
    assert_eq!(cart.lines[0].unit_price, idr(43_000));
    let names: Vec<&str> = cart.lines[0].modifiers.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["Oat", "Extra", "Extra"]);
    let weighed = AddItemInput { quantity: Some("0.375".parse().unwrap()), ..adding(apple()) };
    assert_eq!(till.try_add(weighed).unwrap().lines[1].gross, idr(12_000));
    let given = AddItemInput { price: price("7500"), ..adding(donation()) };
    let cart = till.try_add(given).unwrap();
    assert_eq!(
        (cart.lines[2].gross, cart.lines[2].overridden),
        (idr(7_500), false),
        "an open price needs no leave"
    );
}

#[test]
fn the_dearest_of_the_choices_is_included_whatever_was_tapped_first() {
    let mut till = Till::selling();
    let latte_with = |syrups: &[ModifierId]| {
        let modifiers = std::iter::once(cow_milk()).chain(syrups.iter().copied()).collect();
        AddItemInput { variant_id: Some(large()), modifiers, ..adding(latte()) }
    };
    for (syrups, price) in [
        (&[] as &[ModifierId], 30_000),
        (&[maple()], 30_000),
        (&[vanilla(), maple()], 33_000),
        (&[maple(), vanilla()], 33_000),
        (&[maple(), maple(), vanilla()], 39_000),
    ] {
        let cart = till.try_add(latte_with(syrups)).unwrap();
        assert_eq!(cart.lines.last().unwrap().unit_price, idr(price), "{syrups:?}");
    }
}

#[test]
fn a_code_that_no_item_carries_is_named_and_one_that_asks_names_its_item() {
    let mut till = Till::selling();
    let error = scan(&mut till, "4006381333931").unwrap_err();
    assert_eq!((error.code, error.details.subject.as_deref()), (Code::UnknownCode, Some("4006381333931")));
    let error = scan(&mut till, "LATTE").unwrap_err();
    assert_eq!((error.code, error.details.subject), (Code::ChoiceNeeded, Some(latte().to_string())));
    assert_eq!(code(scan(&mut till, "APEL")), Code::ChoiceNeeded);
    let weighed = ScanInput { code: "APEL".into(), quantity: Some("1.25".parse().unwrap()) };
    let cart = till.run(|store, ctx| register::scan(store, ctx, weighed)).unwrap();
    assert_eq!(cart.lines[0].gross, idr(40_000));
}

#[test]
fn a_replaced_price_needs_leave_and_keeps_what_stood_before() {
    let mut till = Till::selling();
    let cheaper = AddItemInput { price: price("15000"), ..adding(kopi()) };
    let error = till.try_add(cheaper.clone()).unwrap_err();
    assert_eq!(
        (error.code, error.details.permission),
        (Code::ApprovalNeeded, Some(Permission::PriceOverride))
    );
    let wrong = ApprovalInput { staff_id: cashier(), pin: CASHIER_PIN.into() };
    assert_eq!(
        code(till.try_add(AddItemInput { approval: Some(wrong), ..cheaper.clone() })),
        Code::NotAllowed
    );
    let cart = till.try_add(AddItemInput { approval: manager_leave(), ..cheaper }).unwrap();
    assert!(cart.lines[0].overridden);
    let input = PriceInput {
        line_id: cart.lines[0].line_id,
        price: "14000".parse().unwrap(),
        reason: "dented".into(),
        approval: manager_leave(),
    };
    till.run(|store, ctx| register::set_price(store, ctx, input)).unwrap();
    assert_eq!(till.kinds().iter().filter(|kind| *kind == "approval.granted").count(), 2);
    let order = till.pay(vec![cash(20_000)]).unwrap().order;
    let replaced = order.lines[0].price_override.clone().unwrap();
    assert_eq!((replaced.from, replaced.reason.as_str()), (price("18000"), "dented"));
}

#[test]
fn every_step_is_taken_back_in_turn() {
    let mut till = Till::selling();
    let empty = till.add(kopi(), 1);
    let mut seen = vec![empty];
    let line = seen[0].lines[0].line_id;
    seen.push(till.add(roti(), 2));
    let quantity = QuantityInput { line_id: line, quantity: pieces(5) };
    seen.push(till.run(|store, ctx| register::set_quantity(store, ctx, quantity)).unwrap());
    let amount = Discount::Amount(idr(1_000));
    seen.push(discount(&mut till, Some(line), Some(amount)).unwrap());
    seen.push(discount(&mut till, None, Some(Discount::Percent(Rate::percent(5)))).unwrap());
    let note = NoteInput { line_id: None, note: Some("table 4".into()) };
    seen.push(till.run(|store, ctx| register::set_note(store, ctx, note)).unwrap());
    seen.push(till.run(|store, ctx| register::remove_line(store, ctx, LineInput { line_id: line })).unwrap());
    for expected in seen.iter().rev().skip(1) {
        assert_eq!(&till.run(register::undo).unwrap(), expected);
    }
    let cart = till.run(register::undo).unwrap();
    assert!(cart.lines.is_empty() && !cart.can_undo);
    assert_eq!(code(till.run(register::undo)), Code::Invalid);
}

#[test]
fn a_discount_above_the_whole_is_refused_but_never_keeps_a_line_from_going() {
    let mut till = Till::selling();
    let line = till.add(kopi(), 1).lines[0].line_id;
    till.add(roti(), 1);
    assert_eq!(code(discount(&mut till, None, Some(Discount::Amount(idr(30_501))))), Code::Invalid);
    assert_eq!(code(discount(&mut till, Some(line), Some(Discount::Amount(idr(18_001))))), Code::Invalid);
    assert_eq!(till.cart().discount_total, Some(idr(0)), "the cart is as before");
    discount(&mut till, None, Some(Discount::Amount(idr(20_000)))).unwrap();
    let cart = till.run(|store, ctx| register::remove_line(store, ctx, LineInput { line_id: line })).unwrap();
    assert_eq!((cart.order_discount, cart.total), (None, Some(idr(13_188))));
    let back = till.run(register::undo).unwrap();
    assert_eq!((back.lines.len(), back.discount_total), (2, Some(idr(20_000))));
}

#[test]
fn a_figure_beyond_range_is_refused_and_the_cart_stays() {
    let mut till = Till::selling();
    let before = till.add(kopi(), 1);
    let input = AddItemInput {
        price: price("1000000000000"),
        quantity: Some(pieces(1_000_000)),
        ..adding(donation())
    };
    till.try_add(input.clone()).unwrap();
    let ten = AddItemInput { quantity: Some(pieces(1_000_000)), separate: true, ..input };
    let mut refused = None;
    for _ in 0..20 {
        if let Err(error) = till.try_add(ten.clone()) {
            refused = Some(error);
            break;
        }
    }
    assert_eq!(refused.unwrap().code, Code::OutOfRange);
    let shown = till.cart();
    assert_eq!(shown.lines[0].line_id, before.lines[0].line_id);
    assert_eq!(till.restart().cart().lines.len(), shown.lines.len());
    let mut till = Till::selling();
    till.add(kopi(), 1);
    let large = QuantityInput { line_id: till.cart().lines[0].line_id, quantity: pieces(i32::MAX) };
    assert_eq!(code(till.run(|store, ctx| register::set_quantity(store, ctx, large))), Code::OutOfRange);
}

#[test]
fn a_held_cart_leaves_the_window_and_comes_back_whole() {
    let mut till = Till::selling();
    assert_eq!(
        code(till.run(|store, ctx| register::hold(store, ctx, HoldInput { label: None }))),
        Code::CartEmpty
    );
    let first = till.add(kopi(), 2);
    let label = Some(" Mbak Sari ".to_owned());
    let after = till.run(|store, ctx| register::hold(store, ctx, HoldInput { label })).unwrap();
    assert_eq!((after.cart_id, after.held_count), (None, 1));
    let second = till.add(roti(), 1);
    let mut till = till.restart();
    let shelf = till.run(register::held).unwrap();
    assert_eq!(
        (shelf.carts[0].label.as_str(), shelf.carts[0].total, shelf.carts[0].item_count),
        ("Mbak Sari", idr(41_580), 2)
    );
    let recall = RecallInput { cart_id: first.cart_id.unwrap() };
    let back = till.run(|store, ctx| register::recall(store, ctx, recall.clone())).unwrap();
    assert_eq!((back.cart_id, &back.lines, back.held_count), (first.cart_id, &first.lines, 1));
    let shelf = till.run(register::held).unwrap();
    assert_eq!((shelf.carts[0].cart_id, shelf.carts[0].label.as_str()), (second.cart_id.unwrap(), "10:00"));
    assert_eq!(code(till.run(|store, ctx| register::recall(store, ctx, recall))), Code::NotFound);
}

#[test]
fn two_windows_have_a_cart_each() {
    let mut till = Till::selling();
    till.add(kopi(), 1);
    till.client = "tablet".to_owned();
    assert_eq!(code(till.try_add(adding(kopi()))), Code::NotSignedIn);
    till.sign_in(manager(), MANAGER_PIN).unwrap();
    assert_eq!(till.add(roti(), 1).lines.len(), 1);
    till.client = "window".to_owned();
    assert_eq!(till.cart().lines[0].name, "Kopi Susu");
}

#[test]
fn a_voided_cart_is_a_fact_and_an_empty_one_is_not() {
    let mut till = Till::selling();
    let void = |till: &mut Till| {
        let input = VoidInput { reason: "changed her mind".into(), approval: None };
        till.run(|store, ctx| register::void(store, ctx, input))
    };
    assert_eq!(code(void(&mut till)), Code::CartEmpty);
    let line = till.add(kopi(), 1).lines[0].line_id;
    till.run(|store, ctx| register::remove_line(store, ctx, LineInput { line_id: line })).unwrap();
    assert_eq!(void(&mut till).unwrap().cart_id, None);
    assert!(!till.kinds().contains(&"order.voided".to_owned()));
    till.add(kopi(), 1);
    assert_eq!(void(&mut till).unwrap().cart_id, None);
    assert_eq!(till.kinds().last().unwrap(), "order.voided");
    till.add(kopi(), 1);
    let documents = |till: &Till| till.count("SELECT COUNT(DISTINCT cart_id) FROM cart_changes");
    assert_eq!(documents(&till), 2, "nothing is swept while somebody waits");
    till.store.keep_house().unwrap();
    assert_eq!(documents(&till), 1, "settled documents are swept, the open one stays");
    assert_eq!(till.cart().lines.len(), 1);
}

#[test]
fn a_damaged_piece_of_a_cart_costs_its_last_steps_and_no_sale() {
    let mut till = Till::selling();
    till.add(kopi(), 1);
    till.add(roti(), 1);
    till.store.db().execute("UPDATE cart_changes SET bytes = x'00112233' WHERE change_no = (SELECT MAX(change_no) FROM cart_changes)", []).unwrap();
    let mut till = till.restart();
    let cart = till.cart();
    assert_eq!(cart.lines.len(), 1, "what can be read is there");
    till.add(roti(), 3);
    let mut till = till.restart();
    assert_eq!(till.cart().lines.len(), 2);
    till.pay(vec![cash(1_000_000)]).unwrap();
}

#[test]
fn a_cart_of_many_steps_is_compacted_and_stays_the_same() {
    let mut till = Till::selling();
    for n in 0..230 {
        till.try_add(AddItemInput {
            separate: n % 3 == 0,
            ..adding(if n % 2 == 0 { kopi() } else { roti() })
        })
        .unwrap();
    }
    assert!(till.count("SELECT COUNT(*) FROM cart_changes") < 200);
    let before = till.cart();
    assert_eq!(till.restart().cart().lines, before.lines);
}

#[test]
fn a_change_for_which_the_disk_has_no_room_says_so_and_leaves_the_cart_as_it_was() {
    let mut till = Till::selling();
    till.add(kopi(), 1);
    let before = till.cart();
    let pages = till.count("PRAGMA page_count");
    till.store.db().pragma_update(None, "max_page_count", pages).unwrap();
    let refused = loop {
        if let Err(error) = till.try_add(AddItemInput { separate: true, ..adding(kopi()) }) {
            break error;
        }
    };
    assert_eq!(refused.code, Code::DiskFull);
    till.store.db().pragma_update(None, "max_page_count", i64::from(u32::MAX) - 1).unwrap();
    let after = till.cart();
    assert!(after.lines.len() >= before.lines.len());
    till.add(roti(), 1);
    assert_eq!(till.cart().lines.len(), after.lines.len() + 1);
}
