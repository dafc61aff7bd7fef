//! What the card reader was asked to take and to give back: written down before the reader is told anything, so that no crash
//! forgets money that may have moved.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use shared::ids::{CardPaymentId, CartId, CounterDeviceId, OrderId, RefundId, StaffId};
pub use shared::journal::payload::CardPaymentKind;
use shared::order::CardApproval;
use shared::{Money, Timestamp};

use super::row::{all, first, money, parsed, parsed_option, run, to_json, to_word, word};
use super::{StoreError, Tx};

/// How a payment at the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardPaymentState {
    /// The reader was not told yet.
    Asked,
    /// The reader was told: money may have moved.
    Told,
    /// Money moved.
    Approved,
    /// No money moved.
    Refused,
    /// Nobody here knows.
    Unknown,
}

/// A payment or refund at the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardPayment {
    /// Its name at reader and provider.
    pub card_payment_id: CardPaymentId,
    /// The reader.
    pub counter_device_id: CounterDeviceId,
    /// What people here called the reader.
    pub reader_name: String,
    /// Which way the money goes.
    pub kind: CardPaymentKind,
    /// A payment: what it was taken for.
    pub cart_id: Option<CartId>,
    /// A payment: the sale it is counted in; a refund: the order given back.
    pub order_id: Option<OrderId>,
    /// A refund: of goods.
    pub refund_id: Option<RefundId>,
    /// A refund: of a payment that became no sale.
    pub reverses: Option<CardPaymentId>,
    /// A refund: what the provider calls the payment.
    pub of_reference: Option<String>,
    /// What was asked for.
    pub amount: Money,
    /// Decimals of its minor units.
    pub digits: u8,
    /// How it stands.
    pub state: CardPaymentState,
    /// Whether nothing is left to do.
    pub done: bool,
    /// Refused: the closed word.
    pub why: Option<String>,
    /// What the reader must be reminded of when it is asked again.
    pub memory: Option<String>,
    /// What was approved.
    pub approved: Option<Money>,
    /// What the reader said with it.
    pub approval: Option<CardApproval>,
    /// When it was asked for.
    pub started_at: Timestamp,
    /// Who asked for it.
    pub staff_id: StaffId,
    /// Their name.
    pub staff_name: String,
}

const COLUMNS: &str = "card_payment_id, counter_device_id, reader_name, kind, cart_id, order_id, refund_id, reverses, \
     of_reference, currency, amount, digits, state, done, why, memory, approved, approval, started_at, staff_id, staff_name";

fn read(row: &Row<'_>) -> rusqlite::Result<CardPayment> {
    let currency = parsed(row, 9)?;
    let approval: Option<String> = row.get(17)?;
    let approval = approval.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(17, rusqlite::types::Type::Text, Box::new(error))
    })?;
    let approved: Option<i64> = row.get(16)?;
    Ok(CardPayment {
        card_payment_id: parsed(row, 0)?,
        counter_device_id: parsed(row, 1)?,
        reader_name: row.get(2)?,
        kind: word(row, 3)?,
        cart_id: parsed_option(row, 4)?,
        order_id: parsed_option(row, 5)?,
        refund_id: parsed_option(row, 6)?,
        reverses: parsed_option(row, 7)?,
        of_reference: row.get(8)?,
        amount: money(row, 10, currency)?,
        digits: row.get(11)?,
        state: word(row, 12)?,
        done: row.get(13)?,
        why: row.get(14)?,
        memory: row.get(15)?,
        approved: approved.map(|minor| Money::new(minor, currency)),
        approval,
        started_at: Timestamp::from_millis(row.get(18)?),
        staff_id: parsed(row, 19)?,
        staff_name: row.get(20)?,
    })
}

