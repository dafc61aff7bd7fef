//! Scans as lines of text: each ends with CR, LF, Tab or both; a scanner without an end of line is known by its pause.

/// Longer lines are noise; no symbol of a shop holds more.
const MOST_BYTES: usize = 4096;

/// Collects bytes into scans.
#[derive(Debug, Default)]
pub struct Lines {
    held: Vec<u8>,
    overrun: bool,
}

impl Lines {
    /// Takes bytes as they come; gives the scans that they complete.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut scans = Vec::new();
        for byte in bytes {
            match byte {
                b'\r' | b'\n' | b'\t' => scans.extend(self.finish()),
                // Framing that some scanners are set to: STX before, ETX after.
                0x02 | 0x03 => {}
                _ if self.held.len() >= MOST_BYTES => self.overrun = true,
                byte => self.held.push(*byte),
            }
        }
        scans
    }

    /// Nothing came for a while: what is held is a scan of a scanner that sends no end of line.
    pub fn quiet(&mut self) -> Option<String> {
        self.finish()
    }

    fn finish(&mut self) -> Option<String> {
        let bytes = std::mem::take(&mut self.held);
        let overrun = std::mem::take(&mut self.overrun);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        (!overrun && !text.trim().is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_scans_however_they_are_cut() {
        let sent = b"]E08992761111113\r\n\x02KOTA-T3-000123\x03\r]C1010541\x1d17\n\n";
        for size in 1..sent.len() {
            let mut lines = Lines::default();
            let scans: Vec<String> = sent.chunks(size).flat_map(|piece| lines.take(piece)).collect();
            assert_eq!(
                scans,
                ["]E08992761111113", "KOTA-T3-000123", "]C1010541\u{1d}17"],
                "in pieces of {size}"
            );
        }
    }

    #[test]
    fn a_pause_ends_a_scan_without_an_end_of_line() {
        let mut lines = Lines::default();
        assert!(lines.take(b"96385074").is_empty());
        assert_eq!(lines.quiet().as_deref(), Some("96385074"));
        assert_eq!(lines.quiet(), None);
    }

    #[test]
    fn endless_noise_is_bounded_and_no_scan() {
        let mut lines = Lines::default();
        assert!(lines.take(&[b'x'; 100_000]).is_empty());
        assert!(lines.held.len() <= MOST_BYTES);
        assert!(lines.take(b"\r").is_empty());
        assert_eq!(lines.take(b"96385074\r"), ["96385074"]);
    }
}
