//! When what was not taken is tried again.

use super::Trouble;
use crate::control::Channel;
use post::Millis;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
/// Nobody is stayed away from for longer.
const LONGEST: Millis = 24 * HOUR;

/// How long after each failure a letter is tried again; after the last one it is given up, after about two days.
const LETTERS: [Millis; 9] = [
    10_000,
    MINUTE,
    5 * MINUTE,
    20 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    24 * HOUR,
];
/// The same of everything else: an alert that is a day old is of no use.
const OTHERS: [Millis; 9] = [
    10_000,
    MINUTE,
    5 * MINUTE,
    20 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    6 * HOUR,
    8 * HOUR,
];

/// When to try again after the failure number `tries` + 1; `None` where it is given up.
pub(super) fn next(channel: Channel, tries: u32, trouble: &Trouble, now: Millis) -> Option<Millis> {
    let waits = match channel {
        Channel::Email => &LETTERS,
        _ => &OTHERS,
    };
    let wait = waits.get(tries as usize);
    match trouble {
        Trouble::Never(_) => None,
        Trouble::Later(_) => wait.map(|w| now + w),
        Trouble::Busy(_, asked) => wait.map(|w| now + (*asked).clamp(*w, LONGEST.max(*w))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When it is tried, where every try fails with this.
    fn tried(channel: Channel, trouble: &Trouble) -> Vec<Millis> {
        let mut at = vec![0];
        while let Some(next) = next(channel, at.len() as u32 - 1, trouble, at[at.len() - 1]) {
            at.push(next);
        }
        at
    }

    #[test]
    fn a_webhook_that_answers_500_is_tried_for_a_day_and_then_given_up() {
        let tries = tried(Channel::Webhook, &Trouble::Later("it answered 500".into()));
        let last = tries[tries.len() - 1];
        assert_eq!(tries.len(), 10);
        assert!((24 * HOUR..26 * HOUR).contains(&last), "{last}");
        assert!(tries.windows(2).all(|w| w[1] - w[0] <= 8 * HOUR));
        let letters = tried(Channel::Email, &Trouble::Later("down".into()));
        assert!(letters[letters.len() - 1] > 24 * HOUR);
    }

    #[test]
    fn what_is_refused_is_not_tried_again_and_who_asks_for_time_gets_it() {
        assert_eq!(tried(Channel::Slack, &Trouble::Never("410".into())), [0]);
        let busy = |wait| Trouble::Busy("429".into(), wait);
        assert_eq!(next(Channel::Slack, 0, &busy(120_000), 5), Some(120_005));
        assert_eq!(next(Channel::Slack, 0, &busy(1), 5), Some(10_005));
        assert_eq!(next(Channel::Slack, 0, &busy(Millis::MAX), 5), Some(LONGEST + 5));
    }
}
