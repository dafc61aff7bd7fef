//! Amounts as card readers count them: in the minor unit of ISO 4217, where a till may leave decimals out.

use shared::CurrencyCode;
use shared::money::Money;

/// An amount in the minor unit of ISO 4217, as readers count, and the currency's number; None when the reader cannot be asked
/// for it.
pub(super) fn as_iso(amount: Money, digits: u8) -> Option<(u64, u16)> {
    let currency = hardware::card::currency(amount.currency().as_str())?;
    let finer = currency.digits.checked_sub(digits)?;
    let minor = u64::try_from(amount.minor()).ok()?.checked_mul(10_u64.checked_pow(u32::from(finer))?)?;
    Some((minor, currency.number))
}

/// The reader's amount in the till's own minor units; what is finer than those is left out.
pub(super) fn from_iso(minor: u64, digits: u8, currency: CurrencyCode) -> Option<Money> {
    let known = hardware::card::currency(currency.as_str())?;
    let finer = 10_u64.checked_pow(u32::from(known.digits.checked_sub(digits)?))?;
    Some(Money::new(i64::try_from(minor / finer).ok()?, currency))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn readers_count_in_the_minor_unit_of_the_standard() {
        for (minor, digits, currency, iso, number) in [
            (36_000, 0, "IDR", 3_600_000, 360),
            (36_000, 2, "IDR", 36_000, 360),
            (29_000, 0, "VND", 29_000, 704),
            (1_234, 2, "EUR", 1_234, 978),
            (1_234, 3, "KWD", 1_234, 414),
        ] {
            let code: CurrencyCode = currency.parse().unwrap();
            let amount = Money::new(minor, code);
            assert_eq!(as_iso(amount, digits), Some((iso, number)), "{amount}");
            assert_eq!(from_iso(iso, digits, code), Some(amount), "{amount}");
        }
        let idr: CurrencyCode = "IDR".parse().unwrap();
        assert_eq!(from_iso(3_600_099, 0, idr), Some(Money::new(36_000, idr)), "finer than the till counts");
        for (minor, digits, currency) in [(-1, 2, "EUR"), (1, 3, "EUR"), (1, 2, "XXX"), (i64::MAX, 0, "IDR")]
        {
            assert_eq!(as_iso(Money::new(minor, currency.parse().unwrap()), digits), None);
        }
    }
}
