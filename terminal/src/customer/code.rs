//! The shop's own payment code with the amount of a sale in it, for the customer's phone.

use hardware::{card, display};
use rusqlite::Connection;
use shared::order::TenderKind;
use shared::payment_code::PaymentCode;
use shared::staff::Permission;

use super::screen::change;
use crate::context::{Context, Done};
use crate::engine::Till;
use crate::staff;
use crate::views::{AskQrInput, AskedQrView, PaymentQrView};

/// Light modules around a code, so that phones find it (ISO/IEC 18004, 9.1).
const QUIET: usize = 4;

/// The code; it is on the customer's screen from now on, when that shows this window's sale. None when the shop has none of that
/// kind, or it cannot hold the amount.
///
/// # Errors
/// `not_signed_in`, `not_allowed`.
pub(crate) fn ask_qr(
    till: &Till,
    db: &Connection,
    ctx: &Context<'_>,
    input: &AskQrInput,
) -> Done<AskedQrView> {
    staff::require(db, ctx, Permission::Sell)?;
    let outlet = ctx.outlet(db)?;
    let code = till.screen(|screen| match input.kind {
        TenderKind::Qris => screen.setup.qris.clone(),
        TenderKind::VietQr => screen.setup.viet_qr.clone(),
        _ => String::new(),
    });
    let qr = qr(&code, input, outlet.digits);
    let now = ctx.clock.now();
    let mut is_shown = false;
    change(till, |screen| {
        let is_ours = screen.pays_by(ctx.client, qr.clone());
        is_shown = is_ours && qr.is_some() && screen.is_shown(now);
    });
    Ok(AskedQrView { qr, is_shown })
}

fn qr(code: &str, input: &AskQrInput, digits: u8) -> Option<PaymentQrView> {
    let code: PaymentCode = code.parse().ok()?;
    let number = card::currency(input.amount.currency().as_str())?.number;
    let of_sale = code
        .with_amount(input.amount, digits, number)
        .inspect_err(|error| tracing::warn!(%error, "no payment code is shown"))
        .ok()?;
    let rows = display::qr_rows(&of_sale);
    let size = u32::try_from(rows.len() + 2 * QUIET).ok().filter(|_| !rows.is_empty())?;
    Some(PaymentQrView { kind: input.kind, amount: input.amount, size, path: path(&rows) })
}

/// The dark modules of a code as an SVG path, run by run.
fn path(rows: &[String]) -> String {
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        for run in row.as_bytes().chunk_by(|a, b| a == b) {
            if run.first() == Some(&b'1') {
                path.push_str(&format!("M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len()));
            }
            x += run.len();
        }
    }
    path
}

/// Shows the cart again.
///
/// # Errors
/// `not_signed_in`, `not_allowed`.
pub(crate) fn drop_qr(till: &Till, db: &Connection, ctx: &Context<'_>) -> Done<()> {
    staff::require(db, ctx, Permission::Sell)?;
    change(till, |screen| {
        screen.pays_by(ctx.client, None);
    });
    Ok(())
}
