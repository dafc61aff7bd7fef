//! What one promotion would take off the lines as they stand; pure, so that promotions can be compared.

use super::{BundlePart, Effect, MAX_SETS, Off, Promotion, Target};
use crate::money::{Money, MoneyError, Quantity, Rate, RoundingMode, divide_rounded};
use crate::pricing::SaleLine;
use crate::pricing::allocate;

/// A line while promotions are taken off it.
#[derive(Debug, Clone)]
pub(in crate::pricing) struct Work {
    /// What is left of it.
    pub(in crate::pricing) left: i64,
    /// Pieces that no set has taken; nothing for weights.
    untouched: i64,
    /// Their part of what is left.
    untouched_left: i64,
}

impl Work {
    /// A line of which `left` is left after its own discount.
    pub(in crate::pricing) fn new(line: &SaleLine, left: i64) -> Self {
        let quantity = line.price.quantity.raw();
        let whole = !line.weighed && quantity % Quantity::ONE.raw() == 0;
        let untouched = if whole { quantity / Quantity::ONE.raw() } else { 0 };
        Self { left, untouched, untouched_left: if whole { left } else { 0 } }
    }

    /// What `pieces` of the untouched ones are worth together.
    fn worth(&self, pieces: i64, mode: RoundingMode) -> Result<i64, MoneyError> {
        if pieces == self.untouched {
            return Ok(self.untouched_left);
        }
        let product = i128::from(self.untouched_left) * i128::from(pieces);
        divide_rounded(product, i128::from(self.untouched), mode)
    }

    /// What one untouched piece is worth, in thousandths, cut; for comparing.
    fn piece_worth(&self) -> i128 {
        i128::from(self.untouched_left) * 1_000 / i128::from(self.untouched.max(1))
    }

    /// Takes off what a promotion gave this line.
    pub(super) fn take(&mut self, off: &LineOff) -> Result<(), MoneyError> {
        match off.taken {
            Some((pieces, worth)) => {
                self.untouched -= pieces;
                self.untouched_left -= worth;
            }
            None => {
                // The discount falls on untouched and taken pieces alike.
                let parts = allocate(off.amount, &[self.left - self.untouched_left, self.untouched_left])?;
                self.untouched_left -= parts.get(1).copied().unwrap_or(0);
            }
        }
        self.left -= off.amount;
        Ok(())
    }
}

/// What a promotion takes off one line.
#[derive(Debug, Clone)]
pub(super) struct LineOff {
    /// The line.
    pub(super) at: usize,
    /// How much.
    pub(super) amount: i64,
    /// The pieces it takes for its sets, and what they were worth.
    pub(super) taken: Option<(i64, i64)>,
}

/// What a promotion gives.
#[derive(Debug, Clone)]
pub(super) struct Gain {
    pub(super) lines: Vec<LineOff>,
    /// How often it is applied.
    pub(super) times: u32,
    pub(super) total: i64,
}

/// The lines and what is known of them.
pub(super) struct Bench<'a> {
    pub(super) lines: &'a [SaleLine],
    pub(super) works: &'a [Work],
    pub(super) currency: crate::CurrencyCode,
    pub(super) digits: u8,
    pub(super) mode: RoundingMode,
}

