//! A calibration per language and platform, per language, and over all, where enough posts are labelled.

use super::{Calibration, ENOUGH, OwnLabel, Quantifier, QuantifyError};
use std::collections::BTreeMap;

/// A labelled post with its soft answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouped {
    /// What it belongs to: a language, or a language and a platform with a space between, as in `en bluesky`; empty for
    /// nothing in particular.
    pub group: String,
    /// The place of its class among the labels.
    pub truth: u16,
    /// The probability of each label.
    pub soft: Vec<f32>,
}

/// Whose mistakes are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Those on posts of all languages and platforms together.
    All,
    /// Those on posts of the language.
    Language,
    /// Those on posts of the language on the platform.
    LanguageAndPlatform,
}

impl Level {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Level::All => "all",
            Level::Language => "language",
            Level::LanguageAndPlatform => "language and platform",
        }
    }
}

/// Quantifiers by group. A group with fewer than [`ENOUGH`] labelled posts of a class uses the next wider one's: of a
/// language on a platform the language's, of a language what is known over all.
#[derive(Debug, Clone)]
pub struct Quantifiers {
    overall: Quantifier,
    groups: BTreeMap<String, Quantifier>,
    seed: u64,
}

impl Quantifiers {
    /// Prepares labelled posts.
    pub fn new(labels: &[String], posts: &[Grouped], seed: u64) -> Result<Self, QuantifyError> {
        let quantifier = |posts: &[&Grouped]| {
            let truth = posts.iter().map(|p| p.truth).collect();
            let soft = posts.iter().flat_map(|p| p.soft.iter().copied()).collect();
            Calibration::new(labels.to_vec(), truth, soft).map(|c| Quantifier::new(c, seed))
        };
        if let Some(row) = posts.iter().position(|p| p.soft.len() != labels.len()) {
            return Err(QuantifyError::Probabilities { row });
        }
        let mut by_group: BTreeMap<&str, Vec<&Grouped>> = BTreeMap::new();
        for post in posts.iter().filter(|p| !p.group.is_empty()) {
            by_group.entry(&post.group).or_default().push(post);
            if let Some((lang, _)) = post.group.split_once(' ') {
                by_group.entry(lang).or_default().push(post);
            }
        }
        let enough = |posts: &[&Grouped]| {
            let count = |k: usize| posts.iter().filter(|p| usize::from(p.truth) == k).count();
            (0..labels.len()).all(|k| count(k) >= ENOUGH)
        };
        let groups = by_group
            .into_iter()
            .filter(|(_, posts)| enough(posts))
            .map(|(group, posts)| Ok((group.to_owned(), quantifier(&posts)?)))
            .collect::<Result<_, QuantifyError>>()?;
        Ok(Self {
            overall: quantifier(&posts.iter().collect::<Vec<_>>())?,
            groups,
            seed,
        })
    }

    /// The same with a project's own labels mixed into the matrix of each group they belong to.
    #[must_use]
    pub fn mixed_with(&self, own: &[OwnLabel]) -> Self {
        let belongs = |group: &str, label: &OwnLabel| match group.split_once(' ') {
            Some((lang, platform)) => label.lang == lang && label.platform == platform,
            None => label.lang == group,
        };
        let groups = self.groups.iter().map(|(group, quantifier)| {
            let theirs: Vec<&OwnLabel> = own.iter().filter(|l| belongs(group, l)).collect();
            (group.clone(), quantifier.mixed_with(&theirs, self.seed))
        });
        Self {
            groups: groups.collect(),
            overall: self
                .overall
                .mixed_with(&own.iter().collect::<Vec<_>>(), self.seed),
            seed: self.seed,
        }
    }

    /// The quantifier of a group: its own, or the one over all.
    pub fn of(&self, group: &str) -> &Quantifier {
        self.groups.get(group).unwrap_or(&self.overall)
    }

    /// The narrowest quantifier for posts of a language on a platform, and how narrow it is.
    pub fn narrowest(&self, lang: &str, platform: &str) -> (&Quantifier, Level) {
        let both = self.groups.get(&format!("{lang} {platform}"));
        let both = both.map(|q| (q, Level::LanguageAndPlatform));
        let language = || self.groups.get(lang).map(|q| (q, Level::Language));
        both.or_else(language).unwrap_or((&self.overall, Level::All))
    }

    /// The groups that have one of their own.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().map(String::as_str)
    }
}
