//! Following subreddits, searches and threads.

use super::{acme, comment, config, listing, page, platform, post, posts, token, with};
use crate::contract::{Case, holds};
use crate::support::http::{Answer, Asked, Mock};
use crate::support::running::{Start, start, uids};
use post::Event;
use serde_json::{Value, json};
use sources::budget::{Budget, BudgetConfig};
use sources::keep::Memory;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// a2, c1 and b0 are known.
const KNOWN: &str = r#"{"marks":{"acme/comments":{"number":433,"at":1764000000000},
    "acme/new":{"number":362,"at":1764000000000},"search":{"number":396,"at":1764000000000}}}"#;

#[tokio::test]
async fn the_contract_holds() {
    holds(Case {
        connector: "reddit",
        config,
        platform,
        cursor: Some(KNOWN),
        wanted: acme,
        uids: &[
            "reddit:t3_a3",
            "reddit:t3_a4",
            "reddit:t3_a5",
            "reddit:t3_a6",
            "reddit:t3_a7",
            "reddit:t3_a8",
            "reddit:t3_a9",
            "reddit:t1_c2",
            "reddit:t1_c3",
            "reddit:t1_c4",
            "reddit:t3_b1",
            // The page that reaches what is known shows these too.
            "reddit:t3_a1",
            "reddit:t3_a2",
            "reddit:t1_c1",
        ],
        lists: &["/data/children"],
        requests: 6,
        renews: true,
    })
    .await;
}

#[tokio::test]
async fn every_request_names_the_app_and_carries_the_token() {
    let mock = Mock::start(platform()).await;
    let mut running = start("reddit", &config(&mock.url), Start::default());
    running.take(3).await;
    running.stop().await;
    let asked = mock.asked();
    let version = env!("CARGO_PKG_VERSION");
    let agent = format!("server:groundswell:v{version} (by /u/ann)");
    assert!(asked.iter().all(|a| a.headers["user-agent"] == agent));
    assert_eq!(asked[0].method, "POST");
    assert_eq!(asked[0].body, "grant_type=client_credentials");
    assert_eq!(asked[0].headers["authorization"], "Basic YXBwOmh1c2g=");
    assert_eq!(asked[1].headers["authorization"], "Bearer token-1");
    assert_eq!(asked[1].param("raw_json").as_deref(), Some("1"));
}

#[tokio::test]
async fn a_refresh_token_reads_as_its_account() {
    let mock = Mock::start(platform()).await;
    let config = format!("{}\nrefresh_token = \"again\"", config(&mock.url));
    let mut running = start("reddit", &config, Start::default());
    running.take(1).await;
    running.stop().await;
    assert_eq!(
        mock.asked()[0].body,
        "grant_type=refresh_token&refresh_token=again"
    );
}

#[tokio::test]
async fn an_item_to_go_on_behind_may_be_deleted_meanwhile() {
    let posts: Vec<Value> = (1..=9).rev().map(|n| post(&format!("a{n}"))).collect();
    let mock = Mock::start(
        move |asked: &Asked| match (asked.path(), asked.param("after").as_deref()) {
            ("/token", _) => token(),
            // a7 is gone: behind it there is nothing.
            (_, Some("t3_a7")) => Answer::json(listing(Vec::new(), None)),
            (_, _) => page(asked, &posts, 3),
        },
    )
    .await;
    let start_at = Start {
        cursor: Some(KNOWN.to_owned()),
        ..Start::default()
    };
    let config = with(&mock.url, "subreddits = [\"acme\"]\ncomments = false");
    let mut running = start("reddit", &config, start_at);
    let found = uids(&running.take(8).await.events);
    assert!(found.contains("reddit:t3_a3"), "{found:?}");
    assert_eq!(running.health.sample().gaps, []);
    running.stop().await;
}

#[tokio::test]
async fn what_lies_behind_the_end_of_a_list_is_a_gap() {
    let posts: Vec<Value> = (1000..2000).rev().map(|n| post(&format!("{n}"))).collect();
    let mock = Mock::start(move |asked: &Asked| match asked.path() {
        "/token" => token(),
        _ => page(asked, &posts, 100),
    })
    .await;
    let cursor = r#"{"marks":{"acme/new":{"number":7,"at":1763000000000}}}"#.to_owned();
    let config = with(&mock.url, "subreddits = [\"acme\"]\ncomments = false");
    let with = Start {
        cursor: Some(cursor),
        ..Start::default()
    };
    let mut running = start("reddit", &config, with);
    let all = running.take(1000).await;
    assert_eq!(uids(&all.events).len(), 1000);
    running.until(|h| h.state == sources::State::Live).await;
    let gaps = running.health.sample().gaps;
    running.stop().await;
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].from, gaps[0].repaired), (1_763_000_000_000, false));
    assert!(gaps[0].until > 1_764_000_000_000);
}

