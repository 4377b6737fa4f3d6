//! Which mentions a question is about.

use crate::Label;
use jiff::tz::TimeZone;
use post::{AuthorKey, Kind, Millis, PostKey};
use std::fmt;
use std::sync::Arc;

/// Values to keep and values to leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<T> {
    /// Keep only mentions with one of these; all, where empty.
    pub include: Vec<T>,
    /// Leave out mentions with any of these.
    pub exclude: Vec<T>,
}

impl<T> Default for Choice<T> {
    fn default() -> Self {
        Self {
            include: Vec::new(),
            exclude: Vec::new(),
        }
    }
}

impl<T> Choice<T> {
    /// Only these.
    pub fn only(values: impl IntoIterator<Item = T>) -> Self {
        Self {
            include: values.into_iter().collect(),
            exclude: Vec::new(),
        }
    }

    /// All but these.
    pub fn except(values: impl IntoIterator<Item = T>) -> Self {
        Self {
            include: Vec::new(),
            exclude: values.into_iter().collect(),
        }
    }

    /// Whether everything passes.
    pub fn is_all(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }
}

/// Which mentions a question is about: those that pass every part.
///
/// Where no monitor is asked for by `monitors.include`, each post of the project counts once, through its primary
/// mention; a question *by monitor* counts every mention even so.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The project; all, where `None`.
    pub project: Option<String>,
    /// Monitor ids.
    pub monitors: Choice<String>,
    /// From this time of creation, inclusive.
    pub from: Option<Millis>,
    /// To this time of creation, exclusive.
    pub to: Option<Millis>,
    /// Hours of the week of creation.
    pub hours: Choice<WeekHour>,
    /// Platforms.
    pub sources: Choice<String>,
    /// Languages (ISO 639-1, or `und`).
    pub langs: Choice<String>,
    /// Classes of sentiment. A mention without a score has none of them.
    pub sentiments: Choice<Label>,
    /// Kinds of post.
    pub kinds: Choice<Kind>,
    /// Hashtags without `#`, any case.
    pub hashtags: Choice<String>,
    /// Authors.
    pub authors: Choice<AuthorKey>,
    /// Sites linked to, or the community posted in; any case.
    pub sites: Choice<String>,
    /// Significant words of the text, as in a breakdown by term; any case.
    pub terms: Choice<String>,
    /// Emotions.
    pub emotions: Choice<String>,
    /// Intents.
    pub intents: Choice<String>,
    /// Labels of other tasks and of one's own classifiers, as `task:label`.
    pub classes: Choice<String>,
    /// Topics, by their numbers.
    pub topics: Choice<u64>,
    /// Copies of the same text, by the number of their group; the first of them is one.
    pub copies: Choice<u64>,
    /// Names in the text; any case.
    pub entities: Choice<String>,
    /// What is judged in the text; any case.
    pub aspects: Choice<String>,
    /// Countries (ISO 3166-1 alpha-2), by evidence.
    pub countries: Choice<String>,
    /// What is shown beside the text: `image`, `video`, `link`, `none`, …
    pub media: Choice<String>,
    /// Links, whatever their scheme and their advertisers' parameters.
    pub links: Choice<String>,
    /// Models of the sentiment, with version.
    pub models: Choice<String>,
    /// Posts that belong to one of these: answers, repeats, quotes, the rest of the thread.
    pub related: Choice<PostKey>,
    /// At least so many followers. A mention whose author's are unknown has none.
    pub followers_from: Option<u64>,
    /// Fewer followers than this.
    pub followers_to: Option<u64>,
    /// At least this engagement.
    pub engagement_from: Option<u64>,
    /// Less engagement than this.
    pub engagement_to: Option<u64>,
    /// What people and rules did with it, in the words of [`crate::Mark::words`]: every choice must pass.
    pub marks: Vec<Choice<String>>,
    /// Owned or earned, by the accounts of each monitor; both, where `None`.
    pub voice: Option<(Voice, Vec<Accounts>)>,
    /// Whether posts count that were kept as context: those that did not match, but answer or quote what did.
    pub context: Context,
    /// What models of relevance say of mentions.
    pub sense: Sense,
    /// Written after this generation.
    pub since: Option<u64>,
    /// As it was in this generation: what was written later is left out. What was changed or went since is not there.
    pub upto: Option<u64>,
    /// A query searched within the mentions, with the matcher's own meaning.
    pub q: Option<Search>,
}

/// An hour of the week on the clocks of a time zone. Where a clock is put back, the hour that comes twice is one hour;
/// where it is put forward, the hour left out has no time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekHour {
    /// From Monday's first, 0, to Sunday's last, 167.
    pub hour: u8,
    /// The time zone.
    pub zone: TimeZone,
}

/// Whether a brand speaks of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Voice {
    /// Only what the monitors' own accounts published.
    Owned,
    /// All but that.
    Earned,
}

/// Which part mentions have that the relevance model of their monitor calls irrelevant: those with this label.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sense {
    /// They count like others.
    #[default]
    All,
    /// They are left out.
    Without,
    /// They alone count.
    Only,
    /// Those of these monitors are left out.
    WithoutOf(Vec<String>),
}

/// The label, among classes, of what is irrelevant to its monitor.
pub(crate) const IRRELEVANT: &str = "relevance:irrelevant";

/// Which part posts kept as context have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Context {
    /// None: only what matched counts.
    #[default]
    Without,
    /// Both count.
    With,
    /// They alone count.
    Only,
}

/// A monitor's own accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// The monitor.
    pub monitor: String,
    /// Its accounts, as [`account`] writes them.
    pub accounts: Vec<String>,
}

