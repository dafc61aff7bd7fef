//! All languages say the same things, and figures are written by each language's custom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use shared::locale::{LANGUAGES, PRINTED_TEXTS, Texts};
use shared::money::{Money, Quantity};

use crate::made::currency;

type Keys = BTreeMap<String, BTreeSet<String>>;

/// The keys of a file (attributes as `key.attribute`) with the arguments they name.
fn keys(source: &str, file: &str) -> Keys {
    let mut keys = Keys::new();
    let mut message = String::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        let before_equals = line.split_once('=').map(|(key, _)| key.trim());
        match before_equals {
            Some(key) if !line.starts_with([' ', '\t']) => {
                key.clone_into(&mut message);
                current.clone_from(&message);
            }
            Some(attribute) if line.trim_start().starts_with('.') => {
                current = format!("{message}{attribute}")
            }
            _ => {}
        }
        if !line.starts_with([' ', '\t']) && !line.is_empty() {
            assert!(!keys.contains_key(&current), "{file}: `{current}` stands twice");
        }
        let arguments = keys.entry(current.clone()).or_default();
        for part in line.split('$').skip(1) {
            arguments
                .insert(part.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect());
        }
    }
    keys.remove("");
    keys
}

/// The texts of a language by file.
fn files(language: &str) -> BTreeMap<String, (String, Keys)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.ends_with(".ftl") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let keys = keys(&source, &format!("{language}/{name}"));
        files.insert(name, (source, keys));
    }
    files
}

#[test]
fn all_languages_have_the_same_files_keys_and_arguments() {
    let reference = files(LANGUAGES[0]);
    assert!(reference.contains_key("receipt.ftl"));
    for language in &LANGUAGES[1..] {
        let translated = files(language);
        assert_eq!(
            reference.keys().collect::<Vec<_>>(),
            translated.keys().collect::<Vec<_>>(),
            "files of {language}"
        );
        for (name, (_, expected)) in &reference {
            let (_, keys) = &translated[name];
            let missing: Vec<_> = expected.keys().filter(|key| !keys.contains_key(*key)).collect();
            let unknown: Vec<_> = keys.keys().filter(|key| !expected.contains_key(*key)).collect();
            assert!(
                missing.is_empty() && unknown.is_empty(),
                "{language}/{name} lacks {missing:?}, has {unknown:?}"
            );
            for (key, arguments) in expected {
                assert_eq!(&keys[key], arguments, "arguments of `{key}` in {language}/{name}");
            }
        }
    }
}

#[test]
fn every_file_is_read_without_an_error_and_no_key_stands_in_two() {
    for language in LANGUAGES {
        let mut seen = BTreeMap::new();
        for (name, (source, keys)) in files(language) {
            assert!(keys.len() > 10, "{language}/{name} was read as {} keys", keys.len());
            let resource = fluent_bundle::FluentResource::try_new(source);
            let resource = resource.map_err(|(_, errors)| errors);
            assert!(resource.is_ok(), "{language}/{name}: {:?}", resource.err());
            for key in keys.into_keys() {
                let before = seen.insert(key.clone(), name.clone());
                assert_eq!(before, None, "`{key}` stands in two files of {language}, one of them {name}");
            }
        }
    }
}

#[test]
fn the_list_of_printed_texts_is_that_of_the_files() {
    let files = files("en");
    let (_, keys) = &files["receipt.ftl"];
    let listed: Keys = PRINTED_TEXTS
        .iter()
        .map(|(key, arguments)| ((*key).to_owned(), arguments.iter().map(|a| (*a).to_owned()).collect()))
        .collect();
    assert_eq!(listed.len(), PRINTED_TEXTS.len(), "a key is listed twice");
    assert_eq!(&listed, keys);
}

