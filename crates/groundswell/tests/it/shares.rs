//! Share links: a fixed filter, sums only, until they end.

use crate::server::{Server, config};
use serde_json::{Value, json};

fn posts(server: &Server, count: usize) {
    let posts: Vec<Value> = (0..count)
        .map(|i| {
            let lang = if i == 0 { "de" } else { "en" };
            json!({"uid": format!("x:{i}"), "platform": if i % 2 == 0 { "x" } else { "bluesky" }, "lang": lang,
                "text": format!("my kettle number {i} is here"), "author": {"id": format!("a{i}"), "handle": format!("ana_{i}")}})
        })
        .collect();
    server.post("/api/v1/posts", &Value::from(posts));
    server.wait("/api/v1/mentions", |p| p["total"] == count);
}

#[test]
fn a_link_shows_its_filter_and_nothing_else_until_it_is_withdrawn() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let monitor = server.monitor("kettle", "kettle");
    posts(&server, 24);
    let make = |body: Value| server.post("/api/v1/projects/default/shares", &body);
    let (status, made) = make(
        json!({"name": "board", "level": "aggregate", "days": 7, "hours": 24,
        "filter": format!("?monitor={monitor}&source=x")}),
    );
    assert_eq!(status, 201, "{made}");
    let token = made["token"].as_str().unwrap();
    assert!(
        made["url"]
            .as_str()
            .unwrap()
            .contains(&format!("/shared#{token}"))
    );
    let at = |path: &str| format!("/api/v1/share/{token}{path}");
    assert_eq!(server.get(&at(""))["name"], "board");
    // Whatever is asked for besides, the filter stays.
    for more in ["", "?source=bluesky", "?project=other&from=0"] {
        let overview = server.get(&at(&format!("/overview{more}")));
        assert_eq!(overview["now"]["mentions"], 12, "{more}");
    }
    assert_eq!(
        server.get(&at("/series?by=source"))["lines"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // One German post: too few people to be shown.
    let langs = server.get(&at("/breakdown?by=lang"));
    let keys: Vec<_> = langs["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["key"].as_str().unwrap())
        .collect();
    assert!(!keys.contains(&"de"), "{langs}");
    for refused in ["/breakdown?by=author", "/series?by=lang", "/mentions"] {
        assert_eq!(server.request("GET", &at(refused), "", &[]).0, 403, "{refused}");
    }
    // Filters that could be about very few people cannot be shared.
    for filter in ["q=kettle", "lang=de", "author=00"] {
        let (status, answer) = make(json!({"name": "x", "level": "aggregate", "days": 1, "filter": filter}));
        assert!(matches!(status, 400 | 403), "{filter}: {answer}");
    }
    let bad = make(json!({"name": "x", "level": "aggregate", "days": 1, "filter": "project=other"}));
    assert_eq!(bad.0, 400, "{}", bad.1);

    let (_, single) = make(json!({"name": "desk", "level": "mentions", "days": 1}));
    let (token, id) = (
        single["token"].as_str().unwrap(),
        single["share"]["id"].as_str().unwrap(),
    );
    let page = server.get(&format!("/api/v1/share/{token}/mentions?limit=5"));
    assert_eq!(
        (page["total"].as_u64(), page["items"].as_array().unwrap().len()),
        (Some(24), 5)
    );
    let text = page.to_string();
    assert!(
        !text.contains("number") && !text.contains("ana_") && !text.contains("p_"),
        "{text}"
    );
    assert_eq!(
        server
            .request("DELETE", &format!("/api/v1/shares/{id}"), "", &[])
            .0,
        204
    );
    assert_eq!(
        server
            .request("GET", &format!("/api/v1/share/{token}"), "", &[])
            .0,
        404
    );
    assert_eq!(
        server.request("GET", "/api/v1/share/gsv_0/overview", "", &[]).0,
        404
    );
    let audit = server.get("/api/v1/audit");
    assert_eq!(audit["items"][0]["action"], "share_revoked");
    assert!(!audit.to_string().contains(token));
}
