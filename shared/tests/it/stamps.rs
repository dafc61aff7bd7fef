//! The laws of stamps, and edits of a field in whatever order and however often.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;
use shared::Timestamp;
use shared::ids::{ItemId, TerminalId};
use shared::journal::payload::{ItemEdited, stamp_of};
use shared::journal::{Event, Fact};
use shared::stamp::{FieldStamps, MAX_AHEAD_MS, Node, Stamp, Standing};
use shared::wire::{PullResponse, Worked};

use crate::made::{NOON, date, id};

const YEAR_MS: i64 = 365 * 24 * 3_600_000;

fn terminal(n: u128) -> Node {
    Node::Terminal(TerminalId::from_bytes(id(n)))
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn node() -> impl Strategy<Value = Node> {
    prop_oneof![Just(Node::Server), any::<u128>().prop_map(terminal)]
}

/// Any time that a clock can show, also before 1970 and beyond every calendar; near ones often.
fn clock() -> impl Strategy<Value = Timestamp> {
    prop_oneof![4 => 1_700_000_000_000_i64..1_700_000_000_020, 1 => any::<i64>()].prop_map(at)
}

fn stamp() -> impl Strategy<Value = Stamp> {
    (clock(), node(), 0_usize..4).prop_map(|(time, node, ticks)| {
        (0..ticks).fold(Stamp::at(time, node), |stamp, _| stamp.tick(Timestamp::from_millis(i64::MIN)))
    })
}

/// One of three fields with a value, as somebody wrote it.
fn edit() -> impl Strategy<Value = (usize, Stamp)> {
    (0_usize..3, stamp())
}

const FIELDS: [&str; 3] = ["name", "available", "position"];

/// A row as a server keeps it: what stands in each field, and the stamps beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    values: BTreeMap<usize, String>,
    stamps: FieldStamps,
}

impl Row {
    /// What an edit writes is told by its stamp: no two edits have the same.
    fn take(&mut self, (field, stamp): (usize, Stamp)) {
        if self.stamps.take(FIELDS[field], stamp) == Standing::Newest {
            self.values.insert(field, format!("written at {stamp}"));
        }
    }
    fn of(edits: &[(usize, Stamp)]) -> Self {
        let mut row = Self::default();
        edits.iter().for_each(|edit| row.take(*edit));
        row
    }
    /// As two halves of a split shop come together again.
    fn merge(mut self, other: &Self) -> Self {
        for (field, name) in FIELDS.iter().enumerate() {
            if let Some(stamp) = other.stamps.of(name) {
                self.take((field, stamp));
            }
        }
        self
    }
}

