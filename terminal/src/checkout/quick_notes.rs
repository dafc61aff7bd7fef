//! The amounts that a customer would most likely hand over.

use shared::money::Money;

/// The most buttons.
const MAX_SHOWN: usize = 5;
/// The most pieces of one smaller note that anyone counts out for the rest.
const MAX_PIECES: i64 = 5;

/// Amounts of notes that make sense for `due`, ascending, the exact amount not among them: as many of the largest note as
/// fit, and the rest by few pieces of one note. `notes` are the notes in use, in minor units.
pub fn quick_notes(due: Money, notes: &[i64]) -> Vec<Money> {
    let due_minor = due.minor();
    let Some(largest) = notes.iter().copied().filter(|note| *note > 0).max() else { return Vec::new() };
    if due_minor <= 0 {
        return Vec::new();
    }
    let whole = due_minor / largest * largest;
    let rest = due_minor - whole;
    let mut amounts: Vec<i64> = notes
        .iter()
        .copied()
        .filter(|note| *note > 0)
        .filter_map(|note| {
            let pieces = rest / note + i64::from(rest % note != 0);
            let sensible = (1..=MAX_PIECES).contains(&pieces);
            if sensible { note.checked_mul(pieces)?.checked_add(whole) } else { None }
        })
        .filter(|amount| *amount > due_minor)
        .collect();
    amounts.sort_unstable();
    amounts.dedup();
    amounts.truncate(MAX_SHOWN);
    amounts.into_iter().map(|minor| Money::new(minor, due.currency())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn buttons_are_what_a_customer_would_hand_over() {
        let idr = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
        for (due, shown) in [
            (47_000, vec![50_000, 60_000, 100_000]),
            (50_000, vec![60_000, 100_000]),
            (18_500, vec![20_000, 50_000, 100_000]),
            (100_000, vec![]),
            (742_000, vec![750_000, 760_000, 800_000]),
            (3_000, vec![4_000, 5_000, 10_000, 20_000, 50_000]),
            (0, vec![]),
        ] {
            let due = Money::new(due, "IDR".parse().unwrap());
            let amounts: Vec<i64> = quick_notes(due, &idr).iter().map(|money| money.minor()).collect();
            assert_eq!(amounts, shown, "{due}");
        }
        assert!(quick_notes(Money::new(5, "IDR".parse().unwrap()), &[]).is_empty());
        assert!(quick_notes(Money::new(i64::MAX, "IDR".parse().unwrap()), &idr).is_empty());
    }
}
