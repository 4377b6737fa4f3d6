#![allow(clippy::unwrap_used)]

use super::clauses::clauses;
use super::counter::Counter;
use super::diff::Diff;
use super::expectations::{self, Source};
use super::expected::{self, Expected};
use super::labelled::{Labelled, judge};
use super::rate::Hours;
use super::{DAY, Interval, Seen};
use query::{Document, Query, parse};

fn query(text: &str) -> Query {
    parse(text).unwrap()
}

fn faults(text: &str) -> Vec<String> {
    let faults = expectations::read(text).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_file_of_expectations_is_read_with_its_lines() {
    let file = expectations::read(
        "config = \"groundswell.toml\"\n[[monitor]]\nname = \"acme\"\nmatch = [\n  \"acme tea\",\n  { text = \"acme\", lang = \"de\", author = \"@ann\", followers = 7, why = \"a fan\" },\n]\nskip = [\"acne\"]\n[[monitor]]\nname = \"tea\"\nquery = \"tea\"\nmatch = [\"tea\"]\n",
    )
    .unwrap();
    assert_eq!(file.monitors[0].query, Source::Configured);
    assert_eq!(file.monitors[1].query, Source::Text("tea".to_owned()));
    let lines: Vec<(usize, bool)> = file.monitors[0]
        .expectations
        .iter()
        .map(|e| (e.line, e.matches))
        .collect();
    assert_eq!(lines, [(5, true), (6, true), (8, false)]);
    let fan = &file.monitors[0].expectations[1];
    let author = fan.post.author.as_ref().unwrap();
    assert_eq!(
        (author.handle.as_deref(), author.followers),
        (Some("ann"), Some(7))
    );
    assert_eq!(fan.why.as_deref(), Some("a fan"));
}

#[test]
fn everything_wrong_with_a_file_is_named_with_its_line() {
    assert_eq!(
        faults(
            "[[monitor]]\nname = \"a\"\nquery = \"a\"\nmach = [\"a\"]\nskip = [3, { text = \"x\", kind = \"tweet\" }]\n"
        ),
        [
            "4: unknown key `mach`, did you mean `match`?",
            "5: expected a text, or a post as a table, got integer",
            "5: `tweet` is no kind of post; there are post, reply, repost, quote, comment, article, video, review",
        ]
    );
    assert_eq!(faults("")[0], "1: no [[monitor]] with expectations");
    assert!(
        faults("[[monitor]]\nname = \"a\"\nmatch = [\"a\"]\n")[0].starts_with("1: a monitor needs a `query`")
    );
    assert!(faults("[[list]]\nname = \"a\"\n")[0].starts_with("1: a list needs `terms`"));
    assert!(faults("\n\n[[monitor]\n")[0].starts_with("3: "));
}

#[test]
fn the_clauses_of_a_query_are_counted_each() {
    let query = query("(apple OR pear OR (fig AND date)) NOT (street OR road)");
    let all = clauses(&query);
    let shown: Vec<(String, bool)> = all.iter().map(|b| (b.query.to_string(), b.negated)).collect();
    let expected = ["apple", "pear", "fig AND date", "fig", "date"].map(|q| (q.to_owned(), false));
    assert_eq!(shown[..5], expected);
    assert_eq!(shown[5..], ["street", "road"].map(|q| (q.to_owned(), true)));
    let mut counter = Counter::new(all.iter().map(|b| &b.query), None);
    for (id, text) in [
        ("1", "apple street"),
        ("2", "apple"),
        ("2", "apple"),
        ("3", "fig and date"),
    ] {
        counter.see(&Seen {
            id,
            at: None,
            document: Document::of_text(text),
        });
    }
    let (hits, interval) = counter.finish();
    let posts: Vec<u64> = hits.iter().map(|h| h.posts).collect();
    assert_eq!(posts, [2, 0, 1, 1, 1, 1, 0]);
    assert_eq!((interval.posts, interval.timeless, interval.days()), (3, 3, None));
}

#[test]
fn a_diff_counts_by_day_and_says_what_made_the_difference() {
    let (old, new) = (query("apple"), query("(apple OR pear) NOT street"));
    let mut diff = Diff::new(&old, &new, None, 5);
    for (id, day, text) in [
        ("a", 1, "apple"),
        ("b", 1, "apple street"),
        ("c", 2, "pear"),
        ("c", 3, "pear"),
    ] {
        diff.see(&Seen {
            id,
            at: Some(day * DAY),
            document: Document::of_text(text),
        });
    }
    let report = diff.finish();
    let t = report.total;
    assert_eq!((t.old, t.new, t.gained, t.lost), (2, 2, 1, 1));
    assert_eq!(report.days.keys().copied().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(report.gained[0].why_not, ["needs `apple`"]);
    assert_eq!(
        report.lost[0].why_not,
        ["must not have `street`, which stands at 6..12"]
    );
    assert_eq!(report.lost[0].highlights.first(), Some(&(0..5)));
}

#[test]
fn a_sample_does_not_depend_on_the_order() {
    let (old, new) = (query("apple"), query("pear"));
    let sample = |order: &mut dyn Iterator<Item = u32>| -> Vec<String> {
        let mut diff = Diff::new(&old, &new, None, 3);
        for n in order {
            let id = n.to_string();
            diff.see(&Seen {
                id: &id,
                at: Some(i64::from(n)),
                document: Document::of_text("pear"),
            });
        }
        diff.finish().gained.into_iter().map(|s| s.id).collect()
    };
    assert_eq!(sample(&mut (0..200)), sample(&mut (0..200).rev()));
    assert_eq!(sample(&mut (0..200)).len(), 3);
}

#[test]
fn precision_recall_and_f1_are_counted_with_intervals() {
    let query = query("apple NOT street");
    let texts = [
        ("apple", true, 40),
        ("apple pie", false, 10),
        ("pear", true, 20),
        ("apple street", false, 30),
    ];
    let posts: Vec<Labelled<'_>> = texts
        .iter()
        .flat_map(|&(text, relevant, n)| {
            (0..n).map(move |_| Labelled {
                document: Document::of_text(text),
                relevant,
            })
        })
        .collect();
    let judged = judge(&query, &posts);
    let t = judged.tally;
    assert_eq!((t.right, t.wrong, t.missed, t.left_out), (40, 10, 20, 30));
    let (p, r, f) = (t.precision().unwrap(), t.recall().unwrap(), t.f1().unwrap());
    assert!((p.value - 0.8).abs() < 1e-9 && (r.value - 2.0 / 3.0).abs() < 1e-9);
    assert!((f.value - 2.0 * 0.8 * r.value / (0.8 + r.value)).abs() < 1e-9);
    assert!(f.low < f.value && f.value < f.high);
    assert_eq!(judged.false_negatives[0].reasons[0].to_string(), "needs `apple`");
    let street = judged.terms.iter().find(|t| t.clause == "street").unwrap();
    assert_eq!((street.negated, street.relevant, street.other), (true, 0, 30));
}

#[test]
fn the_rate_of_a_steady_stream_is_poissons_and_that_of_a_burst_is_wider() {
    let week = Interval {
        posts: 1,
        timeless: 0,
        from: Some(0),
        to: Some(7 * DAY),
    };
    let (mut steady, mut burst) = (Hours::default(), Hours::default());
    for n in 0..168 {
        steady.note(n * DAY / 24);
        burst.note(3 * DAY + n);
    }
    let (s, b) = (steady.rate(&week).unwrap(), burst.rate(&week).unwrap());
    assert!((s.per_day - 24.0).abs() < 1e-9 && (b.per_day - 24.0).abs() < 1e-9);
    // 168 matches: exact Poisson limits 143.55 and 195.41.
    assert!(
        (s.low - 143.55 / 7.0).abs() < 0.05 && (s.high - 195.41 / 7.0).abs() < 0.05,
        "{s:?}"
    );
    assert!(b.high - b.low > 5.0 * (s.high - s.low), "{b:?}");
    // No match at all: at most 3.69 in the interval.
    let none = Hours::default().rate(&week).unwrap();
    assert!(
        (none.high - 3.69 / 7.0).abs() < 0.01 && none.low == 0.0,
        "{none:?}"
    );
    assert!(
        steady
            .rate(&Interval {
                to: Some(1000),
                ..week
            })
            .is_none()
    );
}

#[test]
fn expectations_that_are_written_are_read_again_as_they_were() {
    let plain = |matches, text: &str| Expected {
        matches,
        text: text.to_owned(),
        ..Expected::default()
    };
    let all = vec![
        plain(true, "Apple opens \"a store\" in C:\\town"),
        plain(true, "two\nlines, '''quotes''' and \"\"\"more\"\"\""),
        Expected {
            title: Some("A title".to_owned()),
            lang: Some("en".to_owned()),
            author: Some("ann".to_owned()),
            followers: Some(12),
            kind: Some("reply".to_owned()),
            reply_to: Some("a post".to_owned()),
            hashtags: vec!["fruit".to_owned(), "pie".to_owned()],
            media: vec!["image".to_owned()],
            why: Some("a fan we must not lose".to_owned()),
            ..plain(true, "the new one")
        },
        plain(false, "an apple pie"),
    ];
    let terms = vec!["pie".to_owned(), "\"apple juice\"".to_owned()];
    let query = "apple NOT list:fruit\nOR \"the new one\"";
    let file = expected::write("My \"apple\"", query, &[("fruit".to_owned(), terms)], &all);
    let file = expectations::read(&file).unwrap();
    assert_eq!(file.monitors[0].name, "My \"apple\"");
    assert_eq!(file.monitors[0].query, Source::Text(query.to_owned()));
    let terms = expectations::Terms::Lines("pie\n\"apple juice\"".to_owned());
    assert_eq!((&file.lists[0].name[..], &file.lists[0].terms), ("fruit", &terms));
    let monitor = file.monitors.into_iter().next().unwrap();
    let read: Vec<Expected> = monitor.expectations.into_iter().map(Expected::from).collect();
    assert_eq!(read, all);
}

#[test]
fn a_verdict_says_where_it_matched_or_what_stands_in_the_way() {
    let query = query("apple NOT pie");
    let (good, bad) = (Document::of_text("an apple"), Document::of_text("an apple pie"));
    let matched = expected::judge(&query, true, &good);
    assert!(matched.holds && matched.reasons.is_empty());
    assert_eq!(matched.text.first(), Some(&(3..8)));
    let kept_out = expected::judge(&query, true, &bad);
    assert!(!kept_out.holds);
    assert_eq!(
        kept_out.text.first(),
        Some(&(9..12)),
        "the word that keeps it out"
    );
    assert!(expected::judge(&query, false, &bad).holds);
    let let_in = expected::judge(&query, false, &good);
    assert!(!let_in.holds);
    assert_eq!(let_in.text.first(), Some(&(3..8)));
    assert!(!let_in.reasons.is_empty());
}
