//! The fields of a post that a query can test.

use post::Kind;
use std::borrow::Cow;

/// A field of the post.
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
}

impl FieldName {
    /// Every field.
    pub const ALL: [FieldName; 5] = [
        FieldName::Lang,
        FieldName::Source,
        FieldName::Author,
        FieldName::Site,
        FieldName::Kind,
    ];

    /// Its name in a query.
    pub fn name(self) -> &'static str {
        match self {
            FieldName::Lang => "lang",
            FieldName::Source => "source",
            FieldName::Author => "author",
            FieldName::Site => "site",
            FieldName::Kind => "kind",
        }
    }

    /// The field of this name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|f| f.name().eq_ignore_ascii_case(name))
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
            FieldName::Author => without(value, "@"),
            FieldName::Site => without(value, "www."),
            FieldName::Source if value == "twitter" => Cow::Borrowed("x"),
            _ => value,
        };
        let odd = |c: char| c.is_whitespace() || c.is_control() || crate::lexer::is_quote(c);
        let fits = !value.is_empty() && !value.chars().any(odd);
        let fits = fits
            && match self {
                FieldName::Lang => {
                    let main = value.split('-').next().unwrap_or_default();
                    (2..=3).contains(&main.len()) && main.bytes().all(|b| b.is_ascii_lowercase())
                }
                FieldName::Kind => Kind::from_name(&value).is_some(),
                _ => true,
            };
        fits.then_some(value)
    }
}

fn without<'v>(value: Cow<'v, str>, head: &str) -> Cow<'v, str> {
    match value {
        Cow::Borrowed(v) => Cow::Borrowed(v.strip_prefix(head).unwrap_or(v)),
        Cow::Owned(v) => Cow::Owned(v.strip_prefix(head).map(str::to_owned).unwrap_or(v)),
    }
}
