//! The plain state of a cart beside its document, and the rules that an operation must keep.

use std::collections::HashMap;

use automerge::ObjId;

use super::{CartError, CartLine, CartOperation, CartTerms, MAX_LINES, MAX_NOTE_CHARS};
use crate::ids::LineId;
use crate::money::{Quantity, Rate};
use crate::pricing::Discount;

/// The largest quantity of a line in thousandths: a million pieces or a thousand tonnes.
pub(super) const MAX_QUANTITY: i64 = 1_000_000_000;

/// A line with its place in the document; lines of no quantity are kept, so that an undo can bring them back.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) line: CartLine,
    pub(super) ordering: i64,
    pub(super) object: ObjId,
}

/// The plain state.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Mirror {
    entries: Vec<Entry>,
    index: HashMap<LineId, usize>,
    pub(super) order_discount: Option<Discount>,
    pub(super) note: Option<String>,
    pub(super) terms: CartTerms,
}

impl Mirror {
    /// Takes all lines, in whatever order.
    pub(super) fn fill(&mut self, mut entries: Vec<Entry>) -> Result<(), CartError> {
        // Two replicas may each have added twice the bound; the document is what it is and must open.
        entries.sort_by_key(|entry| (entry.ordering, entry.line.line_id));
        self.index = entries.iter().enumerate().map(|(at, entry)| (entry.line.line_id, at)).collect();
        if self.index.len() != entries.len() {
            return Err(CartError::Document("a line stands twice".to_owned()));
        }
        self.entries = entries;
        Ok(())
    }

    pub(super) fn next_ordering(&self) -> i64 {
        self.entries.last().map_or(1, |entry| entry.ordering.saturating_add(1))
    }

    pub(super) fn push(&mut self, entry: Entry) {
        self.index.insert(entry.line.line_id, self.entries.len());
        self.entries.push(entry);
    }

    /// A line, shown or not.
    pub(super) fn entry(&self, line_id: LineId) -> Option<&Entry> {
        self.index.get(&line_id).and_then(|at| self.entries.get(*at))
    }

    pub(super) fn line_mut(&mut self, line_id: LineId) -> Option<&mut CartLine> {
        let at = *self.index.get(&line_id)?;
        self.entries.get_mut(at).map(|entry| &mut entry.line)
    }

    /// The lines shown.
    pub(super) fn lines(&self) -> impl Iterator<Item = &CartLine> {
        self.entries.iter().map(|entry| &entry.line).filter(|line| line.quantity.is_positive())
    }

    /// A line that is shown.
    pub(super) fn shown(&self, line_id: LineId) -> Result<&CartLine, CartError> {
        let entry = self.entry(line_id).filter(|entry| entry.line.quantity.is_positive());
        entry.map(|entry| &entry.line).ok_or(CartError::UnknownLine(line_id))
    }

