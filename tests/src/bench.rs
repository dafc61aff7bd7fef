//! Measurements of the till and of its exchange with the server, each beside its floor in the same run: ratios count, the machine is noisy.

pub mod catalogue;
pub mod commit;
pub mod devices;
pub mod pricing;
pub mod sync;
pub mod table;
