//! The pricing engine: an order with promotions as the till prices it after every tap, and orders computed again as the
//! server does it at ingest. The floor is the bare arithmetic of the same lines: price times quantity, tax, sum.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use shared::ids::{CategoryId, ItemId, LineId, PriceBookId, PromotionId, TaxId};
use shared::money::{CurrencyCode, Money, Quantity, Rate, UnitPrice, divide_rounded};
use shared::pricing::promotion::{BundlePart, Effect, Limits, Off, Target, Tier};
use shared::pricing::schedule::Schedule;
use shared::pricing::{
    CashRounding, PriceBook, PriceLine, PriceRules, Promotion, ReadyBook, Sale, SaleLine, SaleTerms,
    ServiceCharge, Tax, TaxRounding, price,
};

use super::table::{Figure, Samples};

const fn bytes(n: u64) -> [u8; 16] {
    (n as u128).to_be_bytes()
}

fn rules(currency: CurrencyCode) -> PriceRules {
    let tax_id = TaxId::from_bytes(bytes(1));
    PriceRules {
        currency,
        digits: 0,
        rounding: shared::RoundingMode::HalfUp,
        tax_rounding: TaxRounding::Line,
        taxes: vec![Tax { tax_id, name: "PB1 10%".into(), rate_ppm: Rate::percent(10), included: false }],
        service_charge: Some(ServiceCharge { rate_ppm: Rate::percent(6), tax_ids: vec![tax_id] }),
        cash_rounding: Some(CashRounding { increment: 100, mode: shared::RoundingMode::HalfUp }),
    }
}

/// Promotions of a chain: most are about some items or a shelf, one in ten is about all goods.
fn promotion(n: u64, currency: CurrencyCode) -> Promotion {
    let money = |minor| Money::new(minor, currency);
    let target = match n % 10 {
        0 => Target::default(),
        1..=3 => {
            Target { category_ids: vec![CategoryId::from_bytes(bytes(n % 20 + 1))], ..Target::default() }
        }
        _ => Target {
            item_ids: (0..5).map(|at| ItemId::from_bytes(bytes((n * 7 + at * 13) % 300 + 1))).collect(),
            ..Target::default()
        },
    };
    let effect = match n % 8 {
        0 => Effect::Percent { rate_ppm: Rate::percent(5) },
        1 => Effect::Amount { per_unit: money(500) },
        2 => Effect::FixedPrice { unit_price: UnitPrice::from_ten_thousandths(90_000_000) },
        3 => Effect::BuyGet { buy: 2, get: 1, rate_ppm: Rate::WHOLE, other: None },
        4 => Effect::Bundle {
            parts: vec![BundlePart { target: target.clone(), quantity: 3, bundle: None }],
            off: Off::Price { price: money(25_000) },
        },
        5 => Effect::Threshold {
            tiers: vec![
                Tier { spend: money(100_000), off: Off::Amount { amount: money(5_000) } },
                Tier {
                    spend: money(300_000),
                    off: Off::Percent { rate_ppm: Rate::percent(5), cap: Some(money(20_000)) },
                },
            ],
        },
        6 => Effect::FreeItem { free: target.clone(), quantity: 1 },
        _ => Effect::OrderPercent { rate_ppm: Rate::percent(1), cap: Some(money(2_000)) },
    };
    Promotion {
        promotion_id: PromotionId::from_bytes(bytes(n + 1)),
        name: format!("Promotion {n}"),
        schedule: Schedule {
            weekdays: vec![1, 2, 3, 4, 5, 6, 7],
            minutes: Some((0, 1_440)),
            ..Schedule::default()
        },
        outlet_ids: vec![],
        channels: vec![],
        segments: vec![],
        coupons: vec![],
        target,
        min_spend: (n % 8 == 6).then(|| money(200_000)),
        effect,
        priority: i32::try_from(n % 5).unwrap_or(0),
        group: n.is_multiple_of(3).then(|| format!("group {}", n % 12)),
        exclusive: n % 50 == 49,
        limits: Limits::default(),
    }
}

