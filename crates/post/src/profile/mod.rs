//! Policy profiles: what each platform's terms let us keep, infer, export and show, as data.
//!
//! Every rule names the document it was read from. Where no document was read, it says [`UNVERIFIED`] (what is usual,
//! from memory) or [`OURS`] (this product's own rule). The app enforces the typed rules where a model, an export or a
//! view asks; what is in words only is shown.

mod page;
mod table;

pub use page::page;
pub use table::{ALL, OTHER};

/// The source of a rule nobody has read in the platform's own words.
pub const UNVERIFIED: &str = "practice, not verified";
/// The source of a rule that is this product's own.
pub const OURS: &str = "our own rule";

/// A rule and the document it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule<T: 'static> {
    /// The rule.
    pub value: T,
    /// Document and section, [`UNVERIFIED`] or [`OURS`].
    pub source: &'static str,
}

/// How long something is kept. Days count from when this installation received it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Until it is deleted there, or the operator's own limit.
    UntilDeleted,
    /// At most so many days; the operator may shorten it.
    AtMost(u32),
    /// So many days, unless the operator sets another number.
    Days(u32),
}

impl Keep {
    /// Days where the operator sets nothing; `None` is without end.
    pub fn default_days(self) -> Option<u32> {
        match self {
            Keep::UntilDeleted => None,
            Keep::AtMost(days) | Keep::Days(days) => Some(days),
        }
    }

    /// The most days the operator may set; `None` is without end.
    pub fn most_days(self) -> Option<u32> {
        match self {
            Keep::AtMost(days) => Some(days),
            Keep::UntilDeleted | Keep::Days(_) => None,
        }
    }
}

/// What may be inferred about a person, over and above each post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerPerson {
    /// Nothing.
    Forbidden,
    /// Nothing about one author; figures over many are fine.
    AggregateOnly,
    /// What the operator may, since the data is the operator's own.
    Allowed,
}

impl PerPerson {
    /// Whether scores may be summed up by author.
    pub fn allows_author_scores(self) -> bool {
        self == PerPerson::Allowed
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            PerPerson::Forbidden => "forbidden",
            PerPerson::AggregateOnly => "aggregate only",
            PerPerson::Allowed => "allowed",
        }
    }
}

/// What a model is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Which language a post is in.
    Language,
    /// How a post feels, in all or toward somebody.
    Sentiment,
    /// Anger, joy and so on.
    Emotion,
    /// Complaint, question, praise and so on.
    Intent,
    /// Whether it insults.
    Offensive,
    /// Whether it is spam or automated.
    Spam,
    /// A classifier of the operator's own.
    Custom,
}

impl Task {
    /// Every task.
    pub const ALL: [Task; 7] = [
        Task::Language,
        Task::Sentiment,
        Task::Emotion,
        Task::Intent,
        Task::Offensive,
        Task::Spam,
        Task::Custom,
    ];

    /// Its name on the command line and in the API.
    pub fn name(self) -> &'static str {
        match self {
            Task::Language => "language",
            Task::Sentiment => "sentiment",
            Task::Emotion => "emotion",
            Task::Intent => "intent",
            Task::Offensive => "offensive",
            Task::Spam => "spam",
            Task::Custom => "custom",
        }
    }
}

/// Whether a model may run on a platform's posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Yes.
    Allowed,
    /// Only to filter: its score is neither shown nor exported.
    FilterOnly,
    /// Once the operator has recorded that the platform's amendment was accepted.
    AfterAcceptance,
    /// No.
    Forbidden,
}

impl Use {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Use::Allowed => "allowed",
            Use::FilterOnly => "to filter only",
            Use::AfterAcceptance => "off until acceptance is recorded",
            Use::Forbidden => "forbidden",
        }
    }
}

/// What leaves in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// The post as stored.
    Full,
    /// The post as stored, with [`Profile::label`].
    Labelled,
    /// The platform's id of the post; so many posts in full for each person and day, where asked for.
    Ids {
        /// Posts in full for each person and day.
        full_per_day: u32,
    },
    /// Headline, link, and so many characters of the text.
    Excerpt {
        /// Characters.
        chars: usize,
    },
    /// Nothing.
    Forbidden,
}

