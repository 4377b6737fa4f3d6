//! Remarks about queries that are accepted, and those that need history.

use query::{Branch, Lists, Role, Seen, Severity, branches, check, check_with, lint_against, parse};

/// `at` is empty where the query must be without this remark.
#[track_caller]
fn lint(text: &str, code: &str, at: &str, fix: Option<&str>) {
    let problems = check(text);
    assert!(problems.iter().all(|p| !p.is_error()), "{text}: {problems:?}");
    let found = problems.iter().find(|p| p.code == code);
    let Some(found) = found else {
        assert!(at.is_empty(), "{text}: {problems:?}");
        return;
    };
    assert_eq!(&text[found.at.clone()], at, "{text}: {found:?}");
    assert_eq!(found.fix.as_deref(), fix, "{text}");
    if let Some(fix) = fix {
        let left: Vec<_> = check(fix)
            .into_iter()
            .filter(|p| p.is_error() || p.code == code)
            .collect();
        assert!(left.is_empty(), "{fix} still has {left:?}");
    }
}

#[test]
fn short_names_in_capitals_are_asked_about() {
    lint("broadband AND BT", "all-caps", "BT", Some("broadband AND {BT}"));
    lint("{BT} AND broadband", "all-caps", "", None);
    lint("\"BT\" AND broadband", "all-caps", "", None);
    lint("NATIONAL", "all-caps", "", None);
    lint("#BT OR Bt OR B2", "all-caps", "", None);
}

#[test]
fn branches_that_add_nothing_are_named() {
    lint("a OR b OR a", "duplicate-branch", "a", Some("a OR b"));
    lint(
        "apple OR pear OR Apple",
        "duplicate-branch",
        "Apple",
        Some("apple OR pear"),
    );
    lint("a AND (b AND a)", "duplicate-branch", "a", Some("a AND (b)"));
    lint("(a OR b) OR a", "duplicate-branch", "a", None);
    lint("a NOT b NOT b", "duplicate-branch", "NOT b", Some("a NOT b"));
    lint("a OR {a}", "duplicate-branch", "", None);
    lint("apple OR appl*", "subsumed-branch", "apple", Some("appl*"));
    lint("pear OR #pear", "subsumed-branch", "#pear", Some("pear"));
    lint("#pear* OR pears", "subsumed-branch", "", None);
}

#[test]
fn what_never_matches_is_named() {
    for (text, at) in [
        ("a AND NOT a", "NOT a"),
        ("a NOT (b OR A)", "NOT (b OR A)"),
        ("a AND lang:de AND lang:(fr OR en)", "lang:(fr OR en)"),
        ("a AND lang:de NOT lang:(de OR fr)", "NOT lang:(de OR fr)"),
        ("a AND kind:reply AND kind:post", "kind:post"),
        (
            "a AND followers:[1k TO *] AND followers:[* TO 10]",
            "followers:[* TO 10]",
        ),
    ] {
        lint(text, "contradiction", at, None);
    }
    for text in [
        "a AND lang:pt AND lang:pt-br",
        "a AND site:example.com AND site:news.example.com",
        "a AND hashtags:x AND hashtags:y",
        "a NOT b",
    ] {
        lint(text, "contradiction", "", None);
    }
}

#[test]
fn costly_and_blind_patterns_are_named() {
    lint("*phone", "leading-wildcard", "*phone", None);
    lint("\"my ?hone\"", "leading-wildcard", "\"my ?hone\"", None);
    lint("@acm*", "handle-wildcard", "@acm*", None);
    lint("a NEAR/100 b", "wide-near", "NEAR/100", Some("a AND b"));
    lint("a NEAR/99 b", "wide-near", "", None);
    lint("lang:en", "only-fields", "lang:en", None);
    lint(
        "lang:en AND has:link AND followers:[9k TO *]",
        "only-fields",
        "lang:en AND has:link AND followers:[9k TO *]",
        None,
    );
    lint("lang:en AND author:ann", "only-fields", "", None);
}

