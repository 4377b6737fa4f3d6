//! What the doctor found.

use serde::Serialize;

/// How it is with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// As it should be.
    Ok,
    /// Not looked at, and why.
    Skipped,
    /// It works, and will not for long, or not as one might think.
    Warning,
    /// It does not work.
    Fault,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Line {
    check: &'static str,
    state: State,
    /// The file, key, address or name it is about.
    place: String,
    what: String,
    /// How to mend it.
    advice: Option<String>,
}

/// All that was looked at.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    checks: Vec<Line>,
}

impl Report {
    pub(super) fn ok(&mut self, check: &'static str, place: impl ToString, what: impl ToString) {
        self.push(check, State::Ok, place, what, None);
    }

    pub(super) fn skipped(&mut self, check: &'static str, place: impl ToString, why: impl ToString) {
        self.push(check, State::Skipped, place, why, None);
    }

    pub(super) fn warning(
        &mut self,
        check: &'static str,
        place: impl ToString,
        what: impl ToString,
        advice: impl ToString,
    ) {
        self.push(check, State::Warning, place, what, Some(advice.to_string()));
    }

    pub(super) fn fault(
        &mut self,
        check: &'static str,
        place: impl ToString,
        what: impl ToString,
        advice: impl ToString,
    ) {
        self.push(check, State::Fault, place, what, Some(advice.to_string()));
    }

    fn push(
        &mut self,
        check: &'static str,
        state: State,
        place: impl ToString,
        what: impl ToString,
        advice: Option<String>,
    ) {
        self.checks.push(Line {
            check,
            state,
            place: place.to_string(),
            what: what.to_string(),
            advice,
        });
    }

    fn count(&self, state: State) -> usize {
        self.checks.iter().filter(|l| l.state == state).count()
    }

    /// Whether a check of this name has found a fault.
    pub(super) fn has_fault(&self, check: &str) -> bool {
        self.checks
            .iter()
            .any(|l| l.check == check && l.state == State::Fault)
    }

    /// Whether everything that was looked at works.
    pub(super) fn is_sound(&self) -> bool {
        self.count(State::Fault) == 0
    }

    /// For people.
    pub(super) fn print(&self) {
        for line in &self.checks {
            let state = match line.state {
                State::Ok => "ok",
                State::Skipped => "-",
                State::Warning => "warning",
                State::Fault => "FAULT",
            };
            let colon = if line.place.is_empty() { "" } else { ": " };
            println!("{state:<8}{:<14}{}{colon}{}", line.check, line.place, line.what);
            if let Some(advice) = &line.advice {
                println!("{:22}→ {advice}", "");
            }
        }
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let (faults, warnings) = (self.count(State::Fault), self.count(State::Warning));
        println!(
            "{faults} fault{}, {warnings} warning{}",
            plural(faults),
            plural(warnings)
        );
    }
}
