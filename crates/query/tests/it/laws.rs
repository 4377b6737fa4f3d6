//! Laws that hold for every query and every text.

use crate::generate::{LISTS, document, tree};
use proptest::collection::vec;
use proptest::prelude::*;
use query::ast::Node;
use query::{
    LiveMonitors, MonitorSet, Query, Scratch, branches, check, check_with, naive, parse, parse_lenient,
    parse_with, spans,
};

/// A stand-in for keyed pseudonyms that meets the tokens of the random texts.
fn pseudonym(handle: &str) -> String {
    match handle {
        "apple" => "p_aaaaaaaaaaaa".to_owned(),
        "ann.example" | "pear" => "p_bbbbbbbbbbbb".to_owned(),
        other => format!("p_{other}"),
    }
}

fn anchored(trees: Vec<Node>) -> Vec<Query> {
    trees
        .into_iter()
        .filter_map(|t| Query::from_ast(t).ok())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_matcher_agrees_with_the_plain_meaning(
        trees in vec(tree(), 1..12),
        documents in vec(document(), 1..6),
        hidden in any::<bool>(),
    ) {
        let queries = anchored(trees);
        let pseudonyms: query::Pseudonyms<'_> = if hidden { Some(&pseudonym) } else { None };
        let set = MonitorSet::new(7, queries.iter().enumerate().map(|(i, q)| (i as u32, q)), pseudonyms);
        let (mut scratch, mut found) = (Scratch::new(), Vec::new());
        for owned in &documents {
            let document = owned.document();
            set.matches(&document, &mut scratch, &mut found);
            let plain: Vec<u32> = (0..queries.len() as u32)
                .filter(|&i| naive::matches(queries[i as usize].ast(), &document, pseudonyms))
                .collect();
            prop_assert_eq!(&found, &plain, "{:?} {:?}", owned, queries.iter().map(Query::to_string).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_set_that_changes_agrees_with_one_made_whole(
        trees in vec(tree(), 1..12),
        documents in vec(document(), 1..4),
        split in 0usize..12,
        removed in vec(any::<bool>(), 12),
        adopt_at in 0usize..12,
    ) {
        let queries = anchored(trees);
        let numbered: Vec<(u32, &Query)> = queries.iter().enumerate().map(|(i, q)| (i as u32, q)).collect();
        let (early, late) = numbered.split_at(split.min(numbered.len()));
        let mut live = LiveMonitors::new(1, early.iter().copied(), None, None);
        for (i, one) in late.iter().enumerate() {
            live.change(2 + i as u64, &[], std::slice::from_ref(one), None, None);
        }
        let before = live.snapshot();
        let gone: Vec<u32> = (0..numbered.len() as u32).filter(|&i| removed[i as usize]).collect();
        live.change(99, &gone, &[], None, None);
        let after = live.snapshot();
        // A base compiled from what there was before the last change, adopted after it.
        let (in_base, since) = numbered.split_at(adopt_at.min(numbered.len()));
        let base = MonitorSet::new(98, in_base.iter().copied(), None);
        let alive = |slot: u32| !removed[slot as usize];
        live.adopt(base, since.iter().rev().copied().filter(|m| alive(m.0)), alive, None, None);
        let adopted = live.snapshot();
        prop_assert_eq!((before.len(), after.len(), adopted.len()), (numbered.len(), numbered.len() - gone.len(), after.len()));
        prop_assert_eq!((before.version(), after.version(), adopted.version()), (1 + late.len() as u64, 99, 99));
        let (mut scratch, mut found) = (Scratch::new(), Vec::new());
        for owned in &documents {
            let document = owned.document();
            let all: Vec<u32> = numbered.iter().filter(|(_, q)| naive::matches(q.ast(), &document, None)).map(|m| m.0).collect();
            let left: Vec<u32> = all.iter().copied().filter(|&i| alive(i)).collect();
            before.matches(&document, &mut scratch, &mut found);
            prop_assert_eq!(&found, &all);
            for snapshot in [&after, &adopted] {
                snapshot.matches(&document, &mut scratch, &mut found);
                prop_assert_eq!(&found, &left);
            }
        }
    }

    #[test]
    fn printing_and_reading_gives_the_same_tree(tree in tree()) {
        match Query::from_ast(tree) {
            Ok(query) => {
                let printed = query.to_string();
                let read = parse_with(&printed, &LISTS)
                    .map_err(|p| TestCaseError::fail(format!("{printed}: {p:?}")))?;
                prop_assert_eq!(read.ast(), query.ast(), "{}", printed);
                prop_assert_eq!(read.to_string(), printed);
            }
            // The trees are made of what was read, so only an anchor can be missing.
            Err(problems) => prop_assert_eq!(problems[0].code, "unanchored-not", "{:?}", problems),
        }
    }

    #[test]
    fn whatever_is_read_prints_and_reads_back(text in written()) {
        if let Ok(query) = parse_with(&text, &LISTS) {
            let printed = query.to_string();
            let read = parse_with(&printed, &LISTS)
                .map_err(|p| TestCaseError::fail(format!("{text}: {printed}: {p:?}")))?;
            prop_assert_eq!(read.ast(), query.ast(), "{} became {}", text, printed);
            prop_assert_eq!(Query::from_ast(query.ast().clone()).map(|q| q.to_string()), Ok(printed));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in prop_oneof![written(), any::<String>()]) {
        let problems = check(&text);
        prop_assert_eq!(parse(&text).is_err(), problems.iter().any(|p| p.is_error()));
        for p in &problems {
            prop_assert!(text.get(p.at.clone()).is_some(), "{:?}", p);
            prop_assert!(p.fix.as_ref() != Some(&text), "{:?}", p);
            prop_assert!(query::reference::CODES.iter().any(|c| c.code == p.code), "{:?}", p);
            prop_assert!(!p.is_error() || p.fix.is_some() || p.code == "empty", "{:?}", p);
        }
        let mut end = 0;
        for s in spans(&text) {
            prop_assert!(s.at.start >= end && text.get(s.at.clone()).is_some());
            end = s.at.end;
        }
    }

    #[test]
    fn words_are_those_of_the_tokeniser(word in "[#@$]?[A-Za-z0-9_]{1,8}") {
        prop_assume!(!matches!(word.as_str(), "AND" | "OR" | "NOT" | "NEAR" | "ONEAR"));
        let tokens = text::Tokens::of(&word);
        let token = tokens.as_slice()[0];
        let query = parse(&word).unwrap();
        let Node::Word(read) = query.ast() else {
            // `$5` is read with its sign in front.
            prop_assert!(word.starts_with('$') && token.sigil == 0);
            return Ok(());
        };
        prop_assert_eq!(tokens.len(), 1);
        prop_assert_eq!(&read.key, tokens.key(&token));
        prop_assert_eq!(&read.surface, tokens.surface(&token));
        prop_assert_eq!(read.sigil.map_or('\0', |s| s.as_char()), char::from(token.sigil));
        prop_assert_eq!(read.kind, token.kind);
    }

    #[test]
    fn what_is_read_leniently_is_sound(text in prop_oneof![written(), any::<String>()]) {
        match parse_lenient(&text, &LISTS) {
            Ok(lenient) => {
                prop_assert_eq!(parse_with(&lenient.text, &LISTS), Ok(lenient.query));
                prop_assert_eq!(lenient.repairs.is_empty(), lenient.text == text);
                prop_assert!(lenient.repairs.iter().all(|p| p.is_error()));
                let branches = branches(&lenient.text, &LISTS).unwrap();
                prop_assert!(branches.iter().all(|b| lenient.text.get(b.at.clone()).is_some()));
            }
            Err(problems) => prop_assert!(problems.iter().any(|p| p.is_error())),
        }
    }

    #[test]
    fn fixing_one_error_after_the_other_ends(text in prop_oneof![written(), any::<String>()]) {
        let mut steps = vec![text];
        loop {
            let now = &steps[steps.len() - 1];
            let problems = check_with(now, &LISTS);
            let Some(error) = problems.iter().find(|p| p.is_error()) else { break };
            if error.code == "empty" {
                break;
            }
            steps.push(error.fix.clone().unwrap());
            prop_assert!(steps.len() < 100, "{:#?}", steps);
        }
    }
}

/// Texts made of the pieces of the language and of odd characters.
fn written() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "apple",
        "Pear",
        "AND",
        "OR",
        "NOT",
        "and",
        "or",
        "NEAR/3",
        "NEAR/2f",
        "ONEAR/4",
        "NEAR/0",
        "NEAR",
        "near/3",
        "(",
        ")",
        "\"",
        "\"~3",
        "{",
        "}",
        "-",
        "#tag",
        "@name",
        "$TSLA",
        "AT&T",
        "C++",
        ".NET",
        "app*",
        "a*",
        "*",
        "?",
        "lang:",
        "lang:de",
        "source:(x OR y)",
        "foo:bar",
        "language:de",
        "lang:english",
        "title:",
        "title:apple",
        "text:(apple",
        "text:\"a b\"~3",
        "list:fruit",
        "list:friut",
        "list:none",
        "followers:",
        "followers:[1k TO *]",
        "followers:[9 TO 1]",
        "followers:[1 TO",
        "followers:>10",
        "[",
        "]",
        "engagement:[1 TO 2]",
        "has:link",
        "url:",
        "hashtags:\"black friday\"",
        "gr?y",
        "*phone",
        "wom?n",
        "東*",
        "**",
        "a?",
        "why?",
        "{gr?y}",
        "kind:reply",
        "<<<",
        ">>>",
        "東京",
        "#東京",
        "🔥",
        "👍🏽",
        "é",
        "’",
        "“",
        "”",
        "，",
        "（",
        "）",
        "＂",
        "⑴",
        "½",
        "\u{a8}",
        "\u{301}",
        "\u{200d}",
        "~2",
        "&&",
        "|",
        ",",
        ".",
        "!",
        "'",
        "http://a.b",
        "10:30",
        "ﬁ",
        "İ",
        "\u{3000}",
        "_",
        "<",
        ":",
        "author:@ann",
        "1",
        "＊",
        "¸",
        "\u{596}",
        "ª",
    ];
    let joint = proptest::sample::select(&[" ", " ", "", ""][..]);
    vec((proptest::sample::select(PIECES), joint), 0..10)
        .prop_map(|pieces| pieces.into_iter().map(|(p, j)| format!("{p}{j}")).collect())
}
