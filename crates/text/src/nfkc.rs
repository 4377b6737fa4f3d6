//! NFKC that remembers where each piece came from, so that tokens keep the places of the original text.

use crate::chars::{BORDER, Classes, STABLE};
use unicode_normalization::UnicodeNormalization;

/// Pairs the normalised text with the original, piece by piece. Without pieces the two texts are equal.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    pieces: Vec<Piece>,
}

/// From `norm` on (up to the next piece) the normalised text stands for `start..end` of the original; in a piece that
/// is `same`, byte by byte.
#[derive(Debug)]
struct Piece {
    norm: u32,
    start: u32,
    end: u32,
    same: bool,
}

impl Origins {
    pub(crate) fn clear(&mut self) {
        self.pieces.clear();
    }

    pub(crate) fn is_identity(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The original place where the character at `norm` begins.
    pub(crate) fn start(&self, norm: u32) -> u32 {
        self.piece(norm).map_or(norm, |p| {
            if p.same {
                p.start + (norm - p.norm)
            } else {
                p.start
            }
        })
    }

    /// The original place where the text up to `norm` ends.
    pub(crate) fn end(&self, norm: u32) -> u32 {
        let Some(p) = self.piece(norm.saturating_sub(1)) else {
            return norm;
        };
        if p.same { p.start + (norm - p.norm) } else { p.end }
    }

    fn piece(&self, norm: u32) -> Option<&Piece> {
        self.pieces
            .get(self.pieces.partition_point(|p| p.norm <= norm).checked_sub(1)?)
    }

    /// Writes `text` in NFKC to `out`. What is already normalised is copied in runs.
    pub(crate) fn normalise(&mut self, text: &str, classes: Classes, out: &mut String) {
        let mut copied = 0;
        let mut border = 0;
        let mut at = 0;
        while let Some(c) = next_beyond_ascii(text, &mut at, &mut border) {
            let bits = classes.of(c);
            if bits & BORDER != 0 {
                border = at;
            }
            at += c.len_utf8();
            if bits & STABLE != 0 {
                continue;
            }
            let end = next_border(text, at, classes);
            let piece = &text[border..end];
            if !piece.chars().eq(piece.nfkc()) {
                self.push(copied, border, true, out);
                out.push_str(&text[copied..border]);
                self.push(border, end, false, out);
                out.extend(piece.nfkc());
                copied = end;
            }
            at = end;
            border = end;
        }
        if copied > 0 {
            self.push(copied, text.len(), true, out);
        }
        out.push_str(&text[copied..]);
    }

    fn push(&mut self, start: usize, end: usize, same: bool, out: &str) {
        if start < end {
            self.pieces.push(Piece {
                norm: out.len() as u32,
                start: start as u32,
                end: end as u32,
                same,
            });
        }
    }
}

/// Skips ASCII, which is stable; the last ASCII character is a border.
fn next_beyond_ascii(text: &str, at: &mut usize, border: &mut usize) -> Option<char> {
    let rest = &text.as_bytes()[*at..];
    let run = rest.iter().position(|b| *b >= 128)?;
    if run > 0 {
        *at += run;
        *border = *at - 1;
    }
    text[*at..].chars().next()
}

fn next_border(text: &str, from: usize, classes: Classes) -> usize {
    let rest = &text[from..];
    rest.find(|c: char| c.is_ascii() || classes.of(c) & BORDER != 0)
        .map_or(text.len(), |i| from + i)
}
