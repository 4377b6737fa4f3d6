//! A panel from made-up rows: what it learns, its file.

use models::features::FeatureSpec;
use models::panel::train::{HeadPlan, Label, Plan, Row, Spot, TargetPlan, train};
use models::panel::{Panel, Readout};
use models::{ModelError, Polarity, Scratch};
use std::ops::Range;
use text::Tokens;

fn head(name: &str, labels: &[&str]) -> HeadPlan {
    HeadPlan {
        name: name.to_owned(),
        labels: labels.iter().map(|l| (*l).to_owned()).collect(),
        cost: 4.0,
        balance: 1.0,
        rare: 0.5,
        passes: 8,
        biased: Vec::new(),
    }
}

fn plan() -> Plan {
    Plan {
        id: "panel@7".to_owned(),
        heads: vec![
            head("sentiment", &["negative", "neutral", "positive"]),
            head("spam", &["not-spam", "spam"]),
            head("mood", &["calm", "wild"]),
        ],
        target: Some(TargetPlan {
            bits: 12,
            cost: 4.0,
            balance: 0.5,
            length: 1.5,
            dense_variance: 0.3,
            from_sentiment: 0.0,
            post_variance: 1.0,
            rare: 0.5,
            passes: 8,
        }),
        features: FeatureSpec::posts(12),
        word_weight: 2.0,
        seed: 1,
    }
}

fn row(text: &str, labels: &[(usize, usize)], spots: Vec<Spot>) -> Row {
    Row {
        text: text.to_owned(),
        lang: Some("en".to_owned()),
        set: "made".to_owned(),
        labels: labels.iter().map(|&(h, k)| (h, Label::Class(k))).collect(),
        spots,
        weight: 1.0,
        ..Row::default()
    }
}

/// Where a word stands.
fn place(text: &str, word: &str) -> Range<usize> {
    let start = text.find(word).unwrap();
    start..start + word.len()
}

fn rows() -> Vec<Row> {
    let mut out = Vec::new();
    for i in 0..120 {
        let day = ["monday", "tuesday", "friday", "sunday"][i % 4];
        out.push(row(&format!("what a lovely {day}"), &[(0, 2), (1, 0)], vec![]));
        out.push(row(&format!("what an awful {day}"), &[(0, 0)], vec![]));
        out.push(row(&format!("today is {day}"), &[(0, 1)], vec![]));
        out.push(row(&format!("win cash every {day}"), &[(1, 1)], vec![]));
        for (name, class) in [("beer", 2), ("soup", 0)] {
            let text = format!("on {day} the {name} was cold");
            let spans = vec![place(&text, name)];
            out.push(row(&text, &[], vec![Spot { spans, class }]));
        }
    }
    out
}

fn toy() -> Panel {
    train(&plan(), &rows(), &rows()[..60], &mut |_| {}).unwrap()
}

fn toward(panel: &Panel, text: &str, word: &str) -> Option<Polarity> {
    let (tokens, mut scratch, mut readout) = (Tokens::of(text), Scratch::new(), Readout::default());
    panel.read(&tokens, &mut scratch, &mut readout);
    let said = panel.target(&tokens, &readout, &[place(text, word)], "en", &mut scratch);
    said.map(|s| s.label)
}

#[test]
fn a_word_means_something_else_beside_another_name() {
    let panel = toy();
    assert_eq!(
        toward(&panel, "on saturday the beer was cold", "beer"),
        Some(Polarity::Positive)
    );
    assert_eq!(
        toward(&panel, "on saturday the soup was cold", "soup"),
        Some(Polarity::Negative)
    );
}

#[test]
fn heads_learn_from_their_own_rows_and_those_without_any_are_left_out() {
    let panel = toy();
    let names: Vec<&str> = panel.header().heads.iter().map(|h| h.name.as_str()).collect();
    assert_eq!(names, ["sentiment", "spam", "target"], "no row has a mood");
    let (tokens, mut scratch, mut readout) = (Tokens::of("win cash now"), Scratch::new(), Readout::default());
    panel.read(&tokens, &mut scratch, &mut readout);
    let p = panel.probabilities(panel.head("spam").unwrap(), &readout, Some("en"), &mut scratch);
    assert!(p[1] > 0.5, "{p:?}");
}

#[test]
fn the_file_is_the_panel_again_or_an_error() {
    let bytes = toy().to_bytes().unwrap();
    let again = Panel::load(&bytes).unwrap();
    assert_eq!(again.to_bytes().unwrap(), bytes);
    assert!(bytes.len() < 3 << 12, "most weights are 0: {} bytes", bytes.len());
    let cut = Panel::load(&bytes[..bytes.len() - 1]).unwrap_err();
    assert!(matches!(cut, ModelError::Truncated { .. }), "{cut}");
    let mut other = bytes.clone();
    other[bytes.len() / 2] ^= 1;
    let damaged = Panel::load(&other).unwrap_err();
    assert!(matches!(damaged, ModelError::Checksum { .. }), "{damaged}");
    other[8] = 9;
    let future = Panel::load(&other).unwrap_err();
    assert!(matches!(future, ModelError::Format { found: 9, .. }), "{future}");
}

#[test]
fn classes_that_count_as_they_come_pull_toward_the_frequent_one() {
    let rows = |natural: bool| -> Vec<Row> {
        let one = |i: usize| Row {
            natural,
            ..row(
                "the train left",
                &[(0, if i.is_multiple_of(5) { 2 } else { 1 })],
                vec![],
            )
        };
        (0..100).map(one).collect()
    };
    let positive = |natural: bool| {
        let plan = Plan {
            target: None,
            ..plan()
        };
        let panel = train(&plan, &rows(natural), &[], &mut |_| {}).unwrap();
        let (tokens, mut scratch, mut readout) =
            (Tokens::of("the train left"), Scratch::new(), Readout::default());
        panel.read(&tokens, &mut scratch, &mut readout);
        panel.probabilities(panel.head("sentiment").unwrap(), &readout, None, &mut scratch)[2]
    };
    assert!(
        positive(true) < positive(false) - 0.1,
        "{} {}",
        positive(true),
        positive(false)
    );
}
