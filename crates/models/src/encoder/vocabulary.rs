//! The vocabulary of an encoder: how text becomes pieces, and the embedding of each piece.

use super::container::{Container, Dtype, GROUP, GROUP_BYTES};
use super::error::EncoderError;
use super::normalise::{Normaliser, Rules, SPACE, Word};
use super::pieces::{Cut, Pieces, Ways};
use super::social::{Segment, rewrite};
use super::trie::Trie;
use serde::Deserialize;
use std::borrow::Cow;
use std::ops::Range;

/// Pieces a vocabulary may have at most.
const MAX_PIECES: usize = 1 << 20;
/// Text is cut at so many bytes before it is looked at, so that places fit 32 bits.
const MAX_TEXT: usize = 1 << 30;

/// A piece of a post: its id in the vocabulary and the bytes of the original text it stands for. The marks of begin and
/// end stand for no bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The row of the vocabulary.
    pub id: u32,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

#[derive(Deserialize)]
struct Config {
    bos: u32,
    eos: u32,
    pad: u32,
    unk: u32,
    #[serde(default)]
    prefix: String,
    max_tokens: usize,
    #[serde(default)]
    normaliser: Rules,
}

/// A loaded vocabulary.
#[derive(Debug)]
pub(super) struct Vocabulary {
    normaliser: Normaliser,
    pieces: Pieces,
    bos: u32,
    eos: u32,
    /// The pieces that every text is read after.
    prefix: Vec<u32>,
    pub(super) max_tokens: usize,
    file: Cow<'static, [u8]>,
    embeddings: Range<usize>,
    pub(super) hidden: usize,
}

/// Buffers of reading.
#[derive(Debug, Default)]
pub(super) struct Reading {
    word: Word,
    ways: Ways,
    cuts: Vec<Cut>,
}

impl Vocabulary {
    pub(super) fn load(file: Cow<'static, [u8]>) -> Result<Self, EncoderError> {
        let tensors = Container::parse(&file, "encoder-vocabulary")?;
        let config: Config = tensors.config()?;
        let &[count, hidden] = tensors.shape("embeddings")? else {
            return Err(EncoderError::tensor("embeddings", "is not a matrix"));
        };
        let special = [config.bos, config.eos, config.pad, config.unk];
        if count > MAX_PIECES || special.iter().any(|&id| id as usize >= count) {
            return Err(EncoderError::Config(format!(
                "{count} pieces: too many, or without the special ones"
            )));
        }
        if hidden == 0 || !hidden.is_multiple_of(GROUP) {
            return Err(EncoderError::tensor(
                "embeddings",
                "rows are not a multiple of 32 long",
            ));
        }
        if config.max_tokens < 2 || !(config.prefix.is_empty() || config.prefix.ends_with(' ')) {
            return Err(EncoderError::Config(
                "max_tokens below 2, or a prefix that does not end with a space".into(),
            ));
        }
        let scores = tensors.f32("pieces.scores", &[count])?;
        let trie = read_trie(&tensors, count, special)?;
        let groups = tensors.bytes("embeddings", Dtype::Q4, &[count, hidden])?;
        if groups
            .as_chunks::<GROUP_BYTES>()
            .0
            .iter()
            .any(|g| g[1] & 0x7C == 0x7C)
        {
            return Err(EncoderError::tensor("embeddings", "a scale is not a number"));
        }
        let place = tensors.place("embeddings", Dtype::Q4, &[count, hidden])?;
        let start = tensors.data_start(&file);
        let mut vocabulary = Self {
            normaliser: Normaliser::new(config.normaliser),
            pieces: Pieces::new(trie, scores, config.unk),
            bos: config.bos,
            eos: config.eos,
            prefix: Vec::new(),
            max_tokens: config.max_tokens,
            embeddings: place.start + start..place.end + start,
            hidden,
            file,
        };
        if !config.prefix.is_empty() {
            let mut read = Vec::new();
            vocabulary.read(
                &config.prefix,
                config.max_tokens,
                &mut Reading::default(),
                &mut read,
            );
            vocabulary.prefix = read[1..read.len() - 1].iter().map(|p| p.id).collect();
        }
        Ok(vocabulary)
    }

    /// Appends the pieces of `text`, at most `limit` with the marks of begin and end.
    pub(super) fn read(&self, text: &str, limit: usize, reading: &mut Reading, out: &mut Vec<Piece>) {
        let limit = out.len() + limit.max(2) - 1;
        let mark = |id, at| Piece {
            id,
            start: at,
            end: at,
        };
        out.push(mark(self.bos, 0));
        out.extend(self.prefix.iter().map(|&id| mark(id, 0)));
        let text = &text[..text.floor_char_boundary(MAX_TEXT)];
        let mut at = 0;
        let mut first = self.prefix.is_empty();
        while out.len() < limit
            && let Some((start, end)) = next_word(text, at)
        {
            self.normalise(text, start..end, first, &mut reading.word);
            self.split_word(limit, reading, out);
            first = false;
            at = end;
        }
        out.truncate(limit);
        out.push(mark(self.eos, text.len() as u32));
    }

