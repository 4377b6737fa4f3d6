//! Questions that count: the store answers as the plain list does.

use crate::made::{self, DAY, START};
use crate::model::{self, DIMENSIONS, Run};
use crate::oracle::{Oracle, engagement, followers, values};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use post::Millis;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Accounts, Calendar, Cell, Choice, Choose, Clock, Cut, Dimension, Error, Filter, Key, Measures, Mention,
    Question, Step, Table, Voice,
};

const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"];

pub fn cut() -> impl Strategy<Value = Cut> {
    let zone = || proptest::sample::select(ZONES.to_vec()).prop_map(|z| TimeZone::get(z).unwrap());
    let step = proptest::sample::select(vec![
        Step::Hours(1),
        Step::Hours(6),
        Step::Day,
        Step::Week,
        Step::Month,
        Step::Quarter,
        Step::Year,
    ]);
    let clock = proptest::sample::select(vec![Clock::Hour, Clock::Weekday, Clock::WeekHour]);
    let dimension = proptest::sample::select(DIMENSIONS.to_vec());
    prop_oneof![
        (step, zone()).prop_map(|(step, zone)| Cut::Time(Calendar { step, zone })),
        (clock, zone()).prop_map(|(clock, zone)| Cut::Clock(clock, zone)),
        (dimension.clone(), 1usize..5).prop_map(|(by, n)| Cut::Values(by, Choose::Top(n))),
        (dimension, 1usize..5).prop_map(|(by, n)| Cut::Values(by, Choose::Most(n))),
        Just(Cut::Values(
            Dimension::Lang,
            Choose::These(vec!["fr".into(), "en".into()])
        )),
        Just(Cut::Values(
            Dimension::Sentiment,
            Choose::These(vec!["positive".into(), "negative".into()])
        )),
    ]
}

pub fn measures() -> impl Strategy<Value = Measures> {
    any::<[bool; 6]>().prop_map(
        |[authors, voices, texts, engagement, audience, sentiment]| Measures {
            authors,
            voices,
            texts,
            engagement,
            audience,
            sentiment,
        },
    )
}

/// Filters whose time lies within some weeks, so that hours stay countable.
pub fn bounded() -> impl Strategy<Value = Filter> {
    (model::filter(), -20i64..10, 1i64..22).prop_map(|(filter, begin, days)| Filter {
        from: Some(START + begin * DAY + 1_234_567),
        to: Some(START + (begin + days) * DAY),
        ..filter
    })
}

fn local(at: Millis, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(at).unwrap().to_zoned(zone.clone())
}

/// What is equal for all times of a bucket and differs between buckets.
fn bucket(at: Millis, calendar: &Calendar) -> String {
    let z = local(at, &calendar.zone);
    match calendar.step {
        Step::Minutes(n) => format!("{} {}", z.date(), i32::from(z.minute()) / i32::from(n)),
        Step::Hours(1) => format!("{} {} {}", z.date(), z.hour(), z.offset()),
        Step::Hours(n) => format!("{} {}", z.date(), z.hour() / n as i8),
        Step::Day => z.date().to_string(),
        Step::Week => format!("{:?}", z.date().iso_week_date().first_of_week().unwrap()),
        Step::Month => format!("{} {}", z.year(), z.month()),
        Step::Quarter => format!("{} {}", z.year(), (z.month() - 1) / 3),
        Step::Year => z.year().to_string(),
    }
}

/// Which keys of an axis a mention has.
fn keys(m: &Mention, axis: &store::Axis) -> Vec<usize> {
    let at = m.post.created_at;
    let position = |key: &Key| axis.keys.iter().position(|k| k == key);
    match &axis.cut {
        Cut::Time(calendar) => {
            let own = bucket(at, calendar);
            let same = |k: &Key| matches!(k, Key::Time(begin, _) if bucket(*begin, calendar) == own);
            axis.keys.iter().position(same).into_iter().collect()
        }
        Cut::Clock(clock, zone) => {
            let z = local(at, zone);
            let (hour, day) = (z.hour() as usize, z.weekday().to_monday_zero_offset() as usize);
            vec![match clock {
                Clock::Hour => hour,
                Clock::Weekday => day,
                Clock::WeekHour => day * 24 + hour,
            }]
        }
        Cut::Values(by, _) => {
            let own = values(m, *by);
            let listed: Vec<usize> = own
                .iter()
                .filter_map(|v| position(&Key::Value(v.clone())))
                .collect();
            match (own.is_empty(), listed.is_empty()) {
                (false, true) => position(&Key::Other).into_iter().collect(),
                _ => listed,
            }
        }
    }
}

