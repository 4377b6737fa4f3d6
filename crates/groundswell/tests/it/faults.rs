//! Damage on disk, from outside: what is whole goes on being served, what is not is named with its place, and
//! `groundswell store check` finds it and makes it anew.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// `groundswell store check` of a configuration.
pub(crate) fn checked(config: &Path, more: &[&str]) -> (Option<i32>, Output) {
    let output = Command::new(BINARY)
        .args(["store", "check", "--config"])
        .arg(config)
        .args(more)
        .output()
        .unwrap();
    (output.status.code(), output)
}

/// What it finds in a data folder that has to be whole.
pub(crate) fn check(config: &Path) -> Value {
    let (code, output) = checked(config, &["--json"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(code, Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&said).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Ten posts of 2020 and ten of 2021: old ones, of two partitions.
fn fill(server: &Server) {
    server.monitor("acme", "acme");
    let post = |n: u32| {
        json!({"uid": format!("t:{n}"), "text": format!("acme number {n}"), "lang": "en",
               "created_at": format!("202{}-03-01T00:00:{:02}Z", n % 2, n)})
    };
    let (status, _) = server.post("/api/v1/posts", &json!((0..20).map(post).collect::<Vec<_>>()));
    assert_eq!(status, 200);
    server.wait(ALL, |page| page["total"] == 20);
}

const ALL: &str = "/api/v1/mentions?from=0&limit=100";

/// How many mentions are found, and what the answer says that it leaves out.
fn served(server: &Server) -> (u64, Option<String>) {
    let answer = server.raw("GET", ALL, "", &[]);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let header = head
        .lines()
        .find_map(|l| l.strip_prefix("groundswell-left-out: "));
    let start = body.find('{').unwrap();
    let end = body.rfind('}').unwrap();
    let page: Value = serde_json::from_str(&body[start..=end]).unwrap();
    (page["total"].as_u64().unwrap(), header.map(str::to_owned))
}

fn filled() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    fill(&server);
    assert!(server.stop().success());
    (folder, path)
}

fn partition(folder: &Path) -> PathBuf {
    folder.join("data/store/year-2020-01-01")
}

/// Changes bytes of the partition's stored documents in place, as a bad block does.
fn rot(partition: &Path) -> PathBuf {
    let mut files = fs::read_dir(partition).unwrap().map(|e| e.unwrap().path());
    let path = files
        .find(|p| p.extension().is_some_and(|e| e == "store"))
        .unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let end = bytes.len().min(400);
    bytes[8..end].iter_mut().for_each(|b| *b ^= 0x5A);
    use std::io::Write;
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .write_all(&bytes)
        .unwrap();
    path
}

/// The rest is served and taken in, and all is back after a repair.
fn goes_on_and_comes_back(path: &Path, place: &str) {
    let server = Server::run(path);
    assert_eq!(served(&server), (10, Some("year-2020-01-01".to_owned())));
    let status = server.get("/api/v1/status");
    assert_eq!(status["left_out"][0]["partition"], "year-2020-01-01", "{status}");
    let (code, health) = server.request("GET", "/health", "", &[]);
    assert!(
        code == 200 && health.contains("left out: year-2020-01-01"),
        "{health}"
    );
    // An edit of what is left out, a deletion of it, and something new for its time.
    let late = json!([
        {"uid": "t:0", "event": "edit", "text": "acme edited", "lang": "en", "created_at": "2020-03-01T00:00:00Z"},
        {"uid": "t:2", "event": "delete"},
        {"uid": "t:99", "text": "acme again", "lang": "en", "created_at": "2020-05-01T00:00:00Z"},
    ]);
    assert_eq!(server.post("/api/v1/posts", &late).0, 200);
    server.wait(ALL, |page| page["total"] == 12);
    assert!(server.stop().success());

    let (code, output) = checked(path, &[]);
    assert!(
        code == Some(1) && said(&output).contains(place),
        "{}",
        said(&output)
    );
    let (code, output) = checked(path, &["--repair"]);
    assert_eq!(code, Some(0), "{}", said(&output));
    assert!(
        said(&output).contains("year-2020-01-01: made anew from the journal, 10 mentions"),
        "{}",
        said(&output)
    );
    let whole = check(path);
    assert_eq!(whole["problems"], json!([]));

    let server = Server::run(path);
    assert_eq!(served(&server), (20, None));
    let texts = server.get("/api/v1/mentions?from=0&limit=100").to_string();
    assert!(
        texts.contains("acme edited")
            && !texts.contains("acme number 0\"")
            && !texts.contains("acme number 2\"")
    );
    assert!(server.stop().success());
}

#[test]
fn a_torn_partition_is_left_out_and_made_anew() {
    let (folder, path) = filled();
    fs::write(partition(folder.path()).join("meta.json"), "{\"segm").unwrap();
    goes_on_and_comes_back(&path, "year-2020-01-01");
}

#[test]
fn a_partition_whose_folder_is_gone_is_left_out_and_made_anew() {
    let (folder, path) = filled();
    fs::remove_dir_all(partition(folder.path())).unwrap();
    goes_on_and_comes_back(&path, "its folder is gone");
}

#[test]
fn a_segment_that_rots_under_a_running_server_is_left_out_and_made_anew() {
    let (folder, path) = filled();
    let server = Server::run(&path);
    // Not asked before: what was read is still in memory, and right.
    rot(&partition(folder.path()));
    assert_eq!(served(&server).0, 10);
    assert_eq!(served(&server).1.as_deref(), Some("year-2020-01-01"));
    assert!(server.stop().success());
    goes_on_and_comes_back(&path, "year-2020-01-01");
}

#[test]
fn a_rotten_file_is_found_by_a_check_and_nothing_is_deleted_by_a_repair() {
    let (folder, path) = filled();
    let file = rot(&partition(folder.path()));
    let (code, output) = checked(&path, &[]);
    let line = format!(
        "damage: {}: its checksum is not that of what was written",
        file.display()
    );
    assert!(
        code == Some(1) && said(&output).contains(&line),
        "{}",
        said(&output)
    );
    let bytes = fs::read(&file).unwrap();
    assert_eq!(checked(&path, &["--repair"]).0, Some(0));
    let aside = folder
        .path()
        .join("data/store/set-aside/year-2020-01-01.damaged-1");
    assert_eq!(fs::read(aside.join(file.file_name().unwrap())).unwrap(), bytes);
    let server = Server::run(&path);
    assert_eq!(served(&server), (20, None));
}

#[test]
fn what_the_journal_no_longer_holds_is_said_to_be_lost() {
    let (folder, path) = filled();
    rot(&partition(folder.path()));
    for segment in fs::read_dir(folder.path().join("data/journal")).unwrap() {
        fs::remove_file(segment.unwrap().path()).unwrap();
    }
    let (code, output) = checked(&path, &["--repair"]);
    let said = said(&output);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("made anew from the journal, 0 mentions"), "{said}");
    assert!(
        said.contains("could not be made anew, for the journal is empty"),
        "{said}"
    );
    let server = Server::run(&path);
    assert_eq!(served(&server), (10, None));
}

/// A stopped installation whose journal has a changed byte, and the segment that has it.
fn with_damaged_journal() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let (folder, path) = filled();
    let server = Server::run(&path);
    server.post(
        "/api/v1/posts",
        &json!([{"text": "one more for a second record"}]),
    );
    assert!(server.stop().success());
    let mut segments: Vec<PathBuf> = fs::read_dir(folder.path().join("data/journal"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "gsj"))
        .collect();
    segments.sort();
    let mut bytes = fs::read(&segments[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&segments[0], bytes).unwrap();
    (folder, path, segments.swap_remove(0))
}

/// Everything is served, and goes on.
fn serves_all_and_more(path: &Path) {
    let server = Server::run(path);
    assert_eq!(served(&server), (20, None));
    let more = json!([{"uid": "t:500", "text": "acme goes on", "created_at": "2021-05-01T00:00:00Z"}]);
    assert_eq!(server.post("/api/v1/posts", &more).0, 200);
    server.wait(ALL, |page| page["total"] == 21);
}

#[test]
fn a_start_sets_a_damaged_journal_aside_whose_entries_are_stored() {
    let (folder, path, segment) = with_damaged_journal();
    serves_all_and_more(&path);
    let name = segment.file_name().unwrap();
    assert!(folder.path().join("data/journal/set-aside").join(name).exists());
    let (code, output) = checked(&path, &[]);
    assert_eq!(code, Some(0), "{}", said(&output));
}

#[test]
fn a_repair_sets_a_damaged_journal_aside_whose_entries_are_stored() {
    let (_folder, path, segment) = with_damaged_journal();
    let (code, output) = checked(&path, &[]);
    let place = format!("damage: {}: byte ", segment.display());
    assert!(
        code == Some(1) && said(&output).contains(&place),
        "{}",
        said(&output)
    );
    let (code, output) = checked(&path, &["--repair"]);
    assert!(
        code == Some(0) && said(&output).contains("set aside; all of it is stored"),
        "{}",
        said(&output)
    );
    serves_all_and_more(&path);
}

#[test]
fn a_check_says_that_a_server_holds_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    let (code, output) = checked(&path, &[]);
    assert_eq!(code, Some(2));
    assert!(said(&output).contains("a server is using"), "{}", said(&output));
    assert_eq!(server.request("GET", "/health", "", &[]).0, 200);
}

#[test]
fn a_damaged_database_is_named() {
    let (folder, path) = filled();
    let file = folder.path().join("data/control.db");
    let mut bytes = fs::read(&file).unwrap();
    let end = bytes.len() - 100;
    bytes[8_192..end].fill(0x77);
    fs::write(&file, bytes).unwrap();
    let (code, output) = checked(&path, &[]);
    assert!(
        code == Some(1) && said(&output).contains("control.db: "),
        "{}",
        said(&output)
    );
}