#[test]
fn every_printed_text_is_found_with_its_arguments_put_in() {
    for language in LANGUAGES {
        let texts = Texts::of(language);
        for (key, names) in PRINTED_TEXTS {
            let arguments: Vec<(&str, &str)> = names.iter().map(|name| (*name, "000123")).collect();
            let text = texts.with(key, &arguments);
            assert_ne!(text, key, "{language}");
            assert!(!text.contains(['{', '$', '\u{2068}']), "{language}: {text}");
            assert_eq!(text.contains("000123"), !names.is_empty(), "{language}: {text}");
        }
    }
}

#[test]
fn a_text_is_that_of_its_language_and_of_english_for_others() {
    let change = |language| Texts::of(language).get("receipt-change");
    assert_eq!([change("en"), change("id"), change("vi")], ["Change", "Kembalian", "Tiền thừa"]);
    assert_eq!(
        [change("id-ID"), change("VI_vn"), change("sv"), change("")],
        ["Kembalian", "Tiền thừa", "Change", "Change"]
    );
    assert_eq!(Texts::of("vi").with("report-z", &[("number", "7")]), "Báo cáo Z số 7");
    assert_eq!(Texts::of("en").get("no-such-key"), "no-such-key");
}

#[test]
fn money_is_written_by_the_languages_custom() {
    let cases = [
        ("IDR", 0, 242_528, "Rp 242,528", "Rp 242.528", "Rp 242.528"),
        ("IDR", 2, 100_050, "Rp 1,000.50", "Rp 1.000,50", "Rp 1.000,50"),
        ("VND", 0, 120_000, "120,000 ₫", "120.000 ₫", "120.000 ₫"),
        ("SEK", 2, 1_234, "SEK 12.34", "12,34 kr", "12,34 kr"),
        ("EUR", 2, 1_234, "€12.34", "€ 12,34", "12,34 €"),
        ("GBP", 2, 5, "£0.05", "£ 0,05", "0,05 £"),
        ("USD", 2, 123_456_789, "$1,234,567.89", "$ 1.234.567,89", "1.234.567,89 $"),
        ("CHF", 2, 100, "CHF 1.00", "CHF 1,00", "1,00 CHF"),
        ("JOD", 3, 1_456, "JOD 1.456", "JOD 1,456", "1,456 JOD"),
        ("IDR", 0, -5_000, "-Rp 5,000", "-Rp 5.000", "-Rp 5.000"),
        ("VND", 0, -5_000, "-5,000 ₫", "-5.000 ₫", "-5.000 ₫"),
        ("EUR", 2, -5, "-€0.05", "-€ 0,05", "-0,05 €"),
        ("IDR", 0, 0, "Rp 0", "Rp 0", "Rp 0"),
        ("IDR", 0, 999, "Rp 999", "Rp 999", "Rp 999"),
        (
            "IDR",
            0,
            i64::MIN,
            "-Rp 9,223,372,036,854,775,808",
            "-Rp 9.223.372.036.854.775.808",
            "-Rp 9.223.372.036.854.775.808",
        ),
    ];
    for (code, digits, minor, en, id, vi) in cases {
        let amount = Money::new(minor, currency(code));
        let written = LANGUAGES.map(|language| Texts::of(language).money(amount, digits));
        assert_eq!(written, [en, id, vi], "{minor} {code}");
    }
    assert_eq!(Texts::of("id").amount(Money::new(-242_528, currency("IDR")), 0), "-242.528");
    assert_eq!(Texts::sign(currency("IDR")), "Rp");
    assert_eq!(Texts::sign(currency("CHF")), "CHF");
}

#[test]
fn quantities_are_written_by_the_languages_custom() {
    let written =
        |thousandths| LANGUAGES.map(|l| Texts::of(l).quantity(Quantity::from_thousandths(thousandths)));
    assert_eq!(written(2_000), ["2", "2", "2"]);
    assert_eq!(written(125), ["0.125", "0,125", "0,125"]);
    assert_eq!(written(12_345_600), ["12,345.6", "12.345,6", "12.345,6"]);
}
