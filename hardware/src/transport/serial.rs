//! `serial:///dev/ttyUSB0?baud=19200` or `serial://COM3`: printers at a serial port, 8 data bits, no parity.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use serialport::{ErrorKind, SerialPort};

use super::{Answers, Driver, Transport, TransportError, TransportErrorKind, time_left, write_until};

/// What most printers leave the factory with.
const USUAL_BAUD: u32 = 9600;

pub(crate) struct SerialDriver;

fn parse(address: &str) -> Option<(&str, u32)> {
    let (port, baud) = match address.split_once('?') {
        Some((port, query)) => (port, query.strip_prefix("baud=")?.parse().ok()?),
        None => (address, USUAL_BAUD),
    };
    (!port.is_empty() && (1..=4_000_000).contains(&baud)).then_some((port, baud))
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
        let (path, baud) =
            parse(address).ok_or_else(|| TransportError::new(TransportErrorKind::NotFound, attempted()))?;
        let port = serialport::new(path, baud).timeout(timeout).open().map_err(|error| {
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
    fn the_speed_is_optional() {
        assert_eq!(parse("/dev/ttyS0"), Some(("/dev/ttyS0", 9600)));
        assert_eq!(parse("COM3?baud=19200"), Some(("COM3", 19200)));
        for wrong in ["", "?baud=9600", "/dev/ttyS0?baud=0", "/dev/ttyS0?baud=fast", "/dev/ttyS0?parity=odd"]
        {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
