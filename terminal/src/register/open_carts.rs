//! Carts in memory beside their rows: reading the document again for every tap would cost more than the tap.

use shared::cart::{Cart, CartOperation};
use shared::ids::{CartId, LineId};

/// Steps that can be taken back.
const UNDO_STEPS: usize = 50;
/// Carts kept in memory, and settled ones before they are swept.
const CARTS_KEPT: usize = 16;

/// The inverse of a step: operations in the order in which they take it back.
#[derive(Debug, Clone)]
pub(crate) struct Undo {
    pub(crate) operations: Vec<CartOperation>,
    pub(crate) last_line_id: Option<LineId>,
}

/// A cart in memory; what it holds is on the disk too.
#[derive(Debug)]
pub(crate) struct OpenCart {
    pub(crate) cart: Cart,
    pub(crate) undo: Vec<Undo>,
    /// Pieces of its document on the disk.
    pub(crate) pieces: usize,
    /// Whether what is on the disk must be replaced as a whole, because a piece of it cannot be read.
    pub(crate) replace: bool,
    pub(crate) last_line_id: Option<LineId>,
}

impl OpenCart {
    pub(crate) fn remember(&mut self, undo: Undo) {
        if self.undo.len() >= UNDO_STEPS {
            self.undo.remove(0);
        }
        self.undo.push(undo);
    }
}

/// The carts in memory, least lately used first.
#[derive(Debug, Default)]
pub(crate) struct OpenCarts {
    kept: Vec<OpenCart>,
    /// Carts that became an order: taking a document apart is left to idle moments, so that no customer waits for it.
    settled: Vec<OpenCart>,
}

impl OpenCarts {
    /// Takes a cart out; who takes it puts it back once what is on the disk is what is in it.
    pub(crate) fn take(&mut self, id: CartId) -> Option<OpenCart> {
        let at = self.kept.iter().position(|open| open.cart.cart_id() == id)?;
        Some(self.kept.remove(at))
    }

    pub(crate) fn put(&mut self, open: OpenCart) {
        if self.kept.len() >= CARTS_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(open);
    }

    /// Puts a cart away that became an order.
    pub(crate) fn settle(&mut self, open: OpenCart) {
        if self.settled.len() >= CARTS_KEPT {
            self.settled.clear();
        }
        self.settled.push(open);
    }

    /// Drops the settled carts.
    pub(crate) fn sweep(&mut self) {
        self.settled.clear();
    }
}
