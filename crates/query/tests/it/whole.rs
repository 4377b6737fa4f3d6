//! The matcher, the live set and the plain meaning agree on every operator.

use crate::generate::{Owned, document, tree};
use post::Media;
use proptest::collection::vec;
use proptest::prelude::*;
use query::ast::{FieldName, Form, Node, Region, Sigil, Word};
use query::{Document, LiveMonitors, MonitorSet, Names, Query, Scratch, naive};
use text::TokenKind;

fn pseudonym(handle: &str) -> String {
    match handle {
        "apple" => "p_aaaaaaaaaaaa".to_owned(),
        "ann.example" | "pear" => "p_bbbbbbbbbbbb".to_owned(),
        other => format!("p_{other}"),
    }
}

const PATTERNS: &[&str] = &[
    "*pple",
    "*sauce",
    "a?ple",
    "app*e",
    "?pple",
    "*ppl*",
    "p??r",
    "*a?",
    "#a*e",
    "#*ple",
    "@?pple",
    "caf?",
    "*é",
    "n?ive",
    "*an*",
    "appl?",
    "*strasse*",
    "p_a*",
];

fn glob() -> impl Strategy<Value = Node> {
    proptest::sample::select(PATTERNS).prop_map(|p| {
        let sigil = Sigil::of(p.as_bytes()[0]);
        let key = p[usize::from(sigil.is_some())..].to_owned();
        Node::Word(Word {
            surface: key.clone(),
            key,
            sigil,
            kind: TokenKind::Word,
            form: Form::Glob,
        })
    })
}

fn field() -> impl Strategy<Value = Node> {
    let value = prop_oneof![
        Just((FieldName::Lang, vec!["de"])),
        Just((FieldName::Author, vec!["apple"])),
        Just((FieldName::Country, vec!["de", "fr"])),
        Just((FieldName::Hashtags, vec!["apple", "black friday"])),
        Just((FieldName::Hashtags, vec!["friday deals", "cafe"])),
        Just((FieldName::AtMentions, vec!["apple"])),
        Just((FieldName::AtMentions, vec!["ann.example"])),
        Just((FieldName::ReplyTo, vec!["pear"])),
        Just((FieldName::Url, vec!["apple.example"])),
        Just((FieldName::Url, vec!["example.com/a"])),
        Just((FieldName::Links, vec!["pear"])),
        Just((FieldName::Links, vec!["example pear"])),
        Just((FieldName::Has, vec!["link"])),
        Just((FieldName::Has, vec!["image", "video"])),
    ];
    value.prop_map(|(name, values)| Node::Field {
        name,
        values: values.iter().map(|v| name.normalise(v).unwrap()).collect(),
    })
}

/// Any tree of the language.
fn whole() -> impl Strategy<Value = Node> {
    let followers = (0u64..500, 0u64..1_000).prop_map(|(from, more)| Node::Followers {
        from,
        to: from + more,
    });
    let region = proptest::sample::select(&[Region::Title, Region::Text][..]);
    let inside = prop_oneof![tree(), glob()].prop_map(without_fields);
    let inside = (region, inside).prop_map(|(region, node)| Node::In {
        region,
        node: Box::new(node),
    });
    let many = vec(prop_oneof![word(), glob()], 10..30).prop_map(Node::or);
    let list = many.clone().prop_map(|node| Node::List {
        name: "words".to_owned(),
        node: Box::new(node),
    });
    let near = (glob(), 1u32..5, any::<bool>(), many.clone()).prop_map(|(a, words, ordered, b)| Node::Near {
        first: Box::new(a),
        rest: vec![(query::ast::Reach { words, ordered }, b)],
    });
    let leaf = prop_oneof![4 => tree(), 2 => glob(), 2 => field(), 1 => followers, 2 => inside, 1 => list, 1 => near, 1 => many];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Node::and),
            vec(inner.clone(), 2..4).prop_map(Node::or),
            inner.prop_map(Node::not),
        ]
    })
}

fn word() -> impl Strategy<Value = Node> {
    const WORDS: &[&str] = &[
        "apple", "pear", "café", "#apple", "@apple", "🔥", "und", "{Apple}", "東", "naive", "strasse", "at",
    ];
    proptest::sample::select(WORDS).prop_map(|w| query::parse(w).unwrap().ast().clone())
}

