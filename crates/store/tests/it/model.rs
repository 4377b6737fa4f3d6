//! Random histories: the store answers as the plain list does, over commits, crashes and replays.

use crate::made::{self, DAY, START};
use crate::oracle::Oracle;
use post::{Counts, Kind};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use store::{
    Change, Choice, Context, Dimension, Filter, HandleToken, Label, Mention, Options, Page, Period, Search,
    Sense, Snapshot, Sort, Sorted, Store,
};

pub const DIMENSIONS: [Dimension; 20] = [
    Dimension::Monitor,
    Dimension::Sentiment,
    Dimension::Source,
    Dimension::Lang,
    Dimension::Kind,
    Dimension::Hashtag,
    Dimension::Term,
    Dimension::Author,
    Dimension::Site,
    Dimension::Emotion,
    Dimension::Intent,
    Dimension::Class,
    Dimension::Entity,
    Dimension::Aspect,
    Dimension::Country,
    Dimension::Media,
    Dimension::Link,
    Dimension::Model,
    Dimension::Topic,
    Dimension::Copies,
];

#[derive(Debug, Clone)]
pub enum Step {
    Change(Change),
    Commit,
    /// The process dies: what was not committed is gone and comes again from the journal.
    Crash,
}

pub fn put(n: u8, version: u32, monitors: u8) -> Change {
    let mut mentions: Vec<Mention> = (0..4)
        .filter(|m| monitors & (1 << m) != 0)
        .map(|m| made::mention(n, version, m))
        .collect();
    if let Some(wish) = mentions.get_mut(version as usize % 4) {
        wish.primary = wish.project == "alpha";
    }
    Change::Put {
        post: made::post_key(n),
        mentions,
    }
}

/// The same where some of the mentions are context: they did not match.
fn partly_context(mut change: Change, version: u32) -> Change {
    let mark = |(i, m): (u32, &mut Mention)| {
        if (version / 3 + i).is_multiple_of(4) {
            m.monitor_version = 0;
        }
    };
    match &mut change {
        Change::Put { mentions, .. } => (0..).zip(mentions).for_each(mark),
        Change::PutBackfill(mention) => mark((0, mention)),
        _ => {}
    }
    change
}

fn change() -> impl Strategy<Value = Change> {
    let counted = |likes, replies| Counts {
        likes,
        replies,
        ..Counts::default()
    };
    let few = || proptest::option::of(0u64..9);
    prop_oneof![
        12 => (0u8..40, 0u32..600, 0u8..16).prop_map(|(n, v, m)| partly_context(put(n, v, m), v)),
        3 => (0u8..40, 0u32..600, 0u8..4).prop_map(|(n, v, m)| partly_context(Change::PutBackfill(Box::new(made::mention(n, v, m))), v)),
        2 => (0u8..40).prop_map(|n| Change::Delete(made::post_key(n))),
        1 => (0u8..5).prop_map(|n| Change::DeleteAuthor(made::author_key(n))),
        1 => (0u8..4).prop_map(|m| Change::DropMonitor { monitor: made::monitor_name(m) }),
        4 => (0u8..40, few(), few()).prop_map(move |(n, l, r)| Change::Engagement { post: made::post_key(n), counts: counted(l, r) }),
    ]
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![12 => change().prop_map(Step::Change), 1 => Just(Step::Commit), 1 => Just(Step::Crash)]
}

fn choice<T: Clone + std::fmt::Debug + 'static>(values: Vec<T>) -> impl Strategy<Value = Choice<T>> {
    let some = || proptest::sample::subsequence(values.clone(), 1..=2.min(values.len()));
    prop_oneof![
        8 => Just(Choice::default()),
        2 => some().prop_map(Choice::only),
        1 => some().prop_map(Choice::except),
    ]
}

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|v| (*v).to_owned()).collect()
}

fn some_number(most: u64) -> impl Strategy<Value = Option<u64>> {
    proptest::option::weighted(0.1, 0..most)
}

fn sense() -> impl Strategy<Value = Sense> {
    let monitors = vec![made::monitor_name(0), made::monitor_name(2)];
    prop_oneof![
        6 => Just(Sense::All),
        1 => Just(Sense::Without),
        1 => Just(Sense::Only),
        2 => Just(Sense::WithoutOf(monitors)),
    ]
}

