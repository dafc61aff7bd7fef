//! Ids, skus and barcodes.

use proptest::prelude::*;
use rand_core::{CryptoRng, RngCore};
use shared::catalogue::{Barcode, CodeError, Sku};
use shared::ids::{IdError, OrderId};
use shared::{Clock, Timestamp};

struct At(i64);

impl Clock for At {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0)
    }
}

/// Randomness that is always the same byte.
struct Fixed(u8);

impl CryptoRng for Fixed {}

impl RngCore for Fixed {
    fn next_u32(&mut self) -> u32 {
        u32::from_ne_bytes([self.0; 4])
    }
    fn next_u64(&mut self) -> u64 {
        u64::from_ne_bytes([self.0; 8])
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        bytes.fill(self.0);
        Ok(())
    }
}

#[test]
fn ids_are_version_7_and_hold_their_moment() {
    // 2022-02-22T19:22:22Z is 0x017F22E279B0 milliseconds: the example of RFC 9562, appendix A.6.
    let id = OrderId::new(&At(0x017F_22E2_79B0), &mut Fixed(0xFF));
    assert_eq!(id.to_string(), "017f22e2-79b0-7fff-bfff-ffffffffffff");
    assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
    assert_eq!(id.to_string().parse::<OrderId>(), Ok(id));
}

#[test]
fn later_ids_sort_after_earlier_ones_and_a_clock_before_1970_still_makes_ids() {
    let earlier = OrderId::new(&At(1_000), &mut Fixed(0xFF));
    let later = OrderId::new(&At(1_001), &mut Fixed(0));
    assert!(earlier < later);
    assert!(OrderId::new(&At(-5), &mut Fixed(1)) < earlier);
}

#[test]
fn what_is_no_id_is_refused_with_what_was_given() {
    for text in ["", "7", "017f22e2-79b0-7fff-bfff-fffffffffff", "017f22e2-79b0-7fff-bfff-fffffffffffg"] {
        let error: IdError = text.parse::<OrderId>().unwrap_err();
        assert_eq!(error.to_string(), format!("`{text}` is not an id"));
    }
}

#[test]
fn gtins_of_every_length_carry_their_check_digit() {
    for good in ["73513537", "036000291452", "4006381333931", "8991002101104", "00012345600012"] {
        assert_eq!(good.parse::<Barcode>().unwrap().as_str(), good);
        let (head, last) = good.split_at(good.len() - 1);
        let wrong = format!("{head}{}", (last.parse::<u8>().unwrap() + 1) % 10);
        assert_eq!(wrong.parse::<Barcode>(), Err(CodeError::CheckDigit(wrong)));
    }
}

#[test]
fn codes_of_the_house_are_taken_as_they_are() {
    for code in ["A-17", "1", "4711", "12345678901", "kopi susu", "CODE-128/ñ"] {
        assert_eq!(code.parse::<Barcode>().unwrap().to_string(), code);
        assert_eq!(code.parse::<Sku>().unwrap().to_string(), code);
    }
    assert!("7".repeat(64).parse::<Sku>().is_ok());
}

#[test]
fn what_is_no_code_is_refused_also_in_json() {
    let long = "7".repeat(65);
    for code in ["", " ", " A", "A ", "A\tB", "A\u{7}", long.as_str()] {
        assert!(matches!(code.parse::<Sku>(), Err(CodeError::Malformed(_))), "{code:?}");
        let json = serde_json::to_string(code).unwrap();
        assert!(serde_json::from_str::<Barcode>(&json).is_err(), "{code:?}");
    }
    assert!(serde_json::from_str::<Barcode>("\"4006381333932\"").is_err(), "a wrong check digit");
}

proptest! {
    #[test]
    fn exactly_one_check_digit_fits(body in "[0-9]{12}") {
        let fitting = (0..10).filter(|digit| format!("{body}{digit}").parse::<Barcode>().is_ok()).count();
        prop_assert_eq!(fitting, 1);
    }

    #[test]
    fn one_misread_digit_is_always_seen(body in "[0-9]{12}", at in 0_usize..13, by in 1_u8..10) {
        let good = (0..10).map(|d| format!("{body}{d}")).find(|code| code.parse::<Barcode>().is_ok()).unwrap();
        let mut digits = good.into_bytes();
        digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
        let misread = String::from_utf8(digits).unwrap();
        prop_assert_eq!(misread.parse::<Barcode>(), Err(CodeError::CheckDigit(misread)));
    }
}
