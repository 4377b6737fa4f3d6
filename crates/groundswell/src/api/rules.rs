//! What policy profiles and the small-cell guard ask of an answer.

use super::Failure;
use super::access::Access;
use super::types::PolicyLabel;
use crate::analytics::counts;
use crate::policy::{self, Cell};
use post::profile;
use store::{Breakdown, Dimension, Filter, Measures, Snapshot};

/// Values of a dimension that are weighed one against the other. Those beyond are counted under "other".
const MAX_CELLS: usize = 2_000;
/// Platforms of one answer, names that files bring along included.
const MAX_PLATFORMS: usize = 1_000;

/// Whether a dimension splits people into groups that may be small: by place, language, community or topic.
pub(crate) fn is_guarded(by: Dimension) -> bool {
    matches!(
        by,
        Dimension::Lang
            | Dimension::Country
            | Dimension::Site
            | Dimension::Hashtag
            | Dimension::Term
            | Dimension::Entity
            | Dimension::Aspect
            | Dimension::Class
            | Dimension::Topic
            | Dimension::Copies
    )
}

/// Refuses to those who may only see sums a question whose every answer would be a small group or a person.
pub(super) fn check(access: &Access, filter: &Filter) -> Result<(), Failure> {
    match narrow(filter) {
        Some(name) if access.aggregate_only() => Err(refused(&format!("a filter by `{name}`"))),
        _ => Ok(()),
    }
}

/// The part of a filter that may single out a small group or a person.
pub(crate) fn narrow(filter: &Filter) -> Option<&'static str> {
    let asked = [
        ("lang", !filter.langs.is_all()),
        ("country", !filter.countries.is_all()),
        ("site", !filter.sites.is_all()),
        ("hashtag", !filter.hashtags.is_all()),
        ("term", !filter.terms.is_all()),
        ("entity", !filter.entities.is_all()),
        ("aspect", !filter.aspects.is_all()),
        ("class", !filter.classes.is_all()),
        ("topic", !filter.topics.is_all()),
        ("copies_of", !filter.copies.is_all()),
        ("author", !filter.authors.is_all()),
        ("q", filter.q.is_some()),
    ];
    asked.iter().find(|(_, asked)| *asked).map(|(name, _)| *name)
}

/// Refuses to them a series split so that each point would be a cell.
pub(super) fn check_series(access: &Access, by: Option<Dimension>) -> Result<(), Failure> {
    if access.aggregate_only() && by.is_some_and(is_guarded) {
        return Err(refused("a series split so"));
    }
    Ok(())
}

/// Refuses to them a list of people.
pub(super) fn check_breakdown(access: &Access, by: Dimension) -> Result<(), Failure> {
    if access.aggregate_only() && by == Dimension::Author {
        return Err(refused("a list of authors"));
    }
    Ok(())
}

fn refused(what: &str) -> Failure {
    Failure::Forbidden {
        code: "small_cell",
        message: format!("{what} is not for those who may only see sums: it could be about very few people"),
        hint: "ask for a breakdown: values behind which enough people stand are shown",
    }
}

/// A breakdown without its small cells, at `threshold` distinct authors; at most `limit` values are listed.
pub(crate) fn breakdown(
    snapshot: &Snapshot,
    filter: &Filter,
    by: Dimension,
    limit: usize,
    threshold: u64,
) -> Result<Breakdown, Failure> {
    let people = Measures {
        authors: true,
        ..Measures::default()
    };
    let all = counts::breakdown(snapshot, filter, by, MAX_CELLS, people)?;
    let cells: Vec<Cell> = all
        .items
        .iter()
        .map(|i| Cell {
            mentions: i.mentions,
            authors: i.authors,
        })
        .collect();
    let guarded = policy::guard(&cells, threshold);
    let mut shown: Vec<_> = all
        .items
        .into_iter()
        .zip(guarded.shown)
        .filter_map(|(item, shown)| shown.then_some(item))
        .collect();
    let cut: u64 = shown.iter().skip(limit).map(|i| i.mentions).sum();
    shown.truncate(limit);
    // A mention has one language and one country but many words: those of hidden words may stand under a word that is shown.
    let hidden = if matches!(by, Dimension::Lang | Dimension::Country) {
        guarded.hidden + cut
    } else {
        0
    };
    Ok(Breakdown {
        items: shown,
        other: all.other + hidden,
        total: all.total,
    })
}

