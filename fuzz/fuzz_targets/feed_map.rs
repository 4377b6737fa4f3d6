//! Any bytes as a feed: of RSS, Atom, JSON Feed or none, in any encoding.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for kind in [None, Some("text/xml; charset=big5")] {
        if let Ok(feed) = sources::feed::read(bytes, kind, Some("https://acme.example/feed")) {
            sources::feed::posts(&feed);
        }
    }
});
