//! The price books of an outlet, made of its own rules and all parts in force: the present version and, when some part begins
//! or ends, the next. Terminals hold both, so that prices change at their moment without a network.
//!
//! A version is never changed. One that has not come into force yet is withdrawn when another takes its place. Campaigns and
//! price lists keep their times as schedules inside the book; only taxes and settings, which have none, make a next version.

use shared::Timestamp;
use shared::ids::{OutletId, PriceBookId, TenantId};
use shared::outlet::Outlet;
use shared::pricing::schedule::Schedule;
use shared::pricing::{BookError, PriceBook, ReadyBook, TaxRule};
use shared::wire::entity;

use super::PricingError;
use super::part::{Content, Part, Settings};
use super::repo;
use super::repo::books::BookRow;
use crate::database::{DatabaseError, Tx};
use crate::identity;
use crate::sync::feed::{Change, record_changes};

/// How many of the last versions are looked at; more than a present and a next one only when many were withdrawn.
const LOOKED_AT: i64 = 50;
/// Versions left out after the server was put back to an earlier time: those it made since may be on receipts.
const LEFT_OUT: u32 = 1_000;

/// The row of a version in the feed.
fn row_id(outlet: OutletId, version: u32) -> String {
    format!("{outlet}:{version}")
}

/// What an outlet's book says at a moment; its number and name come later.
///
/// # Errors
/// [`BookError::TwoAtOnce`] when two settings begin at the same moment.
pub fn assemble(outlet: &Outlet, parts: &[Part], at: Timestamp) -> Result<PriceBook, BookError> {
    let mut book = PriceBook::plain(&outlet.rules, 0);
    book.price_book_id = PriceBookId::from_bytes(outlet.outlet_id.to_bytes());
    book.name = outlet.name.clone();
    book.outlet_ids = vec![outlet.outlet_id];
    let own = |part: &&Part| part.is_for(outlet.outlet_id) && part.ends_at.is_none_or(|until| until > at);
    let begun = |part: &&Part| part.starts_at.is_none_or(|from| from <= at);
    let mut settings: Option<(&Part, &Settings)> = None;
    for part in parts.iter().filter(own) {
        match &part.content {
            Content::Tax(tax) if begun(&part) => put_tax(&mut book.taxes, tax),
            Content::PriceBook(own) if begun(&part) => {
                let later = settings.is_none_or(|(before, _)| before.starts_at < part.starts_at);
                if let Some((before, _)) = settings.filter(|(before, _)| before.starts_at == part.starts_at) {
                    return Err(BookError::TwoAtOnce(before.name.clone(), part.name.clone()));
                }
                if later {
                    settings = Some((part, own));
                }
            }
            Content::Tax(_) | Content::PriceBook(_) => {}
            Content::Campaign(promotions) => {
                for promotion in promotions {
                    let mut promotion = promotion.clone();
                    if !promotion.outlet_ids.is_empty() && !promotion.outlet_ids.contains(&outlet.outlet_id) {
                        continue;
                    }
                    narrow(&mut promotion.schedule, part);
                    book.promotions.push(promotion);
                }
            }
            Content::PricingRule(list) => {
                let mut list = list.clone();
                narrow(&mut list.schedule, part);
                book.price_lists.push(list);
            }
        }
    }
    if let Some((_, settings)) = settings {
        let Settings { rounding, tax_rounding, discount_timing, service_charge, cash_rounding } =
            settings.clone();
        book.rounding = rounding;
        book.tax_rounding = tax_rounding;
        book.discount_timing = discount_timing;
        book.service_charge = service_charge;
        book.cash_rounding = cash_rounding;
    }
    Ok(book)
}

/// Adds a tax, or puts it in the place of the one with its id.
fn put_tax(taxes: &mut Vec<TaxRule>, tax: &TaxRule) {
    match taxes.iter_mut().find(|known| known.tax_id == tax.tax_id) {
        Some(known) => *known = tax.clone(),
        None => taxes.push(tax.clone()),
    }
}

/// Keeps a schedule within the time of its part.
fn narrow(schedule: &mut Schedule, part: &Part) {
    schedule.from = schedule.from.max(part.starts_at);
    schedule.until = match (schedule.until, part.ends_at) {
        (Some(own), Some(of_part)) => Some(own.min(of_part)),
        (own, of_part) => own.or(of_part),
    };
}

