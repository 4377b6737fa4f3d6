//! What a sample says: how often the model is right on these posts.

use crate::analytics::{Method, Value};
use crate::control::AuditPost;
use serde::Serialize;
use store::Label;
use utoipa::ToSchema;

/// Labelled posts below which no share is told.
const LEAST: usize = 30;

/// What the labels of a sample say.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Results {
    /// How often the model's likeliest class is the label, weighted by what each post stands for; with Wilson's interval
    /// for so many posts as would say as much unweighted. None is told below 30 labelled posts.
    pub(crate) accuracy: Value,
    /// The shares of negative, neutral, positive by the labels alone, in the same way.
    pub(crate) shares: Vec<Value>,
    /// Labelled posts, unweighted: rows by label, columns by the model's likeliest class.
    pub(crate) confusion: [[u64; 3]; 3],
}

/// Works it out.
pub(crate) fn results(posts: &[AuditPost]) -> Results {
    let labelled: Vec<(&AuditPost, Label)> = posts.iter().filter_map(|p| Some((p, p.label?))).collect();
    let mut confusion = [[0; 3]; 3];
    for (post, label) in &labelled {
        confusion[*label as usize][likeliest(post) as usize] += 1;
    }
    let share = |is: &dyn Fn(&AuditPost, Label) -> bool| {
        let weights = labelled.iter().map(|(p, label)| (p.drawn.weight, is(p, *label)));
        weighted(&weights.collect::<Vec<_>>())
    };
    Results {
        accuracy: share(&|post, label| likeliest(post) == label),
        shares: Label::ALL
            .iter()
            .map(|class| share(&|_, label| label == *class))
            .collect(),
        confusion,
    }
}

/// The weighted share of those that are so.
fn weighted(posts: &[(f64, bool)]) -> Value {
    let sum: f64 = posts.iter().map(|p| p.0).sum();
    let squares: f64 = posts.iter().map(|p| p.0 * p.0).sum();
    // A sum of nothing is −0.
    let part = 0.0 + posts.iter().filter(|p| p.1).map(|p| p.0).sum::<f64>();
    let estimate = (posts.len() >= LEAST).then(|| trends::weighted_share(part / sum, sum * sum / squares));
    Value::estimate(estimate, posts.len() as u64, Method::Audit)
}

fn likeliest(post: &AuditPost) -> Label {
    let [negative, neutral, positive] = post.drawn.probabilities;
    match () {
        () if negative >= neutral && negative >= positive => Label::Negative,
        () if neutral >= positive => Label::Neutral,
        () => Label::Positive,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::control::NewAuditPost;

    fn post(number: u64, weight: f64, label: Option<Label>) -> AuditPost {
        AuditPost {
            drawn: NewAuditPost {
                number,
                lang: "en".into(),
                platform: "x".into(),
                is_toward: false,
                probabilities: [700, 200, 100],
                weight,
            },
            label,
            skipped: false,
        }
    }

    #[test]
    fn weights_count_and_few_labels_say_nothing() {
        // Thirty posts that stand for ten each are right, ten that stand for one each are wrong.
        let right = (0..30).map(|n| post(n, 10.0, Some(Label::Negative)));
        let wrong = (30..40).map(|n| post(n, 1.0, Some(Label::Positive)));
        let open = (40..50).map(|n| post(n, 1.0, None));
        let all: Vec<_> = right.chain(wrong).chain(open).collect();
        let said = results(&all);
        let accuracy = said.accuracy;
        assert!((accuracy.value.unwrap() - 300.0 / 310.0).abs() < 1e-12);
        assert!(accuracy.low.unwrap() < accuracy.value.unwrap() && accuracy.high.unwrap() <= 1.0);
        assert_eq!((accuracy.n, said.confusion[2][0]), (Some(40), 10));
        assert!((said.shares[2].value.unwrap() - 10.0 / 310.0).abs() < 1e-12);
        assert_eq!(results(&all[..29]).accuracy.value, None);
    }

    #[test]
    fn the_interval_stays_wide_where_all_are_right() {
        let all: Vec<_> = (0..50).map(|n| post(n, 3.0, Some(Label::Negative))).collect();
        let accuracy = results(&all).accuracy;
        assert!(accuracy.value == Some(1.0) && accuracy.low.unwrap() < 0.95 && accuracy.high == Some(1.0));
    }
}
