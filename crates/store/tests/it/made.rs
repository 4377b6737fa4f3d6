//! Made-up mentions.

use jiff::tz::TimeZone;
use post::{
    Author, AuthorKey, Counts, Event, Kind, Media, MentionId, Millis, Place, PlaceEvidence, Post, PostKey,
};
use store::{Aspect, Class, Entity, Label, Mention, Scores, Sentiment, WeekHour};

pub const DAY: Millis = 24 * 3_600_000;
/// 2026-01-28T00:00:00Z: four days before a month ends.
pub const START: Millis = 1_769_558_400_000;

/// Words that count as terms, and their numbers of use: all made up.
pub const WORDS: [&str; 8] = [
    "battery", "screen", "café", "delivery", "refund", "camera", "støy", "кофе",
];
const SITES: [&str; 3] = ["news.example", "shop.example", "blog.example"];
const SOURCES: [&str; 3] = ["bluesky", "mastodon", "x"];
const LANGS: [&str; 3] = ["en", "de", "und"];
const TAGS: [&str; 4] = ["Recall", "recall", "Launch", "ÉTÉ"];

pub fn post_key(n: u8) -> PostKey {
    PostKey(spread(u64::from(n)))
}

pub fn author_key(n: u8) -> AuthorKey {
    AuthorKey(spread(1_000 + u64::from(n)))
}

pub fn mention_id(post: u8, monitor: u8) -> MentionId {
    MentionId(spread(10_000 + u64::from(post) * 100 + u64::from(monitor)))
}

/// An empty folder, in memory where the system has such a place: commits wait for the disk otherwise.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// How handles stand in admitted texts.
pub fn handle_token(handle: &str) -> String {
    format!("h{handle}")
}

/// Bytes as of a hash.
fn spread(n: u64) -> [u8; 16] {
    let x = u128::from(n + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93_A076_1D64_78BD_642F);
    (x ^ (x >> 61))
        .wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
        .to_be_bytes()
}

pub fn monitor_name(monitor: u8) -> String {
    format!("m{monitor}")
}

/// Monitors 0 to 2 belong to `alpha`, 3 to `beta`.
pub fn project_of(monitor: u8) -> &'static str {
    if monitor < 3 { "alpha" } else { "beta" }
}

/// The words of a version of a post.
pub fn words_of(version: u32) -> Vec<&'static str> {
    (0..3)
        .map(|i| WORDS[(version >> (3 * i)) as usize % WORDS.len()])
        .collect()
}

/// A version of post `n`. Everything follows from the two numbers.
pub fn post(n: u8, version: u32) -> Post {
    let v = version as usize;
    let words = words_of(version);
    let old = n.is_multiple_of(7);
    let created_at = if old { START - 900 * DAY } else { START }
        + i64::from(n % 11) * DAY / 2
        + i64::from(version % 3) * DAY;
    Post {
        key: post_key(n),
        platform: SOURCES[n as usize % 3].to_owned(),
        event: Event::Create,
        kind: Kind::ALL[v % 3],
        created_at,
        seen_at: if old { START } else { created_at + 1_000 },
        edited_at: None,
        author: (n % 5 != 4).then(|| Author {
            key: author_key(n % 5),
            handle_token: Some(handle_token("ann")).filter(|_| n.is_multiple_of(2)),
            public_handle: None,
            public_name: None,
            followers: version.is_multiple_of(2).then_some(u64::from(n) * 10),
            verified: None,
            bot: None,
        }),
        title: v.is_multiple_of(4).then(|| "About the camera".to_owned()),
        text: format!(
            "The {} and a {} #{} 42 @someone {}",
            words[0],
            words[1],
            TAGS[v % 4],
            words[2]
        ),
        content_warning: None,
        lang_claimed: Vec::new(),
        lang: None,
        community: v.is_multiple_of(5).then(|| SITES[2].to_owned()),
        reply_to: v.is_multiple_of(6).then(|| post_key(1)),
        thread_root: None,
        repost_of: None,
        quote_of: None,
        hashtags: vec![TAGS[v % 4].to_owned()],
        mentions: vec!["someone".to_owned()],
        urls: (0..v % 3)
            .map(|i| format!("https://www.{}/a", SITES[i]))
            .collect(),
        media: (0..v % 2)
            .map(|_| Media {
                kind: "image".to_owned(),
                ..Media::default()
            })
            .collect(),
        counts: Counts {
            likes: (!version.is_multiple_of(4)).then_some(u64::from(version % 10)),
            ..Counts::default()
        },
        place: ["DE", "US"].get(v % 3).map(|c| Place {
            country: (*c).to_owned(),
            region: None,
            evidence: PlaceEvidence::Author,
            confidence: 0.5,
        }),
        utc_offset: None,
        quoted_text: None,
        sensitive: None,
        indexable: None,
    }
}

