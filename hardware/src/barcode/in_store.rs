//! In-store codes: codes that a shop's own scale or wrapper prints, with the weight or price of that one pack in them.
//!
//! Every country, and often every shop, divides the digits differently, so layouts are data: `20IIIII0PPPPC/2` reads
//! "begins with 20, five digits of the item, a 0 that must be there, four digits of the price with two decimals".

use std::fmt;
use std::str::FromStr;

use super::check_digit::{check_digit, is_valid, measure_check_digit};
use super::gs1::Figure;

/// What the value of an in-store code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// The price of the pack, in the currency's major unit.
    Price,
    /// The weight in kilograms.
    Weight,
    /// A number of pieces.
    Count,
}

/// How the digits of an in-store code are divided.
///
/// One character for each digit: a digit stands for itself, `I` is the item, `P` a price, `W` a weight, `Q` a number of
/// pieces, `V` the check digit of the value, `C` the check digit at the end. After a slash stand the decimals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pattern: String,
    decimals: u8,
    measure: Measure,
}

/// A layout that cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot read the layout {0:?}: 12 or 13 characters of 0-9, I, one of P, W or Q, V and a C at the end, then / and 0 to 4"
)]
pub struct LayoutError(String);

/// What an in-store code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InStore {
    /// The digits of the item.
    pub item: String,
    /// The same code with nothing for a value: how such goods are often listed.
    pub base: String,
    /// What the value is.
    pub measure: Measure,
    /// The value.
    pub value: Figure,
}

impl FromStr for Layout {
    type Err = LayoutError;

    fn from_str(text: &str) -> Result<Self, LayoutError> {
        let wrong = || LayoutError(text.chars().take(40).collect());
        let (pattern, decimals) = text.trim().split_once('/').ok_or_else(wrong)?;
        let decimals = decimals.parse().ok().filter(|decimals| *decimals <= 4).ok_or_else(wrong)?;
        let known = |byte: u8| byte.is_ascii_digit() || b"IPWQVC".contains(&byte);
        // One unbroken run of a letter, or none of it.
        let run = |letter: char| {
            let first = pattern.find(letter)?;
            let run = pattern[first..].chars().take_while(|c| *c == letter).count();
            (run == pattern.matches(letter).count()).then_some(run)
        };
        let measures: Vec<Measure> = [('P', Measure::Price), ('W', Measure::Weight), ('Q', Measure::Count)]
            .into_iter()
            .filter_map(|(letter, measure)| run(letter).map(|_| measure))
            .collect();
        let [measure] = measures[..] else { return Err(wrong()) };
        let well_formed = matches!(pattern.len(), 12 | 13)
            && pattern.bytes().all(known)
            && pattern.starts_with(['0', '2'])
            && pattern.matches('C').count() == 1
            && pattern.ends_with('C')
            && pattern.matches('V').count() <= 1
            && run('I').is_some()
            && ["P", "W", "Q"].iter().filter(|letter| pattern.contains(**letter)).count() == 1;
        let verifiable = !pattern.contains('V') || {
            let value = pattern.bytes().filter(|byte| b"PWQ".contains(byte)).count();
            matches!(value, 4 | 5)
        };
        if !well_formed || !verifiable {
            return Err(wrong());
        }
        Ok(Self { pattern: pattern.to_owned(), decimals, measure })
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.pattern, self.decimals)
    }
}

impl Layout {
    /// What a code says by this layout; None when it is of another or a check digit is wrong.
    pub fn read(&self, code: &str) -> Option<InStore> {
        // A scanner may send a UPC-A (12 digits) as 13 with a 0 before it.
        let code = match self.pattern.len() {
            12 if code.len() == 13 => code.strip_prefix('0')?,
            _ => code,
        };
        if code.len() != self.pattern.len() || !is_valid(code) {
            return None;
        }
        let (mut item, mut value, mut verifier) = (String::new(), String::new(), None);
        for (kind, digit) in self.pattern.chars().zip(code.chars()) {
            match kind {
                'I' => item.push(digit),
                'P' | 'W' | 'Q' => value.push(digit),
                'V' => verifier = digit.to_digit(10),
                'C' => {}
                fixed if fixed == digit => {}
                _ => return None,
            }
        }
        if verifier.is_some() && measure_check_digit(&value).map(u32::from) != verifier {
            return None;
        }
        let figure = Figure { value: value.parse().ok()?, decimals: self.decimals };
        Some(InStore { item, base: self.base(code)?, measure: self.measure, value: figure })
    }

    /// A code with zeros for its value and both check digits right again.
    fn base(&self, code: &str) -> Option<String> {
        let zeros = "0".repeat(self.pattern.bytes().filter(|byte| b"PWQ".contains(byte)).count());
        let payload: String = self
            .pattern
            .chars()
            .zip(code.chars())
            .filter(|(kind, _)| *kind != 'C')
            .map(|(kind, digit)| match kind {
                'P' | 'W' | 'Q' => '0',
                'V' => measure_check_digit(&zeros).map_or('0', |check| char::from(b'0' + check)),
                _ => digit,
            })
            .collect();
        let check = check_digit(&payload)?;
        Some(format!("{payload}{check}"))
    }
}

