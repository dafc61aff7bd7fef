//! Takes in a journal that a terminal exported to a file: the same receiving as of a push, so twice is as once.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use shared::journal::Chained;
use shared::journal::bundle::{FORMAT, Footer, Header, MAX_LINE_BYTES, Seal, VERSION};
use shared::wire::{MAX_PUSH_BYTES, MAX_PUSH_EVENTS, PROTOCOL_VERSION, PushRequest};

use super::{Progress, UpkeepError};
use crate::app::AppState;
use crate::identity::repo::terminals::{self, AdoptRefusal, Former};
use crate::sync::device::{self, Device};
use crate::sync::receive::{self, Outcome, Refused};

/// What became of the events of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// New here.
    pub stored: u64,
    /// Held before.
    pub duplicates: u64,
    /// Stored apart, because another event is held at their place.
    pub apart: u64,
    /// Not taken, with the reason of each run of them.
    pub left: Vec<String>,
}

/// What becomes of a file whose terminal has no key here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stranger {
    /// It is refused.
    Refused,
    /// The terminal is taken up again with the key of the file: whoever asks for it knows where the file comes from.
    Adopted,
}

struct Sealed {
    header: Header,
    footer: Footer,
    device: Device,
}

/// Takes in the file.
///
/// # Errors
/// A file that is no export, was changed after it was made, or is of a terminal or key that is not known here; nothing of
/// it was taken then.
pub async fn import(
    state: &AppState,
    path: &Path,
    stranger: Stranger,
    progress: Progress<'_>,
) -> Result<Imported, UpkeepError> {
    let sealed = check(state, path, stranger).await?;
    progress(&format!(
        "terminal {}: {} events, {} places were damaged when it was exported",
        sealed.header.terminal_id,
        sealed.footer.events,
        sealed.header.damaged.len()
    ));
    let mut done = Imported::default();
    let mut lines = Lines::open(path)?;
    lines.next()?;
    let (mut batch, mut bytes, mut read): (Vec<Chained>, usize, u64) = (Vec::new(), 0, 0);
    // A life that cannot go on: its later events are not taken either.
    let mut closed: Option<u32> = None;
    while read < sealed.footer.events {
        let Some(line) = lines.next()? else { break };
        read += 1;
        let chained: Chained = serde_json::from_slice(&line)
            .map_err(|error| UpkeepError::Refused(format!("line {} is no event: {error}", read + 1)))?;
        let follows = batch.last().is_none_or(|last: &Chained| {
            last.event.epoch == chained.event.epoch && last.event.seq + 1 == chained.event.seq
        });
        if !follows || batch.len() >= MAX_PUSH_EVENTS || bytes + line.len() > MAX_PUSH_BYTES {
            hand_in(state, &sealed.device, &mut batch, &mut done, &mut closed).await?;
            bytes = 0;
            progress(&format!("{read} of {} events", sealed.footer.events));
        }
        bytes += line.len();
        batch.push(chained);
    }
    hand_in(state, &sealed.device, &mut batch, &mut done, &mut closed).await?;
    Ok(done)
}

async fn hand_in(
    state: &AppState,
    device: &Device,
    batch: &mut Vec<Chained>,
    done: &mut Imported,
    closed: &mut Option<u32>,
) -> Result<(), UpkeepError> {
    let events = std::mem::take(batch);
    let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(()) };
    let (epoch, from, to) = (first.event.epoch, first.event.seq, last.event.seq);
    if *closed == Some(epoch) {
        done.left.push(format!("epoch {epoch}, events {from} to {to}: those before them are missing"));
        return Ok(());
    }
    let push = PushRequest { protocol: PROTOCOL_VERSION, epoch, events };
    let (verified, refused) = receive::verify(device, push);
    let count = u64::try_from(verified.len()).unwrap_or(u64::MAX);
    match receive::store(state, device, epoch, &verified).await? {
        Outcome::Held { stored, duplicates } => {
            done.stored += stored;
            done.duplicates += duplicates;
        }
        Outcome::Fork { seq, .. } => {
            done.apart += count.saturating_sub(seq.saturating_sub(from));
            *closed = Some(epoch);
        }
        Outcome::Gap { expected_seq } => {
            done.left.push(format!(
                "epoch {epoch}, events {from} to {to}: the server holds this life up to {} only",
                expected_seq - 1
            ));
            *closed = Some(epoch);
        }
        Outcome::Epoch { known } => {
            done.left.push(format!("epoch {epoch}: it is too far beyond the newest known one, {known}"));
            *closed = Some(epoch);
        }
    }
    if let Some(Refused::Tampered { seq }) = refused {
        done.left.push(format!("epoch {epoch}, event {seq}: it was changed or not signed by this terminal"));
        *closed = Some(epoch);
    }
    Ok(())
}

