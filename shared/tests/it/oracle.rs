//! The engine against `tests/pricing_oracle`, which prices the same random baskets slowly and plainly.

use std::process::{Command, Stdio};

use serde_json::Value;
use shared::pricing::basket::price_value;

/// Baskets of one test; two tests share them between two processor cores.
const BASKETS: usize = 10_000;

/// `{"basket": …, "expected": …}` for random baskets.
fn made(seed: u32) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/pricing_oracle");
    let made = Command::new("python3")
        .args([script, "make", &BASKETS.to_string(), &seed.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .expect("python3 runs");
    assert!(made.status.success(), "the oracle failed");
    let text = String::from_utf8(made.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The first figure that the answer and the oracle do not agree on.
fn difference(path: &str, expected: &Value, answer: &Value) -> Option<String> {
    match (expected, answer) {
        (Value::Object(expected), Value::Object(answer)) => expected.iter().find_map(|(key, expected)| {
            difference(&format!("{path}/{key}"), expected, answer.get(key).unwrap_or(&Value::Null))
        }),
        (Value::Array(expected), Value::Array(answer)) if expected.len() == answer.len() => {
            let pairs = expected.iter().zip(answer).enumerate();
            pairs.into_iter().find_map(|(at, (a, b))| difference(&format!("{path}/{at}"), a, b))
        }
        (expected, answer) if expected == answer => None,
        (expected, answer) => Some(format!("{path}: the oracle has {expected}, the engine {answer}")),
    }
}

fn compare(seed: u32) {
    let (mut wrong, mut refused, mut promoted) = (Vec::new(), 0, 0);
    for case in made(seed) {
        let answer = match price_value(&case["basket"]) {
            Ok(answer) => answer,
            Err(error) => {
                refused += 1;
                serde_json::json!({ "error": error.code, "path": error.path, "message": error.message })
            }
        };
        promoted += usize::from(answer["promotions"].as_array().is_some_and(|all| !all.is_empty()));
        if let Some(difference) = difference("", &case["expected"], &answer) {
            wrong.push(format!("{difference}\n{}", case["basket"]));
        }
    }
    wrong.sort_by_key(String::len);
    assert!(
        wrong.is_empty(),
        "{} of {BASKETS} differ (seed {seed}):\n{}",
        wrong.len(),
        wrong[..wrong.len().min(4)].join("\n\n")
    );
    assert!(promoted > BASKETS / 5, "only {promoted} baskets had a promotion");
    assert!(refused < BASKETS / 5, "{refused} baskets were refused");
}

#[test]
fn ten_thousand_random_baskets_cost_what_the_oracle_says() {
    compare(20_260_101);
}

#[test]
fn ten_thousand_other_baskets_cost_what_the_oracle_says() {
    compare(20_260_102);
}

#[test]
fn the_comparison_finds_one_minor_unit() {
    let expected = serde_json::json!({ "total": "1.00", "lines": [{ "net": "1.00" }] });
    assert_eq!(difference("", &expected, &expected), None);
    let other = serde_json::json!({ "total": "1.00", "lines": [{ "net": "1.01" }] });
    assert!(difference("", &expected, &other).unwrap().contains("/lines/0/net"));
    assert!(difference("", &expected, &serde_json::json!({ "total": "1.00", "lines": [] })).is_some());
}
