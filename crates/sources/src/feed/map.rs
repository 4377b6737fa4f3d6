//! An entry becomes a post.

use super::document::{Content, Entry, Feed, resolve};
use super::{PLATFORM, dates};
use post::{Counts, Kind, RawAuthor, RawPost};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use url::Url;

/// Longer text is cut: a feed is not asked for books.
const MAX_TEXT: usize = 200_000;

/// The posts of a feed, in its order.
pub fn posts(feed: &Feed) -> Vec<RawPost> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for id in feed.entries.iter().filter_map(|e| e.id.as_deref()) {
        *times.entry(id).or_default() += 1;
    }
    let unique = |e: &Entry| e.id.as_deref().is_some_and(|id| times.get(id) == Some(&1));
    feed.entries.iter().map(|e| post(feed, e, unique(e))).collect()
}

fn post(feed: &Feed, entry: &Entry, unique: bool) -> RawPost {
    let base = entry.base.as_deref().and_then(|b| Url::parse(b).ok());
    let (text, links) = entry.text.as_ref().map(plain).unwrap_or_default();
    let title = entry.title.as_ref().map(|t| plain(t).0).filter(|t| !t.is_empty());
    let mut urls: Vec<String> = entry.link.iter().cloned().collect();
    for link in links.iter().map(|l| resolve(base.as_ref(), l)) {
        if !urls.contains(&link) {
            urls.push(link);
        }
    }
    let published = entry.published.as_deref().map(dates::in_utc);
    let updated = entry.updated.as_deref().map(dates::in_utc);
    let answers = entry.answers.as_deref().map(|id| uid(&scope(feed), id));
    RawPost {
        uid: Some(identity(feed, entry, unique, title.as_deref(), &text)),
        platform: Some(PLATFORM.to_owned()),
        kind: if answers.is_some() {
            Kind::Comment
        } else {
            Kind::Article
        },
        edited_at: updated
            .clone()
            .filter(|u| published.as_ref().is_some_and(|p| p != u)),
        created_at: published.or(updated),
        author: (!entry.authors.is_empty()).then(|| RawAuthor {
            name: Some(entry.authors.join(", ")),
            ..RawAuthor::default()
        }),
        title,
        text,
        lang_claimed: entry.lang.iter().chain(&feed.lang).take(1).cloned().collect(),
        community: feed.title.clone(),
        reply_to: answers,
        hashtags: entry.categories.clone(),
        urls,
        media: entry.media.clone(),
        counts: Counts {
            replies: entry.comments,
            ..Counts::default()
        },
        permalink: entry.link.clone(),
        visibility: Some("public".to_owned()),
        ..RawPost::default()
    }
}

/// Plain text and the links in it.
pub(super) fn plain(content: &Content) -> (String, Vec<String>) {
    let cut = |text: &str| text[..text.floor_char_boundary(MAX_TEXT)].to_owned();
    match content {
        Content::Plain(text) => (cut(text), Vec::new()),
        Content::Html(html) => {
            let read = text::html_to_text(&cut(html));
            (read.text, read.links)
        }
    }
}

/// An id names an entry everywhere if it is an address, a tag or a URN, and within its site otherwise. One that stands at
/// several entries of a document names none of them: then the address does, and at last the words.
fn identity(feed: &Feed, entry: &Entry, unique: bool, title: Option<&str>, text: &str) -> String {
    match (&entry.id, &entry.link) {
        (Some(id), _) if unique => uid(&scope(feed), id),
        (_, Some(link)) => uid("", link),
        (Some(id), None) => uid(
            &scope(feed),
            &format!("{id}\n{}\n{text}", title.unwrap_or_default()),
        ),
        (None, None) => uid(&scope(feed), &format!("{}\n{text}", title.unwrap_or_default())),
    }
}

fn scope(feed: &Feed) -> String {
    let host = feed
        .site
        .as_deref()
        .and_then(|s| Url::parse(s).ok()?.host_str().map(str::to_owned));
    host.or_else(|| feed.title.clone()).unwrap_or_default()
}

fn uid(scope: &str, id: &str) -> String {
    let everywhere = ["http://", "https://", "tag:", "urn:"]
        .iter()
        .any(|p| id.starts_with(p));
    let scope = if everywhere { "" } else { scope };
    let digest = Sha256::digest(format!("{scope}\n{id}"));
    let hex: String = digest[..16].iter().map(|b| format!("{b:02x}")).collect();
    format!("{PLATFORM}:{hex}")
}
