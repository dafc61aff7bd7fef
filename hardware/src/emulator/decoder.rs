//! Takes a stream of bytes apart into ESC/POS commands.
//!
//! Written from the command reference, not from our encoder: a mistake there shows as garbage here.

/// One command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command<'a> {
    Text(&'a [u8]),
    LineFeed,
    Reset,
    CodePage(u8),
    Align(u8),
    Bold(bool),
    /// Times wider, times higher; 1 to 8.
    Size(u8, u8),
    Inverse(bool),
    FeedLines(u8),
    FeedDots(u8),
    Cut,
    Drawer {
        pin: u8,
    },
    DrawerAtOnce {
        pin: u8,
    },
    Raster {
        stride: usize,
        dots: &'a [u8],
    },
    BarcodeHeight(u8),
    BarcodeModule(u8),
    /// Code 128 with its code set commands.
    Code128(&'a [u8]),
    /// The digits of an EAN-13, EAN-8 or UPC-A barcode.
    Ean(&'a [u8]),
    QrModule(u8),
    QrCorrection(u8),
    QrStore(&'a [u8]),
    QrPrint,
    AskAtOnce(u8),
    AskInTurn(u8),
    /// Who made it, or what it is.
    AskName(u8),
    /// Tell by itself how it is.
    TellStatus(bool),
    /// Understood well enough to step over.
    Skipped,
}

/// What stands at the start of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// A command and its length, which is at least 1.
    Done(Command<'a>, usize),
    /// The rest of the command has not arrived.
    More,
}

/// The first command of some bytes.
pub(super) fn next_command(bytes: &[u8]) -> Step<'_> {
    let Some(&first) = bytes.first() else { return Step::More };
    match first {
        0x0a => Step::Done(Command::LineFeed, 1),
        0x10 => real_time(bytes),
        0x1b => escape(bytes),
        0x1c => file_separator(bytes),
        0x1d => group_separator(bytes),
        0x20..=0x7e | 0x80..=0xff => {
            let length = bytes.iter().position(|&byte| byte < 0x20 || byte == 0x7f).unwrap_or(bytes.len());
            Step::Done(Command::Text(&bytes[..length]), length)
        }
        _ => Step::Done(Command::Skipped, 1),
    }
}

/// A command of a fixed length, made from all its bytes.
fn fixed<'a>(bytes: &'a [u8], length: usize, make: impl FnOnce(&'a [u8]) -> Command<'a>) -> Step<'a> {
    match bytes.get(..length) {
        Some(whole) => Step::Done(make(whole), length),
        None => Step::More,
    }
}

fn real_time(bytes: &[u8]) -> Step<'_> {
    match bytes.get(1) {
        None => Step::More,
        Some(0x04) => fixed(bytes, 3, |all| Command::AskAtOnce(all[2])),
        Some(0x05) => fixed(bytes, 3, |_| Command::Skipped),
        Some(0x14) => match bytes.get(2) {
            None => Step::More,
            Some(1) => fixed(bytes, 5, |all| Command::DrawerAtOnce { pin: all[3] & 1 }),
            Some(8) => fixed(bytes, 10, |_| Command::Skipped),
            Some(_) => Step::Done(Command::Skipped, 3),
        },
        Some(_) => Step::Done(Command::Skipped, 1),
    }
}

fn escape(bytes: &[u8]) -> Step<'_> {
    let Some(&code) = bytes.get(1) else { return Step::More };
    match code {
        b'@' => Step::Done(Command::Reset, 2),
        b't' => fixed(bytes, 3, |all| Command::CodePage(all[2])),
        b'a' => fixed(bytes, 3, |all| Command::Align(all[2] & 0x0f)),
        b'E' | b'G' => fixed(bytes, 3, |all| Command::Bold(all[2] & 1 == 1)),
        b'd' => fixed(bytes, 3, |all| Command::FeedLines(all[2])),
        b'J' => fixed(bytes, 3, |all| Command::FeedDots(all[2])),
        b'p' => fixed(bytes, 5, |all| Command::Drawer { pin: all[2] & 1 }),
        b'i' | b'm' => Step::Done(Command::Cut, 2),
        b'2' | b'<' | b'L' | b'S' | 0x0c => Step::Done(Command::Skipped, 2),
        b'$' | b'\\' | b'B' => fixed(bytes, 4, |_| Command::Skipped),
        b'!' | b'-' | b' ' | b'3' | b'M' | b'R' | b'V' | b'{' | b'=' | b'r' | b'U' => {
            fixed(bytes, 3, |_| Command::Skipped)
        }
        b'c' => fixed(bytes, 4, |_| Command::Skipped),
        b'D' => match bytes.iter().take(35).position(|&byte| byte == 0) {
            Some(end) => Step::Done(Command::Skipped, end + 1),
            None if bytes.len() < 35 => Step::More,
            None => Step::Done(Command::Skipped, 2),
        },
        b'*' => match bytes.get(2..5) {
            None => Step::More,
            Some(head) => {
                let columns = usize::from(u16::from_le_bytes([head[1], head[2]]));
                let column_bytes = if head[0] >= 32 { 3 } else { 1 };
                fixed(bytes, 5 + columns * column_bytes, |_| Command::Skipped)
            }
        },
        _ => Step::Done(Command::Skipped, 2),
    }
}

