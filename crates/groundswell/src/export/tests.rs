//! What is written is read back by others' readers.

use super::columns::COLUMNS;
use super::record::{Content, Full, Record, Score};
use super::{Manifest, Sink, parquet, xlsx};
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::{Field, RowAccessor};
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

fn manifest() -> Manifest {
    Manifest {
        groundswell_export: 1,
        exported_at: "2026-07-04T10:00:00Z".to_owned(),
        project: "default".to_owned(),
        from: None,
        to: Some("2026-07-04T00:00:00Z".to_owned()),
        posts: 2,
        platforms: Vec::new(),
    }
}

fn full<'m>(text: &'m str, tags: &'m [String]) -> Record<'m> {
    Record {
        form: "full",
        id: "0a".to_owned(),
        platform: "bluesky",
        content: Some(Content {
            kind: "post",
            created_at: "2026-07-03T12:30:00.500Z".to_owned(),
            title: None,
            text: Some(text),
            lang: "en",
            link: None,
            sentiment: Some(Score {
                label: "negative",
                negative: 0.8,
                neutral: 0.1,
                positive: 0.1,
                model: "panel-1",
            }),
        }),
        full: Some(Full {
            seen_at: "2026-07-03T12:31:00Z".to_owned(),
            edited_at: None,
            author: Some("ff".to_owned()),
            handle: None,
            name: Some("+Kettle & Co"),
            followers: Some(12_000),
            verified: Some(true),
            content_warning: None,
            community: None,
            country: None,
            reply_to: None,
            thread_root: None,
            repost_of: None,
            quote_of: None,
            hashtags: tags,
            mentions: &[],
            urls: &[],
            media: &[],
            counts: post::Counts {
                likes: Some(3),
                ..post::Counts::default()
            },
            monitor: "m_1",
            monitor_version: 1,
            label: None,
        }),
    }
}

fn id_only() -> Record<'static> {
    Record {
        form: "id",
        id: "native5".to_owned(),
        platform: "x",
        ..Record::default()
    }
}

fn written(mut sink: Box<dyn Sink + '_>) {
    let tags = ["tea".to_owned(), "kettle".to_owned()];
    sink.begin(&manifest()).expect("begins");
    sink.record(&full("=HYPERLINK(\"x\")\n\u{1}tail", &tags))
        .expect("is written");
    sink.record(&full("שלום 🫖", &[])).expect("is written");
    sink.record(&id_only()).expect("is written");
    sink.end().expect("ends");
}

fn column(name: &str) -> usize {
    COLUMNS.iter().position(|(n, _)| *n == name).expect("a column")
}

#[test]
fn a_workbook_holds_texts_as_texts() {
    let mut bytes = Vec::new();
    written(Box::new(xlsx::Book::new(&mut bytes)));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    assert_eq!(book.sheet_names(), ["About this export", "Mentions"]);
    let formulas = book.worksheet_formula("Mentions").expect("a sheet");
    assert!(formulas.used_cells().all(|(_, _, f)| f.is_empty()), "no formula");
    let range = book.worksheet_range("Mentions").expect("a sheet");
    let cell = |row: u32, name: &str| range.get_value((row, column(name) as u32)).cloned();
    let text = |t: &str| Some(Data::String(t.to_owned()));
    assert_eq!(cell(0, "created_at"), text("created_at"));
    assert_eq!(cell(1, "name"), text("+Kettle & Co"));
    assert_eq!(cell(2, "text"), text("שלום 🫖"));
    assert_eq!(cell(1, "hashtags"), text("tea kettle"));
    assert_eq!(cell(1, "followers"), Some(Data::Float(12_000.0)));
    assert_eq!(cell(1, "verified"), Some(Data::Bool(true)));
    assert!(matches!(cell(1, "text"), Some(Data::String(t)) if t.starts_with("=HYPERLINK")));
    match cell(1, "created_at") {
        Some(Data::DateTime(at)) => {
            let at = at.to_ymd_hms_milli();
            assert_eq!((at.0, at.1, at.2, at.3, at.4), (2026, 7, 3, 12, 30));
        }
        other => panic!("no time: {other:?}"),
    }
    assert_eq!(cell(3, "id"), text("native5"));
    assert_eq!(cell(3, "created_at"), Some(Data::Empty));
    let about = book.worksheet_range("About this export").expect("a sheet");
    assert_eq!(about.get_value((0, 1)), text("default").as_ref());
}

#[test]
fn parquet_has_typed_columns_and_the_manifest() {
    let mut bytes = Vec::new();
    written(Box::new(parquet::Rows::new(&mut bytes)));
    let file = SerializedFileReader::new(axum::body::Bytes::from(bytes)).expect("a file");
    let about = file
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .expect("metadata");
    let manifest = about
        .iter()
        .find(|kv| kv.key == "groundswell_export")
        .expect("ours");
    assert!(
        manifest
            .value
            .as_deref()
            .is_some_and(|v| v.contains("\"project\":\"default\""))
    );
    let rows: Vec<_> = file
        .get_row_iter(None)
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("readable");
    assert_eq!(rows.len(), 3);
    let field = |row: usize, name: &str| {
        rows[row]
            .get_column_iter()
            .nth(column(name))
            .expect("a column")
            .1
            .clone()
    };
    assert_eq!(
        field(0, "text"),
        Field::Str("=HYPERLINK(\"x\")\n\u{1}tail".to_owned())
    );
    assert_eq!(field(0, "created_at"), Field::TimestampMillis(1_783_081_800_500));
    assert_eq!(field(0, "likes"), Field::Long(3));
    assert_eq!(field(0, "verified"), Field::Bool(true));
    assert_eq!(field(0, "edited_at"), Field::Null);
    assert_eq!(rows[0].get_list(column("hashtags")).expect("a list").len(), 2);
    assert_eq!(rows[1].get_list(column("hashtags")).expect("a list").len(), 0);
    assert_eq!(field(2, "hashtags"), Field::Null);
    assert_eq!(field(2, "id"), Field::Str("native5".to_owned()));
}
