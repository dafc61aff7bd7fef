//! Taking payment: what is due, and the one transaction that makes a sale.

mod complete;
mod quick_notes;

use shared::money::Money;
use shared::order::{TenderError, TenderGiven, TenderKind, settle};
use shared::pricing::round_cash;
use shared::staff::Permission;

pub(crate) use complete::check_room;
pub use complete::pay;
pub use quick_notes::quick_notes;

use crate::context::{CommandError, Context, Done};
use crate::register::{self, Prices};
use crate::staff::require;
use crate::store::Store;
use crate::views::{Code, QuoteInput, QuoteView};

/// What is due for this window's cart and what the tenders come to.
///
/// # Errors
/// `cart_empty`, `tender_overpaid`, `invalid`.
pub fn quote(store: &mut Store, ctx: &mut Context<'_>, input: QuoteInput) -> Done<QuoteView> {
    require(store.db(), ctx, Permission::Sell)?;
    let prices = Prices::now(store.db(), ctx)?;
    let empty = || CommandError::new(Code::CartEmpty, "the cart is empty");
    let active = register::active(store, ctx)?.ok_or_else(empty)?;
    let priced = prices.of(&active.open.cart);
    let nothing = active.open.cart.is_empty();
    store.open_carts.put(active.open);
    if nothing { Err(empty()) } else { quote_of(&prices, priced?.order.total, &input.tenders) }
}

/// What tenders come to for a total.
fn quote_of(prices: &Prices, total: Money, tenders: &[TenderGiven]) -> Done<QuoteView> {
    let rounding = prices.cash_rounding();
    let zero = Money::zero(total.currency());
    let others = tenders.iter().filter(|tender| tender.kind != TenderKind::Cash).map(|tender| tender.given);
    let rest = total.sub(Money::sum(total.currency(), others)?)?;
    if rest.is_negative() {
        return Err(TenderError::Overpaid.into());
    }
    let cash_due = round_cash(rest, rounding)?;
    let (missing, change_due, settled) = match settle(total, tenders, rounding) {
        Ok(settlement) => (zero, settlement.change_due, true),
        Err(TenderError::Missing { missing }) => (missing, zero, false),
        Err(other) => return Err(other.into()),
    };
    Ok(QuoteView {
        total,
        cash_due,
        cash_rounding: cash_due.sub(rest)?,
        missing,
        change_due,
        settled,
        quick_notes: quick_notes(cash_due, &prices.outlet.notes),
    })
}