/// The words of a text without links and handles, folded.
fn plain_text(m: &Mention) -> String {
    let text = format!("{} {}", m.post.title.as_deref().unwrap_or(""), m.post.text).to_lowercase();
    text.replace("@someone", "")
}

fn cell(list: &[&Mention], measures: Measures) -> Cell {
    let mut audience: BTreeMap<_, Option<u64>> = BTreeMap::new();
    for m in list {
        if let Some(author) = &m.post.author {
            let most = audience.entry(author.key).or_default();
            *most = (*most).max(followers(m));
        }
    }
    let known: Vec<u64> = audience.values().flatten().copied().collect();
    let number = |m: &&Mention| m.group.map_or_else(|| plain_text(m), |group| group.to_string());
    let texts: BTreeSet<String> = list.iter().map(number).collect();
    let mut cell = Cell {
        mentions: list.len() as u64,
        ..Cell::default()
    };
    if measures.authors {
        cell.authors = audience.len() as u64;
        cell.signed = list.iter().filter(|m| m.post.author.is_some()).count() as u64;
    }
    if measures.voices {
        for key in audience.keys() {
            let theirs = |m: &&&Mention| m.post.author.as_ref().is_some_and(|a| a.key == *key);
            let times = list.iter().filter(theirs).count() as u64;
            cell.squares += times * times;
        }
    }
    if measures.texts {
        cell.texts = texts.len() as u64;
        cell.worded = list.len() as u64;
    }
    if measures.engagement {
        cell.engagement = list.iter().map(|m| engagement(m)).sum();
    }
    if measures.audience {
        cell.audience_of = known.len() as u64;
        cell.audience = (!known.is_empty()).then(|| known.iter().sum());
    }
    for s in list
        .iter()
        .filter_map(|m| m.sentiment.as_ref())
        .filter(|_| measures.sentiment)
    {
        cell.scored += 1;
        cell.sentiment[s.label() as usize] += 1;
        for (sum, p) in cell.probabilities.iter_mut().zip(s.probabilities) {
            *sum += (p * 1000.0).round() as u64;
        }
    }
    cell
}

