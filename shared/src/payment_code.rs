//! Payment codes that a shop shows its customers: QRIS, VietQR and every other code of the same standard.
//!
//! A shop is given one code by its bank, printed, without an amount. [`PaymentCode::with_amount`] makes of it the code of
//! one sale, so that nobody types an amount into a phone. The form is EMVCo's *QR Code Specification for Payment Systems,
//! Merchant-Presented Mode*: objects of a two-digit name, a two-digit count of characters and a value, closed by a checksum.

use std::str::FromStr;

use crate::money::Money;

/// What stands in front, of the form (00), and at the end, of the checksum (63).
const FORM: &str = "00";
const CHECKSUM: &str = "63";
/// Whether the code is of one sale (`12`) or of all (`11`).
const INITIATION: &str = "01";
const ONE_SALE: &str = "12";
/// ISO 4217's number of the currency, and the amount behind it.
const CURRENCY: &str = "53";
const AMOUNT: &str = "54";
/// The longest amount that the form holds.
const MOST_AMOUNT_CHARS: usize = 13;
/// The longest code that the form holds.
const MOST_CHARS: usize = 512;

/// A shop's own code, without an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentCode {
    /// Every object but the checksum, in order.
    objects: Vec<(String, String)>,
    currency: u16,
}

/// Why a text is no payment code, or why there is none of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaymentCodeError {
    /// It is not of the form.
    #[error("this is no payment code: it begins with 000201 and is at most 512 characters long")]
    NotOne,
    /// It is of one sale, and perhaps paid already.
    #[error("this payment code is of one sale: the shop's own has no amount")]
    OfOneSale,
    /// A character of it is another one.
    #[error("the payment code is not whole: its checksum does not fit, scan or copy it again")]
    Damaged,
    /// It is of another currency than the amount.
    #[error("the payment code is of another currency")]
    OtherCurrency,
    /// Nothing is due, or more than the form can say.
    #[error("the payment code cannot hold this amount")]
    Amount,
}

impl FromStr for PaymentCode {
    type Err = PaymentCodeError;

    fn from_str(text: &str) -> Result<Self, PaymentCodeError> {
        let text = text.trim();
        if !text.starts_with("000201") || text.chars().count() > MOST_CHARS {
            return Err(PaymentCodeError::NotOne);
        }
        let mut objects = objects(text).ok_or(PaymentCodeError::NotOne)?;
        let Some((CHECKSUM, sum)) = objects.pop() else { return Err(PaymentCodeError::NotOne) };
        let covered = text.strip_suffix(sum).ok_or(PaymentCodeError::NotOne)?;
        if !sum.eq_ignore_ascii_case(&checksum(covered)) {
            return Err(PaymentCodeError::Damaged);
        }
        if objects.contains(&(INITIATION, ONE_SALE)) {
            return Err(PaymentCodeError::OfOneSale);
        }
        let currency = objects.iter().find(|(name, _)| *name == CURRENCY).and_then(|(_, of)| of.parse().ok());
        Ok(Self {
            currency: currency.ok_or(PaymentCodeError::NotOne)?,
            objects: objects.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        })
    }
}

impl PaymentCode {
    /// ISO 4217's number of its currency, such as 360 for rupiah.
    pub fn currency(&self) -> u16 {
        self.currency
    }

    /// The code of one sale: the same with the amount in it; `digits` are the decimals of the amount's minor unit and
    /// `currency` is ISO 4217's number of its currency.
    ///
    /// # Errors
    /// `OtherCurrency`, and `Amount` for one that is not above zero or too long.
    pub fn with_amount(&self, amount: Money, digits: u8, currency: u16) -> Result<String, PaymentCodeError> {
        if currency != self.currency {
            return Err(PaymentCodeError::OtherCurrency);
        }
        let amount = plain_amount(amount, digits).ok_or(PaymentCodeError::Amount)?;
        let mut code = String::new();
        for (name, value) in &self.objects {
            match name.as_str() {
                INITIATION | AMOUNT => {}
                FORM => {
                    push(&mut code, FORM, value);
                    push(&mut code, INITIATION, ONE_SALE);
                }
                CURRENCY => {
                    push(&mut code, CURRENCY, value);
                    push(&mut code, AMOUNT, &amount);
                }
                name => push(&mut code, name, value),
            }
        }
        code.push_str("6304");
        let sum = checksum(&code);
        code.push_str(&sum);
        if code.chars().count() > MOST_CHARS { Err(PaymentCodeError::Amount) } else { Ok(code) }
    }
}

/// The amount with a point and no more decimals than it needs; None when it is not above zero or too long.
fn plain_amount(amount: Money, digits: u8) -> Option<String> {
    let minor = u64::try_from(amount.minor()).ok().filter(|minor| *minor > 0)?;
    let one = 10_u64.checked_pow(u32::from(digits))?;
    let (whole, part) = (minor / one, minor % one);
    let text = match part {
        0 => whole.to_string(),
        part => format!("{whole}.{part:0width$}", width = usize::from(digits)),
    };
    (text.len() <= MOST_AMOUNT_CHARS).then_some(text)
}

