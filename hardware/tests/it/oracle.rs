//! Independent software that ours is compared with: installed by `cargo xtask test`, skipped where it is missing unless
//! `KEDAI_TEST_REQUIRE_TOOLS` says that it must be there.

use std::path::PathBuf;
use std::process::Command;

/// The workspace's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A file of `tests/oracle`.
pub fn script(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/oracle").join(name)
}

/// The Python with the checking packages.
pub fn python() -> Option<Command> {
    let python = root().join("target/venv/bin/python");
    available(python.exists(), "the Python packages in target/venv").then(|| Command::new(python))
}

/// A program of the system.
pub fn program(name: &str) -> Option<Command> {
    let found = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(name).is_file());
    available(found, name).then(|| Command::new(name))
}

/// Whether something is there; a panic when it must be.
pub fn available(there: bool, what: &str) -> bool {
    let required = std::env::var_os("KEDAI_TEST_REQUIRE_TOOLS").is_some();
    assert!(there || !required, "{what}: not installed; `cargo xtask test` installs it");
    there
}

/// What a command wrote; a panic with its errors when it failed.
pub fn output(command: &mut Command) -> String {
    let out = command.output().unwrap();
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}