    /// Writes the embedding of a piece into `out`.
    #[inline(always)]
    pub(super) fn embed(&self, id: u32, out: &mut [f32]) {
        let row = self.hidden / GROUP * GROUP_BYTES;
        let groups = &self.file[self.embeddings.clone()][id as usize * row..][..row];
        let groups = groups.as_chunks::<GROUP_BYTES>().0;
        for (group, values) in groups.iter().zip(out.as_chunks_mut::<GROUP>().0) {
            let scale = half(u16::from_le_bytes([group[0], group[1]]));
            let (low, high) = values.split_at_mut(GROUP / 2);
            for ((&b, l), h) in group[2..].iter().zip(low).zip(high) {
                *l = (i32::from(b & 15) - 8) as f32 * scale;
                *h = (i32::from(b >> 4) - 8) as f32 * scale;
            }
        }
    }

    fn normalise(&self, text: &str, range: Range<usize>, first: bool, word: &mut Word) {
        let whole = &text[range.clone()];
        let start = range.start;
        let before = text[..start].char_indices().next_back();
        match before {
            Some((at, _)) if !first => word.begin(true, at, start),
            _ => {
                let letter = whole.chars().next().map_or(0, char::len_utf8);
                word.begin(!(first && whole.starts_with(SPACE)), start, start + letter);
            }
        }
        rewrite(whole, |segment| match segment {
            Segment::Text(r) => self.normaliser.push(&whole[r.clone()], start + r.start, word),
            Segment::Mark(mark, r) => word.push_mark(mark, start + r.start, start + r.end),
        });
    }

    /// Splits the word at each `▁` in it and appends the pieces.
    fn split_word(&self, limit: usize, reading: &mut Reading, out: &mut Vec<Piece>) {
        let Reading { word, ways, cuts } = reading;
        let text = word.text();
        let mut from = 0;
        while from < text.len() && out.len() < limit {
            let after = text[from..]
                .char_indices()
                .nth(1)
                .map_or(text.len(), |(i, _)| from + i);
            let to = text[after..].find(SPACE).map_or(text.len(), |i| after + i);
            cuts.clear();
            self.pieces.split(&text[from..to], limit - out.len(), ways, cuts);
            for cut in cuts.iter() {
                let (start, end) = (from + cut.from as usize, from + cut.to as usize);
                // White space counts only where a piece is nothing else.
                let spaced = text[start..end].starts_with(SPACE) && end - start > SPACE.len();
                let (start, end) = word.origin(start + if spaced { SPACE.len() } else { 0 }, end);
                out.push(Piece {
                    id: cut.id,
                    start: start as u32,
                    end: end as u32,
                });
            }
            from = to;
        }
    }
}

/// The next run of characters that are no white space.
fn next_word(text: &str, at: usize) -> Option<(usize, usize)> {
    let start = at + text[at..].find(|c: char| !c.is_whitespace())?;
    let length = text[start..].find(char::is_whitespace);
    Some((start, length.map_or(text.len(), |l| start + l)))
}

fn read_trie(tensors: &Container<'_>, count: usize, special: [u32; 4]) -> Result<Trie, EncoderError> {
    let offsets = tensors.u32("pieces.offsets", &[count + 1])?;
    let bad = |reason: &str| EncoderError::tensor("pieces.offsets", reason);
    let length = offsets[count] as usize;
    let bytes = tensors.bytes("pieces.bytes", Dtype::U8, &[length])?;
    let all = std::str::from_utf8(bytes).map_err(|_| EncoderError::tensor("pieces.bytes", "is not UTF-8"))?;
    let mut pieces = Vec::with_capacity(count);
    for (id, ends) in (0u32..).zip(offsets.windows(2)) {
        let piece = all.get(ends[0] as usize..ends[1] as usize);
        let piece = piece.ok_or_else(|| bad("does not rise from piece to piece, or cuts a character"))?;
        // The marks are never read from text: a post that says "</s>" does not end itself.
        if special.contains(&id) || piece.is_empty() || piece.contains('\0') {
            continue;
        }
        pieces.push((piece.as_bytes(), id));
    }
    pieces.sort_unstable();
    if pieces.windows(2).any(|p| p[0].0 == p[1].0) {
        return Err(bad("has a piece twice"));
    }
    Trie::new(&pieces).ok_or_else(|| bad("has more pieces than can be indexed"))
}

/// The value of an IEEE 754 half, finite.
#[inline(always)]
fn half(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (
        u32::from(bits >> 15),
        u32::from(bits >> 10 & 31),
        u32::from(bits & 1023),
    );
    if exponent == 0 {
        let value = fraction as f32 / (1u32 << 24) as f32;
        return if sign == 1 { -value } else { value };
    }
    f32::from_bits(sign << 31 | (exponent + 112) << 23 | fraction << 13)
}
