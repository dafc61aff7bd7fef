//! Making a catalogue file: the rows of the feed as of one moment, written where a terminal keeps them, and packed.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use serde::Deserialize as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use shared::Timestamp;
use shared::catalogue::{Category, Item, Picture, fold};
use shared::customer::Customer;
use shared::ids::{OutletId, TenantId};
use shared::journal::Hash;
use shared::outlet::Outlet;
use shared::pricing::PriceBook;
use shared::staff::Staff;
use shared::wire::feed::{CATALOGUE_FORM, CATALOGUE_STEPS, Sum, Sums};
use shared::wire::{FeedSum, Notice, SnapshotFile, entity};
use sqlx::Row as _;
use tokio::sync::mpsc;

use super::{BuildError, Ready};
use crate::app::AppState;
use crate::database::Tx;
use crate::sync::feed::digest_of;
use crate::sync::pull;

/// "KEDC": marks a file as a catalogue.
const APPLICATION_ID: i64 = 0x4B45_4443;
/// Rows read at once, pictures among them.
const PAGE: i64 = 500;
/// Pages that wait to be written.
const WAITING: usize = 2;
const ZSTD_LEVEL: i32 = 3;
const BUFFER: usize = 256 * 1024;

/// A row of the feed that is there.
struct Row {
    entity: String,
    id: String,
    change_seq: i64,
    digest: Sum,
    body: String,
}

/// Makes the catalogue of an outlet as of now.
///
/// # Errors
/// A failed statement, or a file that cannot be written; nothing is left behind then.
pub(super) async fn build(
    state: &AppState,
    folder: &Path,
    tenant: TenantId,
    outlet: OutletId,
) -> Result<Ready, BuildError> {
    let mut tx = state.db.read(tenant).await?;
    let (seq, _) = pull::newest(&mut tx, tenant).await?;
    let cursor = pull::cursor(&state.server_epoch, seq, 0);
    std::fs::create_dir_all(folder)?;
    let making = folder.join(format!("{outlet}-{seq}"));
    let (send, receive) = mpsc::channel(WAITING);
    let writing = tokio::task::spawn_blocking({
        let cursor = cursor.clone();
        move || write(receive, &making, &cursor)
    });
    let read = read(&mut tx, tenant, outlet, send).await;
    let written = writing.await.map_err(|_| BuildError::Stopped("its writer ended in a panic"))?;
    // Who reads stops when who writes has failed: that failure is the one to tell.
    let written = written?;
    read?;
    let Written { packed, bytes, plain_bytes, hash, sums } = written;
    if !sums.are(&super::sums_of_outlet(&mut tx, tenant, outlet).await?) {
        tracing::error!(%tenant, "the sums of the feed are not those of its rows");
    }
    // Named by what is in it: a till may go on with it at another server of the same database that made the same file.
    let id = format!("{seq}-{hash}");
    let path = folder.join(format!("{outlet}-{id}.zst"));
    std::fs::rename(&packed.0, &path)?;
    let rows = Vec::<FeedSum>::from(sums).iter().map(|sum| sum.rows).sum();
    Ok(Ready { file: SnapshotFile { id, cursor, rows, bytes, plain_bytes, hash }, path, seq })
}

/// Reads everything that terminals of the outlet hold.
async fn read(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: OutletId,
    send: mpsc::Sender<Vec<Row>>,
) -> Result<(), BuildError> {
    let sql = format!(
        "SELECT entity, row_id, change_seq, digest, body FROM feed_rows WHERE {} AND body IS NOT NULL \
         ORDER BY change_seq LIMIT {PAGE}",
        pull::SCOPE
    );
    let mut after = 0_i64;
    loop {
        let query = sqlx::query(sqlx::AssertSqlSafe(sql.as_str())).bind(tenant.to_string()).bind(after);
        let found = query.bind(outlet.to_string()).fetch_all(&mut **tx).await;
        let found = found.map_err(crate::database::DatabaseError::from)?;
        let mut page = Vec::with_capacity(found.len());
        for row in &found {
            page.push(read_row(row)?);
        }
        let Some(last) = page.last() else { return Ok(()) };
        after = last.change_seq;
        page.retain(|row| row.entity != entity::STAFF || pull::works_at(&row.body, outlet));
        if send.send(page).await.is_err() {
            return Err(BuildError::Stopped("its writer gave up"));
        }
    }
}

