//! Terminals and their one-time pairing codes: made at headquarters, typed into a device, used up by its enrolment.

use rand_core::RngCore;
use shared::Timestamp;
use shared::ids::{OutletId, TenantId, TerminalId};

use super::repo::terminals::{self, Pairing};
use super::{IdentityError, rules};
use crate::database::{DatabaseError, Tx};
use crate::secrets::Secrets;

/// Makes a terminal that waits to be enrolled and gives its number in the outlet.
///
/// # Errors
/// A name that is not allowed, an unknown outlet, or a failed statement.
pub async fn create_terminal(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: OutletId,
    name: &str,
    terminal: TerminalId,
    now: Timestamp,
) -> Result<u32, IdentityError> {
    let name = rules::visible_name("name", name, 60)?;
    let number = terminals::insert(tx, tenant, outlet, terminal, &name, now).await?;
    number.ok_or(IdentityError::Missing("outlet"))
}

/// Makes a one-time pairing code for a terminal, good for 15 minutes; codes made before stop working. Only its keyed
/// hash is stored.
///
/// # Errors
/// An unknown, revoked or enrolled terminal, or a failed statement.
pub async fn create_pairing_code(
    tx: &mut Tx,
    secrets: &Secrets,
    tenant: TenantId,
    terminal: TerminalId,
    now: Timestamp,
    rng: &mut (dyn RngCore + Send),
) -> Result<String, IdentityError> {
    let found = terminals::find(tx, tenant, terminal).await?.filter(|terminal| !terminal.revoked);
    let found = found.ok_or(IdentityError::Missing("terminal"))?;
    if found.enrolled_at.is_some() {
        // A second device would make the first one's unsent sales worthless.
        return Err(IdentityError::Taken("the terminal has its device; make a new terminal for another one"));
    }
    let mut random = [0_u8; 5];
    rng.fill_bytes(&mut random);
    let code = rules::pairing_code_text(random);
    let hash = rules::pairing_code_hash(secrets, &code.replace('-', ""));
    terminals::void_codes(tx, tenant, terminal, now).await?;
    terminals::insert_code(tx, tenant, &found, &hash, now, now.plus_millis(rules::PAIRING_CODE_MS)).await?;
    Ok(code)
}

/// Uses a pairing code up, in a transaction of [`crate::database::Database::system_write`], and gives the terminal it
/// stands for; None when it is unknown, used or out of date, or the terminal was revoked.
///
/// # Errors
/// A failed statement.
pub async fn redeem(
    tx: &mut Tx,
    secrets: &Secrets,
    code: &str,
    now: Timestamp,
) -> Result<Option<Pairing>, DatabaseError> {
    let Some(code) = rules::normal_pairing_code(code) else { return Ok(None) };
    terminals::redeem(tx, &rules::pairing_code_hash(secrets, &code), now).await
}
