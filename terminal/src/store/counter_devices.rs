//! The scale, the scanners, the customer's display and the card reader of this terminal.

use rusqlite::{Connection, Row, params};
use shared::ids::CounterDeviceId;
use zeroize::Zeroizing;

use super::device_log::{Happened, What};
use super::row::{all, parsed, run};
use super::{StoreError, Tx};

/// What a device on the counter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CounterKind {
    /// Weighs goods.
    Scale,
    /// Reads codes at a wire of its own, not as a keyboard.
    Scanner,
    /// Shows the customer what is rung up.
    Display,
    /// Takes cards.
    Card,
}

impl CounterKind {
    const ALL: [(&'static str, Self); 4] = [
        ("scale", Self::Scale),
        ("scanner", Self::Scanner),
        ("display", Self::Display),
        ("card", Self::Card),
    ];

    /// The kind of a word.
    pub fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, kind)| kind)
    }

    /// Its word in store and screens.
    pub fn word(self) -> &'static str {
        match self {
            Self::Scale => "scale",
            Self::Scanner => "scanner",
            Self::Display => "display",
            Self::Card => "card",
        }
    }
}

/// A device as it is set up here.
#[derive(Clone, PartialEq, Eq)]
pub struct CounterDevice {
    /// The device.
    pub counter_device_id: CounterDeviceId,
    /// What it is.
    pub kind: CounterKind,
    /// What people here call it.
    pub name: String,
    /// Where it is, such as `serial:///dev/ttyUSB0?baud=9600`.
    pub target: String,
    /// What a scale or a card reader speaks.
    pub protocol: Option<String>,
    /// The unit of a scale that names none.
    pub unit: Option<String>,
    /// The most that a scale weighs, in grams.
    pub capacity_g: Option<u32>,
    /// What its provider calls a card reader.
    pub reader: Option<String>,
    /// The password, passphrase or key that a card reader wants.
    pub secret: Option<Zeroizing<String>>,
    /// The name of the key shared with a card reader.
    pub key_name: Option<String>,
    /// The version of that key.
    pub key_version: Option<u32>,
}

impl CounterDevice {
    /// Something that happened at it, for the log.
    pub fn happened<'a>(&'a self, what: What<'a>, detail: Option<String>) -> Happened<'a> {
        Happened {
            device_id: self.counter_device_id.into(),
            kind: self.kind.word(),
            name: &self.name,
            what,
            detail,
        }
    }
}

impl std::fmt::Debug for CounterDevice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CounterDevice")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl CounterDevice {
    /// Whether it is the same device, spoken to in the same way; its name may be another.
    pub fn is_wired_as(&self, other: &Self) -> bool {
        *self == Self { name: self.name.clone(), ..other.clone() }
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<CounterDevice> {
    let word: String = row.get(1)?;
    let kind = CounterKind::by_word(&word).ok_or_else(|| {
        let error = format!("`{word}` is no kind of device");
        rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, error.into())
    })?;
    Ok(CounterDevice {
        counter_device_id: parsed(row, 0)?,
        kind,
        name: row.get(2)?,
        target: row.get(3)?,
        protocol: row.get(4)?,
        unit: row.get(5)?,
        capacity_g: row.get(6)?,
        reader: row.get(7)?,
        secret: row.get::<_, Option<String>>(8)?.map(Zeroizing::new),
        key_name: row.get(9)?,
        key_version: row.get(10)?,
    })
}

/// All devices, in the order of the screens.
///
/// # Errors
/// When the store cannot be read.
pub fn list(db: &Connection) -> Result<Vec<CounterDevice>, StoreError> {
    let sql = "SELECT counter_device_id, kind, name, target, protocol, unit, capacity_g, reader, secret, key_name, \
               key_version FROM counter_devices ORDER BY position, counter_device_id LIMIT 100";
    all(db, "read the devices on the counter", sql, [], read)
}

/// Stores a device, a new one after all others.
///
/// # Errors
/// When the store cannot be written.
pub fn put(tx: &Tx<'_>, device: &CounterDevice) -> Result<(), StoreError> {
    run(
        tx,
        "write a device on the counter",
        "INSERT INTO counter_devices (counter_device_id, position, kind, name, target, protocol, unit, capacity_g, \
         reader, secret, key_name, key_version) \
         VALUES (?1, (SELECT COALESCE(MAX(position), 0) + 1 FROM counter_devices), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, \
         ?10, ?11) \
         ON CONFLICT (counter_device_id) DO UPDATE SET kind = excluded.kind, name = excluded.name, \
         target = excluded.target, protocol = excluded.protocol, unit = excluded.unit, capacity_g = excluded.capacity_g, \
         reader = excluded.reader, secret = excluded.secret, key_name = excluded.key_name, \
         key_version = excluded.key_version",
        params![
            device.counter_device_id.to_string(),
            device.kind.word(),
            device.name,
            device.target,
            device.protocol,
            device.unit,
            device.capacity_g,
            device.reader,
            device.secret.as_ref().map(|secret| secret.as_str()),
            device.key_name,
            device.key_version
        ],
    )
    .map(|_| ())
}

/// Forgets a device.
///
/// # Errors
/// When the store cannot be written.
pub fn remove(tx: &Tx<'_>, id: CounterDeviceId) -> Result<(), StoreError> {
    let sql = "DELETE FROM counter_devices WHERE counter_device_id = ?1";
    run(tx, "forget a device on the counter", sql, [id.to_string()]).map(|_| ())
}
