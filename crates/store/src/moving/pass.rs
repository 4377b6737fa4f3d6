//! Passes over the days.

use super::day::{Checksum, DayMark, Listed};
use super::state::{Compared, State};
use crate::{Error, Location, Snapshot, Store};
use foldhash::{HashMap, HashMapExt};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Mentions read and written at once.
const AT_ONCE: usize = 4_000;
/// What was done is written down this often.
const SAVE_EVERY: Duration = Duration::from_secs(2);
/// Why nobody may open a target.
const FILLED: &str =
    "mentions are being moved into it: `groundswell migrate` goes on with that, and ends it with --finish";

/// A move under way: the target, and what was done.
pub struct Move {
    target: Store,
    state: State,
    /// Where the state is kept.
    file: PathBuf,
    saved: Instant,
}

/// What a pass did.
#[derive(Debug, Clone, Default)]
pub struct Pass {
    /// Mentions that were put.
    pub put: u64,
    /// Mentions that were removed.
    pub removed: u64,
    /// Days that were compared.
    pub compared: usize,
    /// Mentions on the days that were compared.
    pub read: u64,
    /// Days that were not the same afterwards.
    pub differences: Vec<Difference>,
    /// All that the source holds.
    pub mentions: u64,
}

/// A day that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Days since 1970-01-01 (UTC).
    pub day: i64,
    /// What the source holds.
    pub source: Checksum,
    /// What the target holds.
    pub target: Checksum,
}

/// How far a pass is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The day it is at: days since 1970-01-01 (UTC).
    pub day: i64,
    /// Mentions dealt with.
    pub done: u64,
    /// Mentions there are to deal with.
    pub all: u64,
}

impl Move {
    /// Opens the target, made where there is none, and closes it to everybody else. One that holds something already and was
    /// not filled by a move is refused, unless it may be `replaced`; so is one that is further than `position`, that of the
    /// source.
    pub fn open(
        location: &Location,
        to: &str,
        file: PathBuf,
        replaced: bool,
        position: u64,
    ) -> Result<Self, Error> {
        let mut state = State::load(&file)?;
        if state.to != to {
            state = State {
                to: to.to_owned(),
                ..State::default()
            };
        }
        let is_ours = super::closed(location)?.is_some_and(|why| why == FILLED) || state.sealing;
        let mut target = Store::open_closed(location)?;
        if target.position() > position {
            return Err(Error::Question(format!(
                "{to} is further than what is to be moved into it: entry {} of the journal, against {position}",
                target.position()
            )));
        }
        if !is_ours && !replaced {
            let held = target.reader().snapshot().total()?;
            if held > 0 {
                return Err(Error::Question(format!(
                    "{to} holds {held} mentions already, and no move filled it"
                )));
            }
        }
        target.close_as(Some(FILLED))?;
        state.sealing = false;
        let other = state.distrust(&target.change_marks()?);
        if !other.is_empty() && !state.days.is_empty() {
            tracing::info!(
                partitions = other.join(", "),
                "written to since they were compared: compared anew"
            );
        }
        Ok(Self {
            target,
            state,
            file,
            saved: Instant::now(),
        })
    }

    /// What was done.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Makes the target what a snapshot of the source is, day by day, and compares what it did. `told` hears how far it is.
    ///
    /// Days that differ afterwards are in the answer and stay to be done: in a pass over a store that moves on, or where
    /// somebody else writes to the target.
    pub fn pass(&mut self, source: &Snapshot, told: &mut dyn FnMut(Progress)) -> Result<Pass, Error> {
        let (wanted, has) = (source.days()?, self.target.reader().snapshot().days()?);
        self.state.days.retain(|day, _| wanted.contains_key(day));
        let is_done = |day: &i64, mark: &DayMark| {
            has.get(day) == Some(mark) && self.state.days.get(day).is_some_and(|c| c.mark == *mark)
        };
        let mut todo: BTreeMap<i64, DayMark> = wanted
            .iter()
            .filter(|(day, mark)| !is_done(day, mark))
            .map(|(d, m)| (*d, *m))
            .collect();
        todo.extend(
            has.keys()
                .filter(|day| !wanted.contains_key(day))
                .map(|day| (*day, DayMark::default())),
        );
        let all = todo.values().map(|mark| mark.mentions).sum();
        let mut pass = Pass {
            mentions: wanted.values().map(|mark| mark.mentions).sum(),
            ..Pass::default()
        };
        for (day, mark) in todo {
            told(Progress {
                day,
                done: pass.read,
                all,
            });
            self.day(
                source,
                day,
                mark,
                has.get(&day).copied().unwrap_or_default(),
                &mut pass,
            )?;
        }
        self.save()?;
        Ok(pass)
    }

