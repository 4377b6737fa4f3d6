//! What a query can test of a post.

use post::{Kind, Media, Post, RawMention};

/// The readable and testable side of one post, borrowed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'a> {
    /// Headline. Words are looked for in it and in the text; no phrase or NEAR reaches from one into the other.
    pub title: Option<&'a str>,
    /// Text.
    pub text: &'a str,
    /// Language, ISO 639-1; `None` or `und` where nobody knows.
    pub lang: Option<&'a str>,
    /// Platform; `twitter` is read as `x`.
    pub source: &'a str,
    /// The author's readable handle, without `@`.
    pub author: Option<&'a str>,
    /// The token pseudonym of the author's handle.
    pub author_token: Option<&'a str>,
    /// What was published.
    pub kind: Kind,
    /// Whether it answers another post.
    pub is_reply: bool,
    /// Subreddit, channel or site.
    pub site: Option<&'a str>,
    /// ISO 3166-1 alpha-2; `None` where nobody knows.
    pub country: Option<&'a str>,
    /// Followers of the author; `None` where nobody knows.
    pub followers: Option<u64>,
    /// Tags the platform lists, without `#`; those of the text count anyway.
    pub hashtags: &'a [String],
    /// Accounts the platform lists as named, the one answered first; those of the text count anyway.
    pub mentions: Names<'a>,
    /// Links the platform lists; those of the text count anyway.
    pub urls: &'a [String],
    /// Pictures, videos, sounds.
    pub media: &'a [Media],
}

/// Accounts a post names.
#[derive(Debug, Clone, Copy)]
pub enum Names<'a> {
    /// Behind admission: readable handles of public accounts, token pseudonyms of all others.
    Admitted(&'a [String]),
    /// As a source or a file tells them.
    Raw(&'a [RawMention]),
}

impl Default for Names<'_> {
    fn default() -> Self {
        Names::Admitted(&[])
    }
}

impl<'a> Names<'a> {
    /// The handles, without `@`.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        let (admitted, raw): (&[String], &[RawMention]) = match self {
            Names::Admitted(list) => (list, &[]),
            Names::Raw(list) => (&[], list),
        };
        admitted
            .iter()
            .map(String::as_str)
            .chain(raw.iter().filter_map(|m| m.handle.as_deref()))
    }
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
            is_reply: post.reply_to.is_some(),
            site: post.community.as_deref(),
            country: post.country(),
            followers: author.and_then(|a| a.followers),
            hashtags: &post.hashtags,
            mentions: Names::Admitted(&post.mentions),
            urls: &post.urls,
            media: &post.media,
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
