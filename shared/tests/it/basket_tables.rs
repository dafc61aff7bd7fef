//! Reads `baskets.txt` and prices every row as the JSON that its words stand for; reads `refunds.txt`.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use shared::money::Quantity;
use shared::pricing::basket::price_value;
use shared::refund::part_of;

use crate::made::idr;

fn rows(table: &'static str) -> impl Iterator<Item = (usize, Vec<&'static str>)> {
    let lines = table.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(at, line)| (at + 1, line.split('|').map(str::trim).collect()))
}

fn is_tax(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
}

/// `20% in next on table`.
fn tax(id: &str, text: &str) -> Value {
    let mut tax = Map::from_iter([("id".into(), json!(id)), ("kind".into(), json!("percent"))]);
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let known = match word {
            "in" => ("included", json!(true)),
            "next" => ("affects_next", json!(true)),
            "alone" => ("affected_by_previous", json!(false)),
            "each" => ("kind", json!("fixed")),
            "of" => {
                assert_eq!((words.next(), words.next()), (Some("the"), Some("price")));
                ("kind", json!("division"))
            }
            "zero" => ("treatment", json!("zero_rated")),
            "exempt" => ("treatment", json!("exempt")),
            "reverse" => ("treatment", json!("reverse_charge")),
            "on" => ("channels", json!([words.next().unwrap()])),
            "group" => {
                tax.insert("kind".into(), json!("group"));
                ("members", json!(words.next().unwrap().split('+').collect::<Vec<_>>()))
            }
            figure => ("amount", json!(figure.trim_end_matches('%'))),
        };
        tax.insert(known.0.into(), known.1);
    }
    Value::Object(tax)
}

fn goods(words: &[&str]) -> Value {
    let (mut skus, mut categories, mut except) = (vec![], vec![], vec![]);
    let mut but = false;
    for word in words {
        match word.strip_prefix('@') {
            _ if *word == "but" => but = true,
            Some(category) => categories.push(category),
            None if but => except.push(*word),
            None => skus.push(*word),
        }
    }
    json!({ "skus": skus, "categories": categories, "except_skus": except })
}

/// The words that conditions begin with.
const CONDITIONS: &[&str] = &[
    "for",
    "priority",
    "group",
    "exclusive",
    "code",
    "once",
    "gold",
    "hours",
    "days",
    "season",
    "on",
    "from",
    "most",
    "lent",
];

fn condition(rule: &mut Map<String, Value>, words: &[&str]) {
    let rest = words.get(1..).unwrap_or_default();
    let first = || rest.first().copied().unwrap();
    let (key, value) = match words[0] {
        "for" => ("target", goods(rest)),
        "priority" => ("priority", json!(first().parse::<i32>().unwrap())),
        "group" => ("group", json!(first())),
        "exclusive" => ("exclusive", json!(true)),
        "code" => ("coupons", json!([first()])),
        "once" => ("coupons", json!([{ "code": rule["coupons"][0].clone(), "uses": 1 }])),
        "gold" => ("segments", json!(["gold"])),
        "hours" => ("hours", json!(first().split('-').collect::<Vec<_>>())),
        "days" => {
            ("weekdays", json!(first().split('-').map(|day| day.parse::<u8>().unwrap()).collect::<Vec<_>>()))
        }
        "season" => {
            let (from, until) = first().split_at(5);
            ("season", json!([from, until.trim_start_matches('-')]))
        }
        "on" => ("channels", json!([first()])),
        "from" => ("min_spend", json!(first())),
        "most" => ("limits", json!({ "per_order": first().parse::<u32>().unwrap() })),
        "lent" => ("limits", json!({ "in_all": 1_000 })),
        other => panic!("no condition is called `{other}`"),
    };
    rule.insert(key.into(), value);
}

