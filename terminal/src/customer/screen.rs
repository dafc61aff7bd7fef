//! The screen of the customer's own: a second window, or a browser at the till's address.

use rusqlite::Connection;
use shared::Timestamp;
use shared::ids::PictureId;
use shared::money::Money;

use super::setup::{self, Setup};
use crate::context::{CommandError, Done};
use crate::counter::is_within;
use crate::engine::{Call, ClientId, Till};
use crate::store::{StoreError, customer_pictures, meta};
use crate::views::{
    CartLineView, CartView, ChangedWord, CustomerLineView, CustomerPaidView, CustomerPictureInput,
    CustomerScreenView, CustomerStage, CustomerSumKind, CustomerSumView, PaymentQrView, PictureView,
    ReceiptView,
};

/// What was paid stands there so long; then the shop does, for whoever comes next.
const THANKED_MS: i64 = 30_000;
/// A screen asks every ten seconds; one that missed more than three times is gone.
const ASKS_WITHIN_MS: i64 = 40_000;

/// What is to be seen, and whether anybody shows it; nothing of it must outlive the process.
#[derive(Debug, Default)]
pub(crate) struct Screen {
    pub(super) setup: Setup,
    /// The window or browser whose sale is shown.
    of: Option<String>,
    shown: Shown,
    qr: Option<PaymentQrView>,
    pub(super) asked_at: Option<Timestamp>,
    /// Whether the till's own window has a second monitor beside it; None without a window.
    pub(super) has_monitor: Option<bool>,
}

#[derive(Debug, Clone, Default)]
enum Shown {
    #[default]
    Idle,
    Cart(CustomerCart),
    Paid(CustomerPaidView, Timestamp),
}

#[derive(Debug, Clone)]
struct CustomerCart {
    lines: Vec<CustomerLineView>,
    last_line_id: Option<shared::ids::LineId>,
    item_count: u32,
    sums: Vec<CustomerSumView>,
    total: Money,
}

impl Screen {
    /// As it is set up at the start.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn load(db: &Connection) -> Result<Self, StoreError> {
        Ok(Self { setup: setup::load(db)?, ..Self::default() })
    }

    /// Notes whose step at a cart is to be shown; false when it is an empty cart beside another one's sale.
    pub(super) fn takes(&mut self, client: &ClientId, is_empty: bool) -> bool {
        if is_empty && self.of.as_deref() != Some(client.as_str()) {
            return false;
        }
        self.of = (!is_empty).then(|| client.as_str().to_owned());
        true
    }

    /// Shows the code that the customer of this window pays by, or none; gives whether its sale is the one that is shown.
    pub(super) fn pays_by(&mut self, client: &str, qr: Option<PaymentQrView>) -> bool {
        let is_shown = self.of.as_deref() == Some(client) && matches!(self.shown, Shown::Cart(_));
        if is_shown {
            self.qr = qr;
        }
        is_shown
    }

    /// Whether a manager wants the screen shown.
    pub(crate) fn is_on(&self) -> bool {
        self.setup.is_on
    }

    /// As a manager set it up anew.
    pub(super) fn set_up(&mut self, setup: Setup) {
        self.setup = setup;
        if !self.is_on() {
            (self.shown, self.qr) = (Shown::Idle, None);
        }
    }

    /// Notes whether there is a second monitor; gives whether that is news.
    pub(crate) fn found_monitor(&mut self, found: bool) -> bool {
        self.has_monitor.replace(found) != Some(found)
    }

    /// Whether a screen shows it at this moment.
    pub(super) fn is_shown(&self, now: Timestamp) -> bool {
        self.asked_at.is_some_and(|at| is_within(at, now, ASKS_WITHIN_MS))
    }
}

/// Changes what is to be seen, when anybody is to see it, and tells of it.
pub(super) fn change(till: &Till, change: impl FnOnce(&mut Screen)) {
    let is_on = till.change_screen(|screen| {
        let is_on = screen.is_on();
        if is_on {
            change(screen);
        }
        is_on
    });
    if is_on {
        till.tell(&[ChangedWord::Customer]);
    }
}

pub(super) fn show_cart(till: &Till, cart: &CartView) {
    change(till, |screen| {
        screen.qr = None;
        screen.shown = match cart.total.filter(|_| !cart.lines.is_empty()) {
            Some(total) => Shown::Cart(CustomerCart {
                lines: cart.lines.iter().map(line).collect(),
                last_line_id: cart.last_line_id,
                item_count: cart.item_count,
                sums: sums(cart, total),
                total,
            }),
            None => Shown::Idle,
        };
    });
}

