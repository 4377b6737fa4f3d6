//! The feed that a page for people names.

use super::document::resolve;
use html5gum::{Token, Tokenizer};
use url::Url;

/// A head is not longer.
const MAX_HEAD: usize = 512 << 10;

/// The address in the first `<link rel="alternate">` whose type is one of a feed.
pub(super) fn feed_of(page: &str, base: &str) -> Option<String> {
    let head = &page[..page.floor_char_boundary(MAX_HEAD)];
    let base = Url::parse(base).ok();
    for Ok(token) in Tokenizer::new(head) {
        let Token::StartTag(tag) = token else { continue };
        if tag.name.as_slice() != b"link" {
            continue;
        }
        let attribute = |name: &[u8]| {
            let (_, value) = tag.attributes.iter().find(|(k, _)| k.as_slice() == name)?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        let rel = attribute(b"rel").unwrap_or_default().to_ascii_lowercase();
        let kind = attribute(b"type").unwrap_or_default().to_ascii_lowercase();
        let is_feed = [
            "application/rss+xml",
            "application/atom+xml",
            "application/feed+json",
            "application/rdf+xml",
        ];
        if rel.split_ascii_whitespace().any(|r| r == "alternate")
            && is_feed.contains(&kind.trim())
            && let Some(href) = attribute(b"href")
        {
            return Some(resolve(base.as_ref(), &href));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_feed_named_is_found() {
        let page = r#"<!doctype html><link rel=stylesheet href=a.css><link rel="alternate" hreflang=de href=/de>
                      <link rel='alternate home' type='application/atom+xml' href='feed.xml'>"#;
        assert_eq!(
            feed_of(page, "https://acme.example/blog/").as_deref(),
            Some("https://acme.example/blog/feed.xml")
        );
        assert_eq!(feed_of("<p>none", "https://acme.example"), None);
    }
}
