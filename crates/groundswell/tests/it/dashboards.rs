//! Dashboards: kept, changed by one at a time, brought back, and shown to whoever has a link.

use crate::server::{Server, config};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/projects/default/dashboards";

fn server() -> (tempfile::TempDir, Server, String) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let monitor = server.monitor("kettle", "kettle");
    let posts: Vec<Value> = (0..24)
        .map(|i| {
            json!({"uid": format!("x:{i}"), "platform": if i % 2 == 0 { "x" } else { "bluesky" }, "lang": "en",
                "text": format!("my kettle number {i} is here"), "author": {"id": format!("a{i}"), "handle": format!("ana_{i}")}})
        })
        .collect();
    server.post("/api/v1/posts", &Value::from(posts));
    server.wait("/api/v1/mentions", |p| p["total"] == 24);
    (folder, server, monitor)
}

fn sent(server: &Server, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let (status, text) = server.request(method, path, &body.to_string(), &[]);
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn widget(id: &str, kind: &str, y: u32, more: Value) -> Value {
    let mut widget = json!({"id": id, "kind": kind, "place": {"x": 0, "y": y, "w": 6, "h": 3}});
    let fields = widget.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    widget
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

#[test]
fn a_dashboard_is_made_changed_copied_deleted_and_brought_back() {
    let (_folder, server, monitor) = server();
    assert_eq!(server.get(PATH), json!([]));
    let note = widget("n", "note", 0, json!({"text": "Look here first."}));
    let (status, made) = server.post(PATH, &json!({"name": "Board", "widgets": [note]}));
    assert_eq!((status, &made["version"]), (201, &json!(1)), "{made}");
    let path = format!("{PATH}/{}", text(&made, "id"));

    let line = widget(
        "l",
        "series",
        3,
        json!({"measure": {"metric": "mentions", "by": "time"}, "filter": {"monitor": monitor}}),
    );
    let next = json!({"version": 1, "name": "Board two", "widgets": [note, line]});
    let (status, changed) = sent(&server, "PUT", &path, &next);
    assert_eq!((status, &changed["version"]), (200, &json!(2)), "{changed}");
    assert_eq!(changed["widgets"][1]["filter"]["monitor"], json!(monitor));
    // Whoever read the first version does not overwrite the second.
    let (status, refused) = sent(&server, "PUT", &path, &next);
    assert_eq!(status, 409, "{refused}");
    assert!(text(&refused, "message").contains("version 2"), "{refused}");
    assert_eq!(server.get(&path)["name"], "Board two");
    let listed = server.get(PATH);
    assert_eq!(listed[0]["outline"][1]["kind"], "series");

    let (status, copy) = server.post(&format!("{path}/duplicate"), &json!({"name": "Copy"}));
    assert_eq!((status, &copy["widgets"]), (201, &changed["widgets"]));
    assert_eq!(server.request("DELETE", &path, "", &[]).0, 204);
    assert_eq!(server.request("GET", &path, "", &[]).0, 404);
    assert_eq!(server.get(PATH).as_array().unwrap().len(), 1);
    let (status, back) = server.post(&format!("{path}/restore"), &Value::Null);
    assert_eq!((status, &back["widgets"]), (200, &changed["widgets"]), "{back}");
    let audit = server.get("/api/v1/audit").to_string();
    assert!(
        audit.contains("/restore"),
        "each change is put down: {audit:.600}"
    );
}

#[test]
fn each_template_is_a_dashboard_and_the_objective_chooses_the_first() {
    let (_folder, server, _) = server();
    let list = "/api/v1/projects/default/dashboard-templates";
    let first = |list: &Value| (list[0]["template"].clone(), list[0]["suggested"].clone());
    assert_eq!(first(&server.get(list)), (json!("brand_health"), json!(true)));
    let objective = json!({"objective": "competition"});
    let (status, _) = sent(&server, "PUT", "/api/v1/projects/default/objective", &objective);
    assert_eq!(status, 200);
    let templates = server.get(list);
    assert_eq!(first(&templates), (json!("competitors"), json!(true)));
    for template in templates.as_array().unwrap() {
        let (status, made) = server.post(
            PATH,
            &json!({"name": "From it", "template": template["template"]}),
        );
        assert_eq!(status, 201, "{made}");
        assert_eq!(
            made["widgets"].as_array().unwrap().len(),
            template["outline"].as_array().unwrap().len()
        );
    }
}

#[test]
fn what_cannot_be_shown_is_named_by_widget_and_field() {
    let (_folder, server, _) = server();
    let number = |more: Value| widget("b", "number", 3, more);
    let measured = |kind: &str, measure: Value| widget("b", kind, 3, json!({"measure": measure}));
    let mut wide = number(json!({}));
    wide["place"] = json!({"x": 8, "y": 3, "w": 6, "h": 3});
    let mut over = number(json!({}));
    over["place"]["y"] = json!(2);
    for (bad, named) in [
        (
            number(json!({"filter": {"sentiment": "angry"}})),
            "widgets[1].filter.sentiment: `angry`",
        ),
        (number(json!({"filter": {"from": 5}})), "widgets[1].filter.from:"),
        (number(json!({"filter": {"q": "a AND"}})), "widgets[1].filter.q:"),
        (
            number(json!({"filter": {"sentimant": "negative"}})),
            "widgets[1].filter: there is no field `sentimant`",
        ),
        (number(json!({"text": "x"})), "widgets[1].text:"),
        (number(json!({"limit": 3})), "widgets[1].limit:"),
        (number(json!({"colour": 3})), "widgets[1]"),
        (
            measured("number", json!({"metric": "likes"})),
            "widgets[1].measure.metric:",
        ),
        (
            measured("number", json!({"by": "source"})),
            "widgets[1].measure.by:",
        ),
        (
            measured("number", json!({"compare": "never"})),
            "widgets[1].measure.compare:",
        ),
        (
            measured("series", json!({"by": "source"})),
            "widgets[1].measure.by:",
        ),
        (
            measured("series", json!({"by": "time", "interval": "hours"})),
            "widgets[1].measure.interval:",
        ),
        (
            measured("series", json!({"by": "time", "then": "shoe"})),
            "widgets[1].measure.then:",
        ),
        (measured("bars", json!({"by": "shoe"})), "widgets[1].measure.by:"),
        (
            measured("heat", json!({"by": "source"})),
            "widgets[1].measure.by:",
        ),
        (
            measured("sentiment", json!({"by": "time"})),
            "widgets[1].measure.by:",
        ),
        (
            measured("topics", json!({"by": "source"})),
            "widgets[1].measure.by:",
        ),
        (widget("b", "note", 3, json!({})), "widgets[1].text:"),
        (widget("a", "number", 3, json!({})), "widgets[1].id:"),
        (widget("a b", "number", 3, json!({})), "widgets[1].id:"),
        (widget("b", "pie", 3, json!({})), "widgets[1].kind"),
        (wide, "widgets[1].place:"),
        (over, "widgets[1].place: it covers a part of widgets[0]"),
    ] {
        let first = widget("a", "number", 0, json!({}));
        let (status, answer) = server.post(PATH, &json!({"name": "x", "widgets": [first, bad]}));
        assert_eq!(status, 400, "{bad}: {answer}");
        assert!(
            text(&answer, "message").contains(named),
            "{named} is not in {answer}"
        );
    }
    let many: Vec<Value> = (0..41)
        .map(|i| widget(&format!("w{i}"), "number", 3 * i, json!({})))
        .collect();
    let (status, answer) = server.post(PATH, &json!({"name": "x", "widgets": many}));
    assert_eq!((status, text(&answer, "code")), (400, "too_large"));
    for _ in 0..100 {
        assert_eq!(server.post(PATH, &json!({"name": "x"})).0, 201);
    }
    let (status, answer) = server.post(PATH, &json!({"name": "x"}));
    assert_eq!(status, 400, "{answer}");
}

#[test]
fn a_link_to_a_dashboard_answers_its_questions_and_nothing_else() {
    let (_folder, server, _) = server();
    let widgets = json!([
        widget("sum", "number", 0, json!({"measure": {"metric": "mentions"}})),
        widget(
            "x",
            "bars",
            3,
            json!({"measure": {"by": "source"}, "filter": {"source": "x"}})
        ),
        widget("b", "number", 6, json!({"filter": {"source": "bluesky"}})),
        widget("note", "note", 9, json!({"text": "Hello."})),
        widget("list", "mentions", 12, json!({"limit": 3})),
        widget("found", "findings", 15, json!({})),
        widget("who", "bars", 18, json!({"measure": {"by": "author"}})),
        widget("word", "number", 21, json!({"filter": {"q": "kettle"}})),
    ]);
    let (_, made) = server.post(
        PATH,
        &json!({"name": "Board", "description": "Ours.", "widgets": widgets}),
    );
    let (_, other) = server.post(
        PATH,
        &json!({"name": "Other", "widgets": [widget("secret", "number", 0, json!({}))]}),
    );
    let share = |body: Value| server.post("/api/v1/projects/default/shares", &body);
    let link = |level: &str| {
        let (status, link) = share(json!({"name": "wall", "level": level, "days": 1, "hours": 24,
            "filter": "source=x", "dashboard": made["id"]}));
        assert_eq!(status, 201, "{link}");
        link
    };
    let missing = share(json!({"name": "x", "level": "aggregate", "days": 1, "dashboard": "d_none"}));
    assert_eq!(missing.0, 404);
    let sums = link("aggregate");
    let at = |link: &Value, path: &str| format!("/api/v1/share/{}{path}", text(link, "token"));
    assert_eq!(server.get(&at(&sums, ""))["is_dashboard"], true);
    let shown = server.get(&at(&sums, "/dashboard"));
    let ids: Vec<&str> = shown["widgets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| text(w, "id"))
        .collect();
    assert_eq!(
        (ids, &shown["left_out"]),
        (vec!["sum", "x", "b", "note"], &json!(4)),
        "{shown}"
    );

    // The link's filter holds for every widget, whatever is asked for besides.
    for more in ["", "?source=bluesky&from=0&project=other&zone=Europe%2FBerlin"] {
        let answer = server.get(&at(&sums, &format!("/widgets/sum{more}")));
        assert_eq!(answer["measured"]["total"][0]["value"], json!(12.0), "{more}");
    }
    // What was kept back is not answered either, nor anything that is not of this dashboard.
    for (path, status) in [
        ("/widgets/list", 403),
        ("/widgets/found", 403),
        ("/widgets/who", 403),
        ("/widgets/word", 403),
        ("/widgets/secret", 404),
        ("/overview", 403),
        ("/series", 403),
        ("/breakdown?by=source", 403),
        ("/mentions", 403),
    ] {
        assert_eq!(
            server.request("GET", &at(&sums, path), "", &[]).0,
            status,
            "{path}"
        );
    }
    // The link and this widget have no mention in common.
    let apart = server.get(&at(&sums, "/widgets/b"));
    assert_eq!(
        (&apart["measured"], &apart["mentions"]),
        (&Value::Null, &Value::Null)
    );

    let single = link("mentions");
    let list = server.get(&at(&single, "/widgets/list"));
    assert_eq!(list["mentions"]["items"].as_array().unwrap().len(), 3);
    let told = list.to_string();
    assert!(!told.contains("number") && !told.contains("ana_"), "{told}");

    // A link to figures shows no dashboard.
    let (_, figures) = share(json!({"name": "x", "level": "aggregate", "days": 1}));
    assert_eq!(server.request("GET", &at(&figures, "/dashboard"), "", &[]).0, 404);
    // Withdrawn, or without its dashboard, a link shows nothing.
    let board = format!("{PATH}/{}", text(&made, "id"));
    assert_eq!(server.request("DELETE", &board, "", &[]).0, 204);
    for path in ["", "/dashboard", "/widgets/sum"] {
        assert_eq!(server.request("GET", &at(&sums, path), "", &[]).0, 404, "{path}");
    }
    server.post(&format!("{board}/restore"), &Value::Null);
    assert_eq!(server.request("GET", &at(&sums, "/widgets/sum"), "", &[]).0, 200);
    let id = text(&sums["share"], "id");
    assert_eq!(
        server
            .request("DELETE", &format!("/api/v1/shares/{id}"), "", &[])
            .0,
        204
    );
    assert_eq!(server.request("GET", &at(&sums, "/dashboard"), "", &[]).0, 404);
    assert_ne!(other["id"], made["id"]);
}
