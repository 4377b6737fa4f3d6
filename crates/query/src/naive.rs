//! What a query means, said plainly: straight over the tree, one document at a time.
//!
//! The matcher must agree with this on every query and document (a property test holds them together), and
//! highlights and explanations are read off it. It is for single documents; [`crate::MonitorSet`] is for streams.
//! Only the search of `~` is shared with the matcher, since the plain way takes exponential time; a test of its own
//! holds that one.
//!
//! Where a post is silent about a field (see [`FieldName::may_be_unknown`]), neither a condition on it nor its opposite
//! holds: the logic has three values (Kleene, 1938), and a query matches where it is surely true.

use crate::ast::{FieldName, Form, Node, Part, Reach, Region, Word};
use crate::document::Document;
use crate::glob;
use crate::matcher::together;
use crate::reading::Reading;
use crate::values::{Wanted, field_values, is_known};

/// Gives the token that stands for a handle in admitted texts. `None` where texts hold readable handles.
pub type Pseudonyms<'p> = Option<&'p dyn Fn(&str) -> String>;

/// Whether the document matches.
pub fn matches(node: &Node, document: &Document<'_>, pseudonyms: Pseudonyms<'_>) -> bool {
    Evaluator::of(document, pseudonyms).holds(node)
}

/// First and last token of one occurrence.
pub(crate) type Span = (usize, usize);

