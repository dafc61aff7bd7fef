//! `file:///path`: a file that every job is added to, or a device such as `/dev/usb/lp0`.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
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
        let mut options = OpenOptions::new();
        // A device that is unplugged must be missing, not become a file that takes receipts.
        options.append(true).create(!path.starts_with("/dev/"));
        never_block(&mut options);
        let file = options.open(path).map_err(|error| TransportError::io(error, attempted()))?;
        let kind = file.metadata().map_err(|error| TransportError::io(error, attempted()))?.file_type();
        if kind.is_dir() {
            return Err(TransportError::new(TransportErrorKind::Other, attempted()));
        }
        Ok(Box::new(FileTransport { file, on_disk: kind.is_file() }))
    }
}

/// Devices such as `/dev/usb/lp0` otherwise hold a writer for as long as the printer is out of paper.
fn never_block(options: &mut OpenOptions) {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use std::os::unix::fs::OpenOptionsExt;
        /// `O_NONBLOCK` of this system's `fcntl.h`.
        const NONBLOCK: i32 = if cfg!(target_os = "linux") { 0o4000 } else { 0x4 };
        options.custom_flags(NONBLOCK);
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    let _ = options;
}

struct FileTransport {
    file: File,
    on_disk: bool,
}

impl Transport for FileTransport {
    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        write_until(bytes, deadline, "write to the printer's file", |rest, left| {
            match self.file.write(rest) {
                // The device's buffer is full: look again soon.
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    std::thread::sleep(left.min(Duration::from_millis(10)));
                    Err(ErrorKind::Interrupted.into())
                }
                written => written,
            }
        })
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
