//! The named answers, as a program asks them.

use crate::server::{Server, config};
use serde_json::{Value, json};

/// 2026-03-02, a Monday, midnight UTC.
const MONDAY: i64 = 1_772_409_600_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const BASE: &str = "/api/v1/projects/default";

fn post(n: usize, author: &str, at: i64, text: &str) -> Value {
    json!({"uid": format!("t:{n}"), "platform": "bluesky", "lang": "en", "text": text, "created_at": at,
        "author": {"id": author, "handle": author, "followers": 100}})
}

/// A server with these monitors (name and query) and posts, all of them stored.
fn server(monitors: &[(&str, &str)], posts: &[Value]) -> (tempfile::TempDir, Server, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let ids = monitors
        .iter()
        .map(|(name, query)| server.monitor(name, query))
        .collect();
    let (status, receipt) = server.post("/api/v1/posts", &json!(posts));
    assert_eq!((status, &receipt["refused"]), (200, &json!([])), "{receipt}");
    server.wait("/api/v1/mentions?from=0&voice=all", |p| p["total"] == posts.len());
    (folder, server, ids)
}

fn period(from: i64, to: i64) -> String {
    format!("from={from}&to={to}")
}

fn refused(server: &Server, path: &str, says: &str) {
    let (status, body) = server.request("GET", path, "", &[]);
    assert!(status == 400 && body.contains(says), "{path}: {status} {body}");
}

#[test]
fn the_overview_is_one_answer_and_a_permalink_gives_it_again() {
    let posts: Vec<Value> = (0..60)
        .map(|n| {
            let text = [
                "acme is great, I love it",
                "acme is terrible, awful",
                "acme opens #shops",
            ][n % 3];
            post(
                n,
                &format!("a{}", n % 20),
                MONDAY + n as i64 * HOUR,
                &format!("{text} {n}"),
            )
        })
        .collect();
    let (folder, server, _) = server(&[("Acme", "acme"), ("Bolt", "bolt")], &posts);
    let asked = format!(
        "{}&zone=Europe%2FBerlin",
        period(MONDAY + 30 * HOUR, MONDAY + 60 * HOUR)
    );
    let page = server.get(&format!("{BASE}/overview?{asked}&newest=3"));
    // The same numbers as the composable question gives.
    let metrics: Vec<&str> = page["figures"]["metrics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m.as_str().unwrap())
        .collect();
    let measured = server.get(&format!(
        "/api/v1/measure?{asked}&metric={}&compare=previous",
        metrics.join(",")
    ));
    assert_eq!(page["figures"]["total"], measured["total"]);
    assert_eq!(page["figures"]["before"]["total"], measured["before"]["total"]);
    assert_eq!(
        (&page["figures"]["total"][0]["value"], &page["change"][0]["value"]),
        (&json!(30.0), &json!(1.0))
    );
    assert_eq!(page["newest"].as_array().unwrap().len(), 3);
    assert_eq!(page["week"]["rows"].as_array().unwrap().len(), 168);
    // 06:00 on Tuesday in UTC is 07:00 in Berlin: hour 24 + 7 of the week.
    assert_eq!(page["week"]["rows"][30][0]["value"], json!(0.0));
    assert_eq!(page["week"]["rows"][31][0]["value"], json!(1.0));
    assert_eq!(page["hashtags"]["axes"][0]["keys"][0]["key"], "shops");
    for list in ["series", "voice", "sources", "langs", "authors", "terms"] {
        assert!(
            page[list]["rows"].as_array().unwrap().len() > 1 || page[list]["rows"][0][0]["value"] == 30.0,
            "{list}"
        );
    }
    refused(&server, &format!("{BASE}/overview?zone=Mars"), "no time zone");

    let (status, pinned) = server.post(&format!("{BASE}/permalinks"), &page["permalink"]);
    assert_eq!((status, &pinned["same"]), (200, &json!(true)), "{pinned}");
    assert_eq!(pinned["answer"]["figures"], page["figures"]);
    let link = format!("{BASE}/permalinks/{}", pinned["id"].as_str().unwrap());
    assert!(server.stop().success());
    let server = Server::run(&config(folder.path(), ""));
    server.post(
        "/api/v1/posts",
        &json!([post(99, "late", MONDAY + 40 * HOUR, "acme once more")]),
    );
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 61);
    let again = server.get(&link);
    assert_eq!(
        (&again["same"], &again["was"]),
        (&json!(true), &Value::Null),
        "{again}"
    );
    assert_eq!(again["answer"]["voice"], page["voice"]);
    assert_eq!(
        server.get(&format!("{BASE}/overview?{asked}"))["figures"]["total"][0]["value"],
        json!(31.0)
    );
}