/// The mention of a version of post `n` by a monitor.
pub fn mention(n: u8, version: u32, monitor: u8) -> Mention {
    let scores = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]];
    Mention {
        id: mention_id(n, monitor),
        project: project_of(monitor).to_owned(),
        monitor: monitor_name(monitor),
        monitor_version: 1,
        primary: false,
        post: post(n, version),
        lang: LANGS[version as usize % 3].to_owned(),
        sentiment: scores
            .get((version / 7) as usize % 4)
            .map(|&probabilities| Sentiment {
                probabilities,
                model: "sentiment@1".to_owned(),
                is_toward: version.is_multiple_of(2),
            }),
        scores: said(n, version),
        group: group(n, version),
        topic: (n % 4 < 3).then(|| u64::from(n % 4) * 9 + u64::from(version % 2)),
    }
}

/// Four of five posts are placed: some began their group, some are copies of post 1 or 2.
fn group(n: u8, version: u32) -> Option<u64> {
    match n % 5 {
        0 => None,
        1 | 2 => Some(group_of(n % 5)),
        _ if version.is_multiple_of(3) => Some(group_of(2)),
        _ => Some(group_of(n)),
    }
}

/// The group that a post begins.
pub fn group_of(n: u8) -> u64 {
    Mention::own_group(post_key(n))
}

/// What else models say of it.
fn said(n: u8, version: u32) -> Scores {
    let class = |task: &str, label: &str| Class {
        task: task.to_owned(),
        label: label.to_owned(),
        probability: 0.5,
        model: "panel@1".to_owned(),
    };
    let pick = |of: &[&str], by: u32| of.get(by as usize % (of.len() + 1)).map(|v| (*v).to_owned());
    let tasks = [
        ("emotion", pick(&["joy", "anger"], version)),
        ("intent", pick(&["question", "praise"], version / 3)),
        ("spam", pick(&["spam"], u32::from(n))),
        ("topic", pick(&["price", "taste"], u32::from(n) / 2)),
        (
            "relevance",
            pick(&["relevant", "irrelevant"], u32::from(n) / 3 + version),
        ),
    ];
    let some = tasks
        .iter()
        .filter_map(|(task, label)| label.as_deref().map(|l| class(task, l)));
    let name = pick(&["Leaf", "Root"], u32::from(n) + version);
    Scores {
        post: None,
        classes: some.collect(),
        entities: name
            .into_iter()
            .map(|name| Entity {
                name,
                kind: "product".to_owned(),
            })
            .collect(),
        aspects: pick(&["price", "taste"], version / 2)
            .into_iter()
            .map(|term| Aspect {
                term,
                sentiment: Some(Label::Negative),
            })
            .collect(),
    }
}

/// Hours of the week in which some posts are made: of two time zones, and of both sides of a clock that is turned.
pub fn hours() -> Vec<WeekHour> {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let hour = |day: u8, hour: u8, zone: &TimeZone| WeekHour {
        hour: day * 24 + hour,
        zone: zone.clone(),
    };
    let utc = TimeZone::UTC;
    let mut hours: Vec<WeekHour> = [1, 2, 13, 14].map(|h| hour(2, h, &berlin)).into();
    hours.extend((0..7).flat_map(|day| [hour(day, 0, &utc), hour(day, 13, &berlin), hour(day, 14, &berlin)]));
    hours
}
