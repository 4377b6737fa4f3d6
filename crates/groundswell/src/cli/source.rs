//! `groundswell source`

use crate::connections::{Definition, in_words, try_out};
use clap::{Args, Subcommand};
use sources::keep::Memory;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Arguments of `groundswell source`.
#[derive(Args)]
pub(crate) struct SourceArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Connect, say what is seen, deliver nothing and spend nothing
    Test {
        /// The source's name in the configuration; all of them where absent
        name: Option<String>,
        /// The configuration
        #[arg(short, long, default_value = "groundswell.toml")]
        config: PathBuf,
    },
    /// List the connectors there are, and what each needs
    List,
}

pub(crate) fn run(args: SourceArgs) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::List => {
            for connector in sources::registry() {
                println!(
                    "{:<12} {}\n{:13}needs: {}",
                    connector.name, connector.title, "", connector.doc.needs
                );
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Test { name, config } => {
            let Some(config) = super::check::load(Some(&config)) else {
                return Ok(ExitCode::from(super::USAGE));
            };
            let wanted = |d: &&Definition| name.as_ref().is_none_or(|n| *n == d.name);
            let chosen: Vec<&Definition> = config.sources.iter().filter(wanted).collect();
            if chosen.is_empty() {
                let names: Vec<&str> = config.sources.iter().map(|s| s.name.as_str()).collect();
                anyhow::bail!(
                    "the configuration has no such source; it has {}",
                    names.join(", ")
                );
            }
            super::block_on(test(chosen))
        }
    }
}

async fn test(chosen: Vec<&Definition>) -> anyhow::Result<ExitCode> {
    let mut all = true;
    for definition in chosen {
        let trial = try_out(definition, Arc::new(Memory::default()))
            .await
            .map_err(|faults| anyhow::anyhow!("{}: {}", definition.name, in_words(&faults)))?;
        println!(
            "{}: {}",
            definition.name,
            if trial.works { "works" } else { "does not work" }
        );
        trial.lines.iter().for_each(|line| println!("  {line}"));
        all &= trial.works;
    }
    Ok(ExitCode::from(u8::from(!all)))
}
