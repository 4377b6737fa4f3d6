//! The states of a batch of posts, as the heads read them.

use super::vocabulary::Piece;
use std::ops::Range;

/// A batch after its pass through the encoder.
#[derive(Debug)]
pub struct Encoded<'s> {
    pub(super) hidden: usize,
    pub(super) pieces: &'s [Piece],
    pub(super) posts: &'s [Range<usize>],
    pub(super) states: &'s [f32],
    pub(super) means: &'s [f32],
}

impl<'s> Encoded<'s> {
    /// The number of posts.
    pub fn len(&self) -> usize {
        self.posts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// The mean state of a post's pieces, begin and end included. Posts are counted from 0 in the order given.
    pub fn post(&self, post: usize) -> &'s [f32] {
        &self.means[post * self.hidden..][..self.hidden]
    }

    /// The pieces of a post, begin and end included.
    pub fn pieces(&self, post: usize) -> &'s [Piece] {
        &self.pieces[self.posts[post].clone()]
    }

    /// The state of each piece of a post, in the order of [`Encoded::pieces`].
    pub fn tokens(&self, post: usize) -> impl ExactSizeIterator<Item = &'s [f32]> + use<'s> {
        let Range { start, end } = self.posts[post].clone();
        self.states[start * self.hidden..end * self.hidden].chunks_exact(self.hidden)
    }

    /// The pieces of a post that share a byte with `bytes` of its text: from the first to the last of them. `None` where
    /// there is none, as behind the place where a long post was cut.
    pub fn span(&self, post: usize, bytes: &Range<usize>) -> Option<Range<usize>> {
        let pieces = self.pieces(post);
        let shares =
            |p: &Piece| (p.start as usize) < bytes.end && p.end as usize > bytes.start && p.start < p.end;
        let first = pieces.iter().position(shares)?;
        let last = pieces.iter().rposition(shares)?;
        Some(first..last + 1)
    }

    /// Writes what a head with [`HeadInput::Target`](super::HeadInput::Target) reads into `out`, which it empties first:
    /// the mean state of the pieces at all places of a target, then that of the post. Returns whether any place was
    /// found; if not, the whole post stands for the target.
    pub fn target(&self, post: usize, places: &[Range<usize>], out: &mut Vec<f32>) -> bool {
        out.clear();
        out.resize(self.hidden, 0.0);
        let spans: Vec<_> = places.iter().filter_map(|p| self.span(post, p)).collect();
        let mut count = 0;
        for (i, state) in self.tokens(post).enumerate() {
            if spans.iter().any(|s| s.contains(&i)) {
                count += 1;
                out.iter_mut().zip(state).for_each(|(o, s)| *o += s);
            }
        }
        if count == 0 {
            out.copy_from_slice(self.post(post));
        } else {
            out.iter_mut().for_each(|o| *o /= count as f32);
        }
        out.extend_from_slice(self.post(post));
        count > 0
    }
}
