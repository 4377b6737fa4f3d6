//! The tokeniser against a naive reading of the same rules, written from the general categories alone.

use flate2::read::GzDecoder;
use proptest::prelude::*;
use std::io::{BufRead, BufReader};
use text::{TokenKind, Tokens, is_unspaced};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeEmoji, UnicodeGeneralCategory};

/// Key, form as written (NFKC) and sigil of each word.
type Word = (String, String, Option<char>);

fn starts(c: char) -> bool {
    c == '_'
        || matches!(
            c.general_category_group(),
            GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number
        )
}

fn continues(c: char) -> bool {
    use unicode_properties::GeneralCategory::{NonspacingMark, SpacingMark};
    let selector = matches!(c as u32, 0xFE00..=0xFE0F | 0xE0100..=0xE01EF);
    starts(c) || (matches!(c.general_category(), NonspacingMark | SpacingMark) && !selector)
}

fn naive(text: &str) -> Vec<Word> {
    let s: Vec<char> = text.nfkc().collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < s.len() {
        if !starts(s[i]) {
            i += 1;
            continue;
        }
        let mut j = i + 1;
        while j < s.len() && continues(s[j]) {
            j += 1;
        }
        let written: String = s[i..j].iter().collect();
        let sigil = (i > 0 && "#@".contains(s[i - 1]) && (i < 2 || !continues(s[i - 2]))).then(|| s[i - 1]);
        out.push((text::fold(&written), written, sigil));
        i = j;
    }
    out
}

fn ours(text: &str) -> Vec<Word> {
    let tokens = Tokens::of(text);
    let words = tokens.iter().filter(|t| t.kind != TokenKind::Emoji);
    words
        .enumerate()
        .map(|(place, t)| {
            assert_eq!(
                (t.slot - 1) / 2,
                place as u32,
                "the slot of word {place} of {text:?}"
            );
            let sigil = (t.sigil != 0).then(|| char::from(t.sigil));
            if let Some(sigil) = sigil {
                assert_eq!(tokens.sigil_key(t).unwrap(), format!("{sigil}{}", tokens.key(t)));
            }
            (tokens.key(t).to_owned(), tokens.surface(t).to_owned(), sigil)
        })
        .collect()
}

/// The rules agree only where ours say no more: no links, no `$`, no scripts without spaces.
fn comparable(text: &str) -> bool {
    let lower = text.nfkc().collect::<String>().to_lowercase();
    let links = ["http", "www."].iter().any(|l| lower.contains(l));
    !links && !lower.contains('$') && !lower.chars().any(is_unspaced)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn any_text_reads_as_the_rules_say(text in "[\\PC#@_ ]{0,40}") {
        let text: String = text.chars().filter(|c| comparable(&c.to_string())).collect();
        prop_assume!(comparable(&text));
        prop_assert_eq!(ours(&text), naive(&text));
    }

    #[test]
    fn dense_text_reads_as_the_rules_say(
        text in "([a-cA-C]|[#@_'. ]|[éÉßſΣσςİıÅñÑ]|[\u{300}-\u{308}\u{327}]|[а-яА-Я]|[ﬁ㎏①＃＠Ａ]|[\u{627}\u{628}\u{64B}-\u{652}]|[कखगा\u{94D}ि]|\u{FE0F}|😀){0,24}"
    ) {
        prop_assume!(comparable(&text));
        prop_assert_eq!(ours(&text), naive(&text));
    }

    #[test]
    fn the_normalised_text_is_nfkc(text in "(\\PC|[\u{1100}-\u{1112}\u{1161}-\u{1175}\u{11A8}-\u{11C2}]|[\u{3131}-\u{3163}]|[\u{FF66}-\u{FF9F}]|[e\u{301}\u{323}]){0,30}") {
        let expected: String = text.nfkc().collect();
        let tokens = Tokens::of(&text);
        prop_assert_eq!(tokens.normalised(), expected);
    }
}

#[test]
fn the_posts_of_the_workload_read_as_the_rules_say() {
    let shared = std::env::var("GROUNDSWELL_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let Ok(file) = std::fs::File::open(format!("{shared}/workload/posts.jsonl.gz")) else {
        println!("skipped: no workload under GROUNDSWELL_SHARED");
        return;
    };
    let mut compared = 0;
    for line in BufReader::new(GzDecoder::new(file)).lines().step_by(20) {
        let post: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = post["text"].as_str().unwrap();
        if comparable(text) && !text.chars().any(|c| c.is_emoji_char() && !c.is_ascii()) {
            assert_eq!(ours(text), naive(text), "{}", post["id"]);
            compared += 1;
        }
    }
    assert!(compared > 3_000, "only {compared} posts were comparable");
}