fn push(code: &mut String, name: &str, value: &str) {
    code.push_str(&format!("{name}{:02}{value}", value.chars().count()));
}

/// Splits a code into its objects; None when one is cut short or its count is none.
fn objects(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut objects = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, counted) = rest.split_at_checked(2)?;
        let (count, behind) = counted.split_at_checked(2)?;
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(name) || !is_number(count) {
            return None;
        }
        let count: usize = count.parse().ok()?;
        // Counted in characters: a shop's name in its own letters has more bytes.
        let end = behind.char_indices().map(|(at, _)| at).chain([behind.len()]).nth(count)?;
        let (value, next) = behind.split_at_checked(end)?;
        objects.push((name, value));
        rest = next;
    }
    Some(objects)
}

/// CRC-16 with polynomial 0x1021 and start 0xFFFF (ISO/IEC 13239 as EMVCo uses it), four upper-case digits.
fn checksum(text: &str) -> String {
    let mut sum = 0xffff_u16;
    for byte in text.bytes() {
        sum ^= u16::from(byte) << 8;
        for _ in 0..8 {
            sum = if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 };
        }
    }
    format!("{sum:04X}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    /// The example of EMVCo's specification, annex A.
    const EXAMPLE: &str = "00020101021229300012D156000000000510A93FO3230Q31280012D1560000000103081234567852044111580\
        2CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***070\
        8A60086670902ME91320016A0112233449988770708123456786304A13A";

    fn static_code(currency: &str) -> String {
        let shop = "26360014ID.CO.SHOP.WWW0214ID102000000003";
        let body = format!("000201010211{shop}520458125303{currency}5802ID5911WARUNG MAJU6007JAKARTA6304");
        let sum = checksum(&body);
        body + &sum
    }

    #[test]
    fn the_checksum_is_that_of_the_catalogues() {
        assert_eq!(checksum("123456789"), "29B1");
    }

    /// Whether it is whole and of one sale.
    fn is_of_one_sale(code: &str) -> bool {
        code.parse::<PaymentCode>() == Err(PaymentCodeError::OfOneSale)
    }

    #[test]
    fn the_example_of_the_standard_is_whole_and_no_shops_own() {
        assert!(is_of_one_sale(EXAMPLE));
        assert_eq!(
            EXAMPLE.replace("BEIJING", "BEIJINK").parse::<PaymentCode>(),
            Err(PaymentCodeError::Damaged)
        );
    }

    #[test]
    fn the_code_of_a_sale_has_the_amount_and_is_whole() {
        let code: PaymentCode = static_code("360").parse().unwrap();
        for (minor, digits, said) in [
            (36_000, 0, "540536000"),
            (3_600_000, 2, "540536000"),
            (3_600_050, 2, "540836000.50"),
            (5, 2, "54040.05"),
        ] {
            let of_sale = code.with_amount(Money::new(minor, "IDR".parse().unwrap()), digits, 360).unwrap();
            assert!(of_sale.starts_with("000201010212"), "{of_sale}");
            assert!(of_sale.contains(&format!("5303360{said}5802ID")), "{of_sale}");
            assert!(is_of_one_sale(&of_sale), "{of_sale}");
        }
    }

    #[test]
    fn an_amount_in_the_shops_code_gives_way_to_that_of_the_sale() {
        let body = EXAMPLE.replace("010212", "010211");
        let body = &body[..body.len() - 4];
        let code: PaymentCode = format!("{body}{}", checksum(body)).parse().unwrap();
        let of_sale = code.with_amount(Money::new(100, "CNY".parse().unwrap()), 2, 156).unwrap();
        assert!(!of_sale.contains("23.72") && of_sale.contains("530315654011"), "{of_sale}");
        assert!(is_of_one_sale(&of_sale));
    }

    #[test]
    fn what_is_no_code_is_refused_with_its_reason() {
        let good = static_code("360");
        for (text, why) in [
            (String::new(), PaymentCodeError::NotOne),
            ("https://pay.example".to_owned(), PaymentCodeError::NotOne),
            ("000201".to_owned(), PaymentCodeError::NotOne),
            (good.replace("MAJU", "MAJA"), PaymentCodeError::Damaged),
            (good[..good.len() - 1].to_owned(), PaymentCodeError::NotOne),
            (format!("000201{}", "9".repeat(600)), PaymentCodeError::NotOne),
            ("00020163".to_owned(), PaymentCodeError::NotOne),
            ("000201最佳".to_owned(), PaymentCodeError::NotOne),
        ] {
            assert_eq!(text.parse::<PaymentCode>(), Err(why), "{text}");
        }
        let code: PaymentCode = good.parse().unwrap();
        let idr = |minor| Money::new(minor, "IDR".parse().unwrap());
        assert_eq!(code.with_amount(idr(1), 0, 704), Err(PaymentCodeError::OtherCurrency));
        for minor in [0, -1, i64::MAX] {
            assert_eq!(code.with_amount(idr(minor), 0, 360), Err(PaymentCodeError::Amount));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "000201.{0,80}") {
            let _ = text.parse::<PaymentCode>();
        }
    }
}
