//! What others push.

use sources::{MAX_PUSH_BYTES, MAX_PUSH_POSTS, PushError, parse_push};

fn shape(body: &str) -> Vec<Result<String, &'static str>> {
    parse_push(body.as_bytes())
        .unwrap()
        .into_iter()
        .map(|r| r.map(|p| p.text).map_err(|e| e.code))
        .collect()
}

#[test]
fn one_many_or_a_line_each() {
    let ok = |t: &str| Ok(t.to_owned());
    assert_eq!(shape(r#"{"text":"a","extra":1}"#), [ok("a")]);
    assert_eq!(shape("{\n \"text\": \"a\"\n}\n"), [ok("a")]);
    assert_eq!(
        shape(r#"[{"text":"a"},7,{"text":"b"}]"#),
        [ok("a"), Err("malformed"), ok("b")]
    );
    assert_eq!(
        shape("{\"text\":\"a\"}\n\n{bad\n{\"text\":\"b\"}"),
        [ok("a"), Err("malformed"), ok("b")]
    );
    assert_eq!(shape("[]"), []);
}

#[test]
fn an_unusable_value_refuses_its_post_with_the_place() {
    let refused = parse_push(br#"[{"text":"a"},{"text":"b","counts":{"likes":"many"}}]"#)
        .unwrap()
        .remove(1)
        .unwrap_err();
    assert_eq!(refused.to_string(), "1: counts is not readable");
    assert_eq!(shape(r#"{"text":{"a":1}}"#), [Err("bad_value")]);
    assert_eq!(shape(r#"{"text":"a","event":"explode"}"#), [Err("bad_value")]);
}

#[test]
fn bodies_are_bounded_and_must_be_json() {
    assert_eq!(parse_push(b" \n").unwrap_err(), PushError::Empty);
    assert_eq!(
        parse_push(b"{\"text\":\"\xff\"}").unwrap_err(),
        PushError::NotUtf8(9)
    );
    assert!(matches!(
        parse_push(b"text=a&b=c").unwrap_err(),
        PushError::Malformed(_)
    ));
    assert!(matches!(
        parse_push(b"{\"text\":\"cut").unwrap_err(),
        PushError::Malformed(_)
    ));
    assert!(matches!(parse_push(b"7").unwrap_err(), PushError::Malformed(_)));
    let many = format!("[{}]", vec!["{}"; MAX_PUSH_POSTS + 1].join(","));
    assert_eq!(
        parse_push(many.as_bytes()).unwrap_err(),
        PushError::TooMany(MAX_PUSH_POSTS + 1)
    );
    let long = vec![b' '; MAX_PUSH_BYTES + 1];
    assert_eq!(
        parse_push(&long).unwrap_err(),
        PushError::TooLong(MAX_PUSH_BYTES + 1)
    );
}
