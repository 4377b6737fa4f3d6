//! The parts of a camel-case tag.

/// Parts that are looked at.
const MAX_PARTS: usize = 12;

/// The folded parts of a tag as written: `BlackFriday2026` gives `black`, `friday`, `2026`. A run of capitals keeps
/// together (`NASALaunch` is `nasa`, `launch`); underscores separate.
pub(crate) fn parts(tag: &str) -> Vec<String> {
    let chars: Vec<char> = tag.chars().collect();
    let mut out: Vec<String> = Vec::new();
    let mut part = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|b| chars[b]);
        let after = chars.get(i + 1);
        if c == '_' || before.is_some_and(|b| begins(b, c, after)) {
            push(&mut out, &mut part);
        }
        if c != '_' {
            part.push(c);
        }
    }
    push(&mut out, &mut part);
    out.truncate(MAX_PARTS);
    out
}

fn begins(before: char, c: char, after: Option<&char>) -> bool {
    let digits = before.is_numeric() != c.is_numeric() && before != '_';
    let hump = c.is_uppercase() && !before.is_uppercase();
    let last_capital = c.is_uppercase() && before.is_uppercase() && after.is_some_and(|a| a.is_lowercase());
    digits || hump || last_capital
}

fn push(out: &mut Vec<String>, part: &mut String) {
    if !part.is_empty() {
        out.push(text::fold(part));
        part.clear();
    }
}
