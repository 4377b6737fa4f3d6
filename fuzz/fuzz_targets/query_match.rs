//! Any queries and any post: the matcher, whole or changed while it runs, says what the plain evaluator says.
//!
//! The first line of the input is the post's text, the second its title; every other line is a query. Queries that do not
//! parse are read leniently, so that most inputs test something.
#![no_main]

use libfuzzer_sys::fuzz_target;
use query::{Document, Lists, LiveMonitors, MonitorSet, Query, Scratch, naive, parse_lenient};

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.lines();
    let document = Document {
        text: lines.next().unwrap_or_default(),
        title: lines.next().filter(|t| !t.is_empty()),
        country: Some("de"),
        followers: Some(100),
        ..Document::default()
    };
    let queries: Vec<Query> = lines
        .take(8)
        .filter_map(|q| parse_lenient(q, &Lists::new()).ok())
        .map(|lenient| lenient.query)
        .collect();
    let numbered: Vec<(u32, &Query)> = (0..).zip(&queries).collect();
    let plain: Vec<u32> = numbered
        .iter()
        .filter(|(_, q)| naive::matches(q.ast(), &document, None))
        .map(|(number, _)| *number)
        .collect();
    let (mut scratch, mut found) = (Scratch::new(), Vec::new());
    MonitorSet::new(1, numbered.iter().copied(), None).matches(&document, &mut scratch, &mut found);
    assert_eq!(found, plain, "{queries:?}");
    let (base, late) = numbered.split_at(numbered.len() / 2);
    let mut live = LiveMonitors::new(1, base.iter().copied(), None, None);
    live.change(2, &[], late, None, None);
    live.snapshot().matches(&document, &mut scratch, &mut found);
    assert_eq!(found, plain, "{queries:?}");
});
