//! Best times, what moves sentiment, gaps, who is listened to, the week in sentences, and the objective.

use crate::server::{Server, config};
use serde_json::{Value, json};

/// 2026-03-02, a Monday, midnight UTC.
const MONDAY: i64 = 1_772_409_600_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// The week that is looked at: after six weeks of steady posts.
const WEEK: i64 = MONDAY + 42 * DAY;
const BASE: &str = "/api/v1/projects/default";

fn post(uid: &str, author: &str, at: i64, text: &str, likes: u64) -> Value {
    json!({"uid": uid, "platform": "bluesky", "lang": "en", "text": text, "created_at": at, "counts": {"likes": likes},
        "author": {"id": author, "handle": author}})
}

/// Five people post of Acme at 9 and at 18 o'clock for seven weeks, and meet with four times as much in the evening. In the last
/// week forty people more damn its battery and forty praise that of Bolt; fifteen answer one post.
fn posts() -> Vec<Value> {
    let mut posts = Vec::new();
    for day in 0..49i64 {
        for author in 0..5i64 {
            for (hour, likes) in [(9, 10), (18, 43)] {
                let uid = format!("t:{day}-{author}-{hour}");
                let text = format!("acme shop number {day} {author} {hour}, I love it");
                let at = MONDAY + day * DAY + hour * HOUR + author * 60_000;
                // No two days are alike.
                let likes = likes + (day * 7 + author * 3) as u64 % 5;
                posts.push(post(&uid, &format!("steady{author}"), at, &text, likes));
            }
        }
    }
    for n in 0..40i64 {
        let at = WEEK + n * 4 * HOUR;
        let bad = format!("the acme battery is terrible, awful, I hate it {n}");
        posts.push(post(&format!("t:bad{n}"), &format!("bad{n}"), at, &bad, 1));
        let good = format!("the bolt battery is great, I love it {n}");
        posts.push(post(&format!("t:good{n}"), &format!("good{n}"), at, &good, 1));
    }
    posts.push(post("t:star", "star", WEEK + HOUR, "acme news from the star", 5));
    for n in 0..15i64 {
        let mut answer = post(
            &format!("t:re{n}"),
            &format!("fan{n}"),
            WEEK + 2 * HOUR + n,
            &format!("acme yes {n}"),
            0,
        );
        answer["kind"] = json!("reply");
        answer["reply_to"] = json!(if n < 12 { "t:star" } else { "t:bad0" });
        posts.push(answer);
    }
    posts
}

