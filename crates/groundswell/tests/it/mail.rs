//! Letters: a mail server of ours takes them, refuses them, or falls silent.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// What the mail server does with the next letter; afterwards it takes all.
pub(crate) enum Manner {
    /// 451 to the sender.
    Later,
    /// 550 to the recipient.
    Never,
    /// Reads the letter and never answers.
    Silent,
}

/// A letter as it came, and whether it was taken.
pub(crate) struct Came {
    pub(crate) text: String,
    pub(crate) taken: bool,
}

pub(crate) struct MailServer {
    pub(crate) port: u16,
    manners: Arc<Mutex<VecDeque<Manner>>>,
    pub(crate) came: Receiver<Came>,
}

impl MailServer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, came) = channel();
        let manners = Arc::new(Mutex::new(VecDeque::new()));
        let next = manners.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tell, next) = (tell.clone(), next.clone());
                std::thread::spawn(move || talk(stream, &next, &tell));
            }
        });
        Self { port, manners, came }
    }

    pub(crate) fn behave(&self, manner: Manner) {
        self.manners.lock().unwrap().push_back(manner);
    }

    /// The next letter that comes.
    pub(crate) fn next(&self) -> Came {
        self.came
            .recv_timeout(std::time::Duration::from_secs(60))
            .expect("no letter came")
    }
}

/// One connection (RFC 5321).
fn talk(stream: TcpStream, manners: &Mutex<VecDeque<Manner>>, tell: &Sender<Came>) -> Option<()> {
    let mut out = stream.try_clone().ok()?;
    let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).ok();
    let mut lines = BufReader::new(stream).lines();
    let manner = manners.lock().unwrap().pop_front();
    say("220 mail.test")?;
    while let Some(Ok(line)) = lines.next() {
        match (line.split([' ', ':']).next(), &manner) {
            (Some("EHLO"), _) => say("250 mail.test")?,
            (Some("MAIL"), Some(Manner::Later)) => say("451 greylisted, come again")?,
            (Some("RCPT"), Some(Manner::Never)) => say("550 nobody of that name")?,
            (Some("DATA"), _) => {
                say("354 go on")?;
                let letter = lines.by_ref().map_while(Result::ok).take_while(|l| l != ".");
                let text = letter.collect::<Vec<_>>().join("\n");
                let taken = !matches!(manner, Some(Manner::Silent));
                tell.send(Came { text, taken }).ok()?;
                if taken {
                    say("250 taken")?;
                }
            }
            (Some("QUIT"), _) => return say("221 bye"),
            _ => say("250 fine")?,
        }
    }
    None
}

pub(crate) fn with_mail(folder: &Path, port: u16) -> PathBuf {
    config(
        folder,
        &format!(
            "[mail]\nserver = \"127.0.0.1\"\nsecurity = \"none\"\nport = {port}\nfrom = \"Listening <listening@acme.example>\"\n"
        ),
    )
}

/// Makes a report for these people and approves it.
fn approve(server: &Server, recipients: &[&str]) {
    let reports = "/api/v1/projects/default/reports";
    let definition = json!({"name": "Kettles in June", "recipients": recipients, "sections": ["figures"],
        "period": {"days": {"first": "2026-06-01", "last": "2026-06-30"}}});
    let (status, made) = server.post(reports, &definition);
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().unwrap();
    let (_, draft) = server.post(&format!("{reports}/{id}/render?format=pdf"), &Value::Null);
    let address = format!("{}/approve", draft["download"].as_str().unwrap());
    assert_eq!(server.post(&address, &Value::Null).0, 200);
    // A second approval sends nothing more.
    assert_eq!(server.post(&address, &Value::Null).0, 200);
}

const OUTBOX: &str = "/api/v1/projects/default/outbox";

fn states(outbox: &Value) -> Vec<&str> {
    let letters = outbox["messages"].as_array().unwrap();
    letters.iter().filter_map(|l| l["state"].as_str()).collect()
}

/// Its `Message-ID`.
pub(crate) fn id(letter: &Came) -> &str {
    letter
        .text
        .lines()
        .find(|l| l.starts_with("Message-ID: "))
        .unwrap()
}

