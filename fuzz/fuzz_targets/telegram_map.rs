//! Whatever a server sends, reading it neither panics nor yields a post without a uid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sources::{ParseInput, SourceEvent, find};

fuzz_target!(|data: &[u8]| {
    let input = ParseInput {
        reader: Box::new(std::io::Cursor::new(data.to_vec())),
        name: "fuzz".to_owned(),
        file: sources::file::FileOptions::default(),
    };
    let parse = find("telegram").expect("a connector").parse;
    parse(input, &mut |item| {
        if let Ok(SourceEvent::Post(post)) = item {
            assert!(post.uid.is_some_and(|uid| uid.starts_with("telegram:")));
        }
    })
    .expect("reading from memory does not fail");
});
