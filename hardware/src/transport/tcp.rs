//! `tcp://host:port`: network printers, usually at port 9100.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::{Answers, Driver, Transport, TransportError, TransportErrorKind, time_left, write_until};

pub(crate) struct TcpDriver;

impl Driver for TcpDriver {
    fn scheme(&self) -> &'static str {
        "tcp"
    }

    fn check(&self, address: &str) -> Result<(), &'static str> {
        let (host, port) = address.rsplit_once(':').ok_or("the port is missing, as in tcp://printer:9100")?;
        if host.is_empty() || host.contains(['/', '@', '?', '#', ' ']) {
            return Err("the host is missing or not a host name");
        }
        match port.parse::<u16>() {
            Ok(port) if port > 0 => Ok(()),
            _ => Err("the port is not a number from 1 to 65535"),
        }
    }

    fn connect(&self, address: &str, timeout: Duration) -> Result<Box<dyn Transport>, TransportError> {
        let deadline = Instant::now() + timeout;
        let attempted = || format!("connect to the printer at {address}");
        let mut last = TransportError::new(TransportErrorKind::NotFound, attempted());
        for candidate in resolve(address.to_owned(), timeout)? {
            let left = time_left(deadline, "connect to the printer in time")?;
            match TcpStream::connect_timeout(&candidate, left) {
                Ok(stream) => {
                    // Status requests are three bytes and should not wait for company.
                    stream.set_nodelay(true).map_err(|error| TransportError::io(error, attempted()))?;
                    return Ok(Box::new(Tcp { stream }));
                }
                Err(error) => last = TransportError::io(error, attempted()),
            }
        }
        Err(last)
    }
}

/// Looks a name up without waiting longer than allowed; the system's own lookup knows no deadline, so a thread that
/// is left behind waits it out.
fn resolve(address: String, timeout: Duration) -> Result<Vec<std::net::SocketAddr>, TransportError> {
    if let Ok(literal) = address.parse() {
        return Ok(vec![literal]);
    }
    let attempted = format!("find the printer's host {address}");
    let (send, receive) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("printer-lookup".to_owned())
        .spawn(move || {
            // The receiver is gone when the lookup took too long.
            let _ = send.send(address.to_socket_addrs().map(Iterator::collect::<Vec<_>>));
        })
        .map_err(|error| TransportError::io(error, attempted.clone()))?;
    match receive.recv_timeout(timeout) {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => Err(TransportError::new(TransportErrorKind::NotFound, attempted).caused(error)),
        Err(_) => Err(TransportError::new(TransportErrorKind::TimedOut, attempted)),
    }
}

struct Tcp {
    stream: TcpStream,
}

impl Transport for Tcp {
    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        let stream = &mut self.stream;
        write_until(bytes, deadline, "send to the printer", |rest, left| {
            stream.set_write_timeout(Some(left))?;
            stream.write(rest)
        })
    }

    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError> {
        const ATTEMPTED: &str = "read the printer's answer";
        loop {
            let left = time_left(deadline, ATTEMPTED)?;
            let read = self.stream.set_read_timeout(Some(left)).and_then(|()| self.stream.read(buffer));
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

    fn close(self: Box<Self>) -> Result<(), TransportError> {
        // Only our half: what the printer has not read yet must still arrive.
        match self.stream.shutdown(Shutdown::Write) {
            Err(error) if error.kind() != std::io::ErrorKind::NotConnected => {
                Err(TransportError::io(error, "close the connection to the printer"))
            }
            _ => Ok(()),
        }
    }
}
