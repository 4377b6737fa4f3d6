//! What is refused or remarked, where, and how it can be mended.

use query::{Lists, MAX_CHARS, MAX_DEPTH, Severity, check, check_with, parse};

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
    problem("\"b c\" AND \"", "unclosed-quote", "\"", Some("\"b c\" AND "));
    problem("{BT", "unclosed-brace", "{BT", Some("{BT}"));
    problem("BT}", "unopened-brace", "}", Some("BT"));
    problem("a <<< b", "unclosed-comment", "<<< b", Some("a <<< b >>>"));
    problem("a AND ()", "empty-group", "()", Some("a"));
    problem("a AND (() OR b)", "empty-group", "()", Some("a AND (b)"));
}

#[test]
fn distances_are_checked() {
    problem("a NEAR/0 b", "near-distance", "NEAR/0", Some("a NEAR/1 b"));
    problem("a NEAR b", "near-distance", "NEAR", Some("a NEAR/5 b"));
    problem("a NEAR/0f b", "near-distance", "NEAR/0f", Some("a NEAR/1f b"));
    problem(
        "a NEAR/5000 b",
        "near-distance",
        "NEAR/5000",
        Some("a NEAR/1000 b"),
    );
    problem("\"a b c\"~1", "near-distance", "\"a b c\"~1", Some("\"a b c\"~2"));
    problem("\"a b c\"~", "near-distance", "\"a b c\"~", Some("\"a b c\"~5"));
    problem("\"a\"~3", "near-distance", "\"a\"~3", Some("\"a\""));
    problem(
        "a NEAR/3 (b AND c)",
        "near-operand",
        "(b AND c)",
        Some("a AND (b AND c)"),
    );
    problem("a NEAR/200 b", "wide-near", "NEAR/200", Some("a AND b"));
}

#[test]
fn what_no_word_must_be_present_for_is_refused() {
    problem("NOT a", "unanchored-not", "NOT a", Some(""));
    problem("a OR NOT b", "unanchored-not", "NOT b", Some("a AND NOT b"));
    problem("NOT b OR a", "unanchored-not", "NOT b", Some("NOT b AND a"));
    problem("a OR (NOT b AND -c)", "unanchored-not", "NOT b AND -c", Some("a"));
    problem("title:(NOT a)", "unanchored-not", "title:(NOT a)", Some(""));
    assert!(parse("a AND (b OR NOT c)").is_ok());
    assert!(parse("a AND title:(NOT c)").is_ok());
}

#[test]
fn terms_must_hold_something() {
    problem("a OR !!!", "no-words", "!!!", Some("a"));
    problem("a OR \"\"", "no-words", "\"\"", Some("a"));
    problem(
        "a OR https://example.com/x",
        "url-term",
        "https://example.com/x",
        Some("a OR url:\"example.com/x\""),
    );
    problem("a AND", "missing-operand", "", Some("a"));
    problem("a OR AND b", "missing-operand", "AND", Some("a AND b"));
    problem("OR a", "missing-operand", "OR", Some(" a"));
    problem("", "empty", "", None);
    problem("<<< nothing >>>", "empty", "<<< nothing >>>", None);
}

#[test]
fn wildcards_stand_beside_letters() {
    problem("a OR *", "lone-wildcard", "*", Some("a"));
    problem("** AND a", "lone-wildcard", "**", Some("a"));
    problem("a AND \"b * c\"", "lone-wildcard", "\"b * c\"", Some("a"));
    problem("C++*", "lone-wildcard", "C++*", Some(""));
    problem("ab*", "short-wildcard", "ab*", Some("ab"));
    problem("a AND x?", "short-wildcard", "x?", Some("a AND x"));
    problem("\"ab* cd\"", "short-wildcard", "\"ab* cd\"", Some("\"ab cd\""));
    problem("{gr?y}", "case-wildcard", "{gr?y}", Some("{gry}"));
    problem("東*京", "unspaced-wildcard", "東*京", Some("東京"));
    problem("東京?", "unspaced-wildcard", "東京?", Some("東京"));
}

#[test]
fn fields_are_checked() {
    problem(
        "a AND colour:red",
        "unknown-field",
        "colour:",
        Some("a AND \"colour:red\""),
    );
    problem(
        "a AND language:de",
        "unknown-field",
        "language:",
        Some("a AND lang:de"),
    );
    problem("a AND lnag:de", "unknown-field", "lnag:", Some("a AND lang:de"));
    problem(
        "a AND foo:(b OR c)",
        "unknown-field",
        "foo:",
        Some("a AND (b OR c)"),
    );
    problem("note: a", "unknown-field", "note:", Some("note a"));
    problem("a AND lang: de", "missing-value", "lang:", Some("a AND lang:de"));
    problem("a AND lang:", "missing-value", "lang:", Some("a"));
    problem("a AND lang:()", "missing-value", ")", Some("a"));
    problem("a AND kind:poem", "bad-value", "poem", Some("a"));
    problem(
        "a AND lang:english",
        "bad-value",
        "english",
        Some("a AND lang:en"),
    );
    problem(
        "a AND kind:(poem OR reply)",
        "bad-value",
        "poem",
        Some("a AND kind:(reply)"),
    );
    problem("a AND has:links", "bad-value", "links", Some("a AND has:link"));
    problem(
        "a AND lang:(de fr)",
        "field-list",
        "fr",
        Some("a AND lang:(de OR fr)"),
    );
    problem(
        "a AND lang:(de AND fr)",
        "field-list",
        "AND",
        Some("a AND lang:(de OR fr)"),
    );
    problem("a AND lang:(NOT de)", "missing-value", "NOT", Some("a"));
    problem(
        "title:(a AND lang:de)",
        "nested-field",
        "lang:de",
        Some("title:(a)"),
    );
    problem("title:lang:de OR a", "nested-field", "title:lang:de", Some("a"));
}

