//! What a query can test of a post.

use post::{Kind, Post};

/// The readable and testable side of one post, borrowed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'a> {
    /// Headline. Words are looked for in it and in the text; no phrase or NEAR reaches from one into the other.
    pub title: Option<&'a str>,
    /// Text.
    pub text: &'a str,
    /// Language, ISO 639-1; `None` where nobody knows.
    pub lang: Option<&'a str>,
    /// Platform; `twitter` is read as `x`.
    pub source: &'a str,
    /// The author's readable handle, without `@`.
    pub author: Option<&'a str>,
    /// The token pseudonym of the author's handle.
    pub author_token: Option<&'a str>,
    /// What was published.
    pub kind: Kind,
    /// Subreddit, channel or site.
    pub site: Option<&'a str>,
}

impl<'a> Document<'a> {
    /// The document of an admitted post. `lang` is the language the models decided on, empty where they did not.
    pub fn from_post(post: &'a Post, lang: &'a str) -> Self {
        let author = post.author.as_ref();
        Self {
            title: post.title.as_deref(),
            text: &post.text,
            lang: Some(lang).filter(|l| !l.is_empty()).or(post.lang.as_deref()),
            source: &post.platform,
            author: author.and_then(|a| a.public_handle.as_deref()),
            author_token: author.and_then(|a| a.handle_token.as_deref()),
            kind: post.kind,
            site: post.community.as_deref(),
        }
    }

    /// A document of a text alone.
    pub fn of_text(text: &'a str) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}
