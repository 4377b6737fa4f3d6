//! Following channels, comments and searches.

use super::{
    ACME, acme, channel, config, hit, list, platform, posts, thread, time, upload, video, videos, with,
};
use crate::contract::{Case, holds};
use crate::support::http::{Answer, Asked, Mock};
use crate::support::running::{Start, start, uids};
use post::{Event, Kind};
use serde_json::{Value, json};
use sources::budget::{Budget, BudgetConfig, Limit, Period};
use sources::keep::Memory;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Videos up to the second and comments up to `UgA` are known.
const KNOWN: &str = r#"{"marks":{"uploads/UCacmeacmeacmeacmeacme01":1783166402000,
    "comments/UCacmeacmeacmeacmeacme01":1783166410000,"search":1783166400000},"videos":[]}"#;

#[tokio::test]
async fn the_contract_holds() {
    holds(Case {
        connector: "youtube",
        config,
        platform,
        cursor: Some(KNOWN),
        wanted: acme,
        uids: &[
            "youtube:video000003",
            "youtube:video000004",
            "youtube:video000005",
            "youtube:video000090",
            // The page that reaches what is known shows these too.
            "youtube:video000002",
            "youtube:UgA",
            "youtube:UgB",
            "youtube:UgC",
            "youtube:UgB.r1",
            "youtube:UgB.r2",
            "youtube:UgB.r3",
            "youtube:UgB.r4",
            "youtube:UgB.r5",
            "youtube:UgB.r6",
            "youtube:UgB.r7",
        ],
        lists: &["/items"],
        requests: 10,
        renews: true,
    })
    .await;
}

#[tokio::test]
async fn videos_and_comments_tell_what_the_api_tells() {
    let mock = Mock::start(platform()).await;
    let with_cursor = Start {
        cursor: Some(KNOWN.to_owned()),
        ..Start::default()
    };
    let mut running = start("youtube", &config(&mock.url), with_cursor);
    let found = posts(&running.take(14).await.events);
    running.stop().await;
    let by = |uid: &str| found.iter().find(|p| p.uid.as_deref() == Some(uid)).unwrap();
    let told = by("youtube:video000003");
    assert_eq!((told.kind, told.title.as_deref()), (Kind::Video, Some("Video 3")));
    assert_eq!(told.created_at.as_deref(), Some("2026-07-04T12:00:03Z"));
    let author = told.author.as_ref().unwrap();
    assert_eq!(
        (author.id.as_deref(), author.handle.as_deref()),
        (Some(ACME), Some("acme"))
    );
    assert_eq!(
        (author.name.as_deref(), author.followers),
        (Some("Acme"), Some(5000))
    );
    assert_eq!(
        told.site_country.as_deref(),
        Some("NZ"),
        "the country that the channel states"
    );
    assert_eq!(told.community.as_deref(), Some("Acme"));
    assert_eq!(told.hashtags, ["anvil"], "keywords are no hashtags");
    assert_eq!(told.urls, ["https://acme.example/a"]);
    assert_eq!(told.mentions[0].handle.as_deref(), Some("ann"));
    assert_eq!(
        (told.counts.views, told.counts.replies, told.counts.likes),
        (Some(100), Some(2), None)
    );
    assert_eq!(told.lang_claimed, ["en-US"]);

    let told = by("youtube:UgB");
    assert_eq!((told.kind, told.counts.replies), (Kind::Comment, Some(7)));
    assert_eq!(told.reply_to.as_deref(), Some("youtube:video000001"));
    assert_eq!(told.author.as_ref().unwrap().handle.as_deref(), Some("by20"));
    let told = by("youtube:UgB.r7");
    assert_eq!(told.reply_to.as_deref(), Some("youtube:UgB"));
    assert_eq!(told.thread_root.as_deref(), Some("youtube:video000001"));
    assert_eq!(
        told.mentions[0].handle.as_deref(),
        Some("by20"),
        "who is answered"
    );
    assert_eq!(
        told.permalink.as_deref(),
        Some("https://www.youtube.com/watch?v=video000001&lc=UgB.r7")
    );
    assert!(
        mock.asked()
            .iter()
            .all(|a| a.headers["x-goog-api-key"] == "hush" && !a.target.contains("hush"))
    );
}

