//! Pooling the answers of both tiers.

use models::ModelError;
use models::blend::fit::{Plan, Seen, fit, mix};
use models::blend::{Blend, Mix, Question, TaskBlend, Weights};
use models::calibrate::{ece, ece_by_chance};
use models::linear::{argmax, softmax};
use proptest::prelude::*;

const WEIGHTS: Weights<'_> = Weights {
    panel: "1a",
    encoder: "2b",
};

/// Numbers that look random, the same each time.
fn noise(seed: &mut u64) -> f32 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 40) as f32 / (1u64 << 24) as f32
}

/// Rows whose truth follows the full tier's probabilities raised to `power`; the fast tier's say nothing.
fn rows(n: usize, power: f32, lang: &str) -> Vec<Seen> {
    let mut seed = 7;
    let guess = |seed: &mut u64| {
        let values: Vec<f32> = (0..3).map(|_| 4.0 * noise(seed) - 2.0).collect();
        let mut p = Vec::new();
        softmax(&values, 1.0, &mut p);
        p
    };
    (0..n)
        .map(|_| {
            let (full, fast) = (guess(&mut seed), guess(&mut seed));
            let values: Vec<f32> = full.iter().map(|p| power * p.ln()).collect();
            let (mut p, mut draw, mut truth) = (Vec::new(), noise(&mut seed), 0);
            softmax(&values, 1.0, &mut p);
            while truth < 2 && draw > p[truth] {
                draw -= p[truth];
                truth += 1;
            }
            Seen {
                full,
                fast,
                lang: lang.to_owned(),
                truth: truth as u16,
            }
        })
        .collect()
}

fn loss(mix: &Mix, rows: &[Seen]) -> f64 {
    let mut p = Vec::new();
    let one = |row: &Seen| {
        mix.apply(&row.full, &row.fast, &mut p);
        -f64::from(p[usize::from(row.truth)].max(1e-9).ln())
    };
    rows.iter().map(one).sum()
}

#[test]
fn a_tier_that_says_nothing_gets_no_weight_and_the_other_its_temperature() {
    let rows = rows(4_000, 2.0, "en");
    let all: Vec<&Seen> = rows.iter().collect();
    let found = mix(&all, &Mix::of(0.7, 0.3), 1.0, false);
    assert!((found.full - 2.0).abs() < 0.15, "{found:?}");
    assert!(found.fast < 0.1, "{found:?}");
    let biased = mix(&all, &Mix::of(0.7, 0.3), 1.0, true);
    assert!(biased.bias.iter().all(|b| b.abs() < 0.2), "{biased:?}");
}

#[test]
fn calibration_is_mended_on_rows_it_was_not_learnt_from() {
    let all = rows(6_000, 0.4, "en");
    let (learn, judge) = all.split_at(3_000);
    let blend = fit(&learn.iter().collect::<Vec<_>>(), Plan::default());
    let truth: Vec<u16> = judge.iter().map(|r| r.truth).collect();
    let before: Vec<Vec<f32>> = judge.iter().map(|r| r.full.clone()).collect();
    let after: Vec<Vec<f32>> = judge
        .iter()
        .map(|r| {
            let mut p = Vec::new();
            blend.full("en", &r.full, &[], &mut p);
            p
        })
        .collect();
    let (was, is) = (ece(&before, &truth), ece(&after, &truth));
    assert!(was > 0.1 && is < 0.03, "{was} {is}");
    assert!(is < 3.0 * ece_by_chance(&after), "{is}");
}

#[test]
fn languages_with_posts_enough_have_their_own_mix() {
    let mut all = rows(600, 3.0, "en");
    all.extend(rows(600, 0.3, "de"));
    all.extend(rows(20, 0.3, "fr"));
    let blend = fit(&all.iter().collect::<Vec<_>>(), Plan::default());
    let langs: Vec<&String> = blend.full.by_lang.keys().collect();
    assert_eq!(langs, ["de", "en"]);
    assert!(blend.full.by_lang["en"].full > 2.0 && blend.full.by_lang["de"].full < 0.6);
}

