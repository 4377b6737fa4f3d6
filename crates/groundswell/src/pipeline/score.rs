//! Scoring: what the models say of a post.

use models::{Models, Scratch};
use post::Post;
use store::Sentiment;
use text::Tokens;

/// Scores posts, one after the other; keeps its buffers.
pub struct Scorer<'m> {
    models: &'m Models,
    tokens: Tokens,
    scratch: Scratch,
}

impl<'m> Scorer<'m> {
    /// A scorer with these models.
    pub fn new(models: &'m Models) -> Self {
        Self {
            models,
            tokens: Tokens::new(),
            scratch: Scratch::default(),
        }
    }

    /// The language of a post, `und` where nobody can say.
    pub fn language(&mut self, post: &Post) -> String {
        self.language_of(post.title.as_deref(), &post.text)
    }

    /// The same of a title and a text.
    pub fn language_of(&mut self, title: Option<&str>, text: &str) -> String {
        self.tokens.read(&words(title, text));
        self.models
            .language
            .identify(&self.tokens, &mut self.scratch)
            .lang
            .to_owned()
    }

    /// The sentiment of a post, where its language is covered.
    pub fn sentiment(&mut self, post: &Post, lang: &str) -> Option<Sentiment> {
        self.tokens.read(&words(post.title.as_deref(), &post.text));
        let score = self
            .models
            .sentiment
            .score(&self.tokens, lang, &mut self.scratch)?;
        Some(Sentiment {
            probabilities: score.probabilities,
            model: self.models.sentiment.id().to_owned(),
            is_toward: false,
        })
    }
}

/// What is read of a post: its title and its text.
fn words<'t>(title: Option<&'t str>, text: &'t str) -> std::borrow::Cow<'t, str> {
    match title {
        Some(title) if text.is_empty() => title.into(),
        Some(title) => format!("{title}\n{text}").into(),
        None => text.into(),
    }
}