pub fn filter() -> impl Strategy<Value = Filter> {
    let monitors = (0..4).map(made::monitor_name).collect();
    let authors = (0..4).map(made::author_key).collect();
    let time = || proptest::option::weighted(0.3, (-2i64..16).prop_map(|half| START + half * DAY / 2));
    (
        (
            prop_oneof![
                Just(None),
                Just(Some("alpha".to_owned())),
                Just(Some("beta".to_owned()))
            ],
            choice(monitors),
        ),
        (time(), time(), choice(made::hours())),
        (
            choice(strings(&["bluesky", "x", "none"])),
            choice(strings(&["en", "de", "und"])),
        ),
        (choice(Label::ALL.to_vec()), choice(vec![Kind::Post, Kind::Reply])),
        (choice(strings(&["RECALL", "été"])), choice(authors)),
        (
            choice(strings(&["news.example", "Blog.example"])),
            choice(strings(&["Café", "camera", "the"])),
        ),
        (
            choice(strings(&["joy", "none"])),
            choice(strings(&["question", "praise"])),
            choice(strings(&["spam:spam", "topic:taste"])),
            choice(strings(&["LEAF"])),
            choice(strings(&["price", "taste"])),
            choice(vec![0, 9, 10, 99]),
            choice(vec![made::group_of(1), made::group_of(2), made::group_of(3)]),
        ),
        (
            choice(strings(&["DE", "US"])),
            choice(strings(&["IMAGE", "link"])),
            choice(strings(&["http://www.news.example/a", "www.shop.example/a"])),
            choice(vec![made::post_key(1)]),
        ),
        (
            some_number(100),
            some_number(300),
            some_number(4),
            some_number(8),
            prop_oneof![4 => Just(Context::Without), 2 => Just(Context::With), 1 => Just(Context::Only)],
            sense(),
        ),
    )
        .prop_map(
            |(
                (project, monitors),
                (from, to, hours),
                (sources, langs),
                (sentiments, kinds),
                (hashtags, authors),
                (sites, terms),
                (emotions, intents, classes, entities, aspects, topics, copies),
                (countries, media, links, related),
                (followers_from, followers_to, engagement_from, engagement_to, context, sense),
            )| {
                Filter {
                    project,
                    monitors,
                    from,
                    to,
                    hours,
                    sources,
                    langs,
                    sentiments,
                    kinds,
                    hashtags,
                    authors,
                    sites,
                    terms,
                    emotions,
                    intents,
                    classes,
                    entities,
                    aspects,
                    topics,
                    copies,
                    countries,
                    media,
                    links,
                    related,
                    followers_from,
                    followers_to,
                    engagement_from,
                    engagement_to,
                    models: Choice::default(),
                    context,
                    sense,
                    marks: Vec::new(),
                    upto: None,
                    since: None,
                    voice: None,
                    q: None,
                }
            },
        )
}

/// Queries of every operator, as text.
fn question() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec![
        "battery",
        "screen",
        "café",
        "cafe",
        "camera",
        "42",
        "👍",
        "batt*",
        "#recall",
        "#été",
        "#ete",
        "recall",
        "@ann",
        "ann",
        "hann",
        "{The}",
        "{Café}",
        "\"the camera\"",
        "\"battery life\"",
        "battery-life",
        "\"a screen\"",
        "\"and a refund\"",
        "\"the camera\"~5",
        "\"camera the\"~4",
        "кофе",
        "støy",
        "lang:en",
        "source:x",
        "kind:reply",
        "site:blog.example",
        "\"camera the\"",
        "#rec*",
        "\"@ann café\"",
        "*tery",
        "b?tt*",
        "*mer*",
        "#r*l",
        "\"the c*ra\"",
        "s?een",
        "title:camera",
        "text:(camera OR battery)",
        "title:\"the camera\"",
        "text:(battery AND NOT screen)",
        "country:de",
        "hashtags:recall",
        "at_mentions:someone",
        "replyTo:someone",
        "author:ann",
        "url:news.example",
        "url:shop.example/a",
        "links:shop",
        "has:image",
        "has:link",
        "followers:[10 TO 200]",
        "list:fruit",
    ]);
    let leaf = leaf.prop_map(str::to_owned);
    leaf.prop_recursive(3, 12, 3, |inner| {
        let word =
            proptest::sample::select(vec!["battery", "the", "camera", "ann", "#recall", "\"the café\""]);
        let reach = proptest::sample::select(vec!["NEAR/2", "NEAR/4f", "NEAR/9"]);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..3).prop_map(|v| format!("({})", v.join(" AND "))),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|v| format!("({})", v.join(" OR "))),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a} AND NOT {b})")),
            (word.clone(), reach, word).prop_map(|(a, r, b)| format!("({a} {r} {b})")),
        ]
    })
}

