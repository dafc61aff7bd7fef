//! The exceptions inbox: asked of the server with this terminal's key, for a manager; it needs the server.

use serde_json::Value;
use shared::ids::StaffId;
use shared::staff::Permission;
use shared::wire::inbox::{InboxAct, InboxDetail, InboxException, InboxPage};

use crate::context::{CommandError, Done};
use crate::engine::Call;
use crate::headquarters::ask;
use crate::staff;
use crate::sync::LinkError;
use crate::views::*;

/// A page of exceptions of this outlet.
///
/// # Errors
/// `not_allowed`, or why the server could not be asked.
pub(crate) fn list(call: &Call<'_>, input: ExceptionsInput) -> Done<ExceptionsView> {
    call.read(|db, ctx| staff::require(db, ctx, Permission::BackOffice))?;
    let page: InboxPage = ask(call, refusal, async move |link, signer, clock| {
        link.exceptions(&signer, &*clock, input.open, input.cursor.as_deref()).await
    })?;
    Ok(ExceptionsView {
        exceptions: page.exceptions.iter().map(row).collect(),
        open: page.open,
        next_cursor: page.next_cursor,
    })
}

/// One exception; that this person looked at it is kept.
///
/// # Errors
/// `not_allowed`, `not_found`, or why the server could not be asked.
pub(crate) fn look(call: &Call<'_>, input: ExceptionInput) -> Done<ExceptionView> {
    let who = call.read(|db, ctx| staff::require(db, ctx, Permission::BackOffice))?;
    act(call, input.exception_id, who.staff_id, "see", String::new())
}

/// Settles an exception or has its event applied again, by a manager or with a manager's leave.
///
/// # Errors
/// `approval_needed` and those of a PIN, `invalid` for a note that is missing, `not_found`, or why the server could not be
/// asked.
pub(crate) fn settle(call: &Call<'_>, input: SettleExceptionInput) -> Done<ExceptionView> {
    if !matches!(input.act.as_str(), "resolve" | "reapply") {
        return Err(CommandError::invalid("act", "resolve or reapply is expected"));
    }
    if input.act == "resolve" && input.note.trim().is_empty() {
        return Err(CommandError::invalid("note", "a word on how it was settled is needed"));
    }
    let person = call.write(|store, ctx| {
        let leave = staff::leave(store, ctx, Permission::BackOffice, input.approval.clone())?;
        let outlet = ctx.outlet(store.db())?;
        let moment = ctx.moment(&outlet, Some(leave.who.staff_id));
        if leave.approval_id().is_some() {
            store.write(|tx| leave.record(tx, ctx, &moment))?;
        }
        Ok(leave.answerable())
    })?;
    act(call, input.exception_id, person, &input.act, input.note)
}

fn act(call: &Call<'_>, id: String, staff_id: StaffId, act: &str, note: String) -> Done<ExceptionView> {
    let act = InboxAct { staff_id, act: act.to_owned(), note };
    let detail: InboxDetail = ask(call, refusal, async move |link, signer, clock| {
        link.settle_exception(&signer, &*clock, &id, &act).await
    })?;
    Ok(view(detail))
}

/// What the server refuses about an exception, in the codes of the screens.
fn refusal(error: LinkError) -> CommandError {
    let LinkError::Refused { problem, .. } = &error else { return error.into() };
    match problem.code.as_str() {
        "not_found" => CommandError::not_found("the server knows no such exception"),
        "conflict" => CommandError::invalid("not_parked", problem.detail.clone()),
        "invalid" => CommandError::invalid("note", problem.detail.clone()),
        "forbidden" => CommandError::needs(Code::NotAllowed, Permission::BackOffice),
        _ => error.into(),
    }
}

fn row(exception: &InboxException) -> ExceptionRow {
    let reason = exception.details.get("reason").and_then(Value::as_str);
    ExceptionRow {
        exception_id: exception.exception_id.clone(),
        code: exception.code.clone(),
        reason: reason.map(str::to_owned),
        terminal: exception.terminal_name.clone(),
        subject: exception.subject.clone(),
        occurred_at: exception.occurred_at,
        seen: exception.seen_at.is_some(),
        resolved_at: exception.resolved_at,
        resolved_by: exception.resolved_by.clone(),
    }
}

fn view(detail: InboxDetail) -> ExceptionView {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut facts: Vec<(String, String)> = match &detail.exception.details {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        _ => Vec::new(),
    };
    if let (Some(epoch), Some(seq)) = (detail.exception.epoch, detail.exception.seq) {
        facts.push(("event".to_owned(), format!("{epoch}/{seq}")));
    }
    ExceptionView {
        row: row(&detail.exception),
        can_reapply: detail.can_reapply,
        facts,
        raw: detail.event.map(|event| event.raw),
        branch: detail.branch.into_iter().map(|event| event.raw).collect(),
        steps: detail
            .steps
            .into_iter()
            .map(|step| ExceptionStep {
                kind: step.kind,
                person: step.person_name,
                note: step.note,
                done_at: step.done_at,
            })
            .collect(),
    }
}
