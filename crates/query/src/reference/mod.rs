//! The reference of the query language: one table, tested, and the page that is generated from it.

mod codes;
mod page;
mod table;

pub use codes::{CODES, Code, Shown};
pub use page::page;
pub use table::SECTIONS;

use crate::document::Document;
use crate::lists::Lists;
use post::Kind;

/// Forms of the language that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// What is to say before the forms.
    pub intro: &'static str,
    /// The forms.
    pub entries: &'static [Entry],
}

/// One form of the language.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// How it is written.
    pub form: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// A query that shows it.
    pub query: &'static str,
    /// A post that the query finds.
    pub finds: Sample,
    /// A post that it does not find.
    pub misses: Sample,
}

/// A made-up post.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The text.
    pub text: &'static str,
    /// What else is known about the post, by the names of the fields; `title` is the headline.
    pub about: &'static [(&'static str, &'static str)],
}

impl Sample {
    /// What the matcher sees of it.
    pub fn document(&self) -> Document<'static> {
        let mut document = Document::of_text(self.text);
        for &(name, value) in self.about {
            match name {
                "title" => document.title = Some(value),
                "lang" => document.lang = Some(value),
                "source" => document.source = value,
                "author" => document.author = Some(value),
                "site" => document.site = Some(value),
                "country" => document.country = Some(value),
                "followers" => document.followers = value.parse().ok(),
                "kind" => document.kind = Kind::from_name(value).unwrap_or_default(),
                "replyTo" => document.is_reply = true,
                _ => {}
            }
        }
        document
    }
}

/// The keyword lists that the examples name.
pub fn lists() -> Lists {
    let mut lists = Lists::new();
    let added = lists.add("spam-words", "free pills\n#giveaway\ncasino*\n");
    debug_assert!(added.is_ok(), "{added:?}");
    lists
}
