//! `serial:///dev/ttyUSB0?baud=19200` or `serial://COM3`: devices at a serial port, 8 data bits and no parity unless the
//! address says `bits=7` and `parity=even` or `odd`, as many scales want it.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use serialport::{DataBits, ErrorKind, Parity, SerialPort};

use super::{Answers, Driver, Transport, TransportError, TransportErrorKind, time_left, write_until};

/// What most printers leave the factory with.
const USUAL_BAUD: u32 = 9600;

pub(crate) struct SerialDriver;

/// The serial ports that are plugged in, each with what stands behind it as far as the system says.
pub fn ports() -> Vec<(String, String)> {
    let Ok(ports) = serialport::available_ports() else { return Vec::new() };
    ports
        .into_iter()
        .map(|port| {
            let name = match port.port_type {
                serialport::SerialPortType::UsbPort(usb) => usb.product.unwrap_or_default(),
                _ => String::new(),
            };
            (port.port_name, name)
        })
        .collect()
}

/// A port and how it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line<'a> {
    port: &'a str,
    baud: u32,
    bits: DataBits,
    parity: Parity,
}

fn parse(address: &str) -> Option<Line<'_>> {
    let (port, query) = address.split_once('?').unwrap_or((address, ""));
    let mut line = Line { port, baud: USUAL_BAUD, bits: DataBits::Eight, parity: Parity::None };
    for pair in query.split('&').filter(|_| address.contains('?')) {
        match pair.split_once('=')? {
            ("baud", baud) => line.baud = baud.parse().ok()?,
            ("bits", "7") => line.bits = DataBits::Seven,
            ("bits", "8") => line.bits = DataBits::Eight,
            ("parity", "none") => line.parity = Parity::None,
            ("parity", "even") => line.parity = Parity::Even,
            ("parity", "odd") => line.parity = Parity::Odd,
            _ => return None,
        }
    }
    (!port.is_empty() && (1..=4_000_000).contains(&line.baud)).then_some(line)
}

impl Driver for SerialDriver {
    fn scheme(&self) -> &'static str {
        "serial"
    }

    fn check(&self, address: &str) -> Result<(), &'static str> {
        parse(address)
            .map(|_| ())
            .ok_or("the port or its speed is wrong, as in serial:///dev/ttyUSB0?baud=19200")
    }

    fn connect(&self, address: &str, timeout: Duration) -> Result<Box<dyn Transport>, TransportError> {
        let attempted = || format!("open the serial port {address}");
        let line =
            parse(address).ok_or_else(|| TransportError::new(TransportErrorKind::NotFound, attempted()))?;
        let wanted = serialport::new(line.port, line.baud).data_bits(line.bits).parity(line.parity);
        let port = wanted.timeout(timeout).open().map_err(|error| {
            let kind = match error.kind() {
                ErrorKind::NoDevice => TransportErrorKind::NotFound,
                ErrorKind::Io(std::io::ErrorKind::NotFound) => TransportErrorKind::NotFound,
                _ => TransportErrorKind::Refused,
            };
            TransportError::new(kind, attempted()).caused(error)
        })?;
        Ok(Box::new(Serial { port }))
    }
}

struct Serial {
    port: Box<dyn SerialPort>,
}

impl Transport for Serial {
    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        write_until(bytes, deadline, "send to the serial printer", |rest, left| {
            self.port.set_timeout(left)?;
            self.port.write(rest)
        })
    }

    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError> {
        const ATTEMPTED: &str = "read the serial printer's answer";
        loop {
            let left = time_left(deadline, ATTEMPTED)?;
            let read = self
                .port
                .set_timeout(left)
                .map_err(std::io::Error::from)
                .and_then(|()| self.port.read(buffer));
            match read {
                Ok(0) => return Err(TransportError::new(TransportErrorKind::Closed, ATTEMPTED)),
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(TransportError::io(error, ATTEMPTED)),
            }
        }
    }

    fn answers(&self) -> Answers {
        Answers::Printer
    }

    fn close(mut self: Box<Self>) -> Result<(), TransportError> {
        self.port.flush().map_err(|error| TransportError::io(error, "flush the serial port"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_bits_and_parity_are_optional() {
        let usual = Line { port: "/dev/ttyS0", baud: 9600, bits: DataBits::Eight, parity: Parity::None };
        assert_eq!(parse("/dev/ttyS0"), Some(usual));
        assert_eq!(parse("COM3?baud=19200"), Some(Line { port: "COM3", baud: 19200, ..usual }));
        let scale = Line { bits: DataBits::Seven, parity: Parity::Even, ..usual };
        assert_eq!(parse("/dev/ttyS0?bits=7&parity=even"), Some(scale));
        for wrong in [
            "",
            "?baud=9600",
            "/dev/ttyS0?",
            "/dev/ttyS0?baud=0",
            "/dev/ttyS0?baud=fast",
            "/dev/ttyS0?parity=some",
            "/dev/ttyS0?bits=9",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
