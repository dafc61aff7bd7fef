//! The one registry of ids: UUIDv7 newtypes, made on the terminal before anything is sent.

use std::fmt;
use std::str::FromStr;

use rand_core::RngCore;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;

/// The text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id")]
pub struct IdError(String);

fn new_uuid(clock: &dyn Clock, rng: &mut dyn RngCore) -> uuid::Uuid {
    let mut random = [0_u8; 10];
    rng.fill_bytes(&mut random);
    let millis = u64::try_from(clock.now().as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
        #[serde(transparent)]
        #[ts(as = "String")]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// A new id of this moment.
            pub fn new(clock: &dyn Clock, rng: &mut dyn RngCore) -> Self {
                Self(new_uuid(clock, rng))
            }
            /// The id with these 16 bytes; for fixed ids of seeds and tests.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(uuid::Uuid::from_bytes(bytes))
            }
            /// Its 16 bytes.
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse().map(Self).map_err(|_| IdError(text.chars().take(60).collect()))
            }
        }
    )*};
}

ids! {
    /// A business.
    TenantId
    /// One shop of a business.
    OutletId
    /// One till.
    TerminalId
    /// A person who works at a business.
    StaffId
    /// A person who signs in at headquarters.
    AdminId
    /// What is sold.
    ItemId
    /// A size or kind of an item.
    VariantId
    /// A set of choices for an item.
    ModifierGroupId
    /// One choice of a modifier group.
    ModifierId
    /// A shelf of items.
    CategoryId
    /// A picture of an item.
    PictureId
    /// A tax.
    TaxId
    /// An editable document before completion; an order keeps the id of its cart.
    CartId
    /// A completed sale.
    OrderId
    /// A line of a cart and of its order.
    LineId
    /// A means of payment applied to an order.
    TenderId
    /// Money or goods given back.
    RefundId
    /// From opening float to count of one drawer.
    DrawerSessionId
    /// A movement of drawer cash that is no sale.
    CashMovementId
    /// A movement of goods.
    StockMovementId
    /// A leave given by a manager.
    ApprovalId
    /// A job of the print queue.
    PrintJobId
    /// A printer of a terminal.
    PrinterId
    /// A scale, scanner, display or card reader at a till.
    CounterDeviceId
    /// A printer or a device on the counter, as headquarters knows it.
    DeviceId
    /// A payment or refund at a card reader; the reader and its provider know it by this name.
    CardPaymentId
    /// From sign-on to sign-off.
    StaffSessionId
    /// A book of prices, taxes and promotions.
    PriceBookId
    /// A part of what headquarters states about prices.
    PricingPartId
    /// Prices of some items for some customers or hours.
    PriceListId
    /// A rule that takes something off by itself.
    PromotionId
    /// A customer whom the business knows.
    CustomerId
}

/// Both of a terminal's lists of devices are one to headquarters.
macro_rules! devices {
    ($($name:ident)*) => {$(
        impl From<$name> for DeviceId {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }
    )*};
}

devices! { PrinterId CounterDeviceId }
