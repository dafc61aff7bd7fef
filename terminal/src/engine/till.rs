//! What every part of the running engine shares.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use rand_core::RngCore;
use rusqlite::Connection;
use tokio::sync::{Notify, broadcast, watch};

use shared::ids::OutletId;
use shared::outlet::Outlet;
use shared::pricing::ReadyBook;
use shared::{Clock, Timestamp};

use super::folder::{self, FolderError, FolderLock};
use super::rescue::Rescue;
use super::{ClientId, Engine, EngineOptions, StartError};
use crate::cards::Cards;
use crate::context::{CommandError, Context, Device, Done, Moment, OutletMemo};
use crate::counter::Counter;
use crate::customer::Screen;
use crate::peripherals::Printing;
use crate::store::disk::Disk;
use crate::store::meta::{self, Identity};
use crate::store::{Counters, Store, StoreError, card_payments, device_log, people, print_jobs};
use crate::sync::transport::{HttpTransport, Transport};
use crate::sync::{Link, LinkError, SyncStatus};
use crate::views::{Changed, ChangedWord, Code};
use crate::{journal, staff};

/// Changes that a slow listener may have outstanding before it is told to ask for everything.
const CHANGES_KEPT: usize = 256;
/// How many connections that read are kept open between commands.
const READERS_KEPT: usize = 4;
/// Events at the journal's end that are checked at the start.
const CHECKED_AT_START: u64 = 256;
/// How often the log is moved into the store's file.
const KEEP_HOUSE_EVERY: Duration = Duration::from_secs(60);
/// How long settled print jobs and refused card payments are kept.
const PRINTS_KEPT_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// Connections that read, kept open between commands.
#[derive(Debug, Default)]
struct Readers {
    kept: Vec<Connection>,
    /// Counts up when other files took the place of those that the connections read.
    files: u64,
}

impl Readers {
    /// Lets go of all that are kept, and of all that are in use once they are given back: there are other files now.
    fn let_go(&mut self) {
        self.kept.clear();
        self.files += 1;
    }
}

/// What every part of the running engine shares.
pub(crate) struct Till {
    pub(super) store: Mutex<Store>,
    readers: Mutex<Readers>,
    dir: PathBuf,
    pub(crate) clock: Arc<dyn Clock>,
    rng: Mutex<Box<dyn RngCore + Send>>,
    pub(crate) disk: Arc<dyn Disk>,
    outlets: OutletMemo,
    /// Who this terminal is; None before enrolment. Changed only while the store is held, so that no event is ever
    /// written under an epoch that has ended.
    pub(super) device: RwLock<Option<Arc<Device>>>,
    /// Why the store of this enrolled terminal cannot be used; a stand-in is open until a person lets it begin anew.
    pub(super) rescue: RwLock<Option<Arc<Rescue>>>,
    link: Mutex<Option<Arc<Link>>>,
    extra_roots: Option<Vec<u8>>,
    transport: Option<Arc<dyn Transport>>,
    pub(crate) changed: broadcast::Sender<Changed>,
    /// Something was committed: there may be events to push.
    pub(crate) committed: Notify,
    /// The server may be reached again, or a person asks for it.
    pub(crate) push_now: Notify,
    /// As `push_now`, for the feed.
    pub(crate) pull_now: Notify,
    /// Held while the server is asked for parts of shared limits.
    pub(crate) asking: tokio::sync::Mutex<()>,
    /// There may be something to print.
    pub(crate) print_now: Notify,
    /// A device on the counter was set up, changed or forgotten.
    pub(crate) counter_changed: Notify,
    sync: Mutex<SyncStatus>,
    printer: Mutex<Printing>,
    counter: Mutex<Counter>,
    cards: Mutex<Cards>,
    screen: Mutex<Screen>,
    pub(crate) started_at: Timestamp,
    /// Held by the one enrolment that is under way.
    pub(crate) enrolling: Mutex<()>,
    stopping: watch::Sender<bool>,
    /// Given back only when the last worker and command is done with the store.
    _lock: FolderLock,
}

