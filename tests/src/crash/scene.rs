//! The shop of the crash sweep: a server, a terminal, and a person who writes down every receipt.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use shared::Money;
use shared::ids::ItemId;
use shared::order::{TenderGiven, TenderKind};
use terminal::views::{
    AddItemInput, AppState, CartView, ItemsInput, ItemsView, Nothing, OpenDrawerInput, PayInput, ReceiptView,
    Stage, SyncDetailView, SyncView,
};

use super::receipts_in;
use crate::invariants::{Books, Receipt, Witness, read};
use crate::shop::{self, Shop};
use crate::till::{Refused, Till};
use crate::trade::currency;

/// A shop with its person.
pub(super) struct Scene {
    pub(super) folder: PathBuf,
    pub(super) shop: Shop,
    pub(super) till: Till,
    pub(super) witness: Witness,
    item: ItemId,
    /// A payment whose answer never came.
    paying: Option<PayInput>,
}

impl Scene {
    /// Opens the shop below a folder, with one terminal.
    pub(super) async fn open(programs: &Path, folder: &Path) -> Result<Self> {
        let mut shop = Shop::open(programs, folder, None, 1).await?;
        Self::stock(&mut shop).await?;
        let mut till = Till::new(programs, &folder.join("terminal"), None)?;
        let code = shop.pairing_codes.first().context("no pairing code")?.clone();
        till.start(Some((&shop.url(), &code))).await?;
        till.wait_until_loaded().await?;
        Self::at(folder, shop, till).await
    }

    /// Gives a shop something to sell.
    pub(super) async fn stock(shop: &mut Shop) -> Result<()> {
        let catalogue = "sku,name,category,price,unit,barcodes,tax\nTEA,Tea,Drinks,2.50,piece,,\n";
        shop.import(catalogue.to_owned()).await.map(|_| ())
    }

    /// A person comes to a terminal that has its catalogue.
    pub(super) async fn at(folder: &Path, shop: Shop, mut till: Till) -> Result<Self> {
        till.sign_in(shop::STAFF_NAME, shop::PIN).await?;
        let input = ItemsInput { query: String::new(), offset: 0 };
        let items: ItemsView = till.call("backoffice.items", &input).await?;
        let item = items.items.first().context("nothing to sell")?.item_id;
        let folder = folder.to_path_buf();
        let mut scene = Self { folder, shop, till, witness: Witness::default(), item, paying: None };
        scene.resolve().await?;
        Ok(scene)
    }

    /// Sells up to so many times; whatever fails, fails as it would before a person, who then tries the next.
    pub(super) async fn trade(&mut self, sales: u32) {
        for _ in 0..sales {
            if self.ready().await.is_err() || self.sell().await.is_err() {
                if self.till.has_ended() {
                    return;
                }
                // A failed payment is asked for again at once, as a person would.
                let _ = self.pay_again().await;
            }
        }
    }

    /// Signs in and opens the drawer where that is needed.
    async fn ready(&mut self) -> Result<()> {
        let state: AppState = self.till.call("app.state", &Nothing {}).await?;
        let state = if state.stage == Stage::SignedIn {
            state
        } else {
            self.till.sign_in(shop::STAFF_NAME, shop::PIN).await?
        };
        if state.drawer.is_none() {
            let float = OpenDrawerInput { opening_float: Money::new(10_000, currency()) };
            self.till.call::<_, AppState>("drawer.open", &float).await?;
        }
        Ok(())
    }

    async fn sell(&mut self) -> Result<()> {
        let input = AddItemInput {
            item_id: self.item,
            variant_id: None,
            modifiers: Vec::new(),
            quantity: None,
            price: None,
            price_reason: None,
            separate: true,
            scale_tare_g: None,
            approval: None,
        };
        let cart: CartView = self.till.call("register.add_item", &input).await?;
        let (cart_id, total) = cart.cart_id.zip(cart.total).context("a cart without a total")?;
        let tenders = vec![TenderGiven { kind: TenderKind::Cash, given: total }];
        self.paying = Some(PayInput { cart_id, total, tenders, card_payments: Vec::new() });
        self.pay_again().await
    }

    /// Pays what is in doubt: the same cart gives the same receipt, however often it is asked for.
    async fn pay_again(&mut self) -> Result<()> {
        let Some(input) = self.paying.clone() else { return Ok(()) };
        let receipt: ReceiptView = self.till.call("checkout.pay", &input).await?;
        self.paying = None;
        self.witness.receipts.push(Receipt {
            tenant: String::new(),
            terminal: receipt.order.terminal_id.to_string(),
            order_id: receipt.order.order_id.to_string(),
            receipt_number: receipt.order.receipt_number.clone(),
            total: receipt.order.total.minor(),
        });
        Ok(())
    }

    /// After a crash: the person signs in and asks what became of the payment.
    pub(super) async fn resolve(&mut self) -> Result<()> {
        self.ready().await?;
        let paid = self.pay_again().await;
        match paid {
            // A cart whose sale never began is asked about in vain: then nothing was promised.
            Err(error) if error.is::<Refused>() => {
                self.paying = None;
                Ok(())
            }
            other => other,
        }
    }

    /// Every receipt that the person holds is in the terminal's journal.
    pub(super) fn check_receipts(&self) -> Result<()> {
        let held = receipts_in(self.till.folder())?;
        let missing = self.witness.receipts.iter().find(|receipt| !held.contains(&receipt.order_id));
        ensure!(missing.is_none(), "receipt {missing:?} is not in the journal");
        Ok(())
    }

    /// Asks the terminal to push, until nothing waits or the time is over.
    pub(super) async fn push_for(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end && !self.shop.has_ended() {
            let _ = self.till.call::<_, SyncView>("sync.now", &Nothing {}).await;
            if self.is_all_sent().await.unwrap_or(false) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// Whether nothing waits at the terminal.
    pub(super) async fn is_all_sent(&mut self) -> Result<bool> {
        let detail = self.till.call::<_, SyncDetailView>("sync.detail", &Nothing {}).await?;
        Ok(detail.sync.waiting == 0)
    }

    /// Lets everything arrive and be applied.
    pub(super) async fn settle(&mut self) -> Result<()> {
        self.push_for(Duration::from_secs(60)).await;
        self.till.wait_until_sent(Duration::from_secs(60)).await?;
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let books = read::server(&self.folder.join("server"))?;
            if books.events.iter().all(|held| held.state != "received") {
                self.witness.healed = true;
                return Ok(());
            }
            ensure!(Instant::now() < end, "the server does not apply what it received");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What both sides hold now.
    pub(super) fn books(&self) -> Result<Books> {
        let mut terminal = read::terminal("the terminal", self.till.folder())?;
        // The feed is not what is tried here.
        terminal.items.clear();
        let mut server = read::server(&self.folder.join("server"))?;
        server.items.clear();
        Ok(Books { terminals: vec![terminal], server, witness: self.witness.clone() })
    }
}
