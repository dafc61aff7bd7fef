//! USB HID point-of-sale scanners: input reports of usage page 0x8C, usage 2.
//!
//! A report is a length, three bytes of symbology identifier, the data, and at its end a flag that more follows. Some
//! makers shift everything by one byte, others want to be told to speak this way at all.

use std::time::Duration;

use hidapi::{HidApi, HidDevice, HidError};

use crate::transport::{TransportError, TransportErrorKind};

/// The report that carries scans.
const INPUT_REPORT: u8 = 2;
/// Bytes of a report without its id.
const REPORT_BYTES: usize = 63;
/// Where the flag of a continuation stands.
const CONTINUES_AT: usize = 62;
/// Where the data begins.
const DATA_AT: usize = 4;
/// The most data of one report.
const MOST_DATA: usize = 56;
/// The most reports of one scan; a scanner that never ends one is noise.
const MOST_REPORTS: usize = 64;

/// The usage page and usage of a scanner.
pub const USAGE: (u16, u16) = (0x8c, 0x02);
/// Makers whose scanners must be told to send reports: feature report 254 with 1 in it.
const TOLD: [u16; 2] = [0x0c2e, 0x23d0];

/// Puts reports together into scans. Pure.
#[derive(Debug, Default)]
pub struct Reports {
    held: String,
    count: usize,
}

impl Reports {
    /// Takes a report, its id first; gives the scan that it completes.
    pub fn take(&mut self, report: &[u8]) -> Option<String> {
        let (&id, body) = report.split_first()?;
        if id != INPUT_REPORT || body.len() < DATA_AT {
            return None;
        }
        // Some send a zero before the length.
        let body = if body[0] == 0 && plausible(body) { &body[1..] } else { body };
        let length = usize::from(body[0]);
        let data = body.get(DATA_AT..DATA_AT + length.min(MOST_DATA))?;
        if length == 0 || length > MOST_DATA {
            self.reset();
            return None;
        }
        if self.held.is_empty() && body[1] == b']' {
            self.held.extend(body[1..DATA_AT].iter().map(|byte| char::from(*byte)));
        }
        self.held.push_str(&String::from_utf8_lossy(data));
        self.count += 1;
        if body.get(CONTINUES_AT).is_some_and(|flag| *flag != 0) {
            if self.count >= MOST_REPORTS {
                self.reset();
            }
            return None;
        }
        let scan = self.held.trim_end_matches(['\r', '\n', '\t']).to_owned();
        self.reset();
        (!scan.is_empty()).then_some(scan)
    }

    fn reset(&mut self) {
        self.held.clear();
        self.count = 0;
    }
}

/// Whether a report makes sense when its first byte is skipped.
fn plausible(body: &[u8]) -> bool {
    let length = usize::from(body[1]);
    (1..=MOST_DATA).contains(&length) && body.len() > DATA_AT + length
}

/// A scanner found at the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HidScanner {
    /// The maker's number.
    pub vendor_id: u16,
    /// The maker's number of the product.
    pub product_id: u16,
    /// What it calls itself.
    pub product: Option<String>,
}

/// The scanners of this kind that are plugged in; empty when the bus cannot be read.
pub fn list() -> Vec<HidScanner> {
    let Ok(api) = HidApi::new() else { return Vec::new() };
    let mut found: Vec<HidScanner> = Vec::new();
    for device in api.device_list().filter(|device| (device.usage_page(), device.usage()) == USAGE) {
        let scanner = HidScanner {
            vendor_id: device.vendor_id(),
            product_id: device.product_id(),
            product: device.product_string().map(str::to_owned),
        };
        if !found.contains(&scanner) {
            found.push(scanner);
        }
    }
    found
}

/// Where reports come from: a device at the bus, or one in memory for tests.
pub trait ReportSource: Send {
    /// Reads one report, its id first, within `patience`; 0 when none came.
    ///
    /// # Errors
    /// The device is gone.
    fn read(&mut self, buffer: &mut [u8], patience: Duration) -> Result<usize, TransportError>;
}

struct Bus {
    device: HidDevice,
}

impl ReportSource for Bus {
    fn read(&mut self, buffer: &mut [u8], patience: Duration) -> Result<usize, TransportError> {
        let millis = i32::try_from(patience.as_millis()).unwrap_or(i32::MAX);
        self.device.read_timeout(buffer, millis).map_err(|error| {
            TransportError::new(TransportErrorKind::Closed, "read the scanner's report").caused(error)
        })
    }
}

