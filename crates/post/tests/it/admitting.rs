//! What admission accepts, mends and refuses.

use crate::{admission, let_in, noon, raw};
use post::{
    Admission, Admitted, MAX_TEXT_BYTES, Mode, Note, Policy, PostKey, Pseudonyms, REFUSED_TEXT_BYTES,
    RawPost, Refusal,
};
use serde_json::json;

fn key_of(value: serde_json::Value) -> PostKey {
    let_in(raw(value)).0.key
}

fn refusal(value: serde_json::Value) -> Refusal {
    admission(&Policy::default())
        .admit(raw(value), Mode::Sealed, noon())
        .unwrap_err()
}

#[test]
fn an_id_means_the_same_with_and_without_its_platform() {
    let whole = key_of(json!({"uid": "x:12", "platform": "x", "text": "a"}));
    for value in [
        json!({"id": 12, "platform": "x", "text": "a"}),
        json!({"id": "12", "platform": "twitter", "text": "b"}),
        json!({"uid": "twitter:12", "source": "Twitter", "text": "c"}),
    ] {
        assert_eq!(key_of(value.clone()), whole, "{value}");
    }
    assert_ne!(
        key_of(json!({"id": 12, "platform": "mastodon", "text": "a"})),
        whole
    );
}

#[test]
fn references_meet_the_posts_they_name() {
    let (post, _) = let_in(raw(
        json!({"id": 2, "platform": "x", "text": "a", "reply_to": 1, "quote_of": "x:3", "repost_of": ""}),
    ));
    assert_eq!(
        post.reply_to,
        Some(key_of(json!({"id": 1, "platform": "x", "text": "b"})))
    );
    assert_eq!(
        post.quote_of,
        Some(key_of(json!({"id": 3, "platform": "x", "text": "b"})))
    );
    assert_eq!(post.repost_of, None);
}

#[test]
fn a_post_without_id_is_known_by_its_content() {
    let one = json!({"text": "a", "author": "ann", "created_at": "2026-07-01T00:00:00Z"});
    assert_eq!(key_of(one.clone()), key_of(one.clone()));
    for (field, other) in [
        ("text", "b"),
        ("author", "bob"),
        ("created_at", "2026-07-01T00:00:01Z"),
        ("title", "t"),
    ] {
        let mut changed = one.clone();
        changed[field] = json!(other);
        assert_ne!(key_of(one.clone()), key_of(changed), "{field}");
    }
}

#[test]
fn times_are_clamped_and_counted() {
    let at = |created: &str| let_in(raw(json!({"text": "a", "created_at": created})));
    assert_eq!(
        at("2027-01-01T00:00:00Z"),
        (at("2027-01-01T00:00:00Z").0, vec![Note::FutureTime])
    );
    assert_eq!(at("2027-01-01T00:00:00Z").0.created_at, noon());
    assert_eq!(at("yesterday").1, [Note::BadTime]);
    assert_eq!(at("0001-01-01T00:00:00Z").1, [Note::BadTime]);
    assert_eq!(at("2026-07-04T11:59:59.5+00:00").0.created_at, noon() - 500);
    assert!(at("2026-07-04T11:59:59Z").1.is_empty());
    assert_eq!(let_in(raw(json!({"text": "a"}))).0.created_at, noon());
}

#[test]
fn long_texts_are_cut_and_longer_ones_refused() {
    let (post, notes) = let_in(RawPost {
        text: "é".repeat(MAX_TEXT_BYTES),
        ..RawPost::default()
    });
    assert_eq!((post.text.len(), notes), (MAX_TEXT_BYTES, vec![Note::Cut]));
    let refused = refusal(json!({"text": "a".repeat(REFUSED_TEXT_BYTES + 1)}));
    assert_eq!(
        refused,
        Refusal::TooLong {
            bytes: REFUSED_TEXT_BYTES + 1,
            limit: REFUSED_TEXT_BYTES
        }
    );
}

#[test]
fn control_characters_are_taken_out_and_counted() {
    let (post, notes) = let_in(raw(json!({"text": "a\u{0}b\u{1b}[31m"})));
    assert_eq!((post.text.as_str(), notes), ("ab[31m", vec![Note::Controls]));
}

#[test]
fn what_is_not_public_is_refused() {
    assert_eq!(
        refusal(json!({"text": "a", "visibility": "direct"})).code(),
        "not_public"
    );
    for visibility in ["public", "unlisted"] {
        let_in(raw(json!({"text": "a", "visibility": visibility})));
    }
}

#[test]
fn only_a_post_with_nothing_in_it_is_empty() {
    assert_eq!(refusal(json!({"text": " \n"})), Refusal::Empty);
    for value in [
        json!({"title": "t"}),
        json!({"media": [{"kind": "image"}]}),
        json!({"repost_of": "x:1"}),
        json!({"kind": "repost"}),
    ] {
        let_in(raw(value));
    }
}

#[test]
fn events_about_a_post_need_its_uid() {
    let admit = |value| admission(&Policy::default()).admit(raw(value), Mode::Sealed, noon());
    let key = key_of(json!({"id": 1, "platform": "x", "text": "a"}));
    assert_eq!(
        admit(json!({"event": "delete", "uid": "x:1", "platform": "x"})),
        Ok(Admitted::Delete(key, noon()))
    );
    assert_eq!(
        admit(json!({"event": "withhold", "uid": "x:1", "platform": "x"})),
        Ok(Admitted::Delete(key, noon()))
    );
    let counted =
        admit(json!({"event": "engagement", "uid": "x:1", "platform": "x", "counts": {"likes": 3}})).unwrap();
    assert!(
        matches!(counted, Admitted::Engagement(k, c, _) if k == key && c.likes == Some(3) && c.views.is_none())
    );
    for event in ["delete", "edit", "engagement", "withhold"] {
        assert_eq!(
            admit(json!({"event": event, "text": "a"})).unwrap_err().code(),
            "no_uid"
        );
    }
}

#[test]
fn languages_are_primary_subtags() {
    let (post, _) = let_in(raw(
        json!({"text": "a", "lang": "in", "lang_claimed": ["iw", "pt-BR", "zh_Hant", "und", "", "x1", "EN"]}),
    ));
    assert_eq!(post.lang.as_deref(), Some("id"));
    assert_eq!(post.lang_claimed, ["he", "pt", "zh", "en"]);
    assert_eq!(let_in(raw(json!({"text": "a", "lang": "und"}))).0.lang, None);
}

#[test]
fn hashtags_of_platform_and_text_are_one_list() {
    let (post, _) = let_in(raw(
        json!({"text": "#Rust and #東京 #C", "hashtags": ["#rust", "Api", "", "API"]}),
    ));
    assert_eq!(post.hashtags, ["rust", "Api", "東京", "C"]);
}

#[test]
fn pseudonyms_depend_on_the_key_alone() {
    let value = json!({"id": 1, "text": "hi @bob", "author": {"id": "7", "handle": "ann"}});
    let admit = |key: u8| {
        let admission = Admission::new(Pseudonyms::new(&[key; 32]), &Policy::default());
        match admission.admit(raw(value.clone()), Mode::Sealed, noon()).unwrap() {
            Admitted::Post(post, ..) => *post,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(admit(1), admit(1));
    let (one, two) = (admit(1), admit(2));
    assert_ne!(one.key, two.key);
    assert_ne!(one.text, two.text);
    assert_ne!(one.author.unwrap().key, two.author.unwrap().key);
}
