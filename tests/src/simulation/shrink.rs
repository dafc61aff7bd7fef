//! The shortest schedule that still fails: ever smaller pieces are left out as long as the same invariant breaks.

use super::plan::Step;

/// Runs that are spent on shortening.
const MOST_RUNS: usize = 150;

/// Leaves steps out while `fails` stays true; gives what cannot be shortened further (or not with a bounded effort).
pub fn shrink(steps: Vec<Step>, mut fails: impl FnMut(&[Step]) -> bool) -> Vec<Step> {
    let (mut steps, mut runs) = (steps, 0);
    let mut piece = steps.len().div_ceil(2);
    while piece > 0 && runs < MOST_RUNS {
        let (mut at, mut shortened) = (0, false);
        while at < steps.len() && runs < MOST_RUNS {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + piece).min(steps.len()));
            runs += 1;
            if fails(&fewer) {
                (steps, shortened) = (fewer, true);
            } else {
                at += piece;
            }
        }
        if piece == 1 && !shortened {
            break;
        }
        piece = if piece == 1 { 1 } else { piece.div_ceil(2) };
    }
    steps
}
