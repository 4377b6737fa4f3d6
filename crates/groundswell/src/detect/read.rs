//! Mentions of a time, from the store.

use post::{Counts, Millis};
use store::{Choice, Filter, Mention, Snapshot, Voice};

/// Mentions read in one question.
const PAGE: usize = 2_000;

/// What detectors look at: every mention that matched, none of the monitors' own accounts.
pub(crate) fn filter(project: &str, accounts: Vec<store::Accounts>, from: Millis, to: Millis) -> Filter {
    Filter {
        project: Some(project.to_owned()),
        // Any choice of monitors makes each mention count, where none would leave a post one mention.
        monitors: Choice::except([String::new()]),
        from: Some(from),
        to: Some(to),
        voice: (!accounts.is_empty()).then_some((Voice::Earned, accounts)),
        ..Filter::default()
    }
}

/// The mentions that pass, the oldest first.
pub(crate) fn mentions(snapshot: &Snapshot, filter: &Filter) -> Result<Vec<Mention>, store::Error> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = snapshot.mentions(filter, after, PAGE)?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    all.reverse();
    Ok(all)
}

/// Likes, reposts, replies and quotes, where known.
pub(crate) fn engagement(counts: &Counts) -> u64 {
    [counts.likes, counts.reposts, counts.replies, counts.quotes]
        .into_iter()
        .flatten()
        .fold(0, u64::saturating_add)
}

/// The first half of a key: what detectors know a post or an author by.
pub(crate) fn head(bytes: [u8; 16]) -> u64 {
    (u128::from_be_bytes(bytes) >> 64) as u64
}

/// Headline and text, as terms are read.
pub(crate) fn text(mention: &Mention) -> std::borrow::Cow<'_, str> {
    match mention.post.title.as_deref().filter(|t| !t.is_empty()) {
        Some(title) => format!("{title}\n{}", mention.post.text).into(),
        None => (&*mention.post.text).into(),
    }
}
