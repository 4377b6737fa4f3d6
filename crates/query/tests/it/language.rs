//! How queries are read: precedence, forms, colours.

use query::ast::{Form, Node};
use query::{Lists, Query, SpanKind, parse, parse_with, spans};

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
        Bracket, Term, Operator, Phrase, Bracket, Operator, Tag, Operator, Handle, Operator, Field, Value,
        Case, Comment,
    ];
    assert_eq!(kinds, expected);
    let cut: Vec<&str> = spans(text).into_iter().map(|s| &text[s.at]).collect();
    assert_eq!(cut[3], "\"a b\"~3");
}

#[test]
fn wildcards_values_and_lists_have_colours_of_their_own() {
    let text = "gr?y \"what? li?e*\" #a*b title:(x*) lang:(de OR \"fr\") followers:[1 TO 2] list:spam";
    let kinds: Vec<(&str, SpanKind)> = spans(text).into_iter().map(|s| (&text[s.at], s.kind)).collect();
    use SpanKind::*;
    let expected = [
        ("gr", Term),
        ("?", Wildcard),
        ("y", Term),
        ("\"what? li", Phrase),
        ("?", Wildcard),
        ("e", Phrase),
        ("*", Wildcard),
        ("\"", Phrase),
        ("#a", Tag),
        ("*", Wildcard),
        ("b", Tag),
        ("title:", Field),
        ("(", Bracket),
        ("x", Term),
        ("*", Wildcard),
        (")", Bracket),
        ("lang:", Field),
        ("(", Bracket),
        ("de", Value),
        ("OR", Operator),
        ("\"fr\"", Value),
        (")", Bracket),
        ("followers:", Field),
        ("[1 TO 2]", Value),
        ("list:", Field),
        ("spam", Value),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn the_newer_forms_have_one_canonical_form() {
    for (text, canonical) in [
        ("ORGANI*ation", "ORGANI*ation"),
        ("ap***le", "ap*le"),
        ("ａｐｐ＊", "app*"),
        ("*東京*", "東京"),
        ("\"東京* apple\"", "\"東京 apple\""),
        ("#東京*", "#東京*"),
        ("\"why? gr?y?\"", "\"why gr?y\""),
        ("title:(apple)", "title:apple"),
        ("title:\"apple\"", "title:apple"),
        ("text:(a OR b)", "text:(a OR b)"),
        ("title:\"a b\"~3", "title:\"a b\"~3"),
        ("title:a NEAR/2 b", "title:a NEAR/2 b"),
        ("a AND followers:>10k", "a AND followers:[10001 TO *]"),
        ("a AND followers:[0 TO 1_000]", "a AND followers:[* TO 1000]"),
        ("a AND followers:<=2m", "a AND followers:[* TO 2000000]"),
        ("a AND ReplyTo:@Ann", "a AND replyTo:ann"),
        ("hashtags:\"#Black Friday\"", "hashtags:\"black friday\""),
        ("url:https://www.Example.com/A/", "url:\"example.com/a\""),
        ("a NOT country:(US OR GB)", "a AND NOT country:(us OR gb)"),
    ] {
        assert_eq!(printed(text), canonical, "{text}");
    }
}

#[test]
fn patterns_are_told_from_begins() {
    let form = |text: &str| match parse(text).unwrap().ast() {
        Node::Word(w) => (w.form, w.key.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(form("Phon*"), (Form::Prefix, "phon".to_owned()));
    assert_eq!(form("*Phone"), (Form::Glob, "*phone".to_owned()));
    assert_eq!(form("GR?Y"), (Form::Glob, "gr?y".to_owned()));
    assert_eq!(form("#Straß*e*"), (Form::Glob, "strass*e*".to_owned()));
    assert_eq!(form("phone"), (Form::Whole, "phone".to_owned()));
}

#[test]
fn lists_keep_what_they_held() {
    let mut lists = Lists::new();
    lists
        .add(
            "brands",
            "acme\n\n<<< a phrase: >>>\nroad runner\n#acme\n@ac*me\n{BT}\nACME\nroad runner\n",
        )
        .unwrap();
    let query = parse_with("list:brands NEAR/3 (bad OR list:brands)", &lists).unwrap();
    assert_eq!(query.to_string(), "list:brands NEAR/3 (bad OR list:brands)");
    let held = lists.node("brands").unwrap().to_string();
    assert_eq!(held, "acme OR \"road runner\" OR #acme OR @ac*me OR {BT} OR ACME");
    assert_eq!(
        Query::from_ast(query.ast().clone()).map(|q| q.to_string()),
        Ok(query.to_string())
    );
    lists.add("mixed", "\"a b\"~3\nc\n").unwrap();
    assert!(parse_with("a NEAR/3 list:mixed", &lists).is_err());
    assert!(parse_with("title:(list:mixed AND x)", &lists).is_ok());
}

#[test]
fn trees_that_no_text_stands_for_are_refused() {
    let read = |s: &str| parse(s).unwrap().ast().clone();
    let (a, b) = (read("apple"), read("pear"));
    let nested = Node::And(vec![a.clone(), Node::And(vec![a.clone(), b.clone()])]);
    let mut odd = read("apple");
    if let Node::Word(w) = &mut odd {
        w.surface = "two words".to_owned();
    }
    let twice = |x: &str| Node::List {
        name: "l".to_owned(),
        node: std::sync::Arc::new(read(x)),
    };
    let one_name = Node::And(vec![twice("apple"), twice("pear")]);
    let empty = Node::Or(vec![]);
    for tree in [nested, odd, one_name, empty] {
        assert_eq!(Query::from_ast(tree).unwrap_err()[0].code, "unsound");
    }
}