fn lists() -> query::Lists {
    let mut lists = query::Lists::new();
    lists
        .add("fruit", "battery\n#launch\n\"a refund\"\nкоф*")
        .unwrap();
    lists
}

pub fn search() -> impl Strategy<Value = Option<Search>> {
    let search = (question(), any::<bool>()).prop_filter_map("refused", |(text, pseudonyms)| {
        let query = Arc::new(query::parse_with(&text, &lists()).ok()?);
        let token: Option<Arc<HandleToken>> = if pseudonyms {
            Some(Arc::new(made::handle_token))
        } else {
            None
        };
        Some(Search {
            query,
            pseudonyms: token,
        })
    });
    proptest::option::weighted(0.5, search)
}

fn options(open_writers: usize) -> Options {
    Options {
        period: Period::Month,
        open_writers,
        writer_memory: 15 << 20,
        // Nearly every segment is large, so that what is kept of those is tried.
        large_segment: 2,
        ..Options::default()
    }
}

/// A store with the journal it is fed from.
pub struct Run {
    dir: tempfile::TempDir,
    options: Options,
    store: Option<Store>,
    journal: Vec<Change>,
    pub oracle: Oracle,
}

impl Run {
    pub fn new(open_writers: usize) -> Self {
        let (dir, options) = (made::folder(), options(open_writers));
        let store = Store::open(dir.path(), options.clone()).unwrap().0;
        Self {
            dir,
            options,
            store: Some(store),
            journal: Vec::new(),
            oracle: Oracle::default(),
        }
    }

