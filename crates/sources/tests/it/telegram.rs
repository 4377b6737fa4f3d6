//! Telegram against a made-up server.

use crate::contract::{Case, holds};
use crate::support::http::{Answer, Asked, Mock, Platform};
use crate::support::running::{Running, Start, start};
use post::{Event, Kind, RawPost};
use proptest::prelude::*;
use serde_json::{Value, json};
use sources::telegram::Update;
use sources::webhook::{Hook, HookRequest};
use sources::{SourceEvent, State, Task, find};

const TOKEN: &str = "123456:AbC-dEf_9";

fn config(url: &str) -> String {
    format!("token = {TOKEN:?}\napi_url = {url:?}\nwait_seconds = 0")
}

fn channel_post(update: i64, text: &str) -> Value {
    json!({"update_id": update, "channel_post": {"message_id": update, "date": 1_780_000_000, "text": text,
           "chat": {"id": -1_001_234_567_890_i64, "type": "channel", "title": "Acme news", "username": "acmenews"}}})
}

/// Five updates, of which two are posts a bot may not hand on.
fn updates() -> Vec<Value> {
    vec![
        channel_post(11, "one"),
        channel_post(12, "two"),
        json!({"update_id": 13, "novelty": {"chat": {}}}),
        json!({"update_id": 14, "message": {"message_id": 1, "date": 1, "text": "psst",
               "chat": {"id": 99, "type": "private"}, "from": {"id": 99}}}),
        channel_post(15, "three"),
    ]
}

/// Answers as Telegram does: two at a time, and what a question confirms is forgotten.
fn platform() -> Platform {
    let kept = std::sync::Mutex::new(updates());
    Box::new(move |asked: &Asked| {
        assert_eq!(
            (&*asked.method, asked.path()),
            ("POST", &*format!("/bot{TOKEN}/getUpdates"))
        );
        let mut kept = kept.lock().unwrap();
        let offset: i64 = field(asked, "offset").map_or(0, |o| o.parse().unwrap());
        kept.retain(|u| u["update_id"].as_i64().unwrap() >= offset);
        let shown: Vec<&Value> = kept.iter().take(2).collect();
        Answer::json(json!({"ok": true, "result": shown}))
    })
}

fn field(asked: &Asked, key: &str) -> Option<String> {
    let form = Asked {
        target: format!("/?{}", asked.body),
        ..Asked::default()
    };
    form.param(key)
}

#[tokio::test]
async fn the_contract_holds() {
    holds(Case {
        connector: "telegram",
        config,
        platform,
        cursor: None,
        wanted: Vec::new,
        uids: &[
            "telegram:-1001234567890/11",
            "telegram:-1001234567890/12",
            "telegram:-1001234567890/15",
        ],
        lists: &["/result"],
        requests: 4,
        renews: true,
    })
    .await;
}

