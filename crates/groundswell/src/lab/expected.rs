//! Expectations as they are kept, run and written: posts that a query must match, or must not.

use super::expectations::Expectation;
use post::{Kind, Media, RawAuthor, RawMention, RawPost};
use query::{Document, Query, Reason};
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::ops::Range;
use toml::{Table, Value};
use utoipa::ToSchema;

/// A post that a query must match, or must not. Its fields are those of queries; what is absent the post does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    /// Whether the query must match it.
    pub(crate) matches: bool,
    /// Its text.
    pub(crate) text: String,
    /// Its headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    /// Its language, such as `en`; where it is absent and the query asks for it, the model tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lang: Option<String>,
    /// Its platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
    /// The author's handle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) author: Option<String>,
    /// The author's followers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) followers: Option<u64>,
    /// Its site or community.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) site: Option<String>,
    /// What kind of post it is: `post`, `reply`, `comment` …; a post where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// The author's country, two letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) country: Option<String>,
    /// What it replies to: any text makes it a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reply_to: Option<String>,
    /// Hashtags beside those in the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) hashtags: Vec<String>,
    /// Handles mentioned beside those in the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) at_mentions: Vec<String>,
    /// Links beside those in the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) urls: Vec<String>,
    /// Kinds of what is shown with it, such as `image`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) media: Vec<String>,
    /// Why it is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// The key of the collected post it was taken from (32 hexadecimal digits): it goes when the post goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) post: Option<String>,
}

impl Expected {
    /// The post, as a file of posts tells it.
    ///
    /// # Errors
    /// Where its kind is none, in words.
    pub(crate) fn raw(&self) -> Result<RawPost, String> {
        let kind = match self.kind.as_deref() {
            None => Kind::default(),
            Some(name) => Kind::from_name(name).ok_or_else(|| format!("`{name}` is no kind of post"))?,
        };
        let handle = |text: &String| text.trim_start_matches('@').to_owned();
        let author = (self.author.is_some() || self.followers.is_some()).then(|| RawAuthor {
            handle: self.author.as_ref().map(handle),
            followers: self.followers,
            ..RawAuthor::default()
        });
        let named = |name: &String| RawMention {
            handle: Some(handle(name)),
            ..RawMention::default()
        };
        let medium = |kind: &String| Media {
            kind: kind.clone(),
            ..Media::default()
        };
        Ok(RawPost {
            text: self.text.clone(),
            title: self.title.clone(),
            lang: self.lang.clone(),
            platform: self.source.clone(),
            kind,
            author,
            community: self.site.clone(),
            country: self.country.clone(),
            reply_to: self.reply_to.clone(),
            hashtags: self.hashtags.clone(),
            mentions: self.at_mentions.iter().map(named).collect(),
            urls: self.urls.clone(),
            media: self.media.iter().map(medium).collect(),
            ..RawPost::default()
        })
    }

    /// Its entry of a file: the text alone where there is nothing else to say.
    fn entry(&self) -> Value {
        let one = |text: &Option<String>| text.clone().map(Value::String);
        let many = |texts: &[String]| {
            let list = texts.iter().cloned().map(Value::String).collect();
            (!texts.is_empty()).then_some(Value::Array(list))
        };
        let number = self.followers.and_then(|n| i64::try_from(n).ok());
        let fields = [
            ("title", one(&self.title)),
            ("lang", one(&self.lang)),
            ("source", one(&self.source)),
            ("author", one(&self.author)),
            ("followers", number.map(Value::Integer)),
            ("site", one(&self.site)),
            ("kind", one(&self.kind)),
            ("country", one(&self.country)),
            ("reply_to", one(&self.reply_to)),
            ("hashtags", many(&self.hashtags)),
            ("at_mentions", many(&self.at_mentions)),
            ("urls", many(&self.urls)),
            ("media", many(&self.media)),
            ("why", one(&self.why)),
        ];
        let text = Value::String(self.text.clone());
        if fields.iter().all(|(_, value)| value.is_none()) {
            return text;
        }
        let said = fields
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Value::Table(Table::from_iter(
            std::iter::once(("text".to_owned(), text)).chain(said),
        ))
    }
}

impl From<Expectation> for Expected {
    fn from(read: Expectation) -> Self {
        let post = read.post;
        let (handle, followers) = post.author.map_or((None, None), |a| (a.handle, a.followers));
        Self {
            matches: read.matches,
            text: post.text,
            title: post.title,
            lang: post.lang,
            source: post.platform,
            author: handle,
            followers,
            site: post.community,
            kind: (post.kind != Kind::default()).then(|| post.kind.name().to_owned()),
            country: post.country,
            reply_to: post.reply_to,
            hashtags: post.hashtags,
            at_mentions: post.mentions.into_iter().filter_map(|m| m.handle).collect(),
            urls: post.urls,
            media: post.media.into_iter().map(|m| m.kind).collect(),
            why: read.why,
            post: None,
        }
    }
}

/// What a query does with an expected post.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    /// Whether it does what it must.
    pub(crate) holds: bool,
    /// Where it does not, the clauses that would have to change.
    pub(crate) reasons: Vec<Reason>,
    /// In bytes of the title: what matched, or what stands in the way of a match that should be.
    pub(crate) title: Vec<Range<usize>>,
    /// The same in bytes of the text.
    pub(crate) text: Vec<Range<usize>>,
}

/// Runs a query on a post that it must match, or must not.
pub(crate) fn judge(query: &Query, must: bool, document: &Document<'_>) -> Verdict {
    let reasons = match must {
        true => query::why_not(query, document, None),
        false => query::why(query, document, None),
    };
    let holds = reasons.is_empty();
    let (title, text) = if must && !holds {
        let of = |pick: fn(&Reason) -> &[Range<usize>]| reasons.iter().flat_map(pick).cloned().collect();
        (of(|r| &r.title), of(|r| &r.text))
    } else {
        (
            query::title_highlights(query, document, None),
            query::highlights(query, document, None),
        )
    };
    Verdict {
        holds,
        reasons,
        title,
        text,
    }
}

/// What a clause did for a match that should not be.
pub(crate) fn let_in(reason: &Reason) -> String {
    if reason.needed {
        format!("nothing of `{}`, which would keep it out", reason.clause)
    } else {
        format!("`{}` lets it in", reason.clause)
    }
}

/// The file of a monitor, as `groundswell query test` reads it: the keyword lists its query names, the query, and what is
/// expected of it.
pub(crate) fn write(name: &str, query: &str, lists: &[(String, Vec<String>)], all: &[Expected]) -> String {
    let mut out = String::new();
    let mut put = |text: String| {
        // Writing to a string does not fail.
        let _ = write!(out, "{text}");
    };
    let text = |text: &str| Value::String(text.to_owned()).to_string();
    for (list, terms) in lists {
        let terms: Vec<String> = terms.iter().map(|term| text(term)).collect();
        put(format!(
            "[[list]]\nname = {}\nterms = [{}]\n\n",
            text(list),
            terms.join(", ")
        ));
    }
    put(format!(
        "[[monitor]]\nname = {}\nquery = {}\n",
        text(name),
        text(query)
    ));
    for (key, matches) in [("match", true), ("skip", false)] {
        let mut of = all.iter().filter(|e| e.matches == matches).peekable();
        if of.peek().is_some() {
            put(format!("{key} = [\n"));
            of.for_each(|e| put(format!("  {},\n", e.entry())));
            put("]\n".to_owned());
        }
    }
    out
}
