//! What the command line does: a new business with its first administrator, and a pairing code without signing in.

use rand_core::RngCore;
use shared::ids::{AdminId, TenantId, TerminalId};
use shared::staff::Role;

use super::{IdentityError, NewAdmin, rules};
use super::{create_admin, create_pairing_code, create_tenant, hash_password, repo};
use crate::app::AppState;

/// A password of 80 random bits that can be read out and typed: `XXXX-XXXX-XXXX-XXXX`.
pub fn random_password(rng: &mut dyn RngCore) -> String {
    let mut halves = [[0_u8; 5]; 2];
    halves.iter_mut().for_each(|half| rng.fill_bytes(half));
    halves.map(rules::pairing_code_text).join("-")
}

/// Makes a business and its owner's account.
///
/// # Errors
/// A name, address or password that is not allowed, an address in use, or a failed statement.
pub async fn found(
    state: &AppState,
    name: &str,
    email: &str,
    password: &str,
) -> Result<TenantId, IdentityError> {
    let (now, mut rng) = (state.clock.now(), state.rng());
    let tenant = TenantId::new(&*state.clock, &mut rng);
    let password_hash = hash_password(&state.secrets, tenant, password, &mut rng)?;
    let admin_id = AdminId::new(&*state.clock, &mut rng);
    let (email, name) = (rules::normal_email(email)?, rules::visible_name("name", name, 80)?);
    let admin =
        NewAdmin { admin_id, email: email.clone(), name: name.clone(), role: Role::Owner, password_hash };
    let mut tx = state.db.system_write().await?;
    if !repo::admins::by_email(&mut tx, &email).await?.is_empty() {
        return Err(IdentityError::Taken("an account with this e-mail address is there already"));
    }
    create_tenant(&mut tx, tenant, &name, now).await?;
    create_admin(&mut tx, tenant, &admin, now).await?;
    tx.commit().await.map_err(crate::database::DatabaseError::from)?;
    Ok(tenant)
}

/// Makes a terminal at an outlet and its one-time pairing code; `tenant` is a name or an id.
///
/// # Errors
/// An unknown business or outlet, a name that is not allowed, or a failed statement.
pub async fn pair(state: &AppState, tenant: &str, outlet: &str, name: &str) -> Result<String, IdentityError> {
    let (now, mut rng) = (state.clock.now(), state.rng());
    let mut tx = state.db.system_write().await?;
    let tenant_id = match tenant.parse() {
        Ok(tenant_id) => repo::tenants::name(&mut tx, tenant_id).await?.map(|_| tenant_id),
        Err(_) => repo::tenants::by_name(&mut tx, tenant).await?,
    };
    let tenant_id = tenant_id.ok_or(IdentityError::Missing("business"))?;
    let outlet = repo::outlets::by_code(&mut tx, tenant_id, outlet).await?;
    let outlet = outlet.ok_or(IdentityError::Missing("outlet"))?;
    let terminal = TerminalId::new(&*state.clock, &mut rng);
    super::create_terminal(&mut tx, tenant_id, outlet.outlet_id, name, terminal, now).await?;
    let code = create_pairing_code(&mut tx, &state.secrets, tenant_id, terminal, now, &mut rng).await?;
    tx.commit().await.map_err(crate::database::DatabaseError::from)?;
    Ok(code)
}
