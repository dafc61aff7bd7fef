//! What stands on paper, in three languages and three ways of taxing.

use hardware::Document;
use shared::clock::Timestamp;
use shared::drawer::*;
use shared::ids::*;
use shared::journal::payload::{StockMoved, StockMovementLine, StockReason};
use shared::money::{CurrencyCode, Money, Quantity, Rate, RoundingMode};
use shared::order::*;
use shared::outlet::Outlet;
use shared::pricing::*;
use shared::refund::{AlreadyRefunded, Refund, refund_lines};
use terminal::receipts::{self, StockSlip};

use crate::shop;

const PPN: TaxId = TaxId::from_bytes([11; 16]);

/// A line to be sold: name, price, how many, discount, what was added.
pub(crate) struct Sold {
    name: &'static str,
    price: &'static str,
    quantity: &'static str,
    discount: Option<Discount>,
    added: &'static [(&'static str, &'static str)],
    note: Option<&'static str>,
}

pub(crate) fn sold(name: &'static str, price: &'static str, quantity: &'static str) -> Sold {
    Sold { name, price, quantity, discount: None, added: &[], note: None }
}

fn number(n: usize) -> [u8; 16] {
    [u8::try_from(n + 1).unwrap(); 16]
}

pub(crate) fn sale(
    outlet: &Outlet,
    lines: &[Sold],
    order_discount: Option<Discount>,
    given: &[(TenderKind, i64)],
) -> Order {
    let tax_ids: Vec<TaxId> = outlet.rules.taxes.iter().map(|tax| tax.tax_id).collect();
    let price_lines: Vec<PriceLine> = lines
        .iter()
        .enumerate()
        .map(|(n, line)| PriceLine {
            line_id: LineId::from_bytes(number(n)),
            unit_price: line.price.parse().unwrap(),
            quantity: line.quantity.parse().unwrap(),
            tax_ids: tax_ids.clone(),
            discount: line.discount,
        })
        .collect();
    let priced = price(&outlet.rules, &price_lines, order_discount).unwrap();
    let given: Vec<TenderGiven> = given
        .iter()
        .map(|(kind, minor)| TenderGiven { kind: *kind, given: Money::new(*minor, outlet.currency) })
        .collect();
    let settled = settle(priced.total, &given, outlet.rules.cash_rounding.as_ref()).unwrap();
    let order_lines = lines.iter().enumerate().map(|(n, line)| OrderLine {
        item_id: ItemId::from_bytes(number(n)),
        variant_id: None,
        sku: format!("SKU{n}"),
        name: line.name.to_owned(),
        category_id: None,
        unit_price: line.price.parse().unwrap(),
        quantity: line.quantity.parse().unwrap(),
        modifiers: line
            .added
            .iter()
            .map(|(name, price)| LineModifier {
                modifier_id: ModifierId::from_bytes([1; 16]),
                name: (*name).to_owned(),
                unit_price: price.parse().unwrap(),
            })
            .collect(),
        note: line.note.map(str::to_owned),
        discount: line.discount,
        price_override: None,
        weighed: false,
        tax_ids: None,
        figures: priced.lines[n].clone(),
    });
    Order {
        order_id: OrderId::from_bytes([1; 16]),
        cart_id: CartId::from_bytes([1; 16]),
        receipt_number: format!("{}-T3-000123", outlet.code),
        outlet_id: outlet.outlet_id,
        terminal_id: shop::TERMINAL,
        drawer_session_id: DrawerSessionId::from_bytes([1; 16]),
        staff_id: shop::CASHIER,
        staff_name: "Sari".to_owned(),
        occurred_at: Timestamp::from_millis(shop::MORNING),
        business_date: "2026-11-20".parse().unwrap(),
        currency: outlet.currency,
        digits: outlet.digits,
        price_book_version: 1,
        order_discount,
        terms: None,
        promotion_uses: Vec::new(),
        note: None,
        lines: order_lines.collect(),
        subtotal: priced.subtotal,
        discount_total: priced.discount_total,
        service_charge: priced.service_charge,
        taxes: priced.taxes,
        tax_total: priced.tax_total,
        total: priced.total,
        cash_rounding: settled.cash_rounding,
        tenders: settled.tenders(|| TenderId::from_bytes([1; 16])),
        change_due: settled.change_due,
    }
}