fn check(table: &Table, oracle: &Oracle, question: &Question) {
    let by_monitor = |c: &Cut| matches!(c, Cut::Values(Dimension::Monitor, _));
    let found = oracle.select(&question.filter, !question.cuts.iter().any(by_monitor));
    assert_eq!(
        table.total,
        cell(&found, question.measures),
        "total of {question:?}"
    );
    let columns = table.axes.get(1).map_or(1, |a| a.keys.len());
    let mut groups: BTreeMap<usize, Vec<&Mention>> = BTreeMap::new();
    let mut rows: BTreeMap<usize, Vec<&Mention>> = BTreeMap::new();
    for m in found {
        let outer = table.axes.first().map_or(vec![0], |a| keys(m, a));
        for row in outer {
            rows.entry(row).or_default().push(m);
            for column in table.axes.get(1).map_or(vec![0], |a| keys(m, a)) {
                groups.entry(row * columns + column).or_default().push(m);
            }
        }
    }
    let rows_len = table.axes.first().map_or(1, |a| a.keys.len());
    assert_eq!(
        (table.cells.len(), table.rows.len()),
        (rows_len * columns, rows_len)
    );
    for (i, got) in table.cells.iter().enumerate() {
        let list = groups.get(&i).map_or(&[][..], Vec::as_slice);
        assert_eq!(
            *got,
            cell(list, question.measures),
            "cell {i} of {:?}",
            table.axes
        );
    }
    for (i, got) in table.rows.iter().enumerate() {
        let list = rows.get(&i).map_or(&[][..], Vec::as_slice);
        assert_eq!(*got, cell(list, question.measures), "row {i} of {:?}", table.axes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn a_table_is_what_the_plain_list_gives(
        steps in proptest::collection::vec(model::step(), 20..60),
        asked in proptest::collection::vec((bounded(), proptest::collection::vec(cut(), 0..3), measures()), 24),
        later in proptest::collection::vec(model::step(), 1..12),
    ) {
        let questions: Vec<Question> = asked
            .into_iter()
            .map(|(filter, cuts, measures)| Question { filter, cuts, measures })
            .collect();
        let mut run = Run::new(3);
        // Asked again after more was written and deleted: what is kept of the first answers must not show.
        for steps in [steps, later] {
            steps.into_iter().for_each(|s| run.step(s));
            run.finish();
            run.store().roll_up().unwrap();
            let snapshot = run.store().reader().snapshot();
            for question in &questions {
                let table = match snapshot.table(question) {
                    // Two cuts of time by the hour.
                    Err(Error::TooLarge(_)) => continue,
                    table => table.unwrap(),
                };
                check(&table, &run.oracle, question);
                prop_assert_eq!(&snapshot.table(question).unwrap().cells, &table.cells, "asked twice");
            }
        }
    }
}

#[test]
fn days_are_those_of_the_zone_when_the_clock_is_turned() {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
    let hours = |from: &str, to: &str, step| {
        let calendar = Calendar {
            step,
            zone: berlin.clone(),
        };
        let borders = calendar.borders(at(from), at(to), 100).unwrap();
        borders
            .windows(2)
            .map(|w| (w[1] - w[0]) / 3_600_000)
            .collect::<Vec<_>>()
    };
    // 2026-03-29 has 23 hours, 2026-10-25 has 25.
    assert_eq!(
        hours("2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", Step::Day),
        [24, 23, 24]
    );
    assert_eq!(
        hours("2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", Step::Day),
        [24, 25, 24]
    );
    assert_eq!(
        hours("2026-03-28T23:30:00Z", "2026-03-29T08:00:00Z", Step::Hours(6)),
        [5, 6]
    );
    assert_eq!(
        hours("2026-10-24T22:30:00Z", "2026-10-25T04:00:00Z", Step::Hours(1)),
        [1; 6]
    );
    assert_eq!(
        hours("2026-03-25T00:00:00Z", "2026-03-26T00:00:00Z", Step::Week),
        [167]
    );
}

#[test]
fn a_question_with_too_many_cells_is_refused_before_it_is_counted() {
    let mut run = Run::new(1);
    let snapshot = run.finish();
    let ask = |step, years: i64| {
        snapshot.table(&Question {
            filter: Filter {
                from: Some(START),
                to: Some(START + years * 365 * DAY),
                ..Filter::default()
            },
            cuts: vec![
                Cut::Time(Calendar::utc(step)),
                Cut::Clock(Clock::WeekHour, TimeZone::UTC),
            ],
            measures: Measures::default(),
        })
    };
    for refused in [ask(Step::Minutes(1), 10), ask(Step::Hours(1), 1)] {
        let message = match refused {
            Err(Error::TooLarge(message)) => message,
            other => panic!("{other:?}"),
        };
        assert!(message.contains("too many"), "{message}");
    }
    assert!(ask(Step::Day, 1).is_ok());
}

#[test]
fn what_was_written_after_a_generation_can_be_left_out() {
    let mut run = Run::new(1);
    for n in 0..20 {
        run.step(model::Step::Change(model::put(n, 9, 1)));
    }
    let first = run.finish().generation();
    for n in 15..40 {
        run.step(model::Step::Change(model::put(n, 10, 1)));
    }
    let snapshot = run.finish();
    let count = |upto| {
        snapshot
            .count(&Filter {
                upto,
                ..Filter::default()
            })
            .unwrap()
    };
    assert_eq!(
        (count(None), count(Some(first)), count(Some(first - 1))),
        (40, 15, 0)
    );
    let since = |since| {
        let filter = Filter {
            since,
            ..Filter::default()
        };
        snapshot.numbers(&filter).unwrap().len()
    };
    assert_eq!((since(Some(first)), since(Some(first - 1))), (25, 40));
}

#[test]
fn a_monitors_own_accounts_are_owned_for_that_monitor_alone() {
    let mut run = Run::new(1);
    for n in 0..40 {
        // Monitors 0 and 1 match every post; half of the authors have the handle "ann".
        run.step(model::Step::Change(model::put(n, 5, 3)));
    }
    let snapshot = run.finish();
    let account = store::account("bluesky", &made::handle_token("ann"));
    let voice = |voice, monitor: &str| {
        let accounts = vec![Accounts {
            monitor: made::monitor_name(0),
            accounts: vec![account.clone()],
        }];
        let filter = Filter {
            voice: Some((voice, accounts)),
            monitors: Choice::only([monitor.to_owned()]),
            ..Filter::default()
        };
        snapshot.count(&filter).unwrap()
    };
    let own = run.oracle.mentions.iter().filter(|m| {
        let token = m.post.author.as_ref().and_then(|a| a.handle_token.as_deref());
        m.monitor == "m0" && m.post.platform == "bluesky" && token == Some("hann")
    });
    let own = own.count() as u64;
    assert!(own > 0);
    assert_eq!(
        (voice(Voice::Owned, "m0"), voice(Voice::Earned, "m0")),
        (own, 40 - own)
    );
    assert_eq!((voice(Voice::Owned, "m1"), voice(Voice::Earned, "m1")), (0, 40));
}

/// Questions that a rollup can answer, and some that it nearly can.
fn rolled() -> impl Strategy<Value = Question> {
    let cut = || {
        prop_oneof![
            3 => proptest::sample::select(vec![Dimension::Monitor, Dimension::Source, Dimension::Lang, Dimension::Sentiment])
                .prop_flat_map(|by| (1usize..4).prop_map(move |n| Cut::Values(by, Choose::Top(n)))),
            3 => cut(),
        ]
    };
    let sentiment = any::<[bool; 2]>().prop_map(|[sentiment, authors]| Measures {
        sentiment,
        authors: authors && sentiment,
        ..Measures::default()
    });
    (
        bounded(),
        any::<[bool; 6]>(),
        proptest::collection::vec(cut(), 0..3),
        sentiment,
    )
        .prop_map(
            |(all, [whole, monitors, sources, langs, sentiments, more], cuts, measures)| {
                let hour = |at: Millis| at.div_euclid(3_600_000) * 3_600_000;
                let time = |at: Option<Millis>| at.map(|at| if whole { hour(at) } else { at });
                let plain = Filter {
                    project: all.project.clone(),
                    from: time(all.from),
                    to: time(all.to),
                    monitors: all.monitors.clone().when(monitors),
                    sources: all.sources.clone().when(sources),
                    langs: all.langs.clone().when(langs),
                    sentiments: all.sentiments.clone().when(sentiments),
                    ..Filter::default()
                };
                let filter = if more && !whole { all } else { plain };
                Question {
                    filter,
                    cuts,
                    measures,
                }
            },
        )
}

/// Questions that the lists of large segments can answer: the most frequent values and the people of a project or of
/// monitors, of whole days and of days that the period cuts.
fn listed() -> impl Strategy<Value = Question> {
    let by = proptest::sample::select(vec![
        None,
        Some(Dimension::Term),
        Some(Dimension::Hashtag),
        Some(Dimension::Site),
        Some(Dimension::Link),
        Some(Dimension::Entity),
        Some(Dimension::Author),
    ]);
    let monitors = proptest::sample::subsequence(vec![0usize, 1, 2], 0..3);
    (bounded(), by, monitors, any::<[bool; 3]>(), 1usize..6).prop_map(
        |(all, by, monitors, [whole, people, voices], n)| {
            let day = |at: Option<Millis>| at.map(|at| if whole { at.div_euclid(DAY) * DAY } else { at });
            let monitors = monitors.into_iter().map(|n| made::monitor_name(n as u8));
            Question {
                filter: Filter {
                    project: Some("alpha".to_owned()),
                    monitors: Choice {
                        include: monitors.collect(),
                        ..Choice::default()
                    },
                    from: day(all.from),
                    to: day(all.to),
                    ..Filter::default()
                },
                cuts: by
                    .map(|by| Cut::Values(by, Choose::Most(n)))
                    .into_iter()
                    .collect(),
                measures: Measures {
                    authors: people,
                    voices: people && voices,
                    ..Measures::default()
                },
            }
        },
    )
}

trait When {
    fn when(self, wanted: bool) -> Self;
}

impl<T> When for Choice<T> {
    fn when(self, wanted: bool) -> Self {
        if wanted { self } else { Choice::default() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn rollups_say_what_counting_says(
        steps in proptest::collection::vec(model::step(), 20..60),
        later in proptest::collection::vec(model::step(), 1..20),
        questions in proptest::collection::vec(prop_oneof![rolled(), listed()], 60),
    ) {
        let mut run = Run::new(3);
        for n in 0..40 {
            run.step(model::Step::Change(model::put(n, u32::from(n) * 37, 1 + n % 15)));
        }
        steps.into_iter().for_each(|s| run.step(s));
        run.finish();
        run.store().roll_up().unwrap();
        prop_assert_eq!(run.store().roll_up().unwrap(), 0, "made once");
        run.restart();
        later.into_iter().for_each(|s| run.step(s));
        let snapshot = run.finish();
        for question in &questions {
            let rolled = snapshot.table(question).unwrap();
            check(&rolled, &run.oracle, question);
        }
        // Without them, and after they were damaged, answers are the same.
        run.damage("lists");
        run.restart();
        let snapshot = run.finish();
        for question in &questions {
            check(&snapshot.table(question).unwrap(), &run.oracle, question);
        }
        run.damage("rollup");
        run.restart();
        let snapshot = run.finish();
        for question in &questions {
            let counted = snapshot.table(question).unwrap();
            check(&counted, &run.oracle, question);
        }
        run.store().purge().unwrap();
        run.store().roll_up().unwrap();
        let snapshot = run.finish();
        for question in &questions {
            check(&snapshot.table(question).unwrap(), &run.oracle, question);
        }
    }
}
