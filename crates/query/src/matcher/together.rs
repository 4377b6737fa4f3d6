//! Words within a stretch, each at a place of its own: a bipartite matching for every begin of a stretch.

use super::seen::Span;
use smallvec::SmallVec;

/// The first tokens of the stretches, `width` slots wide, that hold an occurrence of every list at places of their
/// own. Every list is sorted.
pub(crate) fn starts<'l>(
    lists: &'l [&'l [Span]],
    width: u32,
    slot: &'l impl Fn(u32) -> u32,
) -> impl Iterator<Item = u32> + 'l {
    let mut begins: Vec<u32> = lists.iter().flat_map(|l| l.iter().map(|s| s.0)).collect();
    begins.sort_unstable();
    begins.dedup();
    begins.into_iter().filter(move |&start| {
        let mut stretch = Stretch {
            lists,
            start,
            width,
            slot,
            taken: SmallVec::new(),
        };
        // Most stretches lack some part altogether.
        lists
            .iter()
            .all(|list| inside(list, start, width, slot).next().is_some())
            && (0..lists.len()).all(|part| stretch.assign(part, &mut SmallVec::new()))
    })
}

/// The occurrences of a sorted list inside the stretch that begins at `start`.
pub(crate) fn inside<'l>(
    list: &'l [Span],
    start: u32,
    width: u32,
    slot: &'l impl Fn(u32) -> u32,
) -> impl Iterator<Item = &'l Span> {
    let end = slot(start) + width;
    let first = list.partition_point(|s| s.0 < start);
    list[first..]
        .iter()
        .take_while(move |s| slot(s.0) <= end)
        .filter(move |s| slot(s.1) <= end)
}

struct Stretch<'l, F> {
    lists: &'l [&'l [Span]],
    start: u32,
    width: u32,
    slot: &'l F,
    /// Places given away, and to which list.
    taken: SmallVec<[(u32, usize); 8]>,
}

impl<F: Fn(u32) -> u32> Stretch<'_, F> {
    /// Gives `part` a place, moving others to another of theirs where that helps (an augmenting path). As many places as
    /// there are parts are enough to choose from: one of them is always left.
    fn assign(&mut self, part: usize, tried: &mut SmallVec<[u32; 16]>) -> bool {
        let (mut before, mut choices) = (None, 0);
        for span in inside(self.lists[part], self.start, self.width, self.slot) {
            let place = span.0;
            choices += usize::from(before.replace(place) != Some(place));
            if choices > self.lists.len() {
                return false;
            }
            if tried.contains(&place) {
                continue;
            }
            tried.push(place);
            let Some(owner) = self.taken.iter().position(|t| t.0 == place) else {
                self.taken.push((place, part));
                return true;
            };
            let other = self.taken[owner].1;
            if self.assign(other, tried) {
                // The other list now holds its new place; this one takes over the old.
                self.taken[owner].1 = part;
                return true;
            }
        }
        false
    }
}