    fn day(
        &mut self,
        source: &Snapshot,
        day: i64,
        mark: DayMark,
        has: DayMark,
        pass: &mut Pass,
    ) -> Result<(), Error> {
        let wanted = source.listed(day)?;
        let held = match has.mentions {
            0 => Vec::new(),
            _ => self.target.reader().snapshot().listed(day)?,
        };
        let (put, removed) = match self.state.differing.remove(&day) {
            true => (wanted.clone(), held),
            false => difference(&wanted, &held),
        };
        self.target.take_away(&removed)?;
        let mut ours = Checksum::default();
        for some in put.chunks(AT_ONCE) {
            let mut carried = Vec::with_capacity(some.len());
            source.carried(some, &mut |c| carried.push(c))?;
            for c in &carried {
                ours.add(c).map_err(unreadable)?;
            }
            self.target.carry(&carried)?;
        }
        self.target.settle()?;
        // What was there before is of the source's checksum, too.
        if put.len() < wanted.len() {
            ours = sum(source, &wanted)?;
        }
        let now = self.target.reader().snapshot();
        let theirs = now.checksum(day)?;
        pass.put += put.len() as u64;
        pass.removed += removed.len() as u64;
        pass.compared += 1;
        pass.read += mark.mentions;
        // The mark of what was listed; in a cluster that may be more by now than when the pass began.
        let mut listed = DayMark::default();
        wanted.iter().for_each(|l| listed.add(l.written));
        match ours == theirs && ours.mentions == listed.mentions {
            true if wanted.is_empty() => drop(self.state.days.remove(&day)),
            true => {
                let checksum = ours.to_string();
                self.state.days.insert(
                    day,
                    Compared {
                        mark: listed,
                        checksum,
                    },
                );
            }
            false => {
                self.state.days.remove(&day);
                self.state.differing.insert(day);
                pass.differences.push(Difference {
                    day,
                    source: ours,
                    target: theirs,
                });
            }
        }
        match self.saved.elapsed() > SAVE_EVERY {
            true => self.save(),
            false => Ok(()),
        }
    }

    /// Gives the target the source's journal position and generation, and opens it. Nothing may have changed since the last pass, which
    /// must have found no difference.
    pub fn seal(mut self, position: u64, generation: u64, was_removed: bool) -> Result<State, Error> {
        if was_removed {
            self.target.purge()?;
        }
        self.state.sealing = true;
        self.save()?;
        self.target.seal(position, generation)?;
        self.target.close_as(None)?;
        self.target.close()?;
        Ok(self.state)
    }

    /// Ends what the target still does by itself, and notes how it is left.
    pub fn pause(mut self) -> Result<State, Error> {
        self.target.rest()?;
        self.save()?;
        self.target.close()?;
        Ok(self.state)
    }

    fn save(&mut self) -> Result<(), Error> {
        self.state.marks = self.target.change_marks()?;
        self.saved = Instant::now();
        self.state.save(&self.file)
    }
}

/// What of the wanted is to be put, and what of the held is to be removed.
fn difference(wanted: &[Listed], held: &[Listed]) -> (Vec<Listed>, Vec<Listed>) {
    let mut missing: HashMap<u64, &Listed> = HashMap::with_capacity(wanted.len());
    missing.extend(wanted.iter().map(|l| (l.number, l)));
    let mut removed = Vec::new();
    for one in held {
        let is_same = |l: &&Listed| l.written == one.written && l.at == one.at;
        match missing.get(&one.number).is_some_and(is_same) {
            true => {
                missing.remove(&one.number);
            }
            false => removed.push(one.clone()),
        }
    }
    let mut put: Vec<Listed> = missing.into_values().cloned().collect();
    put.sort_unstable_by_key(|l| (l.at, l.number));
    (put, removed)
}

/// The checksum of what was listed.
pub(crate) fn sum(of: &Snapshot, listed: &[Listed]) -> Result<Checksum, Error> {
    let (mut sum, mut failed) = (Checksum::default(), None);
    for some in listed.chunks(AT_ONCE) {
        of.carried(some, &mut |c| failed = failed.take().or(sum.add(&c).err()))?;
    }
    failed.map_or(Ok(sum), |e| Err(unreadable(e)))
}

fn unreadable(error: postcard::Error) -> Error {
    Error::Question(format!("a mention cannot be written down: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moving::Place;

    fn listed(number: u64, written: u64, place: u32) -> Listed {
        Listed {
            number,
            written,
            at: 5,
            place: Place::Embedded(0, 0, place),
        }
    }

    #[test]
    fn what_differs_is_put_and_what_is_too_much_is_removed() {
        let wanted = [listed(3, 2, 0), listed(1, 2, 1), listed(2, 4, 2)];
        let held = [
            listed(1, 2, 7),
            listed(1, 2, 8),
            listed(2, 2, 9),
            listed(4, 2, 10),
        ];
        let (put, removed) = difference(&wanted, &held);
        assert_eq!(put.iter().map(|l| l.number).collect::<Vec<_>>(), [2, 3]);
        let places: Vec<u32> = removed
            .iter()
            .map(|l| match l.place {
                Place::Embedded(_, _, doc) => doc,
                Place::Elastic(..) => u32::MAX,
            })
            .collect();
        // Of the same twice one stays.
        assert_eq!(places, [8, 9, 10]);
    }
}
