//! A scanner at a serial port: what someone holds before it goes out with an end of line.

use super::Device;

/// A scanner.
#[derive(Debug, Default)]
pub struct ScannerDevice {
    waiting: Vec<String>,
    /// How many scans went out.
    pub sent: u32,
}

impl ScannerDevice {
    /// Scans a code.
    pub fn scan(&mut self, text: &str) {
        // More than anyone scans while nothing is connected.
        if self.waiting.len() < 100 {
            self.waiting.push(text.to_owned());
        }
    }
}

impl Device for ScannerDevice {
    fn poll(&mut self, _received: &[u8]) -> Vec<Vec<u8>> {
        self.sent += u32::try_from(self.waiting.len()).unwrap_or(0);
        self.waiting.drain(..).map(|text| format!("{text}\r\n").into_bytes()).collect()
    }

    fn damage(&self, frame: &mut [u8]) {
        // A digit misread: the check digit of the code shows it.
        if let Some(byte) = frame.first_mut() {
            *byte ^= 0x01;
        }
    }
}
