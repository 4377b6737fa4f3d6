//! The webhooks of Meta's platforms.

use crate::support::meta::{hmac_hex, posts};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use post::{Event, Kind};
use serde_json::{Value, json};
use sources::SourceEvent;
use sources::webhook::{Hook, HookAnswer, HookRequest};

const KEYS: &str = "app_secret = \"shh\"\nverify_token = \"open\"";

fn hook(connector: &str) -> Box<dyn Hook> {
    let own = match connector {
        "facebook" => "pages = [\"100\"]",
        "instagram" => "user = \"100\"",
        _ => "",
    };
    let make = sources::find(connector).unwrap().hook.unwrap();
    make(format!("{own}\n{KEYS}").parse().unwrap()).unwrap()
}

fn get(hook: &dyn Hook, query: &str) -> HookAnswer {
    hook.answer(&HookRequest {
        method: "GET",
        query,
        headers: &[],
        body: b"",
        now: 0,
    })
}

fn send(hook: &dyn Hook, body: &[u8], signature: Option<String>) -> HookAnswer {
    let headers: Vec<(String, String)> = signature
        .map(|s| ("x-hub-signature-256".to_owned(), s))
        .into_iter()
        .chain([("host".to_owned(), "listen.example".to_owned())])
        .collect();
    hook.answer(&HookRequest {
        method: "POST",
        query: "",
        headers: &headers,
        body,
        now: 0,
    })
}

fn signed(hook: &dyn Hook, body: &Value) -> HookAnswer {
    let body = body.to_string();
    let signature = format!("sha256={}", hmac_hex("shh", body.as_bytes()));
    send(hook, body.as_bytes(), Some(signature))
}

fn feed(values: &[Value]) -> Value {
    let changes: Vec<Value> = values
        .iter()
        .map(|v| json!({"field": "feed", "value": v}))
        .collect();
    json!({"object": "page", "entry": [{"id": "100", "time": 1_764_000_000, "changes": changes}]})
}

#[test]
fn the_handshake_is_answered_for_the_right_token() {
    for connector in ["facebook", "instagram", "threads"] {
        let hook = hook(connector);
        let good = "hub.mode=subscribe&hub.verify_token=open&hub.challenge=1158201444";
        let answer = get(hook.as_ref(), good);
        assert_eq!((answer.status, answer.body.as_str()), (200, "1158201444"));
        for bad in [
            "hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1",
            "hub.mode=unsubscribe&hub.verify_token=open&hub.challenge=1",
            "hub.mode=subscribe&hub.verify_token=open",
            "",
        ] {
            assert_eq!(get(hook.as_ref(), bad).status, 403, "{bad}");
        }
    }
}

#[test]
fn a_webhook_needs_its_secrets() {
    let make = sources::find("threads").unwrap().hook.unwrap();
    let fault = make(toml::Table::new()).err().unwrap().to_string();
    assert!(fault.contains("app_secret") && fault.contains("verify_token"));
}

#[test]
fn only_what_is_signed_is_taken() {
    let hook = hook("facebook");
    let told = feed(&[
        json!({"item": "status", "verb": "add", "post_id": "100_1", "message": "new",
        "from": {"id": "100", "name": "Acme"}, "created_time": 1_764_000_000}),
    ]);
    let first = signed(hook.as_ref(), &told);
    assert_eq!((first.status, first.delivery.events.len()), (200, 1));
    let again = signed(hook.as_ref(), &told);
    assert_eq!(
        first.delivery.events, again.delivery.events,
        "sent again, it says the same"
    );
    let body = told.to_string();
    let good = hmac_hex("shh", body.as_bytes());
    for signature in [
        None,
        Some(String::new()),
        Some(format!("sha256={}", hmac_hex("other", body.as_bytes()))),
        Some(format!("sha1={good}")),
        Some(good[..62].to_owned()),
    ] {
        let answer = send(hook.as_ref(), body.as_bytes(), signature.clone());
        assert_eq!(
            (answer.status, answer.delivery.events.len()),
            (401, 0),
            "{signature:?}"
        );
    }
    let changed = body.replace("new", "old");
    let answer = send(hook.as_ref(), changed.as_bytes(), Some(format!("sha256={good}")));
    assert_eq!(answer.status, 401);
}

#[test]
fn pitfall_09_every_change_of_every_entry_counts() {
    let value = |id: &str| json!({"item": "post", "verb": "add", "post_id": id, "message": "m"});
    let mut body = feed(&[value("100_1"), value("100_2")]);
    let second =
        json!({"id": "200", "time": 1_764_000_000, "changes": [{"field": "feed", "value": value("200_3")}]});
    body["entry"].as_array_mut().unwrap().push(second);
    body["entry"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "3", "changes": [{"field": "parking"}]}));
    let found = posts(&signed(hook("facebook").as_ref(), &body).delivery.events);
    let uids: Vec<&str> = found.iter().filter_map(|p| p.uid.as_deref()).collect();
    assert_eq!(uids, ["facebook:100_1", "facebook:100_2", "facebook:200_3"]);
    assert_eq!(
        found[2].community.as_deref(),
        Some("200"),
        "the entry's own account"
    );
}

