//! What a product's field becomes.

use super::{Dialect, LossKind, brandwatch, meltwater, talkwalker};
use crate::ast::{FieldName, Region};

/// One field of a product under all its names.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) names: &'static [&'static str],
    pub(super) to: To,
    /// What differs even where the value carries over.
    pub(super) note: Option<Note>,
}

/// A loss that every use of a field has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note {
    pub(super) kind: LossKind,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

/// The target of a field.
#[derive(Debug)]
pub(super) enum To {
    /// A part of the post.
    In(Region),
    /// The words, wherever they stand.
    Anywhere,
    /// A field that takes the value as it is.
    Field(FieldName),
    /// The site a post stands on: platforms have their own names, paths are left out.
    Site,
    /// The address of a link in the post.
    Link,
    /// A country by a code of two or three letters.
    Country,
    /// A subreddit.
    Subreddit,
    /// Followers, as a range or a comparison.
    Followers,
    /// The value with its case.
    Case,
    /// Known values, each with what it becomes.
    Values(&'static [(&'static str, &'static str)]),
    /// Left out.
    Nothing {
        code: &'static str,
        message: &'static str,
    },
}

impl Rule {
    pub(super) const fn new(names: &'static [&'static str], to: To) -> Self {
        Self {
            names,
            to,
            note: None,
        }
    }

    /// Whether a post may be silent about it.
    pub(super) fn may_be_unknown(&self) -> bool {
        match self.to {
            To::Field(name) => name.may_be_unknown(),
            To::Country | To::Followers => true,
            _ => false,
        }
    }

    pub(super) const fn changed(self, code: &'static str, message: &'static str) -> Self {
        self.noted(LossKind::Changed, code, message)
    }

    pub(super) const fn unsure(self, code: &'static str, message: &'static str) -> Self {
        self.noted(LossKind::Unsure, code, message)
    }

    const fn noted(mut self, kind: LossKind, code: &'static str, message: &'static str) -> Self {
        self.note = Some(Note { kind, code, message });
        self
    }

    pub(super) const fn nothing(
        names: &'static [&'static str],
        code: &'static str,
        message: &'static str,
    ) -> Self {
        Self::new(names, To::Nothing { code, message })
    }
}

pub(super) fn of(dialect: Dialect) -> &'static [Rule] {
    match dialect {
        Dialect::Brandwatch => brandwatch::RULES,
        Dialect::Talkwalker => talkwalker::RULES,
        Dialect::Meltwater => meltwater::RULES,
    }
}

pub(super) fn find(rules: &'static [Rule], name: &str) -> Option<&'static Rule> {
    rules
        .iter()
        .find(|r| r.names.iter().any(|n| n.eq_ignore_ascii_case(name)))
}

/// Messages that more than one product needs.
pub(super) const INFERRED: &str =
    "nobody tells the gender, age or standing of an author, and it is not inferred here";
pub(super) const VIEW: &str = "a query cannot ask for this; filter the mentions in the view instead";
pub(super) const PLACE: &str =
    "posts know their country at most: use country:, or the place's name as a word";
pub(super) const ONE_POST: &str = "a query cannot ask for one post or for the answers to it";
pub(super) const IMAGES: &str = "pictures are not looked into; has:image asks whether there is one";
