//! Figures as each language writes them.

use crate::money::{CurrencyCode, Money};

/// The mark between groups of three digits and the mark before decimals.
fn marks(language: &str) -> (char, char) {
    match language {
        "id" | "vi" => ('.', ','),
        _ => (',', '.'),
    }
}

/// Plain decimal text (`-1234.5`) with the marks of the language.
pub(super) fn grouped(language: &str, decimal: &str) -> String {
    let (group, point) = marks(language);
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = String::with_capacity(decimal.len() + whole.len() / 3 + 1);
    text.push_str(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// The sign of a currency.
pub(super) fn sign(currency: &CurrencyCode) -> &str {
    match currency.as_str() {
        "IDR" => "Rp",
        "VND" => "₫",
        "SEK" | "NOK" | "DKK" => "kr",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        code => code,
    }
}

/// An amount with its currency. Rupiah stand before and đồng behind the figure in every language; `kr` is three
/// currencies, so English has the code instead; other signs stand before the figure in English and Indonesian and
/// behind it in Vietnamese. The minus is always the first character.
pub(super) fn money(language: &str, amount: Money, digits: u8) -> String {
    let currency = amount.currency();
    let figure = grouped(language, &amount.to_decimal(digits));
    let (minus, figure) = figure.strip_prefix('-').map_or(("", figure.as_str()), |figure| ("-", figure));
    let sign = sign(&currency);
    match (currency.as_str(), language) {
        ("IDR", _) => format!("{minus}{sign} {figure}"),
        ("VND", _) => format!("{minus}{figure} {sign}"),
        (code, "en") if sign == "kr" => format!("{minus}{code} {figure}"),
        (_, "en") if !sign.is_ascii() || sign == "$" => format!("{minus}{sign}{figure}"),
        (_, "vi") => format!("{minus}{figure} {sign}"),
        _ if sign == "kr" => format!("{minus}{figure} {sign}"),
        _ => format!("{minus}{sign} {figure}"),
    }
}
