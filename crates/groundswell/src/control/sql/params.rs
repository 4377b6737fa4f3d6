//! The values of a statement's `?1`, `?2`, ….

use super::Result;
use rusqlite::ToSql;

/// What values are handed to: the place, from 1, and the value.
pub(super) type Take<'t> = dyn FnMut(usize, &dyn ToSql) -> Result<()> + 't;

/// Values in the order of their numbers.
pub(in crate::control) trait Params {
    /// Hands over each value.
    fn each(self, take: &mut Take<'_>) -> Result<()>;
}

impl Params for [&dyn ToSql; 0] {
    fn each(self, _: &mut Take<'_>) -> Result<()> {
        Ok(())
    }
}

impl Params for &[&dyn ToSql] {
    fn each(self, take: &mut Take<'_>) -> Result<()> {
        all(self.iter(), take)
    }
}

/// Not for every length at once, so that `[]` has one meaning.
macro_rules! lengths {
    ($($n:literal)*) => {$(
        impl<T: ToSql> Params for [T; $n] {
            fn each(self, take: &mut Take<'_>) -> Result<()> {
                all(self.iter(), take)
            }
        }
    )*};
}
lengths!(1 2 3 4 5 6 7 8);

/// Values that something iterates over.
pub(in crate::control) struct Iterated<I>(I);

/// The values of an iterator.
pub(in crate::control) fn params_from_iter<I: IntoIterator<Item: ToSql>>(values: I) -> Iterated<I> {
    Iterated(values)
}

impl<I: IntoIterator<Item: ToSql>> Params for Iterated<I> {
    fn each(self, take: &mut Take<'_>) -> Result<()> {
        all(self.0, take)
    }
}

fn all<T: ToSql>(values: impl IntoIterator<Item = T>, take: &mut Take<'_>) -> Result<()> {
    for (at, value) in values.into_iter().enumerate() {
        take(at + 1, &value)?;
    }
    Ok(())
}
