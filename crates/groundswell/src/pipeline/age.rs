//! The time by which things grow old.
//!
//! A clock that jumps ten years ahead, as one does whose battery is empty or whose time server is wrong, must not make
//! everything ten years old and have it deleted. So what is deleted by age goes by the clock only while that moves on as
//! time does: behind a long jump the last time that was believed holds, until somebody says that the clock is right.

use crate::control::{self, Control};
use post::Millis;
use std::sync::atomic::{AtomicI64, Ordering};

/// The setting that holds the last time believed.
const SETTING: &str = "clock_seen";
/// A machine that was off for longer is asked about.
const LONGEST: Millis = 60 * 24 * 3_600_000;

/// The newest time that is believed.
#[derive(Debug)]
pub struct Age(AtomicI64);

impl Age {
    /// Goes on from what was believed in an earlier run; the first one believes its clock.
    pub fn open(control: &Control, now: Millis) -> Result<Self, control::Error> {
        let seen = control.setting(SETTING)?.and_then(|s| s.parse().ok());
        let age = Self(AtomicI64::new(seen.unwrap_or(now)));
        age.upto(now);
        Ok(age)
    }

    /// What is older than its limit at this time may go. Not later than `now`.
    pub fn upto(&self, now: Millis) -> Millis {
        match self.jump(now) {
            Some(_) => self.0.load(Ordering::Relaxed),
            None => {
                self.0.fetch_max(now, Ordering::Relaxed);
                now
            }
        }
    }

    /// Why nothing more is deleted by age, where the clock is not believed.
    pub fn jump(&self, now: Millis) -> Option<String> {
        let seen = self.0.load(Ordering::Relaxed);
        (now.saturating_sub(seen) > LONGEST).then(|| {
            format!(
                "the clock says {}, and said {} before: nothing is deleted by its age until the clock is set right, or \
                 groundswell is started once with --trust-clock",
                post::to_rfc3339(now),
                post::to_rfc3339(seen)
            )
        })
    }

    /// The newest time that is believed.
    pub fn seen(&self) -> Millis {
        self.0.load(Ordering::Relaxed)
    }

    /// Somebody says that the clock is right.
    pub fn trust(&self, now: Millis) {
        self.0.store(now, Ordering::Relaxed);
    }

    /// Keeps what is believed for the next run.
    pub fn keep(&self, control: &Control) -> Result<(), control::Error> {
        control.set_setting(SETTING, &self.0.load(Ordering::Relaxed).to_string())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const DAY: Millis = 24 * 3_600_000;
    const NOW: Millis = 1_783_166_400_000;

    #[test]
    fn a_jump_makes_nothing_old_until_the_clock_is_right_or_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let control = Control::open(folder.path()).unwrap();
        let age = Age::open(&control, NOW).unwrap();
        assert_eq!(age.upto(NOW + DAY), NOW + DAY);
        age.keep(&control).unwrap();
        // Ten years ahead, in this run and over a restart.
        let ahead = NOW + 3_650 * DAY;
        let age = Age::open(&control, ahead).unwrap();
        assert_eq!(age.upto(ahead), NOW + DAY);
        assert!(age.jump(ahead).unwrap().contains("--trust-clock"));
        age.keep(&control).unwrap();
        // Set right again.
        let age = Age::open(&control, NOW + 2 * DAY).unwrap();
        assert_eq!(
            (age.upto(NOW + 2 * DAY), age.jump(NOW + 2 * DAY)),
            (NOW + 2 * DAY, None)
        );
        age.trust(ahead);
        assert_eq!((age.upto(ahead), age.jump(ahead)), (ahead, None));
    }

    #[test]
    fn a_clock_set_back_makes_things_younger() {
        let folder = tempfile::tempdir().unwrap();
        let age = Age::open(&Control::open(folder.path()).unwrap(), NOW).unwrap();
        assert_eq!(
            (age.upto(NOW - 900 * DAY), age.jump(NOW - 900 * DAY)),
            (NOW - 900 * DAY, None)
        );
        assert_eq!(age.upto(NOW + DAY), NOW + DAY);
    }
}
