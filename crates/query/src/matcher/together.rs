//! Words within a stretch, each at a place of its own: a bipartite matching for every begin of a stretch.

use super::scratch::Span;
use smallvec::SmallVec;

/// The stretch, if there is one. `bounds` cuts `spans` into the occurrences of each part; `offset` is taken off them.
/// `width` is in slots.
pub(crate) fn find(
    spans: &[Span],
    bounds: &[usize],
    offset: usize,
    width: u32,
    slot: impl Fn(u32) -> u32,
) -> Option<Span> {
    let lists: SmallVec<[&[Span]; 8]> = bounds
        .windows(2)
        .map(|w| &spans[w[0] - offset..w[1] - offset])
        .collect();
    spans.iter().find_map(|&(start, _)| {
        let end_slot = slot(start) + width;
        let inside = |s: &Span| s.0 >= start && slot(s.1) <= end_slot;
        let mut taken: SmallVec<[(u32, usize); 8]> = SmallVec::new();
        for part in 0..lists.len() {
            let mut tried: SmallVec<[u32; 16]> = SmallVec::new();
            if !assign(part, &lists, &inside, &mut taken, &mut tried) {
                return None;
            }
        }
        let end = taken.iter().map(|t| t.0).max()?;
        Some((start, end))
    })
}

/// Gives `part` a place, moving others to another of theirs where that helps (an augmenting path).
fn assign(
    part: usize,
    lists: &[&[Span]],
    inside: &dyn Fn(&Span) -> bool,
    taken: &mut SmallVec<[(u32, usize); 8]>,
    tried: &mut SmallVec<[u32; 16]>,
) -> bool {
    for span in lists[part].iter().filter(|s| inside(s)) {
        let place = span.0;
        if tried.contains(&place) {
            continue;
        }
        tried.push(place);
        let Some(owner) = taken.iter().position(|t| t.0 == place) else {
            taken.push((place, part));
            return true;
        };
        let other = taken[owner].1;
        if assign(other, lists, inside, taken, tried) {
            // The other part now holds its new place; this one takes over the old.
            if let Some(old) = taken.iter().position(|t| *t == (place, other)) {
                taken[old].1 = part;
            }
            return true;
        }
    }
    false
}
