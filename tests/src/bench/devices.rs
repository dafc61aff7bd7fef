//! Devices: what a receipt costs to encode, how soon a printer hears of a sale, and whether a dead printer is felt by others.

use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hardware::emulator::{Emulator, EmulatorOptions};
use hardware::escpos::encode;
use hardware::profile::PrinterProfile;
use hardware::{Cut, Document, Picture, Rule};
use serde_json::json;
use shared::Timestamp;
use shared::ids::OutletId;
use shared::outlet::{Layouts, Outlet};
use terminal::receipts;

use super::catalogue::barcode;
use super::commit::Till;
use super::table::{Figure, Samples};
use crate::shop::{Shop, plain_outlet};

/// Printers of the till that has ten of them.
const PRINTERS: usize = 10;
/// How long a printer may take before the run is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Measures `sales` sales at a till with one printer, and a tenth of them at one with ten.
///
/// # Errors
/// When a step fails.
pub async fn run(programs: &Path, folder: &Path, sales: usize) -> Result<Vec<Figure>> {
    let mut figures = encoding()?;
    figures.extend(layouts()?);
    let mut shop = Shop::open(programs, folder, None, 2).await?;
    shop.import(catalogue()).await?;
    let (url, codes) = (shop.url(), shop.pairing_codes.clone());
    let folder = folder.to_path_buf();
    let printed = tokio::task::spawn_blocking(move || -> Result<Vec<Figure>> {
        let mut figures = one_printer(&folder.join("one"), &url, &codes[0], sales)?;
        figures.extend(ten_printers(&folder.join("ten"), &url, &codes[1], sales.div_ceil(10))?);
        Ok(figures)
    })
    .await??;
    shop.stop()?;
    figures.extend(printed);
    Ok(figures)
}

/// One item for each station.
fn catalogue() -> String {
    let rows = (1..PRINTERS).map(|n| format!("S{n},Dish {n},Station {n},1.80,piece,{},\n", barcode(n)));
    format!("sku,name,category,price,unit,barcodes,tax\n{}", rows.collect::<String>())
}

fn receipt(name: &str) -> Document {
    let mut doc = Document::new();
    doc.text("Kedai").bold().double().center();
    doc.rule(Rule::Single);
    for n in 0..50 {
        doc.text(format!("{name} {n}"));
        doc.left_right(format!("  {} x 18.000", n + 1), format!("{}.000", 18 * (n + 1)));
    }
    doc.rule(Rule::Double);
    doc.left_right("TOTAL", "22.950.000").bold().tall();
    doc.feed(1);
    doc.cut(Cut::Partial);
    doc
}

/// A picture with every shade, as a photograph has.
fn logo() -> Result<Picture> {
    let grey =
        (0..384 * 200_usize).map(|at| u8::try_from((at % 384 + at / 384) % 256).unwrap_or(0)).collect();
    Picture::from_grey(384, grey).context("the logo is no picture")
}

/// A sale of fifty lines laid out as built in and by a shop's own template: part of every payment.
fn layouts() -> Result<Vec<Figure>> {
    let now = Timestamp::from_millis(1_795_000_000_000);
    let outlet = plain_outlet(OutletId::from_bytes([1; 16]), "OUT", "EUR".parse()?);
    let mut order = receipts::sample(&outlet, now)?;
    order.lines = order.lines.iter().cycle().take(50).cloned().collect();
    let layouts = Layouts { receipt: Some(receipts::RECEIPT_TEMPLATE.to_owned()), ..Layouts::default() };
    let own = Outlet { layouts: Some(layouts), ..outlet.clone() };
    let (mut took, mut floor) = (Samples::default(), Samples::default());
    for _ in 0..300 {
        let start = Instant::now();
        black_box(receipts::order(black_box(&own), &order, false));
        took.push(start.elapsed());
        let start = Instant::now();
        black_box(receipts::order(black_box(&outlet), &order, false));
        floor.push(start.elapsed());
    }
    let figure =
        Figure::new("receipt of 50 lines by a template: p50", took.percentile_ms(50), "ms").at_most(1.0);
    Ok(vec![figure.floor(floor.percentile_ms(50), "the same as built in")])
}

