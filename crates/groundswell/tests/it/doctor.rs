//! `groundswell doctor`: nothing wrong is called well, every fault of a broken installation is named with how to mend it.

use crate::server::{BINARY, Server, config};
use groundswell::control::Control;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

/// Status and what was found.
fn doctor(config: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let output = Command::new(BINARY)
        .args(["doctor", "--json", "--config"])
        .arg(config)
        .args(more)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = serde_json::from_str(&said)
        .unwrap_or_else(|e| panic!("{e}: {said}{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), found)
}

/// The names of the checks in this state.
fn named(found: &Value, state: &str) -> BTreeSet<String> {
    let all = found["checks"].as_array().unwrap().iter();
    all.filter(|c| c["state"] == state)
        .map(|c| c["check"].as_str().unwrap().to_owned())
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// An installation with a mention of 2020.
fn filled(folder: &Path, more: impl FnOnce(&Server)) -> std::path::PathBuf {
    let path = config(folder, "");
    let server = Server::run(&path);
    server.monitor("acme", "acme");
    let post = json!([{"uid": "t:1", "text": "acme", "lang": "en", "created_at": "2020-03-01T00:00:00Z"}]);
    assert_eq!(server.post("/api/v1/posts", &post).0, 200);
    server.wait("/api/v1/mentions?from=0", |page| page["total"] == 1);
    more(&server);
    assert!(server.stop().success());
    path
}

#[test]
fn what_is_well_is_called_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path(), |server| {
        let path = folder.path().join("groundswell.toml");
        let (code, found) = doctor(&path, &[]);
        assert!(
            code == Some(0) && named(&found, "ok").contains("server"),
            "{found}"
        );
        assert_eq!(doctor(&path, &["--running"]).0, Some(0), "{}", server.address);
    });
    let (code, found) = doctor(&path, &[]);
    assert_eq!(code, Some(0), "{found}");
    for check in [
        "configuration",
        "folder",
        "keys",
        "database",
        "journal",
        "store",
        "clock",
        "port",
        "models",
    ] {
        assert!(named(&found, "ok").contains(check), "{check}: {found}");
    }
    let (code, found) = doctor(&path, &["--running"]);
    assert!(
        code == Some(1) && named(&found, "fault") == set(&["server"]),
        "{found}"
    );
}

/// A certificate that holds until 2020.
fn over(folder: &Path) {
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2019, 1, 1);
    params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let key = rcgen::KeyPair::generate().unwrap();
    fs::write(folder.join("cert.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
    fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
}

/// Takes away a file of the store, changes a byte of the journal, and sets the clock's memory back by years.
fn break_files(data: &Path) {
    let partition = data.join("store/year-2020-01-01");
    let mut files = fs::read_dir(partition).unwrap().map(|e| e.unwrap().path());
    let gone = files.find(|p| p.extension().is_some_and(|e| e == "idx")).unwrap();
    fs::remove_file(gone).unwrap();
    let mut files = fs::read_dir(data.join("journal"))
        .unwrap()
        .map(|e| e.unwrap().path());
    let segment = files.find(|p| fs::metadata(p).unwrap().len() > 200).unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    // The header's format version: no cut of a torn tail can mend it.
    bytes[4..12].fill(0xff);
    fs::write(segment, bytes).unwrap();
    let control = Control::open(data).unwrap();
    control.set_setting("clock_seen", "1000").unwrap();
}

#[test]
fn every_fault_of_a_broken_installation_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    filled(folder.path(), |server| {
        let input = json!({"name": "ops", "channel": "webhook", "address": format!("http://127.0.0.1:{closed}/hook"),
                           "internal": true, "allow_private": true});
        let (status, said) = server.post("/api/v1/projects/default/destinations", &input);
        assert!((200..300).contains(&status), "{said}");
    });
    break_files(&folder.path().join("data"));
    over(folder.path());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let path = folder.path().join("groundswell.toml");
    let listen = taken.local_addr().unwrap();
    let text = format!(
        "[server]\nlisten = \"{listen}\"\n[server.tls]\ncert = \"cert.pem\"\nkey = \"key.pem\"\n[data]\npath = \"data\"\n\
         [journal]\nmax_mb = 100000000\n[scoring]\nonnx = [\"nowhere\"]\n\
         [mail]\nserver = \"127.0.0.1\"\nsecurity = \"none\"\nport = {closed}\nfrom = \"Listening <a@acme.example>\"\n\
         [[source]]\ntype = \"feed\"\nname = \"news\"\nurls = [\"http://127.0.0.1:{closed}/feed.xml\"]\n"
    );
    fs::write(&path, text).unwrap();
    let (code, found) = doctor(&path, &["--reach"]);
    let faults = [
        "clock",
        "destination",
        "journal",
        "mail",
        "models",
        "port",
        "source",
        "store",
        "tls",
    ];
    assert_eq!(named(&found, "fault"), set(&faults), "{found:#}");
    assert_eq!(named(&found, "warning"), set(&["disk"]), "{found:#}");
    assert_eq!(code, Some(1));
    for check in found["checks"].as_array().unwrap() {
        let is_wrong = matches!(check["state"].as_str(), Some("fault" | "warning"));
        assert_eq!(is_wrong, check["advice"].is_string(), "{check}");
    }
    let said = found.to_string();
    assert!(
        !said.contains("/hook"),
        "the address of a webhook is a secret: {said}"
    );
}

#[test]
fn a_faulty_configuration_hides_no_other_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path(), |_| {});
    let text = fs::read_to_string(&path).unwrap() + "[jornal]\nmax_mb = 1\n[scoring]\nsure_percent = 200\n";
    fs::write(&path, text).unwrap();
    let key = folder.path().join("data/keys/wrap.key");
    fs::write(&key, "short").unwrap();
    let (code, found) = doctor(&path, &[]);
    assert!(
        code == Some(1) && named(&found, "fault") == set(&["configuration", "keys"]),
        "{found:#}"
    );
    let told = found["checks"].as_array().unwrap().iter();
    let configuration: Vec<_> = told.filter(|c| c["check"] == "configuration").collect();
    assert_eq!(configuration.len(), 2, "{found:#}");
}
