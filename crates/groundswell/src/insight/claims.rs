//! What may be said of a week: each claim with its test, its evidence, and what to try where there is something to try.

use super::drivers::{DriversOf, SubjectDriver};
use super::gaps::GapsOf;
use super::influencers::InfluencersOf;
use super::questions::Unanswered;
use super::times::{BestTimes, CAVEAT};
use super::{Ground, ids, of_monitors, words};
use crate::analytics::Value;
use crate::api::Failure;
use crate::api::types::{FilterParams, Monitor};
use serde::Serialize;
use store::{Calendar, Cut, Filter, Key, Measures, Question, Step};
use trends::insight::{changed, drivers};
use utoipa::ToSchema;

/// What a claim is about, in the order in which claims stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClaimKind {
    /// More or fewer mentions.
    Volume,
    /// Better or worse net sentiment.
    Sentiment,
    /// A subject moves net sentiment.
    Driver,
    /// A competitor is ahead.
    Gap,
    /// Questions and complaints wait for an answer.
    Question,
    /// Posts of an hour meet with more.
    Time,
    /// Somebody is listened to.
    Influencer,
}

/// Where a claim can be read for oneself.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(crate) struct Evidence {
    /// The filter of the posts.
    pub(crate) filter: Option<FilterParams>,
    /// Numbers of single mentions.
    pub(crate) mentions: Vec<String>,
}

/// A sentence that passed its test.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Claim {
    /// The same for the same claim of another week.
    pub(crate) id: String,
    /// What it is about.
    pub(crate) kind: ClaimKind,
    /// The sentence.
    pub(crate) words: String,
    /// Its figure.
    pub(crate) value: Value,
    /// People behind it, where it is about a group that may be small.
    pub(crate) people: Option<u64>,
    /// The probability that chance alone gives as much; `null` for what was counted, not estimated.
    pub(crate) p: Option<f64>,
    /// Its posts.
    pub(crate) evidence: Evidence,
}

/// Something to try, because of a claim.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = WeeklySuggestion)]
pub(crate) struct Suggestion {
    /// The id of the claim that it rests on.
    pub(crate) claim: String,
    /// What the action would be called.
    pub(crate) title: String,
    /// What to try, and why.
    pub(crate) words: String,
    /// The action that was put down under this title in the last four weeks, where one was.
    pub(crate) taken: Option<String>,
}

/// A claim before it is known whether it may be made.
pub(crate) struct Candidate {
    /// Its test; `NaN` where it was counted.
    pub(crate) p: f64,
    /// The claim; `None` where the test counts, and nothing would be said even if it passed.
    pub(crate) claim: Option<Claim>,
    pub(crate) suggestion: Option<(String, String)>,
}

impl Candidate {
    fn tested(p: f64, claim: Option<Claim>) -> Self {
        Self {
            p,
            claim,
            suggestion: None,
        }
    }

    fn suggesting(self, title: String, words: String) -> Self {
        Self {
            suggestion: Some((title, words)),
            ..self
        }
    }
}

/// Mentions of each monitor by day, against the period before.
pub(crate) fn volume(g: &Ground<'_>, monitors: &[Monitor]) -> Result<Vec<Candidate>, Failure> {
    let Some((from, to)) = g.before() else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    for one in std::iter::once(None).chain(monitors.iter().map(Some)) {
        if one.is_none() && monitors.len() == 1 {
            continue;
        }
        let of = |filter: Filter| match one {
            Some(monitor) => of_monitors(&filter, [monitor]),
            None => filter,
        };
        let now = days(g, of(g.filter.clone()))?;
        let before = days(g, of(g.during(from, to)))?;
        let Some(change) = changed(&before, &now) else {
            continue;
        };
        let name = one.map_or("All mentions", |m| m.name.as_str());
        let n = now.iter().chain(&before).sum::<u64>();
        let value = Value::interval(Some(change.ratio), n);
        let way = if change.ratio.value >= 1.0 {
            "more"
        } else {
            "fewer"
        };
        let claim = Claim {
            id: format!("volume:{}", one.map_or("all", |m| m.id.as_str())),
            kind: ClaimKind::Volume,
            words: format!(
                "{name}: {way} than in the period before, {} against {} ({} a day).",
                words::count(now.iter().sum::<u64>() as f64),
                words::count(before.iter().sum::<u64>() as f64),
                words::factor(&value)
            ),
            value,
            people: None,
            p: Some(change.p),
            evidence: posts(g, one),
        };
        out.push(Candidate::tested(change.p, Some(claim)));
    }
    Ok(out)
}

