//! Policy profiles at work: models, views, limits and exports obey them.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::process::Command;

const DAY: i64 = 24 * 3_600_000;

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.unwrap().as_millis()).unwrap()
}

fn at(millis: i64) -> String {
    post::to_rfc3339(millis)
}

fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    (folder, server)
}

/// A made-up post of a platform, by author `author`, received an hour ago.
fn made(platform: &str, n: usize, author: usize, text: &str) -> Value {
    let seen = now() - 3_600_000;
    json!({"uid": format!("{platform}:native{n}"), "platform": platform, "text": text, "lang": "en",
        "created_at": at(seen - 1_000), "seen_at": at(seen), "permalink": format!("https://{platform}.example/{n}"),
        "author": {"id": format!("a{author}"), "handle": format!("handle{author}"), "followers": 5}})
}

#[test]
fn a_profile_blocks_a_forbidden_model_until_acceptance_is_recorded() {
    let (_folder, server) = server();
    server.monitor("Kettle", "kettle");
    let text = "I love this kettle, the best kettle I ever had";
    server.post(
        "/api/v1/posts",
        &json!([made("youtube", 1, 1, text), made("bluesky", 2, 2, text)]),
    );
    let page = server.wait("/api/v1/mentions", |p| p["total"] == 2);
    let score = |page: &Value, platform: &str| {
        let of = |m: &&Value| m["post"]["source"] == platform;
        page["items"].as_array().unwrap().iter().find(of).unwrap()["sentiment"]["label"].clone()
    };
    assert_eq!(score(&page, "bluesky"), "positive");
    assert_eq!(score(&page, "youtube"), Value::Null);
    // The answer says whose data it is, where YouTube's is part of it.
    let label = page["policy_labels"][0]["text"].as_str().unwrap();
    assert!(label.contains("not YouTube's"), "{label}");
    for path in ["overview?", "series?", "breakdown?by=lang&"] {
        let of =
            |source: &str| server.get(&format!("/api/v1/{path}source={source}"))["policy_labels"].clone();
        assert_eq!(of("youtube")[0]["source"], "youtube", "{path}");
        assert_eq!(of("bluesky"), json!([]), "{path}");
    }
    let policies = server.get("/api/v1/policies");
    let youtube = |policies: &Value| {
        policies
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["platform"] == "youtube")
            .unwrap()
            .clone()
    };
    assert_eq!(youtube(&policies)["accepted"], Value::Null);
    let path = "/api/v1/policies/youtube/acceptance";
    let accept = |version: &str| server.post(path, &json!({"who": "Ann of Legal", "version": version}));
    assert_eq!(accept("2020-01-01").0, 400);
    assert_eq!(
        server
            .post(
                "/api/v1/policies/bluesky/acceptance",
                &json!({"who": "a", "version": "b"})
            )
            .0,
        404
    );
    let (status, policy) = accept("2026-05-04");
    assert_eq!(
        (status, &policy["accepted"]["who"]),
        (200, &json!("Ann of Legal"))
    );
    assert_eq!(policy["features"]["days"], Value::Null);
    let audit = server.get("/api/v1/audit");
    assert!(audit.to_string().contains("policy_accepted"), "{audit}");
    server.post("/api/v1/posts", &json!([made("youtube", 3, 1, text)]));
    let page = server.wait("/api/v1/mentions?source=youtube", |p| p["total"] == 2);
    let scored = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|m| m["sentiment"] != Value::Null);
    assert_eq!(
        scored.count(),
        1,
        "what came later is scored, what came before is not"
    );
}

#[test]
fn people_are_not_scored_where_a_profile_forbids_it() {
    let (_folder, server) = server();
    server.monitor("Kettle", "kettle");
    let text = "I love this kettle, the best kettle I ever had";
    let posts: Vec<Value> = (0..4)
        .map(|n| made(if n < 2 { "mastodon" } else { "file" }, n, n % 2, text))
        .collect();
    server.post("/api/v1/posts", &json!(posts));
    server.wait("/api/v1/mentions", |p| p["total"] == 4);
    let people = |source: &str| server.get(&format!("/api/v1/breakdown?by=author&source={source}"));
    assert_eq!(people("file")["items"][0]["sentiment"], json!([0, 0, 1]));
    let strangers = people("mastodon");
    assert_eq!(strangers["items"][0]["sentiment"], Value::Null);
    let author = strangers["items"][0]["key"].as_str().unwrap();
    let overview = server.get(&format!("/api/v1/overview?author={author}"));
    assert_eq!(
        (&overview["now"]["mentions"], &overview["now"]["positive"]),
        (&json!(1), &json!(0))
    );
    for path in [
        format!("overview?author={author}&sentiment=positive"),
        format!("series?author={author}&by=sentiment"),
        format!("breakdown?author={author}&by=sentiment"),
        "breakdown?by=author&sentiment=positive".to_owned(),
    ] {
        let (status, body) = server.request("GET", &format!("/api/v1/{path}"), "", &[]);
        assert_eq!(status, 403, "{path}: {body}");
        assert!(body.contains("\"policy\""), "{body}");
    }
    // A post's own score is no score of a person.
    let page = server.get(&format!("/api/v1/mentions?author={author}"));
    assert_eq!(page["items"][0]["sentiment"]["label"], "positive");
}

