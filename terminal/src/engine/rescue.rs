//! An enrolled terminal whose store is missing, empty, foreign or damaged: nothing is made in its place by itself. A
//! stand-in is open so that the screens can say so; what can be read is exported, and a person lets the till begin anew.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use shared::Clock;
use shared::journal::payload::RestartReason;

use super::Till;
use crate::context::{CommandError, Device, Done};
use crate::durable;
use crate::engine::StartError;
use crate::engine::folder::{self, FolderError};
use crate::journal::export::{self, Exported, Part};
use crate::journal::salvage::{self, Salvaged};
use crate::journal::{self, Restart};
use crate::store::meta::{self, Identity};
use crate::store::{Counters, FILE_NAME, Store, StoreError};
use crate::views::{ChangedWord, Code, RescueExportView, RescueView};

/// The folder of the stand-in and of a store in the making.
const STANDBY: &str = "standby";
const ANEW: &str = "anew";
/// A new store that is complete and waits to be put in place; from here on a crash changes nothing about what was decided.
const READY: &str = "kedai.db.ready";

/// Why the store of an enrolled terminal cannot be used.
#[derive(Debug, Clone)]
pub(crate) struct Rescue {
    /// `missing`, `empty`, `foreign` or `damaged`.
    found: &'static str,
    identity: Identity,
}

impl Rescue {
    /// Opens the store, or a stand-in with what is wrong when this terminal is enrolled.
    pub(super) fn open(dir: &Path, clock: &dyn Clock) -> Result<(Store, Option<Self>), StartError> {
        let place = dir.join(FILE_NAME);
        put_in_place(dir, clock).map_err(|source| StoreError::File {
            what: "put in place",
            path: place,
            source,
        })?;
        let error = match open_sound(dir, clock) {
            Ok(store) => return Ok((store, None)),
            Err(error) => error,
        };
        let found = match &error {
            StoreError::Lost { found: "missing", .. } => "missing",
            StoreError::Lost { found: "empty", .. } => "empty",
            StoreError::Lost { .. } | StoreError::Foreign { .. } => "foreign",
            error if error.is_damage() => "damaged",
            _ => return Err(error.into()),
        };
        let Some(identity) = Store::marked(dir)? else { return Err(error.into()) };
        tracing::error!(%error, "the store cannot be used: a person must decide");
        let standby = dir.join(STANDBY);
        clear(&standby)?;
        Ok((Store::open(&standby, clock)?, Some(Self { found, identity })))
    }

    /// For the screens.
    pub(crate) fn view(&self, dir: &Path) -> RescueView {
        RescueView {
            found: self.found.to_owned(),
            terminal: format!("T{}", self.identity.terminal_number),
            folder: dir.display().to_string(),
        }
    }
}

/// Opens the store and reads what the engine reads first, so that damage is found before anything relies on it.
fn open_sound(dir: &Path, clock: &dyn Clock) -> Result<Store, StoreError> {
    let store = Store::open(dir, clock)?;
    if let Some(identity) = meta::identity(store.db())? {
        journal::head(store.db(), identity.epoch)?;
        journal::lives::waiting(store.db(), identity.epoch)?;
        meta::settings(store.db())?;
    }
    Ok(store)
}