/// The net sentiment of each monitor against the period before.
pub(crate) fn sentiment(g: &Ground<'_>, monitors: &[Monitor]) -> Result<Vec<Candidate>, Failure> {
    let Some((from, to)) = g.before() else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    for monitor in monitors {
        let now = g.judged(&of_monitors(&g.filter, [monitor]), None)?;
        let before = g.judged(&of_monitors(&g.during(from, to), [monitor]), None)?;
        let found = drivers(&now, &before, 0);
        let Some(change) = found.change else { continue };
        let half = (change.high - change.low) / (2.0 * trends::Z);
        let p = match half > 0.0 {
            true => trends::two_sided(change.value.abs() / half),
            false => 1.0,
        };
        let [n, n_before] = found.posts;
        let value = Value::interval(Some(change), n + n_before);
        let way = if change.value >= 0.0 { "rose" } else { "fell" };
        let net = |at: usize, n: u64| words::percent(&Value::interval(found.net[at], n));
        let claim = Claim {
            id: format!("sentiment:{}", monitor.id),
            kind: ClaimKind::Sentiment,
            words: format!(
                "Net sentiment toward {} {way} by {}: from {} to {}.",
                monitor.name,
                words::distance(&value),
                net(1, n_before),
                net(0, n)
            ),
            value,
            people: None,
            p: Some(p),
            evidence: posts(g, Some(monitor)),
        };
        out.push(Candidate::tested(p, Some(claim)));
    }
    Ok(out)
}

fn posts(g: &Ground<'_>, monitor: Option<&Monitor>) -> Evidence {
    Evidence {
        filter: Some(g.evidence(|f| {
            if let Some(monitor) = monitor {
                f.monitor = ids([monitor]);
            }
        })),
        mentions: Vec::new(),
    }
}

/// Mentions by day of the zone; the days at either end where they are not whole are left out, as far as whole ones are left.
pub(crate) fn days(g: &Ground<'_>, filter: Filter) -> Result<Vec<u64>, Failure> {
    let (from, to) = (filter.from.unwrap_or_default(), filter.to.unwrap_or_default());
    // Days counted from the begin of the period, so that both periods are cut alike.
    let day = 24 * 3_600_000;
    let whole = (to - from) / day;
    if whole < 2 {
        return Ok(Vec::new());
    }
    let calendar = Calendar {
        step: Step::Hours(1),
        zone: jiff::tz::TimeZone::UTC,
    };
    let table = g
        .snapshot
        .table(&Question {
            filter: Filter {
                from: Some(to - whole * day),
                ..filter
            },
            cuts: vec![Cut::Time(calendar)],
            measures: Measures::default(),
        })
        .map_err(super::refused)?;
    let mut days = vec![0u64; whole as usize];
    let keys = table.axes.iter().flat_map(|axis| &axis.keys);
    for (key, cell) in keys.zip(&table.cells) {
        if let Key::Time(begin, _) = key {
            let at = ((begin - (to - whole * day)) / day).clamp(0, whole - 1);
            days[at as usize] += cell.mentions;
        }
    }
    Ok(days)
}

/// What each subject adds, and its part of the change.
pub(crate) fn subjects(found: &DriversOf) -> Vec<Candidate> {
    let mut out = Vec::new();
    for d in &found.subjects {
        let evidence = || Evidence {
            filter: d.evidence.clone(),
            mentions: Vec::new(),
        };
        if let Some(p) = d.adds_p {
            out.push(adds(d, found, p, evidence()));
        }
        if let Some(p) = d.part_p {
            let way = if d.part.value.unwrap_or(0.0) >= 0.0 {
                "up"
            } else {
                "down"
            };
            let claim = Claim {
                id: format!("part:{}:{}", found.by, d.key),
                kind: ClaimKind::Driver,
                words: format!(
                    "“{}” moved net sentiment {way} since the period before, by {} of a change of {}.",
                    d.key,
                    words::distance(&d.part),
                    words::points(&found.change)
                ),
                value: d.part,
                people: Some(d.people),
                p: Some(p),
                evidence: evidence(),
            };
            out.push(Candidate::tested(p, Some(claim)));
        }
    }
    out
}

