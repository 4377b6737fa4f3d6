//! Reading JSON that is nearly right.

use serde::Deserialize;
use std::borrow::Cow;

/// Parses JSON; where it fails and holds half of a surrogate pair (`"\ud83d"`, common in old dumps), parses it again
/// with the half replaced by U+FFFD.
pub(crate) fn parse<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text).or_else(|first| match repair_surrogates(text) {
        Cow::Borrowed(_) => Err(first),
        Cow::Owned(repaired) => serde_json::from_str(&repaired).map_err(|_| first),
    })
}

/// Replaces escaped surrogates without a partner by the escape of U+FFFD, which has the same length.
pub(crate) fn repair_surrogates(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut lone = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match escape(bytes, at) {
            Some(0xD800..=0xDBFF) if matches!(escape(bytes, at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                lone.push(at);
                at += 6;
            }
            _ if bytes[at] == b'\\' => at += 2,
            _ => at += 1,
        }
    }
    if lone.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for at in lone {
        out.push_str(&text[from..at]);
        out.push_str("\\ufffd");
        from = at + 6;
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

fn escape(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0u16, |value, b| {
        Some(value << 4 | (*b as char).to_digit(16)? as u16)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn halves_of_pairs_are_replaced_and_pairs_kept() {
        let read = |json: &str| parse::<String>(json).unwrap();
        assert_eq!(read(r#""a\ud83d b""#), "a\u{fffd} b");
        assert_eq!(read(r#""\ude00\ud83d\ude00""#), "\u{fffd}😀");
        assert_eq!(read(r#""\\ud83d""#), r"\ud83d");
        assert!(parse::<String>(r#""a\ud83d"#).is_err());
    }

    proptest::proptest! {
        #[test]
        fn repairing_never_panics_and_keeps_the_length(text in "[\\\\ud8cDé0-9a\"]{0,40}") {
            proptest::prop_assert_eq!(repair_surrogates(&text).len(), text.len());
        }
    }
}
