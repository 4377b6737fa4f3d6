//! Distinct authors and texts of cells that have more of them than are held: estimates within their stated errors, which
//! stay so when posts come and go.

use crate::made::{self, DAY, START};
use post::{Author, AuthorKey, MentionId, PostKey};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Calendar, Cell, Change, Choose, Cut, Dimension, Filter, Measures, Mention, Options, Question, Snapshot,
    Step, Store,
};

/// Held at most: small, so that a test can have more.
const HELD: usize = 400;

fn spread(n: u64) -> u128 {
    let x = u128::from(n + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93_A076_1D64_78BD_642F);
    (x ^ (x >> 61)).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
}

/// A post: few authors write many, and few of those have most of the followers.
fn mention(n: u64) -> Mention {
    let mut mention = made::mention(1, 0, 0);
    let author = if n.is_multiple_of(9) { n % 7 } else { n / 2 };
    mention.id = MentionId(spread(1_000_000 + n).to_be_bytes());
    mention.primary = true;
    mention.lang = ["en", "de", "fr"][(n % 20).min(2) as usize].to_owned();
    mention.group = Some((spread(2_000_000 + n - n % 3) >> 64) as u64);
    mention.post.key = PostKey(spread(n).to_be_bytes());
    mention.post.created_at = START + (n % 40) as i64 * DAY / 2;
    mention.post.author = Some(Author {
        key: AuthorKey(spread(3_000_000 + author).to_be_bytes()),
        handle_token: None,
        public_handle: None,
        public_name: None,
        followers: Some(if author < 7 { 500_000 } else { 10 + author % 90 }),
        verified: None,
        bot: None,
    });
    mention
}

fn put(n: u64) -> Change {
    let mention = mention(n);
    Change::Put {
        post: mention.post.key,
        mentions: vec![mention],
    }
}

fn exact(list: &[&Mention]) -> Cell {
    let mut authors: BTreeMap<AuthorKey, (u64, u64)> = BTreeMap::new();
    for m in list {
        let author = m.post.author.as_ref().unwrap();
        let (times, most) = authors.entry(author.key).or_default();
        (*times, *most) = (*times + 1, (*most).max(author.followers.unwrap()));
    }
    Cell {
        mentions: list.len() as u64,
        authors: authors.len() as u64,
        texts: list.iter().map(|m| m.group).collect::<BTreeSet<_>>().len() as u64,
        audience: Some(authors.values().map(|(_, most)| most).sum()),
        audience_of: authors.len() as u64,
        signed: list.len() as u64,
        squares: authors.values().map(|(times, _)| times * times).sum(),
        worded: list.len() as u64,
        ..Cell::default()
    }
}

/// Within five standard errors, each; and whether any was an estimate.
fn holds(got: &Cell, exact: &Cell, what: &str) -> bool {
    let close = |name: &str, got: u64, exact: u64, error: u32| {
        let room = exact as f64 * f64::from(error) / 1e6 * 5.0;
        assert!(
            got.abs_diff(exact) as f64 <= room,
            "{what}: {got} {name} for {exact} ± {error}"
        );
    };
    let errors = got.errors;
    assert_eq!(
        (got.mentions, got.signed, got.worded),
        (exact.mentions, exact.signed, exact.worded),
        "{what}"
    );
    close("authors", got.authors, exact.authors, errors.authors);
    close("audience_of", got.audience_of, exact.audience_of, errors.authors);
    close("texts", got.texts, exact.texts, errors.texts);
    close("squares", got.squares, exact.squares, errors.squares);
    close(
        "audience",
        got.audience.unwrap_or(0),
        exact.audience.unwrap(),
        errors.audience,
    );
    if exact.authors <= HELD as u64 {
        assert_eq!(
            (errors.authors, errors.squares, errors.audience),
            (0, 0, 0),
            "{what}: few are counted"
        );
    } else {
        // At least half of what is held is drawn.
        assert!((1..=72_000).contains(&errors.authors), "{what}: {errors:?}");
    }
    errors != store::Errors::default()
}