#[test]
fn an_approved_report_goes_to_each_recipient_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let mail = MailServer::start();
    let server = Server::run(&with_mail(folder.path(), mail.port));
    approve(&server, &["ana@acme.example", "Bo <bo@acme.example>"]);
    let letters = [mail.next(), mail.next()];
    for letter in &letters {
        for said in [
            "From: Listening <listening@acme.example>",
            "Subject: Kettles in June: 2026-06-01 to 2026-06-30",
            "Kettles-in-June-2026-06-01-to-2026-06-30.pdf",
            // The first bytes of a PDF, in Base64.
            "JVBERi0",
        ] {
            assert!(letter.text.contains(said), "{said}: {:.900}", letter.text);
        }
    }
    assert_ne!(id(&letters[0]), id(&letters[1]));
    let outbox = server.wait(OUTBOX, |o| states(o) == ["sent", "sent"]);
    assert_eq!(outbox["mail"], true);
    assert!(mail.came.try_recv().is_err(), "a letter came twice");
}

#[test]
fn a_letter_that_was_under_way_at_a_kill_is_delivered_once() {
    let folder = tempfile::tempdir().unwrap();
    let mail = MailServer::start();
    let path = with_mail(folder.path(), mail.port);
    mail.behave(Manner::Silent);
    let server = Server::run(&path);
    approve(&server, &["ana@acme.example"]);
    let first = mail.next();
    assert!(!first.taken);
    server.kill();

    let server = Server::run(&path);
    let second = mail.next();
    assert!(second.taken);
    // Where both arrive after all, this is how the second is known to be the same.
    assert_eq!(id(&first), id(&second));
    server.wait(OUTBOX, |o| states(o) == ["sent"]);
    server.kill();

    let server = Server::run(&path);
    assert_eq!(states(&server.get(OUTBOX)), ["sent"]);
    assert!(mail.came.try_recv().is_err(), "a letter came twice");
}

#[test]
fn what_is_refused_is_said_and_can_be_tried_again_or_withdrawn() {
    let folder = tempfile::tempdir().unwrap();
    let mail = MailServer::start();
    mail.behave(Manner::Never);
    mail.behave(Manner::Later);
    let server = Server::run(&with_mail(folder.path(), mail.port));
    approve(&server, &["nobody@acme.example"]);
    let failed = server.wait(OUTBOX, |o| states(o) == ["failed"]);
    let said = failed["messages"][0]["said"].as_str().unwrap();
    assert!(said.contains("nobody of that name"), "{said}");

    let letter = format!("{OUTBOX}/{}", failed["messages"][0]["id"].as_str().unwrap());
    let retry = || server.post(&format!("{letter}/retry"), &Value::Null).0;
    assert_eq!(retry(), 200);
    let waiting = server.wait(OUTBOX, |o| o["messages"][0]["tries"] == 1);
    assert_eq!(states(&waiting), ["waiting"]);
    assert!(
        waiting["messages"][0]["said"]
            .as_str()
            .unwrap()
            .contains("greylisted")
    );
    assert_eq!(retry(), 200);
    assert!(mail.next().taken);
    server.wait(OUTBOX, |o| states(o) == ["sent"]);
    assert_eq!(retry(), 400);

    assert_eq!(server.request("DELETE", &letter, "", &[]).0, 204);
    assert_eq!(states(&server.get(OUTBOX)), Vec::<&str>::new());
}

#[test]
fn a_trial_letter_says_what_the_server_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mail = MailServer::start();
    let server = Server::run(&with_mail(folder.path(), mail.port));
    let test = |to: &str| server.post("/api/v1/mail/test", &json!({"to": to}));
    assert_eq!(
        test("ana@acme.example"),
        (200, json!({"taken": true, "said": "taken"}))
    );
    assert!(mail.next().text.contains("Subject: Groundswell can send mail"));
    mail.behave(Manner::Never);
    let (status, refused) = test("ana@acme.example");
    assert_eq!((status, &refused["taken"]), (200, &json!(false)));
    assert_eq!(test("no address").0, 400);
}

#[test]
fn without_a_mail_server_letters_wait() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    approve(&server, &["ana@acme.example"]);
    let outbox = server.get(OUTBOX);
    assert_eq!(
        (states(&outbox), &outbox["mail"]),
        (vec!["waiting"], &json!(false))
    );
    let (status, said) = server.post("/api/v1/mail/test", &json!({"to": "ana@acme.example"}));
    assert!(status == 400 && said.to_string().contains("[mail]"), "{said}");
}

#[test]
fn faults_of_the_mail_server_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(
        folder.path(),
        "[mail]\nserver = \"smtp.acme.example\"\nsecurity = \"none\"\nfrom = \"somebody\"\nuser = \"x\"\n",
    );
    let check = Command::new(BINARY)
        .args(["check", "--config"])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&check.stderr).into_owned() + &String::from_utf8_lossy(&check.stdout);
    for key in ["mail.security", "mail.from", "mail.user"] {
        assert!(said.contains(key), "{key}: {said}");
    }
}
