//! The inbox: reading exceptions for people, and keeping who saw them and what was done.

use shared::Timestamp;
use shared::ids::{OutletId, TenantId, TerminalId};
use shared::wire::entity;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::views::{ExceptionDetail, ExceptionList, ExceptionView, RawEventView, StepView};
use super::{code, notice_id};
use crate::database::{DatabaseError, Filters, Newest, PageAsked, Tx};
use crate::error::ApiError;
use crate::sync::apply;
use crate::sync::feed::record_change;

/// The closed list of what is done about an exception.
pub mod kind {
    /// A person looked at it.
    pub const SEEN: &str = "seen";
    /// A person let its event be applied again.
    pub const REAPPLIED: &str = "reapplied";
    /// A person settled it.
    pub const RESOLVED: &str = "resolved";
    /// Its event was applied after all, and it settled by itself.
    pub const APPLIED: &str = "applied";
}

/// The most events of another branch that are shown.
const BRANCH_SHOWN: i64 = 50;
/// The longest note.
pub const MAX_NOTE: usize = 500;

/// Who does something about an exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id, of staff or headquarters.
    pub id: String,
    /// Their name.
    pub name: String,
    /// The terminal at which they are; None is headquarters.
    pub terminal_id: Option<TerminalId>,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'a> {
    kind: &'static str,
    person: Option<&'a Person>,
    note: &'a str,
}

impl Step<'static> {
    /// A step of the server itself.
    pub fn of_server(kind: &'static str) -> Self {
        Self { kind, person: None, note: "" }
    }
}

/// Which exceptions somebody may see.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// The business.
    pub tenant: TenantId,
    /// Only of this outlet; None is all.
    pub outlet: Option<OutletId>,
}

const EXCEPTIONS: Newest =
    Newest { table: "exceptions", columns: COLUMNS, time: "created_at", id: "exception_id" };
const COLUMNS: &str = "exception_id, code, outlet_id, terminal_id, epoch, seq, subject, details, occurred_at, created_at, \
     seen_at, resolved_at, resolved_by, (SELECT t.name FROM terminals t WHERE t.tenant_id = exceptions.tenant_id AND \
     t.terminal_id = exceptions.terminal_id)";

fn read_row(row: &AnyRow) -> Result<ExceptionView, DatabaseError> {
    let details = serde_json::from_str(row.try_get(7)?);
    Ok(ExceptionView {
        exception_id: row.try_get(0)?,
        code: row.try_get(1)?,
        outlet_id: row.try_get(2)?,
        terminal_id: row.try_get(3)?,
        epoch: row.try_get(4)?,
        seq: row.try_get(5)?,
        subject: row.try_get(6)?,
        details: details.map_err(|error| DatabaseError::corrupt("exceptions", error))?,
        occurred_at: row.try_get(8)?,
        created_at: row.try_get(9)?,
        seen_at: row.try_get(10)?,
        resolved_at: row.try_get(11)?,
        resolved_by: row.try_get(12)?,
        terminal_name: row.try_get(13)?,
    })
}

/// A page of exceptions that pass the filters, newest first.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn list(
    tx: &mut Tx,
    scope: Scope,
    filters: Filters,
    page: PageAsked,
) -> Result<ExceptionList, DatabaseError> {
    let (exceptions, next_cursor) = EXCEPTIONS.page(tx, filters, page, read_row).await?;
    let mut open = Filters::of("tenant_id", scope.tenant);
    open.text("outlet_id", "=", scope.outlet);
    open.fixed("resolved_at IS NULL");
    let sql = format!("SELECT COUNT(*) FROM exceptions WHERE {}", open.sql());
    let row = open.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_one(&mut **tx).await?;
    Ok(ExceptionList { exceptions, open: row.try_get(0)?, next_cursor })
}

async fn find(tx: &mut Tx, scope: Scope, id: &str) -> Result<Option<ExceptionView>, DatabaseError> {
    let mut filters = Filters::of("tenant_id", scope.tenant);
    filters.text("exception_id", "=", Some(id));
    filters.text("outlet_id", "=", scope.outlet);
    let sql = format!("SELECT {COLUMNS} FROM exceptions WHERE {}", filters.sql());
    let row =
        filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_optional(&mut **tx).await?;
    row.as_ref().map(read_row).transpose()
}

