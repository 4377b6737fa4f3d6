//! The sections of a report, each from its own question to the store.

use super::SectionKind;
use super::make::Ground;
use super::{names, narrative, words};
use crate::analytics::counts;
use crate::api::{Failure, rules};
use jiff::Timestamp;
use post::profile::{self, Export};
use post::{Kind, Millis};
use report::{
    Bar, Body, Change, Colour, Figure, Heat, Line, Lines, Mark, Part, Sample, Section, Stacked, Table, Way,
    exact,
};
use std::collections::HashMap;
use store::{Calendar, Cell, Choose, Clock, Cut, Dimension, Filter, Key, Measures, Question, Step};
use trends::{net_sentiment, share};

/// Monitors in charts and tables.
const MONITORS: usize = 8;
/// Ranked values.
const RANKED: usize = 10;
/// Posts as examples.
const EXAMPLES: usize = 8;
/// Newest posts that examples are taken from.
const DRAWN_FROM: usize = 400;
const DAY: Millis = 86_400_000;

/// One section; `None` where there is nothing to show.
pub(super) fn make(g: &Ground<'_>, kind: SectionKind) -> Result<Option<Section>, Failure> {
    match kind {
        SectionKind::Figures => figures(g).map(Some),
        SectionKind::Changes => narrative::changes(g),
        SectionKind::Peaks => narrative::peaks(g),
        SectionKind::Volume => volume(g).map(Some),
        SectionKind::Monitors => monitors(g),
        SectionKind::MonitorTable => monitor_table(g),
        SectionKind::Sentiment => sentiment(g),
        SectionKind::SentimentByMonitor => sentiment_by_monitor(g),
        SectionKind::Sources => ranked(g, Dimension::Source, "Platforms", ""),
        SectionKind::Languages => ranked(g, Dimension::Lang, "Languages", "As decided from the text."),
        SectionKind::Hashtags => ranked(g, Dimension::Hashtag, "Hashtags", "A post may have several."),
        SectionKind::Hours => hours(g).map(Some),
        SectionKind::Mentions => examples(g),
        SectionKind::Definitions => Ok(Some(section(
            "Definitions",
            "",
            Body::Definitions(words::definitions()),
        ))),
    }
}

fn section(title: &str, note: &str, body: Body) -> Section {
    Section {
        title: title.to_owned(),
        note: Some(note.to_owned()).filter(|n| !n.is_empty()),
        body,
    }
}

fn ask(g: &Ground<'_>, cuts: Vec<Cut>, sentiment: bool) -> Result<std::sync::Arc<store::Table>, Failure> {
    let measures = Measures {
        sentiment,
        authors: !sentiment && cuts.len() < 2,
        ..Measures::default()
    };
    Ok(g.snapshot.table(&Question {
        filter: g.filter.clone(),
        cuts,
        measures,
    })?)
}

fn figures(g: &Ground<'_>) -> Result<Section, Failure> {
    let now = counts::figures(g.snapshot, &g.filter)?;
    let length = g.span.to - g.span.from;
    let begin = g.span.from - length;
    let mut earlier = g.filter.clone();
    (earlier.from, earlier.to) = (Some(begin), Some(g.span.from));
    // Against a part of a period, or nothing, there is no change.
    let older = Filter {
        project: Some(g.project.to_owned()),
        to: Some(begin + length / 10),
        ..Filter::default()
    };
    let reaches = g.snapshot.mentions(&older, None, 1)?.total > 0;
    let before = if reaches {
        Some(counts::figures(g.snapshot, &earlier)?)
    } else {
        None
    };
    let counted = |label: &str, pick: fn(&store::Figures) -> u64| Figure {
        label: label.to_owned(),
        value: exact(pick(&now) as f64),
        interval: None,
        change: before.as_ref().and_then(|b| words::change(pick(&now), pick(b))),
    };
    let mut list = vec![
        counted("Mentions", |f| f.mentions),
        counted("People", |f| f.authors),
        counted("Engagement", |f| f.engagement),
    ];
    if g.scored {
        let all = |f: &store::Figures| f.sentiment.iter().sum::<u64>();
        let [negative, neutral, positive] = now.sentiment;
        let was = before.as_ref().and_then(|b| share(b.sentiment[0], all(b)));
        list.push(match share(negative, all(&now)) {
            Some(estimate) => Figure {
                change: was.map(|was| points(estimate.value, was.value)),
                ..estimated("Negative", words::share(estimate))
            },
            None => Figure {
                label: "Negative".to_owned(),
                value: exact(negative as f64),
                interval: Some("too few for a share".to_owned()),
                change: None,
            },
        });
        list.extend(
            net_sentiment(negative, neutral, positive).map(|e| estimated("Net sentiment", words::net(e))),
        );
    }
    let note = "Each post counts once. Intervals hold the true value in 95 of 100 cases.";
    Ok(section("At a glance", note, Body::Figures(list)))
}

