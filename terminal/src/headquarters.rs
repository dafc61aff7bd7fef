//! Questions that only the server answers, asked with this terminal's key while somebody waits.

use std::sync::Arc;

use crate::context::{CommandError, Device, Done};
use crate::engine::Call;
use crate::store::meta;
use crate::sync::{Link, LinkError, Signer};
use crate::views::Code;

type SharedClock = Arc<dyn shared::Clock>;

/// Asks the server on the engine's own threads; the store is not held meanwhile. `refusal` says what the server's refusals mean
/// on the screen that asked.
///
/// # Errors
/// `not_enrolled`, or why the server could not be asked.
pub(crate) fn ask<T: Send + 'static, F: Future<Output = Result<T, LinkError>> + Send + 'static>(
    call: &Call<'_>,
    refusal: fn(LinkError) -> CommandError,
    question: impl FnOnce(Arc<Link>, Signer, SharedClock) -> F,
) -> Done<T> {
    let identity = call.till.read(meta::identity)?;
    let device: Option<Arc<Device>> = call.till.device();
    let (Some(identity), Some(device)) = (identity, device) else {
        return Err(CommandError::new(Code::NotEnrolled, "this terminal belongs to no outlet yet"));
    };
    let link = call.till.link(&identity.server_url)?;
    let asked = question(link, Signer::from(&*device), call.till.clock.clone());
    let answer = call
        .engine
        .wait_for(asked)
        .ok_or_else(|| CommandError::new(Code::Internal, "the terminal is being closed"))?;
    answer.map_err(refusal)
}
