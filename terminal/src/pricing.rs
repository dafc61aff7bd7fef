//! Prices for a manager: campaigns, taxes, price lists and price books of this outlet, which the server alone makes versions
//! of. It needs the server.

use shared::staff::Permission;
use shared::wire::pricing::{PricingAsk, PricingRequest};

use crate::context::{CommandError, Done};
use crate::engine::Call;
use crate::headquarters::ask;
use crate::staff;
use crate::sync::LinkError;
use crate::views::{Code, PricingAnswer};

/// Asks about prices, or changes them.
///
/// # Errors
/// `not_allowed`, `not_found`, `invalid` with what is wrong, or why the server could not be asked.
pub(crate) fn question(call: &Call<'_>, input: PricingAsk) -> Done<PricingAnswer> {
    let who = call.read(|db, ctx| staff::require(db, ctx, Permission::EditItems))?;
    let request = PricingRequest { staff_id: who.staff_id, ask: input };
    let body =
        ask(call, refusal, async move |link, signer, clock| link.pricing(&signer, &*clock, &request).await)?;
    Ok(PricingAnswer { body })
}

/// What the server refuses about prices, in the codes of the screens; its own words say what is wrong.
fn refusal(error: LinkError) -> CommandError {
    let LinkError::Refused { problem, .. } = &error else { return error.into() };
    let field = problem.details.get("field").and_then(serde_json::Value::as_str).unwrap_or("part").to_owned();
    match problem.code.as_str() {
        "not_found" => CommandError::not_found(problem.detail.clone()),
        "conflict" | "invalid" | "malformed" => {
            CommandError::new(Code::Invalid, problem.detail.clone()).about(field)
        }
        "forbidden" => CommandError::needs(Code::NotAllowed, Permission::EditBusiness),
        _ => error.into(),
    }
}
