//! Shares of the classes of sentiment, corrected by what the model is known to get wrong.

use super::metrics::Context;
use super::value::{Caveat, Method, Value};
use models::quantify::{MIN_SAMPLE, OwnLabel, Quantified, Quantifiers, SoftSums};
use store::{Cell, Label};

/// The same intervals every time.
const SEED: u64 = 23;

/// Estimates shares.
#[derive(Debug, Clone, Default)]
pub struct Shares {
    quantifiers: Option<Quantifiers>,
    /// Of scores toward a monitor's subject, whose head makes mistakes of its own.
    pub(super) toward: Option<Quantifiers>,
    /// Whether posts of the project were drawn and labelled.
    audited: bool,
}

/// A share of each class with its interval.
pub(super) struct Estimated {
    shares: [trends::Estimate; 3],
    n: u64,
}

impl Shares {
    /// With the model's answers on posts of known class.
    pub fn new(quantifiers: Quantifiers) -> Self {
        Self {
            quantifiers: Some(quantifiers),
            ..Self::default()
        }
    }

    /// With what is known of the models that come with the program.
    pub fn shipped() -> anyhow::Result<Self> {
        let known = crate::weights::shares()?;
        let toward = crate::weights::shares_toward()?;
        Ok(Self {
            toward: Some(Quantifiers::new(&toward.labels, &toward.posts, SEED)?),
            ..Self::new(Quantifiers::new(&known.labels, &known.posts, SEED)?)
        })
    }

    /// The same with a project's own labels, those of scores of whole posts and those of scores toward a subject.
    /// `audited` says whether enough of them were drawn at random.
    #[must_use]
    pub fn mixed_with(&self, whole: &[OwnLabel], toward: &[OwnLabel], audited: bool) -> Self {
        let mixed = |q: &Option<Quantifiers>, own: &[OwnLabel]| q.as_ref().map(|q| q.mixed_with(own));
        Self {
            quantifiers: mixed(&self.quantifiers, whole),
            toward: mixed(&self.toward, toward),
            audited,
        }
    }

    /// What is known of the mistakes on whole posts, or toward a monitor's subject.
    pub(super) fn known(&self, toward: bool) -> Option<&Quantifiers> {
        match toward {
            true => self.toward.as_ref().or(self.quantifiers.as_ref()),
            false => self.quantifiers.as_ref(),
        }
    }

    /// What estimates take for granted.
    pub(crate) fn caveat(&self) -> Option<Caveat> {
        (!self.audited).then_some(Caveat::Resemble)
    }

    /// The languages whose mistakes are known by themselves.
    pub fn langs(&self) -> Vec<String> {
        let known = self.quantifiers.iter().flat_map(Quantifiers::groups);
        known
            .filter(|group| !group.contains(' '))
            .map(str::to_owned)
            .collect()
    }

    /// The share of a class in a cell.
    pub(super) fn share(&self, c: &Context<'_>, label: Label) -> Value {
        match self.estimated(c) {
            Some(e) => {
                Value::estimate(Some(e.shares[label as usize]), e.n, Method::Pacc).granted(self.caveat())
            }
            None => {
                let labelled: u64 = c.cell.sentiment.iter().sum();
                let estimate = trends::share(c.cell.sentiment[label as usize], labelled);
                Value::estimate(estimate, labelled, Method::Counts)
            }
        }
    }

    /// Positive − negative.
    pub(super) fn net(&self, c: &Context<'_>) -> Value {
        let [negative, neutral, positive] = c.cell.sentiment;
        let counted = trends::net_sentiment(negative, neutral, positive);
        match self.estimated(c) {
            Some(Estimated {
                shares: [down, _, up],
                n,
            }) => {
                let n = *n;
                // The two ends move against one another: half the widths are added as for independent ones.
                let half = ((up.high - up.low) / 2.0).hypot((down.high - down.low) / 2.0);
                let value = up.value - down.value;
                let estimate = trends::Estimate {
                    value,
                    low: (value - half).max(-1.0),
                    high: (value + half).min(1.0),
                };
                Value::estimate(Some(estimate), n, Method::Pacc).granted(self.caveat())
            }
            None => Value::estimate(counted, negative + neutral + positive, Method::Counts),
        }
    }

