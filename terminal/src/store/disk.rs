//! How much room the disk has left.

use std::io;
use std::path::Path;

/// Below this, a sale is refused before payment starts: room for the sales of a day stays for what is under way.
pub const FREE_SPACE_FLOOR_BYTES: u64 = 64 * 1024 * 1024;

/// Where the room of a disk is read.
pub trait Disk: Send + Sync {
    /// Bytes that can still be written in the folder.
    ///
    /// # Errors
    /// When the file system does not say.
    fn free_bytes(&self, dir: &Path) -> io::Result<u64>;
}

/// The real disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalDisk;

impl Disk for LocalDisk {
    fn free_bytes(&self, dir: &Path) -> io::Result<u64> {
        fs4::available_space(dir)
    }
}
