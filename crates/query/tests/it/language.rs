//! How queries are read: precedence, forms, colours.

use query::{SpanKind, parse, spans};

fn printed(text: &str) -> String {
    parse(text)
        .unwrap_or_else(|p| panic!("{text}: {p:?}"))
        .to_string()
}

#[test]
fn precedence_is_not_then_near_then_and_then_or() {
    assert_eq!(printed("a OR b AND c"), "a OR (b AND c)");
    assert_eq!(printed("a AND b NEAR/3 c"), "a AND (b NEAR/3 c)");
    assert_eq!(printed("a AND NOT b AND c"), "a AND NOT b AND c");
    assert_eq!(printed("a NOT b OR c"), "(a AND NOT b) OR c");
    assert_eq!(printed("(a OR b) NEAR/2 c"), "(a OR b) NEAR/2 c");
}

#[test]
fn every_way_to_say_not_is_the_same() {
    for text in [
        "a NOT b",
        "a AND NOT b",
        "a -b",
        "a AND -b",
        "a AND NOT NOT NOT b",
    ] {
        assert_eq!(printed(text), "a AND NOT b", "{text}");
    }
    assert_eq!(printed("a -(b OR c)"), "a AND NOT (b OR c)");
}

#[test]
fn synonyms_have_one_canonical_form() {
    assert_eq!(printed("a ONEAR/4 b"), "a NEAR/4f b");
    assert_eq!(printed("source:Twitter AND a"), "source:x AND a");
    assert_eq!(printed("a <<< why >>> OR ( ( b ) )"), "a OR b");
    assert_eq!(printed("“curly quotes”"), "\"curly quotes\"");
    assert_eq!(printed("（a OR b） AND c"), "(a OR b) AND c");
    assert_eq!(printed("\"word\""), "word");
    assert_eq!(printed("author:@Ann"), "author:ann");
}

#[test]
fn words_that_look_like_operators_keep_their_quotes() {
    assert_eq!(printed("\"OR\" AND gold"), "\"OR\" AND gold");
    assert_eq!(printed("\"near\""), "near");
}

#[test]
fn names_print_as_they_are_written() {
    for name in [
        "AT&T",
        "C++",
        ".NET",
        "7-Eleven",
        "H&M",
        "Yahoo!",
        "#tag",
        "@ann.example",
        "$TSLA",
        "{BT}",
        "wor*",
        "東京",
        "#東京",
    ] {
        assert_eq!(printed(name), name);
    }
}

#[test]
fn colours_follow_the_text() {
    let text = "(apple OR \"a b\"~3) NEAR/2 #t -@n AND lang:de {BT} <<<x>>>";
    let kinds: Vec<SpanKind> = spans(text).into_iter().map(|s| s.kind).collect();
    use SpanKind::*;
    let expected = [
        Bracket, Term, Operator, Phrase, Bracket, Operator, Tag, Operator, Handle, Operator, Field, Term,
        Case, Comment,
    ];
    assert_eq!(kinds, expected);
    let cut: Vec<&str> = spans(text).into_iter().map(|s| &text[s.at]).collect();
    assert_eq!(cut[3], "\"a b\"~3");
}
