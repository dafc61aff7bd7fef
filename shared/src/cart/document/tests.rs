//! Laws of the cart: undo, merge, saving, and a plain state that is always the document's.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use proptest::prelude::*;

use super::*;
use crate::cart::{MAX_LINES, MAX_NOTE_CHARS};
use crate::ids::{CategoryId, ItemId, ModifierId, TaxId};
use crate::money::{Quantity, Rate, UnitPrice};
use crate::order::{LineModifier, PriceOverride};
use CartOperation as Op;

const CART: CartId = CartId::from_bytes([7; 16]);

/// Sixteen bytes as different from each other as those of real ids.
fn id(n: u32) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&crate::journal::Hash::of(&n.to_be_bytes()).as_bytes()[..16]);
    bytes
}

fn line_id(n: u32) -> LineId {
    LineId::from_bytes(id(n))
}

fn line(n: u32, pieces: i32) -> CartLine {
    CartLine {
        line_id: line_id(n),
        item_id: ItemId::from_bytes(id(1_000_000 + n % 60)),
        variant_id: None,
        sku: format!("KOPI-{}", n % 60),
        name: format!("Kopi Susu Gula Aren {}", n % 60),
        category_id: Some(CategoryId::from_bytes(id(2_000_000 + n % 5))),
        base_price: UnitPrice::from_ten_thousandths(180_000_000),
        tax_ids: vec![TaxId::from_bytes(id(3_000_000))],
        modifiers: vec![],
        quantity: Quantity::pieces(pieces),
        weighed: false,
        note: None,
        discount: None,
        price_override: None,
    }
}

fn add(n: u32, pieces: i32) -> Op {
    Op::AddLine(Box::new(line(n, pieces)))
}

fn change(n: u32, pieces: i32) -> Op {
    Op::ChangeQuantity { line_id: line_id(n), delta: Quantity::pieces(pieces) }
}

fn cart(actor: u8) -> Cart {
    Cart::new(CART, [actor; 16])
}

/// Another replica, as another till has it.
fn replica(of: &mut Cart, actor: u8) -> Cart {
    Cart::load(CART, [actor; 16], &[of.save()]).unwrap()
}

fn quantity(cart: &Cart, n: u32) -> Option<i64> {
    cart.line(line_id(n)).map(|line| line.quantity.raw())
}

/// The law: the plain state is what the document says.
fn assert_mirrored(cart: &Cart) {
    assert_eq!(stored::hydrate(&cart.document, &cart.lines).unwrap(), cart.mirror);
}

#[test]
fn lines_are_shown_in_the_order_they_were_added() {
    let mut cart = cart(1);
    for n in [5, 1, 9, 3] {
        cart.apply(add(n, 1)).unwrap();
    }
    let shown: Vec<LineId> = cart.lines().map(|line| line.line_id).collect();
    assert_eq!(shown, [5, 1, 9, 3].map(line_id));
    let loaded = replica(&mut cart, 2);
    assert_eq!(loaded.lines().map(|line| line.line_id).collect::<Vec<_>>(), shown);
}

#[test]
fn concurrent_additions_of_one_add_up_to_two() {
    let mut here = cart(1);
    here.apply(add(1, 1)).unwrap();
    let mut there = replica(&mut here, 2);
    here.apply(change(1, 1)).unwrap();
    there.apply(change(1, 1)).unwrap();
    here.merge(&mut there).unwrap();
    there.merge(&mut here).unwrap();
    assert_eq!(quantity(&here, 1), Some(3_000));
    assert_eq!(quantity(&there, 1), Some(3_000));
    assert_mirrored(&here);
}

#[test]
fn removal_takes_only_what_was_seen() {
    let mut here = cart(1);
    here.apply(add(1, 2)).unwrap();
    let mut there = replica(&mut here, 2);
    here.apply(change(1, -5)).unwrap();
    assert_eq!(quantity(&here, 1), None, "taking more than there is removes the line");
    there.apply(change(1, 1)).unwrap();
    here.merge(&mut there).unwrap();
    assert_eq!(quantity(&here, 1), Some(1_000), "the other till's one stays");
}

#[test]
fn a_line_removed_on_both_tills_stays_removed_until_both_undo() {
    let mut here = cart(1);
    here.apply(add(1, 2)).unwrap();
    let mut there = replica(&mut here, 2);
    let undo_here = here.apply(change(1, -2)).unwrap();
    let undo_there = there.apply(change(1, -2)).unwrap();
    here.merge(&mut there).unwrap();
    here.apply(undo_here).unwrap();
    assert_eq!(quantity(&here, 1), None);
    here.apply(undo_there).unwrap();
    assert_eq!(quantity(&here, 1), Some(2_000));
    assert_mirrored(&here);
}

