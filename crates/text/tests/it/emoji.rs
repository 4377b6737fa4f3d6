//! Emoji sequences.

use crate::{keys, of_kind, plains};
use text::{TokenKind, Tokens};

#[test]
fn a_sequence_is_one_token() {
    for sequence in [
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "👩🏽‍🚀",
        "🇩🇪",
        "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        "❤️",
        "🤷🏿‍♂️",
    ] {
        assert_eq!(of_kind(&format!("a {sequence} b"), TokenKind::Emoji), [sequence]);
    }
}

#[test]
fn flags_in_a_row_are_cut_in_pairs() {
    assert_eq!(keys("🇩🇪🇫🇷🇮🇹"), ["🇩🇪", "🇫🇷", "🇮🇹"]);
}

#[test]
fn emoji_in_a_row_are_tokens_each() {
    assert_eq!(keys("😀😀🎉"), ["😀", "😀", "🎉"]);
}

#[test]
fn selectors_are_not_in_the_key() {
    assert_eq!(keys("❤️ ❤"), ["❤", "❤"]);
}

#[test]
fn skin_tones_are_not_in_the_plain_key() {
    assert_eq!(keys("👍🏽"), ["👍🏽"]);
    assert_eq!(plains("👍🏽"), [Some("👍".to_owned())]);
    assert_eq!(plains("👩🏽‍🚀"), [Some("👩‍🚀".to_owned())]);
    assert_eq!(plains("👍"), [None]);
}

#[test]
fn strays_are_no_tokens() {
    assert_eq!(keys("\u{FE0F}"), Vec::<String>::new());
    assert_eq!(keys("\u{200D} \u{1F3FD} \u{20E3}"), Vec::<String>::new());
    assert_eq!(keys("bliss. \u{FE0F} @ lake"), ["bliss", "lake"]);
}

#[test]
fn keycaps_are_their_digit() {
    assert_eq!(keys("1️⃣ #️⃣"), ["1"]);
}

#[test]
fn a_joiner_binds_emoji_only() {
    assert_eq!(keys("👩\u{200D}1 👩\u{200D}a"), ["👩", "1", "👩", "a"]);
}

#[test]
fn emoji_stand_in_the_gap_between_words() {
    let tokens = Tokens::of("😀 one 🎉🎉 two");
    let slots: Vec<u32> = tokens.iter().map(|t| t.slot).collect();
    assert_eq!(slots, [0, 1, 2, 2, 3]);
}
