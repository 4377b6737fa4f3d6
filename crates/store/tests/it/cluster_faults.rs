//! A cluster that fails, lies or is another one: errors name the place and never a password or a document.

use crate::model;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use store::elastic::{Login, Settings, Store};
use store::{Change, Error, Filter};

const ROOT: &str = r#"{"version":{"number":"3.8.0","distribution":"opensearch"}}"#;
const EMPTY: &str = r#"{"_shards":{"failed":0},"timed_out":false,"hits":{"total":{"value":0},"hits":[]}}"#;

/// `groundswell:sesame`.
const BASIC: &str = "Basic Z3JvdW5kc3dlbGw6c2VzYW1l";
/// `id:opensesame`, as a cluster gives it out.
const KEY: &str = "aWQ6b3BlbnNlc2FtZQ==";

/// Answers each request by its line (`GET /path HTTP/1.1`) with a status and a body.
fn cluster(answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> Settings {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = serve(stream.unwrap(), &answer);
        }
    });
    signed_in(url)
}

fn signed_in(url: String) -> Settings {
    Settings {
        login: Some(Login::Basic {
            user: "groundswell".to_owned(),
            password: "sesame".to_owned(),
        }),
        ..Settings::new(url, "gs")
    }
}

fn serve(mut stream: impl Read + Write, answer: &impl Fn(&str) -> (u16, String)) -> std::io::Result<()> {
    let mut reader = BufReader::new(&mut stream);
    let (mut line, mut length, mut known) = (String::new(), 0, false);
    reader.read_line(&mut line)?;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if let Some((name, value)) = header.split_once(':') {
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "authorization" => known = value == BASIC || value == format!("ApiKey {KEY}"),
                "content-length" => length = value.parse().unwrap(),
                _ => {}
            }
        }
        if header.trim().is_empty() {
            break;
        }
    }
    reader.take(length).read_to_end(&mut Vec::new())?;
    let (status, body) = match known {
        true => answer(&line),
        false => (401, "{}".to_owned()),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} -\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// A cluster that works, but for one path.
fn but_for(path: &'static str, status: u16, body: &'static str) -> Settings {
    cluster(move |line| match line {
        _ if line.contains(path) => (status, body.to_owned()),
        _ if line.starts_with("GET / ") => (200, ROOT.to_owned()),
        _ if line.contains("_doc/store") && line.starts_with("GET") => (404, "{}".to_owned()),
        _ if line.contains("_search") => (200, EMPTY.to_owned()),
        _ => (200, "{}".to_owned()),
    })
}

fn refused(error: &Error) -> String {
    let text = format!("{error} {error:?}");
    assert!(!text.contains("sesame") && !text.contains(KEY), "{text}");
    assert!(!text.contains("battery"), "{text}");
    error.to_string()
}

#[test]
fn an_address_is_checked_and_a_password_in_it_is_not_repeated() {
    for url in ["ftp://h", "search", "http://me:sesame@127.0.0.1:1"] {
        let error = Store::open(Settings::new(url, "gs")).map(drop).unwrap_err();
        assert!(matches!(error, Error::Question(_)), "{error}");
        refused(&error);
    }
    let error = Store::open(Settings::new("http://127.0.0.1:1", "Not A Prefix"));
    assert!(matches!(error.map(drop), Err(Error::Question(_))));
}

#[test]
fn what_cannot_be_reached_or_is_another_product_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = Store::open(Settings::new(format!("http://{free}"), "gs"))
        .map(drop)
        .unwrap_err();
    assert!(refused(&error).contains(&free.to_string()), "{error}");
    let old = but_for("GET / ", 200, r#"{"version":{"number":"6.8.0"}}"#);
    let error = Store::open(old).map(drop).unwrap_err();
    assert!(refused(&error).contains("`6.8.0`"), "{error}");
    let closed = but_for(
        "GET / ",
        401,
        r#"{"error":{"type":"security_exception","reason":"no sesame"}}"#,
    );
    let error = Store::open(closed).map(drop).unwrap_err();
    assert!(refused(&error).contains("HTTP 401 security_exception"), "{error}");
}

