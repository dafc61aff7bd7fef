//! A cart: its automerge document and its plain state, changed by the same operations.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ChangeHash, LoadOptions, ObjId, OnPartialLoad, ROOT, ReadDoc};

use super::mirror::{Entry, Mirror};
use super::stored;
use crate::cart::{CartError, CartLine, CartOperation, CartTerms};
use crate::ids::{CartId, LineId};
use crate::pricing::Discount;

/// A cart: an automerge document and its plain state.
#[derive(Debug, Clone)]
pub struct Cart {
    cart_id: CartId,
    document: AutoCommit,
    /// The `lines` map of the document.
    lines: ObjId,
    /// What has been handed out to be stored.
    saved: Vec<ChangeHash>,
    mirror: Mirror,
}

impl Cart {
    /// A new, empty cart. `actor` is fresh for every start of the process: a reused one would make two histories collide.
    pub fn new(cart_id: CartId, actor: [u8; 16]) -> Self {
        let (mut document, lines) = stored::new_document(cart_id).unwrap_or_else(|_| {
            // Writing two fields into an empty document has no way to fail; a cart that takes no lines is still
            // better than a till that stops.
            (AutoCommit::new(), ROOT)
        });
        document.set_actor(ActorId::from(actor));
        Self { cart_id, document, lines, saved: Vec::new(), mirror: Mirror::default() }
    }

    /// The cart of stored bytes: whole documents and increments one after the other, as [`Cart::save_increment`] and
    /// [`Cart::save`] gave them. No bytes at all are a new cart.
    ///
    /// # Errors
    /// [`CartError::Document`] for bytes that are damaged, incomplete or of another cart; never a panic.
    pub fn load(cart_id: CartId, actor: [u8; 16], chunks: &[Vec<u8>]) -> Result<Self, CartError> {
        if chunks.iter().all(Vec::is_empty) {
            return Ok(Self::new(cart_id, actor));
        }
        // Damaged bytes are an error of the reader, not of the sale: a panic deep in the decoder must not pass through.
        let loaded = catch_unwind(|| Self::read(cart_id, actor, chunks));
        loaded.unwrap_or_else(|_| Err(stored::unreadable("it is damaged")))
    }

    fn read(cart_id: CartId, actor: [u8; 16], chunks: &[Vec<u8>]) -> Result<Self, CartError> {
        let bytes = chunks.concat();
        let strict = LoadOptions::new().on_partial_load(OnPartialLoad::Error);
        let mut document = AutoCommit::load_with_options(&bytes, strict).map_err(stored::unreadable)?;
        if !document.get_missing_deps(&[]).is_empty() {
            return Err(stored::unreadable("changes are missing"));
        }
        document.set_actor(ActorId::from(actor));
        let lines = stored::lines_of(&document, cart_id)?;
        let mirror = stored::hydrate(&document, &lines)?;
        let saved = document.get_heads();
        Ok(Self { cart_id, document, lines, saved, mirror })
    }

    /// Applies a change and gives its inverse. A change to what already stands writes nothing.
    ///
    /// # Errors
    /// See [`CartError`]; the cart is as before.
    pub fn apply(&mut self, operation: CartOperation) -> Result<CartOperation, CartError> {
        let (operation, inverse) = self.mirror.plan(operation)?;
        if operation == inverse {
            return Ok(inverse);
        }
        let ordering = self.mirror.next_ordering();
        match self.write(&operation, ordering) {
            Ok(object) => {
                stored::commit(&mut self.document);
                self.reflect(operation, ordering, object);
                Ok(inverse)
            }
            Err(error) => {
                self.document.rollback();
                Err(error)
            }
        }
    }

    /// Writes a checked operation into the document; gives the object of the line it is about.
    fn write(&mut self, operation: &CartOperation, ordering: i64) -> Result<ObjId, CartError> {
        use CartOperation as Op;
        let document = &mut self.document;
        let object = |line_id: &LineId| {
            let entry = self.mirror.entry(*line_id);
            entry.map(|entry| entry.object.clone()).ok_or(CartError::UnknownLine(*line_id))
        };
        match operation {
            Op::AddLine(line) => stored::write_line(document, &self.lines, line, ordering),
            Op::ChangeQuantity { line_id, delta } => {
                let object = object(line_id)?;
                document.increment(&object, "quantity", delta.raw()).map_err(stored::unreadable)?;
                Ok(object)
            }
            Op::SetLineNote { line_id, note } => {
                let object = object(line_id)?;
                stored::write_text(document, &object, "note", note.as_deref())?;
                Ok(object)
            }
            Op::SetLineDiscount { line_id, discount } => {
                let object = object(line_id)?;
                stored::write_json(document, &object, "discount", discount.as_ref())?;
                Ok(object)
            }
            Op::SetPrice { line_id, base_price, price_override } => {
                let object = object(line_id)?;
                stored::write_price(document, &object, *base_price, price_override.as_ref())?;
                Ok(object)
            }
            Op::SetOrderDiscount(discount) => {
                stored::write_json(document, &ROOT, "order_discount", discount.as_ref())?;
                Ok(ROOT)
            }
            Op::SetNote(note) => {
                stored::write_text(document, &ROOT, "note", note.as_deref())?;
                Ok(ROOT)
            }
            Op::SetTerms(terms) => {
                let said = (!terms.is_usual()).then_some(&**terms);
                stored::write_json(document, &ROOT, "terms", said)?;
                Ok(ROOT)
            }
        }
    }

