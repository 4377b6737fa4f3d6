#![allow(clippy::unwrap_used)]

use super::{Fault, TEMPLATE, parse};
use std::path::Path;

fn faults(text: &str) -> Vec<String> {
    parse(text, Path::new(""))
        .unwrap_err()
        .iter()
        .map(Fault::to_string)
        .collect()
}

#[test]
fn the_template_is_the_default() {
    let template = parse(TEMPLATE, Path::new("")).unwrap();
    let empty = parse("", Path::new("")).unwrap();
    assert_eq!(template.server.listen, empty.server.listen);
    assert_eq!(template.data, empty.data);
    assert_eq!(template.journal.max_bytes, empty.journal.max_bytes);
    assert_eq!(template.journal.max_hours, empty.journal.max_hours);
    assert_eq!(template.scoring, empty.scoring);
    assert_eq!(template.privacy.public_followers, empty.privacy.public_followers);
    assert_eq!(template.sources.len(), 1);
    assert_eq!(template.policy, empty.policy);
}

#[test]
fn every_fault_is_reported_at_once() {
    let text = r#"
        [server]
        lisen = "127.0.0.1:1"
        [journal]
        max_mb = "much"
        [[source]]
        type = "bluesy"
        [[monitor]]
        name = "a"
        query = "acme AND"
    "#;
    let all = faults(text);
    assert!(
        all.contains(&"server.lisen: unknown key, did you mean `listen`?".to_owned()),
        "{all:?}"
    );
    assert!(
        all.iter()
            .any(|f| f.starts_with("journal.max_mb: expected a whole number from 1 to")),
        "{all:?}"
    );
    assert!(
        all.contains(&"source.1.type: no connector `bluesy`; did you mean `bluesky`?".to_owned()),
        "{all:?}"
    );
    assert!(
        all.iter().any(|f| f.starts_with("monitor.1.query: at ")),
        "{all:?}"
    );
    assert_eq!(all.len(), 4, "{all:?}");
}

#[test]
fn a_public_address_needs_a_password() {
    let all = faults("[server]\nlisten = \"0.0.0.0:8080\"");
    assert_eq!(all.len(), 1);
    assert!(all[0].contains("set server.password first"), "{all:?}");
}

#[test]
fn a_secret_in_the_file_is_refused() {
    let all = faults("[server]\npassword = \"hunter2\"");
    assert_eq!(
        all,
        ["server.password: a secret is given as \"env:NAME\" or \"file:PATH\", not in the file itself"]
    );
}

#[test]
fn broken_toml_names_its_line() {
    let all = faults("[server]\nlisten = ");
    assert!(all[0].starts_with("line 2: "), "{all:?}");
}

#[test]
fn lists_have_terms_or_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("spam.txt"),
        "giveaway\n\n promo code \ngiveaway\n",
    )
    .unwrap();
    let text = r#"
        [[list]]
        name = "spam"
        file = "spam.txt"
        [[list]]
        name = "places"
        terms = ["Hull", "Leeds"]
    "#;
    let lists = parse(text, folder.path()).unwrap().lists;
    let seen: Vec<_> = lists
        .iter()
        .map(|l| (l.name.as_str(), l.terms.join("|")))
        .collect();
    assert_eq!(
        seen,
        [
            ("spam", "giveaway|promo code".to_owned()),
            ("places", "Hull|Leeds".to_owned())
        ]
    );
}

#[test]
fn every_fault_of_a_list_is_named() {
    let text = r#"
        [[list]]
        name = "Spam words"
        terms = ["a"]
        [[list]]
        name = "b"
        terms = ["a"]
        file = "nowhere.txt"
        [[list]]
        name = "b"
        file = "nowhere.txt"
        [[list]]
        term = ["a"]
        [[list]]
        name = "c"
        terms = ["fine", "a OR b"]
    "#;
    let all = faults(text);
    let begins = |with: &str| all.iter().any(|f| f.starts_with(with));
    assert!(
        begins("list.1.name: `Spam words`: a list's name has 1 to 64"),
        "{all:?}"
    );
    assert!(
        begins("list.2.file: a list has terms or a file, not both"),
        "{all:?}"
    );
    assert!(begins("list.3.name: `b` is taken by another list"), "{all:?}");
    assert!(begins("list.3.file: nowhere.txt: "), "{all:?}");
    assert!(begins("list.4.name: is missing"), "{all:?}");
    assert!(
        begins("list.4.term: unknown key, did you mean `terms`?"),
        "{all:?}"
    );
    assert!(begins("list.5.terms: line 2: "), "{all:?}");
    assert_eq!(all.len(), 7, "{all:?}");
}

