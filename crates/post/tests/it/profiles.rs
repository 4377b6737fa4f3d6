//! Every platform has a profile, every rule a source, and the page is fresh.

use post::profile::{self, Export, Keep, PerPerson, Task, Use};

const PLATFORMS: [&str; 14] = [
    "x",
    "youtube",
    "linkedin",
    "reddit",
    "facebook",
    "instagram",
    "threads",
    "bluesky",
    "mastodon",
    "telegram",
    "hackernews",
    "rss",
    "gdelt",
    "file",
];

#[test]
fn every_platform_has_a_profile_and_every_rule_a_source() {
    let names: Vec<&str> = profile::ALL.iter().map(|p| p.platform).collect();
    assert_eq!(names, PLATFORMS);
    for p in profile::ALL {
        let mut sources = vec![
            p.text.source,
            p.features.source,
            p.profile.source,
            p.deletion.source,
            p.recheck.source,
            p.per_person.source,
            p.export.source,
            p.attribution.source,
        ];
        sources.extend(p.models.iter().map(|(_, rule)| rule.source));
        sources.extend(p.label.map(|l| l.source));
        assert!(sources.iter().all(|s| !s.is_empty()), "{}", p.name);
    }
}

#[test]
fn a_name_belongs_to_one_profile() {
    let mut names: Vec<&str> = profile::ALL
        .iter()
        .flat_map(|p| p.also.iter().chain([&p.platform]))
        .copied()
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
    for name in names {
        let found = profile::of(name);
        assert!(found.platform == name || found.also.contains(&name), "{name}");
    }
    assert_eq!(profile::of("a-forum-nobody-knows").platform, "file");
}

#[test]
fn text_never_outlives_the_features_that_go_with_it() {
    for p in profile::ALL {
        let most = |keep: Keep| keep.most_days().unwrap_or(u32::MAX);
        assert!(most(p.text.value) <= most(p.features.value), "{}", p.name);
    }
}

#[test]
fn the_strict_ones_are_strict() {
    let (x, youtube, linkedin) = (profile::of("x"), profile::of("youtube"), profile::of("linkedin"));
    assert_eq!(x.export.value, Export::Ids { full_per_day: 500 });
    assert_eq!(
        (x.use_of(Task::Spam).value, x.use_of(Task::Sentiment).value),
        (Use::FilterOnly, Use::Allowed)
    );
    assert_eq!(youtube.text.value, Keep::AtMost(30));
    assert!(!youtube.allows(Task::Sentiment, false) && youtube.allows(Task::Sentiment, true));
    assert!(youtube.allows(Task::Language, false));
    assert_eq!(youtube.features_kept(true), Keep::UntilDeleted);
    assert_eq!(
        (linkedin.text.value, linkedin.profile.value, linkedin.export.value),
        (Keep::AtMost(2), Keep::AtMost(1), Export::Forbidden)
    );
    let strangers = |p: &&profile::Profile| p.per_person.value == PerPerson::Allowed;
    let allowed: Vec<_> = profile::ALL
        .iter()
        .filter(strangers)
        .map(|p| p.platform)
        .collect();
    assert_eq!(allowed, ["file"]);
}

#[test]
fn the_page_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/policies.md");
    let written = std::fs::read_to_string(path).unwrap();
    assert!(
        written == profile::page(),
        "a policy profile changed; `make reference` renews docs/reference/policies.md"
    );
}
