//! An article, of the DOC API or of a mentions table, becomes a post.

use super::{PLATFORM, names};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use post::{Kind, Media, RawPost};
use serde::Deserialize;

/// An article of the DOC API's list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Article {
    /// Its address.
    pub url: String,
    /// Its headline, as GDELT tokenised it.
    pub title: Option<String>,
    /// When GDELT saw it: `20230918T031500Z`.
    pub seendate: Option<String>,
    /// Its picture.
    pub socialimage: Option<String>,
    /// Its site.
    pub domain: Option<String>,
    /// The language's English name.
    pub language: Option<String>,
    /// The site's country's English name.
    pub sourcecountry: Option<String>,
}

/// The answer of the DOC API; `{}` where nothing matches.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Articles {
    /// The articles.
    pub articles: Vec<Article>,
}

/// A row of a mentions table (GDELT 2.0), as far as it is read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Mention {
    pub(super) mentiontimedate: String,
    pub(super) mentionsourcename: String,
    pub(super) mentionidentifier: String,
    pub(super) mentiondoctranslationinfo: String,
}

/// The post an article is; `None` without an address.
pub fn map(article: Article) -> Option<RawPost> {
    let filled = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let mut post = of_url(article.url.trim())?;
    post.created_at = article.seendate.map(|t| time(&t).unwrap_or(t));
    post.title = filled(article.title);
    post.community = filled(article.domain);
    post.lang_claimed = article
        .language
        .as_deref()
        .and_then(names::language)
        .map(str::to_owned)
        .into_iter()
        .collect();
    post.site_country = article
        .sourcecountry
        .as_deref()
        .and_then(names::country)
        .map(str::to_owned);
    post.media = filled(article.socialimage)
        .map(|url| Media {
            kind: "image".to_owned(),
            url: Some(url),
            alt: None,
        })
        .into_iter()
        .collect();
    Some(post)
}

/// The post a row of a mentions table is about. The table says nothing of its words. English is not stated there.
pub(super) fn mention(row: Mention) -> Option<RawPost> {
    let mut post = of_url(row.mentionidentifier.trim())?;
    post.created_at = Some(time(&row.mentiontimedate).unwrap_or(row.mentiontimedate));
    post.community = Some(row.mentionsourcename).filter(|n| !n.is_empty());
    let source = row
        .mentiondoctranslationinfo
        .split(';')
        .find_map(|p| p.trim().strip_prefix("srclc:").map(str::to_owned));
    post.lang_claimed = source
        .as_deref()
        .and_then(names::language)
        .map(str::to_owned)
        .into_iter()
        .collect();
    Some(post)
}

fn of_url(url: &str) -> Option<RawPost> {
    (!url.is_empty()).then(|| RawPost {
        uid: Some(format!("{PLATFORM}:{url}")),
        platform: Some(PLATFORM.to_owned()),
        kind: Kind::Article,
        urls: vec![url.to_owned()],
        permalink: Some(url.to_owned()),
        visibility: Some("public".to_owned()),
        ..RawPost::default()
    })
}

/// `20230918T031500Z` and `20230918031500` as RFC 3339.
pub(super) fn time(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let civil = DateTime::strptime("%Y%m%d%H%M%S", &digits).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().to_string())
}