#[test]
fn retention_is_read_and_more_than_a_platform_allows_is_named() {
    let text = r#"
        [privacy]
        small_cell = 20
        controller = "Acme Ltd"
        [retention]
        text_days = 365
        [retention.youtube]
        text_days = 14
    "#;
    let policy = parse(text, Path::new("")).unwrap().policy;
    assert_eq!(
        (policy.small_cell, policy.controller.as_deref()),
        (20, Some("Acme Ltd"))
    );
    assert_eq!(policy.retention.all.text_days, Some(365));
    assert_eq!(policy.retention.platforms["youtube"].text_days, Some(14));
    let text = r#"
        [retention]
        days = 3
        [retention.youtub]
        text_days = 3
        [retention.youtube]
        text_days = 60
        [retention.linkedin]
        text_days = 0
    "#;
    let all = faults(text);
    let begins = |with: &str| all.iter().any(|f| f.starts_with(with));
    assert!(begins("retention.days: unknown key"), "{all:?}");
    assert!(
        begins("retention.youtub: unknown key, did you mean `youtube`?"),
        "{all:?}"
    );
    assert!(
        begins("retention.youtube.text_days: `60` is more than the 30 days that YouTube allows"),
        "{all:?}"
    );
    assert!(
        begins("retention.linkedin.text_days: expected a whole number from 1 to 36500"),
        "{all:?}"
    );
    assert_eq!(all.len(), 4, "{all:?}");
}

#[test]
fn a_language_model_is_on_this_machine_or_has_tls_and_leave() {
    let with = |more: &str| format!("[rephrase]\nmodel = \"m\"\n{more}");
    let url = |text: &str| {
        let config = parse(&with(text), Path::new("")).unwrap();
        config.rephrase.unwrap().url
    };
    assert_eq!(
        url("url = \"http://127.0.0.1:11434/v1/\""),
        "http://127.0.0.1:11434/v1/chat/completions"
    );
    assert_eq!(
        url("url = \"https://llm.example/v1/chat/completions\"\nallow_remote = true"),
        "https://llm.example/v1/chat/completions"
    );
    for (more, says) in [
        (
            "url = \"http://llm.example/v1\"\nallow_remote = true",
            "rephrase.url: an address that is not of this machine needs https",
        ),
        (
            "url = \"https://llm.example/v1\"",
            "rephrase.url: is not of this machine",
        ),
        (
            "url = \"https://127.0.0.1.evil.example/v1\"",
            "rephrase.url: is not of this machine",
        ),
        (
            "url = \"https://me:pw@llm.example/v1\"",
            "rephrase.url: the address holds a user",
        ),
        (
            "url = \"http://localhost/v1\"\nkey = \"s3cret\"",
            "rephrase.key: a secret is given as",
        ),
        (
            "url = \"http://localhost/v1\"\nallow_remote = 1",
            "rephrase.allow_remote: expected true or false",
        ),
        (
            "url = \"http://localhost/v1\"\ntimout_seconds = 1",
            "rephrase.timout_seconds: unknown key, did you mean `timeout_seconds`?",
        ),
        ("", "rephrase.url: is missing"),
    ] {
        let all = faults(&with(more));
        assert!(all.iter().any(|f| f.starts_with(says)), "{more}: {all:?}");
    }
}

#[test]
fn a_cluster_keeps_the_mentions_where_the_file_says_so() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("password"), "sesame\n").unwrap();
    let read = |text: &str| parse(text, dir.path());
    assert!(read("").unwrap().store.is_none());
    let config = read(
        "[store]\nurl = \"https://search.internal:9200\"\nuser = \"gs\"\npassword = \"file:password\"\nca = \"ca.pem\"\n\
         period = \"week\"\nreplicas = 0\n",
    )
    .unwrap();
    let settings = config.store.unwrap();
    assert_eq!(settings.urls, ["https://search.internal:9200"]);
    assert_eq!(
        (settings.prefix.as_str(), settings.shards, settings.replicas),
        ("groundswell", 1, 0)
    );
    assert_eq!(settings.period, store::Period::Week);
    assert_eq!(settings.ca, Some(dir.path().join("ca.pem")));
    let login = store::elastic::Login::Basic {
        user: "gs".to_owned(),
        password: "sesame".to_owned(),
    };
    assert_eq!(settings.login, Some(login));
    let several = read("[store]\nurl = [\"http://a:9200\", \"http://b:9200\"]\n").unwrap();
    assert_eq!(several.store.unwrap().urls, ["http://a:9200", "http://b:9200"]);
    for (text, what) in [
        ("url = []", "has no address"),
        ("url = \"search\"", "the cluster's address is none"),
        (
            "url = [\"http://a\", \"ftp://b\"]",
            "address number 2 must begin with",
        ),
        ("url = \"http://me:sesame@a\"", "must not hold user and password"),
        ("url = [\"http://a\", 7]", "a list of texts"),
    ] {
        let faults = read(&format!("[store]\n{text}\n")).unwrap_err();
        let said = format!("{faults:?}");
        assert!(said.contains("store.url") && said.contains(what), "{said}");
        assert!(!said.contains("sesame"), "{said}");
    }
    for (text, key) in [
        ("", "store.url"),
        ("url = \"http://h\"\nprefix = \"Not A Prefix\"", "store.prefix"),
        ("url = \"http://h\"\nuser = \"gs\"", "store.user"),
        ("url = \"http://h\"\nperiod = \"decade\"", "store.period"),
        ("url = \"http://h\"\napi_key = \"open\"", "store.api_key"),
        ("url = \"http://h\"\nurll = 1", "store.urll"),
    ] {
        let faults = read(&format!("[store]\n{text}\n")).unwrap_err();
        assert!(faults.iter().any(|fault| fault.key == key), "{key}: {faults:?}");
    }
}