#[test]
fn ranges_are_checked() {
    problem(
        "a AND followers:[* TO *]",
        "open-range",
        "followers:[* TO *]",
        Some("a"),
    );
    problem(
        "a AND followers:[5k TO 100]",
        "bad-range",
        "[5k TO 100]",
        Some("a AND followers:[100 TO 5000]"),
    );
    problem(
        "a AND followers:5000",
        "bad-range",
        "5000",
        Some("a AND followers:[5000 TO *]"),
    );
    problem("a AND followers:many", "bad-range", "many", Some("a"));
    problem(
        "followers:[1 TO 5 AND a",
        "unclosed-range",
        "[1 TO 5",
        Some("followers:[1 TO 5] AND a"),
    );
    problem(
        "a AND engagement:[10 TO *]",
        "engagement-in-monitor",
        "engagement:[10 TO *]",
        Some("a"),
    );
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

#[test]
fn limits_can_be_kept_by_leaving_out() {
    let many = format!("a{}", " OR apple".repeat(3_000));
    let fix = check(&many)[0].fix.clone().unwrap();
    assert!(
        parse(&fix).is_ok() && fix.len() > MAX_CHARS - 100,
        "{}",
        fix.len()
    );
    let deep = |inner: &str| format!("{}{inner}{}", "(".repeat(65), ")".repeat(65));
    assert_eq!(check(&deep("a OR b"))[0].fix.as_deref(), Some("(a OR b)"));
    let not = format!("a AND {}b", "NOT ".repeat(65));
    assert_eq!(check(&not)[0].fix.as_deref(), Some("a AND NOT b"));
    let apart = format!("{}b{}", "(a AND ".repeat(65), ")".repeat(65));
    let fix = check(&apart)[0].fix.clone().unwrap();
    assert!(parse(&fix).is_ok(), "{fix}");
    let characters = format!("a OR {}", "\u{6771}".repeat(6_000));
    assert_eq!(check(&characters)[0].fix.as_deref(), Some("a"));
}

#[test]
fn lists_are_named_and_their_lines_checked() {
    let mut lists = Lists::new();
    lists.add("spam-words", "buy\ncheap pills\n").unwrap();
    let found = &check_with("a NOT list:spam-word", &lists)[0];
    assert_eq!(found.code, "unknown-list");
    assert_eq!(found.fix.as_deref(), Some("a NOT list:spam-words"));
    assert!(found.message.contains("spam-words"), "{}", found.message);
    assert_eq!(
        check("a NOT list:other")[0].fix.as_deref(),
        Some("a"),
        "no lists are known"
    );
    let broken = lists
        .add("spam-words", "good\n*\napple OR pear\n\"open\nab*\n")
        .unwrap_err();
    let places: Vec<(usize, &str)> = broken.iter().map(|p| (p.line, p.code)).collect();
    assert_eq!(
        places,
        [
            (2, "lone-wildcard"),
            (3, "list-operator"),
            (4, "unclosed-quote"),
            (5, "short-wildcard")
        ]
    );
    assert!(broken[0].to_string().starts_with("list spam-words, line 2: "));
    assert_eq!(lists.add("a b", "x").unwrap_err()[0].code, "list-name");
    assert_eq!(
        lists.add("x", "\n<<< none >>>\n").unwrap_err()[0].code,
        "list-empty"
    );
    let long: String = (0..5_001).map(|i| format!("word{i}\n")).collect();
    assert_eq!(lists.add("x", &long).unwrap_err()[0].code, "too-many-terms");
    assert!(check_with("a NOT list:spam-words", &lists).is_empty());
}

#[test]
fn the_printed_form_keeps_the_depth() {
    let text = format!("{}a OR b AND c{}", "x OR (y AND (".repeat(32), ")".repeat(64));
    let deep = check(&text);
    // Without the brackets that AND needs within OR the text is 64 deep, with them 65.
    assert!(deep.iter().any(|p| p.code == "too-deep"), "{deep:?}");
}

#[test]
fn what_costs_more_than_its_length_is_refused() {
    let chain = vec!["a"; 65].join(" NEAR/2 ");
    problem(
        &format!("b OR ({chain})"),
        "too-costly",
        &format!("({chain})"),
        Some("b"),
    );
    let phrase = format!("\"{}\"", "a ".repeat(501));
    problem(&format!("b OR {phrase}"), "too-costly", &phrase, Some("b"));
    let pattern = format!("*{}", "ab".repeat(33));
    problem(&format!("b OR {pattern}"), "too-costly", &pattern, Some("b"));
    let together = format!("\"{}\"~40", "a ".repeat(33));
    problem(
        &format!("b OR {together}"),
        "near-distance",
        &together,
        Some(&format!("b OR {}", &together[..together.len() - 3])),
    );
}
