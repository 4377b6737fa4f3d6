//! Random trees and texts over a small vocabulary, so that they meet often.

use post::{Kind, Media};
use proptest::collection::vec;
use proptest::prelude::*;
use query::ast::{FieldName, Node, Reach, Region};
use query::{Lists, Names, parse, parse_with};
use std::sync::LazyLock;

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

/// Leaves with wildcards.
const PATTERNS: &[&str] = &[
    "*ple",
    "*ppl*",
    "ap*le",
    "ap?le",
    "a??le",
    "?pple",
    "appl?",
    "c?fe",
    "ca?é",
    "#?pple",
    "#ap*s*uce",
    "@*ple",
    "$a?pl",
    "7-Ele?en",
    "AT&*ple",
    "*raße",
    "ñand?",
    "apple*?",
    "iPho*買",
    "*pple買",
    "p_*a",
    "?apple",
    "#a*le",
    "?appl*",
    "@ann.ex*ple",
    "\"ap?le pear\"",
    "\"pear *ple*\"",
    "\"what? ap?le\"",
    "\"東京* apple\"",
];

/// The keyword lists of the generated trees.
pub(crate) static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists::new();
    lists.add("fruit", "apple\nhot pear\n#cafe\n").unwrap();
    lists
        .add("spam-words", "*pple\n\"pear apple\"~4\n{Apple}\n東京\n")
        .unwrap();
    lists.add("one", "ap?le <<< one term only >>>\n\n").unwrap();
    lists
});

fn pattern() -> impl Strategy<Value = Node> {
    proptest::sample::select(PATTERNS).prop_map(|s| parse(s).unwrap().ast().clone())
}

fn list(names: &'static [&'static str]) -> impl Strategy<Value = Node> {
    proptest::sample::select(names)
        .prop_map(|n| parse_with(&format!("list:{n}"), &LISTS).unwrap().ast().clone())
}

fn followers() -> impl Strategy<Value = Node> {
    (0u64..3, 0u64..3)
        .prop_filter("a range with an end", |r| *r != (0, 2))
        .prop_map(|(from, more)| Node::Followers {
            from: from * 50,
            to: if more == 2 { u64::MAX } else { (from + more) * 50 },
        })
}

fn part(inner: impl Strategy<Value = Node>) -> impl Strategy<Value = Node> {
    (inner, any::<bool>()).prop_map(|(node, title)| Node::In {
        region: if title { Region::Title } else { Region::Text },
        node: Box::new(node),
    })
}

fn leaf() -> impl Strategy<Value = Node> {
    let read = |s: String| parse(&s).unwrap().ast().clone();
    prop_oneof![
        3 => proptest::sample::select(ASKED).prop_map(move |s| read(s.to_owned())),
        1 => proptest::sample::select(PHRASES).prop_map(move |s| read(format!("\"{s}\""))),
    ]
}

fn together() -> impl Strategy<Value = Node> {
    // Long enough that the matcher may share it among queries.
    let long = (4usize..9, 9u32..30).prop_map(|(n, words)| {
        let all = ["apple", "pear", "cafe", "und", "東京", "🔥", "c", "strasse"];
        parse(&format!("\"{}\"~{words}", all[..n].join(" ")))
            .unwrap()
            .ast()
            .clone()
    });
    prop_oneof![4 => short_together(), 1 => long]
}

fn short_together() -> impl Strategy<Value = Node> {
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
    fields(value)
}

/// Fields of platforms that say more.
fn richer_field() -> impl Strategy<Value = Node> {
    let value = prop_oneof![
        Just((FieldName::Country, vec!["de"])),
        Just((FieldName::Country, vec!["us", "gb"])),
        Just((FieldName::Hashtags, vec!["apple"])),
        Just((FieldName::Hashtags, vec!["apple pie", "café"])),
        Just((FieldName::AtMentions, vec!["apple"])),
        Just((FieldName::AtMentions, vec!["ann.example", "pear"])),
        Just((FieldName::ReplyTo, vec!["apple"])),
        Just((FieldName::Url, vec!["apple.example"])),
        Just((FieldName::Url, vec!["apple.example/pear", "example.com"])),
        Just((FieldName::Links, vec!["pear"])),
        Just((FieldName::Links, vec!["apple example", "news"])),
        Just((FieldName::Has, vec!["link"])),
        Just((FieldName::Has, vec!["media"])),
        Just((FieldName::Has, vec!["image", "video"])),
    ];
    fields(value)
}

fn fields(value: impl Strategy<Value = (FieldName, Vec<&'static str>)>) -> impl Strategy<Value = Node> {
    value.prop_map(|(name, values)| Node::Field {
        name,
        values: values.into_iter().map(str::to_owned).collect(),
    })
}

fn reach() -> impl Strategy<Value = Reach> {
    (1u32..5, any::<bool>()).prop_map(|(words, ordered)| Reach { words, ordered })
}

fn positional(leaf: impl Strategy<Value = Node> + 'static) -> impl Strategy<Value = Node> {
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Node::or),
            (inner.clone(), vec((reach(), inner), 1..3)).prop_map(|(first, rest)| Node::Near {
                first: Box::new(first),
                rest
            }),
        ]
    })
}

