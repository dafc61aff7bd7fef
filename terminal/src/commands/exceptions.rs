//! The exceptions inbox.

use crate::context::Done;
use crate::engine::Call;
use crate::exceptions;
use crate::views::*;

pub(super) fn list(call: &Call<'_>, input: ExceptionsInput) -> Done<ExceptionsView> {
    exceptions::list(call, input)
}

pub(super) fn look(call: &Call<'_>, input: ExceptionInput) -> Done<ExceptionView> {
    exceptions::look(call, input)
}

pub(super) fn settle(call: &Call<'_>, input: SettleExceptionInput) -> Done<ExceptionView> {
    exceptions::settle(call, input)
}