/// An account as it is found by: its platform and the token of its handle (`post::Pseudonyms::handle`).
pub fn account(platform: &str, handle_token: &str) -> String {
    format!("{platform}:{handle_token}")
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Each post once where the filter names no monitor, else mentions.
    Posts,
    /// Always mentions.
    Mentions,
}

impl Filter {
    /// Whether every mention passes that a filter which says nothing lets pass.
    ///
    /// Each part is named, so that a new one cannot be forgotten: what is counted by sums that do not know a part must not
    /// be asked with it.
    pub(crate) fn asks_nothing(&self) -> bool {
        let Self {
            project,
            monitors,
            from,
            to,
            hours,
            sources,
            langs,
            sentiments,
            kinds,
            hashtags,
            authors,
            sites,
            terms,
            emotions,
            intents,
            classes,
            topics,
            copies,
            entities,
            aspects,
            countries,
            media,
            links,
            models,
            related,
            followers_from,
            followers_to,
            engagement_from,
            engagement_to,
            marks,
            voice,
            context,
            sense,
            since,
            upto,
            q,
        } = self;
        let texts = [
            monitors, sources, langs, hashtags, sites, terms, emotions, intents, classes, entities, aspects,
            countries, media, links, models,
        ];
        let numbers = [
            followers_from,
            followers_to,
            engagement_from,
            engagement_to,
            since,
            upto,
        ];
        project.is_none()
            && from.is_none()
            && to.is_none()
            && texts.iter().all(|choice| choice.is_all())
            && hours.is_all()
            && sentiments.is_all()
            && kinds.is_all()
            && authors.is_all()
            && topics.is_all()
            && copies.is_all()
            && related.is_all()
            && marks.iter().all(Choice::is_all)
            && numbers.iter().all(|number| number.is_none())
            && voice.is_none()
            && *context == Context::default()
            && *sense == Sense::default()
            && q.is_none()
    }

    /// Whether only primary mentions count.
    pub(crate) fn is_of_posts(&self, unit: Unit) -> bool {
        unit == Unit::Posts && self.monitors.is_all()
    }
}

/// A query to be searched for in stored posts.
#[derive(Clone)]
pub struct Search {
    /// The query.
    pub query: Arc<query::Query>,
    /// The token that stands for a handle in admitted texts, as the monitors were compiled with; `None` where texts
    /// hold readable handles.
    pub pseudonyms: Option<Arc<HandleToken>>,
}

/// Gives the token of a handle.
pub type HandleToken = dyn Fn(&str) -> String + Send + Sync;

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Answers are kept under this text: it tells apart what has other answers.
        let handles = if self.pseudonyms.is_some() {
            "tokens"
        } else {
            "plain"
        };
        write!(f, "Search({}, handles {handles})", self.query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a filter says beyond one that says nothing, each of its parts set or not.
    fn set(parts: u64) -> Filter {
        let has = |part: u32| parts >> part & 1 == 1;
        let text = |part| {
            if has(part) {
                Choice::only(["a".to_owned()])
            } else {
                Choice::default()
            }
        };
        let number = |part| has(part).then_some(7);
        Filter {
            project: has(0).then(|| "p".to_owned()),
            monitors: text(1),
            from: has(2).then_some(0),
            to: has(3).then_some(0),
            hours: match has(4) {
                true => Choice::except([WeekHour {
                    hour: 9,
                    zone: TimeZone::UTC,
                }]),
                false => Choice::default(),
            },
            sources: text(5),
            langs: text(6),
            sentiments: if has(7) {
                Choice::only([Label::Neutral])
            } else {
                Choice::default()
            },
            kinds: if has(8) {
                Choice::except([Kind::Post])
            } else {
                Choice::default()
            },
            hashtags: text(9),
            authors: if has(10) {
                Choice::only([AuthorKey([0; 16])])
            } else {
                Choice::default()
            },
            sites: text(11),
            terms: text(12),
            emotions: text(13),
            intents: text(14),
            classes: text(15),
            topics: if has(16) {
                Choice::only([1])
            } else {
                Choice::default()
            },
            copies: if has(17) {
                Choice::except([1])
            } else {
                Choice::default()
            },
            entities: text(18),
            aspects: text(19),
            countries: text(20),
            media: text(21),
            links: text(22),
            models: text(23),
            related: if has(24) {
                Choice::only([PostKey([0; 16])])
            } else {
                Choice::default()
            },
            followers_from: number(25),
            followers_to: number(26),
            engagement_from: number(27),
            engagement_to: number(28),
            marks: if has(29) {
                vec![Choice::default(), text(29)]
            } else {
                Vec::new()
            },
            voice: has(30).then(|| (Voice::Owned, Vec::new())),
            context: if has(31) { Context::With } else { Context::Without },
            sense: if has(32) { Sense::Without } else { Sense::All },
            since: number(33),
            upto: number(34),
            q: has(35).then(|| Search {
                query: Arc::new(query::parse("a").unwrap_or_else(|_| unreachable!("`a` is a query"))),
                pseudonyms: None,
            }),
        }
    }

    /// How many parts [`set`] knows.
    const PARTS: u32 = 36;

    proptest! {
        #[test]
        fn a_filter_asks_nothing_where_it_says_what_one_that_says_nothing_does(parts in 0..1u64 << PARTS) {
            let filter = set(parts);
            let says = format!("{filter:?}") != format!("{:?}", Filter::default());
            prop_assert_eq!(filter.asks_nothing(), !says);
        }
    }

    #[test]
    fn any_one_part_is_something() {
        assert!(set(0).asks_nothing());
        (0..PARTS).for_each(|part| assert!(!set(1 << part).asks_nothing(), "part {part}"));
        let empty = Filter {
            marks: vec![Choice::default()],
            ..Filter::default()
        };
        assert!(empty.asks_nothing(), "a choice among all leaves nothing out");
    }
}
