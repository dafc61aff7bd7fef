//! The replay: terminals ring up, the link is cut, plugs are pulled, and at the end everyone is asked what happened.

mod cashier;
mod witnesses;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::figures::{self, Comparison, Witness};
use crate::link::Link;
use crate::program::{self, Program};
use crate::shop::Shop;
use crate::till::Till;
use crate::trade::{self, Trade};
use cashier::Cashier;

/// What is replayed and how.
pub struct Plan {
    /// The trade.
    pub file: PathBuf,
    /// How many terminals ring up.
    pub terminals: u16,
    /// How long the link is cut.
    pub cut_seconds: u64,
    /// Only so many invoices.
    pub most_invoices: usize,
    /// PostgreSQL, or SQLite in the folder.
    pub database_url: Option<String>,
    /// Where the programs stand.
    pub programs: PathBuf,
}

/// How a replay ended.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// What the witnesses said.
    pub comparison: Comparison,
    /// How often a plug was pulled.
    pub kills: usize,
    /// How often the link was cut.
    pub cuts: usize,
    /// Receipts printed again, marked COPY.
    pub copies: usize,
    /// Receipts that came twice without a mark.
    pub unmarked: Vec<String>,
    /// Receipt numbers that a terminal left out.
    pub number_gaps: Vec<String>,
    /// The whole run.
    pub seconds: f64,
    /// From the first invoice to the last.
    pub ringing_seconds: f64,
}

impl Outcome {
    /// Whether all agree, with no receipt twice and no number left out, and every fault fired.
    pub fn is_equal(&self) -> bool {
        self.comparison.is_equal()
            && self.unmarked.is_empty()
            && self.number_gaps.is_empty()
            && self.kills > 0
            && self.cuts > 0
    }

    /// One line for the end of a test run.
    pub fn closing_line(&self) -> String {
        let total = self.comparison.total.first().copied().unwrap_or_default();
        format!(
            "{} {} invoices, {} lines, {} units, money {}; {} lost, {} doubled; {} kills, {} cuts, {} copies; rung up in {:.0} s, {:.0} s in all",
            if self.is_equal() { "equal:" } else { "DIFFERENT:" },
            total.invoices,
            total.lines,
            total.units,
            shared::Money::new(total.money, trade::currency()).to_decimal(2),
            self.comparison.lost.len(),
            self.comparison.doubled.len(),
            self.kills,
            self.cuts,
            self.copies,
            self.ringing_seconds,
            self.seconds,
        )
    }

    /// The first differences, for a person.
    pub fn first_differences(&self) -> String {
        let show = |name: &str, list: &[String]| {
            list.first().map_or(String::new(), |first| format!("{name}: {} ({first} …)\n", list.len()))
        };
        [
            show("lost", &self.comparison.lost),
            show("doubled", &self.comparison.doubled),
            show("different", &self.comparison.different),
            show("receipts twice without a mark", &self.unmarked),
            show("receipt numbers left out", &self.number_gaps),
            if self.kills == 0 { "no plug was pulled\n".to_owned() } else { String::new() },
            if self.cuts == 0 { "the link was never cut\n".to_owned() } else { String::new() },
        ]
        .concat()
    }
}

