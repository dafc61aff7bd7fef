//! Every fact goes into an event and comes out the same; what is unknown is kept.

use serde_json::json;
use shared::drawer::{CashMovement, CashMovementKind, Count, DrawerSession};
use shared::ids::{
    ApprovalId, CardPaymentId, CashMovementId, CategoryId, ItemId, LineId, OrderId, OutletId, RefundId,
    StaffId, StaffSessionId, StockMovementId, TenantId, TerminalId,
};
use shared::journal::payload::{
    ApprovalGranted, CardPaymentGivenBack, CardPaymentKind, CardPaymentRefunded, CardPaymentSettledByHand,
    CardPaymentUnsold, CategoryEdited, DamagedEvent, DrawerKicked, ItemEdited, JournalRestarted,
    ReceiptReprinted, RestartReason, StaffSigned, StockMoved, StockMovementLine, StockReason,
};
use shared::journal::{Event, Fact, canonical_bytes};
use shared::money::Quantity;
use shared::order::{TenderKind, VoidedOrder};
use shared::refund::{AlreadyRefunded, Refund, refund_lines};
use shared::staff::{Permission, Role};

use crate::made::{NOON, currency, date, devices, drawer_opened, drawer_report, id, idr, order};

fn event<P>(kind: &str, version: u16, payload: P) -> Event<P> {
    Event {
        tenant_id: TenantId::from_bytes(id(1)),
        outlet_id: OutletId::from_bytes(id(4)),
        terminal_id: TerminalId::from_bytes(id(5)),
        epoch: 1,
        seq: 1,
        kind: kind.into(),
        version,
        occurred_at: NOON,
        business_date: date("2026-01-01"),
        staff_id: Some(StaffId::from_bytes(id(7))),
        payload,
    }
}

fn refund() -> Refund {
    let sale = order(&[(35_000, 2_000), (46_000, 3_000)], None);
    let chosen = [(LineId::from_bytes(id(100)), Quantity::ONE, true)];
    let lines = refund_lines(&sale, &chosen, |_| AlreadyRefunded::default()).unwrap();
    Refund {
        refund_id: RefundId::from_bytes(id(20)),
        order_id: Some(sale.order_id),
        order_receipt_number: Some(sale.receipt_number),
        receipt_number: "KOTA-T1-000002".into(),
        outlet_id: sale.outlet_id,
        terminal_id: sale.terminal_id,
        drawer_session_id: sale.drawer_session_id,
        staff_id: sale.staff_id,
        staff_name: sale.staff_name,
        occurred_at: NOON,
        business_date: sale.business_date,
        currency: currency("IDR"),
        digits: 0,
        total: lines[0].amount,
        tax_total: lines[0].tax,
        cash_rounding: idr(-10),
        amount: lines[0].amount.sub(idr(10)).unwrap(),
        lines,
        tender: TenderKind::Cash,
        reason: "cold".into(),
        approval_id: None,
    }
}