/// Opens the scanner of an address such as `0c2e:0b6a`, and tells it to send reports where its maker wants that.
///
/// # Errors
/// When it is not plugged in or the system does not let us.
pub fn open(address: &str) -> Result<Box<dyn ReportSource>, TransportError> {
    let attempted = || format!("open the HID scanner {address}");
    let missing = || TransportError::new(TransportErrorKind::NotFound, attempted());
    let (vendor, product) = parse(address).ok_or_else(missing)?;
    let refused =
        |error: HidError| TransportError::new(TransportErrorKind::Refused, attempted()).caused(error);
    let api = HidApi::new().map_err(refused)?;
    let found = api
        .device_list()
        .find(|device| {
            (device.vendor_id(), device.product_id()) == (vendor, product)
                && (device.usage_page(), device.usage()) == USAGE
        })
        .ok_or_else(missing)?;
    let device = found.open_device(&api).map_err(refused)?;
    if TOLD.contains(&vendor) {
        device.send_feature_report(&[254, 1]).map_err(refused)?;
    }
    Ok(Box::new(Bus { device }))
}

/// The ids of an address, two hexadecimal numbers.
pub fn parse(address: &str) -> Option<(u16, u16)> {
    let (vendor, product) = address.split_once(':')?;
    let number = |hex: &str| {
        let digits = (1..=4).contains(&hex.len()) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u16::from_str_radix(hex, 16).ok()).flatten()
    };
    Some((number(vendor)?, number(product)?))
}

/// Reads the scans of a HID scanner.
pub struct HidReader {
    source: Box<dyn ReportSource>,
    reports: Reports,
}

impl HidReader {
    /// A reader of that source.
    pub fn new(source: Box<dyn ReportSource>) -> Self {
        Self { source, reports: Reports::default() }
    }

    /// The scan that comes within `patience`, when one does.
    ///
    /// # Errors
    /// The device is gone; half a scan is forgotten.
    pub fn scan(&mut self, patience: Duration) -> Result<Option<String>, TransportError> {
        let mut buffer = [0; REPORT_BYTES + 1];
        let count = self.source.read(&mut buffer, patience)?;
        Ok(if count == 0 { None } else { self.reports.take(&buffer[..count]) })
    }
}

/// The reports that a scanner sends for a scan; for emulators and tests.
pub fn reports_of(symbology: &str, text: &str) -> Vec<Vec<u8>> {
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(MOST_DATA).collect();
    let last = pieces.len();
    pieces
        .into_iter()
        .enumerate()
        .map(|(index, piece)| {
            let mut report = vec![0; REPORT_BYTES + 1];
            report[0] = INPUT_REPORT;
            // Never more than MOST_DATA.
            report[1] = u8::try_from(piece.len()).unwrap_or(0);
            for (at, byte) in symbology.bytes().take(3).enumerate() {
                report[2 + at] = byte;
            }
            report[1 + DATA_AT..][..piece.len()].copy_from_slice(piece);
            report[1 + CONTINUES_AT] = u8::from(index + 1 < last);
            report
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use proptest::prelude::*;

    use super::*;

    fn read(reports: &[Vec<u8>]) -> Vec<String> {
        let mut scanner = Reports::default();
        reports.iter().filter_map(|report| scanner.take(report)).collect()
    }

    #[test]
    fn a_report_is_a_scan_with_its_symbology() {
        assert_eq!(read(&reports_of("]E0", "8992761111113\r")), ["]E08992761111113"]);
        assert_eq!(read(&reports_of("\0\0\0", "8992761111113")), ["8992761111113"]);
    }

    #[test]
    fn a_long_code_comes_in_several_reports() {
        let text = "0105412345000013".repeat(10);
        let reports = reports_of("]d2", &text);
        assert!(reports.len() > 2);
        assert_eq!(read(&reports), [format!("]d2{text}")]);
    }

    #[test]
    fn reports_shifted_by_one_byte_are_read() {
        let mut report = reports_of("]E0", "96385074").remove(0);
        report.insert(1, 0);
        report.truncate(REPORT_BYTES + 1);
        assert_eq!(read(&[report]), ["]E096385074"]);
    }

    #[test]
    fn what_is_no_scan_gives_nothing_and_spoils_nothing() {
        let good = reports_of("]E0", "96385074").remove(0);
        let other_id = [&[9], &good[1..]].concat();
        let too_long = [&[INPUT_REPORT, 255], &good[2..]].concat();
        assert_eq!(read(&[vec![], vec![2], other_id, too_long, good]), ["]E096385074"]);
        // A scanner that never ends a code.
        let endless = reports_of("]E0", &"1".repeat(100)).remove(0);
        let mut scanner = Reports::default();
        for _ in 0..10 * MOST_REPORTS {
            assert_eq!(scanner.take(&endless), None);
        }
        assert!(scanner.held.len() <= MOST_REPORTS * MOST_DATA + 3);
    }

    proptest! {
        #[test]
        fn no_report_makes_it_panic(reports in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..70), 0..5)) {
            read(&reports);
        }
    }
}
