//! Carrying out what the agenda holds.

use super::authors::Role;
use super::config::{HOUR, MINUTE};
use super::draft::{Draft, Order};
use super::episodes::{Act, Episode, RING, ROUNDS, Script, TOGETHER, recall_rate, recall_start};
use super::lang::Lang;
use super::pick::exponential;
use super::platforms::Platform;
use super::publish::{Relation, removal, rfc3339};
use super::recent::Seen;
use super::simulator::{Simulated, Simulator, Wave};
use super::truth::{Intent, Polarity, Truth};
use super::world::{Aspect, Brand, RECALLED};
use post::Millis;
use post::{Event, RawPost};
use rand::RngExt;
use std::sync::Arc;

impl Simulator {
    /// Carries out one planned act; some only plan others.
    pub(super) fn perform(&mut self, at: Millis, act: Act) -> Option<Simulated> {
        match act {
            Act::Robot(robot) => Some(self.robot(at, robot)),
            Act::Promo(brand) => self.promo(at, brand),
            Act::Support(seen, brand) => self.support(at, &seen, brand),
            Act::Remove(what) => Some(Simulated {
                at,
                post: removal(&what.0),
                truth: what.1,
            }),
            Act::Revise(what) => Some(self.revise(at, what.0, what.1)),
            Act::RecallVoice => self.recall_voice(at),
            Act::Recall(script) => self.recall_moment(at, script),
            Act::Begin(episode) => self.begin(at, episode),
            Act::BeginAny => self.begin_any(at),
            Act::Voice(episode) => Some(self.voice(at, episode)),
            Act::Puppet { wave, puppet } => Some(self.puppet(at, wave, puppet)),
            Act::Ring { wave, puppet, round } => Some(self.ring(at, wave, puppet, round)),
        }
    }

    fn robot(&mut self, at: Millis, robot: usize) -> Simulated {
        // Machines are punctual: every 10, 20, 30 … minutes, a second or so late.
        let period = (1 + robot as i64 % 6) * 10 * MINUTE;
        let due = at - at.rem_euclid(1000) + period;
        self.agenda
            .plan(due + self.rng.random_range(0..900), Act::Robot(robot));
        let author = self.authors.robots()[robot];
        let lang = self.authors.get(author).lang;
        let weather = robot.is_multiple_of(2);
        let symbol = if weather { "bot.weather" } else { "bot.brand" };
        let mut order = Order::new(symbol, lang, Intent::News, Polarity::Neutral)
            .event("bot")
            .formal();
        order.brand = (!weather).then(|| Brand::ALL[robot / 2 % 3]);
        let draft = self.writer.write(&order, &mut self.rng);
        self.publish(at, author, Relation::None, draft)
    }

    fn promo(&mut self, at: Millis, brand: Brand) -> Option<Simulated> {
        let mean = if at < self.config.live_from() {
            4 * HOUR
        } else {
            40 * MINUTE
        };
        let wait = exponential(mean as f64, &mut self.rng) as Millis;
        self.agenda.plan(at + MINUTE + wait, Act::Promo(brand));
        let platforms = [
            Platform::X,
            Platform::Bluesky,
            Platform::Instagram,
            Platform::Facebook,
        ];
        let author = self
            .authors
            .official(brand, platforms[self.rng.random_range(0..4)])?;
        let lang = if self.rng.random_bool(0.6) {
            Lang::En
        } else {
            self.lang_at(at)
        };
        let order = Order::new("promo", lang, Intent::Promotion, Polarity::Positive)
            .about(brand)
            .formal();
        let mut draft = self.writer.write(&order, &mut self.rng);
        draft.text.push_str(&format!(" #{}", brand.hashtag()));
        Some(self.publish(at, author, Relation::None, draft))
    }

    fn support(&mut self, at: Millis, seen: &Arc<Seen>, brand: Brand) -> Option<Simulated> {
        let author = self.authors.official(brand, seen.platform)?;
        let order = Order::new("reply.support", seen.truth.lang, Intent::Help, Polarity::Neutral)
            .about(brand)
            .formal();
        let draft = self.writer.write(&order, &mut self.rng);
        Some(self.publish(at, author, Relation::Answer(seen.clone()), draft))
    }

    fn revise(&mut self, at: Millis, mut post: RawPost, truth: Truth) -> Simulated {
        let order = Order::new("edit", truth.lang, Intent::Chatter, Polarity::Neutral).formal();
        let remark = self.writer.write(&order, &mut self.rng).text;
        post.text = format!("{}\n{remark}", post.text);
        post.event = Event::Edit;
        post.edited_at = Some(rfc3339(at));
        Simulated { at, post, truth }
    }

