//! The control state, to PostgreSQL or back.

use super::report::Report;
use super::{FEW, MOST_PASSES, MigrateArgs, lock};
use crate::control::moving::{Finished, Move, Pass, Progress, To};
use crate::control::{AccessRole, Action, AuditEvent};
use anyhow::Context;
use std::process::ExitCode;

pub(super) fn run(args: &MigrateArgs, to: To) -> anyhow::Result<ExitCode> {
    let config = args.folder.config()?;
    let server = config.postgres.as_ref().context(
        "the configuration names no database: give one with [control] postgres by --config, such as a copy of the present one with \
         [control] added",
    )?;
    let all = Move::new(&config.data, server, to);
    if !args.finish {
        all.begin(args.replace)?;
        return follow(&all);
    }
    let lock = lock(&config.data)?;
    all.begin(args.replace)?;
    let ended = finish(&all, to)?;
    drop(lock);
    Ok(ended)
}

/// Passes over an installation that goes on, until they find little to do.
fn follow(all: &Move) -> anyhow::Result<ExitCode> {
    for passes in 1.. {
        let report = Report::begin();
        let pass = all.pass(&mut teller(&report))?;
        tell(&pass, &report);
        if (pass.changed() <= FEW && pass.is_same()) || passes == MOST_PASSES {
            tables(&pass);
            println!(
                "Nearly everything is there. To switch: stop the server, run this once more with --finish (about {} s, as the last \
                 pass), and start the server with the other configuration.",
                report.seconds().ceil()
            );
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The rest, with the server stopped; success only where both hold the same.
fn finish(all: &Move, to: To) -> anyhow::Result<ExitCode> {
    let report = Report::begin();
    let by = AuditEvent::new("command line", AccessRole::Admin, Action::Moved);
    let finished = all.finish(&by, &mut teller(&report))?;
    let (Finished::Moved(Some(pass)) | Finished::Differs(pass)) = &finished else {
        println!("The control state is in {}. {}", all.target(), hint(to));
        return Ok(ExitCode::SUCCESS);
    };
    tell(pass, &report);
    tables(pass);
    if matches!(finished, Finished::Differs(_)) {
        eprintln!(
            "REFUSED: the tables above that are DIFFERENT are not the same on both sides, and nothing was switched. Run it again: it \
             writes them anew. If they differ again, somebody else writes to {}.",
            all.target()
        );
        return Ok(ExitCode::FAILURE);
    }
    println!(
        "{} rows are in {}, the same on both sides. {}",
        pass.rows(),
        all.target(),
        hint(to)
    );
    Ok(ExitCode::SUCCESS)
}

fn hint(to: To) -> &'static str {
    match to {
        To::Postgres => {
            "Remove control.db.moved in the data folder when you are content: no erasure reaches it."
        }
        To::Sqlite => {
            "Take [control] out of the configuration, and drop the database that was left when you are content: no erasure reaches it."
        }
    }
}

/// Tells now and then how far a pass is.
fn teller<'r>(report: &'r Report) -> impl FnMut(Progress<'_>) + use<'r> {
    |progress: Progress<'_>| {
        if report.is_time() {
            eprintln!(
                "{}: {} rows, {:.0} s",
                progress.table,
                progress.rows,
                report.seconds()
            );
        }
    }
}

/// What a pass did.
fn tell(pass: &Pass, report: &Report) {
    let seconds = report.seconds();
    println!(
        "{} rows; {} put, {} replaced, {} removed, all read from both sides and compared, {} tables differ; {seconds:.1} s ({:.0} rows/s)",
        pass.rows(),
        pass.put,
        pass.replaced,
        pass.removed,
        pass.differences().count(),
        pass.rows() as f64 / seconds.max(1e-6),
    );
}

/// Counts and checksums, table by table.
fn tables(pass: &Pass) {
    for table in pass
        .tables
        .iter()
        .filter(|t| t.source.rows > 0 || t.target.rows > 0)
    {
        if table.source == table.target {
            println!("{:<24}{:>10}  {}", table.table, table.source.rows, table.source);
            continue;
        }
        println!(
            "DIFFERENT {}: {} rows with checksum {} in the source, {} with {} in the target",
            table.table, table.source.rows, table.source, table.target.rows, table.target
        );
    }
}
