//! Passes over the days.

use super::day::{Carried, Checksum, DayMark, Listed};
use super::state::{Compared, State};
use crate::{Error, Location, Snapshot, Store};
use foldhash::{HashMap, HashMapExt};
use std::collections::BTreeMap;
use std::mem;
use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{ScopedJoinHandle, scope};
use std::time::{Duration, Instant};

/// Mentions read and written at once.
const AT_ONCE: usize = 2_000;
/// What is read ahead of what is written: so many times as many.
const AHEAD: usize = 2;
/// Days are put together until they have so many mentions, or are so many: then they are read back, while the next are put.
const MENTIONS_TOGETHER: u64 = 20_000;
const DAYS_TOGETHER: usize = 8;
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
        target.fill()?;
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
        // What is found there from here on is there for good.
        self.target.harden()?;
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
        let mut progress = Progress { day: 0, done: 0, all };
        let mut told = |day: &Day| {
            progress.day = day.day;
            told(progress);
            progress.done += day.mark.mentions;
        };
        scope(|scope| {
            let mut checking: Option<Checking<'_>> = None;
            for days in together(todo) {
                let put = self.put(source, days, &has, &mut told)?;
                self.target.settle()?;
                self.note(checking.take(), &mut pass)?;
                let now = self.target.reader().snapshot();
                let check = move || put.into_iter().map(|day| day.check(source, &now)).collect();
                checking = Some(scope.spawn(check));
            }
            self.note(checking, &mut pass)
        })?;
        self.save()?;
        Ok(pass)
    }

    /// Puts what the target has not, and takes away what it should not have, while it is read ahead.
    fn put(
        &mut self,
        source: &Snapshot,
        days: Vec<(i64, DayMark)>,
        has: &BTreeMap<i64, DayMark>,
        told: &mut dyn FnMut(&Day),
    ) -> Result<Vec<Day>, Error> {
        let mut put = Vec::with_capacity(days.len());
        for (day, mark) in days {
            let wanted = source.listed(day)?;
            let held = match has.get(&day) {
                None => Vec::new(),
                Some(_) => self.target.reader().snapshot().listed(day)?,
            };
            let (missing, removed) = match self.state.differing.remove(&day) {
                true => (wanted.clone(), held),
                false => difference(&wanted, &held),
            };
            self.target.take_away(&removed)?;
            put.push(Day {
                day,
                mark,
                wanted,
                missing,
                removed: removed.len() as u64,
                put: Checksum::default(),
            });
        }
        let missing: Vec<Vec<Listed>> = put.iter_mut().map(|day| mem::take(&mut day.missing)).collect();
        let mut begun = 0;
        scope(|scope| {
            let (sender, receiver) = sync_channel(AHEAD);
            scope.spawn(move || read(source, &missing, &sender));
            self.target.carry(&mut || {
                let Ok(read) = receiver.recv() else {
                    return Ok(None);
                };
                let some: Read = read?;
                put.iter().take(some.day + 1).skip(begun).for_each(&mut *told);
                begun = begun.max(some.day + 1);
                if let Some(day) = put.get_mut(some.day) {
                    day.put = day.put.and(some.sum);
                }
                Ok(Some(some.mentions))
            })
        })?;
        put.iter().skip(begun).for_each(told);
        Ok(put)
    }

    /// Waits for days that are compared, and takes note of what was found.
    fn note(&mut self, checking: Option<Checking<'_>>, pass: &mut Pass) -> Result<(), Error> {
        let Some(checking) = checking else {
            return Ok(());
        };
        for Checked { day, ours, theirs } in checking.join().unwrap_or_else(|_| Err(died()))? {
            pass.put += day.put.mentions;
            pass.removed += day.removed;
            pass.compared += 1;
            pass.read += day.mark.mentions;
            // The mark of what was listed; in a cluster that may be more by now than when the pass began.
            let mut mark = DayMark::default();
            day.wanted.iter().for_each(|l| mark.add(l.written));
            self.state.days.remove(&day.day);
            if ours != theirs || ours.mentions != mark.mentions {
                self.state.differing.insert(day.day);
                pass.differences.push(Difference {
                    day: day.day,
                    source: ours,
                    target: theirs,
                });
            } else if mark.mentions > 0 {
                let checksum = ours.to_string();
                self.state.days.insert(day.day, Compared { mark, checksum });
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

/// What is said where a thread panicked.
pub(crate) fn died() -> Error {
    Error::Question("a thread of the move panicked".to_owned())
}

/// A day that is dealt with.
struct Day {
    day: i64,
    /// What the source held when the pass began.
    mark: DayMark,
    /// What the source holds.
    wanted: Vec<Listed>,
    /// What of it is to be put.
    missing: Vec<Listed>,
    removed: u64,
    /// Of what was put.
    put: Checksum,
}

/// A day as it was found to be on both sides.
struct Checked {
    day: Day,
    ours: Checksum,
    theirs: Checksum,
}

/// A thread that compares days.
type Checking<'s> = ScopedJoinHandle<'s, Result<Vec<Checked>, Error>>;

impl Day {
    /// Reads back what was put.
    fn check(self, source: &Snapshot, target: &Snapshot) -> Result<Checked, Error> {
        // What was there before is of the source's checksum, too.
        let ours = match self.put.mentions < self.wanted.len() as u64 {
            true => sum(source, &self.wanted)?,
            false => self.put,
        };
        let theirs = target.checksum(self.day)?;
        Ok(Checked {
            day: self,
            ours,
            theirs,
        })
    }
}

/// Days in their order, as many together as are put before they are compared.
fn together(days: BTreeMap<i64, DayMark>) -> Vec<Vec<(i64, DayMark)>> {
    let (mut all, mut mentions): (Vec<Vec<(i64, DayMark)>>, u64) = (Vec::new(), 0);
    for (day, mark) in days {
        let has_room = |days: &&mut Vec<_>| days.len() < DAYS_TOGETHER && mentions < MENTIONS_TOGETHER;
        match all.last_mut().filter(has_room) {
            Some(days) => days.push((day, mark)),
            None => {
                mentions = 0;
                all.push(vec![(day, mark)]);
            }
        }
        mentions += mark.mentions;
    }
    all
}

/// Mentions that were read to be put, of one of the days that are put together.
struct Read {
    day: usize,
    mentions: Vec<Carried>,
    sum: Checksum,
}

/// Reads what is missing, until nobody takes it any more.
fn read(source: &Snapshot, missing: &[Vec<Listed>], out: &SyncSender<Result<Read, Error>>) {
    for (day, listed) in missing.iter().enumerate() {
        for some in listed.chunks(AT_ONCE) {
            let read = read_some(source, day, some);
            let is_over = read.is_err();
            if out.send(read).is_err() || is_over {
                return;
            }
        }
    }
}

fn read_some(source: &Snapshot, day: usize, listed: &[Listed]) -> Result<Read, Error> {
    let (mut mentions, mut sum) = (Vec::with_capacity(listed.len()), Checksum::default());
    source.carried(listed, &mut |carried| mentions.push(carried))?;
    for carried in &mentions {
        sum.add(carried).map_err(unreadable)?;
    }
    Ok(Read { day, mentions, sum })
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
