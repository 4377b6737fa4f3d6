//! Files of labelled posts, whole and broken.

use models::custom::{Limits, Rows, RowsError};

fn read(file: &[u8]) -> Rows {
    Rows::read(file, Limits::default()).unwrap()
}

fn told(rows: &Rows) -> Vec<String> {
    rows.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn csv_is_read_with_quotes_line_breaks_and_other_columns() {
    let file = b"\xEF\xBB\xBFid,Label,text,lang\r\n1,bad,\"late, \"\"again\"\"\r\nand again\",en\r\n\r\n2,good,fine,\r\n";
    let rows = read(file);
    assert_eq!(told(&rows), Vec::<String>::new());
    assert_eq!(rows.rows[0].text, "late, \"again\"\r\nand again");
    assert_eq!(rows.rows[0].lang.as_deref(), Some("en"));
    assert_eq!(
        (rows.rows[1].text.as_str(), rows.rows[1].label.as_str()),
        ("fine", "good")
    );
    assert_eq!(rows.rows[1].lang, None);
    let tabs = read(b"text\tlabel\nso, so\tmeh\n");
    assert_eq!(tabs.rows[0].text, "so, so");
    let semicolons = read("text;label\nja, \u{fc}bel;schlecht\n".as_bytes());
    assert_eq!(semicolons.rows[0].label, "schlecht");
}

#[test]
fn broken_rows_are_told_by_line_and_column_and_cost_only_themselves() {
    let file = b"text,label\nok,a\n,a\nfine,\nthree,fields,here\n\"x\"y,a\n\xff\xfe,a\n\"never closed,a\nstill ok,b\n";
    let rows = read(file);
    assert_eq!(rows.rows.len(), 2);
    assert_eq!(rows.refused, 6);
    let told = told(&rows);
    assert!(told[0].starts_with("line 3, text: is empty"), "{told:?}");
    assert!(told[1].starts_with("line 4, label: is empty"), "{told:?}");
    assert!(
        told[2].starts_with("line 5: 3 fields, the first line has 2"),
        "{told:?}"
    );
    assert!(
        told[3].starts_with("line 6: something stands after a closing quote"),
        "{told:?}"
    );
    assert!(told[4].starts_with("line 7, text: is not UTF-8"), "{told:?}");
    assert!(
        told[5].starts_with("line 8: a quote is opened and never closed"),
        "{told:?}"
    );
}

#[test]
fn json_lines_are_read_and_their_faults_told() {
    let file = br#"{"text":"late","label":"bad","lang":"EN"}
{"text":"late"}
{"text":7,"label":"bad"}
{"text":"x","label":"bad","lang":"english"}
{"text":"x","label":"bad"
["text"]

{"text":"fine","label":"good","lang":null,"more":1}
"#;
    let rows = read(file);
    assert_eq!(rows.rows.len(), 2);
    assert_eq!(rows.rows[0].lang.as_deref(), Some("en"));
    let told = told(&rows);
    assert_eq!(told[0], "line 2, label: is missing");
    assert_eq!(told[1], "line 3, text: is not a string");
    assert!(
        told[2].starts_with("line 4, lang: \"english\" is no language code"),
        "{told:?}"
    );
    assert!(told[3].starts_with("line 5: EOF while parsing"), "{told:?}");
    assert_eq!(told[4], "line 6: is no JSON object");
}

#[test]
fn files_that_cannot_be_used_are_refused_as_a_whole() {
    let refused = |file: &[u8], limits| Rows::read(file, limits).unwrap_err().to_string();
    let limits = Limits::default();
    assert_eq!(refused(b" \n", limits), "the file is empty");
    assert_eq!(
        refused(b"body,label\nx,y\n", limits),
        "the first line has no column text; it has [\"body\", \"label\"]"
    );
    assert_eq!(
        refused(b"text,text,label\n", limits),
        "the first line names the column text twice"
    );
    let few = Limits { rows: 2, ..limits };
    assert_eq!(refused(b"text,label\na,b\nc,d\ne,f\n", few), "more than 2 rows");
    let small = Limits { bytes: 5, ..limits };
    assert_eq!(
        Rows::read(b"text,label", small),
        Err(RowsError::TooLarge { found: 10, most: 5 })
    );
    let short = Limits {
        text: 4,
        label: 3,
        ..limits
    };
    let rows = Rows::read(b"text,label\nabcde,a\nabc,abcd\n", short).unwrap();
    assert_eq!(
        told(&rows),
        [
            "line 2, text: 5 bytes, 4 at most",
            "line 3, label: 4 bytes, 3 at most"
        ]
    );
}

#[test]
fn a_million_broken_rows_are_counted_and_the_first_told() {
    let mut file = b"text,label\n".to_vec();
    (0..1_000_000).for_each(|_| file.extend_from_slice(b"\"a,\n"));
    file.extend_from_slice(b"good,a\n");
    let rows = read(&file);
    assert_eq!(rows.problems.len(), 1_000);
    assert!(rows.refused > 400_000, "{}", rows.refused);
}
