//! Made-up exports in the form of each vendor.

use super::columns::Vendor;
use super::row::{self, Problem};
use super::table;
use jiff::tz::TimeZone;
use store::Label;

const BRANDWATCH: &str = "\u{feff}Report:,Kettles\nBrand:,Northwind\nFrom:,Mon Jun 01 00:00:00 UTC 2026\n\nQuery Id,Query Name,Date,Title,Snippet,Url,Domain,Sentiment,Page Type,Language,Country Code,Author,Full Name,Full Text\n\
1,Kettle EN,2026-06-02 10:00:00.0,My kettle leaks,My kettle…,https://twitter.com/ana/status/101,twitter.com,negative,twitter,en,DE,@ana,Ana,\"My kettle leaks,\nand nobody answers\"\n\
1,Kettle EN,2026-06-03 11:00:00.0,,,https://news.example/kettle,news.example,neutral,news,en,,,,Kettles compared\n\
1,Kettle EN,03/04/2026,,,https://news.example/b,news.example,neutral,news,en,,,,When was this\n\
1,Kettle EN,2026-06-04 11:00:00.0,,,https://news.example/c,news.example,mixed,news,en,,,,Good and bad\n";
const TALKWALKER: &str = "published;title;content;url;source_type;domain_url;lang;sentiment;matched_profile;extra_author_attributes.short_name\n\
2026-06-02 10:00:00;;Best kettle ever;https://www.reddit.com/r/tea/comments/1/;SOCIALMEDIA_REDDIT;http://reddit.com;en;5;Kettle;bob\n";
const MELTWATER: &str = "Date,Headline,URL,Opening Text,Hit Sentence,Source,Influencer,Country,Language,Reach,Sentiment,Keywords,Input Name\n\
02-Jun-2026 10:00AM,Kettles,https://news.example/m,Opening,The kettle is fine,Example News,,Germany,English,10,Not Rated,kettle,Kettle Input\n";

fn read(text: &[u8]) -> (Vendor, Vec<row::Found>, Vec<Problem>) {
    let table = table::read(text).expect("an export");
    let mut problems = Vec::new();
    let rows = table.rows.iter();
    let found = rows
        .filter_map(|(line, cells)| row::read(&table.header, *line, cells, &TimeZone::UTC, &mut problems))
        .collect();
    (table.header.vendor, found, problems)
}

#[test]
fn a_preamble_is_passed_over_and_bad_rows_are_named_by_line() {
    let (vendor, found, problems) = read(BRANDWATCH.as_bytes());
    assert_eq!((vendor, found.len()), (Vendor::Brandwatch, 3));
    let first = &found[0];
    assert_eq!(first.post.uid.as_deref(), Some("x:101"));
    assert_eq!(first.post.text, "My kettle leaks,\nand nobody answers");
    assert_eq!(first.post.title, None, "the title repeats the text");
    assert_eq!(first.post.created_at.as_deref(), Some("2026-06-02T10:00:00Z"));
    assert_eq!(
        first.post.author.as_ref().and_then(|a| a.handle.as_deref()),
        Some("ana")
    );
    assert_eq!(
        (first.sentiment, first.query.as_deref()),
        (Some(Label::Negative), Some("Kettle EN"))
    );
    assert_eq!(found[1].post.platform.as_deref(), Some("rss"));
    let told: Vec<_> = problems.iter().map(|p| (p.line, p.left_out)).collect();
    assert_eq!(told, [(9, true), (10, false)], "{problems:?}");
    assert_eq!(found[2].sentiment, None);
}

#[test]
fn each_vendor_is_known_by_its_columns() {
    let (vendor, found, problems) = read(TALKWALKER.as_bytes());
    assert_eq!((vendor, problems.len()), (Vendor::Talkwalker, 0));
    assert_eq!(found[0].post.platform.as_deref(), Some("reddit"));
    assert_eq!(
        (found[0].sentiment, found[0].query.as_deref()),
        (Some(Label::Positive), Some("Kettle"))
    );
    let (vendor, found, problems) = read(MELTWATER.as_bytes());
    assert_eq!((vendor, problems.len()), (Vendor::Meltwater, 0));
    assert_eq!(found[0].post.text, "The kettle is fine");
    assert_eq!(found[0].post.title.as_deref(), Some("Kettles"));
    assert_eq!(
        (found[0].sentiment, found[0].query.as_deref()),
        (None, Some("Kettle Input"))
    );
    assert_eq!(found[0].post.created_at.as_deref(), Some("2026-06-02T10:00:00Z"));
}

#[test]
fn a_workbook_and_utf_16_say_the_same_as_csv() {
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(TALKWALKER.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(read(&wide).1, read(TALKWALKER.as_bytes()).1);
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 0, "Cover").expect("a cell");
    let sheet = book.add_worksheet();
    sheet
        .write_string(0, 0, "Exported by Talkwalker")
        .expect("a cell");
    for (row, line) in (2..).zip(TALKWALKER.lines()) {
        for (column, cell) in (0..).zip(line.split(';')) {
            let number = cell.parse::<f64>().ok().filter(|_| row > 2);
            match number {
                Some(number) => sheet.write_number(row, column, number).map(drop),
                None => sheet.write_string(row, column, cell).map(drop),
            }
            .expect("a cell");
        }
    }
    let (vendor, found, _) = read(&book.save_to_buffer().expect("a workbook"));
    assert_eq!((vendor, found.len()), (Vendor::Talkwalker, 1));
    let csv = &read(TALKWALKER.as_bytes()).1[0];
    assert_eq!(
        (&found[0].post, found[0].sentiment, found[0].line),
        (&csv.post, csv.sentiment, 4)
    );
}

#[test]
fn what_is_no_export_is_refused_in_words() {
    assert!(table::read(b"a,b\n1,2\n").is_err_and(|e| e.contains("header")));
    assert!(table::read(b"PK\x03\x04rubbish").is_err_and(|e| e.contains("workbook")));
    assert!(table::read(b"Date,Text\nx,\xff\n").is_err_and(|e| e.contains("line 2")));
}
