//! What scanners send.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = hardware::scanner::lines::Lines::default().take(bytes);
    let mut reports = hardware::scanner::hid_pos::Reports::default();
    for report in bytes.chunks(64) {
        let _ = reports.take(report);
    }
});
