//! Signing in by PIN without a network; guessing is slowed down, also over restarts.

use shared::wire::FeedRow;
use terminal::staff::{self, FREE_TRIES, lock_ms};
use terminal::store::people;
use terminal::views::*;

use crate::till::*;

#[test]
fn the_list_shows_who_may_sign_in_here() {
    let mut till = Till::new();
    let elsewhere = serde_json::json!({ "staff_id": id!(StaffId, 7), "name": "Elsewhere", "role": "cashier", "pin_hash": "x",
        "active": true, "outlet_ids": [id!(OutletId, 9)] });
    let gone = serde_json::json!({ "staff_id": id!(StaffId, 8), "name": "Gone", "role": "cashier", "pin_hash": "x", "active": false });
    let rows = vec![row("staff", id!(StaffId, 7), 9, elsewhere), row("staff", id!(StaffId, 8), 9, gone)];
    till.store.write(|tx| terminal::catalogue::apply_page(tx, &page(rows, false, false))).unwrap();
    let list = till.read(staff::list).unwrap();
    let names: Vec<&str> = list.staff.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Ayu", "Budi"]);
    for id in [7, 8] {
        assert_eq!(till.sign_in(id!(StaffId, id), "1111").unwrap_err().code, Code::NotFound);
    }
}

#[test]
fn signing_in_and_out_is_journaled_and_the_cart_stays() {
    let mut till = Till::selling();
    till.add(kopi(), 1);
    till.run(staff::sign_out).unwrap();
    assert_eq!(till.try_add(adding(kopi())).unwrap_err().code, Code::NotSignedIn);
    till.sign_in(manager(), MANAGER_PIN).unwrap();
    till.sign_in(cashier(), CASHIER_PIN).unwrap();
    assert_eq!(till.cart().lines.len(), 1);
    assert_eq!(
        till.kinds(),
        [
            "staff.signed_in",
            "drawer.opened",
            "staff.signed_out",
            "staff.signed_in",
            "staff.signed_out",
            "staff.signed_in"
        ]
    );
    let mut till = till.restart();
    assert_eq!(till.run(staff::end_all_sessions).unwrap(), 1);
    assert_eq!(people::signed_in(till.store.db(), "window").unwrap(), None);
    assert_eq!(till.cart().lines.len(), 1);
}

#[test]
fn who_is_dismissed_is_out_at_once() {
    let mut till = Till::selling();
    let gone = FeedRow { entity: "staff".into(), id: cashier().to_string(), change_seq: 99, body: None };
    till.store.write(|tx| terminal::catalogue::apply_page(tx, &page(vec![gone], false, false))).unwrap();
    assert_eq!(till.try_add(adding(kopi())).unwrap_err().code, Code::NotSignedIn);
}

#[test]
fn five_wrong_pins_lock_with_growing_delays_over_restarts() {
    let mut till = Till::new();
    for _ in 1..FREE_TRIES {
        assert_eq!(till.sign_in(cashier(), "0000").unwrap_err().code, Code::PinWrong);
    }
    assert_eq!(till.sign_in(cashier(), "not a pin").unwrap_err().code, Code::PinLocked);
    let mut till = till.restart();
    let error = till.sign_in(cashier(), CASHIER_PIN).unwrap_err();
    assert_eq!(error.code, Code::PinLocked, "not even the right one is tried");
    assert_eq!(error.details.retry_at, Some(till.clock_now().plus_millis(30_000)));
    assert!(till.sign_in(manager(), MANAGER_PIN).is_ok(), "the others go on");
    till.clock.forward(30_000);
    let error = till.sign_in(cashier(), "0000").unwrap_err();
    assert_eq!(error.details.retry_at, Some(till.clock_now().plus_millis(60_000)));
    // Setting the clock back gives no new tries and locks nobody out for longer than the lock is.
    till.clock.forward(-1_000_000);
    let error = till.sign_in(cashier(), CASHIER_PIN).unwrap_err();
    assert_eq!(error.details.retry_at, Some(till.clock_now().plus_millis(60_000)));
    till.clock.forward(1_000_000 + 60_000);
    till.sign_in(cashier(), CASHIER_PIN).unwrap();
    assert_eq!(till.sign_in(cashier(), "0000").unwrap_err().code, Code::PinWrong, "a right one begins anew");
}

#[test]
fn locks_double_up_to_an_hour() {
    let locks: Vec<i64> = [0, 4, 5, 6, 7, 11, 12, 13, u32::MAX].into_iter().map(lock_ms).collect();
    assert_eq!(locks, [0, 0, 30_000, 60_000, 120_000, 1_920_000, 3_600_000, 3_600_000, 3_600_000]);
}

#[test]
fn wrong_pins_of_a_leave_count_too() {
    let mut till = Till::selling();
    let input = KickInput {
        reason: String::new(),
        approval: Some(ApprovalInput { staff_id: manager(), pin: "0000".into() }),
    };
    for n in 1..=FREE_TRIES {
        let error = till.run(|store, ctx| terminal::drawer::kick(store, ctx, input.clone())).unwrap_err();
        assert_eq!(error.code, if n < FREE_TRIES { Code::PinWrong } else { Code::PinLocked });
    }
    assert_eq!(till.sign_in(manager(), MANAGER_PIN).unwrap_err().code, Code::PinLocked);
}
