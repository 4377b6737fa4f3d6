//! Reading where somebody says they are.
//!
//! A text is split into parts at commas and other signs. Each part is looked up whole; a part may mean several places.
//! Then one of three rules decides the country, or none does:
//!
//! 1. *Together*: one part names a country or region in which another part names a place, in one country only.
//! 2. *Alone*: of all people who live in places of that name, at least [`SHARE`] live in one country, and at least half
//!    in one place.
//! 3. *In agreement*: several parts that each mean the same country alone.

use super::gazetteer::{Area, Candidate, Candidates, Kind, gazetteer};
use super::name::fold_into;
use smallvec::SmallVec;

/// Longer texts are not read: nobody needs as much to say where they are.
pub(super) const MAX_BYTES: usize = 200;
const MAX_PARTS: usize = 6;

/// Least share of a name's people in the country that it alone stands for.
const SHARE: f32 = 0.85;
/// What is left of the confidence where a part beside is not understood, and where only a flag says it.
const DOUBT: f32 = 0.85;

/// Words before and after a place's name that do not change it.
const BEFORE: [&str; 18] = [
    "in ",
    "near ",
    "greater ",
    "based in ",
    "living in ",
    "currently in ",
    "from ",
    "nahe ",
    "bei ",
    "aus ",
    "cerca de ",
    "pres de ",
    "vicino a ",
    "perto de ",
    "em ",
    "en ",
    "a ",
    "the ",
];
const AFTER: [&str; 8] = [
    " metro area",
    " area",
    " metro",
    " region",
    " suburbs",
    " based",
    " city",
    " und umgebung",
];
/// Words between two places.
const BETWEEN: [&str; 9] = [
    " and ", " or ", " und ", " oder ", " et ", " y ", " e ", " en ", " via ",
];

type Parts = SmallVec<[Candidates; 4]>;

/// Where, and how sure the country is, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub(super) area: Area,
    pub(super) sure: f32,
}

/// The country, and the region where it is stated, that `text` names.
pub(super) fn locate(text: &str) -> Option<Found> {
    let read = read(text)?;
    let parts = &read.parts;
    let (area, mut sure) = match &parts[..] {
        [] => return None,
        [one] => alone(one)?,
        several => together(several)
            .map(|area| (area, 1.0))
            .or_else(|| agreed(several))?,
    };
    if read.strange > 0 || (parts.len() == 1 && read.flags == 1) {
        sure *= DOUBT;
    }
    let area = gazetteer().area(area)?;
    Some(Found { area, sure })
}

/// The region of `country` that `text` names, or in which the place lies that it names.
pub(super) fn region_in(text: &str, country: &str) -> Option<&'static str> {
    let of_country = |c: &&Candidate| area(**c).is_some_and(|a| a.country == country && a.region.is_some());
    let parts = read(text)?.parts;
    let all = || parts.iter().flatten().filter(of_country);
    let region = all().find(|c| c.kind == Kind::Region).or_else(|| all().next())?;
    area(*region)?.region
}

/// The country of that name.
pub(super) fn country_named(text: &str) -> Option<&'static str> {
    let parts = read(text)?.parts;
    let [part] = &parts[..] else { return None };
    let country = |c: &&Candidate| area(**c).is_some_and(|a| a.region.is_none()) && c.kind != Kind::City;
    let mut countries = part.iter().filter(country);
    area(*countries.next().filter(|_| countries.next().is_none())?).map(|a| a.country)
}

fn area(c: Candidate) -> Option<Area> {
    gazetteer().area(c.area)
}

fn country(c: Candidate) -> &'static str {
    area(c).map_or("", |a| a.country)
}

/// What was read of a text.
#[derive(Default)]
struct Read {
    /// What each part may mean.
    parts: Parts,
    flags: usize,
    /// Parts that name no place.
    strange: usize,
    name: String,
}

