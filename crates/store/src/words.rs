//! What a post is counted by: its significant words, hashtags, sites, names and aspects, each once, folded.

use crate::{Mention, Scores};
use post::{Post, PostKey};
use text::{TokenKind, Tokens};

/// Words kept of one post.
const MAX_WORDS: usize = 24;
/// Longer words are noise.
const MAX_WORD_BYTES: usize = 40;
/// Longer links are not counted.
const MAX_LINK_BYTES: usize = 200;
/// Hashtags and sites kept of one post.
const MAX_TAGS: usize = 30;

/// The significant words of a post in the order of its text: no function words of its language, numbers, handles,
/// links or emoji. In scripts without spaces, pairs of characters; of Japanese, runs of katakana and no hiragana.
pub(crate) fn words(post: &Post, lang: &str, tokens: &mut Tokens) -> Words {
    let stopwords = text::stopwords(lang);
    let mut out = Words::default();
    for part in post.title.iter().chain([&post.text]) {
        tokens.read(part);
        out.collect(tokens, &stopwords);
    }
    out
}

/// Words that differ, one behind the other in one text: a post has many, and nobody keeps them.
#[derive(Debug, Default)]
pub(crate) struct Words {
    text: String,
    ends: Vec<usize>,
}

impl Words {
    /// The words in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let begins = [0].into_iter().chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, end)| &self.text[begin..*end])
    }

    fn collect(&mut self, tokens: &Tokens, stopwords: &text::Stopwords) {
        let mut before: Option<(u32, &str)> = None;
        let mut run = Run::default();
        for t in tokens.iter() {
            if self.ends.len() >= MAX_WORDS {
                return;
            }
            let key = tokens.key(t);
            let is_char = t.kind == TokenKind::Char;
            if is_char && key.starts_with(text::is_katakana) {
                if run.end != t.start {
                    self.add_run(&mut run);
                }
                run.push(key, t.end);
                before = None;
                continue;
            }
            self.add_run(&mut run);
            if is_char && !key.starts_with(text::is_hiragana) {
                if let Some((_, first)) = before.filter(|(end, _)| *end == t.start) {
                    self.add(first, key);
                }
                before = Some((t.end, key));
                continue;
            }
            before = None;
            if t.kind == TokenKind::Word && t.sigil != b'@' && is_significant(key, stopwords) {
                self.add(key, "");
            }
        }
        self.add_run(&mut run);
    }

    /// Adds what is more than a character, and begins anew.
    fn add_run(&mut self, run: &mut Run) {
        let run = std::mem::take(run);
        if run.characters > 1 && run.text.len() <= MAX_WORD_BYTES {
            self.add(&run.text, "");
        }
    }

    /// Adds a word in two parts, where it is not there yet.
    fn add(&mut self, first: &str, second: &str) {
        let begin = self.text.len();
        self.text.push_str(first);
        self.text.push_str(second);
        let is_known = self.iter().any(|word| word == &self.text[begin..]);
        match is_known {
            true => self.text.truncate(begin),
            false => self.ends.push(self.text.len()),
        }
    }
}

/// Characters of one script that stand together.
#[derive(Default)]
struct Run {
    text: String,
    characters: usize,
    end: u32,
}

impl Run {
    fn push(&mut self, key: &str, end: u32) {
        self.text.push_str(key);
        self.characters += 1;
        self.end = end;
    }
}

fn is_significant(key: &str, stopwords: &text::Stopwords) -> bool {
    key.len() <= MAX_WORD_BYTES
        && key.chars().nth(1).is_some()
        && key.chars().any(char::is_alphabetic)
        && !stopwords.contain(key)
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

/// What is shown beside the text: `image`, `video`, …, each once; `link` where there is nothing but links, `none` where
/// there are none either.
pub(crate) fn media(post: &Post) -> Vec<String> {
    let kinds = distinct(post.media.iter().map(|m| text::fold(&m.kind)));
    match (kinds.is_empty(), post.urls.is_empty()) {
        (false, _) => kinds,
        (true, false) => vec!["link".to_owned()],
        (true, true) => vec!["none".to_owned()],
    }
}

/// The links of a post as they are counted: without scheme, fragment, the parameters of advertisers and a last `/`.
pub(crate) fn links(post: &Post) -> Vec<String> {
    distinct(post.urls.iter().filter_map(|url| link(url)))
}

/// The form a link is counted and filtered by; `None` where it is none or too long to be shown.
pub(crate) fn link(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = path.split_once('/').unwrap_or((path, ""));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_tracking(pair))
        .collect();
    let host = host.to_lowercase();
    let mut out = format!("{}/{}", host.strip_prefix("www.").unwrap_or(&host), path);
    out.truncate(out.trim_end_matches('/').len());
    if !kept.is_empty() {
        out.push('?');
        out.push_str(&kept.join("&"));
    }
    (!host.is_empty() && out.len() <= MAX_LINK_BYTES).then_some(out)
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    name.starts_with("utm_")
        || matches!(
            name,
            "fbclid" | "gclid" | "igshid" | "mc_cid" | "mc_eid" | "msclkid"
        )
}

/// The posts a post belongs to: its thread, what it answers, repeats and quotes, each once.
pub(crate) fn related(post: &Post) -> Vec<PostKey> {
    let mut keys: Vec<PostKey> = Vec::new();
    for key in [post.thread_root, post.reply_to, post.repost_of, post.quote_of]
        .into_iter()
        .flatten()
    {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// The number distinct texts are counted by: that of the copies a post belongs to, and where nobody looked for them the
/// hash of its words.
pub(crate) fn text_number(mention: &Mention, tokens: &mut Tokens) -> Option<u64> {
    mention.group.or_else(|| text_hash(&mention.post, tokens))
}

/// The copies a post belongs to as they are counted and filtered by: 16 hexadecimal digits.
pub(crate) fn group(group: u64) -> String {
    format!("{group:016x}")
}

/// Equal for texts that differ in letter case, spaces, punctuation, links and accounts named alone. `None` where no word
/// is left. FNV-1a of 64 bits over the folded words, since it is stored.
fn text_hash(post: &Post, tokens: &mut Tokens) -> Option<u64> {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut any = false;
    for part in post.title.iter().chain([&post.text]) {
        tokens.read(part);
        for t in tokens
            .iter()
            .filter(|t| t.kind != TokenKind::Url && t.sigil != b'@')
        {
            any = true;
            for byte in tokens.key(t).bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
            }
        }
    }
    any.then_some(hash)
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
