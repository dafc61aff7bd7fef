//! What stands on paper: the receipts that the printer emulator kept as text.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

use crate::figures::{Figures, Witness};

/// Receipts read from a folder of the printer emulator.
#[derive(Default)]
pub struct Paper {
    /// Figures by invoice number (as noted on the receipt).
    pub witness: Witness,
    /// Receipt numbers, each once however many copies there are.
    pub numbers: BTreeSet<String>,
    /// Receipts marked as copies.
    pub copies: usize,
    /// Receipts that came twice without a mark.
    pub unmarked: Vec<String>,
}

impl Paper {
    /// Reads all receipts of a folder.
    ///
    /// # Errors
    /// A receipt that cannot be read.
    pub fn read(&mut self, folder: &Path) -> Result<()> {
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .with_context(|| format!("cannot read {}", folder.display()))?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
            .collect();
        files.sort();
        for file in files {
            self.receipt(&std::fs::read_to_string(&file)?).with_context(|| file.display().to_string())?;
        }
        Ok(())
    }

    fn receipt(&mut self, text: &str) -> Result<()> {
        let lines: Vec<&str> = text.lines().collect();
        // Shop header, rule, number and people, rule, goods, rule, totals.
        let rules: Vec<usize> = (0..lines.len()).filter(|i| is_rule(lines[*i])).collect();
        let (Some(first), Some(second)) = (rules.first(), rules.get(1)) else {
            return Ok(());
        };
        let facts = &lines[first + 1..*second];
        let number = facts.first().and_then(|line| line.split_whitespace().next()).context("no number")?;
        if lines[..*first].iter().any(|line| line.trim() == "COPY") {
            self.copies += 1;
            if self.numbers.contains(number) {
                return Ok(());
            }
        } else if self.numbers.contains(number) {
            self.unmarked.push(number.to_owned());
            return Ok(());
        }
        self.numbers.insert(number.to_owned());
        let refund = lines[..*first].iter().any(|line| line.trim() == "REFUND" || line.trim() == "Refund");
        let slip = lines[..*first].iter().any(|line| line.trim() == "Stock slip");
        let note = lines[*first..].iter().find_map(|line| {
            let line = line.trim();
            line.strip_prefix("* ")
                .or_else(|| line.strip_prefix("Reason: "))
                .or_else(|| line.strip_prefix("Note: "))
        });
        let invoice = note.context("no invoice number on the receipt")?.to_owned();
        let mut figures = if slip { moved(&lines[second + 1..]) } else { goods(&lines[second + 1..]) };
        figures.invoices = 1;
        if refund {
            figures.units = -figures.units;
            figures.money = -figures.money;
        }
        self.witness.saw(invoice, figures);
        Ok(())
    }
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() >= 20 && line.chars().all(|c| matches!(c, '-' | '─' | '=' | '═'))
}

/// Lines of goods on a stock slip: code, name, and how many at the right edge.
fn moved(lines: &[&str]) -> Figures {
    let mut figures = Figures::default();
    for line in lines {
        let Some((_, count)) = line.trim_end().rsplit_once(' ') else { continue };
        let Ok(units) = count.replace(',', "").parse::<i64>() else { continue };
        figures.lines += 1;
        figures.units += units;
    }
    figures
}

/// Lines of goods: `  6 x 2.55      15.30` under a name.
fn goods(lines: &[&str]) -> Figures {
    let mut figures = Figures::default();
    for line in lines {
        let Some((quantity, amount)) = line.strip_prefix("  ").and_then(counted) else { continue };
        figures.lines += 1;
        figures.units += quantity;
        figures.money += amount;
    }
    figures
}

fn counted(line: &str) -> Option<(i64, i64)> {
    let (count, rest) = line.split_once(" x ")?;
    let amount = rest.split_whitespace().nth(1).and_then(minor)?;
    Some((count.trim().replace(',', "").parse().ok()?, amount))
}

/// `1,234.56` in minor units.
fn minor(text: &str) -> Option<i64> {
    let (whole, fraction) = text.rsplit_once('.')?;
    (fraction.len() == 2).then_some(())?;
    format!("{}{fraction}", whole.replace(',', "")).parse().ok()
}
