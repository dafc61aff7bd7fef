//! One job of the emulated printer.

use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::picture;
use super::receipt::Receipt;
use super::{EmulatorOptions, Keep};
use crate::profile::PrinterProfile;

/// A job as it arrived; clones share what they hold.
#[derive(Debug, Clone)]
pub struct Job {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    number: u64,
    bytes: Vec<u8>,
    complete: bool,
    has_paper: bool,
    drawer_pulses: u32,
    cuts: u32,
    profile: Arc<PrinterProfile>,
    text: OnceLock<String>,
}

impl Job {
    pub(super) fn new(number: u64, bytes: Vec<u8>, complete: bool, options: &EmulatorOptions) -> Self {
        let receipt = Receipt::decode(&bytes, &options.profile);
        let profile = Arc::new(options.profile.clone());
        let inner = Inner {
            number,
            bytes,
            complete,
            has_paper: !receipt.elements.is_empty(),
            drawer_pulses: receipt.drawer_pulses,
            cuts: receipt.cuts,
            profile,
            text: OnceLock::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Whether anything of it moves paper; a pulse for the drawer alone does not.
    pub(super) fn has_paper(&self) -> bool {
        self.inner.has_paper
    }

    /// The same job, just made, under another number.
    pub(super) fn numbered(self, number: u64) -> Self {
        match Arc::try_unwrap(self.inner) {
            Ok(inner) => Self { inner: Arc::new(Inner { number, ..inner }) },
            Err(inner) => Self { inner },
        }
    }

    /// Its number, from 1; a job that moves no paper has that of the next one and no files.
    pub fn number(&self) -> u64 {
        self.inner.number
    }

    /// Exactly what was sent to be printed; status requests are not in it. Empty when only the text is kept.
    pub fn bytes(&self) -> &[u8] {
        &self.inner.bytes
    }

    /// What stands on the paper, as [`crate::Document::to_plain_text`] lays it out.
    pub fn text(&self) -> &str {
        self.inner.text.get_or_init(|| self.receipt().text(&self.inner.profile))
    }

    /// The paper as a picture (PNG, one pixel a dot). Empty paper when only the text is kept.
    pub fn png(&self) -> Vec<u8> {
        picture::draw(&self.receipt(), &self.inner.profile)
    }

    /// How many pulses the drawer got.
    pub fn drawer_pulses(&self) -> u32 {
        self.inner.drawer_pulses
    }

    /// How often the paper was cut.
    pub fn cuts(&self) -> u32 {
        self.inner.cuts
    }

    /// Whether all that came was printed; a fault, or a sender that went away inside a command, cuts a job short.
    /// A sender that went away between two commands cannot be told from one that was done: look at [`Job::cuts`] too.
    pub fn complete(&self) -> bool {
        self.inner.complete
    }

    fn receipt(&self) -> Receipt {
        Receipt::decode(&self.inner.bytes, &self.inner.profile)
    }

    /// The same job without what need not be kept.
    pub(super) fn kept_as(self, keep: Keep) -> Self {
        if keep == Keep::Jobs {
            return self;
        }
        let text = self.text().to_owned();
        let inner = Inner {
            number: self.inner.number,
            bytes: Vec::new(),
            complete: self.inner.complete,
            has_paper: self.inner.has_paper,
            drawer_pulses: self.inner.drawer_pulses,
            cuts: self.inner.cuts,
            profile: Arc::clone(&self.inner.profile),
            text: OnceLock::from(text),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Writes the job's files. A full disk must not stop a printer, so failures are only told.
    pub(super) fn write_files(&self, options: &EmulatorOptions) {
        let Some(dir) = &options.dir else { return };
        let name = |ending: &str| dir.join(format!("{:06}.{ending}", self.inner.number));
        let written = std::fs::write(name("bin"), self.bytes())
            .and_then(|()| std::fs::write(name("txt"), self.text()))
            .and_then(|()| if options.png { std::fs::write(name("png"), self.png()) } else { Ok(()) });
        if let Err(error) = written {
            #[expect(clippy::print_stderr, reason = "the emulator has no other place to say it")]
            {
                eprintln!("cannot keep print job {} in {}: {error}", self.inner.number, dir.display());
            }
        }
    }
}

/// Makes the folder for jobs, and finds the number after the last job in it.
pub(super) fn prepare_dir(dir: &Path) -> io::Result<u64> {
    std::fs::create_dir_all(dir)?;
    let mut last = 0;
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let number =
            path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<u64>().ok());
        last = last.max(number.unwrap_or(0));
    }
    Ok(last.saturating_add(1))
}
