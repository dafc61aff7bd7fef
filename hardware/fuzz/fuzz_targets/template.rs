//! Templates as people write them: read, checked and filled in.
#![no_main]

use hardware::template::{Filling, Template, check};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|bytes: &[u8]| {
    let source = String::from_utf8_lossy(bytes);
    check(&source);
    let data = Filling::new(&json!({
        "shop": { "name": "Kedai", "address": ["Jl. Satu 1"] }, "number": "KOTA-T1-000001", "total": "36.000",
        "lines": [{ "name": "Kopi | @cut", "count": "2 x 18.000", "amount": "36.000" }],
    }));
    let made = Template::new(&source, |key, _| Some(key.to_owned()))
        .and_then(|template| template.render(&data, None));
    if let Ok(document) = made {
        assert!(document.blocks().len() <= 4_000);
        let _ = document.to_plain_text(48);
    }
});
