//! Whatever a Jetstream server sends, reading it neither panics nor yields a post without a uid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sources::bluesky::{Item, decode, parse};

fuzz_target!(|data: &[u8]| {
    if let Ok(frame) = std::str::from_utf8(data)
        && let Ok(decoded) = decode(frame)
        && let Item::Post(_, post) = decoded.item
    {
        assert!(post.uid.is_some_and(|uid| uid.starts_with("bluesky:at://did:")));
    }
    let input = sources::ParseInput {
        reader: Box::new(std::io::Cursor::new(data.to_vec())),
        name: "fuzz".to_owned(),
        file: sources::file::FileOptions::default(),
    };
    parse(input, &mut |_| {}).expect("reading from memory does not fail");
});
