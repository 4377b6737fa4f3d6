//! What was planted: the answer key that goes with every simulated post.

use super::lang::Lang;
use super::world::{Aspect, Brand};
use serde::Serialize;

/// Which way a text leans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Polarity {
    Negative,
    Neutral,
    Positive,
}

impl Polarity {
    /// Negative for positive and the other way round.
    pub fn opposite(self) -> Self {
        match self {
            Polarity::Negative => Polarity::Positive,
            Polarity::Neutral => Polarity::Neutral,
            Polarity::Positive => Polarity::Negative,
        }
    }
}

/// What the author wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Intent {
    Chatter,
    Praise,
    Complaint,
    Question,
    Comparison,
    Help,
    News,
    Joke,
    Promotion,
}

/// One brand of a post and what the post says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The brand; one of its spellings occurs in the post's text, title or hashtags.
    pub brand: Brand,
    /// Sentiment toward this brand, which may differ from that of the whole post.
    pub sentiment: Polarity,
    /// What about it, where one thing stands out.
    pub aspect: Option<Aspect>,
}

/// The planted truth of one simulated post. For a delete it is the truth of the post that goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// The post's uid.
    pub uid: String,
    /// The language of the text (for a repost: of what is repeated).
    pub lang: Lang,
    /// Sentiment of the post as a whole.
    pub sentiment: Polarity,
    /// What it says of which brand, each brand once; empty for background chatter.
    pub targets: Vec<Target>,
    /// What the author wants.
    pub intent: Intent,
    /// The episode or scheme it belongs to: `recall`, `campaign`, `ring` (accounts of the campaign that share
    /// one link after the other within moments of each other), `launch`, `outage`, `sale`, `derby`, `spam`, `bot`.
    pub event: Option<&'static str>,
    /// Unwanted advertising.
    pub is_spam: bool,
    /// Written by an automated account, whether or not the platform marks it.
    pub bot: bool,
    /// Says the opposite of what it means.
    pub ironic: bool,
    /// Uses the word "maple" in its everyday sense and means no brand by it.
    pub ambiguous: bool,
    /// The uid of the post that it repeats: a repost's original, or a campaign's first copy.
    pub copy_of: Option<String>,
    /// Kinds of made-up personal data in the text: `email`, `phone`, `card`.
    pub personal: Vec<&'static str>,
}