impl Till {
    pub(super) fn open(options: EngineOptions) -> Result<Self, StartError> {
        let EngineOptions { data_dir: dir, clock, rng, disk, printer, extra_roots, transport, commit } =
            options;
        if let Some(roots) = &extra_roots {
            HttpTransport::new("https://localhost", Some(roots))?;
        }
        let lock = folder::lock(&dir)?;
        let (mut store, rescue) = Rescue::open(&dir, &*clock)?;
        if let Some(commit) = commit {
            store.commit_by(commit);
        }
        let identity = meta::identity(store.db())?;
        let device = identity.as_ref().map(|identity| folder::device_of(&dir, identity)).transpose()?;
        let started_at = clock.now();
        let till = Self {
            readers: Mutex::default(),
            dir,
            clock,
            rng: Mutex::new(rng),
            disk,
            outlets: OutletMemo::default(),
            device: RwLock::new(device.map(Arc::new)),
            rescue: RwLock::new(rescue.map(Arc::new)),
            link: Mutex::new(None),
            extra_roots,
            transport,
            changed: broadcast::channel(CHANGES_KEPT).0,
            committed: Notify::new(),
            push_now: Notify::new(),
            pull_now: Notify::new(),
            asking: tokio::sync::Mutex::new(()),
            print_now: Notify::new(),
            counter_changed: Notify::new(),
            sync: Mutex::new(SyncStatus::load(store.db())?),
            printer: Mutex::new(Printing::default()),
            counter: Mutex::default(),
            cards: Mutex::default(),
            screen: Mutex::new(Screen::load(store.db())?),
            started_at,
            enrolling: Mutex::new(()),
            stopping: watch::channel(false).0,
            _lock: lock,
            store: Mutex::new(store),
        };
        till.tidy_up(printer)?;
        Ok(till)
    }

    /// What the end of the last process left behind.
    fn tidy_up(&self, printer: Option<String>) -> Result<(), StartError> {
        let mut store = held(&self.store);
        // The file may have come from anywhere; the marker is written again if a crash came between it and the store.
        if let Some(identity) = meta::identity(store.db())? {
            store.mark_enrolled(&identity)?;
        }
        store.write(|tx| -> Result<(), StoreError> {
            if let Some(printer) = printer {
                let mut settings = meta::settings(tx)?;
                settings.printer = Some(printer);
                meta::set_settings(tx, &settings)?;
            }
            let now = self.clock.now();
            print_jobs::mark_interrupted(tx, now)?;
            print_jobs::prune(tx, now.plus_millis(-PRINTS_KEPT_MS))?;
            card_payments::drop_untold(tx, now)?;
            card_payments::prune(tx, now.plus_millis(-PRINTS_KEPT_MS))?;
            device_log::prune(tx, now.plus_millis(-PRINTS_KEPT_MS))?;
            Ok(())
        })?;
        let Some(device) = self.device() else { return Ok(()) };
        let bad = journal::first_bad(store.db(), device.epoch, &device.key.public_key(), CHECKED_AT_START)?;
        let device = match bad {
            None => device,
            Some(seq) => {
                tracing::error!(
                    seq,
                    "the journal does not hold from this event on: it was changed on the disk"
                );
                held(&self.sync).found_tampered(seq);
                self.mend_held(&mut store, &device, device.epoch)?;
                self.device().unwrap_or(device)
            }
        };
        let client = ClientId::window();
        let mut random = self.random();
        let mut context = self.context(&device, &client, &mut random);
        staff::end_all_sessions(&mut store, &mut context)
            .map(|_| ())
            .map_err(|error| StoreError::contradiction("staff sessions", error).into())
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn device(&self) -> Option<Arc<Device>> {
        self.device.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The store to write to. Never held over a wait for network or printer.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        held(&self.store)
    }

    /// The outlet and the price book in force; None while nothing is loaded.
    pub(crate) fn prices(
        &self,
        db: &Connection,
        outlet_id: OutletId,
    ) -> Done<Option<(Arc<Outlet>, Arc<ReadyBook>)>> {
        let Some(outlet) = people::outlet_of(db, outlet_id, &self.outlets)? else { return Ok(None) };
        let book = self.outlets.book(db, &outlet, self.clock.now())?;
        Ok(Some((outlet, book)))
    }

    /// Reads from a connection of its own, beside whoever writes.
    pub(crate) fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let (kept, files) = {
            let mut readers = held(&self.readers);
            (readers.kept.pop(), readers.files)
        };
        let reader = match kept {
            Some(reader) => reader,
            None => self.store().reader()?,
        };
        let done = work(&reader);
        if done.is_ok() {
            let mut readers = held(&self.readers);
            if readers.kept.len() < READERS_KEPT && readers.files == files {
                readers.kept.push(reader);
            }
        }
        done
    }

