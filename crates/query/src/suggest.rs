//! What somebody probably meant by a name that stands for nothing.

use crate::ast::FieldName;
use crate::lexer::Head;
use post::Kind;

/// The nearest of the names, where one is near enough to be a slip of the keyboard.
pub(crate) fn near<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let lower = name.to_lowercase();
    let most = if lower.chars().count() < 5 { 1 } else { 2 };
    names
        .map(|n| (strsim::osa_distance(&lower, &n.to_lowercase()), n))
        .filter(|(distance, n)| *distance <= most && n.len() > *distance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, n)| n)
}

/// What other products call the fields.
const OTHER_NAMES: [(&str, &str); 26] = [
    ("language", "lang"),
    ("platform", "source"),
    ("socialtype", "source"),
    ("sourcetype", "source"),
    ("network", "source"),
    ("from", "author"),
    ("user", "author"),
    ("username", "author"),
    ("domain", "site"),
    ("subreddit", "site"),
    ("channel", "site"),
    ("type", "kind"),
    ("posttype", "kind"),
    ("location", "country"),
    ("sourcecountry", "country"),
    ("hashtag", "hashtags"),
    ("tag", "hashtags"),
    ("mention", "at_mentions"),
    ("mentions", "at_mentions"),
    ("to", "replyTo"),
    ("inreplyto", "replyTo"),
    ("inurl", "url"),
    ("link", "links"),
    ("headline", "title"),
    ("content", "text"),
    ("body", "text"),
];

/// The field that a name probably means.
pub(crate) fn field(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let other = OTHER_NAMES
        .iter()
        .find(|(n, _)| *n == lower)
        .map(|(_, meant)| *meant);
    other.or_else(|| near(name, Head::names()))
}

/// Codes of languages and countries by what people write instead.
const LANGUAGES: [(&str, &str); 24] = [
    ("arabic", "ar"),
    ("chinese", "zh"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("indonesian", "id"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("norwegian", "no"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("thai", "th"),
    ("turkish", "tr"),
];

const COUNTRIES: [(&str, &str); 20] = [
    ("australia", "au"),
    ("austria", "at"),
    ("brazil", "br"),
    ("canada", "ca"),
    ("china", "cn"),
    ("france", "fr"),
    ("germany", "de"),
    ("india", "in"),
    ("italy", "it"),
    ("japan", "jp"),
    ("mexico", "mx"),
    ("netherlands", "nl"),
    ("portugal", "pt"),
    ("spain", "es"),
    ("sweden", "se"),
    ("switzerland", "ch"),
    ("usa", "us"),
    ("gbr", "gb"),
    ("deu", "de"),
    ("fra", "fr"),
];

const HAS: [(&str, &str); 8] = [
    ("links", "link"),
    ("url", "link"),
    ("images", "image"),
    ("photo", "image"),
    ("picture", "image"),
    ("videos", "video"),
    ("attachment", "media"),
    ("sound", "audio"),
];

const KINDS: [(&str, &str); 4] = [
    ("tweet", "post"),
    ("retweet", "repost"),
    ("news", "article"),
    ("replies", "reply"),
];

/// The value that a text probably means for a field.
pub(crate) fn value(name: FieldName, text: &str) -> Option<&'static str> {
    let text = text.trim_matches('"').to_lowercase();
    let others: &[(&str, &str)] = match name {
        FieldName::Lang => &LANGUAGES,
        FieldName::Country => &COUNTRIES,
        FieldName::Has => &HAS,
        FieldName::Kind => &KINDS,
        _ => return None,
    };
    let other = others.iter().find(|(n, _)| *n == text).map(|(_, meant)| *meant);
    other.or_else(|| match name {
        FieldName::Kind => near(&text, Kind::ALL.iter().map(|k| k.name())),
        FieldName::Has => near(&text, crate::field::HAS.into_iter()),
        _ => None,
    })
}
