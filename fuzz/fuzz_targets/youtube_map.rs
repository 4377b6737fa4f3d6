//! Whatever the platform sends, reading it neither panics nor yields a post without a uid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sources::SourceEvent;

fuzz_target!(|data: &[u8]| {
    let input = sources::ParseInput {
        reader: Box::new(std::io::Cursor::new(data.to_vec())),
        name: "fuzz".to_owned(),
        file: sources::file::FileOptions::default(),
    };
    let each = &mut |item| {
        if let Ok(SourceEvent::Post(post)) = item {
            assert!(post.uid.is_some_and(|uid| uid.starts_with("youtube:")));
        }
    };
    sources::youtube::parse(input, each).expect("reading from memory does not fail");
});
