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

/// What may follow a base without a joiner: selectors, skin tones, tags (the flags of England, Scotland and Wales) and
/// the enclosing keycap.
fn is_modifier(c: char) -> bool {
    is_selector(c) || is_skin_tone(c) || matches!(c, '\u{E0020}'..='\u{E007F}' | '\u{20E3}')
}

/// Whether an emoji sequence can begin with this character. Digits, `#`, `*` and letter-like signs are words or
/// punctuation, although Unicode lists them as emoji too.
pub(crate) fn starts_emoji(c: char) -> bool {
    c as u32 >= 0x203C && !is_skin_tone(c) && (is_regional(c) || c.is_emoji_char())
}

/// The length in bytes of the sequence at the start of `s`, which begins with [`starts_emoji`].
pub(crate) fn sequence_length(s: &str) -> usize {
    let mut end = 0;
    let mut expect_base = true;
    let mut regionals = 0;
    for (i, c) in s.char_indices() {
        let next = i + c.len_utf8();
        if is_regional(c) {
            if regionals == 2 || (regionals == 0 && !expect_base) {
                break;
            }
            regionals += 1;
            expect_base = false;
        } else if expect_base && starts_emoji(c) {
            expect_base = false;
        } else if c == ZWJ && regionals == 0 && !expect_base {
            // A joiner belongs to the sequence only where another emoji follows.
            if !s[next..].starts_with(starts_emoji) {
                break;
            }
            expect_base = true;
        } else if !is_modifier(c) {
            break;
        }
        end = next;
    }
    end
}

/// Whether the key of this sequence differs from how it is written.
pub(crate) fn has_selector(sequence: &str) -> bool {
    sequence.contains(is_selector)
}

/// Whether the plain key of this sequence differs from its key.
pub(crate) fn has_skin_tone(sequence: &str) -> bool {
    sequence.contains(is_skin_tone)
}

/// The characters of a sequence's key: without variation selectors.
pub(crate) fn key_chars(sequence: &str) -> impl Iterator<Item = char> {
    sequence.chars().filter(|&c| !is_selector(c))
}

/// The characters of a sequence's plain key: without skin tones as well.
pub(crate) fn plain_chars(sequence: &str) -> impl Iterator<Item = char> {
    key_chars(sequence).filter(|&c| !is_skin_tone(c))
}
