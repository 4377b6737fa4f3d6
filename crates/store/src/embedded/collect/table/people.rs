//! Who wrote what a cell holds: distinct authors, how unevenly they speak, how many follow them.
//!
//! As long as a cell holds all of its authors, all of it is exact. Where it begins to draw, their mentions are squared by
//! counters ([`super::tug`]) and their followers added up from authors drawn by followers ([`super::drawn`]): a few loud
//! or famous ones make most of either, and would be missed among authors drawn by number.

use super::distinct::{Distinct, Met};
use super::drawn::{By, Levels};
use super::sets::{Part, Sets};
use super::tug::Tug;
use crate::aggregate::Measures;

/// What is wanted of cells, and how many distinct values of each they hold at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) measures: Measures,
    pub(super) room: usize,
}

/// The levels of some cells in other segments.
#[derive(Debug, Clone, Default)]
pub(super) struct Elsewhere {
    pub(super) authors: Levels,
    pub(super) reach: Levels,
    pub(super) texts: Levels,
}

impl Elsewhere {
    pub(super) fn new(cells: usize, room: usize) -> Self {
        Self {
            authors: Levels::new(cells, room),
            reach: Levels::new(cells, room),
            texts: Levels::new(cells, room),
        }
    }
}

/// The authors of some cells.
#[derive(Debug, Default)]
pub(super) struct People {
    /// What they came with are their followers, where somebody asks for the audience.
    pub(super) authors: Sets,
    /// Of cells that draw their authors: those drawn by followers.
    pub(super) reach: Sets,
    /// Of cells that draw their authors: the counters for the squares.
    tugs: Vec<Option<Tug>>,
}

/// Authors while they are met.
#[derive(Debug)]
pub(super) struct Meeting {
    authors: Distinct,
    beside: Beside,
}

/// What is measured beside the authors of a cell that draws them.
#[derive(Debug)]
struct Beside {
    measures: Measures,
    reach: Distinct,
    tugs: Vec<Option<Tug>>,
}

impl Beside {
    fn new(wanted: Wanted, cells: usize, reach: Levels) -> Self {
        Self {
            measures: wanted.measures,
            reach: Distinct::new(By::Followers, cells, wanted.room, reach),
            tugs: vec![None; if wanted.measures.voices { cells } else { 0 }],
        }
    }

    fn add(&mut self, met: &Met) {
        if self.measures.audience {
            self.reach.add(*met, |_| {});
        }
        if let Some(tug) = self.tugs.get_mut(met.cell as usize) {
            tug.get_or_insert_default().pull(met.number, met.times);
        }
    }
}

impl Meeting {
    pub(super) fn new(wanted: Wanted, cells: usize, elsewhere: &Elsewhere) -> Self {
        Self {
            authors: Distinct::new(By::Number, cells, wanted.room, elsewhere.authors.clone()).remembering(),
            beside: Beside::new(wanted, cells, elsewhere.reach.clone()),
        }
    }

    #[inline]
    pub(super) fn add(&mut self, met: Met) {
        if self.authors.level(met.cell) > 0 {
            self.beside.add(&met);
        }
        let beside = &mut self.beside;
        self.authors
            .add(met, |all| all.iter().for_each(|met| beside.add(met)));
    }

    pub(super) fn into_people(self) -> People {
        let mut beside = self.beside;
        let audience = beside.measures.audience;
        let begin = |all: &[Met]| all.iter().for_each(|met| beside.add(met));
        let authors = self.authors.into_sets(audience, begin);
        People {
            authors,
            reach: beside.reach.into_sets(true, |_| {}),
            tugs: beside.tugs,
        }
    }
}

/// People and the cell that one of theirs is.
pub(super) type Placed<'p> = (&'p People, &'p dyn Fn(usize) -> usize);

