//! Reading what files really hold: ids that are numbers, authors that are bare names.

use crate::raw::RawAuthor;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Natural(u64),
    Integer(i64),
    Float(f64),
}

impl Scalar {
    fn into_text(self) -> String {
        match self {
            Scalar::Text(t) => t,
            Scalar::Natural(n) => n.to_string(),
            Scalar::Integer(i) => i.to_string(),
            Scalar::Float(f) => f.to_string(),
        }
    }
}

/// A string, a number written without quotes, or null.
pub(crate) fn optional_string<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Scalar>::deserialize(d)?.map(Scalar::into_text))
}

/// The default where there is `null`: a list that is not known is empty. Only in files that people write: the journal's
/// binary form (of `Media`) has no optional marker there, and would be misread.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    d: D,
) -> Result<T, D::Error> {
    if !d.is_human_readable() {
        return T::deserialize(d);
    }
    Ok(Option::<T>::deserialize(d)?.unwrap_or_default())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Author {
    Handle(Scalar),
    Whole(Box<RawAuthor>),
}

/// An author object, a bare handle, or null.
pub(crate) fn author<'de, D: Deserializer<'de>>(d: D) -> Result<Option<RawAuthor>, D::Error> {
    Ok(Option::<Author>::deserialize(d)?.map(|a| match a {
        Author::Handle(h) => RawAuthor {
            handle: Some(h.into_text()),
            ..RawAuthor::default()
        },
        Author::Whole(a) => *a,
    }))
}
