//! The brokers that keep the journal, where it is not in the data folder. Nothing is written to them.

use super::report::Report;
use crate::config::Kafka;
use crate::control::Control;

#[cfg(feature = "kafka")]
pub(super) fn look(kafka: &Kafka, control: &Control, report: &mut Report) {
    use std::time::Duration;
    let settings = journal::kafka::Settings {
        // Nobody waits for long at a prompt.
        answer_within: Duration::from_secs(5),
        ..kafka.settings(control.keys().wrap)
    };
    let topic = journal::kafka::Topic::new(&settings);
    match topic.check().and_then(|()| topic.span()) {
        Ok(span) => {
            let what = format!("{} entries in {} partitions", span.entries, kafka.partitions);
            report.ok("journal", &kafka.brokers, what);
        }
        Err(error) => report.fault(
            "journal",
            &kafka.brokers,
            error,
            "see [kafka]; topics that are not there are made by the first start that may make them",
        ),
    }
    copies(&settings, report);
}

/// Copies that are behind lose nothing, until the others go, too.
#[cfg(feature = "kafka")]
fn copies(settings: &journal::kafka::Settings, report: &mut Report) {
    let (place, runbook) = (&settings.brokers, "see docs/guides/runbooks/broker-lost.md");
    match journal::kafka::copies(settings) {
        Ok(copies) if copies.headless > 0 => {
            let what = format!(
                "{} of {} partitions have no leader: nothing can be written to them",
                copies.headless, copies.partitions
            );
            report.fault("brokers", place, what + &away(&copies), runbook);
        }
        Ok(copies) if copies.short > 0 => {
            let what = format!("{} of {} partitions lack a copy", copies.short, copies.partitions);
            report.warning("brokers", place, what + &away(&copies), runbook);
        }
        // Where nobody answers, it was said of the journal.
        Ok(_) | Err(_) => {}
    }
}

#[cfg(feature = "kafka")]
fn away(copies: &journal::kafka::Copies) -> String {
    let away: Vec<String> = copies.away.iter().map(i32::to_string).collect();
    match away.is_empty() {
        true => String::new(),
        false => format!("; away: broker {}", away.join(", ")),
    }
}

#[cfg(not(feature = "kafka"))]
pub(super) fn look(kafka: &Kafka, _: &Control, report: &mut Report) {
    report.skipped("journal", &kafka.brokers, crate::config::WITHOUT_KAFKA);
}