#[test]
fn replicas_made_apart_share_their_lines() {
    let (mut here, mut there) = (cart(1), cart(2));
    here.apply(add(1, 1)).unwrap();
    there.apply(add(2, 4)).unwrap();
    here.merge(&mut there).unwrap();
    assert_eq!((quantity(&here, 1), quantity(&here, 2)), (Some(1_000), Some(4_000)));
}

#[test]
fn a_cart_takes_no_other_cart_in() {
    let mut here = cart(1);
    here.apply(add(1, 1)).unwrap();
    let mut other = Cart::new(CartId::from_bytes([8; 16]), [2; 16]);
    other.apply(add(2, 1)).unwrap();
    assert!(matches!(here.merge(&mut other), Err(CartError::Document(_))));
    assert!(matches!(Cart::load(CART, [3; 16], &[other.save()]), Err(CartError::Document(_))));
    assert_eq!(here.item_count(), 1);
}

#[test]
fn every_step_can_be_undone() {
    let mut cart = cart(1);
    cart.apply(add(1, 2)).unwrap();
    cart.apply(Op::SetLineNote { line_id: line_id(1), note: Some("less ice".into()) }).unwrap();
    cart.apply(Op::SetOrderDiscount(Some(Discount::Percent(Rate::percent(5))))).unwrap();
    let price_override = Some(PriceOverride { from: None, reason: "dented".into() });
    let steps = [
        change(1, -2),
        Op::SetPrice { line_id: line_id(1), base_price: UnitPrice::from_ten_thousandths(5), price_override },
        Op::SetLineNote { line_id: line_id(1), note: None },
        Op::SetLineDiscount { line_id: line_id(1), discount: Some(Discount::Percent(Rate::WHOLE)) },
        Op::SetOrderDiscount(None),
        Op::SetNote(Some("table 4".into())),
        add(2, 1),
    ];
    for step in steps {
        let state = |cart: &Cart| {
            let lines: Vec<_> = cart.lines().cloned().collect();
            (lines, cart.order_discount(), cart.note().map(str::to_owned))
        };
        let before = state(&cart);
        let undo = cart.apply(step.clone()).unwrap();
        let after = state(&cart);
        assert_ne!(before, after, "{step:?} changed nothing");
        let redo = cart.apply(undo).unwrap();
        assert_eq!(state(&cart), before, "{step:?} was not undone");
        let undo = cart.apply(redo).unwrap();
        assert_eq!(state(&cart), after, "{step:?} was not done again");
        cart.apply(undo).unwrap();
        assert_mirrored(&cart);
    }
}

#[test]
fn refused_steps_leave_the_cart_and_its_bytes_as_they_were() {
    let mut cart = cart(1);
    cart.apply(add(1, 1)).unwrap();
    let mut weighed = line(2, 1);
    weighed.weighed = true;
    cart.apply(Op::AddLine(Box::new(weighed))).unwrap();
    cart.save_increment();
    let half = Quantity::from_thousandths(500);
    let negative = UnitPrice::from_ten_thousandths(-1);
    let mut half_a_piece = line(3, 1);
    half_a_piece.quantity = half;
    let mut below_zero = line(3, 1);
    below_zero.modifiers.push(LineModifier {
        modifier_id: ModifierId::from_bytes(id(9)),
        name: "discount card".into(),
        unit_price: UnitPrice::from_ten_thousandths(-180_000_001),
    });
    let id_1 = line_id(1);
    let long = "x".repeat(MAX_NOTE_CHARS + 1);
    let refused = [
        (add(1, 1), CartError::DuplicateLine(id_1)),
        (add(3, 0), CartError::Quantity(Quantity::ZERO)),
        (add(3, 1_000_001), CartError::Quantity(Quantity::pieces(1_000_001))),
        (Op::AddLine(Box::new(half_a_piece)), CartError::Quantity(half)),
        (Op::AddLine(Box::new(below_zero)), CartError::NegativePrice(line_id(3))),
        (Op::ChangeQuantity { line_id: id_1, delta: half }, CartError::Quantity(half)),
        (change(1, 1_000_000), CartError::Quantity(Quantity::pieces(1_000_001))),
        (change(9, 1), CartError::UnknownLine(line_id(9))),
        (Op::SetLineNote { line_id: line_id(9), note: None }, CartError::UnknownLine(line_id(9))),
        (Op::SetLineNote { line_id: id_1, note: Some("a\nb".into()) }, CartError::Note),
        (Op::SetNote(Some(long)), CartError::Note),
        (
            Op::SetPrice { line_id: id_1, base_price: negative, price_override: None },
            CartError::NegativePrice(id_1),
        ),
        (Op::SetOrderDiscount(Some(Discount::Percent(Rate(1_000_001)))), CartError::Discount),
        (
            Op::SetLineDiscount {
                line_id: id_1,
                discount: Some(Discount::Amount("-1 IDR".parse().unwrap())),
            },
            CartError::Discount,
        ),
    ];
    for (step, error) in refused {
        assert_eq!(cart.apply(step), Err(error));
        assert_mirrored(&cart);
    }
    assert_eq!(cart.save_increment(), Vec::<u8>::new());
    let half_kilo = Op::ChangeQuantity { line_id: line_id(2), delta: half };
    cart.apply(half_kilo).unwrap();
    assert_eq!(quantity(&cart, 2), Some(1_500), "weights may be split");
}

