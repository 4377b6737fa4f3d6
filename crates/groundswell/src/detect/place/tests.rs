//! Placing through restarts, erasures and damage.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::detect::Detail;
use post::{Author, AuthorKey, Counts, Event, Kind, MentionId, PostV1};
use store::{Change, Filter, Options, Scores, Store};

const MINUTE: Millis = 60_000;
const START: Millis = 1_769_558_400_000;

fn key_of(n: u64) -> [u8; 16] {
    let n = hash::mix(n + 1);
    (u128::from(n) << 64 | u128::from(n)).to_be_bytes()
}

fn post(n: u64, author: u64, at: Millis, text: &str) -> Post {
    let post = Post::from(PostV1 {
        key: PostKey(key_of(n)),
        platform: "x".to_owned(),
        event: Event::Create,
        kind: Kind::Post,
        created_at: at,
        seen_at: at,
        edited_at: None,
        author: None,
        title: None,
        text: text.to_owned(),
        content_warning: None,
        lang_claimed: Vec::new(),
        lang: None,
        community: None,
        reply_to: None,
        thread_root: None,
        repost_of: None,
        quote_of: None,
        hashtags: Vec::new(),
        mentions: Vec::new(),
        urls: Vec::new(),
        media: Vec::new(),
        counts: Counts::default(),
        country: None,
    });
    Post {
        author: Some(Author {
            key: AuthorKey(key_of(author + 1_000_000)),
            handle_token: None,
            public_handle: None,
            public_name: None,
            followers: None,
            verified: None,
            bot: None,
        }),
        ..post
    }
}

fn mention(post: &Post, project: &str) -> Mention {
    let monitor = format!("{project}-monitor");
    Mention {
        id: MentionId::of(post.key, &monitor),
        project: project.to_owned(),
        monitor,
        monitor_version: 1,
        primary: true,
        post: post.clone(),
        lang: "en".to_owned(),
        sentiment: None,
        scores: Scores::default(),
        group: None,
        topic: None,
    }
}

/// Places a post for some projects.
fn placed(placer: &Placer, post: &Post, projects: &[&str]) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = projects.iter().map(|p| mention(post, p)).collect();
    placer.place(std::iter::once((post, &mut mentions)));
    mentions
}

const SUBJECTS: [&str; 3] = [
    "battery phone hot charger screen recall warranty pocket",
    "train delay station ticket platform conductor winter snow",
    "oven bread recipe flour butter baker crust yeast",
];

/// Post `n`: every fifth is a copy of the one before.
fn nth(n: u64) -> Post {
    let own = if n % 5 == 4 { n - 1 } else { n };
    let words: Vec<&str> = SUBJECTS[(own % 3) as usize].split(' ').collect();
    let some = (0..5).map(|i| words[(hash::mix(own * 7 + i) % 8) as usize]);
    let text = some
        .chain([format!("w{own}").as_str()])
        .collect::<Vec<_>>()
        .join(" ");
    post(n, n % 11, START + n as Millis * MINUTE, &text)
}

struct World {
    dir: tempfile::TempDir,
    store: Store,
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = Store::open(&dir.path().join("store"), Options::default()).unwrap();
        Self { dir, store }
    }

    fn placer(&self) -> Placer {
        Placer::open(self.dir.path(), &self.store.reader().snapshot()).unwrap()
    }

    /// Places posts and commits their mentions.
    fn feed(&mut self, placer: &Placer, range: std::ops::Range<u64>) -> Vec<(u64, u64)> {
        let mut out = Vec::new();
        for n in range {
            let post = nth(n);
            let mentions = placed(placer, &post, &["a", "b"]);
            out.push((mentions[0].group.unwrap(), mentions[0].topic.unwrap()));
            let change = Change::Put {
                post: post.key,
                mentions,
            };
            self.store.apply([change], n + 1).unwrap();
        }
        self.store.commit().unwrap();
        out
    }
}