impl Export {
    /// In words.
    pub fn words(self) -> String {
        match self {
            Export::Full => "full".to_owned(),
            Export::Labelled => "full, labelled".to_owned(),
            Export::Ids { full_per_day: 0 } => "ids only".to_owned(),
            Export::Ids { full_per_day } => {
                format!("ids; at most {full_per_day} posts in full a person and day")
            }
            Export::Excerpt { chars } => format!("link, headline and at most {chars} characters"),
            Export::Forbidden => "forbidden".to_owned(),
        }
    }
}

/// When deleted posts are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recheck {
    /// At least this often, in hours; `None` where the platform tells of deletions by itself, or cannot be asked.
    pub every_hours: Option<u32>,
    /// How.
    pub how: &'static str,
}

/// An amendment of the terms that the operator must have accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amendment {
    /// What it is called.
    pub name: &'static str,
    /// Which text: its date.
    pub version: &'static str,
    /// What it opens.
    pub opens: &'static str,
}

/// The rules of one platform.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// As in [`crate::Post::platform`].
    pub platform: &'static str,
    /// Other names of it in `platform`.
    pub also: &'static [&'static str],
    /// Its name for people.
    pub name: &'static str,
    /// Text, headline, links, tags, media.
    pub text: Rule<Keep>,
    /// What remains then: pseudonym, references to other posts, the platform's counts.
    pub features: Rule<Keep>,
    /// The author's sealed handle, name and profile.
    pub profile: Rule<Keep>,
    /// What must go when somebody deletes, and how soon.
    pub deletion: Rule<&'static str>,
    /// How deleted posts are found.
    pub recheck: Rule<Recheck>,
    /// Inference about a person.
    pub per_person: Rule<PerPerson>,
    /// Tasks under a rule of their own; all others are allowed.
    pub models: &'static [(&'static [Task], Rule<Use>)],
    /// What leaves in an export.
    pub export: Rule<Export>,
    /// Whether an excerpt may be passed on to a language model that is none of ours, where the operator set one up.
    pub passing_on: Rule<bool>,
    /// What an answer must say where the platform's data is part of it.
    pub label: Option<Rule<&'static str>>,
    /// What must stand beside a post that is shown.
    pub attribution: Rule<&'static str>,
    /// What has to be accepted for [`Use::AfterAcceptance`], and for keeping features beyond their limit.
    pub amendment: Option<Rule<Amendment>>,
}

impl Profile {
    /// Whether and how a model may run.
    pub fn use_of(&self, task: Task) -> Rule<Use> {
        let found = self.models.iter().find(|(tasks, _)| tasks.contains(&task));
        found.map_or(
            Rule {
                value: Use::Allowed,
                source: OURS,
            },
            |(_, rule)| *rule,
        )
    }

    /// What may be passed on to a language model, in words.
    pub fn passing_on_words(&self) -> &'static str {
        match self.passing_on.value {
            true => "excerpts, where the operator set one up",
            false => "nothing but counts and terms",
        }
    }

    /// Whether a score may be made and shown; `accepted` says whether the amendment was.
    pub fn allows(&self, task: Task, accepted: bool) -> bool {
        match self.use_of(task).value {
            Use::Allowed => true,
            Use::AfterAcceptance => accepted,
            Use::FilterOnly | Use::Forbidden => false,
        }
    }

    /// How long features are kept; accepting the amendment lifts the limit.
    pub fn features_kept(&self, accepted: bool) -> Keep {
        if accepted && self.amendment.is_some() {
            Keep::UntilDeleted
        } else {
            self.features.value
        }
    }
}

/// The profile of a platform; [`OTHER`] for what nobody knows: files, pushed posts, webhooks.
pub fn of(platform: &str) -> &'static Profile {
    let known = |p: &&Profile| p.platform == platform || p.also.contains(&platform);
    ALL.iter().find(known).unwrap_or(&OTHER)
}
