//! What is stored.

use post::{MentionId, Post, PostKey};
use serde::{Deserialize, Serialize};

/// One post that matched one monitor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// `hash(post key, monitor id)`.
    pub id: MentionId,
    /// The project of the monitor.
    pub project: String,
    /// The monitor that matched.
    pub monitor: String,
    /// The version of the monitor's query that matched; 0 where none did, see [`Mention::is_context`].
    pub monitor_version: u32,
    /// Whether this mention stands for its post in the project's totals. The store sees to it that exactly one mention
    /// of a post in a project does; what is given here is a wish.
    pub primary: bool,
    /// The post as admitted.
    pub post: Post,
    /// The decided language (ISO 639-1), or `und`.
    pub lang: String,
    /// Sentiment toward what the monitor is about; of the whole post where none of its names stands in it. Where a
    /// model covers the language.
    pub sentiment: Option<Sentiment>,
    /// What else the models say.
    pub scores: Scores,
    /// The copies its post belongs to, itself included: [`Mention::own_group`] of the first of them that was seen, which
    /// every post begins with. `None` where it was never looked for copies: context, and what older programs stored.
    pub group: Option<u64>,
    /// What its post is about: the number of a topic of the project.
    pub topic: Option<u64>,
}

impl Mention {
    /// Whether its post did not match itself, but answers or quotes one that did: versions of queries begin with 1.
    pub fn is_context(&self) -> bool {
        self.monitor_version == 0
    }

    /// The group of a post that nothing before is like.
    pub fn own_group(post: PostKey) -> u64 {
        crate::document::head(post.0)
    }

    /// The group of which its post is a copy: one that began with another post.
    pub fn copy_of(&self) -> Option<u64> {
        self.group
            .filter(|group| *group != Self::own_group(self.post.key))
    }
}

/// What models say of a post besides its sentiment toward a monitor.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Scores {
    /// Sentiment of the whole post, where the mention's own is toward its monitor.
    pub post: Option<Sentiment>,
    /// Labels of other tasks, each task once; a task whose model abstains is absent.
    pub classes: Vec<Class>,
    /// Whom and what the text names. Goes with the text.
    pub entities: Vec<Entity>,
    /// What about the monitor's subject is spoken of. Goes with the text.
    pub aspects: Vec<Aspect>,
}

impl Scores {
    /// The label of a task.
    pub fn class(&self, task: &str) -> Option<&Class> {
        self.classes.iter().find(|c| c.task == task)
    }
}

/// A label of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// The task: `emotion`, `intent`, `spam`, …, or the name of a classifier of one's own.
    pub task: String,
    /// The label.
    pub label: String,
    /// Its calibrated probability.
    pub probability: f32,
    /// Model and version.
    pub model: String,
}

/// A name in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// As written first.
    pub name: String,
    /// `person`, `organisation`, `location`, `product` or `other`.
    pub kind: String,
}

/// Something that is judged in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aspect {
    /// The term, folded.
    pub term: String,
    /// How it is judged.
    pub sentiment: Option<Label>,
}

/// A sentiment score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sentiment {
    /// Calibrated probabilities of negative, neutral and positive.
    pub probabilities: [f32; 3],
    /// Model and version, such as `sentiment@1`.
    pub model: String,
    /// Whether it is toward the monitor's subject, rather than of the whole post.
    pub is_toward: bool,
}

impl Sentiment {
    /// The most probable class; the earlier one where two are equal.
    pub fn label(&self) -> Label {
        let [negative, neutral, positive] = self.probabilities;
        if negative >= neutral && negative >= positive {
            Label::Negative
        } else if neutral >= positive {
            Label::Neutral
        } else {
            Label::Positive
        }
    }
}

/// A class of sentiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Label {
    /// Against.
    Negative,
    /// Neither.
    Neutral,
    /// In favour.
    Positive,
}

impl Label {
    /// Every class, in the order of its number in stored forms.
    pub const ALL: [Label; 3] = [Label::Negative, Label::Neutral, Label::Positive];

    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            Label::Negative => "negative",
            Label::Neutral => "neutral",
            Label::Positive => "positive",
        }
    }

    /// The class of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Label> {
        Label::ALL.into_iter().find(|l| l.name() == name)
    }
}
