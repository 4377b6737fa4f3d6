//! Words, sigils, folding and diacritics.

use crate::{keys, of_kind, plains};
use proptest::prelude::*;
use text::{TokenKind, Tokens, fold, strip_marks};

#[test]
fn sigils_stand_right_before_a_word() {
    assert_eq!(keys("#rust @Ann $TSLA"), ["#rust", "@ann", "$tsla"]);
    assert_eq!(
        keys("# rust a#b a@b US$T ##x"),
        ["rust", "a", "b", "a", "b", "us", "t", "#x"]
    );
    assert_eq!(keys("(#a) “@b” .#c"), ["#a", "@b", "#c"]);
}

#[test]
fn a_price_is_no_cashtag() {
    assert_eq!(keys("$5 $5M $_x $٥ $a5"), ["5", "5m", "_x", "٥", "$a5"]);
}

#[test]
fn full_width_sigils_are_sigils() {
    assert_eq!(keys("＃rust ＠ann ＄TSLA"), ["#rust", "@ann", "$tsla"]);
}

#[test]
fn camel_case_tags_stay_whole() {
    assert_eq!(keys("#BlackFridayDeals"), ["#blackfridaydeals"]);
}

#[test]
fn a_mark_or_emoji_before_a_sigil() {
    assert_eq!(keys("e\u{301}#a"), ["é", "a"]);
    assert_eq!(keys("😀#a"), ["😀", "#a"]);
    assert_eq!(keys("@\u{301}ann"), ["ann"]);
}

#[test]
fn keys_are_fully_folded() {
    assert_eq!(keys("Straße STRASSE"), ["strasse", "strasse"]);
    assert_eq!(keys("ΟΔΟΣ οδος"), ["οδοσ", "οδοσ"]);
    assert_eq!(keys("İstanbul"), ["i\u{307}stanbul"]);
    assert_eq!(plains("İstanbul"), [Some("istanbul".to_owned())]);
    assert_eq!(
        keys("J\u{30C}"),
        ["\u{1F0}"],
        "composed once the letter is in lower case"
    );
}

#[test]
fn words_with_diacritics_have_a_plain_key() {
    let plain = |s: &str| plains(s)[0].clone();
    assert_eq!(keys("Café"), ["café"]);
    assert_eq!(plain("Café").unwrap(), "cafe");
    assert_eq!(plain("CAFE\u{301}").unwrap(), "cafe");
    assert_eq!(plain("Żółć").unwrap(), "zolc");
    assert_eq!(plain("Đặng").unwrap(), "dang");
    assert_eq!(plain("Ёлка").unwrap(), "елка");
    assert_eq!(plain("Άθήνα").unwrap(), "αθηνα");
    assert_eq!(plain("café_2"), Some("cafe_2".to_owned()));
    assert_eq!(plain("cafe"), None);
}

#[test]
fn letters_of_their_own_keep_their_marks() {
    assert_eq!(plains("mañana år мой"), [None, None, None]);
}

#[test]
fn arabic_loses_its_vowel_signs_and_hindi_keeps_its_vowels() {
    assert_eq!(plains("مُحَمَّد")[0].as_deref(), Some("محمد"));
    assert_eq!(plains("हिन्दी"), [None]);
}

#[test]
fn scripts_without_spaces_give_a_token_per_character() {
    assert_eq!(keys("東京 タワー"), ["東", "京", "タ", "ワ", "ー"]);
    assert_eq!(keys("안녕"), ["안", "녕"]);
    assert_eq!(keys("ที่นี่"), ["ที่", "นี่"]);
    assert_eq!(keys("ｶﾞ"), ["ガ"], "half-width kana compose");
    assert_eq!(of_kind("東京abc大阪", TokenKind::Char), ["東", "京", "大", "阪"]);
    assert_eq!(keys("東京abc大阪"), ["東", "京", "abc", "大", "阪"]);
    assert_eq!(keys("#東京"), ["#東", "京"]);
}

#[test]
fn punctuation_separates() {
    assert_eq!(keys("AT&T's 7-Eleven, C++"), ["at", "t", "s", "7", "eleven", "c"]);
    assert_eq!(keys(""), Vec::<String>::new());
    assert_eq!(keys("…!?"), Vec::<String>::new());
}

#[test]
fn the_surface_keeps_its_case() {
    let tokens = Tokens::of("#BREAKING ﬁne");
    let surfaces: Vec<&str> = tokens.iter().map(|t| tokens.surface(t)).collect();
    assert_eq!(surfaces, ["BREAKING", "fine"]);
}

proptest! {
    #[test]
    fn a_key_is_the_fold_of_its_surface(text in "(\\PC|[a-zA-Z é\u{301}\u{327}ÀßΣİ]){0,40}") {
        let tokens = Tokens::of(&text);
        for t in tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Char)) {
            prop_assert_eq!(tokens.key(t), fold(tokens.surface(t)));
            if t.kind == TokenKind::Word {
                prop_assert_eq!(tokens.plain(t).map(str::to_owned), strip_marks(tokens.key(t)));
            }
        }
    }

    #[test]
    fn folding_and_stripping_twice_change_nothing(word in "\\PC{0,12}") {
        let folded = fold(&word);
        prop_assert_eq!(fold(&folded), folded.clone());
        if let Some(plain) = strip_marks(&folded) {
            prop_assert_eq!(strip_marks(&plain), None);
        }
    }
}
