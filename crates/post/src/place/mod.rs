//! Where a post comes from, by evidence alone: never from its language, nor from anybody's name.

mod gazetteer;
mod locate;
mod name;
mod site;

use crate::raw::RawPost;
use gazetteer::{Area, gazetteer};
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

impl Place {
    /// Where a post comes from, by the first of the platform's place, the author's own words, and the site's country
    /// that says so.
    pub(crate) fn of(raw: &RawPost) -> Option<Self> {
        attached(raw)
            .or_else(|| Self::stated(raw.author.as_ref()?.location.as_deref()?))
            .or_else(|| of_site(raw))
    }

    /// The place that an author's own words name (`Köln`, `Austin, TX`, `🇩🇪 Berlin`). `None` where they name none,
    /// several, or one of many of that name. The result holds names of the gazetteer, nothing of `words`.
    pub fn stated(words: &str) -> Option<Self> {
        let found = locate::locate(words)?;
        Some(Self::new(found.area, PlaceEvidence::Author, found.sure))
    }

    fn new(area: Area, evidence: PlaceEvidence, sure: f32) -> Self {
        Self {
            country: area.country.to_owned(),
            region: area.region.map(str::to_owned),
            evidence,
            confidence: evidence.confidence() * sure,
        }
    }
}

/// The place that the platform attached: a country by code or name, and a region of it; or a region alone.
fn attached(raw: &RawPost) -> Option<Place> {
    let region = raw.region.as_deref();
    if let Some(country) = raw.country.as_deref().and_then(country_of) {
        let region = region.and_then(|r| locate::region_in(r, country));
        return Some(Place::new(Area { country, region }, PlaceEvidence::Post, 1.0));
    }
    let found = locate::locate(region?)?;
    Some(Place::new(found.area, PlaceEvidence::Post, found.sure))
}

fn of_site(raw: &RawPost) -> Option<Place> {
    let stated = raw.site_country.as_deref().and_then(country_of);
    let country = stated.or_else(|| site::country_of_host(raw.community.as_deref()?))?;
    let area = Area {
        country,
        region: None,
    };
    Some(Place::new(area, PlaceEvidence::Site, 1.0))
}

/// A country by its code of two letters, or by what else it is called.
fn country_of(name: &str) -> Option<&'static str> {
    let name = name.trim();
    let gazetteer = gazetteer();
    if name.len() == 2 && name.is_ascii() {
        let code = name.to_ascii_uppercase();
        let code = if code == "UK" { "GB" } else { &code };
        return gazetteer
            .country(code)
            .and_then(|n| gazetteer.area(n))
            .map(|a| a.country);
    }
    locate::country_named(name)
}
