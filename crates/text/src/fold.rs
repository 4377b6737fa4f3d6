//! Match keys: full case folding (Unicode 15, section 3.13), and the form without diacritics.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The match key of a word that is already NFKC: full case folding, so that `Straße` meets `STRASSE` and a final
/// sigma meets any other.
pub fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_into(word, &mut out);
    out
}

pub(crate) fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        let at = out.len();
        out.push_str(word);
        out[at..].make_ascii_lowercase();
    } else {
        // Folding can undo a composition (`İ` gives `i` and a dot), so the result is composed again.
        out.extend(word.chars().default_case_fold().nfc());
    }
}

pub(crate) fn folds_to_itself(c: char) -> bool {
    std::iter::once(c).default_case_fold().eq([c])
}

/// The key without diacritics where it differs from `key`, which must be folded.
///
/// Latin and Greek letters lose their marks, Arabic and Hebrew words their vowel signs, `ø ł đ` their strokes and `ё`
/// becomes `е`. Letters that native readers take for others keep their marks: `ñ`, `å` and `й`. Marks of scripts in
/// which they carry the vowels (Devanagari, Thai, …) stay.
pub fn strip_marks(key: &str) -> Option<String> {
    if key.is_ascii() {
        return None;
    }
    let mut out = String::with_capacity(key.len());
    strip_into(key, &mut out);
    (out != key).then_some(out)
}

pub(crate) fn strip_into(key: &str, out: &mut String) {
    for c in key.chars() {
        strip_char(c, out);
    }
}

pub(crate) fn plain_is_itself(c: char) -> bool {
    let mut plain = String::new();
    strip_char(c, &mut plain);
    plain.chars().eq([c])
}

fn strip_char(c: char, out: &mut String) {
    match c {
        'ñ' | 'å' | 'й' => out.push(c),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' => out.push('d'),
        'ё' => out.push('е'),
        '\u{0300}'..='\u{036F}'
        | '\u{0591}'..='\u{05C7}'
        | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}'
        | '\u{0670}' => {}
        '\u{00C0}'..='\u{024F}' | '\u{1E00}'..='\u{1FFF}' | '\u{0386}'..='\u{03CE}' => {
            out.extend(std::iter::once(c).nfd().filter(|&d| !is_combining_mark(d)));
        }
        _ => out.push(c),
    }
}
