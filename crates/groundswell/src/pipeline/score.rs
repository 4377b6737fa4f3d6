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
        let text = words(post);
        self.tokens.read(&text);
        self.models
            .language
            .identify(&self.tokens, &mut self.scratch)
            .lang
            .to_owned()
    }

    /// The sentiment of a post, where its language is covered.
    pub fn sentiment(&mut self, post: &Post, lang: &str) -> Option<Sentiment> {
        let text = words(post);
        self.tokens.read(&text);
        let score = self
            .models
            .sentiment
            .score(&self.tokens, lang, &mut self.scratch)?;
        Some(Sentiment {
            probabilities: score.probabilities,
            model: self.models.sentiment.id().to_owned(),
        })
    }
}

/// What is read of a post: its title and its text.
fn words(post: &Post) -> std::borrow::Cow<'_, str> {
    match &post.title {
        Some(title) if post.text.is_empty() => title.as_str().into(),
        Some(title) => format!("{title}\n{}", post.text).into(),
        None => post.text.as_str().into(),
    }
}
