//! The fields of a mention's document.

use super::{expire, tokenizer};
use crate::document::{self, engagement};
use crate::filter::account;
use crate::mention_number;
use crate::{Error, Mention, body, words};
use post::{AuthorKey, PostKey};
use std::path::Path;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
    Value,
};
use tantivy::{TantivyDocument, Term};
use text::Tokens;

/// Names of the columns read by collectors.
pub(super) mod column {
    pub(in crate::embedded) const ID: &str = "id";
    pub(in crate::embedded) const CREATED: &str = "created";
    pub(in crate::embedded) const AUTHOR: &str = "author_hash";
    pub(in crate::embedded) const SENTIMENT: &str = "sentiment";
    pub(in crate::embedded) const ENGAGEMENT: &str = "engagement";
    pub(in crate::embedded) const MONITOR: &str = "monitor";
    pub(in crate::embedded) const SOURCE: &str = "source";
    pub(in crate::embedded) const LANG: &str = "lang";
    pub(in crate::embedded) const KIND: &str = "kind";
    pub(in crate::embedded) const HASHTAG: &str = "hashtag";
    pub(in crate::embedded) const WORD: &str = "word";
    pub(in crate::embedded) const SITE: &str = "site";
    pub(in crate::embedded) const EMOTION: &str = "emotion";
    pub(in crate::embedded) const INTENT: &str = "intent";
    pub(in crate::embedded) const CLASS: &str = "class";
    pub(in crate::embedded) const ENTITY: &str = "entity";
    pub(in crate::embedded) const ASPECT: &str = "aspect";
    pub(in crate::embedded) const TEXT: &str = "text_hash";
    pub(in crate::embedded) const FOLLOWERS: &str = "followers";
    pub(in crate::embedded) const PROBABILITIES: &str = "probabilities";
    pub(in crate::embedded) const WRITTEN: &str = "written";
    pub(in crate::embedded) const COUNTRY: &str = "country";
    pub(in crate::embedded) const MEDIA: &str = "media";
    pub(in crate::embedded) const LINK: &str = "link";
    pub(in crate::embedded) const MODEL: &str = "model";
    pub(in crate::embedded) const TOPIC: &str = "topic";
    pub(in crate::embedded) const COPIES: &str = "copies";
}

/// The fields by their handles.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// First 8 bytes of the mention id: look-up and the order of pages.
    pub(super) id: Field,
    /// Post key, 16 bytes: edits and deletes go by it.
    pub(super) post: Field,
    /// Author key, 16 bytes: filters and erasure.
    pub(super) author: Field,
    /// First 8 bytes of the author key: distinct authors are counted by it (two of ten million authors share one with
    /// a probability of 3 in a million).
    pub(super) author_hash: Field,
    /// The project, the mark of [`super::expire`], and [`document::CONTEXT`] where it is.
    pub(super) project: Field,
    pub(super) monitor: Field,
    pub(super) primary: Field,
    /// Milliseconds since 1970.
    pub(super) created: Field,
    pub(super) source: Field,
    pub(super) lang: Field,
    pub(super) kind: Field,
    /// Number of the label; absent without a score.
    pub(super) sentiment: Field,
    pub(super) engagement: Field,
    pub(super) hashtag: Field,
    pub(super) word: Field,
    pub(super) site: Field,
    pub(super) emotion: Field,
    pub(super) intent: Field,
    /// `task:label` of every other task.
    pub(super) class: Field,
    pub(super) entity: Field,
    pub(super) aspect: Field,
    /// What distinct texts are counted by, see [`words::text_number`].
    pub(super) text_hash: Field,
    /// Followers of the author, where known.
    pub(super) followers: Field,
    /// See [`probabilities`].
    pub(super) probabilities: Field,
    /// See [`document::written`].
    pub(super) written: Field,
    pub(super) country: Field,
    pub(super) media: Field,
    pub(super) link: Field,
    /// Model and version of the sentiment.
    pub(super) model: Field,
    /// The number of the topic.
    pub(super) topic: Field,
    /// The group of which a post is a copy, see [`words::group`]; the first of a group has none.
    pub(super) copies: Field,
    /// Post keys, 16 bytes each: what the post answers, repeats or quotes, and its thread.
    pub(super) related: Field,
    /// The author's account, see [`account`].
    pub(super) account: Field,
    /// Title and text, with positions.
    pub(super) text: Field,
    /// The whole mention, see [`crate::body`].
    pub(super) body: Field,
}

