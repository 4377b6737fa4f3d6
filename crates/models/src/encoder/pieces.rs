//! Splitting a word into pieces: the likeliest way under a unigram language model (Kudo 2018).

use super::trie::{NONE, Trie};

/// A character that is no piece costs this much more than the unlikeliest piece (SentencePiece's penalty).
const UNKNOWN_PENALTY: f64 = 10.0;
/// Longer words are split in parts of so many bytes, so that buffers stay small.
const MAX_PART: usize = 4096;

/// The pieces of a vocabulary.
#[derive(Debug)]
pub(super) struct Pieces {
    trie: Trie,
    /// The logarithm of each piece's probability.
    scores: Vec<f32>,
    unknown: u32,
    unknown_score: f64,
}

/// A piece of a word: its id and its bytes `from..to` in the word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    pub(super) id: u32,
    pub(super) from: u32,
    pub(super) to: u32,
}

/// The best way to a place in the word.
#[derive(Debug, Clone, Copy)]
struct Way {
    score: f64,
    from: u32,
    id: u32,
}

/// Buffers of splitting.
#[derive(Debug, Default)]
pub(super) struct Ways(Vec<Way>);

const UNREACHED: Way = Way {
    score: f64::NEG_INFINITY,
    from: 0,
    id: NONE,
};

impl Pieces {
    pub(super) fn new(trie: Trie, scores: Vec<f32>, unknown: u32) -> Self {
        let least = scores.iter().copied().fold(f32::INFINITY, f32::min);
        Self {
            trie,
            scores,
            unknown,
            unknown_score: f64::from(least) - UNKNOWN_PENALTY,
        }
    }

    /// Appends the pieces of `word` to `out`, until that holds `limit` pieces. Unknown characters in a row are one piece.
    pub(super) fn split(&self, word: &str, limit: usize, ways: &mut Ways, out: &mut Vec<Cut>) {
        let (mut from, first) = (0, out.len());
        while from < word.len() && out.len() < limit {
            let to = part_end(word, from);
            self.find_ways(&word[from..to], &mut ways.0);
            let part = out.len();
            let mut end = to - from;
            while end > 0 {
                let way = ways.0[end];
                out.push(Cut {
                    id: way.id,
                    from: from as u32 + way.from,
                    to: (from + end) as u32,
                });
                end = way.from as usize;
            }
            out[part..].reverse();
            self.fuse(out, first);
            from = to;
        }
        out.truncate(limit);
    }

    /// Fills `ways` with the best way to each place of `text`. Among equals, the one found first stays.
    fn find_ways(&self, text: &str, ways: &mut Vec<Way>) {
        let bytes = text.as_bytes();
        ways.clear();
        ways.resize(bytes.len() + 1, UNREACHED);
        ways[0].score = 0.0;
        for (at, c) in text.char_indices() {
            let so_far = ways[at].score;
            let mut reach = |end: usize, id: u32, score: f64| {
                let way = &mut ways[end];
                if way.id == NONE || so_far + score > way.score {
                    *way = Way {
                        score: so_far + score,
                        from: at as u32,
                        id,
                    };
                }
            };
            let mut alone = false;
            let mut node = self.trie.root();
            for (i, &byte) in bytes[at..].iter().enumerate() {
                let Some(child) = self.trie.child(node, byte) else {
                    break;
                };
                node = child;
                if node.value != NONE {
                    alone |= i + 1 == c.len_utf8();
                    reach(
                        at + i + 1,
                        node.value,
                        f64::from(self.scores[node.value as usize]),
                    );
                }
            }
            if !alone {
                reach(at + c.len_utf8(), self.unknown, self.unknown_score);
            }
        }
    }

    fn fuse(&self, cuts: &mut Vec<Cut>, first: usize) {
        let mut kept = first;
        for i in first..cuts.len() {
            let cut = cuts[i];
            if kept > first && cut.id == self.unknown && cuts[kept - 1].id == self.unknown {
                cuts[kept - 1].to = cut.to;
            } else {
                cuts[kept] = cut;
                kept += 1;
            }
        }
        cuts.truncate(kept);
    }
}

fn part_end(word: &str, from: usize) -> usize {
    let mut end = word.len().min(from + MAX_PART);
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    end
}
