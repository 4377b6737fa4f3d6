//! Where tokens are: places of the original text, whatever normalisation does.

use crate::{of_kind, written};
use proptest::prelude::*;
use text::{TokenKind, Tokens, chars_to_bytes, utf16_to_bytes};

#[test]
fn tokens_lie_in_the_original_text() {
    let check = |text: &str, expected: &[&str]| {
        let tokens = Tokens::of(text);
        let found: Vec<&str> = tokens.iter().map(|t| written(text, t)).collect();
        assert_eq!(found, expected, "{text:?}");
    };
    check("a ﬁne ﬂat", &["a", "ﬁne", "ﬂat"]);
    check("5㎏ of it…then", &["5㎏", "of", "it", "then"]);
    check("ＡＢＣ ｄｅｆ", &["ＡＢＣ", "ｄｅｆ"]);
    check("cafe\u{301} noir", &["cafe\u{301}", "noir"]);
    check("…😀 x", &["😀", "x"]);
    check("＃tag", &["tag"]);
}

#[test]
fn a_link_is_one_token_without_keys() {
    let text = "see https://example.org/a_(b)?c=d#e, ok";
    let tokens = Tokens::of(text);
    assert_eq!(tokens.as_slice()[1].kind, TokenKind::Url);
    assert_eq!(tokens.key(&tokens.as_slice()[1]), "");
    assert_eq!(tokens.as_slice()[2].slot, 5);
    assert_eq!(of_kind(text, TokenKind::Url), ["https://example.org/a_(b)?c=d#e"]);
}

#[test]
fn links_end_before_what_is_not_theirs() {
    let urls = |text: &str| of_kind(text, TokenKind::Url);
    assert_eq!(urls("(https://a.example/x)."), ["https://a.example/x"]);
    assert_eq!(urls("((https://a.example/x))"), ["https://a.example/x"]);
    assert_eq!(
        urls("https://a.example/x!? www.b.example, HTTP://C.example"),
        ["https://a.example/x", "www.b.example", "HTTP://C.example"]
    );
    assert_eq!(
        urls("<https://a.example> \"https://b.example\""),
        ["https://a.example", "https://b.example"]
    );
    assert_eq!(
        urls("https://a.example/x見て https://a.example/y。"),
        ["https://a.example/x", "https://a.example/y"]
    );
    assert_eq!(urls("https://a.example/x😀"), ["https://a.example/x"]);
    assert_eq!(urls("https://a.example/é"), ["https://a.example/é"]);
}

#[test]
fn what_only_looks_like_a_link_is_words() {
    for text in [
        "https://",
        "http:/x",
        "www.",
        "xhttps://a",
        "#https://a",
        "who what www",
    ] {
        assert_eq!(of_kind(text, TokenKind::Url), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn many_brackets_cost_no_more_than_once() {
    let text = format!("https://a.example/{}", ")".repeat(1 << 20));
    assert_eq!(of_kind(&text, TokenKind::Url), ["https://a.example/"]);
}

#[test]
fn platform_units_become_bytes() {
    let text = "a😀é#x";
    let tag = text.find('#');
    assert_eq!(utf16_to_bytes(text, 4), tag);
    assert_eq!(chars_to_bytes(text, 3), tag);
    assert_eq!(utf16_to_bytes(text, 2), None, "inside a surrogate pair");
    assert_eq!(utf16_to_bytes(text, 6), Some(text.len()));
    assert_eq!(utf16_to_bytes(text, 7), None);
    assert_eq!(chars_to_bytes(text, 5), Some(text.len()));
    assert_eq!(chars_to_bytes(text, 6), None);
    assert_eq!((utf16_to_bytes("", 0), chars_to_bytes("", 1)), (Some(0), None));
}

/// Everything a reader of tokens can see.
fn seen(tokens: &Tokens) -> Vec<(text::Token, Vec<Option<String>>)> {
    let texts = |t| {
        [
            Some(tokens.key(t)),
            tokens.sigil_key(t),
            tokens.plain(t),
            Some(tokens.surface(t)),
        ]
    };
    tokens
        .iter()
        .map(|t| (*t, texts(t).map(|s| s.map(str::to_owned)).to_vec()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn places_are_sound(text in "(\\PC|[#@$ ]|[ﬁ㎏…Ａ℀㏂\u{301}\u{FE0F}\u{200D}]|https://|www\\.|[가ㄱㅏ東ที่]){0,40}") {
        let tokens = Tokens::of(&text);
        let (mut start, mut slot) = (0, 0);
        for t in tokens.iter() {
            prop_assert!(t.start < t.end && t.end as usize <= text.len());
            prop_assert!(text.is_char_boundary(t.start as usize) && text.is_char_boundary(t.end as usize));
            prop_assert!(start <= t.start && slot <= t.slot);
            prop_assert_eq!(tokens.key(t).is_empty(), t.kind == TokenKind::Url);
            prop_assert_eq!(&tokens.normalised()[t.norm_range()], tokens.surface(t));
            (start, slot) = (t.start, t.slot);
        }
    }

    #[test]
    fn a_used_value_reads_like_a_fresh_one(first in "\\PC{0,30}", second in "(\\PC|[ﬁ#😀é]){0,30}") {
        let mut tokens = Tokens::of(&first);
        tokens.read(&second);
        let fresh = Tokens::of(&second);
        prop_assert_eq!(seen(&tokens), seen(&fresh));
        prop_assert_eq!(tokens.normalised(), fresh.normalised());
    }
}