pub(crate) fn cafe_order(outlet: &Outlet) -> Order {
    let lines = [
        Sold {
            added: &[("Susu oat", "6000"), ("Gula sedikit", "0")],
            note: Some("tanpa es"),
            ..sold("Kopi Susu", "24000", "2")
        },
        Sold {
            discount: Some(Discount::Percent(Rate(125_000))),
            ..sold("Roti Bakar Cokelat Keju", "22000", "1")
        },
        sold("Air Mineral", "5000", "3"),
    ];
    let off = Discount::Amount(Money::new(5_000, outlet.currency));
    let mut order =
        sale(outlet, &lines, Some(off), &[(TenderKind::Qris, 40_000), (TenderKind::Cash, 100_000)]);
    order.note = Some("meja 7".to_owned());
    order
}

/// A mini-market in Vietnam: dong, tax in the prices, goods by weight.
pub(crate) fn mini_market() -> Outlet {
    let currency: CurrencyCode = "VND".parse().unwrap();
    let vat = Tax { tax_id: PPN, name: "VAT 8%".to_owned(), rate_ppm: Rate::percent(8), included: true };
    let rules = PriceRules {
        currency,
        digits: 0,
        taxes: vec![vat],
        service_charge: None,
        cash_rounding: Some(CashRounding { increment: 1_000, mode: RoundingMode::HalfUp }),
        ..shop::cafe().rules
    };
    Outlet {
        code: "CHO".to_owned(),
        name: "Chợ Nhỏ".to_owned(),
        address: vec!["12 Lê Lợi, Quận 1".to_owned(), "Thành phố Hồ Chí Minh".to_owned()],
        tax_number: Some("0312345678".to_owned()),
        zone: "Asia/Ho_Chi_Minh".to_owned(),
        locale: "vi".to_owned(),
        currency,
        rules,
        receipt_footer: vec!["Cảm ơn quý khách!".to_owned()],
        receipt_qr: None,
        ..shop::cafe()
    }
}

/// A shop in a currency with two decimals.
pub(crate) fn shop_of(currency: &str, step: i64) -> Outlet {
    let currency: CurrencyCode = currency.parse().unwrap();
    let vat = Tax { tax_id: PPN, name: "VAT 25%".to_owned(), rate_ppm: Rate::percent(25), included: true };
    let rules = PriceRules {
        currency,
        digits: 2,
        taxes: vec![vat],
        service_charge: None,
        cash_rounding: Some(CashRounding { increment: step, mode: RoundingMode::HalfUp }),
        ..shop::cafe().rules
    };
    Outlet {
        code: "NORD".to_owned(),
        name: "Corner Shop".to_owned(),
        tenant_name: "Corner Shop".to_owned(),
        address: vec!["1 Harbour Street".to_owned()],
        tax_number: None,
        zone: "Europe/Stockholm".to_owned(),
        locale: "en".to_owned(),
        currency,
        digits: 2,
        rules,
        receipt_footer: Vec::new(),
        receipt_qr: None,
        ..shop::cafe()
    }
}

fn refund_of(outlet: &Outlet, order: &Order) -> Refund {
    let chosen = [(order.lines[0].figures.line_id, Quantity::ONE, true)];
    let lines = refund_lines(order, &chosen, |_| AlreadyRefunded::default()).unwrap();
    let total = Money::sum(order.currency, lines.iter().map(|line| line.amount)).unwrap();
    let amount = round_cash(total, outlet.rules.cash_rounding.as_ref()).unwrap();
    Refund {
        refund_id: RefundId::from_bytes([1; 16]),
        order_id: Some(order.order_id),
        order_receipt_number: Some(order.receipt_number.clone()),
        receipt_number: format!("{}-T3-000124", outlet.code),
        outlet_id: outlet.outlet_id,
        terminal_id: order.terminal_id,
        drawer_session_id: order.drawer_session_id,
        staff_id: order.staff_id,
        staff_name: order.staff_name.clone(),
        occurred_at: order.occurred_at.plus_millis(600_000),
        business_date: order.business_date,
        currency: order.currency,
        digits: order.digits,
        tax_total: Money::sum(order.currency, lines.iter().map(|line| line.tax)).unwrap(),
        lines,
        total,
        cash_rounding: amount.sub(total).unwrap(),
        tender: TenderKind::Cash,
        amount,
        reason: "dingin".to_owned(),
        approval_id: None,
    }
}

