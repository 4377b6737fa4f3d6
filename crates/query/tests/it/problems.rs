//! What is refused or remarked, where, and how it can be mended.

use query::{MAX_CHARS, MAX_DEPTH, Severity, check, parse};

#[track_caller]
fn problem(text: &str, code: &str, at: &str, fix: Option<&str>) {
    let problems = check(text);
    let found = problems
        .iter()
        .find(|p| p.code == code)
        .unwrap_or_else(|| panic!("{text}: {problems:?}"));
    assert_eq!(&text[found.at.clone()], at, "{text}: {found:?}");
    assert_eq!(found.fix.as_deref(), fix, "{text}");
    if let (Some(fix), true) = (fix, problems.len() == 1) {
        let left: Vec<_> = check(fix).into_iter().filter(|p| p.code == code).collect();
        assert!(left.is_empty(), "{fix} still has {left:?}");
    }
}

#[test]
fn operators_must_be_written() {
    problem("apple pie", "implicit-and", "apple pie", Some("apple AND pie"));
    problem(
        "a OR (new york city)",
        "implicit-and",
        "new york city",
        Some("a OR (new AND york AND city)"),
    );
    problem(
        "apple and pie",
        "lowercase-operator",
        "and",
        Some("apple AND pie"),
    );
    problem(
        "apple near/5 pie",
        "lowercase-operator",
        "near/5",
        Some("apple NEAR/5 pie"),
    );
    problem("apple && pie", "foreign-operator", "&&", Some("apple AND pie"));
    problem("apple, pie", "comma", "apple,", Some("apple OR pie"));
    problem("or OR gold", "operator-word", "or", Some("\"or\" OR gold"));
}

#[test]
fn brackets_and_quotes_must_close() {
    problem("(a OR b", "unclosed-bracket", "(", Some("(a OR b)"));
    problem("a OR b)", "unopened-bracket", ")", Some("a OR b"));
    problem("a AND \"b c", "unclosed-quote", "\"b c", Some("a AND \"b c\""));
    problem("{BT", "unclosed-brace", "{BT", Some("{BT}"));
    problem("BT}", "unopened-brace", "}", Some("BT"));
    problem("a <<< b", "unclosed-comment", "<<< b", Some("a <<< b >>>"));
    problem("a AND ()", "empty-group", "()", None);
}

#[test]
fn distances_are_checked() {
    problem("a NEAR/0 b", "near-distance", "NEAR/0", Some("a NEAR/1 b"));
    problem("a NEAR b", "near-distance", "NEAR", Some("a NEAR/5 b"));
    problem(
        "a NEAR/5000 b",
        "near-distance",
        "NEAR/5000",
        Some("a NEAR/1000 b"),
    );
    problem("\"a b c\"~1", "near-distance", "\"a b c\"~1", None);
    problem("a NEAR/3 (b AND c)", "near-operand", "(b AND c)", None);
    problem("a NEAR/200 b", "wide-near", "NEAR/200", None);
}

#[test]
fn what_no_word_must_be_present_for_is_refused() {
    problem("NOT a", "unanchored-not", "NOT a", None);
    problem("a OR NOT b", "unanchored-not", "NOT b", None);
    problem("a OR (NOT b AND -c)", "unanchored-not", "NOT b", None);
    assert!(parse("a AND (b OR NOT c)").is_ok());
}

#[test]
fn terms_must_hold_something() {
    problem("a OR *", "wildcard", "*", None);
    problem("a OR *phone", "wildcard", "*phone", None);
    problem("ab*", "short-prefix", "ab*", None);
    problem("a OR !!!", "no-words", "!!!", None);
    problem("a OR \"\"", "no-words", "\"\"", None);
    problem("https://example.com", "url-term", "https://example.com", None);
    problem("a AND", "missing-operand", "", None);
    problem("OR a", "missing-operand", "OR", None);
    problem("", "empty", "", None);
}

#[test]
fn fields_are_checked() {
    problem(
        "a AND colour:red",
        "unknown-field",
        "colour:",
        Some("a AND \"colour:red\""),
    );
    problem("a AND lang: de", "missing-value", "lang:", Some("a AND lang:de"));
    problem("a AND kind:poem", "bad-value", "poem", None);
    problem("a AND lang:(de fr)", "field-list", "fr", None);
}

#[test]
fn mixing_and_with_or_is_a_warning() {
    problem("a AND b OR c", "mixed-and-or", "a AND b", Some("(a AND b) OR c"));
    assert!(check("(a AND b) OR c").is_empty());
    assert_eq!(check("a AND b OR c")[0].severity, Severity::Warning);
}

#[test]
fn limits_are_stated() {
    assert_eq!(check(&"a".repeat(MAX_CHARS + 1))[0].code, "too-long");
    let nested = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(check(&nested(MAX_DEPTH + 1))[0].code, "too-deep");
    assert_eq!(
        check(&format!("a AND {}b", "NOT ".repeat(65)))[0].code,
        "too-deep"
    );
    let phrase = format!("\"{}\"", "a ".repeat(5_001));
    assert_eq!(check(&phrase)[0].code, "too-many-terms");
}

#[test]
fn all_problems_are_reported_at_once() {
    let codes: Vec<&str> = check("apple pie AND lang:english OR (x NEAR y")
        .iter()
        .map(|p| p.code)
        .collect();
    for code in ["implicit-and", "bad-value", "unclosed-bracket", "near-distance"] {
        assert!(codes.contains(&code), "{code} of {codes:?}");
    }
}
