//! Measurements of the till, each beside its floor in the same run: ratios count, the machine is noisy.

pub mod catalogue;
pub mod commit;
pub mod table;