/// The next moment at which a tax or setting of the outlet begins or ends.
fn next_moment(outlet: OutletId, parts: &[Part], now: Timestamp) -> Option<Timestamp> {
    let turns = |part: &Part| match part.content {
        Content::Tax(_) | Content::PriceBook(_) => [part.starts_at, part.ends_at],
        Content::Campaign(_) | Content::PricingRule(_) => [None, None],
    };
    let own = parts.iter().filter(|part| part.is_for(outlet));
    own.flat_map(turns).flatten().filter(|moment| *moment > now).min()
}

/// Whether two books say the same, whatever their numbers and times.
fn says_the_same(one: &PriceBook, other: &PriceBook) -> bool {
    let bare = |book: &PriceBook| PriceBook { version: 0, valid_from: None, ..book.clone() };
    bare(one) == bare(other)
}

/// Makes the books of an outlet anew from its rules and the active parts; does nothing where they say what they said before.
///
/// # Errors
/// [`PricingError::Book`] when the parts do not go together: then nothing may be committed. Or a failed statement.
pub async fn make(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: &Outlet,
    parts: &[Part],
    at: (Timestamp, &str),
) -> Result<(), PricingError> {
    let (now, server_epoch) = at;
    let wrong = |error| PricingError::Book { outlet: outlet.code.clone(), error };
    let checked = |at: Timestamp| {
        let book = assemble(outlet, parts, at).map_err(wrong)?;
        ReadyBook::new(book.clone()).map_err(wrong)?;
        Ok::<_, PricingError>(book)
    };
    let present = checked(now)?;
    let next = match next_moment(outlet.outlet_id, parts, now) {
        Some(moment) => Some((moment, checked(moment)?)),
        None => None,
    };
    let rows = begun(tx, tenant, outlet, at).await?;
    let mut books = Books { tx, tenant, outlet, now, server_epoch, rows };
    books.set(now, present).await?;
    books.withdraw_all_but(next.as_ref()).await?;
    if let Some((moment, book)) = next {
        books.set(moment, book).await?;
    }
    books.send_down().await
}

/// The last versions of an outlet; its own rules as they stand are the first, since sales up to now were computed with them.
/// To be called before its rules change.
///
/// # Errors
/// As [`make`].
pub async fn begun(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: &Outlet,
    (now, server_epoch): (Timestamp, &str),
) -> Result<Vec<BookRow>, PricingError> {
    let mut rows = repo::books::last(tx, tenant, outlet.outlet_id, LOOKED_AT).await?;
    if rows.is_empty() {
        let first = first(outlet, now, server_epoch)?;
        repo::books::insert(tx, tenant, outlet.outlet_id, &first).await?;
        rows.push(first);
    }
    Ok(rows)
}

/// The version of an outlet that has only its own rules so far.
///
/// # Errors
/// [`PricingError::Book`], which cannot be for rules that were checked.
pub fn first(outlet: &Outlet, now: Timestamp, server_epoch: &str) -> Result<BookRow, PricingError> {
    let plain = assemble(outlet, &[], now);
    let mut book = plain.map_err(|error| PricingError::Book { outlet: outlet.code.clone(), error })?;
    book.version = outlet.price_book_version;
    Ok(BookRow {
        version: outlet.price_book_version,
        valid_from: Timestamp::default(),
        withdrawn: false,
        server_epoch: server_epoch.to_owned(),
        created_at: now,
        book,
    })
}

/// A version of an outlet's book; None when it is not known here.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn version(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: &Outlet,
    version: u32,
) -> Result<Option<PriceBook>, DatabaseError> {
    if let Some(row) = repo::books::find(tx, tenant, outlet.outlet_id, version).await? {
        return Ok(Some(row.book));
    }
    // An outlet whose rules never changed has no versions yet.
    Ok((outlet.price_book_version == version).then(|| PriceBook::plain(&outlet.rules, version)))
}

/// The versions of an outlet while they are made anew.
struct Books<'a> {
    tx: &'a mut Tx,
    tenant: TenantId,
    outlet: &'a Outlet,
    now: Timestamp,
    server_epoch: &'a str,
    /// The newest first.
    rows: Vec<BookRow>,
}

