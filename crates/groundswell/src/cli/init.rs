//! `groundswell init`

use crate::config::TEMPLATE;
use anyhow::Context;
use clap::Args;
use std::fmt::Write as _;
use std::io::{BufRead, IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `groundswell init`.
#[derive(Args)]
pub(crate) struct InitArgs {
    /// The file to write
    #[arg(default_value = "groundswell.toml")]
    path: PathBuf,
    /// Write over an existing file
    #[arg(long)]
    force: bool,
    /// Ask nothing: write the commented template as it is
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(args: InitArgs) -> anyhow::Result<ExitCode> {
    let exists = args.path.exists();
    anyhow::ensure!(
        args.force || !exists,
        "{} exists; --force writes over it",
        args.path.display()
    );
    let answers = if args.yes || !std::io::stdin().is_terminal() {
        String::new()
    } else {
        ask(&mut std::io::stdin().lock())?
    };
    std::fs::write(&args.path, format!("{TEMPLATE}{answers}"))
        .with_context(|| format!("cannot write {}", args.path.display()))?;
    println!(
        "Wrote {}. Next: groundswell check, then groundswell run.",
        args.path.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// The five steps of a first project; what is answered becomes monitors.
fn ask(input: &mut impl BufRead) -> anyhow::Result<String> {
    println!("Five questions; an empty answer skips one.");
    println!("1. Platforms: Bluesky's public stream is on; others are added in the file.");
    let objective = question(
        input,
        "2. What is it for (brand mentions, trends, customer feedback, competition, awareness)?",
    )?;
    let own = question(
        input,
        "3a. Your names, tags and handles, separated by commas (acme, #acme, @acme):",
    )?;
    let others = question(input, "3b. Competitors, separated by commas:")?;
    println!(
        "4. See: groundswell run opens the web app. 5. Refine: each monitor's page shows what its query matches."
    );
    let mut out = String::new();
    if !objective.is_empty() {
        let _ = write!(out, "\n# Objective: {}\n", objective.replace('\n', " "));
    }
    let own = names(&own);
    if let Some(first) = own.first() {
        monitor(&mut out, first, "brand", &own.join(" OR "));
    }
    for name in names(&others) {
        monitor(&mut out, &name, "competitor", &name);
    }
    Ok(out)
}

fn question(input: &mut impl BufRead, text: &str) -> anyhow::Result<String> {
    print!("{text} ");
    std::io::stdout().flush()?;
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// The names of a list as terms of a query: several words become a phrase.
fn names(list: &str) -> Vec<String> {
    let term = |n: &str| {
        if n.contains(char::is_whitespace) {
            format!("\"{}\"", n.replace('"', ""))
        } else {
            n.to_owned()
        }
    };
    list.split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .map(term)
        .collect()
}

fn monitor(out: &mut String, name: &str, role: &str, query: &str) {
    let name = toml::Value::from(name.trim_matches(['"', '#', '@']));
    let query = toml::Value::from(query);
    let _ = write!(
        out,
        "\n[[monitor]]\nname = {name}\nrole = \"{role}\"\nquery = {query}\n"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_become_a_valid_configuration() {
        let mut input = "competition\nAcme, #acme, \"big acme\nOther Brand, Third\n".as_bytes();
        let text = format!("{TEMPLATE}{}", ask(&mut input).unwrap_or_default());
        let config = crate::config::parse(&text, std::path::Path::new("")).map_err(|f| format!("{f:?}"));
        let monitors = config.map(|c| {
            c.monitors
                .into_iter()
                .map(|m| (m.name, m.query))
                .collect::<Vec<_>>()
        });
        let expected = [
            ("Acme", "Acme OR #acme OR \"big acme\""),
            ("Other Brand", "\"Other Brand\""),
            ("Third", "Third"),
        ];
        assert_eq!(
            monitors,
            Ok(expected.map(|(n, q)| (n.to_owned(), q.to_owned())).to_vec())
        );
    }
}
