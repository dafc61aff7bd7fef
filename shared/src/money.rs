//! Money, unit prices, quantities and rates as integers; every rounding names its mode.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a figure could not be computed or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit 64 bits.
    #[error("the amount is beyond the range that can be counted")]
    Overflow,
    /// Two currencies met in one sum.
    #[error("cannot combine {0} with {1}")]
    CurrencyMismatch(CurrencyCode, CurrencyCode),
    /// The text is no figure of the expected form.
    #[error("`{text}` is not {expected}")]
    Malformed {
        /// What was given.
        text: String,
        /// What was expected.
        expected: &'static str,
    },
}

fn malformed(text: &str, expected: &'static str) -> MoneyError {
    MoneyError::Malformed { text: text.chars().take(60).collect(), expected }
}

/// An ISO 4217 currency code, such as `IDR`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CurrencyCode([u8; 3]);

impl CurrencyCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        // The three bytes were checked to be upper-case ASCII letters when the value was made.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// The number of decimals of the minor unit by ISO 4217; an outlet may configure another (IDR is traded without).
    pub fn iso_digits(&self) -> u8 {
        match self.as_str() {
            "VND" | "JPY" | "KRW" | "CLP" | "ISK" => 0,
            "JOD" | "KWD" | "BHD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }
}

impl FromStr for CurrencyCode {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|x| x.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(malformed(text, "a currency code of three capital letters")),
        }
    }
}

impl fmt::Display for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a figure between two minor units becomes one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// Half away from zero: 0.5 → 1, −0.5 → −1 (the default).
    #[default]
    HalfUp,
    /// Half to the even neighbour (banker's rounding).
    HalfEven,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
}

/// `numerator / denominator` rounded by `mode`; the denominator is positive.
///
/// # Errors
/// [`MoneyError::Overflow`] when the result does not fit 64 bits.
pub fn divide_rounded(numerator: i128, denominator: i128, mode: RoundingMode) -> Result<i64, MoneyError> {
    if denominator <= 0 {
        return Err(MoneyError::Overflow);
    }
    let quotient = numerator / denominator;
    let remainder = (numerator % denominator).unsigned_abs();
    let twice = remainder * 2;
    let whole = denominator.unsigned_abs();
    let away = match mode {
        RoundingMode::HalfUp => twice >= whole,
        RoundingMode::HalfEven => twice > whole || (twice == whole && quotient % 2 != 0),
        RoundingMode::Up => remainder > 0,
        RoundingMode::Down => false,
    };
    let rounded = if away { quotient + numerator.signum() } else { quotient };
    i64::try_from(rounded).map_err(|_| MoneyError::Overflow)
}

/// An amount in minor units of one currency; arithmetic is checked and never mixes currencies.
///
/// In JSON it is the text `"<minor units> <currency>"`, for instance `"242528 IDR"`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: CurrencyCode,
}

#[expect(
    clippy::should_implement_trait,
    reason = "checked arithmetic gives a result, which an operator could not"
)]
impl Money {
    /// `minor` minor units of `currency`.
    pub const fn new(minor: i64, currency: CurrencyCode) -> Self {
        Self { minor, currency }
    }
    /// Nothing, in `currency`.
    pub const fn zero(currency: CurrencyCode) -> Self {
        Self { minor: 0, currency }
    }
    /// The amount in minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }
    /// The currency.
    pub const fn currency(self) -> CurrencyCode {
        self.currency
    }
    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }
    /// Whether it is below nothing.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }
    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch(self.currency, other.currency))
        }
    }
    /// The sum.
    ///
    /// # Errors
    /// Another currency, or an overflow.
    pub fn add(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Ok(Self { minor: self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?, ..self })
    }
    /// The difference.
    ///
    /// # Errors
    /// Another currency, or an overflow.
    pub fn sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Ok(Self { minor: self.minor.checked_sub(other.minor).ok_or(MoneyError::Overflow)?, ..self })
    }
    /// The opposite amount.
    ///
    /// # Errors
    /// An overflow.
    pub fn neg(self) -> Result<Self, MoneyError> {
        Ok(Self { minor: self.minor.checked_neg().ok_or(MoneyError::Overflow)?, ..self })
    }
    /// The sum of many amounts of `currency`.
    ///
    /// # Errors
    /// Another currency among them, or an overflow.
    pub fn sum(currency: CurrencyCode, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::add)
    }
    /// The amount as a decimal of the major unit with `digits` decimals, such as `12.34`; for receipts and CSV.
    pub fn to_decimal(self, digits: u8) -> String {
        decimal_text(i128::from(self.minor), digits, false)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.minor, self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Money {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let expected = "an amount such as `242528 IDR` (minor units and currency)";
        let (minor, currency) = text.split_once(' ').ok_or_else(|| malformed(text, expected))?;
        let canonical = minor.parse::<i64>().map_err(|_| malformed(text, expected))?;
        if canonical.to_string() != minor {
            return Err(malformed(text, expected));
        }
        Ok(Self { minor: canonical, currency: currency.parse()? })
    }
}

