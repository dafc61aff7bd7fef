//! Exact fractions for rates that enter the base of one another; checked, so that nothing wraps.

use crate::money::{MoneyError, RoundingMode, divide_rounded};

/// A fraction in lowest terms; the denominator is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    pub(super) const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub(super) const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `numerator / denominator`; the denominator is above zero.
    pub(super) fn new(numerator: i128, denominator: i128) -> Result<Self, MoneyError> {
        if denominator <= 0 || numerator == i128::MIN {
            return Err(MoneyError::Overflow);
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_| MoneyError::Overflow)?;
        Ok(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    pub(super) fn whole(value: i64) -> Self {
        Self { numerator: i128::from(value), denominator: 1 }
    }

    pub(super) fn add(self, other: Self) -> Result<Self, MoneyError> {
        if self.denominator == other.denominator {
            return Self::new(checked(self.numerator.checked_add(other.numerator))?, self.denominator);
        }
        // Over the least common denominator, so that chains of taxes stay small.
        let shared = gcd(self.denominator.unsigned_abs(), other.denominator.unsigned_abs());
        let shared = i128::try_from(shared).map_err(|_| MoneyError::Overflow)?;
        let (own_rest, other_rest) = (self.denominator / shared, other.denominator / shared);
        let left = checked(self.numerator.checked_mul(other_rest))?;
        let right = checked(other.numerator.checked_mul(own_rest))?;
        let denominator = checked(self.denominator.checked_mul(other_rest))?;
        Self::new(checked(left.checked_add(right))?, denominator)
    }

    pub(super) fn neg(self) -> Self {
        // `i128::MIN` is never a numerator.
        Self { numerator: -self.numerator, ..self }
    }

    pub(super) fn sub(self, other: Self) -> Result<Self, MoneyError> {
        self.add(other.neg())
    }

    pub(super) fn times(self, other: Self) -> Result<Self, MoneyError> {
        // Crosswise first, so that products stay small.
        let left = Self::new(self.numerator, other.denominator)?;
        let right = Self::new(other.numerator, self.denominator)?;
        Ok(Self {
            numerator: checked(left.numerator.checked_mul(right.numerator))?,
            denominator: checked(left.denominator.checked_mul(right.denominator))?,
        })
    }

    /// `self / other`; `other` is above zero.
    pub(super) fn over(self, other: Self) -> Result<Self, MoneyError> {
        if other.numerator <= 0 {
            return Err(MoneyError::Overflow);
        }
        self.times(Self { numerator: other.denominator, denominator: other.numerator })
    }

    pub(super) fn is_zero(self) -> bool {
        self.numerator == 0
    }

    pub(super) fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// The whole number next to it by `mode`.
    pub(super) fn rounded(self, mode: RoundingMode) -> Result<i64, MoneyError> {
        divide_rounded(self.numerator, self.denominator, mode)
    }

    /// `floor(self × scale)`, for weights.
    pub(super) fn scaled(self, scale: i64) -> Result<i64, MoneyError> {
        let product = self.times(Self::whole(scale))?;
        let floor = product.numerator.div_euclid(product.denominator);
        i64::try_from(floor).map_err(|_| MoneyError::Overflow)
    }
}

fn checked(value: Option<i128>) -> Result<i128, MoneyError> {
    value.filter(|value| *value != i128::MIN).ok_or(MoneyError::Overflow)
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        // Almost all fractions fit 64 bits, where a remainder costs a tenth.
        if let (Ok(small_a), Ok(small_b)) = (u64::try_from(a), u64::try_from(b)) {
            return u128::from(small_gcd(small_a, small_b));
        }
        (a, b) = (b, a % b);
    }
    a.max(1)
}

fn small_gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn fractions_are_kept_in_lowest_terms() {
        let third = Ratio::new(2, 6).unwrap();
        assert_eq!(third, Ratio::new(1, 3).unwrap());
        assert_eq!(third.add(Ratio::new(1, 6).unwrap()).unwrap(), Ratio::new(1, 2).unwrap());
        assert_eq!(third.sub(third).unwrap(), Ratio::ZERO);
        assert_eq!(third.times(Ratio::whole(3)).unwrap(), Ratio::ONE);
        assert_eq!(Ratio::ONE.over(third).unwrap(), Ratio::whole(3));
        assert_eq!(Ratio::new(-7, 2).unwrap().scaled(1).unwrap(), -4);
        assert_eq!(Ratio::new(-7, 2).unwrap().rounded(RoundingMode::HalfUp).unwrap(), -4);
        assert_eq!(Ratio::new(5, 2).unwrap().rounded(RoundingMode::HalfEven).unwrap(), 2);
        let (a, b) = (Ratio::new(1, 1 << 100).unwrap(), Ratio::new(1, 3 << 90).unwrap());
        assert_eq!(a.add(b).unwrap(), Ratio::new(3 + (1 << 10), 3 << 100).unwrap(), "not over 3 << 190");
        assert!(Ratio::ZERO.is_zero() && !third.is_zero() && third.neg().is_negative());
        assert!(!Ratio::ZERO.is_negative() && !third.is_negative());
    }

    #[test]
    fn what_does_not_fit_is_an_overflow() {
        let large = Ratio::new(i128::MAX, 1).unwrap();
        assert_eq!(large.add(Ratio::ONE), Err(MoneyError::Overflow));
        assert_eq!(large.times(Ratio::whole(2)), Err(MoneyError::Overflow));
        assert_eq!(large.scaled(1), Err(MoneyError::Overflow));
        assert_eq!(Ratio::new(1, 0), Err(MoneyError::Overflow));
        assert_eq!(Ratio::new(i128::MIN, 1), Err(MoneyError::Overflow));
        assert_eq!(Ratio::ONE.over(Ratio::ZERO), Err(MoneyError::Overflow));
        assert_eq!(gcd(1 << 100, 1 << 70), 1 << 70);
    }
}