/// The layouts that are usual in a country (ISO 3166, two letters); None where none is.
pub fn usual_in(country: &str) -> Option<Vec<Layout>> {
    let layouts: &[&str] = match country.to_ascii_uppercase().as_str() {
        "SE" | "NO" => &[
            "20IIIIIIPPPPC/2",
            "21IIIIIIPPPPC/1",
            "22IIIIIIPPPPC/0",
            "23IIIIIIWWWWC/3",
            "24IIIIIIWWWWC/2",
            "25IIIIIIWWWWC/1",
        ],
        "FI" | "EE" | "LV" | "LT" => &["23IIIIIIWWWWC/3", "24IIIIIIWWWWC/2", "25IIIIIIWWWWC/1"],
        "DK" => &[
            "21IIIIPPPPPPC/2",
            "22IIIIPPPPPPC/2",
            "23IIIIPPPPPPC/2",
            "24IIIIPPPPPPC/2",
            "26IIIIWWWWWWC/3",
            "27IIIIIWWWWWC/3",
            "28IIIIWWWWWWC/3",
        ],
        "DE" => &[
            "22IIIIVPPPPPC/2",
            "23IIIIVPPPPPC/2",
            "25IIIIVQQQQQC/0",
            "26IIIIVQQQQQC/0",
            "28IIIIVWWWWWC/3",
            "29IIIIVWWWWWC/3",
        ],
        "GB" | "IE" => &["20IIIIIVPPPPC/2"],
        "US" | "CA" => &["2IIIIIVPPPPC/2"],
        // Scales sold in these countries leave the works with grams behind 20 to 29 and, for prices, whole rupiah or
        // hundreds of dong; a shop changes that in the settings.
        "ID" | "VN" | "TH" | "MY" | "PH" => {
            &["20IIIIIWWWWWC/3", "21IIIIIWWWWWC/3", "22IIIIIPPPPPC/0", "28IIIIIWWWWWC/3", "29IIIIIWWWWWC/3"]
        }
        _ => return None,
    };
    Some(layouts.iter().filter_map(|layout| layout.parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn first(layouts: &[Layout], code: &str) -> Option<InStore> {
        layouts.iter().find_map(|layout| layout.read(code))
    }

    #[test]
    fn swedish_codes_carry_prices_and_weights() {
        let layouts = usual_in("se").unwrap();
        for (code, measure, value, decimals) in [
            ("2012345012349", Measure::Price, 1234, 2),
            ("2112345012346", Measure::Price, 1234, 1),
            ("2212345012343", Measure::Price, 1234, 0),
            ("2312345012340", Measure::Weight, 1234, 3),
            ("2412345012347", Measure::Weight, 1234, 2),
            ("2512345012344", Measure::Weight, 1234, 1),
        ] {
            let read = first(&layouts, code).unwrap();
            assert_eq!((read.measure, read.value), (measure, Figure { value, decimals }), "{code}");
            assert_eq!(read.item, "123450");
            assert!(is_valid(&read.base) && read.base.ends_with(|c: char| c.is_ascii_digit()));
        }
        assert_eq!(first(&layouts, "2612345012341"), None);
        assert_eq!(first(&layouts, "2012345012348"), None, "a wrong check digit");
    }

    #[test]
    fn american_codes_are_read_with_and_without_the_leading_zero() {
        let layouts = usual_in("US").unwrap();
        let payload = format!("212345{}0399", measure_check_digit("0399").unwrap());
        let code = format!("{payload}{}", check_digit(&payload).unwrap());
        let read = first(&layouts, &code).unwrap();
        assert_eq!((read.item.as_str(), read.value), ("12345", Figure { value: 399, decimals: 2 }));
        assert_eq!(first(&layouts, &format!("0{code}")), Some(read));
    }

    #[test]
    fn a_wrong_check_digit_of_the_value_is_no_price() {
        let layout: Layout = "20IIIIIVPPPPC/2".parse().unwrap();
        let payload = format!("2012345{}0399", (measure_check_digit("0399").unwrap() + 1) % 10);
        assert_eq!(layout.read(&format!("{payload}{}", check_digit(&payload).unwrap())), None);
    }

    #[test]
    fn layouts_that_cannot_be_read_are_refused() {
        for wrong in [
            "",
            "20IIIIIPPPPPC",
            "20IIIIIPPPPPC/9",
            "20IIIIIIIIIIC/2",
            "20IIIIPPPPPC/x",
            "20IIPIIPPPPPC/2",
            "20IIIIIPPPWWC/2",
            "99IIIIIPPPPPC/2",
            "20IIIIIPPPPPP/2",
            "20IIIIVPPPPPPC/2",
            "20IIIVPPPPPPC/2",
        ] {
            assert!(wrong.parse::<Layout>().is_err(), "{wrong}");
        }
        for country in ["SE", "NO", "FI", "DK", "DE", "GB", "US", "ID", "VN"] {
            let layouts = usual_in(country).unwrap();
            assert!(!layouts.is_empty());
            for layout in layouts {
                assert_eq!(layout.to_string().parse::<Layout>().unwrap(), layout);
            }
        }
        assert_eq!(usual_in("XX"), None);
    }
}
