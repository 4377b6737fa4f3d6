//! Drawing: strata of language, platform and how sure the model is, each by its share, at random within.

use crate::control::{AuditEvent, NewAuditPost};
use crate::pipeline::Engine;
use post::Millis;
use std::collections::BTreeMap;
use store::{Choice, Filter, Scored, Voice};

/// Thousandths of the likeliest class from which a band begins.
const BANDS: [u64; 3] = [500, 700, 900];

/// What a sample is drawn from, and how large it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// From this time of publishing.
    pub(crate) from: Millis,
    /// Until this one.
    pub(crate) to: Millis,
    /// Posts drawn.
    pub(crate) size: usize,
}

/// Draws a sample and keeps it; `None` where there are fewer posts than are to be drawn.
pub(crate) fn draw(
    engine: &Engine,
    project: &str,
    bounds: Bounds,
    by: &AuditEvent,
) -> anyhow::Result<Option<String>> {
    let accounts = engine.accounts.of(project);
    let filter = Filter {
        project: Some(project.to_owned()),
        from: Some(bounds.from),
        to: Some(bounds.to),
        marks: vec![Choice::except(["muted".to_owned()])],
        voice: (!accounts.is_empty()).then_some((Voice::Earned, accounts)),
        ..Filter::default()
    };
    let mut seed = [0u8; 8];
    getrandom::fill(&mut seed).map_err(|e| anyhow::anyhow!("no randomness from the system: {e}"))?;
    let mut strata = Strata::new(bounds.size, Chance(u64::from_le_bytes(seed)));
    engine
        .store
        .snapshot()
        .each_scored(&filter, &mut |scored| strata.see(scored))?;
    let population = strata.population();
    if bounds.size == 0 || population < bounds.size as u64 {
        return Ok(None);
    }
    let posts = strata.drawn();
    let period = (bounds.from, bounds.to);
    Ok(Some(
        engine
            .control
            .keep_audit_sample(project, period, population, &posts, by)?,
    ))
}

/// Language, platform, band.
type Stratum = (String, String, usize);

/// What is seen of each stratum: how many, and as many of them at random as may be drawn.
struct Strata {
    size: usize,
    chance: Chance,
    seen: BTreeMap<Stratum, Seen>,
}

#[derive(Default)]
struct Seen {
    count: u64,
    some: Vec<Scored>,
}

impl Strata {
    fn new(size: usize, chance: Chance) -> Self {
        Self {
            size,
            chance,
            seen: BTreeMap::new(),
        }
    }

    /// Reservoir sampling (Vitter 1985, algorithm R) in each stratum.
    fn see(&mut self, scored: Scored) {
        let surest = scored.probabilities.iter().copied().max().unwrap_or_default();
        let band = BANDS.iter().filter(|from| surest >= **from).count();
        let key = (scored.key.lang.clone(), scored.key.source.clone(), band);
        let seen = self.seen.entry(key).or_default();
        seen.count += 1;
        if seen.some.len() < self.size {
            seen.some.push(scored);
            return;
        }
        let place = self.chance.below(seen.count) as usize;
        if let Some(old) = seen.some.get_mut(place) {
            *old = scored;
        }
    }

    fn population(&self) -> u64 {
        self.seen.values().map(|s| s.count).sum()
    }

    /// The sample, in random order, with what each post stands for. Where there are more strata than half the sample,
    /// platforms are put together, then languages, too.
    fn drawn(mut self) -> Vec<NewAuditPost> {
        let levels: [fn(&Stratum) -> Stratum; 3] = [
            Stratum::clone,
            |s| (s.0.clone(), String::new(), s.2),
            |s| (String::new(), String::new(), s.2),
        ];
        let strata = |level: &fn(&Stratum) -> Stratum, seen: &BTreeMap<Stratum, Seen>| {
            let mut sizes: BTreeMap<Stratum, u64> = BTreeMap::new();
            seen.iter()
                .for_each(|(key, s)| *sizes.entry(level(key)).or_default() += s.count);
            sizes
        };
        let fits = |level: &&fn(&Stratum) -> Stratum| strata(level, &self.seen).len() * 2 <= self.size;
        let level = *levels.iter().find(fits).unwrap_or(&levels[2]);
        let sizes = strata(&level, &self.seen);
        let counts: Vec<u64> = sizes.values().copied().collect();
        let mut posts = Vec::with_capacity(self.size);
        for ((stratum, size), take) in sizes.iter().zip(allotted(&counts, self.size as u64)) {
            let mut parts: Vec<&mut Seen> = Vec::new();
            for (key, seen) in &mut self.seen {
                if level(key) == *stratum {
                    parts.push(seen);
                }
            }
            for scored in (0..take).filter_map(|_| one(&mut parts, &mut self.chance)) {
                posts.push(NewAuditPost {
                    number: scored.number,
                    lang: scored.key.lang,
                    platform: scored.key.source,
                    is_toward: scored.key.is_toward,
                    probabilities: scored.probabilities,
                    weight: *size as f64 / take as f64,
                });
            }
        }
        // Fisher and Yates: whoever labels the first ten labels ten at random.
        for last in (1..posts.len()).rev() {
            posts.swap(last, self.chance.below(last as u64 + 1) as usize);
        }
        posts
    }
}