fn read_row(row: &sqlx::any::AnyRow) -> Result<Row, crate::database::DatabaseError> {
    Ok(Row {
        entity: row.try_get(0)?,
        id: row.try_get(1)?,
        change_seq: row.try_get(2)?,
        digest: digest_of(row.try_get(3)?)?,
        body: row.try_get(4)?,
    })
}

struct Written {
    packed: Gone,
    bytes: u64,
    plain_bytes: u64,
    hash: Hash,
    sums: Sums,
}

/// Removes a file when it goes.
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Writes and packs a file, with `making` as the beginning of its name as long as it is not done.
fn write(rows: mpsc::Receiver<Vec<Row>>, making: &Path, cursor: &str) -> Result<Written, BuildError> {
    let plain = Gone(making.with_extension("db"));
    let sums = write_tables(rows, &plain.0, cursor)?;
    let packed = Gone(making.with_extension("part"));
    let mut out = Hashing { inner: std::fs::File::create(&packed.0)?, hasher: Sha256::new(), bytes: 0 };
    let mut encoder = zstd::Encoder::new(&mut out, ZSTD_LEVEL)?;
    let mut file = std::fs::File::open(&plain.0)?;
    let (mut buffer, mut plain_bytes) = (vec![0; BUFFER], 0);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        plain_bytes += u64::try_from(count).unwrap_or(0);
        encoder.write_all(buffer.get(..count).unwrap_or_default())?;
    }
    encoder.finish()?;
    let digest: [u8; 32] = out.hasher.finalize().into();
    Ok(Written { bytes: out.bytes, packed, plain_bytes, hash: Hash::from_bytes(digest), sums })
}

/// A writer that hashes and counts what goes through it.
struct Hashing<W> {
    inner: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        self.bytes += u64::try_from(count).unwrap_or(0);
        Ok(count)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Writes the tables; the file is as small as it can be.
fn write_tables(mut rows: mpsc::Receiver<Vec<Row>>, path: &Path, cursor: &str) -> Result<Sums, BuildError> {
    let mut db = Connection::open(path)?;
    // A crash leaves a file that nobody knows: nothing has to be durable here.
    db.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000;")?;
    db.set_prepared_statement_cache_capacity(32);
    let tx = db.transaction()?;
    tx.execute_batch(&CATALOGUE_STEPS.concat())?;
    let mut sums = Sums::default();
    while let Some(page) = rows.blocking_recv() {
        for row in page {
            write_row(&tx, &row)?;
            sums.add(&row.entity, row.digest);
        }
    }
    for FeedSum { entity, rows, sum } in Vec::from(sums.clone()) {
        let values = params![entity, i64::try_from(rows).unwrap_or(i64::MAX), sum.to_bytes()];
        tx.execute("INSERT INTO feed_sums (entity, row_count, sum) VALUES (?1, ?2, ?3)", values)?;
    }
    for (key, value) in [("cursor", cursor), ("generation", "0"), ("loaded", "1")] {
        tx.execute("INSERT INTO feed_state (key, value) VALUES (?1, ?2)", [key, value])?;
    }
    tx.execute("INSERT INTO item_words (item_words) VALUES ('optimize')", [])?;
    tx.commit()?;
    db.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {CATALOGUE_FORM}; VACUUM;"
    ))?;
    db.close().map_err(|(_, error)| error)?;
    Ok(sums)
}

