//! A made-up report with one section of every kind.

use report::{
    Bar, Body, Change, Colour, Definition, Figure, Heat, Line, Lines, Mark, Paragraph, Part, Report, Sample,
    Section, Stacked, Table, Way,
};

/// A small logo: a square of one colour, as a PNG.
pub(crate) const LOGO: &[u8] = include_bytes!("logo.png");

fn section(title: &str, note: &str, body: Body) -> Section {
    Section {
        title: title.to_owned(),
        note: Some(note.to_owned()).filter(|n| !n.is_empty()),
        body,
    }
}

fn wave(days: usize, size: f64, turn: f64) -> Vec<Option<f64>> {
    (0..days)
        .map(|d| {
            let week = if d % 7 > 4 { 0.6 } else { 1.0 };
            let peak = if d == 17 { 2.4 } else { 1.0 };
            Some((size * week * peak * (1.0 + 0.2 * (d as f64 * 0.9 + turn).sin())).round())
        })
        .collect()
}

fn figure(label: &str, value: &str, interval: Option<&str>, change: Option<(Way, &str)>) -> Figure {
    Figure {
        label: label.to_owned(),
        value: value.to_owned(),
        interval: interval.map(str::to_owned),
        change: change.map(|(way, words)| Change {
            way,
            words: words.to_owned(),
        }),
    }
}

