//! Made-up mentions: Zipf words, about 140 bytes of text, 50 monitors of which the first has a quarter of the mentions, a
//! million authors of whom few write most, one post in six a copy.

use post::{Author, AuthorKey, Counts, Event, Kind, MentionId, Place, PlaceEvidence, Post, PostKey};
use store::{Change, Class, Mention, Scores, Sentiment};

/// When the first post was published: 29 August 2026.
pub(crate) const START: i64 = 1_787_961_600_000;
/// The time over which the posts are spread.
pub(crate) const SPAN: i64 = 90 * 24 * 3_600_000;
/// Texts that are copied.
const COPIED: u64 = 2_000;

/// A small generator of numbers: splitmix64.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    pub(crate) fn key(&mut self) -> [u8; 16] {
        ((u128::from(self.next()) << 64) | u128::from(self.next())).to_be_bytes()
    }

    /// Below `n`, small ones more often: about Zipf's law.
    pub(crate) fn zipf(&mut self, n: u64) -> u64 {
        let u = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((n as f64).powf(u) - 1.0) as u64
    }
}

/// The n-th most frequent word.
pub(crate) fn word(n: u64) -> String {
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
    let copied = numbers.next().is_multiple_of(6).then(|| numbers.zipf(COPIED));
    let mut own = Numbers(numbers.next());
    let mut shared = copied.map(Numbers);
    let said = shared.as_mut().unwrap_or(&mut own);
    let words = 8 + said.next() % 24;
    let mut text: Vec<String> = (0..words).map(|_| word(said.zipf(200_000))).collect();
    let hashtags: Vec<String> = (0..said.next() % 3).map(|_| word(said.zipf(5_000))).collect();
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
            .map(|_| {
                format!(
                    "https://{}.example/{}",
                    word(numbers.zipf(900)),
                    numbers.zipf(1_000_000)
                )
            })
            .collect(),
        media: Vec::new(),
        counts: Counts {
            likes: Some(numbers.zipf(1_000)),
            ..Counts::default()
        },
        place: ["DE", "US", "FR", "BR"]
            .get(numbers.zipf(6) as usize)
            .map(|country| Place {
                country: (*country).to_owned(),
                region: None,
                evidence: PlaceEvidence::Author,
                confidence: 0.8,
            }),
        utc_offset: None,
        quoted_text: None,
        sensitive: None,
        indexable: None,
    }
}

/// A new post, `at` its time.
pub(crate) fn change(numbers: &mut Numbers, at: i64) -> Change {
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
        scores: Scores {
            classes: vec![
                class(
                    "emotion",
                    ["joy", "anger", "sadness", "optimism"][post.key.0[0] as usize % 4],
                ),
                class(
                    "intent",
                    ["other", "praise", "complaint", "question"][post.key.0[1] as usize % 4],
                ),
            ],
            ..Scores::default()
        },
        group: Some(Mention::own_group(post.key)),
        topic: Some(u64::from(post.key.0[2])),
    });
    Change::Put {
        post: post.key,
        mentions: mentions.collect(),
    }
}

fn class(task: &str, label: &str) -> Class {
    Class {
        task: task.to_owned(),
        label: label.to_owned(),
        probability: 0.7,
        model: "panel@1".to_owned(),
    }
}