pub(super) fn show_paid(till: &Till, receipt: &ReceiptView) {
    let now = till.clock.now();
    change(till, |screen| {
        let order = &receipt.order;
        let due = order.due();
        let given = Money::sum(order.currency, order.tenders.iter().map(|tender| tender.given));
        let paid = CustomerPaidView { due, given: given.unwrap_or(due), change_due: order.change_due };
        (screen.qr, screen.shown) = (None, Shown::Paid(paid, now));
    });
}

fn line(line: &CartLineView) -> CustomerLineView {
    let choices = line.modifiers.iter().map(|modifier| modifier.name.clone());
    let promotions = line.promotions.iter().map(|applied| applied.name.clone());
    CustomerLineView {
        line_id: line.line_id,
        name: line.name.clone(),
        details: choices.chain(promotions).collect(),
        quantity: line.quantity,
        unit: line.unit,
        unit_price: line.unit_price,
        amount: line.gross,
    }
}

/// What stands between the lines and the total; nothing when the lines are the total.
fn sums(cart: &CartView, total: Money) -> Vec<CustomerSumView> {
    let sum = |kind, name: &str, amount| CustomerSumView { kind, name: name.to_owned(), amount };
    let mut sums = Vec::new();
    if let Some(discount) = cart.discount_total.filter(|discount| !discount.is_zero())
        && let Ok(off) = discount.neg()
    {
        sums.push(sum(CustomerSumKind::Discount, "", off));
    }
    if let Some(service) = cart.service_charge.filter(|service| !service.is_zero()) {
        sums.push(sum(CustomerSumKind::Service, "", service));
    }
    for tax in cart.taxes.iter().filter(|tax| !tax.included && !tax.amount.is_zero()) {
        sums.push(sum(CustomerSumKind::Tax, &tax.name, tax.amount));
    }
    if let Some(subtotal) = cart.subtotal.filter(|subtotal| *subtotal != total) {
        sums.insert(0, sum(CustomerSumKind::Subtotal, "", subtotal));
    }
    sums
}

/// What the customer sees now; whoever asks is taken for a screen that shows it.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn show(call: &Call<'_>) -> Done<CustomerScreenView> {
    let now = call.till.clock.now();
    let (shown, qr, setup) = call.till.change_screen(|screen| {
        screen.asked_at = Some(now);
        (screen.shown.clone(), screen.qr.clone(), screen.setup.clone())
    });
    // Before enrolment there is no outlet, and nothing to show.
    let outlet = match call.till.device() {
        Some(_) => call.read(|db, ctx| ctx.outlet(db)).ok(),
        None => None,
    };
    let (theme, pictures) = call.till.read(|db| -> Done<_> {
        let pictures = if setup.is_on { customer_pictures::ids(db)? } else { Vec::new() };
        Ok((meta::settings(db)?.theme, pictures))
    })?;
    let mut view = CustomerScreenView {
        is_on: setup.is_on && outlet.is_some(),
        stage: CustomerStage::Idle,
        outlet_name: outlet.as_ref().map_or_else(String::new, |outlet| outlet.name.clone()),
        greeting: setup.greeting,
        locale: outlet.as_ref().map_or_else(|| "en".to_owned(), |outlet| outlet.locale.clone()),
        digits: outlet.as_ref().map_or(0, |outlet| outlet.digits),
        theme,
        lines: Vec::new(),
        last_line_id: None,
        item_count: 0,
        sums: Vec::new(),
        total: None,
        qr: None,
        paid: None,
        pictures,
        seconds: setup.seconds,
    };
    if !view.is_on {
        return Ok(view);
    }
    match shown {
        Shown::Idle => {}
        Shown::Cart(cart) => {
            view.stage = if qr.is_some() { CustomerStage::Paying } else { CustomerStage::Cart };
            view.lines = cart.lines;
            view.last_line_id = cart.last_line_id;
            view.item_count = cart.item_count;
            view.sums = cart.sums;
            view.total = Some(cart.total);
            view.qr = qr;
        }
        Shown::Paid(paid, at) if is_within(at, now, THANKED_MS) => {
            (view.stage, view.paid) = (CustomerStage::Paid, Some(paid));
        }
        Shown::Paid(..) => {}
    }
    Ok(view)
}

/// A picture that stands between two sales.
///
/// # Errors
/// `not_found`.
pub(crate) fn picture(db: &Connection, input: &CustomerPictureInput) -> Done<PictureView> {
    let picture = customer_pictures::get(db, input.picture_id)?;
    let (media_type, bytes) = picture.ok_or_else(|| no_such_picture(input.picture_id))?;
    Ok(PictureView { data_url: setup::data_url(&media_type, &bytes) })
}

fn no_such_picture(id: PictureId) -> CommandError {
    CommandError::not_found(format!("there is no picture {id}"))
}
