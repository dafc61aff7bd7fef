//! A person at a till: rings invoices up by the same commands as the screens, and goes on after the plug was pulled.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::ids::{CartId, ItemId, RefundId, StockMovementId};
use shared::journal::payload::StockReason;
use shared::order::{TenderGiven, TenderKind};
use shared::{Money, Quantity, UnitPrice};
use sync_server::seams::{SystemClock, SystemRandom};
use terminal::views::{
    AddItemInput, AppState, CartView, ItemsInput, ItemsView, LooseRefundInput, LooseRefundLine,
    MoveStockInput, MoveStockLine, NoteInput, Nothing, OpenDrawerInput, PayInput, PrintJobInput,
    PrintJobsView, PrintState, ReceiptView, RefundView,
};

use crate::shop;
use crate::till::{Refused, Till};
use crate::trade::{Invoice, Kind, currency};

/// A person at a till.
pub struct Cashier {
    till: Till,
    items: BTreeMap<String, (ItemId, Option<UnitPrice>)>,
    kills: usize,
}

impl Cashier {
    /// Signs in, opens the drawer and learns the catalogue.
    pub async fn at(mut till: Till) -> Result<Self> {
        let state = till.sign_in(shop::STAFF_NAME, shop::PIN).await?;
        if state.drawer.is_none() {
            let float = OpenDrawerInput { opening_float: Money::new(1_000_000, currency()) };
            till.call::<_, AppState>("drawer.open", &float).await?;
        }
        let mut items = BTreeMap::new();
        loop {
            let input = ItemsInput { query: String::new(), offset: u32::try_from(items.len())? };
            let page: ItemsView = till.call("backoffice.items", &input).await?;
            let empty = page.items.is_empty();
            for row in page.items {
                let price = row.price.map(|price| UnitPrice::from_money(price, 2)).transpose()?;
                items.insert(row.sku, (row.item_id, price));
            }
            if empty || items.len() >= usize::try_from(page.total)? {
                return Ok(Self { till, items, kills: 0 });
            }
        }
    }

    /// How often the plug was pulled.
    pub fn kills(&self) -> usize {
        self.kills
    }

    /// The till.
    pub fn till(&self) -> &Till {
        &self.till
    }

    /// Rings an invoice up; `pull` pulls the plug: 0 on the way, 1 while paying.
    pub async fn ring_up(&mut self, invoice: &Invoice, pull: Option<usize>) -> Result<()> {
        match invoice.kind {
            Kind::Sale => self.sell(invoice, pull).await,
            Kind::Refund => self.refund(invoice, pull.is_some()).await,
            Kind::Adjustment => self.adjust(invoice, pull.is_some()).await,
        }
    }

    async fn sell(&mut self, invoice: &Invoice, pull: Option<usize>) -> Result<()> {
        let cart: CartView = self.till.call("register.cart", &Nothing {}).await?;
        ensure!(cart.lines.is_empty(), "the cart is not empty");
        let half = invoice.lines.len() / 2;
        for (at, line) in invoice.lines.iter().enumerate() {
            if pull == Some(0) && at == half {
                self.pull_the_plug().await?;
                let cart: CartView = self.till.call("register.cart", &Nothing {}).await?;
                ensure!(
                    cart.lines.len() == at,
                    "{} of {at} lines are back after the plug was pulled",
                    cart.lines.len()
                );
            }
            let (item_id, price) = self.item(&line.code)?;
            let other_price = price != Some(line.price);
            let input = AddItemInput {
                item_id,
                variant_id: None,
                modifiers: Vec::new(),
                quantity: Some(Quantity::pieces(line.quantity)),
                price: other_price.then_some(line.price),
                price_reason: other_price.then(|| "price of the day".to_owned()),
                separate: true,
                scale_tare_g: None,
                approval: None,
            };
            self.till.call::<_, CartView>("register.add_item", &input).await?;
        }
        let note = NoteInput { line_id: None, note: Some(invoice.number.clone()) };
        let cart: CartView = self.till.call("register.set_note", &note).await?;
        let cart_id = cart.cart_id.context("no cart")?;
        let total = cart.total.context("no total")?;
        let wanted = invoice.figures()?.money;
        ensure!(total.minor() == wanted, "the till computes {total}, the invoice {wanted}");
        self.pay(cart_id, total, pull == Some(1)).await
    }