    /// Checks an operation against the cart and gives it as it will be written, with its inverse.
    pub(super) fn plan(&self, operation: CartOperation) -> Result<(CartOperation, CartOperation), CartError> {
        use CartOperation as Op;
        Ok(match operation {
            Op::AddLine(mut line) => {
                self.check_new(&line)?;
                line.note = checked_note(line.note.take())?;
                let undo = Quantity::from_thousandths(-line.quantity.raw());
                let undo = Op::ChangeQuantity { line_id: line.line_id, delta: undo };
                (Op::AddLine(line), undo)
            }
            Op::ChangeQuantity { line_id, delta } => {
                let taken = self.checked_delta(line_id, delta)?;
                let undo = Quantity::from_thousandths(-taken.raw());
                (Op::ChangeQuantity { line_id, delta: taken }, Op::ChangeQuantity { line_id, delta: undo })
            }
            Op::SetLineNote { line_id, note } => {
                let before = self.shown(line_id)?.note.clone();
                let note = checked_note(note)?;
                (Op::SetLineNote { line_id, note }, Op::SetLineNote { line_id, note: before })
            }
            Op::SetLineDiscount { line_id, discount } => {
                let before = self.shown(line_id)?.discount;
                check_discount(discount)?;
                let undo = Op::SetLineDiscount { line_id, discount: before };
                (Op::SetLineDiscount { line_id, discount }, undo)
            }
            Op::SetPrice { line_id, base_price, price_override } => {
                let before = self.shown(line_id)?;
                let changed = CartLine { base_price, price_override: None, ..before.clone() };
                check_price(&changed)?;
                let undo = Op::SetPrice {
                    line_id,
                    base_price: before.base_price,
                    price_override: before.price_override.clone(),
                };
                (Op::SetPrice { line_id, base_price, price_override }, undo)
            }
            Op::SetOrderDiscount(discount) => {
                check_discount(discount)?;
                (Op::SetOrderDiscount(discount), Op::SetOrderDiscount(self.order_discount))
            }
            Op::SetNote(note) => (Op::SetNote(checked_note(note)?), Op::SetNote(self.note.clone())),
            Op::SetTerms(terms) => {
                (Op::SetTerms(Box::new(terms.checked()?)), Op::SetTerms(Box::new(self.terms.clone())))
            }
        })
    }

    fn check_new(&self, line: &CartLine) -> Result<(), CartError> {
        if self.index.contains_key(&line.line_id) {
            return Err(CartError::DuplicateLine(line.line_id));
        }
        if self.entries.len() >= MAX_LINES {
            return Err(CartError::Full);
        }
        if !line.quantity.is_positive() {
            return Err(CartError::Quantity(line.quantity));
        }
        check_quantity(line.weighed, line.quantity)?;
        check_discount(line.discount)?;
        check_price(line)
    }

    /// What a change of quantity really adds or takes: taking more than there is takes what is there, so that a
    /// concurrent addition of another till stays (an observed decrement).
    fn checked_delta(&self, line_id: LineId, delta: Quantity) -> Result<Quantity, CartError> {
        let entry = self.entry(line_id).ok_or(CartError::UnknownLine(line_id))?;
        let present = entry.line.quantity;
        check_quantity(entry.line.weighed, delta)?;
        if !present.is_positive() && delta.raw() <= 0 {
            return Err(CartError::UnknownLine(line_id));
        }
        if delta.raw() < 0 && present.raw() < -delta.raw() {
            return Ok(Quantity::from_thousandths(-present.raw()));
        }
        check_quantity(entry.line.weighed, present.add(delta)?)?;
        Ok(delta)
    }
}

fn check_quantity(weighed: bool, quantity: Quantity) -> Result<(), CartError> {
    let whole = weighed || quantity.raw() % Quantity::ONE.raw() == 0;
    let within = (-MAX_QUANTITY..=MAX_QUANTITY).contains(&quantity.raw());
    if whole && within { Ok(()) } else { Err(CartError::Quantity(quantity)) }
}

/// A price that the pricing function would refuse must not get into a cart, where it would stop the whole sale.
fn check_price(line: &CartLine) -> Result<(), CartError> {
    if line.unit_price()?.raw() < 0 { Err(CartError::NegativePrice(line.line_id)) } else { Ok(()) }
}

/// Whether a discount can be one at all; that it is at most the whole is seen when the cart is priced.
fn check_discount(discount: Option<Discount>) -> Result<(), CartError> {
    match discount {
        Some(Discount::Percent(rate)) if rate > Rate::WHOLE => Err(CartError::Discount),
        Some(Discount::Amount(amount)) if amount.is_negative() => Err(CartError::Discount),
        _ => Ok(()),
    }
}

/// A note without spaces around; an empty one is none.
fn checked_note(note: Option<String>) -> Result<Option<String>, CartError> {
    let Some(note) = note else { return Ok(None) };
    let note = note.trim();
    if note.chars().count() > MAX_NOTE_CHARS || note.chars().any(char::is_control) {
        return Err(CartError::Note);
    }
    Ok(if note.is_empty() { None } else { Some(note.to_owned()) })
}
