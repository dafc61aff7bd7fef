//! `usb://vid:pid` in hexadecimal: printers at the USB bus, of the printer class or with one bulk endpoint each way.
//!
//! The system's own driver of the printer is detached for a job and given back after it. On Windows the printer needs the
//! WinUSB driver; one that belongs to the spooler cannot be claimed and is printed to through the spooler.

use std::time::{Duration, Instant};

use nusb::MaybeFuture as _;
use nusb::descriptors::TransferType;
use nusb::transfer::{Buffer, Bulk, Direction, In, Out, TransferError};
use nusb::{Device, Endpoint};

use super::{Answers, Driver, Transport, TransportError, TransportErrorKind, time_left};

/// The class of printers (USB Device Class Definition for Printing Devices 1.1).
const PRINTER_CLASS: u8 = 7;
/// A transfer small enough that a slow print head takes it well within a job's time.
const TRANSFER_BYTES: usize = 4096;
/// An answer is a byte or four; a whole number of packets of any speed is asked for.
const ANSWER_BYTES: usize = 512;

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
        let found = nusb::list_devices()
            .wait()
            .map_err(|error| TransportError::new(TransportErrorKind::Other, attempted()).caused(error))?
            .find(|device| (device.vendor_id(), device.product_id()) == (vendor, product))
            .ok_or_else(|| TransportError::new(TransportErrorKind::NotFound, attempted()))?;
        let device = found.open().wait().map_err(|error| usb_error(error, attempted()))?;
        Ok(Box::new(open_interface(&device, &attempted)?))
    }
}

fn usb_error(error: nusb::Error, attempted: String) -> TransportError {
    let kind = match error.kind() {
        nusb::ErrorKind::Disconnected | nusb::ErrorKind::NotFound => TransportErrorKind::NotFound,
        nusb::ErrorKind::Busy | nusb::ErrorKind::PermissionDenied => TransportErrorKind::Refused,
        _ => TransportErrorKind::Other,
    };
    TransportError::new(kind, attempted).caused(error)
}

/// An interface as its descriptor tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    interface: u8,
    alternate: u8,
    class: u8,
    bulk_out: u8,
    bulk_in: Option<u8>,
}

/// The interface to print at: of the printer class where there is one, with a way back where there is one.
fn best_place(places: &[Place]) -> Option<Place> {
    places.iter().copied().max_by_key(|place| (place.class == PRINTER_CLASS, place.bulk_in.is_some()))
}

fn open_interface(device: &Device, attempted: &dyn Fn() -> String) -> Result<Usb, TransportError> {
    let failed = |error: nusb::Error| usb_error(error, attempted());
    let configuration = device
        .active_configuration()
        .map_err(|error| TransportError::new(TransportErrorKind::Other, attempted()).caused(error))?;
    let places: Vec<Place> = configuration
        .interface_alt_settings()
        .filter_map(|alternate| {
            let bulk = |wanted: Direction| {
                let mut endpoints = alternate.endpoints();
                endpoints
                    .find(|end| end.transfer_type() == TransferType::Bulk && end.direction() == wanted)
                    .map(|end| end.address())
            };
            Some(Place {
                interface: alternate.interface_number(),
                alternate: alternate.alternate_setting(),
                class: alternate.class(),
                bulk_out: bulk(Direction::Out)?,
                bulk_in: bulk(Direction::In),
            })
        })
        .collect();
    let place =
        best_place(&places).ok_or_else(|| TransportError::new(TransportErrorKind::Other, attempted()))?;
    // The kernel's driver comes back when the interface is dropped.
    let interface = device.detach_and_claim_interface(place.interface).wait().map_err(failed)?;
    if place.alternate != 0 {
        interface.set_alt_setting(place.alternate).wait().map_err(failed)?;
    }
    let to_printer = interface.endpoint::<Bulk, Out>(place.bulk_out).map_err(failed)?;
    let from_printer =
        place.bulk_in.map(|address| interface.endpoint::<Bulk, In>(address)).transpose().map_err(failed)?;
    Ok(Usb { to_printer, from_printer, unread: Vec::new() })
}

struct Usb {
    to_printer: Endpoint<Bulk, Out>,
    from_printer: Option<Endpoint<Bulk, In>>,
    /// Bytes of a transfer that the caller had no room for, the next one last.
    unread: Vec<u8>,
}

fn transfer_error(error: TransferError, attempted: &str) -> TransportError {
    let kind = match error {
        TransferError::Cancelled => TransportErrorKind::TimedOut,
        TransferError::Disconnected => TransportErrorKind::Closed,
        _ => TransportErrorKind::Other,
    };
    TransportError::new(kind, attempted).caused(error)
}

impl Transport for Usb {
    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        const ATTEMPTED: &str = "send to the USB printer";
        let mut sent = 0;
        while sent < bytes.len() {
            let left = time_left(deadline, ATTEMPTED).map_err(|error| error.after(sent))?;
            let transfer = &bytes[sent..(sent + TRANSFER_BYTES).min(bytes.len())];
            let done = self.to_printer.transfer_blocking(Buffer::from(transfer.to_vec()), left);
            sent += done.actual_len.min(transfer.len());
            // A printer may take a part before it fails; what it says it took is believed.
            done.status.map_err(|error| transfer_error(error, ATTEMPTED).after(sent))?;
            if done.actual_len == 0 {
                return Err(TransportError::new(TransportErrorKind::Closed, ATTEMPTED).after(sent));
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError> {
        const ATTEMPTED: &str = "read the USB printer's answer";
        let Some(from_printer) = &mut self.from_printer else {
            return Err(TransportError::new(TransportErrorKind::Other, ATTEMPTED));
        };
        while self.unread.is_empty() {
            let left = time_left(deadline, ATTEMPTED)?;
            let done = from_printer.transfer_blocking(Buffer::new(ANSWER_BYTES), left);
            let count = done.actual_len.min(done.buffer.len());
            self.unread.extend(done.buffer[..count].iter().rev());
            if self.unread.is_empty() {
                // An empty transfer means that the printer had nothing to say yet.
                done.status.map_err(|error| transfer_error(error, ATTEMPTED))?;
            }
        }
        let mut count = 0;
        for place in buffer.iter_mut() {
            let Some(byte) = self.unread.pop() else { break };
            *place = byte;
            count += 1;
        }
        Ok(count)
    }

    fn answers(&self) -> Answers {
        if self.from_printer.is_some() { Answers::Printer } else { Answers::Nothing }
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

    #[test]
    fn the_printer_class_is_taken_before_others_and_a_way_back_before_none() {
        let place =
            |interface, class, bulk_in| Place { interface, alternate: 0, class, bulk_out: 1, bulk_in };
        let best = |places: &[Place]| best_place(places).map(|place| place.interface);
        assert_eq!(best(&[]), None);
        assert_eq!(best(&[place(0, 255, Some(0x81)), place(1, 7, None)]), Some(1));
        assert_eq!(best(&[place(0, 7, None), place(1, 7, Some(0x82)), place(2, 3, Some(0x83))]), Some(1));
        assert_eq!(best(&[place(4, 255, None)]), Some(4));
    }

    #[test]
    fn a_printer_that_is_not_plugged_in_is_not_found() {
        // Where there is no bus at all, the answer may be another one, but never a printer.
        let Err(error) = UsbDriver.connect("ffff:fffe", Duration::from_secs(1)) else { panic!("found") };
        assert!(
            matches!(error.kind(), TransportErrorKind::NotFound | TransportErrorKind::Other),
            "{error:?}"
        );
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