fn report() -> DrawerReport {
    let idr = |minor| Money::new(minor, "IDR".parse().unwrap());
    let tender =
        |kind, sales, refunds, count| TenderTotal { kind, sales: idr(sales), refunds: idr(refunds), count };
    DrawerReport {
        opened: DrawerOpened {
            drawer_session_id: DrawerSessionId::from_bytes([1; 16]),
            outlet_id: shop::OUTLET,
            terminal_id: shop::TERMINAL,
            staff_id: shop::CASHIER,
            staff_name: "Sari".to_owned(),
            opened_at: Timestamp::from_millis(shop::MORNING),
            business_date: "2026-11-20".parse().unwrap(),
            opening_float: idr(200_000),
        },
        currency: "IDR".parse().unwrap(),
        digits: 0,
        orders: 41,
        refunds: 1,
        voids: 2,
        sales_total: idr(3_120_450),
        refund_total: idr(27_720),
        discount_total: idr(58_000),
        service_charge_total: idr(133_200),
        taxes: vec![TaxTotal { name: "PB1 10%".to_owned(), base: idr(2_836_773), amount: idr(283_677) }],
        refund_tax_total: idr(2_520),
        cash_rounding_total: idr(-30),
        tenders: vec![
            tender(TenderKind::Cash, 1_900_420, 27_700, 28),
            tender(TenderKind::Qris, 1_220_000, 0, 14),
        ],
        cash_in: idr(50_000),
        cash_out: idr(1_000_000),
        expected_cash: idr(1_122_720),
    }
}

fn closed() -> DrawerClosed {
    let report = report();
    let counted_cash = Money::new(1_120_000, report.currency);
    DrawerClosed {
        z_number: 12,
        staff_id: shop::MANAGER,
        staff_name: "Budi".to_owned(),
        closed_at: Timestamp::from_millis(shop::MORNING + 12 * 3_600_000),
        business_date: report.opened.business_date,
        counted_cash,
        difference: counted_cash.sub(report.expected_cash).unwrap(),
        denominations: vec![(100_000, 10), (50_000, 2), (20_000, 1)],
        note: Some("kembalian kurang".to_owned()),
        report,
    }
}

fn narrow(document: &Document) -> String {
    document.to_plain_text(32)
}

#[test]
fn a_receipt_of_the_cafe() {
    let outlet = shop::cafe();
    insta::assert_snapshot!(receipts::text(&receipts::order(&outlet, &cafe_order(&outlet), false)));
}

#[test]
fn a_copy_on_narrow_paper() {
    let outlet = shop::cafe();
    insta::assert_snapshot!(narrow(&receipts::order(&outlet, &cafe_order(&outlet), true)));
}

#[test]
fn a_receipt_of_the_mini_market() {
    let outlet = mini_market();
    let lines = [
        sold("Gạo ST25", "38500", "2.375"),
        sold("Nước mắm Phú Quốc 500 ml", "62000", "1"),
        Sold {
            discount: Some(Discount::Amount(Money::new(2_000, outlet.currency))),
            ..sold("Mì gói", "4500", "10")
        },
    ];
    let order = sale(&outlet, &lines, None, &[(TenderKind::Cash, 200_000)]);
    insta::assert_snapshot!(receipts::text(&receipts::order(&outlet, &order, false)));
}

