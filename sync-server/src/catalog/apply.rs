//! Edits of items and categories that were made at a till.
//!
//! Of what describes a row the last writer stands, field by field. Prices are the server's: a till's price is a request,
//! granted to who may by the server's own list of people, unless the server's price is newer. What was not taken goes back
//! down as it stands here, and a price that was asked for in vain is shown to people.

use serde_json::json;
use shared::Timestamp;
use shared::catalogue::Item;
use shared::journal::payload::{CategoryEdited, ItemEdited, stamp_of};
use shared::staff::Permission;
use shared::stamp::Stamp;
use shared::wire::entity;
use sqlx::Row as _;

use super::fields::{Edit, UNIT_PRICE};
use super::{CatalogError, check_references, prices, repo, rules, taken, write_batch};
use crate::database::{DatabaseError, Tx};
use crate::identity;
use crate::sync::apply::{Applied, Context, reason};
use crate::sync::exceptions::{self, Exception, code};
use crate::sync::feed::record_change;
use crate::sync::stamps;

/// An edit of an item.
///
/// # Errors
/// A failed statement.
pub async fn item_edited(
    tx: &mut Tx,
    context: &Context<'_>,
    edited: &ItemEdited,
) -> Result<Applied, DatabaseError> {
    parked_if_refused(edit_item(tx, context, edited).await)
}

/// An edit of a category.
///
/// # Errors
/// A failed statement.
pub async fn category_edited(
    tx: &mut Tx,
    context: &Context<'_>,
    edited: &CategoryEdited,
) -> Result<Applied, DatabaseError> {
    parked_if_refused(edit_category(tx, context, edited).await)
}

/// A value that is not allowed sets the event aside; a failed statement is one.
fn parked_if_refused(done: Result<Applied, CatalogError>) -> Result<Applied, DatabaseError> {
    match done {
        Ok(applied) => Ok(applied),
        Err(CatalogError::Database(error)) => Err(error),
        Err(_) => Ok(Applied::Parked(reason::VALUE_REFUSED)),
    }
}

async fn edit_item(tx: &mut Tx, context: &Context<'_>, edited: &ItemEdited) -> Result<Applied, CatalogError> {
    let (tenant, id) = (context.tenant, edited.item_id.to_string());
    let Some(row) = repo::items::find(tx, tenant, edited.item_id, true).await? else {
        return Ok(Applied::Parked(reason::UNKNOWN_ITEM));
    };
    if row.outlet.is_some_and(|outlet| outlet != context.event.outlet_id) {
        return Ok(Applied::Parked(reason::FOREIGN_PLACE));
    }
    let refused = edited.unit_price.is_some() && !may_set_prices(tx, context).await?;
    let stamp = taken_in(tx, context, edited.stamp).await?;
    let mut stamps = stamps::of_row(tx, tenant, entity::ITEM, &id).await?;
    let mut item = row.item.clone();
    let mut edit = Edit::new(&mut stamps, stamp);
    edit.set("name", edited.name.clone(), &mut item.name);
    edit.set("available", edited.available, &mut item.available);
    edit.set("category_id", edited.category_id, &mut item.category_id);
    edit.set("position", edited.position, &mut item.position);
    edit.set("picture_id", edited.picture_id, &mut item.picture_id);
    edit.set(UNIT_PRICE, edited.unit_price.map(Some).filter(|_| !refused), &mut item.unit_price);
    rules::check_item(&item)?;
    if edit.taken.iter().any(|field| matches!(*field, "category_id" | "picture_id")) {
        check_references(tx, tenant, &item).await?;
    }
    let price_in_vain = refused || edit.outdated.contains(&UNIT_PRICE);
    let changed = item != row.item;
    if changed {
        let (change, asked_at) = (std::iter::once((&row.item, &item)), context.event.occurred_at);
        prices::keep(tx, tenant, change, context.now, Some(asked_at)).await?;
        write_batch(tx, tenant, row.outlet, std::slice::from_ref(&item), |_| false, context.now).await?;
    } else if refused || !edit.outdated.is_empty() {
        // The till shows its own edit until it hears what stands here.
        let body = serde_json::to_value(&item)?;
        record_change(tx, tenant, entity::ITEM, &id, row.outlet, Some(&body)).await?;
    }
    stamps::put(tx, tenant, entity::ITEM, &edit.written(&id), stamp, context.now).await?;
    if price_in_vain {
        let code = if refused { code::PRICE_REFUSED } else { code::PRICE_OUTDATED };
        note_price(tx, context, code, edited, &item).await?;
    }
    Ok(Applied::Done)
}

