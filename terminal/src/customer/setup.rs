//! Setting the customer's screen up: whether it is shown, what it says between two sales, and the shop's payment codes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use shared::ids::PictureId;
use shared::outlet::Outlet;
use shared::payment_code::PaymentCode;
use shared::staff::Permission;

use crate::context::{CommandError, Context, Done};
use crate::engine::Till;
use crate::staff;
use crate::store::{Store, StoreError, customer_pictures, meta};
use crate::views::{
    AddCustomerPictureInput, CustomerPictureAddedView, CustomerScreenInput, CustomerScreenSetupView,
};

/// Where the setup stands in the store.
const KEY: &str = "customer_screen";
const MOST_PICTURES: usize = 10;
/// What a command can carry as Base64.
const MOST_PICTURE_BYTES: usize = 150_000;
const MOST_GREETING_CHARS: usize = 200;
const SECONDS: std::ops::RangeInclusive<u16> = 3..=60;

/// The screen as it is set up; its pictures are rows of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Setup {
    pub(super) is_on: bool,
    pub(super) greeting: String,
    pub(super) seconds: u16,
    pub(super) qris: String,
    pub(super) viet_qr: String,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            is_on: false,
            greeting: String::new(),
            seconds: 8,
            qris: String::new(),
            viet_qr: String::new(),
        }
    }
}

/// As it stands in the store.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn load(db: &Connection) -> Result<Setup, StoreError> {
    Ok(meta::get_json(db, KEY)?.unwrap_or_default())
}

/// How it is set up, and whether anybody shows it.
///
/// # Errors
/// `not_signed_in`, `not_allowed`.
pub(crate) fn look(till: &Till, db: &Connection, ctx: &Context<'_>) -> Done<CustomerScreenSetupView> {
    staff::require(db, ctx, Permission::BackOffice)?;
    let setup = load(db)?;
    let now = ctx.clock.now();
    let (asked_at, is_shown, has_monitor) =
        till.screen(|screen| (screen.asked_at, screen.is_shown(now), screen.has_monitor));
    Ok(CustomerScreenSetupView {
        setup: CustomerScreenInput {
            is_on: setup.is_on,
            greeting: setup.greeting,
            seconds: setup.seconds,
            pictures: customer_pictures::ids(db)?,
            qris: setup.qris,
            viet_qr: setup.viet_qr,
        },
        most_pictures: u32::try_from(MOST_PICTURES).unwrap_or(u32::MAX),
        most_picture_bytes: u32::try_from(MOST_PICTURE_BYTES).unwrap_or(u32::MAX),
        most_greeting_chars: u32::try_from(MOST_GREETING_CHARS).unwrap_or(u32::MAX),
        least_seconds: *SECONDS.start(),
        most_seconds: *SECONDS.end(),
        asked_at,
        is_shown,
        has_monitor,
    })
}

/// Sets it up. Pictures stand in the order given; those that are left out are forgotten.
///
/// # Errors
/// `not_allowed`, `invalid` with the field.
pub(crate) fn save(
    till: &Till,
    store: &mut Store,
    ctx: &Context<'_>,
    input: CustomerScreenInput,
) -> Done<CustomerScreenSetupView> {
    staff::require(store.db(), ctx, Permission::BackOffice)?;
    let outlet = ctx.outlet(store.db())?;
    let known = customer_pictures::known(store.db())?;
    let setup = checked(&outlet, &known, &input)?;
    store.write(|tx| -> Result<(), StoreError> {
        customer_pictures::keep(tx, &input.pictures)?;
        meta::set_json(tx, KEY, &setup)
    })?;
    till.change_screen(|screen| screen.set_up(setup));
    look(till, store.db(), ctx)
}

fn checked(outlet: &Outlet, known: &[PictureId], input: &CustomerScreenInput) -> Done<Setup> {
    let refuse = |field: &'static str, why: &str| Err(CommandError::invalid(field, why));
    let greeting = input.greeting.trim().to_owned();
    if greeting.chars().count() > MOST_GREETING_CHARS || greeting.chars().any(char::is_control) {
        return refuse("greeting", "the greeting is one line of at most 200 characters");
    }
    if !SECONDS.contains(&input.seconds) {
        return refuse("seconds", "a picture stands for 3 to 60 seconds");
    }
    let is_twice = |at: usize, id: &PictureId| input.pictures.iter().take(at).any(|before| before == id);
    if input.pictures.iter().enumerate().any(|(at, id)| !known.contains(id) || is_twice(at, id)) {
        return refuse("pictures", "one of the pictures is not here any more");
    }
    if input.pictures.len() > MOST_PICTURES {
        return refuse("pictures", "there are too many pictures");
    }
    let number = hardware::card::currency(outlet.currency.as_str()).map(|currency| currency.number);
    for (field, code) in [("qris", &input.qris), ("viet_qr", &input.viet_qr)] {
        if code.trim().is_empty() {
            continue;
        }
        match code.parse::<PaymentCode>() {
            Ok(code) if Some(code.currency()) == number => {}
            Ok(_) => return refuse(field, "the payment code is of another currency than this outlet"),
            Err(error) => return refuse(field, &error.to_string()),
        }
    }
    Ok(Setup {
        is_on: input.is_on,
        greeting,
        seconds: input.seconds,
        qris: input.qris.trim().to_owned(),
        viet_qr: input.viet_qr.trim().to_owned(),
    })
}

/// Keeps a picture for the next save, which puts it in its place; before that no customer sees it.
///
/// # Errors
/// `not_allowed`, `invalid` about `picture` when it is none or too large.
pub(crate) fn add_picture(
    store: &mut Store,
    ctx: &mut Context<'_>,
    input: &AddCustomerPictureInput,
) -> Done<CustomerPictureAddedView> {
    staff::require(store.db(), ctx, Permission::BackOffice)?;
    let none = || CommandError::invalid("picture", "this is no JPEG or PNG of at most 150,000 bytes");
    let bytes = BASE64.decode(&input.data).map_err(|_| none())?;
    let media_type = media_type(&bytes).filter(|_| bytes.len() <= MOST_PICTURE_BYTES).ok_or_else(none)?;
    let picture_id = PictureId::new(ctx.clock, ctx.rng);
    store.write(|tx| customer_pictures::add(tx, picture_id, media_type, &bytes, MOST_PICTURES))?;
    Ok(CustomerPictureAddedView { picture_id })
}

/// What a picture is by its first bytes (PNG specification, 5.2; ITU-T T.81, B.1.1.3).
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    bytes.starts_with(b"\xff\xd8\xff").then_some("image/jpeg")
}

/// For `<img src>`.
pub(super) fn data_url(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", BASE64.encode(bytes))
}
