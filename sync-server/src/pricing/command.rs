//! `kedai-server price`: baskets in, computed orders out.

use std::io::{BufRead, Read as _, Write};

use serde_json::{Value, json};
use shared::pricing::basket::{BasketError, price_text};

/// The longest basket in bytes; far above one of 5,000 lines.
const MAX_BASKET_BYTES: u64 = 64 << 20;

/// Computes every basket of `input` and writes its order, or what is wrong with it, as one line; gives how many were
/// refused. When the first line is no basket by itself, the whole input is one.
///
/// # Errors
/// When the input cannot be read or the output not be written.
pub fn price(mut input: impl BufRead, mut output: impl Write) -> std::io::Result<u64> {
    let mut refused = 0;
    let mut answer = |text: &str, output: &mut dyn Write| {
        let answer = price_text(text).unwrap_or_else(|error| {
            refused += 1;
            refusal(&error)
        });
        writeln!(output, "{answer}")
    };
    let mut first = true;
    loop {
        let mut line = String::new();
        if (&mut input).take(MAX_BASKET_BYTES).read_line(&mut line)? == 0 {
            break;
        }
        if line.trim().is_empty() {
            continue;
        }
        if first && serde_json::from_str::<Value>(&line).is_err() {
            (&mut input).take(MAX_BASKET_BYTES).read_to_string(&mut line)?;
        }
        first = false;
        answer(&line, &mut output)?;
    }
    output.flush()?;
    Ok(refused)
}

fn refusal(error: &BasketError) -> Value {
    json!({ "error": error })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn run(input: &str) -> (u64, Vec<Value>) {
        let mut output = Vec::new();
        let refused = price(input.as_bytes(), &mut output).unwrap();
        let text = String::from_utf8(output).unwrap();
        (refused, text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    const BILL: &str = r#"{"currency":"IDR","digits":0,"taxes":[{"id":"PB1","amount":"10"}],
        "lines":[{"id":"1","unit_price":"208000","quantity":"1","taxes":["PB1"]}],
        "service_charge":{"percent":"6","taxes":["PB1"]}}"#;

    #[test]
    fn one_basket_may_go_over_many_lines() {
        let (refused, answers) = run(BILL);
        assert_eq!((refused, answers.len()), (0, 1));
        assert_eq!(answers[0]["total"], "242528");
        assert_eq!(answers[0]["service_charge"], "12480");
    }

    #[test]
    fn many_baskets_stand_one_a_line_and_a_wrong_one_stops_none() {
        let bill = BILL.replace('\n', " ");
        let (refused, answers) = run(&format!("{bill}\n{{\"currency\":1}}\n\nnonsense\n{bill}\n"));
        assert_eq!((refused, answers.len()), (2, 4));
        assert_eq!(answers[1]["error"]["path"], "/currency");
        assert_eq!(answers[2]["error"]["code"], "no_json");
        assert_eq!(answers[3]["total"], "242528");
    }
}
