//! Handing mentions over to other systems, with a desk on this machine.

use crate::responding::{BASE, asked, id_of, posted, server};
use crate::server::Server;
use serde_json::{Value, json};
use signing::base64;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// By key: how often it came, and the last request's headers and body.
type Calls = BTreeMap<String, (u32, String, Value)>;

/// A desk on this machine: makes one ticket a key, and keeps what it was sent.
struct Desk {
    address: String,
    calls: Arc<Mutex<Calls>>,
}

/// How it answers the first time a key comes; later it tells of the ticket there is.
#[derive(Clone, Copy, PartialEq)]
enum First {
    Ticket,
    /// It makes the ticket, and hangs up.
    HangUp,
    /// It makes the ticket, and says nothing for very long.
    Silence,
    Refuse,
}

impl Desk {
    fn open(first: First) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/api/v2/tickets", listener.local_addr().unwrap());
        let calls: Arc<Mutex<Calls>> = Arc::default();
        let kept = calls.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let kept = kept.clone();
                std::thread::spawn(move || answer(stream.unwrap(), &kept, first));
            }
        });
        Self { address, calls }
    }

    fn seen(&self) -> Calls {
        self.calls.lock().unwrap().clone()
    }

    fn wait(&self, calls: u32) {
        for _ in 0..600 {
            if self.seen().values().map(|c| c.0).sum::<u32>() >= calls {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("only {:?}", self.seen());
    }

    fn settings(&self, kind: &str) -> Value {
        json!({"kind": kind, "address": self.address, "jira_project": "CARE", "internal": true, "allow_private": true})
    }
}

fn answer(stream: std::net::TcpStream, calls: &Mutex<Calls>, first: First) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while reader.read_line(&mut head).unwrap_or(0) > 2 {}
    let header = |name: &str| {
        let line = head
            .lines()
            .find(|l| l.to_lowercase().starts_with(&format!("{name}:")));
        line.map(|l| l[name.len() + 1..].trim().to_owned())
            .unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    let key = header("idempotency-key");
    let (count, ticket) = {
        let mut calls = calls.lock().unwrap();
        let place = calls.keys().position(|k| *k == key).unwrap_or(calls.len()) + 1;
        let call = calls.entry(key).or_insert((0, String::new(), Value::Null));
        *call = (call.0 + 1, head.clone(), serde_json::from_slice(&body).unwrap());
        (call.0, place)
    };
    if count == 1 && first == First::HangUp {
        return;
    }
    if count == 1 && first == First::Silence {
        std::thread::sleep(std::time::Duration::from_secs(60));
        return;
    }
    let (status, body) = match first {
        First::Refuse => ("422 Unprocessable Entity", json!({"error": "RecordInvalid"})),
        _ => (
            "201 Created",
            json!({"ticket": {"id": 100 + ticket, "status": "new"}, "id": "1", "key": format!("CARE-{ticket}")}),
        ),
    };
    let body = body.to_string();
    let mut stream = stream;
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
}

fn desk(server: &Server, name: &str, settings: &Value) -> String {
    let body = json!({"name": name, "settings": settings, "token": "secret-token-7", "signing_secret": "signed-secret-8"});
    let made = posted(server, &format!("{BASE}/desks"), &body);
    made["id"].as_str().unwrap().to_owned()
}

fn hand_over(server: &Server, mention: &str, desk: &str) -> Value {
    posted(
        server,
        &format!("{BASE}/handovers"),
        &json!({"mention": mention, "desk": desk}),
    )
}

#[test]
fn a_mention_is_handed_over_and_the_ticket_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _, ids) = asked(folder.path(), 2);
    let there = Desk::open(First::Ticket);
    let mut settings = there.settings("zendesk");
    settings["user"] = json!("ana@a.example/token");
    let zendesk = desk(&server, "Care", &settings);
    let (_, listed) = server.request("GET", &format!("{BASE}/desks"), "", &[]);
    assert!(listed.contains("Care") && !listed.contains("secret"), "{listed}");
    posted(
        &server,
        &format!("{BASE}/marks"),
        &json!({"mentions": [id_of(&ids, 0)], "change": {"status": "open"}}),
    );
    let made = hand_over(&server, id_of(&ids, 0), &zendesk);
    let again = hand_over(&server, id_of(&ids, 0), &zendesk);
    assert_eq!(made["id"], again["id"], "one hand-over");
    let list = format!("{BASE}/handovers?mention={}", id_of(&ids, 0));
    let sent = server.wait(&list, |l| l[0]["state"] == "sent");
    assert_eq!(
        (&sent[0]["ticket"], &sent[0]["ticket_status"]),
        (&json!("101"), &json!("new"))
    );
    let calls = there.seen();
    let (count, head, body) = &calls[made["id"].as_str().unwrap()];
    assert_eq!((calls.len(), *count), (1, 1));
    assert!(
        head.contains(&format!("Basic {}", base64("ana@a.example/token:secret-token-7"))),
        "{head}"
    );
    assert_eq!(body["ticket"]["external_id"], made["id"]);
    assert!(
        body["ticket"]["subject"]
            .as_str()
            .unwrap()
            .contains("kettle 0 leaks")
    );

    // It tells of the ticket, signed with time and body.
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let call = json!({"ticket": {"id": "101", "status": "solved"}}).to_string();
    let hook = format!("/hooks/desks/{zendesk}");
    let signed = |at: &str, secret: &str| signing::hmac(secret, &format!("{at}{call}"));
    let tell = |at: &str, signature: &str| {
        let headers = [
            ("X-Zendesk-Webhook-Signature", signature),
            ("X-Zendesk-Webhook-Signature-Timestamp", at),
        ];
        server.request("POST", &hook, &call, &headers).0
    };
    let (fresh, old) = (signing::rfc3339(now), signing::rfc3339(now - 3600));
    assert_eq!(tell(&fresh, &signed(&fresh, "wrong")), 401);
    assert_eq!(
        tell(&old, &signed(&old, "signed-secret-8")),
        401,
        "an old call is not believed"
    );
    assert_eq!(server.request("POST", &hook, &call, &[]).0, 401);
    assert_eq!(server.request("POST", "/hooks/desks/d_none", &call, &[]).0, 404);
    assert_eq!(tell(&fresh, &signed(&fresh, "signed-secret-8")), 204);
    assert_eq!(server.get(&list)[0]["ticket_status"], "solved");
    let closed = server.get("/api/v1/mentions?from=0&status=closed");
    assert_eq!(
        closed["items"][0]["id"],
        id_of(&ids, 0),
        "what is solved there is closed here"
    );
    let log = server.get("/api/v1/audit").to_string();
    for action in ["handed_over", "ticket_changed", "desk_changed"] {
        assert!(log.contains(action), "{action}");
    }
    assert!(!log.contains("secret"));
}

