//! Posts pushed to a webhook of our own.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sources::webhook::{Hook, HookAnswer, HookRequest};
use sources::{SourceEvent, find};

const KEY: &[u8] = b"0123456789abcdef0123";
const NOW: i64 = 1_770_000_000_000;

fn hook(config: &str) -> Box<dyn Hook> {
    (find("webhook").unwrap().hook.unwrap())(config.parse().unwrap()).unwrap()
}

fn standard() -> Box<dyn Hook> {
    hook(&format!(
        "secret = \"whsec_{}\"\nplatform = \"forum\"",
        BASE64_STANDARD.encode(KEY)
    ))
}

fn mac(message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn sign(id: &str, seconds: i64, body: &str) -> Vec<(String, String)> {
    let signature = BASE64_STANDARD.encode(mac(format!("{id}.{seconds}.{body}").as_bytes()));
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", format!("v1a,xx v1,{signature}")),
    ]
    .into_iter()
    .map(|(k, v)| (k.to_owned(), v))
    .collect()
}

fn call(hook: &dyn Hook, headers: &[(String, String)], body: &str) -> HookAnswer {
    hook.answer(&HookRequest {
        method: "POST",
        query: "",
        headers,
        body: body.as_bytes(),
        now: NOW,
    })
}

#[test]
fn signed_posts_are_taken_and_counted() {
    let hook = standard();
    let body = r#"[{"id":"1","text":"hello"},{"id":"2","text":"a","counts":{"likes":"many"}}]"#;
    let answer = call(&*hook, &sign("m1", NOW / 1000, body), body);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, r#"{"accepted":1,"refused":1}"#)
    );
    let SourceEvent::Post(post) = &answer.delivery.events[0] else {
        panic!()
    };
    assert_eq!(
        (post.uid.as_deref(), post.text.as_str()),
        (Some("forum:1"), "hello")
    );
}

#[test]
fn what_is_not_signed_as_it_must_be_delivers_nothing() {
    let hook = standard();
    let body = r#"{"text":"hello"}"#;
    let good = sign("m1", NOW / 1000, body);
    let mut other_body = good.clone();
    other_body[1].1 = (NOW / 1000 - 1).to_string();
    let without = |name: &str| {
        good.iter()
            .filter(|(n, _)| n != name)
            .cloned()
            .collect::<Vec<_>>()
    };
    for (what, headers) in [
        ("no headers", Vec::new()),
        ("another time than signed", other_body),
        ("no id", without("webhook-id")),
        ("no signature", without("webhook-signature")),
        ("too old", sign("m1", NOW / 1000 - 301, body)),
        ("from the future", sign("m1", NOW / 1000 + 301, body)),
    ] {
        let answer = call(&*hook, &headers, body);
        assert_eq!((answer.status, answer.delivery.events.len()), (401, 0), "{what}");
    }
    assert_eq!(call(&*hook, &good, r#"{"text":"hullo"}"#).status, 401);
    assert_eq!(call(&*hook, &good, body).status, 200);
}

#[test]
fn a_call_played_again_delivers_nothing_and_a_new_try_does() {
    let hook = standard();
    let body = r#"{"id":"1","text":"hello"}"#;
    let first = sign("m1", NOW / 1000, body);
    assert_eq!(call(&*hook, &first, body).delivery.events.len(), 1);
    let again = call(&*hook, &first, body);
    assert_eq!((again.status, again.delivery.events.len()), (200, 0));
    assert_eq!(
        call(&*hook, &sign("m1", NOW / 1000 + 5, body), body)
            .delivery
            .events
            .len(),
        1
    );
}

#[test]
fn other_schemes_are_a_signature_of_the_body_and_a_shown_secret() {
    let body = r#"{"msg":{"t":"hi"}}"#;
    let secret = std::str::from_utf8(KEY).unwrap();
    let hub = hook(&format!(
        "secret = {secret:?}\nscheme = \"sha256\"\n[map]\ntext = \"msg.t\""
    ));
    let hex: String = mac(body.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    let header = |name: &str, value: String| vec![(name.to_owned(), value)];
    let answer = call(
        &*hub,
        &header("x-hub-signature-256", format!("sha256={hex}")),
        body,
    );
    let SourceEvent::Post(post) = &answer.delivery.events[0] else {
        panic!()
    };
    assert_eq!((answer.status, post.text.as_str()), (200, "hi"));
    assert_eq!(
        call(
            &*hub,
            &header("x-hub-signature-256", format!("sha256={}", &hex[2..])),
            body
        )
        .status,
        401
    );
    let bearer = hook(&format!("secret = {secret:?}\nscheme = \"bearer\""));
    assert_eq!(
        call(
            &*bearer,
            &header("authorization", format!("Bearer {secret}")),
            body
        )
        .status,
        200
    );
    for bad in [
        String::new(),
        format!("Basic {secret}"),
        format!("Bearer {secret}x"),
    ] {
        assert_eq!(call(&*bearer, &header("authorization", bad), body).status, 401);
    }
}

#[test]
fn bodies_that_are_none_and_those_too_long() {
    let secret = std::str::from_utf8(KEY).unwrap();
    let hook = hook(&format!("secret = {secret:?}\nscheme = \"bearer\""));
    let headers = [("authorization".to_owned(), format!("Bearer {secret}"))];
    let many = format!("[{}]", vec!["{}"; 10_001].join(","));
    for (body, status) in [("", 400), ("oops", 400), ("[", 400), (many.as_str(), 413)] {
        assert_eq!(call(&*hook, &headers, body).status, status);
    }
    let get = HookRequest {
        method: "GET",
        query: "",
        headers: &headers,
        body: b"",
        now: NOW,
    };
    assert_eq!(hook.answer(&get).status, 405);
}

#[tokio::test]
async fn following_waits_to_be_told_to_stop() {
    use crate::support::running::{Start, start};
    let running = start("webhook", "secret = \"x\"\nscheme = \"bearer\"", Start::default());
    running.until(|h| h.state == sources::State::Live).await;
    running.stop().await;
}

#[test]
fn faults_of_a_configuration_are_all_named() {
    let configure = find("webhook").unwrap().configure;
    let fault = |text: &str| configure(text.parse().unwrap()).err().unwrap().to_string();
    let all = fault("secret = \"short\"\ntolerance_seconds = 1\n[map]\nnothing = \"x\"");
    assert!(
        all.contains("secret") && all.contains("tolerance_seconds") && all.contains("map"),
        "{all}"
    );
    assert!(!all.contains("short"));
    assert!(fault("").contains("secret"));
}
