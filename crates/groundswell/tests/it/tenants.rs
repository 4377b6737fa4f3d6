//! Two tenants on one installation: whatever route there is, neither comes by the other's things.

use crate::people::Browser;
use crate::server::{Server, config};
use groundswell::api::{Need, Place, ROUTES};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn operations() -> Vec<(String, String, Value)> {
    let document: Value = serde_json::from_str(&groundswell::api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods
            .iter()
            .map(move |(method, about)| (method.to_uppercase(), path.clone(), about.clone()))
    });
    each.collect()
}

#[test]
fn every_route_stands_in_the_table_of_who_may_what() {
    let documented: BTreeSet<_> = operations().into_iter().map(|(m, p, _)| (m, p)).collect();
    let listed: BTreeSet<_> = ROUTES
        .iter()
        .map(|r| (r.method.to_owned(), r.path.to_owned()))
        .collect();
    assert_eq!(listed.len(), ROUTES.len(), "a route stands in the table twice");
    let missing: Vec<_> = documented.difference(&listed).collect();
    assert!(missing.is_empty(), "add these to api/routes.rs: {missing:?}");
    let stale: Vec<_> = listed
        .difference(&documented)
        .filter(|(_, path)| path.starts_with("/api/v1/") && path != "/api/v1/openapi.json")
        .collect();
    assert!(stale.is_empty(), "these are no routes: {stale:?}");
}

/// What belongs to one tenant.
struct Tenant {
    project: String,
    monitor: String,
    classifier: String,
    share: String,
    dashboard: String,
    post: String,
    key: String,
}

fn made(server: &Server, path: &str, body: &Value) -> Value {
    let (status, answer) = server.post(path, body);
    assert!((200..300).contains(&status), "{path}: {answer}");
    answer
}

fn tenant(server: &Server, word: &str) -> Tenant {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let project = text(&made(server, "/api/v1/projects", &json!({"name": word}))["id"]);
    let base = format!("/api/v1/projects/{project}");
    let monitor = made(
        server,
        &format!("{base}/monitors"),
        &json!({"name": word, "query": word}),
    );
    let classifier = made(server, &format!("{base}/classifiers"), &json!({"name": word}));
    let share = made(
        server,
        &format!("{base}/shares"),
        &json!({"name": word, "level": "mentions", "days": 1}),
    );
    let dashboard = made(server, &format!("{base}/dashboards"), &json!({"name": word}));
    let list = json!({"terms": [word]}).to_string();
    assert_eq!(
        server
            .request("PUT", &format!("{base}/lists/words"), &list, &[])
            .0,
        200
    );
    let post = json!({"uid": format!("x:{word}"), "platform": "x", "text": format!("my {word}"),
        "author": {"id": word, "handle": word}, "permalink": format!("https://x.com/{word}/status/1")});
    made(server, "/api/v1/posts", &post);
    let page = server.wait(&format!("/api/v1/mentions?project={project}"), |p| {
        p["total"] == 1
    });
    let key = made(
        server,
        "/api/v1/keys",
        &json!({"name": word, "role": "admin", "project": project}),
    );
    Tenant {
        project,
        monitor: text(&monitor["id"]),
        classifier: text(&classifier["id"]),
        share: text(&share["share"]["id"]),
        dashboard: text(&dashboard["id"]),
        post: text(&page["items"][0]["post"]["key"]),
        key: text(&key["token"]),
    }
}

/// What asks for a thing that the tenants here have not made, or for more than one monitor: it is let in, and not found.
const UNMADE: [&str; 19] = [
    "/insights/drivers",
    "/insights/gaps",
    "/findings/{id}",
    "/permalinks/{id}",
    "/annotations/{id}",
    "/reports/{id}",
    "/renditions/{id}",
    "/compare",
    "/vendor-comparison",
    "/preferences",
    "/perceptions",
    "/awareness",
    "/market",
    "/entity",
    "/mentions/{mention}",
    "/audit-samples/{sample}",
    "/alerts/{alert}",
    "/alert-events/{event}",
    "/outbox/{id}/tries",
];

/// The address of a route, aimed at a tenant's things.
fn aimed(path: &str, about: &Value, at: &Tenant) -> String {
    let id = match path {
        p if p.contains("/classifiers/") => &at.classifier,
        p if p.contains("/monitors/") => &at.monitor,
        p if p.contains("/shares/") => &at.share,
        p if p.contains("/dashboards/") => &at.dashboard,
        p if p.contains("/projects/{id}") => &at.project,
        _ => "x_1",
    };
    let filled = path
        .replace("{project}", &at.project)
        .replace("{id}", id)
        .replace("{key}", &at.post)
        .replace("{name}", "words")
        .replace("{platform}", "x")
        .replace("{token}", "gsv_0")
        .replace("{widget}", "w_1");
    let parameters = about["parameters"].as_array().into_iter().flatten();
    let mut query = Vec::new();
    for parameter in parameters.filter(|p| p["in"] == "query") {
        match parameter["name"].as_str().unwrap() {
            "project" => query.push(format!("project={}", at.project)),
            "by" => query.push("by=source".to_owned()),
            _ => {}
        }
    }
    match query.is_empty() {
        true => filled,
        false => format!("{filled}?{}", query.join("&")),
    }
}

