//! Where a printer is, as it stands in settings.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use super::Connect;
use crate::transport::tcp::TcpDriver;
use crate::transport::{DRIVERS, Driver, Transport, TransportError};

/// The address of a printer: `tcp://host:port`, `file:///path`, `usb://vid:pid`,
/// `serial:///dev/ttyS0?baud=9600` or `lp://queue`.
#[derive(Clone)]
pub struct PrinterTarget {
    driver: &'static dyn Driver,
    address: String,
}

/// A printer address that cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot read the printer address {target:?}: {reason}")]
pub struct TargetError {
    target: String,
    reason: String,
}

impl PrinterTarget {
    /// A network printer at an address that is known already.
    pub fn tcp(addr: SocketAddr) -> Self {
        Self { driver: &TcpDriver, address: addr.to_string() }
    }
}

impl FromStr for PrinterTarget {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let text = text.trim();
        let wrong = |reason: String| TargetError { target: text.chars().take(200).collect(), reason };
        let known = || DRIVERS.iter().map(|driver| driver.scheme()).collect::<Vec<_>>().join(", ");
        let (scheme, address) = text
            .split_once("://")
            .ok_or_else(|| wrong(format!("it does not start with one of {} and ://", known())))?;
        let driver = DRIVERS
            .iter()
            .find(|driver| driver.scheme().eq_ignore_ascii_case(scheme))
            .ok_or_else(|| wrong(format!("{scheme:?} is none of {}", known())))?;
        driver.check(address).map_err(|reason| wrong(reason.to_owned()))?;
        Ok(Self { driver: *driver, address: address.to_owned() })
    }
}

impl fmt::Display for PrinterTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.driver.scheme(), self.address)
    }
}

impl fmt::Debug for PrinterTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrinterTarget({self})")
    }
}

impl PartialEq for PrinterTarget {
    fn eq(&self, other: &Self) -> bool {
        self.driver.scheme() == other.driver.scheme() && self.address == other.address
    }
}

impl Eq for PrinterTarget {}

impl Connect for PrinterTarget {
    fn connect(&self, timeout: Duration) -> Result<Box<dyn Transport>, TransportError> {
        self.driver.connect(&self.address, timeout)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn addresses_come_back_as_they_were_written() {
        for text in [
            "tcp://printer.local:9100",
            "tcp://[::1]:9100",
            "file:///dev/usb/lp0",
            "usb://04b8:0202",
            "serial:///dev/ttyS0?baud=19200",
            "lp://Kitchen_1",
        ] {
            assert_eq!(text.parse::<PrinterTarget>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_cannot_be_an_address_is_refused_with_a_reason() {
        let reason = |text: &str| text.parse::<PrinterTarget>().unwrap_err().to_string();
        assert!(reason("10.0.0.9:9100").contains("does not start with one of tcp, file, usb, serial, lp"));
        assert!(reason("lpt://1").contains("\"lpt\" is none of"));
        assert!(reason("tcp://printer").contains("port is missing"));
        assert!(reason("tcp://printer:0").contains("1 to 65535"));
        assert!(reason("tcp://:9100").contains("host is missing"));
        assert!(reason("file://relative").contains("not absolute"));
        assert!(reason("lp://-o raw").contains("name of a queue"));
        assert!(reason("usb://epson").contains("hexadecimal"));
    }
}