    async fn pay(&mut self, cart_id: CartId, total: Money, pull: bool) -> Result<()> {
        let tenders = vec![TenderGiven { kind: TenderKind::Cash, given: total }];
        let input = PayInput { cart_id, total, tenders, card_payments: Vec::new() };
        // Paying the same cart again gives the same receipt, whether or not it was paid before the plug was pulled.
        let receipt: ReceiptView = self.once("checkout.pay", &input, pull).await?;
        ensure!(receipt.order.cart_id == cart_id && receipt.order.total == total, "another receipt came");
        Ok(())
    }

    /// Asks for something that happens once, however often it is asked; `pull` pulls the plug on the way.
    async fn once<I: Serialize, O: DeserializeOwned>(
        &mut self,
        command: &str,
        input: &I,
        pull: bool,
    ) -> Result<O> {
        if pull {
            // The answer may never come: that is the point.
            let asked = self.till.call::<_, O>(command, input);
            let _ = tokio::time::timeout(Duration::from_millis(2), asked).await;
            self.pull_the_plug().await?;
        }
        self.till.call(command, input).await
    }

    async fn refund(&mut self, invoice: &Invoice, pull: bool) -> Result<()> {
        let mut lines = Vec::new();
        for line in &invoice.lines {
            let (item_id, _) = self.item(&line.code)?;
            lines.push(LooseRefundLine {
                item_id,
                variant_id: None,
                quantity: Quantity::pieces(-line.quantity),
                unit_price: Some(line.price),
                restock: true,
            });
        }
        let input = LooseRefundInput {
            refund_id: RefundId::new(&SystemClock, &mut SystemRandom),
            lines,
            tender: TenderKind::Cash,
            reason: invoice.number.clone(),
            approval: None,
        };
        let refund: RefundView = self.once("refund.loose", &input, pull).await?;
        ensure!(
            refund.refund.total.minor() == -invoice.figures()?.money,
            "the till refunds {}",
            refund.refund.total
        );
        Ok(())
    }

    async fn adjust(&mut self, invoice: &Invoice, pull: bool) -> Result<()> {
        let mut lines = Vec::new();
        for line in &invoice.lines {
            let (item_id, _) = self.item(&line.code)?;
            lines.push(MoveStockLine {
                item_id,
                variant_id: None,
                quantity: Quantity::pieces(line.quantity),
            });
        }
        let input = MoveStockInput {
            stock_movement_id: StockMovementId::new(&SystemClock, &mut SystemRandom),
            reason: StockReason::Wasted,
            note: invoice.number.clone(),
            lines,
            approval: None,
        };
        self.once::<_, Nothing>("stockroom.move", &input, pull).await.map(drop)
    }

    fn item(&self, code: &str) -> Result<(ItemId, Option<UnitPrice>)> {
        self.items.get(code).copied().with_context(|| format!("item {code} is not on the till"))
    }

    async fn pull_the_plug(&mut self) -> Result<()> {
        self.till.kill()?;
        self.kills += 1;
        self.till.start(None).await?;
        self.till.sign_in(shop::STAFF_NAME, shop::PIN).await?;
        Ok(())
    }

    /// Waits until all is sent and printed; what a pulled plug left in doubt on paper is printed again, marked COPY.
    pub async fn close(&mut self) -> Result<()> {
        self.till.wait_until_sent(Duration::from_secs(120)).await?;
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let state: AppState = self.till.call("app.state", &Nothing {}).await?;
            if state.printing.unknown > 0 {
                self.print_again().await?;
            } else if state.printing.waiting == 0 {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "the print queue does not empty: {:?}", state.printing);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn print_again(&mut self) -> Result<()> {
        let jobs: PrintJobsView = self.till.call("printing.jobs", &Nothing {}).await?;
        for job in jobs.jobs.iter().filter(|job| job.state == PrintState::Unknown) {
            let input = PrintJobInput { print_job_id: job.print_job_id };
            match self.till.call::<_, PrintJobsView>("printing.retry", &input).await {
                Ok(_) => {}
                Err(error) if error.is::<Refused>() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Stops the till in order.
    pub fn stop(&mut self) -> Result<()> {
        self.till.stop()
    }
}
