//! Spans of whole words from the tags of a token head: `O`, and `B-` and `I-` of each label.
//!
//! Pieces are parts of words; a word's label is the one its pieces give the most probability together. Handles, links and
//! emoji have no label.

use crate::encoder::{Encoded, Encoder, Head, HeadInput, Piece};
use std::ops::Range;
use text::{Token, TokenKind, Tokens};

/// Bytes between two words of a span at most.
const GAP: usize = 3;

/// A span with its label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tagged<'h> {
    pub(crate) place: Range<usize>,
    pub(crate) label: &'h str,
    /// The mean probability of the label over its words.
    pub(crate) confidence: f32,
}

/// A token head whose labels are tags.
pub(crate) struct Spans<'h> {
    head: &'h Head,
    /// The labels, with the outputs of their `B-` and `I-`.
    labels: Vec<(&'h str, usize, Option<usize>)>,
    /// How much likelier a label must be than none.
    lead: f32,
}

/// What a word is, as far as its pieces say.
struct Said {
    place: Range<usize>,
    label: usize,
    probability: f32,
    /// Whether it begins a span rather than going on with one.
    begins: bool,
}

impl<'h> Spans<'h> {
    /// The head of that name; `None` where there is none, or its labels are no tags. A word has a label where that is
    /// likelier than none by `lead`.
    pub(crate) fn of(encoder: &'h Encoder, name: &str, lead: f32) -> Option<Self> {
        let head = encoder.head(name).filter(|h| h.input() == HeadInput::Token)?;
        let at = |label: &str| head.labels().iter().position(|l| l == label);
        let begin = |(i, tag): (usize, &'h String)| {
            let label = tag.strip_prefix("B-")?;
            Some((label, i, at(&format!("I-{label}"))))
        };
        let labels: Vec<_> = head.labels().iter().enumerate().filter_map(begin).collect();
        (!labels.is_empty()).then_some(Self { head, labels, lead })
    }

    /// The spans of a post of a batch; `tokens` are those of its `text`.
    pub(crate) fn read(
        &self,
        encoded: &Encoded<'_>,
        post: usize,
        text: &str,
        tokens: &Tokens,
    ) -> Vec<Tagged<'h>> {
        let probabilities = self.probabilities(encoded, post);
        // The mark of the end belongs to no word.
        let Some((_, pieces)) = encoded.pieces(post).split_last() else {
            return Vec::new();
        };
        let words = words(text, tokens);
        let (mut said, mut first): (Vec<Option<Said>>, usize) = (Vec::new(), 0);
        for place in words {
            while first < pieces.len() && !(starts(&pieces[first]) && ends_after(&pieces[first], &place)) {
                first += 1;
            }
            let inside = pieces[first..]
                .iter()
                .take_while(|p| (p.start as usize) < place.end);
            let range = first..first + inside.count();
            said.push(self.word(&probabilities[range], place));
        }
        self.join(said, text)
    }

    /// The probability of each tag, piece by piece.
    fn probabilities(&self, encoded: &Encoded<'_>, post: usize) -> Vec<Vec<f32>> {
        let mut values = Vec::new();
        let of = |state: &[f32]| {
            let mut out = Vec::new();
            self.head.probabilities(state, None, &mut values, &mut out);
            out
        };
        encoded.tokens(post).map(of).collect()
    }

    /// The label of a word with these pieces, if it has one.
    fn word(&self, pieces: &[Vec<f32>], place: Range<usize>) -> Option<Said> {
        let first = pieces.first()?;
        let mass = |p: &[f32], &(_, b, i): &(&str, usize, Option<usize>)| p[b] + i.map_or(0.0, |i| p[i]);
        let mean = |label| pieces.iter().map(|p| mass(p, label)).sum::<f32>() / pieces.len() as f32;
        let masses: Vec<f32> = self.labels.iter().map(mean).collect();
        let label = crate::linear::argmax(&masses);
        let none = 1.0 - masses.iter().sum::<f32>();
        let (_, b, i) = self.labels[label];
        (masses[label] > none + self.lead).then(|| Said {
            place,
            label,
            probability: masses[label],
            begins: i.is_none_or(|i| first[b] >= first[i]),
        })
    }

    fn join(&self, words: Vec<Option<Said>>, text: &str) -> Vec<Tagged<'h>> {
        let mut out: Vec<Tagged<'h>> = Vec::new();
        let (mut count, mut open) = (0, None);
        for word in words {
            let Some(word) = word else {
                open = None;
                continue;
            };
            let goes_on = |last: &&mut Tagged<'h>| {
                open == Some(word.label) && !word.begins && is_gap(text, last.place.end, word.place.start)
            };
            match out.last_mut().filter(goes_on) {
                Some(last) => {
                    count += 1;
                    last.place.end = word.place.end;
                    last.confidence += (word.probability - last.confidence) / count as f32;
                }
                None => {
                    count = 1;
                    out.push(Tagged {
                        place: word.place,
                        label: self.labels[word.label].0,
                        confidence: word.probability,
                    });
                }
            }
            open = Some(word.label);
        }
        out
    }
}

fn starts(piece: &Piece) -> bool {
    piece.start < piece.end
}

fn ends_after(piece: &Piece, place: &Range<usize>) -> bool {
    piece.end as usize > place.start
}

/// Whether two places may belong to one span: little lies between, and no line ends there.
fn is_gap(text: &str, from: usize, to: usize) -> bool {
    let between = text.get(from..to);
    between.is_some_and(|b| b.len() <= GAP && !b.contains('\n'))
}

/// The places of the words that may have a label.
fn words(text: &str, tokens: &Tokens) -> Vec<Range<usize>> {
    let spoken = |t: &&Token| matches!(t.kind, TokenKind::Word | TokenKind::Char) && t.sigil != b'@';
    tokens.iter().filter(spoken).map(|t| whole(text, t)).collect()
}

/// The bytes of a token with its sigil, which may be a full-width one of three bytes.
pub(crate) fn whole(text: &str, t: &Token) -> Range<usize> {
    let (start, end) = (t.start as usize, t.end as usize);
    let sigil = match t.sigil {
        0 => None,
        _ => text.get(..start).and_then(|before| before.chars().next_back()),
    };
    start - sigil.map_or(0, char::len_utf8)..end
}