pub(crate) struct Evaluator<'a> {
    pub(crate) reading: Reading,
    pub(crate) document: &'a Document<'a>,
    pub(crate) pseudonyms: Pseudonyms<'a>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn of(document: &'a Document<'a>, pseudonyms: Pseudonyms<'a>) -> Self {
        Self {
            reading: Reading::of(document),
            document,
            pseudonyms,
        }
    }

    /// Whether the node surely holds.
    pub(crate) fn holds(&self, node: &Node) -> bool {
        self.holds_in(node, None)
    }

    /// Whether the node surely holds, of one part of the post where `region` names it.
    pub(crate) fn holds_in(&self, node: &Node, region: Option<Region>) -> bool {
        self.truth(node, region) == Some(true)
    }

    /// The same with `None` where the post does not say.
    pub(crate) fn truth(&self, node: &Node, region: Option<Region>) -> Option<bool> {
        match node {
            Node::And(children) => {
                let all: Vec<_> = children.iter().map(|c| self.truth(c, region)).collect();
                if all.contains(&Some(false)) {
                    Some(false)
                } else {
                    (!all.contains(&None)).then_some(true)
                }
            }
            Node::Or(children) => {
                let all: Vec<_> = children.iter().map(|c| self.truth(c, region)).collect();
                if all.contains(&Some(true)) {
                    Some(true)
                } else {
                    (!all.contains(&None)).then_some(false)
                }
            }
            Node::Not(child) => self.truth(child, region).map(|t| !t),
            Node::Field { name, values } => {
                is_known(self.document, *name).then(|| values.iter().any(|v| self.field_is(*name, v)))
            }
            Node::Followers { from, to } => self.document.followers.map(|n| (*from..=*to).contains(&n)),
            Node::In { region, node } => self.truth(node, Some(*region)),
            Node::List { node, .. } => self.truth(node, region),
            _ => Some(!self.occurrences_in(node, region).is_empty()),
        }
    }

    /// The occurrences in one part of the post, or in all of it.
    pub(crate) fn occurrences_in(&self, node: &Node, region: Option<Region>) -> Vec<Span> {
        let mut all = self.occurrences(node);
        all.retain(|s| self.lies_in(s, region));
        all
    }

    fn lies_in(&self, span: &Span, region: Option<Region>) -> bool {
        region.is_none_or(|r| self.reading.is_title(span.0) == (r == Region::Title))
    }

    /// Every occurrence of a positional node or `~`, in order, each once.
    pub(crate) fn occurrences(&self, node: &Node) -> Vec<Span> {
        let mut out = match node {
            Node::Word(w) => self.word_places(w).map(|t| (t, t)).collect(),
            Node::Phrase(parts) => self.phrase(parts),
            Node::Or(children) => children.iter().flat_map(|c| self.occurrences(c)).collect(),
            Node::Near { first, rest } => self.chain(first, rest),
            Node::Together { parts, words } => self.together(parts, *words),
            Node::List { node, .. } => self.occurrences(node),
            Node::In { region, node } => self.occurrences_in(node, Some(*region)),
            _ => Vec::new(),
        };
        out.sort_unstable();
        out.dedup();
        out
    }

    fn word_places(&self, word: &Word) -> impl Iterator<Item = usize> {
        (0..self.reading.len()).filter(move |&t| self.word_is(word, t))
    }

    fn word_is(&self, word: &Word, token: usize) -> bool {
        let (tokens, t) = self.reading.token(token);
        if word.sigil.is_some_and(|s| s.as_char() != char::from(t.sigil)) {
            return false;
        }
        let (key, plain) = (tokens.key(t), tokens.plain(t));
        match word.form {
            Form::Case => !key.is_empty() && tokens.surface(t) == word.surface,
            Form::Glob => glob::fits(&word.key, key) || plain.is_some_and(|p| glob::fits(&word.key, p)),
            Form::Prefix => key.starts_with(&word.key) || plain.is_some_and(|p| p.starts_with(&word.key)),
            Form::Whole => {
                key == word.key || plain == Some(&*word.key) || self.alias(word).as_deref() == Some(key)
            }
        }
    }

    fn alias(&self, word: &Word) -> Option<String> {
        alias(word, self.pseudonyms)
    }

    fn phrase(&self, parts: &[Part]) -> Vec<Span> {
        let mut found = self.handle_alias(parts);
        for start in 0..self.reading.len() {
            self.phrase_from(parts, start, &mut found);
        }
        found
    }

    /// A handle of several words, as in `@ann.example`, stands in admitted texts as one token.
    fn handle_alias(&self, parts: &[Part]) -> Vec<Span> {
        let Some(token) = handle_of(parts).and_then(|h| self.pseudonyms.map(|f| f(&h))) else {
            return Vec::new();
        };
        let is = |t: &usize| {
            let (tokens, token_of) = self.reading.token(*t);
            token_of.sigil == b'@' && tokens.key(token_of) == token
        };
        (0..self.reading.len()).filter(is).map(|t| (t, t)).collect()
    }

    /// Every place at which a part can stand, part by part.
    fn phrase_from(&self, parts: &[Part], start: usize, found: &mut Vec<Span>) {
        let mut places = vec![start];
        for (i, part) in parts.iter().enumerate() {
            let lasts = places.iter().flat_map(|&at| self.part_ends(part, at));
            let Some(next) = parts.get(i + 1) else {
                found.extend(lasts.map(|last| (start, last)));
                return;
            };
            let mut after: Vec<usize> = lasts
                .flat_map(|last| self.followers(last, &next.words[0]))
                .collect();
            after.sort_unstable();
            after.dedup();
            places = after;
        }
    }

    /// The tokens at which the word can stand as the next of a phrase.
    fn followers(&self, token: usize, word: &Word) -> std::ops::Range<usize> {
        if word.kind == text::TokenKind::Emoji {
            return self.reading.next_emoji(token);
        }
        self.reading.next_word(token).map_or(0..0, |t| t..t + 1)
    }

    /// The last tokens of the part where it begins at `first`.
    fn part_ends(&self, part: &Part, first: usize) -> Vec<usize> {
        if !self.word_is(&part.words[0], first) {
            return Vec::new();
        }
        let mut last = first;
        for (word, gap) in part.words[1..].iter().zip(&part.gaps) {
            let next = last + 1;
            let fits = next < self.reading.len()
                && self.reading.is_title(next) == self.reading.is_title(first)
                && self.word_is(word, next)
                && self.reading.gap_is(last, next, gap);
            if !fits {
                return Vec::new();
            }
            last = next;
        }
        let fits = self
            .reading
            .borders_fit(first, last, &part.lead, &part.trail, part.closed);
        if fits { vec![last] } else { Vec::new() }
    }

    /// The occurrences that take part in a whole chain.
    fn chain(&self, first: &Node, rest: &[(Reach, Node)]) -> Vec<Span> {
        let mut steps = vec![self.occurrences(first)];
        for (reach, node) in rest {
            let before = &steps[steps.len() - 1];
            let linked = |s: &Span| before.iter().any(|b| self.in_reach(*b, *s, *reach));
            steps.push(self.occurrences(node).into_iter().filter(linked).collect());
        }
        for i in (1..steps.len()).rev() {
            let after = std::mem::take(&mut steps[i]);
            steps[i - 1].retain(|b| after.iter().any(|a| self.in_reach(*b, *a, rest[i - 1].0)));
            steps[i] = after;
        }
        steps.concat()
    }

    fn in_reach(&self, left: Span, right: Span, reach: Reach) -> bool {
        let within = |a: Span, b: Span| {
            a.1 < b.0 && self.reading.slot(b.0) - self.reading.slot(a.1) <= 2 * reach.words
        };
        within(left, right) || (!reach.ordered && within(right, left))
    }

    /// The occurrences of `~` inside the stretches that hold every part.
    fn together(&self, parts: &[Part], words: u32) -> Vec<Span> {
        let places: Vec<Vec<(u32, u32)>> = parts
            .iter()
            .map(|p| {
                let mut spans: Vec<_> = self
                    .phrase(std::slice::from_ref(p))
                    .into_iter()
                    .map(|s| (s.0 as u32, s.1 as u32))
                    .collect();
                spans.sort_unstable();
                spans
            })
            .collect();
        let lists: Vec<&[(u32, u32)]> = places.iter().map(Vec::as_slice).collect();
        let slot = |t: u32| self.reading.slot(t as usize);
        let mut found = Vec::new();
        for start in together::starts(&lists, 2 * words, &slot) {
            for list in &lists {
                found.extend(
                    together::inside(list, start, 2 * words, &slot).map(|s| (s.0 as usize, s.1 as usize)),
                );
            }
        }
        found
    }

    fn field_is(&self, name: FieldName, value: &str) -> bool {
        let token = self.pseudonyms.filter(|_| name.is_handle()).map(|f| f(value));
        let mut found =
            name == FieldName::Author && token.is_some() && token.as_deref() == self.document.author_token;
        let mut wanted = Wanted::default();
        wanted.add(name);
        field_values(self.document, wanted, |_, v| {
            found |= v == value || (name != FieldName::Author && token.as_deref() == Some(v));
        });
        found
    }
}

/// The token that stands for the word where it is the handle of a stranger.
pub(crate) fn alias(word: &Word, pseudonyms: Pseudonyms<'_>) -> Option<String> {
    let may_be_handle = word.form == Form::Whole
        && word.kind == text::TokenKind::Word
        && matches!(word.sigil, None | Some(crate::ast::Sigil::Handle));
    if may_be_handle {
        pseudonyms.map(|f| f(&word.key))
    } else {
        None
    }
}

/// The handle that a phrase of one part of several words spells: `@ann.example`.
pub(crate) fn handle_of(parts: &[Part]) -> Option<String> {
    let [part] = parts else { return None };
    let spelled = part.words.len() > 1
        && part.words[0].sigil == Some(crate::ast::Sigil::Handle)
        && part.words.iter().all(|w| w.form == Form::Whole)
        && part.lead.is_empty()
        && part.trail.is_empty()
        && part.gaps.iter().all(|g| matches!(g.as_str(), "." | "-" | "@"));
    spelled.then(|| {
        let mut handle = part.words[0].key.clone();
        for (word, gap) in part.words[1..].iter().zip(&part.gaps) {
            handle.push_str(gap);
            handle.push_str(&word.key);
        }
        handle
    })
}
