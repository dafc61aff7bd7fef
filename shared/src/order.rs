//! Completed sales: lines, tenders and the states of an order.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::{BusinessDate, Timestamp};
use crate::ids::{
    ApprovalId, CardPaymentId, CartId, CategoryId, DrawerSessionId, ItemId, ModifierId, OrderId, OutletId,
    StaffId, TaxId, TenderId, TerminalId, VariantId,
};
use crate::money::{CurrencyCode, Money, MoneyError, Quantity, UnitPrice};
use crate::pricing::{
    Discount, PriceLine, PricedLine, PricedOrder, PromotionUse, SaleLine, SaleTerms, TaxAmount,
};

/// A means of payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Notes and coins; the only one that gives change.
    Cash,
    /// A card, at the till's own reader or keyed in by hand at another one.
    Card,
    /// QRIS shown by the outlet, confirmed by the cashier.
    Qris,
    /// VietQR shown by the outlet, confirmed by the cashier.
    VietQr,
}

/// A means of payment applied to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Tender {
    /// The tender.
    pub tender_id: TenderId,
    /// What it is.
    pub kind: TenderKind,
    /// What it settles of the order, cash rounding in it; all tenders sum to `total + cash_rounding`.
    pub amount: Money,
    /// What was handed over; `given − amount` is the change, only for cash.
    pub given: Money,
    /// What the till's own card reader said; None for other means, and for a card at another reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub card: Option<Box<CardApproval>>,
}

/// What a card reader said of a payment that it approved; nothing in it names the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CardApproval {
    /// The payment at the reader.
    pub card_payment_id: CardPaymentId,
    /// What the provider calls it; a refund names it.
    pub provider_reference: String,
    /// The bank's code.
    pub authorisation: String,
    /// The kind of card, such as `Visa`.
    pub card: String,
    /// Lines that belong on the receipt, without long numbers.
    pub receipt: Vec<String>,
    /// Whether a person said that it was paid, by the reader's own paper, after its answer was lost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
}

/// A choice as it was sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineModifier {
    /// The choice.
    pub modifier_id: ModifierId,
    /// Its name at the time.
    pub name: String,
    /// What it added to the price of one unit.
    pub unit_price: UnitPrice,
}

/// A price that was replaced at the till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PriceOverride {
    /// The price that stood before, None for an open price.
    pub from: Option<UnitPrice>,
    /// Why.
    pub reason: String,
}

/// A line of a completed sale with everything that was known when it was sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrderLine {
    /// What was sold.
    pub item_id: ItemId,
    /// Its variant.
    pub variant_id: Option<VariantId>,
    /// The business's code at the time.
    pub sku: String,
    /// The name at the time, variant in it.
    pub name: String,
    /// The shelf at the time.
    pub category_id: Option<CategoryId>,
    /// Price of one unit, modifiers in it.
    pub unit_price: UnitPrice,
    /// How many.
    pub quantity: Quantity,
    /// The choices.
    #[serde(default)]
    pub modifiers: Vec<LineModifier>,
    /// A note for the kitchen or the receipt.
    #[serde(default)]
    pub note: Option<String>,
    /// The discount by hand.
    #[serde(default)]
    pub discount: Option<Discount>,
    /// The replaced price.
    #[serde(default)]
    pub price_override: Option<PriceOverride>,
    /// Whether its quantity is a weight.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub weighed: bool,
    /// The taxes that apply to it, when the figures do not name just these: in a group, or where one is not counted here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tax_ids: Option<Vec<TaxId>>,
    /// The computed figures (line id among them).
    #[serde(flatten)]
    pub figures: PricedLine,
}

impl OrderLine {
    /// The line as the pricing function took it.
    ///
    /// # Errors
    /// An overflow.
    pub fn to_sale_line(&self) -> Result<SaleLine, MoneyError> {
        let counted = || self.figures.taxes.iter().map(|tax| tax.tax_id).collect();
        let price = PriceLine {
            line_id: self.figures.line_id,
            unit_price: self.unit_price,
            quantity: self.quantity,
            tax_ids: self.tax_ids.clone().unwrap_or_else(counted),
            discount: self.discount,
        };
        let own_price = match &self.price_override {
            Some(_) => None,
            None => Some(self.own_price()?),
        };
        Ok(SaleLine {
            price,
            item_id: Some(self.item_id),
            variant_id: self.variant_id,
            category_id: self.category_id,
            weighed: self.weighed,
            own_price,
        })
    }

    /// Price of one unit without its choices.
    ///
    /// # Errors
    /// An overflow.
    pub fn own_price(&self) -> Result<UnitPrice, MoneyError> {
        self.modifiers.iter().try_fold(self.unit_price, |rest, modifier| rest.sub(modifier.unit_price))
    }
}

