//! Card readers' bytes before independent software: tshark takes ZVT apart, and the provider's own library opens our
//! envelopes and closes those that we open.

use std::fmt::Write as _;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hardware::card::adyen::crypto::SharedKey;
use hardware::card::zvt::{ZvtOptions, ZvtReader};
use hardware::card::{CardReader, Unwatched};
use hardware::emulator::counter::MemoryWire;
use hardware::emulator::counter::zvt::ZvtDevice;
use hardware::printer::Connect;
use hardware::transport::{Answers, Transport, TransportError};
use serde_json::{Value, json};

use crate::cards::payment;
use crate::oracle;

/// Everything that crossed a wire, in order: `true` went to the terminal.
type Tape = Arc<Mutex<Vec<(bool, Vec<u8>)>>>;

struct Taped {
    device: Arc<Mutex<ZvtDevice>>,
    tape: Tape,
}

struct TapedWire {
    wire: MemoryWire<ZvtDevice>,
    tape: Tape,
}

impl Connect for Taped {
    fn connect(&self, _timeout: Duration) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(TapedWire { wire: MemoryWire::new(self.device.clone()), tape: self.tape.clone() }))
    }
}

impl Transport for TapedWire {
    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        self.tape.lock().unwrap().push((true, bytes.to_vec()));
        self.wire.write_all(bytes, deadline)
    }
    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError> {
        let count = self.wire.read(buffer, deadline)?;
        self.tape.lock().unwrap().push((false, buffer[..count].to_vec()));
        Ok(count)
    }
    fn answers(&self) -> Answers {
        self.wire.answers()
    }
    fn close(self: Box<Self>) -> Result<(), TransportError> {
        Ok(())
    }
}

#[test]
fn tshark_understands_our_payments() {
    if !(oracle::available(oracle::program("text2pcap").is_some(), "text2pcap")) {
        return;
    }
    let tape: Tape = Arc::default();
    let device = Arc::new(Mutex::new(ZvtDevice::default()));
    let taped = Taped { device, tape: tape.clone() };
    let mut reader = ZvtReader::new(taped, ZvtOptions::default());
    let paid = reader.start(&payment("a", 1234), &Unwatched::default());
    assert!(paid.is_settled());
    reader.reconcile().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (hex, pcap) = (folder.path().join("zvt.txt"), folder.path().join("zvt.pcap"));
    let mut dump = String::new();
    for (out, bytes) in tape.lock().unwrap().iter() {
        dump.push_str(if *out { "O\n" } else { "I\n" });
        for (row, sixteen) in bytes.chunks(16).enumerate() {
            write!(dump, "{:06x}", row * 16).unwrap();
            sixteen.iter().for_each(|byte| write!(dump, " {byte:02x}").unwrap());
            dump.push('\n');
        }
        dump.push('\n');
    }
    std::fs::write(&hex, dump).unwrap();
    let mut text2pcap = oracle::program("text2pcap").unwrap();
    text2pcap.args(["-q", "-D", "-T", "40000,20007"]).arg(&hex).arg(&pcap).stderr(Stdio::null());
    oracle::output(&mut text2pcap);
    let mut tshark = oracle::program("tshark").unwrap();
    tshark.arg("-r").arg(&pcap).args(["-d", "tcp.port==20007,zvt", "-O", "zvt"]).stderr(Stdio::null());
    let read = oracle::output(&mut tshark);
    for expected in [
        "Registration",
        "Authorisation",
        "Amount: 1234",
        "Status Information",
        "Intermediate Status Information",
        "Print Line",
        "Completion",
        "End Of Day",
        "Currency Code: EUR (0x0978)",
    ] {
        assert!(
            read.to_lowercase().contains(&expected.to_lowercase()),
            "tshark saw no {expected:?} in\n{read}"
        );
    }
    assert!(!read.contains("Malformed"), "{read}");
    // A canary: bytes that are no ZVT are not taken for it.
    assert!(!read.contains("Reversal"));
}

#[test]
fn the_providers_library_opens_our_envelopes_and_we_open_its() {
    let script = oracle::script("nexo.mjs");
    let library = oracle::root().join("target/oracles/node_modules/@adyen/api-library");
    if !oracle::available(library.exists(), "@adyen/api-library in target/oracles") {
        return;
    }
    let key = SharedKey::new("mypassphrase", "till-key", 3);
    let header = json!({ "MessageCategory": "Payment", "POIID": "V400m-1", "SaleID": "T1", "ServiceID": "0000000001" });
    for message in ["{}", r#"{"SaleToPOIRequest":{"note":"Cà phê 29.000 ₫"}}"#, &"x".repeat(4096)] {
        let ours = key.close("SaleToPOIRequest", &header, message, [9; 16]);
        let input = json!({ "library": library, "envelope": ours["SaleToPOIRequest"], "header": header,
            "passphrase": "mypassphrase", "identifier": "till-key", "version": 3, "message": message });
        let mut node = oracle::program("node").unwrap();
        let answer = oracle::output(node.arg(&script).arg(input.to_string()));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["opened"], message);
        assert_eq!(key.open(&answer["closed"]).as_deref(), Ok(message));
        let other = SharedKey::new("another", "till-key", 3);
        assert!(other.open(&answer["closed"]).is_err());
    }
}