async fn follow(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> (Mock, Running) {
    let mock = Mock::start(answer).await;
    let running = start("telegram", &config(&mock.url), Start::default());
    (mock, running)
}

#[tokio::test]
async fn nothing_is_confirmed_before_it_was_taken() {
    let mock = Mock::start(platform()).await;
    let mut running = start("telegram", &config(&mock.url), Start::default());
    // Nobody takes the first delivery: it waits in the channel, and no second question is asked.
    while mock.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(mock.asked().len(), 1);
    assert_eq!(field(&mock.asked()[0], "offset"), None);
    let first = running.next().await.unwrap();
    assert!(first.cursor.unwrap().starts_with("13@"));
    running.next().await.unwrap();
    assert_eq!(field(&mock.asked()[1], "offset").as_deref(), Some("13"));
    running.stop().await;
}

#[tokio::test]
async fn a_day_without_asking_is_a_gap_and_a_week_starts_anew() {
    let now = 1_000_000_000_000;
    for (cursor, offset) in [(format!("12@{now}"), None), (String::from("yesterday"), None)] {
        let mock = Mock::start(platform()).await;
        let with = Start {
            cursor: Some(cursor.clone()),
            ..Start::default()
        };
        let mut running = start("telegram", &config(&mock.url), with);
        running.next().await.unwrap();
        assert_eq!(field(&mock.asked()[0], "offset"), offset);
        let gaps = running.health.sample().gaps;
        assert_eq!(gaps.len(), usize::from(cursor.contains('@')));
        assert!(gaps.iter().all(|g| g.from == now && !g.repaired));
        running.stop().await;
    }
}

fn refusal(status: u16, code: u16, parameters: Value) -> Answer {
    let body = json!({"ok": false, "error_code": code, "description": "geheim 123456:AbC-dEf_9", "parameters": parameters});
    Answer::text(status, "application/json", &body.to_string())
}

#[tokio::test]
async fn the_platform_s_own_words_for_waiting_and_conflict_are_kept_to() {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let (_mock, running) = follow(|_| refusal(429, 429, json!({"retry_after": 3000}))).await;
    let health = running.until(|h| h.state == State::Waiting).await;
    assert!(health.retry_at.unwrap() >= now.as_millis() as i64 + 3_000_000);
    running.stop().await;
    for (code, words) in [
        (409, "a webhook is set"),
        (401, "the token is not known"),
        (500, "the server failed"),
    ] {
        let (mock, running) = follow(move |_| refusal(code, code, json!({"migrate_to_chat_id": -5}))).await;
        let health = running.until(|h| h.state == State::Waiting).await;
        let error = health.error.unwrap();
        assert!(error.contains(words), "{error}");
        assert!(!error.contains("AbC") && !error.contains(&mock.url), "{error}");
        running.stop().await;
    }
}

fn map(update: Value) -> Vec<RawPost> {
    serde_json::from_value::<Update>(update)
        .unwrap()
        .posts()
        .collect()
}

/// The part of a text as an entity: Telegram counts UTF-16 code units.
fn entity(text: &str, part: &str, kind: &str) -> Value {
    let start = text.find(part).unwrap();
    let units = |s: &str| s.encode_utf16().count();
    json!({"type": kind, "offset": units(&text[..start]), "length": units(part)})
}

#[test]
fn pitfall_04_offsets_are_utf_16_code_units() {
    let text = "👋🏽 Grüße @bob, siehe acme.example 🎉 #Kaffee@acme und hier";
    let mut link = entity(text, "hier", "text_link");
    link["url"] = json!("https://acme.example/hier");
    let mut named = entity(text, "Grüße", "text_mention");
    named["user"] = json!({"id": 7, "first_name": "Ann"});
    let broken = json!({"type": "hashtag", "offset": 1, "length": 9000});
    let inside = json!({"type": "hashtag", "offset": 1, "length": 3});
    let post = map(
        json!({"update_id": 1, "message": {"message_id": 5, "date": 1_780_000_000, "text": text,
        "from": {"id": 8, "is_bot": false, "first_name": "Cy", "last_name": "D", "username": "cyd"},
        "chat": {"id": -4_503_599_627_370_495_i64, "type": "supergroup", "username": "acmetalk"},
        "entities": [named, entity(text, "@bob", "mention"), entity(text, "acme.example", "url"),
                     entity(text, "#Kaffee@acme", "hashtag"), link, broken, inside]}}),
    )
    .remove(0);
    assert_eq!(post.hashtags, ["Kaffee"]);
    assert_eq!(post.urls, ["acme.example", "https://acme.example/hier"]);
    let mentions: Vec<_> = post
        .mentions
        .iter()
        .map(|m| (m.id.as_deref(), m.handle.as_deref()))
        .collect();
    assert_eq!(mentions, [(Some("7"), None), (None, Some("bob"))]);
    assert_eq!(post.uid.as_deref(), Some("telegram:-4503599627370495/5"));
    let author = post.author.unwrap();
    assert_eq!(
        (author.id.as_deref(), author.name.as_deref()),
        (Some("8"), Some("Cy D"))
    );
    assert_eq!((author.handle.as_deref(), author.bot), (Some("cyd"), Some(false)));
    assert_eq!(post.permalink.as_deref(), Some("https://t.me/acmetalk/5"));
    assert_eq!(post.visibility.as_deref(), Some("public"));
}

#[test]
fn pitfall_13_unknown_kinds_and_chats_without_an_id_are_no_posts() {
    for update in [
        json!({"update_id": 1, "new_kind": {"x": 1}}),
        json!({"update_id": 1}),
        json!({"update_id": 1, "channel_post": {"message_id": 1, "date": 1, "text": "a", "chat": {"type": "channel"}}}),
        json!({"update_id": 1, "channel_post": {"message_id": 1, "date": 1, "text": "a"}}),
        json!({"update_id": 1, "message": {"message_id": 1, "text": "a", "chat": {"id": 5, "type": "private"}}}),
        json!({"update_id": 1, "message": {"message_id": 1, "text": "a", "chat": {"id": 5, "type": "cave"}}}),
        json!({"update_id": 1, "message": {"message_id": 1, "migrate_to_chat_id": -100, "chat": {"id": -5, "type": "group"}}}),
    ] {
        assert_eq!(map(update.clone()), [], "{update}");
    }
}

#[test]
fn pitfall_15_counts_are_not_known_and_not_zero() {
    let post = map(channel_post(1, "a")).remove(0);
    assert_eq!(post.counts, post::Counts::default());
}

#[test]
fn edits_forwards_answers_and_media() {
    let chat = json!({"id": -10, "type": "channel", "title": "Closed"});
    let edit = map(json!({"update_id": 1, "edited_channel_post": {"message_id": 3, "date": 1_780_000_000, "edit_date": 1_780_000_060,
        "caption": "look #now", "caption_entities": [{"type": "hashtag", "offset": 5, "length": 4}], "chat": chat,
        "animation": {}, "document": {}, "has_media_spoiler": true}}))
    .remove(0);
    assert_eq!((edit.event, edit.text.as_str()), (Event::Edit, "look #now"));
    assert_eq!(edit.edited_at.as_deref(), Some("2026-05-28T20:27:40Z"));
    assert_eq!(
        (edit.hashtags, edit.media.len(), edit.sensitive),
        (vec!["now".to_owned()], 1, Some(true))
    );
    assert_eq!(
        (edit.media[0].kind.as_str(), edit.media[0].url.as_deref()),
        ("gif", None)
    );
    assert_eq!(
        (edit.visibility.as_deref(), edit.permalink),
        (Some("members"), None)
    );
    assert_eq!(edit.community.as_deref(), Some("Closed"));

    let forward = |extra: Value| {
        let mut message = json!({"message_id": 4, "date": 1, "text": "t", "chat": chat});
        message
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        map(json!({"update_id": 2, "channel_post": message})).remove(0)
    };
    let new = forward(json!({"forward_origin": {"type": "channel", "chat": {"id": -20}, "message_id": 9}}));
    assert_eq!(
        (new.kind, new.repost_of.as_deref()),
        (Kind::Repost, Some("telegram:-20/9"))
    );
    let old =
        forward(json!({"forward_date": 1, "forward_from_chat": {"id": -21}, "forward_from_message_id": 8}));
    assert_eq!(
        (old.kind, old.repost_of.as_deref()),
        (Kind::Repost, Some("telegram:-21/8"))
    );
    let hidden = forward(json!({"forward_origin": {"type": "hidden_user", "sender_user_name": "x"}}));
    assert_eq!((hidden.kind, hidden.repost_of), (Kind::Repost, None));

    let answer = forward(
        json!({"reply_to_message": {"message_id": 2, "chat": chat, "from": {"id": 6, "username": "eve"}},
        "quote": {"text": "this part"}, "text": "@bob", "entities": [{"type": "mention", "offset": 0, "length": 4}]}),
    );
    assert_eq!(
        (answer.kind, answer.reply_to.as_deref()),
        (Kind::Reply, Some("telegram:-10/2"))
    );
    assert_eq!(answer.quoted_text.as_deref(), Some("this part"));
    assert_eq!(
        answer.mentions[0].handle.as_deref(),
        Some("eve"),
        "the answered account comes first"
    );
    let poll = map(
        json!({"update_id": 2, "channel_post": {"message_id": 4, "date": 1, "chat": chat,
        "poll": {"question": "Tea?", "options": [{"text": "Yes"}, {"text": "No"}]}}}),
    )
    .remove(0);
    assert_eq!(poll.text, "Tea?\nYes\nNo");
}

fn hook() -> Box<dyn Hook> {
    let table = format!(
        "token = {TOKEN:?}\nwebhook_url = \"https://acme.example/hook\"\nwebhook_secret = \"open-sesame_1\""
    );
    (find("telegram").unwrap().hook.unwrap())(table.parse().unwrap()).unwrap()
}

fn call(hook: &dyn Hook, method: &str, secret: Option<&str>, body: &[u8]) -> (u16, usize, usize) {
    let headers: Vec<(String, String)> = secret
        .map(|s| ("x-telegram-bot-api-secret-token".to_owned(), s.to_owned()))
        .into_iter()
        .collect();
    let answer = hook.answer(&HookRequest {
        method,
        query: "",
        headers: &headers,
        body,
        now: 0,
    });
    (
        answer.status,
        answer.delivery.events.len(),
        answer.delivery.refused.len(),
    )
}

#[test]
fn a_webhook_takes_only_calls_with_its_secret() {
    let hook = hook();
    let body = channel_post(1, "a").to_string().into_bytes();
    let good = Some("open-sesame_1");
    assert_eq!(call(&*hook, "POST", good, &body), (200, 1, 0));
    assert_eq!(
        call(&*hook, "POST", good, &body),
        (200, 1, 0),
        "sent again: the same uid again"
    );
    assert_eq!(call(&*hook, "POST", None, &body), (401, 0, 0));
    for bad in ["", "open-sesame_2", "open-sesame_1 ", "open-sesame_11"] {
        assert_eq!(call(&*hook, "POST", Some(bad), &body), (403, 0, 0), "{bad}");
    }
    assert_eq!(call(&*hook, "GET", good, b""), (405, 0, 0));
    assert_eq!(
        call(&*hook, "POST", good, b"{\"update_id\": 5, \"channel_post\": 7}"),
        (200, 0, 1)
    );
    assert_eq!(call(&*hook, "POST", good, b"\xff{"), (200, 0, 1));
}

#[tokio::test]
async fn with_a_webhook_nothing_is_asked_for() {
    let mock = Mock::start(|_| Answer::json(json!({"ok": true, "result": true}))).await;
    let more = "webhook_url = \"https://acme.example/hook\"\nwebhook_secret = \"open-sesame_1\"";
    let running = start(
        "telegram",
        &format!("{}\n{more}", config(&mock.url)),
        Start::default(),
    );
    running.until(|h| h.state == State::Live).await;
    running.stop().await;
    let asked = mock.asked();
    assert_eq!(
        (asked.len(), asked[0].path()),
        (1, &*format!("/bot{TOKEN}/setWebhook"))
    );
    assert_eq!(field(&asked[0], "secret_token").as_deref(), Some("open-sesame_1"));
    assert_eq!(
        field(&asked[0], "url").as_deref(),
        Some("https://acme.example/hook")
    );
}

#[tokio::test]
async fn a_test_says_what_the_bot_may_read_and_delivers_nothing() {
    let answer = |asked: &Asked| {
        Answer::json(if asked.path().ends_with("/getMe") {
            json!({"ok": true, "result": {"id": 1, "is_bot": true, "first_name": "b", "can_read_all_group_messages": false}})
        } else {
            json!({"ok": true, "result": {"url": "https://elsewhere.example/", "pending_update_count": 4}})
        })
    };
    let mock = Mock::start(answer).await;
    let with = Start {
        task: Task::Test,
        ..Start::default()
    };
    let mut running = start("telegram", &config(&mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    let lines = running.report.snapshot().lines;
    assert_eq!(lines.len(), 4);
    assert!(
        lines[1].contains("privacy mode") && lines[2].contains("until it is removed"),
        "{lines:?}"
    );
}

#[test]
fn a_wrong_configuration_names_every_fault_and_no_secret() {
    let text = "token = \"abc/def\"\napi_url = \"h\"\nwait_seconds = 99\nwebhook_secret = \"pass word\"";
    let error = (find("telegram").unwrap().configure)(text.parse().unwrap())
        .map(|_| ())
        .unwrap_err()
        .to_string();
    for part in [
        "token:",
        "api_url",
        "wait_seconds",
        "webhook_secret:",
        "one needs the other",
    ] {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
    assert!(
        !error.contains("abc/def") && !error.contains("pass word"),
        "{error}"
    );
    let unknown = format!("token = {TOKEN:?}\nchat = 1");
    let error = (find("telegram").unwrap().configure)(unknown.parse().unwrap())
        .map(|_| ())
        .unwrap_err();
    assert!(error.to_string().contains("unknown field `chat`"));
}

#[test]
fn every_stated_fact_is_read() {
    use crate::support::facts::{Facts, Verdict, hold, id, right};
    hold(Facts {
        connector: "telegram",
        folder: "telegram",
        uid: |fact| {
            // Private chats and notices (a topic opened, a gift) are no posts.
            let said = !fact["text"].is_null() || !fact["media"].is_null();
            (said && fact["chat_type"] != "private").then(|| Some(format!("telegram:{}", id(fact)?)))?
        },
        verdict: |post, field, stated, fact| {
            let chat = fact["id"].as_str()?.split('/').next()?;
            let author = post.author.as_ref()?;
            Some(match field {
                "chat_type" | "update_id" => Verdict::NotOurs,
                "author_id" | "author_handle"
                    if author.id.as_deref() == Some(chat) && stated != chat && fact["author_id"] != chat =>
                {
                    Verdict::Differs(
                        "who writes as a chat (sender_chat) is that chat, not the bot that stands for all of them",
                    )
                }
                "reply_to" => right(post.reply_to == Some(format!("telegram:{chat}/{stated}"))),
                "repost_of" => right(post.kind == Kind::Repost),
                "media" => right(post.media.len() == stated.as_array()?.len()),
                _ => return None,
            })
        },
        at_least: 25,
    });
}

#[test]
fn recorded_private_chats_and_notices_give_no_post() {
    let Some(folder) = crate::support::shared::shared("fixtures/telegram") else {
        return;
    };
    let posts = |file: &str| crate::support::facts::parse("telegram", &folder.join(file));
    assert_eq!(posts("telegram-bot__regression_test_208.json"), []);
    assert_eq!(posts("telegram-bot__migrate_from_chat_id.json"), []);
    assert_eq!(posts("TelegramBots__ResponseWithError.json"), []);
    let all: Vec<RawPost> = [
        "teloxide__message_inline_json.jsonl",
        "teloxide__update_inline_json.jsonl",
        "TelegramBots__ResponseWithoutError.json",
    ]
    .iter()
    .flat_map(|f| posts(f))
    .collect();
    assert!(!all.is_empty());
    // Chats of groups and channels are negative.
    assert!(
        all.iter()
            .all(|p| p.uid.as_deref().unwrap().starts_with("telegram:-"))
    );
}

#[tokio::test]
async fn recorded_updates_are_followed() {
    let Some(folder) = crate::support::shared::shared("fixtures/telegram") else {
        return;
    };
    let lines = std::fs::read_to_string(folder.join("teloxide__update_inline_json.jsonl")).unwrap();
    let updates: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let answer = move |asked: &Asked| match field(asked, "offset") {
        None => Answer::json(json!({"ok": true, "result": updates})),
        Some(_) => Answer::json(json!({"ok": true, "result": []})),
    };
    let (_mock, mut running) = follow(answer).await;
    let found = running.take(1).await;
    let SourceEvent::Post(post) = &found.events[0] else {
        panic!()
    };
    assert_eq!((post.kind, post.text.as_str()), (Kind::Reply, "/report"));
    let health = running.until(|h| h.ignored == 6).await;
    assert_eq!(health.refused, 0);
    running.stop().await;
}

fn anything() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "update_id",
        "message",
        "channel_post",
        "edited_message",
        "message_id",
        "chat",
        "id",
        "type",
        "username",
        "text",
        "entities",
        "offset",
        "length",
        "from",
        "sender_chat",
        "date",
        "edit_date",
        "forward_origin",
        "poll",
        "quote",
        "reply_to_message",
        "photo",
        "user",
        "caption",
        "ok",
        "result",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "channel",
            "group",
            "hashtag",
            "mention",
            "text_mention",
            "#é👋 @x",
            ""
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(update in anything()) {
        if let Ok(update) = serde_json::from_value::<Update>(update) {
            for post in update.posts() {
                prop_assert!(post.uid.unwrap().starts_with("telegram:"));
            }
        }
    }
}