/// A completed sale: immutable; corrections are new facts that link to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Order {
    /// The order.
    pub order_id: OrderId,
    /// The cart it was.
    pub cart_id: CartId,
    /// Gapless per terminal, `OUT-T3-000123`.
    pub receipt_number: String,
    /// Where.
    pub outlet_id: OutletId,
    /// On which till.
    pub terminal_id: TerminalId,
    /// In which drawer session.
    pub drawer_session_id: DrawerSessionId,
    /// By whom.
    pub staff_id: StaffId,
    /// Their name at the time.
    pub staff_name: String,
    /// When (UTC).
    pub occurred_at: Timestamp,
    /// The day of business.
    pub business_date: BusinessDate,
    /// The currency of every figure.
    pub currency: CurrencyCode,
    /// Decimals of its minor unit.
    pub digits: u8,
    /// The price book it was computed with.
    pub price_book_version: u32,
    /// The discount on the whole order.
    #[serde(default)]
    pub order_discount: Option<Discount>,
    /// Where, when and to whom, when anything in the price book or the sale depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub terms: Option<SaleTerms>,
    /// How often each promotion was applied, to be counted against its limits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<PromotionUse>>")]
    pub promotion_uses: Vec<PromotionUse>,
    /// A note on the order.
    #[serde(default)]
    pub note: Option<String>,
    /// The lines.
    pub lines: Vec<OrderLine>,
    /// Sum of the lines' gross.
    pub subtotal: Money,
    /// All discounts.
    pub discount_total: Money,
    /// The service charge.
    pub service_charge: Money,
    /// The taxes by tax.
    pub taxes: Vec<TaxAmount>,
    /// All taxes, included ones too.
    pub tax_total: Money,
    /// What was due before cash rounding.
    pub total: Money,
    /// Rounding of the cash part (may be below zero).
    pub cash_rounding: Money,
    /// How it was paid.
    pub tenders: Vec<Tender>,
    /// Given back in cash.
    pub change_due: Money,
}

impl Order {
    /// What was due with its cash rounding, so that it and the change come to what was handed over.
    pub fn due(&self) -> Money {
        self.total.add(self.cash_rounding).unwrap_or(self.total)
    }

    /// Where, when and to whom it was sold. What an order does not say is usual: at the counter, to everyone, when it occurred.
    pub fn sale_terms(&self) -> SaleTerms {
        let usual =
            || SaleTerms { at: self.occurred_at, outlet_id: Some(self.outlet_id), ..SaleTerms::default() };
        self.terms.clone().unwrap_or_else(usual)
    }

    /// The figures as the pricing function gives them, to compare with a new computation.
    pub fn figures(&self) -> PricedOrder {
        PricedOrder {
            lines: self.lines.iter().map(|line| line.figures.clone()).collect(),
            subtotal: self.subtotal,
            discount_total: self.discount_total,
            service_charge: self.service_charge,
            taxes: self.taxes.clone(),
            tax_total: self.tax_total,
            total: self.total,
        }
    }
}

/// A sale that was given up before completion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VoidedOrder {
    /// The cart.
    pub cart_id: CartId,
    /// By whom.
    pub staff_id: StaffId,
    /// When.
    pub occurred_at: Timestamp,
    /// Why.
    pub reason: String,
    /// What it would have come to.
    pub total: Money,
    /// The leave of a manager, when one was needed.
    pub approval_id: Option<ApprovalId>,
}

/// An order on its way: `open → held → open → … → completed | voided`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderState {
    /// Being rung up.
    Open {
        /// The cart.
        cart_id: CartId,
    },
    /// Suspended, to be recalled.
    Held {
        /// The cart.
        cart_id: CartId,
        /// What it is called on the shelf of held carts.
        label: String,
        /// Since when.
        held_at: Timestamp,
    },
    /// Paid.
    Completed(Box<Order>),
    /// Given up.
    Voided(Box<VoidedOrder>),
}

/// A step that the state of an order does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {from} cannot be {to}")]
pub struct TransitionError {
    /// The state it is in.
    pub from: &'static str,
    /// The state it was to take.
    pub to: &'static str,
}

