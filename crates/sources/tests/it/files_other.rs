//! Files in other forms: Parquet, ActivityStreams 2.0, and what another connector reads.

use crate::support::shared::shared;
use post::{Event, Kind, RawPost};
use sources::file::{FileOptions, FileReader, Format};
use std::io::Cursor;
use std::sync::Arc;

fn posts(name: &str, bytes: &[u8], options: FileOptions) -> Vec<RawPost> {
    let reader = FileReader::from_reader(Box::new(Cursor::new(bytes.to_vec())), name, options).unwrap();
    reader.map(|r| r.unwrap().1).collect()
}

const CONTEXT: &str = "\"@context\":\"https://www.w3.org/ns/activitystreams\"";

#[test]
fn activities_become_posts_whatever_the_files_form() {
    let note = r##"{"type":"Note","id":"https://s.example/n/1","content":"<p>Hello <a href=\"https://s.example/tags/tea\">#tea</a> @bea</p>","contentMap":{"en":"<p>Hello</p>"},
        "attributedTo":"https://s.example/u/ann","published":"2026-01-01T00:00:00Z","updated":"2026-01-01T01:00:00Z","inReplyTo":"https://s.example/n/0","sensitive":true,"summary":"tea",
        "to":["https://www.w3.org/ns/activitystreams#Public"],"url":[{"type":"Link","mediaType":"application/json","href":"https://s.example/1.json"},{"type":"Link","mediaType":"text/html","href":"https://s.example/1"}],
        "tag":[{"type":"Hashtag","name":"#tea"},{"type":"Mention","href":"https://o.example/u/bea","name":"@bea@o.example"},{"type":"Link","mediaType":"application/activity+json","href":"https://o.example/n/9"}],
        "attachment":[{"type":"Document","mediaType":"image/png","url":"https://s.example/i.png","name":"a cup"}],"replies":{"type":"Collection","totalItems":2}}"##
        .replace('\n', " ");
    let line = format!(
        "{{{CONTEXT},\"type\":\"Create\",\"id\":\"https://s.example/a/1\",\"actor\":\"https://s.example/u/ann\",\"object\":{note}}}"
    );
    let found = posts("outbox.jsonl", line.as_bytes(), FileOptions::default());
    let post = &found[0];
    assert_eq!(
        (post.uid.as_deref(), post.kind),
        (Some("activitypub:https://s.example/n/1"), Kind::Reply)
    );
    assert_eq!(
        (
            post.text.as_str(),
            post.content_warning.as_deref(),
            post.sensitive
        ),
        ("Hello #tea @bea", Some("tea"), Some(true))
    );
    assert_eq!(
        (post.hashtags.as_slice(), post.lang_claimed.as_slice()),
        (&["tea".to_owned()][..], &["en".to_owned()][..])
    );
    assert_eq!(post.mentions[0].handle.as_deref(), Some("bea@o.example"));
    assert_eq!(
        (post.media[0].alt.as_deref(), post.media[0].kind.as_str()),
        (Some("a cup"), "image")
    );
    assert_eq!(
        post.quote_of.as_deref(),
        Some("activitypub:https://o.example/n/9")
    );
    assert_eq!(
        (
            post.permalink.as_deref(),
            post.visibility.as_deref(),
            post.counts.replies
        ),
        (Some("https://s.example/1"), Some("public"), Some(2))
    );
    assert_eq!(post.edited_at.as_deref(), Some("2026-01-01T01:00:00Z"));
    assert_eq!(
        post.author.as_ref().unwrap().id.as_deref(),
        Some("https://s.example/u/ann")
    );

    // A collection over several lines, of every activity that tells of a post.
    let all = format!(
        "{{\n{CONTEXT},\n\"type\":\"OrderedCollection\",\"orderedItems\":[\n{line},\n\
         {{\"type\":\"Update\",\"actor\":\"u\",\"updated\":\"2026-01-02T00:00:00Z\",\"object\":{{\"type\":\"Article\",\"id\":\"2\",\"name\":\"T\",\"content\":\"<p>x</p>\"}}}},\n\
         {{\"type\":\"Delete\",\"object\":\"3\"}},\n{{\"type\":\"Announce\",\"id\":\"4\",\"actor\":\"u\",\"object\":{{\"type\":\"Note\",\"id\":\"5\",\"content\":\"again\"}}}},\n\
         {{\"type\":\"Like\",\"object\":\"1\"}},{{\"type\":\"Question\",\"id\":\"6\",\"name\":\"Tea?\",\"oneOf\":[{{\"type\":\"Note\",\"name\":\"Yes\"}}]}}]}}"
    );
    let options = || FileOptions {
        platform: Some("mastodon".to_owned()),
        ..FileOptions::default()
    };
    for name in ["outbox.json", "outbox"] {
        let found = posts(name, all.as_bytes(), options());
        let told: Vec<(Event, Kind, &str)> = found
            .iter()
            .map(|p| (p.event, p.kind, p.uid.as_deref().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                (Event::Create, Kind::Reply, "mastodon:https://s.example/n/1"),
                (Event::Edit, Kind::Article, "mastodon:2"),
                (Event::Delete, Kind::Post, "mastodon:3"),
                (Event::Create, Kind::Repost, "mastodon:4"),
                (Event::Create, Kind::Post, "mastodon:6"),
            ]
        );
        assert_eq!(
            (found[3].repost_of.as_deref(), found[3].text.as_str()),
            (Some("mastodon:5"), "again")
        );
        assert_eq!(found[4].text, "• Yes");
    }
}

