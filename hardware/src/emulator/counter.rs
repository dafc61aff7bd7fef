//! Devices of a counter without the devices: scales, scanners, displays and card readers at a TCP port, a pseudo terminal
//! or in memory, each of which can misbehave as real ones do.
//!
//! A device is a [`Device`]: bytes in, bytes out, no wire. [`Wired`] puts it on one and applies a [`Fault`] to what it
//! says; [`Wired::fired`] tells a test that the fault it asked for really happened.

pub mod card_http;
pub mod display;
pub mod scale;
pub mod scanner;
mod wired;
pub mod zvt;

pub use wired::{Fault, MemoryWire, Wired};

/// A device without its wire.
pub trait Device: Send + 'static {
    /// Takes bytes (none when only time has passed) and gives what the device says, one piece for each frame.
    fn poll(&mut self, received: &[u8]) -> Vec<Vec<u8>>;

    /// The same for a device that serves several connections at once; each has a number of its own.
    fn poll_on(&mut self, connection: u64, received: &[u8]) -> Vec<Vec<u8>> {
        let _ = connection;
        self.poll(received)
    }

    /// A new connection begins.
    fn connected(&mut self) {}

    /// Makes a frame wrong as a disturbed wire would.
    fn damage(&self, frame: &mut [u8]) {
        // The last byte but one: in every protocol here the check sum or the digit before the end.
        if let Some(at) = frame.len().checked_sub(2) {
            frame[at] ^= 0x01;
        }
    }
}
