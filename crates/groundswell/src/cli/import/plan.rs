//! Decides what each item becomes: a monitor, a list, a remark.

use super::From;
use super::found::{Found, FoundQuery, Item, Line};
use super::walk::Folder;
use query::ast::Node;
use query::import::{Loss, LossKind, translate};
use std::collections::{BTreeMap, BTreeSet};

/// What is written, and what became of everything.
pub(super) struct Plan {
    pub(super) monitors: Vec<Monitor>,
    pub(super) lists: Vec<List>,
    /// Lists of authors, sites and countries as conditions for queries.
    pub(super) conditions: Vec<(String, String)>,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) skipped: Vec<(String, String)>,
}

pub(super) struct Monitor {
    pub(super) name: String,
    pub(super) role: &'static str,
    pub(super) query: String,
    /// Where it comes from.
    pub(super) origin: String,
    /// What is lost, for the comment.
    pub(super) remarks: Vec<String>,
}

pub(super) struct List {
    pub(super) name: String,
    pub(super) terms: Vec<String>,
    pub(super) origin: String,
}

/// What became of an item.
pub(super) struct Outcome {
    pub(super) file: String,
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// What it became, where it became something.
    pub(super) becomes: Option<String>,
    /// The worst that happened to it; `None` where it carried over as it is.
    pub(super) severity: Option<LossKind>,
    /// Why, in words.
    pub(super) reasons: Vec<String>,
    /// Losses of its query.
    pub(super) losses: Vec<Loss>,
}

/// Longest name of a monitor, in characters.
const MAX_NAME: usize = 200;

/// Most terms of a keyword list.
const MAX_LIST_TERMS: usize = 5_000;

pub(super) fn make(from: From, folder: Folder) -> Plan {
    let items = joined(from, folder.items);
    let groups = groups(&items);
    let mut maker = Maker {
        from,
        queries: BTreeMap::new(),
        names: BTreeSet::new(),
        list_names: BTreeSet::new(),
        plan: Plan {
            monitors: Vec::new(),
            lists: Vec::new(),
            conditions: Vec::new(),
            outcomes: Vec::new(),
            skipped: folder.skipped,
        },
    };
    // Searches made of others come last: they need the others' queries.
    let (combined, plain): (Vec<Item>, Vec<Item>) = items
        .into_iter()
        .partition(|i| matches!(&i.found, Found::Query(q) if q.combined.is_some()));
    for item in plain.into_iter().chain(combined) {
        maker.take(item, &groups);
    }
    maker.plan
}

/// Topics of Talkwalker have several lines, each an item of its own in the files.
fn joined(from: From, items: Vec<Item>) -> Vec<Item> {
    if from != From::Talkwalker {
        return items;
    }
    let mut out: Vec<Item> = Vec::new();
    for item in items {
        let Found::Query(query) = item.found else {
            out.push(item);
            continue;
        };
        let same = out.iter_mut().find_map(|i| match &mut i.found {
            Found::Query(q) if i.file == item.file && q.name == query.name && q.group == query.group => {
                Some(q)
            }
            _ => None,
        });
        match same {
            Some(known) => known.lines.extend(query.lines),
            None => out.push(Item {
                file: item.file,
                found: Found::Query(query),
            }),
        }
    }
    out
}

/// The group of each query, by its id and name.
fn groups(items: &[Item]) -> BTreeMap<String, String> {
    let mut of = BTreeMap::new();
    for item in items {
        if let Found::Group { name, members } = &item.found {
            for member in members {
                of.insert(member.clone(), name.clone());
            }
        }
    }
    of
}

struct Maker {
    from: From,
    /// The query of each search by its id.
    queries: BTreeMap<String, String>,
    names: BTreeSet<String>,
    list_names: BTreeSet<String>,
    plan: Plan,
}

