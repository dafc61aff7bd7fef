//! A whole till in a temporary folder: real SQLite, a clock that stands still, chance that repeats.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use serde_json::{Value, json};
use shared::ids::*;
use shared::journal::SigningKey;
use shared::order::{TenderGiven, TenderKind};
use shared::staff::pin::hash_pin;
use shared::wire::{FeedRow, PROTOCOL_VERSION, PullResponse};
use shared::{Clock, Money, Quantity, Timestamp};
use terminal::context::{CommandError, Context, Device, OutletMemo};
use terminal::store::disk::Disk;
use terminal::store::meta::{self, Identity};
use terminal::store::{Store, StoreError};
use terminal::views::*;
use terminal::{catalogue, checkout, drawer, register, staff};

/// The chance that repeats of the simulation; its crate cannot be one that this one's tests are built with.
#[path = "../../../tests/src/simulation/chance.rs"]
#[allow(dead_code, reason = "these tests draw ids only")]
mod chance;

pub use chance::Chance;

pub const PEPPER: &[u8] = b"pepper of the tests";
pub const CASHIER_PIN: &str = "2580";
pub const MANAGER_PIN: &str = "7413";

/// An id that no other call gives.
pub fn fresh_id() -> [u8; 16] {
    static LAST: AtomicU64 = AtomicU64::new(1 << 40);
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&LAST.fetch_add(1, Ordering::SeqCst).to_be_bytes());
    bytes
}

/// A clock that moves only when told to.
pub struct StillClock(AtomicI64);

impl StillClock {
    pub fn forward(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A disk with as much room as is said.
pub struct RoomyDisk(pub AtomicU64);

impl Disk for RoomyDisk {
    fn free_bytes(&self, _: &Path) -> std::io::Result<u64> {
        Ok(self.0.load(Ordering::SeqCst))
    }
}

/// An id of a kind and a number.
macro_rules! id {
    ($type:ident, $n:expr) => {
        shared::ids::$type::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, $n])
    };
}
pub(crate) use id;

pub fn cashier() -> StaffId {
    id!(StaffId, 1)
}
pub fn manager() -> StaffId {
    id!(StaffId, 2)
}
pub fn kopi() -> ItemId {
    id!(ItemId, 1)
}
pub fn latte() -> ItemId {
    id!(ItemId, 2)
}
pub fn roti() -> ItemId {
    id!(ItemId, 3)
}
pub fn apple() -> ItemId {
    id!(ItemId, 4)
}
pub fn donation() -> ItemId {
    id!(ItemId, 5)
}
pub fn sold_out() -> ItemId {
    id!(ItemId, 6)
}
pub fn large() -> VariantId {
    id!(VariantId, 2)
}
pub fn cow_milk() -> ModifierId {
    id!(ModifierId, 1)
}
pub fn oat_milk() -> ModifierId {
    id!(ModifierId, 2)
}
pub fn extra_shot() -> ModifierId {
    id!(ModifierId, 3)
}
pub fn vanilla() -> ModifierId {
    id!(ModifierId, 4)
}
pub fn maple() -> ModifierId {
    id!(ModifierId, 5)
}

/// A feed row with a body.
pub fn row(entity: &str, id: impl ToString, change_seq: u64, body: Value) -> FeedRow {
    FeedRow { entity: entity.into(), id: id.to_string(), change_seq, body: Some(body) }
}

/// A page of the feed.
pub fn page(rows: Vec<FeedRow>, reset: bool, more: bool) -> PullResponse {
    PullResponse {
        protocol: PROTOCOL_VERSION,
        cursor: format!("cursor {}", rows.len()),
        more,
        reset,
        remaining: 0,
        rows,
        sums: None,
        server_time: Timestamp::default(),
        stamp: None,
        worked: None,
    }
}

fn pin_hashes() -> &'static (String, String) {
    static HASHES: OnceLock<(String, String)> = OnceLock::new();
    HASHES.get_or_init(|| {
        let hash = |pin: &str| hash_pin(PEPPER, &pin.parse().unwrap(), &[7; 16]).unwrap();
        (hash(CASHIER_PIN), hash(MANAGER_PIN))
    })
}

fn outlet() -> Value {
    let tax = id!(TaxId, 1);
    json!({
        "outlet_id": id!(OutletId, 1), "code": "KOTA", "name": "Kopi Kota", "tenant_name": "Kopi",
        "address": ["Jl. Satu 1"], "tax_number": null, "zone": "Asia/Jakarta", "day_cutoff_minutes": 240,
        "locale": "id", "currency": "IDR", "digits": 0, "price_book_version": 3,
        "notes": [1000, 2000, 5000, 10000, 20000, 50000, 100_000], "receipt_footer": [],
        "receipt_qr": "https://example.test/r/{order_id}?n={receipt_number}",
        "tenders": ["cash", "card", "qris"],
        "rules": {
            "currency": "IDR", "digits": 0,
            "taxes": [{ "tax_id": tax, "name": "PB1", "rate_ppm": 100_000, "included": false }],
            "service_charge": { "rate_ppm": 50_000, "tax_ids": [tax] },
            "cash_rounding": { "increment": 100, "mode": "half_up" } }
    })
}

