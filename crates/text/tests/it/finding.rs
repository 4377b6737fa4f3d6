//! Entities and sites.

use proptest::prelude::*;
use text::{EntityKind, entities, hashtags, site};

fn found(text: &str) -> Vec<(EntityKind, String)> {
    entities(text)
        .into_iter()
        .map(|e| (e.kind, text[e.start..e.end].to_owned()))
        .collect()
}

fn only(text: &str, kind: EntityKind) -> Vec<String> {
    entities(text)
        .into_iter()
        .filter(|e| e.kind == kind)
        .map(|e| e.value)
        .collect()
}

#[test]
fn entities_are_found_in_order_with_their_sigils() {
    use EntityKind::{Cashtag, Handle, Hashtag, Url};
    let expected = [
        (Handle, "@ann"),
        (Hashtag, "#rust"),
        (Cashtag, "$TSLA"),
        (Url, "https://a.example/#x"),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(k, s)| (k, s.to_owned())).collect();
    assert_eq!(found("@ann: #rust, $TSLA (https://a.example/#x)"), expected);
}

#[test]
fn handles_go_on_over_dots_and_instances() {
    let handles = |text| only(text, EntityKind::Handle);
    assert_eq!(handles("@ann.bsky.example."), ["ann.bsky.example"]);
    assert_eq!(
        handles("@ann@social.example, @bob-x!"),
        ["ann@social.example", "bob-x"]
    );
    assert_eq!(handles("@ann. Then @_bob_…"), ["ann", "_bob_"]);
    assert_eq!(handles("@annさん"), ["ann"]);
    assert_eq!(handles("@田中さくら です"), ["田中さくら"]);
    assert_eq!(handles("＠ann"), ["ann"]);
}

#[test]
fn full_width_sigils_belong_to_the_range() {
    assert_eq!(
        found("x ＃tag ＠ann"),
        [
            (EntityKind::Hashtag, "＃tag".to_owned()),
            (EntityKind::Handle, "＠ann".to_owned())
        ]
    );
}

#[test]
fn mail_addresses_are_no_handles() {
    for text in [
        "ann@mail.example",
        "a.b-c_d@mail.example",
        "é@mail.example",
        "1@2.example",
        "<ann@mail.example>",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn tags_without_spaces_are_whole() {
    assert_eq!(
        hashtags("今日は #東京タワー に #Tōkyō_2 #東京タワー"),
        ["東京タワー", "Tōkyō_2"]
    );
    assert_eq!(hashtags("#1 #C++ # no a#b"), ["1", "C"]);
}

#[test]
fn sites_are_hosts() {
    assert_eq!(
        site("https://www.Example.org:8080/a?b").as_deref(),
        Some("example.org")
    );
    assert_eq!(
        site("https://user:pw@news.example.org./").as_deref(),
        Some("news.example.org")
    );
    assert_eq!(site("example.org/path").as_deref(), Some("example.org"));
    for url in [
        "",
        "localhost",
        "https:///x",
        "mailto:ann@mail.example",
        "a b.c",
        "https://.x",
    ] {
        assert_eq!(site(url), None, "{url}");
    }
}

proptest! {
    #[test]
    fn ranges_are_sound_and_apart(text in "(\\PC|[@#$＠＃ ]|@[a-z.]{1,4}|https://[a-z]|[é東\u{301}]){0,30}") {
        let mut at = 0;
        for e in entities(&text) {
            prop_assert!(at <= e.start && e.start < e.end);
            prop_assert!(text[e.start..e.end].ends_with(&e.value));
            at = e.end;
        }
    }

    #[test]
    fn sites_never_panic(url in "\\PC{0,40}") {
        prop_assert!(site(&url).is_none_or(|s| s.contains('.')));
    }
}
