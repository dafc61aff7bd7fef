//! A customer display of two lines by twenty characters that shows what it is sent.

use super::Device;
use crate::display::COLUMNS;

/// A display.
#[derive(Debug)]
pub struct DisplayDevice {
    cells: [u8; 2 * COLUMNS],
    at: usize,
    held: Vec<u8>,
    /// Commands it does not know.
    pub unknown: u32,
}

impl Default for DisplayDevice {
    fn default() -> Self {
        Self { cells: [b' '; 2 * COLUMNS], at: 0, held: Vec::new(), unknown: 0 }
    }
}

impl DisplayDevice {
    /// What stands on both lines.
    pub fn lines(&self) -> (String, String) {
        let text = |cells: &[u8]| String::from_utf8_lossy(cells).trim_end().to_owned();
        (text(&self.cells[..COLUMNS]), text(&self.cells[COLUMNS..]))
    }

    /// As after its power was gone.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    fn take(&mut self, byte: u8) {
        self.held.push(byte);
        let whole = match self.held.as_slice() {
            [0x1f] | [0x1b] | [0x1f, 0x43 | 0x58 | 0x72 | 0x45] | [0x1b, 0x3d] => false,
            [0x1f, 0x24, rest @ ..] => rest.len() == 2,
            _ => true,
        };
        if whole {
            let command = std::mem::take(&mut self.held);
            self.act(&command);
        }
    }

    fn act(&mut self, command: &[u8]) {
        match command {
            [0x0c] => *self = Self { unknown: self.unknown, ..Self::default() },
            [0x0b] => self.at = 0,
            [0x08] => self.at = self.at.saturating_sub(1),
            [0x09] => self.at = (self.at + 1) % self.cells.len(),
            [0x18] => {
                let line = self.at / COLUMNS * COLUMNS;
                self.cells[line..line + COLUMNS].fill(b' ');
                self.at = line;
            }
            [0x1b, 0x40] => *self = Self { unknown: self.unknown, ..Self::default() },
            [0x1f, 0x24, column, line] => {
                let column = usize::from(*column).clamp(1, COLUMNS) - 1;
                self.at = (usize::from(*line).clamp(1, 2) - 1) * COLUMNS + column;
            }
            [0x1f, 0x01..=0x03] | [0x1f, 0x43 | 0x58 | 0x72 | 0x45, _] | [0x1b, 0x3d, _] => {}
            [0x1f, 0x42] => self.at = 2 * COLUMNS - 1,
            [byte @ 0x20..=0xff] => {
                self.cells[self.at] = *byte;
                self.at = (self.at + 1) % self.cells.len();
            }
            _ => self.unknown += 1,
        }
    }
}

impl Device for DisplayDevice {
    fn poll(&mut self, received: &[u8]) -> Vec<Vec<u8>> {
        received.iter().for_each(|byte| self.take(*byte));
        Vec::new()
    }

    fn connected(&mut self) {
        self.held.clear();
    }
}
