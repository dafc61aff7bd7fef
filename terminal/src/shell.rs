//! The two ways to the engine: a window of its own, and a small web server on this machine for tablets, kitchen displays
//! and browser tests. Both show the same screens and know no command by name.

#[cfg(feature = "desktop")]
pub mod desktop;
pub mod headless;
pub mod screens;