#[tokio::test]
async fn an_account_that_signed_in_is_renewed() {
    let refused = AtomicUsize::new(0);
    let platform = platform();
    let mock = Mock::start(move |asked: &Asked| {
        let is_api = asked.path() != "/token";
        if is_api && refused.fetch_add(1, Ordering::Relaxed) == 1 {
            return Answer::text(
                401,
                "application/json",
                r#"{"error": {"code": 401, "errors": [{"reason": "authError"}]}}"#,
            );
        }
        platform(asked)
    })
    .await;
    let keys = "api_key = \"hush\"";
    let config = config(&mock.url).replace(
        keys,
        "client_id = \"app\"\nclient_secret = \"s\"\nrefresh_token = \"again\"",
    );
    let mut running = start("youtube", &config, Start::default());
    running.take(3).await;
    running.stop().await;
    let asked = mock.asked();
    let tokens: Vec<&Asked> = asked.iter().filter(|a| a.path() == "/token").collect();
    assert_eq!(tokens.len(), 2, "at the start and when it was refused");
    assert!(tokens[0].body.contains("refresh_token=again") && tokens[0].body.contains("client_id=app"));
    assert_eq!(asked[1].headers["authorization"], "Bearer token-1");
}

#[tokio::test]
async fn edits_and_new_counts_are_told_apart() {
    let round = AtomicUsize::new(0);
    let mock = Mock::start(move |asked: &Asked| match asked.path() {
        "/youtube/v3/channels" => list("channel", vec![channel()], None),
        "/youtube/v3/playlistItems" => list("playlistItem", vec![upload(1)], None),
        "/youtube/v3/videos" => {
            let mut item = video(1);
            match round.fetch_add(1, Ordering::Relaxed) {
                0 => {}
                1 => item["statistics"]["viewCount"] = json!("250"),
                _ => item["snippet"]["title"] = json!("Another title"),
            }
            list("video", vec![item], None)
        }
        _ => Answer::status(404),
    })
    .await;
    let config = with(&mock.url, &format!("channels = [{ACME:?}]\ncomments = false"));
    let mut running = start("youtube", &config, Start::default());
    let found = posts(&running.take(3).await.events);
    running.stop().await;
    let events: Vec<Event> = found.iter().map(|p| p.event).collect();
    assert_eq!(events, [Event::Create, Event::Engagement, Event::Edit]);
    assert_eq!(found[1].counts.views, Some(250));
}

#[tokio::test]
async fn handles_are_looked_up_and_videos_by_address_are_read() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/youtube/v3/channels" => {
            assert_eq!(asked.param("forHandle").as_deref(), Some("@acme"));
            list("channel", vec![channel()], None)
        }
        "/youtube/v3/playlistItems" => list("playlistItem", vec![upload(1)], None),
        "/youtube/v3/videos" => list("video", videos(asked), None),
        _ if asked.param("videoId").as_deref() == Some("video000007") => {
            list("commentThread", vec![thread("UgV", 9, 0, vec![])], None)
        }
        _ => list("commentThread", Vec::new(), None),
    })
    .await;
    let more = "channels = [\"@acme\"]\nvideos = [\"https://www.youtube.com/watch?v=video000007&t=3\"]";
    let mut running = start("youtube", &with(&mock.url, more), Start::default());
    let found = uids(&running.take(2).await.events);
    running.stop().await;
    assert!(
        found.contains("youtube:video000001") && found.contains("youtube:UgV"),
        "{found:?}"
    );
}

fn quotas(search: u64, units: u64) -> Arc<Budget> {
    let limit = |unit, most| Limit {
        unit,
        period: Period::PacificDay,
        most,
    };
    let limits = [limit("search", search), limit("units", units)];
    Arc::new(Budget::new(
        BudgetConfig::default(),
        &limits,
        0,
        Arc::new(Memory::default()),
    ))
}

#[tokio::test]
async fn the_bucket_of_searches_ends_and_channels_go_on() {
    let mock = Mock::start(platform()).await;
    let budget = quotas(0, 10_000);
    let with_budget = Start {
        wanted: acme(),
        budget: Some(budget.clone()),
        ..Start::default()
    };
    let mut running = start("youtube", &config(&mock.url), with_budget);
    let mut codes = Vec::new();
    let mut found = 0;
    while codes.is_empty() || found == 0 {
        let next = running.next().await.unwrap();
        codes.extend(next.refused.iter().map(|r| r.code));
        found += next.events.len();
    }
    running.stop().await;
    assert_eq!(codes[0], "exhausted");
    let asked = mock.asked();
    assert!(asked.iter().all(|a| a.path() != "/youtube/v3/search"));
    let units = budget.left().iter().find(|l| l.unit == "units").unwrap().left;
    // Stopping may have cut one off before it reached the server.
    let spent = (10_000 - units) as usize;
    assert!(
        (asked.len()..=asked.len() + 1).contains(&spent),
        "each list costs one"
    );
}

