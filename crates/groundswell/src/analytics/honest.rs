//! Shares of the classes of sentiment from the scores of single mentions: by PACC, with EMQ beside it, in strata of the
//! narrowest matrix that is known.

use super::shares::Shares;
use super::value::{Advice, Caveat, Method, Value};
use foldhash::HashMap;
use models::quantify::{Level, MIN_SAMPLE, Quantified, Quantifier, SoftBins};
use serde::Serialize;
use std::collections::BTreeMap;
use store::{Label, SoftKey, SoftScores};
use utoipa::ToSchema;

/// Posts of which shares are told at all.
const LEAST: u64 = MIN_SAMPLE;

/// The shares of the classes among some mentions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Honest {
    /// The shares by class.
    pub shares: Vec<ClassShare>,
    /// Scored mentions.
    pub n: u64,
    /// Whether EMQ falls outside an interval of PACC: the posts differ from the labelled ones in more than shares.
    pub uncertain: bool,
    /// `uncertain: label 50 posts`, where it is.
    #[schema(value_type = Option<String>)]
    pub advice: Option<Advice>,
    /// What the estimates take for granted.
    #[schema(value_type = Option<String>)]
    pub caveat: Option<Caveat>,
    /// The parts that were estimated apart, largest first, and whose mistakes were used for each.
    pub parts: Vec<EstimatedPart>,
}

/// The share of a class.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClassShare {
    /// `negative`, `neutral`, `positive`.
    pub class: &'static str,
    /// Its share by PACC, with interval; none is told below 30 mentions.
    pub estimate: Value,
    /// Its share by EMQ.
    pub emq: Option<f64>,
    /// Mentions of which it is the likeliest class, uncorrected.
    pub counted: u64,
}

/// A part that was estimated with one matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EstimatedPart {
    /// Whose mistakes were used: `en x` (a language on a platform), `en` (a language), or empty (all).
    pub group: String,
    /// The same in words: `language and platform`, `language`, `all`.
    pub mistakes: &'static str,
    /// Whether the scores are toward the monitors' subjects, with that head's own mistakes.
    pub toward: bool,
    /// Scored mentions.
    pub n: u64,
}

struct Stratum<'q> {
    part: EstimatedPart,
    quantifier: &'q Quantifier,
    bins: SoftBins,
}

impl Shares {
    /// The shares among mentions with these scores.
    pub fn honest(&self, scores: &HashMap<SoftKey, SoftScores>) -> Honest {
        let mut strata = self.strata(scores);
        strata.sort_by(|a, b| {
            b.part
                .n
                .cmp(&a.part.n)
                .then_with(|| a.part.group.cmp(&b.part.group))
        });
        let n = strata.iter().map(|s| s.part.n).sum();
        let counted = |k: usize| -> u64 { strata.iter().map(|s| s.bins.sums.counts[k]).sum() };
        let estimated = if n < LEAST { None } else { combined(&strata, n) };
        let share = |label: Label| {
            let k = label as usize;
            let estimate = match &estimated {
                Some(e) => Value::estimate(Some(e.shares[k]), n, Method::Pacc).granted(self.caveat()),
                None => Value::estimate(None, n, Method::Counts),
            };
            ClassShare {
                class: label.name(),
                estimate,
                emq: estimated.as_ref().map(|e| e.emq[k]),
                counted: counted(k),
            }
        };
        let uncertain = estimated.as_ref().is_some_and(Combined::disagrees);
        Honest {
            shares: Label::ALL.into_iter().map(share).collect(),
            n,
            uncertain,
            advice: uncertain.then_some(Advice::Label),
            caveat: estimated.is_some().then(|| self.caveat()).flatten(),
            parts: strata.into_iter().map(|s| s.part).collect(),
        }
    }

    /// One stratum for each matrix that is used. Those of few mentions use the next wider one.
    fn strata(&self, scores: &HashMap<SoftKey, SoftScores>) -> Vec<Stratum<'_>> {
        let sizes: HashMap<&SoftKey, u64> = scores.iter().map(|(k, s)| (k, s.values().sum())).collect();
        let mut strata: BTreeMap<(bool, String), Stratum<'_>> = BTreeMap::new();
        for (key, scores) in scores {
            let Some(known) = self.known(key.is_toward) else {
                continue;
            };
            let of_lang: u64 = sizes
                .iter()
                .filter(|(k, _)| k.lang == key.lang && k.is_toward == key.is_toward)
                .map(|(_, n)| n)
                .sum();
            let platform = if sizes[key] >= LEAST {
                key.source.as_str()
            } else {
                ""
            };
            let lang = if of_lang >= LEAST { key.lang.as_str() } else { "" };
            let (quantifier, level) = known.narrowest(lang, platform);
            let group = match level {
                Level::LanguageAndPlatform => format!("{lang} {platform}"),
                Level::Language => lang.to_owned(),
                Level::All => String::new(),
            };
            let stratum = strata
                .entry((key.is_toward, group.clone()))
                .or_insert_with(|| Stratum {
                    part: EstimatedPart {
                        group,
                        mistakes: level.name(),
                        toward: key.is_toward,
                        n: 0,
                    },
                    quantifier,
                    bins: SoftBins::new(Label::ALL.len()),
                });
            for (thousandths, &n) in scores {
                let soft = thousandths.map(|p| p as f32 / 1000.0);
                // Thousandths add up to a thousand: they cannot be refused.
                if stratum.bins.add(&soft, n).is_ok() {
                    stratum.part.n += n;
                }
            }
        }
        lent(strata.into_values().filter(|s| s.part.n > 0).collect())
    }
}

