//! Which of two a text prefers: by its own words, or else by its sentiment toward each.

use models::comparison::{Said, Side};
use std::collections::BTreeMap;
use store::Label;

/// How far apart the sentiment toward two must be, each from −1 to 1, to be a preference.
pub const APART: f32 = 0.5;

/// Sentiment toward one of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Toward {
    /// As said by hand.
    Label(Label),
    /// Negative, neutral, positive, as a model has it.
    Probabilities([f32; 3]),
}

impl Toward {
    /// Positive − negative.
    fn balance(self) -> f32 {
        match self {
            Toward::Label(Label::Negative) => -1.0,
            Toward::Label(Label::Neutral) => 0.0,
            Toward::Label(Label::Positive) => 1.0,
            Toward::Probabilities([negative, _, positive]) => positive - negative,
        }
    }
}

/// By which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A phrase of comparison.
    Phrase,
    /// Sentiment toward each.
    Sentiment,
}

impl By {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            By::Phrase => "phrase",
            By::Sentiment => "sentiment",
        }
    }
}

/// What one text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Which it prefers, and by which rule.
    pub prefers: Option<(Side, By)>,
    /// To which somebody went from the other.
    pub went_to: Option<Side>,
}

impl Verdict {
    /// Whether it says either.
    pub fn says_something(&self) -> bool {
        self.prefers.is_some() || self.went_to.is_some()
    }
}

/// A phrase decides; without one, sentiment toward both that is at least [`APART`] apart does.
pub fn judge(said: Said, a: Option<Toward>, b: Option<Toward>) -> Verdict {
    let by_sentiment = || {
        let apart = a?.balance() - b?.balance();
        let side = if apart > 0.0 { Side::A } else { Side::B };
        (apart.abs() >= APART).then_some((side, By::Sentiment))
    };
    Verdict {
        prefers: said.prefers.map(|side| (side, By::Phrase)).or_else(by_sentiment),
        went_to: said.went_to,
    }
}

/// One vote of each author: what the first text said that was added of theirs.
#[derive(Debug, Clone, Default)]
pub struct Votes(BTreeMap<u64, Verdict>);

/// Authors, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All.
    pub authors: u64,
    /// Who prefer A, who prefer B.
    pub prefer: [u64; 2],
    /// Who do so by a phrase.
    pub by_phrase: u64,
    /// Who went to A, who went to B.
    pub went_to: [u64; 2],
}

impl Votes {
    /// Adds what a text of an author says; what they said before in this order stays.
    pub fn add(&mut self, author: u64, verdict: Verdict) {
        let kept = self.0.entry(author).or_default();
        kept.prefers = kept.prefers.or(verdict.prefers);
        kept.went_to = kept.went_to.or(verdict.went_to);
    }

    /// The counts.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            authors: self.0.len() as u64,
            ..Counts::default()
        };
        for verdict in self.0.values() {
            if let Some((side, by)) = verdict.prefers {
                counts.prefer[side as usize] += 1;
                counts.by_phrase += u64::from(by == By::Phrase);
            }
            if let Some(side) = verdict.went_to {
                counts.went_to[side as usize] += 1;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toward(negative: f32, positive: f32) -> Option<Toward> {
        Some(Toward::Probabilities([
            negative,
            1.0 - negative - positive,
            positive,
        ]))
    }

    #[test]
    fn a_phrase_goes_before_sentiment() {
        let said = Said {
            prefers: Some(Side::B),
            went_to: None,
        };
        let verdict = judge(said, toward(0.0, 0.9), toward(0.9, 0.0));
        assert_eq!(verdict.prefers, Some((Side::B, By::Phrase)));
    }

    #[test]
    fn sentiment_decides_where_it_is_clear_and_known_toward_both() {
        let by = |a, b| judge(Said::default(), a, b).prefers;
        assert_eq!(
            by(toward(0.1, 0.8), toward(0.7, 0.1)),
            Some((Side::A, By::Sentiment))
        );
        assert_eq!(by(toward(0.2, 0.4), toward(0.2, 0.2)), None, "not apart enough");
        assert_eq!(by(toward(0.1, 0.8), None), None);
        assert_eq!(
            by(Some(Toward::Label(Label::Negative)), toward(0.1, 0.1)),
            Some((Side::B, By::Sentiment))
        );
    }

    #[test]
    fn an_author_votes_once() {
        let mut votes = Votes::default();
        let prefers = |side| Verdict {
            prefers: Some((side, By::Phrase)),
            went_to: None,
        };
        votes.add(1, Verdict::default());
        votes.add(1, prefers(Side::A));
        votes.add(1, prefers(Side::B));
        votes.add(
            2,
            Verdict {
                went_to: Some(Side::B),
                ..prefers(Side::B)
            },
        );
        let counts = votes.counts();
        assert_eq!(
            (counts.authors, counts.prefer, counts.went_to),
            (2, [1, 1], [0, 1])
        );
    }
}