proptest! {
    #[test]
    fn the_order_is_total_and_the_text_sorts_the_same(a in stamp(), b in stamp(), c in stamp()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.to_string().cmp(&b.to_string()), a.cmp(&b));
        prop_assert_eq!(a == b, a.cmp(&b).is_eq());
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
    }

    #[test]
    fn a_stamp_comes_back_from_its_text(stamp in stamp()) {
        prop_assert_eq!(stamp.to_string().parse::<Stamp>().unwrap(), stamp);
        let json = serde_json::to_value(stamp).unwrap();
        prop_assert_eq!(&json, &json!(stamp.to_string()));
        prop_assert_eq!(serde_json::from_value::<Stamp>(json).unwrap(), stamp);
    }

    #[test]
    fn a_tick_is_later_than_everything_seen(
        own in stamp(), seen in proptest::collection::vec((stamp(), clock()), 0..8), now in clock(),
    ) {
        let mut last = own;
        for (other, heard) in &seen {
            last = last.observe(*other, *heard);
        }
        let next = last.tick(now);
        prop_assert_eq!(next.node(), own.node());
        prop_assert!(next > own);
        for (other, heard) in seen {
            let believed = other.taken_in(heard, 0);
            prop_assert!(next > believed);
            if !other.is_ahead_of(heard) {
                prop_assert!(next > other);
            }
        }
        prop_assert!(next.tick(now) > next);
    }

    #[test]
    fn edits_in_any_order_and_any_number_give_the_same_fields(
        (edits, other) in proptest::collection::vec(edit(), 0..8).prop_flat_map(|edits| {
            let again = proptest::sample::subsequence(edits.clone(), 0..=edits.len());
            let all = again.prop_map({
                let edits = edits.clone();
                move |again| [edits.clone(), again].concat()
            });
            (Just(edits), all.prop_shuffle())
        }),
    ) {
        prop_assert_eq!(Row::of(&edits), Row::of(&other));
    }

    #[test]
    fn merging_is_commutative_associative_and_idempotent(
        a in proptest::collection::vec(edit(), 0..6),
        b in proptest::collection::vec(edit(), 0..6),
        c in proptest::collection::vec(edit(), 0..6),
    ) {
        let [ra, rb, rc] = [&a, &b, &c].map(|edits| Row::of(edits));
        prop_assert_eq!(ra.clone().merge(&rb), rb.clone().merge(&ra));
        prop_assert_eq!(ra.clone().merge(&rb).merge(&rc), ra.clone().merge(&rb.clone().merge(&rc)));
        prop_assert_eq!(ra.clone().merge(&ra), ra.clone());
        prop_assert_eq!(ra.merge(&rb).merge(&rc), Row::of(&[a, b, c].concat()));
    }

    #[test]
    fn what_is_taken_in_is_never_far_ahead_and_keeps_its_order(
        stamps in proptest::collection::vec(stamp(), 1..6), node in node(), arrived in clock(),
    ) {
        let mut stamps: Vec<Stamp> = stamps.into_iter().map(|stamp| stamp.by(node)).collect();
        stamps.sort();
        stamps.dedup();
        let taken: Vec<Stamp> =
            stamps.iter().zip(1..).map(|(stamp, place)| stamp.taken_in(arrived, place)).collect();
        prop_assert!(taken.is_sorted_by(|a, b| a < b), "{:?} became {:?}", stamps, taken);
        let limit = Stamp::at(at(arrived.as_millis().max(0)), node);
        for (before, after) in stamps.iter().zip(&taken) {
            prop_assert!(after <= before || after.is_ahead_of(arrived));
            // Whoever sees it goes after it, and so does any clock that shows a little more than the bound.
            let later = at(limit_ms(arrived) + i64::try_from(MAX_AHEAD_MS).unwrap() + 1);
            // At the end of the range, in the year 6429, there is no later for a clock to show.
            if later.as_millis() < 1 << 47 {
                prop_assert!(Stamp::zero(Node::Server).tick(later) > *after, "{limit}");
            }
            prop_assert_eq!(*after, before.taken_in(arrived, after_place(&stamps, *before)));
        }
    }
}

/// A clock as a stamp reads it: not before 1970, not beyond half of the range.
fn limit_ms(clock: Timestamp) -> i64 {
    clock.as_millis().clamp(0, 1 << 47)
}

fn after_place(stamps: &[Stamp], stamp: Stamp) -> u64 {
    stamps.iter().position(|other| *other == stamp).unwrap() as u64 + 1
}

#[test]
fn equal_times_go_by_the_terminal_and_the_server_last() {
    let mut stamps =
        [Node::Server, terminal(0xff), terminal(1), terminal(0x10)].map(|node| Stamp::at(NOON, node));
    stamps.sort();
    let expected = [terminal(1), terminal(0x10), terminal(0xff), Node::Server];
    assert_eq!(stamps.map(Stamp::node), expected);
}

#[test]
fn only_the_one_text_of_a_stamp_is_read() {
    let good = "019b77a2f400-00000002-00000000-0000-0000-0000-000000000005";
    assert_eq!(good.parse::<Stamp>().unwrap().to_string(), good);
    for bad in [
        "",
        "server",
        "019b77a2f400-00000002",
        "019b77a2f400-00000002-",
        "019b77a2f400-2-server",
        "19b77a2f400-00000002-server",
        "019B77A2F400-00000002-server",
        "+19b77a2f400-00000002-server",
        "0019b77a2f400-00000002-server",
        "019b77a2f400-00000002-Server",
        "019b77a2f400-00000002-00000000000000000000000000000005",
    ] {
        assert!(bad.parse::<Stamp>().is_err(), "{bad}");
    }
}

#[test]
fn a_full_counter_is_carried_over() {
    let full: Stamp = "000000000fff-ffffffff-server".parse().unwrap();
    assert_eq!(full.tick(at(5)).to_string(), "000000001000-00000000-server");
    let last: Stamp = "ffffffffffff-ffffffff-server".parse().unwrap();
    assert_eq!(
        last.tick(at(5)).to_string(),
        "ffffffffffff-00000000-server",
        "no panic and no wrap to the beginning"
    );
}