fn body(method: &str, path: &str, at: &Tenant) -> String {
    if method == "GET" || method == "DELETE" {
        return String::new();
    }
    let body = match path.rsplit('/').next().unwrap() {
        "diff" => json!({"old": "a", "new": "b", "project": at.project}),
        "check" | "preview" => json!({"query": "a", "project": at.project}),
        "expectations" => json!({"query": "a", "expectations": [], "project": at.project}),
        "write" => json!({"name": "a", "query": "a", "expectations": [], "project": at.project}),
        "purpose" => json!({"purpose": "to look around", "project": at.project}),
        "reveal" => json!({"reason": "to look around"}),
        _ => json!({"name": "mine now", "query": "a", "terms": ["a"], "level": "mentions", "days": 1,
            "role": "admin", "email": "a@b.example", "project": at.project, "version": 1, "labels": [], "text": "a", "widgets": []}),
    };
    body.to_string()
}

#[test]
fn no_route_gives_one_tenant_the_things_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let (kettles, pans) = (tenant(&server, "kettle"), tenant(&server, "pan"));
    let invited = made(
        &server,
        "/api/v1/users",
        &json!({"email": "ana@kettle.example", "projects": {(&kettles.project): "admin"}}),
    );
    let ana = Browser::by_link(&server, invited["invitation"]["token"].as_str().unwrap());
    let bearer = format!("Bearer {}", kettles.key);
    let as_key = [("Authorization", bearer.as_str())];
    let as_user = [
        ("Cookie", ana.cookie.as_str()),
        ("X-CSRF-Token", ana.csrf.as_str()),
    ];
    let theirs = [
        &pans.project,
        &pans.monitor,
        &pans.classifier,
        &pans.share,
        &pans.dashboard,
        &pans.post,
    ];

    for (method, path, about) in operations() {
        let route = ROUTES
            .iter()
            .find(|r| r.method == method && r.path == path)
            .unwrap();
        if matches!(path.as_str(), "/api/v1/sign-out" | "/api/v1/sign-in/oidc") {
            continue;
        }
        let (address, sent) = (aimed(&path, &about, &pans), body(&method, &path, &pans));
        for who in [&as_key[..], &as_user[..]] {
            let (status, answer) = server.request(&method, &address, &sent, who);
            for thing in theirs {
                assert!(
                    !answer.contains(thing.as_str()),
                    "{method} {address} told of {thing}: {answer:.400}"
                );
            }
            let harmless = matches!(route.need, Need::Open | Need::Known | Need::Scope(_, Place::Any));
            assert!(
                harmless || matches!(status, 403 | 404),
                "{method} {address}: {status} {answer:.400}"
            );
            // Their own things they do come by.
            let is_project = matches!(
                route.need,
                Need::Scope(_, Place::Path(_) | Place::Query | Place::Monitor | Place::Share)
            );
            if method == "GET" && is_project && !path.ends_with("/live") && !path.ends_with("/open") {
                let address = aimed(&path, &about, &kettles);
                let (status, answer) = server.request("GET", &address, "", who);
                let made = !UNMADE.iter().any(|part| path.contains(part));
                assert!(
                    status == 200 || (!made && matches!(status, 400 | 404)),
                    "GET {address}: {status} {answer:.400}"
                );
            }
        }
    }
    // Nothing of theirs was changed or removed.
    assert_eq!(
        server.get(&format!("/api/v1/monitors/{}", pans.monitor))["name"],
        "pan"
    );
    let base = format!("/api/v1/projects/{}", pans.project);
    assert_eq!(
        server.get(&format!("{base}/lists/words"))["terms"],
        json!(["pan"])
    );
    assert_eq!(
        server
            .get(&format!("{base}/classifiers"))
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(server.get(&format!("{base}/shares")).as_array().unwrap().len(), 1);
    assert_eq!(server.get(&format!("{base}/dashboards"))[0]["name"], "pan");
    let (_, reveal) = server.request(
        "POST",
        &format!("/api/v1/posts/{}/reveal", kettles.post),
        &json!({"reason": "a complaint"}).to_string(),
        &as_key,
    );
    assert!(reveal.contains("\"handle\":\"kettle\""), "{reveal}");
}
