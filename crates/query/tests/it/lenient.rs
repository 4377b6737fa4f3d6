//! What is read out of a text that is no query yet.

use query::{Lists, MAX_CHARS, parse, parse_lenient};

#[track_caller]
fn read(text: &str, meant: &str, codes: &[&str]) {
    let lenient = parse_lenient(text, &Lists::new()).unwrap_or_else(|p| panic!("{text}: {p:?}"));
    assert_eq!(lenient.text, meant, "{text}");
    let made: Vec<&str> = lenient.repairs.iter().map(|p| p.code).collect();
    assert_eq!(made, codes, "{text}");
    assert_eq!(lenient.query, parse(meant).unwrap(), "{text}");
}

#[test]
fn a_sound_query_is_left_alone() {
    read("a AND (b OR c)", "a AND (b OR c)", &[]);
}

#[test]
fn what_is_typed_into_a_search_box_is_read() {
    read("apple pie recipe", "apple AND pie AND recipe", &["implicit-and"]);
    read("apple and pie", "apple AND pie", &["lowercase-operator"]);
    read("apple, pear, fig", "apple OR pear OR fig", &["comma", "comma"]);
    read(
        "(apple OR \"hot pie",
        "(apple OR \"hot pie\")",
        &["unclosed-quote", "unclosed-bracket"],
    );
    read(
        "apple || pear && fig",
        "apple OR pear AND fig",
        &["foreign-operator", "foreign-operator"],
    );
    read(
        "language:german apple",
        "lang:de AND apple",
        &["unknown-field", "implicit-and", "bad-value"],
    );
    read("apple AND * OR", "apple", &["lone-wildcard", "missing-operand"]);
    read(
        "apple AND engagement:[10 TO *]",
        "apple",
        &["engagement-in-monitor"],
    );
    read("apple NEAR/0 pie", "apple NEAR/1 pie", &["near-distance"]);
    let brackets = ["unopened-bracket", "unclosed-bracket"].repeat(2);
    read("apple)) OR ((pear", "apple OR ((pear))", &brackets);
}

#[test]
fn nothing_is_made_of_nothing() {
    for text in ["", "  ", "*", "NOT a", "()", "AND OR", "<<< a >>>", "!!!", "-"] {
        let problems = parse_lenient(text, &Lists::new()).unwrap_err();
        assert!(problems.iter().any(|p| p.is_error()), "{text}");
    }
}

#[test]
fn a_long_hostile_text_ends_soon() {
    for text in [
        "* ".repeat(10_000),
        "a ".repeat(15_000),
        "((( ".repeat(5_000),
        "foo:* ".repeat(3_000),
        "\"* ".repeat(7_000),
        "{ ".repeat(9_000),
        "a, ".repeat(7_000),
        "a NEAR ".repeat(3_000),
        "NOT ".repeat(6_000),
    ] {
        let chars = text.chars().count().min(12);
        if let Ok(lenient) = parse_lenient(&text, &Lists::new()) {
            assert!(lenient.text.chars().count() <= MAX_CHARS, "{}", &text[..chars]);
        }
    }
}
