//! The TypeScript types of the screens are the engine's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use terminal::commands::bindings::write_bindings;

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/api/bindings")
}

/// All files below `dir` with forward slashes in their names, line ends of this system made plain.
fn files(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(dir).unwrap().to_string_lossy().replace('\\', "/");
            found.insert(name, std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n"));
        }
    }
    found
}

#[test]
fn committed_types_are_those_of_the_engine() {
    let fresh = tempfile::tempdir().unwrap();
    write_bindings(fresh.path()).unwrap();
    let expected = files(fresh.path());
    assert!(expected.len() > 80, "only {} types were written", expected.len());
    for (name, text) in &expected {
        assert!(!text.contains("bigint"), "{name} holds a bigint, which JSON cannot carry");
    }
    if std::env::var_os("KEDAI_WRITE_BINDINGS").is_some() {
        let dir = committed();
        let _ = std::fs::remove_dir_all(&dir);
        for (name, text) in &expected {
            let path = dir.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    let found = files(&committed());
    let stale: Vec<&String> =
        expected.keys().chain(found.keys()).filter(|name| expected.get(*name) != found.get(*name)).collect();
    assert!(
        stale.is_empty(),
        "stale types in ui/src/api/bindings: {stale:?}; write them with KEDAI_WRITE_BINDINGS=1 \
         cargo nextest run -p terminal --no-default-features committed_types"
    );
}
