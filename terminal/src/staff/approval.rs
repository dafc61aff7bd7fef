//! A manager's leave for a step above the role of who is signed in.

use shared::ids::ApprovalId;
use shared::journal::Fact;
use shared::journal::payload::ApprovalGranted;
use shared::staff::Permission;

use super::{pin_check, signed_in};
use crate::context::{CommandError, Context, Done, Moment};
use crate::journal;
use crate::store::people::SignedIn;
use crate::store::{Store, StoreError, Tx};
use crate::views::{ApprovalInput, Code};

/// Leave to do a step: by one's own role, or granted by a manager.
#[derive(Debug, Clone)]
#[must_use = "a granted leave is an event of the step it was given for"]
pub struct Leave {
    /// Who does it.
    pub who: SignedIn,
    granted: Option<ApprovalGranted>,
}

impl Leave {
    /// Leave by one's own role.
    pub fn own(who: SignedIn) -> Self {
        Self { who, granted: None }
    }

    /// Who answers for the step: who gave leave, else who does it.
    pub fn answerable(&self) -> shared::ids::StaffId {
        self.granted.as_ref().map_or(self.who.staff_id, |granted| granted.granted_by)
    }

    /// The approval, when one was needed.
    pub fn approval_id(&self) -> Option<ApprovalId> {
        self.granted.as_ref().map(|granted| granted.approval_id)
    }

    /// The same leave, with an approval behind it in any case: for steps under which a manager's name always stands.
    pub fn signed(mut self, ctx: &mut Context<'_>, permission: Permission) -> Self {
        if self.granted.is_none() {
            self.granted = Some(ApprovalGranted {
                approval_id: ApprovalId::new(ctx.clock, ctx.rng),
                permission,
                granted_by: self.who.staff_id,
                role: self.who.role,
                asked_by: self.who.staff_id,
            });
        }
        self
    }

    /// Writes the approval into the journal, in the transaction of the step it was given for.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn record(&self, tx: &Tx<'_>, ctx: &Context<'_>, moment: &Moment) -> Result<(), StoreError> {
        let Some(granted) = &self.granted else { return Ok(()) };
        let fact = Fact::ApprovalGranted(Box::new(granted.clone()));
        journal::append(tx, ctx.device, moment, &fact).map(|_| ())
    }
}

/// Leave for a step: the role's own, or a manager's by PIN. Wrong PINs count as at sign-in.
///
/// # Errors
/// `approval_needed` when neither is there, `not_allowed` when who approves may not either, and those of the PIN.
pub fn leave(
    store: &mut Store,
    ctx: &mut Context<'_>,
    permission: Permission,
    approval: Option<ApprovalInput>,
) -> Done<Leave> {
    let who = signed_in(store.db(), ctx)?;
    if who.role.may(permission) {
        return Ok(Leave::own(who));
    }
    let Some(approval) = approval else {
        return Err(CommandError::needs(Code::ApprovalNeeded, permission));
    };
    let manager = pin_check::check(store, ctx, approval.staff_id, approval.pin)?;
    if !manager.role.may(permission) {
        return Err(CommandError::needs(Code::NotAllowed, permission));
    }
    let granted = ApprovalGranted {
        approval_id: ApprovalId::new(ctx.clock, ctx.rng),
        permission,
        granted_by: manager.staff_id,
        role: manager.role,
        asked_by: who.staff_id,
    };
    Ok(Leave { who, granted: Some(granted) })
}