    /// The corrected shares of a cell: their intervals are a bootstrap, so that they are worked out once.
    fn estimated<'c>(&self, c: &'c Context<'_>) -> Option<&'c Estimated> {
        c.estimated.get_or_init(|| self.pacc(c)).as_ref()
    }

    /// Corrected shares; `None` where nothing is known of the model's mistakes, or too few mentions are scored.
    fn pacc(&self, c: &Context<'_>) -> Option<Estimated> {
        let quantifiers = self.quantifiers.as_ref()?;
        if c.cell.scored < MIN_SAMPLE {
            return None;
        }
        let quantified = |group: &str, cell: &Cell| quantifiers.of(group).shares_of_sums(&soft(cell)).ok();
        let Some(by_lang) = c.by_lang else {
            let shares = estimates(&quantified("", c.cell)?)?;
            return Some(Estimated {
                shares,
                n: c.cell.scored,
            });
        };
        // Strata: what is left of small languages is estimated together.
        let mut strata: Vec<(String, Cell)> = Vec::new();
        let mut rest = Cell::default();
        for (lang, cell) in by_lang {
            match cell.scored >= MIN_SAMPLE && quantifiers.groups().any(|g| g == lang) {
                true => strata.push((lang.clone(), *cell)),
                false => add(&mut rest, cell),
            }
        }
        if rest.scored >= MIN_SAMPLE || strata.is_empty() {
            strata.push((String::new(), rest));
        }
        let n: u64 = strata.iter().map(|s| s.1.scored).sum();
        let mut shares = [trends::Estimate::default(); 3];
        let mut squares = [[0.0f64; 2]; 3];
        for (group, cell) in &strata {
            let weight = cell.scored as f64 / n.max(1) as f64;
            let of = estimates(&quantified(group, cell)?)?;
            for k in 0..3 {
                shares[k].value += weight * of[k].value;
                squares[k][0] += (weight * (of[k].value - of[k].low)).powi(2);
                squares[k][1] += (weight * (of[k].high - of[k].value)).powi(2);
            }
        }
        for (share, [low, high]) in shares.iter_mut().zip(squares) {
            share.low = (share.value - low.sqrt()).max(0.0);
            share.high = (share.value + high.sqrt()).min(1.0);
        }
        Some(Estimated {
            shares: shares.map(|share| at_least_by_chance(share, n)),
            n,
        })
    }
}

/// An interval is not narrower than that of a share of so many posts whose classes are known: where an estimate stands at
/// 0 or 1, the bootstrap stands there, too.
fn at_least_by_chance(share: trends::Estimate, n: u64) -> trends::Estimate {
    let part = (share.value * n as f64).round() as u64;
    let chance = trends::share(part, n).unwrap_or(share);
    trends::Estimate {
        value: share.value,
        low: share.low.min(chance.low),
        high: share.high.max(chance.high),
    }
}

fn add(sum: &mut Cell, cell: &Cell) {
    sum.scored += cell.scored;
    for k in 0..3 {
        sum.sentiment[k] += cell.sentiment[k];
        sum.probabilities[k] += cell.probabilities[k];
    }
}

fn soft(cell: &Cell) -> SoftSums {
    SoftSums {
        n: cell.scored,
        sums: cell.probabilities.iter().map(|&p| p as f64 / 1000.0).collect(),
        counts: cell.sentiment.to_vec(),
    }
}

fn estimates(quantified: &Quantified) -> Option<[trends::Estimate; 3]> {
    let mut out = [trends::Estimate::default(); 3];
    for (estimate, share) in out.iter_mut().zip(&quantified.shares) {
        *estimate = trends::Estimate {
            value: share.share?,
            low: share.low?,
            high: share.high?,
        };
    }
    Some(out)
}
