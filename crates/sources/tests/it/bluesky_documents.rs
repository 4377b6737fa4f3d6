//! Recorded forms other than the stream: what `groundswell parse --source bluesky` reads.

use post::{Kind, RawPost};
use serde_json::{Value, json};
use sources::{ParseInput, Refused, SourceEvent, find};

fn parse(input: &str) -> (Vec<RawPost>, Vec<Refused>) {
    parse_bytes(input.as_bytes())
}

fn parse_bytes(input: &[u8]) -> (Vec<RawPost>, Vec<Refused>) {
    let (mut posts, mut refused) = (Vec::new(), Vec::new());
    let input = ParseInput {
        reader: Box::new(std::io::Cursor::new(input.to_vec())),
        name: "in".to_owned(),
        file: Default::default(),
    };
    (find("bluesky").unwrap().parse)(input, &mut |item| match item {
        Ok(SourceEvent::Post(post)) => posts.push(*post),
        Ok(SourceEvent::AuthorGone { .. }) => {}
        Err(e) => refused.push(e),
    })
    .unwrap();
    (posts, refused)
}

fn frame(rkey: &str) -> Value {
    json!({"did": "did:plc:ann", "time_us": 1, "kind": "commit", "commit": {"operation": "create",
           "collection": "app.bsky.feed.post", "rkey": rkey, "record": {"text": rkey}}})
}

fn view(rkey: &str) -> Value {
    json!({"uri": format!("at://did:plc:ann/app.bsky.feed.post/{rkey}"), "cid": "c", "likeCount": 3, "replyCount": 0,
           "author": {"did": "did:plc:ann", "handle": "ann.example", "displayName": "", "verification": {"verifiedStatus": "valid"}},
           "record": {"$type": "app.bsky.feed.post", "text": rkey, "createdAt": "2026-05-01T00:00:00Z"},
           "embed": {"record": {"uri": "at://did:plc:bob/app.bsky.feed.post/quoted", "author": {"did": "did:plc:bob"}, "value": {"text": "quoted"}}},
           "indexedAt": "2026-05-01T00:00:01Z"})
}

fn keys(posts: &[RawPost]) -> Vec<&str> {
    posts
        .iter()
        .map(|p| p.uid.as_deref().unwrap().rsplit('/').next().unwrap())
        .collect()
}

#[test]
fn frames_a_line_with_bad_ones_between() {
    let (posts, refused) = parse(&format!("{}\n\n{{bad\n{}\n7\n", frame("a"), frame("b")));
    assert_eq!(keys(&posts), ["a", "b"]);
    assert_eq!((refused.len(), refused[0].place.as_str()), (1, "in:3"));
    let (posts, refused) = parse(&format!("{{bad\n{}\n", frame("b")));
    assert_eq!((keys(&posts), refused[0].place.as_str()), (vec!["b"], "in:1"));
    let (_, refused) = parse_bytes(b"{\"a\":1}\n\"\xff\"\n");
    assert_eq!(
        (refused[0].code, refused[0].place.as_str()),
        ("invalid_utf8", "in:2")
    );
}

#[test]
fn views_wherever_they_lie_and_not_what_they_quote() {
    let page = json!({"feed": [
        {"post": view("a"), "reply": {"root": view("r"), "parent": {"$type": "app.bsky.feed.defs#notFoundPost", "uri": "at://x", "notFound": true}}},
        {"post": view("b")}], "cursor": "x"});
    let (posts, refused) = parse(&serde_json::to_string_pretty(&page).unwrap());
    assert_eq!((keys(&posts), refused.len()), (vec!["a", "r", "b"], 0));
    let post = &posts[0];
    assert_eq!(
        (post.counts.likes, post.counts.replies, post.counts.reposts),
        (Some(3), Some(0), None)
    );
    let author = post.author.clone().unwrap();
    assert_eq!(
        (author.handle.as_deref(), author.name, author.verified),
        (Some("ann.example"), None, Some(true))
    );
    assert_eq!(
        (post.kind, post.created_at.as_deref()),
        (Kind::Post, Some("2026-05-01T00:00:00Z"))
    );
}

#[test]
fn exported_records_and_recorded_exchanges() {
    let records = json!({"records": [
        {"uri": "at://did:plc:ann/app.bsky.feed.post/p", "value": {"text": "p"}},
        {"uri": "at://did:plc:ann/app.bsky.feed.like/l", "value": {"subject": {}}},
        {"uri": "at://did:plc:ann/app.bsky.feed.post/broken", "value": {"text": 7}}]});
    let (posts, refused) = parse(&records.to_string());
    assert_eq!((keys(&posts), refused.len()), (vec!["p"], 1));
    assert_eq!(refused[0].place, "in:1/records/2");
    let exchange = |body: String| {
        json!({"method": "GET", "url": "https://h.example", "status": 200, "headers": {}, "body": body})
            .to_string()
    };
    let lines = [
        exchange(json!([view("a")]).to_string()),
        exchange("<html>".to_owned()),
    ]
    .join("\n");
    let (posts, refused) = parse(&lines);
    assert_eq!(
        (keys(&posts), refused[0].place.as_str()),
        (vec!["a"], "in:2/body")
    );
}

#[test]
fn a_broken_document_is_one_refusal() {
    let page = serde_json::to_string_pretty(&json!([view("a"), view("b")])).unwrap();
    let (posts, refused) = parse(&page[..page.len() - 5]);
    assert_eq!((posts.len(), refused.len()), (0, 1));
    assert_eq!(parse("").1.len() + parse("\n \n").1.len(), 0);
    assert_eq!(parse("not json\n").1.len(), 1);
}