fn encoding() -> Result<Vec<Figure>> {
    let profile = PrinterProfile::generic_80();
    let plain = receipt("Kopi susu gula aren");
    let mut with_logo = Document::new();
    with_logo.picture(logo()?);
    with_logo.append(receipt("Kopi susu gula aren"));
    let vietnamese = receipt("Cà phê sữa đá đường phèn");
    let mut figures = Vec::new();
    for (name, document, target) in [
        ("receipt of 50 lines encoded: p50", &plain, 1.0),
        ("the same with a logo of 384 × 200 dots: p50", &with_logo, 3.0),
        ("receipt of 50 Vietnamese lines drawn and encoded: p50", &vietnamese, 15.0),
    ] {
        let bytes = encode(document, profile);
        let (mut took, mut floor) = (Samples::default(), Samples::default());
        for _ in 0..300 {
            let start = Instant::now();
            black_box(encode(black_box(document), profile));
            took.push(start.elapsed());
            let start = Instant::now();
            black_box(black_box(&bytes).clone());
            floor.push(start.elapsed());
        }
        let figure = Figure::new(name, took.percentile_ms(50), "ms").at_most(target);
        figures.push(figure.floor(floor.percentile_ms(50), "the same bytes copied"));
    }
    Ok(figures)
}

/// A wire to an emulated printer that notes when the first byte of each connection passes.
struct Wire {
    addr: SocketAddr,
    heard: Receiver<Instant>,
    printer: Option<Emulator>,
}

impl Wire {
    /// To a printer, or to something that takes the connection and never says a word.
    fn open(dead: bool) -> Result<Self> {
        let printer = (!dead).then(|| Emulator::start(EmulatorOptions::default())).transpose()?;
        let to = printer.as_ref().map(Emulator::addr);
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let addr = listener.local_addr()?;
        let (tell, heard) = channel();
        // Ends with the process: a wire is open as long as the measurement.
        thread::spawn(move || {
            for came in listener.incoming().flatten() {
                let tell = tell.clone();
                thread::spawn(move || {
                    if let Err(error) = pass(came, to, &tell) {
                        // A connection that ends is how every job ends.
                        black_box(error);
                    }
                });
            }
        });
        Ok(Self { addr, heard, printer })
    }

    fn target(&self) -> String {
        format!("tcp://{}", self.addr)
    }

    /// How long after `committed` it was spoken to for the first time; at once when that was before the command came back.
    fn next(&self, Paid { asked, committed }: Paid) -> Result<Duration> {
        loop {
            let at = self.heard.recv_timeout(PATIENCE).context("the printer heard nothing")?;
            if at >= asked {
                return Ok(at.saturating_duration_since(committed));
            }
        }
    }

    /// Waits until it has printed so many jobs, so that none stands before the next.
    fn rest(&self, jobs: usize) -> Result<()> {
        match &self.printer {
            Some(printer) => {
                printer.wait_for_jobs(jobs as u64, PATIENCE).map(drop).context("it does not print")
            }
            None => Ok(()),
        }
    }
}

fn pass(mut came: TcpStream, to: Option<SocketAddr>, tell: &Sender<Instant>) -> std::io::Result<()> {
    let mut first = [0; 1];
    came.read_exact(&mut first)?;
    // Nobody listens any more when the measurement is over.
    let _ = tell.send(Instant::now());
    let Some(to) = to else {
        let mut rest = [0; 4096];
        while came.read(&mut rest)? > 0 {}
        return Ok(());
    };
    let mut printer = TcpStream::connect(to)?;
    printer.set_nodelay(true)?;
    came.set_nodelay(true)?;
    printer.write_all(&first)?;
    let (mut back_from, mut back_to) = (printer.try_clone()?, came.try_clone()?);
    let back = thread::spawn(move || std::io::copy(&mut back_from, &mut back_to));
    std::io::copy(&mut came, &mut printer)?;
    printer.shutdown(std::net::Shutdown::Write)?;
    back.join().map_err(|_| std::io::Error::other("the way back broke"))?.map(drop)
}

fn add_printer(till: &Till, name: &str, wire: &Wire, category: Option<&serde_json::Value>) -> Result<()> {
    let categories: Vec<_> = category.into_iter().collect();
    let input = json!({
        "printer_id": null, "name": name, "target": wire.target(), "model": "generic-80",
        "receipts": category.is_none(), "tickets": category.is_some(), "category_ids": categories,
        "failover_id": null, "drawer_pin": null, "drawer_open_high": null,
    });
    till.call("printers.save", input).map(drop)
}

/// When a payment was asked for, and when it is known to be committed.
#[derive(Clone, Copy)]
struct Paid {
    asked: Instant,
    committed: Instant,
}

