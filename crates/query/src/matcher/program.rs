//! The flat form of a query, and running it against an analysed post.
//!
//! A node is its operation with the length of its operands, then those, in preorder, so that a node can be skipped
//! without being read.

use super::seen::{Notes, Seen, Span};
use crate::ast::Reach;
use crate::reading::Reading;
use foldhash::HashMap;
use smallvec::{SmallVec, smallvec};

/// The operations.
pub(crate) mod op {
    /// Atoms: any is present.
    pub(crate) const ANY: u32 = 0;
    /// Nodes: all hold.
    pub(crate) const AND: u32 = 1;
    /// Nodes: one holds.
    pub(crate) const OR: u32 = 2;
    /// One node that must not hold.
    pub(crate) const NOT: u32 = 3;
    /// Parts, each: word count, flags, lead, trail, then atom and gap of each word.
    pub(crate) const PHRASE: u32 = 4;
    /// A node, then reach and node, and so on.
    pub(crate) const NEAR: u32 = 5;
    /// Words, then nodes.
    pub(crate) const TOGETHER: u32 = 6;
    /// Atoms: none is present.
    pub(crate) const NONE: u32 = 7;
    /// 1 for the title or 0 for the text, then a node that must hold there.
    pub(crate) const IN: u32 = 8;
    /// The number of a node that stands in several programs.
    pub(crate) const CALL: u32 = 9;

    const SHIFT: u32 = 28;

    /// An operation with the length of what follows it.
    pub(crate) fn head(operation: u32, length: usize) -> u32 {
        operation << SHIFT | length as u32
    }

    /// The parts of a head.
    pub(crate) fn parts(head: u32) -> (u32, usize) {
        (head >> SHIFT, (head & ((1 << SHIFT) - 1)) as usize)
    }
}

/// Numbers the punctuation that phrases check; 0 is the empty one.
#[derive(Debug)]
pub(crate) struct Literals {
    numbers: HashMap<String, u32>,
    pub(crate) list: Vec<Box<str>>,
}

impl Default for Literals {
    fn default() -> Self {
        Self {
            numbers: HashMap::from_iter([(String::new(), 0)]),
            list: vec!["".into()],
        }
    }
}

impl Literals {
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(&n) = self.numbers.get(text) {
            return n;
        }
        let n = self.list.len() as u32;
        self.list.push(text.into());
        self.numbers.insert(text.to_owned(), n);
        n
    }
}

/// The first node of `code`, and what stands behind it.
fn split(code: &[u32]) -> Option<(u32, &[u32], &[u32])> {
    let (&head, rest) = code.split_first()?;
    let (operation, length) = op::parts(head);
    let (body, rest) = rest.split_at_checked(length)?;
    Some((operation, body, rest))
}

/// Walks the nodes of `code`.
pub(crate) fn nodes(mut code: &[u32]) -> impl Iterator<Item = (u32, &[u32])> {
    std::iter::from_fn(move || {
        let (operation, body, rest) = split(code)?;
        code = rest;
        Some((operation, body))
    })
}

/// A post against programs.
pub(crate) struct Machine<'m> {
    pub(crate) literals: &'m [Box<str>],
    /// The nodes that stand in several programs.
    pub(crate) shared: &'m [Box<[u32]>],
    pub(crate) post: &'m Seen,
    pub(crate) reading: &'m Reading,
}