/// The report.
pub(crate) fn report() -> Report {
    let days: Vec<String> = (1..=30).map(|d| format!("{d} Jun")).collect();
    let line = |name: &str, n: u8, size: f64| Line {
        name: name.to_owned(),
        colour: Colour::Monitor(n),
        values: wave(30, size, f64::from(n)),
        band: Vec::new(),
    };
    let bar = |label: &str, value: f64, note: &str| Bar {
        label: label.to_owned(),
        value,
        note: Some(note.to_owned()),
        colour: Colour::Bar,
    };
    let part = |name: &str, colour, size: f64, turn: f64, count: usize| Part {
        name: name.to_owned(),
        colour,
        values: wave(count, size, turn).into_iter().flatten().collect(),
    };
    let all = wave(30, 1200.0, 0.0);
    let band = all.iter().flatten().map(|v| (v * 0.85, v * 1.15)).collect();
    Report {
        title: "Kettles in June".to_owned(),
        subject: "Northwind Home".to_owned(),
        period: "1–30 June 2026, Europe/Berlin".to_owned(),
        made: "Made on 1 July 2026, 08:00.".to_owned(),
        made_at: 1_782_885_600,
        lang: "en".to_owned(),
        logo: Some(LOGO.to_vec()),
        text: vec![
            "June was loud. The recall of the Aria 2 on the 18th brought more mentions in two days than the month before in whole, and two thirds of them were negative. By the end of the month volume was back to where it was; sentiment was not.".to_owned(),
            "What to do next: answer the open questions on replacement lids, which a third of those who complain still ask for.".to_owned(),
        ],
        draft: false,
        labels: vec!["Contains figures derived from YouTube data; these are ours, not YouTube's.".to_owned()],
        sections: vec![
            section("At a glance", "Posts count once, whichever monitors they match.", Body::Figures(vec![
                figure("Mentions", "34,912", None, Some((Way::Up, "up 61 % on May"))),
                figure("People", "21,480", None, Some((Way::Up, "up 48 % on May"))),
                figure("Negative", "41 %", Some("40–42 %"), Some((Way::Up, "up 12 points on May"))),
                figure("Engagement", "412,009", None, Some((Way::Down, "down 3 % on May"))),
                figure("Net sentiment", "−18", Some("−19 to −17"), Some((Way::Same, "as in May"))),
            ])),
            section("Mentions over time", "A day each. The last day is not over.", Body::Lines(Lines {
                labels: days.clone(),
                lines: vec![Line { name: "Mentions".to_owned(), colour: Colour::Accent, values: all, band }],
                filled: true,
                open_end: true,
                marks: vec![Mark { at: 17, words: "Recall of the Aria 2: “lid”, “burn”, “refund”; 38 % from one news post".to_owned() }],
            })),
            section("Brands compared", "", Body::Lines(Lines {
                labels: days.clone(),
                lines: vec![line("Northwind", 0, 800.0), line("Contoso", 1, 420.0), line("Fabrikam kettles and teapots", 2, 260.0), line("Tailspin", 3, 90.0)],
                ..Lines::default()
            })),
            section("Sentiment over time", "Toward the monitor's subject.", Body::Stacked(Stacked {
                labels: days,
                parts: vec![part("Negative", Colour::Negative, 400.0, 0.0, 30), part("Neutral", Colour::Neutral, 500.0, 1.0, 30), part("Positive", Colour::Positive, 280.0, 2.0, 30)],
                over_time: true,
            })),
            section("Sentiment by brand", "", Body::Stacked(Stacked {
                labels: ["Northwind", "Contoso", "Fabrikam kettles and teapots", "Tailspin"].map(str::to_owned).to_vec(),
                parts: vec![
                    Part { name: "Negative".to_owned(), colour: Colour::Negative, values: vec![820.0, 210.0, 90.0, 4.0] },
                    Part { name: "Neutral".to_owned(), colour: Colour::Neutral, values: vec![640.0, 380.0, 210.0, 12.0] },
                    Part { name: "Positive".to_owned(), colour: Colour::Positive, values: vec![310.0, 290.0, 60.0, 3.0] },
                ],
                over_time: false,
            })),
            section("Where", "Share of mentions with a 95 % interval.", Body::Bars(vec![
                bar("Bluesky", 15_204.0, "44 % (43–44)"),
                bar("Mastodon", 8_110.0, "23 % (23–24)"),
                bar("YouTube", 6_021.0, "17 % (17–18)"),
                bar("A forum with quite a long name that does not fit", 3_318.0, "10 % (9–10)"),
                bar("Hacker News", 12.0, ""),
            ])),
            section("When people post", "Hours in Europe/Berlin.", Body::Heat(Heat {
                rows: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(str::to_owned).to_vec(),
                columns: (0..24).map(|h| h.to_string()).collect(),
                values: (0..7).map(|d| (0..24).map(|h| {
                    let day = (f64::from(h) - 13.0) / 5.0;
                    ((-day * day).exp() * 260.0 * if d > 4 { 0.5 } else { 1.0 }).round()
                }).collect()).collect(),
            })),
            section("What happened", "", Body::Text(vec![
                Paragraph { lead: Some("18 June: 2.4 times the usual".to_owned()), text: "2,911 mentions against 1,190 expected (99 % interval 1,020–1,370). The words that set it apart: lid, burn, refund. The first post came from a news account at 07:12; copies and reposts of it make up 38 %. Most of it on Bluesky.".to_owned() },
                Paragraph { lead: None, text: "الغلاية تتسرب والشركة لا ترد. وهذا نص عربي طويل بما يكفي ليمتد على أكثر من سطر واحد في هذه الصفحة من التقرير الشهري عن الغلايات.".to_owned() },
            ])),
            section("Table of brands", "", Body::Table(Table {
                columns: vec![("Brand".to_owned(), false), ("Mentions".to_owned(), true), ("Negative".to_owned(), true), ("Note".to_owned(), false)],
                rows: (1..=26).map(|n| vec![format!("Brand {n}"), format!("{},{:03}", 30 - n, n * 37), format!("{} % ({}–{})", 20 + n, 18 + n, 22 + n), if n % 5 == 0 { "A longer remark that has to be set on more than a single line, since it goes on and on".to_owned() } else { "steady".to_owned() }]).collect(),
            })),
            section("Examples", "Drawn at random; excerpts are for use inside the house.", Body::Mentions(vec![
                Sample { about: "bluesky · 18 June, 07:12 · negative".to_owned(), text: Some("My Aria 2 leaks at the lid 🔥 and nobody answers. <script>alert(1)</script>".to_owned()), link: Some("https://example.org/1".to_owned()), colour: Some(Colour::Negative) },
                Sample { about: "mastodon · 19 June, 22:40 · positive".to_owned(), text: Some("הקומקום החדש מצוין".to_owned()), link: Some("javascript:alert(1)".to_owned()), colour: Some(Colour::Positive) },
                Sample { about: "bluesky · 20 June, 10:01 · neutral".to_owned(), text: Some("水壶漏水，很糟。".to_owned()), link: None, colour: Some(Colour::Neutral) },
            ])),
            section("Definitions", "", Body::Definitions(vec![
                Definition { word: "Mention".to_owned(), meaning: "A post that matches a monitor. A post that matches three monitors is three mentions, and one post.".to_owned() },
                Definition { word: "Interval".to_owned(), meaning: "A range that holds the true share in 95 of 100 cases (Wilson). Below 30 mentions no share is shown.".to_owned() },
            ])),
        ],
    }
}
