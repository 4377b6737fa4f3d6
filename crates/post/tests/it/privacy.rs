//! Nobody's handle, id, address or number gets past admission, unless they act in public.

use crate::{let_in, let_in_by, raw};
use post::{Policy, Pseudonyms};
use proptest::prelude::*;
use serde_json::json;
use text::{TokenKind, Tokens};

fn policy(handles: &[&str]) -> Policy {
    Policy {
        public_handles: handles.iter().map(|h| (*h).to_owned()).collect(),
        ..Policy::default()
    }
}

#[test]
fn handles_become_one_word_each() {
    let (post, _) = let_in(raw(
        json!({"text": "hi @Ann, @ann.bsky.example and ＠bob@social.example!"}),
    ));
    let tokens = Tokens::of(&post.text);
    let handles: Vec<_> = tokens.iter().filter(|t| t.sigil == b'@').collect();
    assert_eq!(handles.len(), 3, "{}", post.text);
    assert!(
        handles
            .iter()
            .all(|t| t.kind == TokenKind::Word && tokens.key(t).starts_with("p_"))
    );
    assert!(
        post.text.ends_with('!')
            && !post.text.to_lowercase().contains("bsky")
            && !post.text.contains("social")
    );
}

#[test]
fn a_handle_has_one_token_in_any_case() {
    let token = Pseudonyms::new(&[7; 32]).handle("ann");
    for text in ["@ann", "@Ann", "@ANN"] {
        assert_eq!(let_in(raw(json!({"text": text}))).0.text, format!("@{token}"));
    }
    let (post, _) = let_in(raw(
        json!({"text": "x", "author": {"handle": "Ann"}, "mentions": [{"handle": "@ANN"}, {"id": "5"}]}),
    ));
    assert_eq!(post.mentions, [token.as_str()]);
    assert_eq!(post.author.unwrap().handle_token.as_deref(), Some(token.as_str()));
}

#[test]
fn listed_handles_stay_readable() {
    let (post, _) = let_in_by(
        &policy(&["@Acme"]),
        raw(json!({"text": "@ACME @bob", "mentions": [{"handle": "Acme"}]})),
    );
    assert!(post.text.starts_with("@ACME @p_"), "{}", post.text);
    assert_eq!(post.mentions, ["acme"]);
}

#[test]
fn accounts_that_act_in_public_keep_their_name() {
    let author = |followers: u64| json!({"text": "x", "author": {"id": "1", "handle": "Ann", "name": "Ann A.", "followers": followers}});
    let name = |policy: &Policy, value| {
        let author = let_in_by(policy, raw(value)).0.author.unwrap();
        assert_eq!(author.public_handle.is_some(), author.public_name.is_some());
        author.public_handle
    };
    assert_eq!(name(&Policy::default(), author(25_000)).as_deref(), Some("Ann"));
    assert_eq!(name(&Policy::default(), author(24_999)), None);
    assert_eq!(
        name(
            &Policy {
                public_followers: None,
                ..Policy::default()
            },
            author(9_000_000)
        ),
        None
    );
    assert_eq!(name(&policy(&["ann"]), author(0)).as_deref(), Some("Ann"));
}

#[test]
fn links_do_not_name_people() {
    let links = [
        ("https://x.com/ann/status/5", "https://x.com/"),
        ("https://x.com/hashtag/rust", "https://x.com/hashtag/rust"),
        ("www.instagram.com/ann", "www.instagram.com/"),
        ("https://social.example/@ann/5", "https://social.example/@"),
        ("https://forum.example/users/ann", "https://forum.example/users/"),
        ("https://user:pw@a.example/p?q=1", "https://a.example/p?q=1"),
        ("https://a.example/by/ANN_77", "https://a.example/"),
        ("https://a.example/did%3Aplc%3Azz9", "https://a.example/"),
        ("https://ann_77.blog.example/x", "https://…"),
        (
            "https://news.example/2026/story",
            "https://news.example/2026/story",
        ),
    ];
    for (link, expected) in links {
        let author = json!({"id": "did:plc:zz9", "handle": "ann_77"});
        let (post, _) = let_in(raw(
            json!({"text": format!("see {link}"), "urls": [link], "author": author}),
        ));
        assert_eq!(post.text, format!("see {expected}"));
        assert_eq!(post.urls, [expected]);
    }
}

#[test]
fn tags_hold_no_numbers_of_people() {
    let (post, _) = let_in(raw(
        json!({"text": "call +49 171 1234567 #ok", "hashtags": ["tel 0171 1234567"]}),
    ));
    assert_eq!(post.text, "call [phone] #ok");
    assert_eq!(post.hashtags, ["tel [phone]", "ok"]);
}

#[test]
fn what_is_kept_stays() {
    let policy = Policy {
        keep: vec!["+49 30 123456-0".into(), "@acme.example".into()],
        ..Policy::default()
    };
    let (post, notes) = let_in_by(
        &policy,
        raw(json!({"text": "help@acme.example or +49 30 1234560 or ann@b.example"})),
    );
    assert_eq!(post.text, "help@acme.example or +49 30 1234560 or [email]");
    assert_eq!(notes, [post::Note::Redacted]);
}

