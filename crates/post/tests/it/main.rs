//! Tests of `post` through its public interface.
#![allow(clippy::unwrap_used)]

mod admitting;
mod interchange;
mod places;
#[path = "../planted/mod.rs"]
mod planted;
mod planted_data;
mod privacy;
mod profiles;
mod redaction;

use post::{Admission, Admitted, Millis, Mode, Note, Policy, Post, Pseudonyms, RawPost, parse_time};

/// 2026-07-04T12:00:00Z.
fn noon() -> Millis {
    parse_time("2026-07-04T12:00:00Z").unwrap()
}

fn admission(policy: &Policy) -> Admission {
    Admission::new(Pseudonyms::new(&[7; 32]), policy)
}

fn let_in_by(policy: &Policy, raw: RawPost) -> (Post, Vec<Note>) {
    match admission(policy).admit(raw, Mode::Sealed, noon()).unwrap() {
        Admitted::Post(post, _, notes) => (*post, notes),
        other => panic!("no post: {other:?}"),
    }
}

fn let_in(raw: RawPost) -> (Post, Vec<Note>) {
    let_in_by(&Policy::default(), raw)
}

fn raw(json: serde_json::Value) -> RawPost {
    serde_json::from_value(json).unwrap()
}
