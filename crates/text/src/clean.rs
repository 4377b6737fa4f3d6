//! Making foreign text safe to keep: composed, without control characters, bounded.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A cleaned text and what had to be done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// NFC, control characters gone, line ends as `\n`.
    pub text: String,
    /// Control characters and noncharacters taken out.
    pub controls: usize,
    /// Whether the end was cut off.
    pub cut: bool,
}

/// Cleans `text` and cuts it to at most `max_bytes`, at the border of a character. Cleaning twice changes nothing.
pub fn clean(text: &str, max_bytes: usize) -> Cleaned {
    // Cut before the work, so that it is bounded, and after it, because composing can make a text longer.
    let (text, early) = cut(text, max_bytes);
    let controls = count_controls(text);
    let kept = if controls == 0 && !text.contains('\r') {
        text.trim().to_owned()
    } else {
        text.replace("\r\n", "\n")
            .replace('\r', "\n")
            .chars()
            .filter(|&c| !is_unwanted(c))
            .collect()
    };
    let composed = if kept.is_ascii() || is_nfc_quick(kept.chars()) == IsNormalized::Yes {
        kept
    } else {
        kept.nfc().collect()
    };
    let (text, late) = cut(composed.trim(), max_bytes);
    let text = if text.len() < composed.len() {
        text.trim_end().to_owned()
    } else {
        composed
    };
    Cleaned {
        text,
        controls,
        cut: early || late,
    }
}

fn cut(text: &str, max_bytes: usize) -> (&str, bool) {
    let end = text.floor_char_boundary(max_bytes);
    (&text[..end], end < text.len())
}

fn count_controls(text: &str) -> usize {
    if text.is_ascii() {
        return text
            .bytes()
            .filter(|&b| (b < b' ' && !matches!(b, b'\n' | b'\t' | b'\r')) || b == 0x7F)
            .count();
    }
    text.chars().filter(|&c| is_unwanted(c) && c != '\r').count()
}

/// Control characters other than line feed and tab, U+FEFF, and noncharacters.
fn is_unwanted(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{FEFF}' | '\u{FDD0}'..='\u{FDEF}' => true,
        _ => c.is_control() || (c as u32 & 0xFFFE) == 0xFFFE,
    }
}