/// Fields have no place in a part of the post.
fn without_fields(node: Node) -> Node {
    let all = |c: Vec<Node>| c.into_iter().map(without_fields);
    match node {
        Node::And(c) => Node::and(all(c)),
        Node::Or(c) => Node::or(all(c)),
        Node::Not(c) => Node::not(without_fields(*c)),
        Node::Field { .. } => query::parse("pear").unwrap().ast().clone(),
        other => other,
    }
}

/// What a document owns beside its text.
#[derive(Debug, Clone)]
struct More {
    followers: Option<u64>,
    country: Option<&'static str>,
    hashtags: Vec<String>,
    mentions: Vec<String>,
    urls: Vec<String>,
    media: Vec<Media>,
    is_reply: bool,
}

fn some_of(values: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    proptest::sample::subsequence(values, 0..=2.min(values.len()))
        .prop_map(|v| v.into_iter().map(str::to_owned).collect())
}

fn more() -> impl Strategy<Value = More> {
    let medium = |kind: &str| Media {
        kind: kind.to_owned(),
        ..Media::default()
    };
    (
        proptest::option::of(0u64..1_500),
        proptest::sample::select(&[None, Some("DE"), Some("us")][..]),
        some_of(&["BlackFridayDeals", "Apple", "café"]),
        some_of(&["p_aaaaaaaaaaaa", "p_bbbbbbbbbbbb", "apple"]),
        some_of(&[
            "https://news.example.com/a/Pear?b=c",
            "http://www.apple.example/pear#x",
        ]),
        some_of(&["image", "video"]),
        any::<bool>(),
    )
        .prop_map(
            move |(followers, country, hashtags, mentions, urls, media, is_reply)| More {
                followers,
                country,
                hashtags,
                mentions,
                urls,
                media: media.iter().map(|k| medium(k)).collect(),
                is_reply,
            },
        )
}

fn with<'d>(owned: &'d Owned, more: &'d More) -> Document<'d> {
    Document {
        followers: more.followers,
        country: more.country,
        hashtags: &more.hashtags,
        mentions: Names::Admitted(&more.mentions),
        urls: &more.urls,
        media: &more.media,
        is_reply: more.is_reply,
        ..owned.document()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_matcher_and_the_live_set_agree_with_the_plain_meaning(
        trees in vec(whole(), 1..12),
        documents in vec((document(), more()), 1..6),
        hidden in any::<bool>(),
        split in 0usize..12,
        removed in vec(any::<bool>(), 12),
    ) {
        let queries: Vec<Query> = trees.into_iter().filter_map(|t| Query::from_ast(t).ok()).collect();
        let numbered: Vec<(u32, &Query)> = queries.iter().enumerate().map(|(i, q)| (i as u32, q)).collect();
        let pseudonyms: query::Pseudonyms<'_> = if hidden { Some(&pseudonym) } else { None };
        let set = MonitorSet::new(7, numbered.iter().copied(), pseudonyms);
        let (early, late) = numbered.split_at(split.min(numbered.len()));
        let gone: Vec<u32> = (0..numbered.len() as u32).filter(|&i| removed[i as usize]).collect();
        let mut live = LiveMonitors::new(1, early.iter().copied(), pseudonyms, None);
        for (i, one) in late.iter().enumerate() {
            live.change(2 + i as u64, &[], std::slice::from_ref(one), pseudonyms, None);
        }
        let before = live.snapshot();
        live.change(99, &gone, &[], pseudonyms, None);
        let after = live.snapshot();
        let (mut scratch, mut found) = (Scratch::new(), Vec::new());
        for (owned, more) in &documents {
            let document = with(owned, more);
            let plain: Vec<u32> = numbered
                .iter()
                .filter(|(_, q)| naive::matches(q.ast(), &document, pseudonyms))
                .map(|(i, _)| *i)
                .collect();
            set.matches(&document, &mut scratch, &mut found);
            prop_assert_eq!(&found, &plain, "{:?} {:?} {:?}", document, hidden, queries.iter().map(Query::to_string).collect::<Vec<_>>());
            before.matches(&document, &mut scratch, &mut found);
            prop_assert_eq!(&found, &plain);
            after.matches(&document, &mut scratch, &mut found);
            let left: Vec<u32> = plain.into_iter().filter(|i| !gone.contains(i)).collect();
            prop_assert_eq!(&found, &left);
        }
        prop_assert_eq!((before.version(), after.version()), (1 + late.len() as u64, 99));
        prop_assert_eq!(after.len(), numbered.len() - gone.len());
    }
}