#[test]
fn a_text_of_31_days_is_absent() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    server.monitor("Kettle", "kettle");
    let aged = |platform: &str, n: usize, days: i64| {
        let mut post = made(platform, n, n, "a kettle that whistles zyzzyva");
        post["seen_at"] = json!(at(now() - days * DAY));
        post["created_at"] = post["seen_at"].clone();
        post
    };
    let posts = [
        aged("youtube", 1, 31),
        aged("youtube", 2, 29),
        aged("bluesky", 3, 31),
        aged("linkedin", 4, 3),
    ];
    server.post("/api/v1/posts", &json!(posts));
    let all = format!("/api/v1/mentions?from={}", now() - 40 * DAY);
    server.wait(&all, |p| p["total"] == 4);
    assert!(server.stop().success());

    // A pass comes with the start.
    let server = Server::run(&path);
    let page = server.wait(&all, |p| {
        p["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|m| m["post"]["text"] == "")
            .count()
            == 2
    });
    assert_eq!(page["total"], 4, "they are still counted");
    let gone = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|m| m["post"]["text"] == "");
    for m in gone {
        assert!(m["post"]["source"] == "youtube" || m["post"]["source"] == "linkedin");
        assert_eq!(m["post"]["author"], Value::Null);
        let key = m["post"]["key"].as_str().unwrap();
        let (status, _) = server.request("GET", &format!("/api/v1/posts/{key}/open"), "", &[]);
        assert_ne!(status, 303, "nothing leads there any more");
    }
    let found = server.get(&format!("{all}&q=zyzzyva"));
    assert_eq!(found["total"], 2);
    let terms = server.get(&format!(
        "/api/v1/breakdown?by=term&source=youtube,linkedin&from={}",
        now() - 40 * DAY
    ));
    assert_eq!(terms["items"][0]["mentions"], 1);

    // A project shortens what is kept, and cannot lengthen it.
    let path = "/api/v1/projects/default/retention";
    let put = |body: Value| server.request("PUT", path, &body.to_string(), &[]);
    let (status, body) = put(json!({"platforms": {"youtube": {"text_days": 60}}}));
    assert_eq!(status, 400);
    assert!(
        body.contains("`60` is more than the 30 days that YouTube allows"),
        "{body}"
    );
    assert_eq!(put(json!({"all": {"text_days": 0}})).0, 400);
    let own = json!({"all": {"text_days": 20}, "platforms": {"bluesky": {"aggregates_days": 25}}});
    let (status, body) = put(own);
    assert_eq!(status, 200, "{body}");
    let set = server.get(path);
    assert_eq!(set["in_force"]["youtube"]["text_days"], 20);
    assert_eq!(set["in_force"]["bluesky"]["aggregates_days"], 25);
    assert_eq!(set["own"]["all"]["text_days"], 20);
}

/// Posts in languages by so many authors: 12 in English, 11 in German, 3 in French.
fn crowd() -> Vec<Value> {
    let groups = [("en", 12, 20), ("de", 11, 11), ("fr", 3, 4)];
    let mut out = Vec::new();
    for (lang, authors, posts) in groups {
        for n in 0..posts {
            let id = out.len();
            let mut post = made("bluesky", id, id, "a kettle");
            post["lang"] = json!(lang);
            post["author"]["id"] = json!(format!("{lang}{}", n % authors));
            out.push(post);
        }
    }
    out
}

