//! Posts pushed by others over HTTP: one object, an array, or JSON Lines.

use crate::error::Refused;
use crate::file::{Doubt, FileOptions, Mapper};
use crate::json;
use post::RawPost;
use serde_json::{Map, Value};
use thiserror::Error;

/// The most posts of one push.
pub const MAX_PUSH_POSTS: usize = 10_000;
/// The most bytes of one push.
pub const MAX_PUSH_BYTES: usize = 32 << 20;

/// Why a push is refused whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PushError {
    /// More than [`MAX_PUSH_BYTES`].
    #[error("{0} bytes, more than {MAX_PUSH_BYTES}")]
    TooLong(usize),
    /// More than [`MAX_PUSH_POSTS`].
    #[error("{0} posts, more than {MAX_PUSH_POSTS}")]
    TooMany(usize),
    /// Not text.
    #[error("invalid UTF-8 at byte {0}")]
    NotUtf8(usize),
    /// Neither an object nor an array nor JSON Lines.
    #[error("malformed JSON: {0}")]
    Malformed(String),
    /// Nothing in it.
    #[error("the body is empty")]
    Empty,
}

/// Reads a pushed body: a post, an array of posts, or a post a line, in the interchange form. Each post, or why it
/// is none, stands at its place in the batch. Unknown fields are left out; a known field with an unusable value
/// refuses its post.
pub fn parse_push(body: &[u8]) -> Result<Vec<Result<RawPost, Refused>>, PushError> {
    parse_push_as(body, &FileOptions::default())
}

/// The same with fields of other names, a platform for posts that do not say, and ids as told.
pub fn parse_push_as(body: &[u8], options: &FileOptions) -> Result<Vec<Result<RawPost, Refused>>, PushError> {
    if body.len() > MAX_PUSH_BYTES {
        return Err(PushError::TooLong(body.len()));
    }
    let text = std::str::from_utf8(body)
        .map_err(|e| PushError::NotUtf8(e.valid_up_to()))?
        .trim();
    let items = items(text.trim_start_matches('\u{feff}'))?;
    if items.len() > MAX_PUSH_POSTS {
        return Err(PushError::TooMany(items.len()));
    }
    let mut mapper = Mapper::new(options.map.clone(), options.platform.clone(), options.keep_ids);
    Ok(items
        .into_iter()
        .enumerate()
        .map(|(place, item)| one(&mut mapper, place, item))
        .collect())
}

/// An element, or why it could not be read.
type Item = Result<Value, String>;

fn items(text: &str) -> Result<Vec<Item>, PushError> {
    match json::parse::<Value>(text) {
        Ok(Value::Array(items)) => Ok(items.into_iter().map(Ok).collect()),
        Ok(object @ Value::Object(_)) => Ok(vec![Ok(object)]),
        Ok(_) => Err(PushError::Malformed("neither an object nor an array".to_owned())),
        Err(_) if text.is_empty() => Err(PushError::Empty),
        Err(whole) => {
            let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
            let items: Vec<Item> = lines
                .iter()
                .map(|l| json::parse(l).map_err(|e| e.to_string()))
                .collect();
            // Lines of which none is JSON are one broken document.
            if items.iter().any(|i| matches!(i, Ok(Value::Object(_)))) {
                Ok(items)
            } else {
                Err(PushError::Malformed(whole.to_string()))
            }
        }
    }
}

fn one(mapper: &mut Mapper, place: usize, item: Item) -> Result<RawPost, Refused> {
    let refuse = |code, message| Refused::new(code, place.to_string(), message);
    let row: Map<String, Value> = match item {
        Ok(Value::Object(row)) => row,
        Ok(_) => return Err(refuse("malformed", "not an object".to_owned())),
        Err(message) => return Err(refuse("malformed", message)),
    };
    let mut bad = None;
    let post = mapper.post(row, &mut |doubt| {
        if let Doubt::BadValue(field) = doubt {
            bad.get_or_insert(field);
        }
    });
    bad.map_or(Ok(post), |field| {
        Err(refuse("bad_value", format!("{field} is not readable")))
    })
}
