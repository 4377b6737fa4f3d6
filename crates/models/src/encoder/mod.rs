//! The full tier: one multilingual transformer encoder with a head per task, in 8-bit integers.
//!
//! One pass of a post serves every task: heads read the mean of its states, the states at a target's places, or each
//! piece's own. Two files make an encoder, a vocabulary and weights (`docs/specs/encoder.md`).
//!
//! ```no_run
//! # use models::encoder::*;
//! # fn files() -> (Vec<u8>, Vec<u8>) { unimplemented!() }
//! # fn main() -> Result<(), EncoderError> {
//! let (vocabulary, weights) = files();
//! let encoder = Encoder::load(vocabulary, &weights)?;
//! let mut scratch = Scratch::new();
//! let encoded = encoder.encode(&["so good!", "never again"], &mut scratch);
//! if let Some(head) = encoder.head("sentiment") {
//!     let (mut values, mut probabilities) = (Vec::new(), Vec::new());
//!     head.probabilities(encoded.post(0), Some("en"), &mut values, &mut probabilities);
//! }
//! # Ok(())
//! # }
//! ```

mod attention;
mod container;
mod curves;
mod encoded;
mod error;
mod head;
mod kernel;
mod linear;
mod norm;
mod normalise;
mod pass;
mod pieces;
mod quantise;
mod social;
mod trie;
mod vocabulary;
mod weights;

pub use container::TENSOR_FORMAT;
pub use encoded::Encoded;
pub use error::EncoderError;
pub use head::{Activation, Head, HeadInput};
pub use kernel::Instructions;
pub use vocabulary::Piece;

use kernel::Level;
use pass::{Buffers, Pass};
use std::borrow::Cow;
use std::ops::Range;
use vocabulary::{Reading, Vocabulary};
use weights::Weights;

/// A group of posts goes through the layers together once it has so many pieces: enough to read each weight rarely, few
/// enough for the buffers to stay in the processor's caches.
const GROUP_PIECES: usize = 256;

/// A loaded encoder. It is read only; each thread brings its own [`Scratch`].
#[derive(Debug)]
pub struct Encoder {
    vocabulary: Vocabulary,
    weights: Weights,
    level: Level,
}

/// Buffers of encoding. Keep one per thread: after the first batches nothing is allocated.
#[derive(Debug, Default)]
pub struct Scratch {
    reading: Reading,
    pieces: Vec<Piece>,
    posts: Vec<Range<usize>>,
    /// The posts of a group, counted from its first piece.
    group: Vec<Range<usize>>,
    states: Vec<f32>,
    means: Vec<f32>,
    buffers: Buffers,
}

impl Scratch {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Encoder {
    /// Reads both files. The vocabulary's embeddings are used where they lie, so its bytes are kept: borrowed if they live
    /// as long as the program, owned otherwise. The weights are packed anew. Anything damaged or foreign is an error.
    pub fn load(vocabulary: impl Into<Cow<'static, [u8]>>, weights: &[u8]) -> Result<Self, EncoderError> {
        let vocabulary = Vocabulary::load(vocabulary.into())?;
        let weights = Weights::load(weights)?;
        if vocabulary.hidden != weights.hidden {
            return Err(EncoderError::Config(format!(
                "the vocabulary's embeddings have {} values, the weights ask for {}",
                vocabulary.hidden, weights.hidden
            )));
        }
        Ok(Self {
            vocabulary,
            weights,
            level: Level::detect(),
        })
    }

    /// The same encoder with no better instructions than these, to compare with.
    pub fn limited(self, instructions: Instructions) -> Self {
        Self {
            level: Level::at_most(instructions),
            ..self
        }
    }

    /// The instructions it uses: the best of this processor.
    pub fn instructions(&self) -> Instructions {
        self.level.instructions()
    }

    /// Name and version of the weights: `encoder@1`.
    pub fn id(&self) -> &str {
        &self.weights.id
    }

