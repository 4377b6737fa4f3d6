//! What a post is counted by: its significant words, hashtags, sites, names and aspects, each once, folded.

use crate::{Scores, stopwords};
use post::Post;
use text::{TokenKind, Tokens};

/// Words kept of one post.
const MAX_WORDS: usize = 24;
/// Longer words are noise.
const MAX_WORD_BYTES: usize = 40;
/// Hashtags and sites kept of one post.
const MAX_TAGS: usize = 30;

/// The significant words of a post in the order of its text: no function words of its language, numbers, handles,
/// links or emoji; pairs of characters in scripts without spaces.
pub(crate) fn words(post: &Post, lang: &str, tokens: &mut Tokens) -> Vec<String> {
    let mut out = Vec::new();
    for part in post.title.iter().chain([&post.text]) {
        tokens.read(part);
        collect(tokens, lang, &mut out);
    }
    out
}

fn collect(tokens: &Tokens, lang: &str, out: &mut Vec<String>) {
    let mut before: Option<(u32, &str)> = None;
    for t in tokens.iter() {
        let key = tokens.key(t);
        let pair = before
            .filter(|(end, _)| *end == t.start)
            .map(|(_, first)| [first, key].concat());
        before = (t.kind == TokenKind::Char).then_some((t.end, key));
        if out.len() >= MAX_WORDS {
            return;
        }
        let word = match t.kind {
            TokenKind::Char => pair,
            TokenKind::Word if t.sigil != b'@' && is_significant(key, lang) => Some(key.to_owned()),
            _ => None,
        };
        if let Some(word) = word
            && !out.contains(&word)
        {
            out.push(word);
        }
    }
}

fn is_significant(key: &str, lang: &str) -> bool {
    key.len() <= MAX_WORD_BYTES
        && key.chars().nth(1).is_some()
        && key.chars().any(char::is_alphabetic)
        && !stopwords::contains(lang, key)
}

/// The folded hashtags of a post.
pub(crate) fn hashtags(post: &Post) -> Vec<String> {
    distinct(post.hashtags.iter().map(|tag| text::fold(tag)))
}

/// The sites a post links to, and the community it stands in.
pub(crate) fn sites(post: &Post) -> Vec<String> {
    let linked = post.urls.iter().filter_map(|url| text::site(url));
    distinct(post.community.iter().map(|c| text::fold(c)).chain(linked))
}

/// The folded names in a post.
pub(crate) fn entities(scores: &Scores) -> Vec<String> {
    distinct(scores.entities.iter().map(|e| text::fold(&e.name)))
}

/// What is judged in a post.
pub(crate) fn aspects(scores: &Scores) -> Vec<String> {
    distinct(scores.aspects.iter().map(|a| a.term.clone()))
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut out = Vec::new();
    for value in values.filter(|v| !v.is_empty()) {
        if out.len() == MAX_TAGS {
            break;
        }
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}
