//! Tagging, correcting, rules and undoing, as a program does it.

use crate::server::{Server, config};
use serde_json::{Value, json};

fn posts(from: u32, count: u32) -> Value {
    let post = |n| json!({"uid": format!("t:{n}"), "lang": "en", "text": format!("acme {} {n}", if n % 2 == 0 { "refund please" } else { "is fine" })});
    (from..from + count).map(post).collect()
}

fn server(folder: &std::path::Path) -> Server {
    Server::run(&config(folder, ""))
}

fn total(server: &Server, filter: &str) -> u64 {
    server.get(&format!("/api/v1/mentions?from=0&{filter}"))["total"]
        .as_u64()
        .unwrap()
}

#[test]
fn mentions_are_tagged_corrected_and_put_back_and_marks_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = server(folder.path());
    first.monitor("Acme", "acme");
    first.post("/api/v1/posts", &posts(0, 20));
    let page = first.wait("/api/v1/mentions?from=0", |p| p["total"] == 20);
    let id = page["items"][0]["id"].as_str().unwrap();
    let marks = "/api/v1/projects/default/marks";
    let change = json!({"mentions": [id, "00000000000000000000000000000000"], "change": {"add_tags": ["legal"], "status": "open", "assignee": "ann"}});
    let (status, answer) = first.post(marks, &change);
    assert_eq!(
        (status, &answer["change"]["mentions"]),
        (200, &json!(1)),
        "{answer}"
    );
    assert_eq!(answer["missing"], json!(["00000000000000000000000000000000"]));
    assert_eq!(
        first.post(marks, &change).1["change"],
        Value::Null,
        "nothing is changed twice"
    );
    let many =
        json!({"filter": {"q": "refund"}, "change": {"sentiment": "negative", "add_tags": ["refund"]}});
    let (_, corrected) = first.post(marks, &many);
    assert_eq!(corrected["change"]["mentions"], json!(10));
    assert_eq!(
        (total(&first, "tag=refund"), total(&first, "tag=refund,legal")),
        (
            10,
            10 + u64::from(
                !page["items"][0]["post"]["text"]
                    .as_str()
                    .unwrap()
                    .contains("refund")
            )
        )
    );
    assert_eq!(total(&first, "tag=refund&sentiment=negative"), 10);
    assert_eq!(total(&first, "tag=refund&sentiment=positive,neutral"), 0);
    let by_tag = first.get("/api/v1/measure?from=0&by=tag&metric=mentions,negative");
    assert_eq!(by_tag["axes"][0]["keys"][0]["key"], "refund");
    assert_eq!(by_tag["rows"][0][1]["value"], json!(10.0));
    // Muted mentions are left out unless asked for.
    first.post(marks, &json!({"mentions": [id], "change": {"muted": true}}));
    assert_eq!((total(&first, ""), total(&first, "mark=muted")), (19, 1));

    let muted_refund = u64::from(
        page["items"][0]["post"]["text"]
            .as_str()
            .unwrap()
            .contains("refund"),
    );
    assert!(first.stop().success());
    let second = server(folder.path());
    assert_eq!(
        (
            total(&second, "tag=refund&mark=corrected"),
            total(&second, "mark=muted&status=open&assignee=ann")
        ),
        (10 - muted_refund, 1)
    );
    let undo = format!(
        "{marks}/changes/{}/undo",
        corrected["change"]["id"].as_str().unwrap()
    );
    let (status, undone) = second.post(&undo, &json!({}));
    // One of them may have been muted since: that one stays as it is.
    let put_back = undone["mentions"].as_u64().unwrap();
    assert!(status == 200 && put_back >= 9, "{undone}");
    assert_eq!(total(&second, "tag=refund"), 0);
    assert_eq!(second.post(&undo, &json!({})).0, 400, "only once");
    let changes = second.get(&format!("{marks}/changes"));
    assert_eq!(changes.as_array().unwrap().len(), 3);
    for (body, says) in [
        (json!({"change": {"starred": true}}), "either"),
        (json!({"mentions": [id], "change": {}}), "nothing"),
        (json!({"mentions": ["xyz"], "change": {"starred": true}}), "xyz"),
        (
            json!({"mentions": [id], "change": {"status": "lost"}}),
            "open, pending, closed",
        ),
    ] {
        let (status, answer) = second.post(marks, &body);
        assert!(
            status == 400 && answer["message"].as_str().unwrap().contains(says),
            "{body}: {answer}"
        );
    }
}

#[test]
fn a_rule_marks_what_comes_and_what_was() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    server.monitor("Acme", "acme");
    server.post("/api/v1/posts", &posts(0, 20));
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 20);
    let rules = "/api/v1/projects/default/rules";
    let rule = json!({"name": "Refunds", "filter": {"q": "refund"}, "change": {"add_tags": ["refund"], "status": "open"}});
    let (status, made) = server.post(rules, &rule);
    assert_eq!(status, 200, "{made}");
    server.post("/api/v1/posts", &posts(20, 10));
    server.wait("/api/v1/mentions?from=0&tag=refund", |p| {
        p["total"].as_u64() >= Some(5)
    });
    let path = format!("{rules}/{}", made["id"].as_str().unwrap());
    assert_eq!(server.post(&format!("{path}/apply"), &json!({})).0, 200);
    let run = server.wait(rules, |r| r[0]["run"]["ended"] == true);
    assert_eq!(
        (&run[0]["run"]["total"], &run[0]["run"]["fault"]),
        (&json!(15), &Value::Null)
    );
    assert_eq!(total(&server, "tag=refund&status=open"), 15);
    let (status, refused) = server.request("DELETE", &format!("{path}/run"), "", &[]);
    assert!(
        status == 409 && refused.contains("not being applied"),
        "what has ended cannot be stopped: {refused}"
    );
    let nobody = format!("{rules}/r_none/run");
    assert_eq!(server.request("DELETE", &nobody, "", &[]).0, 404);
    let dated = json!({"name": "Dated", "filter": {"q": "refund", "from": 1_774_738_800_000i64}, "change": {"starred": true}});
    assert_eq!(server.post(rules, &dated).0, 200, "a period is ignored");
    let bad = json!({"name": "Bad", "filter": {"q": "refund AND"}, "change": {"starred": true}});
    assert_eq!(server.post(rules, &bad).0, 400);
    assert_eq!(server.post(rules, &rule).0, 409, "the name is taken");
    assert_eq!(server.request("DELETE", &path, "", &[]).0, 204);
    assert_eq!(total(&server, "tag=refund"), 15, "what it changed stays");
}