    /// Makes the plain state what the document now says.
    fn reflect(&mut self, operation: CartOperation, ordering: i64, object: ObjId) {
        use CartOperation as Op;
        match operation {
            Op::AddLine(line) => self.mirror.push(Entry { line: *line, ordering, object }),
            Op::ChangeQuantity { line_id, delta } => self.on_line(line_id, |line| {
                // The sum was checked when the operation was planned.
                line.quantity = line.quantity.add(delta).unwrap_or(line.quantity);
            }),
            Op::SetLineNote { line_id, note } => self.on_line(line_id, |line| line.note = note),
            Op::SetLineDiscount { line_id, discount } => {
                self.on_line(line_id, |line| line.discount = discount);
            }
            Op::SetPrice { line_id, base_price, price_override } => self.on_line(line_id, |line| {
                line.base_price = base_price;
                line.price_override = price_override;
            }),
            Op::SetOrderDiscount(discount) => self.mirror.order_discount = discount,
            Op::SetNote(note) => self.mirror.note = note,
            Op::SetTerms(terms) => self.mirror.terms = *terms,
        }
    }

    fn on_line(&mut self, line_id: LineId, change: impl FnOnce(&mut CartLine)) {
        if let Some(line) = self.mirror.line_mut(line_id) {
            change(line);
        }
    }

    /// The bytes of all changes since the last save; empty when there are none.
    pub fn save_increment(&mut self) -> Vec<u8> {
        let bytes = self.document.save_after(&self.saved);
        self.saved = self.document.get_heads();
        bytes
    }

    /// The whole document, compacted; it replaces all that was stored before.
    pub fn save(&mut self) -> Vec<u8> {
        let bytes = self.document.save();
        self.saved = self.document.get_heads();
        bytes
    }

    /// Merges another replica of the same cart; merging again, or in another order, comes to the same cart.
    ///
    /// # Errors
    /// [`CartError::Document`] for a replica of another cart; this one is as before.
    pub fn merge(&mut self, other: &mut Self) -> Result<(), CartError> {
        if self.cart_id != other.cart_id {
            return Err(stored::unreadable("it is of another cart"));
        }
        let mut document = self.document.clone();
        let merged = catch_unwind(AssertUnwindSafe(|| {
            document.merge(&mut other.document).map_err(stored::unreadable)?;
            let lines = stored::lines_of(&document, self.cart_id)?;
            let mirror = stored::hydrate(&document, &lines)?;
            Ok((lines, mirror))
        }));
        let (lines, mirror) = merged.unwrap_or_else(|_| Err(stored::unreadable("it is damaged")))?;
        self.document = document;
        self.lines = lines;
        self.mirror = mirror;
        Ok(())
    }

    /// The cart's id.
    pub fn cart_id(&self) -> CartId {
        self.cart_id
    }

    /// The lines shown, in the order they were added.
    pub fn lines(&self) -> impl Iterator<Item = &CartLine> {
        self.mirror.lines()
    }

    /// A shown line.
    pub fn line(&self, line_id: LineId) -> Option<&CartLine> {
        self.mirror.shown(line_id).ok()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.lines().next().is_none()
    }

    /// The sum of quantities (weights count as one).
    pub fn item_count(&self) -> u32 {
        let pieces = self.lines().map(|line| {
            if line.weighed { 1 } else { u32::try_from(line.quantity.raw() / 1_000).unwrap_or(u32::MAX) }
        });
        pieces.fold(0, u32::saturating_add)
    }

    /// The discount on the order.
    pub fn order_discount(&self) -> Option<Discount> {
        self.mirror.order_discount
    }

    /// The note on the order.
    pub fn note(&self) -> Option<&str> {
        self.mirror.note.as_deref()
    }

    /// Through which door it goes, to whom, and with which codes.
    pub fn terms(&self) -> &CartTerms {
        &self.mirror.terms
    }
}

#[cfg(test)]
mod tests;