#[test]
fn a_key_signs_in_and_neither_key_nor_password_is_repeated() {
    let signed_in = |login| Settings {
        login: Some(login),
        ..but_for("nothing", 200, "{}")
    };
    let password = |word: &str| Login::Basic {
        user: "groundswell".to_owned(),
        password: word.to_owned(),
    };
    for known in [Login::ApiKey(KEY.to_owned()), password("sesame")] {
        let settings = signed_in(known);
        let told = format!("{settings:?} {:?}", settings.login);
        assert!(
            told.contains("***") && !told.contains("sesame") && !told.contains(KEY),
            "{told}"
        );
        assert!(Store::open(settings).is_ok());
    }
    // Another spelling, another secret, and one that no header can hold.
    let wrong = format!("{}sesame", KEY.to_ascii_lowercase());
    let no_header = format!("{KEY}\nsesame");
    for (unknown, what) in [
        (Login::ApiKey(wrong), "HTTP 401"),
        (password("opensesame"), "HTTP 401"),
        (Login::ApiKey(no_header), "characters that none has"),
    ] {
        let error = Store::open(signed_in(unknown)).map(drop).unwrap_err();
        assert!(refused(&error).contains(what), "{error}");
    }
}

#[test]
fn what_a_newer_program_wrote_is_refused() {
    let stamp = r#"{"_source":{"stamp":{"format":99}}}"#;
    let error = Store::open(but_for("_doc/store", 200, stamp))
        .map(drop)
        .unwrap_err();
    assert!(matches!(error, Error::Newer { found: 99, .. }), "{error}");
    let mapping = r#"{"gs-mentions-month-2026-01-01":{"mappings":{"_meta":{"format":98}}}}"#;
    let error = Store::open(but_for("_mapping", 200, mapping))
        .map(drop)
        .unwrap_err();
    assert!(matches!(error, Error::Newer { found: 98, .. }), "{error}");
}

#[test]
fn half_an_answer_is_none() {
    let settings = cluster(|line| match line {
        _ if line.starts_with("GET / ") => (200, ROOT.to_owned()),
        _ if line.contains("_search") => (200, EMPTY.replace("\"failed\":0", "\"failed\":1")),
        _ => (404, "{}".to_owned()),
    });
    // Also the refresh of a cluster without any index.
    let error = Store::open(settings).map(drop).unwrap_err();
    assert!(matches!(error, Error::Cluster { .. }), "{error}");
    let partly = EMPTY.replace("\"failed\":0", "\"failed\":1").leak();
    let error = Store::open(but_for("_search", 200, partly))
        .map(drop)
        .unwrap_err();
    assert!(refused(&error).contains("1 shards did not answer"), "{error}");
}

#[test]
fn a_refused_document_fails_the_commit_which_can_be_repeated() {
    let item = r#"{"items":[{"index":{"_id":"ab","status":400,"error":{"type":"mapper_parsing_exception",
        "reason":"Preview of field's value: 'battery'"}}}]}"#;
    let (mut store, _) = Store::open(but_for("_bulk", 200, item)).unwrap();
    store.apply([model::put(1, 9, 1)], 1).unwrap();
    for _ in 0..2 {
        let error = store.commit().unwrap_err();
        assert!(
            refused(&error).contains("mention ab is refused: mapper_parsing_exception"),
            "{error}"
        );
        assert_eq!((store.pending(), store.position()), (1, 0));
    }
}