fn adds(d: &SubjectDriver, found: &DriversOf, p: f64, evidence: Evidence) -> Candidate {
    let lowers = d.adds.value.unwrap_or(0.0) < 0.0;
    let way = if lowers { "lower" } else { "raise" };
    let claim = Claim {
        id: format!("adds:{}:{}", found.by, d.key),
        kind: ClaimKind::Driver,
        words: format!(
            "The {} posts of {} that speak of “{}” {way} net sentiment: with them it stands {} from where it is without them.",
            words::count(d.posts as f64),
            words::count(found.posts as f64),
            d.key,
            words::points(&d.adds)
        ),
        value: d.adds,
        people: Some(d.people),
        p: Some(p),
        evidence,
    };
    let net = words::percent(&d.net);
    let (title, why) = match lowers {
        true => (
            format!("Look into “{}”", d.key),
            format!(
                "Read what is said of “{}” (net sentiment {net}), and answer or mend what comes back most often.",
                d.key
            ),
        ),
        false => (
            format!("Speak of “{}”", d.key),
            format!(
                "What is said of “{}” is well meant (net sentiment {net}): say more of it, and see whether that lasts.",
                d.key
            ),
        ),
    };
    Candidate::tested(p, Some(claim)).suggesting(title, why)
}

/// Where a competitor is ahead. Those that stand here passed a test among all that were tested; the others count in it.
pub(crate) fn gaps(found: &GapsOf) -> Vec<Candidate> {
    let mut out: Vec<Candidate> = found.others.iter().map(|p| Candidate::tested(*p, None)).collect();
    for c in &found.competitors {
        for j in &c.judged_better {
            let claim = Claim {
                id: format!("better:{}:{}:{}", c.monitor, found.by, j.key),
                kind: ClaimKind::Gap,
                words: format!(
                    "{} is judged better in “{}”: net sentiment {} against {} of ours, {} more.",
                    c.label,
                    j.key,
                    words::percent(&j.theirs),
                    words::percent(&j.ours),
                    words::distance(&j.by)
                ),
                value: j.by,
                people: Some(j.people),
                p: Some(j.p),
                evidence: evidence(&j.evidence),
            };
            out.push(Candidate::tested(j.p, Some(claim)).suggesting(
                format!("Learn from {} in “{}”", c.label, j.key),
                format!(
                    "Read what people like about “{}” at {}, and what they miss at ours.",
                    j.key, c.label
                ),
            ));
        }
        for t in &c.talked_of_more {
            let claim = Claim {
                id: format!("more:{}:{}:{}", c.monitor, found.by, t.key),
                kind: ClaimKind::Gap,
                words: format!(
                    "“{}” is spoken of more around {} than around us: by {} of its people against {} of ours (log-odds {:.2}, \
                     {:.2} to {:.2}).",
                    t.key,
                    c.label,
                    words::count(t.authors as f64),
                    words::count(t.ours as f64),
                    t.odds.value.unwrap_or_default(),
                    t.odds.low.unwrap_or_default(),
                    t.odds.high.unwrap_or_default()
                ),
                value: t.odds,
                people: Some(t.authors),
                p: Some(t.p),
                evidence: evidence(&t.evidence),
            };
            out.push(Candidate::tested(t.p, Some(claim)).suggesting(
                format!("Take up “{}”", t.key),
                format!(
                    "Decide whether “{}” is something to be heard on; {} is.",
                    t.key, c.label
                ),
            ));
        }
    }
    out
}

fn evidence(filter: &FilterParams) -> Evidence {
    Evidence {
        filter: Some(filter.clone()),
        mentions: Vec::new(),
    }
}

