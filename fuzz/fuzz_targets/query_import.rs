//! Any text, read as a query of another product: no panic, losses inside the text, and what comes out is accepted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use query::import::{Dialect, translate};
use query::parse;

fuzz_target!(|source: &str| {
    for dialect in Dialect::ALL {
        let translation = translate(dialect, source);
        for loss in &translation.losses {
            assert!(source.get(loss.at.clone()).is_some());
        }
        match translation.query {
            Some(q) => assert!(parse(&q).is_ok(), "{q}"),
            None => assert!(!translation.losses.is_empty()),
        }
    }
});
