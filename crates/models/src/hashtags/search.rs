//! The cheapest way through a tag (Viterbi 1967), with a few ways kept at each place, as the cost of a word depends on the
//! one before.

use super::cost::Costs;
use super::shape::Shape;
use super::table::Table;

/// Ways kept at each place.
const KEPT: usize = 4;
/// Characters of a word at most.
const LONGEST: usize = 24;

/// A way to a place.
#[derive(Debug, Clone, Copy)]
struct Way {
    cost: f32,
    /// Where its last word begins, and which of the ways to there it goes on from.
    from: usize,
    rank: usize,
    /// The last word, where the table knows it.
    word: Option<u32>,
}

/// The ends of the words of a part of a tag, in characters.
pub(super) fn best(shape: &Shape, table: &Table, costs: &Costs) -> Vec<usize> {
    let length = shape.len();
    let mut ways: Vec<Vec<Way>> = vec![Vec::new(); length + 1];
    for at in 0..length {
        if at > 0 {
            if ways[at].is_empty() {
                continue;
            }
            ways[at].sort_by(|a, b| a.cost.total_cmp(&b.cost));
            ways[at].truncate(KEPT);
        }
        extend(at, shape, table, costs, &mut ways);
    }
    let cost = |w: &Way| w.cost + if w.from == 0 { of_whole(shape, costs) } else { 0.0 };
    let last = ways[length].iter().min_by(|a, b| cost(a).total_cmp(&cost(b)));
    last.map_or_else(|| vec![length], |last| ends(&ways, last, length))
}

/// Goes one word further from the ways to `at`.
fn extend(at: usize, shape: &Shape, table: &Table, costs: &Costs, ways: &mut [Vec<Way>]) {
    let border = of_border(at, shape, costs);
    let (mut range, mut inside) = (0..table.len(), 0.0);
    for end in at + 1..=shape.len().min(at + LONGEST) {
        if end > at + 1 {
            inside += of_joint(end - 1, shape, costs);
        }
        let key = shape.key(at, end);
        range = table.narrowed(range, key);
        if shape.is_among_digits(end) {
            continue;
        }
        let word = table.exact(&range, key);
        let alone = match word {
            Some(word) => {
                table.cost(word)
                    + if key.chars().nth(1).is_none() {
                        costs.single
                    } else {
                        0.0
                    }
            }
            None => costs.of_unknown(key, &table.letters),
        };
        let after = |way: &Way| match (way.word, word) {
            (Some(first), Some(second)) => table.pair(first, second).unwrap_or(alone + costs.unseen),
            _ => alone + costs.unseen,
        };
        let way = |cost: f32, rank: usize| Way {
            cost: cost + inside + border,
            from: at,
            rank,
            word,
        };
        let before = ways[at].iter().enumerate();
        let ahead = before.map(|(rank, w)| way(w.cost + after(w), rank));
        let found = match at {
            0 => Some(way(alone, 0)),
            _ => ahead.min_by(|a, b| a.cost.total_cmp(&b.cost)),
        };
        ways[end].extend(found);
    }
}

/// The cost of a space at `at`.
fn of_border(at: usize, shape: &Shape, costs: &Costs) -> f32 {
    match at {
        0 => 0.0,
        _ if shape.is_hump(at) => costs.space + costs.space_at_hump,
        _ if shape.is_turn(at) || !shape.has_humps() => costs.space,
        _ => costs.space + costs.space_elsewhere,
    }
}

/// The cost of no space at `at`.
fn of_joint(at: usize, shape: &Shape, costs: &Costs) -> f32 {
    let hump = if shape.is_hump(at) {
        costs.no_space_at_hump
    } else {
        0.0
    };
    let turn = if shape.is_turn(at) {
        costs.no_space_at_digits
    } else {
        0.0
    };
    hump + turn
}

/// The cost of taking all of it for one word.
fn of_whole(shape: &Shape, costs: &Costs) -> f32 {
    let mut cost = costs.whole;
    if shape.is_name() {
        cost += costs.whole_name;
    }
    if shape.is_capitals() {
        cost += costs.whole_capitals;
    }
    cost
}

fn ends(ways: &[Vec<Way>], last: &Way, length: usize) -> Vec<usize> {
    let (mut out, mut way) = (vec![length], *last);
    while way.from > 0 {
        out.push(way.from);
        way = ways[way.from][way.rank];
    }
    out.reverse();
    out
}