#[test]
fn those_who_see_sums_get_an_overview_without_people_and_small_cells() {
    let posts: Vec<Value> = (0..30)
        .map(|n| {
            let mut post = post(
                n,
                &format!("a{n}"),
                MONDAY + n as i64 * HOUR,
                &format!("acme {n}"),
            );
            post["lang"] = json!(if n == 0 { "de" } else { "en" });
            post["country"] = json!(if n == 1 { "AT" } else { "US" });
            post
        })
        .collect();
    let (_folder, server, _) = server(&[("Acme", "acme")], &posts);
    let (_, key) = server.post("/api/v1/keys", &json!({"name": "board", "role": "aggregate"}));
    let bearer = format!("Bearer {}", key["token"].as_str().unwrap());
    let ask = |path: &str| server.request("GET", &format!("{BASE}{path}"), "", &[("Authorization", &bearer)]);
    let asked = period(MONDAY, MONDAY + 2 * DAY);
    let (status, body) = ask(&format!("/overview?{asked}"));
    assert_eq!(status, 200, "{body}");
    let page: Value = serde_json::from_str(&body).unwrap();
    for people in ["authors", "links", "newest"] {
        assert_eq!(page[people], Value::Null, "{people}");
    }
    assert_eq!(page["figures"]["total"][0]["value"], json!(30.0));
    for (list, small) in [("langs", "de"), ("countries", "at")] {
        let keys = page[list]["axes"][0]["keys"].as_array().unwrap();
        let at = keys
            .iter()
            .position(|k| k["key"].as_str().unwrap().eq_ignore_ascii_case(small))
            .unwrap();
        assert_eq!(
            (&keys[at]["hidden"], &page[list]["rows"][at][0]["value"]),
            (&json!(true), &Value::Null),
            "{list}"
        );
    }
    for page in ["behaviour", "channels", "entity", "preferences"] {
        assert_eq!(ask(&format!("/{page}?{asked}")).0, 403, "{page}");
    }
    assert_eq!(ask("/overview?country=at").0, 403);
}

#[test]
fn people_are_new_or_return_and_monitors_are_named_together() {
    // Ten people in the first week, five of them and fifteen new ones in the second.
    let mut posts: Vec<Value> = (0..10)
        .map(|n| {
            post(
                n,
                &format!("a{n}"),
                MONDAY + n as i64 * HOUR,
                &format!("acme {n}"),
            )
        })
        .collect();
    posts.extend((10..30).map(|n| {
        post(
            n,
            &format!("a{}", n - 5),
            MONDAY + 7 * DAY + n as i64 * HOUR,
            &format!("acme and bolt {n}"),
        )
    }));
    // A thousand times the same words are one voice, and one author has one vote.
    posts.extend((30..50).map(|n| {
        post(
            n,
            &format!("bot{n}"),
            MONDAY + 8 * DAY + n as i64,
            "bolt with cran, buy now",
        )
    }));
    posts.extend((50..60).map(|n| post(n, "ann", MONDAY + 9 * DAY + n as i64, &format!("cran {n}"))));
    let (_folder, server, ids) = server(&[("Acme", "acme"), ("Bolt", "bolt"), ("Cran", "cran")], &posts);
    let asked = period(MONDAY + 7 * DAY, MONDAY + 14 * DAY);
    let page = server.get(&format!("{BASE}/behaviour?{asked}&monitor={}", ids[0]));
    assert_eq!(
        (
            &page["people"]["authors"],
            &page["people"]["new"],
            &page["people"]["returning"]
        ),
        (&json!(20), &json!(15), &json!(5))
    );
    assert_eq!(
        (&page["history_since"], &page["people_before"]),
        (&json!(MONDAY), &Value::Null)
    );
    let page = server.get(&format!("{BASE}/behaviour?{asked}"));
    let together = &page["together"];
    // Twenty say acme and bolt, one bolt and cran, one cran.
    assert_eq!(together["votes"], json!(22));
    let pairs = together["pairs"].as_array().unwrap();
    let pair = |a: usize, b: usize| {
        pairs
            .iter()
            .find(|p| {
                [&p["a"], &p["b"]]
                    .iter()
                    .all(|id| **id == ids[a] || **id == ids[b])
            })
            .unwrap()
    };
    assert_eq!(pairs.len(), 2, "{pairs:?}");
    assert_eq!(
        (&pair(0, 1)["authors"], &pair(1, 2)["authors"]),
        (&json!(20), &json!(1))
    );
    // 20 × 22 ÷ (20 × 21).
    let lift = &pair(0, 1)["lift"];
    assert!(
        (lift["value"].as_f64().unwrap() - 22.0 / 21.0).abs() < 1e-9,
        "{lift}"
    );
    assert_eq!(page["week"]["rows"].as_array().unwrap().len(), 168);
}

