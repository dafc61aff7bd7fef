//! Events that nobody can apply, written into a terminal's journal as a faulty or newer build would: chained and signed.

use std::path::Path;

use anyhow::{Context as _, Result};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use shared::journal::{Event, GENESIS_HASH, Hash, SigningKey, canonical_bytes, chain};
use shared::{BusinessDate, Timestamp};

use super::plan::Fault;
use crate::invariants::read;

/// Writes a poison event at the end of the journal in a folder; its word `mark` stands in the payload. False when there is
/// no sale yet that could be falsified.
///
/// # Errors
/// When the store cannot be written.
pub fn write(folder: &Path, fault: Fault, mark: &str, now: Timestamp) -> Result<bool> {
    let db = Connection::open(folder.join(read::TERMINAL_FILE))?;
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    let identity: String =
        db.query_row("SELECT value FROM meta WHERE key = 'identity'", [], |row| row.get(0))?;
    let identity: Value = serde_json::from_str(&identity)?;
    let epoch = u32::try_from(identity["epoch"].as_u64().context("no epoch")?)?;
    let (kind, version, payload) = match fault {
        Fault::PoisonKind => ("moon.phase", 1, json!({ "mark": mark, "phase": "waning" })),
        Fault::PoisonPayload => ("order.completed", 1, json!({ "mark": mark, "total": "many" })),
        Fault::PoisonVersion => ("order.completed", 99, json!({ "mark": mark, "sum": [1, 2] })),
        _ => match falsified(&db, mark)? {
            Some(payload) => ("order.completed", 1, payload),
            None => return Ok(false),
        },
    };
    let key = {
        let text = std::fs::read_to_string(folder.join("device.key"))?;
        let mut bytes = [0_u8; 32];
        hex::decode_to_slice(text.trim(), &mut bytes)?;
        SigningKey::from_bytes(&bytes)
    };
    let last = db.query_row(
        "SELECT seq, hash FROM journal WHERE epoch = ?1 ORDER BY journal_key DESC LIMIT 1",
        [epoch],
        |row| Ok((row.get::<_, i64>(0)?, Hash::from_bytes(row.get(1)?))),
    );
    let (last, prev_hash) = match last {
        Err(rusqlite::Error::QueryReturnedNoRows) => (0, GENESIS_HASH),
        other => other?,
    };
    let event = Event {
        tenant_id: serde_json::from_value(identity["tenant_id"].clone())?,
        outlet_id: serde_json::from_value(identity["outlet_id"].clone())?,
        terminal_id: serde_json::from_value(identity["terminal_id"].clone())?,
        epoch,
        seq: u64::try_from(last)? + 1,
        kind: kind.to_owned(),
        version,
        occurred_at: now,
        business_date: BusinessDate::of(now, "Europe/London", 0),
        staff_id: None,
        payload,
    };
    let raw = canonical_bytes(&event)?;
    let chained = chain(event, prev_hash, &key)?;
    let signature = hex::decode(chained.signature.to_string())?;
    let place = (i64::from(epoch) << 40) | (last + 1);
    db.execute(
        "INSERT INTO journal (journal_key, kind, subject, occurred_at, prev_hash, hash, signature, event) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            place,
            kind,
            mark,
            now.as_millis(),
            prev_hash.as_bytes(),
            chained.hash.as_bytes(),
            signature,
            raw
        ],
    )?;
    Ok(true)
}

/// The last sale once more under another id, over one minor unit more than its lines come to.
fn falsified(db: &Connection, mark: &str) -> Result<Option<Value>> {
    let sql = "SELECT event FROM journal WHERE kind = 'order.completed' AND event LIKE '%total%' \
               ORDER BY journal_key DESC LIMIT 1";
    let raw: Vec<u8> = match db.query_row(sql, [], |row| row.get(0)) {
        Err(rusqlite::Error::QueryReturnedNoRows) => return Ok(None),
        other => other?,
    };
    let event: Event = serde_json::from_slice(&raw)?;
    let mut order: shared::order::Order = match serde_json::from_value(event.payload) {
        Ok(order) => order,
        Err(_) => return Ok(None),
    };
    let hash = Hash::of(mark.as_bytes());
    let mut id = [0_u8; 16];
    id.copy_from_slice(&hash.as_bytes()[..16]);
    order.order_id = shared::ids::OrderId::from_bytes(id);
    order.note = Some(mark.to_owned());
    let one = shared::Money::new(1, order.currency);
    order.total = order.total.add(one)?;
    if let Some(tender) = order.tenders.first_mut() {
        tender.amount = tender.amount.add(one)?;
        tender.given = tender.given.add(one)?;
    }
    Ok(Some(serde_json::to_value(order)?))
}
