#![allow(clippy::unwrap_used)]

use super::config::HOUR;
use super::writer::Writer;
use super::*;
use post::{Event, Kind, Millis};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

/// A stream with every history episode in it, thin enough to be quick: recall and campaign keep their places.
fn config(seed: u64) -> DemoConfig {
    DemoConfig {
        seed,
        history: 48 * HOUR,
        posts_per_hour: 400.0,
        authors: 4_000,
        ..DemoConfig::default()
    }
}

/// The whole history, made once for all tests that only read it.
fn history() -> &'static [Simulated] {
    static HISTORY: LazyLock<Vec<Simulated>> = LazyLock::new(|| {
        let config = config(1);
        let live = config.live_from();
        Simulator::new(config).take_while(|s| s.at < live).collect()
    });
    &HISTORY
}

fn created(stream: &[Simulated]) -> impl Iterator<Item = &Simulated> {
    stream.iter().filter(|s| s.post.event == Event::Create)
}

#[test]
fn the_same_seed_gives_the_same_stream_and_another_seed_another() {
    let of = |seed| Simulator::new(config(seed)).take(3_000).collect::<Vec<_>>();
    assert_eq!(of(7), of(7));
    assert_ne!(of(7), of(8));
}

#[test]
fn time_never_runs_backwards_from_history_into_live() {
    let config = DemoConfig {
        history: 2 * HOUR,
        ..config(3)
    };
    let (start, live) = (config.start, config.live_from());
    let stream: Vec<_> = Simulator::new(config).take(20_000).collect();
    assert!(stream.windows(2).all(|w| w[0].at <= w[1].at));
    assert!(stream[0].at >= start);
    assert!(stream.last().unwrap().at > live);
}

#[test]
fn created_at_is_the_time_of_the_event_on_every_new_post() {
    for s in created(history()) {
        assert_eq!(
            s.post.created_at.as_deref(),
            Some(super::publish::rfc3339(s.at).as_str())
        );
        assert!(!s.post.text.trim().is_empty(), "empty text: {:?}", s.post);
    }
}

#[test]
fn uids_are_unique_and_name_their_platform() {
    let stream = history();
    let mut uids = HashSet::new();
    for s in created(stream) {
        let uid = s.post.uid.as_deref().unwrap();
        assert!(uids.insert(uid), "{uid} twice");
        assert_eq!(s.truth.uid, uid);
        assert!(uid.starts_with(&format!("{}:", s.post.platform.as_deref().unwrap())));
    }
    let platforms: HashSet<_> = stream.iter().filter_map(|s| s.post.platform.as_deref()).collect();
    assert_eq!(platforms.len(), 10, "{platforms:?}");
}

#[test]
fn references_deletes_and_edits_point_to_earlier_posts() {
    let mut earlier: HashMap<String, Kind> = HashMap::new();
    let mut gone = HashSet::new();
    let mut seen = [0usize; 5];
    for s in history() {
        let p = &s.post;
        let refs = [&p.reply_to, &p.thread_root, &p.repost_of, &p.quote_of];
        for uid in refs.into_iter().flatten() {
            assert!(earlier.contains_key(uid), "{uid} is not there yet");
        }
        seen[0] += usize::from(p.reply_to.is_some());
        seen[1] += usize::from(p.repost_of.is_some());
        seen[2] += usize::from(p.quote_of.is_some());
        let uid = p.uid.clone().unwrap();
        match p.event {
            Event::Create => drop(earlier.insert(uid, p.kind)),
            Event::Delete => {
                assert!(earlier.contains_key(&uid) && gone.insert(uid));
                seen[3] += 1;
            }
            _ => {
                assert!(earlier.contains_key(&uid) && !gone.contains(&uid) && p.edited_at.is_some());
                seen[4] += 1;
            }
        }
    }
    let total = earlier.len() as f64;
    let share = |n: usize| n as f64 / total;
    assert!(
        share(seen[0]) > 0.12 && share(seen[1]) > 0.02 && share(seen[2]) > 0.003,
        "{seen:?} of {total}"
    );
    assert!(
        (0.006..0.02).contains(&share(seen[3])),
        "{} deletes of {total}",
        seen[3]
    );
    assert!(
        (0.002..0.01).contains(&share(seen[4])),
        "{} edits of {total}",
        seen[4]
    );
}

