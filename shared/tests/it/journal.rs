//! Canonical bytes by RFC 8785, the hash chain and its signatures.

use proptest::prelude::*;
use serde_json::json;
use shared::Timestamp;
use shared::ids::{OutletId, StaffId, TenantId, TerminalId};
use shared::journal::{
    ChainError, Chained, Event, GENESIS_HASH, Hash, PublicKey, Signature, SigningKey, canonical_bytes, chain,
    verify,
};
use shared::wire::request_bytes;

use crate::made::{NOON, date, id};

fn event(seq: u64, payload: serde_json::Value) -> Event {
    Event {
        tenant_id: TenantId::from_bytes(id(1)),
        outlet_id: OutletId::from_bytes(id(4)),
        terminal_id: TerminalId::from_bytes(id(5)),
        epoch: 1,
        seq,
        kind: "order.completed".into(),
        version: 1,
        occurred_at: NOON,
        business_date: date("2026-01-01"),
        staff_id: None,
        payload,
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

/// A journal of five events.
fn journal() -> Vec<Chained> {
    let mut prev = GENESIS_HASH;
    let mut events = vec![];
    for seq in 1..=5 {
        let chained = chain(event(seq, json!({ "total": format!("{seq}000 IDR") })), prev, &key()).unwrap();
        prev = chained.hash;
        events.push(chained);
    }
    events
}

/// Where a journal stops being true, and why.
fn first_fault(journal: &[Chained], key: &PublicKey) -> Option<(usize, ChainError)> {
    let mut prev = GENESIS_HASH;
    for (at, chained) in journal.iter().enumerate() {
        if let Err(error) = verify(chained, &prev, key) {
            return Some((at, error));
        }
        prev = chained.hash;
    }
    None
}

/// The text after `"payload":` of the canonical bytes, which come before `seq`.
fn canonical_payload(payload: serde_json::Value) -> String {
    let text = String::from_utf8(canonical_bytes(&event(1, payload)).unwrap()).unwrap();
    let (_, after) = text.split_once("\"payload\":").unwrap();
    after.split_once(",\"seq\":1,").unwrap().0.to_owned()
}

#[test]
fn an_event_has_one_canonical_text() {
    let text =
        String::from_utf8(canonical_bytes(&event(7, json!({"b": 1, "a": [true, null]}))).unwrap()).unwrap();
    let expected = concat!(
        r#"{"business_date":"2026-01-01","epoch":1,"kind":"order.completed","occurred_at":1767243600000,"#,
        r#""outlet_id":"00000000-0000-0000-0000-000000000004","payload":{"a":[true,null],"b":1},"seq":7,"#,
        r#""staff_id":null,"tenant_id":"00000000-0000-0000-0000-000000000001","#,
        r#""terminal_id":"00000000-0000-0000-0000-000000000005","version":1}"#,
    );
    assert_eq!(text, expected);
}

#[test]
fn keys_are_sorted_as_rfc_8785_says() {
    // The sample of RFC 8785, section 3.2.3: sorted by UTF-16 code units, not by bytes of UTF-8.
    let payload =
        json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
    let expected =
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
    assert_eq!(canonical_payload(payload), expected);
}

#[test]
fn numbers_and_texts_are_written_as_rfc_8785_says() {
    // The sample of RFC 8785, section 3.2.2.
    let payload: serde_json::Value = serde_json::from_str(
        r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
            "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
    )
    .unwrap();
    let expected = concat!(
        r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
        "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
    );
    assert_eq!(canonical_payload(payload), expected);
}

#[test]
fn an_event_is_chained_and_signed_as_published() {
    // Computed apart from this program, with SHA-256 and Ed25519 of other libraries over the text above.
    let chained = chain(event(7, json!({"b": 1, "a": [true, null]})), Hash::of(b"before"), &key()).unwrap();
    assert_eq!(key().public_key().to_string(), PUBLIC_KEY);
    assert_eq!(chained.hash.to_string(), EVENT_HASH);
    assert_eq!(chained.signature.to_string(), EVENT_SIGNATURE);
}

const PUBLIC_KEY: &str = "fd1724385aa0c75b64fb78cd602fa1d991fdebf76b13c58ed702eac835e9f618";
const EVENT_HASH: &str = "26987c77363e53d6a6ae796c87220078e3e81d3e57d8e32f4dbe55170199ff89";
const EVENT_SIGNATURE: &str = "355fc28e50365edb6942d2ce763fae9a0e9d4ddb08e78cd430e5085082ca4e4174d23f16c94630ff28fbfc836915193beb261a9c966529c57b130fc600c7a202";

#[test]
fn signatures_are_those_of_rfc_8032() {
    // Section 7.1, test 1: the empty message.
    let secret: Hash = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60".parse().unwrap();
    let key = SigningKey::from_bytes(secret.as_bytes());
    let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assert_eq!(key.public_key().to_string(), public);
    let signature = key.sign(b"");
    assert_eq!(
        signature.to_string(),
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    );
    let public: PublicKey = public.parse().unwrap();
    assert_eq!(public.verify(b"", &signature), Ok(()));
    assert_eq!(public.verify(b"x", &signature), Err(ChainError::Signature));
}

#[test]
fn a_true_journal_verifies_also_after_json() {
    let text = serde_json::to_string(&journal()).unwrap();
    let read: Vec<Chained> = serde_json::from_str(&text).unwrap();
    assert_eq!(read, journal());
    assert_eq!(first_fault(&read, &key().public_key()), None);
}

#[test]
fn every_tampering_is_found_where_it_was_done() {
    type Tampering = fn(&mut Vec<Chained>);
    let tamperings: [(&str, Tampering, usize, ChainError); 14] = [
        ("payload", |j| j[2].event.payload = json!({"total": "1 IDR"}), 2, ChainError::Hash),
        ("a field more", |j| j[2].event.payload["x"] = json!(1), 2, ChainError::Hash),
        ("seq", |j| j[2].event.seq = 9, 2, ChainError::Hash),
        ("epoch", |j| j[2].event.epoch = 2, 2, ChainError::Hash),
        ("kind", |j| j[2].event.kind = "order.voided".into(), 2, ChainError::Hash),
        ("time", |j| j[2].event.occurred_at = Timestamp::from_millis(0), 2, ChainError::Hash),
        ("staff", |j| j[2].event.staff_id = Some(StaffId::from_bytes(id(66))), 2, ChainError::Hash),
        ("prev", |j| j[2].prev_hash = GENESIS_HASH, 2, ChainError::PrevHash),
        ("hash", |j| j[2].hash = Hash::of(b"other"), 2, ChainError::Hash),
        ("signature", |j| j[2].signature = j[1].signature, 2, ChainError::Signature),
        ("other key", |j| resign(j, 2, &SigningKey::from_bytes(&[8; 32])), 2, ChainError::Signature),
        ("order", |j| j.swap(2, 3), 2, ChainError::PrevHash),
        ("removal", |j| drop(j.remove(2)), 2, ChainError::PrevHash),
        ("doubling", |j| j.insert(2, j[1].clone()), 2, ChainError::PrevHash),
    ];
    for (name, tamper, at, error) in tamperings {
        let mut journal = journal();
        tamper(&mut journal);
        assert_eq!(first_fault(&journal, &key().public_key()), Some((at, error)), "{name}");
    }
    // Even the terminal's own key cannot change the middle unseen: the next event follows another hash.
    let mut journal = journal();
    journal[2].event.payload = json!({"total": "1 IDR"});
    resign(&mut journal, 2, &key());
    assert_eq!(first_fault(&journal, &key().public_key()), Some((3, ChainError::PrevHash)));
}

/// Hashes and signs an event again where it stands.
fn resign(journal: &mut [Chained], at: usize, key: &SigningKey) {
    journal[at] = chain(journal[at].event.clone(), journal[at].prev_hash, key).unwrap();
}

#[test]
fn what_is_no_hash_key_or_signature_is_refused() {
    let hash = Hash::of(b"x").to_string();
    for text in ["", "00", &hash[1..], &format!("{hash}00"), &hash.replace(|c: char| c.is_ascii_digit(), "g")]
    {
        assert!(text.parse::<Hash>().is_err(), "{text}");
        assert!(text.parse::<PublicKey>().is_err(), "{text}");
        assert!(text.parse::<Signature>().is_err(), "{text}");
        assert!(serde_json::from_str::<Hash>(&format!("\"{text}\"")).is_err(), "{text}");
    }
    // The order's 32 bytes of 0x02 with no point on the curve behind them.
    assert!("02".repeat(32).parse::<PublicKey>().is_err());
    assert!(!format!("{:?}", key()).contains("09"), "a secret must not be shown");
}

#[test]
fn a_request_is_signed_over_its_method_path_time_and_body() {
    let bytes =
        |method, path, time, body: &[u8]| request_bytes(method, path, Timestamp::from_millis(time), body);
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let expected = format!("kedai-request\nGET\n/api/v1/sync/pull?cursor=7\n5\n{empty}");
    assert_eq!(bytes("GET", "/api/v1/sync/pull?cursor=7", 5, b""), expected.as_bytes());
    let first = bytes("POST", "/a", 5, b"x");
    for other in [
        bytes("PUT", "/a", 5, b"x"),
        bytes("POST", "/b", 5, b"x"),
        bytes("POST", "/a", 6, b"x"),
        bytes("POST", "/a", 5, b"y"),
    ] {
        assert_ne!(first, other);
    }
}

proptest! {
    #[test]
    fn canonical_bytes_are_the_same_after_json(payload in any_json()) {
        let event = event(1, payload);
        let bytes = canonical_bytes(&event).unwrap();
        let read: Event = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(canonical_bytes(&read).unwrap(), bytes);
    }

    #[test]
    fn canonical_bytes_are_those_of_another_implementation(
        payload in any_json(), odd in "-?[1-9][0-9]{0,17}(\\.[0-9]{1,6})?(e-?[0-9]{1,2})?",
        seq in prop_oneof![1_u64..1 << 53, Just((1 << 53) - 1)],
    ) {
        // No number of ours is like that, but another build's may be.
        let odd: serde_json::Value = serde_json::from_str(&odd).unwrap();
        for payload in [payload.clone(), json!({"payload": payload, "odd": odd})] {
            let event = event(seq, payload);
            prop_assert_eq!(canonical_bytes(&event).unwrap(), serde_json_canonicalizer::to_vec(&event).unwrap());
        }
    }
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        // Beyond 2^53 JSON numbers are not exact, and none is ever written.
        (-(1_i64 << 53)..(1_i64 << 53)).prop_map(Into::into),
        "\\PC{0,8}|[\\x00-\\x1f]{0,3}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            proptest::collection::btree_map("\\PC{0,6}", inner, 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}
