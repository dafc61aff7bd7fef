//! Every command of the screens: deserialise, call one use case, serialise.

pub mod bindings;
mod table;
