//! Bytes become text, whatever the feed says of itself: byte order mark, then HTTP's charset, then the XML
//! declaration (RFC 7303), and where what is declared does not fit, what does.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// The declaration stands within this many bytes.
const DECLARATION: usize = 256;

/// The text of a document whose HTTP `Content-Type` is this.
pub(super) fn decode<'b>(bytes: &'b [u8], content_type: Option<&str>) -> Cow<'b, str> {
    if let Some(text) = utf32(bytes) {
        return Cow::Owned(text);
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    let declared = [
        content_type.and_then(charset),
        utf16_pattern(bytes),
        declaration(bytes),
        Some(UTF_8),
        Some(WINDOWS_1252),
    ];
    let candidates = || declared.into_iter().flatten();
    let fits = |e: &'static Encoding| e.decode_without_bom_handling_and_without_replacement(bytes);
    candidates().find_map(fits).unwrap_or_else(|| {
        let first = candidates().next().unwrap_or(UTF_8);
        first.decode_without_bom_handling(bytes).0
    })
}

/// `charset=` of a content type.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let value = content_type.split(';').skip(1).find_map(|p| {
        let (key, value) = p.split_once('=')?;
        key.trim().eq_ignore_ascii_case("charset").then_some(value)
    })?;
    Encoding::for_label(value.trim().trim_matches(['"', '\'']).as_bytes())
}

/// `encoding="…"` of the XML declaration; one that says UTF-16 in single bytes is wrong.
fn declaration(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]).into_owned();
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    Encoding::for_label(label.as_bytes()).filter(|e| e.is_ascii_compatible())
}

/// UTF-16 without a mark: `<` and a zero, or a zero and `<`.
fn utf16_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<' | b'{', 0, ..] => Some(encoding_rs::UTF_16LE),
        [0, b'<' | b'{', ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// UTF-32, which the Encoding Standard does not know, with or without its mark.
fn utf32(bytes: &[u8]) -> Option<String> {
    let read: fn([u8; 4]) -> u32 = match bytes.get(..4)? {
        [0, 0, 0xFE, 0xFF] | [0, 0, 0, b'<'] => u32::from_be_bytes,
        [0xFF, 0xFE, 0, 0] | [b'<', 0, 0, 0] => u32::from_le_bytes,
        _ => return None,
    };
    let units = bytes
        .chunks_exact(4)
        .filter_map(|c| Some(read(c.try_into().ok()?)));
    Some(
        units
            .map(|u| char::from_u32(u).unwrap_or(char::REPLACEMENT_CHARACTER))
            .filter(|c| *c != '\u{feff}')
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_saying_the_encoding_is_heard() {
        let gb = b"<?xml version='1.0' encoding='gb2312'?><a>\xc4\xe3</a>";
        assert!(decode(gb, None).contains('你'));
        assert!(decode(gb, Some("application/xml; charset=\"GBK\"")).contains('你'));
        let big5 = b"<?xml version=\"1.0\" encoding=\"big5\"?><a>\xa7\x41</a>";
        assert!(decode(big5, Some("text/xml")).contains('你'));
        assert_eq!(
            decode("\u{feff}<a/>".as_bytes(), Some("text/xml; charset=latin1")),
            "<a/>"
        );
        let wide = |f: fn(u32) -> [u8; 4]| "<é>".chars().flat_map(|c| f(c as u32)).collect::<Vec<u8>>();
        assert_eq!(decode(&wide(u32::to_be_bytes), None), "<é>");
        assert_eq!(decode(&wide(u32::to_le_bytes), None), "<é>");
        let utf16: Vec<u8> = "<é>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16, None), "<é>");
    }

    #[test]
    fn what_does_not_fit_its_declaration_is_read_as_what_fits() {
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='utf-8'?>\xe9", None)
                .chars()
                .last(),
            Some('é')
        );
        assert_eq!(
            decode("<?xml encoding='utf-16'?>é".as_bytes(), None)
                .chars()
                .last(),
            Some('é')
        );
        assert_eq!(decode("é".as_bytes(), Some("text/xml; charset=nonsense")), "é");
    }
}