#[test]
fn languages_keep_their_shares() {
    let stream = history();
    let total = stream.len() as f64;
    for lang in Lang::ALL {
        let share = stream.iter().filter(|s| s.truth.lang == lang).count() as f64 / total;
        assert!(
            (share / lang.share() - 1.0).abs() < 0.3,
            "{lang:?}: {share:.3} for {}",
            lang.share()
        );
    }
}

#[test]
fn every_script_is_there() {
    let stream = history();
    let share_in = |lang: Lang, script: fn(char) -> bool| {
        let of: Vec<_> = stream
            .iter()
            .filter(|s| s.truth.lang == lang && !s.post.text.is_empty())
            .collect();
        of.iter().filter(|s| s.post.text.chars().any(script)).count() as f64 / of.len() as f64
    };
    assert!(
        share_in(
            Lang::Ja,
            |c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
        ) > 0.97
    );
    assert!(share_in(Lang::Ar, |c| matches!(c, '\u{600}'..='\u{6ff}')) > 0.97);
    assert!(share_in(Lang::Hi, |c| matches!(c, '\u{900}'..='\u{97f}')) > 0.97);
    for lang in Lang::ALL.into_iter().filter(|l| l.is_latin()) {
        assert!(share_in(lang, char::is_alphabetic) > 0.99, "{lang:?}");
    }
}

#[test]
fn a_brand_is_a_target_exactly_where_it_is_named() {
    for s in created(history()) {
        let named: HashSet<_> = Brand::ALL
            .into_iter()
            .filter(|b| {
                b.is_named_in(&s.post.text) || s.post.title.as_deref().is_some_and(|t| b.is_named_in(t))
            })
            .filter(|b| !(s.truth.ambiguous && *b == Brand::Maple))
            .collect();
        let targets: HashSet<_> = s.truth.targets.iter().map(|t| t.brand).collect();
        assert_eq!(targets, named, "{} / {:?}", s.post.text, s.post.title);
        assert_eq!(targets.len(), s.truth.targets.len(), "each once");
        if s.truth.ambiguous {
            assert!(
                s.truth.targets.is_empty() && s.post.text.to_lowercase().contains("maple"),
                "{}",
                s.post.text
            );
        }
    }
}

#[test]
fn comparisons_have_opposed_targets_and_brands_differ_in_praise() {
    let stream = history();
    let (mut compared, mut tally) = (0, HashMap::<_, [f64; 2]>::new());
    for s in created(stream) {
        if s.truth.intent == Intent::Comparison {
            compared += 1;
            let of: Vec<_> = s.truth.targets.iter().map(|t| t.sentiment).collect();
            assert!(
                of.contains(&Polarity::Positive) && of.contains(&Polarity::Negative),
                "{}",
                s.post.text
            );
        }
        for t in s
            .truth
            .targets
            .iter()
            .filter(|t| t.aspect.is_some() && s.truth.event.is_none())
        {
            let tally = tally.entry((t.brand, t.aspect.unwrap())).or_default();
            tally[usize::from(t.sentiment == Polarity::Positive)] += 1.0;
        }
    }
    assert!(compared > 50, "{compared}");
    let praise = |b, a| tally[&(b, a)][1] / (tally[&(b, a)][0] + tally[&(b, a)][1]);
    assert!(praise(Brand::Maple, Aspect::Sound) > praise(Brand::Ozenti, Aspect::Sound) + 0.15);
    assert!(praise(Brand::Ozenti, Aspect::Price) > praise(Brand::Maple, Aspect::Price) + 0.3);
}

#[test]
fn background_without_brands_is_the_majority_and_spam_is_marked() {
    let stream = history();
    let total = stream.len() as f64;
    let of = |test: fn(&&Simulated) -> bool| stream.iter().filter(test).count() as f64 / total;
    let unrelated = of(|s| s.truth.targets.is_empty());
    assert!((0.6..0.85).contains(&unrelated), "{unrelated}");
    let spam = of(|s| s.truth.is_spam);
    assert!((0.03..0.07).contains(&spam), "{spam}");
    assert!(of(|s| s.truth.bot) > 0.005);
    assert!(
        stream
            .iter()
            .all(|s| s.truth.is_spam == (s.truth.event == Some("spam")))
    );
}

