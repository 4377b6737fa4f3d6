//! Character classes of the tokeniser.
//!
//! A word is `START CONT*`: START is general category L*, N* or `_`; CONT adds the marks Mn and Mc except variation
//! selectors. Scripts written without spaces give one token per character, so that a term matches as a substring.

use std::sync::LazyLock;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// May begin a word.
pub(crate) const START: u8 = 1;
/// May continue a word.
pub(crate) const CONT: u8 = 2;

/// The planes that hold letters; the rest is asked of the property tables directly.
const TABLE_END: usize = 0x2_0000;

static TABLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    (0..TABLE_END as u32).map(|c| char::from_u32(c).map_or(0, compute)).collect()
});

fn compute(c: char) -> u8 {
    use GeneralCategory as G;
    match c.general_category() {
        G::UppercaseLetter
        | G::LowercaseLetter
        | G::TitlecaseLetter
        | G::ModifierLetter
        | G::OtherLetter
        | G::DecimalNumber
        | G::LetterNumber
        | G::OtherNumber => START | CONT,
        G::NonspacingMark | G::SpacingMark => {
            let selector = matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
            if selector { 0 } else { CONT }
        }
        _ if c == '_' => START | CONT,
        _ => 0,
    }
}

/// The class bits of a character.
pub(crate) fn class(c: char) -> u8 {
    TABLE.get(c as usize).copied().unwrap_or_else(|| compute(c))
}

/// The class bits of every ASCII byte.
pub(crate) static ASCII: [u8; 128] = {
    let mut t = [0u8; 128];
    let mut i = 0u8;
    while i < 128 {
        if i.is_ascii_alphanumeric() || i == b'_' {
            t[i as usize] = START | CONT;
        }
        i += 1;
    }
    t
};

/// Whether words of this character's script are not separated by spaces (or, for Hangul, carry particles), so that
/// each character is a token of its own: Han, Kana, Bopomofo, Hangul, Thai, Lao, Khmer, Myanmar.
pub fn is_unspaced(c: char) -> bool {
    let c = c as u32;
    if c < 0x0E00 {
        return false;
    }
    matches!(c,
        0x0E00..=0x0E4F | 0x0E5A..=0x0EFF   // Thai (without its digits), Lao
        | 0x1000..=0x103F | 0x1050..=0x109F // Myanmar
        | 0x1100..=0x11FF                   // Hangul Jamo
        | 0x1780..=0x17D3                   // Khmer
        | 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029
        | 0x3041..=0x30FF | 0x3105..=0x318F // Kana, Bopomofo, Hangul compatibility
        | 0x31A0..=0x31BF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF // Han
        | 0xA960..=0xA97F | 0xAC00..=0xD7FF // Hangul syllables
        | 0xF900..=0xFAFF
        | 0x1B000..=0x1B16F
        | 0x2_0000..=0x3_FFFF)
}
