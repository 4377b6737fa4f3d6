//! `groundswell parse`

use anyhow::{Context, bail};
use clap::Args;
use sources::file::{ColumnMap, FileOptions};
use sources::{ParseInput, Refused, SourceEvent};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `groundswell parse`.
#[derive(Debug, Args)]
pub(crate) struct ParseArgs {
    /// The platform whose recorded form is read
    #[arg(long, value_name = "CONNECTOR")]
    source: String,
    /// What to read; standard input where absent or `-`
    file: Option<PathBuf>,
    /// For files of posts: columns by other names, such as --map created_at=published
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    maps: Vec<String>,
    /// For files of posts: the platform of posts that do not say
    #[arg(long)]
    platform: Option<String>,
    /// End with status 1 if something was refused
    #[arg(long)]
    strict: bool,
}

/// Prints each post found as one line of the interchange form; what is refused goes to standard error with its place.
pub(crate) fn run(args: ParseArgs) -> anyhow::Result<ExitCode> {
    let Some(connector) = sources::find(&args.source) else {
        let known: Vec<_> = sources::registry().iter().map(|r| r.name).collect();
        bail!(
            "--source: no connector {:?}, there are {}",
            args.source,
            known.join(", ")
        );
    };
    let map = ColumnMap::from_entries(&args.maps).map_err(|errors| {
        anyhow::anyhow!(
            "--map: {}",
            errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; ")
        )
    })?;
    let file = FileOptions {
        map,
        platform: args.platform,
        ..FileOptions::default()
    };
    let input = open(args.file, file)?;
    let name = input.name.clone();

    let mut printer = Printer {
        out: BufWriter::new(io::stdout().lock()),
        posts: 0,
        refused: 0,
        broken: None,
    };
    (connector.parse)(input, &mut |item| printer.take(item))
        .with_context(|| format!("cannot read {name}"))?;
    printer.finish(args.strict)
}

fn open(path: Option<PathBuf>, file: FileOptions) -> anyhow::Result<ParseInput> {
    match path.filter(|p| p.as_os_str() != "-") {
        None => Ok(ParseInput {
            reader: Box::new(io::stdin()),
            name: "-".to_owned(),
            file,
        }),
        Some(path) => {
            let name = path.display().to_string();
            let reader = File::open(&path).with_context(|| format!("cannot read {name}"))?;
            Ok(ParseInput {
                reader: Box::new(reader),
                name,
                file,
            })
        }
    }
}

struct Printer<W> {
    out: W,
    posts: u64,
    refused: u64,
    /// The first failure to write; nothing is written after it.
    broken: Option<io::Error>,
}

impl<W: Write> Printer<W> {
    fn take(&mut self, item: Result<SourceEvent, Refused>) {
        if self.broken.is_some() {
            return;
        }
        let written = match item {
            Ok(SourceEvent::Post(post)) => {
                self.posts += 1;
                serde_json::to_writer(&mut self.out, &post)
                    .map_err(io::Error::from)
                    .and_then(|()| self.out.write_all(b"\n"))
            }
            Ok(SourceEvent::AuthorGone { platform, author_id }) => {
                eprintln!("{platform}: the account {author_id} is gone, with its posts");
                Ok(())
            }
            Err(refused) => {
                self.refused += 1;
                eprintln!("{refused}");
                Ok(())
            }
        };
        self.broken = written.err();
    }

    fn finish(mut self, strict: bool) -> anyhow::Result<ExitCode> {
        let flushed = self.broken.take().map_or_else(|| self.out.flush(), Err);
        match flushed {
            // `parse … | head` is no failure.
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
            other => other.context("cannot write posts")?,
        }
        if self.refused > 0 {
            eprintln!("{} posts, {} refused", self.posts, self.refused);
        }
        Ok(ExitCode::from(u8::from(strict && self.refused > 0)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn posts_are_printed_with_null_for_the_unknown_and_refusals_counted() {
        let lines = "{\"id\":1,\"text\":\"a\"}\nbad\n{\"text\":\"b\"}\n";
        let input = ParseInput {
            reader: Box::new(lines.as_bytes()),
            name: "t.jsonl".into(),
            file: FileOptions::default(),
        };
        let mut printer = Printer {
            out: Vec::new(),
            posts: 0,
            refused: 0,
            broken: None,
        };
        (sources::find("file").unwrap().parse)(input, &mut |item| printer.take(item)).unwrap();
        let printed = String::from_utf8(printer.out.clone()).unwrap();
        let posts: Vec<serde_json::Value> = printed
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        assert_eq!((posts.len(), printer.refused), (2, 1));
        assert_eq!(
            (&posts[0]["uid"], &posts[0]["lang"]),
            (&"1".into(), &serde_json::Value::Null)
        );
        assert_eq!(
            format!("{:?}", printer.finish(true).unwrap()),
            format!("{:?}", ExitCode::from(1))
        );
    }
}
