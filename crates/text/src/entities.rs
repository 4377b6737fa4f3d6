//! Hashtags, handles, cashtags and links found in a text, at byte ranges of it.

use crate::chars::{CONT, Classes};
use crate::tokens::{TokenKind, Tokens};

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityKind {
    /// `#tag`
    Hashtag,
    /// `@handle`, with the instance where one follows: `@ann@social.example`
    Handle,
    /// `$TSLA`
    Cashtag,
    /// A link.
    Url,
}

/// An entity of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// As written, without the sigil.
    pub value: String,
    /// First byte, the sigil included.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// The entities of `text` in its order.
pub fn entities(text: &str) -> Vec<Entity> {
    let tokens = Tokens::of(text);
    let list = tokens.as_slice();
    let mut out: Vec<Entity> = Vec::new();
    for t in list {
        let (start, end) = (t.start as usize, t.end as usize);
        if out.last().is_some_and(|e| start < e.end) {
            // A character of a tag or handle that is already taken whole.
            continue;
        }
        let kind = match (t.kind, t.sigil) {
            (TokenKind::Url, _) => EntityKind::Url,
            (_, b'#') => EntityKind::Hashtag,
            (_, b'@') => EntityKind::Handle,
            (_, b'$') => EntityKind::Cashtag,
            _ => continue,
        };
        let end = match kind {
            EntityKind::Handle => handle_end(
                text,
                if t.kind == TokenKind::Char {
                    run_end(text, end)
                } else {
                    end
                },
            ),
            EntityKind::Hashtag => run_end(text, end),
            _ => end,
        };
        let first = if kind == EntityKind::Url {
            start
        } else {
            sigil_start(text, start)
        };
        out.push(Entity {
            kind,
            value: text[start..end].to_owned(),
            start: first,
            end,
        });
    }
    out
}

/// The sigil may be a full-width one, of three bytes.
fn sigil_start(text: &str, start: usize) -> usize {
    start - text[..start].chars().next_back().map_or(0, char::len_utf8)
}

/// Handles go on over dots and hyphens, and over an instance's name: `@ann.example`, `@ann@social.example`.
fn handle_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = from;
    loop {
        let Some(&b) = bytes.get(end) else { return end };
        let next_is_word = bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
        let joins =
            b.is_ascii_alphanumeric() || b == b'_' || (matches!(b, b'.' | b'-' | b'@') && next_is_word);
        if !joins {
            return end;
        }
        end += 1;
    }
}

/// Tags and handles in scripts without spaces are several tokens; they end where the word characters do.
fn run_end(text: &str, from: usize) -> usize {
    let classes = Classes::get();
    let rest = &text[from..];
    from + rest
        .find(|c: char| classes.of(c) & CONT == 0)
        .unwrap_or(rest.len())
}

/// The hashtags of `text` as written, without `#`, each once.
pub fn hashtags(text: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for e in entities(text) {
        if e.kind == EntityKind::Hashtag && !seen.contains(&e.value) {
            seen.push(e.value);
        }
    }
    seen
}

/// The site of a link: its host in lower case without `www.`; `None` where there is no host, as in `mailto:` links.
pub fn site(url: &str) -> Option<String> {
    let (schemed, rest) = url.split_once("://").map_or((false, url), |(_, r)| (true, r));
    let authority = rest.split(['/', '?', '#']).next()?;
    if !schemed && authority.contains('@') {
        return None;
    }
    let host = authority
        .rsplit('@')
        .next()?
        .split(':')
        .next()?
        .trim_end_matches('.')
        .to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (host.contains('.') && !host.starts_with('.') && !host.contains(char::is_whitespace))
        .then(|| host.to_owned())
}
