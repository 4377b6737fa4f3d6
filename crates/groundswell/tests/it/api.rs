//! The API as a program sees it.

use crate::server::{Server, config};
use serde_json::json;

fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    (folder, server)
}

#[test]
fn a_pushed_post_becomes_a_mention_with_highlights_and_sentiment() {
    let (_folder, server) = server();
    let monitor = server.monitor("Acme", "acme OR #acmeday");
    let post = json!({"uid": "t:1", "text": "I love my new Acme phone, best I ever had 😀 #AcmeDay", "lang": "en", "author": {"id": "7", "handle": "ann"}});
    let (status, receipt) = server.post("/api/v1/posts", &post);
    assert_eq!((status, &receipt["accepted"]), (200, &json!(1)));
    let page = server.wait("/api/v1/mentions", |p| p["total"] == 1);
    let m = &page["items"][0];
    assert_eq!(m["monitor"], json!(monitor));
    let text = m["post"]["text"].as_str().unwrap();
    let marked: Vec<&str> = m["post"]["highlights"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| &text[h[0].as_u64().unwrap() as usize..h[1].as_u64().unwrap() as usize])
        .collect();
    assert_eq!(marked, ["Acme", "#AcmeDay"]);
    assert_eq!(m["sentiment"]["label"], "positive");
    assert_eq!(m["post"]["author"]["handle"], json!(null));
    assert_eq!(m["post"]["lang"], "en");
}