#[test]
fn preferences_and_switches_are_read_where_both_are_named() {
    let mut posts: Vec<Value> = (0..36)
        .map(|n| {
            post(
                n,
                &format!("a{n}"),
                MONDAY + n as i64 * HOUR,
                &format!("Day {n}: acme is better than bolt"),
            )
        })
        .collect();
    posts.extend((36..42).map(|n| {
        post(
            n,
            &format!("b{n}"),
            MONDAY + n as i64 * HOUR,
            &format!("{n} we switched from acme to bolt"),
        )
    }));
    posts.push(post(42, "asks", MONDAY + 42 * HOUR, "is acme better than bolt?"));
    posts.push(post(
        43,
        "a1",
        MONDAY + 43 * HOUR,
        "bolt is better than acme after all",
    ));
    posts.push(post(44, "quiet", MONDAY + 44 * HOUR, "acme"));
    let (_folder, server, ids) = server(&[("Acme", "acme"), ("Bolt", "bolt")], &posts);
    let asked = format!(
        "{}&monitor={},{}",
        period(MONDAY, MONDAY + 3 * DAY),
        ids[0],
        ids[1]
    );
    let page = server.get(&format!("{BASE}/preferences?{asked}"));
    assert_eq!((&page["found"], &page["read"]), (&json!(44), &json!(44)));
    let pair = &page["pairs"][0];
    assert_eq!((&pair["a"], &pair["authors"]), (&json!(ids[0]), &json!(43)));
    // Some of the texts without a phrase may be told by their sentiment; those with one are all told.
    assert_eq!(pair["by_phrase"], json!(36), "{pair}");
    assert!(
        pair["prefer_a"].as_u64().unwrap() >= 35 && pair["prefer_b"].as_u64().unwrap() >= 1,
        "{pair}"
    );
    assert_eq!((&pair["went_to_a"], &pair["went_to_b"]), (&json!(0), &json!(6)));
    assert!(pair["share_a"]["low"].as_f64().unwrap() > 0.5, "{pair}");
    assert_eq!(
        pair["examples"][0]["prefers"],
        json!(ids[1]),
        "the newest word of an author counts"
    );
    refused(
        &server,
        &format!("{BASE}/preferences?monitor={}", ids[0]),
        "name 2 to 10 monitors",
    );
    refused(
        &server,
        &format!("{BASE}/preferences?monitor={},m_none", ids[0]),
        "no monitor `m_none`",
    );
}

