//! Names without case and diacritics, to search and sort by.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The text in lower case without diacritics: `Cà Phê Sữa Đá` becomes `ca phe sua da`.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let bare = text.nfkd().filter(|c| !is_combining_mark(*c));
    bare.flat_map(char::to_lowercase)
        .map(|c| match c {
            // Letters that no decomposition takes apart.
            'đ' | 'ð' => 'd',
            'ø' => 'o',
            'ł' => 'l',
            'ı' => 'i',
            other => other,
        })
        .collect()
}

/// A pattern for `LIKE … ESCAPE '\\'` in SQL that finds `text` anywhere.
pub fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::{fold, like_pattern};

    #[test]
    fn diacritics_and_case_do_not_matter() {
        for (text, folded) in [
            ("Cà Phê Sữa Đá", "ca phe sua da"),
            ("Phở bò tái, NẠM", "pho bo tai, nam"),
            ("Bánh mì thịt nướng", "banh mi thit nuong"),
            ("Kopi Susu Gula Aren", "kopi susu gula aren"),
            ("Jalapeño Crème Brûlée Smørrebrød", "jalapeno creme brulee smorrebrod"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn what_sql_would_read_as_any_letter_is_a_letter() {
        assert_eq!(like_pattern("50%_\\"), "%50\\%\\_\\\\%");
    }
}
