//! Which domain an event belongs to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::database::Tx;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use shared::ids::{OutletId, StaffId, TenantId, TerminalId};
use shared::journal::{Event, Fact};
use shared::order::Order;
use shared::outlet::Outlet;
use shared::pricing::ReadyBook;
use shared::{BusinessDate, Timestamp};
use sqlx::Row as _;

use super::reason;
use crate::database::DatabaseError;
use crate::orders::ItemPrices;
use crate::pricing::books;
use crate::{cards, catalog, devices, inventory, orders, pricing};

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It is in the projections.
    Done,
    /// It cannot be, for this reason; what was written for it is rolled back.
    Parked(&'static str),
}

/// What an arm needs to know beside its fact.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The business.
    pub tenant: TenantId,
    /// The event.
    pub event: &'a Event,
    /// The server's time.
    pub now: Timestamp,
}

impl Context<'_> {
    /// The place of the event as stored: epoch and seq.
    pub fn place(&self) -> (i64, i64) {
        (i64::from(self.event.epoch), i64::try_from(self.event.seq).unwrap_or(i64::MAX))
    }
}

/// The settings of outlets and their price books, read once per batch.
#[derive(Debug, Default)]
pub struct RulesCache {
    outlets: HashMap<OutletId, Option<Arc<Outlet>>>,
    books: HashMap<(OutletId, u32), Option<Arc<ReadyBook>>>,
    /// From when on which version was in force.
    histories: HashMap<OutletId, Arc<[(Timestamp, u32)]>>,
    /// What items cost, and when that changed.
    pub prices: ItemPrices,
}

impl RulesCache {
    /// The settings of an outlet; None when it is not known here.
    ///
    /// # Errors
    /// A failed statement, or a row that cannot be read.
    pub async fn outlet(
        &mut self,
        tx: &mut Tx,
        tenant: TenantId,
        outlet: OutletId,
    ) -> Result<Option<Arc<Outlet>>, DatabaseError> {
        if let Some(known) = self.outlets.get(&outlet) {
            return Ok(known.clone());
        }
        let row = sqlx::query("SELECT body FROM outlets WHERE tenant_id = $1 AND outlet_id = $2")
            .bind(tenant.to_string())
            .bind(outlet.to_string())
            .fetch_optional(&mut **tx)
            .await?;
        let known = match row {
            Some(row) => {
                let body = serde_json::from_str(row.try_get(0)?);
                Some(Arc::new(body.map_err(|error| DatabaseError::corrupt("outlets", error))?))
            }
            None => None,
        };
        self.outlets.insert(outlet, known.clone());
        Ok(known)
    }

    /// A version of an outlet's price book; None when it is not known here or cannot be used.
    ///
    /// # Errors
    /// As [`Self::outlet`].
    pub async fn book(
        &mut self,
        tx: &mut Tx,
        tenant: TenantId,
        outlet: &Outlet,
        version: u32,
    ) -> Result<Option<Arc<ReadyBook>>, DatabaseError> {
        let key = (outlet.outlet_id, version);
        if let Some(known) = self.books.get(&key) {
            return Ok(known.clone());
        }
        let book = books::version(tx, tenant, outlet, version).await?;
        let ready = book.and_then(|book| ReadyBook::new(book).ok()).map(Arc::new);
        self.books.insert(key, ready.clone());
        Ok(ready)
    }

    /// The version in force at an outlet at a moment.
    ///
    /// # Errors
    /// As [`Self::outlet`].
    pub async fn in_force(
        &mut self,
        tx: &mut Tx,
        tenant: TenantId,
        outlet: &Outlet,
        at: Timestamp,
    ) -> Result<u32, DatabaseError> {
        let history = match self.histories.get(&outlet.outlet_id) {
            Some(known) => known.clone(),
            None => {
                let history = pricing::repo::books::history(tx, tenant, outlet.outlet_id).await?;
                let history: Arc<[(Timestamp, u32)]> = history.into();
                self.histories.insert(outlet.outlet_id, history.clone());
                history
            }
        };
        let begun = history.iter().rev().find(|(from, _)| *from <= at);
        Ok(begun.map_or(outlet.price_book_version, |(_, version)| *version))
    }
}