#[test]
fn the_recall_bursts_where_it_was_planned() {
    let config = config(1);
    let stream = history();
    let mut per_hour = HashMap::<Millis, usize>::new();
    let mut kelvora = HashMap::<Millis, usize>::new();
    for s in created(stream) {
        let hour = (s.at - config.live_from()).div_euclid(HOUR);
        *per_hour.entry(hour).or_default() += usize::from(s.truth.event == Some("recall"));
        *kelvora.entry(hour).or_default() +=
            usize::from(s.truth.targets.iter().any(|t| t.brand == Brand::Kelvora));
    }
    let at = |map: &HashMap<Millis, usize>, hour: Millis| map.get(&hour).copied().unwrap_or(0);
    assert!(
        (-48..-21).all(|h| at(&per_hour, h) == 0),
        "no recall before the first sign"
    );
    let peak = (-20..-15).map(|h| at(&per_hour, h)).max().unwrap();
    assert!(peak >= 100, "{peak}");
    let before = (-48..-21).map(|h| at(&kelvora, h)).sum::<usize>() as f64 / 27.0;
    let burst = (-20..-15).map(|h| at(&kelvora, h)).max().unwrap() as f64;
    assert!(
        burst >= 5.0 * before,
        "{burst} against {before} mentions of the brand an hour"
    );
    let first = created(stream).find(|s| s.truth.event == Some("recall")).unwrap();
    assert!(
        first.post.text.to_lowercase().contains("smok"),
        "{}",
        first.post.text
    );
    let apology =
        created(stream).find(|s| s.truth.event == Some("recall") && s.truth.intent == Intent::Promotion);
    assert_eq!(
        apology.unwrap().post.author.as_ref().unwrap().handle.as_deref(),
        Some("kelvora")
    );
}

#[test]
fn the_campaign_is_sixty_accounts_with_one_text_within_forty_minutes() {
    let config = config(1);
    let stream = history();
    let copies: Vec<_> = created(stream)
        .filter(|s| s.truth.event == Some("campaign") && s.post.kind == Kind::Post)
        .collect();
    let accounts: HashSet<_> = copies
        .iter()
        .filter_map(|s| s.post.author.as_ref()?.handle.clone())
        .collect();
    assert_eq!(accounts.len(), 60);
    let from = config.live_from() - config.campaign_before;
    assert!(copies.iter().all(|s| (from..from + 40 * 60_000).contains(&s.at)));
    assert!(
        copies
            .iter()
            .all(|s| s.post.hashtags.iter().any(|t| t == CAMPAIGN_TAG) && s.post.urls.len() == 1)
    );
    let first = &copies[0].truth.uid;
    assert!(copies[0].truth.copy_of.is_none());
    assert!(
        copies[1..]
            .iter()
            .all(|s| s.truth.copy_of.as_ref() == Some(first))
    );
    let texts: HashSet<_> = copies.iter().map(|s| s.post.text.as_str()).collect();
    assert!(
        texts.len() > 5 && texts.len() < copies.len(),
        "{} texts in {} copies",
        texts.len(),
        copies.len()
    );
}

#[test]
fn eight_accounts_of_the_campaign_share_five_links_each_time_within_moments() {
    let config = config(1);
    let ring: Vec<_> = created(history())
        .filter(|s| s.truth.event == Some("ring") && s.post.kind == Kind::Post)
        .collect();
    let mut links: BTreeMap<&str, Vec<&Simulated>> = BTreeMap::new();
    for s in &ring {
        links.entry(&*s.post.urls[0]).or_default().push(s);
    }
    assert_eq!(links.len(), 5, "{:?}", links.keys());
    let accounts = |shared: &[&Simulated]| -> HashSet<String> {
        let handles = shared
            .iter()
            .filter_map(|s| s.post.author.as_ref()?.handle.clone());
        handles.collect()
    };
    let all = accounts(&ring);
    assert_eq!(all.len(), 8);
    for shared in links.values() {
        assert_eq!(accounts(shared), all);
        let (first, last) = (shared[0].at, shared[shared.len() - 1].at);
        assert!(last - first < 10_000);
        assert!(first > config.live_from() - config.campaign_before + 40 * 60_000);
    }
}