#[test]
fn nothing_is_sent_twice_over_a_kill_and_a_jira_that_may_have_it_waits_for_somebody_to_look() {
    let folder = tempfile::tempdir().unwrap();
    let (first, _, ids) = asked(folder.path(), 2);
    let (zendesk, jira) = (Desk::open(First::Silence), Desk::open(First::Silence));
    let z = desk(&first, "Zendesk", &zendesk.settings("zendesk"));
    let j = desk(&first, "Jira", &jira.settings("jira"));
    let sent_z = hand_over(&first, id_of(&ids, 0), &z);
    let sent_j = hand_over(&first, id_of(&ids, 1), &j);
    // Both have the ticket and have not answered.
    zendesk.wait(1);
    jira.wait(1);
    first.kill();

    let second = server(folder.path());
    let list = format!("{BASE}/handovers");
    let done = second.wait(&list, |l| {
        l.as_array()
            .unwrap()
            .iter()
            .all(|h| h["state"] == "sent" || h["state"] == "unsure")
    });
    let of = |id: &Value| {
        done.as_array()
            .unwrap()
            .iter()
            .find(|h| h["id"] == *id)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (&of(&sent_z["id"])["state"], &of(&sent_z["id"])["ticket"]),
        (&json!("sent"), &json!("101"))
    );
    assert_eq!(zendesk.seen().len(), 1, "the same key: one ticket");
    assert_eq!(of(&sent_j["id"])["state"], "unsure");
    assert_eq!(
        jira.seen().values().map(|c| c.0).collect::<Vec<_>>(),
        [1],
        "sent once"
    );
    let settle = format!("{list}/{}/settle", sent_j["id"].as_str().unwrap());
    let settled = posted(&second, &settle, &json!({"ticket": "CARE-1"}));
    assert_eq!(
        (&settled["state"], &settled["ticket"]),
        (&json!("sent"), &json!("CARE-1"))
    );
    assert_eq!(
        second.post(&settle, &json!({"ticket": null})).0,
        400,
        "it is settled"
    );
    // A call about it, signed as Jira does.
    let status = json!({"name": "Done", "statusCategory": {"key": "done"}});
    let call = json!({"issue": {"key": "CARE-1", "fields": {"status": status}}}).to_string();
    let signature = format!("sha256={}", signing::hmac_hex("signed-secret-8", &call));
    let hook = format!("/hooks/desks/{j}");
    assert_eq!(
        second
            .request("POST", &hook, &call, &[("X-Hub-Signature", "sha256=00")])
            .0,
        401
    );
    assert_eq!(
        second
            .request("POST", &hook, &call, &[("X-Hub-Signature", &signature)])
            .0,
        204
    );
    let list = second.get(&list);
    assert!(list.to_string().contains("\"ticket_status\":\"Done\""), "{list}");
}

