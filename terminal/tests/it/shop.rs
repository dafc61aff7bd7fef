//! A small café as a server's feed tells of it, and a clock that stands until it is moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use shared::catalogue::{Category, Item, Unit};
use shared::ids::{CategoryId, ItemId, OutletId, StaffId, TaxId, TenantId, TerminalId};
use shared::money::{Rate, RoundingMode};
use shared::order::TenderKind;
use shared::outlet::Outlet;
use shared::pricing::{CashRounding, PriceRules, ServiceCharge, Tax, TaxRounding};
use shared::staff::pin::hash_pin;
use shared::staff::{Role, Staff};
use shared::wire::{FeedRow, entity};
use shared::{Clock, Timestamp};

pub const TENANT: TenantId = TenantId::from_bytes([1; 16]);
pub const OUTLET: OutletId = OutletId::from_bytes([2; 16]);
pub const TERMINAL: TerminalId = TerminalId::from_bytes([3; 16]);
pub const CASHIER: StaffId = StaffId::from_bytes([4; 16]);
pub const MANAGER: StaffId = StaffId::from_bytes([5; 16]);
pub const COFFEE: ItemId = ItemId::from_bytes([6; 16]);
pub const BREAD: ItemId = ItemId::from_bytes([7; 16]);
pub const PB1: TaxId = TaxId::from_bytes([8; 16]);
const SHELF: CategoryId = CategoryId::from_bytes([9; 16]);
pub const PEPPER: [u8; 32] = [42; 32];
pub const CASHIER_PIN: &str = "2580";
pub const MANAGER_PIN: &str = "8642";

/// Friday, 20 November 2026, 10:00 in Jakarta.
pub const MORNING: i64 = 1_795_143_600_000;

/// A clock that is moved by hand.
#[derive(Debug, Clone)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(MORNING)))
    }
    pub fn advance_ms(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

pub fn cafe() -> Outlet {
    let currency = "IDR".parse().unwrap();
    Outlet {
        outlet_id: OUTLET,
        code: "KOTA".to_owned(),
        name: "Kedai Kota".to_owned(),
        tenant_name: "Kedai Nusantara".to_owned(),
        address: vec!["Jl. Merdeka 12".to_owned(), "Bandung 40111".to_owned()],
        tax_number: Some("01.234.567.8-901.000".to_owned()),
        zone: "Asia/Jakarta".to_owned(),
        day_cutoff_minutes: 180,
        locale: "id".to_owned(),
        currency,
        digits: 0,
        rules: PriceRules {
            currency,
            digits: 0,
            rounding: RoundingMode::HalfUp,
            tax_rounding: TaxRounding::Line,
            taxes: vec![Tax {
                tax_id: PB1,
                name: "PB1 10%".to_owned(),
                rate_ppm: Rate::percent(10),
                included: false,
            }],
            service_charge: Some(ServiceCharge { rate_ppm: Rate::percent(5), tax_ids: vec![PB1] }),
            cash_rounding: Some(CashRounding { increment: 100, mode: RoundingMode::HalfUp }),
        },
        price_book_version: 1,
        notes: vec![2_000, 5_000, 10_000, 20_000, 50_000, 100_000],
        receipt_footer: vec!["Terima kasih!".to_owned()],
        receipt_qr: Some("https://kedai.example/r/{order_id}".to_owned()),
        layouts: None,
        tenders: vec![TenderKind::Cash, TenderKind::Qris],
    }
}

fn item(item_id: ItemId, sku: &str, name: &str, price: &str) -> Item {
    Item {
        item_id,
        sku: sku.parse().unwrap(),
        name: name.to_owned(),
        category_id: Some(SHELF),
        unit_price: Some(price.parse().unwrap()),
        unit: Unit::Piece,
        tax_ids: vec![PB1],
        barcodes: Vec::new(),
        variants: Vec::new(),
        modifier_groups: Vec::new(),
        picture_id: None,
        position: 0,
        available: true,
    }
}

fn person(staff_id: StaffId, name: &str, role: Role, pin: &str) -> Staff {
    let pin_hash = hash_pin(&PEPPER, &pin.parse().unwrap(), &[7; 16]).unwrap();
    Staff { staff_id, name: name.to_owned(), role, pin_hash, outlet_ids: Vec::new(), active: true }
}

/// Everything a new terminal gets to know.
pub fn feed() -> Vec<FeedRow> {
    let shelf =
        Category { category_id: SHELF, name: "Minuman".to_owned(), position: 1, color: "#14532d".to_owned() };
    let people = [
        person(CASHIER, "Sari", Role::Cashier, CASHIER_PIN),
        person(MANAGER, "Budi", Role::Manager, MANAGER_PIN),
    ];
    let items = [item(COFFEE, "KOPI", "Kopi Susu", "18000"), item(BREAD, "ROTI", "Roti Bakar", "22000")];
    let mut rows = vec![
        row(entity::OUTLET, OUTLET.to_string(), &cafe()),
        row(entity::CATEGORY, SHELF.to_string(), &shelf),
    ];
    rows.extend(people.iter().map(|p| row(entity::STAFF, p.staff_id.to_string(), p)));
    rows.extend(items.iter().map(|i| row(entity::ITEM, i.item_id.to_string(), i)));
    for (at, row) in rows.iter_mut().enumerate() {
        row.change_seq = at as u64 + 1;
    }
    rows
}

pub fn row(entity: &str, id: String, body: &impl serde::Serialize) -> FeedRow {
    FeedRow { entity: entity.to_owned(), id, change_seq: 1, body: Some(serde_json::to_value(body).unwrap()) }
}