#[test]
fn perceptions_set_brands_apart_by_authors() {
    let posts: Vec<Value> = (0..120)
        .map(|n| {
            let text = match n % 4 {
                0 => format!("acme battery lasts {n}"),
                1 => format!("bolt screen shines {n}"),
                2 => format!("acme phone {n}"),
                _ => format!("bolt phone {n}"),
            };
            post(n, &format!("a{n}"), MONDAY + n as i64 * HOUR / 4, &text)
        })
        .collect();
    let (_folder, server, ids) = server(&[("Acme", "acme"), ("Bolt", "bolt")], &posts);
    let asked = format!(
        "{}&monitor={},{}",
        period(MONDAY, MONDAY + 2 * DAY),
        ids[0],
        ids[1]
    );
    let page = server.get(&format!("{BASE}/perceptions?{asked}&by=term"));
    let keys = |row: usize, side: &str| -> Vec<&str> {
        let list = page["monitors"][row][side].as_array().unwrap();
        list.iter().map(|a| a["key"].as_str().unwrap()).collect()
    };
    assert!(
        keys(0, "more").contains(&"battery") && keys(0, "less").contains(&"screen"),
        "{page}"
    );
    assert!(
        keys(1, "more").contains(&"screen") && !keys(1, "more").contains(&"phone"),
        "{page}"
    );
    refused(
        &server,
        &format!("{BASE}/perceptions?{asked}&by=colour"),
        "no attribute",
    );
}

#[test]
fn awareness_and_the_market_are_told_from_a_category() {
    let mut posts: Vec<Value> = (0..40)
        .map(|n| {
            let text = if n % 4 == 0 {
                format!("my phone is an acme {n}")
            } else {
                format!("new phone {n}")
            };
            post(n, &format!("a{n}"), MONDAY + 7 * DAY + n as i64 * HOUR, &text)
        })
        .collect();
    posts.push(post(40, "b", MONDAY + 8 * DAY, "acme without the other word"));
    posts.extend((41..81).map(|n| {
        post(
            n,
            &format!("a{n}"),
            MONDAY + (n as i64 - 41) * HOUR,
            &format!("old phone {n}"),
        )
    }));
    let (_folder, server, ids) = server(&[("Phones", "phone"), ("Acme", "acme"), ("Bolt", "bolt")], &posts);
    let asked = format!(
        "{}&within={}",
        period(MONDAY + 7 * DAY, MONDAY + 14 * DAY),
        ids[0]
    );
    let page = server.get(&format!(
        "{BASE}/awareness?{asked}&monitor={},{}&interval=day",
        ids[1], ids[2]
    ));
    let total = &page["total"];
    assert_eq!((&total["authors"], &total["texts"]), (&json!(40), &json!(40)));
    assert_eq!(
        (&total["named"][0]["value"], &total["named"][1]["value"]),
        (&json!(0.25), &json!(0.0))
    );
    assert_eq!(total["no_brand"]["value"], json!(0.75));
    let by_day: Vec<u64> = page["series"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["texts"].as_u64().unwrap())
        .collect();
    assert_eq!(by_day, [24, 16, 0, 0, 0, 0, 0]);
    let market = server.get(&format!("{BASE}/market?{asked}"));
    assert_eq!(
        (&market["category"], &market["figures"]["total"][0]["value"]),
        (&json!("Phones"), &json!(40.0))
    );
    let keys = |list: &str| -> Vec<&str> {
        market[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["key"].as_str().unwrap())
            .collect()
    };
    assert!(
        keys("rising").contains(&"new") || keys("rising").contains(&"acme"),
        "{market}"
    );
    assert!(keys("falling").contains(&"old"), "{market}");
    refused(&server, &format!("{BASE}/market"), "no monitor");
    refused(
        &server,
        &format!("{BASE}/awareness?within={}", ids[0]),
        "name 1 to 20 monitors",
    );
}

