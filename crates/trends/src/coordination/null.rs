//! What chance would bring.

use super::Share;
use crate::hash::{KeyMap, KeySet};
use crate::random::Random;
use crate::tails::poisson;

/// Objects fewer than three do not make a habit.
const OBJECTS: usize = 3;
/// Permutations.
const ROUNDS: usize = 10;

/// A pair of accounts that shared too much together for chance.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The account with the lower key.
    pub first: u64,
    /// The other.
    pub second: u64,
    /// Distinct objects shared within the window of each other, ascending.
    pub objects: Vec<u64>,
    /// How many chance would bring.
    pub expected: f64,
    /// −log10 of the probability of so many by chance.
    pub strength: f64,
}

/// Three or more accounts that are tied by such pairs: a pair alone may be the one in a hundred that chance brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// The accounts, ascending.
    pub accounts: Vec<u64>,
    /// The objects that pairs of them shared together, ascending.
    pub objects: Vec<u64>,
}

/// The pairs that stand out at a false discovery rate, and the rings that they make. Each pair is held against the number
/// of objects that chance would bring it, from both accounts' shares in each class of popularity; the threshold is set
/// where permutations of the accounts within those classes give no more than `rate` times as many pairs as there are.
pub fn significant(shares: &[Share], window: i64, rate: f64, seed: u64) -> (Vec<Found>, Vec<Ring>) {
    let mut sorted = shares.to_vec();
    sorted.sort_unstable_by_key(|s| (s.object, s.at, s.account, s.post));
    sorted.dedup_by_key(|s| (s.object, s.at, s.account));
    let chance = Chance::new(&sorted, window);
    let found = chance.scored(&sorted, window);
    let mut by_chance: Vec<f64> = Vec::new();
    let mut random = Random::new(seed);
    let mut permuted = sorted.clone();
    for _ in 0..ROUNDS {
        chance.permute(&mut permuted, &mut random);
        by_chance.extend(chance.scored(&permuted, window).iter().map(|f| f.strength));
    }
    let kept = cut(found, by_chance, rate);
    let rings = rings(&kept);
    (kept, rings)
}

/// The strongest pairs, as many as keep the rate.
fn cut(mut found: Vec<Found>, mut by_chance: Vec<f64>, rate: f64) -> Vec<Found> {
    found.sort_by(|a, b| {
        b.strength
            .total_cmp(&a.strength)
            .then((a.first, a.second).cmp(&(b.first, b.second)))
    });
    by_chance.sort_by(|a, b| b.total_cmp(a));
    let mut keep = 0;
    for (rank, pair) in found.iter().enumerate() {
        let as_strong = by_chance.partition_point(|s| *s >= pair.strength);
        // One more than was seen: ten rounds without any do not prove that there is none.
        let expected = (as_strong as f64 + 0.1) / ROUNDS as f64;
        if expected <= rate * (rank + 1) as f64 {
            keep = rank + 1;
        }
    }
    found.truncate(keep);
    found
}

/// Objects by popularity, and how likely two shares of a class are of one object within the window.
struct Chance {
    /// Class of each share, in the order of the sorted shares.
    classes: Vec<u8>,
    /// Pairs within the window ÷ all pairs, by class.
    pairs: Vec<f64>,
    /// Shares of each account by class.
    activity: KeyMap<u64, Vec<(u8, f64)>>,
}

impl Chance {
    fn new(sorted: &[Share], window: i64) -> Self {
        let mut classes = vec![0u8; sorted.len()];
        let mut within = [0.0f64; 64];
        let mut all = [0.0f64; 64];
        let mut begin = 0;
        for end in 1..=sorted.len() {
            if end < sorted.len() && sorted[end].object == sorted[begin].object {
                continue;
            }
            let shares = &sorted[begin..end];
            // Classes are octaves of popularity.
            let class = (usize::BITS - shares.len().leading_zeros()) as usize;
            classes[begin..end].fill(class as u8);
            all[class] += shares.len() as f64;
            let mut first = 0;
            for (i, late) in shares.iter().enumerate() {
                while late.at - shares[first].at > window {
                    first += 1;
                }
                within[class] += (i - first) as f64;
            }
            begin = end;
        }
        let pairs = within
            .iter()
            .zip(all)
            .map(|(w, n)| w / (n * (n - 1.0) / 2.0).max(1.0))
            .collect();
        let mut activity: KeyMap<u64, Vec<(u8, f64)>> = KeyMap::default();
        for (share, class) in sorted.iter().zip(&classes) {
            let own = activity.entry(share.account).or_default();
            match own.iter_mut().find(|(c, _)| c == class) {
                Some((_, n)) => *n += 1.0,
                None => own.push((*class, 1.0)),
            }
        }
        Self {
            classes,
            pairs,
            activity,
        }
    }

