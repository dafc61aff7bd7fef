//! What to do next, decided from plain values: what an answer means and how long to wait.

use shared::journal::Hash;
use shared::wire::{self, Problem, PushResponse};

/// The longest wait after failures, in milliseconds.
const BACKOFF_CAP_MS: u64 = 60_000;
/// The first wait after a failure, in milliseconds, before chance.
const BACKOFF_BASE_MS: u64 = 1_000;

/// A wait after `failures` in a row: full jitter (anything from nothing to the bound), bound doubling up to 60 s.
///
/// `chance` is any random number.
pub fn backoff_ms(failures: u32, chance: u64) -> u64 {
    let doublings = failures.saturating_sub(1).min(16);
    let bound = (BACKOFF_BASE_MS << doublings).min(BACKOFF_CAP_MS);
    chance % (bound + 1)
}

/// How this terminal's journal stands, for judging an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The life of the journal.
    pub epoch: u32,
    /// The last event written.
    pub last_seq: u64,
    /// The last event that the server confirmed.
    pub acked_seq: u64,
    /// The last event of the push that was answered; the acknowledged one for an empty push.
    pub pushed_seq: u64,
}

/// What follows from an acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acknowledged {
    /// The server holds everything up to here.
    Advance {
        /// The last event it holds.
        seq: u64,
    },
    /// The server holds less than it once confirmed (it was restored from a backup): send again after this one.
    Rewind {
        /// The last event it still holds.
        seq: u64,
    },
    /// The server holds more than this disk: an older image was put back, or this is a copy. What was pushed it took
    /// without objecting, so it holds that; what it holds beyond, this terminal cannot check.
    ServerAhead,
    /// The server's word does not fit this journal: nothing is believed.
    Distrust,
}

/// Judges an acknowledgement. `own_hash` looks a hash up in this terminal's journal: the server's word counts only when
/// it names the hash that is there.
pub fn judge_ack(
    answer: &PushResponse,
    standing: &Standing,
    own_hash: impl Fn(u64) -> Option<Hash>,
) -> Acknowledged {
    if answer.epoch != standing.epoch {
        return Acknowledged::Distrust;
    }
    if answer.acked_seq == 0 {
        return if standing.acked_seq == 0 {
            Acknowledged::Advance { seq: 0 }
        } else {
            Acknowledged::Rewind { seq: 0 }
        };
    }
    if answer.acked_seq > standing.last_seq {
        return Acknowledged::ServerAhead;
    }
    let fits = own_hash(answer.acked_seq).is_some_and(|own| Some(own) == answer.acked_hash);
    match (fits, answer.acked_seq < standing.acked_seq) {
        (true, false) => Acknowledged::Advance { seq: answer.acked_seq },
        (true, true) => Acknowledged::Rewind { seq: answer.acked_seq },
        // From its very beginning the server finds the first event that differs and says so.
        (false, true) => Acknowledged::Rewind { seq: 0 },
        (false, false) => Acknowledged::Distrust,
    }
}

/// What a refusal asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Push again from this event.
    Rewind {
        /// The first event to send.
        from_seq: u64,
    },
    /// The server holds another event at `seq`: go on under a new epoch from there.
    Fork {
        /// The first event that differs.
        seq: u64,
        /// The new life of the journal.
        new_epoch: u32,
    },
    /// An event was changed after it was written; a person must look.
    Tampered {
        /// The event.
        seq: u64,
    },
    /// The request's time was too far off; sign again by this time of the server.
    Clock {
        /// The server's time, in milliseconds.
        server_time_ms: i64,
    },
    /// Wait and try again.
    Busy,
    /// The server speaks another version.
    Protocol,
    /// The server does not know this terminal or its key.
    UnknownTerminal,
    /// This terminal was revoked: it may hand in but gets no more data.
    Revoked,
    /// The pairing code is unknown, used or out of date.
    Pairing,
    /// Anything else, in the server's own words.
    Other,
}

