//! A running engine and the person at it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use terminal::engine::{ClientId, Engine, EngineOptions};
use terminal::views::*;

use crate::fake_server::{FakeServer, PAIRING_CODE};
use crate::shop::{self, HandClock};

/// A device of the counter as a manager sets it up, without what only some have.
pub fn device(kind: &str, target: &str) -> CounterDeviceInput {
    CounterDeviceInput {
        counter_device_id: None,
        kind: kind.to_owned(),
        name: format!("The {kind}"),
        target: target.to_owned(),
        protocol: None,
        unit: None,
        capacity_g: None,
        reader: None,
        secret: None,
        key_name: None,
        key_version: None,
    }
}

const DEADLINE: Duration = Duration::from_secs(60);

pub struct Till {
    pub engine: Arc<Engine>,
    pub clock: HandClock,
    pub client: ClientId,
}

impl Till {
    pub fn open(dir: &Path, clock: &HandClock) -> Self {
        Self::open_with(dir, clock, |_| {})
    }

    pub fn open_with(dir: &Path, clock: &HandClock, change: impl FnOnce(&mut EngineOptions)) -> Self {
        let mut options = EngineOptions::new(dir);
        options.clock = Arc::new(clock.clone());
        change(&mut options);
        Self { engine: Engine::start(options).unwrap(), clock: clock.clone(), client: ClientId::window() }
    }

    /// A till that belongs to the café, with the cashier signed in and the drawer open.
    pub fn selling(dir: &Path, server: &FakeServer, change: impl FnOnce(&mut EngineOptions)) -> Self {
        let till = Self::open_with(dir, &HandClock::new(), change);
        till.join(server);
        till.sign_in();
        let _: AppState = till.call("drawer.open", &json!({ "opening_float": "100000 IDR" }));
        till
    }

    pub fn join(&self, server: &FakeServer) {
        let changes = self.engine.subscribe();
        let input = EnrolInput {
            server_url: server.url(),
            pairing_code: PAIRING_CODE.to_owned(),
            device_name: "Kasir 1".to_owned(),
        };
        let _: AppState = self.call("enrol.start", &input);
        self.wait_from(changes, "the catalogue", |till| till.state().stage == Stage::SignedOut);
    }

    pub fn sign_in_manager(&self) {
        let input = SignInInput { staff_id: shop::MANAGER, pin: shop::MANAGER_PIN.to_owned() };
        let _: AppState = self.call("staff.sign_in", &input);
    }

    pub fn sign_in(&self) {
        let input = SignInInput { staff_id: shop::CASHIER, pin: shop::CASHIER_PIN.to_owned() };
        let state: AppState = self.call("staff.sign_in", &input);
        assert_eq!(state.stage, Stage::SignedIn);
    }

    /// One coffee, paid in cash.
    pub fn sell(&self) -> ReceiptView {
        let cart: CartView = self.call("register.add_item", &self.coffee());
        let total = cart.total.unwrap();
        let quote: QuoteView = self.call("checkout.quote", &QuoteInput { tenders: Vec::new() });
        let given =
            shared::order::TenderGiven { kind: shared::order::TenderKind::Cash, given: quote.cash_due };
        let input = PayInput {
            cart_id: cart.cart_id.unwrap(),
            total,
            tenders: vec![given],
            card_payments: Vec::new(),
        };
        self.call("checkout.pay", &input)
    }

    pub fn coffee(&self) -> AddItemInput {
        AddItemInput {
            item_id: shop::COFFEE,
            variant_id: None,
            modifiers: Vec::new(),
            quantity: None,
            price: None,
            price_reason: None,
            separate: false,
            scale_tare_g: None,
            approval: None,
        }
    }

    pub fn state(&self) -> AppState {
        self.call("app.state", &Nothing {})
    }

    pub fn sync(&self) -> SyncView {
        let detail: SyncDetailView = self.call("sync.detail", &Nothing {});
        detail.sync
    }

    pub fn jobs(&self) -> Vec<PrintJobView> {
        let view: PrintJobsView = self.call("printing.jobs", &Nothing {});
        view.jobs
    }

    pub fn call<I: Serialize, O: DeserializeOwned>(&self, command: &str, input: &I) -> O {
        match self.try_call(command, input) {
            Ok(output) => output,
            Err(error) => panic!("{command}: {error:?}"),
        }
    }

    pub fn try_call<I: Serialize, O: DeserializeOwned>(
        &self,
        command: &str,
        input: &I,
    ) -> Result<O, CommandErrorView> {
        let input = serde_json::to_value(input).unwrap();
        let output = self.engine.call(&self.client, command, input)?;
        Ok(serde_json::from_value(output).unwrap())
    }

    /// Looks again each time the engine says that something changed, until it is as wanted.
    pub fn wait_until(&self, what: &str, wanted: impl Fn(&Self) -> bool) {
        self.wait_from(self.engine.subscribe(), what, wanted);
    }

    fn wait_from(
        &self,
        mut changes: tokio::sync::broadcast::Receiver<Changed>,
        what: &str,
        wanted: impl Fn(&Self) -> bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let end = tokio::time::Instant::now() + DEADLINE;
            while !wanted(self) {
                let heard = tokio::time::timeout_at(end, changes.recv()).await;
                assert!(heard.is_ok(), "{what} did not come about: {:?}", self.state());
            }
        });
    }
}