/// Applies an event; twice is as once.
///
/// # Errors
/// A failed statement.
pub async fn dispatch(
    tx: &mut Tx,
    context: &Context<'_>,
    rules: &mut RulesCache,
) -> Result<Applied, DatabaseError> {
    let fact = match Fact::of(context.event) {
        Ok(Some(fact)) => fact,
        Ok(None) => return Ok(Applied::Parked(reason::UNKNOWN_KIND)),
        Err(_) => return Ok(Applied::Parked(reason::PAYLOAD_UNREADABLE)),
    };
    match &fact {
        Fact::OrderCompleted(order) => orders::apply::order(tx, context, order, rules).await,
        Fact::OrderVoided(voided) => orders::apply::voided(tx, context, voided).await,
        Fact::RefundCompleted(refund) => orders::apply::refund(tx, context, refund).await,
        Fact::DrawerOpened(opened) => devices::apply::opened(tx, context, opened).await,
        Fact::DrawerClosed(closed) => devices::apply::closed(tx, context, closed).await,
        Fact::CashMoved(moved) => devices::apply::cash_moved(tx, context, moved).await,
        Fact::StockMoved(moved) => inventory::apply::moved(tx, context, moved).await,
        Fact::ItemEdited(edited) => {
            // What it costs is read anew.
            rules.prices = ItemPrices::default();
            catalog::apply::item_edited(tx, context, edited).await
        }
        Fact::CategoryEdited(edited) => catalog::apply::category_edited(tx, context, edited).await,
        Fact::StaffSignedIn(_)
        | Fact::StaffSignedOut(_)
        | Fact::ApprovalGranted(_)
        | Fact::ReceiptReprinted(_)
        | Fact::DrawerKicked(_) => devices::apply::activity(tx, context).await,
        Fact::JournalRestarted(restarted) => devices::restarts::restarted(tx, context, restarted).await,
        Fact::DeviceReported(reported) => devices::reported::reported(tx, context, reported).await,
        Fact::CardPaymentUnsold(unsold) => cards::apply::unsold(tx, context, unsold).await,
        Fact::CardPaymentGivenBack(given_back) => cards::apply::given_back(tx, context, given_back).await,
        Fact::CardPaymentRefunded(refunded) => cards::apply::refunded(tx, context, refunded).await,
        Fact::CardPaymentSettledByHand(settled) => cards::apply::settled_by_hand(tx, context, settled).await,
    }
}

/// A completed sale as read from its event's bytes, which holds it without the payload.
#[derive(Debug)]
pub struct ReadSale {
    /// The event; its payload is null here, the sale is it.
    pub event: Event,
    /// The sale.
    pub order: Order,
}

impl ReadSale {
    /// Reads an event when it is a sale that this build knows; None for all others and for what cannot be read.
    pub fn of(raw: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Bare<'a> {
            business_date: BusinessDate,
            epoch: u32,
            #[serde(borrow)]
            kind: Cow<'a, str>,
            occurred_at: Timestamp,
            outlet_id: OutletId,
            #[serde(borrow)]
            payload: &'a RawValue,
            seq: u64,
            staff_id: Option<StaffId>,
            tenant_id: TenantId,
            terminal_id: TerminalId,
            version: u16,
        }
        let bare: Bare<'_> = serde_json::from_slice(raw).ok()?;
        if bare.kind != "order.completed" || bare.version > Fact::VERSION {
            return None;
        }
        let order = serde_json::from_str(bare.payload.get()).ok()?;
        let event = Event {
            business_date: bare.business_date,
            epoch: bare.epoch,
            kind: bare.kind.into_owned(),
            occurred_at: bare.occurred_at,
            outlet_id: bare.outlet_id,
            payload: Value::Null,
            seq: bare.seq,
            staff_id: bare.staff_id,
            tenant_id: bare.tenant_id,
            terminal_id: bare.terminal_id,
            version: bare.version,
        };
        Some(Self { event, order })
    }
}

/// Whether the event that stands at another place of the journals says the very same: a till that took a new epoch
/// sends what it had not got rid of once more.
///
/// # Errors
/// A failed statement.
pub async fn says_the_same(
    tx: &mut Tx,
    context: &Context<'_>,
    terminal: &str,
    (epoch, seq): (i64, i64),
) -> Result<bool, DatabaseError> {
    let row = sqlx::query(
        "SELECT raw FROM journal_events WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3 AND seq = $4",
    )
    .bind(context.tenant.to_string())
    .bind(terminal)
    .bind(epoch)
    .bind(seq)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(false) };
    let raw: Vec<u8> = row.try_get(0)?;
    let payload = serde_json::from_slice::<Event>(&raw).map_or(Value::Null, |event| event.payload);
    Ok(payload == context.event.payload)
}
