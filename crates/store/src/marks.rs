//! What people and rules did with mentions: tags, status, corrections. It changes while the documents stay, so it stands
//! beside them, by mention id, and is looked up when a question needs it.

use crate::{Dimension, Label};
use foldhash::HashMap;
use post::{MentionId, Millis};
use std::collections::BTreeMap;
use std::sync::Arc;

const DAY: Millis = 24 * 3_600_000;
const SHARDS: usize = 256;

/// What was done with one mention.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mark {
    /// Tags, in order, each once.
    pub tags: Vec<String>,
    /// The category, as `parent/child`.
    pub category: Option<String>,
    /// Where it stands: `open`, `pending`, `closed`.
    pub status: Option<String>,
    /// Who answers it.
    pub assignee: Option<String>,
    /// Whether it is starred.
    pub starred: bool,
    /// Whether it is left out of everything that does not ask for it.
    pub muted: bool,
    /// The sentiment as corrected by hand.
    pub sentiment: Option<Label>,
    /// Whether it is about what the monitor is for, as said by hand.
    pub relevant: Option<bool>,
}

impl Mark {
    /// Whether nothing was done.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Its values in a dimension that stands in marks; none in others.
    pub fn values(&self, by: Dimension) -> Vec<&str> {
        match by {
            Dimension::Tag => self.tags.iter().map(String::as_str).collect(),
            Dimension::Category => self.category.as_deref().into_iter().collect(),
            Dimension::Status => self.status.as_deref().into_iter().collect(),
            Dimension::Assignee => self.assignee.as_deref().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The words it is filtered by: `tag:…`, `category:…`, `status:…`, `assignee:…`, `starred`, `muted`, `corrected`,
    /// `relevant`, `irrelevant`.
    pub fn words(&self) -> Vec<String> {
        let one = |name: &str, value: &Option<String>| value.as_ref().map(|v| format!("{name}:{v}"));
        let flag = |is: bool, name: &str| is.then(|| name.to_owned());
        let tags = self.tags.iter().map(|tag| format!("tag:{tag}"));
        tags.chain(one("category", &self.category))
            .chain(one("status", &self.status))
            .chain(one("assignee", &self.assignee))
            .chain(flag(self.starred, "starred"))
            .chain(flag(self.muted, "muted"))
            .chain(flag(self.sentiment.is_some(), "corrected"))
            .chain(flag(self.relevant == Some(true), "relevant"))
            .chain(flag(self.relevant == Some(false), "irrelevant"))
            .collect()
    }
}

/// A mention's mark, with what finds it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The mention, by [`mention_number`].
    pub number: u64,
    /// When its post was published.
    pub created_at: Millis,
    /// What was done with it; an empty mark takes an earlier one away.
    pub mark: Mark,
}

/// All marks, as they were at one time. Cheap to clone; a change copies a small part.
#[derive(Debug, Clone)]
pub struct Marks {
    version: u64,
    shards: Vec<Arc<HashMap<u64, Entry>>>,
    /// By day: the version of the last change to a mark of that day, how many marks there are, and of them corrected ones.
    days: Arc<BTreeMap<i64, Day>>,
}

#[derive(Debug, Clone)]
struct Entry {
    day: i64,
    mark: Arc<Mark>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Day {
    version: u64,
    marks: u64,
    corrected: u64,
}

impl Default for Marks {
    fn default() -> Self {
        Self {
            version: 0,
            shards: vec![Arc::default(); SHARDS],
            days: Arc::default(),
        }
    }
}

impl Marks {
    /// Grows with every change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The marks with these changes.
    #[must_use]
    pub fn with(&self, changes: impl IntoIterator<Item = Marked>) -> Self {
        let mut next = self.clone();
        next.version += 1;
        let days = Arc::make_mut(&mut next.days);
        for Marked {
            number: id,
            created_at,
            mark,
        } in changes
        {
            let shard = Arc::make_mut(&mut next.shards[id as usize % SHARDS]);
            if let Some(old) = shard.remove(&id) {
                let day = days.entry(old.day).or_default();
                day.version = next.version;
                day.marks -= 1;
                day.corrected -= u64::from(old.mark.sentiment.is_some());
            }
            if mark.is_empty() {
                continue;
            }
            let of = created_at.div_euclid(DAY);
            let day = days.entry(of).or_default();
            day.version = next.version;
            day.marks += 1;
            day.corrected += u64::from(mark.sentiment.is_some());
            let mark = Arc::new(mark);
            shard.insert(id, Entry { day: of, mark });
        }
        next
    }

    /// The mark of a mention.
    pub fn of(&self, mention: MentionId) -> Option<&Mark> {
        self.by_number(mention_number(mention))
    }

    /// The mark of a mention with this number.
    pub fn by_number(&self, number: u64) -> Option<&Mark> {
        let entry = self.shards[number as usize % SHARDS].get(&number);
        entry.map(|e| e.mark.as_ref())
    }

    /// The numbers and marks of mentions published within these times, in no order.
    pub(crate) fn within(&self, (first, last): (Millis, Millis)) -> impl Iterator<Item = (u64, &Arc<Mark>)> {
        let days = first.div_euclid(DAY)..=last.div_euclid(DAY);
        let all = self.shards.iter().flat_map(|s| s.iter());
        all.filter(move |(_, e)| days.contains(&e.day))
            .map(|(id, e)| (*id, &e.mark))
    }

    /// What changes whenever a mark of these times does; `None` where there is none.
    pub(crate) fn stamp(&self, (first, last): (Millis, Millis)) -> Option<Stamp> {
        let days = self.days.range(first.div_euclid(DAY)..=last.div_euclid(DAY));
        let (mut stamp, mut any) = (Stamp::default(), false);
        for (_, day) in days {
            any |= day.version > 0;
            stamp.version = stamp.version.max(day.version);
            stamp.marks += day.marks;
            stamp.corrected += day.corrected;
        }
        (any && stamp.marks > 0).then_some(stamp)
    }
}

/// Stands for the marks of some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Stamp {
    pub(crate) version: u64,
    pub(crate) marks: u64,
    pub(crate) corrected: u64,
}

/// The number a mention is looked up by: the first half of its id.
pub fn mention_number(id: MentionId) -> u64 {
    crate::document::head(id.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(n: u8, created_at: Millis, mark: Mark) -> Marked {
        Marked {
            number: mention_number(MentionId([n; 16])),
            created_at,
            mark,
        }
    }

    fn starred() -> Mark {
        Mark {
            starred: true,
            ..Mark::default()
        }
    }

    #[test]
    fn a_change_leaves_earlier_marks_as_they_were() {
        let first = Marks::default().with([marked(1, 0, starred())]);
        let second = first.with([marked(1, 0, Mark::default()), marked(2, DAY, starred())]);
        assert!(first.of(MentionId([1; 16])).is_some() && first.of(MentionId([2; 16])).is_none());
        assert!(second.of(MentionId([1; 16])).is_none() && second.of(MentionId([2; 16])).is_some());
        assert!(second.version() > first.version());
    }

    #[test]
    fn a_stamp_changes_with_its_days_alone() {
        let first = Marks::default().with([marked(1, 0, starred()), marked(2, 5 * DAY, starred())]);
        let second = first.with([marked(3, 5 * DAY, starred())]);
        assert_eq!(first.stamp((0, DAY)), second.stamp((0, DAY)));
        assert_ne!(first.stamp((0, 5 * DAY)), second.stamp((0, 5 * DAY)));
        assert_eq!(second.stamp((DAY, 2 * DAY)), None);
        assert_eq!(second.within((0, DAY)).count(), 1);
    }
}
