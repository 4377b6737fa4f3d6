//! Random trees and texts over a small vocabulary, so that they meet often.

use post::Kind;
use proptest::collection::vec;
use proptest::prelude::*;
use query::ast::{FieldName, Node, Reach};
use query::parse;

/// Words as posts write them.
const SEEN: &[&str] = &[
    "apple",
    "Apple",
    "APPLE",
    "apples",
    "applesauce",
    "#apple",
    "@apple",
    "$APPL",
    "#Apple_pie",
    "pear",
    "Pear,",
    "café",
    "cafe",
    "CAFÉ",
    "#café",
    "Straße",
    "STRASSE",
    "naïve",
    "AT&T",
    "at t",
    "C++",
    "C",
    ".NET",
    "net",
    "7-Eleven",
    "7–Eleven",
    "don't",
    "don’t",
    "東京",
    "東京都",
    "東",
    "京",
    "#東京",
    "#東京都",
    "ラーメン",
    "สวัสดี",
    "안녕하세요",
    "안녕",
    "🔥",
    "👍",
    "👍🏽",
    "👨‍👩‍👧",
    "🔥🔥",
    "❤️",
    "iPhone買った",
    "https://apple.example/pear",
    "@ann.example",
    "ａｐｐｌｅ",
    "und",
    "…",
    "!",
    "#",
    "@",
    "ñandú",
    "p_aaaaaaaaaaaa",
    "@p_bbbbbbbbbbbb",
];

/// Leaves as queries write them.
const ASKED: &[&str] = &[
    "apple",
    "Apple",
    "apples",
    "#apple",
    "@apple",
    "$APPL",
    "pear",
    "café",
    "cafe",
    "#cafe",
    "strasse",
    "naive",
    "AT&T",
    "C++",
    ".NET",
    "7-Eleven",
    "don't",
    "東京",
    "東",
    "京",
    "#東京",
    "#東京*",
    "ラーメン",
    "สวัส",
    "안녕",
    "🔥",
    "👍",
    "👍🏽",
    "👨‍👩‍👧",
    "❤",
    "iPhone買",
    "app*",
    "appl*",
    "#app*",
    "#apple*",
    "{Apple}",
    "{APPLE}",
    "{#apple}",
    "{AT&T}",
    "{Apple Pear}",
    "@ann.example",
    "ann",
    "und",
    "nandu",
    "ñandú",
];

/// Phrases by what stands in their quotes.
const PHRASES: &[&str] = &[
    "apple pear",
    "pear apple",
    "apple apple",
    "apple pear cafe",
    "app* pear",
    "東京 apple",
    "apple 🔥 pear",
    "apple 🔥",
    "🔥 🔥",
    "🔥 apple",
    "at&t apple",
    "C++ apple",
    "#apple pear",
    "cafe café",
    "pear und apple",
    "東 京",
    "apple 東京 pear",
];

fn leaf() -> impl Strategy<Value = Node> {
    let read = |s: String| parse(&s).unwrap().ast().clone();
    prop_oneof![
        3 => proptest::sample::select(ASKED).prop_map(move |s| read(s.to_owned())),
        1 => proptest::sample::select(PHRASES).prop_map(move |s| read(format!("\"{s}\""))),
    ]
}

fn together() -> impl Strategy<Value = Node> {
    (proptest::sample::select(PHRASES), 4u32..7)
        .prop_map(|(s, n)| parse(&format!("\"{s}\"~{n}")).unwrap().ast().clone())
}

fn field() -> impl Strategy<Value = Node> {
    let value = prop_oneof![
        Just((FieldName::Lang, vec!["de"])),
        Just((FieldName::Lang, vec!["de", "pt", "pt-br"])),
        Just((FieldName::Source, vec!["x"])),
        Just((FieldName::Author, vec!["ann.example", "apple"])),
        Just((FieldName::Site, vec!["example.com"])),
        Just((FieldName::Kind, vec!["reply", "quote"])),
    ];
    value.prop_map(|(name, values)| Node::Field {
        name,
        values: values.into_iter().map(str::to_owned).collect(),
    })
}

fn reach() -> impl Strategy<Value = Reach> {
    (1u32..5, any::<bool>()).prop_map(|(words, ordered)| Reach { words, ordered })
}

fn positional() -> impl Strategy<Value = Node> {
    leaf().prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Node::or),
            (inner.clone(), vec((reach(), inner), 1..3)).prop_map(|(first, rest)| Node::Near {
                first: Box::new(first),
                rest
            }),
        ]
    })
}

/// Any tree that a query may have, before the check for an anchor.
pub(crate) fn tree() -> impl Strategy<Value = Node> {
    let base = prop_oneof![4 => leaf(), 2 => positional(), 1 => together(), 1 => field()];
    base.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Node::and),
            vec(inner.clone(), 2..4).prop_map(Node::or),
            inner.prop_map(Node::not),
        ]
    })
}

/// A text of words that queries know.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let gap = proptest::sample::select(&[" ", " ", " ", "", "\n", ". "][..]);
    vec((proptest::sample::select(SEEN), gap), 0..14)
        .prop_map(|words| words.into_iter().map(|(w, g)| format!("{w}{g}")).collect())
}

/// What a document owns.
#[derive(Debug, Clone)]
pub(crate) struct Owned {
    title: Option<String>,
    text: String,
    lang: &'static str,
    source: &'static str,
    author: Option<&'static str>,
    site: Option<&'static str>,
    kind: Kind,
}

impl Owned {
    pub(crate) fn document(&self) -> query::Document<'_> {
        query::Document {
            title: self.title.as_deref(),
            text: &self.text,
            lang: Some(self.lang),
            source: self.source,
            author: self.author,
            author_token: self.author.map(|_| "p_aaaaaaaaaaaa"),
            kind: self.kind,
            site: self.site,
            ..query::Document::default()
        }
    }
}

pub(crate) fn document() -> impl Strategy<Value = Owned> {
    let fields = (
        proptest::sample::select(&["de", "pt-BR", "en"][..]),
        proptest::sample::select(&["twitter", "x", "bluesky"][..]),
        proptest::sample::select(&[None, Some("apple"), Some("@Ann.example")][..]),
        proptest::sample::select(&[None, Some("www.example.com"), Some("news.example.com")][..]),
        proptest::sample::select(&[Kind::Post, Kind::Reply, Kind::Quote][..]),
    );
    (proptest::option::weighted(0.3, text()), text(), fields).prop_map(
        |(title, text, (lang, source, author, site, kind))| Owned {
            title,
            text,
            lang,
            source,
            author,
            site,
            kind,
        },
    )
}
