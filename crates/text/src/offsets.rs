//! Places counted in a platform's unit, turned into bytes of UTF-8.

/// The byte place of the UTF-16 unit `units` (Telegram's offsets), or `None` past the end or inside a character.
pub fn utf16_to_bytes(text: &str, units: usize) -> Option<usize> {
    walk(text, units, char::len_utf16)
}

/// The byte place of the character `count` (X's offsets, in Unicode code points), or `None` past the end.
pub fn chars_to_bytes(text: &str, count: usize) -> Option<usize> {
    walk(text, count, |_| 1)
}

fn walk(text: &str, target: usize, width: impl Fn(char) -> usize) -> Option<usize> {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= target {
            return (seen == target).then_some(at);
        }
        seen += width(c);
    }
    (seen == target).then_some(text.len())
}
