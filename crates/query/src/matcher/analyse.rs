//! Which atoms of a set a post holds.
//!
//! In steps over all words of the post, each of which brings near what the next one reads: with many monitors the
//! answers lie far apart in memory, and waiting for them one after the other would take most of the time.

use super::atoms::{Atoms, field_tag, flag};
use super::dictionary::tag;
use super::scratch::{KeyForm, Side, Words};
use super::seen::{NOWHERE, Seen};
use crate::document::Document;
use crate::field::FieldName;
use crate::leaf::begin;
use crate::values::{field_values, is_known};

/// Marks every atom of the document.
pub(crate) fn analyse(
    document: &Document<'_>,
    words: &Words,
    side: &mut Side,
    atoms: &Atoms,
    firsts: &[u32],
) {
    let Side {
        seen,
        pairs,
        reversed,
        ..
    } = side;
    seen.begin(atoms.len());
    fields(document, seen, atoms, firsts);
    for probe in &words.probes {
        atoms.dictionary.warm_slot(probe.hash);
    }
    for probe in &words.probes {
        atoms.dictionary.warm_entry(probe.hash);
    }
    let has_patterns = !atoms.patterns.is_empty();
    for probe in &words.probes {
        let key = words.key(probe);
        if has_patterns {
            atoms.patterns.of(key, reversed, |atom| {
                seen.mark(atom, atoms.flags[atom as usize], probe.token, atoms, firsts);
            });
        }
        if let Some((atom, flags)) = atoms.dictionary.find(probe.hash, tag::WORD, key) {
            seen.mark(atom, flags, probe.token, atoms, firsts);
            if flags & flag::CASED != 0 && probe.form == KeyForm::Key {
                case(words, probe.token, seen, atoms, firsts);
            }
        }
    }
    if !atoms.pairs.is_empty() {
        find_pairs(words, seen, pairs, atoms);
        for &(left, right) in pairs.iter() {
            if let Some(atom) = atoms.pairs.get(left, right) {
                seen.mark(atom, atoms.flags[atom as usize], NOWHERE, atoms, firsts);
            }
        }
    }
    seen.finish();
}

fn fields(document: &Document<'_>, seen: &mut Seen, atoms: &Atoms, firsts: &[u32]) {
    let mut mark = |atom: u32| seen.mark(atom, atoms.flags[atom as usize], NOWHERE, atoms, firsts);
    if !atoms.wanted.is_empty() {
        field_values(document, atoms.wanted, |name, value| {
            if let Some((atom, _)) = atoms.dictionary.get(field_tag(name), value) {
                mark(atom);
            }
        });
        if let (Some(token), true) = (document.author_token, atoms.wanted.has(FieldName::Author))
            && let Some((atom, _)) = atoms.dictionary.get(tag::AUTHOR_TOKEN, token)
        {
            mark(atom);
        }
    }
    for &(name, atom) in &atoms.known {
        if is_known(document, name) {
            mark(atom);
        }
    }
    if let Some(followers) = document.followers {
        atoms.followers_known.into_iter().for_each(&mut mark);
        let within = atoms
            .followers
            .iter()
            .filter(|f| (f.0..=f.1).contains(&followers));
        within.for_each(|f| mark(f.2));
    }
}

/// Marks the words that ask for the token in its case.
fn case(words: &Words, token: u32, seen: &mut Seen, atoms: &Atoms, firsts: &[u32]) {
    let (tokens, t) = words.reading.token(token as usize);
    let surface = tokens.surface(t);
    let mut look = |surface: &str| {
        if let Some((atom, flags)) = atoms.dictionary.get(tag::CASE, surface) {
            seen.mark(atom, flags, token, atoms, firsts);
        }
    };
    look(surface);
    if t.sigil != 0 {
        look(&tokens.normalised()[begin(t)..t.norm_range().end]);
    }
}

/// The neighbours that may be a pair.
fn find_pairs(words: &Words, seen: &Seen, pairs: &mut Vec<(u32, u32)>, atoms: &Atoms) {
    pairs.clear();
    for (i, &(token, left, flags)) in seen.halves.iter().enumerate() {
        if flags & flag::LEFT == 0 || !words.reading.is_word(token as usize) {
            continue;
        }
        let Some(next) = words.reading.next_word(token as usize) else {
            continue;
        };
        let rights = seen.halves[i + 1..].iter().take_while(|h| h.0 as usize <= next);
        for &(at, right, flags) in rights {
            if at as usize == next && flags & flag::RIGHT != 0 && atoms.pairs.may_have(left, right) {
                pairs.push((left, right));
            }
        }
    }
}