/// Writes `value / 10^scale` as decimal text; `trim` drops zeros at the end.
fn decimal_text(value: i128, scale: u8, trim: bool) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = value.unsigned_abs().to_string();
    let scale = usize::from(scale);
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    let fraction = if trim { fraction.trim_end_matches('0') } else { fraction };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Reads decimal text into an integer of `10^-scale`; more decimals than `scale`, signs other than `-`, exponents and
/// separators are refused.
fn parse_decimal(text: &str, scale: u8, expected: &'static str) -> Result<i64, MoneyError> {
    let fail = || malformed(text, expected);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || fraction.len() > usize::from(scale) {
        return Err(fail());
    }
    if digits.contains('.') && fraction.is_empty() {
        return Err(fail());
    }
    let joined = format!("{sign}{whole}{fraction:0<width$}", width = usize::from(scale));
    joined.parse().map_err(|_| MoneyError::Overflow)
}

macro_rules! decimal_number {
    ($(#[$doc:meta])* $name:ident, $scale:expr, $expected:expr, $unit:ident, $unit_doc:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        pub struct $name(i64);

        #[expect(clippy::should_implement_trait, reason = "checked arithmetic gives a result, which an operator could not")]
        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
            #[doc = concat!("From ", $unit_doc, ".")]
            pub const fn $unit(value: i64) -> Self {
                Self(value)
            }
            #[doc = concat!("In ", $unit_doc, ".")]
            pub const fn raw(self) -> i64 {
                self.0
            }
            /// The sum.
            ///
            /// # Errors
            /// An overflow.
            pub fn add(self, other: Self) -> Result<Self, MoneyError> {
                self.0.checked_add(other.0).map(Self).ok_or(MoneyError::Overflow)
            }
            /// The difference.
            ///
            /// # Errors
            /// An overflow.
            pub fn sub(self, other: Self) -> Result<Self, MoneyError> {
                self.0.checked_sub(other.0).map(Self).ok_or(MoneyError::Overflow)
            }
        }

        impl FromStr for $name {
            type Err = MoneyError;
            fn from_str(text: &str) -> Result<Self, MoneyError> {
                parse_decimal(text, $scale, $expected).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&decimal_text(i128::from(self.0), $scale, true))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

decimal_number!(
    /// A price per unit in the major unit with up to 4 decimals (0.001 per screw), held as 1/10,000; in JSON a decimal text.
    UnitPrice, 4, "a price with at most 4 decimals", from_ten_thousandths, "1/10,000 of the major unit"
);
decimal_number!(
    /// A quantity with up to 3 decimals (0.125 kg), held as 1/1,000; in JSON a decimal text.
    Quantity, 3, "a quantity with at most 3 decimals", from_thousandths, "thousandths"
);

impl Quantity {
    /// One piece.
    pub const ONE: Self = Self(1_000);
    /// `n` whole pieces.
    pub const fn pieces(n: i32) -> Self {
        Self(n as i64 * 1_000)
    }
    /// Whether it is above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }
}

impl UnitPrice {
    /// The price of one unit from an amount of money in a currency of `digits` decimals.
    ///
    /// # Errors
    /// An overflow, or more than 4 digits.
    pub fn from_money(money: Money, digits: u8) -> Result<Self, MoneyError> {
        let factor = 10_i64.checked_pow(u32::from(4_u8.checked_sub(digits).ok_or(MoneyError::Overflow)?));
        factor.and_then(|f| money.minor().checked_mul(f)).map(Self).ok_or(MoneyError::Overflow)
    }

    /// The line amount: `round(unit price × quantity)` to the minor unit of a currency of `digits` decimals.
    ///
    /// # Errors
    /// An overflow.
    pub fn times(
        self,
        quantity: Quantity,
        currency: CurrencyCode,
        digits: u8,
        mode: RoundingMode,
    ) -> Result<Money, MoneyError> {
        // 4 decimals of the price and 3 of the quantity, less the digits that the minor unit keeps.
        let scale = 7_u32.checked_sub(u32::from(digits)).ok_or(MoneyError::Overflow)?;
        let product = i128::from(self.0) * i128::from(quantity.0);
        Ok(Money::new(divide_rounded(product, 10_i128.pow(scale), mode)?, currency))
    }
}

/// A rate in parts per million: 10 % is 100,000; in JSON an integer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(transparent)]
pub struct Rate(pub u32);

impl Rate {
    /// The whole: 100 %.
    pub const WHOLE: Self = Self(1_000_000);
    /// `n` percent.
    pub const fn percent(n: u32) -> Self {
        Self(n * 10_000)
    }
    /// The rate's part of `amount`.
    ///
    /// # Errors
    /// An overflow.
    pub fn of(self, amount: Money, mode: RoundingMode) -> Result<Money, MoneyError> {
        let minor = divide_rounded(i128::from(amount.minor()) * i128::from(self.0), 1_000_000, mode)?;
        Ok(Money::new(minor, amount.currency()))
    }
}

macro_rules! text_serde {
    ($name:ident, $ts:expr) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
        impl ts_rs::TS for $name {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;
            fn name(_: &ts_rs::Config) -> String {
                $ts.to_owned()
            }
            fn inline(_: &ts_rs::Config) -> String {
                $ts.to_owned()
            }
        }
    };
}

text_serde!(Money, "string");
text_serde!(CurrencyCode, "string");
text_serde!(UnitPrice, "string");
text_serde!(Quantity, "string");
