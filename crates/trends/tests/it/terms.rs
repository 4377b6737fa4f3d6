//! What a text is about.

use trends::terms::{TermKind, Terms};

fn terms(text: &str) -> Vec<(TermKind, String)> {
    let mut terms = Terms::new();
    terms.read(text);
    let all = terms.list().iter();
    all.map(|t| (t.kind, terms.text(t))).collect()
}

fn words(text: &str) -> Vec<String> {
    let words = terms(text).into_iter().filter(|t| t.0 == TermKind::Word);
    words.map(|t| t.1).collect()
}

#[test]
fn function_words_are_none_and_stand_in_pairs_with_others() {
    let found = terms("the kettle is down in the office");
    let pairs: Vec<&str> = found
        .iter()
        .filter(|t| t.0 == TermKind::Pair)
        .map(|t| t.1.as_str())
        .collect();
    assert_eq!(words("the kettle is down in the office"), ["kettle", "office"]);
    assert_eq!(pairs, ["the kettle", "kettle is", "the office"]);
}

#[test]
fn katakana_that_stand_together_are_a_word_and_hiragana_are_none() {
    let found = terms("バッテリーがすぐ切れる、新しいスピーカー");
    let texts: Vec<&str> = found.iter().map(|t| t.1.as_str()).collect();
    assert_eq!(texts, ["バッテリー", "スピーカー"]);
    assert_eq!(words("スピーカー"), words("新しい スピーカー です"));
    let pairs: Vec<String> = terms("充電器").into_iter().map(|t| t.1).collect();
    assert_eq!(pairs, ["充電", "電器"]);
}