#[test]
fn receipts_with_minor_units_and_rounded_cash() {
    let lines = [sold("Screw M3", "0.125", "37"), sold("Cardamom bun", "32.50", "3")];
    let kronor = shop_of("SEK", 100);
    let order = sale(&kronor, &lines, None, &[(TenderKind::Cash, 20_000)]);
    insta::assert_snapshot!("kronor", receipts::text(&receipts::order(&kronor, &order, false)));
    let euro = shop_of("EUR", 5);
    let half = Some(Discount::Percent(Rate::percent(50)));
    let order = sale(&euro, &lines, half, &[(TenderKind::Card, 2_000), (TenderKind::Cash, 5_000)]);
    insta::assert_snapshot!("euro", receipts::text(&receipts::order(&euro, &order, false)));
}

#[test]
fn a_refund() {
    let outlet = shop::cafe();
    let order = cafe_order(&outlet);
    let linked = refund_of(&outlet, &order);
    insta::assert_snapshot!("refund", receipts::text(&receipts::refund(&outlet, &linked, false)));
    let loose = Refund { order_id: None, order_receipt_number: None, ..linked };
    insta::assert_snapshot!(
        "refund_without_receipt",
        receipts::text(&receipts::refund(&outlet, &loose, true))
    );
}

#[test]
fn reports() {
    let outlet = shop::cafe();
    let at = Timestamp::from_millis(shop::MORNING + 3_600_000);
    insta::assert_snapshot!("x", receipts::text(&receipts::x_report(&outlet, &report(), at)));
    insta::assert_snapshot!("z", receipts::text(&receipts::z_report(&outlet, &closed(), false)));
}

#[test]
fn a_stock_slip() {
    let line = |sku: &str, quantity: &str| StockMovementLine {
        item_id: shop::COFFEE,
        variant_id: None,
        sku: sku.to_owned(),
        quantity: quantity.parse().unwrap(),
    };
    let slip = StockSlip {
        moved: StockMoved {
            stock_movement_id: StockMovementId::from_bytes([1; 16]),
            reason: StockReason::Wasted,
            note: "tumpah".to_owned(),
            lines: vec![line("KOPI-1KG", "-0.25"), line("GELAS", "-12")],
            approval_id: None,
        },
        occurred_at: Timestamp::from_millis(shop::MORNING),
        staff_name: Some("Budi".to_owned()),
        names: vec!["Biji Kopi Gayo".to_owned(), "Gelas Plastik 12 oz dengan tutup cembung".to_owned()],
    };
    insta::assert_snapshot!(receipts::text(&receipts::stock_moved(&shop::cafe(), &slip, false)));
}

#[test]
fn the_test_page_prints_before_the_till_belongs_to_an_outlet() {
    insta::assert_snapshot!(receipts::text(&receipts::test_page(
        None,
        Timestamp::from_millis(shop::MORNING)
    )));
}

#[test]
fn figures_of_a_receipt_add_up_as_a_reader_adds_them() {
    let outlet = shop::cafe();
    let order = cafe_order(&outlet);
    let text = receipts::text(&receipts::order(&outlet, &order, false));
    let amount = |row: &str| -> i64 {
        let line = text.lines().find(|line| line.starts_with(row)).unwrap_or_else(|| panic!("{row}: {text}"));
        let digits: String = line.rsplit(' ').next().unwrap().chars().filter(|c| *c != '.').collect();
        digits.parse().unwrap()
    };
    let sum = amount("Subtotal") + amount("Diskon") + amount("Biaya layanan") + amount("PB1");
    assert_eq!(sum, amount("Total"));
    assert_eq!(amount("Total") + amount("Pembulatan"), amount("Harus dibayar"));
    assert_eq!(amount("QRIS") + amount("Tunai") - amount("Kembali"), amount("Harus dibayar"));
}

#[test]
fn names_cannot_command_the_printer() {
    let outlet = shop::cafe();
    let mut order = cafe_order(&outlet);
    order.lines[0].name = "Kopi\u{1b}@\u{10}\u{14}\u{1}\u{0}\u{5}".to_owned();
    order.staff_name = "Sari\nTOTAL 0".to_owned();
    let document = receipts::order(&outlet, &order, false);
    let bytes = hardware::escpos::encode(&document, hardware::PrinterProfile::generic_80());
    assert!(!bytes.windows(5).any(|window| window == [0x10, 0x14, 0x01, 0x00, 0x05]), "no pulse from a name");
    assert!(!receipts::text(&document).contains('\u{1b}'));
}
