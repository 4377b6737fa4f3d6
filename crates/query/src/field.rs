//! The fields of a post that a query can test.

use crate::address;
use post::Kind;
use std::borrow::Cow;

/// A field of the post with values to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldName {
    /// The language, ISO 639-1.
    Lang,
    /// The platform.
    Source,
    /// The author's handle.
    Author,
    /// Subreddit, channel or site; a domain also stands for its subdomains.
    Site,
    /// The kind of post.
    Kind,
    /// The country, ISO 3166-1 alpha-2.
    Country,
    /// A hashtag as a whole, or several words: neighbouring parts of a camel-case tag.
    Hashtags,
    /// An account the post names.
    AtMentions,
    /// The account a reply answers: the first one it names.
    ReplyTo,
    /// The address of a link: a domain, with or without the begin of a path.
    Url,
    /// Words in a row of a link.
    Links,
    /// Whether there is a medium or a link.
    Has,
}

/// What `has:` can ask for.
pub(crate) const HAS: [&str; 5] = ["media", "link", "image", "video", "audio"];

/// Most words in a row that `links:` and `hashtags:` compare.
pub(crate) const MAX_RUN: usize = 8;

impl FieldName {
    /// Every field.
    pub const ALL: [FieldName; 12] = [
        FieldName::Lang,
        FieldName::Source,
        FieldName::Author,
        FieldName::Site,
        FieldName::Kind,
        FieldName::Country,
        FieldName::Hashtags,
        FieldName::AtMentions,
        FieldName::ReplyTo,
        FieldName::Url,
        FieldName::Links,
        FieldName::Has,
    ];

    /// Its name in a query.
    pub fn name(self) -> &'static str {
        match self {
            FieldName::Lang => "lang",
            FieldName::Source => "source",
            FieldName::Author => "author",
            FieldName::Site => "site",
            FieldName::Kind => "kind",
            FieldName::Country => "country",
            FieldName::Hashtags => "hashtags",
            FieldName::AtMentions => "at_mentions",
            FieldName::ReplyTo => "replyTo",
            FieldName::Url => "url",
            FieldName::Links => "links",
            FieldName::Has => "has",
        }
    }

    /// The field of this name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|f| f.name().eq_ignore_ascii_case(name))
    }

    /// Whether its values are handles, which stand as pseudonyms in admitted posts.
    pub fn is_handle(self) -> bool {
        matches!(
            self,
            FieldName::Author | FieldName::AtMentions | FieldName::ReplyTo
        )
    }

    /// Whether a post may be silent about it. Then neither a condition on it nor its opposite holds.
    pub fn may_be_unknown(self) -> bool {
        matches!(self, FieldName::Lang | FieldName::Country | FieldName::Author)
    }

    /// The form in which its values are compared; `None` where a value cannot be one of this field.
    pub fn normalise(self, value: &str) -> Option<String> {
        self.normalised(value).map(Cow::into_owned)
    }

    /// The same without a copy where the value is already in that form, as a post's values mostly are.
    pub(crate) fn normalised(self, value: &str) -> Option<Cow<'_, str>> {
        let value = value.trim();
        let folded = value.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
        let value = if folded {
            Cow::Borrowed(value)
        } else {
            Cow::Owned(text::fold(value))
        };
        let value = match self {
            FieldName::Author | FieldName::AtMentions | FieldName::ReplyTo => without(value, "@"),
            FieldName::Site => without(value, "www."),
            FieldName::Source if value == "twitter" => Cow::Borrowed("x"),
            FieldName::Hashtags => Cow::Owned(spaced(without(value, "#").split_whitespace())?),
            FieldName::Links => Cow::Owned(spaced(address::words(&value))?),
            FieldName::Url => Cow::Owned(address::normalise(&value).to_owned()),
            _ => value,
        };
        let may_have_spaces = matches!(self, FieldName::Hashtags | FieldName::Links);
        let odd = |c: char| {
            c.is_control()
                || crate::lexer::is_quote(c)
                || (c.is_whitespace() && !(may_have_spaces && c == ' '))
        };
        let fits = !value.is_empty() && !value.chars().any(odd);
        (fits && self.takes(&value)).then_some(value)
    }

    fn takes(self, value: &str) -> bool {
        match self {
            FieldName::Lang => {
                let main = value.split('-').next().unwrap_or_default();
                (2..=3).contains(&main.len()) && main.bytes().all(|b| b.is_ascii_lowercase())
            }
            FieldName::Kind => Kind::from_name(value).is_some(),
            FieldName::Country => value.len() == 2 && value.bytes().all(|b| b.is_ascii_lowercase()),
            FieldName::Has => HAS.contains(&value),
            _ => true,
        }
    }
}

fn without<'v>(value: Cow<'v, str>, head: &str) -> Cow<'v, str> {
    match value {
        Cow::Borrowed(v) => Cow::Borrowed(v.strip_prefix(head).unwrap_or(v)),
        Cow::Owned(v) => Cow::Owned(v.strip_prefix(head).map(str::to_owned).unwrap_or(v)),
    }
}

/// The words with one space between them; `None` for more than are compared in a row.
fn spaced<'w>(words: impl Iterator<Item = &'w str>) -> Option<String> {
    let words: Vec<&str> = words.collect();
    (words.len() <= MAX_RUN).then(|| words.join(" "))
}
