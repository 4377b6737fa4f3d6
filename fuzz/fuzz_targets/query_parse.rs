//! Any text: no panic, problems inside the text, and what is accepted prints, reads back and matches as the plain
//! evaluator says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use query::{Checker, Document, check, naive, parse, spans};

fuzz_target!(|input: &str| {
    // The first line is the query, the rest a text to try it on.
    let (source, text) = input.split_once('\n').unwrap_or((input, ""));
    for p in check(source) {
        assert!(source.get(p.at).is_some());
    }
    for s in spans(source) {
        assert!(source.get(s.at).is_some());
    }
    let Ok(query) = parse(source) else { return };
    let printed = query.to_string();
    assert_eq!(parse(&printed).map(|q| q.ast().clone()), Ok(query.ast().clone()), "{printed}");
    let document = Document::of_text(text);
    assert_eq!(Checker::new(&query, None).matches(&document), naive::matches(query.ast(), &document, None));
    query::highlights(&query, &document, None).into_iter().for_each(|r| assert!(text.get(r).is_some()));
});