impl Machine<'_> {
    /// Whether every node of `code` holds.
    pub(crate) fn all(&self, code: &[u32], notes: &mut Notes) -> bool {
        nodes(code).all(|(operation, body)| self.holds(operation, body, notes))
    }

    fn holds(&self, operation: u32, body: &[u32], notes: &mut Notes) -> bool {
        match operation {
            op::ANY => body.iter().any(|&a| self.post.has(a)),
            op::NONE => !body.iter().any(|&a| self.post.has(a)),
            op::AND => self.all(body, notes),
            op::OR => nodes(body).any(|(o, b)| self.holds(o, b, notes)),
            op::NOT => !self.all(body, notes),
            op::CALL => self.call(body, notes),
            // One occurrence is enough.
            op::PHRASE => self.post.occurrences(body[4]).any(|t| {
                let base = notes.spans.len();
                self.phrase(body, t, &mut notes.spans);
                let found = notes.spans.len() > base;
                notes.spans.truncate(base);
                found
            }),
            _ => {
                let base = notes.spans.len();
                self.collect(operation, body, notes);
                let found = notes.spans.len() > base;
                notes.spans.truncate(base);
                found
            }
        }
    }

    /// Whether a shared node holds, found out once a post.
    fn call(&self, body: &[u32], notes: &mut Notes) -> bool {
        let number = body[0];
        if let Some(known) = notes.recall(number) {
            return known;
        }
        let holds = self.all(&self.shared[number as usize], notes);
        notes.remember(number, holds);
        holds
    }

    /// Appends the occurrences of a positional node, sorted, each once.
    fn collect(&self, operation: u32, body: &[u32], notes: &mut Notes) {
        let base = notes.spans.len();
        match operation {
            op::ANY => {
                for &atom in body {
                    notes.spans.extend(self.post.occurrences(atom).map(|t| (t, t)));
                }
            }
            op::OR => nodes(body).for_each(|(o, b)| self.collect(o, b, notes)),
            op::PHRASE => {
                let first_atom = body[4];
                for t in self.post.occurrences(first_atom) {
                    self.phrase(body, t, &mut notes.spans);
                }
            }
            op::NEAR => self.near(body, notes),
            op::TOGETHER => self.together(body, None, notes),
            op::IN if op::parts(body[1]).0 == op::TOGETHER => {
                self.together(&body[2..], Some(body[0] != 0), notes)
            }
            op::IN => {
                nodes(&body[1..]).for_each(|(o, b)| self.collect(o, b, notes));
                let title = body[0] != 0;
                let kept = keep(&mut notes.spans[base..], |s| {
                    self.reading.is_title(s.0 as usize) == title
                });
                notes.spans.truncate(base + kept);
            }
            op::CALL => nodes(&self.shared[body[0] as usize]).for_each(|(o, b)| self.collect(o, b, notes)),
            _ => {}
        }
        sort_from(&mut notes.spans, base);
    }

    /// Appends the occurrences of a phrase that begin at `start`. All the places a part can have are followed together: a
    /// gap of many emoji costs their number once, not once for each way there.
    fn phrase(&self, body: &[u32], start: u32, spans: &mut Vec<Span>) {
        let mut places: SmallVec<[u32; 8]> = smallvec![start];
        let mut lasts: SmallVec<[u32; 8]> = SmallVec::new();
        let mut rest = body;
        while let Some((header, after)) = rest.split_first_chunk::<4>() {
            let (words, after) = after.split_at(2 * header[0] as usize);
            lasts.clear();
            lasts.extend(places.iter().filter_map(|&at| self.part(header, words, at)));
            places.clear();
            let Some(&[_, flags, _, _]) = after.first_chunk::<4>() else {
                spans.extend(lasts.iter().map(|&last| (start, last)));
                return;
            };
            for &last in &lasts {
                if flags & 1 != 0 {
                    places.extend(self.reading.next_emoji(last as usize).map(|t| t as u32));
                } else {
                    places.extend(self.reading.next_word(last as usize).map(|t| t as u32));
                }
            }
            places.sort_unstable();
            places.dedup();
            rest = after;
        }
    }

    /// The last token of a part that begins at `first`.
    fn part(&self, header: &[u32; 4], words: &[u32], first: u32) -> Option<u32> {
        let &[_, flags, lead, trail] = header;
        let reading = self.reading;
        let mut last = first;
        for (i, word) in words.chunks_exact(2).enumerate() {
            if i > 0 {
                let next = last + 1;
                let (l, n) = (last as usize, next as usize);
                let fits = n < reading.len()
                    && reading.is_title(n) == reading.is_title(l)
                    && reading.gap_is(l, n, &self.literals[word[1] as usize]);
                if !fits {
                    return None;
                }
                last = next;
            }
            if !self.post.is_at(word[0], last) {
                return None;
            }
        }
        let free = lead == 0 && trail == 0 && flags & 2 == 0;
        let (lead, trail) = (&self.literals[lead as usize], &self.literals[trail as usize]);
        let fits = free || reading.borders_fit(first as usize, last as usize, lead, trail, flags & 2 != 0);
        fits.then_some(last)
    }

    /// The occurrences that take part in a whole chain: forwards what can be reached from the left, then backwards
    /// what leads to the right end.
    fn near(&self, body: &[u32], notes: &mut Notes) {
        let base = notes.spans.len();
        let mut steps: SmallVec<[(usize, u32); 8]> = SmallVec::new();
        let mut rest = body;
        let mut reach = 0;
        while let Some((operation, node, after)) = split(rest) {
            let start = notes.spans.len();
            self.collect(operation, node, notes);
            if let Some(&(before, _)) = steps.last() {
                self.keep_linked(&mut notes.spans, before, start, reach);
            }
            steps.push((start, reach));
            if notes.spans.len() == start {
                notes.spans.truncate(base);
                return;
            }
            let Some((&next, after)) = after.split_first() else {
                break;
            };
            reach = next;
            rest = after;
        }
        let spans = &mut notes.spans;
        let mut right = steps.len() - 1;
        let mut end = spans.len();
        while right > 0 {
            let (start, reach) = steps[right];
            let before = steps[right - 1].0;
            let kept = self.keep_earlier(spans, before, start, end, reach);
            // What is dropped from the middle moves the right-hand part down, so that the steps stay adjacent.
            spans.drain(before + kept..start);
            steps[right].0 = before + kept;
            end = before + kept;
            right -= 1;
        }
    }

    /// Keeps, of the spans from `start` on, those in reach of one of `before..start` to their left.
    fn keep_linked(&self, spans: &mut Vec<Span>, before: usize, start: usize, reach: u32) {
        let (left, right) = spans.split_at_mut(start);
        let side = Side::new(&left[before..], self.reading, reach);
        let kept = keep(right, |s| {
            side.any(s, |other| self.in_reach(other, s, side.reach))
        });
        spans.truncate(start + kept);
    }

    /// Moves those of `before..start` that reach one of `start..end` to the front; returns how many.
    fn keep_earlier(&self, spans: &mut [Span], before: usize, start: usize, end: usize, reach: u32) -> usize {
        let (left, right) = spans.split_at_mut(start);
        let side = Side::new(&right[..end - start], self.reading, reach);
        keep(&mut left[before..], |s| {
            side.any(s, |other| self.in_reach(s, other, side.reach))
        })
    }

    fn in_reach(&self, left: Span, right: Span, reach: Reach) -> bool {
        let slot = |t: u32| self.reading.slot(t as usize);
        let within = |a: Span, b: Span| a.1 < b.0 && slot(b.0) - slot(a.1) <= 2 * reach.words;
        within(left, right) || (!reach.ordered && within(right, left))
    }

    /// Marks with one span that some stretch of the given width, in the title or the text where `title` says so, holds
    /// every part at places of its own.
    fn together(&self, body: &[u32], title: Option<bool>, notes: &mut Notes) {
        let Some((&words, code)) = body.split_first() else {
            return;
        };
        let base = notes.spans.len();
        let mut bounds: SmallVec<[usize; 8]> = SmallVec::new();
        for (operation, part) in nodes(code) {
            bounds.push(notes.spans.len());
            self.collect(operation, part, notes);
            if bounds.last() == Some(&notes.spans.len()) {
                notes.spans.truncate(base);
                return;
            }
        }
        let spans = &mut notes.spans;
        bounds.push(spans.len());
        let lists: SmallVec<[&[Span]; 8]> = bounds.windows(2).map(|w| &spans[w[0]..w[1]]).collect();
        let slot = |t: u32| self.reading.slot(t as usize);
        let in_region = |t: &u32| title.is_none_or(|title| self.reading.is_title(*t as usize) == title);
        let found = super::together::starts(&lists, 2 * words, &slot).find(in_region);
        drop(lists);
        spans.truncate(base);
        spans.extend(found.map(|t| (t, t)));
    }
}