/// Rings up one of each code and pays.
fn sell(till: &Till, codes: &[String], scans: &mut Samples) -> Result<Paid> {
    let mut cart = serde_json::Value::Null;
    for code in codes {
        let input = json!({ "code": code, "quantity": null });
        cart = serde_json::from_slice(&till.timed("register.scan", &input, scans)?)?;
    }
    let total = &cart["total"];
    let tenders = json!([{ "kind": "cash", "given": total }]);
    let asked = Instant::now();
    till.call("checkout.pay", json!({ "cart_id": cart["cart_id"], "total": total, "tenders": tenders }))?;
    Ok(Paid { asked, committed: Instant::now() })
}

fn one_printer(folder: &Path, url: &str, code: &str, sales: usize) -> Result<Vec<Figure>> {
    let till = Till::enrolled(folder, url, code)?;
    till.open_shift()?;
    let wire = Wire::open(false)?;
    add_printer(&till, "Counter", &wire, None)?;
    let (mut scans, mut first, mut bare) = (Samples::default(), Samples::default(), Samples::default());
    let idle = Wire::open(false)?;
    for at in 0..sales + sales / 10 {
        if at == sales / 10 {
            (scans, first, bare) = Default::default();
        }
        let paid = sell(&till, &[barcode(1), barcode(2)], &mut scans)?;
        first.push(wire.next(paid)?);
        wire.rest(at + 1)?;
        // The floor: a connection and a byte, with nothing before it.
        let start = Instant::now();
        let mut knock = TcpStream::connect(idle.addr)?;
        knock.write_all(b"\n")?;
        bare.push(idle.next(Paid { asked: start, committed: start })?);
    }
    till.stop();
    let connection = "a connection and a byte";
    Ok(vec![
        Figure::new("scan → line in the engine: p50", scans.percentile_ms(50), "ms"),
        Figure::new("scan → line in the engine: p99", scans.percentile_ms(99), "ms").at_most(5.0),
        Figure::new("payment committed → first byte at the printer: p50", first.percentile_ms(50), "ms")
            .floor(bare.percentile_ms(50), connection),
        Figure::new("payment committed → first byte at the printer: p99", first.percentile_ms(99), "ms")
            .floor(bare.percentile_ms(99), connection)
            .at_most(30.0),
    ])
}

/// Every sale prints at all ten; once all are well, once one of them takes the connection and says nothing.
fn ten_printers(folder: &Path, url: &str, code: &str, sales: usize) -> Result<Vec<Figure>> {
    let till = Till::enrolled(folder, url, code)?;
    till.open_shift()?;
    let list = till.call("printers.list", json!({}))?;
    let categories = list["categories"].as_array().context("no categories")?.clone();
    ensure!(categories.len() == PRINTERS - 1, "there are {} categories", categories.len());
    let mut wires = vec![Wire::open(false)?];
    add_printer(&till, "Counter", &wires[0], None)?;
    for (at, category) in categories.iter().enumerate().take(PRINTERS - 2) {
        let wire = Wire::open(false)?;
        add_printer(&till, &format!("Station {at}"), &wire, Some(&category["category_id"]))?;
        wires.push(wire);
    }
    let codes: Vec<String> = (1..PRINTERS).map(barcode).collect();
    let mut printed = 0;
    let mut round = |wires: &[Wire]| -> Result<(f64, f64)> {
        let mut heard = Samples::default();
        for at in 0..sales + sales / 10 {
            if at == sales / 10 {
                heard = Samples::default();
            }
            let paid = sell(&till, &codes, &mut Samples::default())?;
            for wire in wires {
                heard.push(wire.next(paid)?);
            }
            printed += 1;
            wires.iter().try_for_each(|wire| wire.rest(printed))?;
        }
        Ok((heard.percentile_ms(50), heard.percentile_ms(99)))
    };
    let last = &categories[PRINTERS - 2]["category_id"];
    let well = Wire::open(false)?;
    add_printer(&till, "Last", &well, Some(last))?;
    let (well_half, well_late) = round(&wires)?;
    let known = till.call("printers.list", json!({}))?;
    let printers = known["printers"].as_array().context("no printers")?;
    let of_last = printers.iter().find(|printer| printer["name"] == "Last").context("no last printer")?;
    till.call("printers.remove", json!({ "printer_id": of_last["printer_id"] }))?;
    let dead = Wire::open(true)?;
    add_printer(&till, "Dead", &dead, Some(last))?;
    let (half, late) = round(&wires)?;
    till.stop();
    Ok(vec![
        Figure::new("first byte at nine printers, a tenth is dead: p50", half, "ms")
            .floor(well_half, "all ten are well"),
        Figure::new("first byte at nine printers, a tenth is dead: p99", late, "ms")
            .floor(well_late, "all ten are well"),
        Figure::new("  ratio of the medians", half / well_half.max(f64::MIN_POSITIVE), "×").at_most(1.2),
    ])
}
