//! What is compared: invoices, lines, units and money, per day and in total.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

/// The figures of some trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    /// Invoices.
    pub invoices: i64,
    /// Lines.
    pub lines: i64,
    /// Units, those given back or gone below zero.
    pub units: i64,
    /// Money in minor units, given back below zero.
    pub money: i64,
}

impl Figures {
    fn text(&self, name: &str) -> String {
        match name {
            "invoices" => self.invoices.to_string(),
            "lines" => self.lines.to_string(),
            "units" => self.units.to_string(),
            _ => shared::Money::new(self.money, crate::trade::currency()).to_decimal(2),
        }
    }
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.invoices += other.invoices;
        self.lines += other.lines;
        self.units += other.units;
        self.money += other.money;
    }
}

/// What one witness saw, by invoice number.
#[derive(Debug, Clone, Default)]
pub struct Witness {
    /// Figures by invoice number.
    pub seen: BTreeMap<String, Figures>,
    /// Invoices seen more than once.
    pub doubled: Vec<String>,
}

impl Witness {
    /// Notes an invoice.
    pub fn saw(&mut self, number: String, figures: Figures) {
        if self.seen.insert(number.clone(), figures).is_some() {
            self.doubled.push(number);
        }
    }
}

/// The comparison of all witnesses.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// The names of the witnesses; the first is the input.
    pub witnesses: Vec<&'static str>,
    /// Figures by day, one of each witness.
    pub days: BTreeMap<String, Vec<Figures>>,
    /// Sales alone.
    pub sales: Vec<Figures>,
    /// Refunds alone.
    pub refunds: Vec<Figures>,
    /// Goods that left without money.
    pub adjustments: Vec<Figures>,
    /// All.
    pub total: Vec<Figures>,
    /// Invoices of the input that a witness did not see.
    pub lost: Vec<String>,
    /// Invoices that a witness saw twice, or that are not of the input.
    pub doubled: Vec<String>,
    /// Invoices whose figures differ.
    pub different: Vec<String>,
}

/// Compares witnesses with the input; `day_of` gives an invoice's day.
pub fn compare(witnesses: &[(&'static str, &Witness)], day_of: &BTreeMap<String, String>) -> Comparison {
    let count = witnesses.len();
    let mut comparison = Comparison {
        witnesses: witnesses.iter().map(|(name, _)| *name).collect(),
        days: BTreeMap::new(),
        sales: vec![Figures::default(); count],
        refunds: vec![Figures::default(); count],
        adjustments: vec![Figures::default(); count],
        total: vec![Figures::default(); count],
        lost: Vec::new(),
        doubled: Vec::new(),
        different: Vec::new(),
    };
    let Some((_, input)) = witnesses.first() else { return comparison };
    for (index, (name, witness)) in witnesses.iter().enumerate() {
        for number in input.seen.keys().filter(|number| !witness.seen.contains_key(*number)) {
            comparison.lost.push(format!("{number} ({name})"));
        }
        comparison.doubled.extend(witness.doubled.iter().map(|number| format!("{number} ({name})")));
        for (number, figures) in &witness.seen {
            match input.seen.get(number) {
                None => comparison.doubled.push(format!("{number} ({name}, not of the input)")),
                Some(wanted) if wanted != figures => {
                    comparison.different.push(format!("{number} ({name}: {figures:?}, input: {wanted:?})"));
                }
                Some(_) => {}
            }
            let day = day_of.get(number).map_or("unknown", String::as_str);
            comparison.days.entry(day.to_owned()).or_insert_with(|| vec![Figures::default(); count])
                [index] += *figures;
            comparison.total[index] += *figures;
            if number.starts_with('C') {
                comparison.refunds[index] += *figures;
            } else if figures.units < 0 {
                comparison.adjustments[index] += *figures;
            } else {
                comparison.sales[index] += *figures;
            }
        }
    }
    comparison
}

impl Comparison {
    /// Whether every witness saw what the input holds, once.
    pub fn is_equal(&self) -> bool {
        let same = |row: &Vec<Figures>| row.windows(2).all(|pair| pair[0] == pair[1]);
        self.lost.is_empty()
            && self.doubled.is_empty()
            && self.different.is_empty()
            && self.days.values().all(same)
            && same(&self.total)
    }

    /// The comparison as a table: one row a day and figure.
    pub fn to_table(&self) -> String {
        let mut out = String::new();
        let _ = write!(out, "{:<12} {:<9}", "day", "figure");
        for name in &self.witnesses {
            let _ = write!(out, " {name:>14}");
        }
        out.push('\n');
        for (day, row) in &self.days {
            rows(&mut out, day, row);
        }
        rows(&mut out, "sales", &self.sales);
        rows(&mut out, "refunds", &self.refunds);
        rows(&mut out, "adjustments", &self.adjustments);
        rows(&mut out, "total", &self.total);
        out
    }
}

fn rows(out: &mut String, label: &str, row: &[Figures]) {
    for name in ["invoices", "lines", "units", "money"] {
        let texts: Vec<String> = row.iter().map(|figures| figures.text(name)).collect();
        let _ = write!(out, "{label:<12} {name:<9}");
        for text in &texts {
            let _ = write!(out, " {text:>14}");
        }
        let differs = texts.windows(2).any(|pair| pair[0] != pair[1]);
        out.push_str(if differs { "  DIFFERENT\n" } else { "\n" });
    }
}