fn estimated(label: &str, (value, interval): (String, String)) -> Figure {
    Figure {
        label: label.to_owned(),
        value,
        interval: Some(interval),
        change: None,
    }
}

fn points(now: f64, before: f64) -> Change {
    let points = ((now - before) * 100.0).round();
    let (way, words) = match points {
        n if n > 0.0 => (Way::Up, format!("up {n:.0} points on the period before")),
        n if n < 0.0 => (Way::Down, format!("down {:.0} points on the period before", -n)),
        _ => (Way::Same, "as in the period before".to_owned()),
    };
    Change { way, words }
}

/// Time by the report's zone: hours up to two days, days up to a quarter, then weeks.
fn time(g: &Ground<'_>) -> (Cut, &'static str) {
    let (step, words) = match (g.span.to - g.span.from) / DAY {
        ..=2 => (Step::Hours(1), "hour"),
        3..=95 => (Step::Day, "day"),
        _ => (Step::Week, "week"),
    };
    let zone = g.zone.clone();
    (Cut::Time(Calendar { step, zone }), words)
}

/// The names of moments.
fn moments(g: &Ground<'_>, keys: &[Key], step: &str) -> Vec<String> {
    keys.iter()
        .map(|key| match key {
            Key::Time(begin, _) => {
                let at = Timestamp::from_millisecond(*begin)
                    .unwrap_or_default()
                    .to_zoned(g.zone.clone());
                match step {
                    "hour" => at.strftime("%-d %b, %H:%M").to_string(),
                    _ => words::day(at.date()),
                }
            }
            _ => String::new(),
        })
        .collect()
}

fn volume(g: &Ground<'_>) -> Result<Section, Failure> {
    let (cut, step) = time(g);
    let table = ask(g, vec![cut], false)?;
    let labels = moments(g, &table.axes[0].keys, step);
    let counts: Vec<u64> = table.cells.iter().map(|c| c.mentions).collect();
    let most = counts
        .iter()
        .copied()
        .enumerate()
        .max_by_key(|(at, n)| (*n, usize::MAX - at));
    let marks = most
        .filter(|(_, n)| *n > 0 && counts.len() > 2)
        .map(|(at, n)| Mark {
            at,
            words: format!("Most in one {step}: {} on {}", exact(n as f64), labels[at]),
        });
    let lines = Lines {
        lines: vec![Line {
            name: "Mentions".to_owned(),
            colour: Colour::Accent,
            values: counts.iter().map(|n| Some(*n as f64)).collect(),
            band: Vec::new(),
        }],
        labels,
        filled: true,
        open_end: false,
        marks: marks.into_iter().collect(),
    };
    Ok(section(
        "Mentions over time",
        &format!("By {step}. Each post counts once."),
        Body::Lines(lines),
    ))
}

/// Names and colours of the project's monitors, by id.
fn known(g: &Ground<'_>) -> Result<HashMap<String, (String, Colour)>, Failure> {
    let list = g
        .control
        .monitors(g.project)
        .map_err(crate::api::control_failure)?;
    Ok(list
        .into_iter()
        .map(|m| (m.id, (m.name, Colour::Monitor(m.color))))
        .collect())
}

fn by_monitor() -> Cut {
    Cut::Values(Dimension::Monitor, Choose::Top(MONITORS))
}

/// Rows that are monitors, with name, colour and place.
fn rows(g: &Ground<'_>, keys: &[Key]) -> Result<Vec<(usize, String, Colour)>, Failure> {
    let known = known(g)?;
    let row = |(at, key): (usize, &Key)| match key {
        Key::Value(id) => Some(match known.get(id) {
            Some((name, colour)) => (at, name.clone(), *colour),
            None => (at, id.clone(), Colour::Bar),
        }),
        _ => None,
    };
    Ok(keys.iter().enumerate().filter_map(row).collect())
}

const PER_MONITOR: &str = "A post that matches two monitors counts for both.";

