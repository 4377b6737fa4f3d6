//! One feed on the network: conditional requests, redirects, and what a page says where a feed is due.

use super::discover;
use super::document::{self, Feed, FeedError};
use crate::http::outgoing::is_private as is_private_ip;
use crate::http::{Http, Reply, Request, Trouble, TroubleKind};
use std::net::IpAddr;
use std::time::Duration;
use url::{Host, Url};

/// Redirects followed for one answer.
const MAX_HOPS: usize = 5;
const ACCEPT: &str =
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5";
/// No feed is left alone for longer, whatever it says of itself.
pub(super) const LONGEST: Duration = Duration::from_secs(86_400);

/// What must be said to a server so that it need not answer with what is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    etag: Option<String>,
    modified: Option<String>,
}

/// What came.
pub(super) struct Fetched {
    /// The feed; `None` where it has not changed.
    pub(super) feed: Option<Feed>,
    /// Where it was found, if it has moved there for good.
    pub(super) moved: Option<String>,
    /// What to say the next time.
    pub(super) known: Known,
    /// How long the server lets it be kept.
    pub(super) fresh: Option<Duration>,
}

/// Asks for a feed. `name` stands for it in messages: addresses of feeds may hold tokens.
pub(super) async fn fetch(http: &Http, url: &str, name: &str, known: &Known) -> Result<Fetched, Trouble> {
    let (reply, url, moved) = follow(http, url, name, known).await?;
    let reply = reply.success()?;
    let mut fetched = Fetched {
        feed: None,
        moved: moved.then(|| url.clone()),
        fresh: reply.header("cache-control").and_then(max_age),
        known: known.clone(),
    };
    if reply.status == 304 {
        return Ok(fetched);
    }
    let header = |n: &str| reply.header(n).map(str::to_owned);
    fetched.known = Known {
        etag: header("etag"),
        modified: header("last-modified"),
    };
    match document::read(&reply.body, reply.header("content-type"), Some(&url)) {
        Ok(feed) => fetched.feed = Some(feed),
        Err(why) => {
            let page = String::from_utf8_lossy(&reply.body);
            let found = matches!(why, FeedError::Page | FeedError::NotAFeed)
                .then(|| discover::feed_of(&page, &url))
                .flatten()
                .filter(|found| *found != url && may_lead(&url, found));
            let Some(found) = found else {
                return Err(Trouble::new(TroubleKind::Malformed, format!("{name}: {why}")));
            };
            // The feed itself is asked for by its own address from now on.
            let (reply, url, _) = follow(http, &found, name, &Known::default()).await?;
            let reply = reply.success()?;
            let read = document::read(&reply.body, reply.header("content-type"), Some(&url));
            let feed = read.map_err(|why| Trouble::new(TroubleKind::Malformed, format!("{name}: {why}")))?;
            fetched.known = Known::default();
            fetched.moved = Some(found);
            fetched.feed = Some(feed);
        }
    }
    Ok(fetched)
}

/// The answer, where it came from, and whether every redirect on the way was for good.
async fn follow(http: &Http, url: &str, name: &str, known: &Known) -> Result<(Reply, String, bool), Trouble> {
    let (mut url, mut hops, mut for_good) = (url.to_owned(), 0, true);
    loop {
        let mut request = Request::get(&url, "").label(name).header("accept", ACCEPT);
        if let Some(etag) = &known.etag {
            request = request.header("if-none-match", etag);
        }
        if let Some(modified) = &known.modified {
            request = request.header("if-modified-since", modified);
        }
        let reply = http.send(request).await?;
        let next = match reply.status {
            301 | 302 | 303 | 307 | 308 => reply
                .header("location")
                .map(|l| document::resolve(Url::parse(&url).ok().as_ref(), l)),
            _ => None,
        };
        let Some(next) = next else {
            return Ok((reply, url, for_good && hops > 0));
        };
        hops += 1;
        if hops > MAX_HOPS || !may_lead(&url, &next) {
            return Err(Trouble::new(
                TroubleKind::Forbidden,
                format!("{name}: it leads elsewhere without end, or where it may not"),
            ));
        }
        for_good &= matches!(reply.status, 301 | 308);
        url = next;
    }
}

/// Whether a redirect may be followed: not from the open network into a private one.
fn may_lead(from: &str, to: &str) -> bool {
    let host = |u: &str| {
        Url::parse(u)
            .ok()
            .filter(|u| matches!(u.scheme(), "http" | "https"))
    };
    let is_private = |u: &Url| match u.host() {
        Some(Host::Ipv4(ip)) => is_private_ip(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_private_ip(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => true,
    };
    match (host(from), host(to)) {
        (Some(from), Some(to)) => is_private(&from) || !is_private(&to),
        _ => false,
    }
}

fn max_age(cache_control: &str) -> Option<Duration> {
    let seconds = cache_control
        .split(',')
        .find_map(|p| p.trim().strip_prefix("max-age="))?;
    Some(Duration::from_secs(seconds.trim().parse().ok()?).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_leads_us_into_our_own_network() {
        assert!(may_lead("https://a.example/f", "http://b.example/f"));
        for inner in [
            "http://127.0.0.1/",
            "http://169.254.169.254/",
            "http://[::ffff:10.0.0.1]/",
            "http://localhost/",
            "file:///etc/hosts",
        ] {
            assert!(!may_lead("https://a.example/f", inner), "{inner}");
        }
        assert!(may_lead("http://127.0.0.1:1/", "http://127.0.0.1:2/"));
    }
}
