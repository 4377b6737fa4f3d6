//! What every back end writes of a mention in the same way.

use crate::{Mention, Sentiment};
use foldhash::{HashSet, HashSetExt};
use post::Counts;

/// What stands beside the project of a mention that is context: no project is called so.
pub(crate) const CONTEXT: &str = "\u{2}context";

/// When a mention was written: the generation that shows it first, and in the lowest bit whether it stood there before in
/// another form (an edit, new scores or counts).
pub(crate) fn written(generation: u64, again: bool) -> u64 {
    generation << 1 | u64::from(again)
}

/// Probabilities of negative, neutral and positive in thousandths, which add up to a thousand.
pub(crate) fn thousandths(sentiment: &Sentiment) -> [u64; 3] {
    let [negative, _, positive] = sentiment.probabilities;
    let rounded = |p: f32| (f64::from(p.clamp(0.0, 1.0)) * 1000.0).round() as u64;
    let negative = rounded(negative);
    let positive = rounded(positive).min(1000 - negative);
    [negative, 1000 - negative - positive, positive]
}

/// Likes, reposts, replies and quotes, as far as known. Views are no engagement.
pub(crate) fn engagement(counts: &Counts) -> u64 {
    let parts = [counts.likes, counts.reposts, counts.replies, counts.quotes];
    parts.into_iter().flatten().fold(0, u64::saturating_add)
}

/// Whether a mention found in the past is to be its project's primary one, beside those that are held. What is context
/// only stands back for what matched: where it is among them, all are to be elected anew.
pub(crate) fn placed<'m>(found: &mut Mention, held: impl Iterator<Item = &'m Mention> + Clone) -> Placed {
    // Monitors that find a post later find it where it was placed first.
    if !found.is_context() {
        let placed = || held.clone().filter(|m| !m.is_context());
        found.group = placed().find_map(|m| m.group).or(found.group);
        let of_project = placed().filter(|m| m.project == found.project);
        found.topic = of_project.clone().find_map(|m| m.topic).or(found.topic);
    }
    let of_project = held.filter(|m| m.project == found.project);
    let stands = |m: &Mention| m.primary && (found.is_context() || !m.is_context());
    let is_mixed = found.is_context() || of_project.clone().any(Mention::is_context);
    found.primary = !of_project.clone().any(stands);
    match is_mixed {
        true => Placed::Elect,
        false => Placed::AsItIs,
    }
}

/// What is to be done with a mention found in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placed {
    /// It is written; the others stay as they are.
    AsItIs,
    /// All mentions of the post are written, with the primary ones elected.
    Elect,
}

/// The first 8 bytes.
pub(crate) fn head(bytes: [u8; 16]) -> u64 {
    u128::from_be_bytes(bytes).wrapping_shr(64) as u64
}

/// New counts over old ones: what is `None` in `new` stays.
pub(crate) fn renewed(old: &Counts, new: &Counts) -> Counts {
    Counts {
        likes: new.likes.or(old.likes),
        reposts: new.reposts.or(old.reposts),
        replies: new.replies.or(old.replies),
        quotes: new.quotes.or(old.quotes),
        views: new.views.or(old.views),
    }
}

/// What is known of a post's counts by its mentions; `None` where there is none.
pub(crate) fn known_counts<'m>(mentions: impl IntoIterator<Item = &'m Mention>) -> Option<Counts> {
    let all = mentions.into_iter().map(|m| m.post.counts);
    all.reduce(|known, more| renewed(&known, &more))
}

/// Of mentions with the same id only the last stays.
pub(crate) fn keep_last_of_each(mentions: &mut Vec<Mention>) {
    let mut seen = HashSet::with_capacity(mentions.len());
    mentions.reverse();
    mentions.retain(|m| seen.insert(m.id));
    mentions.reverse();
}

/// Makes exactly one mention of each project primary: the first that wishes it, else the one whose monitor's id is the
/// first in order. What is context only stands back for what matched.
pub(crate) fn elect(mentions: &mut [Mention]) {
    for i in 0..mentions.len() {
        let project = &mentions[i].project;
        let matched = mentions.iter().any(|m| m.project == *project && !m.is_context());
        let of_project = |m: &&Mention| m.project == *project && !(matched && m.is_context());
        let wish = mentions.iter().filter(of_project).find(|m| m.primary);
        let elected = wish.or_else(|| {
            mentions
                .iter()
                .filter(of_project)
                .min_by(|a, b| a.monitor.cmp(&b.monitor))
        });
        let is_elected = elected.is_some_and(|m| m.id == mentions[i].id);
        mentions[i].primary = is_elected;
    }
}
