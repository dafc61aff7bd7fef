//! The customer's own screen.

use crate::context::Done;
use crate::customer;
use crate::engine::Call;
use crate::views::*;

pub(super) fn show(call: &Call<'_>, _: Nothing) -> Done<CustomerScreenView> {
    customer::show(call)
}

pub(super) fn picture(call: &Call<'_>, input: CustomerPictureInput) -> Done<PictureView> {
    call.till.read(|db| customer::picture(db, &input))
}

pub(super) fn setup(call: &Call<'_>, _: Nothing) -> Done<CustomerScreenSetupView> {
    call.read(|db, ctx| customer::look(call.till, db, ctx))
}

pub(super) fn save(call: &Call<'_>, input: CustomerScreenInput) -> Done<CustomerScreenSetupView> {
    call.write(|store, ctx| customer::save(call.till, store, ctx, input))
}

pub(super) fn add_picture(call: &Call<'_>, input: AddCustomerPictureInput) -> Done<CustomerPictureAddedView> {
    call.write(|store, ctx| customer::add_picture(store, ctx, &input))
}

pub(super) fn ask_qr(call: &Call<'_>, input: AskQrInput) -> Done<AskedQrView> {
    call.read(|db, ctx| customer::ask_qr(call.till, db, ctx, &input))
}

pub(super) fn drop_qr(call: &Call<'_>, _: Nothing) -> Done<Nothing> {
    call.read(|db, ctx| customer::drop_qr(call.till, db, ctx))?;
    Ok(Nothing {})
}
