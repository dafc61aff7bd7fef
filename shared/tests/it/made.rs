//! Ids, money and documents made for tests.

use shared::clock::{BusinessDate, Timestamp};
use shared::drawer::{DrawerOpened, DrawerReport, TaxTotal, TenderTotal};
use shared::ids::{
    CartId, DeviceId, DrawerSessionId, ItemId, LineId, OrderId, OutletId, StaffId, TaxId, TenderId,
    TerminalId,
};
use shared::journal::payload::{DeviceReported, ReportedDevice};
use shared::money::{CurrencyCode, Money, Quantity, Rate, RoundingMode, UnitPrice};
use shared::order::{LineModifier, Order, OrderLine, TenderGiven, TenderKind, settle};
use shared::pricing::{
    CashRounding, Discount, PriceLine, PriceRules, ServiceCharge, Tax, TaxRounding, price,
};

/// Sixteen bytes that are `n`.
pub fn id(n: u128) -> [u8; 16] {
    n.to_be_bytes()
}

pub fn currency(code: &str) -> CurrencyCode {
    code.parse().unwrap()
}

pub fn idr(minor: i64) -> Money {
    Money::new(minor, currency("IDR"))
}

pub fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// The moment of every fact made here.
pub const NOON: Timestamp = Timestamp::from_millis(1_767_243_600_000);

/// Money from a decimal of the major unit, such as `12.34` with two decimals.
pub fn major(text: &str, currency: CurrencyCode, digits: u8) -> Money {
    let price: UnitPrice = text.parse().unwrap();
    let step = 10_i64.pow(4 - u32::from(digits));
    assert_eq!(price.raw() % step, 0, "`{text}` has more than {digits} decimals");
    Money::new(price.raw() / step, currency)
}

/// Rupiah, 6 % service, PB1 10 % on both, cash to the hundred.
pub fn restaurant() -> PriceRules {
    let pb1 = TaxId::from_bytes(id(1));
    PriceRules {
        currency: currency("IDR"),
        digits: 0,
        rounding: RoundingMode::HalfUp,
        tax_rounding: TaxRounding::Line,
        taxes: vec![Tax {
            tax_id: pb1,
            name: "PB1 10%".into(),
            rate_ppm: Rate::percent(10),
            included: false,
        }],
        service_charge: Some(ServiceCharge { rate_ppm: Rate::percent(6), tax_ids: vec![pb1] }),
        cash_rounding: Some(CashRounding { increment: 100, mode: RoundingMode::HalfUp }),
    }
}

/// A completed sale of lines of (price in rupiah, thousandths), paid in cash with the next full 100,000.
pub fn order(lines: &[(i64, i64)], order_discount: Option<Discount>) -> Order {
    let rules = restaurant();
    let line = |(at, (price, thousandths)): (usize, &(i64, i64))| PriceLine {
        line_id: LineId::from_bytes(id(100 + at as u128)),
        unit_price: UnitPrice::from_ten_thousandths(price * 10_000),
        quantity: Quantity::from_thousandths(*thousandths),
        tax_ids: vec![rules.taxes[0].tax_id],
        discount: None,
    };
    let lines: Vec<PriceLine> = lines.iter().enumerate().map(line).collect();
    let priced = price(&rules, &lines, order_discount).unwrap();
    let given = idr((priced.total.minor() / 100_000 + 1) * 100_000);
    let given = TenderGiven { kind: TenderKind::Cash, given };
    let settlement = settle(priced.total, &[given], rules.cash_rounding.as_ref()).unwrap();
    let order_line = |(n, (line, figures)): (usize, (&PriceLine, &shared::pricing::PricedLine))| OrderLine {
        item_id: ItemId::from_bytes(id(300 + n as u128)),
        variant_id: None,
        sku: format!("SKU-{n}"),
        name: format!("Nasi Goreng {n}"),
        category_id: None,
        unit_price: line.unit_price,
        quantity: line.quantity,
        modifiers: vec![LineModifier {
            modifier_id: shared::ids::ModifierId::from_bytes(id(400)),
            name: "pedas".into(),
            unit_price: UnitPrice::ZERO,
        }],
        note: Some("tanpa bawang".into()),
        discount: None,
        price_override: None,
        weighed: false,
        tax_ids: None,
        figures: figures.clone(),
    };
    Order {
        order_id: OrderId::from_bytes(id(2)),
        cart_id: CartId::from_bytes(id(3)),
        receipt_number: "KOTA-T1-000001".into(),
        outlet_id: OutletId::from_bytes(id(4)),
        terminal_id: TerminalId::from_bytes(id(5)),
        drawer_session_id: DrawerSessionId::from_bytes(id(6)),
        staff_id: StaffId::from_bytes(id(7)),
        staff_name: "Kasir 1".into(),
        occurred_at: NOON,
        business_date: date("2026-01-01"),
        currency: currency("IDR"),
        digits: 0,
        price_book_version: 3,
        order_discount,
        terms: None,
        promotion_uses: Vec::new(),
        note: None,
        lines: lines.iter().zip(&priced.lines).enumerate().map(order_line).collect(),
        subtotal: priced.subtotal,
        discount_total: priced.discount_total,
        service_charge: priced.service_charge,
        taxes: priced.taxes.clone(),
        tax_total: priced.tax_total,
        total: priced.total,
        cash_rounding: settlement.cash_rounding,
        tenders: settlement.tenders(|| TenderId::from_bytes(id(200))),
        change_due: settlement.change_due,
    }
}

pub fn drawer_opened() -> DrawerOpened {
    DrawerOpened {
        drawer_session_id: DrawerSessionId::from_bytes(id(6)),
        outlet_id: OutletId::from_bytes(id(4)),
        terminal_id: TerminalId::from_bytes(id(5)),
        staff_id: StaffId::from_bytes(id(7)),
        staff_name: "Kasir 1".into(),
        opened_at: NOON,
        business_date: date("2026-01-01"),
        opening_float: idr(500_000),
    }
}

pub fn drawer_report() -> DrawerReport {
    DrawerReport {
        opened: drawer_opened(),
        currency: currency("IDR"),
        digits: 0,
        orders: 1,
        refunds: 0,
        voids: 0,
        sales_total: idr(242_528),
        refund_total: idr(0),
        discount_total: idr(0),
        service_charge_total: idr(12_480),
        taxes: vec![TaxTotal { name: "PB1 10%".into(), base: idr(220_480), amount: idr(22_048) }],
        refund_tax_total: idr(0),
        cash_rounding_total: idr(-28),
        tenders: vec![TenderTotal { kind: TenderKind::Cash, sales: idr(242_500), refunds: idr(0), count: 1 }],
        cash_in: idr(0),
        cash_out: idr(20_000),
        expected_cash: idr(722_500),
    }
}

/// A printer without paper, a scale that is well and a card reader that nobody has spoken to yet.
pub fn devices() -> DeviceReported {
    let device = |n, kind: &str, name: &str| ReportedDevice {
        device_id: DeviceId::from_bytes(id(n)),
        kind: kind.into(),
        name: name.into(),
        roles: Vec::new(),
        stations: Vec::new(),
        well: None,
        since: NOON,
        problem: None,
        waiting: 0,
    };
    DeviceReported {
        devices: vec![
            ReportedDevice {
                roles: vec!["tickets".into()],
                stations: vec!["Minuman".into()],
                well: Some(false),
                problem: Some("paper_out".into()),
                waiting: 2,
                ..device(50, "printer", "Dapur")
            },
            ReportedDevice { well: Some(true), ..device(51, "scale", "Timbangan") },
            device(52, "card", "Kartu"),
        ],
    }
}