impl Maker {
    fn take(&mut self, item: Item, groups: &BTreeMap<String, String>) {
        let Item { file, found } = item;
        match found {
            Found::Query(query) => self.query(file, query, groups),
            Found::Group { name, members } => {
                let becomes = format!("the roles of its {} monitors", members.len());
                let reason = "monitors stand side by side: a group gives them their role".to_owned();
                let outcome = self.outcome(file, "group", name, Some(LossKind::Changed), vec![reason]);
                outcome.becomes = Some(becomes);
            }
            Found::Keywords { name, terms } => self.keywords(file, name, &terms),
            Found::Values {
                kind,
                field,
                name,
                values,
            } => self.values(file, kind, field, name, &values),
            Found::Other { kind, name, why } => {
                self.outcome(file, kind, name, Some(LossKind::Dropped), vec![why]);
            }
        }
    }

    fn outcome(
        &mut self,
        file: String,
        kind: &'static str,
        name: String,
        severity: Option<LossKind>,
        reasons: Vec<String>,
    ) -> &mut Outcome {
        let place = self.plan.outcomes.len();
        self.plan.outcomes.push(Outcome {
            file,
            kind,
            name,
            becomes: None,
            severity,
            reasons,
            losses: Vec::new(),
        });
        &mut self.plan.outcomes[place]
    }

    fn query(&mut self, file: String, found: FoundQuery, groups: &BTreeMap<String, String>) {
        let (query, losses) = match &found.combined {
            Some(combined) => (self.combined(combined), Vec::new()),
            None => self.lines(&found.lines),
        };
        let mut reasons: Vec<String> = found
            .settings
            .iter()
            .map(|s| format!("not carried: {s}"))
            .collect();
        let query = query.map(|q| with_languages(q, &found.languages, &mut reasons));
        let query = query.filter(|q| {
            let fits = q.chars().count() <= query::MAX_CHARS;
            if !fits {
                reasons.push(format!(
                    "the query is longer than {} characters: split it",
                    query::MAX_CHARS
                ));
            }
            fits
        });
        let severity = if reasons.is_empty() {
            worst(&losses)
        } else {
            Some(LossKind::Dropped)
        };
        let group = found.group.clone().or_else(|| {
            let id = found.id.as_ref().and_then(|id| groups.get(id));
            id.or_else(|| groups.get(&found.name)).cloned()
        });
        let Some(query) = query else {
            if found.combined.is_some() {
                reasons.push(
                    "a search it is made of is not among the files, or could not be carried over".to_owned(),
                );
            }
            let outcome = self.outcome(file, "query", found.name, Some(LossKind::Dropped), reasons);
            outcome.losses = losses;
            return;
        };
        if let Some(id) = &found.id {
            self.queries.insert(id.clone(), query.clone());
        }
        let name = self.free_name(&found.name);
        if name != found.name {
            reasons.push(format!(
                "named {name} here: names are unique, and one line of {MAX_NAME} characters at most"
            ));
        }
        let place = group
            .as_ref()
            .map(|g| format!(", in {}", one_line(g)))
            .unwrap_or_default();
        let remarks = losses
            .iter()
            .map(|l| format!("{}: {} ({})", l.severity.name(), l.message, l.code))
            .chain(reasons.iter().cloned())
            .collect();
        self.plan.monitors.push(Monitor {
            name: name.clone(),
            role: role(&found.name, group.as_deref()),
            query,
            origin: format!(
                "{} query \"{}\"{place} ({file})",
                self.from.title(),
                one_line(&found.name)
            ),
            remarks,
        });
        let outcome = self.outcome(file, "query", found.name, severity, reasons);
        outcome.becomes = Some(format!("monitor {name}"));
        outcome.losses = losses;
    }

