//! What a post answers to when a query asks for a field.

use crate::address;
use crate::camel;
use crate::document::Document;
use crate::field::{FieldName, MAX_RUN};
use text::{Entity, EntityKind};

/// Fields that somebody asks for: the others are not worked out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wanted(u16);

impl Wanted {
    pub(crate) fn add(&mut self, name: FieldName) {
        self.0 |= 1 << name as u16;
    }

    pub(crate) fn has(self, name: FieldName) -> bool {
        self.0 & 1 << name as u16 != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn any(self, names: &[FieldName]) -> bool {
        names.iter().any(|n| self.has(*n))
    }
}

/// Whether the document says anything about the field.
pub(crate) fn is_known(document: &Document<'_>, name: FieldName) -> bool {
    match name {
        FieldName::Lang => document.lang.is_some_and(|l| l != "und"),
        FieldName::Country => document.country.is_some(),
        FieldName::Author => document.author.is_some() || document.author_token.is_some(),
        _ => true,
    }
}

/// Calls `each` with every field value the document answers to, normalised. The token pseudonym of an author is not
/// among them: it is compared with pseudonyms only.
pub(crate) fn field_values(document: &Document<'_>, wanted: Wanted, mut each: impl FnMut(FieldName, &str)) {
    let mut put = |name: FieldName, value: &str| {
        if wanted.has(name)
            && let Some(v) = name.normalised(value)
        {
            each(name, &v);
            broader(name, &v, |v| each(name, v));
        }
    };
    put(FieldName::Source, document.source);
    put(FieldName::Kind, document.kind.name());
    document.lang.into_iter().for_each(|v| put(FieldName::Lang, v));
    document
        .author
        .into_iter()
        .for_each(|v| put(FieldName::Author, v));
    document.site.into_iter().for_each(|v| put(FieldName::Site, v));
    document
        .country
        .into_iter()
        .for_each(|v| put(FieldName::Country, v));
    if wanted.any(&FROM_TEXT) {
        let found: Vec<Entity> = document
            .title
            .into_iter()
            .chain([document.text])
            .flat_map(text::entities)
            .collect();
        let of = |kind: EntityKind| {
            found
                .iter()
                .filter(move |e| e.kind == kind)
                .map(|e| e.value.as_str())
        };
        tags(document, of(EntityKind::Hashtag), wanted, &mut each);
        names(document, of(EntityKind::Handle), wanted, &mut each);
        links(document, of(EntityKind::Url), wanted, &mut each);
    }
}

/// Fields for which the text is read, too.
const FROM_TEXT: [FieldName; 6] = [
    FieldName::Hashtags,
    FieldName::AtMentions,
    FieldName::ReplyTo,
    FieldName::Url,
    FieldName::Links,
    FieldName::Has,
];

/// `pt-BR` is also `pt`; `news.example.com` is also `example.com`.
fn broader(name: FieldName, value: &str, mut each: impl FnMut(&str)) {
    match name {
        FieldName::Lang => value.split_once('-').into_iter().for_each(|(main, _)| each(main)),
        FieldName::Site => {
            let mut rest = value;
            while let Some((_, parent)) = rest.split_once('.').filter(|(_, p)| p.contains('.')) {
                each(parent);
                rest = parent;
            }
        }
        _ => {}
    }
}

fn tags<'t>(
    document: &Document<'t>,
    in_text: impl Iterator<Item = &'t str>,
    wanted: Wanted,
    each: &mut impl FnMut(FieldName, &str),
) {
    if !wanted.has(FieldName::Hashtags) {
        return;
    }
    for tag in document.hashtags.iter().map(String::as_str).chain(in_text) {
        let Some(whole) = FieldName::Hashtags.normalised(tag) else {
            continue;
        };
        each(FieldName::Hashtags, &whole);
        if let Some(plain) = text::strip_marks(&whole) {
            each(FieldName::Hashtags, &plain);
        }
        let parts = camel::parts(tag.trim_start_matches('#'));
        runs(&parts, 2, |run| each(FieldName::Hashtags, run));
    }
}

fn names<'t>(
    document: &Document<'t>,
    in_text: impl Iterator<Item = &'t str>,
    wanted: Wanted,
    each: &mut impl FnMut(FieldName, &str),
) {
    for (i, handle) in document.mentions.iter().chain(in_text).enumerate() {
        for name in [FieldName::AtMentions, FieldName::ReplyTo] {
            let asked = name == FieldName::AtMentions || (i == 0 && document.is_reply);
            if asked
                && wanted.has(name)
                && let Some(v) = name.normalised(handle)
            {
                each(name, &v);
            }
        }
    }
}

fn links<'t>(
    document: &Document<'t>,
    in_text: impl Iterator<Item = &'t str>,
    wanted: Wanted,
    each: &mut impl FnMut(FieldName, &str),
) {
    let mut has_link = false;
    for link in document.urls.iter().map(String::as_str).chain(in_text) {
        has_link = true;
        let folded = text::fold(link);
        if wanted.has(FieldName::Url) {
            address::heads(address::normalise(&folded), |head| each(FieldName::Url, head));
        }
        if wanted.has(FieldName::Links) {
            let words: Vec<&str> = address::words(&folded).collect();
            runs(&words, 1, |run| each(FieldName::Links, run));
        }
    }
    let mut has = |value: &str, holds: bool| {
        if holds && wanted.has(FieldName::Has) {
            each(FieldName::Has, value);
        }
    };
    let medium = |kinds: &[&str]| document.media.iter().any(|m| kinds.contains(&m.kind.as_str()));
    has("link", has_link);
    has("media", !document.media.is_empty());
    has("image", medium(&["image", "gif", "photo"]));
    has("video", medium(&["video"]));
    has("audio", medium(&["audio"]));
}

/// Every run of neighbouring words, at least `least` and at most [`MAX_RUN`] long, with single spaces between them.
fn runs<S: AsRef<str>>(words: &[S], least: usize, mut each: impl FnMut(&str)) {
    let mut run = String::new();
    for start in 0..words.len() {
        run.clear();
        for (length, word) in words[start..].iter().take(MAX_RUN).enumerate() {
            if length > 0 {
                run.push(' ');
            }
            run.push_str(word.as_ref());
            if length + 1 >= least {
                each(&run);
            }
        }
    }
}
