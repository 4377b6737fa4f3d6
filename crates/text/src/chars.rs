//! Character classes of the tokeniser.
//!
//! A word is `START CONT*`: START is general category L*, N* or `_`; CONT adds the marks Mn and Mc except variation
//! selectors. Scripts written without spaces give one token per character, so that a term matches as a substring.
//!
//! Everything the tokeniser asks of a character is one byte of a table, computed once from the Unicode tables.

use crate::emoji::starts_emoji;
use crate::fold::{folds_to_itself, plain_is_itself};
use std::sync::LazyLock;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// May begin a word.
pub(crate) const START: u8 = 1;
/// May continue a word.
pub(crate) const CONT: u8 = 2;
/// Is a token of its own, with its marks.
pub(crate) const SOLO: u8 = 4;
/// May begin an emoji sequence.
pub(crate) const EMOJI: u8 = 8;
/// NFKC leaves it as it is, whatever comes before it.
pub(crate) const STABLE: u8 = 16;
/// NFKC never joins it to what comes before it.
pub(crate) const BORDER: u8 = 32;
/// Case folding leaves it as it is.
pub(crate) const FOLDED: u8 = 64;
/// The plain key has it as it is.
pub(crate) const PLAIN: u8 = 128;

/// The planes that hold letters; the rest is asked of the property tables directly.
const TABLE_END: u32 = 0x2_0000;

static TABLE: LazyLock<Box<[u8]>> = LazyLock::new(|| {
    (0..TABLE_END)
        .map(|c| char::from_u32(c).map_or(0, compute))
        .collect()
});

/// The table, borrowed once per text rather than once per character.
#[derive(Clone, Copy)]
pub(crate) struct Classes(&'static [u8]);

impl Classes {
    pub(crate) fn get() -> Self {
        Self(&TABLE)
    }

    /// The class bits of a character.
    pub(crate) fn of(self, c: char) -> u8 {
        self.0.get(c as usize).copied().unwrap_or_else(|| compute(c))
    }
}

fn compute(c: char) -> u8 {
    let mut bits = word_bits(c);
    let mut set = |bit: u8, holds: bool| bits |= if holds { bit } else { 0 };
    let border = is_border(c);
    set(SOLO, is_unspaced(c));
    set(EMOJI, starts_emoji(c));
    set(BORDER, border);
    set(STABLE, border && std::iter::once(c).nfkc().eq([c]));
    set(FOLDED, folds_to_itself(c));
    set(PLAIN, plain_is_itself(c));
    bits
}

fn word_bits(c: char) -> u8 {
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

/// Whether normalisation may be cut before `c`: what it decomposes to begins with a starter that composes with
/// nothing before it (UAX #15, section 9).
fn is_border(c: char) -> bool {
    let mut first = None;
    decompose_compatible(c, |d| first = first.or(Some(d)));
    let first = first.unwrap_or(c);
    canonical_combining_class(first) == 0 && is_nfkc_quick(std::iter::once(first)) == IsNormalized::Yes
}

/// Whether a byte is an ASCII word character; bytes of other characters are not.
pub(crate) static ASCII_WORD: [bool; 256] = {
    let mut t = [false; 256];
    let mut i = 0u8;
    while i < 128 {
        t[i as usize] = i.is_ascii_alphanumeric() || i == b'_';
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

/// Whether a character is of the syllabary that Japanese writes names and loan words with: such a run is one word.
pub fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}')
}

/// Whether a character is of the syllabary that Japanese writes endings and function words with.
pub fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}