/// `buy 2 get 1 for tea priority 5`.
fn promotion(id: &str, text: &str, promotions: &[String]) -> Value {
    let words: Vec<&str> = text.split(' ').collect();
    let end = words.iter().position(|word| CONDITIONS.contains(word)).unwrap_or(words.len());
    let (what, mut rest) = words.split_at(end);
    let percent = |word: &str| json!(word.strip_suffix('%').unwrap());
    let mut rule = match what {
        [figure] if figure.ends_with('%') => json!({ "kind": "percent", "percent": percent(figure) }),
        [amount, "off", "each"] => json!({ "kind": "amount", "amount": amount }),
        ["at", price] => json!({ "kind": "fixed_price", "price": price }),
        ["buy", buy, "get", get, more @ ..] => {
            let mut rule = json!({ "kind": "buy_get", "buy": buy, "get": get });
            let mut more = more.iter();
            while let Some(word) = more.next() {
                match (*word, more.next()) {
                    ("of", Some(other)) => rule["other"] = goods(&[other]),
                    ("at", Some(off)) => rule["percent"] = percent(off),
                    other => panic!("{other:?}"),
                }
            }
            rule
        }
        ["bundle", more @ ..] => {
            let end = more.iter().position(|word| ["at", "less", "off"].contains(word)).unwrap();
            let (parts, off) = more.split_at(end);
            let part = |part: &[&str]| {
                let mut found = match promotions.iter().any(|id| id == part[1]) {
                    true => json!({ "bundle": part[1] }),
                    false => goods(&part[1..]),
                };
                found["quantity"] = json!(part[0]);
                found
            };
            let parts: Vec<Value> = parts.split(|word| *word == "+").map(part).collect();
            let mut rule = json!({ "kind": "bundle", "parts": parts });
            match off {
                ["at", price] => rule["price"] = json!(price),
                ["less", off] => rule["percent"] = percent(off),
                ["off", amount] => rule["amount"] = json!(amount),
                other => panic!("{other:?}"),
            }
            rule
        }
        ["spend", ..] => {
            let tier = |tier: &str| {
                let words: Vec<&str> = tier.trim().trim_start_matches("spend ").split(' ').collect();
                match words[..] {
                    [spend, "off", amount] => json!({ "spend": spend, "amount": amount }),
                    [spend, "less", off] => json!({ "spend": spend, "percent": percent(off) }),
                    _ => panic!("{tier}"),
                }
            };
            json!({ "kind": "threshold", "tiers": what.join(" ").split(',').map(tier).collect::<Vec<_>>() })
        }
        ["free", count, goods_named] => {
            json!({ "kind": "free_item", "free": goods(&[goods_named]), "quantity": count })
        }
        ["order", off] => json!({ "kind": "order_percent", "percent": percent(off) }),
        ["order", off, "cap", cap] => {
            json!({ "kind": "order_percent", "percent": percent(off), "cap": cap })
        }
        other => panic!("no promotion is written {other:?}"),
    };
    let map = rule.as_object_mut().unwrap();
    map.insert("id".into(), json!(id));
    while !rest.is_empty() {
        let next =
            rest.iter().skip(1).position(|word| CONDITIONS.contains(word)).map_or(rest.len(), |at| at + 1);
        let (condition_words, others) = rest.split_at(next);
        condition(map, condition_words);
        rest = others;
    }
    rule
}

/// `tea 2.50, tea 2 from 6 gold`.
fn list(id: &str, text: &str) -> Value {
    let mut rule = Map::from_iter([("id".into(), json!(id))]);
    let mut prices = vec![];
    for entry in text.split(", ") {
        let words: Vec<&str> = entry.split(' ').collect();
        let mut price = json!({ "sku": words[0], "unit_price": words[1] });
        let mut rest = &words[2..];
        if let ["from", quantity, more @ ..] = rest {
            price["from_quantity"] = json!(quantity);
            rest = more;
        }
        prices.push(price);
        while let [_, ..] = rest {
            let next = rest
                .iter()
                .skip(1)
                .position(|word| CONDITIONS.contains(word))
                .map_or(rest.len(), |at| at + 1);
            condition(&mut rule, &rest[..next]);
            rest = &rest[next..];
        }
    }
    rule.insert("prices".into(), json!(prices));
    Value::Object(rule)
}

/// `3 x 9.99 tea @food +0.50 V20+C2 -10%`.
fn line(text: &str) -> Value {
    let mut words = text.split_whitespace().peekable();
    let mut line = json!({ "quantity": words.next().unwrap(), "taxes": [], "modifiers": [] });
    if words.peek() == Some(&"kg") {
        words.next();
        line["weighed"] = json!(true);
    }
    assert_eq!(words.next(), Some("x"), "{text}");
    line["unit_price"] = json!(words.next().unwrap());
    for word in words {
        if let Some(off) = word.strip_prefix('-') {
            line["discount"] = discount(off);
        } else if let Some(category) = word.strip_prefix('@') {
            line["category"] = json!(category);
        } else if let Some(choice) = word.strip_prefix('+') {
            line["modifiers"].as_array_mut().unwrap().push(json!({ "unit_price": choice }));
        } else if word == "fixed" {
            line["price_fixed"] = json!(true);
        } else if is_tax(word) {
            line["taxes"] = json!(word.split('+').collect::<Vec<_>>());
        } else {
            line["sku"] = json!(word);
        }
    }
    line
}