    /// Puts a finished catalogue file in the place of the present one.
    pub(crate) fn take_catalogue(&self, incoming: &Path) -> Result<(), StoreError> {
        self.store().take_catalogue(incoming)?;
        self.let_readers_go();
        Ok(())
    }

    /// Lets go of the connections that read: there are other files now.
    pub(crate) fn let_readers_go(&self) {
        held(&self.readers).let_go();
    }

    /// Becomes a terminal, or its next epoch; `store` proves that the store is held.
    pub(crate) fn become_device(&self, _store: &Store, device: Device) {
        *self.device.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(device));
    }

    /// The device from identity and secret files; for enrolment.
    pub(crate) fn load_device(&self, identity: &Identity) -> Result<Device, FolderError> {
        folder::device_of(&self.dir, identity)
    }

    /// The wire to the server at `base`; kept as long as that is the server.
    pub(crate) fn link(&self, base: &str) -> Result<Arc<Link>, LinkError> {
        let mut kept = held(&self.link);
        if let Some(link) = kept.as_ref().filter(|link| link.base() == base) {
            return Ok(link.clone());
        }
        let transport = match &self.transport {
            Some(transport) => transport.clone(),
            None => Arc::new(HttpTransport::new(base, self.extra_roots.as_deref())?),
        };
        let link = Arc::new(Link::new(base, transport));
        *kept = Some(link.clone());
        Ok(link)
    }

    /// How far the server's clock is ahead of this one's, as last heard.
    pub(crate) fn clock_offset_ms(&self) -> i64 {
        held(&self.link).as_ref().map_or(0, |link| link.clock_offset_ms())
    }

    pub(crate) fn random(&self) -> SharedRandom<'_> {
        SharedRandom(&self.rng)
    }

    pub(crate) fn context<'a>(
        &'a self,
        device: &'a Device,
        client: &'a ClientId,
        rng: &'a mut SharedRandom<'_>,
    ) -> Context<'a> {
        let (clock, disk, outlets) = (&*self.clock, &*self.disk, &self.outlets);
        Context { clock, rng, device, client: client.as_str(), disk, outlets }
    }

    /// Now, at this terminal's outlet, for what nobody does.
    pub(crate) fn moment(&self, db: &Connection, device: &Device) -> Moment {
        self.outlets.moment(db, device.outlet_id, self.clock.now(), None)
    }

    /// Tells every window; nobody listening is no error.
    pub(crate) fn tell(&self, what: &[ChangedWord]) {
        let _ = self.changed.send(Changed::of(what));
    }

    pub(crate) fn sync_status(&self) -> SyncStatus {
        held(&self.sync).clone()
    }

    pub(crate) fn change_sync_status(&self, change: impl FnOnce(&mut SyncStatus)) {
        change(&mut held(&self.sync));
    }

    pub(crate) fn printer_status<T>(&self, read: impl FnOnce(&Printing) -> T) -> T {
        read(&held(&self.printer))
    }

    pub(crate) fn change_printer_status<T>(&self, change: impl FnOnce(&mut Printing) -> T) -> T {
        change(&mut held(&self.printer))
    }

    pub(crate) fn counter<T>(&self, read: impl FnOnce(&Counter) -> T) -> T {
        read(&held(&self.counter))
    }

    pub(crate) fn change_counter<T>(&self, change: impl FnOnce(&mut Counter) -> T) -> T {
        change(&mut held(&self.counter))
    }

    pub(crate) fn cards<T>(&self, read: impl FnOnce(&Cards) -> T) -> T {
        read(&held(&self.cards))
    }

    pub(crate) fn change_cards<T>(&self, change: impl FnOnce(&mut Cards) -> T) -> T {
        change(&mut held(&self.cards))
    }

    pub(crate) fn screen<T>(&self, read: impl FnOnce(&Screen) -> T) -> T {
        read(&held(&self.screen))
    }

    pub(crate) fn change_screen<T>(&self, change: impl FnOnce(&mut Screen) -> T) -> T {
        change(&mut held(&self.screen))
    }

    /// What is done at idle moments: no sale waits for the log, and the last numbers stand beside the store, too.
    fn keep_in_order(&self) -> Result<(), StoreError> {
        self.store().keep_house()?;
        if self.device().is_some() {
            self.read(Counters::of)?.write(&self.dir)?;
        }
        Ok(())
    }

    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Waits until the engine is told to stop.
    pub(crate) async fn stopped(&self) {
        // An error means that the till is gone, which is the same.
        let _ = self.stopping.subscribe().wait_for(|stop| *stop).await;
    }
}