fn monitors(g: &Ground<'_>) -> Result<Option<Section>, Failure> {
    let (cut, step) = time(g);
    let table = ask(g, vec![by_monitor(), cut], false)?;
    let labels = moments(g, &table.axes[1].keys, step);
    let lines: Vec<Line> = rows(g, &table.axes[0].keys)?
        .into_iter()
        .map(|(row, name, colour)| Line {
            name,
            colour,
            values: (0..labels.len())
                .map(|c| table.cell(row, c).map(|c| c.mentions as f64))
                .collect(),
            band: Vec::new(),
        })
        .collect();
    if lines.len() < 2 {
        return Ok(None);
    }
    let lines = Lines {
        labels,
        lines,
        ..Lines::default()
    };
    Ok(Some(section(
        "Monitors over time",
        &format!("By {step}. {PER_MONITOR}"),
        Body::Lines(lines),
    )))
}

fn monitor_table(g: &Ground<'_>) -> Result<Option<Section>, Failure> {
    let question = Question {
        filter: g.filter.clone(),
        cuts: vec![by_monitor()],
        measures: Measures {
            authors: true,
            engagement: true,
            sentiment: g.scored,
            ..Measures::default()
        },
    };
    let table = g.snapshot.table(&question)?;
    let mut columns = vec![
        ("Monitor", false),
        ("Mentions", true),
        ("People", true),
        ("Engagement", true),
    ];
    if g.scored {
        columns.extend([("Negative", true), ("Net sentiment", true)]);
    }
    let row = |(at, name, _): (usize, String, Colour)| {
        let cell: &Cell = &table.cells[at];
        let mut row = vec![
            name,
            exact(cell.mentions as f64),
            exact(cell.authors as f64),
            exact(cell.engagement as f64),
        ];
        if g.scored {
            let [negative, neutral, positive] = cell.sentiment;
            let both = |(value, interval): (String, String)| format!("{value} ({interval})");
            row.push(
                share(negative, negative + neutral + positive)
                    .map(words::share)
                    .map_or("–".to_owned(), both),
            );
            row.push(
                net_sentiment(negative, neutral, positive)
                    .map(words::net)
                    .map_or("–".to_owned(), both),
            );
        }
        row
    };
    let rows: Vec<Vec<String>> = rows(g, &table.axes[0].keys)?.into_iter().map(row).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let columns = columns
        .into_iter()
        .map(|(name, number)| (name.to_owned(), number))
        .collect();
    let note = format!("{PER_MONITOR} Shares with their 95 % interval; none below 30 scored mentions.");
    Ok(Some(section(
        "Monitors",
        &note,
        Body::Table(Table { columns, rows }),
    )))
}

/// Parts of bars: negative, neutral, positive.
fn parts(cells: &[Cell]) -> Vec<Part> {
    let part = |(class, (name, colour)): (usize, (&str, Colour))| Part {
        name: name.to_owned(),
        colour,
        values: cells.iter().map(|c| c.sentiment[class] as f64).collect(),
    };
    [
        ("Negative", Colour::Negative),
        ("Neutral", Colour::Neutral),
        ("Positive", Colour::Positive),
    ]
    .into_iter()
    .enumerate()
    .map(part)
    .collect()
}

fn sentiment(g: &Ground<'_>) -> Result<Option<Section>, Failure> {
    if !g.scored {
        return Ok(None);
    }
    let (cut, step) = time(g);
    let table = ask(g, vec![cut], true)?;
    let stacked = Stacked {
        labels: moments(g, &table.axes[0].keys, step),
        parts: parts(&table.cells),
        over_time: true,
    };
    let note = format!("Scored mentions by {step}.");
    Ok(Some(section(
        "Sentiment over time",
        &note,
        Body::Stacked(stacked),
    )))
}

fn sentiment_by_monitor(g: &Ground<'_>) -> Result<Option<Section>, Failure> {
    if !g.scored {
        return Ok(None);
    }
    let table = ask(g, vec![by_monitor()], true)?;
    let rows = rows(g, &table.axes[0].keys)?;
    let cells: Vec<Cell> = rows.iter().map(|(at, ..)| table.cells[*at]).collect();
    if cells.is_empty() {
        return Ok(None);
    }
    let stacked = Stacked {
        labels: rows.into_iter().map(|(_, name, _)| name).collect(),
        parts: parts(&cells),
        over_time: false,
    };
    let note = "Toward what each monitor is about; counts instead of shares below 30.";
    Ok(Some(section(
        "Sentiment by monitor",
        note,
        Body::Stacked(stacked),
    )))
}

