//! The reference: every example holds, every code is shown, and the page is fresh.

use query::reference::{CODES, SECTIONS, Shown, lists, page};
use query::{check_with, naive, parse_with};

#[test]
fn every_example_finds_one_post_and_not_the_other() {
    for entry in SECTIONS.iter().flat_map(|s| s.entries) {
        let query = parse_with(entry.query, &lists()).unwrap_or_else(|p| panic!("{}: {p:?}", entry.query));
        let finds = |sample: &query::reference::Sample| naive::matches(query.ast(), &sample.document(), None);
        assert!(finds(&entry.finds), "{} must find {:?}", entry.query, entry.finds);
        assert!(
            !finds(&entry.misses),
            "{} must not find {:?}",
            entry.query,
            entry.misses
        );
    }
}

#[test]
fn every_code_is_shown_by_its_example() {
    for code in CODES {
        let Shown::Query(text) = code.shown else { continue };
        let problems = check_with(text, &lists());
        let found = problems.iter().find(|p| p.code == code.code);
        let found = found.unwrap_or_else(|| panic!("{text} lacks {}: {problems:?}", code.code));
        assert_eq!(found.severity, code.severity, "{}", code.code);
    }
}

#[test]
fn the_page_is_fresh() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/query-language.md"
    );
    let written = std::fs::read_to_string(path).unwrap();
    assert!(
        written == page(),
        "the query language changed; `make reference` renews docs/reference/query-language.md"
    );
}