proptest! {
    #[test]
    fn nothing_planted_gets_through(
        around in prop::collection::vec("[a-z é東😀#.,!?\n]{0,12}", 4),
        id in "did:plc:[a-z2-7]{10}",
        handle in "[a-z]{3,8}_[0-9]{3,5}",
        mail in "[a-z]{3,9}\\.[a-z]{3,9}@[a-z]{3,8}\\.(com|org|de)",
        phone in "\\+49 1[567][0-9] [2-9][0-9]{6}",
        upper in any::<bool>(),
    ) {
        let shown = if upper { handle.to_uppercase() } else { handle.clone() };
        let text = format!("{} @{shown} {} {mail} {} {phone} {} https://bsky.app/profile/{id}", around[0], around[1], around[2], around[3]);
        let value = json!({
            "uid": format!("bluesky:at://{id}/app.bsky.feed.post/3k"), "platform": "bluesky",
            "author": {"id": id, "handle": handle, "name": format!("Zorro {handle}")},
            "text": text, "title": format!("by {handle}: {mail}"), "content_warning": format!("{phone}"), "community": handle,
            "hashtags": [handle], "mentions": [{"id": id, "handle": handle}], "reply_to": format!("at://{id}/x/1"),
            "urls": [format!("https://a.example/{handle}/1"), format!("https://a.example/?u={id}")],
            "media": [{"kind": "image", "url": format!("https://cdn.example/{id}.jpg"), "alt": format!("@{handle} {mail}")}],
            "permalink": format!("https://bsky.app/profile/{handle}/post/3k")
        });
        let (post, _) = let_in(raw(value));
        let json = serde_json::to_string(&post).unwrap();
        let binary = postcard::to_stdvec(&post).unwrap();
        for secret in [&id, &handle, &shown, &mail, &phone] {
            prop_assert!(!json.contains(secret.as_str()), "{secret} in {json}");
            prop_assert!(!binary.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} in bytes");
        }
        prop_assert!(!json.contains("Zorro"));
    }

    #[test]
    fn any_post_is_judged_without_panic(text in "(\\PC|[@＠#]|[0-9 .+-]{4}|https://|x\\.com/|\\n){0,60}") {
        let (post, _) = let_in(raw(json!({"text": format!("a{text}"), "author": "ann"})));
        prop_assert!(!post.text.is_empty());
    }
}

mod consent {
    //! Modes, indexing flags, own accounts, suppressed authors.

    use crate::{admission, let_in_by, noon, raw};
    use post::{Admitted, Identity, Mode, Policy, Post, Refusal, Suppression};
    use serde_json::{Value, json};

    fn by_mode(mode: Mode, value: Value) -> (Post, Identity) {
        match admission(&Policy::default()).admit(raw(value), mode, noon()) {
            Ok(Admitted::Post(post, identity, _)) => (*post, identity),
            other => panic!("{other:?}"),
        }
    }

    fn ann(followers: u64) -> Value {
        json!({
            "uid": "x:1", "platform": "x", "permalink": "https://x.example/ann_77/1",
            "author": {"id": "4711", "handle": "ann_77", "name": "Ann A.", "followers": followers},
            "text": "ann_77 here: ask @bob or bob@mail.example", "quoted_text": "@bob: +49 171 1234567"
        })
    }

    #[test]
    fn a_mode_says_what_is_kept_of_the_author() {
        let (sealed, identity) = by_mode(Mode::Sealed, ann(10));
        let author = sealed.author.unwrap();
        assert_eq!((&author.public_handle, &author.public_name), (&None, &None));
        assert!(author.handle_token.is_some() && !sealed.text.contains("ann_77"));
        assert_eq!(identity.handle.as_deref(), Some("ann_77"));

        let (clear, same) = by_mode(Mode::Clear, ann(10));
        let named = clear.author.unwrap();
        assert_eq!(
            (named.public_handle.as_deref(), named.public_name.as_deref()),
            (Some("ann_77"), Some("Ann A."))
        );
        assert!(
            clear.text.starts_with("ann_77 here: ask @p_") && clear.text.ends_with(" or [email]"),
            "{}",
            clear.text
        );
        assert_eq!((same, named.key), (identity, author.key));

        for followers in [10, 9_000_000] {
            let (none, identity) = by_mode(Mode::None, ann(followers));
            let nobody = none.author.unwrap();
            assert_eq!(
                (&nobody.handle_token, &nobody.public_handle, &nobody.public_name),
                (&None, &None, &None)
            );
            assert_eq!(
                (nobody.key, nobody.followers, none.key),
                (author.key, Some(followers), sealed.key)
            );
            assert!(identity.is_empty() && identity == Identity::default());
            assert!(!none.text.contains("ann_77"));
        }
    }

