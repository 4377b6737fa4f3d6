//! The command line.

mod check;
mod classify;
mod demo;
mod evaluate;
mod export;
mod import;
mod init;
mod lines;
mod matching;
mod model_io;
mod notice;
mod openapi;
mod parse;
mod policy;
mod query;
mod replay;
mod run;
mod source;
mod train;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Exit status of usage and configuration errors.
pub(crate) const USAGE: u8 = 2;

/// Self-hosted, real-time social media monitoring with machine learning.
#[derive(Parser)]
#[command(name = "groundswell", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show a lifelike simulated stream, everything on; needs no network and no key
    Demo(demo::DemoArgs),
    /// Follow the sources of a configuration
    Run(run::RunArgs),
    /// Put files of posts through the whole pipeline
    Replay(replay::ReplayArgs),
    /// Name every fault of a configuration
    Check(check::CheckArgs),
    /// Write a commented configuration
    Init(init::InitArgs),
    /// Match posts against queries
    Match(matching::MatchArgs),
    /// Lint, explain and translate queries
    Query(query::QueryArgs),
    /// Bring monitors and lists along from another product
    Import(import::ImportArgs),
    /// Try sources out, and list the connectors
    Source(source::SourceArgs),
    /// Turn a platform's recorded form into posts
    Parse(parse::ParseArgs),
    /// Score posts
    Classify(classify::ClassifyArgs),
    /// Measure a model on labelled posts
    Evaluate(evaluate::EvaluateArgs),
    /// Train a model on labelled posts
    Train(train::TrainArgs),
    /// Write mentions to a file, as far as each platform's policy profile lets them leave
    Export(export::ExportArgs),
    /// Show policy profiles; record what was accepted
    Policy(policy::PolicyArgs),
    /// Write the authors' notice and templates of the assessments, from the settings
    Notice(notice::NoticeArgs),
    /// Print the OpenAPI document of the HTTP API
    Openapi,
}

/// Runs the program; its exit status is 0, 1 where input was refused or an expectation failed, 2 for usage and configuration.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Demo(args) => demo::run(args),
        Command::Run(args) => run::run(args),
        Command::Replay(args) => replay::run(args),
        Command::Check(args) => check::run(args),
        Command::Init(args) => init::run(args),
        Command::Match(args) => matching::run(args),
        Command::Query(args) => query::run(args),
        Command::Import(args) => import::run(&args),
        Command::Source(args) => source::run(args),
        Command::Parse(args) => parse::run(args),
        Command::Classify(args) => classify::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Train(args) => train::run(args),
        Command::Export(args) => export::run(args),
        Command::Policy(args) => policy::run(args),
        Command::Notice(args) => notice::run(args),
        Command::Openapi => openapi::run(),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(USAGE)
    })
}

/// Logs to standard error: `GROUNDSWELL_LOG` sets the levels (default `info`), `GROUNDSWELL_LOG_FORMAT=json` the form.
pub(crate) fn start_log() {
    use tracing_subscriber::EnvFilter;
    let filter =
        EnvFilter::try_from_env("GROUNDSWELL_LOG").unwrap_or_else(|_| EnvFilter::new("info,tantivy=warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    // A second start, as in tests, keeps the first log.
    let _ = match std::env::var("GROUNDSWELL_LOG_FORMAT").as_deref() {
        Ok("json") => log.json().try_init(),
        _ => log.with_target(false).compact().try_init(),
    };
}

/// Runs async work on a runtime of its own.
pub(crate) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