fn joined(base: impl Strategy<Value = Node> + 'static) -> impl Strategy<Value = Node> {
    base.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Node::and),
            vec(inner.clone(), 2..4).prop_map(Node::or),
            inner.prop_map(Node::not),
        ]
    })
}

/// So many words that the matcher takes them together, alone or near another.
fn long_or() -> impl Strategy<Value = Node> {
    let word = || prop_oneof![leaf(), pattern()].prop_filter("a word", |n| matches!(n, Node::Word(_)));
    let many = vec(word(), 12..24).prop_map(Node::or);
    (many, proptest::option::of((word(), reach()))).prop_map(|(many, near)| match near {
        None => many,
        Some((first, reach)) => Node::Near {
            first: Box::new(first),
            rest: vec![(reach, many)],
        },
    })
}

/// Any tree that a query may have, before the check for an anchor.
pub(crate) fn tree() -> impl Strategy<Value = Node> {
    let any_leaf = || prop_oneof![3 => leaf(), 2 => pattern(), 1 => list(&["fruit", "one"])].boxed();
    let placed = || prop_oneof![4 => any_leaf(), 1 => part(positional(any_leaf()))].boxed();
    let any_list = list(&["fruit", "one", "spam-words"]);
    let words = || prop_oneof![4 => any_leaf(), 2 => positional(any_leaf()), 1 => together()].boxed();
    joined(prop_oneof![
        4 => any_leaf(),
        3 => positional(placed()),
        1 => together(),
        1 => any_list,
        1 => long_or(),
        1 => field(),
        2 => richer_field(),
        1 => followers(),
        2 => part(joined(words())),
    ])
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
    lang: Option<&'static str>,
    source: &'static str,
    author: Option<&'static str>,
    site: Option<&'static str>,
    kind: Kind,
    is_reply: bool,
    country: Option<&'static str>,
    followers: Option<u64>,
    hashtags: Vec<String>,
    mentions: Vec<String>,
    urls: Vec<String>,
    media: Vec<Media>,
}

impl Owned {
    pub(crate) fn document(&self) -> query::Document<'_> {
        query::Document {
            title: self.title.as_deref(),
            text: &self.text,
            lang: self.lang,
            source: self.source,
            author: self.author,
            author_token: self.author.map(|_| "p_aaaaaaaaaaaa"),
            kind: self.kind,
            is_reply: self.is_reply,
            site: self.site,
            country: self.country,
            followers: self.followers,
            hashtags: &self.hashtags,
            mentions: Names::Admitted(&self.mentions),
            urls: &self.urls,
            media: &self.media,
        }
    }
}

fn some_of(all: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let one = proptest::sample::select(all).prop_map(str::to_owned);
    prop_oneof![3 => Just(Vec::new()), 1 => vec(one, 1..3)]
}

fn media() -> impl Strategy<Value = Vec<Media>> {
    some_of(&["image", "video", "gif", "audio", "card"]).prop_map(|kinds| {
        kinds
            .into_iter()
            .map(|kind| Media {
                kind,
                ..Media::default()
            })
            .collect()
    })
}

pub(crate) fn document() -> impl Strategy<Value = Owned> {
    let fields = (
        proptest::sample::select(&[None, Some("de"), Some("pt-BR"), Some("en"), Some("und")][..]),
        proptest::sample::select(&["twitter", "x", "bluesky"][..]),
        proptest::sample::select(&[None, Some("apple"), Some("@Ann.example")][..]),
        proptest::sample::select(&[None, Some("www.example.com"), Some("news.example.com")][..]),
        proptest::sample::select(&[Kind::Post, Kind::Reply, Kind::Quote][..]),
        proptest::sample::select(&[None, Some("DE"), Some("us"), Some("fr")][..]),
        proptest::sample::select(&[None, Some(0), Some(50), Some(99), Some(100), Some(1_000_000)][..]),
        any::<bool>(),
    );
    let lists = (
        some_of(&["ApplePie", "Café", "apple"]),
        some_of(&["apple", "Ann.example", "p_bbbbbbbbbbbb", "other"]),
        some_of(&[
            "https://www.example.com/news/apple",
            "http://apple.example/pear?x=1#top",
        ]),
        media(),
    );
    (proptest::option::weighted(0.3, text()), text(), fields, lists).prop_map(
        |(title, text, fields, (hashtags, mentions, urls, media))| {
            let (lang, source, author, site, kind, country, followers, is_reply) = fields;
            Owned {
                title,
                text,
                lang,
                source,
                author,
                site,
                kind,
                is_reply,
                country,
                followers,
                hashtags,
                mentions,
                urls,
                media,
            }
        },
    )
}
