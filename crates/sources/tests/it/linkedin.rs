//! LinkedIn against a made-up server.

use crate::contract::{Case, holds};
use crate::support::http::{Answer, Asked, Mock, Platform};
use crate::support::meta::{json_around, now_ms, parsed, posts};
use crate::support::running::{Start, start, uids};
use crate::support::shared::shared;
use post::{Event, Kind};
use proptest::prelude::*;
use serde_json::{Value, json};
use sources::keep::{Keep, Memory};
use sources::{Past, Task};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

fn config(url: &str) -> String {
    format!(
        "organisations = [\"7\"]\nrefresh_token = \"r\"\nclient_id = \"c\"\nclient_secret = \"s\"\n\
         api_url = {url:?}\ntoken_url = {url:?}\npoll_seconds = 60"
    )
}

fn minutes_ago(minutes: i64) -> i64 {
    now_ms() - minutes * 60_000
}

fn post(number: u32, minutes: i64) -> Value {
    json!({"id": format!("urn:li:share:{number}"), "author": "urn:li:organization:7", "lifecycleState": "PUBLISHED",
        "commentary": format!("News {number} from @[Acme](urn:li:organization:7) {{hashtag|\\#|acme}} \\(new\\)"),
        "publishedAt": minutes_ago(minutes), "createdAt": minutes_ago(minutes + 1), "lastModifiedAt": minutes_ago(minutes),
        "visibility": "PUBLIC", "content": {"media": {"id": "urn:li:image:abc", "altText": "a tin"}}})
}

fn comment(on: &str, number: u32, minutes: i64, replies: u32) -> Value {
    let time = json!({"time": minutes_ago(minutes)});
    json!({"id": number.to_string(), "$URN": format!("urn:li:comment:({on},{number})"), "actor": "urn:li:person:bea", "object": on,
        "created": time, "lastModified": time, "message": {"text": "Why?", "attributes": []},
        "commentsSummary": {"aggregatedTotalComments": replies}, "likesSummary": {"totalLikes": 1}})
}

const ACTIVITY: &str = "urn:li:activity:11";
/// The first comment, as it stands in a path.
const FIRST: &str = "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A11%2C51%29";

fn elements(all: Value) -> Answer {
    Answer::json(json!({"elements": all, "paging": {"start": 0, "count": 50, "total": 2}}))
}

fn api(asked: &Asked) -> Answer {
    let path = asked.path();
    if path == "/rest/posts" {
        return elements(json!([post(1, 10), post(2, 90)]));
    }
    if path == "/rest/socialMetadata" {
        return Answer::json(
            json!({"results": {"urn:li:share:1": {"reactionSummaries": {"LIKE": {"count": 4}, "PRAISE": {"count": 1}},
            "commentSummary": {"count": 3, "topLevelCount": 2}},
            "urn:li:share:2": {"reactionSummaries": {}, "commentSummary": {"count": 0}}}, "statuses": {}, "errors": {}}),
        );
    }
    if path == "/rest/socialActions/urn%3Ali%3Ashare%3A1/comments" {
        return elements(json!([comment(ACTIVITY, 51, 8, 1), comment(ACTIVITY, 52, 7, 0)]));
    }
    if path == format!("/rest/socialActions/{FIRST}/comments") {
        let mut reply = comment(ACTIVITY, 53, 6, 0);
        reply["parentComment"] = json!("urn:li:comment:(urn:li:activity:11,51)");
        return elements(json!([reply]));
    }
    if path == "/rest/organizations/7" {
        return Answer::json(json!({"localizedName": "Acme"}));
    }
    Answer::status(404)
}

/// The API, and tokens before it.
fn platform() -> Platform {
    let tokens = AtomicUsize::new(0);
    Box::new(move |asked: &Asked| {
        if asked.path() == "/oauth/v2/accessToken" {
            assert_eq!(asked.method, "POST");
            let token = format!("token-{}", tokens.fetch_add(1, Relaxed));
            return Answer::json(json!({"access_token": token, "expires_in": 5_184_000}));
        }
        assert!(asked.headers["authorization"].starts_with("Bearer token-"));
        assert_eq!(asked.headers["linkedin-version"], "202609");
        assert_eq!(asked.headers["x-restli-protocol-version"], "2.0.0");
        api(asked)
    })
}

