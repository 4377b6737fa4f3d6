//! Precision and recall on a table of made-up personal data and of numbers that are nobody's.
//!
//! Each line of the table: kind (or `none`), language, text; what must be replaced stands between `⟦` and `⟧`.

use post::{Redactor, Secret};
use std::collections::BTreeMap;

const TABLE: &str = include_str!("../data/personal_data.tsv");

#[derive(Default)]
struct Counts {
    found: usize,
    missed: Vec<&'static str>,
    wrong: Vec<String>,
}

/// What `redact` must give: the marked part replaced.
fn expected(kind: &str, marked: &str) -> String {
    let (before, rest) = marked.split_once('⟦').unwrap();
    let (_, after) = rest.split_once('⟧').unwrap();
    format!("{before}[{kind}]{after}")
}

fn judge() -> BTreeMap<&'static str, Counts> {
    let redactor = Redactor::default();
    let mut kinds: BTreeMap<&'static str, Counts> = BTreeMap::new();
    for line in TABLE.lines().filter(|l| !l.is_empty() && !l.starts_with("# ")) {
        let mut fields = line.splitn(3, '\t');
        let (kind, _, marked) = (
            fields.next().unwrap(),
            fields.next().unwrap(),
            fields.next().unwrap(),
        );
        let counts = kinds.entry(kind).or_default();
        let text = marked.replace(['⟦', '⟧'], "");
        let (redacted, secrets) = redactor
            .redact(&text)
            .unwrap_or_else(|| (text.clone(), Vec::new()));
        if kind == "none" {
            counts
                .wrong
                .extend(secrets.iter().map(|s| format!("{s:?} in {text}")));
        } else if redacted == expected(kind, marked) {
            counts.found += 1;
        } else {
            counts.missed.push(line);
            if !secrets.is_empty() {
                counts.wrong.push(format!("{secrets:?} in {text}: {redacted}"));
            }
        }
    }
    kinds
}

#[test]
fn structured_personal_data_is_found_and_nothing_else() {
    let kinds = judge();
    let (mut found, mut missed, mut wrong) = (0, 0, 0);
    for (kind, c) in &kinds {
        println!(
            "{kind:8} found {:3} missed {:2} wrong {:2}",
            c.found,
            c.missed.len(),
            c.wrong.len()
        );
        c.missed.iter().for_each(|m| println!("  missed {m}"));
        c.wrong.iter().for_each(|w| println!("  wrong  {w}"));
        (found, missed, wrong) = (found + c.found, missed + c.missed.len(), wrong + c.wrong.len());
    }
    let precision = found as f64 / (found + wrong) as f64;
    let recall = found as f64 / (found + missed) as f64;
    println!(
        "precision {precision:.4} recall {recall:.4} of {} planted",
        found + missed
    );
    assert!(
        precision >= 0.98 && recall >= 0.97,
        "precision {precision:.4} recall {recall:.4}"
    );
}

#[test]
fn the_table_is_large_enough() {
    let rows = |kind: &str| {
        TABLE
            .lines()
            .filter(|l| l.split('\t').next() == Some(kind))
            .count()
    };
    for kind in ["email", "iban", "card", "id", "ip", "place", "phone", "address"] {
        assert!(rows(kind) >= 20, "{kind} has {} rows", rows(kind));
    }
    assert!(rows("none") >= 150);
}

#[test]
fn placeholders_are_left_alone() {
    let redactor = Redactor::default();
    let (once, secrets) = redactor
        .redact("ann@mail.example +49 171 1234567 192.0.2.17")
        .unwrap();
    assert_eq!(secrets, [Secret::Email, Secret::Phone, Secret::Ip]);
    assert_eq!(redactor.redact(&once), None);
}

#[test]
fn a_long_text_of_numbers_is_read_in_reasonable_work() {
    let text = "12-34 5.678 0 ".repeat(4_000);
    assert!(
        Redactor::default()
            .redact(&text)
            .is_none_or(|(t, _)| t.len() <= text.len() * 2)
    );
}