#[test]
fn a_note_of_the_longest_length_is_kept_and_an_empty_one_is_none() {
    let mut cart = cart(1);
    let longest = "đ".repeat(MAX_NOTE_CHARS);
    cart.apply(Op::SetNote(Some(longest.clone()))).unwrap();
    assert_eq!(cart.note(), Some(longest.as_str()));
    cart.apply(Op::SetNote(Some("  ".into()))).unwrap();
    assert_eq!(cart.note(), None);
}

#[test]
fn a_full_cart_takes_no_more_lines() {
    let mut cart = cart(1);
    for n in 0..MAX_LINES {
        cart.apply(add(u32::try_from(n).unwrap(), 1)).unwrap();
    }
    assert_eq!(cart.apply(add(99_999, 1)), Err(CartError::Full));
    cart.apply(change(4, 1)).unwrap();
    assert_mirrored(&cart);
}

#[test]
fn weights_count_as_one_item() {
    let mut cart = cart(1);
    cart.apply(add(1, 3)).unwrap();
    let mut weighed = line(2, 1);
    weighed.weighed = true;
    weighed.quantity = Quantity::from_thousandths(12_345);
    cart.apply(Op::AddLine(Box::new(weighed))).unwrap();
    assert_eq!(cart.item_count(), 4);
    assert!(!cart.is_empty());
}

#[test]
fn increments_one_after_the_other_are_the_cart() {
    let mut cart = cart(1);
    let mut chunks = vec![cart.save_increment()];
    for n in 0..20 {
        cart.apply(add(n, 1)).unwrap();
        chunks.push(cart.save_increment());
        cart.apply(change(n, 2)).unwrap();
        chunks.push(cart.save_increment());
        if n == 10 {
            chunks = vec![cart.save()];
        }
    }
    let mut loaded = Cart::load(CART, [2; 16], &chunks).unwrap();
    assert_eq!(loaded.mirror, cart.mirror);
    assert_eq!(loaded.save_increment(), Vec::<u8>::new(), "what was loaded is stored already");
    loaded.apply(change(3, 1)).unwrap();
    chunks.push(loaded.save_increment());
    assert_eq!(quantity(&Cart::load(CART, [3; 16], &chunks).unwrap(), 3), Some(4_000));
}

#[test]
fn a_missing_increment_is_an_error_and_not_a_smaller_cart() {
    let mut cart = cart(1);
    let mut chunks = vec![];
    for n in 0..4 {
        cart.apply(add(n, 1)).unwrap();
        chunks.push(if n == 0 { cart.save() } else { cart.save_increment() });
    }
    chunks.remove(2);
    assert!(matches!(Cart::load(CART, [2; 16], &chunks), Err(CartError::Document(_))));
    chunks.remove(0);
    assert!(matches!(Cart::load(CART, [2; 16], &chunks), Err(CartError::Document(_))));
}

#[test]
fn nothing_stored_is_a_new_cart() {
    let mut cart = Cart::load(CART, [1; 16], &[]).unwrap();
    assert!(cart.is_empty());
    cart.apply(add(1, 1)).unwrap();
    assert_eq!(replica(&mut cart, 2).item_count(), 1);
}

#[test]
fn a_cart_of_a_thousand_edits_is_small() {
    let mut cart = cart(1);
    for n in 0..700 {
        cart.apply(add(n, 1)).unwrap();
    }
    for n in 0..150 {
        cart.apply(change(n, 1)).unwrap();
        cart.apply(Op::SetLineNote { line_id: line_id(n), note: Some(format!("table {n}")) }).unwrap();
    }
    let bytes = cart.save();
    assert!(bytes.len() < 100 * 1024, "{} bytes", bytes.len());
    assert_eq!(Cart::load(CART, [2; 16], &[bytes]).unwrap().mirror, cart.mirror);
}