/// One exception with its event, the other branch of its journal and what was done; None when there is none in scope.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn detail(tx: &mut Tx, scope: Scope, id: &str) -> Result<Option<ExceptionDetail>, DatabaseError> {
    let Some(exception) = find(tx, scope, id).await? else { return Ok(None) };
    let place = exception.terminal_id.as_deref().zip(exception.epoch).zip(exception.seq);
    let (mut event, mut branch) = (None, Vec::new());
    if let Some(((terminal, epoch), seq)) = place {
        event = held_event(tx, scope.tenant, terminal, epoch, seq).await?;
        if exception.code == code::JOURNAL_FORK {
            branch = forked_events(tx, scope.tenant, terminal, epoch, seq).await?;
        }
    }
    let parked = event.as_ref().is_some_and(|event| event.state == "parked");
    let steps = steps(tx, scope.tenant, id).await?;
    Ok(Some(ExceptionDetail {
        can_reapply: parked && exception.code == code::EVENT_PARKED,
        exception,
        event,
        branch,
        steps,
    }))
}

async fn held_event(
    tx: &mut Tx,
    tenant: TenantId,
    terminal: &str,
    epoch: i64,
    seq: i64,
) -> Result<Option<RawEventView>, DatabaseError> {
    let row = sqlx::query(
        "SELECT epoch, seq, state, reason, received_at, hash, signature, raw FROM journal_events \
         WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3 AND seq = $4",
    )
    .bind(tenant.to_string())
    .bind(terminal)
    .bind(epoch)
    .bind(seq)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| raw_event(&row, row.try_get(2)?, row.try_get(3)?)).transpose()
}

async fn forked_events(
    tx: &mut Tx,
    tenant: TenantId,
    terminal: &str,
    epoch: i64,
    seq: i64,
) -> Result<Vec<RawEventView>, DatabaseError> {
    let sql = format!(
        "SELECT epoch, seq, '', '', received_at, hash, signature, raw FROM journal_forks \
         WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3 AND seq >= $4 ORDER BY seq, hash LIMIT {BRANCH_SHOWN}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(tenant.to_string())
        .bind(terminal)
        .bind(epoch)
        .bind(seq)
        .fetch_all(&mut **tx)
        .await?;
    rows.iter().map(|row| raw_event(row, "apart".to_owned(), None)).collect()
}

fn raw_event(row: &AnyRow, state: String, reason: Option<String>) -> Result<RawEventView, DatabaseError> {
    Ok(RawEventView {
        epoch: row.try_get(0)?,
        seq: row.try_get(1)?,
        state,
        reason,
        received_at: row.try_get(4)?,
        hash: hex::encode(row.try_get::<Vec<u8>, _>(5)?),
        signature: hex::encode(row.try_get::<Vec<u8>, _>(6)?),
        raw: String::from_utf8_lossy(&row.try_get::<Vec<u8>, _>(7)?).into_owned(),
    })
}

async fn steps(tx: &mut Tx, tenant: TenantId, id: &str) -> Result<Vec<StepView>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT kind, person_name, terminal_id, note, done_at FROM exception_steps \
         WHERE tenant_id = $1 AND exception_id = $2 ORDER BY step_number LIMIT 200",
    )
    .bind(tenant.to_string())
    .bind(id)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(StepView {
                kind: row.try_get(0)?,
                person_name: row.try_get(1)?,
                terminal_id: row.try_get(2)?,
                note: row.try_get(3)?,
                done_at: row.try_get(4)?,
            })
        })
        .collect()
}

/// Keeps what was done; the caller holds the row of the exception.
///
/// # Errors
/// A failed statement.
pub async fn add_step(
    tx: &mut Tx,
    tenant: TenantId,
    id: &str,
    step: Step<'_>,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO exception_steps (tenant_id, exception_id, step_number, kind, person_id, person_name, terminal_id, \
         note, done_at) SELECT $1, $2, COALESCE(MAX(step_number), 0) + 1, $3, $4, $5, $6, $7, $8 FROM exception_steps \
         WHERE tenant_id = $9 AND exception_id = $10",
    )
    .bind(tenant.to_string())
    .bind(id)
    .bind(step.kind)
    .bind(step.person.map(|person| person.id.clone()))
    .bind(step.person.map(|person| person.name.clone()))
    .bind(step.person.and_then(|person| person.terminal_id).map(|id| id.to_string()))
    .bind(step.note)
    .bind(now.as_millis())
    .bind(tenant.to_string())
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a person does about an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act<'a> {
    /// Looks at it; the first look of each person is kept.
    See,
    /// Settles it with a word on how.
    Resolve(&'a str),
    /// Lets its event be applied again.
    Reapply,
}