    /// The lines that include, joined by OR, without those that exclude.
    fn lines(&self, lines: &[Line]) -> (Option<String>, Vec<Loss>) {
        let (mut included, mut excluded, mut losses) = (Vec::new(), Vec::new(), Vec::new());
        for line in lines {
            let translation = translate(self.from.dialect(), &line.text);
            losses.extend(translation.losses);
            let side = if line.excludes {
                &mut excluded
            } else {
                &mut included
            };
            side.extend(translation.query);
        }
        let query = (!included.is_empty()).then(|| {
            let included = any(included);
            if excluded.is_empty() {
                included
            } else {
                format!("{} AND NOT {}", grouped(&included), grouped(&any(excluded)))
            }
        });
        (query, losses)
    }

    fn combined(&self, combined: &super::found::Combined) -> Option<String> {
        let of = |ids: &[String]| -> Option<Vec<String>> {
            ids.iter().map(|id| self.queries.get(id).cloned()).collect()
        };
        let mut parts: Vec<String> = of(&combined.all)?.iter().map(|q| grouped(q)).collect();
        let some = of(&combined.any)?;
        if !some.is_empty() {
            parts.push(grouped(&any(some)));
        }
        let none = of(&combined.none)?;
        if !none.is_empty() {
            parts.push(format!("NOT {}", grouped(&any(none))));
        }
        Some(parts.join(" AND "))
    }

