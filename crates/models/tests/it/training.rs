use models::features::FeatureSpec;
use models::train::{Config, Labelled, deduplicate, split, train_classifier, train_language};
use models::{Classifier, Language, ModelError, Scratch};
use text::Tokens;

pub(crate) fn labelled(text: &str, label: &str, lang: &str) -> Labelled {
    Labelled {
        text: text.to_owned(),
        label: label.to_owned(),
        lang: Some(lang.to_owned()),
        set: "made up".to_owned(),
    }
}

/// Sentences with a word that decides and words that do not.
pub(crate) fn toy() -> Vec<Labelled> {
    let fillers = [
        "the phone",
        "this train",
        "my lunch",
        "the show",
        "our hotel",
        "that game",
        "a walk",
        "the app",
    ];
    let words = [
        ("praise", ["wonderful", "lovely", "superb", "delightful"]),
        ("complaint", ["broken", "dreadful", "useless", "refunds"]),
        ("question", ["anyone", "where", "which", "when"]),
    ];
    let mut out = Vec::new();
    for (i, filler) in fillers.iter().enumerate() {
        for (label, list) in words {
            for word in list {
                out.push(labelled(&format!("{filler} {word} day {i}"), label, "en"));
                out.push(labelled(&format!("{word} says {filler}"), label, "en"));
            }
        }
    }
    out
}

pub(crate) fn small() -> Config {
    Config {
        features: FeatureSpec::posts(12),
        passes: 8,
        ..Config::posts(12)
    }
}

pub(crate) fn toy_classifier() -> Vec<u8> {
    train_classifier("mood@1", &[], &toy(), &[], &small(), &mut |_| {})
        .unwrap()
        .to_bytes()
        .unwrap()
}

#[test]
fn a_toy_problem_is_learned() {
    let model = Classifier::load(&toy_classifier()).unwrap();
    let mut scratch = Scratch::new();
    let mut label = |text: &str| {
        let p = model
            .probabilities(&Tokens::of(text), None, &mut scratch)
            .to_vec();
        model.labels()[models::linear::argmax(&p)].clone()
    };
    assert_eq!(label("what a wonderful museum"), "praise");
    assert_eq!(label("the lamp is broken"), "complaint");
    assert_eq!(label("where is the museum"), "question");
    assert_eq!(model.languages(), ["en"]);
    assert!(model.covers("en") && !model.covers("de"));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(toy_classifier(), toy_classifier());
}

#[test]
fn rare_classes_are_found_when_classes_are_balanced() {
    let mut data: Vec<_> = (0..400)
        .map(|i| labelled(&format!("day {i} and some more words"), "none", "en"))
        .collect();
    data.extend((0..8).map(|i| labelled(&format!("day {i} and some refund words"), "complaint", "en")));
    let recall = |balance| {
        let config = Config {
            balance,
            cost: 0.02,
            ..small()
        };
        let artefact = train_classifier("c@1", &[], &data, &[], &config, &mut |_| {}).unwrap();
        let model = Classifier::load(&artefact.to_bytes().unwrap()).unwrap();
        let tokens = Tokens::of("day 900 and some refund words");
        model.probabilities(&tokens, None, &mut Scratch::new())[0]
    };
    assert!(recall(true) > recall(false), "{} {}", recall(true), recall(false));
}

#[test]
fn validation_stops_training_and_calibrates() {
    let (train, held) = split(toy(), 0.3, 3);
    assert!(!held.is_empty() && held.len() < train.len());
    let mut passes = 0;
    let config = Config {
        passes: 50,
        patience: 2,
        ..small()
    };
    train_classifier("mood@1", &[], &train, &held, &config, &mut |p| passes = p.pass).unwrap();
    assert!(passes < 50, "{passes}");
}

#[test]
fn texts_that_stand_on_both_sides_are_taken_out() {
    let held = [labelled("Great phone, @ann! https://a.example", "praise", "en")];
    let train = vec![
        labelled("great PHONE @bob", "praise", "en"),
        labelled("bad phone", "complaint", "en"),
        labelled("Bad phone!!!", "complaint", "en"),
        labelled("bad phone", "praise", "en"),
    ];
    let (kept, removed) = deduplicate(train, &held);
    assert_eq!((kept.len(), removed.in_validation, removed.repeated), (2, 1, 1));
}

#[test]
fn data_that_cannot_train_is_refused_with_the_reason() {
    let train = |data: &[Labelled]| train_classifier("x@1", &[], data, &[], &small(), &mut |_| {});
    let few: Vec<_> = toy().into_iter().take(3).collect();
    assert_eq!(
        train(&few).unwrap_err().to_string(),
        "training data: 3 labelled texts, at least 10 are needed"
    );
    let one: Vec<_> = toy().into_iter().filter(|l| l.label == "praise").collect();
    assert_eq!(
        train(&one).unwrap_err().to_string(),
        "training data: 1 class among the texts, at least 2 are needed"
    );
    let strange = [labelled("tlhIngan maH", "klingon", "en")];
    let error = train_language("language@1", &strange, &[], |_| small(), &mut |_| {}).unwrap_err();
    assert!(matches!(error, ModelError::Data(m) if m.contains("klingon")));
}

#[test]
fn languages_of_one_script_are_told_apart() {
    let mut data = Vec::new();
    for i in 0..120 {
        data.push(labelled(
            &format!("this is the house with the garden and number {i} there"),
            "en",
            "en",
        ));
        data.push(labelled(
            &format!("das ist das Haus mit dem Garten und Nummer {i} dort"),
            "de",
            "de",
        ));
        data.push(labelled(&format!("это дом с садом и номер {i} там"), "ru", "ru"));
        data.push(labelled(
            &format!("це будинок із садом та номер {i} там"),
            "uk",
            "uk",
        ));
    }
    let config = |_| Config {
        word_weight: 1.0,
        ..Config {
            features: FeatureSpec::language(12),
            ..small()
        }
    };
    let bytes = train_language("language@1", &data, &[], config, &mut |_| {})
        .unwrap()
        .to_bytes()
        .unwrap();
    let model = Language::load(&bytes).unwrap();
    let mut scratch = Scratch::new();
    let mut lang = |text: &str| model.identify(&Tokens::of(text), &mut scratch).lang;
    assert_eq!(lang("the garden is there"), "en");
    assert_eq!(lang("der Garten ist dort"), "de");
    assert_eq!(lang("дом там"), "ru");
    assert_eq!(lang("будинок та сад"), "uk");
    assert_eq!(lang("カタカナと漢字"), "ja");
    assert_eq!(lang("@ann https://a.example 123 😍"), "und");
}
