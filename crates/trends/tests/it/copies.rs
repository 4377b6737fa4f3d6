//! Copies.

use trends::copies::{Config, Copies, How, Post};
use trends::snapshot;

fn config() -> Config {
    Config {
        texts: 2000,
        ..Config::default()
    }
}

fn post(key: u64, text: &str) -> Post<'_> {
    Post {
        key,
        author: key + 1000,
        platform: (key % 2) as u16,
        at: 1_700_000_000 + key as i64 * 60,
        repost_of: None,
        text,
    }
}

const LONG: &str = "The new phone gets so hot in my pocket that I had to take it out on the train";

#[test]
fn edits_of_a_text_are_copies_and_other_texts_are_not() {
    let mut copies = Copies::new(config());
    assert_eq!(copies.place(&post(1, LONG)).how, How::First);
    let edits = [
        format!("RT @ann: {LONG}"),
        format!("{LONG} https://t.co/abc"),
        LONG.to_uppercase(),
        LONG.replace('o', "о"),
        format!("{LONG} #hot #phone"),
        LONG.replace("pocket", "bag"),
    ];
    for (i, edit) in edits.iter().enumerate() {
        let placed = copies.place(&post(2 + i as u64, edit));
        assert_eq!(placed.group, 1, "{edit}: {placed:?}");
    }
    let other = copies.place(&post(
        20,
        "The old train gets so late that I had to take the bus to work again today",
    ));
    assert_eq!(other.how, How::First);
}

#[test]
fn short_texts_are_compared_exactly() {
    let mut copies = Copies::new(config());
    copies.place(&post(1, "I love apple"));
    assert_eq!(copies.place(&post(2, "I love pear")).how, How::First);
    assert_eq!(copies.place(&post(3, "i LOVE apple!")).how, How::Exact);
}

#[test]
fn a_cascade_counts_posts_texts_and_authors_apart() {
    let mut copies = Copies::new(config());
    copies.place(&post(5, LONG));
    copies.place(&post(6, LONG));
    copies.place(&post(7, &LONG.replace("pocket", "bag")));
    let again = Post {
        key: 8,
        author: 1006,
        ..post(8, LONG)
    };
    copies.place(&again);
    assert_eq!(copies.place(&again).how, How::Again);
    // It was written before the first one that was seen, and came late.
    copies.place(&Post {
        at: 1_600_000_000,
        ..post(9, LONG)
    });
    let reposted = Post {
        repost_of: Some(7),
        ..post(10, "")
    };
    assert_eq!(copies.place(&reposted).group, 5);
    let cascade = copies.cascade(5).unwrap();
    assert_eq!((cascade.posts, cascade.texts, cascade.authors()), (6, 2, 5));
    assert_eq!(cascade.first, Some((9, 1_600_000_000)));
    assert_eq!(cascade.platforms.iter().map(|(_, n)| n).sum::<u64>(), 6);
}

#[test]
fn memory_is_bounded_and_old_texts_are_forgotten() {
    let mut copies = Copies::new(config());
    let mut most = 0;
    for i in 0..30_000u64 {
        let text = format!("a{i} b{} c{} d{} e{i} f{i}", i * 7, i * 3, i * 11);
        copies.place(&post(i, &text));
        most = most.max(copies.bytes());
    }
    assert!(most < 3_000_000, "{most} bytes");
    assert_eq!(copies.place(&post(90_000, LONG)).how, How::First);
    let later = Post {
        at: 1_700_000_000 + 90_000 * 60 + 3 * 86_400,
        ..post(90_001, "")
    };
    let edited = format!("{LONG} once more with feeling");
    let placed = copies.place(&Post {
        text: &edited,
        ..later
    });
    assert_eq!(placed.how, How::First, "near copies are kept for two days");
}

#[test]
fn what_an_earlier_run_placed_is_taken_in_once() {
    let mut first = Copies::new(config());
    let edited = LONG.replace("pocket", "bag");
    let posts = [
        post(1, LONG),
        post(2, LONG),
        post(3, &edited),
        post(4, "another text of five words"),
    ];
    let placed = posts.map(|p| first.place(&p).group);
    let mut second = Copies::new(config());
    for is_new in [true, false] {
        for (p, group) in posts.iter().zip(placed) {
            assert_eq!(second.restore(p, group), is_new);
        }
    }
    let (a, b) = (first.cascade(1).unwrap(), second.cascade(1).unwrap());
    assert_eq!((a.posts, a.texts, a.authors()), (b.posts, b.texts, b.authors()));
    assert_eq!(second.cascade(4), None);
    for (n, text) in [(10, LONG), (11, &edited), (12, "Another text, of five words!")] {
        assert_eq!(first.place(&post(n, text)), second.place(&post(n, text)));
    }
    assert_eq!(second.place(&posts[1]).how, How::Again);
}

#[test]
fn snapshots_go_on_as_if_nothing_had_been() {
    let mut copies = Copies::new(config());
    (0..200).for_each(|i| {
        copies.place(&post(i, &format!("{LONG} {i} {}", i * 3)));
    });
    let mut again: Copies = snapshot::read(&snapshot::write(&copies).unwrap()).unwrap();
    for i in 150..300 {
        let text = format!("{LONG} {i} {}", i * 3);
        assert_eq!(copies.place(&post(i, &text)), again.place(&post(i, &text)));
    }
    let mut bytes = snapshot::write(&copies).unwrap();
    bytes[4] = 99;
    assert!(
        snapshot::read::<Copies>(&bytes)
            .unwrap_err()
            .to_string()
            .contains("version 99")
    );
    assert!(snapshot::read::<trends::peaks::Series>(&bytes).is_err());
    bytes[4] = 1;
    bytes.truncate(40);
    assert!(snapshot::read::<Copies>(&bytes).is_err());
}