/// Writes a row as a terminal does that reads it from a page; a whole-system test compares the two.
fn write_row(db: &Connection, row: &Row) -> Result<(), BuildError> {
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| db.prepare_cached(sql)?.execute(values);
    let Row { entity, id, change_seq, digest, body } = row;
    run(
        "INSERT INTO feed_rows (entity, row_id, change_seq, generation, digest) VALUES (?1, ?2, ?3, 0, ?4)",
        &[entity, id, change_seq, &digest.to_bytes()],
    )?;
    let aside = |reason: String| {
        run(
            "INSERT INTO feed_unknown (entity, row_id, body, reason) VALUES (?1, ?2, ?3, ?4)",
            &[entity, id, body, &reason],
        )
    };
    let value: Value = match serde_json::from_str(body) {
        Ok(value) => value,
        Err(error) => return Ok(aside(error.to_string()).map(|_| ())?),
    };
    macro_rules! read {
        ($type:ty) => {
            match <$type>::deserialize(&value) {
                Ok(read) => read,
                Err(error) => return Ok(aside(error.to_string()).map(|_| ())?),
            }
        };
    }
    let text = value.to_string();
    match entity.as_str() {
        entity::ITEM => write_item(db, &read!(Item), &text)?,
        entity::OUTLET => {
            let outlet = read!(Outlet).outlet_id.to_string();
            run("INSERT INTO outlets (outlet_id, body) VALUES (?1, ?2)", &[&outlet, &text])?;
        }
        entity::CATEGORY => {
            let Category { category_id, position, name, .. } = read!(Category);
            let sql = "INSERT INTO categories (category_id, position, name, body) VALUES (?1, ?2, ?3, ?4)";
            run(sql, &[&category_id.to_string(), &position, &name, &text])?;
        }
        entity::STAFF => {
            let Staff { staff_id, name, active, .. } = read!(Staff);
            let sql = "INSERT INTO staff (staff_id, name, active, body) VALUES (?1, ?2, ?3, ?4)";
            run(sql, &[&staff_id.to_string(), &name, &active, &text])?;
        }
        entity::PICTURE => {
            let Picture { picture_id, media_type, base64 } = read!(Picture);
            let sql = "INSERT INTO pictures (picture_id, media_type, base64) VALUES (?1, ?2, ?3)";
            run(sql, &[&picture_id.to_string(), &media_type, &base64])?;
        }
        entity::NOTICE => {
            let _: Notice = read!(Notice);
            let sql = "INSERT INTO notices (notice_id, body, change_seq) VALUES (?1, ?2, ?3)";
            run(sql, &[id, &text, change_seq])?;
        }
        entity::PRICE_BOOK => {
            let book = read!(PriceBook);
            let Some(outlet) = book.outlet_ids.first() else {
                aside("it names no outlet".to_owned())?;
                return Ok(());
            };
            let sql = "INSERT INTO price_books (row_id, outlet_id, version, valid_from, valid_until, body) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let from = book.valid_from.unwrap_or_default().as_millis();
            let until = book.valid_until.map(Timestamp::as_millis);
            run(sql, &[id, &outlet.to_string(), &book.version, &from, &until, &text])?;
        }
        entity::CUSTOMER => {
            let Customer { customer_id, name, phone, codes, .. } = read!(Customer);
            let (customer, folded_name) = (customer_id.to_string(), fold(&name));
            let sql = "INSERT INTO customers (customer_id, folded_name, phone, body) VALUES (?1, ?2, ?3, ?4)";
            run(sql, &[&customer, &folded_name, &phone, &text])?;
            for code in codes {
                let sql = "INSERT OR REPLACE INTO customer_codes (code, customer_id) VALUES (?1, ?2)";
                run(sql, &[&code, &customer])?;
            }
        }
        other => {
            aside(format!("`{other}` is not known to this build"))?;
        }
    }
    Ok(())
}

fn write_item(db: &Connection, item: &Item, text: &str) -> rusqlite::Result<()> {
    let folded_name = fold(&item.name);
    let category_id = item.category_id.map(|id| id.to_string());
    db.prepare_cached(
        "INSERT INTO items (item_id, category_id, position, folded_name, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![item.item_id.to_string(), category_id, item.position, folded_name, text])?;
    let item_no = db.last_insert_rowid();
    let sql = "INSERT OR IGNORE INTO item_codes (code, item_no, variant_id, printed) VALUES (?1, ?2, ?3, ?4)";
    let mut codes = db.prepare_cached(sql)?;
    for (code, variant, printed) in item.codes() {
        let variant = variant.map(|id| id.to_string()).unwrap_or_default();
        codes.execute(params![code, item_no, variant, printed])?;
    }
    db.prepare_cached("INSERT INTO item_words (rowid, folded_name) VALUES (?1, ?2)")?
        .execute(params![item_no, folded_name])?;
    Ok(())
}
