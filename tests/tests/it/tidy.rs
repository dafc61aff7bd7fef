//! The tree checks itself: names, sizes and words that should not be there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// The files git tracks, or would.
fn files() -> Vec<PathBuf> {
    let listing = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    let text = String::from_utf8(listing.stdout).unwrap();
    let files: Vec<PathBuf> =
        text.lines().map(PathBuf::from).filter(|path| root().join(path).is_file()).collect();
    assert!(files.len() > 50, "git lists only {} files", files.len());
    files
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e))
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(root().join(path)).unwrap()).into_owned()
}

/// Paths and lines that a rule finds.
fn found(extensions: &[&str], rule: impl Fn(&Path, &str) -> bool) -> Vec<String> {
    let mut out = Vec::new();
    for path in files().iter().filter(|path| has_extension(path, extensions)) {
        for (number, line) in read(path).lines().enumerate() {
            if rule(path, line) {
                out.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    out
}

#[test]
fn the_top_level_is_as_the_architecture_says() {
    let expected: BTreeSet<&str> = [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "hardware",
        "migrations",
        "shared",
        "sync-server",
        "terminal",
        "tests",
        "ui",
    ]
    .into();
    let files = files();
    let top: BTreeSet<&str> = files
        .iter()
        .map(|path| path.components().next().unwrap().as_os_str().to_str().unwrap())
        .filter(|name| !name.starts_with('.'))
        .collect();
    assert_eq!(top, expected);
}

#[test]
fn both_server_databases_have_the_same_migrations() {
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let sqlite = names("migrations/server/sqlite");
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, names("migrations/server/postgres"));
}

#[test]
fn no_source_file_has_more_than_600_lines() {
    let long: Vec<String> = files()
        .iter()
        .filter(|path| has_extension(path, &["rs", "ts", "svelte", "mjs", "sql"]))
        // Types written by ts-rs, and the keys of all texts.
        .filter(|path| !path.starts_with("ui/src/api/bindings") && !path.ends_with("ui/src/i18n/keys.ts"))
        .map(|path| (path, read(path).lines().count()))
        .filter(|(_, lines)| *lines > 600)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn nothing_unfinished_or_switched_off_is_left_behind() {
    let words =
        ["todo!(", "unimplemented!(", "dbg!(", "#[ignore", "FIX\u{4d}E", ".only(", "test.skip", "it.skip"];
    let here = Path::new("tests/tests/it/tidy.rs");
    let lines = found(&["rs", "ts", "svelte", "mjs"], |path, line| {
        path != here && words.iter().any(|word| line.contains(word))
    });
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
fn there_is_no_float_near_money() {
    let lines = found(&["rs"], |path, line| {
        let near = path.starts_with("shared")
            || path
                .components()
                .any(|part| matches!(part.as_os_str().to_str(), Some("pricing" | "checkout" | "refunds")));
        // What TypeScript calls a number is named after Rust's float in the bindings' annotations only.
        let code = line.split("//").next().unwrap_or_default();
        let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        let float = words.clone().any(|word| matches!(word, "f32" | "f64"));
        near && float && !code.contains("ts(as") && !code.contains("ts(type")
    });
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
fn names_say_what_a_thing_is() {
    let vague = ["Manager", "Helper", "Util", "Utils", "Processor", "Service"];
    let modules = ["utils", "helpers", "common", "misc"];
    let lines = found(&["rs", "ts"], |_, line| {
        let mut words =
            line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        let Some(at) = words.position(|word| matches!(word, "struct" | "enum" | "trait" | "class" | "mod"))
        else {
            return false;
        };
        let name = line
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
            .nth(at + 1)
            .unwrap_or_default();
        let declares = line.trim_start().starts_with("pub ")
            || line.trim_start().starts_with("struct ")
            || line.trim_start().starts_with("mod ")
            || line.trim_start().starts_with("class ");
        declares && (vague.iter().any(|word| name.ends_with(word)) || modules.contains(&name))
    });
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
fn no_card_data_has_a_field() {
    let lines = found(&["rs", "sql", "ts"], |path, line| {
        let words = line.split(|c: char| !c.is_alphanumeric());
        path != Path::new("tests/tests/it/tidy.rs")
            && words
                .map(str::to_ascii_lowercase)
                .any(|word| matches!(word.as_str(), "pan" | "cvv" | "cvc" | "track1" | "track2"))
    });
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
fn every_column_of_a_migration_is_commented() {
    let mut bare = Vec::new();
    let types = ["TEXT", "BIGINT", "INTEGER", "BLOB", "BYTEA"];
    for path in files().iter().filter(|path| path.starts_with("migrations") && has_extension(path, &["sql"]))
    {
        let text = read(path);
        let mut inside = false;
        for line in text.lines() {
            if line.starts_with("CREATE TABLE") {
                inside = true;
            } else if line.starts_with(')') {
                inside = false;
            } else if inside {
                let mut words = line.split_whitespace();
                let (name, kind) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                let column = name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit());
                if column && types.contains(&kind.trim_end_matches(',')) && !line.contains("--") {
                    bare.push(format!("{}: {}", path.display(), line.trim()));
                }
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

#[test]
fn every_command_of_the_readme_is_one_of_xtask() {
    let readme = read(Path::new("README.md"));
    let commands: BTreeSet<&str> = readme
        .split("cargo xtask ")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_ascii_lowercase()).next().unwrap())
        .collect();
    assert!(commands.contains("run") && commands.contains("test"), "the README names {commands:?}");
    let xtask = read(Path::new("tests/xtask/src/main.rs"));
    for command in commands {
        let mut variant = command.to_owned();
        variant[..1].make_ascii_uppercase();
        assert!(xtask.contains(&format!("    {variant}(")), "`cargo xtask {command}` does not exist");
    }
}
