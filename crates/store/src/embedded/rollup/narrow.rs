//! Rows added up over what a question does not ask for: many questions are about one of monitor, platform and language.

use super::{Rollup, Row};
use foldhash::HashMap;
use std::sync::OnceLock;

/// What tells the rows of a question apart besides project and whether they stand for their posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::embedded) struct Parts {
    pub(in crate::embedded) hour: bool,
    pub(in crate::embedded) monitor: bool,
    pub(in crate::embedded) source: bool,
    pub(in crate::embedded) lang: bool,
    pub(in crate::embedded) label: bool,
}

impl Parts {
    fn place(self) -> usize {
        let bits = [self.hour, self.monitor, self.source, self.lang, self.label];
        (0..).zip(bits).map(|(i, bit)| usize::from(bit) << i).sum()
    }

    fn key(self, row: &Row) -> Row {
        let kept = |wanted: bool, ord: u16| if wanted { ord } else { 0 };
        Row {
            hour: if self.hour { row.hour } else { 0 },
            monitor: kept(self.monitor, row.monitor),
            source: kept(self.source, row.source),
            lang: kept(self.lang, row.lang),
            label: if self.label { row.label } else { 0 },
            mentions: 0,
            negative: 0,
            positive: 0,
            ..*row
        }
    }
}

/// A rollup with what was added up of it.
#[derive(Debug)]
pub(in crate::embedded) struct Rolled {
    pub(in crate::embedded) whole: Rollup,
    narrow: [OnceLock<Option<Vec<Row>>>; 32],
}

impl Rolled {
    pub(super) fn new(whole: Rollup) -> Self {
        Self {
            whole,
            narrow: Default::default(),
        }
    }

    /// The rows by these parts, in no order; what is not asked for is 0 in them.
    pub(in crate::embedded) fn rows(&self, parts: Parts) -> &[Row] {
        let all = [parts.hour, parts.monitor, parts.source, parts.lang, parts.label];
        if all == [true; 5] {
            return &self.whole.rows;
        }
        let rows = self.narrow[parts.place()].get_or_init(|| added_up(&self.whole.rows, parts));
        rows.as_ref().unwrap_or(&self.whole.rows)
    }
}

/// `None` where a sum has no room: the whole rows do as well.
fn added_up(rows: &[Row], parts: Parts) -> Option<Vec<Row>> {
    let mut sums: HashMap<Row, [u32; 3]> = HashMap::default();
    for row in rows {
        let sum = sums.entry(parts.key(row)).or_default();
        for (sum, more) in sum.iter_mut().zip([row.mentions, row.negative, row.positive]) {
            *sum = sum.checked_add(more)?;
        }
    }
    let row = |(key, [mentions, negative, positive]): (Row, [u32; 3])| Row {
        mentions,
        negative,
        positive,
        ..key
    };
    Some(sums.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row((hour, place, label, mentions): (i32, u16, u8, u32)) -> Row {
        Row {
            hour,
            project: 0,
            monitor: place % 3,
            source: place % 2,
            lang: place % 5,
            label,
            primary: place % 7 == 0,
            mentions,
            negative: mentions * 9,
            positive: mentions * 7,
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_by_adding_up(
            rows in proptest::collection::vec((0i32..4, 0u16..40, 0u8..4, 1u32..90), 0..120),
            bits in proptest::array::uniform5(any::<bool>()),
        ) {
            let [hour, monitor, source, lang, label] = bits;
            let parts = Parts { hour, monitor, source, lang, label };
            let whole = Rollup {
                max_doc: 1,
                stamp: None,
                deleted: Vec::new(),
                projects: vec!["p".to_owned()],
                rows: rows.into_iter().map(row).collect(),
                lists: Vec::new(),
            };
            let sums = |rows: &[Row]| {
                let mut sums: std::collections::BTreeMap<_, (u64, u64, u64)> = Default::default();
                for row in rows {
                    let key = parts.key(row);
                    let key = (key.hour, key.primary, key.monitor, key.source, key.lang, key.label);
                    let sum = sums.entry(key).or_default();
                    sum.0 += u64::from(row.mentions);
                    sum.1 += u64::from(row.negative);
                    sum.2 += u64::from(row.positive);
                }
                sums
            };
            let expected = sums(&whole.rows);
            let rolled = Rolled::new(whole);
            prop_assert_eq!(sums(rolled.rows(parts)), expected.clone());
            if bits != [true; 5] {
                prop_assert_eq!(rolled.rows(parts).len(), expected.len());
            }
        }
    }
}