const COMMENTS: [&str; 3] = [
    "linkedin:urn:li:comment:(urn:li:activity:11,51)",
    "linkedin:urn:li:comment:(urn:li:activity:11,52)",
    "linkedin:urn:li:comment:(urn:li:activity:11,53)",
];

#[tokio::test]
async fn the_contract_holds() {
    holds(Case {
        connector: "linkedin",
        config,
        platform,
        cursor: None,
        wanted: Vec::new,
        uids: &[
            "linkedin:urn:li:share:1",
            "linkedin:urn:li:share:2",
            COMMENTS[0],
            COMMENTS[1],
            COMMENTS[2],
        ],
        lists: &["/elements"],
        requests: 5,
        renews: true,
    })
    .await;
}

#[tokio::test]
async fn posts_comments_and_counts_are_read() {
    let mock = Mock::with_faults(platform(), Vec::new()).await;
    let mut running = start("linkedin", &config(&mock.url), Start::default());
    let found = posts(&running.take(5).await.events);
    running.stop().await;
    let of = |uid: &str| found.iter().find(|p| p.uid.as_deref() == Some(uid)).unwrap();
    let first = of("linkedin:urn:li:share:1");
    assert_eq!(first.text, "News 1 from Acme #acme (new)");
    assert_eq!((first.counts.likes, first.counts.replies), (Some(5), Some(3)));
    assert_eq!(first.author.as_ref().unwrap().organisation, Some(true));
    assert_eq!(
        (first.visibility.as_deref(), first.hashtags.as_slice()),
        (Some("public"), &["acme".to_owned()][..])
    );
    assert_eq!(
        (first.media[0].kind.as_str(), first.media[0].alt.as_deref()),
        ("image", Some("a tin"))
    );
    let comment = of(COMMENTS[1]);
    assert_eq!(
        (comment.kind, comment.reply_to.as_deref()),
        (Kind::Comment, Some("linkedin:urn:li:share:1")),
        "by the name the post has here"
    );
    assert_eq!(comment.mentions[0].id.as_deref(), Some("urn:li:organization:7"));
    let reply = of(COMMENTS[2]);
    assert_eq!(reply.reply_to.as_deref(), Some(COMMENTS[0]));
    let batch = mock
        .asked()
        .into_iter()
        .find(|a| a.path() == "/rest/socialMetadata")
        .unwrap();
    assert!(
        batch
            .target
            .ends_with("?ids=List(urn%3Ali%3Ashare%3A1,urn%3Ali%3Ashare%3A2)")
    );
}

