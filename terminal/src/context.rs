//! What a use case is given beside the store: time, chance, who this terminal is and which window asks.

mod error;

use std::sync::{Arc, Mutex, PoisonError};

use rand_core::RngCore;
use rusqlite::Connection;
use shared::ids::{OutletId, StaffId, TenantId, TerminalId};
use shared::journal::SigningKey;
use shared::outlet::Outlet;
use shared::pricing::{PricingError, ReadyBook};
use shared::{BusinessDate, Clock, Timestamp};
use zeroize::Zeroizing;

pub use error::{CommandError, Done};

use crate::store::disk::Disk;
use crate::store::price_books::Held;
use crate::store::{people, price_books};

/// Who this terminal is, with the secrets that stand in files of their own.
#[derive(Clone)]
pub struct Device {
    /// The business.
    pub tenant_id: TenantId,
    /// The outlet.
    pub outlet_id: OutletId,
    /// The terminal.
    pub terminal_id: TerminalId,
    /// Its number in the outlet, as in `OUT-T3-000123`.
    pub terminal_number: u32,
    /// The present life of its journal.
    pub epoch: u32,
    /// Signs the journal.
    pub key: SigningKey,
    /// The tenant's PIN pepper.
    pub pin_pepper: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("terminal_id", &self.terminal_id).finish_non_exhaustive()
    }
}

/// What a use case is given beside the store.
pub struct Context<'a> {
    /// The time.
    pub clock: &'a dyn Clock,
    /// Chance, for ids and cart actors.
    pub rng: &'a mut dyn RngCore,
    /// Who this terminal is.
    pub device: &'a Device,
    /// The window or browser that asks.
    pub client: &'a str,
    /// The room on the disk.
    pub disk: &'a dyn Disk,
    /// The outlet as last read.
    pub outlets: &'a OutletMemo,
}

/// The outlet and its price book as last read: their JSON is not read anew for every tap.
#[derive(Debug, Default)]
pub struct OutletMemo {
    /// Beside the text it was read from.
    outlet: Mutex<Option<(String, Arc<Outlet>)>>,
    book: Mutex<Option<BookMemo>>,
}

/// A price book beside what it was made of.
#[derive(Debug)]
struct BookMemo {
    outlet: Arc<Outlet>,
    held: Option<Held>,
    book: Arc<ReadyBook>,
}

impl OutletMemo {
    /// What `text` says; only another text than the last one is read by `read`.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn of<E>(&self, text: &str, read: impl FnOnce() -> Result<Outlet, E>) -> Result<Arc<Outlet>, E> {
        let mut last = self.outlet.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, outlet)) = last.as_ref().filter(|(known, _)| known == text) {
            return Ok(outlet.clone());
        }
        let outlet = Arc::new(read()?);
        *last = Some((text.to_owned(), outlet.clone()));
        Ok(outlet)
    }

    /// An instant at the outlet, for what must be written whatever the catalogue is like: as last read when it cannot be read now.
    pub(crate) fn moment(
        &self,
        db: &Connection,
        outlet_id: OutletId,
        at: Timestamp,
        staff_id: Option<StaffId>,
    ) -> Moment {
        let outlet = people::outlet_of(db, outlet_id, self).unwrap_or_else(|error| {
            tracing::error!(%error, "the outlet cannot be read; its day of business is taken as last known");
            let last = self.outlet.lock().unwrap_or_else(PoisonError::into_inner);
            last.as_ref().map(|(_, outlet)| outlet.clone()).filter(|outlet| outlet.outlet_id == outlet_id)
        });
        Moment::of(at, outlet.as_deref(), staff_id)
    }

    /// The price book in force at a moment: of those that have begun the last that can be used, else the outlet's own rules.
    ///
    /// # Errors
    /// When the store cannot be read, or the outlet's own rules cannot be used.
    pub(crate) fn book(&self, db: &Connection, outlet: &Arc<Outlet>, at: Timestamp) -> Done<Arc<ReadyBook>> {
        let begun = price_books::begun(db, outlet.outlet_id, at)?;
        let first = begun.first().copied();
        let mut last = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = last.as_ref().filter(|of| of.held == first && Arc::ptr_eq(&of.outlet, outlet)) {
            return Ok(last.book.clone());
        }
        let mut ready = None;
        for held in begun {
            ready = price_books::ready(db, outlet.outlet_id, held.version)?;
            if ready.is_some() {
                break;
            }
        }
        let ready = match ready {
            Some(ready) => ready,
            None => ReadyBook::plain(&outlet.rules, outlet.price_book_version)
                .map_err(|error| CommandError::from(PricingError::from(error)))?,
        };
        let book = Arc::new(ready);
        *last = Some(BookMemo { outlet: outlet.clone(), held: first, book: book.clone() });
        Ok(book)
    }
}

/// When something happens: one instant for everything a command writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// Its day of business.
    pub business_date: BusinessDate,
    /// By whom, when a person does it.
    pub staff_id: Option<StaffId>,
}

impl Moment {
    /// An instant at an outlet; where that is not loaded, as after a catalogue was lost, the day of business is that of UTC.
    pub fn of(at: Timestamp, outlet: Option<&Outlet>, staff_id: Option<StaffId>) -> Self {
        let (zone, cutoff) =
            outlet.map_or(("UTC", 0), |outlet| (outlet.zone.as_str(), outlet.day_cutoff_minutes));
        Self { at, business_date: BusinessDate::of(at, zone, cutoff), staff_id }
    }
}

impl Context<'_> {
    /// Now, at this outlet.
    pub fn moment(&self, outlet: &Outlet, staff_id: Option<StaffId>) -> Moment {
        Moment::of(self.clock.now(), Some(outlet), staff_id)
    }

    /// Now, for what must be written also while the outlet is not loaded.
    pub fn moment_in_any_case(&self, db: &Connection, staff_id: Option<StaffId>) -> Moment {
        self.outlets.moment(db, self.device.outlet_id, self.clock.now(), staff_id)
    }

    /// This terminal's outlet.
    ///
    /// # Errors
    /// `not_found` while it is not loaded yet.
    pub fn outlet(&self, db: &Connection) -> Done<Arc<Outlet>> {
        people::outlet_of(db, self.device.outlet_id, self.outlets)?
            .ok_or_else(|| CommandError::not_found("the outlet is not loaded yet"))
    }

    /// The price book in force at a moment.
    ///
    /// # Errors
    /// When the store cannot be read, or the outlet's own rules cannot be used.
    pub fn book(&self, db: &Connection, outlet: &Arc<Outlet>, at: Timestamp) -> Done<Arc<ReadyBook>> {
        self.outlets.book(db, outlet, at)
    }

    /// What this terminal's receipt numbers begin with: `OUT-T3`.
    pub fn number_prefix(&self, outlet: &Outlet) -> String {
        format!("{}-T{}", outlet.code, self.device.terminal_number)
    }
}
