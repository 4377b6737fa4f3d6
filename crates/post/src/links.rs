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

/// Path parts behind which a name stands, on any site.
const PROFILES: [&str; 8] = [
    "/@",
    "/~",
    "/users/",
    "/user/",
    "/u/",
    "/profile/",
    "/people/",
    "/author/",
];

/// `url` with what names a person cut off: on social sites everything but content pages, elsewhere what follows the
/// first part that announces a profile, and wherever one of `secrets` (the author's id and handle) occurs.
pub(crate) fn without_people(url: &str, secrets: &[&str]) -> String {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), url),
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
    let social = SOCIAL.contains(&site) && !first.is_empty() && !CONTENT.contains(&first);
    let named_in = |part: &str| secrets.iter().any(|s| names(part, s));
    if named_in(host) {
        return format!("{scheme}…");
    }
    if social || named_in(tail) {
        return format!("{scheme}{host}/");
    }
    let cut = PROFILES
        .iter()
        .filter_map(|p| tail.find(p).map(|at| at + p.len()))
        .min()
        .unwrap_or(tail.len());
    format!("{scheme}{host}{}", &tail[..cut])
}

/// Whether `part` of a link holds the secret, in any case, with `:` written out or not.
fn names(part: &str, secret: &str) -> bool {
    if secret.len() < 3 || part.len() < secret.len() {
        return false;
    }
    let part = part.to_lowercase().replace("%3a", ":").replace("%40", "@");
    memmem::find(part.as_bytes(), secret.to_lowercase().as_bytes()).is_some()
}
