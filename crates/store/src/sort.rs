//! Orders of mentions besides newest first, and places in them.

use post::Millis;
use std::fmt;
use std::str::FromStr;

/// An order of mentions. What is equal in it stands newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Oldest first.
    Oldest,
    /// Most engagement first, as it is by now.
    Engagement,
    /// Authors with most followers first; those whose followers are unknown come last.
    Audience,
    /// Most surely negative first, by the model's probability in thousandths; unscored ones come last.
    Negative,
    /// Most surely positive first, likewise.
    Positive,
    /// What answers the search of the filter best first, by Okapi BM25 over its positive words in thousandths; a filter
    /// without a search is refused. Words with `*` or `?` inside find, but do not weigh.
    Relevance,
}

impl Sort {
    /// All of them.
    pub const ALL: [Sort; 6] = [
        Sort::Oldest,
        Sort::Engagement,
        Sort::Audience,
        Sort::Negative,
        Sort::Positive,
        Sort::Relevance,
    ];

    /// The order's name.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Oldest => "oldest",
            Sort::Engagement => "engagement",
            Sort::Audience => "audience",
            Sort::Negative => "negative",
            Sort::Positive => "positive",
            Sort::Relevance => "relevance",
        }
    }

    /// The order of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }
}

/// The rank of what has none: it comes last.
pub(crate) const UNRANKED: i64 = -1;

/// A place in an order: after the mention with this rank, time and id, the highest rank first. It stays valid while
/// mentions come and go, because it names a place and not how many stand before it. Where a mention's rank changes meanwhile,
/// as engagement grows, it is seen once if it stays on its side of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub(crate) rank: i64,
    pub(crate) created_at: Millis,
    pub(crate) id: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{:016x}", self.rank, self.created_at, self.id)
    }
}

impl FromStr for Place {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('.');
        let mut read = || {
            let place = Place {
                rank: parts.next()?.parse().ok()?,
                created_at: parts.next()?.parse().ok()?,
                id: u64::from_str_radix(parts.next()?, 16).ok()?,
            };
            parts.next().is_none().then_some(place)
        };
        read().ok_or_else(|| crate::Error::Question(format!("not a place: {text:.64}")))
    }
}

/// A page of mentions in some order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sorted {
    /// The mentions.
    pub items: Vec<crate::Mention>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Place>,
    /// All mentions under the filter, on every page.
    pub total: u64,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let place = Place {
            rank: UNRANKED,
            created_at: -5,
            id: u64::MAX,
        };
        assert_eq!(place.to_string().parse::<Place>().unwrap(), place);
        for bad in ["", "1.2", "1.2.x", "1.2.3.4", "a.2.3"] {
            assert!(bad.parse::<Place>().is_err(), "{bad}");
        }
        for sort in Sort::ALL {
            assert_eq!(Sort::from_name(sort.name()), Some(sort));
        }
    }
}