/// `None` where there is too much to be a place, or where a part is nowhere.
fn read(text: &str) -> Option<Read> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let mut read = Read::default();
    let mut start = None;
    let mut flag = None;
    for (at, c) in text.char_indices() {
        if is_of_name(c, &text[at..]) {
            start.get_or_insert(at);
            continue;
        }
        if let Some(start) = start.take() {
            read.part(&text[start..at])?;
        }
        flag = match (flag, regional(c)) {
            (Some(first), Some(second)) => {
                read.flag(first, second)?;
                None
            }
            (_, letter) => letter,
        };
    }
    if let Some(start) = start {
        read.part(&text[start..])?;
    }
    (read.strange <= 1 && read.parts.len() <= MAX_PARTS).then_some(read)
}

/// Letters, digits, and the signs that stand inside names.
fn is_of_name(c: char, rest: &str) -> bool {
    let inside = || match c {
        // With a space behind it a hyphen parts.
        '-' => rest[1..].starts_with(char::is_alphanumeric),
        '\'' | '.' | ' ' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' | '\u{a0}' | '\u{3000}' => true,
        _ => unicode_normalization::char::is_combining_mark(c),
    };
    c.is_alphanumeric() || inside()
}

/// The letter of a regional indicator: two of them are a flag.
fn regional(c: char) -> Option<char> {
    let letter = u32::from(c).checked_sub(0x1F1E6).filter(|l| *l < 26)?;
    char::from_u32(letter + u32::from('A'))
}

impl Read {
    fn flag(&mut self, first: char, second: char) -> Option<()> {
        let code: String = [first, second].into_iter().collect();
        if let Some(area) = gazetteer().country(&code) {
            self.flags += 1;
            self.parts.push(SmallVec::from_slice(&[Candidate::flag(area)]));
        }
        (self.parts.len() <= MAX_PARTS).then_some(())
    }

    /// Takes in one part; `None` where it is nowhere.
    fn part(&mut self, part: &str) -> Option<()> {
        let mut name = std::mem::take(&mut self.name);
        name.clear();
        fold_into(part, &mut name);
        let taken = if name.is_empty() {
            Some(())
        } else {
            self.named(&name)
        };
        self.name = name;
        taken.filter(|()| self.strange <= 1 && self.parts.len() <= MAX_PARTS)
    }

    fn named(&mut self, name: &str) -> Option<()> {
        if self.whole(name)? {
            return Some(());
        }
        for (between, at) in BETWEEN.iter().filter_map(|b| Some((b, name.find(b)?))) {
            let (one, other) = (
                gazetteer().find(&name[..at])?,
                gazetteer().find(&name[at + between.len()..])?,
            );
            if !one.is_empty() && !other.is_empty() {
                self.parts.extend([one, other]);
                return Some(());
            }
        }
        let plain = BEFORE.iter().find_map(|b| name.strip_prefix(b)).unwrap_or(name);
        let plain = AFTER.iter().find_map(|a| plain.strip_suffix(a)).unwrap_or(plain);
        if plain.len() < name.len() && self.whole(plain)? {
            return Some(());
        }
        self.strange += usize::from(!self.with_container(plain)?);
        Some(())
    }

    /// Whether the gazetteer has the name.
    fn whole(&mut self, name: &str) -> Option<bool> {
        let candidates = gazetteer().find(name)?;
        let known = !candidates.is_empty();
        if known {
            self.parts.push(candidates);
        }
        Some(known)
    }

    /// `Austin TX`, `Auckland New Zealand`, `Deutschland Berlin`: a place, and what it lies in, without a comma.
    fn with_container(&mut self, name: &str) -> Option<bool> {
        let spaces = name.match_indices(' ').map(|(at, _)| at);
        for at in spaces {
            let (one, other) = (gazetteer().find(&name[..at])?, gazetteer().find(&name[at + 1..])?);
            if fits(&one, &other).is_some() || fits(&other, &one).is_some() {
                self.parts.extend([one, other]);
                return Some(true);
            }
        }
        Some(false)
    }
}

/// The place among `inner` that lies in one of `outer`.
fn fits(inner: &Candidates, outer: &Candidates) -> Option<Candidate> {
    let lies = |c: &&Candidate| outer.iter().any(|o| holds(*o, **c));
    inner.iter().find(lies).copied()
}

