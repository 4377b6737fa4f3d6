//! Classifiers of one's own.

mod file;
mod learning;
mod rows;
mod suggesting;

use models::custom::{Options, Row, Trained, train};

const THINGS: [&str; 12] = [
    "kettle", "lamp", "jacket", "phone", "tent", "radio", "clock", "guitar", "bike", "mirror", "sofa",
    "camera",
];

/// Sentences of three labels, with enough words in common that a label must be learnt.
pub(crate) fn sentence(label: usize, i: usize) -> String {
    let thing = THINGS[i % THINGS.len()];
    let other = THINGS[(i / THINGS.len() + 5 * i) % THINGS.len()];
    match (label, i % 3) {
        (0, 0) => format!("my {thing} arrived late again, and the {other} too"),
        (0, 1) => format!("still waiting for the {thing} parcel, tracking says nothing about the {other}"),
        (0, _) => format!("the courier left the {thing} at the wrong door with my {other}"),
        (1, 0) => format!("please refund the {thing}, I was charged twice for the {other}"),
        (1, 1) => format!("where is my money back for the {thing}? the {other} invoice is wrong"),
        (1, _) => format!("the price of the {thing} on my bill is not that of the {other}"),
        (_, 0) => format!("the {thing} is broken, it stopped working beside the {other}"),
        (_, 1) => format!("a crack in the {thing} and the {other} will not switch on"),
        (_, _) => format!("this {thing} is faulty, the screen of the {other} flickers"),
    }
}

pub(crate) const LABELS: [&str; 3] = ["delivery", "billing", "defect"];

pub(crate) fn rows(each: usize) -> Vec<Row> {
    let row = |(i, label): (usize, usize)| Row {
        text: sentence(label, i),
        label: LABELS[label].to_owned(),
        lang: Some("en".to_owned()),
    };
    (0..each)
        .flat_map(|i| (0..3).map(move |l| (i, l)))
        .map(row)
        .collect()
}

pub(crate) fn trained(each: usize) -> Trained {
    train(&rows(each), &Options::named("topic@1"), None, &mut |_| true).unwrap()
}