fn file_separator(bytes: &[u8]) -> Step<'_> {
    match bytes.get(1) {
        None => Step::More,
        Some(b'.' | b'&') => Step::Done(Command::Skipped, 2),
        Some(b'S') => fixed(bytes, 4, |_| Command::Skipped),
        Some(b'(') => sized(bytes, |_, _| Command::Skipped),
        Some(_) => fixed(bytes, 3, |_| Command::Skipped),
    }
}

fn group_separator(bytes: &[u8]) -> Step<'_> {
    let Some(&code) = bytes.get(1) else { return Step::More };
    match code {
        b'!' => fixed(bytes, 3, |all| Command::Size(((all[2] >> 4) & 7) + 1, (all[2] & 7) + 1)),
        b'B' => fixed(bytes, 3, |all| Command::Inverse(all[2] & 1 == 1)),
        b'r' => fixed(bytes, 3, |all| Command::AskInTurn(all[2])),
        b'I' => fixed(bytes, 3, |all| Command::AskName(all[2])),
        b'a' => fixed(bytes, 3, |all| Command::TellStatus(all[2] != 0)),
        b'h' => fixed(bytes, 3, |all| Command::BarcodeHeight(all[2])),
        b'w' => fixed(bytes, 3, |all| Command::BarcodeModule(all[2])),
        b'V' => match bytes.get(2) {
            None => Step::More,
            Some(0 | 1 | 48 | 49) => Step::Done(Command::Cut, 3),
            Some(65 | 66 | 97 | 98 | 103 | 104) => fixed(bytes, 4, |_| Command::Cut),
            Some(_) => Step::Done(Command::Skipped, 3),
        },
        b'v' => match bytes.get(..8) {
            None => Step::More,
            Some(head) => {
                let stride = usize::from(u16::from_le_bytes([head[4], head[5]]));
                let rows = usize::from(u16::from_le_bytes([head[6], head[7]]));
                fixed(bytes, 8 + stride * rows, |all| Command::Raster { stride, dots: &all[8..] })
            }
        },
        b'k' => match (bytes.get(2), bytes.get(3)) {
            (None, _) | (_, None) => Step::More,
            (Some(0..=6), _) => match bytes.iter().take(260).position(|&byte| byte == 0) {
                Some(end) if end > 2 => Step::Done(Command::Skipped, end + 1),
                _ => Step::More,
            },
            (Some(65 | 67 | 68), Some(&length)) => {
                fixed(bytes, 4 + usize::from(length), |all| Command::Ean(&all[4..]))
            }
            (Some(73), Some(&length)) => {
                fixed(bytes, 4 + usize::from(length), |all| Command::Code128(&all[4..]))
            }
            (Some(_), Some(&length)) => fixed(bytes, 4 + usize::from(length), |_| Command::Skipped),
        },
        b'(' => sized(bytes, two_dimensional),
        b'$' | b'\\' | b'L' | b'W' | b'P' => fixed(bytes, 4, |_| Command::Skipped),
        b':' => Step::Done(Command::Skipped, 2),
        _ => fixed(bytes, 3, |_| Command::Skipped),
    }
}

/// `GS ( x pL pH …` and its like: the command says its own length.
fn sized<'a>(bytes: &'a [u8], make: impl FnOnce(u8, &'a [u8]) -> Command<'a>) -> Step<'a> {
    match bytes.get(2..5) {
        None => Step::More,
        Some(head) => {
            let length = 5 + usize::from(u16::from_le_bytes([head[1], head[2]]));
            let letter = head[0];
            fixed(bytes, length, |all| make(letter, &all[5..]))
        }
    }
}

fn two_dimensional(letter: u8, parameters: &[u8]) -> Command<'_> {
    match (letter, parameters) {
        (b'k', [49, 67, module]) => Command::QrModule(*module),
        (b'k', [49, 69, level]) => Command::QrCorrection(*level),
        (b'k', [49, 80, 48, data @ ..]) => Command::QrStore(data),
        (b'k', [49, 81, _]) => Command::QrPrint,
        _ => Command::Skipped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_waits_for_its_last_byte() {
        let whole = [
            b"\x10\x04\x01".as_slice(),
            b"\x10\x14\x01\x00\x01",
            b"\x1bp\x00\x19\xfa",
            b"\x1dV\x42\x00",
            b"\x1dv0\x00\x01\x00\x02\x00\xaa\x55",
            b"\x1d(k\x05\x001P0AB",
            b"\x1dkI\x07{BINV-1",
        ];
        for command in whole {
            for cut in 0..command.len() {
                assert_eq!(next_command(&command[..cut]), Step::More, "{command:?} cut at {cut}");
            }
            assert!(matches!(next_command(command), Step::Done(_, length) if length == command.len()));
        }
    }

    #[test]
    fn a_drawer_pulse_without_its_times_swallows_text() {
        // The known mistake of other encoders must show.
        let bytes = b"\x1bp\x00TOTAL\n";
        assert_eq!(next_command(bytes), Step::Done(Command::Drawer { pin: 0 }, 5));
        assert_eq!(next_command(&bytes[5..]), Step::Done(Command::Text(b"TAL"), 3));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_taken_apart_without_standing_still(bytes: Vec<u8>) {
            let mut from = 0;
            while let Step::Done(_, length) = next_command(&bytes[from..]) {
                proptest::prop_assert!(length > 0 && from + length <= bytes.len());
                from += length;
            }
        }
    }
}
