//! Where a post comes from, by evidence alone.

use serde::{Deserialize, Serialize};

/// Where a post comes from. See `docs/concepts/place.md`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The first-level division of that country where it is known, by its English name in the gazetteer.
    pub region: Option<String>,
    /// What says so.
    pub evidence: PlaceEvidence,
    /// How sure the country is, from 0 to 1.
    pub confidence: f32,
}

/// What a place was read from; earlier ones have precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceEvidence {
    /// The platform attached a place to the post.
    Post,
    /// The author says where they are.
    Author,
    /// The community, instance or site belongs to a country.
    Site,
}

impl PlaceEvidence {
    /// The name used in the API and files.
    pub fn name(self) -> &'static str {
        match self {
            PlaceEvidence::Post => "post",
            PlaceEvidence::Author => "author",
            PlaceEvidence::Site => "site",
        }
    }

    /// The most that a country by this evidence is worth, a rule: a platform's place is nearly always that of the
    /// post, though most platforms let authors pick any; nobody checks what authors say of themselves; a site of a
    /// country is read from other countries, too.
    pub(crate) fn confidence(self) -> f32 {
        match self {
            PlaceEvidence::Post => 0.95,
            PlaceEvidence::Author => 0.9,
            PlaceEvidence::Site => 0.6,
        }
    }
}
