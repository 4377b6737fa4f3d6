use crate::training::toy_classifier;
use models::artefact::Artefact;
use models::features::FeatureSpec;
use models::linear::{Linear, Sums, argmax};
use models::{Classifier, Language, ModelError};
use proptest::prelude::*;

#[test]
fn an_artefact_comes_back_as_it_was() {
    let bytes = toy_classifier();
    let again = Artefact::from_bytes(&bytes).unwrap();
    assert_eq!(again.to_bytes().unwrap(), bytes);
    assert_eq!(again.id, "mood@1");
    assert_eq!(again.heads[0].labels, ["complaint", "praise", "question"]);
}

#[test]
fn every_damage_has_its_error() {
    let good = toy_classifier();
    assert_eq!(Artefact::from_bytes(b"").unwrap_err(), ModelError::NotAModel);
    assert_eq!(
        Artefact::from_bytes(b"PK\x03\x04 a zip").unwrap_err(),
        ModelError::NotAModel
    );
    assert!(matches!(
        Artefact::from_bytes(&good[..12]),
        Err(ModelError::Truncated { .. })
    ));
    let mut newer = good.clone();
    newer[8] = 9;
    assert_eq!(
        Artefact::from_bytes(&newer).unwrap_err(),
        ModelError::Format {
            found: 9,
            supported: models::artefact::FORMAT
        }
    );
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert!(matches!(
        Artefact::from_bytes(&flipped),
        Err(ModelError::Checksum { .. })
    ));
    assert!(matches!(
        Artefact::from_bytes(&good[..good.len() - 1]),
        Err(ModelError::Checksum { .. })
    ));
    assert!(matches!(Language::load(&good), Err(ModelError::Kind { .. })));
    assert!(Classifier::load(&good).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn foreign_bytes_never_panic(at in 0usize..20_000, with in any::<u8>(), cut in 0usize..20_000) {
        let mut bytes = toy_classifier_once().to_vec();
        let at = at % bytes.len();
        let changed = bytes[at] != with;
        bytes[at] = with;
        prop_assert_eq!(Artefact::from_bytes(&bytes).is_err(), changed);
        bytes.truncate(cut);
        let _ = Artefact::from_bytes(&bytes);
    }

    #[test]
    fn quantisation_keeps_the_label_of_a_clear_decision(seed in any::<u64>()) {
        let spec = FeatureSpec::posts(8);
        let mut state = seed | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1u64 << 24) as f32 - 0.5
        };
        let weights: Vec<f32> = (0..3 << 8).map(|_| next()).collect();
        let linear = Linear::quantise(spec, 2.0, &weights, vec![0.0; 3]).unwrap();
        let mut features = models::features::Features::new();
        features.read(&text::Tokens::of("a few words of a post about nothing"), &spec);
        let mut exact = [0.0f32; 3];
        for (buckets, value) in [(features.words(), 2.0), (features.chars(), 1.0)] {
            for &b in buckets {
                for (k, e) in exact.iter_mut().enumerate() {
                    *e += value * weights[b as usize * 3 + k];
                }
            }
        }
        let norm = (4.0 * features.words().len() as f32 + features.chars().len() as f32).sqrt();
        exact.iter_mut().for_each(|e| *e /= norm);
        let mut out = Vec::new();
        linear.decide(&features, &mut Sums::default(), &mut out);
        for (e, o) in exact.iter().zip(&out) {
            prop_assert!((e - o).abs() < 0.05, "{exact:?} {out:?}");
        }
        let mut sorted = exact;
        sorted.sort_unstable_by(f32::total_cmp);
        prop_assert!(sorted[2] - sorted[1] < 0.1 || argmax(&exact) == argmax(&out));
    }
}

fn toy_classifier_once() -> &'static [u8] {
    static BYTES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BYTES.get_or_init(toy_classifier)
}
