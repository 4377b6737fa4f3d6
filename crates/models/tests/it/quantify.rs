//! Shares: their laws, whatever the answers.

use models::quantify::{
    Calibration, Grouped, Level, OwnLabel, Quantifier, Quantifiers, SHIPPED_WEIGHT, SoftBins,
};
use proptest::prelude::*;

fn labels() -> Vec<String> {
    ["negative", "neutral", "positive"].map(str::to_owned).to_vec()
}

/// Answers of a model that gives its class 0.7, and errs as often as is said.
fn known(group: &str, posts: u16, wrong: u16) -> Vec<Grouped> {
    let post = |i: u16| {
        let truth = i % 3;
        let said = if i % 10 < wrong { (truth + 1) % 3 } else { truth };
        Grouped {
            group: group.to_owned(),
            truth,
            soft: (0..3).map(|k| if k == said { 0.7 } else { 0.15 }).collect(),
        }
    };
    (0..posts).map(post).collect()
}

fn quantifier(posts: &[Grouped]) -> Quantifier {
    let truth = posts.iter().map(|p| p.truth).collect();
    let soft = posts.iter().flat_map(|p| p.soft.clone()).collect();
    Quantifier::new(Calibration::new(labels(), truth, soft).unwrap(), 1)
}

fn own(truth: u16, soft: [f32; 3], weight: f64) -> OwnLabel {
    OwnLabel {
        lang: "en".to_owned(),
        platform: "x".to_owned(),
        truth,
        soft: soft.to_vec(),
        weight,
    }
}

fn rows() -> impl Strategy<Value = Vec<[f32; 3]>> {
    let row = (0.0f32..1.0, 0.0f32..1.0).prop_map(|(a, b)| {
        let (low, high) = (a.min(b), a.max(b));
        [low, high - low, 1.0 - high]
    });
    prop::collection::vec(row, 30..200)
}

proptest! {
    #[test]
    fn shares_add_up_and_stand_in_their_intervals(rows in rows()) {
        let quantifier = quantifier(&known("en", 600, 3));
        let told = quantifier.shares(&rows.concat()).unwrap();
        let sum: f64 = told.shares.iter().filter_map(|s| s.share).sum();
        prop_assert!((sum - 1.0).abs() < 1e-9);
        prop_assert!((told.emq.iter().flatten().sum::<f64>() - 1.0).abs() < 1e-9);
        for share in &told.shares {
            let (value, low, high) = (share.share.unwrap(), share.low.unwrap(), share.high.unwrap());
            prop_assert!(0.0 <= low && low <= value && value <= high && high <= 1.0);
            // Even at the ends there is as much doubt as so many posts leave.
            prop_assert!(high - low > 0.5 / rows.len() as f64, "{low} to {high}");
        }
    }

    #[test]
    fn bins_say_what_the_single_answers_say(rows in rows()) {
        let quantifier = quantifier(&known("en", 600, 3));
        let single = quantifier.shares(&rows.concat()).unwrap();
        let (mut first, mut second) = (SoftBins::new(3), SoftBins::new(3));
        for (i, row) in rows.iter().enumerate() {
            if i % 2 == 0 { first.add(row, 1).unwrap() } else { second.add(row, 1).unwrap() }
        }
        first.merge(&second).unwrap();
        let binned = quantifier.shares_of_bins(&first).unwrap();
        for (a, b) in single.shares.iter().zip(&binned.shares) {
            prop_assert!((a.share.unwrap() - b.share.unwrap()).abs() < 1e-5);
        }
        for (a, b) in single.emq.unwrap().iter().zip(&binned.emq.unwrap()) {
            prop_assert!((a - b).abs() < 5e-3, "{} and {}", a, b);
        }
    }
}

#[test]
fn the_narrowest_group_with_enough_labels_is_used() {
    let posts = [
        known("en x", 600, 1),
        known("en bluesky", 60, 3),
        known("de", 600, 2),
    ]
    .concat();
    let all = Quantifiers::new(&labels(), &posts, 1).unwrap();
    let level = |lang, platform| all.narrowest(lang, platform).1;
    assert_eq!(level("en", "x"), Level::LanguageAndPlatform);
    // Of one language all its platforms' posts count.
    assert_eq!(level("en", "bluesky"), Level::Language);
    assert_eq!(level("en", ""), Level::Language);
    assert_eq!(level("de", "x"), Level::Language);
    assert_eq!(level("fr", "x"), Level::All);
    assert_eq!(all.narrowest("en", "").0.calibration().len(), 660);
}

#[test]
fn own_labels_move_a_column_by_what_they_weigh() {
    let shipped = quantifier(&known("en", 600, 0));
    // A model that never errs on labelled posts says 0.7 / 0.15 / 0.15 of negative ones: half say so here.
    let sample: Vec<f32> = (0..300)
        .flat_map(|i| {
            if i % 2 == 0 {
                [0.7, 0.15, 0.15]
            } else {
                [0.15, 0.15, 0.7]
            }
        })
        .collect();
    let share = |q: &Quantifier| q.shares(&sample).unwrap().shares[0].share.unwrap();
    assert!((share(&shipped) - 0.5).abs() < 1e-9);
    // Of this project's negative posts, as many as the shipped column weighs: the model sees half of them as positive.
    let n = SHIPPED_WEIGHT as usize;
    let labels: Vec<OwnLabel> = (0..n)
        .map(|i| {
            own(
                0,
                if i % 2 == 0 {
                    [0.7, 0.15, 0.15]
                } else {
                    [0.15, 0.15, 0.7]
                },
                1.0,
            )
        })
        .collect();
    let mixed = shipped.mixed_with(&labels.iter().collect::<Vec<_>>(), 1);
    // The column becomes 0.5625 / 0.15 / 0.2875: of the mean 0.425, x of them with 0.5625 and the rest with 0.15.
    assert!(
        (share(&mixed) - (0.425 - 0.15) / (0.5625 - 0.15)).abs() < 1e-6,
        "{}",
        share(&mixed)
    );
    // Less weight, less change; and no label, none.
    let light: Vec<OwnLabel> = labels
        .iter()
        .map(|l| OwnLabel {
            weight: 0.1,
            ..l.clone()
        })
        .collect();
    let little = share(&shipped.mixed_with(&light.iter().collect::<Vec<_>>(), 1));
    assert!(0.5 < little && little < share(&mixed));
    assert_eq!(share(&shipped.mixed_with(&[], 1)), share(&shipped));
}