/// Writes down what the reader is to be asked; it is durable before the reader is told.
///
/// # Errors
/// When the store cannot be written.
pub fn insert(tx: &Tx<'_>, new: &CardPayment) -> Result<(), StoreError> {
    let sql = "INSERT INTO card_payments (card_payment_id, counter_device_id, reader_name, kind, cart_id, order_id, \
               refund_id, reverses, of_reference, currency, amount, digits, state, done, started_at, staff_id, staff_name, \
               why, memory, approved, approval) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)";
    run(
        tx,
        "write a card payment",
        sql,
        params![
            new.card_payment_id.to_string(),
            new.counter_device_id.to_string(),
            new.reader_name,
            to_word(&new.kind)?,
            new.cart_id.map(|id| id.to_string()),
            new.order_id.map(|id| id.to_string()),
            new.refund_id.map(|id| id.to_string()),
            new.reverses.map(|id| id.to_string()),
            new.of_reference,
            new.amount.currency().as_str(),
            new.amount.minor(),
            new.digits,
            to_word(&new.state)?,
            new.done,
            new.started_at.as_millis(),
            new.staff_id.to_string(),
            new.staff_name,
            new.why,
            new.memory,
            new.approved.map(Money::minor),
            new.approval.as_ref().map(to_json).transpose()?,
        ],
    )
    .map(|_| ())
}

/// A payment.
///
/// # Errors
/// When the store cannot be read.
pub fn get(db: &Connection, id: CardPaymentId) -> Result<Option<CardPayment>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM card_payments WHERE card_payment_id = ?1");
    first(db, "read a card payment", &sql, [id.to_string()], read)
}

/// All that still needs somebody, newest first.
///
/// # Errors
/// When the store cannot be read.
pub fn open(db: &Connection) -> Result<Vec<CardPayment>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM card_payments WHERE done = 0 ORDER BY payment_no DESC LIMIT 100");
    all(db, "read the open card payments", &sql, [], read)
}

/// Open payments of a cart, oldest first.
///
/// # Errors
/// When the store cannot be read.
pub fn open_of_cart(db: &Connection, cart_id: CartId) -> Result<Vec<CardPayment>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM card_payments WHERE cart_id = ?1 AND done = 0 ORDER BY payment_no LIMIT 100"
    );
    all(db, "read the card payments of a cart", &sql, [cart_id.to_string()], read)
}

/// What gives a refund back at the reader: the newest, when it was tried more than once.
///
/// # Errors
/// When the store cannot be read.
pub fn of_refund(db: &Connection, id: RefundId) -> Result<Option<CardPaymentId>, StoreError> {
    let sql =
        "SELECT card_payment_id FROM card_payments WHERE refund_id = ?1 ORDER BY payment_no DESC LIMIT 1";
    first(db, "read the card payment of a refund", sql, [id.to_string()], |row| parsed(row, 0))
}

/// What the reader is to be asked next, or was told of before this process began: the oldest that stands so.
///
/// # Errors
/// When the store cannot be read.
pub fn oldest(
    db: &Connection,
    reader: CounterDeviceId,
    state: CardPaymentState,
) -> Result<Option<CardPayment>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM card_payments WHERE done = 0 AND counter_device_id = ?1 AND state = ?2 \
         ORDER BY payment_no LIMIT 1"
    );
    let params = [reader.to_string(), to_word(&state)?];
    first(db, "read the next card payment", &sql, params, read)
}

/// Whether a reader is at something, or about to be.
///
/// # Errors
/// When the store cannot be read.
pub fn is_going(db: &Connection, reader: CounterDeviceId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM card_payments WHERE done = 0 AND counter_device_id = ?1 \
               AND state IN ('asked', 'told') LIMIT 1";
    first(db, "look for a card payment", sql, [reader.to_string()], |_| Ok(())).map(|found| found.is_some())
}

/// Those of which a reader has not said how they ended, begun within these times; oldest first.
///
/// # Errors
/// When the store cannot be read.
pub fn unknown(
    db: &Connection,
    reader: CounterDeviceId,
    begun: std::ops::RangeInclusive<Timestamp>,
) -> Result<Vec<CardPayment>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM card_payments WHERE done = 0 AND counter_device_id = ?1 AND state = 'unknown' \
         AND started_at BETWEEN ?2 AND ?3 ORDER BY payment_no LIMIT 20"
    );
    let params = params![reader.to_string(), begun.start().as_millis(), begun.end().as_millis()];
    all(db, "read the unknown card payments", &sql, params, read)
}