/// Does it, once: what was done before is done.
///
/// # Errors
/// `not_found`, `invalid` for a note that is missing or too long, `conflict` for an event that cannot be applied again.
pub async fn act(
    tx: &mut Tx,
    scope: Scope,
    id: &str,
    person: &Person,
    act: Act<'_>,
    now: Timestamp,
) -> Result<(), ApiError> {
    // The row is held from here on, so that two people at once come one after the other.
    let held = sqlx::query(
        "UPDATE exceptions SET seen_at = COALESCE(seen_at, $1) WHERE tenant_id = $2 AND exception_id = $3",
    )
    .bind(now.as_millis())
    .bind(scope.tenant.to_string())
    .bind(id)
    .execute(&mut **tx)
    .await?;
    let found = if held.rows_affected() > 0 { find(tx, scope, id).await? } else { None };
    let exception = found.ok_or_else(|| ApiError::not_found("exception"))?;
    match act {
        Act::See => {
            if !saw(tx, scope.tenant, id, person).await? {
                let step = Step { kind: kind::SEEN, person: Some(person), note: "" };
                add_step(tx, scope.tenant, id, step, now).await?;
            }
        }
        Act::Resolve(note) => {
            let note = note.trim();
            if note.is_empty() || note.chars().count() > MAX_NOTE {
                return Err(ApiError::invalid(
                    "note",
                    format!("a note of 1 to {MAX_NOTE} characters is expected"),
                ));
            }
            if exception.resolved_at.is_none() {
                resolve(tx, scope.tenant, &exception, person, note, now).await?;
            }
        }
        Act::Reapply => reapply(tx, scope.tenant, &exception, person, now).await?,
    }
    Ok(())
}

async fn saw(tx: &mut Tx, tenant: TenantId, id: &str, person: &Person) -> Result<bool, DatabaseError> {
    let row = sqlx::query(
        "SELECT COUNT(*) FROM exception_steps WHERE tenant_id = $1 AND exception_id = $2 AND kind = 'seen' \
         AND person_id = $3",
    )
    .bind(tenant.to_string())
    .bind(id)
    .bind(person.id.as_str())
    .fetch_one(&mut **tx)
    .await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

async fn resolve(
    tx: &mut Tx,
    tenant: TenantId,
    exception: &ExceptionView,
    person: &Person,
    note: &str,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let id = exception.exception_id.as_str();
    sqlx::query(
        "UPDATE exceptions SET resolved_at = $1, resolved_by = $2 WHERE tenant_id = $3 AND exception_id = $4 \
         AND resolved_at IS NULL",
    )
    .bind(now.as_millis())
    .bind(person.name.as_str())
    .bind(tenant.to_string())
    .bind(id)
    .execute(&mut **tx)
    .await?;
    add_step(tx, tenant, id, Step { kind: kind::RESOLVED, person: Some(person), note }, now).await?;
    take_back_notice(tx, tenant, exception).await
}

/// The people at the terminal need not see it any longer.
async fn take_back_notice(
    tx: &mut Tx,
    tenant: TenantId,
    exception: &ExceptionView,
) -> Result<(), DatabaseError> {
    let parked = match (exception.terminal_id.as_deref(), exception.epoch, exception.seq) {
        (Some(terminal), Some(epoch), Some(seq)) if exception.code == code::EVENT_PARKED => {
            Some(apply::notice_id(terminal, epoch, seq))
        }
        _ => None,
    };
    let notice = parked.unwrap_or_else(|| notice_id(&exception.exception_id));
    let told = sqlx::query(
        "SELECT COUNT(*) FROM feed_rows WHERE tenant_id = $1 AND entity = $2 AND row_id = $3 AND body IS NOT NULL",
    )
    .bind(tenant.to_string())
    .bind(entity::NOTICE)
    .bind(notice.as_str())
    .fetch_one(&mut **tx)
    .await?;
    if told.try_get::<i64, _>(0)? > 0 {
        record_change(tx, tenant, entity::NOTICE, &notice, None, None).await?;
    }
    Ok(())
}

async fn reapply(
    tx: &mut Tx,
    tenant: TenantId,
    exception: &ExceptionView,
    person: &Person,
    now: Timestamp,
) -> Result<(), ApiError> {
    let done = sqlx::query(
        "UPDATE journal_events SET state = 'received' WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3 \
         AND seq = $4 AND state = 'parked'",
    )
    .bind(tenant.to_string())
    .bind(exception.terminal_id.as_deref().unwrap_or_default())
    .bind(exception.epoch.unwrap_or(0))
    .bind(exception.seq.unwrap_or(0))
    .execute(&mut **tx)
    .await?;
    if exception.code != code::EVENT_PARKED || done.rows_affected() == 0 {
        return Err(ApiError::conflict("only an event that is set aside can be applied again"));
    }
    let step = Step { kind: kind::REAPPLIED, person: Some(person), note: "" };
    add_step(tx, tenant, &exception.exception_id, step, now).await?;
    Ok(())
}
