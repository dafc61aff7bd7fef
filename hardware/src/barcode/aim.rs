//! Symbology identifiers (ISO/IEC 15424): the three characters such as `]E0` that a scanner may put before a code.

/// What kind of code a scanner read, as far as the till cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symbology {
    /// EAN-13, UPC-A or UPC-E, or an add-on of one.
    Ean,
    /// EAN-8.
    Ean8,
    /// Code 128 without GS1 data.
    Code128,
    /// GS1-128: element strings.
    Gs1Code128,
    /// GS1 DataBar: element strings.
    Gs1DataBar,
    /// Data Matrix without GS1 data.
    DataMatrix,
    /// GS1 DataMatrix: element strings.
    Gs1DataMatrix,
    /// QR code without GS1 data.
    QrCode,
    /// GS1 QR code: element strings.
    Gs1QrCode,
    /// Interleaved 2 of 5, such as ITF-14.
    Itf,
    /// Any other.
    Other,
}

impl Symbology {
    /// Whether the text is element strings.
    pub fn is_gs1(self) -> bool {
        matches!(self, Self::Gs1Code128 | Self::Gs1DataBar | Self::Gs1DataMatrix | Self::Gs1QrCode)
    }
}

/// Takes the identifier off a scanned text.
pub fn split(text: &str) -> (Option<Symbology>, &str) {
    let mut chars = text.chars();
    let (Some(']'), Some(letter), Some(modifier)) = (chars.next(), chars.next(), chars.next()) else {
        return (None, text);
    };
    if !letter.is_ascii_alphabetic() || !modifier.is_ascii_alphanumeric() {
        return (None, text);
    }
    let symbology = match (letter, modifier) {
        ('E', '4') => Symbology::Ean8,
        ('E', _) => Symbology::Ean,
        ('C', '1') => Symbology::Gs1Code128,
        ('C', _) => Symbology::Code128,
        ('e', _) => Symbology::Gs1DataBar,
        ('d', '2') => Symbology::Gs1DataMatrix,
        ('d', _) => Symbology::DataMatrix,
        ('Q', '3') => Symbology::Gs1QrCode,
        ('Q', _) => Symbology::QrCode,
        ('I', _) => Symbology::Itf,
        _ => Symbology::Other,
    };
    (Some(symbology), chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_say_what_was_read() {
        for (text, symbology, rest) in [
            ("]E08992761111113", Some(Symbology::Ean), "8992761111113"),
            ("]E496385074", Some(Symbology::Ean8), "96385074"),
            ("]C10104", Some(Symbology::Gs1Code128), "0104"),
            ("]C0ABC", Some(Symbology::Code128), "ABC"),
            ("]d2010", Some(Symbology::Gs1DataMatrix), "010"),
            ("]Q1https://x", Some(Symbology::QrCode), "https://x"),
            ("]X0?", Some(Symbology::Other), "?"),
            ("ABC", None, "ABC"),
            ("]", None, "]"),
            ("]E", None, "]E"),
            ("]é0", None, "]é0"),
            ("", None, ""),
        ] {
            assert_eq!(split(text), (symbology, rest), "{text}");
        }
    }
}