/// Reads what a problem asks for; details that do not fit count as anything else.
pub fn read_problem(problem: &Problem) -> Refusal {
    let number = |name: &str| problem.details.get(name).and_then(serde_json::Value::as_u64);
    match problem.code.as_str() {
        wire::problem::GAP => match number("expected_seq") {
            Some(from_seq) if from_seq > 0 => Refusal::Rewind { from_seq },
            _ => Refusal::Other,
        },
        wire::problem::FORK => {
            match (number("seq"), number("new_epoch").and_then(|epoch| u32::try_from(epoch).ok())) {
                (Some(seq), Some(new_epoch)) if seq > 0 => Refusal::Fork { seq, new_epoch },
                _ => Refusal::Other,
            }
        }
        wire::problem::TAMPERED => Refusal::Tampered { seq: number("seq").unwrap_or(0) },
        wire::problem::CLOCK => problem
            .details
            .get("server_time")
            .and_then(serde_json::Value::as_i64)
            .map_or(Refusal::Other, |server_time_ms| Refusal::Clock { server_time_ms }),
        wire::problem::BUSY | wire::problem::RATE_LIMITED => Refusal::Busy,
        wire::problem::PROTOCOL => Refusal::Protocol,
        wire::problem::UNKNOWN_TERMINAL => Refusal::UnknownTerminal,
        wire::problem::REVOKED => Refusal::Revoked,
        wire::problem::PAIRING => Refusal::Pairing,
        _ => Refusal::Other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::clock::Timestamp;

    fn hash(n: u64) -> Hash {
        Hash::of(&n.to_be_bytes())
    }

    fn answer(acked_seq: u64, acked_hash: Option<Hash>) -> PushResponse {
        PushResponse {
            protocol: wire::PROTOCOL_VERSION,
            epoch: 1,
            acked_seq,
            acked_hash,
            server_epoch: "e".to_owned(),
            server_time: Timestamp::from_millis(0),
        }
    }

    const STANDING: Standing = Standing { epoch: 1, last_seq: 10, acked_seq: 4, pushed_seq: 8 };

    fn judged(acked_seq: u64, acked_hash: Option<Hash>) -> Acknowledged {
        judge_ack(&answer(acked_seq, acked_hash), &STANDING, |seq| (seq <= 10).then(|| hash(seq)))
    }

    #[test]
    fn an_acknowledgement_counts_only_with_the_hash_of_this_journal() {
        assert_eq!(judged(8, Some(hash(8))), Acknowledged::Advance { seq: 8 });
        assert_eq!(judged(8, Some(hash(7))), Acknowledged::Distrust);
        assert_eq!(judged(8, None), Acknowledged::Distrust);
    }

    #[test]
    fn a_server_that_lost_history_is_sent_it_again() {
        assert_eq!(judged(2, Some(hash(2))), Acknowledged::Rewind { seq: 2 });
        assert_eq!(judged(0, None), Acknowledged::Rewind { seq: 0 });
        assert_eq!(judged(2, Some(hash(9))), Acknowledged::Rewind { seq: 0 });
    }

    #[test]
    fn a_server_ahead_of_this_disk_is_told_apart() {
        assert_eq!(judged(11, Some(hash(11))), Acknowledged::ServerAhead);
        assert_eq!(judged(99, Some(hash(99))), Acknowledged::ServerAhead);
    }

    #[test]
    fn an_answer_about_another_epoch_is_not_believed() {
        let mut other = answer(8, Some(hash(8)));
        other.epoch = 2;
        assert_eq!(judge_ack(&other, &STANDING, |seq| Some(hash(seq))), Acknowledged::Distrust);
    }

    proptest! {
        #[test]
        fn waits_stay_within_a_minute(failures in 0_u32..1_000_000, chance: u64) {
            prop_assert!(backoff_ms(failures, chance) <= 60_000);
        }
    }

    #[test]
    fn a_refusal_with_details_that_do_not_fit_is_not_obeyed() {
        let mut problem = Problem {
            kind: String::new(),
            title: String::new(),
            status: 409,
            detail: String::new(),
            code: wire::problem::FORK.to_owned(),
            details: serde_json::json!({"seq": 3, "new_epoch": 2}),
        };
        assert_eq!(read_problem(&problem), Refusal::Fork { seq: 3, new_epoch: 2 });
        problem.details = serde_json::json!({"seq": "3"});
        assert_eq!(read_problem(&problem), Refusal::Other);
        problem.code = wire::problem::GAP.to_owned();
        problem.details = serde_json::json!({"expected_seq": 0});
        assert_eq!(read_problem(&problem), Refusal::Other);
    }
}
