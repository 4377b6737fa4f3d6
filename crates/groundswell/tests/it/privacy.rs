//! Nothing that names a stranger is written: every file under the data folder is searched for it.

use crate::server::{Server, config};
use serde_json::json;
use std::path::Path;

const SECRETS: [&str; 8] = [
    "zoe.secret.example",
    "did:plc:zoeverysecret",
    "Zoe Verysecret",
    "at://did:plc:zoeverysecret/app.bsky.feed.post/3kzzz",
    "zoe@mail.example",
    "+1 202 555 0143",
    "stranger.handle.example",
    "bsky.app/profile",
];

fn files(folder: &Path, found: &mut Vec<(std::path::PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push((path, bytes));
        }
    }
}

#[test]
fn no_file_holds_a_strangers_id_handle_or_number() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    server.monitor("kettle", "kettle");
    let post = json!({
        "uid": format!("bluesky:{}", SECRETS[3]), "platform": "bluesky",
        "author": {"id": SECRETS[1], "handle": SECRETS[0], "name": SECRETS[2], "followers": 12},
        "text": format!("my kettle broke, write me at {} or {} cc @{} @friend.example", SECRETS[4], SECRETS[5], SECRETS[6]),
        "urls": [format!("https://bsky.app/profile/{}", SECRETS[0])],
        "permalink": format!("https://bsky.app/profile/{}/post/3kzzz", SECRETS[1]),
        "mentions": [{"id": "did:plc:other", "handle": SECRETS[6]}]
    });
    let other = json!({"uid": "bluesky:at://did:plc:zoeverysecret/app.bsky.feed.post/3kyyy", "platform": "bluesky",
        "author": {"id": SECRETS[1], "handle": SECRETS[0]}, "text": "nothing anybody looks for"});
    server.post("/api/v1/posts", &json!([post, other]));
    let page = server.wait("/api/v1/mentions", |p| p["total"] == 1);
    let text = page["items"][0]["post"]["text"].as_str().unwrap();
    assert!(
        text.contains("[email]") && text.contains("[phone]") && text.contains("@p_"),
        "{text}"
    );
    // A handle's pseudonym answers to its name.
    let named = server.monitor("named", "@friend.example");
    server.wait(&format!("/api/v1/monitors/{named}"), |m| m["mentions"] == 1);
    assert!(server.stop().success());

    let mut found = Vec::new();
    files(&folder.path().join("data"), &mut found);
    assert!(
        found.iter().map(|f| f.1.len()).sum::<usize>() > 10_000,
        "the data folder holds too little to prove anything"
    );
    for (path, bytes) in &found {
        for secret in SECRETS {
            let at = bytes
                .windows(secret.len())
                .position(|w| w.eq_ignore_ascii_case(secret.as_bytes()));
            assert!(at.is_none(), "{} holds {secret:?}", path.display());
        }
    }
    // Keys are for their owner alone.
    #[cfg(unix)]
    for (path, _) in found
        .iter()
        .filter(|f| f.0.extension().is_some_and(|e| e == "key"))
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(path).unwrap().permissions().mode() & 0o077,
            0,
            "{}",
            path.display()
        );
    }
}
