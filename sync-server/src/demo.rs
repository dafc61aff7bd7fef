//! The demo business: a café in Jakarta and a mini-market in Ho Chi Minh City, so that the first start looks like a shop.
//!
//! The business stands in `sync-server/demo/*.json`; its pictures are drawn by [`pictures`]. Ids come from the codes in
//! those files, so seeding again finds what is there. To add an item: a line in the outlet's file. To add an outlet: an
//! entry in `business.json`, a file of its own beside the others and an arm in `files.rs`.

mod files;
pub mod ids;
pub mod pictures;
pub mod plan;
mod repo;
#[cfg(test)]
mod tests;

use serde::Serialize;
use shared::Timestamp;
use shared::ids::{OutletId, StaffId, TenantId, TerminalId};
use shared::staff::{Role, Staff};
use shared::wire::entity;

use crate::app::AppState;
use crate::catalog::{self, CatalogError};
use crate::database::{DatabaseError, Tx};
use crate::identity::{self, IdentityError, NewAdmin};
use crate::members::{self, MemberError};
use plan::{Plan, PlanError, PlannedOutlet, PlannedStaff};
use repo::Present;

/// What a newcomer needs to try the demo business; passwords and PINs are the demo's own and in the open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoBusiness {
    /// The business.
    pub tenant_id: TenantId,
    /// Who signs in at headquarters.
    pub admin: DemoAdmin,
    /// Its outlets.
    pub outlets: Vec<DemoOutlet>,
    /// A one-time code that enrols a terminal, when one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairing_code: Option<String>,
}

/// An account at headquarters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoAdmin {
    /// The sign-in name.
    pub email: String,
    /// The password.
    pub password: String,
}

/// An outlet and who works there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoOutlet {
    /// The outlet.
    pub outlet_id: OutletId,
    /// Its short code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Who may sign in there, the owner too.
    pub staff: Vec<DemoStaff>,
}

/// A person with their PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DemoStaff {
    /// The person.
    pub staff_id: StaffId,
    /// What they are.
    pub role: Role,
    /// The name on the sign-in screen.
    pub name: String,
    /// The PIN.
    pub pin: String,
}

