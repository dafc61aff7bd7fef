//! Receipt printers, cash drawers and their emulators.
//!
//! The way of a receipt: compose a [`Document`] (neutral: no printer, no order) → [`escpos::encode`] it for a
//! [`PrinterProfile`] (pure, bytes only) → [`print_job`] the bytes to a [`PrinterTarget`] (a new connection per job,
//! status before and after) → a [`PrintOutcome`] that says `Printed` only when the printer itself answered.
//!
//! A shop's own receipts are [`template`]s. A document is also a file: [`Document::to_plain_text`], [`Document::to_html`] and [`Document::to_pdf`].
//!
//! # Adding a driver
//!
//! A driver is one file under `transport/`. It implements two traits: [`transport::Driver`] (its URL scheme, the check
//! of an address, opening a connection) and [`transport::Transport`] (write, read with a deadline, close). Name the
//! file in `transport.rs` and put the driver in the table `DRIVERS` there: from then on `scheme://address` parses
//! as a [`PrinterTarget`], is shown by `Display` and prints. `transport/file.rs` is the shortest one to read first.
//!
//! # Adding a printer
//!
//! A printer is data: one more paragraph in `profile/printers.txt`. Code page numbers are not portable between makers, so list
//! only those that were checked against the maker's manual; whatever no page can say is printed as a picture.
//!
//! # Trying without paper
//!
//! [`emulator::counter`] plays every other device of a counter, whole and broken; [`emulator::Emulator`] is a TCP printer for tests; the program `kedai-printer-emulator` is the same one by itself.

pub mod barcode;
pub mod card;
pub mod display;
pub mod document;
pub mod emulator;
pub mod escpos;
mod font;
pub mod printer;
pub mod profile;
pub mod scale;
pub mod scanner;
pub mod template;
pub mod transport;

pub use document::{Align, Block, CleanText, Cut, Document, DrawerPulse, Paper, Picture, Rule, Width};
pub use printer::{PrintOptions, PrintOutcome, PrinterTarget, open_drawer, print_job};
pub use profile::PrinterProfile;