impl Books<'_> {
    /// The version in force at a moment.
    fn at(&self, moment: Timestamp) -> Option<&BookRow> {
        let begun = self.rows.iter().filter(|row| !row.withdrawn && row.valid_from <= moment);
        begun.max_by_key(|row| (row.valid_from, row.version))
    }

    /// Lets a book be in force from a moment on, by a new version unless one says it already.
    async fn set(&mut self, moment: Timestamp, mut book: PriceBook) -> Result<(), PricingError> {
        if self.at(moment).is_some_and(|row| says_the_same(&row.book, &book)) {
            return Ok(());
        }
        let last = self.rows.first().map_or(0, |row| row.version);
        let of_this_life = self.rows.first().is_none_or(|row| row.server_epoch == self.server_epoch);
        let step = if of_this_life { 1 } else { LEFT_OUT };
        book.version = last.saturating_add(step);
        book.valid_from = Some(moment);
        let row = BookRow {
            version: book.version,
            valid_from: moment,
            withdrawn: false,
            server_epoch: self.server_epoch.to_owned(),
            created_at: self.now,
            book,
        };
        repo::books::insert(self.tx, self.tenant, self.outlet.outlet_id, &row).await?;
        self.rows.insert(0, row);
        Ok(())
    }

    /// Withdraws what has not come into force, unless it is just what will.
    async fn withdraw_all_but(&mut self, next: Option<&(Timestamp, PriceBook)>) -> Result<(), PricingError> {
        for row in &mut self.rows {
            let stays = next
                .is_some_and(|(moment, book)| row.valid_from == *moment && says_the_same(&row.book, book));
            if row.valid_from > self.now && !row.withdrawn && !stays {
                row.withdrawn = true;
                repo::books::withdraw(self.tx, self.tenant, self.outlet.outlet_id, row.version).await?;
            }
        }
        Ok(())
    }

    /// Sends terminals the present version, unless it says no more than the outlet's own rules, and the next.
    async fn send_down(&mut self) -> Result<(), PricingError> {
        let Some(present) = self.at(self.now).cloned() else { return Ok(()) };
        let outlet_id = self.outlet.outlet_id;
        let plain =
            assemble(self.outlet, &[], self.now).is_ok_and(|plain| says_the_same(&plain, &present.book));
        let next = self.rows.iter().filter(|row| !row.withdrawn && row.valid_from > self.now).cloned();
        let mut wanted: Vec<BookRow> = next.collect();
        if !plain {
            wanted.push(present.clone());
        }
        let sent = repo::books::sent_down(self.tx, self.tenant, outlet_id).await?;
        let mut changes = Vec::new();
        let change = |row_id: String, body: Option<String>| Change {
            entity: entity::PRICE_BOOK,
            row_id,
            outlet: Some(outlet_id),
            body,
        };
        for row in &wanted {
            let id = row_id(outlet_id, row.version);
            if !sent.contains(&id) {
                changes.push(change(id, Some(serde_json::to_string(&row.book)?)));
            }
        }
        let ids: Vec<String> = wanted.iter().map(|row| row_id(outlet_id, row.version)).collect();
        changes.extend(sent.into_iter().filter(|id| !ids.contains(id)).map(|id| change(id, None)));
        if !changes.is_empty() {
            record_changes(self.tx, self.tenant, &changes).await?;
        }
        if self.outlet.price_book_version != present.version {
            let outlet = Outlet { price_book_version: present.version, ..self.outlet.clone() };
            identity::put_outlet(self.tx, self.tenant, &outlet, self.now).await?;
        }
        Ok(())
    }
}

/// Makes the books of all outlets that some of these parts are for, of all that are active.
///
/// # Errors
/// As [`make`].
pub async fn make_all(
    tx: &mut Tx,
    tenant: TenantId,
    changed: &[&Part],
    at: (Timestamp, &str),
) -> Result<(), PricingError> {
    let parts = repo::parts::active(tx, tenant).await?;
    for outlet in identity::repo::outlets::all(tx, tenant).await? {
        if changed.iter().any(|part| part.is_for(outlet.outlet_id)) {
            make(tx, tenant, &outlet, &parts, at).await?;
        }
    }
    Ok(())
}
