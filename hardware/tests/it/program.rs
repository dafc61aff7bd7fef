//! The emulator as a program.

use std::io::{BufRead, BufReader, Lines, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use hardware::printer::PrintProblemKind;
use hardware::{PrintOptions, PrintOutcome, PrinterProfile, PrinterTarget, escpos, print_job};

use crate::receipts;

struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(dir: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kedai-printer-emulator"))
            .args(["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--dir"])
            .arg(dir)
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The address that the next line of output names.
    fn address(&mut self, label: &str) -> String {
        let line = self.lines.next().unwrap().unwrap();
        line.strip_prefix(label).unwrap_or_else(|| panic!("{line}")).trim().to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_program_keeps_files_and_obeys_its_control_port() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = escpos::encode(&receipts::cafe(), PrinterProfile::generic_80());
    {
        let mut program = Program::start(dir.path(), &[]);
        let target: PrinterTarget = format!("tcp://{}", program.address("listening on")).parse().unwrap();
        let control = TcpStream::connect(program.address("control on")).unwrap();
        let mut answers = BufReader::new(control.try_clone().unwrap()).lines();
        let mut ask = |line: &str| {
            (&control).write_all(format!("{line}\n").as_bytes()).unwrap();
            answers.next().unwrap().unwrap()
        };
        assert!(print_job(&target, &bytes, &PrintOptions::default()).is_printed());
        assert_eq!(ask("jobs"), "ok 1");
        assert_eq!(ask("fault paper-out"), "ok");
        let outcome = print_job(&target, &bytes, &PrintOptions::default());
        assert!(
            matches!(&outcome, PrintOutcome::NotPrinted { reason } if reason.kind() == PrintProblemKind::PaperOut)
        );
        assert!(ask("fault on-fire").starts_with("error"));
        assert!(ask("fault close-after x").starts_with("error"));
        assert!(ask("dance").starts_with("error"));
        assert_eq!(ask("drawer"), "ok 0");
        assert_eq!(ask("quit"), "ok");
        assert!(program.child.wait().unwrap().success());
    }
    let read = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    assert_eq!(read("000001.bin"), bytes);
    assert_eq!(String::from_utf8(read("000001.txt")).unwrap(), receipts::cafe().to_plain_text(48));
    assert!(read("000001.png").starts_with(b"\x89PNG"));
    // Numbers go on after a restart.
    let mut program = Program::start(dir.path(), &["--no-png"]);
    let target: PrinterTarget = format!("tcp://{}", program.address("listening on")).parse().unwrap();
    assert!(print_job(&target, &bytes, &PrintOptions::default()).is_printed());
    assert_eq!(read("000002.bin"), bytes);
    assert!(!dir.path().join("000002.png").exists());
}

#[test]
fn a_wrong_option_is_refused_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_kedai-printer-emulator"))
        .args(["--profile", "typewriter", "--dir"])
        .arg(dir.path())
        .output()
        .unwrap();
    assert!(!out.status.success());
    assert!(String::from_utf8_lossy(&out.stderr).contains("known are generic-80"));
}
