//! What a post talks about when it talks about something: the *battery*, the *delivery*, *el servicio*, and how it likes it.
//!
//! Terms come from the encoder's `terms` head, and each one's sentiment from its `target` head at the term's place: both
//! read states that are there already. A term belongs to a [`cluster`] by its words, so that *shipping* and *Lieferung* are
//! counted together.

mod clusters;

pub use clusters::{CLUSTERS, cluster};

use crate::encoder::{Encoded, Encoder};
use crate::sentiment::Score;
use crate::spans::{Spans, Tagged};
use crate::suite::score;
use std::ops::Range;
use text::{TokenKind, Tokens};

/// Words of a term at most; longer spans are no terms.
const WORDS: usize = 6;
/// How much likelier a word must be part of a term than not: the head, trained on reviews full of terms, is quick to see one.
/// Of 0 to 0.8 on the judged parts, values about 0.5 give the best F1.
const LEAD: f32 = 0.5;

/// What is said of one term of a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Aspect {
    /// Where the term stands, in bytes.
    pub place: Range<usize>,
    /// The term: its words folded, with a space between each two.
    pub term: String,
    /// What it is about, one of [`CLUSTERS`]; `None` where its words are in none.
    pub cluster: Option<&'static str>,
    /// The probability that it is a term, the mean over its words.
    pub confidence: f32,
    /// The sentiment toward it; `None` where the encoder has no head for it.
    pub sentiment: Option<Score>,
}

/// Reads the `terms` and `target` heads over a post of a batch; empty where the encoder has no `terms`. `text` is the
/// post's, `tokens` are those of it, `lang` chooses the calibration.
pub fn read(
    encoder: &Encoder,
    encoded: &Encoded<'_>,
    post: usize,
    (text, lang): (&str, &str),
    tokens: &Tokens,
) -> Vec<Aspect> {
    let Some(spans) = Spans::of(encoder, "terms", LEAD) else {
        return Vec::new();
    };
    let mut buffers = Buffers::default();
    let tagged = spans.read(encoded, post, text, tokens);
    let aspect = |t: Tagged<'_>| {
        let term = normalised(tokens, &t.place)?;
        let place = std::slice::from_ref(&t.place);
        Some(Aspect {
            cluster: cluster(&term),
            sentiment: toward(encoder, encoded, post, place, lang, &mut buffers),
            confidence: t.confidence,
            place: t.place,
            term,
        })
    };
    tagged.into_iter().filter_map(aspect).collect()
}

#[derive(Default)]
struct Buffers {
    input: Vec<f32>,
    values: Vec<f32>,
    probabilities: Vec<f32>,
}

fn toward(
    encoder: &Encoder,
    encoded: &Encoded<'_>,
    post: usize,
    place: &[Range<usize>],
    lang: &str,
    buffers: &mut Buffers,
) -> Option<Score> {
    let head = encoder.head("target")?;
    let Buffers {
        input,
        values,
        probabilities,
    } = buffers;
    if !encoded.target(post, place, input) {
        return None;
    }
    head.probabilities(input, Some(lang), values, probabilities);
    score(probabilities)
}

/// The folded words at a place. Characters of scripts without spaces are not parted.
fn normalised(tokens: &Tokens, place: &Range<usize>) -> Option<String> {
    let inside = |t: &&text::Token| t.start as usize >= place.start && t.end as usize <= place.end;
    let (mut out, mut words, mut end) = (String::new(), 0, 0);
    for token in tokens.iter().filter(inside) {
        let glued = token.kind == TokenKind::Char && token.start as usize == end;
        if !glued && !out.is_empty() {
            out.push(' ');
        }
        words += usize::from(!glued);
        out.push_str(tokens.key(token));
        end = token.end as usize;
    }
    (words <= WORDS && out.chars().any(char::is_alphanumeric)).then_some(out)
}