    fn keywords(&mut self, file: String, name: String, terms: &[String]) {
        let (mut kept, mut losses, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
        for term in terms {
            match self.list_term(term, &mut losses) {
                Some(t) if kept.contains(&t) => {}
                Some(t) => kept.push(t),
                None => reasons.push(format!("left out: {}", one_line(term))),
            }
        }
        let mut severity = (!reasons.is_empty())
            .then_some(LossKind::Dropped)
            .or(worst(&losses));
        if kept.len() > MAX_LIST_TERMS {
            reasons.push(format!(
                "the last {} terms: a list has {MAX_LIST_TERMS} at most",
                kept.len() - MAX_LIST_TERMS
            ));
            kept.truncate(MAX_LIST_TERMS);
            severity = Some(LossKind::Dropped);
        }
        if kept.is_empty() {
            self.outcome(file, "keyword list", name, Some(LossKind::Dropped), reasons)
                .losses = losses;
            return;
        }
        let own = self.free_list_name(&name);
        self.plan.lists.push(List {
            name: own.clone(),
            terms: kept,
            origin: format!(
                "{} keyword list \"{}\" ({file})",
                self.from.title(),
                one_line(&name)
            ),
        });
        let outcome = self.outcome(file, "keyword list", name, severity, reasons);
        outcome.becomes = Some(format!("list {own}, used as list:{own}"));
        outcome.losses = losses;
    }

    /// A keyword as one term of our language: several words without quotes are a phrase.
    fn list_term(&self, term: &str, losses: &mut Vec<Loss>) -> Option<String> {
        let term = term.trim();
        let open = term.contains(char::is_whitespace) && !term.contains('"') && !term.starts_with(['{', '+']);
        let source = if open {
            format!("\"{term}\"")
        } else {
            term.to_owned()
        };
        let translation = translate(self.from.dialect(), &source);
        losses.extend(translation.losses);
        translation.query.filter(|q| {
            let masked = q.replace(['*', '?'], "x");
            query::parse(&masked)
                .is_ok_and(|q| matches!(q.ast(), Node::Word(_) | Node::Phrase(_) | Node::Together { .. }))
        })
    }

    fn values(
        &mut self,
        file: String,
        kind: &'static str,
        field: &'static str,
        name: String,
        values: &[String],
    ) {
        let (mut kept, mut reasons) = (Vec::new(), Vec::new());
        for value in values {
            // A value that the product's own field would carry over is carried over.
            let written = format!("{field}:\"{}\"", value.replace('"', " "));
            let translation = translate(query::import::Dialect::Brandwatch, &written);
            match translation.query {
                Some(q) if !kept.contains(&q) => kept.push(q),
                Some(_) => {}
                None => reasons.push(format!("left out: {}", one_line(value))),
            }
        }
        if kept.is_empty() {
            self.outcome(file, kind, name, Some(LossKind::Dropped), reasons);
            return;
        }
        let severity = if reasons.is_empty() {
            LossKind::Changed
        } else {
            LossKind::Dropped
        };
        reasons.push("lists hold words only: put the condition into the queries that need it".to_owned());
        let condition = if kept.len() == 1 {
            kept.remove(0)
        } else {
            format!("({})", kept.join(" OR "))
        };
        let title = format!("{} {kind} \"{}\" ({file})", self.from.title(), one_line(&name));
        self.plan.conditions.push((title, condition));
        let outcome = self.outcome(file, kind, name, Some(severity), reasons);
        outcome.becomes = Some("a condition, in a comment".to_owned());
    }

    fn free_name(&mut self, name: &str) -> String {
        let clean: String = one_line(name).chars().take(MAX_NAME - 8).collect();
        let key = |name: &str| name.to_ascii_lowercase();
        free(clean, &mut self.names, key, |clean, n| format!("{clean} ({n})"))
    }

    fn free_list_name(&mut self, name: &str) -> String {
        let fits = |c: char| c.is_alphanumeric() && !c.is_uppercase();
        let lower = name.to_lowercase();
        let parts: Vec<&str> = lower.split(|c| !fits(c)).filter(|p| !p.is_empty()).collect();
        let clean: String = parts.join("-").chars().take(56).collect();
        free(clean, &mut self.list_names, str::to_owned, |clean, n| {
            format!("{clean}-{n}")
        })
    }
}

/// A name that is not taken yet: the one wished for, or the first of its `next` ones. Names are compared by their `key`.
fn free(
    wish: String,
    taken: &mut BTreeSet<String>,
    key: impl Fn(&str) -> String,
    next: impl Fn(&str, u32) -> String,
) -> String {
    let wish = if wish.is_empty() {
        "imported".to_owned()
    } else {
        wish
    };
    let mut free = wish.clone();
    let mut n = 2;
    while !taken.insert(key(&free)) {
        free = next(&wish, n);
        n += 1;
    }
    free
}

/// The worst of the losses: dropped, then changed, then unsure.
fn worst(losses: &[Loss]) -> Option<LossKind> {
    let rank = |k: &LossKind| match k {
        LossKind::Dropped => 2,
        LossKind::Changed => 1,
        LossKind::Unsure => 0,
    };
    losses.iter().map(|l| l.severity).max_by_key(rank)
}

fn with_languages(query: String, languages: &[String], reasons: &mut Vec<String>) -> String {
    let mut known = Vec::new();
    for language in languages {
        match query::ast::FieldName::Lang.normalise(language) {
            Some(code) if !known.contains(&code) => known.push(code),
            Some(_) => {}
            None => reasons.push(format!(
                "not carried: the language {}: use lang: and a code",
                one_line(language)
            )),
        }
    }
    match known.as_slice() {
        [] => query,
        [one] => format!("{} AND lang:{one}", grouped(&query)),
        many => format!("{} AND lang:({})", grouped(&query), many.join(" OR ")),
    }
}

fn any(mut queries: Vec<String>) -> String {
    if queries.len() == 1 {
        return queries.remove(0);
    }
    let grouped: Vec<String> = queries.iter().map(|q| grouped(q)).collect();
    grouped.join(" OR ")
}

/// In brackets where something stands beside it.
fn grouped(query: &str) -> String {
    if query.contains(' ') {
        format!("({query})")
    } else {
        query.to_owned()
    }
}

fn role(name: &str, group: Option<&str>) -> &'static str {
    let says = |words: &[&str]| {
        let both = format!("{} {}", name, group.unwrap_or_default()).to_lowercase();
        words.iter().any(|w| both.contains(w))
    };
    if says(&[
        "competitor",
        "competition",
        "rival",
        "wettbewerb",
        "konkurren",
        "concurren",
        "competencia",
    ]) {
        "competitor"
    } else if says(&["campaign", "kampagne", "campagne", "campaña"]) {
        "campaign"
    } else {
        "brand"
    }
}

fn one_line(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}
