//! A terminal of a run: the real engine driven by hand, and the person at it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::catalogue::Item;
use shared::drawer::CashMovementKind;
use shared::ids::{CashMovementId, RefundId, StaffId, StockMovementId};
use shared::journal::payload::StockReason;
use shared::order::{Order, TenderGiven, TenderKind};
use shared::{Money, Quantity};
use terminal::engine::by_hand::Wakes;
use terminal::engine::{ClientId, Engine, EngineOptions};
use terminal::sync::{Downloader, Pause, Uploader};
use terminal::views::*;
use tokio::sync::mpsc;

use super::chance::Chance;
use super::plan::Fault;
use super::seams::{DeathPoint, NodeClock, Outgoing, RoomyDisk, SimWire};
use super::template::PIN;
use crate::trade::currency;

/// A direction of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The journal up.
    Up = 0,
    /// The feed down.
    Down = 1,
}

/// What a worker keeps between its steps.
pub enum Hand {
    /// The uploader.
    Up(Uploader),
    /// The downloader.
    Down(Downloader),
}

/// A worker of the engine, as it stands.
pub enum Worker {
    /// It rests until its pause is over.
    Resting(Hand, Pause),
    /// A step waits for the network.
    Busy(BoxFuture<'static, (Hand, Pause)>),
    /// The engine is down.
    Gone,
}

/// A terminal of a run.
pub struct Node {
    /// A name for messages.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Its business.
    pub business: usize,
    /// Its id.
    pub terminal: String,
    /// Its clock.
    pub clock: Arc<NodeClock>,
    /// Its disk.
    pub disk: Arc<RoomyDisk>,
    /// Where it dies.
    pub death: Arc<DeathPoint>,
    /// The engine, while it runs.
    pub engine: Option<Arc<Engine>>,
    /// How many processes there were; what belongs to an earlier one is over.
    pub life: u64,
    /// The two workers.
    pub workers: [Worker; 2],
    /// Timers of the workers that are older than this are over.
    pub timers: [u64; 2],
    /// What was asked for and not yet taken up.
    pub wakes: Wakes,
    /// What left it and waits to be carried.
    pub outgoing: mpsc::UnboundedReceiver<Outgoing>,
    /// The weather on its wire: until when.
    pub weather: BTreeMap<Fault, i64>,
    /// The person at it.
    pub cashier: Cashier,
    /// An injected bug: the uploader is never woken after its first failure.
    pub sleeps_after_failure: bool,
    /// An injected bug: what is paid is not committed, though it is said to be.
    pub lies_when_paid: bool,
}

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
    /// A terminal on its folder, down.
    pub fn new(name: String, folder: PathBuf, business: usize, clock: Arc<NodeClock>) -> Result<Self> {
        let marker: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.join("enrolled.json"))?)?;
        let terminal = marker["terminal_id"].as_str().context("no terminal in its marker")?.to_owned();
        Ok(Self {
            name,
            folder,
            business,
            terminal,
            clock,
            disk: Arc::default(),
            death: Arc::default(),
            engine: None,
            life: 0,
            workers: [Worker::Gone, Worker::Gone],
            timers: [0, 0],
            wakes: Wakes::default(),
            outgoing: mpsc::unbounded_channel().1,
            weather: BTreeMap::new(),
            cashier: Cashier::default(),
            sleeps_after_failure: false,
            lies_when_paid: false,
        })
    }

    /// Starts the engine.
    ///
    /// # Errors
    /// When it cannot open its folder: never allowed, whatever happened before.
    pub fn start(&mut self, chance: Chance) -> Result<()> {
        self.life += 1;
        self.death.revive();
        let (send, receive) = mpsc::unbounded_channel();
        self.outgoing = receive;
        let mut options = EngineOptions::new(&self.folder);
        options.clock = self.clock.clone();
        options.rng = Box::new(chance);
        options.disk = self.disk.clone();
        options.transport = Some(Arc::new(SimWire(send)));
        options.commit = Some(self.death.commit());
        let engine =
            Engine::start_by_hand(options).with_context(|| format!("{} does not start", self.name))?;
        self.engine = Some(engine);
        self.wakes = Wakes::default();
        let now = Pause::Failed(std::time::Duration::ZERO);
        self.workers = [
            Worker::Resting(Hand::Up(Uploader::default()), now),
            Worker::Resting(Hand::Down(Downloader::default()), now),
        ];
        Ok(())
    }

    /// The process is gone.
    pub fn kill(&mut self) {
        self.workers = [Worker::Gone, Worker::Gone];
        self.timers = [self.timers[0] + 1, self.timers[1] + 1];
        self.engine = None;
    }

    /// Whether a fault is on its wire.
    pub fn is_under(&self, fault: Fault, now: i64) -> bool {
        self.weather.get(&fault).is_some_and(|until| *until > now)
    }

    /// A step of a worker; `asked` when somebody asked for it.
    pub fn step(&self, hand: Hand, asked: bool) -> Option<BoxFuture<'static, (Hand, Pause)>> {
        let engine = self.engine.as_ref()?;
        Some(match hand {
            Hand::Up(uploader) => {
                let step = engine.push_step(uploader, asked);
                Box::pin(async move {
                    let (uploader, pause) = step.await;
                    (Hand::Up(uploader), pause)
                })
            }
            Hand::Down(downloader) => {
                let step = engine.pull_step(downloader);
                Box::pin(async move {
                    let (downloader, pause) = step.await;
                    (Hand::Down(downloader), pause)
                })
            }
        })
    }

    /// Sends a command as the screens do.
    fn call<I: Serialize, O: DeserializeOwned>(&self, command: &str, input: &I) -> Result<O, Stop> {
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
                approval: None,
            };
            self.call::<_, CartView>("register.add_item", &input)?;
        }
        let cart: CartView = self.call("register.cart", &Nothing {})?;
        let (Some(cart_id), Some(total)) = (cart.cart_id, cart.total) else {
            return Err(Stop::Refused("the cart has no total".to_owned()));
        };
        let kind = if chance.one_in(3) { TenderKind::Card } else { TenderKind::Cash };
        self.pay(PayInput { cart_id, total, tenders: vec![TenderGiven { kind, given: total }] })
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

    /// How many events wait.
    pub fn waiting(&self) -> Result<u64> {
        match self.call::<_, SyncDetailView>("sync.detail", &Nothing {}) {
            Ok(detail) => Ok(detail.sync.waiting),
            Err(stop) => bail!("{}: {stop:?}", self.name),
        }
    }
}