#[tokio::test]
async fn an_expired_token_is_renewed() {
    let tokens = Arc::new(AtomicUsize::new(0));
    let given = tokens.clone();
    let mock = Mock::start(move |asked: &Asked| {
        if asked.path() == "/oauth/v2/accessToken" {
            assert!(
                asked.body.contains("grant_type=refresh_token") && asked.body.contains("refresh_token=r")
            );
            let token = format!("token-{}", given.fetch_add(1, Relaxed));
            return Answer::json(json!({"access_token": token, "expires_in": 5_184_000}));
        }
        if asked.headers["authorization"] == "Bearer token-0" {
            return Answer::text(401, "application/json", r#"{"code":"EXPIRED_ACCESS_TOKEN"}"#);
        }
        api(asked)
    })
    .await;
    let mut running = start("linkedin", &config(&mock.url), Start::default());
    assert_eq!(uids(&running.take(5).await.events).len(), 5);
    assert_eq!(tokens.load(Relaxed), 2);
    running.stop().await;
}

#[tokio::test]
async fn troubles_are_named_without_people_or_tokens() {
    let cases = [
        (429, "{}", "429"),
        (
            403,
            r#"{"message":"Throttle limit for calls to this resource is reached, Bea."}"#,
            "limit",
        ),
        (
            426,
            r#"{"code":"NONEXISTENT_VERSION","message":"x"}"#,
            "LinkedIn-Version",
        ),
    ];
    for (status, body, words) in cases {
        let mock = Mock::start(move |_: &Asked| Answer::text(status, "application/json", body)).await;
        let config = format!(
            "organisations = [\"7\"]\ntoken = \"t0ken\"\napi_url = {:?}",
            mock.url
        );
        let running = start("linkedin", &config, Start::default());
        let said = running.until(|h| h.error.is_some()).await.error.unwrap();
        assert!(
            said.contains(words) && !said.contains("Bea") && !said.contains("t0ken"),
            "{said}"
        );
        running.stop().await;
    }
}

#[tokio::test]
async fn signing_in_is_enough() {
    let mock = Mock::start(api).await;
    let keep: Arc<dyn Keep> = Arc::new(Memory::default());
    keep.put(sources::oauth::ACCESS, "token-kept").unwrap();
    let with = |keep| Start {
        task: Task::Test,
        keep,
        ..Start::default()
    };
    let config = format!("organisations = [\"7\"]\napi_url = {:?}", mock.url);
    let mut running = start("linkedin", &config, with(keep));
    running.rest().await.1.unwrap();
    assert_eq!(
        running.report.snapshot().lines,
        ["organisation 1 of the configuration can be read"]
    );
    let mut running = start("linkedin", &config, with(Arc::new(Memory::default())));
    assert!(
        running
            .rest()
            .await
            .1
            .unwrap_err()
            .to_string()
            .contains("sign in")
    );
}

#[tokio::test]
async fn the_past_is_paged_back_and_estimated_first() {
    let mock = Mock::start(|asked: &Asked| {
        if asked.path() != "/rest/posts" {
            return api(asked);
        }
        let start: u32 = asked.param("start").unwrap().parse().unwrap();
        let count: u32 = asked.param("count").unwrap().parse().unwrap();
        let all: Vec<Value> = (start..(start + count).min(120))
            .map(|n| post(1000 + n, i64::from(n) + 1))
            .collect();
        Answer::json(json!({"elements": all, "paging": {"start": start, "count": count, "total": 120}}))
    })
    .await;
    let past = |estimate| Start {
        task: Task::Past(Past {
            from: 0,
            until: now_ms(),
            estimate,
        }),
        ..Start::default()
    };
    let config = format!(
        "organisations = [\"7\"]\ntoken = \"t\"\ncomments = false\napi_url = {:?}",
        mock.url
    );
    let mut running = start("linkedin", &config, past(true));
    running.rest().await.1.unwrap();
    assert_eq!(running.report.snapshot().estimate.unwrap().posts, Some(120));
    let mut running = start("linkedin", &config, past(false));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(uids(&found.events).len(), 120);
}

#[tokio::test]
async fn posts_are_asked_about_again() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/rest/posts/urn%3Ali%3Ashare%3A1" => Answer::json(post(1, 10)),
        "/rest/posts/urn%3Ali%3Ashare%3A3" => {
            let mut withdrawn = post(3, 10);
            withdrawn["lifecycleState"] = json!("DRAFT");
            Answer::json(withdrawn)
        }
        "/rest/socialActions/urn%3Ali%3Aactivity%3A11/comments/51" => {
            Answer::json(comment(ACTIVITY, 51, 8, 1))
        }
        _ => api(asked),
    })
    .await;
    let task = Task::Recheck(vec![
        "linkedin:urn:li:share:1".to_owned(),
        "linkedin:urn:li:share:2".to_owned(),
        "linkedin:urn:li:share:3".to_owned(),
        COMMENTS[0].to_owned(),
        COMMENTS[1].to_owned(),
    ]);
    let config = format!("organisations = [\"7\"]\ntoken = \"t\"\napi_url = {:?}", mock.url);
    let with = Start {
        task,
        ..Start::default()
    };
    let mut running = start("linkedin", &config, with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let events: Vec<Event> = posts(&found.events).iter().map(|p| p.event).collect();
    assert_eq!(
        events,
        [
            Event::Edit,
            Event::Delete,
            Event::Delete,
            Event::Edit,
            Event::Delete
        ]
    );
}

