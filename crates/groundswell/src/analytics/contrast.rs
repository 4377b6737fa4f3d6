//! What sets one apart from the others: differences that are beyond chance, words that are said of it more.

use super::value::Value;
use store::{Key, Table};
use trends::Z;

/// Weight of what is known over all, in authors: the prior of [`log_odds`].
const PRIOR: f64 = 20.0;

/// The difference of two estimates with intervals, and the probability of one as large by chance (two-sided, normal).
pub fn difference(a: &Value, b: &Value) -> Option<(Value, f64)> {
    let by = a.value? - b.value?;
    let half = ((a.high? - a.low?) / 2.0).hypot((b.high? - b.low?) / 2.0);
    let value = Value {
        value: Some(by),
        low: Some(by - half),
        high: Some(by + half),
        n: a.n.zip(b.n).map(|(a, b)| a + b),
        ..Value::default()
    };
    let z = by.abs() / (half / Z).max(f64::MIN_POSITIVE);
    Some((value, trends::two_sided(z)))
}

/// Which of these probabilities are below 5 % when all are looked at together (Holm 1979).
pub fn holm(p: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut below = vec![false; p.len()];
    for (rank, &i) in order.iter().enumerate() {
        if p[i] * (p.len() - rank) as f64 > 0.05 {
            break;
        }
        below[i] = true;
    }
    below
}

/// The log-odds ratio of a word between some authors and others, with its 95 % interval, weighed by an informative
/// Dirichlet prior (Monroe, Colaresi and Quinn 2008, Political Analysis 16:372): `with` of `of` authors here and
/// `other_with` of `other_of` there use it. Rare words are drawn toward no difference.
pub fn log_odds(with: u64, of: u64, other_with: u64, other_of: u64) -> Value {
    let share = (with + other_with) as f64 / (of + other_of).max(1) as f64;
    let (a, b) = (PRIOR * share, PRIOR * (1.0 - share));
    let odds = |with: u64, of: u64| {
        let (yes, no) = (with as f64 + a, of.saturating_sub(with) as f64 + b);
        ((yes / no).ln(), 1.0 / yes + 1.0 / no)
    };
    let ((here, v1), (there, v2)) = (odds(with, of), odds(other_with, other_of));
    let (value, half) = (here - there, Z * (v1 + v2).sqrt());
    Value {
        value: value.is_finite().then_some(value),
        low: Some(value - half),
        high: Some(value + half),
        n: Some(with + other_with),
        ..Value::default()
    }
}

/// A key that is said of one more, or less, than of the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// The key.
    pub key: String,
    /// Its column.
    pub column: usize,
    /// The log-odds ratio against the others.
    pub odds: Value,
    /// Authors who say it here.
    pub authors: u64,
    /// Authors who say it of the others, each counted for every one of them.
    pub others: u64,
}

impl Apart {
    /// How far its interval lies from no difference.
    fn surely(&self) -> f64 {
        let (low, high) = (self.odds.low.unwrap_or(0.0), self.odds.high.unwrap_or(0.0));
        low.max(-high)
    }
}

/// The keys of the second cut of a table of authors that set a row apart from the others together, beyond chance and
/// with `few` authors at least behind them; the surest first, at most `most`: said more, and said less.
pub fn apart(table: &Table, row: usize, few: u64, most: usize) -> [Vec<Apart>; 2] {
    let people: u64 = table.rows.iter().map(|r| r.authors).sum();
    let own = table.rows.get(row).map_or(0, |r| r.authors);
    let keys = table.axes.get(1).map_or(&[][..], |axis| &axis.keys);
    let said = keys.iter().enumerate().filter_map(|(column, key)| {
        let Key::Value(key) = key else { return None };
        let with = |r: usize| table.cell(r, column).map_or(0, |c| c.authors);
        let others = (0..table.rows.len()).filter(|r| *r != row).map(with).sum();
        Some(Apart {
            key: key.clone(),
            column,
            odds: log_odds(with(row), own, others, people - own),
            authors: with(row),
            others,
        })
    });
    beyond_chance(said, few, most)
}

/// Of what is compared, what is said more and what is said less, beyond chance, with `few` authors at least behind it;
/// the surest first, at most `most`.
pub fn beyond_chance(said: impl IntoIterator<Item = Apart>, few: u64, most: usize) -> [Vec<Apart>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    for one in said {
        match (one.odds.low, one.odds.high) {
            (Some(low), _) if low > 0.0 && one.authors >= few => found[0].push(one),
            (_, Some(high)) if high < 0.0 && one.others >= few => found[1].push(one),
            _ => {}
        }
    }
    for list in &mut found {
        list.sort_by(|a, b| b.surely().total_cmp(&a.surely()));
        list.truncate(most);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_stops_at_the_first_that_is_not_below() {
        assert_eq!(holm(&[0.01, 0.04, 0.03, 0.005]), [true, false, false, true]);
        assert_eq!(holm(&[]), Vec::<bool>::new());
    }

    #[test]
    fn a_word_used_alike_has_no_difference_and_a_rare_one_little() {
        let alike = log_odds(50, 1000, 100, 2000);
        assert!(alike.value.is_some_and(|v| v.abs() < 1e-9));
        let (often, rare) = (log_odds(60, 1000, 10, 1000), log_odds(3, 1000, 0, 1000));
        assert!(often.low.is_some_and(|l| l > 0.0) && rare.low.is_some_and(|l| l < 0.0));
    }
}
