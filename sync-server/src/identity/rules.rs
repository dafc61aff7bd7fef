//! Pure rules of identity: derived keys, passwords, guessing delays, refresh tokens and what an outlet must look like.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};
use shared::Timestamp;
use shared::clock::is_known_zone;
use shared::ids::TenantId;
use shared::locale::LANGUAGES;
use shared::outlet::{Layouts, MOST_LOGO_BYTES, MOST_TEMPLATE_BYTES, Outlet};

use crate::secrets::Secrets;

/// How long an access token is good for, in milliseconds.
pub const ACCESS_TOKEN_MS: i64 = 15 * 60 * 1000;
/// How long an unused refresh token is good for, in milliseconds.
pub const REFRESH_TOKEN_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long a pairing code is good for, in milliseconds.
pub const PAIRING_CODE_MS: i64 = 15 * 60 * 1000;

/// The pepper of a tenant's PINs; terminals keep it in a file of its own, the server derives it and stores it nowhere.
pub fn pin_pepper(secrets: &Secrets, tenant: TenantId) -> [u8; 32] {
    secrets.derive("kedai staff pin\n", tenant.to_string().as_bytes())
}

/// The pepper of the passwords of a tenant's administrators.
pub fn password_pepper(secrets: &Secrets, tenant: TenantId) -> [u8; 32] {
    secrets.derive("kedai admin password\n", tenant.to_string().as_bytes())
}

/// The key that signs access tokens.
pub fn access_token_key(secrets: &Secrets) -> [u8; 32] {
    secrets.derive("kedai access token\n", b"")
}

/// How a pairing code is stored: keyed, because 40 bits alone could be searched within its lifetime.
pub fn pairing_code_hash(secrets: &Secrets, normal_code: &str) -> String {
    hex::encode(secrets.derive("kedai pairing code\n", normal_code.as_bytes()))
}

/// The key of a row of guesses: what is guessed at and from where.
pub fn guess_key(secrets: &Secrets, what: &str, address: &str) -> String {
    hex::encode(secrets.derive("kedai guess\n", format!("{what}\n{address}").as_bytes()))
}

/// SHA-256 in hexadecimal: how random tokens of full strength are stored.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Why something that a person typed in was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {expected}")]
pub struct Refusal {
    /// The field.
    pub field: &'static str,
    /// What is expected there.
    pub expected: String,
}

/// A refusal of a field.
pub fn refuse(field: &'static str, expected: impl Into<String>) -> Refusal {
    Refusal { field, expected: expected.into() }
}

/// The e-mail address as it is stored and looked up: trimmed and in lower case.
///
/// # Errors
/// A [`Refusal`] when it is no address.
pub fn normal_email(text: &str) -> Result<String, Refusal> {
    let email = text.trim().to_lowercase();
    let fits = email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !domain.contains('@') && !domain.starts_with('.')
        });
    if fits {
        Ok(email)
    } else {
        Err(refuse("email", "an e-mail address such as name@example.com is expected"))
    }
}

/// Checks a new password: 10 to 200 characters, not one character repeated (NIST SP 800-63B: length, no composition rules).
///
/// # Errors
/// A [`Refusal`] that says what is expected.
pub fn check_password(text: &str) -> Result<(), Refusal> {
    let count = text.chars().count();
    let varied = text.chars().next().is_some_and(|first| text.chars().any(|c| c != first));
    if (10..=200).contains(&count) && varied {
        Ok(())
    } else {
        Err(refuse("password", "10 to 200 characters, not all the same, are expected"))
    }
}

/// A name as shown: 1 to `max` visible characters, trimmed.
///
/// # Errors
/// A [`Refusal`] naming the field.
pub fn visible_name(field: &'static str, text: &str, max: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > max || text.chars().any(char::is_control) {
        return Err(refuse(field, format!("1 to {max} visible characters are expected")));
    }
    Ok(text.to_owned())
}

