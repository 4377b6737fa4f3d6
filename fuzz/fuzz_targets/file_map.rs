//! Any bytes as a file of posts: JSON, CSV, Parquet, activities, compressed or not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sources::file::{FileOptions, FileReader, Format};
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    for format in [None, Some(Format::Activitystreams)] {
        let options = FileOptions {
            format,
            ..FileOptions::default()
        };
        if let Ok(reader) = FileReader::from_reader(Box::new(Cursor::new(bytes.to_vec())), "", options) {
            reader.take(10_000).for_each(drop);
        }
    }
});