async fn edit_category(
    tx: &mut Tx,
    context: &Context<'_>,
    edited: &CategoryEdited,
) -> Result<Applied, CatalogError> {
    let (tenant, id) = (context.tenant, edited.category_id.to_string());
    let Some(row) = repo::categories::lock(tx, tenant, edited.category_id).await? else {
        return Ok(Applied::Parked(reason::UNKNOWN_CATEGORY));
    };
    if row.outlet.is_some_and(|outlet| outlet != context.event.outlet_id) {
        return Ok(Applied::Parked(reason::FOREIGN_PLACE));
    }
    let stamp = taken_in(tx, context, edited.stamp).await?;
    let mut stamps = stamps::of_row(tx, tenant, entity::CATEGORY, &id).await?;
    let mut category = row.category.clone();
    let mut edit = Edit::new(&mut stamps, stamp);
    edit.set("name", edited.name.clone(), &mut category.name);
    edit.set("position", edited.position, &mut category.position);
    edit.set("color", edited.color.clone(), &mut category.color);
    rules::check_category(&category)?;
    if category != row.category {
        let put = repo::categories::put(tx, tenant, row.outlet, &category, context.now).await;
        put.map_err(taken("a category of this name is there already"))?;
    }
    if category != row.category || !edit.outdated.is_empty() {
        let body = serde_json::to_value(&category)?;
        record_change(tx, tenant, entity::CATEGORY, &id, row.outlet, Some(&body)).await?;
    }
    stamps::put(tx, tenant, entity::CATEGORY, &edit.written(&id), stamp, context.now).await?;
    Ok(Applied::Done)
}

/// The stamp of an event's edit as far as the server believes it, by its clock when the event came in: an event that is
/// applied late, or twice, is judged just the same.
async fn taken_in(tx: &mut Tx, context: &Context<'_>, stamp: Option<Stamp>) -> Result<Stamp, DatabaseError> {
    let (epoch, seq) = context.place();
    let row = sqlx::query(
        "SELECT received_at FROM journal_events \
         WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3 AND seq = $4",
    )
    .bind(context.tenant.to_string())
    .bind(context.event.terminal_id.to_string())
    .bind(epoch)
    .bind(seq)
    .fetch_one(&mut **tx)
    .await?;
    let arrived = Timestamp::from_millis(row.try_get(0)?);
    Ok(stamp_of(context.event, stamp).taken_in(arrived, context.event.seq))
}

/// Whether the person of the event may change prices at its outlet, by what the server knows of them now: what a till says
/// of its people counts for nothing.
async fn may_set_prices(tx: &mut Tx, context: &Context<'_>) -> Result<bool, DatabaseError> {
    let Some(staff_id) = context.event.staff_id else { return Ok(false) };
    let known = identity::repo::staff::find(tx, context.tenant, staff_id).await?;
    Ok(known.is_some_and(|staff| {
        let works_here = staff.outlet_ids.is_empty() || staff.outlet_ids.contains(&context.event.outlet_id);
        staff.active && works_here && staff.role.may(Permission::EditItems)
    }))
}

/// Shows people a price that was asked for in vain, beside the one that stands.
async fn note_price(
    tx: &mut Tx,
    context: &Context<'_>,
    code: &'static str,
    edited: &ItemEdited,
    item: &Item,
) -> Result<(), DatabaseError> {
    let event = context.event;
    let exception = Exception {
        code,
        outlet_id: Some(event.outlet_id),
        terminal_id: Some(event.terminal_id),
        event: Some((event.epoch, event.seq)),
        subject: item.name.clone(),
        details: json!({ "item_id": item.item_id, "sku": item.sku, "unit_price": edited.unit_price,
            "standing_price": item.unit_price, "staff_id": event.staff_id }),
        occurred_at: event.occurred_at,
    };
    exceptions::note(tx, context.tenant, &exception, context.now).await.map(drop)
}
