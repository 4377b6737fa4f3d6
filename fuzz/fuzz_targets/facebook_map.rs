//! Whatever Facebook is said to have sent, reading it neither panics nor yields a post without a uid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sources::SourceEvent;
use sources::facebook::{PLATFORM, parse};

fuzz_target!(|data: &[u8]| {
    let input = sources::ParseInput {
        reader: Box::new(std::io::Cursor::new(data.to_vec())),
        name: "fuzz".to_owned(),
        file: sources::file::FileOptions::default(),
    };
    parse(input, &mut |item| {
        if let Ok(SourceEvent::Post(post)) = item {
            assert!(post.uid.is_some_and(|uid| uid.starts_with(PLATFORM)));
        }
    })
    .expect("reading from memory does not fail");
});
