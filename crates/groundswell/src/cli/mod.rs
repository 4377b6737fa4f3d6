//! The command line.

mod audit;
mod backup;
mod check;
mod classify;
mod demo;
mod doctor;
mod erase;
mod evaluate;
mod export;
mod folder;
mod import;
mod import_mentions;
mod init;
mod key;
mod lines;
mod log;
mod matching;
mod migrate;
mod model_io;
mod notice;
mod openapi;
mod own;
mod parse;
mod pinned;
mod placing;
mod policy;
mod quantify;
mod query;
mod remote;
mod replay;
mod report;
mod restore;
mod run;
mod source;
mod store;
mod train;
mod user;
mod watching;

pub(crate) use log::start_log;

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
    /// Look at everything an installation needs, and say what is wrong and how to mend it; a server may be running
    Doctor(doctor::DoctorArgs),
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
    /// Find copies among posts
    Dedup(placing::DedupArgs),
    /// Find what posts are about
    Cluster(placing::ClusterArgs),
    /// Score posts
    Classify(classify::ClassifyArgs),
    /// Measure a model on labelled posts
    Evaluate(evaluate::EvaluateArgs),
    /// Tell the shares of classes among scored posts
    Quantify(quantify::QuantifyArgs),
    /// Find peaks in a file of posts
    Anomalies(watching::WatchingArgs),
    /// Find what several authors of a file of posts say of a sudden
    Trends(watching::WatchingArgs),
    /// Find accounts of a file of posts that share the same things at the same moments
    Coordination(watching::WatchingArgs),
    /// Train a model on labelled posts
    Train(train::TrainArgs),
    /// Erase an author, take deleted bytes off the disk, check a receipt
    Erase(erase::EraseArgs),
    /// Print the audit log, or check that it is whole
    Audit(audit::AuditArgs),
    /// Add people, invite them, say what they may do; a server may be running
    User(user::UserArgs),
    /// List and replace the installation's keys
    Key(key::KeyArgs),
    /// Write a backup; a server may be running
    Backup(backup::BackupArgs),
    /// Put a backup back into an empty folder
    Restore(restore::RestoreArgs),
    /// Move all mentions into the cluster of the configuration, or back; a server may be running
    Migrate(migrate::MigrateArgs),
    /// Check the files of a data folder; no server may be running
    Store(store::StoreArgs),
    /// Write mentions to a file, as far as each platform's policy profile lets them leave
    Export(export::ExportArgs),
    /// Make a report of a project as HTML, PDF, PowerPoint or a workbook
    Report(report::ReportArgs),
    /// Bring in mention exports of other vendors, with their sentiment
    ImportMentions(import_mentions::ImportMentionsArgs),
    /// Show policy profiles; record what was accepted
    Policy(policy::PolicyArgs),
    /// Write the authors' notice and templates of the assessments, from the settings
    Notice(notice::NoticeArgs),
    /// Print the page of definitions of every metric
    Metrics,
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
        Command::Doctor(args) => doctor::run(&args),
        Command::Init(args) => init::run(args),
        Command::Match(args) => matching::run(args),
        Command::Query(args) => query::run(args),
        Command::Import(args) => import::run(&args),
        Command::Source(args) => source::run(args),
        Command::Parse(args) => parse::run(args),
        Command::Dedup(args) => placing::dedup(&args),
        Command::Cluster(args) => placing::cluster(&args),
        Command::Classify(args) => classify::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Quantify(args) => quantify::run(args),
        Command::Anomalies(args) => watching::anomalies(&args),
        Command::Trends(args) => watching::trends(&args),
        Command::Coordination(args) => watching::coordination(&args),
        Command::Train(args) => train::run(args),
        Command::Erase(args) => erase::run(args),
        Command::Audit(args) => audit::run(args),
        Command::User(args) => user::run(args),
        Command::Key(args) => key::run(args),
        Command::Backup(args) => backup::run(args),
        Command::Restore(args) => restore::run(args),
        Command::Migrate(args) => migrate::run(&args),
        Command::Store(args) => store::run(args),
        Command::Export(args) => export::run(args),
        Command::Report(args) => report::run(&args),
        Command::ImportMentions(args) => import_mentions::run(&args),
        Command::Policy(args) => policy::run(args),
        Command::Notice(args) => notice::run(args),
        Command::Metrics => openapi::metrics(),
        Command::Openapi => openapi::run(),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(USAGE)
    })
}

/// Runs async work on a runtime of its own.
pub(crate) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
