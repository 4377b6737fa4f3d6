//! Trends.

use trends::bursts::{Bursts, Config, Post, Trend};
use trends::random::Random;
use trends::snapshot;
use trends::terms::Terms;

const SLOT: i64 = 900;

fn config() -> Config {
    Config {
        width: 1 << 13,
        ..Config::default()
    }
}

/// Puts in the ordinary talk of a slot.
fn talk(state: &mut Bursts, slot: i64, random: &mut Random) {
    let mut terms = Terms::new();
    for i in 0..60u64 {
        let word = |random: &mut Random| format!("word{}", (300f64.powf(random.share())) as u32);
        let text = format!("{} {} {}", word(random), word(random), word(random));
        say(state, &mut terms, slot, (slot as u64) << 20 | i, None, &text);
    }
}

fn say(
    state: &mut Bursts,
    terms: &mut Terms,
    slot: i64,
    author: u64,
    group: Option<u64>,
    text: &str,
) -> bool {
    terms.read(text);
    let post = Post {
        key: author ^ 0xABCD_0000_0000,
        author,
        group: group.unwrap_or(author ^ 0xABCD_0000_0000),
        at: slot * SLOT + 5,
        scope: 1,
    };
    state.observe(&post, terms, slot * SLOT + 5)
}

fn lived(random: &mut Random) -> Bursts {
    let mut state = Bursts::new(config());
    for slot in 0..60 {
        assert_eq!(state.tick(slot * SLOT), [], "slot {slot}");
        talk(&mut state, slot, random);
    }
    state
}

fn outbreak(state: &mut Bursts, slot: i64) {
    let mut terms = Terms::new();
    for author in 0..8u64 {
        let text = format!("battery recall announced today number{author} https://news.example/{author}");
        say(state, &mut terms, slot, 900 + author, None, &text);
    }
}

fn words(trends: &[Trend]) -> Vec<&str> {
    trends
        .iter()
        .flat_map(|t| t.terms.iter().map(|t| t.text.as_str()))
        .collect()
}

#[test]
fn what_eight_people_suddenly_say_is_one_trend() {
    let mut random = Random::new(1);
    let mut state = lived(&mut random);
    let before = state.tick(60 * SLOT);
    assert_eq!(before, []);
    talk(&mut state, 60, &mut random);
    outbreak(&mut state, 60);
    let trends = state.tick(61 * SLOT);
    assert_eq!(trends.len(), 1, "{:?}", words(&trends));
    assert!(trends[0].new && trends[0].posts.len() == 5 && trends[0].at == 60 * SLOT);
    assert!(trends[0].terms.iter().all(|t| t.authors == 8));
    for word in ["battery", "recall", "battery recall", "news.example"] {
        let near = ["announced", "today", "recall announced", "announced today"];
        assert!(
            words(&trends).iter().any(|w| *w == word || near.contains(w)),
            "{word}"
        );
    }
}

#[test]
fn one_author_and_one_text_have_one_vote() {
    let mut random = Random::new(2);
    let mut state = lived(&mut random);
    state.tick(60 * SLOT);
    talk(&mut state, 60, &mut random);
    let mut terms = Terms::new();
    for i in 0..50 {
        // One who says it again and again, and one text that many repost.
        say(&mut state, &mut terms, 60, 7, Some(1000 + i), "zanzibar flooded");
        say(&mut state, &mut terms, 60, 2000 + i, Some(5), "zanzibar sunny");
    }
    assert_eq!(words(&state.tick(61 * SLOT)), Vec::<&str>::new());
}

#[test]
fn a_restart_in_mid_slot_changes_nothing() {
    let mut random = Random::new(3);
    let mut state = lived(&mut random);
    state.tick(60 * SLOT);
    outbreak(&mut state, 60);
    let mut again: Bursts = snapshot::read(&snapshot::write(&state).unwrap()).unwrap();
    assert_eq!(state.tick(61 * SLOT), again.tick(61 * SLOT));
    assert_eq!(state, again);
}

#[test]
fn silence_late_posts_and_jumping_clocks_are_no_trends() {
    let mut random = Random::new(4);
    let mut state = lived(&mut random);
    state.tick(60 * SLOT);
    // A month filled in at once.
    let mut terms = Terms::new();
    terms.read("avalanche of old news");
    for author in 0..500u64 {
        let post = Post {
            key: author,
            author,
            group: author,
            at: 60 * SLOT - 86_400 - author as i64 * 5000,
            scope: 1,
        };
        assert!(!state.observe(&post, &terms, 60 * SLOT));
    }
    // Days of silence, a clock set ahead and back.
    for slot in [61, 62, 400, 5000, 420, 421] {
        assert_eq!(state.tick(slot * SLOT), [], "slot {slot}");
    }
    for slot in 421..440 {
        talk(&mut state, slot, &mut random);
        assert_eq!(state.tick((slot + 1) * SLOT), [], "slot {slot}");
    }
}
