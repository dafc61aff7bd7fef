//! A sale that never was, with everything on it that a receipt can show: for previews.

use shared::BusinessDate;
use shared::clock::Timestamp;
use shared::ids::{
    CartId, DrawerSessionId, ItemId, LineId, ModifierId, OrderId, StaffId, TaxId, TenderId, TerminalId,
};
use shared::money::{Money, MoneyError, Quantity, Rate, UnitPrice};
use shared::order::{LineModifier, Order, OrderLine, TenderGiven, TenderKind, settle};
use shared::outlet::Outlet;
use shared::pricing::{Discount, PriceLine, price};

use crate::context::Done;

/// Price of a drink in tenths of the smallest note that customers hand over.
const TENTHS: [i64; 3] = [24, 18, 50];
const NAMES: [&str; 3] = ["Kopi susu", "Roti bakar", "Apel"];
/// Two, one, and a weight.
const QUANTITIES: [i64; 3] = [2_000, 1_000, 375];

/// A sample sale of an outlet, priced by its own rules.
///
/// # Errors
/// When the outlet's rules cannot price it.
pub fn sample(outlet: &Outlet, now: Timestamp) -> Done<Order> {
    let prices: Vec<UnitPrice> =
        TENTHS.iter().map(|tenths| sample_price(outlet, *tenths)).collect::<Result<_, _>>()?;
    let tax_ids: Vec<TaxId> = outlet.rules.taxes.iter().map(|tax| tax.tax_id).collect();
    let discounts = [None, Some(Discount::Percent(Rate::percent(10))), None];
    let lines: Vec<PriceLine> = (0..NAMES.len())
        .map(|at| PriceLine {
            line_id: LineId::from_bytes([u8::try_from(at + 1).unwrap_or(1); 16]),
            unit_price: prices[at],
            quantity: Quantity::from_thousandths(QUANTITIES[at]),
            tax_ids: tax_ids.clone(),
            discount: discounts[at],
        })
        .collect();
    let priced = price(&outlet.rules, &lines, None)?;
    let given = TenderGiven { kind: TenderKind::Cash, given: handed_over(outlet, priced.total)? };
    let settled = settle(priced.total, &[given], outlet.rules.cash_rounding.as_ref())?;
    let order_lines = priced.lines.iter().enumerate().map(|(at, figures)| OrderLine {
        item_id: ItemId::from_bytes([1; 16]),
        variant_id: None,
        sku: format!("SAMPLE-{}", at + 1),
        name: NAMES[at].to_owned(),
        category_id: None,
        unit_price: prices[at],
        quantity: Quantity::from_thousandths(QUANTITIES[at]),
        modifiers: if at == 0 { choices(outlet) } else { Vec::new() },
        note: (at == 0).then(|| "...".to_owned()),
        discount: discounts[at],
        price_override: None,
        weighed: at == 2,
        tax_ids: None,
        figures: figures.clone(),
    });
    Ok(Order {
        order_id: OrderId::from_bytes([1; 16]),
        cart_id: CartId::from_bytes([1; 16]),
        receipt_number: format!("{}-T1-000123", outlet.code),
        outlet_id: outlet.outlet_id,
        terminal_id: TerminalId::from_bytes([1; 16]),
        drawer_session_id: DrawerSessionId::from_bytes([1; 16]),
        staff_id: StaffId::from_bytes([1; 16]),
        staff_name: "Sari".to_owned(),
        occurred_at: now,
        business_date: BusinessDate::of(now, &outlet.zone, outlet.day_cutoff_minutes),
        currency: outlet.currency,
        digits: outlet.digits,
        price_book_version: outlet.price_book_version,
        order_discount: None,
        terms: None,
        promotion_uses: Vec::new(),
        note: Some("...".to_owned()),
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
    })
}

/// The smallest note, or ten whole units where none is known.
fn note(outlet: &Outlet) -> i64 {
    let ten = 10_i64.saturating_mul(10_i64.saturating_pow(u32::from(outlet.digits.min(4))));
    outlet.notes.first().copied().filter(|note| *note > 0).unwrap_or(ten)
}

fn sample_price(outlet: &Outlet, tenths: i64) -> Result<UnitPrice, MoneyError> {
    let minor = note(outlet).saturating_mul(tenths) / 10;
    UnitPrice::from_money(Money::new(minor.max(1), outlet.currency), outlet.digits)
}

/// The smallest note that pays it, else twenty of the smallest.
fn handed_over(outlet: &Outlet, total: Money) -> Result<Money, MoneyError> {
    let pays = |note: &&i64| **note > total.minor().saturating_mul(2);
    let minor = outlet.notes.iter().find(pays).copied().unwrap_or_else(|| note(outlet).saturating_mul(20));
    Ok(Money::new(minor, outlet.currency))
}

fn choices(outlet: &Outlet) -> Vec<LineModifier> {
    let choice = |name: &str, unit_price| LineModifier {
        modifier_id: ModifierId::from_bytes([1; 16]),
        name: name.to_owned(),
        unit_price,
    };
    let oat = sample_price(outlet, 2).unwrap_or(UnitPrice::ZERO);
    vec![choice("Susu oat", oat), choice("Kurang manis", UnitPrice::ZERO)]
}