    #[test]
    fn quoted_text_is_protected_like_text() {
        let quoted = by_mode(Mode::Sealed, ann(10)).0.quoted_text.unwrap();
        assert!(
            quoted.starts_with("@p_") && quoted.ends_with(": [phone]"),
            "{quoted}"
        );
        let long = json!({"text": "a", "quoted_text": "é".repeat(50_000)});
        assert!(by_mode(Mode::Sealed, long).0.quoted_text.unwrap().len() <= 8 << 10);
        assert_eq!(
            by_mode(Mode::Sealed, json!({"text": "a", "quoted_text": " "}))
                .0
                .quoted_text,
            None
        );
    }

    #[test]
    fn an_offset_is_one_of_the_earths() {
        let offset = |minutes: i64| {
            by_mode(Mode::Sealed, json!({"text": "a", "utc_offset": minutes}))
                .0
                .utc_offset
        };
        assert_eq!(
            [offset(120), offset(-720), offset(840)],
            [Some(120), Some(-720), Some(840)]
        );
        assert_eq!([offset(841), offset(-721), offset(70_000)], [None; 3]);
    }

    #[test]
    fn organisations_keep_their_name() {
        let name = |organisation: Value| {
            let author = json!({"id": "1", "handle": "city", "organisation": organisation});
            by_mode(Mode::Sealed, json!({"text": "a", "author": author}))
                .0
                .author
                .unwrap()
                .public_handle
        };
        assert_eq!(name(json!(true)).as_deref(), Some("city"));
        assert_eq!([name(json!(false)), name(json!(null))], [None, None]);
    }

    fn ours() -> Policy {
        Policy {
            own: vec!["@AcmeHelp".into(), "did:plc:acme".into()],
            ..Policy::default()
        }
    }

    #[test]
    fn authors_who_are_not_to_be_indexed_are_refused_unless_they_speak_to_us() {
        let base = json!({"text": "hello", "indexable": false, "author": {"id": "1", "handle": "ann"}});
        let with = |field: &str, value: Value| {
            let mut post = base.clone();
            post[field] = value;
            post
        };
        let to_us = [
            with("text", json!("hello @acmehelp!")),
            with("mentions", json!([{"handle": "AcmeHelp"}])),
            with("mentions", json!([{"id": "did:plc:acme"}])),
            with(
                "reply_to",
                json!("bluesky:at://did:plc:acme/app.bsky.feed.post/3k"),
            ),
            with("author", json!({"id": "did:plc:acme"})),
            with("indexable", json!(true)),
            with("indexable", json!(null)),
        ];
        for post in to_us {
            let expected = post["indexable"].as_bool();
            assert_eq!(let_in_by(&ours(), raw(post)).0.indexable, expected);
        }
        let to_others = [
            base.clone(),
            with("text", json!("hello acmehelp and @other")),
            with(
                "reply_to",
                json!("bluesky:at://did:plc:acmeother/app.bsky.feed.post/3k"),
            ),
        ];
        for post in to_others {
            let refused = admission(&ours())
                .admit(raw(post), Mode::Sealed, noon())
                .unwrap_err();
            assert_eq!(
                (&refused, refused.code()),
                (&Refusal::NotIndexable, "not_indexable")
            );
        }
        assert!(
            admission(&Policy::default())
                .admit(raw(base), Mode::Sealed, noon())
                .is_err()
        );
    }

    #[test]
    fn own_and_kept_handles_are_readable() {
        let policy = Policy {
            keep: vec!["@acme.example".into()],
            ..ours()
        };
        let (post, _) = let_in_by(
            &policy,
            raw(json!({"text": "@acmehelp @acme.example a@acme.example"})),
        );
        assert_eq!(post.text, "@acmehelp @acme.example a@acme.example");
    }

    #[test]
    fn suppressed_authors_are_refused_until_they_are_not() {
        let admission = admission(&Policy::default());
        let admit = |value: Value| admission.admit(raw(value), Mode::None, noon());
        let by_id = json!({"uid": "x:1", "platform": "twitter", "text": "a", "author": {"id": "4711", "handle": "new_name"}});
        let by_handle =
            json!({"uid": "x:2", "platform": "x", "text": "a", "author": {"id": "99", "handle": "Ann_77"}});
        let elsewhere = json!({"uid": "m:2", "platform": "mastodon", "text": "a", "author": {"id": "4711", "handle": "ann_77"}});
        assert!(admit(by_id.clone()).is_ok() && admit(by_handle.clone()).is_ok());
        admission.suppress(Suppression::new(
            [admission.author_key("x", "4711")],
            [admission.handle_key("Twitter", "@ann_77")],
        ));
        for value in [&by_id, &by_handle] {
            let refused = admit(value.clone()).unwrap_err();
            assert_eq!(refused.code(), "suppressed");
            assert!(!refused.to_string().contains("ann"));
            let mut edit = value.clone();
            edit["event"] = json!("edit");
            assert_eq!(admit(edit), Err(Refusal::Suppressed));
            let mut delete = value.clone();
            delete["event"] = json!("delete");
            assert!(matches!(admit(delete), Ok(Admitted::Delete(..))));
        }
        assert!(admit(elsewhere).is_ok());
        admission.suppress(Suppression::default());
        assert!(admit(by_id).is_ok());
    }
}
