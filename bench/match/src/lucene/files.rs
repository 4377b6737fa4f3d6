//! What the Java side reads: queries, posts as terms, frequencies; and its answers.

use super::lower::{Reason, lower};
use super::terms::{Asked, each_term};
use crate::check::Pairs;
use crate::frequencies::Frequencies;
use crate::workload::{Post, Workload};
use anyhow::Context;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use text::Tokens;

/// In Lucene's vocabulary, behind the begin of a word; `PrefixHandler.java` knows it.
const BEGIN_MARK: char = '\u{3}';

/// The queries of a workload as Lucene is given them.
#[derive(Debug, Default)]
pub(crate) struct Lowered {
    queries: Vec<(u32, Value)>,
    /// What they ask for.
    pub(crate) asked: Asked,
    /// Queries that Lucene is spared, by reason.
    pub(crate) left_out: BTreeMap<Reason, usize>,
}

impl Lowered {
    pub(crate) fn of(workload: &Workload) -> Self {
        let mut out = Self::default();
        for (id, query) in &workload.queries {
            match lower(query.ast(), &mut out.asked) {
                Ok(value) => out.queries.push((*id, value)),
                Err(reason) => *out.left_out.entry(reason).or_default() += 1,
            }
        }
        out
    }

    /// Ids of the queries that Lucene gets.
    pub(crate) fn ids(&self) -> HashSet<u32> {
        self.queries.iter().map(|q| q.0).collect()
    }
}

/// Fills the folder.
pub(crate) fn write(
    folder: &Path,
    lowered: &Lowered,
    posts: &[Post],
    known: &Frequencies,
) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let create = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let mut queries = create("queries.jsonl")?;
    for (id, query) in &lowered.queries {
        writeln!(queries, "{}", json!({ "id": id, "q": query }))?;
    }
    queries.flush()?;
    write_frequencies(create("df.tsv")?, lowered, known)?;
    write_posts(create("posts.bin")?, posts, &lowered.asked)
}

fn write_frequencies(mut out: impl Write, lowered: &Lowered, known: &Frequencies) -> anyhow::Result<()> {
    let asked = &lowered.asked;
    for term in &asked.terms {
        writeln!(out, "text\t{term}\t{}", known.term(term))?;
    }
    for begin in asked.begins.union(&asked.pieces) {
        writeln!(out, "text\t{begin}{BEGIN_MARK}\t{}", known.begins(begin))?;
    }
    for (name, value, n) in known.fields() {
        writeln!(out, "{}\t{value}\t{n}", name.name())?;
    }
    Ok(out.flush()?)
}

/// The form that `Posts.java` reads.
fn write_posts(mut out: impl Write, posts: &[Post], asked: &Asked) -> anyhow::Result<()> {
    let mut tokens = Tokens::new();
    out.write_all(&(posts.len() as u32).to_be_bytes())?;
    for post in posts {
        out.write_all(&post.id.to_be_bytes())?;
        let fields: Vec<_> = post.fields().collect();
        out.write_all(&(fields.len() as u16).to_be_bytes())?;
        for (name, value) in fields {
            string(&mut out, name.name())?;
            string(&mut out, &value)?;
        }
        tokens.read(&post.text);
        let mut terms: Vec<(u32, String)> = Vec::new();
        each_term(&tokens, asked, |place, term| terms.push((place, term.to_owned())));
        out.write_all(&(terms.len() as u32).to_be_bytes())?;
        let mut next = 0;
        for (place, term) in terms {
            // Places count from 0; Lucene starts before them.
            out.write_all(&((place + 1 - next) as u16).to_be_bytes())?;
            next = place + 1;
            string(&mut out, &term)?;
        }
    }
    Ok(out.flush()?)
}

fn string(out: &mut impl Write, text: &str) -> anyhow::Result<()> {
    let length = u16::try_from(text.len()).context("a term of over 65,535 bytes")?;
    out.write_all(&length.to_be_bytes())?;
    Ok(out.write_all(text.as_bytes())?)
}

/// The answers of a configuration.
pub(crate) fn answers(folder: &Path, config: &str) -> anyhow::Result<Pairs> {
    let text = std::fs::read_to_string(folder.join(format!("answers-{config}.tsv")))?;
    let pair = |line: &str| {
        let (post, query) = line.split_once('\t').context("an answer without a tab")?;
        Ok((post.parse()?, query.parse()?))
    };
    text.lines().map(pair).collect()
}
