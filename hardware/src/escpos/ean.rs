//! EAN-13, EAN-8 and UPC-A (ISO/IEC 15420): check digits and bars.

/// The widths of the seven modules of a digit in code set A, gap first; set C has the same widths, bar first, and set B is
/// set A backwards.
const DIGITS: [[usize; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];
/// Which of the six left digits of an EAN-13 stand in set B (a bit each, the leftmost highest): this says its first digit.
const FIRST: [u8; 10] =
    [0, 0b001011, 0b001101, 0b001110, 0b010011, 0b011001, 0b011100, 0b010101, 0b010110, 0b011010];

/// The digits of a code whose check digit is right.
fn digits(text: &str) -> Option<Vec<usize>> {
    let digits: Vec<usize> =
        text.chars().map(|c| c.to_digit(10).and_then(|d| usize::try_from(d).ok())).collect::<Option<_>>()?;
    let weighted: usize =
        digits.iter().rev().enumerate().map(|(at, digit)| digit * if at % 2 == 1 { 3 } else { 1 }).sum();
    (matches!(digits.len(), 8 | 12 | 13) && weighted.is_multiple_of(10)).then_some(digits)
}

/// The number of `GS k` for a code of that many digits: UPC-A, EAN-13 or EAN-8.
pub(crate) fn system(text: &str) -> u8 {
    match text.len() {
        12 => 65,
        13 => 67,
        _ => 68,
    }
}

/// The widths of bars and gaps by turns, in modules; `None` for what is no such code.
pub(crate) fn bars(text: &str) -> Option<Vec<usize>> {
    let mut digits = digits(text)?;
    if digits.len() == 12 {
        // A UPC-A is an EAN-13 that begins with 0.
        digits.insert(0, 0);
    }
    let sets = if digits.len() == 13 { FIRST[digits.remove(0)] } else { 0 };
    let half = digits.len() / 2;
    let mut bars = vec![1, 1, 1];
    for (at, &digit) in digits.iter().enumerate() {
        if at == half {
            bars.extend([1, 1, 1, 1, 1]);
        }
        let widths = DIGITS[digit];
        if at < half && sets & (1 << (half - 1 - at)) != 0 {
            bars.extend(widths.iter().rev());
        } else {
            bars.extend(widths);
        }
    }
    bars.extend([1, 1, 1]);
    Some(bars)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn codes_have_their_width_and_wrong_check_digits_none() {
        assert_eq!(bars("4006381333931").unwrap().iter().sum::<usize>(), 95);
        assert_eq!(bars("036000291452").unwrap(), bars("0036000291452").unwrap());
        assert_eq!(bars("96385074").unwrap().iter().sum::<usize>(), 67);
        for wrong in ["4006381333932", "400638133393", "9638507x", ""] {
            assert_eq!(bars(wrong), None, "{wrong}");
        }
    }
}
