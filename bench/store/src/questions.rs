//! Questions: what each costs when nothing is kept of earlier answers, and when it is.

use crate::clock::{line, process_time, quantile};
use crate::made::{Numbers, SPAN, START, change, word};
use anyhow::Result;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Instant;
use store::{
    Calendar, Change, Choice, Choose, Clock, Cut, Dimension, Filter, Measures, Question, Search, Snapshot,
    Step, Store,
};

/// Times each question is asked.
const TIMES: usize = 7;
/// Posts committed between two askings.
const WRITTEN: usize = 900;

const AUTHORS: Measures = Measures {
    authors: true,
    voices: false,
    texts: false,
    engagement: false,
    audience: false,
    sentiment: false,
};
const SENTIMENT: Measures = Measures {
    sentiment: true,
    authors: false,
    ..AUTHORS
};

/// The whole project, over all its time.
pub(crate) fn all() -> Filter {
    Filter {
        project: Some("default".to_owned()),
        from: Some(START),
        to: Some(START + SPAN),
        ..Filter::default()
    }
}

fn of(monitors: &[u64]) -> Filter {
    Filter {
        monitors: Choice::only(monitors.iter().map(|m| format!("monitor-{m}"))),
        ..all()
    }
}

fn search(text: &str) -> Result<Filter> {
    let query = Arc::new(query::parse(text).map_err(|e| anyhow::anyhow!("{e:?}"))?);
    Ok(Filter {
        q: Some(Search {
            query,
            pseudonyms: None,
        }),
        ..all()
    })
}

fn time(step: Step) -> Cut {
    Cut::Time(Calendar {
        step,
        zone: TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC),
    })
}

fn top(dimension: Dimension, limit: usize) -> Cut {
    Cut::Values(dimension, Choose::Top(limit))
}

fn most(dimension: Dimension, limit: usize) -> Cut {
    Cut::Values(dimension, Choose::Most(limit))
}

pub(crate) type Asked = Box<dyn Fn(&Snapshot) -> Result<u64>>;

/// The phrase that is looked for.
pub(crate) fn phrase() -> String {
    format!("{} {}", word(20), word(35))
}

/// Words that are looked for together.
pub(crate) fn all_of() -> [String; 2] {
    [word(40), word(60)]
}

/// And the one that is not to be there.
pub(crate) fn none_of() -> String {
    word(90)
}