fn discount(text: &str) -> Value {
    match text.strip_suffix('%') {
        Some(percent) => json!({ "percent": percent }),
        None => json!({ "amount": text }),
    }
}

#[derive(Default)]
struct Known {
    taxes: Vec<Value>,
    promotions: Vec<(String, Value)>,
    lists: HashMap<String, Value>,
}

fn basket(known: &Known, columns: &[&str]) -> Value {
    let mut head = columns[0].split(' ');
    let mut basket = json!({
        "currency": head.next().unwrap(), "digits": head.next().unwrap().parse::<u8>().unwrap(),
        "taxes": known.taxes, "lines": columns[1].split(';').map(line).collect::<Vec<_>>(),
    });
    for word in head {
        match word {
            "order" => basket["tax_rounding"] = json!("order"),
            mode => basket["rounding_mode"] = json!(mode),
        }
    }
    for extra in columns[2].split(';').map(str::trim).filter(|extra| !extra.is_empty()) {
        let words: Vec<&str> = extra.split(' ').collect();
        match words[..] {
            ["with", ref names @ ..] => {
                let of = |name: &&str| known.promotions.iter().find(|(id, _)| id == name).unwrap().1.clone();
                basket["promotions"] = names.iter().map(of).collect();
            }
            ["lists", ref names @ ..] => {
                basket["price_lists"] = names.iter().map(|name| known.lists[*name].clone()).collect()
            }
            ["off", off] => basket["order_discount"] = discount(off),
            ["off", off, "after", "tax"] => {
                basket["order_discount"] = discount(off);
                basket["order_discount"]["before_tax"] = json!(false);
            }
            ["service", percent, ref more @ ..] => {
                let mut more = more.to_vec();
                let before = more.starts_with(&["before", "discounts"]);
                if before {
                    more.drain(..2);
                }
                basket["service_charge"] = json!({
                    "percent": percent.trim_end_matches('%'), "taxes": more, "before_discount": before,
                });
            }
            ["cash", increment, mode] => {
                basket["cash_rounding"] = json!({ "increment": increment, "mode": mode });
                basket["cash"] = json!(true);
            }
            [part, "in", "cash"] => basket["cash"] = json!(part),
            ["on", channel] => basket["channel"] = json!(channel),
            ["at", moment] => basket["at"] = json!(moment),
            ["in", zone] => basket["zone"] = json!(zone),
            ["gold"] => basket["customer"] = json!({ "segments": ["gold"] }),
            ["code", code] => basket["coupons"] = json!([code]),
            ["lent", of, left] => {
                let (promotion, coupon) = of.split_once('/').map_or((of, None), |(p, c)| (p, Some(c)));
                let left: u32 = left.parse().unwrap();
                basket["allowances"] = json!([{ "promotion": promotion, "coupon": coupon, "left": left }]);
            }
            ["exempt", which, ref treatment @ ..] => {
                let taxes: Vec<&str> = if which == "all" { vec![] } else { vec![which] };
                let treatment = treatment.first().copied().unwrap_or("exempt");
                basket["customer"] = json!({
                    "exempt": { "taxes": taxes, "treatment": treatment, "reason": "certificate" },
                });
            }
            _ => panic!("no basket has `{extra}`"),
        }
    }
    basket
}

/// What a promotion took off, over all lines, as text of the same decimals.
fn taken(answer: &Value, name: &str) -> String {
    let mut minor = 0_i64;
    let mut digits = 0;
    for line in answer["lines"].as_array().unwrap() {
        for applied in line["promotions"].as_array().unwrap().iter().filter(|applied| applied["id"] == name) {
            let text = applied["amount"].as_str().unwrap();
            digits = text.split_once('.').map_or(0, |(_, rest)| rest.len());
            minor += text.replace('.', "").parse::<i64>().unwrap();
        }
    }
    let padded = format!("{minor:0>width$}", width = digits + 1);
    let (whole, rest) = padded.split_at(padded.len() - digits);
    if digits == 0 { whole.to_owned() } else { format!("{whole}.{rest}") }
}

