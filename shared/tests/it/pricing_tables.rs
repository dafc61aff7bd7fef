//! Reads `pricing.txt` and `cash_rounding.txt` and computes every row.

use std::collections::HashMap;

use shared::ids::{LineId, TaxId};
use shared::money::{Money, Quantity, Rate, RoundingMode, UnitPrice};
use shared::pricing::{
    CashRounding, Discount, PriceLine, PriceRules, PricedOrder, ServiceCharge, Tax, TaxRounding, price,
    round_cash,
};

use crate::made::{currency, id, major};

fn rows(table: &'static str) -> impl Iterator<Item = (usize, Vec<&'static str>)> {
    let lines = table.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(at, line)| (at + 1, line.split('|').map(str::trim).collect()))
}

fn mode(text: &str) -> RoundingMode {
    match text {
        "half_even" => RoundingMode::HalfEven,
        "up" => RoundingMode::Up,
        "down" => RoundingMode::Down,
        "" | "half_up" | "per order" => RoundingMode::HalfUp,
        other => panic!("no rounding is called `{other}`"),
    }
}

/// `6.25%` in parts per million.
fn rate(text: &str) -> Rate {
    let percent: UnitPrice = text.strip_suffix('%').unwrap().parse().unwrap();
    Rate(u32::try_from(percent.raw()).unwrap())
}

fn rules(columns: &[&str]) -> PriceRules {
    let (code, digits) = columns[1].split_once(' ').unwrap();
    let mut taxes = vec![];
    for text in columns[2].split(',').map(str::trim).filter(|text| !text.is_empty()) {
        let words: Vec<&str> = text.split(' ').collect();
        taxes.push(Tax {
            tax_id: TaxId::from_bytes(id(taxes.len() as u128)),
            name: words[0].to_owned(),
            rate_ppm: rate(words[1]),
            included: words.get(2).is_some_and(|word| *word == "incl"),
        });
    }
    let service_charge = (!columns[3].is_empty()).then(|| {
        let (percent, names) = columns[3].split_once(' ').unwrap_or((columns[3], ""));
        ServiceCharge { rate_ppm: rate(percent), tax_ids: tax_ids(&taxes, names) }
    });
    PriceRules {
        currency: currency(code),
        digits: digits.parse().unwrap(),
        rounding: mode(columns[4]),
        tax_rounding: if columns[4] == "per order" { TaxRounding::Order } else { TaxRounding::Line },
        taxes,
        service_charge,
        cash_rounding: None,
    }
}

fn tax_ids(taxes: &[Tax], names: &str) -> Vec<TaxId> {
    let named = names.split('+').filter(|name| !name.is_empty());
    named.map(|name| taxes.iter().find(|tax| tax.name == name).unwrap().tax_id).collect()
}

fn discount(rules: &PriceRules, text: &str) -> Option<Discount> {
    if text.is_empty() {
        None
    } else if text.ends_with('%') {
        Some(Discount::Percent(rate(text)))
    } else {
        Some(Discount::Amount(major(text, rules.currency, rules.digits)))
    }
}

fn lines(rules: &PriceRules, text: &str) -> Vec<PriceLine> {
    let line = |(at, text): (usize, &str)| {
        let mut words = text.split_whitespace();
        let quantity: Quantity = words.next().unwrap().parse().unwrap();
        assert_eq!(words.next(), Some("x"));
        let unit_price: UnitPrice = words.next().unwrap().parse().unwrap();
        let (mut off, mut taxes) = (None, vec![]);
        for word in words {
            match word.strip_prefix('-') {
                Some(text) => off = discount(rules, text),
                None => taxes = tax_ids(&rules.taxes, word),
            }
        }
        let line_id = LineId::from_bytes(id(at as u128));
        PriceLine { line_id, unit_price, quantity, tax_ids: taxes, discount: off }
    };
    text.split(';').filter(|text| *text != "-").enumerate().map(line).collect()
}

/// What must hold of every order, whatever its figures.
fn assert_sums(order: &PricedOrder) {
    let code = order.total.currency();
    let sum = |figure: fn(&shared::pricing::PricedLine) -> Money| {
        Money::sum(code, order.lines.iter().map(figure)).unwrap()
    };
    if !order.lines.is_empty() {
        assert_eq!(sum(|line| line.share), order.total, "shares sum to the total");
        assert_eq!(sum(|line| line.tax_share), order.tax_total, "tax shares sum to the taxes");
    }
    let discounts = sum(|line| line.line_discount).add(sum(|line| line.order_discount)).unwrap();
    assert_eq!(discounts, order.discount_total);
}

#[test]
fn every_order_of_the_table_comes_to_its_figures() {
    let mut known: HashMap<&str, PriceRules> = HashMap::new();
    let mut wrong = vec![];
    let mut count = 0;
    for (number, columns) in rows(include_str!("pricing.txt")) {
        if let Some(name) = columns[0].strip_prefix("rules ") {
            known.insert(name.trim(), rules(&columns));
            continue;
        }
        count += 1;
        let rules = known.get(columns[0]).unwrap();
        let order = price(rules, &lines(rules, columns[1]), discount(rules, columns[2])).unwrap();
        assert_sums(&order);
        let text = |money: Money| {
            let text = money.to_decimal(rules.digits);
            if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            } else {
                text
            }
        };
        let plain = |text: &str| {
            let trimmed = |word: &str| match word.contains('.') {
                true => word.trim_end_matches('0').trim_end_matches('.').to_owned(),
                false => word.to_owned(),
            };
            let words = text.split(' ').map(|word| match word.strip_suffix(',') {
                Some(word) => format!("{},", trimmed(word)),
                None => trimmed(word),
            });
            words.collect::<Vec<_>>().join(" ")
        };
        let taxes =
            order.taxes.iter().map(|tax| format!("{} {} of {}", tax.name, text(tax.amount), text(tax.base)));
        let shares = order.lines.iter().map(|line| text(line.share)).collect::<Vec<_>>().join(" ");
        let figures = [
            text(order.subtotal),
            text(order.discount_total),
            text(order.service_charge),
            taxes.collect::<Vec<_>>().join(", "),
            text(order.total),
            shares,
        ];
        for (figure, expected) in figures.iter().zip(&columns[3..9]) {
            let is_checked = !(expected.is_empty() && std::ptr::eq(figure, &figures[5]));
            if is_checked && *figure != plain(expected) {
                wrong.push(format!("line {number}: {figure} instead of {expected} ({})", columns[9]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 40, "only {count} orders were read");
}

#[test]
fn every_cash_amount_of_the_table_is_rounded_as_stated() {
    let mut count = 0;
    for (number, columns) in rows(include_str!("cash_rounding.txt")) {
        let (code, digits) = columns[0].split_once(' ').unwrap();
        let money = |text: &str| major(text, currency(code), digits.parse().unwrap());
        let rule = CashRounding { increment: money(columns[1]).minor(), mode: mode(columns[2]) };
        let (due, paid) = (money(columns[3]), round_cash(money(columns[3]), Some(&rule)).unwrap());
        assert_eq!(paid, money(columns[4]), "line {number}");
        assert_eq!(paid.sub(due).unwrap(), money(columns[5]), "line {number}");
        assert_eq!(round_cash(due, None).unwrap(), due, "without a rule nothing is rounded");
        count += 1;
    }
    assert!(count >= 20, "only {count} amounts were read");
}
