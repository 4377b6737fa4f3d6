//! One post as it leaves.

use serde::Serialize;
use store::{Mention, Sentiment};

/// A post in the form it may leave in. `None` is "not known", or not let out in this form.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(super) struct Record<'m> {
    /// `full`, `excerpt` or `id`.
    pub(super) form: &'static str,
    /// Stands for the post here; the platform's own id in the form `id`.
    pub(super) id: String,
    pub(super) platform: &'m str,
    #[serde(flatten)]
    pub(super) content: Option<Content<'m>>,
    #[serde(flatten)]
    pub(super) full: Option<Full<'m>>,
}

/// What all forms but `id` have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Content<'m> {
    pub(super) kind: &'static str,
    pub(super) created_at: String,
    pub(super) title: Option<&'m str>,
    /// The text, or its beginning.
    pub(super) text: Option<&'m str>,
    pub(super) lang: &'m str,
    pub(super) link: Option<String>,
    pub(super) sentiment: Option<Score<'m>>,
}

/// What a whole post has, too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Full<'m> {
    pub(super) seen_at: String,
    pub(super) edited_at: Option<String>,
    /// The author's pseudonym.
    pub(super) author: Option<String>,
    /// Of accounts that act in public.
    pub(super) handle: Option<&'m str>,
    pub(super) name: Option<&'m str>,
    pub(super) followers: Option<u64>,
    pub(super) verified: Option<bool>,
    pub(super) content_warning: Option<&'m str>,
    pub(super) community: Option<&'m str>,
    pub(super) country: Option<&'m str>,
    pub(super) reply_to: Option<String>,
    pub(super) thread_root: Option<String>,
    pub(super) repost_of: Option<String>,
    pub(super) quote_of: Option<String>,
    pub(super) hashtags: &'m [String],
    pub(super) mentions: &'m [String],
    pub(super) urls: &'m [String],
    pub(super) media: &'m [post::Media],
    pub(super) counts: post::Counts,
    pub(super) monitor: &'m str,
    pub(super) monitor_version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<&'static str>,
}

/// What the model says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Score<'m> {
    pub(super) label: &'static str,
    pub(super) negative: f32,
    pub(super) neutral: f32,
    pub(super) positive: f32,
    pub(super) model: &'m str,
}

impl<'m> Record<'m> {
    /// The platform's id and nothing else.
    pub(super) fn id(mention: &'m Mention, id: String) -> Self {
        Self {
            form: "id",
            id,
            platform: &mention.post.platform,
            ..Self::default()
        }
    }

    /// Headline, link and the beginning of the text.
    pub(super) fn excerpt(
        mention: &'m Mention,
        sentiment: Option<&'m Sentiment>,
        link: Option<String>,
        chars: usize,
    ) -> Self {
        let text = &mention.post.text;
        let end = text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
        Self {
            form: "excerpt",
            id: mention.post.key.to_string(),
            platform: &mention.post.platform,
            content: Some(content(mention, sentiment, &text[..end], link)),
            full: None,
        }
    }

    /// The post as stored.
    pub(super) fn full(
        mention: &'m Mention,
        sentiment: Option<&'m Sentiment>,
        label: Option<&'static str>,
    ) -> Self {
        let p = &mention.post;
        let key = |key: Option<post::PostKey>| key.map(|k| k.to_string());
        let author = p.author.as_ref();
        Self {
            form: "full",
            id: p.key.to_string(),
            platform: &p.platform,
            content: Some(content(mention, sentiment, &p.text, None)),
            full: Some(Full {
                seen_at: post::to_rfc3339(p.seen_at),
                edited_at: p.edited_at.map(post::to_rfc3339),
                author: author.map(|a| a.key.to_string()),
                handle: author.and_then(|a| a.public_handle.as_deref()),
                name: author.and_then(|a| a.public_name.as_deref()),
                followers: author.and_then(|a| a.followers),
                verified: author.and_then(|a| a.verified),
                content_warning: p.content_warning.as_deref(),
                community: p.community.as_deref(),
                country: p.country(),
                reply_to: key(p.reply_to),
                thread_root: key(p.thread_root),
                repost_of: key(p.repost_of),
                quote_of: key(p.quote_of),
                hashtags: &p.hashtags,
                mentions: &p.mentions,
                urls: &p.urls,
                media: &p.media,
                counts: p.counts,
                monitor: &mention.monitor,
                monitor_version: mention.monitor_version,
                label,
            }),
        }
    }
}

fn content<'m>(
    mention: &'m Mention,
    sentiment: Option<&'m Sentiment>,
    text: &'m str,
    link: Option<String>,
) -> Content<'m> {
    let p = &mention.post;
    Content {
        kind: p.kind.name(),
        created_at: post::to_rfc3339(p.created_at),
        title: p.title.as_deref(),
        // What is past its time is not known, rather than empty.
        text: Some(text).filter(|t| !t.is_empty()),
        lang: &mention.lang,
        link,
        sentiment: sentiment.map(|s| {
            let [negative, neutral, positive] = s.probabilities;
            Score {
                label: s.label().name(),
                negative,
                neutral,
                positive,
                model: &s.model,
            }
        }),
    }
}