fn check(answer: &Value, figure: &str) -> Result<(), String> {
    let words: Vec<&str> = figure.split(' ').collect();
    let is = |what: &str, found: &Value, expected: &str| match found.as_str() == Some(expected) {
        true => Ok(()),
        false => Err(format!("{what} is {found}, not {expected}")),
    };
    match words[..] {
        ["line", number, share] => {
            let number: usize = number.parse().unwrap();
            is(figure, &answer["lines"][number - 1]["share"], share)
        }
        [name, amount, "of", base] => {
            let taxes = answer["taxes"].as_array().unwrap();
            let tax = taxes.iter().find(|tax| tax["id"] == name).ok_or(format!("no tax {name}"))?;
            is(name, &tax["amount"], amount)?;
            is(&format!("the base of {name}"), &tax["base"], base)
        }
        [name, amount] => {
            let key = match name {
                "discounts" => "discount_total",
                "service" => "service_charge",
                "tax" => "tax_total",
                "paid" => "payable",
                "subtotal" | "total" | "rounding" => name,
                promotion => return is(promotion, &json!(taken(answer, promotion)), amount),
            };
            is(name, &answer[key], amount)
        }
        _ => panic!("no figure is written `{figure}`"),
    }
}

#[test]
fn every_basket_of_the_table_comes_to_its_figures() {
    let mut known = Known::default();
    let (mut wrong, mut count, mut used) = (vec![], 0, 0);
    for (number, columns) in rows(include_str!("baskets.txt")) {
        match columns[0].split_once(' ') {
            Some(("tax", name)) => known.taxes.push(tax(name.trim(), columns[1])),
            Some(("promotion", name)) => {
                let ids: Vec<String> = known.promotions.iter().map(|(id, _)| id.clone()).collect();
                known.promotions.push((name.trim().to_owned(), promotion(name.trim(), columns[1], &ids)));
            }
            Some(("list", name)) => {
                known.lists.insert(name.trim().to_owned(), list(name.trim(), columns[1]));
            }
            _ => {
                count += 1;
                assert!(
                    columns.len() == 5 && !columns[4].is_empty(),
                    "line {number} does not say where its figures are from"
                );
                let answer = match price_value(&basket(&known, &columns)) {
                    Ok(answer) => answer,
                    Err(error) => {
                        wrong.push(format!("line {number}: {error}"));
                        continue;
                    }
                };
                for figure in columns[3].split(',').map(str::trim) {
                    if let Err(error) = check(&answer, figure) {
                        wrong.push(format!("line {number}: {error} ({})", columns[4]));
                    }
                }
                // A promotion that is not among the figures took nothing off.
                for line in answer["lines"].as_array().unwrap() {
                    for applied in line["promotions"].as_array().unwrap() {
                        used += 1;
                        let name = applied["id"].as_str().unwrap();
                        if !columns[3].split([' ', ',']).any(|word| word == name) {
                            wrong.push(format!("line {number}: {name} took {} off", applied["amount"]));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 170 && used >= 90, "only {count} baskets were read");
}

#[test]
fn every_part_of_the_table_comes_back_as_stated() {
    let mut count = 0;
    for (number, columns) in rows(include_str!("refunds.txt")) {
        let cost = idr(columns[0].parse().unwrap());
        let sold: Quantity = columns[1].parse().unwrap();
        let (mut before, mut sum) = (Quantity::ZERO, 0);
        let steps: Vec<i64> = columns[3].split_whitespace().map(|text| text.parse().unwrap()).collect();
        for (step, expected) in columns[2].split_whitespace().zip(&steps) {
            let quantity: Quantity = step.parse().unwrap();
            let part = part_of(cost, sold, before, quantity).unwrap();
            assert_eq!(part.minor(), *expected, "line {number}, after {before}");
            before = before.add(quantity).unwrap();
            sum += part.minor();
        }
        assert_eq!((before, sum), (sold, cost.minor()), "line {number} gives all of it back");
        count += 1;
    }
    assert!(count >= 30, "only {count} lines were read");
}
