//! What the screens get and give: one input and one output type for every command.
//!
//! The screens show these figures; they never add. Money crosses as `"<minor units> <currency>"`, quantities and prices as
//! decimal text, times as milliseconds UTC. TypeScript types are generated from here into `ui/src/api/bindings/`.

macro_rules! view {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    )*};
}

mod app;
mod cards;
mod counter;
mod customer;
mod inbox;
mod layouts;
mod office;
mod pricing;
mod printers;
mod refusal;
mod register;
mod sale;

pub use app::*;
pub use cards::*;
pub use counter::*;
pub use customer::*;
pub use inbox::*;
pub use layouts::*;
pub use office::*;
pub use pricing::*;
pub use printers::*;
pub use refusal::*;
pub use register::*;
pub use sale::*;