#[test]
fn a_busy_cluster_is_asked_again() {
    let times = AtomicU32::new(0);
    let settings = cluster(move |line| {
        let busy = line.contains("_search") && times.fetch_add(1, Ordering::SeqCst) < 2;
        match line {
            _ if busy => (429, "{}".to_owned()),
            _ if line.starts_with("GET / ") => (200, ROOT.to_owned()),
            _ if line.contains("_doc/store") && line.starts_with("GET") => (404, "{}".to_owned()),
            _ if line.contains("_search") => (200, EMPTY.to_owned()),
            _ => (200, "{}".to_owned()),
        }
    });
    let (store, recovery) = Store::open(settings).unwrap();
    assert_eq!(recovery.mentions, 0);
    let nothing: [Change; 0] = [];
    let mut store = store;
    store.apply(nothing, 7).unwrap();
    assert_eq!(store.reader().snapshot().count(&Filter::default()).unwrap(), 0);
}

#[test]
fn documents_that_a_cluster_has_no_room_for_are_sent_again() {
    let times = AtomicU32::new(0);
    let settings = cluster(move |line| {
        let taken = r#"{"items":[{"index":{"status":201}}]}"#;
        let full = r#"{"items":[{"index":{"status":429,"error":{"type":"rejected_execution_exception"}}}]}"#;
        match line {
            _ if line.contains("_bulk") => match times.fetch_add(1, Ordering::SeqCst) {
                0 => (429, "{}".to_owned()),
                1 => (200, full.to_owned()),
                _ => (200, taken.to_owned()),
            },
            _ if line.starts_with("GET / ") => (200, ROOT.to_owned()),
            _ if line.contains("_doc/store") && line.starts_with("GET") => (404, "{}".to_owned()),
            _ if line.contains("_search") => (200, EMPTY.to_owned()),
            _ => (200, "{}".to_owned()),
        }
    });
    let (mut store, _) = Store::open(settings).unwrap();
    store.apply([model::put(1, 9, 1)], 1).unwrap();
    assert_eq!(store.commit().unwrap().position, 1);
}

#[test]
fn a_writer_that_another_has_followed_is_told_so() {
    let conflict = r#"{"items":[{"index":{"_id":"ab","status":409,"error":{"type":"version_conflict_engine_exception"}}}]}"#;
    let (mut store, _) = Store::open(but_for("_bulk", 200, conflict)).unwrap();
    store.apply([model::put(1, 9, 1)], 1).unwrap();
    let error = store.commit().unwrap_err();
    assert!(refused(&error).contains("another writer"), "{error}");
    assert_eq!((store.pending(), store.position()), (1, 0));
    let error = Store::open(but_for("_doc/store?version", 409, "{}"))
        .map(drop)
        .unwrap_err();
    assert!(refused(&error).contains("another writer"), "{error}");
}

#[test]
fn a_cluster_is_trusted_by_the_certificates_of_a_file() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let dir = crate::made::folder();
    let file = dir.path().join("ca.pem");
    std::fs::write(&file, made.cert.pem()).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let stream = rustls::StreamOwned::new(connection, stream.unwrap());
            let answer = |line: &str| match line {
                _ if line.starts_with("GET / ") => (200, ROOT.to_owned()),
                _ if line.contains("_doc/store") && line.starts_with("GET") => (404, "{}".to_owned()),
                _ if line.contains("_search") => (200, EMPTY.to_owned()),
                _ => (200, "{}".to_owned()),
            };
            let _ = serve(stream, &answer);
        }
    });
    let settings = |ca: Option<std::path::PathBuf>| Settings {
        ca,
        ..signed_in(url.clone())
    };
    assert!(Store::open(settings(Some(file.clone()))).is_ok());
    let error = Store::open(settings(None)).map(drop).unwrap_err();
    assert!(refused(&error).contains("certificate"), "{error}");
    std::fs::write(&file, "no certificate").unwrap();
    for wrong in [file, dir.path().join("gone.pem")] {
        let error = Store::open(settings(Some(wrong.clone()))).map(drop).unwrap_err();
        assert!(refused(&error).contains(&wrong.display().to_string()), "{error}");
    }
}