    pub fn store(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    pub fn step(&mut self, step: Step) {
        match step {
            Step::Change(change) => {
                self.oracle.apply(&change);
                self.journal.push(change.clone());
                let upto = self.journal.len() as u64;
                self.store().apply([change], upto).unwrap();
            }
            Step::Commit => {
                let commit = self.store().commit().unwrap();
                assert_eq!(commit.position, self.journal.len() as u64);
            }
            Step::Crash => self.crash(),
        }
    }

    fn crash(&mut self) {
        self.store = None;
        let (store, recovery) = Store::open(self.dir.path(), self.options.clone()).unwrap();
        self.store = Some(store);
        let again = self.journal[recovery.position as usize..].to_vec();
        let upto = self.journal.len() as u64;
        self.store().apply(again, upto).unwrap();
    }

    /// Ends the process in order and begins another.
    pub fn restart(&mut self) {
        self.store().commit().unwrap();
        self.crash();
    }

    /// Changes a byte of every file that ends so.
    pub fn damage(&mut self, extension: &str) {
        let partitions = std::fs::read_dir(self.dir.path())
            .unwrap()
            .map(|e| e.unwrap().path());
        for partition in partitions.filter(|p| p.is_dir()) {
            let files = std::fs::read_dir(partition).unwrap().map(|e| e.unwrap().path());
            for file in files.filter(|f| f.extension().is_some_and(|e| e == extension)) {
                let mut bytes = std::fs::read(&file).unwrap();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                std::fs::write(&file, bytes).unwrap();
            }
        }
    }

    pub fn finish(&mut self) -> Snapshot {
        self.store().commit().unwrap();
        self.store().reader().snapshot()
    }
}

fn all_pages(snapshot: &Snapshot, filter: &Filter, limit: usize) -> (Vec<Mention>, u64) {
    let (mut items, mut after) = (Vec::new(), None);
    loop {
        let Page {
            items: page,
            next,
            total,
        } = snapshot.mentions(filter, after, limit).unwrap();
        assert!(page.len() == limit || next.is_none());
        items.extend(page);
        match next {
            Some(next) => after = Some(next.to_string().parse().unwrap()),
            None => return (items, total),
        }
    }
}

fn all_sorted(snapshot: &Snapshot, filter: &Filter, sort: Sort, limit: usize) -> (Vec<Mention>, u64) {
    let (mut items, mut after) = (Vec::new(), None);
    loop {
        let Sorted {
            items: page,
            next,
            total,
        } = snapshot.sorted(filter, sort, after, limit).unwrap();
        assert!(page.len() == limit || next.is_none());
        items.extend(page);
        match next {
            Some(next) => after = Some(next.to_string().parse().unwrap()),
            None => return (items, total),
        }
    }
}

/// The orders that follow from a mention alone; `relevance.rs` is about the one that does not.
fn plain_orders() -> impl Iterator<Item = Sort> {
    Sort::ALL.into_iter().filter(|sort| *sort != Sort::Relevance)
}

fn check(snapshot: &Snapshot, oracle: &Oracle, filter: &Filter) {
    assert_eq!(snapshot.figures(filter).unwrap(), oracle.figures(filter));
    assert_eq!(snapshot.count(filter).unwrap(), oracle.figures(filter).mentions);
    let (items, total) = all_pages(snapshot, filter, 7);
    let expected: Vec<Mention> = oracle.select(filter, true).into_iter().cloned().collect();
    assert_eq!(total, expected.len() as u64);
    assert_eq!(items, expected);
    for sort in plain_orders() {
        let (items, total) = all_sorted(snapshot, filter, sort, 7);
        assert_eq!(total, expected.len() as u64);
        let expected: Vec<Mention> = oracle.sorted(filter, sort).into_iter().cloned().collect();
        assert_eq!(items, expected, "{sort:?}");
    }
    for by in DIMENSIONS {
        for limit in [2, 100] {
            assert_eq!(
                snapshot.breakdown(filter, by, limit).unwrap(),
                oracle.breakdown(filter, by, limit),
                "{by:?}"
            );
        }
    }
    let by = [
        None,
        Some(Dimension::Monitor),
        Some(Dimension::Sentiment),
        Some(Dimension::Source),
        Some(Dimension::Kind),
    ];
    for (by, (interval, offset)) in by.into_iter().zip([
        (DAY, 0),
        (DAY, 2 * 3_600_000),
        (DAY / 4, 0),
        (3 * DAY, -DAY),
        (DAY, 0),
    ]) {
        let series = snapshot.series(filter, by, interval, offset).unwrap();
        let mut counts = BTreeMap::new();
        for line in &series.lines {
            assert_eq!(line.total, line.counts.iter().sum::<u64>());
            let present = series.times.iter().zip(&line.counts).filter(|(_, n)| **n > 0);
            counts.extend(present.map(|(at, n)| ((line.key.clone(), *at), *n)));
        }
        assert!(series.times.windows(2).all(|w| w[1] - w[0] == interval));
        assert!(series.lines.is_sorted_by_key(|l| std::cmp::Reverse(l.total)));
        assert_eq!(counts, oracle.series(filter, by, interval, offset));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 30, ..ProptestConfig::default() })]

    #[test]
    fn answers_as_the_plain_list(
        steps in proptest::collection::vec(step(), 20..60),
        open_writers in 1usize..4,
        filters in proptest::collection::vec(filter(), 8),
    ) {
        let mut run = Run::new(open_writers);
        steps.into_iter().for_each(|s| run.step(s));
        let snapshot = run.finish();
        prop_assert_eq!(snapshot.total().unwrap(), run.oracle.mentions.len() as u64);
        let oldest = run.oracle.mentions.iter().map(|m| m.post.created_at).min();
        let found = snapshot.oldest().unwrap();
        prop_assert!(oldest.is_none() || found.is_some_and(|at| Some(at) <= oldest));
        check(&snapshot, &run.oracle, &Filter::default());
        filters.iter().for_each(|f| check(&snapshot, &run.oracle, f));
        let by_monitor = snapshot.count_by_monitor().unwrap();
        for m in &run.oracle.mentions {
            prop_assert_eq!(&snapshot.mention(m.id).unwrap().unwrap(), m);
            let matched = |o: &&Mention| o.monitor == m.monitor && !o.is_context();
            let expected = run.oracle.mentions.iter().filter(matched).count();
            prop_assert_eq!(by_monitor.get(&m.monitor).copied().unwrap_or(0), expected as u64);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 30, ..ProptestConfig::default() })]

    #[test]
    fn finds_what_the_matcher_finds(searches in proptest::collection::vec(search(), 60)) {
        let (snapshot, oracle) = library();
        for search in searches.into_iter().flatten() {
            let text = search.query.to_string();
            let filter = Filter { q: Some(search), ..Filter::default() };
            let found: Vec<_> = all_pages(snapshot, &filter, 50).0.iter().map(|m| m.id).collect();
            let expected: Vec<_> = oracle.select(&filter, true).iter().map(|m| m.id).collect();
            prop_assert_eq!(found, expected, "{}", text);
            prop_assert_eq!(snapshot.figures(&filter).unwrap(), oracle.figures(&filter));
        }
    }
}

