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
}

#[cfg(not(feature = "kafka"))]
pub(super) fn look(kafka: &Kafka, _: &Control, report: &mut Report) {
    report.skipped("journal", &kafka.brokers, crate::config::WITHOUT_KAFKA);
}
