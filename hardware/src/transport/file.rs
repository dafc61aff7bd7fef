//! `file:///path`: a file that every job is added to, or a device such as `/dev/usb/lp0`.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::time::{Duration, Instant};

use super::{Answers, Driver, Transport, TransportError, TransportErrorKind, write_until};

pub(crate) struct FileDriver;

impl Driver for FileDriver {
    fn scheme(&self) -> &'static str {
        "file"
    }

    fn check(&self, address: &str) -> Result<(), &'static str> {
        if !address.starts_with('/') || address.len() < 2 || address.contains('\0') {
            return Err("the path is not absolute, as in file:///dev/usb/lp0");
        }
        Ok(())
    }

    fn connect(&self, address: &str, _timeout: Duration) -> Result<Box<dyn Transport>, TransportError> {
        let attempted = || format!("open {address}");
        // `file:///C:/receipts.bin` names a drive, not a folder called C:.
        let drive = cfg!(windows) && address.as_bytes().get(2) == Some(&b':');
        let path = if drive { &address[1..] } else { address };
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .map_err(|error| TransportError::io(error, attempted()))?;
        let kind = file.metadata().map_err(|error| TransportError::io(error, attempted()))?.file_type();
        if kind.is_dir() {
            return Err(TransportError::new(TransportErrorKind::Other, attempted()));
        }
        Ok(Box::new(FileTransport { file, on_disk: kind.is_file() }))
    }
}

struct FileTransport {
    file: File,
    on_disk: bool,
}

impl Transport for FileTransport {
    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        write_until(bytes, deadline, "write to the printer's file", |rest, _| self.file.write(rest))
    }

    fn read(&mut self, _buffer: &mut [u8], _deadline: Instant) -> Result<usize, TransportError> {
        Err(TransportError::new(TransportErrorKind::Other, "read an answer from a file"))
    }

    fn answers(&self) -> Answers {
        if self.on_disk { Answers::Keeping } else { Answers::Nothing }
    }

    fn close(self: Box<Self>) -> Result<(), TransportError> {
        if self.on_disk {
            self.file.sync_all().map_err(|error| TransportError::io(error, "keep the printer's file"))?;
        }
        Ok(())
    }
}