#[test]
fn verbs_are_events() {
    let hook = hook("facebook");
    let event = |item: &str, verb: &str| {
        let value = json!({"item": item, "verb": verb, "post_id": "100_1", "comment_id": "1_2", "message": "m",
            "parent_id": "100_1", "from": {"id": "9", "name": "Bea"}, "created_time": 1_764_000_000});
        posts(&signed(hook.as_ref(), &feed(&[value])).delivery.events).pop()
    };
    for (verb, expected) in [
        ("add", Event::Create),
        ("edited", Event::Edit),
        ("edit", Event::Edit),
        ("remove", Event::Delete),
        ("hide", Event::Withhold),
        ("unhide", Event::Edit),
    ] {
        let comment = event("comment", verb).unwrap();
        assert_eq!(
            (comment.event, comment.uid.as_deref()),
            (expected, Some("facebook:1_2")),
            "{verb}"
        );
        let post = event("photo", verb).unwrap();
        assert_eq!(
            (post.event, post.uid.as_deref()),
            (expected, Some("facebook:100_1"))
        );
    }
    for (item, verb) in [
        ("like", "add"),
        ("reaction", "add"),
        ("reaction", "remove"),
        ("post", "sneeze"),
        ("party", "add"),
    ] {
        assert_eq!(event(item, verb), None, "{item} {verb}");
    }
    let comment = event("comment", "add").unwrap();
    assert_eq!(comment.kind, Kind::Comment);
    assert_eq!(comment.mentions[0].id.as_deref(), Some("100"), "who is answered");
}

#[test]
fn instagram_tells_comments_and_threads_replies() {
    let body = json!({"object": "instagram", "entry": [{"id": "100", "time": 1_764_000_000, "changes": [
        {"field": "comments", "value": {"id": "55", "text": "Nice, @acme", "from": {"id": "9", "username": "bea"}, "media": {"id": "44"}}},
        {"field": "story_insights", "value": {"media_id": "1"}}]}]});
    let found = posts(&signed(hook("instagram").as_ref(), &body).delivery.events);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].reply_to.as_deref(), Some("instagram:44"));
    assert_eq!(found[0].created_at.as_deref(), Some("2025-11-24T16:00:00Z"));
    assert_eq!(found[0].author.as_ref().unwrap().handle.as_deref(), Some("bea"));

    let body = json!({"app_id": "1", "target_id": "100", "time": 1_764_000_000, "values": {"field": "replies", "value":
        {"id": "77", "username": "bea", "text": "Why?", "timestamp": "2026-01-02T03:04:05+0000", "replied_to": {"id": "66"}, "root_post": {"id": "60"}}}});
    let found = posts(&signed(hook("threads").as_ref(), &body).delivery.events);
    assert_eq!(
        (
            found[0].kind,
            found[0].reply_to.as_deref(),
            found[0].thread_root.as_deref()
        ),
        (Kind::Reply, Some("threads:66"), Some("threads:60"))
    );
    let body = json!({"values": [{"field": "delete", "value": {"id": "77"}}]});
    let found = posts(&signed(hook("threads").as_ref(), &body).delivery.events);
    assert_eq!(
        (found[0].event, found[0].uid.as_deref()),
        (Event::Delete, Some("threads:77"))
    );
}

#[test]
fn what_is_signed_and_unreadable_is_refused_once() {
    let hook = hook("facebook");
    for body in [&b"{"[..], b"[]", b"\xff\xfe"] {
        let signature = format!("sha256={}", hmac_hex("shh", body));
        let answer = send(hook.as_ref(), body, Some(signature));
        assert_eq!(
            (answer.status, answer.delivery.refused.len()),
            (200, 1),
            "{body:?}"
        );
    }
}

fn deletion(secret: &str, payload: &Value) -> String {
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let hex = hmac_hex(secret, payload.as_bytes());
    let bytes: Vec<u8> = (0..32)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
        .collect();
    format!("signed_request={}.{payload}", URL_SAFE_NO_PAD.encode(bytes))
}

#[test]
fn a_person_who_asks_to_be_deleted_is() {
    let payload = json!({"user_id": "4711", "algorithm": "HMAC-SHA256", "issued_at": 1});
    for (connector, platform) in [
        ("facebook", "facebook"),
        ("instagram", "instagram"),
        ("threads", "threads"),
    ] {
        let hook = hook(connector);
        let answer = send(hook.as_ref(), deletion("shh", &payload).as_bytes(), None);
        assert_eq!(
            answer.delivery.events,
            [SourceEvent::AuthorGone {
                platform,
                author_id: "4711".to_owned()
            }]
        );
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(told["url"], "https://listen.example/");
        let code = told["confirmation_code"].as_str().unwrap();
        assert!(code.len() == 24 && !code.contains("4711"));
        let again = send(hook.as_ref(), deletion("shh", &payload).as_bytes(), None);
        assert_eq!(answer.body, again.body, "asked again, the code is the same");
    }
}

#[test]
fn nobody_else_can_ask_for_a_deletion() {
    let hook = hook("facebook");
    let payload = json!({"user_id": "4711", "algorithm": "HMAC-SHA256"});
    let plain = json!({"user_id": "4711", "algorithm": "none"});
    for body in [
        deletion("other", &payload),
        deletion("shh", &plain),
        "signed_request=".to_owned(),
        "signed_request=a.b".to_owned(),
        "signed_request=.".to_owned(),
    ] {
        let answer = send(hook.as_ref(), body.as_bytes(), None);
        assert_eq!((answer.status, answer.delivery.events.len()), (401, 0), "{body}");
    }
}