#[test]
fn the_vocabularys_own_examples_are_read() {
    let Some(folder) = shared("schemas/activitystreams2") else {
        return;
    };
    let (mut documents, mut found, mut refused) = (0, 0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        documents += 1;
        let options = FileOptions {
            format: Some(Format::Activitystreams),
            ..FileOptions::default()
        };
        for item in FileReader::open(&path, options).unwrap() {
            match item {
                Ok(_) => found += 1,
                Err(_) => refused += 1,
            }
        }
    }
    println!("| activitystreams2 | {documents} documents | {found} posts | {refused} refused |");
    assert!(
        documents >= 170 && found >= 58 && refused <= 1,
        "{documents} {found} {refused}"
    );
}

fn parquet() -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    let schema = "message posts { required binary id (UTF8); optional binary text (UTF8); required int64 created_at (TIMESTAMP(MILLIS,true)); required group author { required binary handle (UTF8); } }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(
        WriterProperties::builder()
            .set_compression(parquet::basic::Compression::SNAPPY)
            .build(),
    );
    let mut out = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut out, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = 0;
    while let Some(mut next) = group.next_column().unwrap() {
        let texts = |all: &[&str]| all.iter().map(|t| ByteArray::from(*t)).collect::<Vec<_>>();
        match column {
            0 => next
                .typed::<ByteArrayType>()
                .write_batch(&texts(&["1", "2"]), None, None)
                .unwrap(),
            1 => next
                .typed::<ByteArrayType>()
                .write_batch(&texts(&["hello"]), Some(&[1, 0]), None)
                .unwrap(),
            2 => next
                .typed::<Int64Type>()
                .write_batch(&[1_770_000_000_000, 1_770_000_001_500], None, None)
                .unwrap(),
            _ => next
                .typed::<ByteArrayType>()
                .write_batch(&texts(&["ann", "bea"]), None, None)
                .unwrap(),
        };
        next.close().unwrap();
        column += 1;
    }
    group.close().unwrap();
    writer.close().unwrap();
    out
}

#[test]
fn parquet_is_read_row_by_row_from_files_and_streams() {
    let bytes = parquet();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("posts.parquet");
    std::fs::write(&path, &bytes).unwrap();
    let options = || FileOptions {
        platform: Some("x".to_owned()),
        ..FileOptions::default()
    };
    let stream = FileReader::from_reader(Box::new(Cursor::new(bytes)), "-", options()).unwrap();
    for mut reader in [FileReader::open(&path, options()).unwrap(), stream] {
        let (row, post) = reader.next().unwrap().unwrap();
        assert_eq!(
            (row, post.uid.as_deref(), post.text.as_str()),
            (1, Some("x:1"), "hello")
        );
        assert_eq!(post.created_at.as_deref(), Some("2026-02-02T02:40:00Z"));
        assert_eq!(post.author.unwrap().handle.as_deref(), Some("ann"));
        let bad = reader.next().unwrap().unwrap_err();
        assert_eq!((bad.line, bad.code), (2, "no_text"));
        assert!(reader.next().is_none());
    }
}

#[test]
fn broken_parquet_is_refused_and_does_not_panic() {
    let whole = parquet();
    for at in (4..whole.len()).step_by(7) {
        let mut broken = whole.clone();
        broken[at] ^= 0x55;
        if let Ok(reader) =
            FileReader::from_reader(Box::new(Cursor::new(broken)), "p", FileOptions::default())
        {
            reader.take(100).for_each(drop);
        }
        let cut = whole[..at].to_vec();
        assert!(FileReader::from_reader(Box::new(Cursor::new(cut)), "p", FileOptions::default()).is_err());
    }
}

#[tokio::test]
async fn another_connector_reads_its_platforms_archive_and_resumes() {
    use crate::support::running::{Start, start};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("items.jsonl");
    let line = |id: u32| {
        format!("{{\"id\":{id},\"type\":\"story\",\"by\":\"ann\",\"time\":1764000000,\"title\":\"t{id}\"}}\n")
    };
    std::fs::write(&path, format!("{}oops\n{}", line(1), line(2))).unwrap();
    let config = format!(
        "paths = [{:?}]\nconnector = \"hackernews\"\nspeed = \"max\"",
        path.display().to_string()
    );
    let mut running = start("file", &config, Start::default());
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let ids: Vec<String> = crate::support::running::uids(&found.events).into_iter().collect();
    assert_eq!(
        (ids, found.refused.len()),
        (vec!["hackernews:1".to_owned(), "hackernews:2".to_owned()], 1)
    );
    let with = Start {
        cursor: Some("0:1".to_owned()),
        ..Start::default()
    };
    let (found, _) = start("file", &config, with).rest().await;
    assert_eq!(found.events.len(), 1);
    let configure = sources::find("file").unwrap().configure;
    let wrong = configure("paths = [\"a\"]\nconnector = \"nothing\"".parse().unwrap())
        .err()
        .unwrap();
    assert!(wrong.to_string().contains("nothing"));
}