/// How long guesses are refused after a number of failures in a row: nothing for the first `free`, then 30 s, doubling
/// up to 15 minutes. In milliseconds.
pub fn guess_delay_ms(failures: i64, free: i64) -> i64 {
    let over = failures.saturating_sub(free);
    if over < 0 {
        return 0;
    }
    let doublings = u32::try_from(over.min(10)).unwrap_or(10);
    (30_000_i64 << doublings).min(15 * 60 * 1000)
}

/// After this long without a guess, failures are forgotten. In milliseconds.
pub const GUESSES_FORGOTTEN_MS: i64 = 24 * 60 * 60 * 1000;

/// A refresh token as stored, without the token itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredToken {
    /// The device it is bound to.
    pub device: String,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was first exchanged.
    pub used_at: Option<Timestamp>,
    /// When it, or its family, was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// What to do with a refresh token that is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exchange {
    /// Give a new pair.
    Rotate,
    /// Give a new pair and put aside the successor that never was used: its answer was lost.
    Repeat,
    /// Someone has a copy: revoke all that follows from the same sign-in.
    RevokeFamily,
    /// Refuse without more: it is out of date or revoked already.
    Refuse,
}

/// Judges a refresh token (RFC 9700, 4.14.2): its predecessor is accepted again only while the successor is unused and
/// for the same device; anything else that was used before is taken for theft.
pub fn judge_refresh(
    token: &StoredToken,
    successor: Option<&StoredToken>,
    device: &str,
    now: Timestamp,
) -> Exchange {
    if token.revoked_at.is_some() || token.expires_at <= now {
        return Exchange::Refuse;
    }
    if token.device != device {
        return Exchange::RevokeFamily;
    }
    if token.used_at.is_none() {
        return Exchange::Rotate;
    }
    match successor {
        Some(next) if next.used_at.is_none() && next.revoked_at.is_none() => Exchange::Repeat,
        _ => Exchange::RevokeFamily,
    }
}

/// The letters of a pairing code: Crockford base32, without I, L, O and U.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A pairing code of 40 random bits as it is shown: `XXXX-XXXX`.
pub fn pairing_code_text(random: [u8; 5]) -> String {
    let bits = random.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let mut text = String::with_capacity(9);
    for place in (0..8).rev() {
        if place == 3 {
            text.push('-');
        }
        let index = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
        text.push(char::from(CROCKFORD.get(index).copied().unwrap_or(b'0')));
    }
    text
}

