//! Slot grammars: from a symbol such as `praise.battery` to a sentence.
//!
//! A phrase file holds rules. `[name]` opens one, every line under it is an alternative (several short ones may
//! share a line, separated by ` | `), `{name}` stands for another rule of the same file, and `{B}`-like capitals
//! for something that the caller fills in. Lines that start with `;` are remarks.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::collections::HashMap;

/// What the caller fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    /// The brand spoken of.
    Brand,
    /// The brand it is compared with.
    Rival,
    /// A product of the brand.
    Model,
    /// The brand's account, with `@`.
    Handle,
    /// A number from 2 to 30.
    Number,
    /// A price with its currency.
    Price,
    /// A made-up e-mail address.
    Email,
    /// A telephone number of the range reserved for fiction.
    Phone,
    /// A test card number.
    Card,
}

impl Fill {
    fn from_name(name: &str) -> Option<Fill> {
        Some(match name {
            "B" => Fill::Brand,
            "C" => Fill::Rival,
            "M" => Fill::Model,
            "H" => Fill::Handle,
            "N" => Fill::Number,
            "P" => Fill::Price,
            "EMAIL" => Fill::Email,
            "PHONE" => Fill::Phone,
            "CARD" => Fill::Card,
            _ => return None,
        })
    }
}

/// Fills slots while a sentence is written.
pub(super) trait Slots {
    /// Writes the value of one slot.
    fn fill(&mut self, slot: Fill, rng: &mut ChaCha8Rng, out: &mut String);
}

#[derive(Debug)]
enum Piece {
    Text(&'static str),
    Rule(&'static str),
    Fill(Fill),
}

/// The rules of one language.
#[derive(Debug)]
pub(super) struct Grammar {
    rules: HashMap<&'static str, Vec<Vec<Piece>>, foldhash::fast::FixedState>,
}

/// Rules nested deeper than this stay empty; it stops a rule that names itself.
const DEEPEST: usize = 6;

impl Grammar {
    /// Reads a phrase file. What cannot be read as a slot is kept as text.
    pub(super) fn parse(source: &'static str) -> Self {
        let mut rules: HashMap<_, Vec<Vec<Piece>>, _> = HashMap::default();
        let mut open = "";
        for line in source
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty() && !l.starts_with(';'))
        {
            match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                Some(name) => open = name,
                None => rules
                    .entry(open)
                    .or_default()
                    .extend(line.split(" | ").map(|a| pieces(a.trim()))),
            }
        }
        Self { rules }
    }

    /// Appends a random sentence of the symbol; `false` if there is no such rule.
    pub(super) fn write(
        &self,
        symbol: &str,
        slots: &mut dyn Slots,
        rng: &mut ChaCha8Rng,
        out: &mut String,
    ) -> bool {
        self.expand(symbol, slots, rng, out, 0)
    }

    fn expand(
        &self,
        symbol: &str,
        slots: &mut dyn Slots,
        rng: &mut ChaCha8Rng,
        out: &mut String,
        depth: usize,
    ) -> bool {
        let Some(alternatives) = self
            .rules
            .get(symbol)
            .filter(|a| !a.is_empty() && depth < DEEPEST)
        else {
            return false;
        };
        for piece in &alternatives[rng.random_range(0..alternatives.len())] {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Fill(slot) => slots.fill(*slot, rng, out),
                Piece::Rule(name) => {
                    self.expand(name, slots, rng, out, depth + 1);
                }
            }
        }
        true
    }

    /// Rules that are named but missing, and how many alternatives there are: for the tests of the phrase files.
    #[cfg(test)]
    pub(super) fn audit(&self) -> (Vec<&'static str>, usize) {
        let used = self.rules.values().flatten().flatten().filter_map(|p| match p {
            Piece::Rule(name) => Some(*name),
            _ => None,
        });
        let missing = used.filter(|name| !self.rules.contains_key(name)).collect();
        (missing, self.rules.values().map(Vec::len).sum())
    }

    /// Whether the symbol has a rule.
    #[cfg(test)]
    pub(super) fn has(&self, symbol: &str) -> bool {
        self.rules.get(symbol).is_some_and(|a| !a.is_empty())
    }
}

fn pieces(template: &'static str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = template;
    while let Some((before, name, after)) = next_slot(rest) {
        if !before.is_empty() {
            out.push(Piece::Text(before));
        }
        out.push(Fill::from_name(name).map_or(Piece::Rule(name), Piece::Fill));
        rest = after;
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest));
    }
    out
}

fn next_slot(text: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (before, tail) = text.split_once('{')?;
    let (name, after) = tail.split_once('}')?;
    Some((before, name, after))
}