#[test]
fn small_cells_are_guarded_for_keys_that_see_sums_only() {
    let (_folder, server) = server();
    server.monitor("Kettle", "kettle");
    server.post("/api/v1/posts", &json!(crowd()));
    server.wait("/api/v1/mentions", |p| p["total"] == 35);
    let (status, key) = server.post("/api/v1/keys", &json!({"name": "board", "role": "aggregate"}));
    assert!(status < 300, "{key}");
    let token = key["token"]
        .as_str()
        .or(key["secret"].as_str())
        .unwrap_or_else(|| panic!("{key}"));
    let bearer = format!("Bearer {token}");
    let ask = |path: &str| {
        let (status, body) = server.request(
            "GET",
            &format!("/api/v1/{path}"),
            "",
            &[("Authorization", &bearer)],
        );
        (status, serde_json::from_str::<Value>(&body).unwrap_or_default())
    };
    let keys = |b: &Value| -> Vec<String> {
        b["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["key"].as_str().unwrap().to_owned())
            .collect()
    };
    // French is too few, and German goes along, since French could be found by subtraction.
    let (status, shared) = ask("breakdown?by=lang");
    assert_eq!(status, 200, "{shared}");
    assert_eq!(keys(&shared), ["en"]);
    assert_eq!((&shared["other"], &shared["total"]), (&json!(15), &json!(35)));
    assert_eq!(shared["items"][0]["sentiment"], Value::Null);
    // Whoever is signed in sees everything, and totals over time are everybody's.
    assert_eq!(keys(&server.get("/api/v1/breakdown?by=lang")), ["en", "de", "fr"]);
    assert_eq!(ask("overview").1["now"]["mentions"], 35);
    let series = ask("series?by=source").1;
    assert_eq!(series["lines"][0]["total"], 35);
    for path in [
        "breakdown?by=lang&lang=fr",
        "overview?lang=fr",
        "overview?lang=-fr",
        "overview?q=kettle",
        "overview?author=00000000000000000000000000000000",
        "overview?hashtag=a",
        "series?by=lang",
        "breakdown?by=author",
        "mentions",
        "export",
    ] {
        assert_eq!(ask(path).0, 403, "{path}");
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn each_post_leaves_in_the_form_its_profile_allows() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    server.monitor("Kettle", "kettle");
    let long = format!("=kettle {}", "a word and another ".repeat(30));
    let platforms = [
        "x",
        "x",
        "x",
        "youtube",
        "linkedin",
        "reddit",
        "hackernews",
        "bluesky",
    ];
    let mut posts: Vec<Value> = platforms
        .iter()
        .enumerate()
        .map(|(n, p)| made(p, n, n, &long))
        .collect();
    posts[7]["repost_of"] = json!("bluesky:native99");
    posts[7]["hashtags"] = json!(["Tea"]);
    server.post("/api/v1/posts", &json!(posts));
    server.wait("/api/v1/mentions", |p| p["total"] == 8);
    let export = |how: &str| {
        let (status, body) = server.request("GET", &format!("/api/v1/export{how}"), "", &[]);
        assert_eq!(status, 200, "{body}");
        body
    };
    let out = lines(&export(""));
    let part = |manifest: &Value, platform: &str| {
        let of = |p: &&Value| p["platform"] == platform;
        manifest["platforms"]
            .as_array()
            .unwrap()
            .iter()
            .find(of)
            .unwrap()
            .clone()
    };
    let manifest = &out[0]["manifest"];
    assert_eq!(manifest["posts"], 8);
    assert_eq!(part(manifest, "linkedin")["form"], "forbidden");
    assert!(
        part(manifest, "linkedin")["why"]
            .as_str()
            .unwrap()
            .contains("LinkedIn API")
    );
    let of = |out: &[Value], platform: &str| -> Vec<Value> {
        out[1..]
            .iter()
            .filter(|r| r["platform"] == platform)
            .cloned()
            .collect()
    };
    assert_eq!(of(&out, "linkedin"), [] as [Value; 0]);
    let x = of(&out, "x");
    assert_eq!(x.len(), 3);
    assert!(
        x.iter()
            .all(|r| r["form"] == "id" && r["id"].as_str().unwrap().starts_with("native"))
    );
    assert!(
        x.iter()
            .all(|r| r.get("text").is_none() && r.get("author").is_none())
    );
    assert_eq!(
        of(&out, "reddit")[0],
        json!({"form": "id", "id": "native5", "platform": "reddit"})
    );
    let youtube = &of(&out, "youtube")[0];
    assert!(youtube["label"].as_str().unwrap().contains("not YouTube's"));
    assert_eq!(youtube["sentiment"], Value::Null);
    let hn = &of(&out, "hackernews")[0];
    assert_eq!(
        (&hn["form"], &hn["link"]),
        (&json!("excerpt"), &json!("https://hackernews.example/6"))
    );
    assert_eq!(hn["text"].as_str().unwrap().chars().count(), 200);
    assert!(hn.get("author").is_none());
    assert_eq!(of(&out, "bluesky")[0]["text"], json!(long.trim()));

    // In full as far as asked for and allowed.
    let full = lines(&export("?full=true"));
    assert_eq!(part(&full[0]["manifest"], "x")["full"], 3);
    assert!(of(&full, "x").iter().all(|r| r["form"] == "full"));
    assert!(of(&full, "reddit").iter().all(|r| r["form"] == "id"));
    let audit = server.get("/api/v1/audit");
    assert_eq!(audit.to_string().matches("\"export\"").count(), 2, "{audit}");

    let table = export("?format=csv&source=bluesky");
    let (notes, rows): (Vec<&str>, Vec<&str>) = table.lines().partition(|l| l.starts_with('#'));
    assert!(notes.concat().contains("groundswell_export"));
    let mut reader = csv::Reader::from_reader(rows.join("\n").into_bytes().leak() as &[u8]);
    let column = reader
        .headers()
        .unwrap()
        .iter()
        .position(|h| h == "text")
        .unwrap();
    let row = reader.records().next().unwrap().unwrap();
    assert!(
        row[column].starts_with("'=kettle"),
        "no formula: {}",
        &row[column]
    );

    let as2: Value = serde_json::from_str(&export("?format=as2")).unwrap();
    assert_eq!(as2["type"], "OrderedCollection");
    let items = as2["orderedItems"].as_array().unwrap();
    assert_eq!(items.len(), 7);
    let announce = items.iter().find(|i| i["gs:platform"] == "bluesky").unwrap();
    assert_eq!(announce["type"], "Announce");
    assert!(
        announce["object"]
            .as_str()
            .unwrap()
            .starts_with("urn:groundswell:post:")
    );
    assert_eq!(announce["tag"][0], json!({"type": "Hashtag", "name": "#Tea"}));
    assert_eq!(announce["mediaType"], "text/plain");
    assert_eq!(server.request("GET", "/api/v1/export?format=xls", "", &[]).0, 400);
    assert!(server.stop().success());

    // The command does the same while no server runs.
    let file = folder.path().join("out.jsonl");
    let done = Command::new(BINARY)
        .args(["export", "--project", "default", "--config"])
        .arg(&path)
        .arg("--out")
        .arg(&file)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let again = lines(&std::fs::read_to_string(&file).unwrap());
    assert_eq!(again.len(), out.len());

    // A workbook obeys the same rules.
    let file = folder.path().join("out.xlsx");
    let done = Command::new(BINARY)
        .args(["export", "--format", "xlsx", "--config"])
        .arg(&path)
        .arg("--out")
        .arg(&file)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&file).unwrap();
    let range = calamine::Reader::worksheet_range(&mut book, "Mentions").unwrap();
    let rows: Vec<Vec<String>> = range
        .rows()
        .map(|r| r.iter().map(ToString::to_string).collect())
        .collect();
    assert_eq!(rows.len(), 1 + out.len() - 1);
    let column = |name: &str| rows[0].iter().position(|h| h == name).unwrap();
    for row in &rows[1..] {
        assert_ne!(row[column("platform")], "linkedin");
        let is_id = row[column("form")] == "id";
        assert_eq!(is_id, ["x", "reddit"].contains(&row[column("platform")].as_str()));
        assert!(!is_id || row[column("text")].is_empty());
    }
}

#[test]
fn the_notice_is_made_from_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let settings = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/snapshots/notice.toml");
    let write = || {
        let done = Command::new(BINARY)
            .args(["notice", "--config", settings, "--date", "2026-07-04", "--out"])
            .arg(folder.path())
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    write();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let page = read("notice.html");
    assert!(
        page == include_str!("snapshots/notice.html"),
        "the notice changed; `make notice` renews the snapshot"
    );
    assert!(!page.contains("<script") && !page.contains("{{") && !page.contains("[["));
    for name in ["legitimate-interest.md", "dpia.md"] {
        let text = read(name);
        assert!(!text.contains("{{") && !text.contains("[["), "{name}");
        assert!(text.contains("Acme &lt;Ltd>"), "{name}");
        assert!(text.contains("TO BE FILLED IN: where people turn to"), "{name}");
        assert!(text.contains("| Bluesky | bluesky |"), "{name}");
    }
    // What was filled in stays.
    std::fs::write(folder.path().join("dpia.md"), "ours").unwrap();
    assert!(write().contains("stays as it is"));
    assert_eq!(read("dpia.md"), "ours");
}

#[test]
fn acceptance_by_command_and_the_list_of_profiles() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "[retention.telegram]\ntext_days = 12\n");
    let run = |args: &[&str]| {
        let out = Command::new(BINARY)
            .arg("policy")
            .args(args)
            .arg("--config")
            .arg(&path)
            .output()
            .unwrap();
        (out.status.success(), String::from_utf8(out.stdout).unwrap())
    };
    let line = |platform: &str| {
        let (ok, list) = run(&["list"]);
        assert!(ok);
        list.lines().find(|l| l.starts_with(platform)).unwrap().to_owned()
    };
    assert!(line("telegram").contains("12 d"));
    assert!(line("youtube").contains(" off "));
    let accept = |version: &str| run(&["accept", "youtube", "--who", "Ann", "--version", version]);
    assert!(!accept("2001-01-01").0);
    assert!(accept("2026-05-04").0);
    assert!(line("youtube").contains(" on "));
}