#[test]
fn an_author_a_site_and_a_link_have_a_page() {
    let posts: Vec<Value> = (0..40)
        .map(|n| {
            let mut post = post(
                n,
                &format!("a{}", n % 4),
                MONDAY + n as i64 * HOUR,
                &format!("acme is great {n} #news"),
            );
            post["urls"] = json!([format!("https://example.org/{}", n % 2)]);
            // The author a1 is on a platform that forbids to sum up people.
            post["platform"] = json!(if n % 4 == 1 { "x" } else { "bluesky" });
            post
        })
        .collect();
    let (_folder, server, _) = server(&[("Acme", "acme")], &posts);
    let asked = period(MONDAY + 20 * HOUR, MONDAY + 40 * HOUR);
    let site = server.get(&format!("{BASE}/entity?{asked}&site=example.org"));
    assert_eq!(
        (&site["kind"], &site["key"]),
        (&json!("site"), &json!("example.org"))
    );
    assert_eq!(
        (&site["first_seen"], &site["last_seen"]),
        (&json!(MONDAY), &json!(MONDAY + 39 * HOUR))
    );
    assert_eq!(
        (
            &site["figures"]["total"][0]["value"],
            &site["figures"]["total"][1]["value"]
        ),
        (&json!(20.0), &json!(4.0))
    );
    assert_eq!(site["company"]["hashtags"]["axes"][0]["keys"][0]["key"], "news");
    let author = site["newest"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["post"]["source"] == "x")
        .unwrap();
    let author = author["post"]["author"]["key"].as_str().unwrap();
    let page = server.get(&format!("{BASE}/entity?{asked}&author={author}"));
    assert_eq!(
        (&page["author"]["key"], &page["author"]["handle"]),
        (&json!(author), &Value::Null),
        "a pseudonym alone"
    );
    assert_eq!(page["figures"]["total"][0]["value"], json!(5.0));
    let at = |metric: &str| {
        page["figures"]["metrics"]
            .as_array()
            .unwrap()
            .iter()
            .position(|m| m == metric)
            .unwrap()
    };
    assert_eq!(
        page["figures"]["total"][at("net_sentiment")]["value"],
        Value::Null
    );
    assert_eq!(
        (&page["company"], &page["authors"]),
        (&Value::Null, &Value::Null),
        "no profile of a person"
    );
    let link = server.get(&format!(
        "{BASE}/entity?{asked}&link=https%3A%2F%2Fexample.org%2F1"
    ));
    assert_eq!(link["figures"]["total"][0]["value"], json!(10.0));
    refused(&server, &format!("{BASE}/entity?{asked}"), "name one thing");
    refused(
        &server,
        &format!("{BASE}/entity?{asked}&site=a.example&media=image"),
        "name one thing",
    );
}

