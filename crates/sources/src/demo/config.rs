//! What can be set about the demo stream.

use post::Millis;

/// The settings of a simulated stream. The same settings give the same stream, byte for byte.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoConfig {
    /// Everything random follows from it.
    pub seed: u64,
    /// The time of the first post, milliseconds since 1970-01-01T00:00:00Z.
    pub start: Millis,
    /// How much of the past is simulated before [`Self::live_from`], in milliseconds.
    pub history: Millis,
    /// Mean background rate of the whole stream during the history, posts per hour.
    pub posts_per_hour: f64,
    /// Mean background rate from [`Self::live_from`] on, posts per second; the day's rhythm swings around it.
    pub live_posts_per_second: f64,
    /// Number of ordinary authors over all languages.
    pub authors: usize,
    /// Share of the background that is advertising nobody asked for.
    pub spam_share: f64,
    /// Share of posts that their authors delete later.
    pub delete_share: f64,
    /// Share of posts that their authors edit later, on platforms that tell.
    pub edit_share: f64,
    /// How long before [`Self::live_from`] the recall breaks, in milliseconds.
    pub recall_before: Millis,
    /// How long before [`Self::live_from`] the copypasta campaign starts, in milliseconds.
    pub campaign_before: Millis,
    /// Mean time between the small episodes after [`Self::live_from`], in milliseconds.
    pub episode_every: Millis,
}

/// One hour in milliseconds.
pub(super) const HOUR: Millis = 3_600_000;
/// One minute in milliseconds.
pub(super) const MINUTE: Millis = 60_000;

impl Default for DemoConfig {
    /// Three days of history of about 120,000 posts, then about twice its rate: a chart shows no cliff where it goes live.
    fn default() -> Self {
        Self {
            seed: 1,
            start: 1_767_225_600_000,
            history: 72 * HOUR,
            posts_per_hour: 1_500.0,
            live_posts_per_second: 0.8,
            authors: 40_000,
            spam_share: 0.05,
            delete_share: 0.01,
            edit_share: 0.005,
            recall_before: 20 * HOUR,
            campaign_before: 8 * HOUR,
            episode_every: 25 * MINUTE,
        }
    }
}

impl DemoConfig {
    /// The default stream arranged so that its history ends at `now`.
    pub fn ending_at(now: Millis, seed: u64) -> Self {
        let default = Self::default();
        Self {
            seed,
            start: now - default.history,
            ..default
        }
    }

    /// The moment at which the history ends and the live stream begins.
    pub fn live_from(&self) -> Millis {
        self.start + self.history
    }

    /// Mean background rate at a moment, posts per hour.
    pub(super) fn mean_rate(&self, at: Millis) -> f64 {
        if at < self.live_from() {
            self.posts_per_hour
        } else {
            self.live_posts_per_second * 3600.0
        }
    }
}
