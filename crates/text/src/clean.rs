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

/// Cleans `text` and cuts it to at most `max_bytes`, at the border of a character.
pub fn clean(text: &str, max_bytes: usize) -> Cleaned {
    let mut end = text.len().min(max_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cut = end < text.len();
    let text = &text[..end];
    let controls = text.chars().filter(|&c| is_unwanted(c)).count();
    let kept: String = if controls == 0 {
        text.to_owned()
    } else {
        text.replace("\r\n", "\n").chars().filter(|&c| !is_unwanted(c)).collect()
    };
    let text = if is_nfc_quick(kept.chars()) == IsNormalized::Yes { kept } else { kept.nfc().collect() };
    Cleaned { text: text.trim().to_owned(), controls, cut }
}

/// Control characters other than line feed and tab, U+FEFF, and noncharacters.
fn is_unwanted(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{FEFF}' | '\u{FDD0}'..='\u{FDEF}' => true,
        _ => c.is_control() || (c as u32 & 0xFFFE) == 0xFFFE,
    }
}
