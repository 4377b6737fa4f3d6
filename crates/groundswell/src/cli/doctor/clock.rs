//! The clock, beside what it said before.

use super::report::Report;
use crate::control::Control;
use crate::pipeline::Age;
use post::Millis;

/// Nobody's clock goes back by more without being set.
const BACK: Millis = 10 * 60_000;

pub(super) fn look(control: Option<&Control>, report: &mut Report) {
    let now = crate::clock::now();
    let said = post::to_rfc3339(now);
    let Some(control) = control else {
        report.skipped("clock", said, "what it said before stands in the database");
        return;
    };
    let age = match Age::open(control, now) {
        Ok(age) => age,
        Err(error) => {
            report.skipped("clock", said, error);
            return;
        }
    };
    if let Some(jump) = age.jump(now) {
        report.fault(
            "clock",
            said,
            jump,
            "set the clock (timedatectl); if it is right, start once with `groundswell run --trust-clock`",
        );
    } else if age.seen() > now + BACK {
        let what = format!("it said {} before", post::to_rfc3339(age.seen()));
        report.warning("clock", said, what, "set the clock (timedatectl)");
    } else {
        report.ok("clock", said, "it moves on as before");
    }
}