#[test]
fn copies_are_found_for_all_and_topics_for_each_project() {
    let world = World::new();
    let placer = world.placer();
    let text = "the new phone gets so hot in my pocket";
    let first = placed(&placer, &post(1, 1, START, text), &["a"]);
    let second = placed(&placer, &post(2, 2, START + MINUTE, &text.to_uppercase()), &["b"]);
    let group = first[0].group.unwrap();
    assert_eq!(group, Mention::own_group(PostKey(key_of(1))));
    assert_eq!((first[0].copy_of(), second[0].copy_of()), (None, Some(group)));
    assert_eq!(placer.tree("a", 5).len(), 1);
    assert_eq!(placer.tree("c", 5).len(), 0);
    let unwanted = Post {
        indexable: Some(false),
        ..post(3, 3, START, "a phone that nobody is to find by its topic")
    };
    let unwanted = placed(&placer, &unwanted, &["a"]);
    assert!(unwanted[0].group.is_some() && unwanted[0].topic.is_none());
    assert_eq!(
        placed(&placer, &post(2, 2, START, text), &["a", "b"])[0].group,
        Some(group)
    );
}

#[test]
fn a_restart_places_as_if_nothing_had_been() {
    let mut whole = World::new();
    let placer = whole.placer();
    let expected: Vec<(u64, u64)> = whole.feed(&placer, 0..300);
    // Ids begin with the time of the first post of a project: only which posts share one can be compared.
    let pattern = |all: &[(u64, u64)]| -> Vec<(u64, usize)> {
        let first = |t: u64| all.iter().position(|x| x.1 == t).unwrap();
        all.iter().map(|(g, t)| (*g, first(*t))).collect()
    };
    let mut killed = World::new();
    let mut placer = killed.placer();
    let mut found = killed.feed(&placer, 0..100);
    placer.save(killed.store.reader().generation()).unwrap();
    // What comes then is committed and not saved; what is placed last is not even committed.
    found.extend(killed.feed(&placer, 100..200));
    (200..210).for_each(|n| drop(placed(&placer, &nth(n), &["a", "b"])));
    placer = killed.placer();
    found.extend(killed.feed(&placer, 200..300));
    assert_eq!(pattern(&found).len(), pattern(&expected).len());
    let groups = |all: &[(u64, u64)]| all.iter().map(|x| x.0).collect::<Vec<_>>();
    assert_eq!(groups(&found), groups(&expected));
    let same = pattern(&found)
        .iter()
        .zip(pattern(&expected))
        .filter(|(a, b)| **a == *b)
        .count();
    assert!(same > 290, "{same} of 300 have the topic they would have had");
    // Saved ahead of the store, as by a kill between the two: what is placed again is where it was.
    let before = killed.store.reader().generation();
    (300..320).for_each(|n| drop(placed(&placer, &nth(n), &["a"])));
    placer.save(before).unwrap();
    placer = killed.placer();
    let again: Vec<u64> = (300..320)
        .map(|n| placed(&placer, &nth(n), &["a"])[0].group.unwrap())
        .collect();
    let fresh = whole.placer();
    let expected: Vec<u64> = (300..320)
        .map(|n| placed(&fresh, &nth(n), &["a"])[0].group.unwrap())
        .collect();
    assert_eq!(again, expected);
}

#[test]
fn a_damaged_state_is_set_aside_and_made_anew() {
    let mut world = World::new();
    let placer = world.placer();
    world.feed(&placer, 0..50);
    placer.save(world.store.reader().generation()).unwrap();
    let path = world.dir.path().join("detect/placing");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    std::fs::write(&path, bytes).unwrap();
    let placer = world.placer();
    assert!(world.dir.path().join("detect/placing.damaged").exists());
    // Post 104 is a copy of 103, 54 of 53; 49 is one of 48, which only the store still knows.
    let copy = Post {
        key: PostKey(key_of(900)),
        ..nth(48)
    };
    let copy = placed(&placer, &copy, &["a"]);
    assert_eq!(copy[0].copy_of(), Some(Mention::own_group(nth(48).key)));
    let known = world
        .store
        .reader()
        .snapshot()
        .mentions(&Filter::default(), None, 200)
        .unwrap();
    assert!(
        known
            .items
            .iter()
            .any(|m| m.project == "a" && m.topic == copy[0].topic)
    );
    placer.save(world.store.reader().generation()).unwrap();
    assert!(!world.dir.path().join("detect/placing.damaged").exists());
}

