//! Figures as people read them and as JSON.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

/// Durations of one kind of step.
#[derive(Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    /// Notes one.
    pub fn push(&mut self, took: Duration) {
        self.0.push(took);
    }
    /// Takes over all of another.
    pub fn append(&mut self, other: &mut Self) {
        self.0.append(&mut other.0);
    }
    /// The value below which `percent` of a hundred samples lie, in milliseconds.
    pub fn percentile_ms(&mut self, percent: usize) -> f64 {
        self.0.sort_unstable();
        let at = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(at).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One figure beside its floor and its target.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// The figure.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// The floor of the same run.
    pub floor: Option<f64>,
    /// What the floor is.
    pub floor_name: &'static str,
    /// The most it may be; of a rate, the least.
    pub target: Option<f64>,
    /// Whether more is better, as of a rate.
    pub is_rate: bool,
}

impl Figure {
    /// A figure without floor and target.
    pub fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, floor: None, floor_name: "", target: None, is_rate: false }
    }
    /// Beside the floor of the same run.
    #[must_use]
    pub fn floor(mut self, value: f64, name: &'static str) -> Self {
        (self.floor, self.floor_name) = (Some(value), name);
        self
    }
    /// It shall not be more.
    #[must_use]
    pub fn at_most(mut self, target: f64) -> Self {
        (self.target, self.is_rate) = (Some(target), false);
        self
    }
    /// It shall not be less.
    #[must_use]
    pub fn at_least(mut self, target: f64) -> Self {
        (self.target, self.is_rate) = (Some(target), true);
        self
    }
    /// Whether the target is met; true without one.
    pub fn is_met(&self) -> bool {
        self.target
            .is_none_or(|target| if self.is_rate { self.value >= target } else { self.value <= target })
    }
}

/// The one in the middle; 0 of none.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// A count as a figure for people.
pub fn as_f64(count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let count = count as f64;
    count
}

/// Prints a table of figures and writes them as JSON.
///
/// # Errors
/// When the file cannot be written.
pub fn publish(out: &Path, name: &str, figures: &[Figure]) -> Result<String> {
    std::fs::create_dir_all(out)?;
    std::fs::write(out.join(format!("{name}.json")), serde_json::to_vec_pretty(figures)?)?;
    let mut text = String::new();
    let _ =
        writeln!(text, "{:<58} {:>14} {:>12} {:>8} {:>10}", "figure", "value", "floor", "ratio", "target");
    for figure in figures {
        let number =
            |value: f64| if value >= 1_000.0 { format!("{value:.0}") } else { format!("{value:.3}") };
        let optional = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number);
        let ratio = figure.floor.filter(|floor| *floor > 0.0).map(|floor| figure.value / floor);
        let _ = writeln!(
            text,
            "{:<58} {:>14} {:>12} {:>8} {:>10} {} {}",
            figure.name,
            format!("{} {}", number(figure.value), figure.unit),
            optional(figure.floor),
            ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}")),
            figure.target.map_or_else(
                || "–".to_owned(),
                |target| format!("{} {}", if figure.is_rate { "≥" } else { "≤" }, number(target)),
            ),
            if figure.is_met() { "" } else { "MISSED" },
            figure.floor_name,
        );
    }
    Ok(text)
}