fn lines(count: u64, tax_id: TaxId) -> Vec<SaleLine> {
    let line = |n: u64| {
        let own =
            UnitPrice::from_ten_thousandths(i64::try_from(8_000 + n * 317 % 30_000).unwrap_or(0) * 10_000);
        SaleLine {
            price: PriceLine {
                line_id: LineId::from_bytes(bytes(n + 1)),
                unit_price: own,
                quantity: Quantity::pieces(i32::try_from(1 + n % 3).unwrap_or(1)),
                tax_ids: vec![tax_id],
                discount: None,
            },
            item_id: Some(ItemId::from_bytes(bytes(n * 3 % 300 + 1))),
            variant_id: None,
            category_id: Some(CategoryId::from_bytes(bytes(n % 20 + 1))),
            weighed: false,
            own_price: Some(own),
        }
    };
    (0..count).map(line).collect()
}

/// The same lines without an engine.
fn floor(lines: &[SaleLine]) -> Result<i64> {
    let mut total = 0_i64;
    for line in lines {
        let product = i128::from(line.price.unit_price.raw()) * i128::from(line.price.quantity.raw());
        let amount = divide_rounded(product, 10_000_000, shared::RoundingMode::HalfUp)?;
        total +=
            amount + divide_rounded(i128::from(amount) * 100_000, 1_000_000, shared::RoundingMode::HalfUp)?;
    }
    Ok(total)
}

/// How long `step` takes, many times.
fn measure(times: usize, mut step: impl FnMut() -> Result<()>) -> Result<Samples> {
    let mut samples = Samples::default();
    for at in 0..times + times / 10 {
        let start = Instant::now();
        step()?;
        let took = start.elapsed();
        if at >= times / 10 {
            samples.push(took);
        }
    }
    Ok(samples)
}

/// Measures the engine.
///
/// # Errors
/// A price that cannot be computed, or an order that comes to another figure the second time.
pub fn run() -> Result<Vec<Figure>> {
    let currency: CurrencyCode = "IDR".parse()?;
    let rules = rules(currency);
    let tax_id = TaxId::from_bytes(bytes(1));
    let mut figures = Vec::new();
    for (count, promotions, times, target_us) in [(10, 20, 20_000, 50.0), (100, 500, 3_000, 1_000.0)] {
        let book = PriceBook {
            price_book_id: PriceBookId::from_bytes(bytes(1)),
            promotions: (0..promotions).map(|n| promotion(n, currency)).collect(),
            ..PriceBook::plain(&rules, 1)
        };
        let ready = ReadyBook::new(book)?;
        let lines = lines(count, tax_id);
        let terms = SaleTerms { zone: "Asia/Jakarta".into(), ..SaleTerms::default() };
        let sale = Sale { lines: &lines, order_discount: None, terms: &terms };
        let computed = ready.price(&sale)?;
        ensure!(computed.uses.len() >= 3, "only {} promotions were applied", computed.uses.len());
        let mut samples = measure(times, || {
            black_box(ready.price(black_box(&sale))?);
            Ok(())
        })?;
        let mut floors = measure(times, || {
            black_box(floor(black_box(&lines))?);
            Ok(())
        })?;
        let name = format!("{count} lines, {promotions} promotions");
        let applied = computed.uses.len();
        let value = samples.percentile_ms(50) * 1_000.0;
        figures.push(
            Figure::new(format!("{name} ({applied} applied): p50"), value, "µs")
                .floor(floors.percentile_ms(50) * 1_000.0, "bare arithmetic of the lines")
                .at_most(target_us),
        );
        let value = samples.percentile_ms(99) * 1_000.0;
        figures.push(Figure::new(format!("{name}: p99, a tap"), value, "µs").at_most(2_000.0));
    }
    figures.extend(ingest(&rules, tax_id)?);
    Ok(figures)
}

/// Orders of one to nine lines, computed again and compared, on one core.
fn ingest(rules: &PriceRules, tax_id: TaxId) -> Result<Vec<Figure>> {
    let orders: Vec<Vec<PriceLine>> =
        (0..1_000).map(|n| lines(1 + n % 9, tax_id).into_iter().map(|line| line.price).collect()).collect();
    let claimed: Vec<_> = orders.iter().map(|lines| price(rules, lines, None)).collect::<Result<_, _>>()?;
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < Duration::from_secs(2) {
        for (lines, claimed) in orders.iter().zip(&claimed) {
            let order = price(rules, black_box(lines), None)?;
            ensure!(order == *claimed, "an order came to another figure");
            count += 1;
        }
    }
    let seconds = start.elapsed().as_secs_f64() / f64::from(count);
    Ok(vec![
        Figure::new("computed again at ingest, an order of 5 lines", seconds * 1e6, "µs"),
        Figure::new("orders computed again, one core", 1.0 / seconds, "/s").at_least(20_000.0),
    ])
}