    fn recall_voice(&mut self, at: Millis) -> Option<Simulated> {
        // The rate changes within the hour, so a voice that is far off is looked at again later.
        let gap = exponential(
            HOUR as f64 / recall_rate(&self.config, at).max(1.0),
            &mut self.rng,
        ) as Millis;
        let speaks = gap < 5 * MINUTE && at > recall_start(&self.config);
        self.agenda.plan(at + gap.clamp(1, 5 * MINUTE), Act::RecallVoice);
        if !speaks {
            return None;
        }
        let lang = self.lang_at(at);
        let author = self.authors.person(lang, &mut self.rng);
        let platform = self.authors.get(author).platform;
        let hours = (at - recall_start(&self.config)) / HOUR;
        let draft = self.recall_draft(lang, platform, hours);
        if platform.answer().is_some()
            && self.rng.random_bool(0.3)
            && let Some(parent) = self.recent.find(lang, platform, &mut self.rng)
            && parent.truth.event == Some("recall")
        {
            if platform.has_reposts() && parent.opening && self.rng.random_bool(0.5) {
                return Some(self.repost(at, author, &parent));
            }
            return Some(self.publish(at, author, Relation::Answer(parent), draft));
        }
        Some(self.publish(at, author, Relation::None, draft))
    }

    fn recall_draft(&mut self, lang: Lang, platform: Platform, hours: i64) -> Draft {
        use Polarity::{Negative, Neutral, Positive};
        let of = |symbol, intent, polarity| {
            let order = Order::new(symbol, lang, intent, polarity)
                .about(Brand::Kelvora)
                .model(RECALLED);
            order.event("recall").tags(platform.has_tags())
        };
        if platform == Platform::News {
            return self.writer.article(
                "recall.title",
                of("recall.body", Intent::News, Negative),
                &mut self.rng,
            );
        }
        let order = match self.rng.random_range(0..100) {
            0..36 => of("recall.angry", Intent::Complaint, Negative).on(Aspect::Battery),
            36..58 => of("recall.worry", Intent::Question, Negative),
            58..73 => of("recall.joke", Intent::Joke, Negative),
            73..85 if hours >= 8 => of("recall.thanks", Intent::Praise, Positive).on(Aspect::Support),
            _ => of("recall.share", Intent::News, Neutral).formal(),
        };
        let mut draft = self.writer.write(&order, &mut self.rng);
        if order.symbol == "recall.share" {
            draft.link = Some(format!("https://herald.{}.example/recall-dock-3", lang.code()));
        }
        draft.truth.ironic = order.symbol == "recall.joke";
        draft
    }

    fn recall_moment(&mut self, at: Millis, script: Script) -> Option<Simulated> {
        let of = |symbol, intent, polarity| {
            let order = Order::new(symbol, Lang::En, intent, polarity)
                .about(Brand::Kelvora)
                .model(RECALLED);
            order.event("recall").formal()
        };
        let (author, order) = match script {
            Script::First => (
                self.authors.person(Lang::En, &mut self.rng),
                of("recall.first", Intent::Complaint, Polarity::Negative),
            ),
            Script::Journalist => {
                let lang = self.lang_at(at);
                let order = of("recall.share", Intent::News, Polarity::Neutral);
                (
                    self.authors.journalist(lang, &mut self.rng),
                    Order { lang, ..order },
                )
            }
            Script::Apology => (
                self.authors.official(Brand::Kelvora, Platform::X)?,
                of("recall.apology", Intent::Promotion, Polarity::Negative),
            ),
        };
        let mut draft = self.writer.write(&order, &mut self.rng);
        if script != Script::First {
            draft.link = Some("https://kelvora.example/dock-3-recall".to_owned());
        }
        Some(self.publish(at, author, Relation::None, draft))
    }

    fn begin_any(&mut self, at: Millis) -> Option<Simulated> {
        let wait = self.config.episode_every as f64 * self.rng.random_range(0.7..1.3);
        self.agenda.plan(at + (wait as Millis).max(1), Act::BeginAny);
        let episode = Episode::RANDOM[self.rng.random_range(0..Episode::RANDOM.len())];
        self.begin(at, episode)
    }

    fn begin(&mut self, at: Millis, episode: Episode) -> Option<Simulated> {
        if let Episode::Campaign { accounts, minutes } = episode {
            self.begin_wave(at, accounts, minutes * MINUTE);
            return None;
        }
        let live = at >= self.config.live_from();
        let (count, length) = match live {
            true => (60.0 * self.config.live_posts_per_second, 8 * MINUTE),
            false => (0.3 * self.config.posts_per_hour, 150 * MINUTE),
        };
        for _ in 0..count as usize {
            // Quick to rise, slow to fade.
            let part = self.rng.random_range(0.0..1.0f64).powf(1.7);
            self.agenda
                .plan(at + (part * length as f64) as Millis, Act::Voice(episode));
        }
        None
    }

