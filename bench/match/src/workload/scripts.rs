//! Posts in Chinese, Japanese, Korean, Thai, Arabic, Persian and Urdu, and queries of pieces of other such posts.
//!
//! Half of the posts are the stream; the queries are made of the other half: runs of characters where the script has no
//! spaces, else words. Frequent pieces are drawn often, as they stand; what a query looks for is made of longer ones,
//! which are rarer, its contexts of any.

use super::{Post, Workload, shared};
use crate::random::Random;
use anyhow::anyhow;
use text::{TokenKind, Tokens};

/// How many queries there are.
const QUERIES: u32 = 5_000;

/// Files of the shared data, each with the language of those posts that name none.
const FILES: [(&str, &str); 5] = [
    ("data/brand/wisesight_thai/valid.jsonl", "th"),
    ("data/sentiment_multi/astd_arabic/dev.jsonl.gz", "ar"),
    ("data/umsab_xlmt/jsonl/arabic.train.jsonl", "ar"),
    ("data/umsab_xlmt/jsonl/arabic.val.jsonl", "ar"),
    ("data/langid/lingua_testdata/sentences.jsonl.gz", ""),
];
/// Languages taken from the file that has many.
const LANGUAGES: [&str; 7] = ["ar", "fa", "ja", "ko", "th", "ur", "zh"];

/// The workload; `None` where the data are not there.
pub(crate) fn load() -> anyhow::Result<Option<Workload>> {
    let mut random = Random::new(20_261_126);
    let (mut stream, mut sources) = (Vec::new(), Vec::new());
    for (file, lang) in FILES {
        let Some(list) = posts(file, lang) else {
            return Ok(None);
        };
        for post in list {
            let half = if random.chance(0.5) {
                &mut stream
            } else {
                &mut sources
            };
            half.insert(random.within(0..half.len() + 1), post);
        }
    }
    (0..).zip(&mut stream).for_each(|(id, post)| post.id = id);
    let mut maker = Maker { random, sources };
    let mut queries = Vec::new();
    for id in 0..QUERIES {
        let text = maker.query();
        let query = query::parse(&text).map_err(|p| anyhow!("{text}: {p:?}"))?;
        queries.push((id, query));
    }
    Ok(Some(Workload {
        name: format!("scripts, {QUERIES} queries"),
        posts: stream,
        queries,
        answers: Vec::new(),
        plain_posts: 100,
        lucene_posts: 2_000,
        configs: &["begins", "begins+whole", "begins+whole+multipass"],
    }))
}

fn posts(file: &str, lang: &str) -> Option<Vec<Post>> {
    let post = |v: serde_json::Value| {
        let label = v["label"].as_str().unwrap_or_default();
        let lang = if lang.is_empty() { label } else { lang };
        LANGUAGES.contains(&lang).then(|| Post {
            id: 0,
            text: v["text"].as_str().unwrap_or_default().to_owned(),
            lang: Some(lang.to_owned()),
            source: "file".to_owned(),
            author: None,
        })
    };
    Some(shared::values(file)?.filter_map(post).collect())
}

/// Characters of a piece, at least: of what is looked for, and of what stands around it.
const LONG: usize = 5;
const ANY: usize = 2;

/// Draws queries from the posts that are not in the stream.
struct Maker {
    random: Random,
    sources: Vec<Post>,
}

impl Maker {
    /// One to `most` pieces that stand one after the other in a post, of `least` characters or more.
    fn pieces(&mut self, most: usize, least: usize) -> Vec<String> {
        loop {
            let post = self.random.within(0..self.sources.len());
            let text = self.sources[post].text.clone();
            let tokens = Tokens::of(&text);
            let mut at = self.random.within(0..tokens.len().max(1));
            let mut out = Vec::new();
            while out.len() < most {
                let Some((piece, next)) = self.piece(&text, &tokens, at, least) else {
                    break;
                };
                out.push(piece);
                at = next;
            }
            if !out.is_empty() {
                return out;
            }
        }
    }

    /// The run of characters or the word at a token, and where the next one is.
    fn piece(&mut self, text: &str, tokens: &Tokens, at: usize, least: usize) -> Option<(String, usize)> {
        let list = tokens.as_slice();
        let first = list.get(at)?;
        let mut end = at + 1;
        if first.kind == TokenKind::Char {
            let longest = at + self.random.within(least..least + 3);
            while end < longest
                && list
                    .get(end)
                    .is_some_and(|t| t.kind == TokenKind::Char && t.start == list[end - 1].end)
            {
                end += 1;
            }
        }
        let piece = &text[first.start as usize..list[end - 1].end as usize];
        let foreign = piece.chars().all(|c| !c.is_ascii()) && piece.chars().count() >= least;
        (foreign && first.kind != TokenKind::Url && first.kind != TokenKind::Emoji)
            .then(|| (piece.to_owned(), end))
    }

    fn term(&mut self, least: usize) -> String {
        let phrase = self.random.chance(0.2);
        let pieces = self.pieces(if phrase { 2 } else { 1 }, least);
        let last = &pieces[pieces.len() - 1];
        let word = Tokens::of(last).iter().all(|t| t.kind == TokenKind::Word);
        if pieces.len() > 1 {
            format!("\"{}\"", pieces.join(" "))
        } else if word && last.chars().count() > 4 && self.random.chance(0.1) {
            let begin: String = last.chars().take(4).collect();
            format!("{begin}*")
        } else {
            last.clone()
        }
    }

    fn group(&mut self, most: usize, least: usize) -> String {
        let terms: Vec<String> = (0..self.random.size(1..most)).map(|_| self.term(least)).collect();
        if terms.len() == 1 {
            terms[0].clone()
        } else {
            format!("({})", terms.join(" OR "))
        }
    }

    /// Two pieces of one post, some others beside the first, within reach of each other.
    fn near(&mut self) -> String {
        loop {
            if let [left, right] = self.pieces(2, ANY).as_slice() {
                let (others, reach) = (self.group(4, LONG), self.random.within(1..10));
                return format!("(({left} OR {others}) NEAR/{reach} {right})");
            }
        }
    }

    fn query(&mut self) -> String {
        let what = if self.random.chance(0.15) {
            self.near()
        } else {
            self.group(12, LONG)
        };
        match self.random.within(0..5) {
            0 => what,
            1 => format!("{what} AND {}", self.group(12, ANY)),
            2 => format!("{what} NOT {}", self.group(8, ANY)),
            3 => format!("{what} AND lang:{}", self.random.pick(&LANGUAGES)),
            _ => {
                let (context, not) = (self.group(12, ANY), self.group(6, ANY));
                format!("({what} AND {context}) NOT {not}")
            }
        }
    }
}