impl Bench<'_> {
    fn left(&self, at: usize) -> i64 {
        self.works.get(at).map_or(0, |work| work.left)
    }

    fn spend(&self, matched: &[usize]) -> Result<i64, MoneyError> {
        sum(matched.iter().map(|at| self.left(*at)))
    }

    fn fitting(&self, target: &Target) -> impl Iterator<Item = usize> {
        let fits = |(at, line): (usize, &SaleLine)| target.fits(line.item_id, line.category_id).then_some(at);
        self.lines.iter().enumerate().filter_map(fits)
    }

    /// The lines with untouched pieces, dearest piece first; among equals the first line.
    fn dearest(&self, lines: impl IntoIterator<Item = usize>) -> Vec<(usize, i64)> {
        let mut found: Vec<(i128, usize, i64)> = lines
            .into_iter()
            .filter_map(|at| self.works.get(at).map(|work| (-work.piece_worth(), at, work.untouched)))
            .filter(|(_, _, untouched)| *untouched > 0)
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, at, untouched)| (at, untouched)).collect()
    }

    /// What `promotion` would take off its `matched` lines, at most `most` times; None when it gives nothing.
    pub(super) fn evaluate(
        &self,
        promotion: &Promotion,
        parts: Option<&[BundlePart]>,
        matched: &[usize],
        most: u32,
    ) -> Result<Option<Gain>, MoneyError> {
        let free_item = matches!(promotion.effect, Effect::FreeItem { .. });
        if let Some(least) = promotion.min_spend
            && !free_item
            && self.spend(matched)? < least.minor()
        {
            return Ok(None);
        }
        let lines = match &promotion.effect {
            Effect::Percent { rate_ppm } => self.each(matched, |at| self.part(self.left(at), *rate_ppm))?,
            Effect::Amount { per_unit } => self.each(matched, |at| {
                let product = i128::from(per_unit.minor()) * i128::from(self.quantity(at).raw());
                divide_rounded(product, i128::from(Quantity::ONE.raw()), self.mode)
            })?,
            Effect::FixedPrice { unit_price } => self.each(matched, |at| {
                let price = unit_price.times(self.quantity(at), self.currency, self.digits, self.mode)?;
                Ok(self.left(at).saturating_sub(price.minor()))
            })?,
            Effect::OrderPercent { rate_ppm, cap } => {
                let spend = self.spend(matched)?;
                self.spread(matched, self.off(&Off::Percent { rate_ppm: *rate_ppm, cap: *cap }, spend, 1)?)?
            }
            Effect::Threshold { tiers } => {
                let spend = self.spend(matched)?;
                let Some(tier) = tiers.iter().rev().find(|tier| tier.spend.minor() <= spend) else {
                    return Ok(None);
                };
                self.spread(matched, self.off(&tier.off, spend, 1)?)?
            }
            Effect::BuyGet { buy, get, rate_ppm, other } => {
                let set = (i64::from(*buy), i64::from(*get));
                return match other {
                    None => self.buy_get(matched, set, *rate_ppm, most),
                    Some(other) => self.buy_get_other(matched, other, set, *rate_ppm, most),
                };
            }
            Effect::FreeItem { free, quantity } => {
                self.free_item(matched, promotion.min_spend, free, i64::from(*quantity))?
            }
            Effect::Bundle { off, .. } => return self.bundle(parts.unwrap_or_default(), off, most),
        };
        gain(lines, 1)
    }

    fn quantity(&self, at: usize) -> Quantity {
        self.lines.get(at).map_or(Quantity::ZERO, |line| line.price.quantity)
    }

    fn part(&self, amount: i64, rate: Rate) -> Result<i64, MoneyError> {
        divide_rounded(i128::from(amount) * i128::from(rate.0), 1_000_000, self.mode)
    }

    /// What comes off `amount`, which are `times` sets; never more than all of it.
    fn off(&self, off: &Off, amount: i64, times: u32) -> Result<i64, MoneyError> {
        let all = |money: Money| money.minor().checked_mul(i64::from(times)).ok_or(MoneyError::Overflow);
        let found = match off {
            Off::Percent { rate_ppm, cap } => {
                let part = self.part(amount, *rate_ppm)?;
                cap.map_or(Ok(part), |cap| all(cap).map(|cap| part.min(cap)))?
            }
            Off::Amount { amount } => all(*amount)?,
            Off::Price { price } => amount.saturating_sub(all(*price)?),
        };
        Ok(found.clamp(0, amount.max(0)))
    }

    /// An amount off each line, at most what is left of it.
    fn each(
        &self,
        matched: &[usize],
        amount: impl Fn(usize) -> Result<i64, MoneyError>,
    ) -> Result<Vec<LineOff>, MoneyError> {
        let off = |at: &usize| {
            Ok(LineOff { at: *at, amount: amount(*at)?.clamp(0, self.left(*at).max(0)), taken: None })
        };
        matched.iter().map(off).collect()
    }

    /// An amount over all lines, by what is left of them.
    fn spread(&self, matched: &[usize], amount: i64) -> Result<Vec<LineOff>, MoneyError> {
        let weights: Vec<i64> = matched.iter().map(|at| self.left(*at)).collect();
        let amounts = allocate(amount, &weights)?;
        let off = |(at, amount): (&usize, i64)| LineOff { at: *at, amount, taken: None };
        Ok(matched.iter().zip(amounts).map(off).collect())
    }

    fn buy_get(
        &self,
        matched: &[usize],
        (buy, get): (i64, i64),
        rate: Rate,
        most: u32,
    ) -> Result<Option<Gain>, MoneyError> {
        let lines = self.dearest(matched.iter().copied());
        let size = buy + get;
        let sets = (sum(lines.iter().map(|(_, pieces)| *pieces))? / size).min(i64::from(most));
        // Cheaper pieces among the first `count` pieces.
        let cheaper = |count: i64| count / size * get + (count % size - buy).max(0);
        let (mut before, mut off) = (0, Vec::with_capacity(lines.len()));
        for (at, pieces) in lines {
            let taken = pieces.min(sets * size - before);
            if taken > 0 {
                off.push((at, taken, cheaper(before + taken) - cheaper(before)));
                before += taken;
            }
        }
        gain(self.cheaper_pieces(off, rate)?, sets)
    }

    fn buy_get_other(
        &self,
        matched: &[usize],
        other: &Target,
        (buy, get): (i64, i64),
        rate: Rate,
        most: u32,
    ) -> Result<Option<Gain>, MoneyError> {
        let bought = self.dearest(matched.iter().copied());
        // What is bought is not given: a piece that is both counts as bought.
        let mut given = self.dearest(self.fitting(other).filter(|at| !matched.contains(at)));
        given.reverse();
        let count = |lines: &[(usize, i64)]| sum(lines.iter().map(|(_, pieces)| *pieces));
        let sets = (count(&bought)? / buy).min(count(&given)? / get).min(i64::from(most));
        let mut off = Vec::new();
        for (lines, mut wanted, is_given) in [(bought, sets * buy, false), (given, sets * get, true)] {
            for (at, pieces) in lines {
                let taken = pieces.min(wanted);
                if taken > 0 {
                    off.push((at, taken, if is_given { taken } else { 0 }));
                    wanted -= taken;
                }
            }
        }
        gain(self.cheaper_pieces(off, rate)?, sets)
    }

    /// Lines with `(pieces taken, pieces of them at the lower price)`.
    fn cheaper_pieces(&self, lines: Vec<(usize, i64, i64)>, rate: Rate) -> Result<Vec<LineOff>, MoneyError> {
        let mut off = Vec::with_capacity(lines.len());
        for (at, taken, cheaper) in lines {
            let Some(work) = self.works.get(at) else { continue };
            let worth = work.worth(taken, self.mode)?;
            let amount = self.part(work.worth(cheaper, self.mode)?, rate)?.clamp(0, worth.max(0));
            off.push(LineOff { at, amount, taken: Some((taken, worth)) });
        }
        Ok(off)
    }

    fn free_item(
        &self,
        matched: &[usize],
        least: Option<Money>,
        free: &Target,
        most: i64,
    ) -> Result<Vec<LineOff>, MoneyError> {
        let mut lines = self.dearest(self.fitting(free));
        lines.reverse();
        let (mut wanted, mut off) = (most, Vec::new());
        for (at, pieces) in lines {
            let taken = pieces.min(wanted);
            if taken > 0 {
                off.push((at, taken, taken));
                wanted -= taken;
            }
        }
        let off = self.cheaper_pieces(off, Rate::WHOLE)?;
        let given = sum(off.iter().filter(|line| matched.contains(&line.at)).map(|line| line.amount))?;
        let spend = self.spend(matched)?.checked_sub(given).ok_or(MoneyError::Overflow)?;
        Ok(if least.is_some_and(|least| spend < least.minor()) { Vec::new() } else { off })
    }

    /// Sets of goods together: for every set the dearest pieces of each part, in the order of the parts.
    fn bundle(&self, parts: &[BundlePart], off: &Off, most: u32) -> Result<Option<Gain>, MoneyError> {
        let lines: Vec<Vec<(usize, i64)>> =
            parts.iter().map(|part| self.dearest(self.fitting(&part.target))).collect();
        let mut taken: Vec<i64> = vec![0; self.works.len()];
        let mut from = vec![0_usize; parts.len()];
        let mut sets = 0_u32;
        while sets < most {
            let mut set: Vec<(usize, i64)> = Vec::new();
            for ((part, lines), from) in parts.iter().zip(&lines).zip(&mut from) {
                let mut wanted = i64::from(part.quantity);
                while let Some((at, pieces)) = lines.get(*from) {
                    let used = taken.get_mut(*at).ok_or(MoneyError::Overflow)?;
                    let some = wanted.min(pieces - *used);
                    *used += some;
                    wanted -= some;
                    set.push((*at, some));
                    if wanted == 0 {
                        break;
                    }
                    *from += 1;
                }
                if wanted > 0 {
                    set.push((usize::MAX, wanted));
                    break;
                }
            }
            let complete = set.last().is_some_and(|(at, _)| *at != usize::MAX);
            if !complete || !self.is_worth(&set, off) {
                for (at, some) in set {
                    if let Some(used) = taken.get_mut(at) {
                        *used -= some;
                    }
                }
                break;
            }
            sets += 1;
        }
        let mut off_lines = Vec::new();
        for (at, (pieces, work)) in taken.iter().zip(self.works).enumerate().filter(|(_, (n, _))| **n > 0) {
            let worth = work.worth(*pieces, self.mode)?;
            off_lines.push(LineOff { at, amount: 0, taken: Some((*pieces, worth)) });
        }
        let worth = |line: &LineOff| line.taken.map_or(0, |(_, worth)| worth);
        let total = sum(off_lines.iter().map(worth))?;
        let amounts = allocate(
            if off_lines.is_empty() { 0 } else { self.off(off, total, sets)? },
            &off_lines.iter().map(worth).collect::<Vec<_>>(),
        )?;
        for (line, amount) in off_lines.iter_mut().zip(amounts) {
            line.amount = amount;
        }
        gain(off_lines, i64::from(sets))
    }

    /// Whether a set costs more apart than together.
    fn is_worth(&self, set: &[(usize, i64)], off: &Off) -> bool {
        let Off::Price { price } = off else { return true };
        let piece = |at: usize| self.works.get(at).map_or(0, Work::piece_worth);
        let apart: i128 = set.iter().map(|(at, pieces)| piece(*at) * i128::from(*pieces)).sum();
        apart > i128::from(price.minor()) * 1_000
    }
}

fn gain(lines: Vec<LineOff>, times: i64) -> Result<Option<Gain>, MoneyError> {
    let total = sum(lines.iter().map(|line| line.amount))?;
    let times = u32::try_from(times).unwrap_or(MAX_SETS);
    Ok((total > 0).then_some(Gain { lines, times, total }))
}

fn sum(figures: impl IntoIterator<Item = i64>) -> Result<i64, MoneyError> {
    figures.into_iter().try_fold(0_i64, i64::checked_add).ok_or(MoneyError::Overflow)
}
