//! A status becomes a post.

use super::PLATFORM;
use super::status::{Account, Attachment, Mention, Quote, Status};
use post::{Counts, Event, Kind, Media, RawAuthor, RawMention, RawPost};
use std::borrow::Cow;

/// What an instance's own numbers stand for, where that is known.
pub trait Known {
    /// The uid of the status of this number.
    fn uid(&self, id: &str) -> Option<String>;
}

/// Nothing is known.
impl Known for () {
    fn uid(&self, _: &str) -> Option<String> {
        None
    }
}

/// `mastodon:<uri>`: the address by which all instances know a status, so that it is one post from wherever it comes.
pub(super) fn uid(uri: &str) -> String {
    format!("{PLATFORM}:{uri}")
}

/// The post a status is, as an instance shows it; `None` where it has no address. Times and languages are handed on.
pub fn map(status: Status<'_>, known: &impl Known) -> Option<RawPost> {
    if status.uri.is_empty() {
        return None;
    }
    let account = status.account.as_ref();
    let mut post = RawPost {
        uid: Some(uid(&status.uri)),
        platform: Some(PLATFORM.to_owned()),
        author: account.map(author),
        community: account.and_then(host).map(str::to_owned),
        created_at: status.created_at.as_deref().map(crate::time::in_utc),
        edited_at: status.edited_at.as_deref().map(crate::time::in_utc),
        permalink: status.url.as_deref().map(str::to_owned),
        visibility: status.visibility.as_deref().map(str::to_owned),
        indexable: Some(account.is_some_and(indexable)),
        ..RawPost::default()
    };
    if post.edited_at.is_some() {
        post.event = Event::Edit;
    }
    match status.reblog {
        Some(original) => fill_boost(&mut post, *original, known),
        None => fill(&mut post, status, known),
    }
    Some(post)
}

/// A boost has no text of its own: it repeats another's, whose wishes hold for it.
fn fill_boost(post: &mut RawPost, original: Status<'_>, known: &impl Known) {
    let Some(original) = map(original, known) else {
        return;
    };
    let agreed = post.indexable == Some(true) && original.indexable == Some(true);
    let public = |p: &RawPost| p.visibility.as_deref() == Some("public");
    let visibility = if public(post) {
        original.visibility
    } else {
        post.visibility.take()
    };
    *post = RawPost {
        uid: post.uid.take(),
        platform: post.platform.take(),
        author: post.author.take(),
        community: post.community.take(),
        created_at: post.created_at.take(),
        permalink: post.permalink.take(),
        indexable: Some(agreed),
        visibility,
        kind: Kind::Repost,
        event: Event::Create,
        repost_of: original.uid,
        reply_to: None,
        edited_at: None,
        ..original
    };
}

fn fill(post: &mut RawPost, status: Status<'_>, known: &impl Known) {
    let html = status.content.as_deref().unwrap_or_default();
    let quote = status.quote.as_ref().filter(|q| q.quoted_status.is_some());
    let plain = text::html_to_text(if quote.is_some() {
        without_quote(html)
    } else {
        html
    });
    post.urls = plain.links;
    post.urls
        .retain(|link| !is_markup(link, &status.tags, &status.mentions));
    if let Some(card) = status.card.as_ref().and_then(|c| c.url.as_deref())
        && !card.is_empty()
        && !post.urls.iter().any(|u| u == card)
    {
        post.urls.push(card.to_owned());
    }
    post.text = plain.text;
    // What is asked in a poll is said by its author.
    for choice in status
        .poll
        .iter()
        .flat_map(|p| &p.options)
        .filter_map(|c| c.title.as_deref())
    {
        post.text.push('\n');
        post.text.push_str(choice);
    }
    post.content_warning = status
        .spoiler_text
        .as_deref()
        .filter(|t| !t.is_empty())
        .map(str::to_owned);
    post.sensitive = status.sensitive;
    post.lang_claimed = status.language.iter().map(|l| l.to_string()).collect();
    post.hashtags = status.tags.iter().map(|t| t.name.to_string()).collect();
    post.media = status.media_attachments.iter().map(media).collect();
    post.counts = counts(&status);
    post.reply_to = status
        .in_reply_to_id
        .as_deref()
        .and_then(|id| known.uid(id).or_else(|| own(&status, id)));
    post.mentions = mentions(&status);
    if let Some(quote) = quote {
        fill_quote(post, quote);
    }
    post.kind = match (&status.in_reply_to_id, &post.quote_of) {
        (Some(_), _) => Kind::Reply,
        (None, Some(_)) => Kind::Quote,
        (None, None) => Kind::Post,
    };
}

/// The uid of a status that its author answers themself: their statuses' addresses differ in the number only. On
/// other instances numbers in addresses are not the instance's own.
fn own(status: &Status<'_>, id: &str) -> Option<String> {
    let account = status.account.as_ref()?;
    let same = status.in_reply_to_account_id.as_deref() == Some(&*account.id);
    let before = status
        .uri
        .strip_suffix(&*status.id)
        .filter(|b| b.ends_with('/'))?;
    same.then(|| uid(&format!("{before}{id}")))
}

/// The text without the line that stands for the quote where quotes are not known.
fn without_quote(html: &str) -> &str {
    match html.strip_prefix("<p class=\"quote-inline\">") {
        Some(rest) => rest.split_once("</p>").map_or(html, |(_, rest)| rest),
        None => html,
    }
}

