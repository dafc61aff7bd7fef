//! What card terminals send.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Some((frame, _))) = hardware::card::zvt::Frame::parse(bytes) {
        let _ = hardware::card::zvt::Bitmaps::parse(&frame.data);
    }
});
