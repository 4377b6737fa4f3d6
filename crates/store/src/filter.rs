//! Which mentions a question is about.

use crate::Label;
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
