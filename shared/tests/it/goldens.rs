//! Messages of each protocol version as files, kept for good: this build writes its own version just so, reads every
//! version that it says it accepts, and takes fields that a newer one adds without losing what it knows.
//!
//! A new version gets a folder of its own beside the others: raise `PROTOCOL_VERSION`, write the files with
//! `KEDAI_WRITE_GOLDENS=1`, and leave the older folders as they are.

use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::ids::{OutletId, TenantId, TerminalId};
use shared::journal::{Event, Fact, GENESIS_HASH, SigningKey, chain, verify};
use shared::wire::{
    EnrolRequest, EnrolResponse, FeedRow, Notice, OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION, Problem,
    PullResponse, PushRequest, PushResponse, entity, problem,
};

use crate::made::{NOON, date, devices, id, order};

fn key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn event(kind: &str, payload: Value) -> Event {
    Event {
        tenant_id: TenantId::from_bytes(id(1)),
        outlet_id: OutletId::from_bytes(id(4)),
        terminal_id: TerminalId::from_bytes(id(5)),
        epoch: 1,
        seq: 1,
        kind: kind.to_owned(),
        version: Fact::VERSION,
        occurred_at: NOON,
        business_date: date("2026-01-01"),
        staff_id: None,
        payload,
    }
}

/// One of every message, with its name.
fn messages() -> Vec<(&'static str, Value)> {
    fn value(message: impl Serialize) -> Value {
        serde_json::to_value(message).unwrap()
    }
    let sale = serde_json::to_value(order(&[(35_000, 2_000)], None)).unwrap();
    let first = chain(event("order.completed", sale), GENESIS_HASH, &key()).unwrap();
    let unknown = Event { seq: 2, ..event("gift_card.sold", json!({ "card": "G1", "value": "50000 IDR" })) };
    let second = chain(unknown, first.hash, &key()).unwrap();
    let report = event("device.reported", serde_json::to_value(devices()).unwrap());
    let reported = chain(report, GENESIS_HASH, &key()).unwrap();
    let notice = Notice {
        terminal_id: None,
        code: "event_parked".to_owned(),
        subject: "KOTA-T1-000001".to_owned(),
        occurred_at: NOON,
    };
    let row = |entity: &str, id: &str, change_seq, body| FeedRow {
        entity: entity.to_owned(),
        id: id.to_owned(),
        change_seq,
        body,
    };
    vec![
        (
            "enrol_request",
            value(EnrolRequest {
                protocol: PROTOCOL_VERSION,
                pairing_code: "KEDA-1234".to_owned(),
                public_key: key().public_key(),
                device_name: "Kasir 1".to_owned(),
            }),
        ),
        (
            "enrol_response",
            value(EnrolResponse {
                protocol: PROTOCOL_VERSION,
                tenant_id: TenantId::from_bytes(id(1)),
                outlet_id: OutletId::from_bytes(id(4)),
                terminal_id: TerminalId::from_bytes(id(5)),
                terminal_number: 1,
                epoch: 1,
                pin_pepper: "00".repeat(32),
                server_time: NOON,
            }),
        ),
        (
            "push_request",
            value(PushRequest { protocol: PROTOCOL_VERSION, epoch: 1, events: vec![first, second.clone()] }),
        ),
        ("push_devices", value(PushRequest { protocol: PROTOCOL_VERSION, epoch: 1, events: vec![reported] })),
        (
            "push_response",
            value(PushResponse {
                protocol: PROTOCOL_VERSION,
                epoch: 1,
                acked_seq: 2,
                acked_hash: Some(second.hash),
                server_epoch: "5eedc0ffee000001".to_owned(),
                server_time: NOON,
            }),
        ),
        (
            "pull_response",
            value(PullResponse {
                protocol: PROTOCOL_VERSION,
                cursor: "5eedc0ffee000001.12.0".to_owned(),
                more: false,
                reset: true,
                remaining: 3,
                rows: vec![
                    row(entity::NOTICE, "parked-1", 10, Some(value(notice))),
                    row("hologram", "h-1", 11, Some(json!({ "shape": "cube" }))),
                    row(entity::ITEM, "gone", 12, None),
                ],
                sums: None,
                server_time: NOON,
                stamp: None,
                worked: None,
            }),
        ),
        (
            "problem",
            value(Problem {
                kind: "urn:kedai:problem:journal_fork".to_owned(),
                title: "the journal forked".to_owned(),
                status: 409,
                detail: "the server holds another event at this place; go on under the new epoch".to_owned(),
                code: problem::FORK.to_owned(),
                details: json!({ "seq": 3, "new_epoch": 2 }),
            }),
        ),
    ]
}

