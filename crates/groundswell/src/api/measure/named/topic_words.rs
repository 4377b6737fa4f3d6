//! What topics are called: the words that tell them from the others.

use crate::api::Failure;
use std::collections::HashMap;
use store::{Choose, Cut, Dimension, Filter, Key, Measures, Question, Snapshot};

/// Words of a topic that are looked at.
const LOOKED_AT: usize = 30;
/// Words of a label.
const SHOWN: usize = 5;

/// The label of each of some topics, or headings of several, given by their ids: its words by c-TF-IDF (Grootendorst 2022,
/// arXiv:2203.05794) among the mentions of a filter. Authors are counted, not uses: one who repeats a word says it once.
pub(super) fn labels(
    snapshot: &Snapshot,
    filter: &Filter,
    topics: &[Vec<u64>],
) -> Result<Vec<Vec<String>>, Failure> {
    let mut said: Vec<Vec<(String, u64)>> = Vec::with_capacity(topics.len());
    for ids in topics {
        let mut filter = filter.clone();
        filter.topics.include.clone_from(ids);
        said.push(authors(snapshot, filter, Choose::Top(LOOKED_AT))?);
    }
    let mut all: Vec<String> = said.iter().flatten().map(|(word, _)| word.clone()).collect();
    all.sort_unstable();
    all.dedup();
    let anywhere: HashMap<String, u64> = authors(snapshot, filter.clone(), Choose::These(all))?
        .into_iter()
        .collect();
    let words_of = |words: &[(String, u64)]| words.iter().map(|(_, n)| n).sum::<u64>() as f64;
    let mean = said.iter().map(|words| words_of(words)).sum::<f64>() / said.len().max(1) as f64;
    Ok(said
        .iter()
        .map(|words| label(words, words_of(words), mean, &anywhere))
        .collect())
}

fn label(words: &[(String, u64)], all: f64, mean: f64, anywhere: &HashMap<String, u64>) -> Vec<String> {
    let weight = |word: &str, n: u64| {
        let used = anywhere.get(word).copied().unwrap_or(n).max(1);
        n as f64 / all.max(1.0) * (mean / used as f64).ln_1p()
    };
    let mut weighed: Vec<(f64, &String)> = words.iter().map(|(w, n)| (weight(w, *n), w)).collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    weighed
        .into_iter()
        .take(SHOWN)
        .map(|(_, word)| word.clone())
        .collect()
}

/// Authors by word.
fn authors(snapshot: &Snapshot, filter: Filter, choose: Choose) -> Result<Vec<(String, u64)>, Failure> {
    let question = Question {
        filter,
        cuts: vec![Cut::Values(Dimension::Term, choose)],
        measures: Measures {
            authors: true,
            ..Measures::default()
        },
    };
    let table = snapshot.table(&question)?;
    let keys = table.axes.iter().flat_map(|axis| &axis.keys);
    let words = keys.zip(&table.cells).filter_map(|(key, cell)| match key {
        // Words of posts whose author is not known count by their posts.
        Key::Value(word) => Some((word.clone(), cell.authors.max(u64::from(cell.mentions > 0)))),
        _ => None,
    });
    Ok(words.collect())
}