#[test]
fn what_was_erased_leaves_the_state_and_ids_stay() {
    let mut world = World::new();
    let placer = world.placer();
    world.feed(&placer, 0..40);
    let hers = post(500, 77, START, "my kettle says zyzzyvaword quokkatag every day");
    let mentions = placed(&placer, &hers, &["a"]);
    let topic = mentions[0].topic.unwrap();
    let put = Change::Put {
        post: hers.key,
        mentions,
    };
    world.store.apply([put], 100).unwrap();
    world.store.commit().unwrap();
    placer.save(world.store.reader().generation()).unwrap();
    let saved = || std::fs::read(world.dir.path().join("detect/placing")).unwrap();
    let holds = |bytes: &[u8]| bytes.windows(10).any(|w| w == b"zyzzyvawor");
    assert!(holds(&saved()));
    world.store.apply([Change::Delete(hers.key)], 101).unwrap();
    world.store.commit().unwrap();
    placer.rebuild(&world.store.reader().snapshot()).unwrap();
    assert!(!holds(&saved()));
    let again = placed(
        &placer,
        &post(501, 78, START, "my kettle says zyzzyvaword quokkatag every day"),
        &["a"],
    );
    assert_eq!(again[0].copy_of(), None, "her text is not known any more");
    assert!(
        again[0].topic.unwrap() > topic,
        "nor does her topic's id come to mean another"
    );
    let copy = Post {
        key: PostKey(key_of(900)),
        ..nth(33)
    };
    assert_eq!(
        placed(&placer, &copy, &["a"])[0].copy_of(),
        Some(Mention::own_group(nth(33).key))
    );
}

#[test]
fn a_new_topic_is_told_of_once_and_not_in_the_first_day() {
    let world = World::new();
    let placer = world.placer();
    let day = 24 * 60 * MINUTE;
    let flood = |from: u64, at: Millis, words: &str| {
        for n in from..from + 12 {
            // Twelve texts of twelve authors.
            let own: String = (0..4)
                .map(|i| format!(" x{}", hash::mix(n * 4 + i) % 100_000))
                .collect();
            let text = format!("{words} {words} {words}{own}");
            placed(&placer, &post(n, n, at + n as Millis * 1000, &text), &["a"]);
        }
    };
    let told = |now: Millis| placer.news(now);
    flood(0, START, "opening ceremony fireworks parade anthem");
    assert_eq!(told(START), []);
    // A month of topics that one person writes about each.
    (1_000..1_400).for_each(|n| {
        let text = format!("q{} r{} s{} t{}", n * 3, n * 5, n * 7, n * 11);
        placed(
            &placer,
            &post(n, n, START + day + (n as Millis - 1_000) * 20 * MINUTE, &text),
            &["a"],
        );
    });
    assert_eq!(told(START), []);
    let at = START + 20 * day;
    flood(2_000, at, "volcano eruption ash airport cancelled");
    let found = told(at + 10 * MINUTE);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].id.starts_with("new_topic:a:") && !found[0].is_past && found[0].strength > 2.0);
    let Detail::Topic {
        words,
        posts,
        mentions,
        ..
    } = &found[0].detail
    else {
        panic!("{found:?}");
    };
    assert!(words.iter().any(|w| w == "volcano"), "{words:?}");
    assert!(*posts >= 8 && !mentions.is_empty());
    flood(3_000, at + MINUTE, "volcano eruption ash airport cancelled");
    assert_eq!(told(at + 30 * MINUTE), []);
}
