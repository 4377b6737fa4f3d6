//! How the text of a query is mended.

use crate::lexer::{Lexeme, Piece};
use crate::problem::Edit;
use std::ops::Range;

/// The text with the edits made. Of edits that overlap, the first in the text is made.
pub(crate) fn apply(source: &str, edits: &[Edit]) -> String {
    let mut order: Vec<&Edit> = edits.iter().collect();
    order.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(source.len() + 16);
    let mut at = 0;
    for (range, by) in order {
        if range.start >= at {
            out.push_str(&source[at..range.start]);
            out.push_str(by);
            at = range.end;
        }
    }
    out.push_str(&source[at..]);
    out
}

fn is_binary(piece: &Piece) -> bool {
    matches!(piece.lexeme, Lexeme::And | Lexeme::Or | Lexeme::Near(_))
}

fn is_negation(piece: &Piece) -> bool {
    matches!(piece.lexeme, Lexeme::Not | Lexeme::Minus)
}

/// The edit that takes the operand at `range` out, with its negations, its field's name, one operator beside it, and
/// brackets that would be left empty. An empty range stands for a missing operand: the operators that wait for it go.
pub(crate) fn without(source: &str, pieces: &[Piece], range: Range<usize>) -> Edit {
    let mut first = pieces.partition_point(|p| p.at.end <= range.start);
    let mut last = pieces.partition_point(|p| p.at.start < range.end).max(first);
    let before = |i: usize| i.checked_sub(1).map(|b| &pieces[b]);
    loop {
        while before(first).is_some_and(is_negation) {
            first -= 1;
        }
        let named = |p: &Piece| {
            matches!(p.lexeme, Lexeme::Field(_)) && pieces.get(first).is_some_and(|n| n.at.start == p.at.end)
        };
        if before(first).is_some_and(named) {
            first -= 1;
            continue;
        }
        let starts = before(first).is_none_or(|p| p.lexeme == Lexeme::Open);
        if before(first).is_some_and(is_binary) {
            first -= 1;
            break;
        }
        if starts && pieces.get(last).is_some_and(is_binary) {
            last += 1;
            break;
        }
        let enclosed = first > 0 && starts && pieces.get(last).is_some_and(|p| p.lexeme == Lexeme::Close);
        if !enclosed {
            break;
        }
        (first, last) = (first - 1, last + 1);
    }
    if first == last {
        return cut(source, range);
    }
    cut(source, pieces[first].at.start..pieces[last - 1].at.end)
}

/// The place of the whole operand whose first piece, a bracket or a negation, is at `at`.
pub(crate) fn operand(pieces: &[Piece], at: Range<usize>) -> Range<usize> {
    let first = pieces.partition_point(|p| p.at.start < at.start);
    let waits = |p: &Piece| is_negation(p) || matches!(p.lexeme, Lexeme::Field(_));
    let last = (first..pieces.len())
        .find(|&i| !waits(&pieces[i]))
        .unwrap_or(first);
    let end = match pieces.get(last).map(|p| &p.lexeme) {
        Some(Lexeme::Open) => closing(pieces)[last].unwrap_or(pieces.len() - 1),
        _ => last,
    };
    at.start..pieces.get(end).map_or(at.end, |p| p.at.end)
}

/// The edit that takes a range out, with one space left where two pieces would touch.
fn cut(source: &str, range: Range<usize>) -> Edit {
    let left = source[..range.start].trim_end();
    let right = source[range.end..].trim_start();
    let touch = left.is_empty() || right.is_empty() || left.ends_with('(') || right.starts_with(')');
    let by = if touch { "" } else { " " };
    (left.len()..source.len() - right.len(), by.to_owned())
}

/// The begin of a query up to the piece of this index, with its brackets closed.
pub(crate) fn head(source: &str, pieces: &[Piece], count: usize) -> Edit {
    let waits =
        |p: &Piece| is_binary(p) || is_negation(p) || matches!(p.lexeme, Lexeme::Open | Lexeme::Field(_));
    let mut kept = &pieces[..count.min(pieces.len())];
    while let Some((_, rest)) = kept.split_last().filter(|(last, _)| waits(last)) {
        kept = rest;
    }
    let end = kept.last().map_or(0, |p| p.at.end);
    let open = kept.iter().fold(0usize, |depth, p| match p.lexeme {
        Lexeme::Open => depth + 1,
        Lexeme::Close => depth.saturating_sub(1),
        _ => depth,
    });
    (end..source.len(), ")".repeat(open))
}

/// The edits that make a query shallower without changing what it means: doubled brackets and doubled NOTs go. Empty
/// where there are none.
pub(crate) fn shallower(pieces: &[Piece]) -> Vec<Edit> {
    let closes = closing(pieces);
    let mut edits = Vec::new();
    let mut i = 0;
    while i + 1 < pieces.len() {
        let (this, next) = (&pieces[i], &pieces[i + 1]);
        let doubled = closes[i]
            .zip(closes[i + 1])
            .is_some_and(|(outer, inner)| outer == inner + 1);
        if doubled && let Some(inner) = closes[i + 1] {
            edits.push((next.at.clone(), String::new()));
            edits.push((pieces[inner].at.clone(), String::new()));
        } else if is_negation(this) && is_negation(next) {
            let end = pieces.get(i + 2).map_or(next.at.end, |p| p.at.start);
            edits.push((this.at.start..end, String::new()));
            i += 1;
        }
        i += 1;
    }
    edits
}

/// For each opening bracket, the index of the one that closes it.
fn closing(pieces: &[Piece]) -> Vec<Option<usize>> {
    let mut closes = vec![None; pieces.len()];
    let mut open = Vec::new();
    for (i, p) in pieces.iter().enumerate() {
        match p.lexeme {
            Lexeme::Open => open.push(i),
            Lexeme::Close => {
                if let Some(o) = open.pop() {
                    closes[o] = Some(i);
                }
            }
            _ => {}
        }
    }
    closes
}