/// A quote that its author withdrew or never allowed is none; pending ones are not shown either.
fn fill_quote(post: &mut RawPost, quote: &Quote<'_>) {
    let allowed = quote.state.as_deref().is_none_or(|s| s == "accepted");
    let Some(quoted) = quote
        .quoted_status
        .as_ref()
        .filter(|q| allowed && !q.uri.is_empty())
    else {
        return;
    };
    post.quote_of = Some(uid(&quoted.uri));
    // The quoted person's wishes hold as well.
    let public = quoted.visibility.as_deref() == Some("public");
    post.quoted_text = quoted
        .content
        .as_deref()
        .filter(|_| public && quoted.account.as_ref().is_some_and(indexable))
        .map(|c| text::html_to_text(c).text);
}

/// Whether a link is only how a hashtag or a mention is shown.
fn is_markup(link: &str, tags: &[super::status::Tag<'_>], mentions: &[Mention<'_>]) -> bool {
    let path = link
        .split(['?', '#'])
        .next()
        .unwrap_or(link)
        .trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or(path);
    let in_tags = path.contains("/tags/") || path.contains("/tag/");
    let decoded = crate::webhook::decode(last);
    let is_tag = in_tags
        && tags
            .iter()
            .any(|t| t.name.to_lowercase() == decoded.to_lowercase());
    let is_account = mentions.iter().any(|m| {
        let name = m.acct.split('@').next().unwrap_or(&m.acct);
        m.url.as_deref() == Some(link)
            || last.strip_prefix('@') == Some(name)
            || path.contains("/users/") && last == name
    });
    is_tag || is_account
}

/// Accounts named, the one that is answered first.
fn mentions(status: &Status<'_>) -> Vec<RawMention> {
    let here = status.account.as_ref().and_then(local_host);
    let answered = status.in_reply_to_account_id.as_deref();
    let mut sorted: Vec<&Mention<'_>> = status.mentions.iter().collect();
    sorted.sort_by_key(|m| Some(&*m.id) != answered);
    let mention = |m: &Mention<'_>| RawMention {
        id: None,
        handle: Some(whole(&m.acct, m.url.as_deref().and_then(host_of).or(here))),
    };
    sorted
        .into_iter()
        .filter(|m| !m.acct.is_empty())
        .map(mention)
        .collect()
}

/// `name@host`, also for the reading instance's own accounts: the same account has the same name from everywhere.
fn whole(acct: &str, host: Option<&str>) -> String {
    match host {
        Some(host) if !acct.contains('@') => format!("{acct}@{host}"),
        _ => acct.to_owned(),
    }
}

fn author(account: &Account<'_>) -> RawAuthor {
    let global = account.uri.as_deref().or(account.url.as_deref());
    let handle = whole(&account.acct, host(account));
    RawAuthor {
        // An instance's own number of an account means nothing elsewhere.
        id: Some(global.map_or_else(|| handle.clone(), str::to_owned)),
        handle: Some(handle),
        name: account
            .display_name
            .as_deref()
            .filter(|n| !n.is_empty())
            .map(str::to_owned),
        followers: account.followers_count.and_then(|n| u64::try_from(n).ok()),
        bot: account.bot,
        ..RawAuthor::default()
    }
}

/// The instance where the account is at home.
fn host<'s>(account: &'s Account<'_>) -> Option<&'s str> {
    match account.acct.split_once('@') {
        Some((_, host)) => Some(host),
        None => local_host(account),
    }
}

fn local_host<'s>(account: &'s Account<'_>) -> Option<&'s str> {
    account
        .uri
        .as_deref()
        .or(account.url.as_deref())
        .and_then(host_of)
}

/// The host (and port) of an address.
pub(super) fn host_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    rest.split('/').next().filter(|h| !h.is_empty())
}

fn indexable(account: &Account<'_>) -> bool {
    account.indexable == Some(true) && account.noindex != Some(true)
}

fn media(attachment: &Attachment<'_>) -> Media {
    let kind = match &*attachment.kind {
        "gifv" => "gif",
        other => other,
    };
    let url = attachment.remote_url.as_deref().or(attachment.url.as_deref());
    Media {
        kind: kind.to_owned(),
        url: url.map(str::to_owned),
        alt: attachment
            .description
            .as_deref()
            .filter(|d| !d.is_empty())
            .map(str::to_owned),
    }
}

fn counts(status: &Status<'_>) -> Counts {
    let count = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok());
    Counts {
        likes: count(status.favourites_count),
        reposts: count(status.reblogs_count),
        replies: count(status.replies_count),
        quotes: count(status.quotes_count),
        views: None,
    }
}

/// Reads a status.
pub(super) fn read(json: &str) -> Result<Status<'_>, serde_json::Error> {
    serde_json::from_str(json)
}

/// Reads and maps a status; half a surrogate pair is mended.
pub fn read_post(json: &str, known: &impl Known) -> Result<Option<(String, RawPost)>, serde_json::Error> {
    let mapped = |status: Status<'_>| {
        let id = status.id.to_string();
        map(status, known).map(|post| (id, post))
    };
    match read(json) {
        Ok(status) => Ok(mapped(status)),
        Err(first) => match crate::json::repair_surrogates(json) {
            Cow::Borrowed(_) => Err(first),
            Cow::Owned(repaired) => read(&repaired).map(mapped).map_err(|_| first),
        },
    }
}
