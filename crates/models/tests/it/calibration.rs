use models::calibrate::{ece, fit_temperature};
use models::linear::softmax;
use proptest::prelude::*;

/// A model that is three times as sure as it may be: the truth follows softmax of a third of its values.
fn overconfident(n: usize) -> (Vec<Vec<f32>>, Vec<u16>) {
    let mut state = 42u64;
    let mut uniform = move || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 40) as f32 / (1u64 << 24) as f32
    };
    let mut p = Vec::new();
    (0..n)
        .map(|_| {
            let values: Vec<f32> = (0..3).map(|_| 12.0 * uniform() - 6.0).collect();
            softmax(&values, 3.0, &mut p);
            let draw = uniform();
            let truth = if draw < p[0] {
                0
            } else if draw < p[0] + p[1] {
                1
            } else {
                2
            };
            (values, truth)
        })
        .unzip()
}

fn probabilities(values: &[Vec<f32>], temperature: f32) -> Vec<Vec<f32>> {
    let one = |v: &Vec<f32>| {
        let mut p = Vec::new();
        softmax(v, temperature, &mut p);
        p
    };
    values.iter().map(one).collect()
}

#[test]
fn the_temperature_is_found_and_the_error_falls() {
    let (values, truth) = overconfident(6000);
    let t = fit_temperature(&values, &truth);
    assert!((2.7..3.3).contains(&t), "{t}");
    let before = ece(&probabilities(&values, 1.0), &truth);
    let after = ece(&probabilities(&values, t), &truth);
    assert!(before > 0.1 && after < 0.03, "{before} {after}");
}

#[test]
fn nothing_to_fit_on_leaves_the_model_alone() {
    assert_eq!(fit_temperature(&[], &[]), 1.0);
}

proptest! {
    #[test]
    fn temperature_changes_no_order_and_probabilities_sum_to_one(
        values in prop::collection::vec(-40f32..40.0, 2..20), t in 0.05f32..20.0
    ) {
        let mut p = Vec::new();
        softmax(&values, t, &mut p);
        prop_assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        for i in 0..p.len() {
            for j in 0..p.len() {
                prop_assert!(values[i] < values[j] || p[i] >= p[j]);
            }
        }
    }
}