/// Reads the whole file once: its seal must fit, and be of the key that the terminal has here, if it has one.
async fn check(state: &AppState, path: &Path, stranger: Stranger) -> Result<Sealed, UpkeepError> {
    let refused = |why: &str| UpkeepError::Refused(format!("`{}` {why}", path.display()));
    let mut lines = Lines::open(path)?;
    let first = lines.next()?.ok_or_else(|| refused("is empty"))?;
    let header: Header =
        serde_json::from_slice(&first).map_err(|_| refused("is no journal exported by a terminal"))?;
    if header.format != FORMAT || header.version > VERSION {
        return Err(refused("is of a form that this build does not know"));
    }
    let mut seal = Seal::default();
    seal.add(&first);
    let mut last: Option<Vec<u8>> = None;
    while let Some(line) = lines.next()? {
        if let Some(before) = last.replace(line) {
            seal.add(&before);
        }
    }
    let footer: Footer = last
        .as_deref()
        .and_then(|line| serde_json::from_slice(line).ok())
        .ok_or_else(|| refused("ends too early: its last line is missing"))?;
    let known = device::find(state, header.tenant_id, header.terminal_id).await?;
    if known.as_ref().is_some_and(|device| device.public_key != header.public_key) {
        return Err(refused("was signed by another key than the one this terminal has here"));
    }
    if !seal.fits(&footer, &header.public_key) {
        return Err(refused("was changed after it was made"));
    }
    let device = match (known, stranger) {
        (Some(device), _) => device,
        (None, Stranger::Refused) => {
            return Err(refused(
                "is of a terminal that is not known here; when a backup from before its enrolment was put in place, \
                 `--adopt` takes the terminal up again",
            ));
        }
        (None, Stranger::Adopted) => adopt(state, &header).await?.map_err(refused)?,
    };
    Ok(Sealed { header, footer, device })
}

/// Takes a terminal up again as its file describes it; why not otherwise.
async fn adopt(state: &AppState, header: &Header) -> Result<Result<Device, &'static str>, UpkeepError> {
    let Some(number) = header.terminal_number else {
        return Ok(Err("does not tell its terminal's number: export it anew by this version"));
    };
    let former = Former {
        outlet: header.outlet_id,
        terminal: header.terminal_id,
        number,
        public_key: header.public_key,
    };
    let mut tx = state.db.write(header.tenant_id).await?;
    if let Err(refusal) = terminals::adopt(&mut tx, header.tenant_id, &former, state.clock.now()).await? {
        return Ok(Err(match refusal {
            AdoptRefusal::UnknownOutlet => "is of an outlet that is not known here",
            AdoptRefusal::NumberTaken => "is of a terminal whose number another one has here by now",
            AdoptRefusal::NotAsItWas => "is of a terminal that was revoked, or has another place, here",
        }));
    }
    tx.commit().await?;
    tracing::warn!(terminal = %header.terminal_id, number, "a terminal was taken up again from its journal");
    let device = device::find(state, header.tenant_id, header.terminal_id).await?;
    Ok(device.ok_or("is of a terminal that cannot be taken up again"))
}

/// Lines of a file, each bounded.
struct Lines {
    path: String,
    file: BufReader<File>,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, UpkeepError> {
        let file = File::open(path).map_err(|source| UpkeepError::file("read", path, source))?;
        Ok(Self { path: path.display().to_string(), file: BufReader::new(file) })
    }

    /// The next line with its end; None after the last.
    fn next(&mut self) -> Result<Option<Vec<u8>>, UpkeepError> {
        let mut line = Vec::new();
        let failed = |source| UpkeepError::File { what: "read", path: self.path.clone(), source };
        (&mut self.file).take(MAX_LINE_BYTES).read_until(b'\n', &mut line).map_err(failed)?;
        if !line.is_empty() && line.last() != Some(&b'\n') {
            return Err(UpkeepError::Refused(format!("`{}` has a line that does not end", self.path)));
        }
        Ok((!line.is_empty()).then_some(line))
    }
}
