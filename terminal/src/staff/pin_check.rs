//! Checking a PIN: five wrong ones lock the person's PIN with growing delays, also across restarts.

use shared::ids::StaffId;
use shared::staff::Staff;
use shared::staff::pin::{Pin, verify_pin};
use zeroize::Zeroize as _;

use crate::context::{CommandError, Context, Done};
use crate::store::people::{self, PinAttempts};
use crate::store::{Store, StoreError};
use crate::views::Code;

/// Wrong PINs before the first lock.
pub const FREE_TRIES: u32 = 5;
/// The first lock.
const FIRST_LOCK_MS: i64 = 30_000;
/// The longest lock.
const LONGEST_LOCK_MS: i64 = 60 * 60 * 1000;

/// How long the PIN is locked after so many wrong ones: nothing before the fifth, then 30 seconds, doubling up to an hour.
pub fn lock_ms(failures: u32) -> i64 {
    let Some(doublings) = failures.checked_sub(FREE_TRIES) else { return 0 };
    FIRST_LOCK_MS
        .saturating_mul(1_i64.checked_shl(doublings.min(20)).unwrap_or(i64::MAX))
        .min(LONGEST_LOCK_MS)
}

/// Checks a person's PIN and notes how it went; gives the person.
///
/// # Errors
/// `pin_wrong`, or `pin_locked` while no PIN is tried.
pub(super) fn check(store: &mut Store, ctx: &Context<'_>, id: StaffId, mut typed: String) -> Done<Staff> {
    let pin: Result<Pin, _> = typed.parse();
    typed.zeroize();
    let here = ctx.device.outlet_id;
    let person = people::staff(store.db(), id)?
        .filter(|person| person.outlet_ids.is_empty() || person.outlet_ids.contains(&here))
        .ok_or_else(|| CommandError::not_found("this person may not sign in here"))?;
    let before = people::pin_attempts(store.db(), id)?;
    let now = ctx.clock.now();
    // A clock set back must not lock anyone out for longer than the lock itself is.
    let left = before.locked_until.since(now).min(lock_ms(before.failures));
    if left > 0 {
        return Err(CommandError::locked(now.plus_millis(left)));
    }
    if pin.is_ok_and(|pin| verify_pin(&ctx.device.pin_pepper, &pin, &person.pin_hash)) {
        if before != PinAttempts::default() {
            store.write(|tx| people::clear_pin_attempts(tx, id))?;
        }
        return Ok(person);
    }
    let failures = before.failures.saturating_add(1);
    let locked_until = now.plus_millis(lock_ms(failures));
    let attempts = PinAttempts { failures, last_failed_at: now, locked_until };
    store.write(|tx| -> Result<(), StoreError> { people::set_pin_attempts(tx, id, &attempts) })?;
    if lock_ms(failures) > 0 {
        Err(CommandError::locked(locked_until))
    } else {
        Err(CommandError::new(Code::PinWrong, "the PIN is wrong"))
    }
}