    fn expected(&self, a: u64, b: u64) -> f64 {
        let (Some(a), Some(b)) = (self.activity.get(&a), self.activity.get(&b)) else {
            return 0.0;
        };
        let mut sum = 0.0;
        for (class, n) in a {
            if let Some((_, m)) = b.iter().find(|(c, _)| c == class) {
                sum += n * m * self.pairs[usize::from(*class)];
            }
        }
        sum
    }

    fn permute(&self, shares: &mut [Share], random: &mut Random) {
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); 64];
        for (place, class) in self.classes.iter().enumerate() {
            places[usize::from(*class)].push(place);
        }
        for class in places {
            let mut accounts: Vec<u64> = class.iter().map(|p| shares[*p].account).collect();
            random.shuffle(&mut accounts);
            for (place, account) in class.iter().zip(accounts) {
                shares[*place].account = account;
            }
        }
    }

    /// Pairs with enough objects, with their strength.
    fn scored(&self, sorted: &[Share], window: i64) -> Vec<Found> {
        let mut objects: KeyMap<(u64, u64), Vec<u64>> = KeyMap::default();
        let mut first = 0;
        for (i, late) in sorted.iter().enumerate() {
            while sorted[first].object != late.object || late.at - sorted[first].at > window {
                first += 1;
            }
            for early in sorted[first..i].iter().filter(|e| e.account != late.account) {
                let pair = (early.account.min(late.account), early.account.max(late.account));
                let own = objects.entry(pair).or_default();
                // Objects come in order.
                if own.last() != Some(&late.object) {
                    own.push(late.object);
                }
            }
        }
        objects
            .into_iter()
            .filter(|(_, o)| o.len() >= OBJECTS)
            .map(|((first, second), objects)| {
                let expected = self.expected(first, second);
                Found {
                    first,
                    second,
                    strength: poisson(objects.len() as f64, expected),
                    objects,
                    expected,
                }
            })
            .collect()
    }
}

/// Connected components.
fn rings(found: &[Found]) -> Vec<Ring> {
    let mut leader: KeyMap<u64, u64> = KeyMap::default();
    let top = |leader: &KeyMap<u64, u64>, mut account: u64| {
        while let Some(next) = leader.get(&account).filter(|n| **n != account) {
            account = *next;
        }
        account
    };
    for pair in found {
        let (a, b) = (top(&leader, pair.first), top(&leader, pair.second));
        let least = a.min(b);
        for account in [a, b, pair.first, pair.second] {
            leader.insert(account, least);
        }
    }
    let mut rings: KeyMap<u64, (KeySet<u64>, KeySet<u64>)> = KeyMap::default();
    for pair in found {
        let ring = rings.entry(top(&leader, pair.first)).or_default();
        ring.0.extend([pair.first, pair.second]);
        ring.1.extend(&pair.objects);
    }
    let sorted = |set: KeySet<u64>| {
        let mut list: Vec<u64> = set.into_iter().collect();
        list.sort_unstable();
        list
    };
    let mut out: Vec<Ring> = rings
        .into_values()
        .filter(|(accounts, _)| accounts.len() > 2)
        .map(|(accounts, objects)| Ring {
            accounts: sorted(accounts),
            objects: sorted(objects),
        })
        .collect();
    out.sort_by_key(|r| (std::cmp::Reverse(r.accounts.len()), r.accounts[0]));
    out
}
