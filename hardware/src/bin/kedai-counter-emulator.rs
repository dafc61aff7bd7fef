//! A whole counter without devices: printer, drawer, display, scanner, scale and card readers, and a page that is the hand
//! at them.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program says where it listens, and what failed"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use hardware::emulator::counter::card_http::{self, CardHttpDevice};
use hardware::emulator::counter::display::DisplayDevice;
use hardware::emulator::counter::scale::ScaleDevice;
use hardware::emulator::counter::scanner::ScannerDevice;
use hardware::emulator::counter::zvt::{self, ZvtDevice};
use hardware::emulator::counter::{Fault, Wired};
use hardware::emulator::{Emulator, EmulatorOptions};
use hardware::scale::{Protocol, Reading};
use serde_json::json;

const PAGE: &str = include_str!("kedai-counter-emulator.html");
const SCRIPT: &str = include_str!("kedai-counter-emulator.js");
/// The most bytes of a form.
const MOST_FORM_BYTES: usize = 4096;

/// Emulates every device of a counter; open the page that it names.
#[derive(Debug, Parser)]
#[command(name = "kedai-counter-emulator", version)]
struct Options {
    /// The port of the page; the devices take the nine after it. 0 takes free ones.
    #[arg(long, default_value_t = 9090)]
    port: u16,
    /// What the scale speaks: mettler, nci, cas or adam.
    #[arg(long, default_value = "mettler")]
    scale: String,
}

struct Counter {
    printer: Emulator,
    scale: Wired<ScaleDevice>,
    scanner: Wired<ScannerDevice>,
    display: Wired<DisplayDevice>,
    zvt: Wired<ZvtDevice>,
    card: Wired<CardHttpDevice>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kedai-counter-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let port = |offset: u16| if options.port == 0 { 0 } else { options.port.saturating_add(offset) };
    let protocol = Protocol::by_name(&options.scale).ok_or("the scale speaks mettler, nci, cas or adam")?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port(1)));
    let counter = Counter {
        printer: Emulator::start(EmulatorOptions { listen, most_kept: 20, ..EmulatorOptions::default() })?,
        scale: Wired::tcp(ScaleDevice::new(protocol), port(2))?,
        scanner: Wired::tcp(ScannerDevice::default(), port(3))?,
        display: Wired::tcp(DisplayDevice::default(), port(4))?,
        zvt: Wired::tcp(ZvtDevice::default(), port(5))?,
        card: Wired::tcp(CardHttpDevice::default(), port(6))?,
    };
    // A hand approves; by themselves the readers would leave nothing to do.
    counter.zvt.with(|device| device.verdict = zvt::Verdict::Wait);
    counter.card.with(|device| device.verdict = card_http::Verdict::Wait);
    println!("page http://{}/", listener.local_addr()?);
    for (name, address) in counter.addresses() {
        println!("{name} {address}");
    }
    std::io::stdout().flush()?;
    for stream in listener.incoming() {
        // A browser that hangs up ends its own request, not the counter.
        let _ = stream.and_then(|stream| answer(stream, &counter));
    }
    Ok(())
}

fn answer(mut stream: TcpStream, counter: &Counter) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    stream.set_write_timeout(Some(Duration::from_secs(2)))?;
    let mut reader = BufReader::new(stream.try_clone()?.take(16 * 1024));
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let (mut length, mut local) = (0_usize, false);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            // Pages of other sites must not work this counter.
            "host" => {
                local = ["127.0.0.1", "localhost"].contains(&value.trim().split(':').next().unwrap_or(""))
            }
            _ => {}
        }
    }
    let mut body = vec![0; length.min(MOST_FORM_BYTES)];
    reader.read_exact(&mut body)?;
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (status, media, text) = match (local, method, path) {
        (false, ..) => ("403 Forbidden", "text/plain", "only for this machine".to_owned()),
        (_, "GET", "/") => ("200 OK", "text/html", PAGE.to_owned()),
        (_, "GET", "/page.js") => ("200 OK", "text/javascript", SCRIPT.to_owned()),
        (_, "GET", "/state") => ("200 OK", "application/json", counter.state().to_string()),
        (_, "POST", path) => match counter.hand(path, &form(&String::from_utf8_lossy(&body))) {
            Ok(said) => ("200 OK", "text/plain", said),
            Err(why) => ("400 Bad Request", "text/plain", why),
        },
        _ => ("404 Not Found", "text/plain", "not found".to_owned()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media}; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\n\r\n",
        text.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(text.as_bytes())
}

/// The fields of a form.
fn form(text: &str) -> BTreeMap<String, String> {
    let plain = |text: &str| {
        let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
        while let Some((first, after)) = rest.split_first() {
            let code = (*first == b'%')
                .then(|| {
                    after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok())
                })
                .flatten();
            bytes.push(code.unwrap_or(if *first == b'+' { b' ' } else { *first }));
            rest = if code.is_some() { &after[2..] } else { after };
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

impl Counter {
    fn addresses(&self) -> [(&'static str, String); 6] {
        [
            ("printer", self.printer.target().to_string()),
            ("scale", self.scale.address().to_owned()),
            ("scanner", self.scanner.address().to_owned()),
            ("display", self.display.address().to_owned()),
            ("zvt", self.zvt.address().to_owned()),
            ("card", self.card.address().replace("tcp://", "http://")),
        ]
    }

    fn state(&self) -> serde_json::Value {
        let jobs = self.printer.jobs();
        let paper: Vec<String> = jobs.iter().rev().map(|job| job.text().to_string()).collect();
        let (upper, lower) = self.display.with(|device| device.lines());
        json!({
            "paper": paper.join("\n─────────────── ✂ ───────────────\n\n"),
            "drawer": self.printer.drawer_pulses(),
            "display": [upper, lower],
            "zvt": self.zvt.with(|device| device.waiting()),
            "http": self.card.with(|device| device.waiting()),
            "addresses": self.addresses().into_iter().collect::<BTreeMap<_, _>>(),
        })
    }

    /// Does what a hand does; says what it did.
    fn hand(&self, path: &str, form: &BTreeMap<String, String>) -> Result<String, String> {
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        match path {
            "/scan" => {
                self.scanner.with(|device| device.scan(field("code")));
                Ok(format!("scanned {}", field("code")))
            }
            "/weigh" => {
                let reading = match field("state") {
                    "moving" => Reading::Moving,
                    "below" => Reading::BelowZero,
                    "heavy" => Reading::TooHeavy,
                    _ => Reading::Stable { grams: field("grams").parse().map_err(|_| "how many grams?")? },
                };
                self.scale.with(|device| device.reading = reading);
                Ok(format!("the scale says {reading:?}"))
            }
            "/card" => {
                let approve = field("verdict") == "approve";
                self.zvt.with(|device| device.decide(if approve { 0 } else { 0x05 }));
                self.card.with(|device| device.decide(approve));
                Ok(if approve { "approved" } else { "declined" }.to_owned())
            }
            "/fault" => self.fault(field("device"), field("fault")),
            _ => Err("not found".to_owned()),
        }
    }

    fn fault(&self, device: &str, fault: &str) -> Result<String, String> {
        if device == "printer" {
            self.printer.set_fault(fault.parse()?);
        } else {
            let fault: Fault = fault.parse()?;
            match device {
                "scale" => self.scale.set_fault(fault),
                "scanner" => self.scanner.set_fault(fault),
                "display" => self.display.set_fault(fault),
                "zvt" => self.zvt.set_fault(fault),
                "card" => self.card.set_fault(fault),
                _ => return Err(format!("there is no {device}")),
            }
        }
        Ok(format!("{device}: {fault}"))
    }
}