    /// The number of layers.
    pub fn layers(&self) -> usize {
        self.weights.layers.len()
    }

    /// The number of values of a state.
    pub fn hidden(&self) -> usize {
        self.weights.hidden
    }

    /// Pieces after which [`Encoder::encode`] cuts a post, the marks of begin and end included.
    pub fn max_tokens(&self) -> usize {
        self.vocabulary.max_tokens.min(self.weights.max_position)
    }

    /// The head of that name.
    pub fn head(&self, name: &str) -> Option<&Head> {
        self.weights.outputs.get(name)
    }

    /// All heads with their names.
    pub fn heads(&self) -> impl Iterator<Item = (&str, &Head)> {
        self.weights
            .outputs
            .iter()
            .map(|(name, head)| (name.as_str(), head))
    }

    /// Splits a post into pieces without encoding it, at most `max_tokens` of them.
    pub fn pieces(&self, text: &str, max_tokens: usize, scratch: &mut Scratch, out: &mut Vec<Piece>) {
        self.vocabulary.read(text, max_tokens, &mut scratch.reading, out);
    }

    /// Encodes a batch of posts. A batch of 8 and more uses the processor best; larger than 64 gains nothing.
    pub fn encode<'s>(&self, texts: &[impl AsRef<str>], scratch: &'s mut Scratch) -> Encoded<'s> {
        self.encode_up_to(self.max_tokens(), texts, scratch)
    }

    /// Encodes a batch of posts, each cut at `max_tokens` pieces (at least 2, and at most the places the weights know).
    pub fn encode_up_to<'s>(
        &self,
        max_tokens: usize,
        texts: &[impl AsRef<str>],
        scratch: &'s mut Scratch,
    ) -> Encoded<'s> {
        let hidden = self.weights.hidden;
        let limit = max_tokens.clamp(2, self.weights.max_position);
        scratch.pieces.clear();
        scratch.posts.clear();
        for text in texts {
            let start = scratch.pieces.len();
            self.vocabulary
                .read(text.as_ref(), limit, &mut scratch.reading, &mut scratch.pieces);
            scratch.posts.push(start..scratch.pieces.len());
        }
        scratch.states.clear();
        scratch.states.resize(scratch.pieces.len() * hidden, 0.0);
        let mut first = 0;
        while first < scratch.posts.len() {
            first = self.encode_group(first, scratch);
        }
        scratch.means.clear();
        for post in &scratch.posts {
            let states = scratch.states[post.start * hidden..post.end * hidden].chunks_exact(hidden);
            let at = scratch.means.len();
            scratch.means.resize(at + hidden, 0.0);
            let mean = &mut scratch.means[at..];
            states.for_each(|state| mean.iter_mut().zip(state).for_each(|(m, s)| *m += s));
            mean.iter_mut().for_each(|m| *m /= post.len() as f32);
        }
        Encoded {
            hidden,
            pieces: &scratch.pieces,
            posts: &scratch.posts,
            states: &scratch.states,
            means: &scratch.means,
        }
    }

    /// Passes posts from the `first` on, until they are enough, and returns the one after them.
    fn encode_group(&self, first: usize, scratch: &mut Scratch) -> usize {
        let hidden = self.weights.hidden;
        let start = scratch.posts[first].start;
        let mut end = start;
        scratch.group.clear();
        for post in &scratch.posts[first..] {
            if !scratch.group.is_empty() && post.end - start > GROUP_PIECES {
                break;
            }
            scratch.group.push(post.start - start..post.end - start);
            end = post.end;
        }
        self.level.forward(Pass {
            vocabulary: &self.vocabulary,
            weights: &self.weights,
            pieces: &scratch.pieces[start..end],
            posts: &scratch.group,
            buffers: &mut scratch.buffers,
            states: &mut scratch.states[start * hidden..end * hidden],
        });
        first + scratch.group.len()
    }
}