/// Whether sentiment may be summed up in an answer about one author, or split by authors: every platform that is part
/// of it must allow that.
fn allows_author_scores(snapshot: &Snapshot, filter: &Filter) -> Result<bool, Failure> {
    let platforms = counts::breakdown(
        snapshot,
        filter,
        Dimension::Source,
        MAX_PLATFORMS,
        Measures::default(),
    )?;
    let allows = |platform: &str| profile::of(platform).per_person.value.allows_author_scores();
    Ok(platforms.other == 0 && platforms.items.iter().all(|i| allows(&i.key)))
}

/// Whether a question is about single authors.
fn is_about_authors(filter: &Filter) -> bool {
    !filter.authors.include.is_empty()
}

/// Whether a filter chooses by what models say of the author's words.
fn asks_for_scores(filter: &Filter) -> bool {
    !(filter.sentiments.is_all()
        && filter.emotions.is_all()
        && filter.intents.is_all()
        && filter.classes.is_all())
}

/// Whether sentiment may be summed up under this filter. Refuses one by author and sentiment where it may not: its
/// count would be a score of the author.
pub(crate) fn check_person(snapshot: &Snapshot, filter: &Filter) -> Result<bool, Failure> {
    if !is_about_authors(filter) {
        return Ok(true);
    }
    let everything = Filter {
        sentiments: store::Choice::default(),
        emotions: store::Choice::default(),
        intents: store::Choice::default(),
        classes: store::Choice::default(),
        ..filter.clone()
    };
    let allowed = allows_author_scores(snapshot, &everything)?;
    if allowed || !asks_for_scores(filter) {
        return Ok(allowed);
    }
    Err(no_person_scores())
}

/// Whether a breakdown may say how each value's mentions are scored.
pub(super) fn scores_may_be_split(
    snapshot: &Snapshot,
    filter: &Filter,
    by: Dimension,
) -> Result<bool, Failure> {
    let allowed = check_person(snapshot, filter)?;
    match by {
        Dimension::Author => {
            let allowed = allowed && allows_author_scores(snapshot, filter)?;
            if !allowed && asks_for_scores(filter) {
                return Err(no_person_scores());
            }
            Ok(allowed)
        }
        Dimension::Sentiment | Dimension::Emotion | Dimension::Intent | Dimension::Class if !allowed => {
            Err(no_person_scores())
        }
        _ => Ok(allowed),
    }
}

/// Sentiment by author is asked for where a platform forbids it.
pub(crate) fn no_person_scores() -> Failure {
    Failure::Forbidden {
        code: "policy",
        message: "a platform that is part of this does not allow to sum up sentiment by author".to_owned(),
        hint: "GET /api/v1/policies says which rule that is, under `per_person`",
    }
}

/// What the platforms whose data is part of the answer ask to be said with it.
pub(crate) fn labels(snapshot: &Snapshot, filter: &Filter) -> Result<Vec<PolicyLabel>, Failure> {
    let mut out = Vec::new();
    for profile in profile::ALL {
        let Some(label) = profile.label else { continue };
        let names = std::iter::once(&profile.platform).chain(profile.also);
        for name in names.filter(|name| may_have(filter, name)) {
            let theirs = Filter {
                sources: store::Choice::only([(*name).to_owned()]),
                ..filter.clone()
            };
            if snapshot.count(&theirs)? > 0 {
                out.push(PolicyLabel {
                    source: (*name).to_owned(),
                    text: label.value.to_owned(),
                });
            }
        }
    }
    Ok(out)
}

fn may_have(filter: &Filter, platform: &str) -> bool {
    let named = |list: &[String]| list.iter().any(|s| s == platform);
    let sources = &filter.sources;
    (sources.include.is_empty() || named(&sources.include)) && !named(&sources.exclude)
}