impl Fields {
    pub(super) fn new() -> Self {
        let mut b = Schema::builder();
        let keyword = || {
            let index = TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic);
            TextOptions::default().set_indexing_options(index)
        };
        let column = || keyword().set_fast("raw");
        let key = || BytesOptions::default().set_indexed();
        let words = TextFieldIndexing::default()
            .set_tokenizer(tokenizer::NAME)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        Self {
            id: b.add_u64_field(column::ID, INDEXED | FAST),
            post: b.add_bytes_field("post", key()),
            author: b.add_bytes_field("author", key()),
            author_hash: b.add_u64_field(column::AUTHOR, FAST),
            project: b.add_text_field("project", keyword()),
            monitor: b.add_text_field(column::MONITOR, column()),
            primary: b.add_bool_field("primary", INDEXED),
            created: b.add_i64_field(column::CREATED, FAST),
            source: b.add_text_field(column::SOURCE, column()),
            lang: b.add_text_field(column::LANG, column()),
            kind: b.add_text_field(column::KIND, column()),
            sentiment: b.add_u64_field(column::SENTIMENT, INDEXED | FAST),
            engagement: b.add_u64_field(column::ENGAGEMENT, FAST),
            hashtag: b.add_text_field(column::HASHTAG, column()),
            word: b.add_text_field(column::WORD, column()),
            site: b.add_text_field(column::SITE, column()),
            emotion: b.add_text_field(column::EMOTION, column()),
            intent: b.add_text_field(column::INTENT, column()),
            class: b.add_text_field(column::CLASS, column()),
            entity: b.add_text_field(column::ENTITY, column()),
            aspect: b.add_text_field(column::ASPECT, column()),
            text_hash: b.add_u64_field(column::TEXT, FAST),
            followers: b.add_u64_field(column::FOLLOWERS, FAST),
            probabilities: b.add_u64_field(column::PROBABILITIES, FAST),
            written: b.add_u64_field(column::WRITTEN, FAST),
            country: b.add_text_field(column::COUNTRY, column()),
            media: b.add_text_field(column::MEDIA, column()),
            link: b.add_text_field(column::LINK, column()),
            model: b.add_text_field(column::MODEL, column()),
            topic: b.add_text_field(column::TOPIC, column()),
            copies: b.add_text_field(column::COPIES, column()),
            related: b.add_bytes_field("related", key()),
            account: b.add_text_field("account", keyword()),
            text: b.add_text_field("text", TextOptions::default().set_indexing_options(words)),
            body: b.add_bytes_field("body", STORED),
            schema: b.build(),
        }
    }

    /// The term all mentions of a post have.
    pub(super) fn of_post(&self, post: PostKey) -> Term {
        Term::from_field_bytes(self.post, &post.0)
    }

    /// The term all mentions of an author have.
    pub(super) fn of_author(&self, author: AuthorKey) -> Term {
        Term::from_field_bytes(self.author, &author.0)
    }

    /// The term of what belongs to a post: its answers, its repeats, what quotes it, its thread.
    pub(super) fn related_to(&self, post: PostKey) -> Term {
        Term::from_field_bytes(self.related, &post.0)
    }

    /// The document of a mention; `written` as [`document::written`] makes it, `tokens` is a buffer.
    pub(super) fn document(
        &self,
        m: &Mention,
        written: u64,
        tokens: &mut Tokens,
    ) -> Result<TantivyDocument, postcard::Error> {
        let mut d = TantivyDocument::default();
        d.add_u64(self.id, mention_number(m.id));
        d.add_bytes(self.post, &m.post.key.0);
        if let Some(author) = &m.post.author {
            d.add_bytes(self.author, &author.key.0);
            d.add_u64(self.author_hash, author_hash(author.key));
        }
        if let Some(token) = m.post.author.as_ref().and_then(|a| a.handle_token.as_deref()) {
            d.add_text(self.account, account(&m.post.platform, token));
        }
        d.add_text(self.project, &m.project);
        d.add_text(self.project, expire::mark(m));
        if m.is_context() {
            d.add_text(self.project, document::CONTEXT);
        }
        d.add_text(self.monitor, &m.monitor);
        d.add_bool(self.primary, m.primary);
        d.add_i64(self.created, m.post.created_at);
        d.add_text(self.source, &m.post.platform);
        d.add_text(self.lang, &m.lang);
        d.add_text(self.kind, m.post.kind.name());
        if let Some(sentiment) = &m.sentiment {
            d.add_u64(self.sentiment, sentiment.label() as u64);
            d.add_u64(self.probabilities, probabilities(sentiment));
            d.add_text(self.model, &sentiment.model);
        }
        d.add_u64(self.written, written);
        if let Some(number) = words::text_number(m, tokens) {
            d.add_u64(self.text_hash, number);
        }
        if let Some(topic) = m.topic {
            d.add_text(self.topic, topic.to_string());
        }
        if let Some(group) = m.copy_of() {
            d.add_text(self.copies, words::group(group));
        }
        if let Some(followers) = m.post.author.as_ref().and_then(|a| a.followers) {
            d.add_u64(self.followers, followers);
        }
        m.post
            .country()
            .into_iter()
            .for_each(|c| d.add_text(self.country, c));
        words::media(&m.post)
            .iter()
            .for_each(|v| d.add_text(self.media, v));
        words::links(&m.post)
            .iter()
            .for_each(|v| d.add_text(self.link, v));
        words::related(&m.post)
            .iter()
            .for_each(|key| d.add_bytes(self.related, &key.0));
        d.add_u64(self.engagement, engagement(&m.post.counts));
        words::hashtags(&m.post)
            .iter()
            .for_each(|v| d.add_text(self.hashtag, v));
        words::sites(&m.post)
            .iter()
            .for_each(|v| d.add_text(self.site, v));
        words::words(&m.post, &m.lang, tokens)
            .iter()
            .for_each(|v| d.add_text(self.word, v));
        for class in &m.scores.classes {
            match class.task.as_str() {
                "emotion" => d.add_text(self.emotion, &class.label),
                "intent" => d.add_text(self.intent, &class.label),
                task => d.add_text(self.class, format!("{task}:{}", class.label)),
            }
        }
        words::entities(&m.scores)
            .iter()
            .for_each(|v| d.add_text(self.entity, v));
        words::aspects(&m.scores)
            .iter()
            .for_each(|v| d.add_text(self.aspect, v));
        m.post.title.iter().for_each(|title| d.add_text(self.text, title));
        d.add_text(self.text, &m.post.text);
        d.add_bytes(self.body, &body::write(m)?);
        Ok(d)
    }

    /// The mention of a stored document of the partition at `path`.
    pub(super) fn mention(&self, document: &TantivyDocument, path: &Path) -> Result<Mention, Error> {
        let damaged = |reason: &str| Error::Damaged {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        let body = document.get_first(self.body).and_then(|v| v.as_bytes());
        let body = body.ok_or_else(|| damaged("a document has no body"))?;
        body::read(body).map_err(|e| damaged(&format!("a mention cannot be read: {e}")))
    }
}

/// Probabilities of negative and of positive in thousandths, ten bits each: neutral is the rest. The bit above says
/// whether they are toward the monitor's subject; documents of older programs lack it.
fn probabilities(sentiment: &crate::Sentiment) -> u64 {
    let [negative, _, positive] = document::thousandths(sentiment);
    u64::from(sentiment.is_toward) << 20 | negative << 10 | positive
}

/// Whether what is packed is toward the monitor's subject.
pub(super) fn is_toward(packed: u64) -> bool {
    packed >> 20 & 1 == 1
}

/// Negative, neutral, positive in thousandths, from [`column::PROBABILITIES`].
pub(super) fn thousandths(packed: u64) -> [u64; 3] {
    let (negative, positive) = (packed >> 10 & 0x3ff, packed & 0x3ff);
    [negative, 1000u64.saturating_sub(negative + positive), positive]
}

/// The number distinct authors are counted by.
pub(super) fn author_hash(author: AuthorKey) -> u64 {
    document::head(author.0)
}