/// Why the demo business could not be seeded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The demo files contradict themselves, which a test forbids.
    #[error("could not read the demo files")]
    Plan(#[from] PlanError),
    /// People or outlets were refused.
    #[error("could not put the demo's people and outlets into the database")]
    Identity(#[from] IdentityError),
    /// Items, categories or pictures were refused.
    #[error("could not put the demo's items into the database")]
    Catalog(#[from] CatalogError),
    /// Customers were refused.
    #[error("could not put the demo's customers into the database")]
    Members(#[from] MemberError),
    /// A failed statement.
    #[error("could not use the database")]
    Database(#[from] DatabaseError),
    /// No such outlet.
    #[error("the demo business has no outlet `{0}`; it has KOPI and CHO")]
    Outlet(String),
}

/// Puts what is missing of the demo business into the database and, when `pair` names an outlet, makes a pairing code for
/// a terminal there. What is there stays as it is, so edits and deletions survive and a second run changes nothing; works
/// while a server serves the same database.
///
/// # Errors
/// See [`DemoError`].
pub async fn seed(state: &AppState, pair: Option<&str>) -> Result<DemoBusiness, DemoError> {
    let plan = plan::read()?;
    let tenant = plan.tenant_id;
    let paired = match pair {
        None => None,
        Some(code) => {
            let outlet = plan.outlets.iter().find(|planned| planned.outlet.code == code);
            Some(outlet.ok_or_else(|| DemoError::Outlet(code.to_owned()))?)
        }
    };
    // Hashing takes a while: it is done before the database is locked for writing, and for new people only.
    let present = repo::present(&mut state.db.system().await?, tenant).await?;
    let newcomers = newcomers(state, &plan, &present)?;
    let new_business = !present.tenant;
    let hash = || identity::hash_password(&state.secrets, tenant, &plan.admin.password, &mut state.rng());
    let password_hash = new_business.then(hash).transpose()?;

    let now = state.clock.now();
    let mut tx = state.db.system_write().await?;
    let present = repo::present(&mut tx, tenant).await?;
    if let (false, Some(password_hash)) = (present.tenant, password_hash) {
        identity::create_tenant(&mut tx, tenant, &plan.name, now).await?;
        let account = NewAdmin {
            admin_id: plan.admin.admin_id,
            email: plan.admin.email.clone(),
            name: plan.admin.name.clone(),
            role: Role::Admin,
            password_hash,
        };
        identity::create_admin(&mut tx, tenant, &account, now).await?;
    }
    for planned in &plan.outlets {
        put_outlet(&mut tx, tenant, planned, &present, now).await?;
    }
    for staff in newcomers.iter().filter(|staff| present.lacks(entity::STAFF, &staff.staff_id)) {
        identity::put_staff(&mut tx, tenant, staff, now).await?;
    }
    for customer in present.missing(entity::CUSTOMER, &plan.customers, |customer| customer.customer_id) {
        members::add_customer(&mut tx, tenant, customer, now).await?;
    }
    let pairing_code = match paired {
        None => None,
        Some(planned) => Some(pairing_code(state, &mut tx, tenant, planned, now).await?),
    };
    tx.commit().await.map_err(DatabaseError::from)?;
    Ok(report(plan, pairing_code))
}

/// The people who are not in the database yet, with their PINs hashed.
fn newcomers(state: &AppState, plan: &Plan, present: &Present) -> Result<Vec<Staff>, IdentityError> {
    let everyone = std::iter::once(&plan.owner).chain(plan.outlets.iter().flat_map(|outlet| &outlet.staff));
    let missing = everyone.filter(|person| present.lacks(entity::STAFF, &person.staff_id));
    missing
        .map(|person| {
            let hash =
                identity::hash_staff_pin(&state.secrets, plan.tenant_id, &person.pin, &mut state.rng())?;
            Ok(Staff {
                staff_id: person.staff_id,
                name: person.name.clone(),
                role: person.role,
                pin_hash: hash,
                outlet_ids: person.outlet_id.into_iter().collect(),
                active: true,
            })
        })
        .collect()
}

async fn put_outlet(
    tx: &mut Tx,
    tenant: TenantId,
    planned: &PlannedOutlet,
    present: &Present,
    now: Timestamp,
) -> Result<(), DemoError> {
    let outlet = Some(planned.outlet.outlet_id);
    if present.lacks(entity::OUTLET, &planned.outlet.outlet_id) {
        identity::put_outlet(tx, tenant, &planned.outlet, now).await?;
    }
    let categories = present.missing(entity::CATEGORY, &planned.categories, |category| category.category_id);
    if !categories.is_empty() {
        catalog::put_categories(tx, tenant, outlet, &categories, now).await?;
    }
    let pictures = present.missing(entity::PICTURE, &planned.pictures, |picture| picture.picture_id);
    if !pictures.is_empty() {
        catalog::put_pictures(tx, tenant, outlet, &pictures, now).await?;
    }
    let items = present.missing(entity::ITEM, &planned.items, |item| item.item_id);
    if !items.is_empty() {
        catalog::put_items(tx, tenant, outlet, &items, now).await?;
    }
    Ok(())
}

/// A pairing code for a terminal of the outlet that was never enrolled; for a new one when there is none.
async fn pairing_code(
    state: &AppState,
    tx: &mut Tx,
    tenant: TenantId,
    planned: &PlannedOutlet,
    now: Timestamp,
) -> Result<String, DemoError> {
    let outlet = planned.outlet.outlet_id;
    let mut terminals = identity::repo::terminals::all(tx, tenant).await?;
    terminals.retain(|terminal| terminal.outlet_id == outlet);
    let waiting = terminals.iter().find(|terminal| terminal.enrolled_at.is_none() && !terminal.revoked);
    let terminal = match waiting {
        Some(terminal) => terminal.terminal_id,
        None => {
            let id = TerminalId::new(&*state.clock, &mut state.rng());
            let name = format!("{} {}", planned.terminal_name, terminals.len() + 1);
            identity::create_terminal(tx, tenant, outlet, &name, id, now).await?;
            id
        }
    };
    Ok(identity::create_pairing_code(tx, &state.secrets, tenant, terminal, now, &mut state.rng()).await?)
}

fn report(plan: Plan, pairing_code: Option<String>) -> DemoBusiness {
    let person = |staff: &PlannedStaff| DemoStaff {
        staff_id: staff.staff_id,
        role: staff.role,
        name: staff.name.clone(),
        pin: staff.pin_text.clone(),
    };
    let outlets = plan.outlets.iter().map(|planned| DemoOutlet {
        outlet_id: planned.outlet.outlet_id,
        code: planned.outlet.code.clone(),
        name: planned.outlet.name.clone(),
        staff: std::iter::once(&plan.owner).chain(&planned.staff).map(person).collect(),
    });
    DemoBusiness {
        tenant_id: plan.tenant_id,
        outlets: outlets.collect(),
        admin: DemoAdmin { email: plan.admin.email, password: plan.admin.password },
        pairing_code,
    }
}
