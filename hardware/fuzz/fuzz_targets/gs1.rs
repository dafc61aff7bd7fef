//! Scanned texts.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let layouts = hardware::barcode::in_store::usual_in("DE").unwrap_or_default();
    let reading = hardware::barcode::Reading::of(&String::from_utf8_lossy(bytes), &layouts);
    let _ = reading.candidates();
});
