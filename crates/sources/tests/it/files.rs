//! Files of posts.

use crate::support::shared::shared;
use post::{Kind, RawPost};
use sources::file::{BadLine, ColumnMap, FileOptions, FileReader, Format, MAX_LINE_BYTES};
use std::io::Write;

type Items = Vec<Result<(u64, RawPost), BadLine>>;

fn read(name: &str, bytes: &[u8], options: FileOptions) -> (Items, Vec<String>) {
    let reader = Box::new(std::io::Cursor::new(bytes.to_vec()));
    let mut reader = FileReader::from_reader(reader, name, options).unwrap();
    let items = reader.by_ref().collect();
    (items, reader.warnings().to_vec())
}

fn one(line: &str, options: FileOptions) -> RawPost {
    let (mut items, _) = read("t.jsonl", line.as_bytes(), options);
    assert_eq!(items.len(), 1);
    items.remove(0).unwrap().1
}

fn map(entries: &[&str]) -> FileOptions {
    FileOptions {
        map: ColumnMap::from_entries(entries).unwrap(),
        ..FileOptions::default()
    }
}

#[test]
fn the_interchange_form_survives_a_round_trip() {
    let line = r##"{"uid":"bluesky:at://did:plc:abc/app.bsky.feed.post/3k","platform":"bluesky","event":"edit","kind":"reply","created_at":"2026-07-04T12:00:00.123Z","seen_at":"2026-07-04T12:00:01Z","edited_at":"2026-07-04T12:05:00Z","author":{"id":"did:plc:abc","handle":"ann.example","name":"Ann","followers":120,"verified":true,"bot":false},"title":"T","text":"plain, text","content_warning":"cw","lang_claimed":["en"],"lang":"en","community":"c","reply_to":"bluesky:at://p","thread_root":"bluesky:at://r","repost_of":null,"quote_of":"bluesky:at://q","edit_of":["bluesky:at://e"],"hashtags":["rust"],"mentions":[{"id":"did:plc:x","handle":"acme.example"}],"urls":["https://a.example/?a,b"],"media":[{"kind":"image","url":"https://i.example","alt":"alt"}],"counts":{"likes":3,"reposts":null,"replies":0,"quotes":null,"views":null},"country":"DE","permalink":"https://p.example","visibility":"public"}"##;
    let typed: RawPost = serde_json::from_str(line).unwrap();
    assert_eq!(one(line, FileOptions::default()), typed);
    let (_, warnings) = read("t.jsonl", line.as_bytes(), FileOptions::default());
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn other_names_numbers_as_text_and_dates_of_many_forms() {
    let post = one(
        r#"{"id":"7","platform":"Reddit","created_utc":1374374097,"channel":"tea","title":"Green?","text":"","url":"https://a.example","score":-4,"comments":8,"user":"@Ann"}"#,
        FileOptions::default(),
    );
    assert_eq!(post.uid.as_deref(), Some("reddit:7"));
    assert_eq!(post.created_at.as_deref(), Some("2013-07-21T02:34:57Z"));
    assert_eq!(
        (post.community.as_deref(), post.counts.likes, post.counts.replies),
        (Some("tea"), None, Some(8))
    );
    assert_eq!(post.author.unwrap().handle.as_deref(), Some("Ann"));

    let reply = one(
        r#"{"id":2,"author":"115712","created":"Tue Oct 31 22:11:45 +0000 2017","text":"how?","in_reply_to":"1.0","retweets":"1,829"}"#,
        FileOptions {
            platform: Some("x".to_owned()),
            ..FileOptions::default()
        },
    );
    assert_eq!(
        (reply.kind, reply.reply_to.as_deref(), reply.uid.as_deref()),
        (Kind::Reply, Some("x:1"), Some("x:2"))
    );
    assert_eq!(
        (reply.created_at.as_deref(), reply.counts.reposts),
        (Some("2017-10-31T22:11:45Z"), Some(1829))
    );

    let kept = one(
        r#"{"id":0,"source":"twitter","text":"t","author":"a"}"#,
        FileOptions {
            keep_ids: true,
            ..FileOptions::default()
        },
    );
    assert_eq!(
        (kept.uid.as_deref(), kept.platform.as_deref()),
        (Some("0"), Some("twitter"))
    );
}

#[test]
fn columns_named_by_hand_win_and_may_be_paths() {
    let line = r#"{"text":"wrong","said":"right","users":["ann","bob"],"meta":{"when":"2018-04-04 08:05"}}"#;
    let post = one(
        line,
        map(&["text=said", "author.handle=users.0", "created_at=meta.when"]),
    );
    assert_eq!(
        (post.text.as_str(), post.created_at.as_deref()),
        ("right", Some("2018-04-04T08:05:00Z"))
    );
    assert_eq!(post.author.unwrap().handle.as_deref(), Some("ann"));
    let errors = ColumnMap::from_entries(&["nonsense", "nofield=x", "likes=ups"]).unwrap_err();
    assert_eq!(errors.len(), 2, "{errors:?}");
}

#[test]
fn unknown_columns_and_unusable_values_are_warned_of_once() {
    let lines = concat!(
        "{\"text\":\"a\",\"mood\":1,\"likes\":\"many\"}\n{\"text\":\"b\",\"mood\":2,\"likes\":\"few\"}\n",
        "{\"text\":\"c\",\"likes\":\"3\",\"nsfw\":false}\n"
    );
    let (items, warnings) = read("t.jsonl", lines.as_bytes(), FileOptions::default());
    assert_eq!(items.last().unwrap().as_ref().unwrap().1.counts.likes, Some(3));
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(
        warnings.iter().any(|w| w.contains("\"mood\""))
            && warnings.iter().any(|w| w.contains("t.jsonl:1: counts.likes"))
    );
}

#[test]
fn bad_lines_are_told_with_their_number_and_do_not_stop_it() {
    let mut bytes =
        b"\xef\xbb\xbf{\"text\":\"first\"}\n\nnot json\n{\"text\":\"\xff\"}\n[1]\n{\"likes\":1}\n{\"text\":"
            .to_vec();
    bytes.extend(vec![b'"'; MAX_LINE_BYTES]);
    bytes.extend(b"\n{\"text\":\"half \\ud83d\"}\r\n{\"text\":\"cut");
    let (items, _) = read("t.jsonl", &bytes, FileOptions::default());
    let seen: Vec<(u64, &str)> = items
        .iter()
        .map(|i| match i {
            Ok((line, post)) => (*line, post.text.as_str()),
            Err(bad) => (bad.line, bad.code),
        })
        .collect();
    assert_eq!(
        seen,
        [
            (1, "first"),
            (3, "malformed"),
            (4, "invalid_utf8"),
            (5, "malformed"),
            (6, "no_text"),
            (7, "too_long"),
            (8, "half \u{fffd}"),
            (9, "malformed")
        ]
    );
    assert_eq!(
        items[2].as_ref().unwrap_err().to_string(),
        "t.jsonl:4: invalid UTF-8 at byte 9"
    );
}

#[test]
fn arrays_csv_and_tsv_with_the_right_lines() {
    let array = "[\n {\"text\":\"a ] \\\" }\"},\n {\"text\":\n \"b\"} , 7,\n{\"text\":\"c\"}\n]";
    let (items, _) = read("t.json", array.as_bytes(), FileOptions::default());
    let lines: Vec<_> = items
        .iter()
        .map(|i| i.as_ref().map(|(l, p)| (*l, p.text.clone())).map_err(|b| b.line))
        .collect();
    assert_eq!(
        lines,
        [
            Ok((2, "a ] \" }".to_owned())),
            Ok((3, "b".to_owned())),
            Err(4),
            Ok((5, "c".to_owned()))
        ]
    );
    let (cut, _) = read("-", &array.as_bytes()[..array.len() - 2], FileOptions::default());
    assert_eq!(cut.last().unwrap().as_ref().unwrap_err().code, "malformed");

    let csv = "id,text,created_at,hashtags,likes\n1,\"two\nlines, one \"\"post\"\"\",2017-08-27 00:05:34,\"[\"\"a\"\",\"\"b\"\"]\",4\n2,short\n3,ok,,x y,\n";
    let (items, _) = read("-", csv.as_bytes(), FileOptions::default());
    let (line, post) = items[0].as_ref().unwrap();
    assert_eq!(
        (*line, post.text.as_str(), post.counts.likes),
        (2, "two\nlines, one \"post\"", Some(4))
    );
    assert_eq!(
        (post.hashtags.clone(), post.created_at.as_deref()),
        (vec!["a".to_owned(), "b".to_owned()], Some("2017-08-27T00:05:34Z"))
    );
    assert_eq!(
        items[1].as_ref().unwrap_err().to_string(),
        "-:4: 2 fields, where the header has 5"
    );
    assert_eq!(items[2].as_ref().unwrap().1.hashtags, ["x", "y"]);

    let (items, _) = read("t.tsv", b"id\ttext\n1\ta,b\n", FileOptions::default());
    assert_eq!(items[0].as_ref().unwrap().1.text, "a,b");
    let open = format!("text\n\"{}", "x".repeat(MAX_LINE_BYTES * 2));
    let (items, _) = read("t.csv", open.as_bytes(), FileOptions::default());
    assert!(
        items[0].as_ref().unwrap_err().reason.contains("quote"),
        "{:?}",
        items[0]
    );
}

#[test]
fn compressed_files_are_read_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let plain = b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n";
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(plain).unwrap();
    let gz = gz.finish().unwrap();
    let zst = zstd::encode_all(&plain[..], 1).unwrap();
    for (name, bytes) in [
        ("a.jsonl", plain.to_vec()),
        ("a.jsonl.gz", gz.clone()),
        ("a.jsonl.zst", zst),
        ("misnamed.txt", gz.clone()),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let reader = FileReader::open(&path, FileOptions::default()).unwrap();
        assert_eq!(reader.filter(Result::is_ok).count(), 2, "{name}");
    }
    let (items, _) = read(
        "cut.gz",
        &gz[..gz.len() - 12],
        FileOptions {
            format: Some(Format::Jsonl),
            ..FileOptions::default()
        },
    );
    assert!(
        items
            .last()
            .unwrap()
            .as_ref()
            .unwrap_err()
            .reason
            .starts_with("cannot read on"),
        "{items:?}"
    );
    let missing = FileReader::open(folder.path().join("none.csv"), FileOptions::default())
        .map(|_| ())
        .unwrap_err();
    assert!(missing.to_string().contains("none.csv"));
}