#[test]
fn what_is_refused_and_what_must_not_be_asked_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _, ids) = asked(folder.path(), 3);
    let (refuses, hangs) = (Desk::open(First::Refuse), Desk::open(First::HangUp));
    let refusing = desk(&server, "Refusing", &refuses.settings("zendesk"));
    let hanging = desk(&server, "Hanging", &hangs.settings("zendesk"));
    let mut settings = refuses.settings("zendesk");
    settings["allow_private"] = json!(false);
    settings["internal"] = json!(false);
    let private = desk(&server, "Private", &settings);
    let made = [(0, &refusing), (1, &private), (2, &hanging)];
    let ids_of: Vec<Value> = made
        .iter()
        .map(|(n, desk)| hand_over(&server, id_of(&ids, *n), desk)["id"].clone())
        .collect();
    let list = format!("{BASE}/handovers");
    let done = server.wait(&list, |l| {
        l.as_array()
            .unwrap()
            .iter()
            .all(|h| h["state"] == "sent" || h["state"] == "failed")
    });
    let of = |place: usize| {
        let is_it = |h: &&Value| h["id"] == ids_of[place];
        done.as_array().unwrap().iter().find(is_it).unwrap().clone()
    };
    assert_eq!(
        (&of(0)["state"], &of(0)["problem"]),
        (&json!("failed"), &json!("it answered 422"))
    );
    assert!(of(1)["problem"].as_str().unwrap().contains("private network"));
    assert_eq!(
        (&of(2)["state"], hangs.seen().len()),
        (&json!("sent"), 1),
        "the same key again"
    );
    let desks = format!("{BASE}/desks");
    for (body, says) in [
        (
            json!({"name": "a", "settings": {"kind": "zendesk", "address": "ftp://a.example"}}),
            "settings.address",
        ),
        (
            json!({"name": "a", "settings": {"kind": "zendesk", "address": "https://u:p@a.example"}}),
            "secrets",
        ),
        (
            json!({"name": "a", "settings": {"kind": "jira", "address": "https://a.example"}}),
            "jira_project",
        ),
        (
            json!({"name": "a", "settings": {"kind": "trello", "address": "https://a.example"}}),
            "trello",
        ),
    ] {
        let (status, answer) = server.post(&desks, &body);
        assert!(
            status == 400 && answer["message"].as_str().unwrap().contains(says),
            "{body}: {answer}"
        );
    }
    assert_eq!(
        server.request("DELETE", &format!("{desks}/{hanging}"), "", &[]).0,
        204
    );
    assert_eq!(
        server
            .post(&list, &json!({"mention": id_of(&ids, 0), "desk": hanging}))
            .0,
        404
    );
}

/// What tests need of signing.
mod signing {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    pub(super) fn base64(text: &str) -> String {
        encode(text.as_bytes())
    }

    fn encode(bytes: &[u8]) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bytes)
    }

    fn mac(secret: &str, text: &str) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    pub(super) fn hmac(secret: &str, text: &str) -> String {
        encode(&mac(secret, text))
    }

    pub(super) fn hmac_hex(secret: &str, text: &str) -> String {
        mac(secret, text).iter().map(|b| format!("{b:02x}")).collect()
    }

    pub(super) fn rfc3339(seconds: u64) -> String {
        jiff::Timestamp::from_second(seconds as i64).unwrap().to_string()
    }
}
