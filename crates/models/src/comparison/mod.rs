//! Which of two things a text prefers, and from which to which somebody went: said in so many words.
//!
//! A sentence counts where it names both and has a phrase of comparison or of changing over (module `phrases`) in its language
//! between or before the names. It abstains where the sentence is a question, or denies or only weighs it ("not better
//! than", "never switch", "thinking about moving"): silence is better than a guess. The rule is a list of phrases that can
//! be read, not a model; `tests/it/comparison.rs` measures its precision and recall on made-up rows.

mod phrases;

use phrases::{Item, Means, Rule};
use std::ops::Range;
use text::Tokens;

/// Words before a phrase in which a word of denial or weighing up makes it say nothing.
const BEFORE: usize = 4;

/// One of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Side::A => Side::B,
            Side::B => Side::A,
        }
    }
}

/// What a text says of two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said {
    /// Which it prefers.
    pub prefers: Option<Side>,
    /// To which somebody went from the other.
    pub went_to: Option<Side>,
}

/// Languages with phrases.
pub fn langs() -> impl Iterator<Item = &'static str> {
    phrases::langs()
}

/// What a text says of `a` and `b`, given the places in bytes where it names each. Sentences that say both ways say
/// nothing. A language without phrases is silent.
pub fn said(text: &str, lang: &str, a: &[Range<usize>], b: &[Range<usize>]) -> Said {
    let Some(rules) = phrases::of(lang) else {
        return Said::default();
    };
    let mut found = [[false; 2]; 2];
    for sentence in sentences(text, a, b) {
        if sentence.asks || !sentence.names_both() {
            continue;
        }
        let words = &sentence.words;
        let first = |means: fn(Means) -> bool| {
            let hit = |rule: &Rule| {
                let place = find(&rule.items, words)?;
                Some((rule.means, place))
            };
            rules.list.iter().filter(|r| means(r.means)).find_map(hit)
        };
        for (row, means) in [|m| m != Means::WentToY, |m| m == Means::WentToY]
            .into_iter()
            .enumerate()
        {
            let Some((means, hit)) = first(means) else {
                continue;
            };
            let from = hit.words.start.saturating_sub(BEFORE);
            let to = (hit.words.end + rules.after).min(words.len());
            if words[from..to].iter().any(|w| rules.voids(w)) {
                continue;
            }
            let side = match means {
                Means::PrefersX => hit.x,
                Means::PrefersY | Means::WentToY => hit.x.other(),
            };
            found[row][side as usize] = true;
        }
    }
    let one = |found: [bool; 2]| match found {
        [true, false] => Some(Side::A),
        [false, true] => Some(Side::B),
        _ => None,
    };
    Said {
        prefers: one(found[0]),
        went_to: one(found[1]),
    }
}

/// A word of a sentence, folded and without diacritics, or a place of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Plain(String),
    Name(Side),
}

#[derive(Debug, Default)]
struct Sentence {
    words: Vec<Word>,
    asks: bool,
}

impl Sentence {
    fn names_both(&self) -> bool {
        [Side::A, Side::B]
            .iter()
            .all(|side| self.words.contains(&Word::Name(*side)))
    }
}

fn sentences(text: &str, a: &[Range<usize>], b: &[Range<usize>]) -> Vec<Sentence> {
    let tokens = Tokens::of(text);
    let mut all = vec![Sentence::default()];
    let mut end = 0;
    for token in tokens.iter() {
        let (start, stop) = (token.start as usize, token.end as usize);
        let between = text.get(end..start).unwrap_or_default();
        if let Some(last) = all.last_mut()
            && between.contains(['.', '!', '?', ';', '\n', '…', '؟', '।'])
        {
            last.asks |= between.contains(['?', '؟']);
            all.push(Sentence::default());
        }
        end = end.max(stop);
        let within = |places: &[Range<usize>]| places.iter().any(|p| p.start < stop && start < p.end);
        let word = match (within(a), within(b)) {
            (true, false) => Word::Name(Side::A),
            (false, true) => Word::Name(Side::B),
            _ => Word::Plain(
                tokens
                    .plain(token)
                    .unwrap_or_else(|| tokens.key(token))
                    .to_owned(),
            ),
        };
        let Some(last) = all.last_mut() else { continue };
        // A name of several words is one.
        if !(matches!(word, Word::Name(_)) && last.words.last() == Some(&word)) {
            last.words.push(word);
        }
    }
    if let Some(last) = all.last_mut() {
        last.asks |= text.get(end..).is_some_and(|rest| rest.contains(['?', '؟']));
    }
    all
}

/// Where a phrase stands and which side its X is.
struct Hit {
    words: Range<usize>,
    x: Side,
}

fn find(items: &[Item], words: &[Word]) -> Option<Hit> {
    for x in [Side::A, Side::B] {
        for start in 0..words.len() {
            if let Some(end) = matches(items, words, start, x) {
                return Some(Hit { words: start..end, x });
            }
        }
    }
    None
}

/// The end of the phrase where it begins at `at`.
fn matches(items: &[Item], words: &[Word], at: usize, x: Side) -> Option<usize> {
    let Some((item, rest)) = items.split_first() else {
        return Some(at);
    };
    match item {
        // The fewest words first; a name is never skipped.
        Item::Gap(most) => {
            for skipped in 0..=*most {
                if let Some(end) = matches(rest, words, at + skipped, x) {
                    return Some(end);
                }
                if !matches!(words.get(at + skipped), Some(Word::Plain(_))) {
                    return None;
                }
            }
            None
        }
        Item::X | Item::Y => {
            let wanted = if *item == Item::X { x } else { x.other() };
            (words.get(at) == Some(&Word::Name(wanted)))
                .then(|| matches(rest, words, at + 1, x))
                .flatten()
        }
        Item::Any(list) => match words.get(at) {
            Some(Word::Plain(word)) if list.iter().any(|w| w.is(word)) => matches(rest, words, at + 1, x),
            _ => None,
        },
    }
}
