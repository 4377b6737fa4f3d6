//! Both tiers together, on the shipped weights.

use crate::weights::{MODELS, ask, encoder};
use models::encoder::{Encoder, Instructions, Scratch};
use models::{Ask, Polarity, Reader, Said, Tier};

fn full(ask: &Ask<'_>) -> Said {
    let mut reader = Reader::new(&MODELS);
    let fast = reader.fast(ask);
    reader.full(&[ask], &[&fast]).remove(0)
}

/// Toward the name at its first place in the text.
fn toward(text: &str, names: &[&str]) -> Vec<Option<Polarity>> {
    let places = |name: &&str| {
        text.find(*name)
            .map(|at| at..at + name.len())
            .into_iter()
            .collect()
    };
    let ask = Ask {
        targets: names.iter().map(places).collect(),
        ..ask(text)
    };
    full(&ask).toward.iter().map(|s| s.map(|s| s.label)).collect()
}

#[test]
fn two_brands_in_one_post_get_their_own_answers() {
    use Polarity::{Negative, Positive};
    for (text, names, expected) in [
        (
            "The LeafPhone is great but the RootPhone keeps crashing",
            ["LeafPhone", "RootPhone"],
            [Positive, Negative],
        ),
        (
            "Nordkantine is awful, but I love Suppenhaus!",
            ["Nordkantine", "Suppenhaus"],
            [Negative, Positive],
        ),
    ] {
        assert_eq!(toward(text, &names), expected.map(Some), "{text}");
    }
}

#[test]
fn a_target_that_is_not_there_has_no_answer_of_its_own() {
    assert_eq!(toward("what a lovely day", &["Leaf"]), [None]);
}

#[test]
fn a_batch_says_what_its_posts_say_alone() {
    let texts = [
        "love it",
        "the parcel is two weeks late and nobody answers",
        "🙂",
        "",
        "ok ok ok",
    ];
    let asks: Vec<Ask<'_>> = texts.iter().map(|t| ask(t)).collect();
    let mut reader = Reader::new(&MODELS);
    let fast: Vec<Said> = asks.iter().map(|a| reader.fast(a)).collect();
    let together = reader.full(&asks.iter().collect::<Vec<_>>(), &fast.iter().collect::<Vec<_>>());
    for (ask, said) in asks.iter().zip(&together) {
        let alone = full(ask);
        assert_eq!(alone.tier, said.tier);
        match (alone.sentiment, said.sentiment) {
            (Some(a), Some(b)) => {
                for (p, q) in a.probabilities.iter().zip(b.probabilities) {
                    assert!((p - q).abs() < 1e-5, "{}: {p} {q}", ask.text);
                }
            }
            (a, b) => assert_eq!(a.is_some(), b.is_some()),
        }
    }
    assert_eq!(together[3].tier, Tier::Fast, "nothing to read");
}

#[derive(serde::Deserialize)]
struct Parity {
    text: String,
    mean: Vec<f32>,
    logits: std::collections::BTreeMap<String, Vec<f32>>,
}

/// The parity file, and the largest difference of a probability and of a cosine on it.
fn parity(encoder: &Encoder) -> (f32, f32) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/encoder/parity.jsonl");
    let (mut scratch, mut apart, mut turned) = (Scratch::new(), 0f32, 0f32);
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let expected: Parity = serde_json::from_str(line).unwrap();
        let encoded = encoder.encode(&[&expected.text], &mut scratch);
        let mean = encoded.post(0);
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
        let cosine =
            dot(mean, &expected.mean) / (dot(mean, mean) * dot(&expected.mean, &expected.mean)).sqrt();
        turned = turned.max(1.0 - cosine);
        let (mut values, mut said, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
        for (name, logits) in &expected.logits {
            encoder.head(name).unwrap().values(mean, &mut values);
            models::linear::softmax(&values, 1.0, &mut said);
            models::linear::softmax(logits, 1.0, &mut wanted);
            for (p, q) in said.iter().zip(&wanted) {
                apart = apart.max((p - q).abs());
            }
        }
    }
    (apart, turned)
}

/// What PyTorch said of made-up posts (training/encoder/export.py) with the same weights and exact activations.
#[test]
fn the_encoder_says_what_it_said_in_training() {
    let (apart, turned) = parity(&encoder().limited(Instructions::Exact));
    assert!(apart < 1e-4 && turned < 1e-4, "{apart} {turned}");
}

/// 8-bit activations may move a value a little, never a direction; whatever the processor has, the integers are the same.
#[test]
fn quantised_activations_move_little_on_every_kernel() {
    for instructions in [Instructions::Vnni, Instructions::Avx2, Instructions::Portable] {
        let encoder = encoder().limited(instructions);
        let (apart, turned) = parity(&encoder);
        assert!(
            apart < 0.08 && turned < 0.01,
            "{:?}: {apart} {turned}",
            encoder.instructions()
        );
    }
}