#[test]
fn pushing_is_idempotent_and_names_what_it_refuses() {
    let (_folder, server) = server();
    let batch = json!([{"uid": "t:1", "text": "one"}, {"uid": "t:2", "text": ""}, {"uid": "t:3", "text": {"not": "text"}}, {"uid": "t:4", "text": "four"}]);
    let (_, first) = server.post("/api/v1/posts", &batch);
    assert_eq!(first["accepted"], 2);
    let places: Vec<u64> = first["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["index"].as_u64().unwrap())
        .collect();
    assert_eq!(places, [1, 2]);
    let (_, again) = server.post("/api/v1/posts", &batch);
    assert_eq!((&again["accepted"], &again["duplicates"]), (&json!(0), &json!(2)));
    let (status, error) = server.request("POST", "/api/v1/posts", "{\"text\": ", &[]);
    assert_eq!(status, 400, "{error}");
}

#[test]
fn a_new_monitor_finds_the_past_and_an_edit_replaces_what_it_found() {
    let (_folder, server) = server();
    let posts: Vec<_> = (0..300).map(|n| json!({"uid": format!("t:{n}"), "text": format!("{} number {n}", if n % 3 == 0 { "apples" } else { "pears" })})).collect();
    server.post("/api/v1/posts", &json!(posts));
    let id = server.monitor("Fruit", "apples");
    let path = format!("/api/v1/monitors/{id}");
    let done = server.wait(&path, |m| {
        m["backfill"]["state"] == "done" && m["mentions"] == 100
    });
    assert_eq!(
        (&done["backfill"]["found"], &done["version"]),
        (&json!(100), &json!(1))
    );
    let change = json!({"name": "Fruit", "query": "pears"}).to_string();
    let (status, _) = server.request("PUT", &path, &change, &[]);
    assert_eq!(status, 200);
    let done = server.wait(&path, |m| {
        m["backfill"]["state"] == "done" && m["mentions"] == 200
    });
    assert_eq!(done["version"], 2);
    assert_eq!(server.request("DELETE", &path, "", &[]).0, 204);
    server.wait("/api/v1/mentions", |p| p["total"] == 0);
}

#[test]
fn versions_are_kept_and_an_old_one_can_be_restored() {
    let (_folder, server) = server();
    let posts: Vec<_> = (0..30).map(|n| json!({"uid": format!("t:{n}"), "text": format!("{} number {n}", if n % 3 == 0 { "apples" } else { "pears" })})).collect();
    server.post("/api/v1/posts", &json!(posts));
    let id = server.monitor("Fruit", "apples");
    let path = format!("/api/v1/monitors/{id}");
    let found = |mentions: u64| {
        server.wait(&path, |m| {
            m["backfill"]["state"] == "done" && m["mentions"] == mentions
        })
    };
    let first = found(10);
    assert_eq!(first["in_force_from"], json!(30), "behind the posts");
    let change = json!({"name": "Fruit", "query": "pears"}).to_string();
    assert_eq!(server.request("PUT", &path, &change, &[]).0, 200);
    found(20);
    let rollback = |version: u32| server.post(&format!("{path}/rollback"), &json!({"version": version}));
    assert_eq!(rollback(2).0, 409, "it is in force");
    assert_eq!(rollback(7).0, 404);
    let (status, restored) = rollback(1);
    assert_eq!(
        (status, &restored["version"], &restored["query"]),
        (200, &json!(3), &json!("apples"))
    );
    found(10);
    let versions = server.get(&format!("{path}/versions"));
    let seen: Vec<_> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|v| {
            (
                v["version"].as_u64().unwrap(),
                v["query"].as_str().unwrap(),
                v["restored_from"].as_u64(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [(3, "apples", Some(1)), (2, "pears", None), (1, "apples", None)]
    );
    let positions: Vec<u64> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["in_force_from"].as_u64().unwrap())
        .collect();
    assert_eq!(positions, [32, 31, 30]);
    assert!(versions[0]["in_force_at"].as_i64() >= versions[1]["in_force_at"].as_i64());
    let mention = &server.get("/api/v1/mentions")["items"][0];
    assert_eq!(mention["monitor_version"], 3);
}

#[test]
fn keyword_lists_are_kept() {
    let (_folder, server) = server();
    let path = "/api/v1/projects/default/lists/spam-words";
    assert_eq!(server.request("GET", path, "", &[]).0, 404);
    let terms = json!({"terms": ["free money", " win a prize ", "", "free money"]}).to_string();
    let (status, body) = server.request("PUT", path, &terms, &[]);
    assert_eq!(status, 200, "{body}");
    let list = server.get(path);
    assert_eq!(
        (&list["terms"], &list["origin"], &list["used_by"]),
        (&json!(["free money", "win a prize"]), &json!("ui"), &json!([]))
    );
    assert_eq!(server.get("/api/v1/projects/default/lists"), json!([list]));
    let wrong = "/api/v1/projects/default/lists/Spam%20words";
    assert_eq!(server.request("PUT", wrong, &terms, &[]).0, 400);
    let nowhere = "/api/v1/projects/none/lists/spam";
    assert_eq!(server.request("PUT", nowhere, &terms, &[]).0, 404);
    assert_eq!(server.request("DELETE", path, "", &[]).0, 204);
    assert_eq!(server.request("GET", path, "", &[]).0, 404);
}

#[test]
fn figures_series_and_breakdowns_agree() {
    let (_folder, server) = server();
    server.monitor("All", "word");
    let posts: Vec<_> = (0..120).map(|n| json!({"uid": format!("t:{n}"), "platform": (["bluesky", "x"][n % 2]), "text": format!("word {n} #tag{}", n % 3),
        "author": {"id": format!("{}", n % 10)}, "counts": {"likes": 2}})).collect();
    server.post("/api/v1/posts", &json!(posts));
    let overview = server.wait("/api/v1/overview", |o| o["now"]["mentions"] == 120);
    assert_eq!(
        (
            &overview["now"]["authors"],
            &overview["now"]["engagement"],
            &overview["before"]
        ),
        (&json!(10), &json!(240), &json!(null))
    );
    let series = server.get("/api/v1/series?by=source&interval=hour");
    let sum: u64 = series["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["total"].as_u64().unwrap())
        .sum();
    assert_eq!(sum, 120);
    let tags = server.get("/api/v1/breakdown?by=hashtag&limit=2");
    assert_eq!(
        (&tags["items"][0]["mentions"], &tags["other"], &tags["total"]),
        (&json!(40), &json!(40), &json!(120))
    );
    let only = server.get("/api/v1/overview?source=bluesky&hashtag=-tag0");
    assert_eq!(only["now"]["mentions"], 40);
    let searched = server.get("/api/v1/mentions?q=%2217%20tag2%22%20OR%20%2218%20tag0%22");
    assert_eq!(searched["total"], 2);
    // Of 120 posts 40 have the tag and one the number: it answers best, then the newest.
    let ranked = |more: &str| {
        let path = format!("/api/v1/mentions?q=17%20OR%20%23tag1&sort=relevance&limit=3{more}");
        server.get(&path)
    };
    let first = ranked("");
    assert_eq!(
        (&first["total"], first["items"].as_array().unwrap().len()),
        (&json!(41), 3)
    );
    assert_eq!(first["items"][0]["post"]["text"], "word 17 #tag2");
    let next = ranked(&format!("&cursor={}", first["next"].as_str().unwrap()));
    let text = |page: &serde_json::Value, at: usize| page["items"][at]["post"]["text"].clone();
    assert!((0..3).all(|at| (0..3).all(|other| text(&first, at) != text(&next, other))));
}

#[test]
fn wrong_questions_get_clear_answers() {
    let (_folder, server) = server();
    let error = |path: &str| {
        let (status, body) = server.request("GET", path, "", &[]);
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        (
            status,
            body["code"].as_str().unwrap().to_owned(),
            body["message"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(
        error("/api/v1/nothing"),
        (404, "not_found".into(), "there is no such path".into())
    );
    assert_eq!(
        error("/api/v1/monitors/none"),
        (404, "not_found".into(), "there is no such monitor".into())
    );
    assert_eq!(error("/api/v1/overview?sentiment=angry").0, 400);
    let (status, _, message) = error("/api/v1/mentions?sort=relevance");
    assert_eq!((status, message.contains("needs `q`")), (400, true), "{message}");
    assert_eq!(error("/api/v1/breakdown?by=mood").0, 400);
    assert_eq!(error("/api/v1/series?from=0&interval=minute").0, 400);
    let (status, body) = server.post(
        "/api/v1/projects/default/monitors",
        &json!({"name": "x", "query": "a AND"}),
    );
    assert_eq!((status, &body["code"]), (422, &json!("bad_query")));
    let check = server
        .post("/api/v1/queries/check", &json!({"query": "\"open"}))
        .1;
    assert_eq!(check["ok"], json!(false));
    assert!(
        check["problems"][0]["message"]
            .as_str()
            .is_some_and(|m| !m.is_empty())
    );
}

#[test]
fn a_preview_searches_the_journal() {
    let (_folder, server) = server();
    let posts: Vec<_> = (0..50)
        .map(|n| json!({"uid": format!("t:{n}"), "text": format!("kettle {n}")}))
        .collect();
    server.post("/api/v1/posts", &json!(posts));
    let (_, preview) = server.post(
        "/api/v1/queries/preview",
        &json!({"query": "kettle NOT 7", "limit": 5}),
    );
    assert_eq!(
        (&preview["searched"], &preview["matched"]),
        (&json!(50), &json!(49))
    );
    let texts: Vec<&str> = preview["posts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        ["kettle 49", "kettle 48", "kettle 47", "kettle 46", "kettle 45"]
    );
}

#[test]
fn another_sites_page_and_a_foreign_name_are_refused() {
    let (_folder, server) = server();
    let body = json!({"text": "x"}).to_string();
    assert_eq!(
        server
            .request(
                "POST",
                "/api/v1/posts",
                &body,
                &[("Origin", "http://evil.example")]
            )
            .0,
        403
    );
    assert_eq!(
        server
            .request("GET", "/api/v1/status", "", &[("Host", "evil.example")])
            .0,
        403
    );
    assert_eq!(server.request("GET", "/health", "", &[]).0, 200);
}

#[test]
fn a_password_is_asked_for_everywhere_but_health() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "open sesame\n").unwrap();
    let path = folder.path().join("groundswell.toml");
    std::fs::write(
        &path,
        "[server]\nlisten = \"127.0.0.1:0\"\npassword = \"file:secret\"\n[data]\npath = \"data\"\n",
    )
    .unwrap();
    let server = Server::run(&path);
    assert_eq!(server.request("GET", "/api/v1/status", "", &[]).0, 401);
    // The web app's own files hold nothing: it shows the sign-in page.
    assert_eq!(server.request("GET", "/", "", &[]).0, 200);
    assert_eq!(
        server
            .request(
                "GET",
                "/api/v1/status",
                "",
                &[("Authorization", "Bearer open sesame")]
            )
            .0,
        200
    );
    assert_eq!(
        server
            .request("GET", "/api/v1/status", "", &[("Authorization", "Bearer wrong")])
            .0,
        401
    );
    assert_eq!(server.request("GET", "/health", "", &[]).0, 200);
}