/// Whether `outer` is a country or region in which `inner` lies.
fn holds(outer: Candidate, inner: Candidate) -> bool {
    let (Some(o), Some(i)) = (area(outer), area(inner)) else {
        return false;
    };
    if outer.kind == Kind::City || o.country != i.country {
        return false;
    }
    match o.region {
        // A country holds its regions and cities, and the name of a country may be that of its capital.
        None => inner.kind == Kind::City || i.region.is_some(),
        Some(_) => outer.area == inner.area && inner.kind == Kind::City || is_common_word(outer, inner),
    }
}

/// A city whose name is a common word too is marked like an abbreviation.
fn is_common_word(outer: Candidate, inner: Candidate) -> bool {
    outer.area == inner.area && outer.kind == Kind::Region && inner.kind == Kind::Beside
}

/// The only country in which all parts lie together, one in another; its region where it is known.
fn together(parts: &[Candidates]) -> Option<u16> {
    let mut found: Option<u16> = None;
    for first in &parts[0] {
        let here = country(*first);
        if found.is_some_and(|f| gazetteer().area(f).is_some_and(|a| a.country == here)) {
            continue;
        }
        if let Some(area) = within(parts, here) {
            if found.is_some() {
                return None;
            }
            found = Some(area);
        }
    }
    found
}

/// The area that the parts mean in this country, if all lie there and one in another.
fn within(parts: &[Candidates], here: &str) -> Option<u16> {
    let mut narrowed: Option<u16> = None;
    let in_country: SmallVec<[Candidates; 4]> = parts
        .iter()
        .map(|p| p.iter().copied().filter(|c| country(*c) == here).collect())
        .collect();
    if in_country.iter().any(SmallVec::is_empty) {
        return None;
    }
    for (i, outer) in in_country.iter().enumerate() {
        for (_, inner) in in_country.iter().enumerate().filter(|(j, _)| *j != i) {
            if let Some(place) = fits(inner, outer) {
                let of_region = area(place).is_some_and(|a| a.region.is_some());
                let sure = outer
                    .iter()
                    .any(|o| area(*o).is_some_and(|a| a.region.is_some()) && holds(*o, place));
                if narrowed.is_none() || (of_region && sure) {
                    narrowed = Some(place.area);
                }
            }
        }
    }
    narrowed
}

/// The area of one name, by where its people live.
fn alone(part: &Candidates) -> Option<(u16, f32)> {
    let named = || part.iter().filter(|c| c.kind != Kind::Beside);
    let people = |holds: &dyn Fn(Candidate) -> bool| {
        let of = named().filter(|c| holds(**c)).map(|c| c.population());
        of.fold(0.0, f32::max)
    };
    let firsts = |same: &dyn Fn(Candidate, Candidate) -> bool| -> f32 {
        let once = named()
            .enumerate()
            .filter(|(i, c)| !named().take(*i).any(|d| same(**c, *d)));
        once.map(|(_, c)| people(&|d| same(*c, d))).sum()
    };
    let largest = *named().max_by(|a, b| a.population().total_cmp(&b.population()))?;
    let same_country = |a: Candidate, b: Candidate| country(a) == country(b);
    let same_area = |a: Candidate, b: Candidate| a.area == b.area;
    let share = largest.population() / firsts(&same_country);
    let of_area = largest.population() / firsts(&same_area);
    if share < SHARE || of_area < 0.5 {
        return None;
    }
    let area = if of_area < SHARE {
        gazetteer().country(country(largest))?
    } else {
        largest.area
    };
    Some((area, share))
}

/// The area that all parts mean, each alone.
fn agreed(parts: &[Candidates]) -> Option<(u16, f32)> {
    let mut all: Option<(u16, f32)> = None;
    for part in parts {
        let (area, sure) = alone(part)?;
        all = Some(match all {
            None => (area, sure),
            Some((before, least)) if before == area => (before, least.min(sure)),
            Some((before, least)) => {
                let (a, b) = (gazetteer().area(before)?, gazetteer().area(area)?);
                if a.country != b.country {
                    return None;
                }
                (gazetteer().country(a.country)?, least.min(sure))
            }
        });
    }
    all
}
