//! Prices.

use shared::wire::pricing::PricingAsk;

use crate::context::Done;
use crate::engine::Call;
use crate::pricing;
use crate::views::*;

pub(super) fn ask(call: &Call<'_>, input: PricingAsk) -> Done<PricingAnswer> {
    pricing::question(call, input)
}
