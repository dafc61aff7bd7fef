//! Codes read by us and by the library biip: more than a thousand, every application identifier among them.

use hardware::barcode::check_digit::{expand_upc_e, gtin14};
use hardware::barcode::{Figure, Measure, gs1, in_store};
use serde_json::{Value, json};

use crate::oracle;

fn decimal(figure: Figure) -> String {
    let digits = format!("{:0>width$}", figure.value, width = usize::from(figure.decimals) + 1);
    let (whole, part) = digits.split_at(digits.len() - usize::from(figure.decimals));
    if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
}

fn ours(case: &Value) -> Value {
    let text = case["text"].as_str().unwrap();
    match case["kind"].as_str().unwrap() {
        "gs1" => gs1::parse(text).map_or(Value::Null, |message| {
            message.elements.iter().map(|element| json!([element.ai, element.value])).collect()
        }),
        "date" => {
            // Only these are the last day; the others are packed, made and paid dates.
            let asked = text.replacen(&text[..2], "17", 1);
            let message = gs1::parse(&asked).unwrap();
            json!(message.expiry(2026).unwrap().to_string())
        }
        "decimal" => {
            let message = gs1::parse(text).unwrap();
            let price = message.price().map(|(_, figure)| figure);
            json!(decimal(price.or(message.net_weight_kg()).unwrap()))
        }
        "gtin" => json!(gtin14(text)),
        "upc_e" => json!(expand_upc_e(text)),
        "rcn" => {
            let layouts = in_store::usual_in(case["region"].as_str().unwrap()).unwrap();
            layouts.iter().find_map(|layout| layout.read(text)).map_or(Value::Null, |read| {
                let kind = match read.measure {
                    Measure::Price => "price",
                    Measure::Weight => "weight",
                    Measure::Count => "count",
                };
                json!([kind, decimal(read.value), read.base])
            })
        }
        other => panic!("no such case: {other}"),
    }
}

/// Decimals without zeros at their end: the library shortens some.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(parts) if parts.len() == 3 && parts[1].is_string() && parts[0].is_string() => {
            json!([parts[0], plain(&parts[1]), parts[2]])
        }
        Value::String(text) if text.contains('.') && text.parse::<f64>().is_ok() => {
            json!(text.trim_end_matches('0').trim_end_matches('.'))
        }
        other => other.clone(),
    }
}

#[test]
fn codes_are_read_as_biip_reads_them() {
    let Some(mut python) = oracle::python() else { return };
    let cases = oracle::output(python.arg(oracle::script("biip_cases.py")));
    let mut compared = 0;
    let mut refused = 0;
    let mut different = Vec::new();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let read = ours(&case);
        compared += 1;
        refused += usize::from(case["read"].is_null());
        if plain(&read) != plain(&case["read"]) {
            different.push(format!("{line}\n   ours: {read}"));
        }
    }
    assert!(different.is_empty(), "{} of {compared}:\n{}", different.len(), different.join("\n"));
    assert!(compared > 1000 && refused > 100, "only {compared} cases came, {refused} of them refused");
}
