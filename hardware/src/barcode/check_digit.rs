//! Check digits: the one at the end of every GTIN, and those of prices and weights within in-store codes.

/// The check digit of a payload of digits by GS1 General Specifications 7.9; None when it holds anything but digits.
pub fn check_digit(payload: &str) -> Option<u8> {
    let mut sum: u32 = 0;
    for (place, byte) in payload.bytes().rev().enumerate() {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        // Bounded long before an overflow: no code has more than a few hundred digits.
        sum = sum.checked_add(digit * if place % 2 == 0 { 3 } else { 1 })?;
    }
    u8::try_from((10 - sum % 10) % 10).ok()
}

/// Whether the last digit fits the others.
pub fn is_valid(digits: &str) -> bool {
    let Some((at, last)) = digits.char_indices().next_back() else { return false };
    at > 0 && last.to_digit(10) == check_digit(&digits[..at]).map(u32::from)
}

/// A GTIN of 8, 12, 13 or 14 digits with a right check digit, filled up to 14.
pub fn gtin14(digits: &str) -> Option<String> {
    (matches!(digits.len(), 8 | 12 | 13 | 14) && is_valid(digits)).then(|| format!("{digits:0>14}"))
}

/// The 12 digits of a UPC-A behind a UPC-E of 6 digits (number system 0), 7 (with number system) or 8 (with check digit).
///
/// None when the number system is neither 0 nor 1 or the check digit does not fit.
pub fn expand_upc_e(digits: &str) -> Option<String> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (system, body, check) = match digits.len() {
        6 => ("0", digits, None),
        7 => (&digits[..1], &digits[1..], None),
        8 => (&digits[..1], &digits[1..7], Some(&digits[7..])),
        _ => return None,
    };
    if !matches!(system, "0" | "1") {
        return None;
    }
    let (first, last) = body.split_at(5);
    let (maker, item) = match last {
        "0" | "1" | "2" => (format!("{}{last}00", &first[..2]), format!("00{}", &first[2..])),
        "3" => (format!("{}00", &first[..3]), format!("000{}", &first[3..])),
        "4" => (format!("{}0", &first[..4]), format!("0000{}", &first[4..])),
        _ => (first.to_owned(), format!("0000{last}")),
    };
    let payload = format!("{system}{maker}{item}");
    let computed = check_digit(&payload)?.to_string();
    check.is_none_or(|given| given == computed).then(|| payload + &computed)
}

/// The check digit of a price or weight of four or five digits within an in-store code (GS1 General Specifications 7.9.2
/// to 7.9.4); None for other lengths.
pub fn measure_check_digit(digits: &str) -> Option<u8> {
    /// How a place is weighted: its product less or plus its own tens.
    const TWO_MINUS: [u8; 10] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
    const THREE: [u8; 10] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
    const FIVE_PLUS: [u8; 10] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
    const FIVE_MINUS: [u8; 10] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];
    let places: &[&[u8; 10]] = match digits.len() {
        4 => &[&TWO_MINUS, &TWO_MINUS, &THREE, &FIVE_MINUS],
        5 => &[&FIVE_PLUS, &TWO_MINUS, &FIVE_MINUS, &FIVE_PLUS, &TWO_MINUS],
        _ => return None,
    };
    let mut sum: u8 = 0;
    for (byte, place) in digits.bytes().zip(places) {
        let digit = byte.is_ascii_digit().then(|| usize::from(byte - b'0'))?;
        sum += place[digit];
    }
    let check = if digits.len() == 4 {
        sum * 3 % 10
    } else {
        // The digit whose own weighted product ends like the complement of the sum.
        let wanted = (10 - sum % 10) % 10;
        u8::try_from(FIVE_MINUS.iter().position(|product| *product == wanted)?).ok()?
    };
    Some(check)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn check_digits_are_those_of_known_codes() {
        for code in ["4006381333931", "96385074", "036000291452", "10012345678902", "2012345012349"] {
            assert!(is_valid(code), "{code}");
            assert_eq!(gtin14(code).unwrap().len(), 14);
        }
        for wrong in ["4006381333932", "", "0", "40063813339ä1", "400638133393١"] {
            assert!(!is_valid(wrong) || wrong == "0", "{wrong}");
            assert_eq!(gtin14(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn short_upc_codes_grow_to_their_long_form() {
        for (short, long) in [
            ("04252614", "042100005264"),
            ("4252614", ""),
            ("425261", "042100005264"),
            ("0425261", "042100005264"),
            ("123453", "012300000451"),
            ("123454", "012340000053"),
            ("123455", "012345000058"),
            ("04252615", ""),
            ("24252614", ""),
            ("42526x", ""),
        ] {
            assert_eq!(expand_upc_e(short).unwrap_or_default(), long, "{short}");
        }
    }

    #[test]
    fn prices_carry_their_own_check_digit() {
        // Worked examples of the general specifications: 2875 gives 9, 14685 gives 6.
        assert_eq!(measure_check_digit("2875"), Some(9));
        assert_eq!(measure_check_digit("14685"), Some(6));
        assert_eq!(measure_check_digit("123"), None);
        assert_eq!(measure_check_digit("12x4"), None);
    }
}
