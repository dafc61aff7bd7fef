//! What a program did to its files, from strace's record, and what a power cut leaves of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::simulation::chance::Chance;

/// What a disk writes at once: a torn write ends at a multiple of it.
const SECTOR: usize = 512;

/// One thing that was done to a file.
#[derive(Debug, Clone)]
pub(super) enum Act {
    Write {
        at: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        length: usize,
    },
    Sync,
    /// A sync left out.
    Nothing,
}

/// A file's name and what was done to it.
pub(super) type Log = Vec<(String, Act)>;

/// The words before a program that record all it writes.
pub(super) fn recording(record: &Path) -> Vec<String> {
    let words = ["strace", "-D", "-f", "-qq", "-y", "-xx", "-s", "4194304", "-e", "signal=none"];
    let mut words: Vec<String> = words.map(str::to_owned).to_vec();
    words.extend(["-o".to_owned(), record.display().to_string()]);
    words.extend(["-e".to_owned(), "trace=pwrite64,fsync,fdatasync,ftruncate".to_owned(), "--".to_owned()]);
    words
}

impl Act {
    /// Does this to a file as a cut leaves it: whole when it was synced; if not, whole, torn, or not at all.
    pub(super) fn leave(&self, content: &mut Vec<u8>, synced: bool, chance: &mut Chance) {
        match self {
            Self::Sync | Self::Nothing => {}
            Self::Truncate { length } => {
                if synced || chance.one_in(2) {
                    content.resize(*length, 0);
                }
            }
            Self::Write { at, bytes } => {
                let kept = match (synced, chance.between(0, 2)) {
                    (true, _) | (false, 0) => bytes.len(),
                    (false, 1) => 0,
                    (false, _) => {
                        let sectors = i64::try_from(bytes.len() / SECTOR).unwrap_or(0);
                        usize::try_from(chance.between(0, sectors)).unwrap_or(0) * SECTOR
                    }
                };
                let kept = bytes.get(..kept).unwrap_or_default();
                if kept.is_empty() {
                    return;
                }
                content.resize(content.len().max(at + kept.len()), 0);
                if let Some(place) = content.get_mut(*at..at + kept.len()) {
                    place.copy_from_slice(kept);
                }
            }
        }
    }
}

/// The acts of a record, and the line that each stood on. Calls that were interrupted by another thread's line are joined.
pub(super) fn read_record(record: &Path, folder: &Path, files: [&str; 2]) -> Result<(Log, Vec<usize>)> {
    let text = fs::read_to_string(record)?;
    let (mut log, mut lines) = (Log::new(), Vec::new());
    let mut begun: BTreeMap<String, String> = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let (thread, rest) = line.split_once(' ').context("a line without a thread")?;
        let rest = rest.trim_start();
        if let Some(head) = rest.strip_suffix("<unfinished ...>") {
            begun.insert(thread.to_owned(), head.to_owned());
            continue;
        }
        let whole = match rest.split_once(" resumed>") {
            Some((_, tail)) => begun.remove(thread).unwrap_or_default() + tail,
            None => rest.to_owned(),
        };
        if let Some((path, act)) = act_of(&whole)? {
            let file = Path::new(&path).file_name().unwrap_or_default().to_string_lossy().into_owned();
            if Path::new(&path).parent() == Some(folder) && files.contains(&file.as_str()) {
                log.push((file, act));
                lines.push(number);
            }
        }
    }
    Ok((log, lines))
}

/// `call(fd<path>, "bytes", length, offset) = result`, with path and bytes in hexadecimal.
fn act_of(line: &str) -> Result<Option<(String, Act)>> {
    let Some((call, rest)) = line.split_once('(') else { return Ok(None) };
    let Some((arguments, result)) = rest.rsplit_once(" = ") else { return Ok(None) };
    if result.trim_start().starts_with(['-', '?']) {
        return Ok(None);
    }
    let Some((_, after)) = arguments.split_once('<') else { return Ok(None) };
    let Some((path, after)) = after.split_once('>') else { return Ok(None) };
    let path = String::from_utf8(unescaped(path)?)?;
    let numbers = || {
        let tail = after.rsplit_once('"').map_or(after, |(_, tail)| tail);
        tail.split([',', ')', ' ']).filter_map(|word| word.parse::<usize>().ok()).collect::<Vec<_>>()
    };
    let act = match call {
        "fsync" | "fdatasync" => Act::Sync,
        "ftruncate" => Act::Truncate { length: numbers().first().copied().context("no length")? },
        "pwrite64" => {
            let bytes = after.split('"').nth(1).context("no bytes")?;
            let numbers = numbers();
            let (length, at) = numbers.first().zip(numbers.get(1)).context("no offset")?;
            let bytes = unescaped(bytes)?;
            ensure!(bytes.len() == *length, "{} of {length} bytes were recorded", bytes.len());
            Act::Write { at: *at, bytes }
        }
        _ => return Ok(None),
    };
    Ok(Some((path, act)))
}

fn unescaped(text: &str) -> Result<Vec<u8>> {
    text.split("\\x")
        .skip(1)
        .map(|pair| u8::from_str_radix(pair, 16).with_context(|| format!("`{pair}` is no byte")))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_line_is_read_as_what_was_done() {
        let write = r#"pwrite64(7<\x2f\x61\x2f\x62>, "\x01\xff", 2, 4096) = 2"#;
        let (path, act) = act_of(write).unwrap().unwrap();
        assert_eq!(path, "/a/b");
        assert!(matches!(act, Act::Write { at: 4096, bytes } if bytes == [1, 255]));
        assert!(matches!(act_of(r"fdatasync(7<\x2f\x61>) = 0").unwrap(), Some((_, Act::Sync))));
        let cut = act_of(r"ftruncate(7<\x2f\x61>, 32768) = 0").unwrap();
        assert!(matches!(cut, Some((_, Act::Truncate { length: 32768 }))));
        assert!(act_of(r"fsync(7<\x2f\x61>) = -1 EIO (Input/output error)").unwrap().is_none());
    }
}
