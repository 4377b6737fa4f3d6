//! Any bytes as recorded input of GDELT: lists of articles, a mentions table.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sources::ParseInput;
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    let input = ParseInput {
        reader: Box::new(Cursor::new(bytes.to_vec())),
        name: String::new(),
        file: Default::default(),
    };
    let _ = sources::gdelt::parse(input, &mut |_| {});
});