/// One of every kind of fact.
fn facts() -> Vec<Fact> {
    let (staff, approval) = (StaffId::from_bytes(id(7)), ApprovalId::from_bytes(id(30)));
    let sale = order(&[(35_000, 2_000), (46_000, 3_000)], None);
    let count = Count {
        staff_id: staff,
        staff_name: "Kasir 1".into(),
        closed_at: NOON,
        business_date: date("2026-01-01"),
        counted_cash: idr(722_000),
        denominations: vec![(100_000, 7), (500, 44)],
        note: Some("one coin is missing".into()),
    };
    let closed = DrawerSession::Open(drawer_opened()).close(4, drawer_report(), count).unwrap();
    let DrawerSession::Closed(closed) = closed else { panic!("still open") };
    let signed = StaffSigned { staff_session_id: StaffSessionId::from_bytes(id(31)), staff_id: staff };
    let stock_line = StockMovementLine {
        item_id: ItemId::from_bytes(id(300)),
        variant_id: None,
        sku: "SKU-0".into(),
        quantity: Quantity::from_thousandths(-1_500),
    };
    vec![
        Fact::OrderVoided(Box::new(VoidedOrder {
            cart_id: sale.cart_id,
            staff_id: staff,
            occurred_at: NOON,
            reason: "guest left".into(),
            total: sale.total,
            approval_id: Some(approval),
        })),
        Fact::OrderCompleted(Box::new(sale)),
        Fact::RefundCompleted(Box::new(refund())),
        Fact::DrawerOpened(Box::new(drawer_opened())),
        Fact::DrawerClosed(closed),
        Fact::CashMoved(Box::new(CashMovement {
            cash_movement_id: CashMovementId::from_bytes(id(32)),
            drawer_session_id: drawer_opened().drawer_session_id,
            kind: CashMovementKind::PaidOut,
            amount: idr(20_000),
            reason: "ice".into(),
            staff_id: staff,
            occurred_at: NOON,
            approval_id: Some(approval),
        })),
        Fact::StockMoved(Box::new(StockMoved {
            stock_movement_id: StockMovementId::from_bytes(id(33)),
            reason: StockReason::Wasted,
            note: "broken".into(),
            lines: vec![stock_line],
            approval_id: None,
        })),
        Fact::ItemEdited(Box::new(ItemEdited {
            available: Some(false),
            unit_price: Some("36000".parse().unwrap()),
            ..ItemEdited::of(ItemId::from_bytes(id(300)))
        })),
        Fact::CategoryEdited(Box::new(CategoryEdited {
            category_id: CategoryId::from_bytes(id(400)),
            name: Some("Minuman".into()),
            position: None,
            color: None,
            stamp: Some("019b77a2f400-00000002-00000000-0000-0000-0000-000000000005".parse().unwrap()),
        })),
        Fact::StaffSignedIn(Box::new(signed.clone())),
        Fact::StaffSignedOut(Box::new(signed)),
        Fact::ApprovalGranted(Box::new(ApprovalGranted {
            approval_id: approval,
            permission: Permission::CashMovement,
            granted_by: StaffId::from_bytes(id(8)),
            role: Role::Manager,
            asked_by: staff,
        })),
        Fact::ReceiptReprinted(Box::new(ReceiptReprinted {
            order_id: None,
            refund_id: Some(RefundId::from_bytes(id(20))),
        })),
        Fact::DrawerKicked(Box::new(DrawerKicked { reason: "change".into(), approval_id: None })),
        Fact::JournalRestarted(Box::new(JournalRestarted {
            reason: RestartReason::Damaged,
            from_epoch: 1,
            from_seq: 41,
            carried: 2,
            damaged: vec![DamagedEvent { seq: 42, left: "{".into() }],
            receipts_from: Some(2_001),
        })),
        Fact::DeviceReported(Box::new(devices())),
        Fact::CardPaymentGivenBack(Box::new(CardPaymentGivenBack {
            card_payment_id: CardPaymentId::from_bytes(id(40)),
            refund_card_payment_id: CardPaymentId::from_bytes(id(41)),
            amount: idr(38_500),
            reader: "Kartu".into(),
            approval_id: Some(approval),
        })),
        Fact::CardPaymentUnsold(Box::new(CardPaymentUnsold {
            card_payment_id: CardPaymentId::from_bytes(id(43)),
            amount: idr(20_790),
            reader: "Kartu".into(),
        })),
        Fact::CardPaymentRefunded(Box::new(CardPaymentRefunded {
            card_payment_id: CardPaymentId::from_bytes(id(41)),
            reverses: Some(CardPaymentId::from_bytes(id(40))),
            refund_id: None,
            amount: idr(38_500),
            approved: Some(idr(38_500)),
        })),
        Fact::CardPaymentSettledByHand(Box::new(CardPaymentSettledByHand {
            card_payment_id: CardPaymentId::from_bytes(id(42)),
            kind: CardPaymentKind::Refund,
            amount: idr(12_000),
            money_moved: true,
            reason: "the slip of the reader".into(),
            reader: "Kartu".into(),
            approval_id: Some(approval),
            order_id: Some(OrderId::from_bytes(id(6))),
            refund_id: Some(RefundId::from_bytes(id(20))),
            reverses: None,
        })),
    ]
}

#[test]
fn every_fact_comes_back_as_it_went_in() {
    for fact in facts() {
        let event = event(fact.kind(), Fact::VERSION, fact.to_payload().unwrap());
        let text = serde_json::to_string(&event).unwrap();
        let read: Event = serde_json::from_str(&text).unwrap();
        assert_eq!(read, event);
        assert_eq!(Fact::of(&read).unwrap(), Some(fact));
    }
}

#[test]
fn a_fact_has_the_same_canonical_bytes_as_its_payload() {
    for fact in facts() {
        let written = canonical_bytes(&event(fact.kind(), Fact::VERSION, &fact)).unwrap();
        let read = event(fact.kind(), Fact::VERSION, fact.to_payload().unwrap());
        assert_eq!(written, serde_json_canonicalizer::to_vec(&read).unwrap(), "{}", fact.kind());
    }
}

#[test]
fn the_form_of_every_payload_is_as_released() {
    for fact in facts() {
        insta::assert_json_snapshot!(fact.kind(), fact.to_payload().unwrap());
    }
}

#[test]
fn no_payload_holds_a_float() {
    fn check(value: &serde_json::Value, kind: &str) {
        match value {
            serde_json::Value::Number(number) => assert!(!number.is_f64(), "{kind}: {number}"),
            serde_json::Value::Array(values) => values.iter().for_each(|value| check(value, kind)),
            serde_json::Value::Object(fields) => fields.values().for_each(|value| check(value, kind)),
            _ => {}
        }
    }
    for fact in facts() {
        check(&fact.to_payload().unwrap(), fact.kind());
    }
}

#[test]
fn unknown_kinds_and_newer_versions_are_kept_and_not_read() {
    let payload = json!({"anything": [1, {"new": "field"}]});
    for event in
        [event("gift_card.sold", 1, payload.clone()), event("order.completed", Fact::VERSION + 1, payload)]
    {
        assert_eq!(Fact::of(&event).unwrap(), None);
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
    }
}

#[test]
fn a_known_kind_that_cannot_be_read_is_named() {
    let error = Fact::of(&event("order.completed", 1, json!({"order_id": 5}))).unwrap_err();
    assert_eq!((error.kind.as_str(), error.version), ("order.completed", 1));
    assert_eq!(error.to_string(), "the payload of `order.completed` version 1 could not be read");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_field_of_a_newer_build_does_not_hide_a_fact() {
    for fact in facts() {
        let mut payload = fact.to_payload().unwrap();
        payload["field_of_next_year"] = json!({"a": 1});
        assert_eq!(Fact::of(&event(fact.kind(), 1, payload)).unwrap(), Some(fact));
    }
}