/// One of several strata that were put together, at random, without putting it back.
fn one(parts: &mut [&mut Seen], chance: &mut Chance) -> Option<Scored> {
    let left: u64 = parts.iter().map(|p| p.count).sum();
    let mut place = chance.below(left);
    let part = parts.iter_mut().find(|p| {
        let is_in = place < p.count;
        place = if is_in { place } else { place - p.count };
        is_in
    })?;
    part.count -= 1;
    let at = chance.below(part.some.len() as u64) as usize;
    (!part.some.is_empty()).then(|| part.some.swap_remove(at))
}

/// How many are drawn of each stratum: its share of the sample, at least one, at most all of it.
fn allotted(counts: &[u64], size: u64) -> Vec<u64> {
    let total: u64 = counts.iter().sum();
    let share = |n: u64| (u128::from(size) * u128::from(n) / u128::from(total.max(1))) as u64;
    let mut take: Vec<u64> = counts.iter().map(|&n| share(n).clamp(1, n.max(1))).collect();
    let want = size.min(total);
    loop {
        let sum: u64 = take.iter().sum();
        // Whose share is served worst gets one more; whose is served best, and has two, one less.
        let served = |i: usize| take[i] as f64 / counts[i].max(1) as f64;
        let by = |a: &usize, b: &usize| served(*a).total_cmp(&served(*b));
        let change = match sum.cmp(&want) {
            std::cmp::Ordering::Equal => return take,
            std::cmp::Ordering::Less => (0..take.len())
                .filter(|&i| take[i] < counts[i])
                .min_by(by)
                .map(|i| (i, true)),
            std::cmp::Ordering::Greater => (0..take.len())
                .filter(|&i| take[i] > 1)
                .max_by(by)
                .map(|i| (i, false)),
        };
        match change {
            Some((i, true)) => take[i] += 1,
            Some((i, false)) => take[i] -= 1,
            None => return take,
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Chance(u64);

impl Chance {
    /// A number below `n`; 0 for none.
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((u128::from(z ^ (z >> 31)) * u128::from(n)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;
    use store::SoftKey;

    fn scored(number: u64, lang: &str, source: &str, surest: u64) -> Scored {
        Scored {
            number,
            key: SoftKey {
                lang: lang.to_owned(),
                source: source.to_owned(),
                is_toward: false,
            },
            probabilities: [surest, 1000 - surest, 0],
        }
    }

    proptest! {
        #[test]
        fn a_sample_is_of_the_size_asked_and_its_weights_add_up_to_all(
            strata in prop::collection::vec((0..12usize, 0..4usize, 500u64..1000, 1u64..300), 1..40),
            seed: u64,
        ) {
            const SOURCES: [&str; 4] = ["x", "bluesky", "mastodon", "reddit"];
            let mut all = Strata::new(50, Chance(seed));
            let mut number = 0;
            for (lang, source, surest, count) in strata {
                for _ in 0..count {
                    number += 1;
                    all.see(scored(number, &format!("l{lang}"), SOURCES[source], surest));
                }
            }
            prop_assume!(number >= 50);
            let drawn = all.drawn();
            let different: HashSet<u64> = drawn.iter().map(|p| p.number).collect();
            prop_assert_eq!((drawn.len(), different.len()), (50, 50));
            let weights: f64 = drawn.iter().map(|p| p.weight).sum();
            prop_assert!((weights - number as f64).abs() < 1e-6 * number as f64, "{} of {}", weights, number);
        }
    }

    #[test]
    fn every_post_has_the_chance_its_weight_says() {
        // Two strata, 30 and 970 posts: of each post, weighted, one stands for itself in the mean.
        let mut sums = vec![0.0; 1000];
        for seed in 0..2000 {
            let mut all = Strata::new(50, Chance(seed));
            (0..30).for_each(|n| all.see(scored(n, "de", "x", 600)));
            (30..1000).for_each(|n| all.see(scored(n, "en", "x", 600)));
            all.drawn()
                .iter()
                .for_each(|p| sums[p.number as usize] += p.weight);
        }
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64 / 2000.0;
        assert!((mean(&sums[..30]) - 1.0).abs() < 1e-9 && (mean(&sums[30..]) - 1.0).abs() < 1e-9);
        // Each single one, within what 2,000 draws leave to chance.
        assert!(sums.iter().all(|s| (s / 2000.0 - 1.0).abs() < 0.5));
    }
}
