//! Scripts: most of them leave one language, the others a few.

use text::{Token, TokenKind, Tokens};

/// A script of letters, as far as languages are told apart by it. Kana and Han are one each: kana among Han characters
/// mean Japanese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Devanagari,
    Ethiopic,
    Greek,
    Hebrew,
    Armenian,
    Georgian,
    Bengali,
    Gurmukhi,
    Gujarati,
    Oriya,
    Tamil,
    Telugu,
    Kannada,
    Malayalam,
    Sinhala,
    Thai,
    Lao,
    Tibetan,
    Myanmar,
    Khmer,
    Thaana,
    Hangul,
    Kana,
    Han,
}

const COUNT: usize = 27;

impl Script {
    /// All of them.
    pub const ALL: [Self; COUNT] = {
        use Script::*;
        [
            Latin, Cyrillic, Arabic, Devanagari, Ethiopic, Greek, Hebrew, Armenian, Georgian, Bengali,
            Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam, Sinhala, Thai, Lao, Tibetan,
            Myanmar, Khmer, Thaana, Hangul, Kana, Han,
        ]
    };

    /// The script of a letter; `None` for digits, signs and scripts not listed.
    pub fn of(c: char) -> Option<Self> {
        use Script::*;
        Some(match c as u32 {
            0x41..=0x5A
            | 0x61..=0x7A
            | 0xAA
            | 0xBA
            | 0xC0..=0xD6
            | 0xD8..=0xF6
            | 0xF8..=0x24F
            | 0x250..=0x2AF
            | 0x1E00..=0x1EFF
            | 0x2C60..=0x2C7F
            | 0xA720..=0xA7FF => Latin,
            0x370..=0x3FF | 0x1F00..=0x1FFF => Greek,
            0x400..=0x52F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => Cyrillic,
            0x531..=0x58F => Armenian,
            0x591..=0x5F4 | 0xFB1D..=0xFB4F => Hebrew,
            0x620..=0x65F
            | 0x66E..=0x6D3
            | 0x6D5..=0x6DC
            | 0x6EE..=0x6EF
            | 0x6FA..=0x6FF
            | 0x750..=0x77F
            | 0x8A0..=0x8FF
            | 0xFB50..=0xFDFF
            | 0xFE70..=0xFEFC => Arabic,
            0x780..=0x7B1 => Thaana,
            0x900..=0x963 | 0x971..=0x97F => Devanagari,
            0x980..=0x9E3 | 0x9F0..=0x9F1 => Bengali,
            0xA01..=0xA5E | 0xA70..=0xA75 => Gurmukhi,
            0xA81..=0xAE3 | 0xAF9..=0xAFF => Gujarati,
            0xB01..=0xB63 | 0xB71 => Oriya,
            0xB82..=0xBD7 => Tamil,
            0xC00..=0xC63 => Telugu,
            0xC80..=0xCE3 => Kannada,
            0xD00..=0xD63 | 0xD7A..=0xD7F => Malayalam,
            0xD81..=0xDDF => Sinhala,
            0xE01..=0xE3A | 0xE40..=0xE4E => Thai,
            0xE81..=0xEDF => Lao,
            0xF00..=0xF1F | 0xF40..=0xFBC => Tibetan,
            0x1000..=0x103F | 0x1050..=0x109F => Myanmar,
            0x10A0..=0x10FF | 0x1C90..=0x1CBF | 0x2D00..=0x2D2F => Georgian,
            0x1100..=0x11FF | 0x3131..=0x318F | 0xA960..=0xA97F | 0xAC00..=0xD7FF => Hangul,
            0x1200..=0x139F | 0x2D80..=0x2DDF | 0xAB01..=0xAB2F => Ethiopic,
            0x1780..=0x17D3 => Khmer,
            0x3041..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF | 0x31F0..=0x31FF => Kana,
            0x3005 | 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => {
                Han
            }
            _ => return None,
        })
    }

    /// The name of the script's head in the artefact.
    pub fn name(self) -> &'static str {
        use Script::*;
        match self {
            Latin => "latin",
            Cyrillic => "cyrillic",
            Arabic => "arabic",
            Devanagari => "devanagari",
            Ethiopic => "ethiopic",
            _ => "",
        }
    }

    /// The language that a script leaves as the only likely one among those listed here; `None` where a model has to
    /// decide.
    pub fn only_language(self) -> Option<&'static str> {
        use Script::*;
        Some(match self {
            Latin | Cyrillic | Arabic | Devanagari | Ethiopic => return None,
            Greek => "el",
            Hebrew => "he",
            Armenian => "hy",
            Georgian => "ka",
            Bengali => "bn",
            Gurmukhi => "pa",
            Gujarati => "gu",
            Oriya => "or",
            Tamil => "ta",
            Telugu => "te",
            Kannada => "kn",
            Malayalam => "ml",
            Sinhala => "si",
            Thai => "th",
            Lao => "lo",
            Tibetan => "bo",
            Myanmar => "my",
            Khmer => "km",
            Thaana => "dv",
            Hangul => "ko",
            Kana => "ja",
            Han => "zh",
        })
    }
}

/// The script most letters of a text are in, and its share of them. Handles and links do not count; a character of a
/// script that writes syllables or words counts as three letters.
pub fn dominant(tokens: &Tokens) -> Option<(Script, f32)> {
    let mut counts = [0u32; COUNT];
    for t in tokens.iter().filter(|t| is_language(t)) {
        for c in tokens.key(t).chars() {
            if let Some(script) = Script::of(c) {
                let dense = matches!(script, Script::Han | Script::Kana | Script::Hangul);
                counts[script as usize] += if dense { 3 } else { 1 };
            }
        }
    }
    let total: u32 = counts.iter().sum();
    let (han, kana) = (counts[Script::Han as usize], counts[Script::Kana as usize]);
    // Japanese mixes both; Chinese has stray kana at most.
    if kana * 10 >= han && kana > 0 {
        counts[Script::Kana as usize] += han;
        counts[Script::Han as usize] = 0;
    }
    let best = Script::ALL
        .into_iter()
        .max_by_key(|&s| (counts[s as usize], std::cmp::Reverse(s)))?;
    let count = counts[best as usize];
    (count > 0).then(|| (best, count as f32 / total as f32))
}

/// Whether a token says something of the language: no handle, no link, no emoji.
pub(crate) fn is_language(t: &Token) -> bool {
    t.sigil != b'@' && t.sigil != b'$' && matches!(t.kind, TokenKind::Word | TokenKind::Char)
}

/// Whether a token begins in this script.
pub(crate) fn is_in(tokens: &Tokens, t: &Token, script: Script) -> bool {
    is_language(t) && tokens.key(t).chars().find_map(Script::of) == Some(script)
}