/// Whether the reader was told of nothing else after this.
///
/// # Errors
/// When the store cannot be read.
pub fn is_last(db: &Connection, payment: &CardPayment) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM card_payments WHERE counter_device_id = ?1 AND state <> 'asked' AND payment_no > \
               (SELECT payment_no FROM card_payments WHERE card_payment_id = ?2) LIMIT 1";
    let params = [payment.counter_device_id.to_string(), payment.card_payment_id.to_string()];
    first(db, "look for later card payments", sql, params, |_| Ok(())).map(|later| later.is_none())
}

/// What was given back, or is about to be, of the payment that its provider calls so; in minor units.
///
/// # Errors
/// When the store cannot be read.
pub fn given_back(db: &Connection, reference: &str) -> Result<i64, StoreError> {
    let sql = "SELECT COALESCE(SUM(COALESCE(approved, amount)), 0) FROM card_payments \
               WHERE kind = 'refund' AND of_reference = ?1 AND state <> 'refused'";
    first(db, "sum up what was given back", sql, [reference], |row| row.get(0)).map(Option::unwrap_or_default)
}

/// Whether a reader still has to say how something ended.
///
/// # Errors
/// When the store cannot be read.
pub fn is_open_at(db: &Connection, reader: CounterDeviceId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM card_payments WHERE done = 0 AND counter_device_id = ?1 \
               AND state IN ('asked', 'told', 'unknown') LIMIT 1";
    first(db, "look for an open card payment", sql, [reader.to_string()], |_| Ok(()))
        .map(|found| found.is_some())
}

/// How much at a reader has needed somebody since before `before`.
///
/// # Errors
/// When the store cannot be read.
pub fn count_open_at(db: &Connection, reader: CounterDeviceId, before: Timestamp) -> Result<u32, StoreError> {
    let sql =
        "SELECT COUNT(*) FROM card_payments WHERE done = 0 AND counter_device_id = ?1 AND started_at < ?2";
    let params = params![reader.to_string(), before.as_millis()];
    first(db, "count the open card payments", sql, params, |row| row.get(0)).map(Option::unwrap_or_default)
}

/// Notes that the reader is told now; false when somebody was faster.
///
/// # Errors
/// When the store cannot be written.
pub fn tell(tx: &Tx<'_>, id: CardPaymentId) -> Result<bool, StoreError> {
    let sql = "UPDATE card_payments SET state = 'told' WHERE card_payment_id = ?1 AND state = 'asked'";
    run(tx, "note that the card reader is told", sql, [id.to_string()]).map(|touched| touched > 0)
}

/// Lets an unknown one be asked after again.
///
/// # Errors
/// When the store cannot be written.
pub fn ask_again(tx: &Tx<'_>, id: CardPaymentId) -> Result<bool, StoreError> {
    let sql = "UPDATE card_payments SET state = 'told' WHERE card_payment_id = ?1 AND state = 'unknown'";
    run(tx, "ask after a card payment", sql, [id.to_string()]).map(|touched| touched > 0)
}

/// Keeps what the reader must be reminded of.
///
/// # Errors
/// When the store cannot be written.
pub fn remember(tx: &Tx<'_>, id: CardPaymentId, memory: &str) -> Result<(), StoreError> {
    let sql = "UPDATE card_payments SET memory = ?2 WHERE card_payment_id = ?1";
    run(tx, "remember a card payment", sql, [id.to_string(), memory.to_owned()]).map(|_| ())
}

/// How a payment came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// Money moved.
    Approved(Money, Box<CardApproval>),
    /// No money moved, for the closed word.
    Refused(&'static str),
    /// Nobody knows.
    Unknown,
}