fn clear(folder: &Path) -> Result<(), FolderError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FolderError::File { what: "clear", path: folder.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

impl Till {
    /// Why the store cannot be used; None when it can.
    pub(crate) fn rescue(&self) -> Option<Arc<Rescue>> {
        self.rescue.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn rescued(&self) -> Done<Arc<Rescue>> {
        self.rescue().ok_or_else(|| CommandError::not_found("the store of this terminal is in order"))
    }

    /// Writes what can be read of the broken store as a signed file beside it; the store is only read.
    pub(crate) fn export_rescue(&self) -> Done<RescueExportView> {
        let rescue = self.rescued()?;
        let device = folder::device_of(self.dir(), &rescue.identity)?;
        let name = format!("rescued-{}.kedai-journal", self.clock.now().as_millis());
        let path = self.dir().join(name);
        let done =
            export::write_file(&self.dir().join(FILE_NAME), &path, &device, Part::Whole, self.clock.now())?;
        Ok(rescue_export_view(&path, &done))
    }

    /// Puts the broken store aside and begins anew: the journal that can be read is kept, what the server does not hold of
    /// it is sent, and the terminal sells on under a new epoch.
    pub(crate) fn begin_anew(&self) -> Done<()> {
        let rescue = self.rescued()?;
        let mut store = self.store();
        let dir = self.dir();
        let (identity, device) = self.build_anew(&rescue)?;
        let anew = dir.join(ANEW);
        let ready = dir.join(READY);
        let made = fs::rename(anew.join(FILE_NAME), &ready).and_then(|()| durable::sync_folder_of(&ready));
        made.and_then(|()| put_in_place(dir, &*self.clock))
            .map_err(|source| file_error("put in place", &ready, source))?;
        *store = Store::open(dir, &*self.clock)?;
        self.let_readers_go();
        store.mark_enrolled(&identity)?;
        self.become_device(&store, device);
        *self.rescue.write().unwrap_or_else(PoisonError::into_inner) = None;
        drop(store);
        // What is left of them is of no use to anyone.
        let _ = fs::remove_dir_all(dir.join(STANDBY));
        let _ = fs::remove_dir_all(anew);
        tracing::warn!(epoch = identity.epoch, "the till began anew");
        self.push_now.notify_one();
        self.pull_now.notify_one();
        self.tell(&[ChangedWord::App, ChangedWord::Loading, ChangedWord::Sync]);
        Ok(())
    }

    /// Makes the new store in a folder of its own, with everything of the old one that holds.
    fn build_anew(&self, rescue: &Rescue) -> Done<(Identity, Device)> {
        let dir = self.dir();
        let anew = dir.join(ANEW);
        clear(&anew)?;
        let mut store = Store::open(&anew, &*self.clock)?;
        let device = folder::device_of(dir, &rescue.identity)?;
        let broken = salvage::open_read_only(&dir.join(FILE_NAME));
        let salvaged = match (&broken, rescue.found) {
            (Some(broken), "damaged") => store.write(|tx| salvage::copy(tx, broken, &device))?,
            _ => Salvaged::default(),
        };
        let epoch = salvaged.epoch.max(rescue.identity.epoch);
        let device = Device { epoch, ..device };
        let mut identity = Identity { epoch, ..rescue.identity.clone() };
        let known = salvaged.counters.newest(Counters::read(dir));
        let sure = salvaged.complete;
        let counters = if sure { known } else { known.well_after() };
        let step = Restart {
            from_seq: salvaged.from_seq.max(1),
            new_epoch: epoch.saturating_add(1),
            reason: Some(if rescue.found == "damaged" {
                RestartReason::Damaged
            } else {
                RestartReason::Lost
            }),
            receipts_from: (!sure).then_some(counters.receipts + 1),
        };
        let moment = self.moment(store.db(), &device);
        store.write(|tx| -> Result<(), StoreError> {
            meta::set_identity(tx, &identity)?;
            counters.keep(tx)?;
            journal::restart(tx, &device, step, &moment).map(|_| ())
        })?;
        store.checkpoint_all()?;
        identity.epoch = step.new_epoch;
        Ok((identity, Device { epoch: step.new_epoch, ..device }))
    }
}

fn rescue_export_view(path: &Path, done: &Exported) -> RescueExportView {
    RescueExportView {
        file: path.display().to_string(),
        events: done.events,
        damaged: u64::try_from(done.damaged).unwrap_or(u64::MAX),
    }
}

/// Puts a new store that is ready in the place of the broken one, if there is one; done again after a crash, it goes on where
/// it was.
fn put_in_place(dir: &Path, clock: &dyn Clock) -> io::Result<()> {
    let (ready, place) = (dir.join(READY), dir.join(FILE_NAME));
    if !ready.exists() {
        return Ok(());
    }
    put_aside(dir, clock.now().as_millis())?;
    fs::rename(&ready, &place)?;
    durable::sync_folder_of(&place)
}

/// Renames the files of a store out of the way; they are never deleted, nor written over.
fn put_aside(dir: &Path, millis: i64) -> io::Result<()> {
    let named = |number: i64, suffix: &str| dir.join(format!("{FILE_NAME}.aside-{number}{suffix}"));
    let free = (millis..).find(|&number| !named(number, "").exists()).unwrap_or(millis);
    for suffix in ["", "-wal", "-shm"] {
        let from = dir.join(format!("{FILE_NAME}{suffix}"));
        match fs::rename(&from, named(free, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn file_error(what: &'static str, path: &Path, source: io::Error) -> CommandError {
    CommandError::new(Code::StoreFailed, StoreError::File { what, path: path.to_owned(), source }.to_string())
}
