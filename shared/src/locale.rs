//! Texts in English, Indonesian and Vietnamese by Fluent, and figures as each language writes them.
//!
//! The files stand in `shared/locales/<language>/`: `receipt.ftl` is what is printed and is built in here; the screens
//! bundle it together with `screens.ftl` of the same folders. A test holds all languages to the same keys and arguments.

mod figures;

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::money::{CurrencyCode, Money, Quantity};

/// The languages, the first being the fallback.
pub const LANGUAGES: [&str; 3] = ["en", "id", "vi"];

/// Every text that is printed, with the arguments it takes; a test compares it with the files.
pub const PRINTED_TEXTS: [(&str, &[&str]); 67] = [
    ("stock-slip", &[]),
    ("stock-received", &[]),
    ("stock-counted", &[]),
    ("stock-wasted", &[]),
    ("stock-transferred", &[]),
    ("receipt-title", &[]),
    ("receipt-number", &["number"]),
    ("receipt-date", &[]),
    ("receipt-cashier", &["name"]),
    ("receipt-tax-number", &["number"]),
    ("receipt-copy", &[]),
    ("receipt-void", &[]),
    ("receipt-items", &[]),
    ("receipt-subtotal", &[]),
    ("receipt-discount", &[]),
    ("receipt-discount-percent", &["percent"]),
    ("receipt-service-charge", &[]),
    ("receipt-taxes", &[]),
    ("receipt-tax-included", &["name"]),
    ("receipt-total", &[]),
    ("receipt-rounding", &[]),
    ("receipt-to-pay", &[]),
    ("receipt-change", &[]),
    ("receipt-thanks", &[]),
    ("receipt-signature", &[]),
    ("receipt-refund", &[]),
    ("receipt-refund-of", &["number"]),
    ("receipt-refund-loose", &[]),
    ("receipt-refund-total", &[]),
    ("receipt-channel-table", &[]),
    ("receipt-channel-take-away", &[]),
    ("receipt-channel-self-order", &[]),
    ("receipt-channel-delivery", &[]),
    ("receipt-exempt", &["reason"]),
    ("receipt-reason", &["reason"]),
    ("tender-cash", &[]),
    ("tender-card", &[]),
    ("tender-qris", &[]),
    ("tender-viet_qr", &[]),
    ("report-x", &[]),
    ("report-z", &["number"]),
    ("report-opened", &[]),
    ("report-orders", &[]),
    ("report-refunds", &[]),
    ("report-voids", &[]),
    ("report-sales-total", &[]),
    ("report-refund-total", &[]),
    ("report-net", &[]),
    ("report-discounts", &[]),
    ("report-service-charge", &[]),
    ("report-rounding", &[]),
    ("report-tax-base", &["amount"]),
    ("report-refund-taxes", &[]),
    ("report-opening-float", &[]),
    ("report-cash-in", &[]),
    ("report-cash-out", &[]),
    ("report-expected", &[]),
    ("report-counted", &[]),
    ("report-difference", &[]),
    ("receipt-card-day", &[]),
    ("receipt-test-title", &[]),
    ("receipt-test-hint", &[]),
    ("ticket-moved", &["printer"]),
    ("line-label-price", &[]),
    ("line-lot", &["lot"]),
    ("line-expiry", &["date"]),
    ("line-serial", &["serial"]),
];

type Bundle = FluentBundle<FluentResource>;

/// The texts of the languages, each read once when it is first asked for.
static BUNDLES: [LazyLock<Bundle>; 3] = [
    LazyLock::new(|| bundle("en", include_str!("../locales/en/receipt.ftl"))),
    LazyLock::new(|| bundle("id", include_str!("../locales/id/receipt.ftl"))),
    LazyLock::new(|| bundle("vi", include_str!("../locales/vi/receipt.ftl"))),
];

fn bundle(language: &str, source: &str) -> Bundle {
    let identifier: LanguageIdentifier = language.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![identifier]);
    // The marks that keep mixed scripts apart on screens would be printed as rubbish; all three languages are Latin.
    bundle.set_use_isolating(false);
    // What could not be read is left out: a test finds it, and a receipt with a key for a word is still a receipt.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The texts of one language.
#[derive(Clone, Copy)]
pub struct Texts {
    language: &'static str,
    bundle: &'static Bundle,
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Texts").field(&self.language).finish()
    }
}

impl Texts {
    /// The texts of `language`, with or without a region (`id`, `id-ID`); English when it is none of [`LANGUAGES`].
    pub fn of(language: &str) -> Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        let mut known = LANGUAGES.into_iter().zip(&BUNDLES);
        let (language, bundle) = known
            .find(|(known, _)| known.eq_ignore_ascii_case(primary))
            .unwrap_or((LANGUAGES[0], &BUNDLES[0]));
        Self { language, bundle }
    }
    /// The language.
    pub fn language(&self) -> &'static str {
        self.language
    }
    /// The text of `key`; the key itself when it is missing, which a test forbids.
    pub fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }
    /// The text of `key` with its arguments put in.
    pub fn with(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let arguments: FluentArgs<'_> = arguments.iter().copied().collect();
        // An argument that is missing stays visible as `{$name}`; a test forbids that too.
        self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }
    /// An amount for people, `digits` being the decimals of its minor unit: `Rp 242.528`, `120.000 ₫`, `€12.34`.
    pub fn money(&self, amount: Money, digits: u8) -> String {
        figures::money(self.language, amount, digits)
    }
    /// An amount without the currency's sign, grouped: `242.528`.
    pub fn amount(&self, amount: Money, digits: u8) -> String {
        figures::grouped(self.language, &amount.to_decimal(digits))
    }
    /// A quantity for people: `2`, `0,125`.
    pub fn quantity(&self, quantity: Quantity) -> String {
        figures::grouped(self.language, &quantity.to_string())
    }
    /// The sign of a currency, such as `Rp`; its code when it has none of its own.
    pub fn sign(currency: CurrencyCode) -> String {
        figures::sign(&currency).to_owned()
    }
}