fn server() -> (tempfile::TempDir, Server, [String; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let monitor = |name: &str, query: &str, role: &str| {
        let input = json!({"name": name, "query": query, "role": role});
        let (status, made) = server.post(&format!("{BASE}/monitors"), &input);
        assert_eq!(status, 201, "{made}");
        made["id"].as_str().unwrap().to_owned()
    };
    let ids = [
        monitor("Acme", "acme", "brand"),
        monitor("Bolt", "bolt", "competitor"),
    ];
    let posts = posts();
    for part in posts.chunks(200) {
        let (status, receipt) = server.post("/api/v1/posts", &json!(part));
        assert_eq!((status, &receipt["refused"]), (200, &json!([])), "{receipt}");
    }
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == posts.len());
    (folder, server, ids)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn week(page: &str) -> String {
    format!("{BASE}/insights/{page}?from={WEEK}&to={}", WEEK + 7 * DAY)
}

fn times_are_those_planted(server: &Server) {
    let (from, to) = (MONDAY + 21 * DAY, MONDAY + 49 * DAY);
    let page = server.get(&format!(
        "{BASE}/insights/times?from={from}&to={to}&zone=Europe%2FBerlin"
    ));
    assert_eq!(
        (&page["platforms"][0]["source"], &page["platforms"][1]["source"]),
        (&json!(""), &json!("bluesky"))
    );
    assert_eq!(page["zone"], "Europe/Berlin");
    let hours = page["platforms"][1]["hours"].as_array().unwrap();
    assert!(hours.len() >= 14, "{hours:?}");
    for hour in hours
        .iter()
        .filter(|h| h["ratio"]["n"].as_u64().is_some_and(|n| n >= 15))
    {
        let ratio = &hour["ratio"];
        let (low, value, high) = (
            number(&ratio["low"]),
            number(&ratio["value"]),
            number(&ratio["high"]),
        );
        assert!(low <= value && value <= high && hour["authors"] == 5, "{hour}");
        // 18 o'clock in UTC is 19 or 20 in Berlin, as the clock is turned on 29 March.
        match hour["hour"].as_u64().unwrap() % 24 {
            19 | 20 => assert!(low > 1.0 && hour["beyond_chance"] == true, "{hour}"),
            _ => assert!(value < 1.0, "{hour}"),
        }
    }
    assert!(page["caveat"].as_str().unwrap().contains("cause"));
    let bad = server.request("GET", &format!("{BASE}/insights/times?zone=Mars"), "", &[]);
    assert!(bad.0 == 400 && bad.1.contains("no time zone"), "{}", bad.1);
}

fn drivers_add_up(server: &Server, acme: &str) -> Value {
    let page = server.get(&format!("{}&by=term&monitor={acme}", week("drivers")));
    let subjects = page["subjects"].as_array().unwrap();
    let battery = subjects.iter().find(|s| s["key"] == "battery").unwrap();
    assert_eq!(
        (&battery["posts"], &battery["people"], &battery["posts_before"]),
        (&json!(40), &json!(40), &json!(0))
    );
    let adds = &battery["adds"];
    assert!(
        number(&adds["value"]) < 0.0 && number(&adds["high"]) < 0.0,
        "{battery}"
    );
    assert_eq!(battery["adds_beyond_chance"], true);
    // Share × (its net sentiment − the rest's) = net − the rest's.
    let parts: f64 = subjects
        .iter()
        .chain([&page["rest"]])
        .filter_map(|s| s["part"]["value"].as_f64())
        .sum();
    assert!(
        (parts - number(&page["change"]["value"])).abs() < 1e-9,
        "{parts} {}",
        page["change"]
    );
    // The evidence is the posts.
    let evidence = &battery["evidence"];
    assert_eq!(
        (&evidence["term"], &evidence["from"], &evidence["monitor"]),
        (&json!("battery"), &json!(WEEK), &json!(acme))
    );
    let posts = format!(
        "/api/v1/mentions?from={WEEK}&to={}&term=battery&monitor={acme}",
        WEEK + 7 * DAY
    );
    assert_eq!(server.get(&posts)["total"], 40);
    let refused = server.request("GET", &format!("{}&by=mood", week("drivers")), "", &[]);
    assert!(refused.0 == 400 && refused.1.contains("aspect"), "{}", refused.1);
    page
}

#[test]
fn insight_comes_with_intervals_tests_and_evidence() {
    let (_folder, server, [acme, bolt]) = server();
    times_are_those_planted(&server);
    let drivers = drivers_add_up(&server, &acme);

    let gaps = server.get(&format!("{}&by=term", week("gaps")));
    assert_eq!(
        (&gaps["ours"], &gaps["competitors"][0]["monitor"]),
        (&json!([acme]), &json!(bolt))
    );
    let better = gaps["competitors"][0]["judged_better"].as_array().unwrap();
    let battery = better.iter().find(|b| b["key"] == "battery").unwrap();
    assert!(
        number(&battery["by"]["low"]) > 0.0 && number(&battery["p"]) < 0.001,
        "{battery}"
    );
    assert!(gaps["tested"].as_u64().unwrap() > better.len() as u64);
    let unanswered = gaps["unanswered"].as_array().unwrap();
    assert_eq!(
        (&unanswered[0]["intent"], &unanswered[1]["intent"]),
        (&json!("question"), &json!("complaint"))
    );

    let heard = server.get(&week("influencers"));
    let first = &heard["influencers"][0];
    assert_eq!(
        (
            &first["people"],
            &first["times"],
            &first["posts"],
            &first["source"]
        ),
        (&json!(12), &json!(12), &json!(1), &json!("bluesky"))
    );
    assert_eq!(
        (&first["author"]["handle"], &heard["links"], &heard["people"]),
        (&Value::Null, &json!(15), &json!(2))
    );
    assert_eq!(first["people_percentile"], 0.75);

    // A pinned answer is given again.
    let (status, pinned) = server.post(&format!("{BASE}/permalinks"), &drivers["permalink"]);
    assert_eq!((status, &pinned["same"]), (200, &json!(true)), "{pinned}");
    assert_eq!(pinned["answer"]["subjects"], drivers["subjects"]);
}

#[test]
fn the_week_is_told_and_what_is_tried_is_followed_up() {
    let (_folder, server, [acme, _]) = server();
    let page = server.get(&week("weekly"));
    let claims = page["claims"].as_array().unwrap();
    let of = |id: &str| {
        claims
            .iter()
            .find(|c| c["id"] == id)
            .unwrap_or_else(|| panic!("no {id}: {claims:?}"))
    };
    let volume = of(&format!("volume:{acme}"));
    assert!(
        volume["words"]
            .as_str()
            .unwrap()
            .starts_with("Acme: more than in the period before, 126 against 70"),
        "{volume}"
    );
    assert!(
        of(&format!("sentiment:{acme}"))["words"]
            .as_str()
            .unwrap()
            .contains("fell")
    );
    for claim in claims {
        let is_counted = claim["kind"] == "question";
        assert!(is_counted || number(&claim["p"]) <= 0.05, "{claim}");
        assert!(
            claim["kind"] == "time" || claim["evidence"]["filter"]["from"] == WEEK,
            "{claim}"
        );
    }
    let (tested, passed) = (page["tested"].as_u64().unwrap(), page["passed"].as_u64().unwrap());
    assert!(passed > 0 && passed < tested, "{passed} of {tested}");
    let suggestions = page["suggestions"].as_array().unwrap();
    assert!(!suggestions.is_empty());
    assert!(
        suggestions
            .iter()
            .all(|s| claims.iter().any(|c| c["id"] == s["claim"]) && s["taken"].is_null())
    );
    assert_eq!(page["followed"], json!([]));

    // Taken with one request, it is followed up.
    let title = suggestions[0]["title"].clone();
    let action = json!({"at": WEEK + DAY, "until": null, "title": title, "kind": "action"});
    let (status, taken) = server.post(&format!("{BASE}/annotations"), &action);
    assert_eq!(status, 200, "{taken}");
    let page = server.get(&week("weekly"));
    assert_eq!(page["suggestions"][0]["taken"], taken["id"]);
    let followed = &page["followed"][0];
    assert_eq!(
        (
            &followed["annotation"]["title"],
            &followed["around"]["metrics"][0]
        ),
        (&title, &json!("mentions"))
    );
    assert!(
        followed["around"]["control"].is_object()
            && !followed["around"]["words"].as_array().unwrap().is_empty()
    );

    // The same stands in a report.
    let definition = json!({"name": "Week", "sections": ["changes", "peaks"], "internal": true,
        "period": {"days": {"first": "2026-04-13", "last": "2026-04-19"}}});
    let (_, report) = server.post(&format!("{BASE}/reports"), &definition);
    let path = format!(
        "{BASE}/reports/{}/render?format=html",
        report["id"].as_str().unwrap()
    );
    let (status, made) = server.post(&path, &Value::Null);
    assert_eq!(status, 201, "{made}");
    let text = server
        .request("GET", made["download"].as_str().unwrap(), "", &[])
        .1;
    assert!(
        text.contains("What changed, what to try") && text.contains("Acme: more than in the period before")
    );

    // An empty week says nothing.
    let before = format!(
        "{BASE}/insights/weekly?from={}&to={}",
        MONDAY - 14 * DAY,
        MONDAY - 7 * DAY
    );
    let empty = server.get(&before);
    assert_eq!(
        (&empty["claims"], &empty["comparable"]),
        (&json!([]), &json!(false))
    );
}

#[test]
fn an_objective_has_a_target_progress_cards_and_alerts() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let id = server.monitor("Acme", "acme");
    let now = jiff::Timestamp::now().as_millisecond();
    let posts: Vec<Value> = (0..60i64)
        .map(|n| {
            post(
                &format!("t:{n}"),
                &format!("a{n}"),
                now - 27 * DAY + n * 10 * HOUR,
                &format!("acme {n}"),
                0,
            )
        })
        .collect();
    server.post("/api/v1/posts", &json!(posts));
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 60);
    let path = format!("{BASE}/objective");
    let plain = server.get(&path);
    assert_eq!(
        (
            &plain["objective"],
            &plain["metric"],
            &plain["target"],
            &plain["progress"]
        ),
        (
            &json!("brand_mentions"),
            &json!("mentions"),
            &Value::Null,
            &Value::Null
        )
    );
    assert_eq!(
        (&plain["cards"][0], &plain["alerts"][0]["kind"]),
        (&json!("mentions"), &json!("peak"))
    );
    assert_eq!(
        plain["alerts"][0]["scope"],
        json!({"project": "default", "monitor": id})
    );

    let put = |body: Value| server.request("PUT", &path, &body.to_string(), &[]);
    let (status, body) =
        put(json!({"objective": "customer_feedback", "target": {"metric": "mentions", "value": 20}}));
    assert_eq!(status, 200, "{body}");
    let view: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&view["objective"], &view["cards"][0]),
        (&json!("customer_feedback"), &json!("sentiment"))
    );
    let progress = &view["progress"];
    assert_eq!(
        (&progress["now"]["value"], &progress["state"]),
        (&json!(60.0), &json!("reached"))
    );
    assert!(number(&progress["now"]["low"]) < 60.0 && number(&progress["now"]["high"]) > 60.0);
    assert_eq!(server.get(&format!("{path}?brief=true"))["progress"], Value::Null);
    let (status, body) = put(json!({"target": {"metric": "share_of_voice", "value": 25}}));
    assert!(status == 400 && body.contains("target.value"), "{body}");
    put(json!({}));
    let none = server.get(&path);
    assert_eq!(
        (&none["objective"], &none["target"]),
        (&json!("customer_feedback"), &Value::Null)
    );
}