#[test]
fn reshares_articles_and_edits() {
    let mut share = post(1, 1);
    share["reshareContext"] = json!({"parent": "urn:li:share:9", "root": "urn:li:share:8"});
    share["content"] = json!({"article": {"source": "https://acme.example/", "title": "Tins"}});
    share["lifecycleStateInfo"] = json!({"isEditedByAuthor": true});
    let found = &parsed("linkedin", &share.to_string()).0[0];
    assert_eq!(
        (found.kind, found.quote_of.as_deref(), found.title.as_deref()),
        (Kind::Quote, Some("linkedin:urn:li:share:9"), Some("Tins"))
    );
    assert!(found.edited_at.is_some());
    share["commentary"] = json!("");
    assert_eq!(parsed("linkedin", &share.to_string()).0[0].kind, Kind::Repost);
    share["lifecycleState"] = json!("DRAFT");
    assert!(parsed("linkedin", &share.to_string()).0.is_empty());
}

#[test]
fn pitfall_15_what_is_not_told_is_not_zero() {
    let found = parsed("linkedin", &post(1, 1).to_string()).0;
    assert_eq!(found[0].counts, post::Counts::default());
}

#[test]
fn exported_tables_are_read() {
    let posts = "author,commentary,first_published_at,id,lifecycle_state,visibility\n\
        urn:li:organization:7,Tins \\(new\\),2026-10-13 17:32:47.678000 UTC,urn:li:ugcPost:1,PUBLISHED,PUBLIC\n\
        urn:li:organization:7,later,,urn:li:ugcPost:2,DRAFT,PUBLIC\n";
    let (found, refused) = parsed("linkedin", posts);
    assert_eq!((found.len(), refused), (1, 0));
    assert_eq!(
        (found[0].text.as_str(), found[0].created_at.as_deref()),
        ("Tins (new)", Some("2026-10-13T17:32:47.678Z"))
    );
    let figures =
        "_share_entity_urn,comment_count,impression_count,like_count,share_count\nurn:li:share:1,0,4,10,\n";
    let found = parsed("linkedin", figures).0;
    assert_eq!(found[0].event, Event::Engagement);
    assert_eq!(
        (
            found[0].counts.likes,
            found[0].counts.reposts,
            found[0].counts.views
        ),
        (Some(10), None, Some(4))
    );
    assert_eq!(parsed("linkedin", "a,b\n1,2\n").1, 1);
}

#[test]
fn recorded_exports_are_read() {
    let read = |name: &str| {
        let path = shared(&format!(
            "fixtures/linkedin/dbt_linkedin_pages__linkedin_pages_{name}.csv"
        ))?;
        Some(parsed("linkedin", &std::fs::read_to_string(path).unwrap()))
    };
    let Some((found, refused)) = read("ugc_post_history_data") else {
        return;
    };
    assert!(found.len() > 50 && refused == 0, "{} {refused}", found.len());
    assert!(
        found
            .iter()
            .all(|p| sources::file::to_rfc3339(p.created_at.as_deref().unwrap()).is_some())
    );
    assert!(read("share_statistic_data").unwrap().0.len() > 50);
    assert!(
        read("organization_ugc_post_data").unwrap().0.is_empty(),
        "ids alone are no posts"
    );
}

const KEYS: &[&str] = &[
    "id",
    "$URN",
    "author",
    "commentary",
    "content",
    "media",
    "article",
    "multiImage",
    "images",
    "poll",
    "createdAt",
    "publishedAt",
    "lifecycleState",
    "reshareContext",
    "parent",
    "actor",
    "message",
    "text",
    "attributes",
    "value",
    "object",
    "created",
    "time",
    "parentComment",
    "likesSummary",
    "totalLikes",
    "elements",
];

proptest! {
    #[test]
    fn no_json_makes_it_panic(document in json_around(KEYS)) {
        for post in parsed("linkedin", &document.to_string()).0 {
            prop_assert!(post.uid.is_some_and(|u| u.starts_with("linkedin:")));
        }
    }
}

#[test]
fn every_stated_fact_is_read() {
    use crate::support::facts::{Facts, hold, id, right};
    hold(Facts {
        connector: "linkedin",
        folder: "linkedin",
        uid: |fact| Some(format!("linkedin:{}", id(fact)?)),
        verdict: |post, field, stated, _| {
            Some(match field {
                // A medium has no address: its kind is in its URN.
                "media" => {
                    right(stated.as_str().and_then(|u| u.split(':').nth(2)) == Some(&post.media[0].kind))
                }
                _ => return None,
            })
        },
        at_least: 7,
    });
}
