//! Who and what a post names: people, organisations, places, products.
//!
//! Two ways find them. The encoder's `entities` head tags each piece of a post ([`read`]); tags become spans of whole words
//! of the original text. A [`Gazetteer`] finds the names somebody gave, in every tier. Where both find something at one
//! place, the list's word is taken ([`merge`]).

mod gazetteer;
mod tagged;

pub use gazetteer::Gazetteer;
pub use tagged::read;

use std::ops::Range;

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A human being, real or not.
    Person,
    /// A company, a team, a band, a party.
    Organisation,
    /// A place.
    Location,
    /// A thing one can buy.
    Product,
    /// A work, an event, anything else that has a name.
    Other,
}

impl Kind {
    /// All kinds, in the order of the encoder's tags.
    pub const ALL: [Self; 5] = [
        Self::Person,
        Self::Organisation,
        Self::Location,
        Self::Product,
        Self::Other,
    ];

    /// Its name in files and interfaces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Location => "location",
            Self::Product => "product",
            Self::Other => "other",
        }
    }

    /// The kind of that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// A named entity of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Where it stands, in bytes.
    pub place: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// The probability of its kind, the mean over its pieces; 1 for names of a gazetteer.
    pub confidence: f32,
    /// The name as the gazetteer has it, for those it found.
    pub name: Option<String>,
}

/// Both lists as one, in the order of the text: of entities that share a byte, those `listed` stay.
pub fn merge(listed: Vec<Entity>, read: Vec<Entity>) -> Vec<Entity> {
    let free = |e: &Entity| {
        let mut taken = listed.iter().map(|l| &l.place);
        !taken.any(|t| t.start < e.place.end && e.place.start < t.end)
    };
    let mut out: Vec<Entity> = read.into_iter().filter(free).collect();
    out.extend(listed);
    out.sort_by_key(|e| (e.place.start, e.place.end));
    out
}
