//! `usb://vid:pid` in hexadecimal: printers at the USB bus, by the native driver of the escpos crate.
//!
//! That driver takes the first interface only and waits five seconds for each transfer. On Windows the printer needs
//! the WinUSB driver; a printer that belongs to the spooler cannot be claimed.

use std::collections::VecDeque;
use std::io::Read as _;
use std::time::{Duration, Instant};

use escpos::driver::{Driver as _, NativeUsbDriver};

use super::{Answers, Driver, Transport, TransportError, TransportErrorKind, time_left};

/// Small enough that one transfer ends well within the driver's own timeout on a slow print head.
const TRANSFER_BYTES: usize = 4096;

pub(crate) struct UsbDriver;

/// A printer found at the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbPrinter {
    /// The maker's number.
    pub vendor_id: u16,
    /// The maker's number of the product.
    pub product_id: u16,
    /// What the device calls itself, when it does.
    pub product: Option<String>,
}

/// The USB printers that are plugged in (interface class 7), to offer them in settings.
///
/// Reads Linux's own list of devices; elsewhere the list is empty and the numbers are typed in.
pub fn list() -> Vec<UsbPrinter> {
    #[cfg(target_os = "linux")]
    let found = list_sysfs(std::path::Path::new("/sys/bus/usb/devices"));
    #[cfg(not(target_os = "linux"))]
    let found = Vec::new();
    found
}

#[cfg(target_os = "linux")]
fn list_sysfs(devices: &std::path::Path) -> Vec<UsbPrinter> {
    let read =
        |path: std::path::PathBuf| std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
    let Ok(entries) = std::fs::read_dir(devices) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        // Interfaces stand beside their device: `1-2:1.0` belongs to `1-2`.
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((device, _)) = name.split_once(':') else { continue };
        if read(entry.path().join("bInterfaceClass")).as_deref() != Some("07") {
            continue;
        }
        let device = devices.join(device);
        let number = |file: &str| read(device.join(file)).and_then(|hex| u16::from_str_radix(&hex, 16).ok());
        if let (Some(vendor_id), Some(product_id)) = (number("idVendor"), number("idProduct")) {
            let printer = UsbPrinter { vendor_id, product_id, product: read(device.join("product")) };
            if !found.contains(&printer) {
                found.push(printer);
            }
        }
    }
    found
}

fn parse(address: &str) -> Option<(u16, u16)> {
    let (vendor, product) = address.split_once(':')?;
    let number = |hex: &str| {
        let digits = (1..=4).contains(&hex.len()) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u16::from_str_radix(hex, 16).ok()).flatten()
    };
    Some((number(vendor)?, number(product)?))
}

impl Driver for UsbDriver {
    fn scheme(&self) -> &'static str {
        "usb"
    }

    fn check(&self, address: &str) -> Result<(), &'static str> {
        parse(address).map(|_| ()).ok_or("the ids are not two hexadecimal numbers, as in usb://04b8:0202")
    }

    fn connect(&self, address: &str, _timeout: Duration) -> Result<Box<dyn Transport>, TransportError> {
        let attempted = || format!("open the USB printer {address}");
        let (vendor, product) =
            parse(address).ok_or_else(|| TransportError::new(TransportErrorKind::NotFound, attempted()))?;
        let driver = NativeUsbDriver::open(vendor, product).map_err(|error| {
            // The driver has words only, no kinds.
            let kind = if error.to_string().contains("not found") {
                TransportErrorKind::NotFound
            } else {
                TransportErrorKind::Refused
            };
            TransportError::new(kind, attempted()).caused(error)
        })?;
        Ok(Box::new(Usb { driver, unread: VecDeque::new() }))
    }
}

struct Usb {
    driver: NativeUsbDriver,
    /// Bytes of a transfer that the caller had no room for; the driver would drop them.
    unread: VecDeque<u8>,
}

impl Transport for Usb {
    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        const ATTEMPTED: &str = "send to the USB printer";
        let mut sent = 0;
        for transfer in bytes.chunks(TRANSFER_BYTES) {
            time_left(deadline, ATTEMPTED).map_err(|error| error.after(sent))?;
            self.driver.write(transfer).map_err(|error| {
                // The driver does not say how much of a failed transfer arrived: assume some did.
                TransportError::new(TransportErrorKind::Other, ATTEMPTED).caused(error).after(sent + 1)
            })?;
            sent += transfer.len();
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError> {
        const ATTEMPTED: &str = "read the USB printer's answer";
        while self.unread.is_empty() {
            time_left(deadline, ATTEMPTED)?;
            let mut transfer = [0; 512];
            // An empty transfer means that the printer had nothing to say yet.
            let count = self
                .driver
                .read(&mut transfer)
                .map_err(|error| TransportError::new(TransportErrorKind::Other, ATTEMPTED).caused(error))?;
            self.unread.extend(&transfer[..count.min(transfer.len())]);
        }
        self.unread.read(buffer).map_err(|error| TransportError::io(error, ATTEMPTED))
    }

    fn answers(&self) -> Answers {
        Answers::Printer
    }

    fn close(self: Box<Self>) -> Result<(), TransportError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn ids_are_hexadecimal() {
        assert_eq!(parse("04b8:0202"), Some((0x04b8, 0x0202)));
        for wrong in ["", "04b8", "04b8:", "+4b8:0202", "04b80:0202", "04b8:0202:1", "printer:1"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn printers_are_found_by_their_interface_class() {
        let bus = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = bus.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("1-2/idVendor", "04b8\n");
        write("1-2/idProduct", "0202\n");
        write("1-2/product", "TM-T20II\n");
        write("1-2:1.0/bInterfaceClass", "07\n");
        write("1-3/idVendor", "046d\n");
        write("1-3/idProduct", "c31c\n");
        write("1-3:1.0/bInterfaceClass", "03\n");
        let expected =
            UsbPrinter { vendor_id: 0x04b8, product_id: 0x0202, product: Some("TM-T20II".to_owned()) };
        assert_eq!(list_sysfs(bus.path()), [expected]);
    }
}
