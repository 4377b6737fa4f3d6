//! The profiles.

use super::{Amendment, Export, Keep, OURS, PerPerson, Profile, Recheck, Rule, Task, UNVERIFIED, Use};

const fn rule<T>(value: T, source: &'static str) -> Rule<T> {
    Rule { value, source }
}

const fn recheck(every_hours: Option<u32>, how: &'static str, source: &'static str) -> Rule<Recheck> {
    Rule {
        value: Recheck { every_hours, how },
        source,
    }
}

/// Everything that says something about a text, but not which language it is in.
const JUDGEMENTS: &[Task] = &[
    Task::Sentiment,
    Task::Emotion,
    Task::Intent,
    Task::Offensive,
    Task::Spam,
    Task::Custom,
];

const STAYS: Rule<bool> = rule(false, OURS);

const NO_DEMAND: Rule<&str> = rule("link to the post", UNVERIFIED);

/// What stands in a file, is pushed or comes by webhook under a platform name nobody knows: the operator's own data.
pub const OTHER: Profile = Profile {
    also: &["push", "webhook"],
    ..BASE
};

const BASE: Profile = Profile {
    platform: "file",
    also: &[],
    name: "Files, pushed posts, webhooks",
    text: rule(Keep::UntilDeleted, OURS),
    features: rule(Keep::UntilDeleted, OURS),
    profile: rule(Keep::UntilDeleted, OURS),
    deletion: rule("delete events and erasure requests", OURS),
    recheck: recheck(None, "none: whoever delivers the posts sends delete events", OURS),
    per_person: rule(PerPerson::Allowed, OURS),
    models: &[],
    export: rule(Export::Full, OURS),
    passing_on: rule(true, OURS),
    label: None,
    attribution: rule("none", OURS),
    amendment: None,
};

const X: Profile = Profile {
    platform: "x",
    also: &["twitter"],
    name: "X",
    text: rule(Keep::UntilDeleted, "X Developer Policy, Content compliance"),
    profile: rule(Keep::UntilDeleted, "X Developer Policy, Content compliance"),
    deletion: rule(
        "delete or change what was deleted or changed there as soon as reasonably possible, at most 24 hours after a request",
        "X Developer Policy, Content compliance; X Developer Agreement, B, Removals",
    ),
    recheck: recheck(
        Some(24),
        "compliance jobs every day, or the compliance streams",
        "X documentation, compliance",
    ),
    per_person: rule(
        PerPerson::Forbidden,
        "X Developer Terms, Restricted use cases: no health, finances, politics, ethnicity, religion, sex life, union membership or crime of a person",
    ),
    models: &[(&[Task::Spam], rule(Use::FilterOnly, OURS))],
    export: rule(
        Export::Ids { full_per_day: 500 },
        "X Developer Policy, redistribution: ids; at most 500 posts in full a person and day, by non-automated export",
    ),
    attribution: rule(
        "author, text unchanged and a link to the post, as its display requirements say",
        UNVERIFIED,
    ),
    passing_on: STAYS,
    ..BASE
};

const YOUTUBE: Profile = Profile {
    platform: "youtube",
    name: "YouTube",
    text: rule(
        Keep::AtMost(30),
        "YouTube API Services, revision history: stored data is refreshed or deleted within 30 days",
    ),
    features: rule(
        Keep::AtMost(30),
        "YouTube API Services, revision history: statistics longer than 30 days once derived metrics are accepted (since 2026-06-01)",
    ),
    profile: rule(
        Keep::AtMost(30),
        "YouTube API Services, revision history: stored data is refreshed or deleted within 30 days",
    ),
    deletion: rule(
        "refresh or delete at 30 days; a user's request within 30 days",
        "YouTube API Services Developer Policies guide",
    ),
    recheck: recheck(
        Some(24),
        "videos.list and comments.list, before the 30 days are over",
        UNVERIFIED,
    ),
    per_person: rule(
        PerPerson::AggregateOnly,
        "YouTube API Services, Derived metrics policy",
    ),
    models: &[(
        JUDGEMENTS,
        rule(
            Use::AfterAcceptance,
            "YouTube API Services, Derived metrics policy: viewer sentiment analysis, categorisation and brand-safety scores",
        ),
    )],
    export: rule(Export::Labelled, "YouTube API Services Developer Policies guide"),
    label: Some(rule(
        "Contains data of YouTube. Scores and other derived metrics are not YouTube's: they are made by this installation and YouTube neither provides nor endorses them.",
        "YouTube API Services, Derived metrics policy",
    )),
    attribution: rule("YouTube named as the source, and a link to the video", UNVERIFIED),
    amendment: Some(rule(
        Amendment {
            name: "derived metrics amendment",
            version: "2026-05-04",
            opens: "scores of YouTube posts, and statistics kept longer than 30 days",
        },
        "YouTube API Services, Derived metrics policy",
    )),
    passing_on: STAYS,
    ..BASE
};