fn latte_choices() -> Value {
    json!({
        "variants": [
            { "variant_id": id!(VariantId, 1), "sku": "LATTE-S", "name": "S", "unit_price": "25000" },
            { "variant_id": large(), "sku": "LATTE-L", "name": "L", "unit_price": "30000" }],
        "modifier_groups": [
            { "modifier_group_id": id!(ModifierGroupId, 1), "name": "Milk", "min": 1, "max": 1, "modifiers": [
                { "modifier_id": cow_milk(), "name": "Cow", "unit_price": "0" },
                { "modifier_id": oat_milk(), "name": "Oat", "unit_price": "5000" }] },
            { "modifier_group_id": id!(ModifierGroupId, 2), "name": "Shots", "min": 0, "max": 2, "modifiers": [
                { "modifier_id": extra_shot(), "name": "Extra", "unit_price": "4000" }] },
            { "modifier_group_id": id!(ModifierGroupId, 3), "name": "Syrups", "min": 0, "max": 3, "included": 1,
              "modifiers": [
                { "modifier_id": vanilla(), "name": "Vanilla", "unit_price": "3000" },
                { "modifier_id": maple(), "name": "Maple", "unit_price": "6000" }] }]
    })
}

/// A café in rupiah: 5 % service, 10 % tax on top of goods and service, cash in steps of 100.
pub fn feed() -> Vec<FeedRow> {
    let (tax, shelf) = (id!(TaxId, 1), id!(CategoryId, 1));
    let item = |id: ItemId, sku: &str, name: &str, price: Value, more: Value| {
        let mut body = json!({ "item_id": id, "sku": sku, "name": name, "category_id": shelf,
            "unit_price": price, "tax_ids": [tax] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row("item", id, 10, body)
    };
    let person = |id: StaffId, name: &str, role: &str, hash: &str| {
        let body = json!({ "staff_id": id, "name": name, "role": role, "pin_hash": hash, "active": true });
        row("staff", id, 3, body)
    };
    let (cashier_hash, manager_hash) = pin_hashes();
    let category = json!({ "category_id": shelf, "name": "Minuman", "position": 1, "color": "#6f4e37" });
    let untaxed = json!({ "tax_ids": [] });
    vec![
        row("outlet", id!(OutletId, 1), 1, outlet()),
        row("category", shelf, 2, category),
        person(cashier(), "Ayu", "cashier", cashier_hash),
        person(manager(), "Budi", "manager", manager_hash),
        item(kopi(), "KOPI", "Kopi Susu", json!("18000"), json!({ "barcodes": ["8991234567891"] })),
        item(latte(), "LATTE", "Cà Phê Latte", Value::Null, latte_choices()),
        item(roti(), "ROTI", "Roti Bakar", json!("12500"), untaxed.clone()),
        item(apple(), "APEL", "Apel Malang", json!("32000"), apples_of_the_scale()),
        item(donation(), "DONASI", "Donasi", Value::Null, untaxed),
        item(sold_out(), "HABIS", "Kue Habis", json!("9000"), json!({ "available": false })),
    ]
}

/// Sold by weight, and listed under the codes that the shop's own scale prints, with nothing for their value.
fn apples_of_the_scale() -> Value {
    json!({ "unit": "kilogram", "barcodes": ["2000042000004", "2200042000008"] })
}

pub struct Till {
    pub store: Store,
    pub dir: tempfile::TempDir,
    pub clock: StillClock,
    pub chance: Chance,
    pub device: Device,
    pub disk: RoomyDisk,
    pub outlets: OutletMemo,
    pub client: String,
}

/// Rupiah.
pub fn idr(minor: i64) -> Money {
    Money::new(minor, "IDR".parse().unwrap())
}

pub fn cash(minor: i64) -> TenderGiven {
    TenderGiven { kind: TenderKind::Cash, given: idr(minor) }
}

pub fn pieces(n: i32) -> Quantity {
    Quantity::pieces(n)
}

pub fn identity(device: &Device) -> Identity {
    Identity {
        tenant_id: device.tenant_id,
        outlet_id: device.outlet_id,
        terminal_id: device.terminal_id,
        terminal_number: device.terminal_number,
        epoch: device.epoch,
        server_url: "https://kedai.example".to_owned(),
    }
}

/// Adding one of an item, plainly.
pub fn adding(item_id: ItemId) -> AddItemInput {
    AddItemInput {
        item_id,
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

pub fn manager_leave() -> Option<ApprovalInput> {
    Some(ApprovalInput { staff_id: manager(), pin: MANAGER_PIN.to_owned() })
}

impl Till {
    /// A till with its catalogue, nobody signed in.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        // 2026-03-14 10:00 in Jakarta.
        let clock = StillClock(AtomicI64::new(1_773_457_200_000));
        let mut store = Store::open(dir.path(), &clock).unwrap();
        let device = Device {
            tenant_id: id!(TenantId, 1),
            outlet_id: id!(OutletId, 1),
            terminal_id: id!(TerminalId, 1),
            terminal_number: 3,
            epoch: 1,
            key: SigningKey::from_bytes(&[9; 32]),
            pin_pepper: PEPPER.to_vec().into(),
        };
        let identity = identity(&device);
        let load = |tx: &terminal::store::Tx<'_>| -> Result<(), StoreError> {
            meta::set_identity(tx, &identity)?;
            catalogue::apply_page(tx, &page(feed(), true, false)).map(|_| ())
        };
        store.write(load).unwrap();
        store.mark_enrolled(&identity).unwrap();
        let disk = RoomyDisk(AtomicU64::new(u64::MAX));
        let (chance, outlets) = (Chance::of(1, 0), OutletMemo::default());
        Self { store, dir, clock, chance, device, disk, outlets, client: "window".to_owned() }
    }

    /// A till at which the cashier is signed in and the drawer open with 200,000.
    pub fn selling() -> Self {
        let mut till = Self::new();
        till.sign_in(cashier(), CASHIER_PIN).unwrap();
        till.open_drawer(200_000);
        till
    }

    /// The same with a printer set up.
    pub fn printing() -> Self {
        let mut till = Self::selling();
        let settings = Settings { printer: Some("tcp://127.0.0.1:9".to_owned()), ..meta::default_settings() };
        till.store.write(|tx| meta::set_settings(tx, &settings)).unwrap();
        till
    }

    /// Runs a use case.
    pub fn run<T>(
        &mut self,
        case: impl FnOnce(&mut Store, &mut Context<'_>) -> Result<T, CommandError>,
    ) -> Result<T, CommandError> {
        let mut ctx = Context {
            clock: &self.clock,
            rng: &mut self.chance,
            device: &self.device,
            client: &self.client,
            disk: &self.disk,
            outlets: &self.outlets,
        };
        case(&mut self.store, &mut ctx)
    }

    /// Runs a use case that only reads.
    pub fn read<T>(
        &mut self,
        case: impl FnOnce(&rusqlite::Connection, &Context<'_>) -> Result<T, CommandError>,
    ) -> Result<T, CommandError> {
        self.run(|store, ctx| case(store.db(), ctx))
    }

    /// Pulls the plug: the process is gone, the disk is what it is.
    pub fn restart(self) -> Self {
        let Self { store, dir, clock, chance, device, disk, outlets, client } = self;
        drop(store);
        let store = Store::open(dir.path(), &clock).unwrap();
        Self { store, dir, clock, chance, device, disk, outlets, client }
    }

    pub fn sign_in(&mut self, staff_id: StaffId, pin: &str) -> Result<(), CommandError> {
        let input = SignInInput { staff_id, pin: pin.to_owned() };
        self.run(|store, ctx| staff::sign_in(store, ctx, input)).map(|_| ())
    }

    pub fn open_drawer(&mut self, float: i64) {
        let input = OpenDrawerInput { opening_float: idr(float) };
        self.run(|store, ctx| drawer::open(store, ctx, input)).unwrap();
    }

    pub fn add(&mut self, item_id: ItemId, n: i32) -> CartView {
        self.try_add(AddItemInput { quantity: Some(pieces(n)), ..adding(item_id) }).unwrap()
    }

    pub fn try_add(&mut self, input: AddItemInput) -> Result<CartView, CommandError> {
        self.run(|store, ctx| register::add_item(store, ctx, input))
    }

    pub fn cart(&mut self) -> CartView {
        self.run(register::cart).unwrap()
    }

    pub fn pay(&mut self, tenders: Vec<TenderGiven>) -> Result<ReceiptView, CommandError> {
        let cart = self.cart();
        let input = PayInput {
            cart_id: cart.cart_id.unwrap(),
            total: cart.total.unwrap(),
            tenders,
            card_payments: Vec::new(),
        };
        self.run(|store, ctx| checkout::pay(store, ctx, input))
    }

    /// Sells so many of an item for cash.
    pub fn sell(&mut self, item_id: ItemId, n: i32) -> ReceiptView {
        self.add(item_id, n);
        self.pay(vec![cash(10_000_000)]).unwrap()
    }

    pub fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn count(&self, sql: &str) -> i64 {
        self.store.db().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The kinds of all events, in order.
    pub fn kinds(&self) -> Vec<String> {
        let events = terminal::journal::list_after(self.store.db(), self.device.epoch, 0, 100_000).unwrap();
        events.into_iter().map(|event| event.kind).collect()
    }

    /// The chain holds from the first event to the last.
    pub fn check_chain(&self) {
        let key = self.device.key.public_key();
        let db = self.store.db();
        assert_eq!(terminal::journal::first_bad(db, self.device.epoch, &key, u64::MAX).unwrap(), None);
    }
}
