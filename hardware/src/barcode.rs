//! What a scanned text says: symbology identifiers, GTINs with their check digits, GS1 element strings and in-store codes.
//!
//! Pure: no scanner and no catalogue. [`candidates`] gives the codes under which the goods may be listed.

pub mod aim;
pub mod check_digit;
pub mod gs1;
mod gs1_table;
pub mod in_store;

pub use aim::Symbology;
pub use gs1::{Day, Figure, Message};
pub use in_store::{InStore, Layout, Measure};

/// The most characters of a code that is looked at.
const MOST_CHARS: usize = 1024;

/// A scanned text taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What the scanner says it read, when it says so.
    pub symbology: Option<Symbology>,
    /// The text without symbology identifier and blanks around it.
    pub text: String,
    /// What a GS1 code says.
    pub gs1: Option<Message>,
    /// What an in-store code says.
    pub in_store: Option<InStore>,
}

impl Reading {
    /// Takes a scanned text apart. `layouts` are those of the outlet's in-store codes, the first that fits counts.
    pub fn of(scanned: &str, layouts: &[Layout]) -> Self {
        let bounded: String = scanned.chars().take(MOST_CHARS).collect();
        let (symbology, text) = aim::split(bounded.trim_start_matches(gs1::SEPARATOR).trim());
        let text = text.trim_matches(|c: char| c.is_whitespace());
        // Without the scanner's word, only what begins with a number of goods or parcels is taken for GS1: other
        // identifiers are two digits that any short code may begin with.
        let may_be_gs1 = match symbology {
            Some(symbology) => symbology.is_gs1(),
            None => text.contains(gs1::SEPARATOR) || (text.len() > 14 && text.starts_with("01")),
        };
        let gs1 = if may_be_gs1 { gs1::parse(text).ok() } else { None };
        // A DataBar may hold an in-store code as its GTIN.
        let number = gs1.as_ref().and_then(Message::gtin).map_or(text, |gtin| gtin.trim_start_matches('0'));
        let in_store = layouts.iter().find_map(|layout| layout.read(number));
        Self { symbology, text: text.to_owned(), gs1, in_store }
    }

    /// The codes under which the goods may be listed, the likeliest first.
    pub fn candidates(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        let mut push = |code: &str| {
            if !code.is_empty() && !codes.iter().any(|there| there == code) {
                codes.push(code.to_owned());
            }
        };
        push(&self.text);
        if let Some(gtin) = self.gs1.as_ref().and_then(Message::gtin) {
            push(gtin);
            // The same number with fewer leading zeros, as EAN-13, UPC-A and EAN-8 are listed.
            for length in [13, 12, 8] {
                let (zeros, digits) = gtin.split_at(gtin.len().saturating_sub(length));
                if zeros.bytes().all(|byte| byte == b'0') {
                    push(digits);
                }
            }
        }
        if let Some(in_store) = &self.in_store {
            push(&in_store.base);
            push(&in_store.item);
            push(in_store.item.trim_start_matches('0'));
        }
        if self.gs1.is_none()
            && matches!(self.symbology, None | Some(Symbology::Ean))
            && matches!(self.text.len(), 7 | 8)
            && let Some(upc_a) = check_digit::expand_upc_e(&self.text)
        {
            push(&upc_a);
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn goods_are_found_under_every_form_of_their_number() {
        let reading = Reading::of("]C10105412345000013310300018910ABC123", &[]);
        assert_eq!(reading.symbology, Some(Symbology::Gs1Code128));
        assert_eq!(
            reading.candidates(),
            ["0105412345000013310300018910ABC123", "05412345000013", "5412345000013"]
        );
        let upc = Reading::of("]d20100036000291452", &[]);
        assert_eq!(&upc.candidates()[1..], ["00036000291452", "0036000291452", "036000291452"]);
        assert_eq!(Reading::of("04252614", &[]).candidates(), ["04252614", "042100005264"]);
    }

    #[test]
    fn an_in_store_code_is_looked_for_by_its_base_and_its_item() {
        let layouts = in_store::usual_in("ID").unwrap();
        let payload = "200004201234";
        let code = format!("{payload}{}", check_digit::check_digit(payload).unwrap());
        let reading = Reading::of(&format!("]E0{code}"), &layouts);
        let in_store = reading.in_store.clone().unwrap();
        assert_eq!((in_store.measure, in_store.value.scaled(3)), (Measure::Weight, Some(1234)));
        let candidates = reading.candidates();
        assert_eq!(&candidates[2..], ["00042", "42"]);
        assert!(candidates[1].starts_with("2000042") && check_digit::is_valid(&candidates[1]));
    }

    #[test]
    fn ordinary_codes_are_not_taken_for_gs1() {
        for code in
            ["8992761111113", "KOTA-T3-000123", "10ABC", "https://example.org/01/0541", "]E08992761111113"]
        {
            assert_eq!(Reading::of(code, &[]).gs1, None, "{code}");
        }
        assert_eq!(Reading::of("\u{1d}]E08992761111113\r\n", &[]).text, "8992761111113");
    }
}