/// Parts that are too small to be estimated, with the largest.
fn lent(strata: Vec<Stratum<'_>>) -> Vec<Stratum<'_>> {
    let (mut large, small): (Vec<_>, Vec<_>) = strata.into_iter().partition(|s| s.part.n >= LEAST);
    let mut small = small.into_iter();
    if large.is_empty() {
        large.extend(small.next());
    }
    let Some(largest) = large.iter_mut().max_by_key(|s| s.part.n) else {
        return large;
    };
    for stratum in small {
        if largest.bins.merge(&stratum.bins).is_ok() {
            largest.part.n += stratum.part.n;
        }
    }
    large
}

/// The estimates of all parts, each by its weight.
struct Combined {
    shares: [trends::Estimate; 3],
    emq: [f64; 3],
}

impl Combined {
    fn disagrees(&self) -> bool {
        self.shares
            .iter()
            .zip(&self.emq)
            .any(|(s, e)| *e < s.low || *e > s.high)
    }
}

fn combined(strata: &[Stratum<'_>], n: u64) -> Option<Combined> {
    let mut out = Combined {
        shares: [trends::Estimate::default(); 3],
        emq: [0.0; 3],
    };
    let mut squares = [[0.0f64; 2]; 3];
    for stratum in strata {
        let weight = stratum.part.n as f64 / n as f64;
        let Quantified { shares, emq, .. } = stratum.quantifier.shares_of_bins(&stratum.bins).ok()?;
        let emq = emq?;
        for k in 0..3 {
            let (value, low, high) = (shares[k].share?, shares[k].low?, shares[k].high?);
            out.shares[k].value += weight * value;
            out.emq[k] += weight * emq[k];
            squares[k][0] += (weight * (value - low)).powi(2);
            squares[k][1] += (weight * (high - value)).powi(2);
        }
    }
    for (share, [low, high]) in out.shares.iter_mut().zip(squares) {
        share.low = (share.value - low.sqrt()).max(0.0);
        share.high = (share.value + high.sqrt()).min(1.0);
    }
    Some(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use models::quantify::{Grouped, Quantifiers};

    /// A model that is right seven times in ten, on posts of a language and platform.
    fn known(group: &str) -> Vec<Grouped> {
        let post = |i: u16| {
            let truth = i % 3;
            let said = if i % 10 < 7 { truth } else { (truth + 1) % 3 };
            let soft = (0..3).map(|k| if k == said { 0.7 } else { 0.15 }).collect();
            Grouped {
                group: group.to_owned(),
                truth,
                soft,
            }
        };
        (0..600).map(post).collect()
    }

    fn shares() -> Shares {
        let labels = ["negative", "neutral", "positive"].map(str::to_owned);
        let posts = [known("en x"), known("de")].concat();
        Shares::new(Quantifiers::new(&labels, &posts, 1).unwrap())
    }

    fn scores(keys: &[(&str, &str, u64)]) -> HashMap<SoftKey, SoftScores> {
        let key = |lang: &str, source: &str| SoftKey {
            lang: lang.to_owned(),
            source: source.to_owned(),
            is_toward: false,
        };
        let of = |n: u64| SoftScores::from_iter([([700, 150, 150], n / 2), ([150, 150, 700], n - n / 2)]);
        keys.iter()
            .map(|(lang, source, n)| (key(lang, source), of(*n)))
            .collect()
    }

    #[test]
    fn the_narrowest_known_mistakes_are_used_and_said() {
        let honest = shares().honest(&scores(&[
            ("en", "x", 400),
            ("en", "mastodon", 200),
            ("de", "x", 100),
            ("fr", "x", 50),
            ("pt", "x", 3),
        ]));
        let used: Vec<_> = honest
            .parts
            .iter()
            .map(|p| (p.group.as_str(), p.mistakes, p.n))
            .collect();
        assert_eq!(
            used,
            [
                ("en x", "language and platform", 400),
                ("en", "language", 200),
                ("de", "language", 100),
                ("", "all", 53)
            ]
        );
        assert_eq!((honest.n, honest.shares[0].counted), (753, 376));
        let sum: f64 = honest.shares.iter().filter_map(|s| s.estimate.value).sum();
        assert!((sum - 1.0).abs() < 1e-9);
        for share in &honest.shares {
            let value = share.estimate;
            assert!(value.low <= value.value && value.value <= value.high);
            assert!(share.emq.is_some() && value.method == Some(Method::Pacc));
        }
        assert_eq!(honest.caveat, Some(Caveat::Resemble));
    }

    #[test]
    fn few_mentions_are_counted_and_get_no_share() {
        let honest = shares().honest(&scores(&[("en", "x", 20), ("de", "x", 9)]));
        assert_eq!((honest.n, honest.uncertain), (29, false));
        assert!(
            honest
                .shares
                .iter()
                .all(|s| s.estimate.value.is_none() && s.emq.is_none())
        );
        assert_eq!(shares().honest(&HashMap::default()).n, 0);
    }

    #[test]
    fn posts_unlike_the_labelled_ones_are_uncertain() {
        let key = SoftKey {
            lang: "en".into(),
            source: "x".into(),
            is_toward: false,
        };
        // Sure of itself in a way that the labelled posts never were.
        let odd = SoftScores::from_iter([([0, 1000, 0], 500), ([500, 0, 500], 500)]);
        let honest = shares().honest(&HashMap::from_iter([(key, odd)]));
        assert!(honest.uncertain);
        assert_eq!(
            serde_json::to_value(honest.advice).unwrap(),
            "uncertain: label 50 posts"
        );
    }
}