#[tokio::test]
async fn it_stops_before_the_units_are_overspent() {
    let mock = Mock::start(platform()).await;
    let with_budget = Start {
        budget: Some(quotas(100, 3)),
        ..Start::default()
    };
    let running = start("youtube", &config(&mock.url), with_budget);
    let health = running.until(|h| h.error.is_some()).await;
    running.stop().await;
    assert!(health.error.unwrap().contains("3 units a Pacific day"));
    assert_eq!(mock.asked().len(), 3);
}

#[tokio::test]
async fn what_is_refused_with_a_reason_is_told_by_it() {
    let said = |code: u16, reason: &str| {
        let body = json!({"error": {"code": code, "message": "no", "errors": [{"domain": "youtube", "reason": reason}]}});
        Answer::text(code, "application/json", &body.to_string())
    };
    // Comments that are switched off stop nothing else.
    let mock = Mock::start(move |asked: &Asked| match asked.path() {
        "/youtube/v3/channels" => list("channel", vec![channel()], None),
        "/youtube/v3/playlistItems" => list("playlistItem", vec![upload(1)], None),
        "/youtube/v3/videos" => list("video", videos(asked), None),
        _ => said(403, "commentsDisabled"),
    })
    .await;
    let mut running = start("youtube", &config(&mock.url), Start::default());
    let all = running.take(2).await;
    running.stop().await;
    assert!(uids(&all.events).contains("youtube:video000001"));
    assert_eq!(
        (all.refused[0].code, all.refused[0].place.as_str()),
        ("forbidden", "comments")
    );
    // A quota that is used up, by whomever, is waited for; a wrong key is said.
    for (code, reason, told) in [
        (403, "quotaExceeded", "quotaExceeded"),
        (400, "keyInvalid", "keyInvalid"),
        (429, "rateLimitExceeded", "429"),
    ] {
        let mock = Mock::start(move |_: &Asked| said(code, reason)).await;
        let running = start("youtube", &config(&mock.url), Start::default());
        let health = running.until(|h| h.error.is_some()).await;
        running.stop().await;
        assert!(health.error.as_ref().unwrap().contains(told), "{health:?}");
    }
}

#[tokio::test]
async fn comments_of_videos_that_were_found_are_followed() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/youtube/v3/search" => {
            assert_eq!(asked.param("q").as_deref(), Some("acme"));
            assert!(asked.param("publishedAfter").unwrap().ends_with('Z'));
            list("search", vec![hit(91), hit(90)], None)
        }
        "/youtube/v3/videos" => list("video", videos(asked), None),
        _ if asked.param("videoId").as_deref() == Some("video000091") => list(
            "commentThread",
            vec![thread(
                "UgN",
                95,
                1,
                vec![super::comment("UgN.1", 96, Some("UgN"))],
            )],
            None,
        ),
        _ => list("commentThread", Vec::new(), None),
    })
    .await;
    let wishes = Start {
        wanted: acme(),
        ..Start::default()
    };
    let mut running = start("youtube", &with(&mock.url, "followed_videos = 1"), wishes);
    let all = running.take(4).await;
    let found = uids(&all.events);
    assert!(
        found.contains("youtube:UgN") && found.contains("youtube:UgN.1"),
        "{found:?}"
    );
    let cursor: Value = serde_json::from_str(&all.cursor.unwrap()).unwrap();
    running.stop().await;
    assert_eq!(cursor["videos"], json!(["video000091"]));
    let asked = mock.asked();
    assert!(
        asked
            .iter()
            .all(|a| a.param("videoId").as_deref() != Some("video000090")),
        "one is followed"
    );
    assert_eq!(time(95), "2026-07-04T12:01:35Z");
}

#[tokio::test]
async fn a_list_without_end_is_cut_and_what_is_left_out_is_a_gap() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/youtube/v3/channels" => list("channel", vec![channel()], None),
        "/youtube/v3/playlistItems" => list("playlistItem", Vec::new(), None),
        _ => {
            let page: u32 = asked.param("pageToken").map_or(0, |t| t.parse().unwrap());
            let item = thread(&format!("Ug{page}"), 3000 - page, 0, vec![]);
            list("commentThread", vec![item], Some((page + 1).to_string()))
        }
    })
    .await;
    let with_cursor = Start {
        cursor: Some(KNOWN.to_owned()),
        ..Start::default()
    };
    let mut running = start("youtube", &config(&mock.url), with_cursor);
    let found = running.take(40).await;
    running.until(|_| mock.asked().len() > 42).await;
    let gaps = running.health.sample().gaps;
    running.stop().await;
    assert_eq!(uids(&found.events).len(), 40);
    assert_eq!(
        (gaps.len(), gaps[0].from, gaps[0].repaired),
        (1, 1_783_166_410_000, false)
    );
    assert!(gaps[0].until > gaps[0].from);
}