impl OrderState {
    /// The state's name as stored.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Held { .. } => "held",
            Self::Completed(_) => "completed",
            Self::Voided(_) => "voided",
        }
    }
    fn refuse(&self, to: &'static str) -> TransitionError {
        TransitionError { from: self.name(), to }
    }
    /// Suspends an open order.
    ///
    /// # Errors
    /// When it is not open.
    pub fn hold(self, label: String, held_at: Timestamp) -> Result<Self, TransitionError> {
        match self {
            Self::Open { cart_id } => Ok(Self::Held { cart_id, label, held_at }),
            other => Err(other.refuse("held")),
        }
    }
    /// Takes a held order up again.
    ///
    /// # Errors
    /// When it is not held.
    pub fn recall(self) -> Result<Self, TransitionError> {
        match self {
            Self::Held { cart_id, .. } => Ok(Self::Open { cart_id }),
            other => Err(other.refuse("recalled")),
        }
    }
    /// Completes an open order with the sale made of its cart.
    ///
    /// # Errors
    /// When it is not open or the sale is of another cart.
    pub fn complete(self, order: Order) -> Result<Self, TransitionError> {
        match self {
            Self::Open { cart_id } if cart_id == order.cart_id => Ok(Self::Completed(Box::new(order))),
            other => Err(other.refuse("completed")),
        }
    }
    /// Gives an open or held order up.
    ///
    /// # Errors
    /// When it is completed or voided.
    pub fn void(self, voided: VoidedOrder) -> Result<Self, TransitionError> {
        match self {
            Self::Open { cart_id } | Self::Held { cart_id, .. } if cart_id == voided.cart_id => {
                Ok(Self::Voided(Box::new(voided)))
            }
            other => Err(other.refuse("voided")),
        }
    }
}

/// A means of payment as the cashier gave it, before it is settled against the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TenderGiven {
    /// What it is.
    pub kind: TenderKind,
    /// What was handed over.
    pub given: Money,
}

/// What the tenders come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// What each tender settles (same order as given) and what was handed over.
    pub amounts: Vec<(TenderGiven, Money)>,
    /// Rounding of the cash part.
    pub cash_rounding: Money,
    /// Given back in cash.
    pub change_due: Money,
}

impl Settlement {
    /// The tenders as they stand in the order, in the order given; `next_id` names each.
    pub fn tenders(&self, mut next_id: impl FnMut() -> TenderId) -> Vec<Tender> {
        let tender = |(given, amount): &(TenderGiven, Money)| Tender {
            tender_id: next_id(),
            kind: given.kind,
            amount: *amount,
            given: given.given,
            card: None,
        };
        self.amounts.iter().map(tender).collect()
    }
}

/// Why tenders do not settle an order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TenderError {
    /// A figure is beyond range or in another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A tender that is not above zero (nothing at all is allowed for an order of nothing).
    #[error("a tender must be above zero")]
    NotPositive,
    /// Not enough was handed over.
    #[error("{missing} is still to be paid")]
    Missing {
        /// What is still to be paid.
        missing: Money,
    },
    /// More than is due by a means that gives no change.
    #[error("only cash gives change")]
    Overpaid,
    /// Two cash tenders; hand them in as one.
    #[error("cash can be given once only")]
    CashTwice,
}

/// Settles an order's total with what was handed over: other means first and to the exact amount, cash for the rest,
/// rounded by the outlet's rule; change only from cash (`trade.md`).
///
/// # Errors
/// See [`TenderError`].
pub fn settle(
    total: Money,
    given: &[TenderGiven],
    rounding: Option<&crate::pricing::CashRounding>,
) -> Result<Settlement, TenderError> {
    let zero = Money::zero(total.currency());
    // Nothing may stand for nothing: an order of nothing, or cash that is rounded down to nothing.
    let stands_for_nothing = |t: &TenderGiven| total.is_zero() || t.kind == TenderKind::Cash;
    if given.iter().any(|t| t.given.is_negative() || (t.given.is_zero() && !stands_for_nothing(t))) {
        return Err(TenderError::NotPositive);
    }
    if given.iter().filter(|t| t.kind == TenderKind::Cash).count() > 1 {
        return Err(TenderError::CashTwice);
    }
    let others =
        Money::sum(total.currency(), given.iter().filter(|t| t.kind != TenderKind::Cash).map(|t| t.given))?;
    let rest = total.sub(others)?;
    if rest.is_negative() {
        return Err(TenderError::Overpaid);
    }
    let cash = given.iter().find(|t| t.kind == TenderKind::Cash);
    let Some(cash) = cash else {
        if rest.is_zero() {
            let amounts = given.iter().map(|t| (*t, t.given)).collect();
            return Ok(Settlement { amounts, cash_rounding: zero, change_due: zero });
        }
        return Err(TenderError::Missing { missing: rest });
    };
    if rest.is_zero() && !total.is_zero() {
        return Err(TenderError::Overpaid);
    }
    let due = crate::pricing::round_cash(rest, rounding)?;
    if cash.given.is_zero() && !due.is_zero() {
        return Err(TenderError::NotPositive);
    }
    let change_due = cash.given.sub(due)?;
    if change_due.is_negative() {
        return Err(TenderError::Missing { missing: change_due.neg()? });
    }
    let amounts =
        given.iter().map(|t| (*t, if t.kind == TenderKind::Cash { due } else { t.given })).collect();
    Ok(Settlement { amounts, cash_rounding: due.sub(rest)?, change_due })
}