/// Any step on a few lines, valid or not; `own` begins the ids of added lines, because no two tills make the same id.
fn steps(own: u32) -> impl Strategy<Value = Vec<Op>> {
    let n = 0_u32..6;
    let any_line = prop_oneof![n.clone(), n.clone().prop_map(move |n| own + n)];
    let discount = prop_oneof![
        Just(None),
        (0_u32..1_200_000).prop_map(|ppm| Some(Discount::Percent(Rate(ppm)))),
        (-5_i64..500)
            .prop_map(|minor| Some(Discount::Amount(crate::Money::new(minor, "IDR".parse().unwrap())))),
    ];
    let note = proptest::option::of("[a-z ]{0,12}\n?");
    let step = prop_oneof![
        3 => (n.clone(), -1_i32..5).prop_map(move |(n, pieces)| add(own + n, pieces)),
        6 => (any_line, -4_i32..4).prop_map(|(n, pieces)| change(n, pieces)),
        1 => (n.clone(), note.clone()).prop_map(|(n, note)| Op::SetLineNote { line_id: line_id(n), note }),
        1 => (n.clone(), discount.clone())
            .prop_map(|(n, discount)| Op::SetLineDiscount { line_id: line_id(n), discount }),
        1 => (n, -1_i64..9_999).prop_map(|(n, price)| Op::SetPrice {
            line_id: line_id(n),
            base_price: UnitPrice::from_ten_thousandths(price),
            price_override: Some(PriceOverride { from: None, reason: "offer".into() }),
        }),
        1 => discount.prop_map(Op::SetOrderDiscount),
        1 => note.prop_map(Op::SetNote),
    ];
    proptest::collection::vec(step, 0..25)
}

/// Applies what is allowed and gives the inverses.
fn work(cart: &mut Cart, steps: Vec<Op>) -> Vec<Op> {
    steps.into_iter().filter_map(|step| cart.apply(step).ok()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_plain_state_is_the_documents(first in steps(0), here in steps(0), there in steps(100)) {
        let mut a = cart(1);
        work(&mut a, first);
        assert_mirrored(&a);
        let mut b = replica(&mut a, 2);
        prop_assert_eq!(&a.mirror, &b.mirror);
        work(&mut a, here);
        work(&mut b, there);
        assert_mirrored(&a);
        assert_mirrored(&b);
        a.merge(&mut b).unwrap();
        assert_mirrored(&a);
        let c = replica(&mut a, 3);
        prop_assert_eq!(&a.mirror, &c.mirror);
    }

    #[test]
    fn merging_commutes_and_may_be_repeated(first in steps(0), here in steps(0), there in steps(100)) {
        let mut a = cart(1);
        work(&mut a, first);
        let mut b = replica(&mut a, 2);
        work(&mut a, here);
        work(&mut b, there);
        let (mut a2, mut b2) = (a.clone(), b.clone());
        a2.merge(&mut b).unwrap();
        b2.merge(&mut a).unwrap();
        prop_assert_eq!(&a2.mirror, &b2.mirror);
        let merged = a2.mirror.clone();
        a2.merge(&mut b2).unwrap();
        prop_assert_eq!(&a2.mirror, &merged);
    }

    #[test]
    fn undoing_all_steps_comes_back_to_the_start(first in steps(0), then in steps(0)) {
        let mut cart = cart(1);
        work(&mut cart, first);
        let shown = |cart: &Cart| {
            let lines: Vec<_> = cart.lines().cloned().collect();
            (lines, cart.order_discount(), cart.note().map(str::to_owned))
        };
        let before = shown(&cart);
        let undo = work(&mut cart, then);
        for step in undo.into_iter().rev() {
            cart.apply(step).unwrap();
        }
        prop_assert_eq!(shown(&cart), before);
    }

    #[test]
    fn random_bytes_never_panic(chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..80), 1..4)) {
        prop_assert!(Cart::load(CART, [1; 16], &chunks).is_err());
    }

    #[test]
    fn damaged_bytes_are_an_error_or_the_very_cart(
        steps in steps(0), whole in any::<bool>(), cut in any::<prop::sample::Index>(), flip in proptest::option::of(1_u8..),
    ) {
        let mut cart = cart(1);
        work(&mut cart, steps);
        let mut bytes = if whole { cart.save() } else { cart.save_increment() };
        let at = cut.index(bytes.len());
        match flip {
            Some(flip) => bytes[at] ^= flip,
            None => bytes.truncate(at.max(1)),
        }
        if let Ok(loaded) = Cart::load(CART, [2; 16], &[bytes]) {
            // A cut between two changes leaves a cart of fewer steps; its plain state is still its own document's.
            assert_mirrored(&loaded);
            prop_assert!(flip.is_none(), "a flipped bit went unseen");
        }
    }
}
