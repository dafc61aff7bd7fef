//! From a job of the queue to what stands on its paper.

use hardware::Document;
use rusqlite::Connection;
use shared::Timestamp;

use super::tickets::TicketBody;
use crate::context::Device;
use crate::receipts;
use crate::store::print_jobs::{PrintJob, PrintKind};
use crate::store::{StoreError, drawer_sessions, orders, people, refunds};

/// The document of a job; None when what it prints is no longer (or not yet) in the store.
pub(super) fn document(
    db: &Connection,
    device: Option<&Device>,
    job: &PrintJob,
    now: Timestamp,
) -> Result<Option<Document>, StoreError> {
    let outlet = match device {
        Some(device) => people::outlet(db, device.outlet_id)?,
        None => None,
    };
    if job.kind == PrintKind::Test {
        return Ok(Some(receipts::test_page(outlet.as_deref(), now)));
    }
    let Some(outlet) = outlet else { return Ok(None) };
    let document = match job.kind {
        PrintKind::Test => None,
        PrintKind::Ticket => match (subject(job)?, body::<TicketBody>(job)?) {
            (Some(id), Some(body)) => orders::order(db, id)?.map(|order| {
                let moved_from = job.moved_from.as_deref();
                let ticket = receipts::Ticket { station: &body.station, lines: &body.lines, moved_from };
                receipts::ticket(&outlet, &order, ticket, job.copy)
            }),
            _ => None,
        },
        PrintKind::Order => match subject(job)? {
            Some(id) => orders::order(db, id)?.map(|order| receipts::order(&outlet, &order, job.copy)),
            None => None,
        },
        PrintKind::Refund => match subject(job)? {
            Some(id) => refunds::refund(db, id)?.map(|refund| receipts::refund(&outlet, &refund, job.copy)),
            None => None,
        },
        PrintKind::Z => match subject(job)? {
            Some(id) => {
                drawer_sessions::closed(db, id)?.map(|closed| receipts::z_report(&outlet, &closed, job.copy))
            }
            None => None,
        },
        PrintKind::X => body(job)?.map(|report| receipts::x_report(&outlet, &report, job.created_at)),
        PrintKind::CardDay => body(job)?.map(|slip| receipts::card_day(&outlet, &slip, job.copy)),
        PrintKind::Stock => body(job)?.map(|slip| receipts::stock_moved(&outlet, &slip, job.copy)),
    };
    Ok(document)
}

fn subject<T: std::str::FromStr<Err = shared::ids::IdError>>(
    job: &PrintJob,
) -> Result<Option<T>, StoreError> {
    let id = job.subject_id.as_deref().map(str::parse);
    id.transpose().map_err(|error| StoreError::contradiction("a print job", error))
}

fn body<T: serde::de::DeserializeOwned>(job: &PrintJob) -> Result<Option<T>, StoreError> {
    let body = job.body.as_deref().map(serde_json::from_str);
    body.transpose().map_err(|error| StoreError::contradiction("a print job", error))
}
