//! The shortest schedule that still fails: ever smaller pieces are left out as long as it fails alike.

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

#[cfg(test)]
mod tests {
    use super::super::plan::{Setting, What, steps};
    use super::*;

    #[test]
    fn what_does_not_matter_is_left_out() {
        let all = steps(7, Setting { terminals: 3, hours: 2 });
        let is_sale = |step: &Step| matches!(step.what, What::Sell { .. });
        let needed = |steps: &[Step]| {
            steps.iter().filter(|step| is_sale(step)).count() >= 2
                && steps.iter().any(|step| matches!(step.what, What::Fault(_)))
        };
        assert!(needed(&all), "the seed has both");
        let shortest = shrink(all, needed);
        assert_eq!(shortest.len(), 3, "{shortest:?}");
    }
}