fn ask(snapshot: &Snapshot, stored: &BTreeMap<u64, Mention>, what: &str) {
    let filter = Filter {
        from: Some(START),
        to: Some(START + 20 * DAY),
        ..Filter::default()
    };
    let measures = Measures {
        engagement: false,
        sentiment: false,
        ..Measures::ALL
    };
    let table = |cuts: Vec<Cut>| {
        let filter = filter.clone();
        snapshot
            .table(&Question {
                filter,
                cuts,
                measures,
            })
            .unwrap()
    };
    let all: Vec<&Mention> = stored.values().collect();
    assert!(holds(&table(vec![]).total, &exact(&all), what));
    let by_lang = table(vec![Cut::Values(Dimension::Lang, Choose::Top(3))]);
    assert!(holds(&by_lang.total, &exact(&all), what));
    let mut drawn = 0;
    for (key, cell) in by_lang.axes[0].keys.iter().zip(&by_lang.cells) {
        let store::Key::Value(lang) = key else { continue };
        let own: Vec<&Mention> = all.iter().copied().filter(|m| m.lang == *lang).collect();
        drawn += usize::from(holds(cell, &exact(&own), &format!("{what} in {lang}")));
    }
    assert_eq!(drawn, 1, "{what}: of the languages one has very many");
    let by_day = table(vec![Cut::Time(Calendar::utc(Step::Day))]);
    for (at, cell) in by_day.cells.iter().enumerate() {
        let of_day = |m: &&Mention| (m.post.created_at - START) / DAY == at as i64;
        let own: Vec<&Mention> = all.iter().copied().filter(of_day).collect();
        assert!(!holds(cell, &exact(&own), &format!("{what} on day {at}")));
    }
}

#[test]
fn estimates_keep_their_errors_while_posts_come_and_go() {
    let dir = made::folder();
    let options = Options {
        large_segment: 300,
        exact_distinct: HELD,
        ..Options::default()
    };
    let (mut store, _) = Store::open(dir.path(), options).unwrap();
    let mut stored: BTreeMap<u64, Mention> = BTreeMap::new();
    for begin in (0..6_000).step_by(1_000) {
        store
            .apply((begin..begin + 1_000).map(put).collect::<Vec<_>>(), 0)
            .unwrap();
        store.commit().unwrap();
        stored.extend((begin..begin + 1_000).map(|n| (n, mention(n))));
    }
    ask(&store.reader().snapshot(), &stored, "at first");
    // Few at a time, so that they are taken off what is kept, and then so many that all is counted anew; at last a famous
    // author goes, and what is small outgrows what is kept.
    for (round, gone) in [(0..60, 0), (60..64, 1), (64..900, 2), (900..903, 3)]
        .into_iter()
        .map(|(g, r)| (r, g))
    {
        let mut changes: Vec<Change> = gone
            .clone()
            .map(|n| Change::Put {
                post: PostKey(spread(n * 5).to_be_bytes()),
                mentions: vec![],
            })
            .collect();
        changes.extend((0..50).map(|i| put(6_000 + round * 50 + i)));
        store.apply(changes, 0).unwrap();
        store.commit().unwrap();
        gone.for_each(|n| drop(stored.remove(&(n * 5))));
        stored.extend((0..50).map(|i| (6_000 + round * 50 + i, mention(6_000 + round * 50 + i))));
        ask(
            &store.reader().snapshot(),
            &stored,
            &format!("after round {round}"),
        );
    }
    let famous = mention(0).post.author.unwrap().key;
    store.apply([Change::DeleteAuthor(famous)], 0).unwrap();
    store.commit().unwrap();
    stored.retain(|_, m| m.post.author.as_ref().unwrap().key != famous);
    ask(&store.reader().snapshot(), &stored, "without a famous author");
}
