//! The stream itself: the background, and whatever the agenda holds.

use super::agenda::Agenda;
use super::authors::Authors;
use super::config::DemoConfig;
use super::draft::Draft;
use super::episodes::{self, Act};
use super::lang::Lang;
use super::pick::{exponential, weighted};
use super::platforms::Mint;
use super::recent::Recent;
use super::rhythm::Rhythm;
use super::truth::Truth;
use super::world::Brand;
use super::writer::Writer;
use post::Millis;
use post::RawPost;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// One thing that happens in the simulated stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    /// When it happens, milliseconds since 1970-01-01T00:00:00Z; never earlier than the one before.
    pub at: Millis,
    /// What a source would deliver.
    pub post: RawPost,
    /// What was planted in it.
    pub truth: Truth,
}

/// One wave of the copypasta campaign.
#[derive(Debug)]
pub(super) struct Wave {
    pub(super) lang: Lang,
    pub(super) years: u32,
    pub(super) first: Option<String>,
}

/// An endless, seeded stream of posts in order of time. It reads no clock: `at` says when each is due.
#[derive(Debug)]
pub struct Simulator {
    pub(super) config: DemoConfig,
    pub(super) rng: ChaCha8Rng,
    pub(super) authors: Authors,
    pub(super) writer: Writer,
    pub(super) recent: Recent,
    pub(super) agenda: Agenda,
    pub(super) mint: Mint,
    pub(super) waves: Vec<Wave>,
    rhythm: Rhythm,
    next_background: f64,
}

impl Simulator {
    /// Sets the scene; the first post is due at or shortly after the configured start.
    pub fn new(config: DemoConfig) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        let authors = Authors::invent(config.authors, &mut rng);
        let mut agenda = Agenda::default();
        for (at, act) in episodes::script(&config) {
            agenda.plan(at, act);
        }
        for robot in 0..authors.robots().len() {
            agenda.plan(config.start + rng.random_range(0..3_600_000), Act::Robot(robot));
        }
        for brand in Brand::ALL {
            agenda.plan(config.start + rng.random_range(0..7_200_000), Act::Promo(brand));
        }
        let next_background = config.start as f64;
        Self {
            config,
            rng,
            authors,
            writer: Writer::new(),
            recent: Recent::default(),
            agenda,
            mint: Mint::default(),
            waves: Vec::new(),
            rhythm: Rhythm::new(),
            next_background,
        }
    }

    /// The language of somebody who is awake.
    pub(super) fn lang_at(&mut self, at: Millis) -> Lang {
        Lang::ALL[weighted(self.rhythm.weights(at), &mut self.rng)]
    }

    /// Moves the time of the next background post on: a Poisson process whose rate follows the day.
    fn advance_background(&mut self, at: Millis) {
        let activity: f64 = self.rhythm.weights(at).iter().sum();
        let per_hour = (self.config.mean_rate(at) * activity).max(1e-3);
        let mut next = self.next_background + exponential(3_600_000.0 / per_hour, &mut self.rng);
        // The slow rate of the history must not stretch its last gap far into the live stream.
        let live = self.config.live_from() as f64;
        if self.next_background < live && next > live {
            next = live;
        }
        self.next_background = next;
    }

    /// A draft must not name a brand by accident, nor miss one that it names.
    pub(super) fn settled(mut draft: Draft) -> Draft {
        draft.settle();
        draft
    }
}

impl Iterator for Simulator {
    type Item = Simulated;

    fn next(&mut self) -> Option<Simulated> {
        loop {
            let background = self.next_background as Millis;
            if let Some((at, act)) = self.agenda.take_due(background) {
                if let Some(simulated) = self.perform(at, act) {
                    return Some(simulated);
                }
                continue;
            }
            self.advance_background(background);
            return Some(self.background(background));
        }
    }
}
