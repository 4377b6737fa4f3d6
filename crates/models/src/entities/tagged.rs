//! Entities from the tags the encoder gives to pieces.

use super::{Entity, Kind};
use crate::encoder::{Encoded, Encoder};
use crate::spans::{Spans, Tagged};
use text::Tokens;

/// Reads the `entities` head over a post of a batch; empty where the encoder has none. `text` is the post's, `tokens` are
/// those of it. Links and handles are never entities.
pub fn read(
    encoder: &Encoder,
    encoded: &Encoded<'_>,
    post: usize,
    text: &str,
    tokens: &Tokens,
) -> Vec<Entity> {
    let Some(spans) = Spans::of(encoder, "entities", 0.0) else {
        return Vec::new();
    };
    let entity = |t: Tagged<'_>| {
        Some(Entity {
            place: t.place,
            kind: Kind::of(t.label)?,
            confidence: t.confidence,
            name: None,
        })
    };
    let tagged = spans.read(encoded, post, text, tokens);
    tagged.into_iter().filter_map(entity).collect()
}
