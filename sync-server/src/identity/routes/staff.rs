//! The people who work at a business: their roles, PINs and outlets.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::ids::{OutletId, StaffId};
use shared::staff::pin::Pin;
use shared::staff::{Permission, Role, Staff};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiError;
use crate::extract::{JsonBody, PathId};
use crate::identity::{IdentityError, Principal, hash_staff_pin, put_staff, repo, rules};
use crate::openapi::Problems;

/// A person, without the hash of their PIN.
#[derive(Serialize, ToSchema)]
pub struct StaffMember {
    /// The person.
    #[schema(value_type = String, format = "uuid")]
    staff_id: StaffId,
    /// The name on the sign-in screen and the receipt.
    name: String,
    /// What they are: kitchen, cashier, manager, admin or owner.
    #[schema(value_type = String, example = "cashier")]
    role: Role,
    /// The outlets they work at; empty is all.
    #[schema(value_type = Vec<String>)]
    outlet_ids: Vec<OutletId>,
    /// Whether they may sign in.
    active: bool,
}

impl From<Staff> for StaffMember {
    fn from(staff: Staff) -> Self {
        let Staff { staff_id, name, role, outlet_ids, active, .. } = staff;
        Self { staff_id, name, role, outlet_ids, active }
    }
}

/// Everyone who works at the business.
#[derive(Serialize, ToSchema)]
pub struct StaffList {
    /// The people, those who may sign in first.
    staff: Vec<StaffMember>,
}

/// A person who begins to work.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStaff {
    /// The name on the sign-in screen and the receipt.
    name: String,
    /// What they are; at most your own role.
    #[schema(value_type = String, example = "cashier")]
    role: Role,
    /// 4 to 8 digits, not all the same and not a run.
    #[schema(value_type = String, format = Password, example = "2580")]
    pin: Pin,
    /// The outlets they work at; empty is all.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    outlet_ids: Vec<OutletId>,
}

/// What changes of a person; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffChange {
    /// The name on the sign-in screen and the receipt.
    name: Option<String>,
    /// What they are; at most your own role.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// A new PIN.
    #[schema(value_type = Option<String>, format = Password)]
    pin: Option<Pin>,
    /// The outlets they work at; empty is all.
    #[schema(value_type = Option<Vec<String>>)]
    outlet_ids: Option<Vec<OutletId>>,
    /// False: may not sign in any more. People are never deleted, since receipts name them.
    active: Option<bool>,
}

/// Everyone who works at the business.
#[utoipa::path(
    get, path = "/api/v1/staff", tag = "staff",
    responses((status = 200, description = "The people", body = StaffList), Problems)
)]
pub async fn list(State(state): State<AppState>, principal: Principal) -> Result<Json<StaffList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let mut tx = state.db.read(principal.tenant_id).await?;
    let staff = repo::staff::all(&mut tx, principal.tenant_id).await?;
    Ok(Json(StaffList { staff: staff.into_iter().map(StaffMember::from).collect() }))
}

/// Take a person on.
#[utoipa::path(
    post, path = "/api/v1/staff", tag = "staff", request_body = NewStaff,
    responses((status = 201, description = "The person", body = StaffMember), Problems)
)]
pub async fn create(
    State(state): State<AppState>,
    principal: Principal,
    JsonBody(new): JsonBody<NewStaff>,
) -> Result<(StatusCode, Json<StaffMember>), ApiError> {
    principal.require(Permission::EditBusiness)?;
    check_rank(&principal, new.role)?;
    let staff = Staff {
        staff_id: StaffId::new(&*state.clock, &mut state.rng()),
        name: rules::visible_name("name", &new.name, 60).map_err(IdentityError::from)?,
        role: new.role,
        pin_hash: hash(&state, &principal, new.pin).await?,
        outlet_ids: new.outlet_ids,
        active: true,
    };
    let mut tx = state.db.write(principal.tenant_id).await?;
    put_staff(&mut tx, principal.tenant_id, &staff, state.clock.now()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(staff.into())))
}

/// Change a person, their PIN or whether they may sign in.
#[utoipa::path(
    patch, path = "/api/v1/staff/{id}", tag = "staff", request_body = StaffChange,
    params(("id" = String, Path, description = "The person", format = "uuid")),
    responses((status = 200, description = "The person as they are now", body = StaffMember), Problems)
)]
pub async fn update(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<StaffId>,
    JsonBody(change): JsonBody<StaffChange>,
) -> Result<Json<StaffMember>, ApiError> {
    principal.require(Permission::EditBusiness)?;
    let pin_hash = match change.pin {
        Some(pin) => Some(hash(&state, &principal, pin).await?),
        None => None,
    };
    let mut tx = state.db.write(principal.tenant_id).await?;
    let staff = repo::staff::find(&mut tx, principal.tenant_id, id).await?;
    let mut staff = staff.ok_or_else(|| ApiError::not_found("person"))?;
    check_rank(&principal, staff.role.max(change.role.unwrap_or(staff.role)))?;
    if let Some(name) = change.name {
        staff.name = rules::visible_name("name", &name, 60).map_err(IdentityError::from)?;
    }
    staff.role = change.role.unwrap_or(staff.role);
    staff.pin_hash = pin_hash.unwrap_or(staff.pin_hash);
    staff.outlet_ids = change.outlet_ids.unwrap_or(staff.outlet_ids);
    staff.active = change.active.unwrap_or(staff.active);
    put_staff(&mut tx, principal.tenant_id, &staff, state.clock.now()).await?;
    tx.commit().await?;
    Ok(Json(staff.into()))
}

/// Nobody makes or changes somebody above themselves.
fn check_rank(principal: &Principal, role: Role) -> Result<(), ApiError> {
    if role <= principal.role {
        Ok(())
    } else {
        Err(ApiError::forbidden("this person's role is above your own"))
    }
}

async fn hash(state: &AppState, principal: &Principal, pin: Pin) -> Result<String, ApiError> {
    if pin.is_easily_guessed() {
        return Err(ApiError::invalid(
            "pin",
            "a PIN that is not one digit repeated and not a run is expected",
        ));
    }
    let (secrets, tenant, mut rng) = (state.secrets.clone(), principal.tenant_id, state.rng());
    let hashed = tokio::task::spawn_blocking(move || hash_staff_pin(&secrets, tenant, &pin, &mut rng));
    Ok(hashed.await.map_err(|error| ApiError::internal(&error))??)
}
