//! What scales answer.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for (_, protocol) in hardware::scale::Protocol::ALL {
        let _ = protocol.parse(bytes, hardware::scale::Unit::Kilogram);
    }
});