    fn begin_wave(&mut self, at: Millis, accounts: usize, length: Millis) {
        let lang = match self.waves.is_empty() {
            true => Lang::En,
            false => [Lang::En, Lang::Es, Lang::De, Lang::Pt, Lang::Fr][self.rng.random_range(0..5)],
        };
        self.waves.push(Wave {
            lang,
            years: self.rng.random_range(3..9),
            first: None,
        });
        let wave = self.waves.len() - 1;
        for puppet in 0..accounts.min(self.authors.puppets().len()) {
            // Everybody once or twice.
            for _ in 0..self.rng.random_range(1..3) {
                let offset = self.rng.random_range(0..length.max(1));
                self.agenda.plan(at + offset, Act::Puppet { wave, puppet });
            }
        }
        self.plan_ring(at, wave, length);
    }

    /// Some of the wave's accounts share one link after the other when it is over, each time within moments.
    fn plan_ring(&mut self, at: Millis, wave: usize, length: Millis) {
        let told_apart = |platform| matches!(platform, Platform::X | Platform::Bluesky);
        let puppets = self.authors.puppets();
        let ring = (0..puppets.len()).filter(|p| told_apart(self.authors.get(puppets[*p]).platform));
        let ring: Vec<usize> = ring.take(RING).collect();
        for round in 0..ROUNDS.len() {
            let due = at + (round as i64 + 1) * length * 3 / 2;
            for &puppet in &ring {
                let act = Act::Ring { wave, puppet, round };
                self.agenda.plan(due + self.rng.random_range(0..TOGETHER), act);
            }
        }
    }

    fn ring(&mut self, at: Millis, wave: usize, puppet: usize, round: usize) -> Simulated {
        let author = self.authors.puppets()[puppet];
        let Wave { lang, years, .. } = self.waves[wave];
        let mut draft = self.writer.campaign(lang, years, ROUNDS[round], &mut self.rng);
        draft.truth.event = Some("ring");
        draft.truth.copy_of.clone_from(&self.waves[wave].first);
        self.publish(at, author, Relation::None, draft)
    }

    fn puppet(&mut self, at: Millis, wave: usize, puppet: usize) -> Simulated {
        let author = self.authors.puppets()[puppet];
        let Wave { lang, years, .. } = self.waves[wave];
        let mut draft = self.writer.campaign(lang, years, "offer", &mut self.rng);
        draft.truth.copy_of.clone_from(&self.waves[wave].first);
        let simulated = self.publish(at, author, Relation::None, draft);
        self.waves[wave]
            .first
            .get_or_insert_with(|| simulated.truth.uid.clone());
        simulated
    }

    fn voice(&mut self, at: Millis, episode: Episode) -> Simulated {
        let lang = self.lang_at(at);
        let author = self.person_who_posts(lang);
        let tags = self.authors.get(author).platform.has_tags();
        let order = match episode {
            Episode::Launch(brand) => {
                let order = Order::new("launch", lang, Intent::Praise, Polarity::Positive)
                    .about(brand)
                    .event("launch");
                order.model(brand.models()[0])
            }
            Episode::Outage(brand) => Order::new("outage", lang, Intent::Complaint, Polarity::Negative)
                .about(brand)
                .on(Aspect::App)
                .event("outage"),
            Episode::Sale(brand) => Order::new("sale", lang, Intent::News, Polarity::Neutral)
                .about(brand)
                .on(Aspect::Price)
                .event("sale"),
            // A campaign is carried by its puppets; a lone voice for it would be a bystander's.
            Episode::Derby | Episode::Campaign { .. } => {
                Order::new("derby", lang, Intent::Chatter, Polarity::Neutral).event("derby")
            }
        };
        let draft = self.writer.write(&order.tags(tags), &mut self.rng);
        self.publish(at, author, Relation::None, draft)
    }

    /// Somebody who is not a newsroom.
    fn person_who_posts(&mut self, lang: Lang) -> u32 {
        let mut author = self.authors.person(lang, &mut self.rng);
        for _ in 0..8 {
            let who = self.authors.get(author);
            if who.platform != Platform::News && who.role == Role::Person {
                break;
            }
            author = self.authors.person(lang, &mut self.rng);
        }
        author
    }
}