/// Runs a replay below `folder`.
///
/// # Errors
/// When a step fails that the product should survive.
pub async fn run(plan: &Plan, folder: &Path) -> Result<Outcome> {
    let start = Instant::now();
    let trade = Arc::new(trade::read(&plan.file, plan.most_invoices)?);
    println!("{} invoices, {} items; {} terminals", trade.invoices.len(), trade.items.len(), plan.terminals);
    let database = plan.database_url.as_deref();
    let mut shop = Shop::open(&plan.programs, folder, database, plan.terminals).await?;
    let report = shop.import(catalogue_csv(&trade)?).await?;
    println!("catalogue imported: {report}");
    let link = Link::to(shop.port()).await?;

    let mut printers = Vec::new();
    let mut cashiers = Vec::new();
    for (index, code) in shop.pairing_codes.clone().iter().enumerate() {
        let paper = folder.join(format!("paper-{index}"));
        let (printer, target) = printer(&plan.programs, &paper, folder)?;
        printers.push((printer, paper));
        let mut till = Till::new(&plan.programs, &folder.join(format!("terminal-{index}")), Some(target))?;
        till.start(Some((&link.url(), code))).await?;
        till.wait_until_loaded().await?;
        cashiers.push(Cashier::at(till).await?);
    }

    let ringing = Instant::now();
    let done = Arc::new(AtomicUsize::new(0));
    let mut shifts = Vec::new();
    let count = cashiers.len();
    for (index, mut cashier) in cashiers.into_iter().enumerate() {
        let (trade, done) = (trade.clone(), done.clone());
        shifts.push(tokio::spawn(async move {
            let mine: Vec<_> = trade.invoices.iter().skip(index).step_by(count).collect();
            // Twice in a shift the plug is pulled: once on the way through an invoice, once between tap and answer of paying.
            let pulls = [mine.len() * 2 / 5, mine.len() * 7 / 10];
            for (at, invoice) in mine.iter().enumerate() {
                let pull = pulls.iter().position(|pull| *pull == at);
                cashier
                    .ring_up(invoice, pull)
                    .await
                    .with_context(|| format!("invoice {}", invoice.number))?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(cashier)
        }));
    }
    let cuts = cut_on_the_way(&link, plan.cut_seconds, &done, trade.invoices.len(), &shifts).await;
    let mut cashiers = Vec::new();
    for shift in shifts {
        cashiers.push(shift.await??);
    }
    let ringing_seconds = ringing.elapsed().as_secs_f64();

    let mut kills = 0;
    for cashier in &mut cashiers {
        kills += cashier.kills();
        cashier.close().await?;
    }
    let outcome = witnesses::hear(&trade, &mut shop, &cashiers, &printers).await?;
    for cashier in &mut cashiers {
        cashier.stop()?;
    }
    shop.stop()?;
    Ok(Outcome {
        kills,
        cuts,
        ringing_seconds,
        seconds: start.elapsed().as_secs_f64(),
        comparison: outcome.comparison,
        copies: outcome.copies,
        unmarked: outcome.unmarked,
        number_gaps: outcome.number_gaps,
    })
}

/// Cuts the link after a third of the invoices and mends it; shows how far the shift is.
async fn cut_on_the_way<T>(
    link: &Link,
    cut_seconds: u64,
    done: &AtomicUsize,
    total: usize,
    shifts: &[tokio::task::JoinHandle<T>],
) -> usize {
    let mut cut_at: Option<Instant> = None;
    let mut mended = false;
    let mut shown = Instant::now();
    while shifts.iter().any(|shift| !shift.is_finished()) {
        let so_far = done.load(Ordering::Relaxed);
        if cut_at.is_none() && so_far * 3 >= total {
            link.cut();
            cut_at = Some(Instant::now());
            println!("\nthe link to the server is cut");
        }
        if !mended && cut_at.is_some_and(|at| at.elapsed() >= Duration::from_secs(cut_seconds)) {
            link.mend();
            mended = true;
            println!("\nthe link is whole again");
        }
        if shown.elapsed() >= Duration::from_secs(1) {
            shown = Instant::now();
            print!("\r{so_far} of {total} invoices");
            let _ = std::io::stdout().flush();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    link.mend();
    println!("\r{} of {total} invoices", done.load(Ordering::Relaxed));
    usize::from(cut_at.is_some())
}

fn printer(programs: &Path, paper: &Path, folder: &Path) -> Result<(Program, String)> {
    let port = program::free_port()?;
    let mut command = Command::new(programs.join("kedai-printer-emulator"));
    command.args(["--listen", &format!("127.0.0.1:{port}"), "--no-png", "--dir"]).arg(paper);
    let mut printer = Program::start(&mut command, &folder.join("printers.log"))?;
    let deadline = Instant::now() + Duration::from_secs(20);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        ensure!(!printer.has_ended() && Instant::now() < deadline, "the printer emulator does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok((printer, format!("tcp://127.0.0.1:{port}")))
}

fn catalogue_csv(trade: &Trade) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["sku", "name", "category", "price", "unit", "barcodes", "tax"])?;
    for item in trade.items.values() {
        writer.write_record([&item.code, &item.name, "Gifts", &item.price.to_string(), "piece", "", ""])?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// What the input itself holds.
fn input(trade: &Trade) -> Result<(Witness, BTreeMap<String, String>)> {
    let mut witness = Witness::default();
    let mut days = BTreeMap::new();
    for invoice in &trade.invoices {
        witness.saw(invoice.number.clone(), invoice.figures()?);
        days.insert(invoice.number.clone(), invoice.day.clone());
    }
    Ok((witness, days))
}

/// What the witnesses said.
struct Heard {
    comparison: Comparison,
    copies: usize,
    unmarked: Vec<String>,
    number_gaps: Vec<String>,
}

fn compare(witnesses: &[(&'static str, &Witness)], days: &BTreeMap<String, String>) -> Comparison {
    figures::compare(witnesses, days)
}