#[test]
fn a_clock_that_is_a_year_ahead_or_was_never_set_is_overtaken() {
    let wrong = Stamp::at(at(NOON.as_millis() + YEAR_MS), terminal(1));
    let taken = wrong.taken_in(NOON, 7);
    assert!(taken < wrong);
    let seen = Stamp::zero(Node::Server).observe(taken, NOON);
    assert!(seen.tick(NOON) > taken, "who saw it goes after it at once");
    let later = at(NOON.as_millis() + i64::try_from(MAX_AHEAD_MS).unwrap() + 1);
    assert!(Stamp::zero(terminal(2)).tick(later) > taken, "and who did not, after the bound");
    // A till that begins in 1970 still goes after what it saw.
    let unset = Stamp::zero(terminal(3)).observe(Stamp::at(NOON, Node::Server), NOON).tick(at(0));
    assert!(unset > Stamp::at(NOON, Node::Server));
}

fn edited(payload: serde_json::Value) -> Event {
    serde_json::from_value(json!({
        "tenant_id": "00000000-0000-0000-0000-000000000001", "outlet_id": "00000000-0000-0000-0000-000000000004",
        "terminal_id": TerminalId::from_bytes(id(5)), "epoch": 1, "seq": 1, "kind": "item.edited", "version": 1,
        "occurred_at": NOON, "business_date": date("2026-01-01"), "staff_id": null, "payload": payload,
    }))
    .unwrap()
}

/// `item.edited` as it was before stamps.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct ItemEditedOfOld {
    item_id: ItemId,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    available: Option<bool>,
    #[serde(default)]
    unit_price: Option<shared::UnitPrice>,
}

#[test]
fn an_edit_of_an_older_terminal_goes_by_the_time_on_its_event() {
    let event = edited(json!({ "item_id": ItemId::from_bytes(id(300)), "name": "Teh", "available": null,
        "unit_price": null }));
    let Some(Fact::ItemEdited(edit)) = Fact::of(&event).unwrap() else { panic!("{event:?}") };
    assert_eq!((edit.stamp, edit.category_id), (None, None));
    assert_eq!(stamp_of(&event, edit.stamp), Stamp::at(NOON, terminal(5)));
    assert_eq!(serde_json::to_value(&edit).unwrap(), event.payload, "written again it is as it came");
}

#[test]
fn an_edit_with_a_stamp_is_read_by_an_older_server() {
    let stamp = Stamp::at(NOON, terminal(5)).tick(NOON);
    let edit = ItemEdited {
        name: Some("Teh".into()),
        category_id: Some(None),
        stamp: Some(stamp),
        ..ItemEdited::of(ItemId::from_bytes(id(300)))
    };
    let payload = serde_json::to_value(&edit).unwrap();
    let expected = json!({ "item_id": ItemId::from_bytes(id(300)), "name": "Teh", "available": null, "unit_price": null,
        "category_id": null, "stamp": stamp.to_string() });
    assert_eq!(payload, expected);
    assert_eq!(serde_json::from_value::<ItemEdited>(payload.clone()).unwrap(), edit);
    let old: ItemEditedOfOld = serde_json::from_value(payload.clone()).unwrap();
    let item_id = ItemId::from_bytes(id(300));
    assert_eq!(old, ItemEditedOfOld { item_id, name: Some("Teh".into()), available: None, unit_price: None });
    // Nobody stamps for another.
    let forged = edited(payload);
    assert_eq!(stamp_of(&forged, Some(stamp.by(Node::Server))), stamp);
}

#[test]
fn a_page_says_what_an_older_terminal_does_not_ask_for() {
    let page = json!({ "protocol": 1, "cursor": "a.1.0", "more": false, "reset": false, "remaining": 0, "rows": [],
        "server_time": NOON });
    let read: PullResponse = serde_json::from_value(page.clone()).unwrap();
    assert_eq!((read.stamp, &read.worked), (None, &None));
    assert_eq!(serde_json::to_value(&read).unwrap(), page);
    let mut newer = page;
    newer["stamp"] = json!(Stamp::at(NOON, Node::Server).to_string());
    newer["worked"] = json!([{ "epoch": 2, "seq": 7 }]);
    let read: PullResponse = serde_json::from_value(newer.clone()).unwrap();
    assert_eq!(read.worked, Some(vec![Worked { epoch: 2, seq: 7 }]));
    assert_eq!(serde_json::to_value(&read).unwrap(), newer);
}
