//! The businesses of the load: outlets and enrolled tills, put straight into the tables.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use shared::ids::{OutletId, TenantId, TerminalId};
use shared::{Clock, Timestamp};
use sqlx::AssertSqlSafe;
use sync_server::config::Config;
use sync_server::database::{Tx, batches, placeholders};
use sync_server::identity;
use sync_server::seams::{SystemClock, SystemRandom};

use crate::crowd::Teller;
use crate::shop::plain_outlet;

/// Tills of one business.
const TILLS_OF_BUSINESS: u32 = 500;
/// Tills of one outlet.
const TILLS_OF_OUTLET: u32 = 20;

/// Makes the businesses and their tills, enrolled with keys of their own.
///
/// # Errors
/// When the database refuses.
pub async fn make(url: &str, data: &Path, tills: u32) -> Result<Vec<Teller>> {
    let config = Config { database_url: Some(url.to_owned()), ..Config::new(data) };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let state = sync_server::prepare(config, clock).await?;
    let now = state.clock.now();
    let (mut tellers, mut made) = (Vec::new(), 0);
    while made < tills {
        let tenant = TenantId::new(&SystemClock, &mut SystemRandom);
        let mut tx = state.db.system_write().await?;
        identity::create_tenant(&mut tx, tenant, &format!("Business {made}"), now).await?;
        tx.commit().await?;
        let mut tx = state.db.write(tenant).await?;
        let (mut outlet, mut own) = (None, Vec::new());
        for place in 0..TILLS_OF_BUSINESS.min(tills - made) {
            let number = place % TILLS_OF_OUTLET + 1;
            if number == 1 {
                let id = OutletId::new(&SystemClock, &mut SystemRandom);
                let code = format!("O{}", place / TILLS_OF_OUTLET + 1);
                let settings = plain_outlet(id, &code, crate::trade::currency());
                identity::put_outlet(&mut tx, tenant, &settings, now).await?;
                outlet = Some(Arc::new(settings));
            }
            let Some(outlet) = outlet.clone() else { continue };
            let terminal = TerminalId::new(&SystemClock, &mut SystemRandom);
            own.push((number, Teller::new(tenant, outlet, terminal).numbered(number)));
        }
        enrol(&mut tx, &own, now).await?;
        tx.commit().await?;
        tellers.extend(own.into_iter().map(|(_, teller)| teller));
        made += TILLS_OF_BUSINESS;
    }
    state.db.close().await;
    Ok(tellers)
}

/// Writes tills down as if each had been enrolled with its key; `u32` is the number in the outlet.
async fn enrol(tx: &mut Tx, tellers: &[(u32, Teller)], now: Timestamp) -> Result<()> {
    const COLUMNS: usize = 8;
    for chunk in batches(tellers, COLUMNS) {
        let sql = format!(
            "INSERT INTO terminals (tenant_id, terminal_id, outlet_id, number, name, public_key, created_at, enrolled_at) \
             VALUES {}",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (number, teller) in chunk {
            query = query
                .bind(teller.tenant_id.to_string())
                .bind(teller.terminal_id.to_string())
                .bind(teller.outlet.outlet_id.to_string())
                .bind(i64::from(*number))
                .bind(format!("Till {number}"))
                .bind(teller.public_key())
                .bind(now.as_millis())
                .bind(now.as_millis());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}