impl People {
    /// The authors of one cell: numbers, ascending, and how often each was met.
    pub(super) fn of_one(met: &[(u64, u32)]) -> Self {
        Self {
            authors: Sets::of_one(met),
            ..Self::default()
        }
    }

    /// Several in one of so many cells.
    pub(super) fn united(parts: &[Placed<'_>], cells: usize, wanted: Wanted) -> Self {
        let anywhere: Vec<_> = parts
            .iter()
            .map(|(_, place)| move |own: usize| Some(place(own)))
            .collect();
        let authors: Vec<Part<'_>> = parts
            .iter()
            .zip(&anywhere)
            .map(|((people, _), place)| (&people.authors, place as _))
            .collect();
        let mut beside = Beside::new(wanted, cells, Levels::default());
        let authors = Sets::united(&authors, By::Number, (cells, wanted.room), |met| beside.add(&met));
        let begun = beside.reach.into_sets(true, |_| {});
        let mut united = Self {
            authors,
            reach: Sets::default(),
            tugs: beside.tugs,
        };
        // Cells that some part drew already, and what is beside the authors of these parts.
        let mut drew = vec![false; cells];
        for (people, place) in parts.iter().filter(|(people, _)| people.has_drawn()) {
            let drawn = (0..people.authors.cells()).filter(|own| people.authors.level(*own) > 0);
            drawn.for_each(|own| drew[place(own)] = true);
        }
        if wanted.measures.audience {
            united.reach = united_reach(parts, (cells, wanted.room), &drew, &begun);
        }
        united.add_tugs(parts, &drew);
        united
    }

    /// Adds the counters of the parts, and pulls them for the authors of those that have none.
    fn add_tugs(&mut self, parts: &[Placed<'_>], drew: &[bool]) {
        if self.tugs.is_empty() || !drew.contains(&true) {
            return;
        }
        for (people, place) in parts {
            for (own, tug) in people.tugs.iter().enumerate() {
                if let Some(tug) = tug {
                    self.tugs[place(own)].get_or_insert_default().add(tug);
                }
            }
            people.authors.each(|met| {
                let own = met.cell as usize;
                if people.authors.level(own) == 0 && drew[place(own)] {
                    let tug = self.tugs[place(own)].get_or_insert_default();
                    tug.pull(met.number, met.times);
                }
            });
        }
    }

    /// The counters of a cell that draws its authors.
    pub(super) fn tug(&self, cell: usize) -> Option<&Tug> {
        self.tugs.get(cell).and_then(Option::as_ref)
    }

    pub(super) fn has_drawn(&self) -> bool {
        self.authors.has_drawn()
    }

    pub(super) fn bytes(&self) -> usize {
        let tugs: usize = self.tugs.iter().flatten().map(Tug::bytes).sum();
        self.authors.bytes() + self.reach.bytes() + tugs
    }
}

/// Those drawn by followers: of parts that drew, theirs; of others their authors, where the cell drew elsewhere.
fn united_reach(parts: &[Placed<'_>], (cells, room): (usize, usize), drew: &[bool], begun: &Sets) -> Sets {
    let reaches: Vec<_> = parts
        .iter()
        .map(|(people, place)| move |own: usize| (people.authors.level(own) > 0).then(|| place(own)))
        .collect();
    let all: Vec<_> = parts
        .iter()
        .map(|(people, place)| {
            move |own: usize| {
                (people.authors.level(own) == 0)
                    .then(|| place(own))
                    .filter(|cell| drew[*cell])
            }
        })
        .collect();
    let mut sets: Vec<Part<'_>> = Vec::new();
    for (((people, _), reach), all) in parts.iter().zip(&reaches).zip(&all) {
        sets.push((&people.reach, reach));
        sets.push((&people.authors, all));
    }
    // What began to draw only now holds all of it.
    let anew = |cell: usize| (!drew[cell]).then_some(cell);
    sets.push((begun, &anew));
    Sets::united(&sets, By::Followers, (cells, room), |_| {})
}
