//! Status requests and their answers.
//!
//! `DLE EOT n` is answered at once, whatever the printer is doing; `GS r n` in its turn, when all before it is done.

/// Asks whether the printer is online.
pub const ASK_PRINTER: [u8; 3] = [0x10, 0x04, 1];
/// Asks why it is offline.
pub const ASK_OFFLINE: [u8; 3] = [0x10, 0x04, 2];
/// Asks for the paper.
pub const ASK_PAPER: [u8; 3] = [0x10, 0x04, 4];
/// Asks for the paper once everything sent before is printed.
pub const ASK_PAPER_IN_TURN: [u8; 3] = [0x1d, b'r', 1];

/// Whether a byte can be an answer to `DLE EOT`: the fixed bits are 0xx1xx10.
pub fn is_answer_at_once(byte: u8) -> bool {
    byte & 0b1001_0011 == 0b0001_0010
}

/// Whether a byte can be an answer to `GS r`: the fixed bits are 0xx0xxxx.
pub fn is_answer_in_turn(byte: u8) -> bool {
    byte & 0b1001_0000 == 0
}

/// What keeps a printer from printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The paper is out.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// It reports an error, such as a jammed knife.
    Fault,
    /// It is offline for another reason.
    Offline,
}

/// What a printer says of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PrinterStatus {
    /// The first thing to mend, if any.
    pub trouble: Option<Trouble>,
    /// The paper is about to end; it still prints.
    pub paper_near_end: bool,
    /// The level at pin 3 of the drawer connector; whether that means open depends on the drawer.
    pub drawer_pin_high: bool,
}

impl PrinterStatus {
    /// Reads the answers to [`ASK_PRINTER`], [`ASK_OFFLINE`] and [`ASK_PAPER`].
    pub fn read(printer: u8, offline: u8, paper: u8) -> Self {
        let trouble = if paper & 0x60 != 0 || offline & 0x20 != 0 {
            Some(Trouble::PaperOut)
        } else if offline & 0x04 != 0 {
            Some(Trouble::CoverOpen)
        } else if offline & 0x40 != 0 {
            Some(Trouble::Fault)
        } else if printer & 0x08 != 0 {
            Some(Trouble::Offline)
        } else {
            None
        };
        Self { trouble, paper_near_end: paper & 0x0c != 0, drawer_pin_high: printer & 0x04 != 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_of_the_reference_are_read() {
        let trouble = |printer, offline, paper| PrinterStatus::read(printer, offline, paper).trouble;
        assert_eq!(trouble(0x12, 0x12, 0x12), None);
        assert_eq!(trouble(0x1a, 0x12, 0x12), Some(Trouble::Offline));
        assert_eq!(trouble(0x1a, 0x16, 0x12), Some(Trouble::CoverOpen));
        assert_eq!(trouble(0x1a, 0x32, 0x72), Some(Trouble::PaperOut));
        assert_eq!(trouble(0x1a, 0x52, 0x12), Some(Trouble::Fault));
        assert!(PrinterStatus::read(0x16, 0x12, 0x1e).paper_near_end);
        assert!(PrinterStatus::read(0x16, 0x12, 0x1e).drawer_pin_high);
    }

    #[test]
    fn no_byte_can_be_both_answers() {
        assert!((0..=255).all(|byte| !(is_answer_at_once(byte) && is_answer_in_turn(byte))));
    }
}
