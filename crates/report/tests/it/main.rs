//! The sample report in every form, and reports that are hard to lay out.

mod sample;

use calamine::{Data, Reader};
use report::{
    Bar, Body, Colour, Error, Fonts, Heat, Line, Lines, Mark, Report, Section, Stacked, Table, html, pdf,
    pptx, xlsx,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

fn parts(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    (0..zip.len())
        .map(|n| {
            let mut file = zip.by_index(n).expect("a part");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("readable");
            (file.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

fn is_well_formed(xml: &[u8]) -> Result<(), String> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(e) => return Err(e.to_string()),
        }
    }
}

#[test]
fn equal_reports_give_equal_bytes() {
    let (report, fonts) = (sample::report(), Fonts::default());
    let made = || {
        (
            html(&report, &fonts).expect("html"),
            pdf(&report, &fonts).expect("pdf"),
            pptx(&report, &fonts).expect("pptx"),
        )
    };
    assert!(made() == made());
}

#[test]
fn html_is_one_file_without_script_and_strangers_words_stay_words() {
    let out = html(&sample::report(), &Fonts::default()).expect("html");
    assert!(!out.contains("<script") && !out.contains("javascript:") && out.contains("&lt;script&gt;"));
    assert_eq!(out.matches("<svg ").count(), 6);
    assert!(out.contains("href=\"https://example.org/1\""));
    assert!(out.contains("data:image/png;base64,iVBORw0KGgo"));
    // Nothing is fetched.
    assert!(!out.contains("url(") && !out.contains("@import") && !out.contains("src=\"http"));
    for section in sample::report().sections {
        assert!(
            out.contains(&format!("<h2>{}</h2>", section.title)),
            "{}",
            section.title
        );
    }
    assert!(!out.contains("not approved"));
    let draft = Report {
        draft: true,
        ..sample::report()
    };
    assert!(
        html(&draft, &Fonts::default())
            .expect("html")
            .contains("Draft: not approved yet")
    );
}

#[test]
fn the_pdf_has_pages_fonts_and_an_outline() {
    let out = pdf(&sample::report(), &Fonts::default()).expect("pdf");
    assert!(out.starts_with(b"%PDF-1."));
    let has = |needle: &[u8]| out.windows(needle.len()).any(|w| w == needle);
    assert!(has(b"/Type/Page") || has(b"/Type /Page"));
    assert!(
        out.len() < 200_000,
        "fonts are cut to what is used: {}",
        out.len()
    );
}

#[test]
fn every_part_of_the_presentation_is_there_and_well_formed() {
    let parts = parts(pptx(&sample::report(), &Fonts::default()).expect("pptx"));
    let names: BTreeSet<&str> = parts.keys().map(String::as_str).collect();
    let types = String::from_utf8(parts["[Content_Types].xml"].clone()).expect("text");
    for (name, bytes) in &parts {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            is_well_formed(bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
        let is_plain = [".rels", ".png", ".xlsx", "[Content_Types].xml"]
            .iter()
            .any(|e| name.ends_with(e));
        assert!(
            is_plain || types.contains(&format!("PartName=\"/{name}\"")),
            "{name} has no type"
        );
        let Some((folder, file)) = name.strip_suffix(".rels").and_then(|n| n.split_once("_rels/")) else {
            continue;
        };
        assert!(
            file.is_empty() || names.contains(format!("{folder}{file}").as_str()),
            "{name} is of nothing"
        );
        for target in String::from_utf8_lossy(bytes).split("Target=\"").skip(1) {
            let target = target.split('"').next().unwrap_or_default();
            let to = match target.strip_prefix("../") {
                Some(rest) => format!("ppt/{rest}"),
                None => format!("{folder}{target}"),
            };
            assert!(
                names.contains(to.as_str()),
                "{name} leads to {to}, which is missing"
            );
        }
    }
    // The ids of shapes are a slide's own.
    for (name, bytes) in parts.iter().filter(|(n, _)| n.starts_with("ppt/slides/slide")) {
        let text = String::from_utf8_lossy(bytes);
        let ids: Vec<&str> = text
            .split("<p:cNvPr id=\"")
            .skip(1)
            .filter_map(|t| t.split('"').next())
            .collect();
        assert_eq!(
            ids.len(),
            ids.iter().collect::<BTreeSet<_>>().len(),
            "{name}: {ids:?}"
        );
    }
}

#[test]
fn charts_bring_the_workbook_they_are_made_from() {
    let parts = parts(pptx(&sample::report(), &Fonts::default()).expect("pptx"));
    let charts = parts.keys().filter(|n| n.starts_with("ppt/charts/chart")).count();
    assert_eq!(charts, 5, "the heat map is a table");
    let workbook = parts["ppt/embeddings/chart2.xlsx"].clone();
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(Cursor::new(workbook)).expect("a workbook");
    let range = book.worksheet_range("Sheet1").expect("a sheet");
    assert_eq!(
        range.get_value((0, 1)),
        Some(&Data::String("Northwind".to_owned()))
    );
    assert_eq!(range.get_value((1, 0)), Some(&Data::String("1 Jun".to_owned())));
    assert_eq!((range.height(), range.width()), (31, 5));
    let chart = String::from_utf8_lossy(&parts["ppt/charts/chart2.xml"]).into_owned();
    let number = range.get_value((18, 1)).expect("a value").to_string();
    assert!(
        chart.contains("<c:f>Sheet1!$B$2:$B$31</c:f>") && chart.contains(&format!("<c:v>{number}</c:v>"))
    );
}

#[test]
fn the_workbook_has_a_sheet_for_each_section() {
    let mut book: calamine::Xlsx<_> =
        calamine::Xlsx::new(Cursor::new(xlsx(&sample::report()).expect("xlsx"))).expect("a workbook");
    assert_eq!(book.sheet_names().len(), sample::report().sections.len() + 1);
    let range = book.worksheet_range("6 Where").expect("a sheet");
    assert_eq!(range.get_value((4, 1)), Some(&Data::Float(15_204.0)));
    assert_eq!(
        range.get_value((4, 2)),
        Some(&Data::String("44 % (43–44)".to_owned()))
    );
}

/// Sections that try to break a layout.
fn hard() -> Report {
    let section = |title: &str, body| Section {
        title: title.to_owned(),
        note: Some("x".repeat(400)),
        body,
    };
    let line = |values: Vec<Option<f64>>| Line {
        name: String::new(),
        colour: Colour::Monitor(200),
        values,
        band: Vec::new(),
    };
    Report {
        title: "水".repeat(200),
        text: vec![String::new(), "\u{1}\u{202e}٣ abc".to_owned()],
        sections: vec![
            section("", Body::Lines(Lines::default())),
            section(
                "one",
                Body::Lines(Lines {
                    labels: vec!["a".to_owned()],
                    lines: vec![line(vec![Some(1.0)])],
                    filled: true,
                    open_end: true,
                    marks: vec![Mark {
                        at: 99,
                        words: "far".to_owned(),
                    }],
                }),
            ),
            section(
                "none",
                Body::Lines(Lines {
                    labels: vec!["a".to_owned(); 3],
                    lines: vec![line(vec![None, Some(f64::NAN), None])],
                    ..Lines::default()
                }),
            ),
            section("bars", Body::Bars(Vec::new())),
            section(
                "zero",
                Body::Bars(vec![Bar {
                    label: "ب".repeat(300),
                    value: 0.0,
                    note: Some("n".repeat(100)),
                    colour: Colour::Bar,
                }]),
            ),
            section("stack", Body::Stacked(Stacked::default())),
            section(
                "stack",
                Body::Stacked(Stacked {
                    over_time: true,
                    labels: vec!["x".to_owned(); 400],
                    parts: Vec::new(),
                }),
            ),
            section("heat", Body::Heat(Heat::default())),
            section("table", Body::Table(Table::default())),
            section(
                "table",
                Body::Table(Table {
                    columns: vec![("c".to_owned(), true); 12],
                    rows: vec![vec!["a long cell without end ".repeat(60)]],
                }),
            ),
            section("figures", Body::Figures(Vec::new())),
            section("text", Body::Text(Vec::new())),
        ],
        ..Report::default()
    }
}

#[test]
fn nothing_breaks_a_layout() {
    for report in [Report::default(), hard()] {
        let fonts = Fonts::default();
        assert!(html(&report, &fonts).is_ok() && pdf(&report, &fonts).is_ok() && xlsx(&report).is_ok());
        for (name, bytes) in parts(pptx(&report, &fonts).expect("pptx")) {
            if name.ends_with(".xml") {
                is_well_formed(&bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
            }
        }
    }
}

#[test]
fn what_is_no_logo_is_refused() {
    let report = Report {
        logo: Some(b"<svg>".to_vec()),
        ..sample::report()
    };
    let fonts = Fonts::default();
    assert!(matches!(html(&report, &fonts), Err(Error::Logo)));
    assert!(matches!(pdf(&report, &fonts), Err(Error::Logo)));
    assert!(matches!(pptx(&report, &fonts), Err(Error::Logo)));
}