#[test]
fn terms_that_admission_replaces_are_named() {
    for text in [
        "ann@mail.example.com",
        "\"+49 170 1234567\"",
        "\"4111 1111 1111 1111\"",
    ] {
        lint(text, "redacted-term", text, None);
    }
    for text in ["7-Eleven", "\"ISO 9001 2015\"", "@ann.example", "2026"] {
        lint(text, "redacted-term", "", None);
    }
}

#[test]
fn branches_stand_for_what_can_be_tried_alone() {
    let mut lists = Lists::new();
    lists.add("spam", "buy\ncheap\n").unwrap();
    let text =
        "(apple OR \"hot pie\" OR (kiwi AND fig)) AND title:(a NEAR/2 b) NOT (list:spam OR x) AND lang:de";
    let found = branches(text, &lists).unwrap();
    let seen: Vec<(&str, Role, String)> = found
        .iter()
        .map(|b| (&text[b.at.clone()], b.role, b.query.to_string()))
        .collect();
    let expected = [
        ("apple", Role::Term, "apple"),
        ("\"hot pie\"", Role::Term, "\"hot pie\""),
        ("(kiwi AND fig)", Role::Side, "kiwi AND fig"),
        ("kiwi", Role::Term, "kiwi"),
        ("fig", Role::Term, "fig"),
        ("a", Role::Term, "title:a"),
        ("b", Role::Term, "title:b"),
        ("list:spam", Role::Excluded, "list:spam"),
        ("x", Role::Excluded, "x"),
        ("lang:de", Role::Term, "lang:de"),
    ];
    let expected = expected.map(|(at, role, q)| (at, role, q.to_owned()));
    assert_eq!(seen, expected);
    assert!(branches("a b", &lists).is_err());
}

#[test]
fn history_tells_dead_and_hot_terms() {
    let text = "kiwi AND (apple OR appel OR (hot AND pie)) NOT spam";
    let seen = |b: &Branch| {
        let matches = match b.query.to_string().as_str() {
            "apple" | "kiwi" => 500_000,
            "hot AND pie" => 60,
            "hot" | "pie" => 100,
            _ => 0,
        };
        Some(Seen {
            matches,
            days: Some(31.0),
        })
    };
    let problems = lint_against(text, &Lists::new(), &seen, 1_000.0).unwrap();
    let codes: Vec<(&str, &str, Option<&str>)> = problems
        .iter()
        .map(|p| (p.code, &text[p.at.clone()], p.fix.as_deref()))
        .collect();
    assert_eq!(
        codes,
        [
            ("hot-or", "apple", None),
            (
                "dead-term",
                "appel",
                Some("kiwi AND (apple OR (hot AND pie)) NOT spam")
            ),
            (
                "dead-term",
                "spam",
                Some("kiwi AND (apple OR appel OR (hot AND pie))")
            ),
        ]
    );
    assert!(
        problems[0].message.contains("16129 posts a day"),
        "{}",
        problems[0]
    );
    let severities: Vec<Severity> = problems.iter().map(|p| p.severity).collect();
    assert_eq!(severities, [Severity::Warning, Severity::Warning, Severity::Hint]);
    let short = |_: &Branch| {
        Some(Seen {
            matches: 0,
            days: Some(2.0),
        })
    };
    let early = lint_against(text, &Lists::new(), &short, 1.0).unwrap();
    assert!(
        early
            .iter()
            .all(|p| p.code == "dead-term" && p.severity == Severity::Hint)
    );
    assert_eq!(early.len(), 6);
}

#[test]
fn lists_are_not_looked_into() {
    let mut lists = Lists::new();
    lists.add("brands", "BT\nEE\nBT\n*phone\n").unwrap();
    assert!(check_with("list:brands AND broadband", &lists).is_empty());
    assert!(parse("a OR b").unwrap().problems().is_empty());
}
