//! Reading what files really hold: ids that are numbers, authors that are bare names.

use crate::raw::RawAuthor;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Integer(i64),
    Float(f64),
}

/// A string, a number written without quotes, or null.
pub(crate) fn optional_string<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Scalar>::deserialize(d)?.map(|s| match s {
        Scalar::Text(t) => t,
        Scalar::Integer(i) => i.to_string(),
        Scalar::Float(f) => f.to_string(),
    }))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Author {
    Handle(String),
    Whole(RawAuthor),
}

/// An author object, a bare handle, or null.
pub(crate) fn author<'de, D: Deserializer<'de>>(d: D) -> Result<Option<RawAuthor>, D::Error> {
    Ok(Option::<Author>::deserialize(d)?.map(|a| match a {
        Author::Handle(h) => RawAuthor {
            handle: Some(h),
            ..RawAuthor::default()
        },
        Author::Whole(a) => a,
    }))
}
