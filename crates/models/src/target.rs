//! Where a name stands in a post.
//!
//! Names are written in many ways: `Альфа-Банк`, `#альфабанк`, `@alfabank`, `Альфабанка`. A name is looked for as its
//! words in a row, glued together in a hashtag or handle, with an ending of its language, and, where it is nowhere else,
//! in the other of the Latin and Cyrillic scripts.

use crate::spans::whole;
use std::ops::Range;
use text::{Token, TokenKind, Tokens};

/// Letters a word may have more than the name, as the ending of its case or number.
const ENDING: usize = 3;
/// Names of fewer letters are looked for as they are written alone: too much begins like them.
const SHORT: usize = 4;

/// The places of a name in a text, in bytes; `tokens` are those of the text. Empty where it is not named.
pub fn find(text: &str, tokens: &Tokens, name: &str) -> Vec<Range<usize>> {
    let words = words(name);
    if words.is_empty() {
        return Vec::new();
    }
    let found = places(text, tokens, &words);
    if !found.is_empty() {
        return found;
    }
    let other: Vec<String> = words.iter().map(|w| transliterated(w)).collect();
    match other == words {
        true => Vec::new(),
        false => places(text, tokens, &other),
    }
}

/// The folded words of a name, without diacritics.
fn words(name: &str) -> Vec<String> {
    let tokens = Tokens::of(name);
    let key = |t: &Token| tokens.plain(t).unwrap_or_else(|| tokens.key(t)).to_owned();
    let spoken = tokens.iter().filter(|t| t.kind != TokenKind::Url);
    spoken.map(key).filter(|k| !k.is_empty()).collect()
}

fn places(text: &str, tokens: &Tokens, words: &[String]) -> Vec<Range<usize>> {
    let list = tokens.as_slice();
    let glued: String = words.concat();
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut i = 0;
    while i < list.len() {
        let row = list[i..].iter().take(words.len());
        let is_row = list.len() - i >= words.len() && row.zip(words).all(|(t, w)| is_word(key(tokens, t), w));
        let length = if is_row { words.len() } else { 1 };
        if is_row || is_glued(tokens, &list[i], &glued) {
            out.push(whole(text, &list[i]).start..list[i + length - 1].end as usize);
        }
        i += length;
    }
    out
}

fn key<'t>(tokens: &'t Tokens, t: &Token) -> &'t str {
    match t.kind {
        TokenKind::Url => "",
        _ => tokens.plain(t).unwrap_or_else(|| tokens.key(t)),
    }
}

/// Whether a word is the name, or the name with an ending: `сбербанка` of `сбербанк`, `альфы` of `альфа`.
fn is_word(key: &str, name: &str) -> bool {
    if key == name {
        return true;
    }
    let letters = name.chars().count();
    if letters < SHORT || !name.chars().all(char::is_alphabetic) {
        return false;
    }
    let last = name.chars().next_back().map_or(0, char::len_utf8);
    let vowel = name.ends_with(['а', 'я', 'о', 'е', 'ь', 'й', 'a', 'o', 'e']);
    let stem = if vowel && letters > SHORT {
        &name[..name.len() - last]
    } else {
        name
    };
    let Some(ending) = key.strip_prefix(stem) else {
        return false;
    };
    ending.chars().count() <= ENDING && ending.chars().all(is_ending)
}

/// Letters of which endings are made; others make another word of it.
fn is_ending(c: char) -> bool {
    "аеёийоуыьэюямхвгнт".contains(c) || "aeiousnmy".contains(c)
}

/// Whether a hashtag or handle holds the name's words without spaces, or a word is all of them.
fn is_glued(tokens: &Tokens, t: &Token, glued: &str) -> bool {
    let key = key(tokens, t);
    let letters = glued.chars().count();
    match t.sigil {
        b'#' | b'@' if letters >= SHORT => {
            let plain: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
            plain.contains(glued)
        }
        _ => letters > SHORT && is_word(key, glued),
    }
}

/// A word in the other of the Latin and Cyrillic scripts, letter by letter (BGN/PCGN without its signs).
fn transliterated(word: &str) -> String {
    const PAIRS: [(&str, &str); 36] = [
        ("shch", "щ"),
        ("zh", "ж"),
        ("kh", "х"),
        ("ts", "ц"),
        ("ch", "ч"),
        ("sh", "ш"),
        ("yu", "ю"),
        ("ya", "я"),
        ("yo", "ё"),
        ("a", "а"),
        ("b", "б"),
        ("v", "в"),
        ("g", "г"),
        ("d", "д"),
        ("e", "е"),
        ("z", "з"),
        ("i", "и"),
        ("k", "к"),
        ("l", "л"),
        ("m", "м"),
        ("n", "н"),
        ("o", "о"),
        ("p", "п"),
        ("r", "р"),
        ("s", "с"),
        ("t", "т"),
        ("u", "у"),
        ("f", "ф"),
        ("y", "ы"),
        ("y", "й"),
        ("e", "э"),
        ("", "ь"),
        ("", "ъ"),
        ("c", "к"),
        ("h", "х"),
        ("j", "дж"),
    ];
    let to_cyrillic = word.is_ascii();
    let (mut out, mut rest) = (String::new(), word);
    while let Some(first) = rest.chars().next() {
        let sides = |p: &(&'static str, &'static str)| if to_cyrillic { (p.0, p.1) } else { (p.1, p.0) };
        let hit = PAIRS
            .iter()
            .map(sides)
            .find(|(from, _)| !from.is_empty() && rest.starts_with(from));
        match hit {
            Some((from, to)) => {
                out.push_str(to);
                rest = &rest[from.len()..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}
