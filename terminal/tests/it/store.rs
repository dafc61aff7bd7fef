//! The file on the disk: what it must be, and what a crash leaves of it.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use terminal::store::{FILE_NAME, MARKER_NAME, Store, StoreError, meta};

use crate::till::{Till, identity};

fn set(store: &mut Store, value: &str) {
    store.write(|tx| meta::set(tx, "word", value)).unwrap();
}

fn word(store: &Store) -> Option<String> {
    meta::get(store.db(), "word").unwrap()
}

#[test]
fn a_new_folder_becomes_a_store_that_opens_again() {
    let mut till = Till::new();
    set(&mut till.store, "kept");
    let till = till.restart();
    assert_eq!(word(&till.store).as_deref(), Some("kept"));
    assert_eq!(meta::identity(till.store.db()).unwrap(), Some(identity(&till.device)));
    let reader = till.store.reader().unwrap();
    assert_eq!(meta::get(&reader, "word").unwrap().as_deref(), Some("kept"));
    assert!(reader.execute("DELETE FROM meta", []).is_err(), "a reader must not write");
}

#[test]
fn an_enrolled_terminal_never_gets_an_empty_store_in_place_of_its_own() {
    for (what, spoil) in [
        ("missing", (|path| fs::remove_file(path).unwrap()) as fn(&std::path::Path)),
        ("empty", |path| fs::write(path, b"").unwrap()),
        ("empty", |path| {
            fs::remove_file(path).unwrap();
            rusqlite::Connection::open(path)
                .unwrap()
                .execute_batch("PRAGMA user_version = 0; VACUUM;")
                .unwrap();
        }),
        ("not its own", |path| {
            fs::remove_file(path).unwrap();
            rusqlite::Connection::open(path)
                .unwrap()
                .execute_batch("CREATE TABLE guests (name TEXT)")
                .unwrap();
        }),
    ] {
        let till = Till::new();
        let Till { dir, store, clock, .. } = till;
        drop(store);
        let path = dir.path().join(FILE_NAME);
        spoil(&path);
        let error = Store::open(dir.path(), &clock).unwrap_err();
        let StoreError::Lost { found, .. } = &error else { panic!("{what}: {error}") };
        assert_eq!(*found, what);
        assert!(error.to_string().contains("backup"), "the message says what to do: {error}");
        assert!(dir.path().join(MARKER_NAME).exists());
    }
}

#[test]
fn another_terminals_store_is_not_taken_for_ones_own() {
    let (here, there) = (Till::new(), Till::new());
    let mut other = identity(&there.device);
    other.terminal_id = shared::ids::TerminalId::from_bytes([8; 16]);
    here.store.mark_enrolled(&other).unwrap();
    let Till { dir, store, clock, .. } = here;
    drop(store);
    let error = Store::open(dir.path(), &clock).unwrap_err();
    assert!(matches!(error, StoreError::Lost { found: "not its own", .. }), "{error}");
}

#[test]
fn a_foreign_a_damaged_and_a_newer_file_are_refused_and_left_as_they_are() {
    let clock = Till::new().clock;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE_NAME);
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE guests (name TEXT)").unwrap();
    let before = fs::read(&path).unwrap();
    let error = Store::open(dir.path(), &clock).unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);

    let garbage = [0x5a_u8; 8_192];
    fs::write(&path, garbage).unwrap();
    let error = Store::open(dir.path(), &clock).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), garbage);

    fs::remove_file(&path).unwrap();
    drop(Store::open(dir.path(), &clock).unwrap());
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    let error = Store::open(dir.path(), &clock).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
    assert!(error.to_string().contains("newer version"), "{error}");
}

#[test]
fn what_fails_inside_a_change_leaves_nothing() {
    let mut till = Till::new();
    set(&mut till.store, "before");
    let failed = till.store.write(|tx| -> Result<(), StoreError> {
        meta::set(tx, "word", "half")?;
        Err(StoreError::Contradiction { what: "a test", reason: "on purpose".to_owned() })
    });
    assert!(failed.is_err());
    assert_eq!(word(&till.store).as_deref(), Some("before"));
}

#[test]
fn a_change_that_panics_never_happened_and_the_next_one_works() {
    let mut till = Till::new();
    set(&mut till.store, "before");
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        till.store.write(|tx| -> Result<(), StoreError> {
            meta::set(tx, "word", "half")?;
            panic!("the process ends here");
        })
    }));
    assert!(panicked.is_err());
    let mut till = till.restart();
    assert_eq!(word(&till.store).as_deref(), Some("before"));
    set(&mut till.store, "after");
    assert_eq!(word(&till.store).as_deref(), Some("after"));
}

#[test]
fn a_commit_answered_with_an_error_reopens_the_store_and_keeps_what_happened() {
    let mut till = Till::new();
    till.store.commit_by(Box::new(|connection| {
        terminal::store::plain_commit(connection)?;
        Err(rusqlite::Error::InvalidQuery)
    }));
    let answer = till.store.write(|tx| meta::set(tx, "word", "durable"));
    assert!(matches!(answer, Err(StoreError::CommitUnconfirmed(_))));
    assert_eq!(word(&till.store).as_deref(), Some("durable"));
    till.store.commit_by(Box::new(|_| Err(rusqlite::Error::InvalidQuery)));
    let answer = till.store.write(|tx| meta::set(tx, "word", "never"));
    assert!(matches!(answer, Err(StoreError::CommitUnconfirmed(_))));
    assert_eq!(word(&till.store).as_deref(), Some("durable"));
}
