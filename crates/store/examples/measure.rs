//! What this machine does: `cargo run --release -p store --example measure [mentions]`.
//!
//! Made-up posts (Zipf words, about 140 bytes, 50 monitors of which the first has a quarter of the mentions) are
//! stored in commits of 5,000; then common questions are asked, and commits of 1,000 timed.
#![allow(clippy::unwrap_used, reason = "a failure should stop the measurement")]

use post::{Author, AuthorKey, Counts, Event, Kind, MentionId, Post, PostKey};
use std::sync::Arc;
use std::time::Instant;
use store::{Change, Choice, Dimension, Filter, Mention, Options, Search, Sentiment, Snapshot, Store};

const START: i64 = 1_769_558_400_000;
const SPAN: i64 = 14 * 24 * 3_600_000;

/// A small generator of numbers: splitmix64.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    fn key(&mut self) -> [u8; 16] {
        ((u128::from(self.next()) << 64) | u128::from(self.next())).to_be_bytes()
    }

    /// Below `n`, small ones more often: about Zipf's law.
    fn zipf(&mut self, n: u64) -> u64 {
        let u = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((n as f64).powf(u) - 1.0) as u64
    }
}

fn word(n: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "ka", "lo", "mi", "ten", "ra", "su", "vel", "dor", "pa", "gri", "no", "ble", "shi", "um", "fer", "ja",
    ];
    let mut left = n + 16;
    let mut out = String::new();
    while left > 0 {
        out.push_str(SYLLABLES[left as usize % 16]);
        left /= 16;
    }
    out
}

fn post(numbers: &mut Numbers, at: i64) -> Post {
    let words = 8 + numbers.next() % 24;
    let mut text: Vec<String> = (0..words).map(|_| word(numbers.zipf(200_000))).collect();
    let hashtags: Vec<String> = (0..numbers.next() % 3)
        .map(|_| word(numbers.zipf(5_000)))
        .collect();
    text.extend(hashtags.iter().map(|tag| format!("#{tag}")));
    let author = numbers.zipf(1_000_000);
    Post {
        key: PostKey(numbers.key()),
        platform: ["bluesky", "mastodon", "x"][numbers.zipf(3) as usize % 3].to_owned(),
        event: Event::Create,
        kind: Kind::ALL[numbers.zipf(4) as usize % 4],
        created_at: at,
        seen_at: at + 1_500,
        edited_at: None,
        author: Some(Author {
            key: AuthorKey(Numbers(author).key()),
            handle_token: Some(format!("h{author:010x}")),
            public_handle: None,
            public_name: None,
            followers: Some(numbers.zipf(100_000)),
            verified: None,
            bot: None,
        }),
        title: None,
        text: text.join(" "),
        content_warning: None,
        lang_claimed: vec!["en".to_owned()],
        lang: None,
        community: None,
        reply_to: None,
        thread_root: None,
        repost_of: None,
        quote_of: None,
        hashtags,
        mentions: Vec::new(),
        urls: (0..numbers.next() % 2)
            .map(|_| format!("https://{}.example/{}", word(numbers.zipf(900)), numbers.next()))
            .collect(),
        media: Vec::new(),
        counts: Counts {
            likes: Some(numbers.zipf(1_000)),
            ..Counts::default()
        },
        place: None,
        utc_offset: None,
        quoted_text: None,
        sensitive: None,
        indexable: None,
    }
}

fn change(numbers: &mut Numbers, at: i64) -> Change {
    let post = post(numbers, at);
    let negative = (numbers.next() % 100) as f32 / 100.0;
    // One post in nine matches a second monitor.
    let monitors = if numbers.next().is_multiple_of(9) { 2 } else { 1 };
    let mentions = (0..monitors).map(|i| Mention {
        id: MentionId(numbers.key()),
        project: "default".to_owned(),
        monitor: format!("monitor-{}", (numbers.zipf(50) + 7 * i) % 50),
        monitor_version: 1,
        primary: i == 0,
        post: post.clone(),
        lang: ["en", "de", "es", "und"][numbers.zipf(4) as usize % 4].to_owned(),
        sentiment: Some(Sentiment {
            probabilities: [negative, (1.0 - negative) / 2.0, (1.0 - negative) / 2.0],
            model: "sentiment@1".to_owned(),
            is_toward: true,
        }),
        scores: store::Scores::default(),
    });
    Change::Put {
        post: post.key,
        mentions: mentions.collect(),
    }
}

