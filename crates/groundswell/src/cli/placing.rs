//! `groundswell dedup` and `groundswell cluster`: copies and topics of posts in a file, as the server finds them.

use super::lines::{Line, Lines, open, shown};
use super::matching::post_of;
use anyhow::Context;
use clap::Args;
use post::{Event, RawPost};
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use trends::copies::{Copies, How, Post};
use trends::hash;
use trends::terms::Terms;
use trends::topics::Topics;

/// Arguments of `groundswell dedup`.
#[derive(Debug, Args)]
pub(super) struct DedupArgs {
    /// Posts, one a line; .gz and .zst are read as they are, - is standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    posts: PathBuf,
    /// Write the lines of posts that are no copies of an earlier one, as they are, and nothing else
    #[arg(long)]
    unique: bool,
    /// End with status 1 if a line was refused
    #[arg(long)]
    strict: bool,
}

/// Arguments of `groundswell cluster`.
#[derive(Debug, Args)]
pub(super) struct ClusterArgs {
    /// Posts, one a line; .gz and .zst are read as they are, - is standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    posts: PathBuf,
    /// Write the topics that are alive at the end, the largest first: number, posts, texts, words
    #[arg(long, value_name = "FILE")]
    topics: Option<PathBuf>,
    /// End with status 1 if a line was refused
    #[arg(long)]
    strict: bool,
}

/// Prints `post id TAB id of the first of its copies TAB how` for every post.
pub(super) fn dedup(args: &DedupArgs) -> anyhow::Result<ExitCode> {
    let mut names = Vec::new();
    let mut reader = Reader::default();
    let mut out = BufWriter::new(io::stdout().lock());
    let refused = reader.each(&args.posts, &mut |read| {
        names.push(read.name.clone());
        let is_copy = !matches!(read.how, How::First);
        if args.unique {
            return match is_copy {
                true => Ok(()),
                false => writeln!(out, "{}", String::from_utf8_lossy(read.line)),
            };
        }
        // Groups are named by the place of their first post.
        let first = names.get(read.group as usize).map_or("?", String::as_str);
        let how = match read.how {
            How::First => "first".to_owned(),
            How::Exact => "exact".to_owned(),
            How::Near(share) => format!("near {share:.2}"),
            How::Repost => "repost".to_owned(),
            How::Again => "again".to_owned(),
        };
        writeln!(out, "{}\t{first}\t{how}", read.name)
    });
    ended(refused, args.strict)
}

/// Prints `post id TAB topic` for every post; `-` where it has no words.
pub(super) fn cluster(args: &ClusterArgs) -> anyhow::Result<ExitCode> {
    let mut topics = Topics::new(trends::topics::Config::default());
    let mut terms = Terms::new();
    let mut reader = Reader::default();
    let mut out = BufWriter::new(io::stdout().lock());
    let refused = reader.each(&args.posts, &mut |read| {
        terms.read(read.text);
        let key = read.key;
        match topics.assign(key, Some(read.group), &terms) {
            Some(topic) => writeln!(out, "{}\t{topic}", read.name),
            None => writeln!(out, "{}\t-", read.name),
        }
    });
    if let Some(path) = &args.topics {
        let failed = || format!("cannot write {}", path.display());
        let mut out = BufWriter::new(File::create(path).with_context(failed)?);
        describe(&topics, &mut out).with_context(failed)?;
    }
    ended(refused, args.strict)
}

fn describe(topics: &Topics, out: &mut impl Write) -> io::Result<()> {
    let mut all: Vec<_> = topics
        .alive()
        .into_iter()
        .filter_map(|id| topics.summary(id))
        .collect();
    all.sort_by_key(|s| (std::cmp::Reverse(s.posts), s.id));
    for topic in all {
        let words: Vec<&str> = topic.terms.iter().map(|(word, _)| word.as_str()).collect();
        writeln!(
            out,
            "{}\t{}\t{}\t{}",
            topic.id,
            topic.posts,
            topic.texts,
            words.join(" ")
        )?;
    }
    out.flush()
}

/// Whoever reads the output, such as `head`, may have seen enough.
fn ended(refused: anyhow::Result<u64>, strict: bool) -> anyhow::Result<ExitCode> {
    let is_closed = |e: &anyhow::Error| {
        e.downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
    };
    let refused = match refused {
        Err(e) if is_closed(&e) => 0,
        done => done?,
    };
    if refused > 0 {
        eprintln!("{refused} lines were refused");
    }
    Ok(ExitCode::from(u8::from(strict && refused > 0)))
}

/// A post that was placed among its copies.
struct Read<'r> {
    line: &'r [u8],
    name: String,
    key: u64,
    text: &'r str,
    group: u64,
    how: How,
}

/// Posts in their order. Their keys are their places, so that a group leads to its first post.
#[derive(Default)]
struct Reader {
    places: hash::KeyMap<u64, u64>,
    read: u64,
}

impl Reader {
    fn each(&mut self, path: &Path, each: &mut dyn FnMut(Read<'_>) -> io::Result<()>) -> anyhow::Result<u64> {
        let mut copies = Copies::new(trends::copies::Config::default());
        let mut refused = 0;
        for line in Lines::new(open(path)?) {
            let line = line.with_context(|| format!("cannot read {}", shown(path)))?;
            let post = match post_of(&line) {
                Ok(post) => post,
                Err(reason) => {
                    refused += 1;
                    eprintln!("{}:{}: {reason}", shown(path), line.number);
                    continue;
                }
            };
            if matches!(post.event, Event::Create) {
                self.place(&mut copies, &line, &post, each)?;
            }
        }
        Ok(refused)
    }

    fn place(
        &mut self,
        copies: &mut Copies,
        line: &Line,
        post: &RawPost,
        each: &mut dyn FnMut(Read<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let key = self.read;
        self.read += 1;
        if let Some(uid) = &post.uid {
            self.places.entry(hash::text(uid)).or_insert(key);
        }
        let text = match &post.title {
            Some(title) => format!("{title}\n{}", post.text),
            None => post.text.clone(),
        };
        let author = post
            .author
            .as_ref()
            .and_then(|a| a.id.as_ref().or(a.handle.as_ref()));
        let at = post.created_at.as_deref().and_then(post::parse_time);
        let reposts = post.repost_of.as_ref();
        let placed = copies.place(&Post {
            key,
            author: author.map_or(key, |a| hash::text(a)),
            platform: post.platform.as_deref().map_or(0, |p| hash::text(p) as u16),
            // Without a time it is as old as its place says.
            at: at.map_or(key as i64, |at| at / 1000),
            repost_of: reposts.and_then(|of| self.places.get(&hash::text(of)).copied()),
            text: &text,
        });
        each(Read {
            line: line.bytes.as_deref().unwrap_or_default(),
            name: post
                .uid
                .clone()
                .unwrap_or_else(|| format!("line {}", line.number)),
            key,
            text: &text,
            group: placed.group,
            how: placed.how,
        })
    }
}