type Chart = (&'static str, Vec<Cut>, Measures);

/// Charts of the whole project.
pub(crate) fn charts() -> Vec<Chart> {
    let none = Measures::default();
    vec![
        ("project × day × sentiment", vec![time(Step::Day)], SENTIMENT),
        (
            "project × day × platform",
            vec![time(Step::Day), top(Dimension::Source, 10)],
            none,
        ),
        (
            "project × monitor × language",
            vec![top(Dimension::Monitor, 50), top(Dimension::Lang, 10)],
            none,
        ),
        (
            "project × hour of the week",
            vec![Cut::Clock(Clock::WeekHour, TimeZone::UTC)],
            none,
        ),
    ]
}

/// What is not in a rollup.
pub(crate) fn measured() -> Vec<Chart> {
    let texts = Measures {
        texts: true,
        ..AUTHORS
    };
    let engagement = Measures {
        engagement: true,
        ..Measures::default()
    };
    vec![
        ("people and texts of the project", vec![], texts),
        ("everything of the project", vec![], Measures::ALL),
        ("engagement × day", vec![time(Step::Day)], engagement),
        (
            "top 20 hashtags",
            vec![top(Dimension::Hashtag, 20)],
            Measures::default(),
        ),
    ]
}

/// The questions of `bench/store`, each with its goal.
pub(crate) fn questions() -> Result<Vec<(&'static str, &'static str, Asked)>> {
    let table = |filter: Filter, cuts: Vec<Cut>, measures: Measures| -> Asked {
        Box::new(move |snapshot: &Snapshot| {
            let question = Question {
                filter: filter.clone(),
                cuts: cuts.clone(),
                measures,
            };
            Ok(snapshot.table(&question)?.total.mentions)
        })
    };
    let page = |filter: Filter| -> Asked {
        Box::new(move |snapshot: &Snapshot| Ok(snapshot.mentions(&filter, None, 50)?.total))
    };
    let ten: Vec<u64> = (0..10).collect();
    let none = Measures::default();
    let [one, other] = all_of();
    let two = format!("{one} AND {other} AND NOT {}", none_of());
    let phrase = format!("\"{}\"", phrase());
    let charts = charts().into_iter().chain(measured().into_iter().take(2));
    let charts = charts.map(|(name, cuts, measures)| (name, "≤ 20 ms", table(all(), cuts, measures)));
    let mut list = vec![
        (
            "monitor × hour",
            "≤ 20 ms",
            table(of(&[0]), vec![time(Step::Hours(1))], none),
        ),
        (
            "small monitor × hour",
            "≤ 20 ms",
            table(of(&[40]), vec![time(Step::Hours(1))], none),
        ),
        (
            "10 monitors × hour × sentiment",
            "≤ 100 ms",
            table(
                of(&ten),
                vec![top(Dimension::Monitor, 10), time(Step::Hours(1))],
                SENTIMENT,
            ),
        ),
        (
            "phrase × hour",
            "≤ 20 ms",
            table(search(&phrase)?, vec![time(Step::Hours(1))], none),
        ),
        (
            "Boolean × hour",
            "≤ 20 ms",
            table(search(&two)?, vec![time(Step::Hours(1))], none),
        ),
        ("newest 50 of a monitor", "≤ 25 ms", page(of(&[0]))),
        (
            "top 20 hashtags of a monitor",
            "≤ 70 ms",
            table(of(&[0]), vec![most(Dimension::Hashtag, 20)], none),
        ),
        (
            "top 20 terms of a monitor",
            "≤ 70 ms",
            table(of(&[0]), vec![most(Dimension::Term, 20)], none),
        ),
        (
            "top 20 authors of a monitor",
            "≤ 70 ms",
            table(of(&[0]), vec![most(Dimension::Author, 20)], none),
        ),
        ("people of a monitor", "", table(of(&[0]), vec![], AUTHORS)),
    ];
    list.extend(charts);
    Ok(list)
}

/// Asks every question with `part` in its name.
pub(crate) fn ask(store: &mut Store, part: &str) -> Result<()> {
    println!(
        "\nmedian ms of {TIMES}: processor (wall); \"kept\": asked again after a commit of {WRITTEN} more posts"
    );
    let reader = store.reader();
    let mut numbers = Numbers(store.reader().generation());
    for (name, goal, asked) in questions()?.into_iter().filter(|(name, ..)| name.contains(part)) {
        let mentions = asked(&reader.snapshot())?;
        let cold = median(
            || {
                reader.forget();
                Ok(reader.snapshot())
            },
            &asked,
        )?;
        let kept = median(
            || {
                let batch: Vec<Change> = (0..WRITTEN)
                    .map(|_| change(&mut numbers, START + SPAN - 1))
                    .collect();
                store.apply(batch, 0)?;
                store.commit()?;
                Ok(reader.snapshot())
            },
            &asked,
        )?;
        line(
            &format!("{name} [{mentions}]"),
            &format!("{:.1} ({:.1})", cold.0, cold.1),
            &format!("{goal:10} kept {:.1} ({:.1})", kept.0, kept.1),
        );
    }
    Ok(())
}

/// Median time of the processor and of the clock that a question takes on the snapshots that `next` gives.
pub(crate) fn median(mut next: impl FnMut() -> Result<Snapshot>, asked: &Asked) -> Result<(f64, f64)> {
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let snapshot = next()?;
        // Of all threads: some segments are counted beside one another.
        let (begin, start) = (Instant::now(), process_time());
        asked(&snapshot)?;
        cpu.push((process_time() - start).as_secs_f64() * 1e3);
        wall.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    cpu.sort_by(f64::total_cmp);
    wall.sort_by(f64::total_cmp);
    Ok((quantile(&cpu, 0.5), quantile(&wall, 0.5)))
}