#[test]
fn recorded_streams_are_read_without_loss() {
    for (file, posts, options) in [
        ("snow14_syria_10k/all.jsonl.gz", 10_000, map(&["mentions=users"])),
        (
            "mayweather_mcgregor_2017/all.jsonl.gz",
            12_118,
            FileOptions::default(),
        ),
        ("twcs_sample/all.jsonl.gz", 5_000, FileOptions::default()),
        ("trump_clinton/all.jsonl.gz", 15_593, FileOptions::default()),
        (
            "reddit_top_2013/posts_150k.jsonl.gz",
            20_000,
            FileOptions::default(),
        ),
    ] {
        let Some(path) = shared(&format!("data/streams/{file}")) else {
            continue;
        };
        let mut reader = FileReader::open(path, options).unwrap();
        let mut authors = 0;
        for (n, item) in reader.by_ref().take(posts).enumerate() {
            let (line, post) = item.unwrap();
            assert_eq!(line, n as u64 + 1);
            let time = post.created_at.unwrap();
            assert!(post::parse_time(&time).is_some(), "{file}:{line}: {time}");
            authors += usize::from(post.author.is_some_and(|a| a.handle.is_some()));
        }
        let expected = if file.starts_with("reddit") || file.starts_with("snow14") {
            0
        } else {
            posts
        };
        assert_eq!(authors, expected, "{file}: posts with an author");
        println!("{file}: {:?}", reader.warnings());
        assert!(file.starts_with("reddit") || reader.next().is_none());
    }
}
