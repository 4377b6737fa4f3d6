//! What to label next.

use super::{sentence, trained};
use models::custom::{Candidate, suggest};

fn candidates(texts: &[String]) -> Vec<Candidate<'_>> {
    texts
        .iter()
        .map(|text| Candidate { text, states: None })
        .collect()
}

#[test]
fn the_unsure_come_first_and_no_two_alike() {
    let model = trained(60).model;
    let mut texts: Vec<String> = (0..30).map(|i| sentence(i % 3, 100 + i)).collect();
    let unsure = [
        "the parcel was late and I want a refund",
        "The parcel was late, and I want a refund!",
        "the bill says delivered but the screen is broken",
    ];
    texts.extend(unsure.map(str::to_owned));
    texts.push("…".to_owned());
    let chosen = suggest(Some(&model), &candidates(&texts), 4);
    assert_eq!(chosen.len(), 4);
    let of_unsure = chosen.iter().filter(|&&c| (30..33).contains(&c)).count();
    assert_eq!(of_unsure, 2, "{chosen:?}");
    assert!(!chosen.contains(&33));
}

#[test]
fn without_a_model_they_are_as_different_as_can_be() {
    let mut texts: Vec<String> = (0..20)
        .map(|i| format!("the parcel came late for the {i} th time today"))
        .collect();
    texts.push("refund me".to_owned());
    texts.push("wunderbar gemacht".to_owned());
    let chosen = suggest(None, &candidates(&texts), 3);
    assert!(chosen.contains(&20) && chosen.contains(&21), "{chosen:?}");
    assert_eq!(suggest(None, &[], 3), Vec::<usize>::new());
    assert_eq!(suggest(None, &candidates(&texts), 100).len(), 22);
}