/// What a person typed as a pairing code, read as Crockford says: any case, `O` is 0, `I` and `L` are 1, hyphens and
/// spaces do not matter. None when it is no code.
pub fn normal_pairing_code(text: &str) -> Option<String> {
    let mut code = String::with_capacity(8);
    for letter in text.chars().take(40) {
        let letter = match letter.to_ascii_uppercase() {
            '-' | ' ' => continue,
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !letter.is_ascii() || !CROCKFORD.contains(&(letter as u8)) || code.len() == 8 {
            return None;
        }
        code.push(letter);
    }
    (code.len() == 8).then_some(code)
}

/// Checks that an outlet can trade: what a terminal would stumble over is refused here.
///
/// # Errors
/// The first [`Refusal`].
pub fn check_outlet(outlet: &Outlet) -> Result<(), Refusal> {
    let code = &outlet.code;
    let capitals = code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !(1..=8).contains(&code.len()) || !capitals {
        return Err(refuse("code", "1 to 8 capital letters and digits are expected"));
    }
    visible_name("name", &outlet.name, 80)?;
    check_lines("address", &outlet.address)?;
    check_lines("receipt_footer", &outlet.receipt_footer)?;
    if let Some(number) = &outlet.tax_number {
        visible_name("tax_number", number, 60)?;
    }
    if let Some(qr) = &outlet.receipt_qr {
        visible_name("receipt_qr", qr, 300)?;
    }
    if let Some(layouts) = &outlet.layouts {
        check_layouts(layouts)?;
    }
    if !is_known_zone(&outlet.zone) {
        return Err(refuse("zone", "a time zone of the IANA database, such as Asia/Jakarta, is expected"));
    }
    if outlet.day_cutoff_minutes > 720 {
        return Err(refuse("day_cutoff_minutes", "0 to 720 minutes are expected"));
    }
    if !LANGUAGES.contains(&outlet.locale.as_str()) {
        return Err(refuse("locale", format!("one of {} is expected", LANGUAGES.join(", "))));
    }
    if outlet.digits > 4 {
        return Err(refuse("digits", "0 to 4 decimals are expected"));
    }
    check_rules(outlet)?;
    let ascending = outlet.notes.windows(2).all(|pair| pair[0] < pair[1]);
    if !ascending || outlet.notes.len() > 20 || outlet.notes.first().is_some_and(|note| *note <= 0) {
        return Err(refuse("notes", "at most 20 amounts above zero, ascending, are expected"));
    }
    let mut tenders = outlet.tenders.clone();
    tenders.sort();
    tenders.dedup();
    if tenders.is_empty() || tenders.len() != outlet.tenders.len() {
        return Err(refuse("tenders", "at least one means of payment, none twice, is expected"));
    }
    Ok(())
}

/// Their sizes only: what a template means is known to the tills, which print the built-in layout in place of one that fails.
fn check_layouts(layouts: &Layouts) -> Result<(), Refusal> {
    for (field, template) in [("receipt", &layouts.receipt), ("ticket", &layouts.ticket)] {
        let fits = |text: &String| {
            text.len() <= MOST_TEMPLATE_BYTES
                && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
        };
        if template.as_ref().is_some_and(|template| !fits(template)) {
            return Err(refuse(field, "a template of at most 16 KiB without control characters is expected"));
        }
    }
    check_lines("header", &layouts.header)?;
    check_lines("legal", &layouts.legal)?;
    let png = |logo: &String| {
        let bytes = BASE64.decode(logo).unwrap_or_default();
        bytes.len() <= MOST_LOGO_BYTES && bytes.starts_with(b"\x89PNG\r\n\x1a\n")
    };
    match &layouts.logo {
        Some(logo) if logo.len() > MOST_LOGO_BYTES * 2 || !png(logo) => {
            Err(refuse("logo", "a PNG of at most 32 KiB as Base64 is expected"))
        }
        _ => Ok(()),
    }
}

fn check_lines(field: &'static str, lines: &[String]) -> Result<(), Refusal> {
    let fits = |line: &String| {
        !line.is_empty() && line.chars().count() <= 120 && !line.chars().any(char::is_control)
    };
    if lines.len() <= 8 && lines.iter().all(fits) {
        Ok(())
    } else {
        Err(refuse(field, "at most 8 lines of 1 to 120 visible characters are expected"))
    }
}

fn check_rules(outlet: &Outlet) -> Result<(), Refusal> {
    let rules = &outlet.rules;
    if rules.currency != outlet.currency || rules.digits != outlet.digits {
        return Err(refuse("rules", "the currency and digits of the outlet are expected in its rules"));
    }
    let whole = shared::Rate::WHOLE;
    let mut ids: Vec<_> = rules.taxes.iter().map(|tax| tax.tax_id).collect();
    ids.sort();
    ids.dedup();
    if ids.len() != rules.taxes.len() || ids.len() > 50 {
        return Err(refuse("rules.taxes", "at most 50 taxes, none twice, are expected"));
    }
    for tax in &rules.taxes {
        visible_name("rules.taxes.name", &tax.name, 40)?;
        if tax.rate_ppm > whole {
            return Err(refuse("rules.taxes.rate_ppm", "at most 1,000,000 (100 %) is expected"));
        }
    }
    if let Some(service) = &rules.service_charge {
        let known = service.tax_ids.iter().all(|id| ids.contains(id));
        if service.rate_ppm > whole || !known {
            return Err(refuse(
                "rules.service_charge",
                "a rate of at most 100 % and known taxes are expected",
            ));
        }
    }
    if rules.cash_rounding.is_some_and(|cash| cash.increment <= 0) {
        return Err(refuse("rules.cash_rounding", "a step above zero is expected"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn token(used: bool) -> StoredToken {
        StoredToken {
            device: "till".into(),
            expires_at: at(1_000),
            used_at: used.then(|| at(10)),
            ..StoredToken::default()
        }
    }

    #[test]
    fn an_unused_token_rotates_and_a_used_one_only_while_its_successor_is_unused() {
        let now = at(500);
        assert_eq!(judge_refresh(&token(false), None, "till", now), Exchange::Rotate);
        assert_eq!(judge_refresh(&token(true), Some(&token(false)), "till", now), Exchange::Repeat);
        assert_eq!(judge_refresh(&token(true), Some(&token(true)), "till", now), Exchange::RevokeFamily);
        assert_eq!(judge_refresh(&token(true), None, "till", now), Exchange::RevokeFamily);
    }

    #[test]
    fn another_device_is_taken_for_theft() {
        assert_eq!(judge_refresh(&token(false), None, "phone", at(500)), Exchange::RevokeFamily);
    }

    #[test]
    fn an_expired_or_revoked_token_is_refused() {
        assert_eq!(judge_refresh(&token(false), None, "till", at(1_000)), Exchange::Refuse);
        let revoked = StoredToken { revoked_at: Some(at(1)), ..token(false) };
        assert_eq!(judge_refresh(&revoked, None, "till", at(500)), Exchange::Refuse);
    }

    #[test]
    fn guessing_is_free_at_first_and_then_costs_ever_more() {
        assert_eq!(guess_delay_ms(4, 5), 0);
        assert_eq!(guess_delay_ms(5, 5), 30_000);
        assert_eq!(guess_delay_ms(6, 5), 60_000);
        assert_eq!(guess_delay_ms(i64::MAX, 5), 900_000);
    }

    #[test]
    fn a_pairing_code_reads_as_it_was_shown_in_any_case_and_with_lookalikes() {
        let shown = pairing_code_text([0x00, 0x44, 0x32, 0x14, 0xc7]);
        assert_eq!(shown.len(), 9);
        let plain = shown.replace('-', "");
        assert_eq!(normal_pairing_code(&shown.to_lowercase()).as_deref(), Some(plain.as_str()));
        assert_eq!(normal_pairing_code("oil0-1234").as_deref(), Some("01101234"));
        for bad in ["", "1234-567", "1234-56789", "1234-567U", "1234-56ß8"] {
            assert_eq!(normal_pairing_code(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_address_is_stored_in_lower_case_and_nonsense_is_refused() {
        assert_eq!(normal_email(" Owner@Example.COM ").unwrap(), "owner@example.com");
        for bad in ["", "owner", "@example.com", "a@b", "a b@example.com", "a@b@example.com"] {
            assert!(normal_email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_needs_length_and_more_than_one_character() {
        assert!(check_password("correct horse").is_ok());
        assert!(check_password("short").is_err());
        assert!(check_password("aaaaaaaaaaaa").is_err());
    }

    #[test]
    fn every_purpose_and_tenant_has_a_key_of_its_own() {
        let secrets = Secrets { master: zeroize::Zeroizing::new([7; 32]) };
        let tenant = |n: u8| TenantId::from_bytes([n; 16]);
        assert_ne!(pin_pepper(&secrets, tenant(1)), pin_pepper(&secrets, tenant(2)));
        assert_ne!(pin_pepper(&secrets, tenant(1)), password_pepper(&secrets, tenant(1)));
        assert_ne!(guess_key(&secrets, "a", "b"), guess_key(&secrets, "a", "c"));
    }
}
