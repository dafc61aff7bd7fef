//! Currencies as card readers name them.

/// A currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency {
    /// Its number, such as 978.
    pub number: u16,
    /// The decimals of its minor unit, which a shop's own till may leave out (rupiah have two).
    pub digits: u8,
}

/// The currency of these letters (ISO 4217, list one); None for one that no reader here is asked for.
pub fn currency(letters: &str) -> Option<Currency> {
    let (number, digits) = match letters {
        "AED" => (784, 2),
        "AUD" => (36, 2),
        "BGN" => (975, 2),
        "BHD" => (48, 3),
        "BND" => (96, 2),
        "CAD" => (124, 2),
        "CHF" => (756, 2),
        "CZK" => (203, 2),
        "DKK" => (208, 2),
        "EUR" => (978, 2),
        "GBP" => (826, 2),
        "HKD" => (344, 2),
        "HUF" => (348, 2),
        "IDR" => (360, 2),
        "ISK" => (352, 0),
        "JPY" => (392, 0),
        "KRW" => (410, 0),
        "KWD" => (414, 3),
        "MYR" => (458, 2),
        "NOK" => (578, 2),
        "NZD" => (554, 2),
        "PHP" => (608, 2),
        "PLN" => (985, 2),
        "RON" => (946, 2),
        "SEK" => (752, 2),
        "SGD" => (702, 2),
        "THB" => (764, 2),
        "TWD" => (901, 2),
        "USD" => (840, 2),
        "VND" => (704, 0),
        _ => return None,
    };
    Some(Currency { number, digits })
}