const LINKEDIN: Profile = Profile {
    platform: "linkedin",
    name: "LinkedIn",
    text: rule(
        Keep::AtMost(2),
        "LinkedIn Data Storage Requirements, Members' Social Activity Data: 48 hours, the shortest rule wins",
    ),
    features: rule(
        Keep::AtMost(2),
        "LinkedIn Data Storage Requirements, Members' Social Activity Data: 48 hours",
    ),
    profile: rule(
        Keep::AtMost(1),
        "LinkedIn Data Storage Requirements, profile data of other members: 24 hours",
    ),
    deletion: rule("by expiry", "LinkedIn Data Storage Requirements"),
    recheck: recheck(
        None,
        "none needed: everything expires within 48 hours",
        "LinkedIn Data Storage Requirements",
    ),
    per_person: rule(
        PerPerson::Forbidden,
        "LinkedIn API, Restricted use cases: only to manage pages; not for leads, advertising or recruiting",
    ),
    export: rule(
        Export::Forbidden,
        "LinkedIn API, Restricted use cases: member data may not be exported",
    ),
    attribution: NO_DEMAND,
    passing_on: STAYS,
    ..BASE
};

const REDDIT: Profile = Profile {
    platform: "reddit",
    name: "Reddit",
    text: rule(
        Keep::UntilDeleted,
        "Reddit Data API Wiki (help article 16160319875092)",
    ),
    profile: rule(
        Keep::UntilDeleted,
        "Reddit Data API Wiki (help article 16160319875092)",
    ),
    deletion: rule(
        "a deleted post goes with title, text and links; a deleted account's ids go everywhere",
        "Reddit Data API Wiki (help article 16160319875092)",
    ),
    recheck: recheck(Some(48), "/api/info over everything kept", UNVERIFIED),
    per_person: rule(PerPerson::Forbidden, OURS),
    export: rule(Export::Ids { full_per_day: 0 }, UNVERIFIED),
    attribution: NO_DEMAND,
    passing_on: STAYS,
    ..BASE
};

const META_DAYS: Rule<Keep> = rule(Keep::Days(90), OURS);

const FACEBOOK: Profile = Profile {
    platform: "facebook",
    name: "Facebook Pages",
    text: META_DAYS,
    features: rule(Keep::UntilDeleted, OURS),
    profile: META_DAYS,
    deletion: rule(
        "a webhook's `remove`, and the data deletion request callback",
        "Meta, Data deletion request callback",
    ),
    recheck: recheck(
        None,
        "webhooks, and expiry",
        "Meta, Webhooks reference, page feed",
    ),
    per_person: rule(PerPerson::Forbidden, OURS),
    export: rule(Export::Excerpt { chars: 200 }, UNVERIFIED),
    attribution: NO_DEMAND,
    passing_on: STAYS,
    ..BASE
};

const INSTAGRAM: Profile = Profile {
    platform: "instagram",
    name: "Instagram",
    recheck: recheck(
        None,
        "webhooks, and expiry",
        "Meta, Webhooks reference, Instagram comments and mentions",
    ),
    ..FACEBOOK
};

