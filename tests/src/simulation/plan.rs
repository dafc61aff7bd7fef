//! What happens in a run: steps made from the seed, any of which can be left out to find the shortest that still fails.

use std::fmt;

use super::chance::Chance;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Requests do not arrive.
    Drop,
    /// Requests arrive, are done, and their answers are lost.
    AnswerLost,
    /// Requests arrive twice.
    Duplicate,
    /// Requests arrive once more, long after later ones.
    Reorder,
    /// Requests take many seconds.
    Delay,
    /// Nothing passes in either direction.
    Partition,
    /// Requests break off in the middle.
    TruncateRequest,
    /// Answers break off in the middle.
    TruncateAnswer,
    /// The terminal speaks a version that the server does not know yet.
    SkewTerminal,
    /// The server's answers hold fields and rows that the terminal does not know.
    SkewServer,
    /// The terminal dies before a commit.
    TerminalDiesBefore,
    /// The terminal dies right after a commit.
    TerminalDiesAfter,
    /// The server dies before a commit.
    ServerDiesBefore,
    /// The server dies right after a commit.
    ServerDiesAfter,
    /// A clock jumps ahead, up to a year.
    ClockAhead,
    /// A clock jumps back, up to 1970.
    ClockBack,
    /// The terminal's disk is copied, and the copy sells too.
    Clone,
    /// The terminal's disk is put back to an earlier image.
    ImageRestore,
    /// The server's database is put back to an earlier backup.
    ServerRestore,
    /// An event of a kind that nobody knows.
    PoisonKind,
    /// A sale whose payload cannot be read.
    PoisonPayload,
    /// A sale of a newer form.
    PoisonVersion,
    /// A sale whose figures do not add up.
    PoisonFigures,
    /// A request that names another business.
    Trespass,
}

impl Fault {
    /// All kinds.
    pub const ALL: [Self; 24] = [
        Self::Drop,
        Self::AnswerLost,
        Self::Duplicate,
        Self::Reorder,
        Self::Delay,
        Self::Partition,
        Self::TruncateRequest,
        Self::TruncateAnswer,
        Self::SkewTerminal,
        Self::SkewServer,
        Self::TerminalDiesBefore,
        Self::TerminalDiesAfter,
        Self::ServerDiesBefore,
        Self::ServerDiesAfter,
        Self::ClockAhead,
        Self::ClockBack,
        Self::Clone,
        Self::ImageRestore,
        Self::ServerRestore,
        Self::PoisonKind,
        Self::PoisonPayload,
        Self::PoisonVersion,
        Self::PoisonFigures,
        Self::Trespass,
    ];

    /// Whether it is weather on a terminal's wire, which lasts for a while.
    pub fn is_weather(self) -> bool {
        matches!(
            self,
            Self::Drop
                | Self::AnswerLost
                | Self::Duplicate
                | Self::Reorder
                | Self::Delay
                | Self::Partition
                | Self::TruncateRequest
                | Self::TruncateAnswer
                | Self::SkewTerminal
                | Self::SkewServer
        )
    }
}

/// What a person or the world does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// So many lines are rung up and paid.
    Sell {
        /// How many lines.
        lines: u8,
    },
    /// Something sold before is given back.
    Refund,
    /// Cash goes in or out.
    Cash,
    /// Goods come in or are thrown away.
    Stock,
    /// The drawer is counted, and opened again.
    CloseDrawer,
    /// Headquarters changes a price.
    Price,
    /// A fault.
    Fault(Fault),
}

/// A step of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When, in milliseconds since the beginning.
    pub at: i64,
    /// At which terminal.
    pub terminal: usize,
    /// What.
    pub what: What,
    /// How long it lasts or how long until its second half, in milliseconds.
    pub lasts: i64,
    /// A number for its details.
    pub detail: u64,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.at / 1000;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        write!(f, "{minutes:>4}:{seconds:02} till {} {:?}", self.terminal + 1, self.what)?;
        match self.what {
            What::Fault(_) => write!(f, " for {} s", self.lasts / 1000),
            _ => Ok(()),
        }
    }
}

/// How large a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// How many terminals there are at the beginning.
    pub terminals: usize,
    /// How long the shops trade.
    pub hours: u32,
}

/// An hour in milliseconds.
pub const HOUR: i64 = 60 * 60 * 1000;

impl Setting {
    /// How long the shops trade, in milliseconds.
    pub fn trading(&self) -> i64 {
        i64::from(self.hours) * HOUR
    }
}

/// The steps of a seed, in the order of time.
pub fn steps(seed: u64, setting: Setting) -> Vec<Step> {
    use rand_core::RngCore as _;
    let mut chance = Chance::of(seed, 1);
    let end = setting.trading();
    let mut steps = Vec::new();
    let last = i64::try_from(setting.terminals).unwrap_or(1) - 1;
    for terminal in 0..setting.terminals {
        let mut at = chance.between(1_000, 60_000);
        while at < end {
            let what = match chance.between(0, 19) {
                0 => What::Refund,
                1 => What::Cash,
                2 => What::Stock,
                3 if chance.one_in(3) => What::CloseDrawer,
                4 => What::Price,
                n => What::Sell { lines: 1 + u8::try_from(n % 3).unwrap_or(0) },
            };
            steps.push(Step { at, terminal, what, lasts: 0, detail: chance.next_u64() });
            at += chance.between(30_000, 480_000);
        }
    }
    let faults = i64::from(setting.hours) * 2 + chance.between(2, 7);
    for _ in 0..faults {
        let Some(fault) = chance.one_of(&Fault::ALL).copied() else { continue };
        let terminal = usize::try_from(chance.between(0, last.max(0))).unwrap_or(0);
        let at = chance.between(60_000, end);
        let lasts = chance.between(20_000, 900_000);
        steps.push(Step { at, terminal, what: What::Fault(fault), lasts, detail: chance.next_u64() });
    }
    steps.sort_by_key(|step| step.at);
    steps
}
