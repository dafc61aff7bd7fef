//! Ids, money and documents made for tests.

use shared::CurrencyCode;
use shared::money::{Money, UnitPrice};

/// Sixteen bytes that are `n`.
pub fn id(n: u128) -> [u8; 16] {
    n.to_be_bytes()
}

pub fn currency(code: &str) -> CurrencyCode {
    code.parse().unwrap()
}

/// Money from a decimal of the major unit, such as `12.34` with two decimals.
pub fn major(text: &str, currency: CurrencyCode, digits: u8) -> Money {
    let price: UnitPrice = text.parse().unwrap();
    let step = 10_i64.pow(4 - u32::from(digits));
    assert_eq!(price.raw() % step, 0, "`{text}` has more than {digits} decimals");
    Money::new(price.raw() / step, currency)
}