/// Who said how it came out, when the reader could not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidBy<'a> {
    /// The person who answers for it.
    pub staff_id: StaffId,
    /// Why they know.
    pub reason: &'a str,
}

/// Writes how it came out; false when it is settled already.
///
/// # Errors
/// When the store cannot be written.
pub fn settle(
    tx: &Tx<'_>,
    payment: &CardPayment,
    came: &Came,
    detail: &str,
    said_by: Option<SaidBy<'_>>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    use CardPaymentKind as Kind;
    let (state, why, approved, approval, done) = match came {
        Came::Approved(approved, approval) => {
            let approval = to_json(approval)?;
            // What was taken still has to be counted in a sale.
            (
                CardPaymentState::Approved,
                None,
                Some(approved.minor()),
                Some(approval),
                payment.kind == Kind::Refund,
            )
        }
        // What was not given back still has to be.
        Came::Refused(why) => {
            (CardPaymentState::Refused, Some(*why), None, None, payment.kind == Kind::Payment)
        }
        Came::Unknown => (CardPaymentState::Unknown, None, None, None, false),
    };
    // The reader's own yes stands over the no of a person who could not know it.
    let sql = "UPDATE card_payments SET state = ?2, why = ?3, detail = ?4, approved = ?5, approval = ?6, done = ?7, \
               settled_at = ?8, settled_by = ?9, settled_reason = ?10 \
               WHERE card_payment_id = ?1 AND (state IN ('asked', 'told', 'unknown') \
               OR state = 'refused' AND (?2 = 'approved' AND (why = 'by_hand' OR ?9 IS NOT NULL)))";
    run(
        tx,
        "write how a card payment came out",
        sql,
        params![
            payment.card_payment_id.to_string(),
            to_word(&state)?,
            why,
            detail,
            approved,
            approval,
            done,
            now.as_millis(),
            said_by.as_ref().map(|said| said.staff_id.to_string()),
            said_by.as_ref().map(|said| said.reason),
        ],
    )
    .map(|touched| touched > 0)
}

/// Counts a payment in a sale; false when it is counted or given back already.
///
/// # Errors
/// When the store cannot be written.
pub fn book(tx: &Tx<'_>, id: CardPaymentId, order_id: OrderId) -> Result<bool, StoreError> {
    let sql = "UPDATE card_payments SET done = 1, order_id = ?2 \
               WHERE card_payment_id = ?1 AND state = 'approved' AND done = 0";
    run(tx, "count a card payment", sql, [id.to_string(), order_id.to_string()]).map(|touched| touched > 0)
}

/// Leaves it to another row: the refund of a payment, or the next try of a refund. False when that was done before.
///
/// # Errors
/// When the store cannot be written.
pub fn leave_to(tx: &Tx<'_>, id: CardPaymentId, other: CardPaymentId) -> Result<bool, StoreError> {
    let sql = "UPDATE card_payments SET done = 1, replaced_by = ?2 WHERE card_payment_id = ?1 AND done = 0 \
               AND state IN ('approved', 'refused')";
    run(tx, "go on with a card payment", sql, [id.to_string(), other.to_string()]).map(|touched| touched > 0)
}

/// What a process that ended had not told the reader of yet is over: its customer has gone. A refund waits on.
///
/// # Errors
/// When the store cannot be written.
pub fn drop_untold(tx: &Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let sql = "UPDATE card_payments SET state = 'refused', why = 'cancelled', done = 1, settled_at = ?1 \
               WHERE done = 0 AND state = 'asked' AND kind = 'payment'";
    run(tx, "drop card payments that were not begun", sql, [now.as_millis()])
}

/// Forgets refused payments from before a moment.
///
/// # Errors
/// When the store cannot be written.
pub fn prune(tx: &Tx<'_>, before: Timestamp) -> Result<usize, StoreError> {
    let sql = "DELETE FROM card_payments WHERE done = 1 AND state = 'refused' AND started_at < ?1";
    run(tx, "forget refused card payments", sql, [before.as_millis()])
}
