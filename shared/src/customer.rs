//! Customers that the business knows: found by card, phone or name, with the segments and taxes that go with them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::CustomerId;
use crate::pricing::sale::Exemption;
use crate::visible;

/// The longest name, in characters.
pub const MOST_NAME_CHARS: usize = 80;
/// The longest code or segment, in characters.
pub const MOST_TEXT_CHARS: usize = 100;
/// The most codes of one customer: cards are lost and given anew.
pub const MOST_CODES: usize = 10;
/// The most segments of one customer, as of one cart.
pub const MOST_SEGMENTS: usize = crate::cart::MAX_TERMS;
/// Digits of a telephone number, as ITU-T E.164 bounds them; fewer are no number of anybody.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 5..=15;

/// A customer whom the business knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Customer {
    /// The customer.
    pub customer_id: CustomerId,
    /// What they are called.
    pub name: String,
    /// Their telephone number: digits, with a `+` before them when the country is among them.
    #[serde(default)]
    pub phone: Option<String>,
    /// What their cards say when they are scanned.
    #[serde(default)]
    pub codes: Vec<String>,
    /// The segments and tiers that they are in.
    #[serde(default)]
    pub segments: Vec<String>,
    /// Taxes that they do not pay.
    #[serde(default)]
    pub exemption: Option<Exemption>,
}

/// A field of a customer that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub enum CustomerError {
    /// The name.
    #[error("a name has 1 to {MOST_NAME_CHARS} visible characters")]
    Name,
    /// The telephone number.
    #[error("a telephone number has 5 to 15 digits, with a `+` before them or not")]
    Phone,
    /// The codes.
    #[error("a customer has at most {MOST_CODES} codes of 1 to {MOST_TEXT_CHARS} visible characters each")]
    Codes,
    /// The segments.
    #[error(
        "a customer is in at most {MOST_SEGMENTS} segments of 1 to {MOST_TEXT_CHARS} visible characters each"
    )]
    Segments,
    /// The taxes that they do not pay.
    #[error("an exemption says which treatment and why, in 1 to 100 visible characters")]
    Exemption,
}

impl CustomerError {
    /// The field.
    pub fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Codes => "codes",
            Self::Segments => "segments",
            Self::Exemption => "exemption",
        }
    }
}

impl Customer {
    /// The same as it is kept: without spaces around, each code and segment once, the telephone number in digits.
    ///
    /// # Errors
    /// The first field that cannot be.
    pub fn checked(mut self) -> Result<Self, CustomerError> {
        self.name = visible::text(&self.name, MOST_NAME_CHARS).ok_or(CustomerError::Name)?;
        self.phone = match self.phone.as_deref().map(str::trim).filter(|phone| !phone.is_empty()) {
            Some(typed) => Some(phone(typed).ok_or(CustomerError::Phone)?),
            None => None,
        };
        self.codes =
            visible::each_once(self.codes, MOST_CODES, MOST_TEXT_CHARS).ok_or(CustomerError::Codes)?;
        self.segments = visible::each_once(self.segments, MOST_SEGMENTS, MOST_TEXT_CHARS)
            .ok_or(CustomerError::Segments)?;
        if let Some(exemption) = self.exemption.take() {
            self.exemption = Some(exemption.checked().ok_or(CustomerError::Exemption)?);
        }
        Ok(self)
    }
}

/// A telephone number as it is kept: digits, with a `+` before them or not; None when it is none.
pub fn phone(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let (plus, rest) = match typed.strip_prefix('+') {
        Some(rest) => ("+", rest),
        None => ("", typed),
    };
    let is_between = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}');
    if rest.chars().any(|c| !c.is_ascii_digit() && !is_between(c)) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    PHONE_DIGITS.contains(&digits.len()).then(|| format!("{plus}{digits}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::pricing::Treatment;

    fn named(name: &str) -> Customer {
        Customer {
            customer_id: CustomerId::from_bytes([1; 16]),
            name: name.to_owned(),
            phone: None,
            codes: Vec::new(),
            segments: Vec::new(),
            exemption: None,
        }
    }

    #[test]
    fn a_customer_is_kept_tidy_and_what_cannot_be_is_named() {
        let strings = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let kept = Customer {
            phone: Some(" +62 812-3456 (789) ".to_owned()),
            codes: strings(&[" 1001 ", "1001", "1002"]),
            segments: strings(&["gold"]),
            ..named("  Meja Bundar ")
        };
        let kept = kept.checked().unwrap();
        assert_eq!((kept.name.as_str(), kept.phone.as_deref()), ("Meja Bundar", Some("+628123456789")));
        assert_eq!(kept.codes, ["1001", "1002"]);
        let field = |customer: Customer| customer.checked().unwrap_err().field();
        assert_eq!(field(named(" \u{7} ")), "name");
        assert_eq!(field(named(&"x".repeat(81))), "name");
        assert_eq!(field(Customer { phone: Some("0812 x".to_owned()), ..named("A") }), "phone");
        assert_eq!(field(Customer { phone: Some("1234".to_owned()), ..named("A") }), "phone");
        assert_eq!(
            field(Customer { codes: (0..11).map(|n| n.to_string()).collect(), ..named("A") }),
            "codes"
        );
        assert_eq!(field(Customer { segments: strings(&[""]), ..named("A") }), "segments");
        let collected =
            Exemption { tax_ids: Vec::new(), treatment: Treatment::Collected, reason: "x".to_owned() };
        assert_eq!(field(Customer { exemption: Some(collected), ..named("A") }), "exemption");
        assert_eq!(named("A").checked().unwrap().phone, None);
        assert_eq!(Customer { phone: Some(" ".to_owned()), ..named("A") }.checked().unwrap().phone, None);
    }
}
