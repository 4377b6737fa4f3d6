//! The models every mention is scored with.

use crate::classifier::Scratch;
use crate::error::ModelError;
use crate::language::{Identified, Language};
use crate::sentiment::{Score, Sentiment};
use text::Tokens;

/// Language and sentiment together.
#[derive(Debug, Clone)]
pub struct Models {
    /// Language identification.
    pub language: Language,
    /// Sentiment of a post.
    pub sentiment: Sentiment,
}

/// What [`Models::score`] says of a post.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// Its language.
    pub language: Identified,
    /// Its sentiment, where the model answers.
    pub sentiment: Option<Score>,
}

impl Models {
    /// Reads both artefacts.
    pub fn load(language: &[u8], sentiment: &[u8]) -> Result<Self, ModelError> {
        Ok(Self {
            language: Language::load(language)?,
            sentiment: Sentiment::load(sentiment)?,
        })
    }

    /// Identifies the language, then scores the sentiment in it.
    pub fn score(&self, tokens: &Tokens, scratch: &mut Scratch) -> Scored {
        let language = self.language.identify(tokens, scratch);
        let sentiment = self.sentiment.score(tokens, language.lang, scratch);
        Scored { language, sentiment }
    }
}
