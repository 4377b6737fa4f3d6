//! Emoji sequences (UTS #51): one token per sequence, ZWJ families and flags whole.

use unicode_properties::UnicodeEmoji;

const ZWJ: char = '\u{200D}';

fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}')
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0020}'..='\u{E007F}')
}

/// Whether an emoji sequence can begin with this character. Digits, `#`, `*` and letter-like signs are words or
/// punctuation, although Unicode lists them as emoji too.
pub(crate) fn starts_emoji(c: char) -> bool {
    c as u32 >= 0x203C && !is_skin_tone(c) && (is_regional(c) || c.is_emoji_char())
}

/// Reads the sequence at the start of `s`: its length in bytes. Appends its key (without variation selectors) to `key`
/// and its form without skin tones to `plain`.
pub(crate) fn read_sequence(s: &str, key: &mut String, plain: &mut String) -> usize {
    let mut chars = s.char_indices().peekable();
    let mut end = 0;
    let mut expect_base = true;
    let mut regionals = 0;
    while let Some(&(i, c)) = chars.peek() {
        if is_regional(c) {
            if regionals == 2 || (regionals == 0 && !expect_base) {
                break;
            }
            regionals += 1;
            expect_base = false;
        } else if expect_base && c.is_emoji_char() {
            expect_base = false;
        } else if c == ZWJ && regionals == 0 {
            // A joiner belongs to the sequence only where another emoji follows.
            let follows = s[i + c.len_utf8()..].chars().next().is_some_and(|n| n.is_emoji_char());
            if !follows {
                break;
            }
            expect_base = true;
        } else if !(is_selector(c) || is_skin_tone(c) || is_tag(c) || c == '\u{20E3}') {
            break;
        }
        chars.next();
        end = i + c.len_utf8();
        if !is_selector(c) {
            key.push(c);
            if !is_skin_tone(c) {
                plain.push(c);
            }
        }
    }
    end
}
