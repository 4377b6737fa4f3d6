//! What is searched for, in the platform's terms: one keyword or one topic tag a search.

use crate::wanted::{Alternative, Sought, Wanted};
use std::collections::BTreeSet;

/// Searches a source makes at most; of 2,200 a day, each gets one every hour and a half then.
pub(super) const MOST: usize = 120;
/// Alternatives of one wish.
const MOST_ALTERNATIVES: usize = 40;

/// A search.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Search {
    /// The keyword, or the topic tag without `#`.
    pub(super) q: String,
    /// Whether it is a topic tag.
    pub(super) tag: bool,
}

impl Search {
    /// A keyword of the configuration.
    pub(super) fn configured(keyword: &str) -> Self {
        let keyword = keyword.trim();
        match keyword.strip_prefix('#') {
            Some(tag) => Self {
                q: tag.to_owned(),
                tag: true,
            },
            None => Self {
                q: keyword.to_owned(),
                tag: false,
            },
        }
    }
}

/// The searches that find all that is wanted, and whether they do: a wish that names no word cannot be asked.
pub(super) fn searches(configured: &[String], wishes: &[Wanted]) -> (Vec<Search>, bool) {
    let mut out: Vec<Search> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut all = true;
    let mut add = |search: Search| {
        if seen.insert(search.clone()) {
            out.push(search);
        }
    };
    configured
        .iter()
        .map(|k| Search::configured(k))
        .for_each(&mut add);
    for wish in wishes {
        let terms = wish
            .sought
            .alternatives(MOST_ALTERNATIVES)
            .and_then(|alternatives| alternatives.iter().map(term).collect::<Option<Vec<_>>>());
        match terms {
            Some(terms) => terms.into_iter().for_each(&mut add),
            None => all = false,
        }
    }
    all &= out.len() <= MOST;
    out.truncate(MOST);
    (out, all)
}

/// The one term of an alternative that finds it all and least else: the longest. How several words are read together
/// is not told, so that only phrases are asked with more than one: a post that holds the phrase holds its words.
fn term(alternative: &Alternative) -> Option<Search> {
    let term = |sought: &Sought| match sought {
        Sought::Word(word) | Sought::Mention(word) => Some((word.clone(), false)),
        Sought::Phrase(words) => Some((words.join(" "), false)),
        Sought::Hashtag(tag) => Some((tag.clone(), true)),
        _ => None,
    };
    let (q, tag) = alternative
        .must
        .iter()
        .filter_map(term)
        // A topic tag is set apart from the text: a word of the text is the surer find.
        .max_by_key(|(q, tag)| (!tag, q.chars().count()))?;
    Some(Search { q, tag })
}