/// A store of 200 posts, made once.
fn library() -> &'static (Snapshot, Oracle) {
    static LIBRARY: OnceLock<(Snapshot, Oracle)> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let mut run = Run::new(4);
        for n in 0..200u8 {
            run.step(Step::Change(put(n, u32::from(n).wrapping_mul(2_654_435) >> 3, 1)));
        }
        (run.finish(), run.oracle)
    })
}

#[test]
fn replaying_everything_changes_nothing() {
    let mut run = Run::new(4);
    for n in 0..40 {
        run.step(Step::Change(put(n, u32::from(n) * 31, 1 + n % 15)));
    }
    let before = run.finish();
    let journal = run.journal.clone();
    for _ in 0..2 {
        run.store().apply(journal.clone(), 0).unwrap();
    }
    let after = run.finish();
    assert_eq!(run.store().position(), journal.len() as u64);
    assert_eq!(before.total().unwrap(), after.total().unwrap());
    check(&after, &run.oracle, &Filter::default());
    assert!(after.generation() > before.generation());
}

#[test]
fn pages_hold_while_others_write() {
    let mut run = Run::new(4);
    for n in 0..30 {
        run.step(Step::Change(put(n, 9, 1)));
    }
    let first = run.finish();
    let wanted: Vec<_> = run
        .oracle
        .select(&Filter::default(), true)
        .iter()
        .map(|m| m.id)
        .collect();
    let (mut seen, mut after) = (Vec::new(), None);
    for n in 100..200 {
        let snapshot = run.finish();
        let page = snapshot.mentions(&Filter::default(), after, 4).unwrap();
        seen.extend(page.items.into_iter().map(|m| m.id));
        after = page.next;
        if after.is_none() {
            break;
        }
        run.step(Step::Change(put(n, 11, 1)));
    }
    let kept: Vec<_> = seen.iter().copied().filter(|id| wanted.contains(id)).collect();
    assert_eq!(kept, wanted);
    assert_eq!(
        first.count(&Filter::default()).unwrap(),
        30,
        "an old snapshot stays as it was"
    );
}

#[test]
fn paging_in_another_order_neither_repeats_nor_skips_what_stays_while_posts_come_in() {
    for sort in plain_orders() {
        let mut run = Run::new(4);
        for n in 0..30 {
            run.step(Step::Change(put(n, u32::from(n % 7), 1)));
        }
        run.finish();
        let wanted: Vec<_> = run
            .oracle
            .sorted(&Filter::default(), sort)
            .iter()
            .map(|m| m.id)
            .collect();
        let (mut seen, mut after) = (Vec::new(), None);
        for n in 100..200 {
            let page = run.finish().sorted(&Filter::default(), sort, after, 4).unwrap();
            seen.extend(page.items.into_iter().map(|m| m.id));
            after = page.next;
            if after.is_none() {
                break;
            }
            run.step(Step::Change(put(n, u32::from(n % 5), 1)));
        }
        let kept: Vec<_> = seen.iter().copied().filter(|id| wanted.contains(id)).collect();
        assert_eq!(kept, wanted, "{sort:?}");
    }
}