const THREADS: Profile = Profile {
    platform: "threads",
    name: "Threads",
    deletion: rule(
        "the data deletion request callback, and expiry",
        "Meta, Data deletion request callback",
    ),
    recheck: recheck(None, "none signalled: expiry", UNVERIFIED),
    ..FACEBOOK
};

const BLUESKY: Profile = Profile {
    platform: "bluesky",
    name: "Bluesky",
    deletion: rule(
        "delete and account events, within minutes",
        "Bluesky Developer Guidelines, item 3",
    ),
    recheck: recheck(
        None,
        "the stream carries delete and account events",
        "Jetstream documentation",
    ),
    per_person: rule(PerPerson::AggregateOnly, OURS),
    attribution: NO_DEMAND,
    ..BASE
};

const MASTODON: Profile = Profile {
    platform: "mastodon",
    name: "Mastodon",
    text: rule(
        Keep::UntilDeleted,
        "Mastodon documentation, Account: only accounts with `indexable` keep text, others are counted only",
    ),
    deletion: rule("delete events", "Mastodon documentation, Streaming"),
    recheck: recheck(Some(48), "GET /api/v1/statuses/:id; 404 is gone", UNVERIFIED),
    per_person: rule(PerPerson::AggregateOnly, OURS),
    export: rule(Export::Full, "terms of each instance: read them first"),
    attribution: NO_DEMAND,
    passing_on: STAYS,
    ..BASE
};

const TELEGRAM: Profile = Profile {
    platform: "telegram",
    name: "Telegram",
    text: rule(Keep::Days(90), OURS),
    profile: rule(Keep::Days(90), OURS),
    deletion: rule(
        "expiry and requests: deletions in channels are not told",
        "Telegram Bot API, Update",
    ),
    recheck: recheck(None, "cannot be asked", "Telegram Bot API, Update"),
    per_person: rule(PerPerson::AggregateOnly, OURS),
    attribution: NO_DEMAND,
    passing_on: STAYS,
    ..BASE
};

const HACKERNEWS: Profile = Profile {
    platform: "hackernews",
    also: &["hn"],
    name: "Hacker News",
    deletion: rule(
        "items marked `deleted` or `dead`",
        "Hacker News API documentation, Items",
    ),
    recheck: recheck(
        Some(1),
        "/v0/updates",
        "Hacker News API documentation, Changed items and profiles",
    ),
    per_person: rule(PerPerson::AggregateOnly, OURS),
    export: rule(Export::Excerpt { chars: 200 }, OURS),
    attribution: NO_DEMAND,
    ..BASE
};

const RSS: Profile = Profile {
    platform: "rss",
    also: &["feed", "feeds", "news", "atom", "jsonfeed"],
    name: "Feeds (RSS, Atom, JSON Feed)",
    text: rule(Keep::UntilDeleted, "terms of each publisher"),
    deletion: rule("the publisher's request", "terms of each publisher"),
    recheck: recheck(None, "the feed read again: what it changed is changed", OURS),
    per_person: rule(PerPerson::AggregateOnly, OURS),
    export: rule(
        Export::Excerpt { chars: 200 },
        "terms of each publisher; the length is our own",
    ),
    attribution: rule("publisher's name and link", UNVERIFIED),
    passing_on: STAYS,
    ..BASE
};

const GDELT: Profile = Profile {
    platform: "gdelt",
    also: &[],
    name: "GDELT",
    text: rule(
        Keep::UntilDeleted,
        "GDELT DOC 2.0: headlines and links only, no text",
    ),
    recheck: recheck(None, "none signalled", UNVERIFIED),
    attribution: rule("GDELT and the publisher named, with the link", UNVERIFIED),
    ..RSS
};

/// Every profile, in the order of the reference page.
pub static ALL: &[Profile] = &[
    X, YOUTUBE, LINKEDIN, REDDIT, FACEBOOK, INSTAGRAM, THREADS, BLUESKY, MASTODON, TELEGRAM, HACKERNEWS, RSS,
    GDELT, OTHER,
];