/// A lock whose holder panicked is still good: the store takes back an unfinished transaction by itself.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The engine's chance, shared by all commands.
pub(crate) struct SharedRandom<'a>(&'a Mutex<Box<dyn RngCore + Send>>);

impl RngCore for SharedRandom<'_> {
    fn next_u32(&mut self) -> u32 {
        held(self.0).next_u32()
    }
    fn next_u64(&mut self) -> u64 {
        held(self.0).next_u64()
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        held(self.0).fill_bytes(dest);
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        held(self.0).try_fill_bytes(dest)
    }
}

/// One command of one window: what its handler may reach.
pub(crate) struct Call<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) till: &'a Till,
    pub(crate) client: &'a ClientId,
}

impl<'a> Call<'a> {
    pub(crate) fn new(engine: &'a Engine, client: &'a ClientId) -> Self {
        Self { engine, till: engine.till(), client }
    }

    fn device(&self) -> Done<Arc<Device>> {
        self.till
            .device()
            .ok_or_else(|| CommandError::new(Code::NotEnrolled, "this terminal belongs to no outlet yet"))
    }

    /// Runs a use case that writes.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&mut Store, &mut Context<'_>) -> Done<T>) -> Done<T> {
        // The store first: the device it then finds is the one under which events may be written.
        let mut store = self.till.store();
        let device = self.device()?;
        let mut random = self.till.random();
        work(&mut store, &mut self.till.context(&device, self.client, &mut random))
    }

    /// Runs a use case that only reads, beside whoever writes.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection, &Context<'_>) -> Done<T>) -> Done<T> {
        let device = self.device()?;
        let mut random = self.till.random();
        let context = self.till.context(&device, self.client, &mut random);
        self.till.read(|db| work(db, &context))
    }
}

/// Tidies the store at idle moments, so that no sale waits for it.
pub(super) async fn keep_house(till: Arc<Till>) {
    let last = till.clone();
    loop {
        tokio::select! {
            () = till.stopped() => break,
            () = tokio::time::sleep(KEEP_HOUSE_EVERY) => {}
        }
        let till = till.clone();
        let done = tokio::task::spawn_blocking(move || till.keep_in_order()).await;
        if let Ok(Err(error)) = done {
            tracing::warn!(%error, "the store could not be tidied");
        }
    }
    let last = tokio::task::spawn_blocking(move || last.keep_in_order()).await;
    if let Ok(Err(error)) = last {
        tracing::warn!(%error, "the end of the day's housekeeping failed");
    }
}