/// Sorted spans, of which those around a place can be found without going through all.
struct Side<'s> {
    spans: &'s [Span],
    reading: &'s Reading,
    /// Slots that the longest of them covers.
    longest: u32,
    reach: Reach,
}

impl<'s> Side<'s> {
    fn new(spans: &'s [Span], reading: &'s Reading, reach: u32) -> Self {
        let slot = |t: u32| reading.slot(t as usize);
        let longest = spans
            .iter()
            .map(|s| slot(s.1) - slot(s.0))
            .max()
            .unwrap_or_default();
        Self {
            spans,
            reading,
            longest,
            reach: Reach {
                words: reach >> 1,
                ordered: reach & 1 != 0,
            },
        }
    }

    /// Whether one that can be in reach of `span` fits.
    fn any(&self, span: Span, fits: impl Fn(Span) -> bool) -> bool {
        let slot = |t: u32| self.reading.slot(t as usize);
        let width = 2 * self.reach.words;
        let from = slot(span.0).saturating_sub(width + self.longest);
        let to = slot(span.1) + width;
        let first = self.spans.partition_point(|s| slot(s.0) < from);
        self.spans[first..]
            .iter()
            .take_while(|s| slot(s.0) <= to)
            .any(|&s| fits(s))
    }
}

/// Moves those that pass to the front; returns how many.
fn keep(spans: &mut [Span], mut passes: impl FnMut(Span) -> bool) -> usize {
    let mut kept = 0;
    for i in 0..spans.len() {
        if passes(spans[i]) {
            spans[kept] = spans[i];
            kept += 1;
        }
    }
    kept
}

fn sort_from(spans: &mut Vec<Span>, base: usize) {
    let part = &mut spans[base..];
    if part.windows(2).all(|w| w[0] < w[1]) {
        return;
    }
    part.sort_unstable();
    let mut kept = base;
    for i in base..spans.len() {
        if i == base || spans[i] != spans[kept - 1] {
            spans[kept] = spans[i];
            kept += 1;
        }
    }
    spans.truncate(kept);
}
