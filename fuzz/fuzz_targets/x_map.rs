//! Whatever X sends or archives hold, reading it neither panics nor yields a post without a name.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sources::x::{Item, decode, parse};

fuzz_target!(|data: &[u8]| {
    if let Ok(frame) = std::str::from_utf8(data)
        && let Ok(Item::Post(post)) = decode(frame, &[])
    {
        assert!(post.uid.is_some_and(|uid| uid.starts_with("x:")));
    }
    let input = sources::ParseInput {
        reader: Box::new(std::io::Cursor::new(data.to_vec())),
        name: "fuzz".to_owned(),
        file: sources::file::FileOptions::default(),
    };
    parse(input, &mut |_| {}).expect("reading from memory does not fail");
});
