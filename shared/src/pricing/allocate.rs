//! Spreading an amount over parts by largest remainder (Hamilton's method), so that parts sum to the whole.

use std::cmp::Reverse;

use crate::money::MoneyError;

/// Spreads `amount` over `weights` in proportion; the parts sum to `amount` exactly.
///
/// Every part is the exact proportion cut to a whole number; what is left goes, one each, to the parts that lost most
/// by the cut, the first of equals first. Weights that are all zero count as equal. A negative amount is spread as its
/// opposite, so that giving back mirrors taking.
///
/// # Errors
/// [`MoneyError::Overflow`] for a negative weight, or an amount with no parts to go to.
pub fn allocate(amount: i64, weights: &[i64]) -> Result<Vec<i64>, MoneyError> {
    if weights.iter().any(|weight| *weight < 0) || (weights.is_empty() && amount != 0) {
        return Err(MoneyError::Overflow);
    }
    let sum: u128 = weights.iter().map(|weight| u128::from(weight.unsigned_abs())).sum();
    let weight_of = |weight: i64| if sum == 0 { 1 } else { u128::from(weight.unsigned_abs()) };
    let whole = if sum == 0 { weights.len() as u128 } else { sum };

    let magnitude = u128::from(amount.unsigned_abs());
    let mut parts = Vec::with_capacity(weights.len());
    let mut lost = Vec::with_capacity(weights.len());
    for (at, weight) in weights.iter().enumerate() {
        // Both factors are below 2^64, so the product fits.
        let product = magnitude * weight_of(*weight);
        parts.push(product / whole);
        lost.push((Reverse(product % whole), at));
    }
    let left = magnitude - parts.iter().sum::<u128>();
    lost.sort_unstable();
    for (_, at) in lost.into_iter().take(usize::try_from(left).map_err(|_| MoneyError::Overflow)?) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }

    let signed = |part: u128| {
        let part = i128::try_from(part).map_err(|_| MoneyError::Overflow)?;
        i64::try_from(if amount < 0 { -part } else { part }).map_err(|_| MoneyError::Overflow)
    };
    parts.into_iter().map(signed).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_left_goes_to_the_largest_remainder_and_among_equals_to_the_first() {
        assert_eq!(allocate(100, &[1, 1, 1]).unwrap(), [34, 33, 33]);
        assert_eq!(allocate(101, &[1, 1, 1]).unwrap(), [34, 34, 33]);
        assert_eq!(allocate(10, &[1, 2, 4]).unwrap(), [1, 3, 6], "1.43, 2.86, 5.71");
        assert_eq!(allocate(-100, &[1, 1, 1]).unwrap(), [-34, -33, -33]);
    }

    #[test]
    fn parts_without_weight_get_nothing_unless_no_part_has_any() {
        assert_eq!(allocate(7, &[0, 3, 0, 4]).unwrap(), [0, 3, 0, 4]);
        assert_eq!(allocate(5, &[0, 0]).unwrap(), [3, 2]);
        assert_eq!(allocate(0, &[]).unwrap(), Vec::<i64>::new());
    }

    #[test]
    fn an_amount_that_cannot_be_spread_is_refused() {
        assert_eq!(allocate(1, &[]), Err(MoneyError::Overflow));
        assert_eq!(allocate(1, &[2, -1]), Err(MoneyError::Overflow));
    }

    #[test]
    fn the_ends_of_the_range_are_spread_too() {
        assert_eq!(allocate(i64::MIN, &[i64::MAX]).unwrap(), [i64::MIN]);
        let parts = allocate(i64::MAX, &[i64::MAX, i64::MAX, i64::MAX]).unwrap();
        assert_eq!(parts.iter().sum::<i64>(), i64::MAX);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole_and_are_next_to_their_proportion(
            amount in -1_000_000_000_000_i64..1_000_000_000_000,
            weights in proptest::collection::vec(0_i64..1_000_000_000, 1..40),
        ) {
            let parts = allocate(amount, &weights).unwrap();
            prop_assert_eq!(parts.iter().sum::<i64>(), amount);
            let sum: i64 = weights.iter().sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let (weight, sum) = if sum == 0 { (1, weights.len() as i64) } else { (*weight, sum) };
                let off = i128::from(*part) * i128::from(sum) - i128::from(amount) * i128::from(weight);
                prop_assert!(off.abs() < i128::from(sum), "a part is a whole unit off its proportion");
            }
        }

        #[test]
        fn a_part_of_a_weight_never_exceeds_it_when_the_amount_does_not_exceed_all(
            weights in proptest::collection::vec(0_i64..1_000, 1..20), permille in 0_i64..=1_000,
        ) {
            let amount = weights.iter().sum::<i64>() * permille / 1_000;
            let parts = allocate(amount, &weights).unwrap();
            prop_assert!(parts.iter().zip(&weights).all(|(part, weight)| part <= weight));
        }
    }
}
