//! Links without the people in them: a profile address is as good as a handle.

use memchr::memmem;

/// Sites whose paths name accounts.
const SOCIAL: [&str; 22] = [
    "twitter.com",
    "x.com",
    "mobile.twitter.com",
    "bsky.app",
    "instagram.com",
    "facebook.com",
    "m.facebook.com",
    "fb.com",
    "threads.net",
    "threads.com",
    "linkedin.com",
    "t.me",
    "telegram.me",
    "tiktok.com",
    "snapchat.com",
    "vk.com",
    "youtube.com",
    "m.youtube.com",
    "reddit.com",
    "old.reddit.com",
    "wa.me",
    "paypal.me",
];

/// Words that may follow a social site's name without naming anybody: what is linked is content, not a person.
const CONTENT: [&str; 14] = [
    "hashtag", "search", "watch", "shorts", "playlist", "results", "explore", "i", "share", "intent", "p",
    "reel", "r", "events",
];

/// `url` with what names a person cut off: on social sites everything but content pages, elsewhere from the first path
/// part that begins with `@` or `~`, and wherever one of `secrets` (the author's id and handle) occurs.
pub(crate) fn without_people(url: &str, secrets: &[&str]) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..host_end].rsplit('@').next().unwrap_or_default();
    let site = host.to_ascii_lowercase();
    let site = site.strip_prefix("www.").unwrap_or(&site);
    let tail = &rest[host_end..];
    let first = tail
        .trim_start_matches('/')
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default();
    let names =
        |secret: &&&str| secret.len() >= 3 && memmem::find(url.as_bytes(), secret.as_bytes()).is_some();
    if (SOCIAL.contains(&site) && !first.is_empty() && !CONTENT.contains(&first))
        || secrets.iter().any(|s| names(&s))
    {
        return format!("{scheme}://{host}/");
    }
    let cut = ["/@", "/~"]
        .iter()
        .filter_map(|p| tail.find(p))
        .min()
        .map_or(tail.len(), |at| at + 1);
    format!("{scheme}://{host}{}", &tail[..cut])
}