#[tokio::test]
async fn an_edit_keeps_its_uid_and_a_deletion_follows() {
    let round = AtomicUsize::new(0);
    let mock = Mock::start(move |asked: &Asked| {
        if asked.path() == "/token" {
            return token();
        }
        let mut item = post("a1");
        match round.fetch_add(1, Ordering::Relaxed) {
            0 => {}
            1 => {
                item["data"]["edited"] = json!(1_764_009_000.0);
                item["data"]["selftext"] = json!("an acme anvil, mended");
            }
            _ => {
                item["data"]["author"] = json!("[deleted]");
                item["data"]["selftext"] = json!("[deleted]");
            }
        }
        Answer::json(listing(vec![item], None))
    })
    .await;
    let config = with(&mock.url, "subreddits = [\"acme\"]\ncomments = false");
    let mut running = start("reddit", &config, Start::default());
    let found = posts(&running.take(3).await.events);
    running.stop().await;
    let events: Vec<Event> = found.iter().map(|p| p.event).collect();
    assert_eq!(events, [Event::Create, Event::Edit, Event::Delete]);
    assert!(found.iter().all(|p| p.uid.as_deref() == Some("reddit:t3_a1")));
    assert_eq!(found[1].edited_at.as_deref(), Some("2025-11-24T18:30:00Z"));
}

/// A thread whose tree names two comments only, and goes on elsewhere below one.
fn thread(asked: &Asked) -> Answer {
    let more = |parent: &str, children: &[&str]| json!({"kind": "more", "data": {"id": "_", "name": "t1__", "parent_id": parent, "children": children}});
    let tree = |children: Vec<Value>| {
        Answer::json(json!([listing(vec![post("a1")], None), listing(children, None)]))
    };
    match asked.path() {
        "/token" => token(),
        "/comments/a1" => tree(vec![
            comment(
                "c1",
                "t3_a1",
                listing(vec![comment("c2", "t1_c1", json!("")), more("t1_c2", &[])], None),
            ),
            more("t3_a1", &["c5", "c6"]),
        ]),
        "/comments/a1/_/c2" => tree(vec![comment(
            "c2",
            "t1_c1",
            listing(vec![comment("c3", "t1_c2", json!(""))], None),
        )]),
        "/api/morechildren" => {
            assert_eq!(asked.param("link_id").as_deref(), Some("t3_a1"));
            assert_eq!(asked.param("children").as_deref(), Some("c5,c6"));
            let things = [
                comment("c5", "t3_a1", json!("")),
                comment("c6", "t1_c5", json!("")),
            ];
            Answer::json(json!({"json": {"errors": [], "data": {"things": things}}}))
        }
        _ => Answer::status(404),
    }
}

#[tokio::test]
async fn a_thread_is_read_whole() {
    let mock = Mock::start(thread).await;
    let config = with(&mock.url, "threads = [\"/r/acme/comments/a1/title/\"]");
    let mut running = start("reddit", &config, Start::default());
    let found = posts(&running.take(6).await.events);
    running.stop().await;
    let names: BTreeSet<&str> = found.iter().filter_map(|p| p.uid.as_deref()).collect();
    let expected = ["t3_a1", "t1_c1", "t1_c2", "t1_c3", "t1_c5", "t1_c6"].map(|n| format!("reddit:{n}"));
    assert_eq!(names, expected.iter().map(String::as_str).collect());
    let by = |uid: &str| found.iter().find(|p| p.uid.as_deref() == Some(uid)).unwrap();
    let answered = |uid: &str| by(uid).mentions[0].handle.clone().unwrap();
    assert_eq!(answered("reddit:t1_c1"), "bea", "the post's author");
    assert_eq!(answered("reddit:t1_c6"), "cyc5", "the comment's author");
    assert_eq!(by("reddit:t1_c6").reply_to.as_deref(), Some("reddit:t1_c5"));
    assert_eq!(by("reddit:t1_c6").thread_root.as_deref(), Some("reddit:t3_a1"));
}

#[tokio::test]
async fn wishes_change_while_it_runs_and_what_cannot_be_asked_is_said() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/token" => token(),
        _ => {
            let id = if asked.param("q").unwrap().contains("anvil") {
                "b2"
            } else {
                "b1"
            };
            Answer::json(listing(vec![post(id)], None))
        }
    })
    .await;
    let with_wishes = Start {
        wanted: acme(),
        ..Start::default()
    };
    let mut running = start("reddit", &with(&mock.url, ""), with_wishes);
    assert!(uids(&running.take(1).await.events).contains("reddit:t3_b1"));
    let wish = |id: &str, sought| sources::Wanted {
        id: id.to_owned(),
        sought,
    };
    running.wanted.send_replace(Arc::new(vec![
        wish("m2", sources::Sought::Word("anvil".to_owned())),
        wish("m3", sources::Sought::Prefix("anv".to_owned())),
    ]));
    let next = running.take(2).await;
    assert!(uids(&next.events).contains("reddit:t3_b2"));
    assert_eq!(next.refused[0].code, "too_wide");
    running.stop().await;
}

#[tokio::test]
async fn it_stops_before_the_budget_is_overspent() {
    let mock = Mock::start(platform()).await;
    let limits: BudgetConfig = BudgetConfig {
        posts_per_day: Some(5),
        ..BudgetConfig::default()
    };
    let budget = Arc::new(Budget::new(limits, &[], 0, Arc::new(Memory::default())));
    let with_budget = Start {
        cursor: Some(KNOWN.to_owned()),
        budget: Some(budget.clone()),
        ..Start::default()
    };
    let running = start("reddit", &config(&mock.url), with_budget);
    let health = running.until(|h| h.error.is_some()).await;
    running.stop().await;
    assert!(health.error.unwrap().contains("budget of 5 posts"));
    let limits: Vec<u64> = mock
        .asked()
        .iter()
        .filter_map(|a| a.param("limit")?.parse().ok())
        .collect();
    assert_eq!(limits[..2], [5, 2], "it asks for no more than is left");
    assert_eq!(budget.posts_left(), 0);
}
