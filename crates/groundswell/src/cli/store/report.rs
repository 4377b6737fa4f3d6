//! What a check found, as a table and as JSON.

use serde::Serialize;
use store::PartitionReport;

/// What is wrong, where, and what to do.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Problem {
    /// The file or folder, or the row.
    pub(super) place: String,
    /// What is wrong.
    pub(super) what: String,
    /// What to do.
    pub(super) advice: String,
    /// Whether something cannot be read or is missing. Else it harms nothing.
    pub(super) damage: bool,
}

impl Problem {
    pub(super) fn damage(place: impl ToString, what: impl ToString, advice: &str) -> Self {
        Self {
            place: place.to_string(),
            what: what.to_string(),
            advice: advice.to_owned(),
            damage: true,
        }
    }

    pub(super) fn note(place: impl ToString, what: impl ToString, advice: &str) -> Self {
        Self {
            damage: false,
            ..Self::damage(place, what, advice)
        }
    }
}

impl From<&store::Problem> for Problem {
    fn from(problem: &store::Problem) -> Self {
        Self {
            damage: problem.is_damage,
            ..Self::damage(&problem.place, &problem.what, problem.advice)
        }
    }
}

/// One line of the table.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Line {
    partition: String,
    format: Option<u32>,
    segments: usize,
    mentions: u64,
    bytes: u64,
    position: Option<u64>,
    damaged: bool,
}

impl Line {
    pub(super) fn of(partition: &PartitionReport) -> Self {
        Self {
            partition: partition.partition.clone(),
            format: partition.format,
            segments: partition.segments,
            mentions: partition.mentions,
            bytes: partition.bytes,
            position: partition.position,
            damaged: partition.problems.iter().any(|p| p.is_damage),
        }
    }
}

/// The journal in figures.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct JournalLine {
    pub(super) segments: usize,
    pub(super) first: u64,
    pub(super) next: u64,
    pub(super) bytes: u64,
}

/// All that a check found.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Report {
    pub(super) partitions: Vec<Line>,
    pub(super) journal: JournalLine,
    /// The journal position up to which everything is stored.
    pub(super) position: u64,
    /// Marks that were looked up.
    pub(super) marks: usize,
    pub(super) problems: Vec<Problem>,
}

impl Report {
    pub(super) fn is_damaged(&self) -> bool {
        self.problems.iter().any(|p| p.damage)
    }

    /// For people.
    pub(super) fn print(&self) {
        println!(
            "{:<20} {:>6} {:>8} {:>10} {:>12} {:>12}  state",
            "partition", "format", "segments", "mentions", "bytes", "position"
        );
        let number = |n: Option<u64>| n.map_or("-".to_owned(), |n| n.to_string());
        for line in &self.partitions {
            println!(
                "{:<20} {:>6} {:>8} {:>10} {:>12} {:>12}  {}",
                line.partition,
                number(line.format.map(u64::from)),
                line.segments,
                line.mentions,
                line.bytes,
                number(line.position),
                if line.damaged { "DAMAGED" } else { "whole" }
            );
        }
        let journal = &self.journal;
        println!(
            "journal: {} segments, entries {} to {}, {} bytes; stored up to {}",
            journal.segments, journal.first, journal.next, journal.bytes, self.position
        );
        for problem in &self.problems {
            let kind = if problem.damage { "damage" } else { "note" };
            println!("{kind}: {}: {}; {}", problem.place, problem.what, problem.advice);
        }
        if self.problems.is_empty() {
            println!("everything is as it was written");
        }
    }
}
