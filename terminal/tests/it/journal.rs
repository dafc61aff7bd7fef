//! The journal: gapless, chained, signed, and carried over after a fork.

use shared::journal::{Fact, GENESIS_HASH, verify};
use terminal::journal;
use terminal::store::{StoreError, meta};

use crate::till::{Till, kopi};

#[test]
fn every_event_follows_the_one_before_and_is_signed() {
    let mut till = Till::selling();
    till.sell(kopi(), 2);
    till.sell(kopi(), 1);
    assert_eq!(till.kinds(), ["staff.signed_in", "drawer.opened", "order.completed", "order.completed"]);
    let events = journal::events_after(till.store.db(), 1, 0, 500, usize::MAX).unwrap();
    let (mut before, key) = (GENESIS_HASH, till.device.key.public_key());
    for (at, chained) in events.iter().enumerate() {
        assert_eq!(chained.event.seq, at as u64 + 1);
        verify(chained, &before, &key).unwrap();
        assert!(Fact::of(&chained.event).unwrap().is_some());
        before = chained.hash;
    }
    assert_eq!(journal::head(till.store.db(), 1).unwrap(), (4, before));
    till.check_chain();
}

#[test]
fn the_first_tampered_event_is_named() {
    let mut till = Till::selling();
    for _ in 0..4 {
        till.sell(kopi(), 1);
    }
    till.check_chain();
    let sql = "UPDATE journal SET event = CAST(replace(CAST(event AS TEXT), '18000', '17000') AS BLOB) WHERE journal_key = ?1";
    till.store.db().execute(sql, [journal::key_of(1, 4)]).unwrap();
    let key = till.device.key.public_key();
    assert_eq!(journal::first_bad(till.store.db(), 1, &key, 100).unwrap(), Some(4));
    till.store.db().execute("DELETE FROM journal WHERE journal_key = ?1", [journal::key_of(1, 3)]).unwrap();
    assert_eq!(journal::first_bad(till.store.db(), 1, &key, 100).unwrap(), Some(3));
}

#[test]
fn a_push_takes_consecutive_events_within_its_bounds_but_always_one() {
    let mut till = Till::selling();
    for _ in 0..5 {
        till.sell(kopi(), 1);
    }
    let db = till.store.db();
    let seqs = |after, events, bytes| -> Vec<u64> {
        let events = journal::events_after(db, 1, after, events, bytes).unwrap();
        events.iter().map(|chained| chained.event.seq).collect()
    };
    assert_eq!(seqs(0, 3, usize::MAX), [1, 2, 3]);
    assert_eq!(seqs(2, 500, 1), [3]);
    let (three, four) = (seqs(2, 500, 8_000), seqs(2, 500, 1_000_000));
    assert!(three.len() < four.len() && three.len() > 1, "{three:?} {four:?}");
    assert_eq!(four, [3, 4, 5, 6, 7]);
}

#[test]
fn what_waits_is_what_the_server_has_not_acknowledged() {
    let mut till = Till::selling();
    let first = till.clock_now();
    till.clock.forward(60_000);
    till.sell(kopi(), 1);
    assert_eq!(journal::waiting(till.store.db(), 1).unwrap(), (3, Some(first)));
    let hash = journal::hash_at(till.store.db(), 1, 2).unwrap();
    let now = till.clock_now();
    till.store.write(|tx| journal::set_acked(tx, 1, 2, hash, now)).unwrap();
    assert_eq!(journal::waiting(till.store.db(), 1).unwrap(), (1, Some(now)));
    till.store.write(|tx| journal::set_acked(tx, 1, 3, None, now)).unwrap();
    assert_eq!(journal::waiting(till.store.db(), 1).unwrap(), (0, None));
    // The server lost history: the high-water mark falls, and the events wait again.
    till.store.write(|tx| journal::set_acked(tx, 1, 0, None, now)).unwrap();
    assert_eq!(journal::waiting(till.store.db(), 1).unwrap(), (3, Some(first)));
}

#[test]
fn after_a_fork_the_tail_goes_on_under_a_new_epoch_and_receipts_stay() {
    let mut till = Till::selling();
    let first = till.sell(kopi(), 1);
    let second = till.sell(kopi(), 2);
    let device = till.device.clone();
    let carried = till.store.write(|tx| journal::rebase(tx, &device, 4, 2)).unwrap();
    assert_eq!(carried, 1);
    till.device.epoch = 2;
    assert_eq!(meta::identity(till.store.db()).unwrap().unwrap().epoch, 2);
    assert_eq!(till.kinds(), ["order.completed"]);
    let third = till.sell(kopi(), 3);
    till.check_chain();
    assert_eq!(journal::head(till.store.db(), 2).unwrap().0, 2);
    assert_eq!(journal::head(till.store.db(), 1).unwrap().0, 4, "the old branch stays as it is");
    for (receipt, number) in
        [(first, "KOTA-T3-000001"), (second, "KOTA-T3-000002"), (third, "KOTA-T3-000003")]
    {
        assert_eq!(receipt.order.receipt_number, number);
        let stored = terminal::store::orders::order(till.store.db(), receipt.order.order_id).unwrap();
        assert_eq!(stored, Some(receipt.order));
    }
    let lower = till.store.write(|tx| journal::rebase(tx, &device, 1, 1));
    assert!(matches!(lower, Err(StoreError::Contradiction { .. })));
}