fn folder(version: u16) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/goldens/protocol-{version}"))
}

fn golden(version: u16, name: &str) -> Value {
    let path = folder(version).join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// Reads a message and gives it as this build would write it.
fn read(name: &str, value: Value) -> Value {
    fn through<T: Serialize + DeserializeOwned>(value: Value) -> Value {
        serde_json::to_value(serde_json::from_value::<T>(value).unwrap()).unwrap()
    }
    match name {
        "enrol_request" => through::<EnrolRequest>(value),
        "enrol_response" => through::<EnrolResponse>(value),
        "push_request" | "push_devices" => through::<PushRequest>(value),
        "push_response" => through::<PushResponse>(value),
        "pull_response" => through::<PullResponse>(value),
        "problem" => through::<Problem>(value),
        other => panic!("{other} is no message"),
    }
}

#[test]
fn this_build_writes_its_version_just_as_the_files_say() {
    for (name, message) in messages() {
        let path = folder(PROTOCOL_VERSION).join(format!("{name}.json"));
        if std::env::var("KEDAI_WRITE_GOLDENS").is_ok_and(|value| value == "1") && !path.exists() {
            std::fs::create_dir_all(folder(PROTOCOL_VERSION)).unwrap();
            std::fs::write(&path, serde_json::to_string_pretty(&message).unwrap() + "\n").unwrap();
        }
        assert_eq!(message, golden(PROTOCOL_VERSION, name), "{name}: a change of form is a new version");
    }
}

#[test]
fn every_accepted_version_is_read_whole() {
    for version in OLDEST_PROTOCOL_VERSION..=PROTOCOL_VERSION {
        for (name, _) in messages() {
            let kept = golden(version, name);
            assert_eq!(read(name, kept.clone()), kept, "{name} of version {version}");
        }
    }
}

#[test]
fn what_a_newer_version_adds_does_not_stand_in_the_way() {
    for (name, message) in messages() {
        let mut newer = message.clone();
        let fields = newer.as_object_mut().unwrap();
        fields.insert("from_the_future".to_owned(), json!({ "deep": [1, 2] }));
        assert_eq!(read(name, newer), message, "{name}");
    }
}

#[test]
fn kinds_and_payload_fields_of_the_future_keep_their_bytes_and_signature() {
    let push: PushRequest = serde_json::from_value(golden(PROTOCOL_VERSION, "push_request")).unwrap();
    let (first, second) = (&push.events[0], &push.events[1]);
    verify(first, &GENESIS_HASH, &key().public_key()).unwrap();
    verify(second, &first.hash, &key().public_key()).unwrap();
    assert_eq!(Fact::of(&second.event).unwrap(), None, "unknown, and kept");

    let mut payload = first.event.payload.clone();
    payload.as_object_mut().unwrap().insert("loyalty".to_owned(), json!({ "points": 12 }));
    let newer = chain(Event { payload, ..first.event.clone() }, GENESIS_HASH, &key()).unwrap();
    let travelled: shared::journal::Chained =
        serde_json::from_str(&serde_json::to_string(&newer).unwrap()).unwrap();
    verify(&travelled, &GENESIS_HASH, &key().public_key()).unwrap();
    assert!(Fact::of(&travelled.event).unwrap().is_some(), "what this build knows of it is read");
}
