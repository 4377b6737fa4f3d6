//! Any text: no panic, problems inside the text, every error with a fix, and what is accepted, at once or leniently,
//! prints, reads back and matches as the plain evaluator says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use query::{
    Checker, Document, Lists, Query, branches, check_with, naive, parse_lenient, parse_with, spans,
};
use std::sync::LazyLock;

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists::new();
    lists.add("l", "apple\nhot pear\n*pple\n").expect("the list is sound");
    lists
});

fuzz_target!(|input: &str| {
    // The first line is the query, the rest a text to try it on and a keyword list to read.
    let (source, text) = input.split_once('\n').unwrap_or((input, ""));
    for p in check_with(source, &LISTS) {
        assert!(source.get(p.at.clone()).is_some());
        assert!(!p.is_error() || p.fix.is_some() || p.code == "empty", "{p:?}");
    }
    for s in spans(source) {
        assert!(source.get(s.at).is_some());
    }
    if let Ok(()) = Lists::new().add("read", text) {
        assert!(!text.trim().is_empty());
    }
    if let Ok(query) = parse_with(source, &LISTS) {
        holds(&query, text);
    }
    if let Ok(lenient) = parse_lenient(source, &LISTS) {
        assert_eq!(parse_with(&lenient.text, &LISTS).as_ref(), Ok(&lenient.query));
        for branch in branches(&lenient.text, &LISTS).expect("the text is sound") {
            assert!(lenient.text.get(branch.at).is_some());
        }
    }
});

fn holds(query: &Query, text: &str) {
    let printed = query.to_string();
    // The printed form is a little longer where brackets are written out, and may pass the limit.
    if let Ok(read) = parse_with(&printed, &LISTS) {
        assert_eq!(read.ast(), query.ast(), "{printed}");
    } else {
        assert!(printed.len() > query::MAX_CHARS, "{printed}");
    }
    let document = Document::of_text(text);
    assert_eq!(Checker::new(query, None).matches(&document), naive::matches(query.ast(), &document, None));
    query::highlights(query, &document, None)
        .into_iter()
        .for_each(|r| assert!(text.get(r).is_some()));
}
