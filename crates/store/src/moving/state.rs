//! What was done of a move, kept in a file.

use super::day::{Checksum, DAY, DayMark};
use crate::Error;
use crate::format::replace;
use crate::period::Span;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The mark of a partition of which nobody can say whether it was written to.
pub(crate) const UNKNOWN: &str = "?";

/// What was done of a move. Lost, everything is compared anew and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct State {
    /// Where to, in words: a state of another target is none of this move.
    pub to: String,
    /// The days that were the same on both sides when they were compared.
    pub days: BTreeMap<i64, Compared>,
    /// Days whose mentions were listed alike on both sides and read differently: they are written anew.
    #[serde(default)]
    pub differing: BTreeSet<i64>,
    /// Of each of the target's partitions what changes with every writing to it.
    pub marks: BTreeMap<String, String>,
    /// Whether the target is being given the source's position: only that, and closing the source, is left to do.
    pub sealing: bool,
}

/// A day that was the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Under this mark.
    pub mark: DayMark,
    /// With this checksum.
    pub checksum: String,
}

impl State {
    /// Reads it; an empty one where there is no file.
    pub fn load(path: &Path) -> Result<Self, Error> {
        match fs::read(path) {
            Ok(json) => serde_json::from_slice(&json).map_err(|e| Error::Damaged {
                path: path.to_owned(),
                reason: e.to_string(),
            }),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(Error::io("read", path)(e)),
        }
    }

    /// Replaces the file, whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        replace(path, serde_json::json!(self).to_string().as_bytes())
    }

    /// Forgets the days of partitions that somebody else wrote to, and says which partitions those are.
    pub(super) fn distrust(&mut self, now: &BTreeMap<String, String>) -> Vec<String> {
        let names: BTreeSet<&String> = self.marks.keys().chain(now.keys()).collect();
        let differs = |name: &&&String| {
            let mark = now.get(**name);
            self.marks.get(**name) != mark || mark.is_some_and(|mark| mark == UNKNOWN)
        };
        let other: Vec<String> = names.iter().filter(differs).map(|name| (*name).clone()).collect();
        for name in &other {
            match Span::of_folder(name) {
                Some(span) => self.days.retain(|day, _| {
                    let begin = day.saturating_mul(DAY);
                    !(begin < span.end() && span.start() < begin.saturating_add(DAY))
                }),
                None => self.days.clear(),
            }
        }
        other
    }

    /// The mentions and checksums by month (`2026-01`), as they were compared.
    pub fn months(&self) -> BTreeMap<String, Checksum> {
        let mut months: BTreeMap<String, Checksum> = BTreeMap::new();
        for (day, compared) in &self.days {
            let at = day.saturating_mul(DAY);
            let name = Span::holding(at, crate::Period::Month).folder();
            let name = name
                .trim_start_matches("month-")
                .rsplit_once('-')
                .map_or("", |(month, _)| month);
            let sum = Checksum::of(compared.mark.mentions, &compared.checksum).unwrap_or_default();
            let month = months.entry(name.to_owned()).or_default();
            *month = month.and(sum);
        }
        months
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn state() -> State {
        let compared = |mentions, n: u8| Compared {
            mark: DayMark { mentions, written: 2 },
            checksum: format!("{n:032x}"),
        };
        // 2026-01-31, 2026-02-01 and 2026-02-02.
        let days = BTreeMap::from([
            (20_484, compared(1, 1)),
            (20_485, compared(2, 2)),
            (20_486, compared(3, 3)),
        ]);
        State {
            days,
            marks: BTreeMap::from([("month-2026-02-01".to_owned(), "7".to_owned())]),
            ..State::default()
        }
    }

    #[test]
    fn months_are_the_sums_of_their_days() {
        let months = state().months();
        let told: Vec<(&str, u64, String)> = months
            .iter()
            .map(|(m, c)| (m.as_str(), c.mentions, c.to_string()))
            .collect();
        assert_eq!(
            told,
            [
                ("2026-01", 1, format!("{:032x}", 1)),
                ("2026-02", 5, format!("{:032x}", 5))
            ]
        );
    }

    #[test]
    fn days_of_what_somebody_else_wrote_to_are_forgotten() {
        let same = state().marks;
        let mut trusted = state();
        assert_eq!(trusted.distrust(&same), [""; 0]);
        assert_eq!(trusted, state());
        for now in [
            BTreeMap::new(),
            BTreeMap::from([("month-2026-02-01".to_owned(), "8".to_owned())]),
        ] {
            let mut left = state();
            assert_eq!(left.distrust(&now), ["month-2026-02-01"]);
            assert_eq!(left.days.keys().copied().collect::<Vec<_>>(), [20_484]);
        }
    }

    #[test]
    fn a_state_is_read_as_it_was_written_and_none_is_empty() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("move.json");
        assert_eq!(State::load(&path).unwrap(), State::default());
        state().save(&path).unwrap();
        assert_eq!(State::load(&path).unwrap(), state());
        fs::write(&path, "{").unwrap();
        assert!(
            State::load(&path)
                .unwrap_err()
                .to_string()
                .contains("move.json is damaged")
        );
    }
}