/// Hours that are better than usual.
pub(crate) fn hours(found: &BestTimes) -> Vec<Candidate> {
    // Of one platform alone, all together say the same.
    let alone = found.platforms.iter().filter(|t| !t.source.is_empty()).count() == 1;
    let told = found.platforms.iter().skip(usize::from(alone));
    let mut out = Vec::new();
    for platform in told {
        let place = match platform.source.as_str() {
            "" => "over all platforms".to_owned(),
            name => format!("on {name}"),
        };
        for h in &platform.hours {
            let is_better = h.ratio.low > Some(1.0) && h.ratio.value > platform.usual.value;
            let when = words::hour(h.hour);
            let claim = is_better.then(|| Claim {
                id: format!("time:{}:{}", platform.source, h.hour),
                kind: ClaimKind::Time,
                words: format!(
                    "Posts of {when} met with {} of what their authors are used to {place} ({} posts of {} people). {CAVEAT}",
                    words::factor(&h.ratio),
                    h.ratio.n.unwrap_or_default(),
                    h.authors
                ),
                value: h.ratio,
                people: Some(u64::from(h.authors)),
                p: Some(h.p),
                evidence: Evidence::default(),
            });
            let candidate = Candidate::tested(h.p, claim);
            out.push(match is_better {
                true => candidate.suggesting(
                    format!("Publish on {when} {place}"),
                    format!(
                        "Publish on {when} {place} for some weeks, and compare what those posts meet with."
                    ),
                ),
                false => candidate,
            });
        }
    }
    out
}

/// What waits for an answer. It is counted, not estimated.
pub(crate) fn questions(found: &[Unanswered]) -> Vec<Candidate> {
    let waiting = found.iter().filter(|u| u.open > 0);
    let candidate = |u: &Unanswered| {
        let many = |n: u64| {
            if n == 1 {
                u.intent.clone()
            } else {
                format!("{}s", u.intent)
            }
        };
        let share = match u.share.value {
            Some(_) => format!(", {}", words::percent(&u.share)),
            None => String::new(),
        };
        let claim = Claim {
            id: format!("open:{}", u.intent),
            kind: ClaimKind::Question,
            words: format!(
                "{} of {} {} about our brands have no answer{share}.",
                words::count(u.open as f64),
                words::count(u.mentions as f64),
                many(u.mentions)
            ),
            value: super::plain(Some(u.open as f64), u.mentions),
            people: Some(u.people),
            p: None,
            evidence: Evidence {
                filter: Some(u.evidence.clone()),
                mentions: u.newest.clone(),
            },
        };
        Candidate::tested(f64::NAN, Some(claim)).suggesting(
            format!("Answer open {}", many(2)),
            format!(
                "Answer the {} open {}, the newest first, or set them to closed.",
                u.open,
                many(u.open)
            ),
        )
    };
    waiting.map(candidate).collect()
}

/// Who is listened to more than chance would have it.
pub(crate) fn influencers(found: &InfluencersOf) -> Vec<Candidate> {
    let candidate = |i: &super::influencers::Influencer| {
        let name = i.author.handle.clone().or(i.author.name.clone());
        let name = name.map_or_else(
            || format!("author {:.8}", i.author.key),
            |n| format!("@{}", n.trim_start_matches('@')),
        );
        let p = 10f64.powf(-i.strength);
        let claim = Claim {
            id: format!("heard:{}", i.author.key),
            kind: ClaimKind::Influencer,
            words: format!(
                "{} other people answered, repeated or quoted {name} on {} ({} posts): more than {:.0} % of those who are \
                 heard at all.",
                i.people,
                i.source,
                i.posts,
                (i.people_percentile * 100.0).floor()
            ),
            value: super::plain(Some(f64::from(i.people)), u64::from(i.times)),
            people: Some(1),
            p: Some(p),
            evidence: evidence(&i.evidence),
        };
        Candidate::tested(p, Some(claim)).suggesting(
            format!("Talk with {name}"),
            format!("Read what {name} says and who answers; where it fits, answer, invite or thank them."),
        )
    };
    let others = found.others.iter().map(|p| Candidate::tested(*p, None));
    found.influencers.iter().map(candidate).chain(others).collect()
}
