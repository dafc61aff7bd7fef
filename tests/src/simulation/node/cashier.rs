//! The person at a till: signs in, rings up, takes money, gives back, counts.

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::catalogue::Item;
use shared::drawer::CashMovementKind;
use shared::ids::{CashMovementId, RefundId, StaffId, StockMovementId};
use shared::journal::payload::StockReason;
use shared::order::{Order, TenderGiven, TenderKind};
use shared::{Money, Quantity};
use terminal::engine::ClientId;
use terminal::views::*;

use super::super::chance::Chance;
use super::super::template::PIN;
use super::Node;
use crate::trade::currency;

/// The person at a till: what they know.
#[derive(Default)]
pub struct Cashier {
    /// A payment whose answer never came.
    pub paying: Option<PayInput>,
    /// Sales that can be given back.
    pub sold: Vec<Order>,
}

/// Why a command came to nothing.
#[derive(Debug)]
pub enum Stop {
    /// The till died over it.
    Died,
    /// The till refused it.
    Refused(String),
}

impl Node {
    /// Sends a command as the screens do.
    pub(super) fn call<I: Serialize, O: DeserializeOwned>(
        &self,
        command: &str,
        input: &I,
    ) -> Result<O, Stop> {
        let engine = self.engine.as_ref().ok_or(Stop::Died)?;
        let bytes = serde_json::to_vec(input).map_err(|error| Stop::Refused(error.to_string()))?;
        let done = engine.call_bytes(&ClientId::window(), command, &bytes);
        if self.death.is_dead() {
            // Whatever it said, nobody heard it.
            return Err(Stop::Died);
        }
        let output = done.map_err(|error| {
            Stop::Refused(format!("{command}: {:?} {} {:?}", error.code, error.message, error.details))
        })?;
        serde_json::from_slice(&output).map_err(|error| Stop::Refused(format!("{command}: {error}")))
    }

    /// Signs in and opens the drawer; pays again what was in doubt. Gives the receipt of that.
    pub fn open(&mut self, manager: StaffId) -> Result<Option<Order>, Stop> {
        let state: AppState = self.call("app.state", &Nothing {})?;
        if state.stage != Stage::SignedIn {
            let input = SignInInput { staff_id: manager, pin: PIN.to_owned() };
            self.call::<_, AppState>("staff.sign_in", &input)?;
        }
        if state.drawer.is_none() {
            let input = OpenDrawerInput { opening_float: Money::new(10_000, currency()) };
            self.call::<_, AppState>("drawer.open", &input)?;
        }
        match self.cashier.paying.clone() {
            Some(input) => self.pay(input).map(Some),
            None => Ok(None),
        }
    }

    fn pay(&mut self, input: PayInput) -> Result<Order, Stop> {
        self.cashier.paying = Some(input.clone());
        self.death.lie(self.lies_when_paid);
        let receipt = self.call::<_, ReceiptView>("checkout.pay", &input);
        self.death.lie(false);
        let receipt = receipt?;
        self.cashier.paying = None;
        if self.cashier.sold.len() < 20 {
            self.cashier.sold.push(receipt.order.clone());
        }
        Ok(receipt.order)
    }

    /// Rings up and takes the money.
    pub fn sell(&mut self, items: &[Item], lines: u8, chance: &mut Chance) -> Result<Order, Stop> {
        for _ in 0..lines {
            let Some(item) = chance.one_of(items) else { continue };
            let input = AddItemInput {
                item_id: item.item_id,
                variant_id: None,
                modifiers: Vec::new(),
                quantity: Some(Quantity::pieces(i32::try_from(chance.between(1, 4)).unwrap_or(1))),
                price: None,
                price_reason: None,
                separate: chance.one_in(2),
                scale_tare_g: None,
                approval: None,
            };
            self.call::<_, CartView>("register.add_item", &input)?;
        }
        let cart: CartView = self.call("register.cart", &Nothing {})?;
        let (Some(cart_id), Some(total)) = (cart.cart_id, cart.total) else {
            return Err(Stop::Refused("the cart has no total".to_owned()));
        };
        let kind = if chance.one_in(3) { TenderKind::Card } else { TenderKind::Cash };
        self.pay(PayInput {
            cart_id,
            total,
            tenders: vec![TenderGiven { kind, given: total }],
            card_payments: Vec::new(),
        })
    }

    /// Gives something back.
    pub fn refund(&mut self, chance: &mut Chance) -> Result<(), Stop> {
        if self.cashier.sold.is_empty() {
            return Ok(());
        }
        let at = usize::try_from(chance.between(0, self.cashier.sold.len() as i64 - 1)).unwrap_or(0);
        let order = self.cashier.sold.swap_remove(at);
        let Some(line) = order.lines.first() else { return Ok(()) };
        let input = RefundInput {
            refund_id: RefundId::new(&*self.clock, chance),
            order_id: order.order_id,
            lines: vec![RefundChoice {
                line_id: line.figures.line_id,
                quantity: Quantity::pieces(1),
                restock: chance.one_in(2),
            }],
            tender: TenderKind::Cash,
            reason: "not as wanted".to_owned(),
            approval: None,
        };
        self.call::<_, RefundView>("refund.complete", &input).map(|_| ())
    }

    /// Puts cash in or takes it out.
    pub fn move_cash(&mut self, chance: &mut Chance) -> Result<(), Stop> {
        let kind = if chance.one_in(2) { CashMovementKind::PaidIn } else { CashMovementKind::PaidOut };
        let amount = Money::new(chance.between(1, 500), currency());
        let cash_movement_id = CashMovementId::new(&*self.clock, chance);
        let input =
            MoveCashInput { cash_movement_id, kind, amount, reason: "ice".to_owned(), approval: None };
        self.call::<_, ReportView>("drawer.move_cash", &input).map(|_| ())
    }

    /// Takes goods in or throws them away.
    pub fn move_stock(&mut self, items: &[Item], chance: &mut Chance) -> Result<(), Stop> {
        let Some(item) = chance.one_of(items) else { return Ok(()) };
        let (reason, sign) =
            if chance.one_in(2) { (StockReason::Received, 1) } else { (StockReason::Wasted, -1) };
        let pieces = i32::try_from(chance.between(1, 9)).unwrap_or(1) * sign;
        let quantity = Quantity::pieces(pieces);
        let lines = vec![MoveStockLine { item_id: item.item_id, variant_id: None, quantity }];
        let stock_movement_id = StockMovementId::new(&*self.clock, chance);
        let input = MoveStockInput {
            stock_movement_id,
            reason,
            note: "as every day".to_owned(),
            lines,
            approval: None,
        };
        self.call::<_, Nothing>("stockroom.move", &input).map(|_| ())
    }

    /// Counts the drawer and opens it again.
    pub fn close_drawer(&mut self, chance: &mut Chance) -> Result<(), Stop> {
        let counted_cash = Money::new(chance.between(0, 100_000), currency());
        let note = Some("counted by hand".to_owned());
        let input = CloseDrawerInput { counted_cash, denominations: Vec::new(), note };
        self.call::<_, ClosedView>("drawer.close", &input)?;
        let input = OpenDrawerInput { opening_float: Money::new(10_000, currency()) };
        self.call::<_, AppState>("drawer.open", &input).map(|_| ())
    }
}