#[test]
fn a_post_stands_in_its_thread() {
    let with = |n: usize, author: &str, more: Value| {
        let mut post = post(n, author, MONDAY + n as i64 * HOUR, &format!("acme {n}"));
        post.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        post
    };
    let posts = [
        with(0, "ann", json!({})),
        with(
            1,
            "bob",
            json!({"kind": "reply", "reply_to": "t:0", "thread_root": "t:0"}),
        ),
        with(
            2,
            "cy",
            json!({"kind": "reply", "reply_to": "t:1", "thread_root": "t:0"}),
        ),
        with(
            3,
            "dee",
            json!({"kind": "reply", "reply_to": "t:2", "thread_root": "t:0"}),
        ),
        with(4, "eve", json!({"kind": "quote", "quote_of": "t:1"})),
        with(
            5,
            "fay",
            json!({"kind": "reply", "reply_to": "t:0", "thread_root": "t:0"}),
        ),
        with(
            6,
            "gil",
            json!({"kind": "reply", "reply_to": "t:77", "thread_root": "t:0"}),
        ),
        with(7, "hal", json!({})),
    ];
    let (_folder, server, _) = server(&[("Acme", "acme"), ("Also", "acme")], &posts);
    let all = server.get("/api/v1/mentions?from=0");
    let key = |n: usize| {
        let items = all["items"].as_array().unwrap();
        let item = items
            .iter()
            .find(|m| m["post"]["text"] == format!("acme {n}"))
            .unwrap();
        item["post"]["key"].as_str().unwrap().to_owned()
    };
    let page = server.get(&format!("{BASE}/posts/{}/thread", key(1)));
    let posts = page["posts"].as_array().unwrap();
    let told: Vec<(&str, &str, u64)> = posts
        .iter()
        .map(|p| {
            (
                p["mention"]["post"]["text"].as_str().unwrap(),
                p["relation"].as_str().unwrap(),
                p["depth"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("acme 0", "above", 0),
            ("acme 1", "this", 1),
            ("acme 2", "reply", 2),
            ("acme 3", "reply", 3),
            ("acme 4", "quote", 2),
            ("acme 5", "thread", 1),
            ("acme 6", "thread", 0),
        ]
    );
    assert_eq!(
        page["counts"],
        json!({"above": 1, "replies": 2, "quotes": 1, "reposts": 0, "others": 2})
    );
    assert_eq!((&page["missing"], &page["more"]), (&json!(1), &json!(false)));
    refused(&server, &format!("{BASE}/posts/nothing/thread"), "is no post");
    let nobody = "0".repeat(32);
    assert_eq!(
        server
            .request("GET", &format!("{BASE}/posts/{nobody}/thread"), "", &[])
            .0,
        404
    );
}

#[test]
fn channels_tell_cadence_and_reply_time() {
    let mut posts: Vec<Value> = (0..40)
        .map(|n| {
            post(
                n,
                &format!("a{n}"),
                MONDAY + n as i64 * HOUR,
                &format!("acme help {n}"),
            )
        })
        .collect();
    // Eight are answered, after 10, 20, … 80 minutes; one of them twice.
    posts.extend((0..8).map(|n| {
        let mut reply = post(
            100 + n,
            "AcmeHQ",
            MONDAY + n as i64 * HOUR + (n as i64 + 1) * 600_000,
            &format!("acme here {n}"),
        );
        reply["kind"] = json!("reply");
        reply["reply_to"] = json!(format!("t:{n}"));
        reply
    }));
    let mut more = post(120, "AcmeHQ", MONDAY + 30 * HOUR, "acme here again");
    (more["kind"], more["reply_to"]) = (json!("reply"), json!("t:0"));
    let mut lost = post(121, "AcmeHQ", MONDAY + 31 * HOUR, "acme to nobody");
    (lost["kind"], lost["reply_to"]) = (json!("reply"), json!("t:999"));
    posts.extend([
        more,
        lost,
        post(122, "AcmeHQ", MONDAY + 32 * HOUR, "acme news #launch"),
    ]);
    posts.push(post(123, "bolt", MONDAY + 3 * HOUR, "bolt news"));
    let (_folder, server, ids) = server(
        &[("Acme", "acme"), ("Bolt", "bolt"), ("None", "acme AND news")],
        &posts,
    );
    for (id, handle) in [(&ids[0], "acmehq"), (&ids[1], "bolt")] {
        let accounts = json!([{"platform": "bluesky", "handle": handle}]).to_string();
        assert_eq!(
            server
                .request("PUT", &format!("/api/v1/monitors/{id}/accounts"), &accounts, &[])
                .0,
            200
        );
    }
    let asked = period(MONDAY, MONDAY + 4 * DAY);
    let page = server.get(&format!("{BASE}/channels?{asked}"));
    let channels = page["channels"].as_array().unwrap();
    assert_eq!(channels.len(), 2, "those with accounts");
    let acme = channels.iter().find(|c| c["monitor"] == json!(ids[0])).unwrap();
    assert_eq!(
        (&acme["figures"]["total"][0]["value"], &acme["per_day"]["value"]),
        (&json!(11.0), &json!(11.0 / 4.0))
    );
    assert_eq!(acme["hashtags"]["axes"][0]["keys"][0]["key"], "launch");
    let replies = &acme["replies"];
    // The middle of 10 to 80 is 45; of eight values the interval is from the least to the largest.
    assert_eq!(
        replies["median"],
        json!({"value": 45.0, "low": 10.0, "high": 80.0, "n": 8})
    );
    assert_eq!(
        (&replies["answered"]["value"], &replies["to_unheld"]),
        (&json!(0.2), &json!(1))
    );
    assert_eq!(replies["sampled"], json!(false));
    let bolt = channels.iter().find(|c| c["monitor"] == json!(ids[1])).unwrap();
    assert_eq!(
        (
            &bolt["replies"]["median"]["value"],
            &bolt["replies"]["median"]["n"]
        ),
        (&Value::Null, &json!(0))
    );
    refused(&server, &format!("{BASE}/channels?monitor=m_none"), "no monitor");
}
