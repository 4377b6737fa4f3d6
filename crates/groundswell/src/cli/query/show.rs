//! Texts with what matched underlined, for people.

use std::ops::Range;

/// Columns of a row of text.
const COLUMNS: usize = 96;

/// The rows of a text that hold one of the ranges, each with carets under it; the first row where none does.
pub(super) fn marked(text: &str, ranges: &[Range<usize>]) -> Vec<String> {
    let mut out = Vec::new();
    for row in rows(text) {
        let (mut line, mut carets, mut found) = (String::new(), String::new(), false);
        for (i, c) in text[row.clone()].char_indices() {
            let at = row.start + i;
            let hit = ranges.iter().any(|r| r.contains(&at));
            found |= hit;
            line.push(if c.is_control() { ' ' } else { c });
            carets.extend(std::iter::repeat_n(if hit { '^' } else { ' ' }, width(c)));
        }
        if found {
            out.push(line.trim_end().to_owned());
            out.push(carets.trim_end().to_owned());
        } else if ranges.is_empty() && row.start == 0 {
            let more = if row.end < text.len() { " …" } else { "" };
            out.push(format!("{}{more}", line.trim_end()));
        }
    }
    out
}

/// Rows of at most [`COLUMNS`] columns, cut after a space where there is one.
fn rows(text: &str) -> Vec<Range<usize>> {
    let (mut out, mut start, mut columns, mut cut) = (Vec::new(), 0, 0, None);
    for (i, c) in text.char_indices() {
        columns += width(c);
        if columns > COLUMNS {
            let end = cut.filter(|&end| end > start).unwrap_or(i);
            out.push(start..end);
            start = end;
            columns = text[end..i + c.len_utf8()].chars().map(width).sum();
            cut = None;
        }
        if c.is_whitespace() {
            cut = Some(i + c.len_utf8());
        }
    }
    out.push(start..text.len());
    out
}

/// Columns a character takes on most terminals: two for East Asian ones and emoji, none for marks.
fn width(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36F | 0x200B..=0x200F | 0x20D0..=0x20FF | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F => 2,
        0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_stand_under_what_matched() {
        assert_eq!(
            marked("an apple pie", &[3..8, 9..12]),
            ["an apple pie", "   ^^^^^ ^^^"]
        );
        assert_eq!(
            marked("東京 apple\npie", &[7..12, 13..16]),
            ["東京 apple pie", "     ^^^^^ ^^^"]
        );
    }

    #[test]
    fn a_long_text_shows_the_rows_that_matter() {
        let text = format!("{}apple {}", "word ".repeat(100), "more ".repeat(50));
        let shown = marked(&text, &[500..505, 500..503]);
        assert_eq!(shown.len(), 2);
        assert!(shown[0].contains("apple") && shown[0].len() <= COLUMNS);
        assert!(marked(&text, &[])[0].ends_with('…'));
    }
}