#[test]
fn episodes_go_on_in_the_live_stream() {
    let config = DemoConfig {
        history: HOUR,
        live_posts_per_second: 2.0,
        ..config(12)
    };
    let live = config.live_from();
    let mut events = HashSet::new();
    let mut count = 0;
    for s in Simulator::new(config)
        .skip_while(|s| s.at < live)
        .take_while(|s| s.at < live + 3 * HOUR)
    {
        events.extend(s.truth.event);
        count += 1;
    }
    assert!(
        (12_000..36_000).contains(&count),
        "{count} posts in three hours at two a second"
    );
    let episodes = ["launch", "outage", "sale", "derby", "campaign"];
    assert!(
        episodes.iter().filter(|e| events.contains(*e)).count() >= 2,
        "{events:?}"
    );
}

#[test]
fn planted_personal_data_is_in_the_text_and_reserved() {
    let mut kinds = HashSet::new();
    for s in created(history()) {
        for kind in &s.truth.personal {
            kinds.insert(*kind);
            let mark = match *kind {
                "email" => "@mail.example",
                "phone" => "+1 202 555 01",
                _ => " ",
            };
            assert!(
                s.post.text.to_lowercase().contains(mark),
                "{kind}: {}",
                s.post.text
            );
        }
    }
    assert_eq!(kinds.len(), 3, "{kinds:?}");
}

#[test]
fn platforms_hide_what_they_hide() {
    let stream = history();
    let on = |name: &'static str| created(stream).filter(move |s| s.post.platform.as_deref() == Some(name));
    assert!(on("bluesky").all(|s| s.post.counts == post::Counts::default()));
    assert!(on("hackernews").all(|s| s.post.counts.likes.is_none() && s.post.lang_claimed.is_empty()));
    assert!(on("x").any(|s| s.post.counts.views.is_some_and(|v| v > 1_000)));
    assert!(on("reddit").all(|s| s.post.community.is_some()));
    assert!(on("news").all(|s| s.post.title.is_some() && s.post.kind == Kind::Article));
    assert!(on("mastodon").all(|s| {
        s.post
            .permalink
            .as_deref()
            .is_some_and(|p| p.contains(".example/"))
    }));
}

#[test]
fn phrase_files_are_complete_in_every_language() {
    let writer = Writer::new();
    let english: Vec<&str> = Lang::En
        .phrases()
        .lines()
        .filter_map(|l| l.trim().strip_prefix('[')?.strip_suffix(']'))
        .filter(|s| {
            s.contains('.')
                || matches!(
                    *s,
                    "irony" | "question" | "neutral" | "help" | "contact" | "compare"
                )
        })
        .chain([
            "launch", "outage", "sale", "promo", "campaign", "spam", "edit", "derby", "food", "place",
            "show", "hobby",
        ])
        .collect();
    assert!(english.len() > 60);
    let mut alternatives = 0;
    for lang in Lang::ALL {
        let grammar = writer.grammar(lang);
        let (missing, count) = grammar.audit();
        assert!(missing.is_empty(), "{lang:?} names rules it lacks: {missing:?}");
        for symbol in &english {
            assert!(grammar.has(symbol), "{lang:?} lacks [{symbol}]");
        }
        assert!(!lang.phrases().contains("{}"), "{lang:?}");
        alternatives += count;
    }
    assert!(alternatives > 2_400, "{alternatives}");
}

#[test]
fn no_real_maker_is_named() {
    const REAL: [&str; 22] = [
        "samsung",
        "apple",
        "sony",
        "bose",
        "sennheiser",
        "jabra",
        "anker",
        "xiaomi",
        "huawei",
        "philips",
        "logitech",
        "beats",
        "airpods",
        "google",
        "amazon",
        "netflix",
        "spotify",
        "starbucks",
        "nike",
        "tesla",
        "lidl",
        "ikea",
    ];
    for lang in Lang::ALL {
        let text = lang.phrases().to_lowercase();
        let words: HashSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        assert!(REAL.iter().all(|r| !words.contains(r)), "{lang:?}");
    }
}

#[test]
fn the_project_listens_for_three_brands_a_topic_and_a_campaign() {
    let roles: Vec<_> = monitors().iter().map(|m| m.role).collect();
    assert_eq!(roles, ["brand", "competitor", "competitor", "topic", "campaign"]);
    let handles = public_handles();
    for s in created(history()) {
        let author = s.post.author.as_ref();
        let official = author
            .and_then(|a| a.name.as_deref())
            .is_some_and(|n| Brand::ALL.iter().any(|b| b.name() == n));
        if official {
            let handle = author.and_then(|a| a.handle.clone()).unwrap();
            assert!(handles.contains(&handle), "{handle}");
        }
    }
}