#[test]
fn without_rows_nothing_is_learnt() {
    assert_eq!(fit(&[], Plan::default()), TaskBlend::default());
}

#[test]
fn a_file_comes_back_and_a_wrong_one_is_refused() {
    let learnt = fit(&rows(400, 2.0, "en").iter().collect::<Vec<_>>(), Plan::default());
    let mut blend = Blend::default();
    blend.set(Question::SENTIMENT, learnt);
    let bytes = blend.to_bytes(WEIGHTS).unwrap();
    assert_eq!(Blend::load(&bytes, WEIGHTS).unwrap(), blend);
    for (other, panel, encoder) in [("panel", "1b", "2b"), ("encoder", "1a", "2c")] {
        let error = Blend::load(&bytes, Weights { panel, encoder }).unwrap_err();
        assert!(
            error.to_string().contains("learnt for other weights"),
            "{other}: {error}"
        );
    }
    assert!(matches!(
        Blend::load(b"GIF89a", WEIGHTS),
        Err(ModelError::NotAModel)
    ));
    assert!(matches!(
        Blend::load(&bytes[..12], WEIGHTS),
        Err(ModelError::Truncated { .. })
    ));
    let mut newer = bytes.clone();
    newer[8] = 9;
    assert!(matches!(
        Blend::load(&newer, WEIGHTS),
        Err(ModelError::Format { .. })
    ));
    // A weight below 0 is no weight, whatever the checksum says.
    let body = String::from_utf8(bytes[16..].to_vec())
        .unwrap()
        .replacen("\"full\":0.0", "\"full\":-1", 1);
    let mut foreign = bytes[..12].to_vec();
    foreign.extend(crc32fast::hash(body.as_bytes()).to_le_bytes());
    foreign.extend(body.into_bytes());
    let error = Blend::load(&foreign, WEIGHTS).unwrap_err();
    assert!(error.to_string().contains("does not fit"), "{error}");
}

fn probabilities() -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec(-6.0f32..6.0, 3).prop_map(|values| {
        let mut p = Vec::new();
        softmax(&values, 1.0, &mut p);
        p
    })
}

proptest! {
    #[test]
    fn any_mix_of_any_answers_is_a_distribution(
        full in probabilities(), fast in probabilities(), a in 0.0f32..5.0, b in 0.0f32..5.0,
        bias in prop::collection::vec(-3.0f32..3.0, 3),
    ) {
        let mut p = Vec::new();
        Mix { full: a, fast: b, bias }.apply(&full, &fast, &mut p);
        prop_assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        prop_assert!(p.iter().all(|v| (0.0..=1.0).contains(v)));
    }

    #[test]
    fn a_weight_alone_leaves_the_order_of_labels(full in probabilities(), a in 0.05f32..5.0) {
        let mut p = Vec::new();
        Mix::of(a, 0.0).apply(&full, &[], &mut p);
        prop_assert!(p[argmax(&full)] >= p[argmax(&p)] - 1e-6);
    }

    #[test]
    fn what_is_learnt_is_at_least_as_likely_as_what_it_started_from(
        n in 1usize..60, power in -1.0f32..3.0, biased in any::<bool>(),
    ) {
        let rows = rows(n, power, "en");
        let start = Mix::of(0.7, 0.3);
        let found = mix(&rows.iter().collect::<Vec<_>>(), &start, 1.0, biased);
        prop_assert!(found.full >= 0.0 && found.fast >= 0.0);
        // A weight held at 0 may cost what its penalty is: no more than the squared distance.
        prop_assert!(loss(&found, &rows) <= loss(&start, &rows) + 0.7 * 0.7 + 1e-3);
    }

    #[test]
    fn any_damage_is_noticed(at in 0usize..4_000, bit in 0u8..8) {
        let bytes = Blend::default().to_bytes(WEIGHTS).unwrap();
        let mut damaged = bytes.clone();
        let at = at % bytes.len();
        damaged[at] ^= 1 << bit;
        prop_assert!(Blend::load(&damaged, WEIGHTS).is_err());
    }
}
