//! What happens beside the ordinary stream, and when.

use super::config::{DemoConfig, HOUR, MINUTE};
use super::recent::Seen;
use super::truth::Truth;
use super::world::Brand;
use post::Millis;
use post::RawPost;
use std::sync::Arc;

/// Something planned.
#[derive(Debug)]
pub(super) enum Act {
    /// A post by the n-th robot, which then plans its next.
    Robot(usize),
    /// An announcement by a brand, which then plans its next.
    Promo(Brand),
    /// A brand's answer to a complaint.
    Support(Arc<Seen>, Brand),
    /// An author deletes a post.
    Remove(Box<(RawPost, Truth)>),
    /// An author edits a post.
    Revise(Box<(RawPost, Truth)>),
    /// Somebody speaks in the recall, which then plans the next voice.
    RecallVoice,
    /// A scripted moment of the recall.
    Recall(Script),
    /// An episode starts.
    Begin(Episode),
    /// A random episode starts, and the next is planned.
    BeginAny,
    /// One voice of an episode.
    Voice(Episode),
    /// One account of a campaign's wave posts its copy.
    Puppet {
        /// Index into the simulator's waves.
        wave: usize,
        /// Index into the puppets.
        puppet: usize,
    },
    /// One account of a campaign's ring shares the link of a round, moments after the others.
    Ring {
        /// Index into the simulator's waves.
        wave: usize,
        /// Index into the puppets.
        puppet: usize,
        /// Which of the ring's links.
        round: usize,
    },
}

/// Accounts of a campaign that go on together when its wave is over, and the links that they share, one a round.
pub(super) const RING: usize = 8;
/// The paths of these links.
pub(super) const ROUNDS: [&str; 5] = ["stories", "test", "warranty", "repair", "compare"];
/// Milliseconds within which the ring shares one.
pub(super) const TOGETHER: Millis = 8_000;

/// The scripted moments of the recall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// The first customer's report.
    First,
    /// A verified journalist reports.
    Journalist,
    /// The brand apologises.
    Apology,
}

/// A small episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Episode {
    /// A new product is praised.
    Launch(Brand),
    /// The app is down.
    Outage(Brand),
    /// A price drops.
    Sale(Brand),
    /// A football match: nothing to do with any brand.
    Derby,
    /// The copypasta campaign, with this many accounts over this many minutes.
    Campaign {
        /// How many accounts take part.
        accounts: usize,
        /// How long the wave lasts.
        minutes: i64,
    },
}

impl Episode {
    /// Those that happen at random after the history.
    pub(super) const RANDOM: [Episode; 9] = [
        Episode::Launch(Brand::Kelvora),
        Episode::Outage(Brand::Maple),
        Episode::Launch(Brand::Ozenti),
        Episode::Derby,
        Episode::Campaign {
            accounts: 25,
            minutes: 12,
        },
        Episode::Sale(Brand::Ozenti),
        Episode::Outage(Brand::Kelvora),
        Episode::Launch(Brand::Maple),
        Episode::Sale(Brand::Kelvora),
    ];
}

/// The first sign of the recall comes this long before it is announced.
const FIRST_SIGN: Millis = 40 * MINUTE;

/// When the recall is announced.
pub(super) fn recall_start(config: &DemoConfig) -> Millis {
    config.live_from() - config.recall_before
}

/// The rate of voices in the recall, posts per hour: up within 45 minutes, down by half every 2¼ hours, and a long
/// thin tail.
pub(super) fn recall_rate(config: &DemoConfig, at: Millis) -> f64 {
    let hours = (at - recall_start(config)) as f64 / HOUR as f64;
    if hours < 0.0 {
        return 0.0;
    }
    let burst = if hours < 0.75 {
        hours / 0.75
    } else {
        (-(hours - 0.75) / 3.2).exp()
    };
    let tail = 0.015 * (-hours / 60.0).exp();
    config.mean_rate(at) * (0.70 * burst + tail)
}

/// Everything that is planned before the first post, with its time; what lies before the start is left out.
pub(super) fn script(config: &DemoConfig) -> Vec<(Millis, Act)> {
    let (live, recall) = (config.live_from(), recall_start(config));
    let mut plan = vec![
        (live - 50 * HOUR, Act::Begin(Episode::Sale(Brand::Kelvora))),
        (live - 44 * HOUR, Act::Begin(Episode::Launch(Brand::Maple))),
        (live - 30 * HOUR, Act::Begin(Episode::Outage(Brand::Ozenti))),
        (live - 26 * HOUR, Act::Begin(Episode::Derby)),
        (recall - FIRST_SIGN, Act::Recall(Script::First)),
        (recall + 3 * HOUR, Act::Recall(Script::Apology)),
        (recall + 9 * HOUR, Act::Recall(Script::Apology)),
        (recall, Act::RecallVoice),
        (
            live - config.campaign_before,
            Act::Begin(Episode::Campaign {
                accounts: 60,
                minutes: 40,
            }),
        ),
        (live + 4 * MINUTE, Act::BeginAny),
    ];
    plan.extend((0..8).map(|i| (recall + i * 7 * MINUTE, Act::Recall(Script::Journalist))));
    plan.retain(|(at, _)| *at >= config.start);
    plan
}