fn ranked(g: &Ground<'_>, by: Dimension, title: &str, note: &str) -> Result<Option<Section>, Failure> {
    let guarded = g.small_cell.filter(|_| rules::is_guarded(by));
    let found = match guarded {
        Some(threshold) => rules::breakdown(g.snapshot, &g.filter, by, RANKED, threshold)?,
        None => counts::breakdown(g.snapshot, &g.filter, by, RANKED, Measures::default())?,
    };
    let bar = |label: &str, mentions: u64| Bar {
        label: label.to_owned(),
        value: mentions as f64,
        note: share(mentions, found.total)
            .map(words::share)
            .map(|(value, interval)| format!("{value} ({interval})")),
        colour: Colour::Bar,
    };
    let mut bars: Vec<Bar> = found
        .items
        .iter()
        .map(|i| bar(&names::of(by, &i.key), i.mentions))
        .collect();
    if bars.is_empty() {
        return Ok(None);
    }
    if found.other > 0 {
        bars.push(Bar {
            colour: Colour::Neutral,
            ..bar("Others", found.other)
        });
    }
    let mut notes: Vec<String> = vec!["Shares of all mentions with their 95 % interval.".to_owned()];
    notes.extend(Some(note.to_owned()).filter(|n| !n.is_empty()));
    notes.extend(guarded.map(|n| format!("Values with fewer than {n} people are not shown.")));
    Ok(Some(section(title, &notes.join(" "), Body::Bars(bars))))
}

fn hours(g: &Ground<'_>) -> Result<Section, Failure> {
    let table = ask(g, vec![Cut::Clock(Clock::WeekHour, g.zone.clone())], false)?;
    let at = |hour: usize| table.cells.get(hour).map_or(0.0, |c| c.mentions as f64);
    let heat = Heat {
        rows: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
            .map(str::to_owned)
            .to_vec(),
        columns: (0..24).map(|hour| hour.to_string()).collect(),
        values: (0..7)
            .map(|day| (0..24).map(|hour| at(day * 24 + hour)).collect())
            .collect(),
    };
    let note = format!("Mentions by day of the week and hour, {}.", g.definition.zone);
    Ok(section("When people post", &note, Body::Heat(heat)))
}

/// Some of the newest posts, evenly apart, as far as each platform's rule on exports lets text leave.
fn examples(g: &Ground<'_>) -> Result<Option<Section>, Failure> {
    let page = g.snapshot.mentions(&g.filter, None, DRAWN_FROM)?;
    let is_said = |m: &&store::Mention| !m.post.text.is_empty() && m.post.kind != Kind::Repost;
    let list: Vec<&store::Mention> = page.items.iter().filter(is_said).collect();
    let step = (list.len() / EXAMPLES).max(1);
    let samples: Vec<Sample> = list
        .into_iter()
        .step_by(step)
        .take(EXAMPLES)
        .filter_map(|m| sample(g, m))
        .collect();
    if samples.is_empty() {
        return Ok(None);
    }
    let note = format!(
        "Evenly from the newest {}. For use in the house.",
        page.items.len()
    );
    Ok(Some(section("Examples", &note, Body::Mentions(samples))))
}

fn sample(g: &Ground<'_>, mention: &store::Mention) -> Option<Sample> {
    let p = &mention.post;
    let text = match profile::of(&p.platform).export.value {
        Export::Full | Export::Labelled => Some(p.text.clone()),
        Export::Excerpt { chars } => Some(p.text.chars().take(chars).collect()),
        Export::Ids { .. } => None,
        Export::Forbidden => return None,
    };
    let label = mention.sentiment.as_ref().filter(|_| g.scored).map(|s| s.label());
    let colour = label.map(|label| match label {
        store::Label::Negative => Colour::Negative,
        store::Label::Neutral => Colour::Neutral,
        store::Label::Positive => Colour::Positive,
    });
    let at = Timestamp::from_millisecond(p.created_at)
        .unwrap_or_default()
        .to_zoned(g.zone.clone());
    let mut about = format!("{} · {}", p.platform, at.strftime("%-d %B %Y, %H:%M"));
    if let Some(label) = label {
        about = format!("{about} · {}", label.name());
    }
    if text.is_none() {
        about.push_str(" · its platform lets only ids leave");
    }
    Some(Sample {
        about,
        text,
        link: None,
        colour,
    })
}
