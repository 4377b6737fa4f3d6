//! Why a query does not match, in words: the fewest clauses, what stands in their place, and where.

use crate::generate::{document, tree};
use proptest::prelude::*;
use query::ast::{Node, Region};
use query::{Document, Found, Query, Reason, naive, parse, why, why_not};

fn said(reasons: &[Reason]) -> Vec<String> {
    reasons.iter().map(ToString::to_string).collect()
}

fn why_not_said(query: &str, text: &str) -> Vec<String> {
    said(&why_not(&parse(query).unwrap(), &Document::of_text(text), None))
}

#[test]
fn each_way_to_miss_is_named() {
    for (query, text, reason) in [
        ("apple", "a pear", "needs `apple`"),
        ("apple OR plum", "a pear", "needs one of `apple`, `plum`"),
        ("apple", "two apples", "needs `apple`; there is `apples`"),
        ("#apple", "an apple", "needs `#apple`; there is `apple`"),
        ("café", "a cafe", "needs `café`; there is `cafe`"),
        ("{Apple}", "an apple", "needs `{Apple}`; there is `apple`"),
        (
            "apple NOT street",
            "apple street",
            "must not have `street`, which stands at 6..12",
        ),
        (
            "apple NEAR/2 pie",
            "apple and then a pie",
            "needs `apple NEAR/2 pie`: both are there, but 4 words apart",
        ),
        (
            "apple NEAR/3f pie",
            "pie of apple",
            "needs `apple NEAR/3f pie`: both are there, but in the other order",
        ),
        (
            "apple NEAR/3 pie",
            "an apple",
            "needs `apple NEAR/3 pie`; `pie` is not there",
        ),
        (
            "\"apple pie\"",
            "a pie of apple",
            "needs `\"apple pie\"`: its words are there, but not so",
        ),
        (
            "\"apple pie\"",
            "an apple",
            "needs `\"apple pie\"`; `pie` is not there",
        ),
        (
            "apple AND lang:de",
            "apple",
            "needs `lang:de`; the post does not say its lang",
        ),
        (
            "apple NOT lang:de",
            "apple",
            "must not have `lang:de`; the post does not say its lang",
        ),
    ] {
        assert_eq!(why_not_said(query, text), [reason], "{query} on {text:?}");
    }
}

#[test]
fn a_field_says_what_the_post_has() {
    let document = Document {
        lang: Some("en"),
        ..Document::of_text("apple")
    };
    let query = parse("apple AND lang:de").unwrap();
    assert_eq!(
        said(&why_not(&query, &document, None)),
        ["needs `lang:de`; lang is en"]
    );
}

#[test]
fn an_and_adds_up_and_an_or_takes_its_cheapest() {
    let query = "(apple AND pear AND plum) OR (apple AND (fig OR date) NOT street)";
    assert_eq!(why_not_said(query, "apple"), ["needs one of `fig`, `date`"]);
    assert_eq!(
        why_not_said(query, "fig street"),
        ["needs `apple`", "must not have `street`, which stands at 4..10"]
    );
}

#[test]
fn the_nearest_miss_comes_before_what_is_not_there_at_all() {
    let query = "plum OR fig OR apple NEAR/1 pie OR date";
    assert_eq!(
        why_not_said(query, "apple and pie"),
        ["needs `apple NEAR/1 pie`: both are there, but 2 words apart; or one of `plum`, `fig`, `date`"]
    );
}

#[test]
fn many_alternatives_are_counted() {
    let words: Vec<String> = (0..40).map(|n| format!("word{n}")).collect();
    let reasons = why_not(
        &parse(&words.join(" OR ")).unwrap(),
        &Document::of_text("none"),
        None,
    );
    assert_eq!((reasons[0].or.len(), reasons[0].more), (4, 35));
}

#[test]
fn a_word_in_the_other_part_of_the_post_is_named() {
    let node = Node::In {
        region: Region::Text,
        node: Box::new(parse("apple").unwrap().ast().clone()),
    };
    let query = Query::from_ast(node).unwrap();
    let document = Document {
        title: Some("Apple"),
        ..Document::of_text("a pear")
    };
    let reasons = why_not(&query, &document, None);
    assert_eq!(reasons[0].found, Found::Elsewhere(Region::Title));
    assert_eq!(reasons[0].title, vec![0..5]);
}

#[test]
fn a_match_says_without_what_it_would_not_be_one() {
    let query = parse("(apple OR pear) AND (juice OR pie) NOT street").unwrap();
    let document = Document::of_text("pear and apple pie");
    let reasons = why(&query, &document, None);
    assert_eq!(said(&reasons), ["must not have `pie`, which stands at 15..18"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn there_are_reasons_exactly_where_a_query_does_not_match(tree in tree(), owned in document()) {
        if let Ok(query) = Query::from_ast(tree) {
            let document = owned.document();
            let matches = naive::matches(query.ast(), &document, None);
            prop_assert_eq!(why_not(&query, &document, None).is_empty(), matches);
            prop_assert_eq!(why(&query, &document, None).is_empty(), !matches);
        }
    }
}
