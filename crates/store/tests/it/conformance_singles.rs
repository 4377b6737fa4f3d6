//! Single mentions, told alike by both back ends.

use crate::conformance::Both;
use crate::made;
use crate::model::DIMENSIONS;
use post::Millis;
use std::collections::BTreeMap;
use store::{Dimension, Error, Filter, Label, Row, Scored};

/// More than there are.
const MOST: usize = 1_000;

impl Both {
    /// Everything that is asked of single mentions under a filter.
    pub fn singles(&mut self, f: &Filter) {
        self.asked += 1;
        let turn = self.asked;
        let (one, other, tally) = (&self.embedded, &self.elastic, &mut self.tally);
        tally.exact(
            || format!("numbers {f:?}"),
            sorted(one.numbers(f)),
            sorted(other.numbers(f)),
        );
        tally.exact(|| format!("extent {f:?}"), one.extent(f), other.extent(f));
        let plain = |found: Result<foldhash::HashMap<_, store::SoftScores>, Error>| {
            found.map(|all| {
                let ordered = |scores: store::SoftScores| scores.into_iter().collect::<BTreeMap<_, u64>>();
                all.into_iter()
                    .map(|(key, scores): (store::SoftKey, _)| (key, ordered(scores)))
                    .collect::<BTreeMap<_, _>>()
            })
        };
        tally.exact(
            || format!("soft scores {f:?}"),
            plain(one.soft_scores(f)),
            plain(other.soft_scores(f)),
        );
        tally.exact(
            || format!("each scored {f:?}"),
            scored(|each| one.each_scored(f, each)),
            scored(|each| other.each_scored(f, each)),
        );
        let monitors: Vec<String> = [2, 0, 3].map(made::monitor_name).into();
        for most in [MOST, 3] {
            let told = |row: &Row| (row.at, row.monitor, row.author, row.text);
            let (a, b) = (one.rows(f, &monitors, most), other.rows(f, &monitors, most));
            let a = a.map(|rows| {
                rows.iter()
                    .map(|r| (told(r), one.row_mention(r).unwrap().id))
                    .collect()
            });
            let b = b.map(|rows| {
                rows.iter()
                    .map(|r| (told(r), other.row_mention(r).unwrap().id))
                    .collect()
            });
            tally.exact(|| format!("rows {most} {f:?}"), sorted(a), sorted(b));
        }
        let by = DIMENSIONS[turn % DIMENSIONS.len()];
        let values = one.breakdown(f, by, 4).unwrap().items;
        let values: Vec<String> = values.into_iter().map(|item| item.key).collect();
        for by in [None, Some((by, &values[..])), Some((Dimension::Tag, &values[..]))] {
            type Told = (Millis, Option<u64>, u64, Option<Label>, u64);
            let told = |rows: Vec<store::PostRow>| {
                let one = |r: store::PostRow| (r.at, r.author, r.engagement, r.label, r.values);
                rows.into_iter().map(one).collect::<Vec<Told>>()
            };
            tally.exact(
                || format!("post rows {by:?} {f:?}"),
                sorted(one.post_rows(f, by, MOST).map(told)),
                sorted(other.post_rows(f, by, MOST).map(told)),
            );
        }
    }

    /// What was written anew since a commit, which each store numbers by itself.
    pub fn rewritten(&mut self, one: u64, other: u64) {
        for f in [
            Filter::default(),
            Filter {
                project: Some("alpha".to_owned()),
                ..Filter::default()
            },
        ] {
            self.tally.exact(
                || format!("rewritten since {one} and {other} {f:?}"),
                self.embedded.rewritten_since(&f, one),
                self.elastic.rewritten_since(&f, other),
            );
        }
    }

    /// Look-ups by number.
    pub fn by_number(&mut self, numbers: &[u64]) {
        let (one, other, tally) = (&self.embedded, &self.elastic, &mut self.tally);
        let what = || format!("missing of {} numbers", numbers.len());
        tally.exact(what, one.missing(numbers), other.missing(numbers));
        for number in numbers {
            let what = || format!("number {number}");
            tally.exact(what, one.numbered(*number), other.numbered(*number));
        }
    }
}

fn sorted<T: Ord>(found: Result<Vec<T>, Error>) -> Result<Vec<T>, Error> {
    found.map(|mut all| {
        all.sort();
        all
    })
}

type Told = (u64, store::SoftKey, [u64; 3]);

fn scored(ask: impl FnOnce(&mut dyn FnMut(Scored)) -> Result<(), Error>) -> Result<Vec<Told>, Error> {
    let mut all = Vec::new();
    ask(&mut |scored| all.push((scored.number, scored.key, scored.probabilities)))?;
    sorted(Ok(all))
}
