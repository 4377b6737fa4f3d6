//! The figures that must be reached, and how each is computed.

use models::metrics::{Answer, Confusion, Interval, bootstrap};

/// How answers are judged.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Metric {
    Accuracy,
    MacroF1,
    MacroRecall,
    /// F1 weighted by how often each class occurs.
    WeightedF1,
    /// The mean F1 of negative and positive (SentiRuEval).
    PolarF1,
}

impl Metric {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::MacroF1 => "macro-F1",
            Self::MacroRecall => "macro-recall",
            Self::WeightedF1 => "weighted F1",
            Self::PolarF1 => "F1 of pos+neg",
        }
    }

    fn of(self, classes: usize, c: &Confusion) -> f64 {
        match self {
            Self::Accuracy => c.accuracy(),
            Self::MacroF1 => c.macro_f1(),
            Self::MacroRecall => c.macro_recall(),
            Self::WeightedF1 => {
                let weighted = (0..classes).map(|k| c.class(k)).map(|q| q.f1 * q.n as f64);
                weighted.sum::<f64>() / c.total().max(1) as f64
            }
            Self::PolarF1 => f64::midpoint(c.class(0).f1, c.class(2).f1),
        }
    }

    /// The figure, in percent.
    pub(crate) fn figure<'a>(self, answers: impl Iterator<Item = &'a Answer>) -> f64 {
        let (classes, pairs) = pairs(answers);
        100.0 * self.of(classes, &Confusion::of(classes, pairs))
    }

    /// Its 95 % interval, in percent.
    pub(crate) fn interval<'a>(self, answers: impl Iterator<Item = &'a Answer>) -> Interval {
        let (classes, pairs) = pairs(answers);
        let [interval] = bootstrap(classes, &pairs, 500, 22, |c| [self.of(classes, c)]);
        interval.map(|v| 100.0 * v)
    }
}

fn pairs<'a>(answers: impl Iterator<Item = &'a Answer>) -> (usize, Vec<(u16, u16)>) {
    let mut classes = 0;
    let pairs = answers
        .map(|a| {
            classes = a.probabilities.len();
            (a.truth, a.given)
        })
        .collect();
    (classes, pairs)
}

/// A row of the table of goals.
pub(crate) struct Goal {
    pub(crate) what: &'static str,
    pub(crate) task: &'static str,
    /// Beginnings of the names of its sets: the figure is the mean over them.
    pub(crate) sets: &'static [&'static str],
    pub(crate) metric: Metric,
    /// For the fast and the full tier, in percent.
    pub(crate) fast: f64,
    pub(crate) full: f64,
}

const fn goal(
    what: &'static str,
    task: &'static str,
    sets: &'static [&'static str],
    metric: Metric,
    fast: f64,
    full: f64,
) -> Goal {
    Goal {
        what,
        task,
        sets,
        metric,
        fast,
        full,
    }
}

/// All of them.
pub(crate) const GOALS: [Goal; 11] = [
    goal(
        "sentiment, TweetEval",
        "sentiment",
        &["tweeteval"],
        Metric::MacroRecall,
        66.0,
        72.0,
    ),
    goal(
        "sentiment, UMSAB, 8 languages",
        "sentiment",
        &["umsab"],
        Metric::MacroF1,
        58.0,
        67.0,
    ),
    goal(
        "toward target, Dong tweets",
        "target",
        &["dong"],
        Metric::Accuracy,
        71.0,
        76.0,
    ),
    goal(
        "toward brand, SentiRuEval banks",
        "target",
        &["sentirueval-bank"],
        Metric::PolarF1,
        55.0,
        66.0,
    ),
    goal(
        "toward brand, SentiRuEval telecoms",
        "target",
        &["sentirueval-ttk"],
        Metric::PolarF1,
        55.0,
        66.0,
    ),
    goal(
        "aspect terms, MAMS",
        "target",
        &["mams"],
        Metric::Accuracy,
        60.0,
        78.0,
    ),
    goal(
        "emotion",
        "emotion",
        &["tweeteval-emotion"],
        Metric::MacroF1,
        68.0,
        76.0,
    ),
    goal(
        "offensive",
        "offensive",
        &["tweeteval-offensive"],
        Metric::MacroF1,
        75.0,
        80.0,
    ),
    goal(
        "complaints",
        "complaint",
        &["complaints"],
        Metric::MacroF1,
        84.0,
        87.0,
    ),
    goal(
        "sentiment, Wisesight (Thai)",
        "sentiment",
        &["wisesight"],
        Metric::Accuracy,
        73.0,
        76.0,
    ),
    goal(
        "sentiment, AfriSenti, 14 languages",
        "sentiment",
        &["afrisenti"],
        Metric::WeightedF1,
        60.0,
        64.0,
    ),
];