fn main() {
    let wanted: u64 = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(300_000);
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    let mut numbers = Numbers(1);
    let (mut posts, mut busy) = (0u64, std::time::Duration::ZERO);
    while store.reader().snapshot().total() < wanted {
        let at = |i: u64| START + (SPAN as u128 * u128::from(i) / u128::from(wanted)) as i64;
        let batch: Vec<Change> = (0..5_000).map(|i| change(&mut numbers, at(posts + i))).collect();
        posts += 5_000;
        let begin = Instant::now();
        store.apply(batch, posts).unwrap();
        store.commit().unwrap();
        busy += begin.elapsed();
    }
    let total = store.reader().snapshot().total();
    println!(
        "stored {total} mentions of {posts} posts: {:.0} mentions/s",
        total as f64 / busy.as_secs_f64()
    );
    let mut commits: Vec<f64> = (0..20)
        .map(|_| {
            let batch: Vec<Change> = (0..1_000).map(|_| change(&mut numbers, START + SPAN)).collect();
            store.apply(batch, posts).unwrap();
            let begin = Instant::now();
            store.commit().unwrap();
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    commits.sort_by(f64::total_cmp);
    println!(
        "commit of 1,000 posts: median {:.0} ms, slowest {:.0} ms",
        commits[10], commits[19]
    );
    store.close().unwrap();
    let begin = Instant::now();
    let (store, recovery) = Store::open(dir.path(), Options::default()).unwrap();
    println!(
        "opened {} mentions in {:.0} ms",
        recovery.mentions,
        begin.elapsed().as_secs_f64() * 1e3
    );
    let bytes = store.reader().bytes().unwrap();
    println!(
        "{bytes} bytes on disk: {:.0} a mention",
        bytes as f64 / recovery.mentions as f64
    );
    questions(&store.reader().snapshot());
}

fn questions(snapshot: &Snapshot) {
    let all = Filter {
        project: Some("default".to_owned()),
        ..Filter::default()
    };
    let one = |name: &str| Filter {
        monitors: Choice::only([name.to_owned()]),
        ..all.clone()
    };
    let day = Filter {
        from: Some(START + SPAN / 2),
        to: Some(START + SPAN / 2 + 24 * 3_600_000),
        ..all.clone()
    };
    let search = |text: &str| {
        let query = Arc::new(query::parse(text).unwrap());
        Filter {
            q: Some(Search {
                query,
                pseudonyms: None,
            }),
            ..all.clone()
        }
    };
    let two = format!("{} AND NOT {}", word(3), word(4));
    let filters = [
        ("all", all.clone()),
        ("monitor-0", one("monitor-0")),
        ("monitor-40", one("monitor-40")),
        ("one day", day),
        ("q: word AND NOT word", search(&two)),
        ("q: phrase", search(&format!("\"{} {}\"", word(1), word(2)))),
        ("q: NEAR", search(&format!("{} NEAR/5 {}", word(1), word(2)))),
    ];
    println!(
        "{:24} {:>9} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}  ms",
        "", "mentions", "figures", "series", "monitor", "terms", "authors", "newest"
    );
    for (name, filter) in filters {
        let hour = 3_600_000;
        let figures = snapshot.figures(&filter).unwrap();
        let times = [
            time(|| assert!(snapshot.figures(&filter).is_ok())),
            time(|| {
                drop(
                    snapshot
                        .series(&filter, Some(Dimension::Sentiment), hour, 0)
                        .unwrap(),
                )
            }),
            time(|| drop(snapshot.breakdown(&filter, Dimension::Monitor, 10).unwrap())),
            time(|| drop(snapshot.breakdown(&filter, Dimension::Term, 20).unwrap())),
            time(|| drop(snapshot.breakdown(&filter, Dimension::Author, 20).unwrap())),
            time(|| drop(snapshot.mentions(&filter, None, 50).unwrap())),
        ];
        let cells: Vec<String> = times.iter().map(|ms| format!("{ms:>8.1}")).collect();
        println!("{name:24} {:>9} {}", figures.mentions, cells.join(" "));
    }
}

/// Milliseconds of the median of five runs.
fn time(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let begin = Instant::now();
            run();
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[2]
}
