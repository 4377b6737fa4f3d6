//! The packaged gazetteer: names of countries, regions and cities, and what each may mean.
//!
//! `scripts/gazetteer.py` makes the file and describes its layout.

use smallvec::SmallVec;
use std::sync::LazyLock;

static FILE: &[u8] = include_bytes!("../../data/gazetteer.bin");
static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::read(FILE).unwrap_or_default());

/// Names in a block.
const BLOCK: usize = 16;
/// The area of names that are nowhere on Earth.
const NOWHERE: u16 = u16::MAX;

/// A country, or a first-level division of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    /// ISO 3166-1 alpha-2.
    pub(super) country: &'static str,
    /// The name of the division.
    pub(super) region: Option<&'static str>,
}

/// What sort of name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Country,
    Region,
    City,
    /// An abbreviation, or a name that is a common word too: it counts only beside another place.
    Beside,
}

/// One thing that a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Number of the area.
    pub(super) area: u16,
    pub(super) kind: Kind,
    /// 3 · (log2(population) − 10), from 0 to 63.
    size: u8,
}

impl Candidate {
    /// About how many people.
    pub(super) fn population(self) -> f32 {
        (f32::from(self.size) / 3.0 + 10.0).exp2()
    }

    /// A country that needs no name, by its flag.
    pub(super) fn flag(area: u16) -> Self {
        Self {
            area,
            kind: Kind::Country,
            size: 0,
        }
    }
}

/// All that a name may mean, the largest first.
pub(super) type Candidates = SmallVec<[Candidate; 6]>;

/// The areas and names.
#[derive(Default)]
pub(super) struct Gazetteer {
    /// Countries first, by code.
    areas: Vec<Area>,
    countries: usize,
    /// Where each block begins in `names`: four bytes each.
    blocks: &'static [u8],
    names: &'static [u8],
}

pub(super) fn gazetteer() -> &'static Gazetteer {
    &GAZETTEER
}

impl Gazetteer {
    fn read(file: &'static [u8]) -> Option<Self> {
        let mut rest = file.strip_prefix(b"GSG1")?;
        let mut take = |n: usize| -> Option<&'static [u8]> {
            let (taken, after) = rest.split_at_checked(n)?;
            rest = after;
            Some(taken)
        };
        let areas = u16::from_le_bytes(*take(2)?.first_chunk()?);
        take(4)?;
        let areas = (0..areas)
            .map(|_| {
                let country = std::str::from_utf8(take(2)?).ok()?;
                let length = usize::from(*take(1)?.first()?);
                let region = std::str::from_utf8(take(length)?).ok()?;
                let region = (!region.is_empty()).then_some(region);
                Some(Area { country, region })
            })
            .collect::<Option<Vec<_>>>()?;
        let blocks = u32::from_le_bytes(*take(4)?.first_chunk()?) as usize;
        Some(Self {
            countries: areas.iter().take_while(|a| a.region.is_none()).count(),
            areas,
            blocks: take(4 * blocks)?,
            names: rest,
        })
    }

    pub(super) fn area(&self, number: u16) -> Option<Area> {
        self.areas.get(usize::from(number)).copied()
    }

    /// The number of the country with this code in capitals.
    pub(super) fn country(&self, code: &str) -> Option<u16> {
        let at = self.areas[..self.countries]
            .binary_search_by_key(&code, |a| a.country)
            .ok()?;
        u16::try_from(at).ok()
    }

    /// What a folded name may mean; `None` where it is a name of nowhere.
    pub(super) fn find(&self, name: &str) -> Option<Candidates> {
        let mut found = Candidates::new();
        let Some(mut block) = self.block_of(name.as_bytes()) else {
            return Some(found);
        };
        // How many bytes of `name` the entry before has in common with it.
        let mut common = 0;
        for _ in 0..BLOCK {
            let Some((entry, after)) = Entry::split(block) else {
                break;
            };
            block = after;
            if entry.shared > common {
                // It begins like the entry before, which lies before `name`.
                continue;
            }
            if entry.shared < common {
                break;
            }
            let rest = &name.as_bytes()[common..];
            let same = entry.rest.iter().zip(rest).take_while(|(a, b)| a == b).count();
            common += same;
            if same == entry.rest.len() && common == name.len() {
                for c in entry.candidates.chunks_exact(3) {
                    let area = u16::from_le_bytes([c[0], c[1]]);
                    if area == NOWHERE {
                        return None;
                    }
                    found.push(candidate(area, c[2]));
                }
                break;
            }
        }
        Some(found)
    }

    /// The only block that can hold the name.
    fn block_of(&self, name: &[u8]) -> Option<&'static [u8]> {
        let blocks = self.blocks.len() / 4;
        let block = |i: usize| {
            let at = self.blocks.get(4 * i..)?.first_chunk::<4>()?;
            self.names.get(u32::from_le_bytes(*at) as usize..)
        };
        let (mut low, mut high) = (0, blocks);
        while low < high {
            let middle = usize::midpoint(low, high);
            let (entry, _) = Entry::split(block(middle)?)?;
            if entry.rest <= name {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        block(low.checked_sub(1)?)
    }
}

fn candidate(area: u16, packed: u8) -> Candidate {
    let kind = match packed >> 6 {
        0 => Kind::Country,
        1 => Kind::Region,
        2 => Kind::City,
        _ => Kind::Beside,
    };
    Candidate {
        area,
        kind,
        size: packed & 63,
    }
}

/// One name of a block.
struct Entry {
    shared: usize,
    rest: &'static [u8],
    candidates: &'static [u8],
}

impl Entry {
    fn split(bytes: &'static [u8]) -> Option<(Entry, &'static [u8])> {
        let [shared, length, after @ ..] = bytes else {
            return None;
        };
        let (rest, after) = after.split_at_checked(usize::from(*length))?;
        let (count, after) = after.split_first()?;
        let (candidates, after) = after.split_at_checked(3 * usize::from(*count))?;
        let entry = Entry {
            shared: usize::from(*shared),
            rest,
            candidates,
        };
        Some((entry, after))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Every name, spelled out.
    fn names() -> Vec<String> {
        let g = gazetteer();
        let mut out = Vec::new();
        let (mut bytes, mut name) = (g.names, Vec::new());
        while let Some((entry, after)) = Entry::split(bytes) {
            name.truncate(entry.shared);
            name.extend_from_slice(entry.rest);
            out.push(String::from_utf8(name.clone()).unwrap());
            bytes = after;
        }
        out
    }

    #[test]
    fn every_name_is_found_in_its_own_form() {
        let names = names();
        assert!(names.len() > 60_000 && names.is_sorted());
        for name in &names {
            assert!(gazetteer().find(name).is_none_or(|c| !c.is_empty()), "{name}");
            let mut folded = String::new();
            super::super::name::fold_into(name, &mut folded);
            assert_eq!(&folded, name);
            assert!(
                gazetteer()
                    .find(&format!("{name}~"))
                    .is_some_and(|c| c.is_empty())
            );
        }
    }

    #[test]
    fn areas_are_named() {
        let g = gazetteer();
        assert!(g.areas.len() > 4_000 && g.areas.iter().all(|a| a.country.len() == 2));
        for code in ["AD", "DE", "ZW"] {
            assert_eq!(g.area(g.country(code).unwrap()).unwrap().country, code);
        }
        assert_eq!(g.country("QQ"), None);
    }
}
