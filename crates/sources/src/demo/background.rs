//! The ordinary stream: what people post when nothing happens.

use super::authors::Role;
use super::draft::{Draft, Order};
use super::lang::Lang;
use super::pick::weighted;
use super::platforms::Platform;
use super::publish::Relation;
use super::recent::Seen;
use super::simulator::{Simulated, Simulator};
use super::truth::{Intent, Polarity};
use super::world::Brand;
use post::Millis;
use rand::RngExt;
use std::sync::Arc;

/// Share of opening posts that are about one of the three brands.
const ABOUT_BRANDS: f64 = 0.24;
/// Share of opening posts that use a brand's word in its everyday sense.
const EVERYDAY_WORD: f64 = 0.014;
/// Shares of answers, reposts and quotes among all posts, where the platform has them and there is something to refer to.
const ANSWERS: f64 = 0.26;
const REPOSTS: f64 = 0.12;
const QUOTES: f64 = 0.03;

impl Simulator {
    /// One post of the ordinary stream.
    pub(super) fn background(&mut self, at: Millis) -> Simulated {
        let lang = self.lang_at(at);
        if self.rng.random_bool(self.config.spam_share.clamp(0.0, 1.0)) {
            return self.spam(at, lang);
        }
        let author = match self.rng.random_bool(0.006) {
            true => self.authors.journalist(lang, &mut self.rng),
            false => self.authors.person(lang, &mut self.rng),
        };
        let (platform, role) = (self.authors.get(author).platform, self.authors.get(author).role);
        if platform == Platform::News || role == Role::Journalist {
            let draft = self.news(lang, platform);
            return self.publish(at, author, Relation::None, draft);
        }
        let dice: f64 = self.rng.random_range(0.0..1.0);
        if dice < ANSWERS + REPOSTS + QUOTES
            && let Some(parent) = self.recent.find(lang, platform, &mut self.rng)
        {
            if dice < ANSWERS && platform.answer().is_some() {
                let draft = self.answer(&parent, lang);
                return self.publish(at, author, Relation::Answer(parent), draft);
            }
            if dice < ANSWERS + REPOSTS && platform.has_reposts() && parent.opening {
                return self.repost(at, author, &parent);
            }
            if dice >= ANSWERS + REPOSTS && platform.has_quotes() && parent.opening {
                let draft = self.answer(&parent, lang);
                return self.publish(at, author, Relation::Quote(parent), draft);
            }
        }
        let draft = self.opening(lang, platform);
        self.publish(at, author, Relation::None, draft)
    }

    /// One of the three brands, by its share of the conversation.
    pub(super) fn any_brand(&mut self) -> Brand {
        Brand::ALL[weighted(&Brand::ALL.map(Brand::weight), &mut self.rng)]
    }

    fn opening(&mut self, lang: Lang, platform: Platform) -> Draft {
        let tags = platform.has_tags();
        let dice: f64 = self.rng.random_range(0.0..1.0);
        if dice < ABOUT_BRANDS {
            let brand = self.any_brand();
            self.writer.about(brand, lang, tags, &mut self.rng)
        } else if dice < ABOUT_BRANDS + EVERYDAY_WORD {
            self.writer.everyday_maple(lang, tags, &mut self.rng)
        } else {
            self.writer.chatter(lang, tags, &mut self.rng)
        }
    }

    fn news(&mut self, lang: Lang, platform: Platform) -> Draft {
        let about_brand = self.rng.random_bool(0.15);
        if about_brand && platform == Platform::News {
            let brand = self.any_brand();
            let rival = brand.rivals()[self.rng.random_range(0..2)];
            let order = Order::new("news.body", lang, Intent::News, Polarity::Neutral)
                .about(brand)
                .against(rival);
            return self.writer.article("news.title", order, &mut self.rng);
        }
        let order = Order::new("chat.news", lang, Intent::News, Polarity::Neutral)
            .formal()
            .tags(false);
        if platform == Platform::News {
            return self.writer.article("chat.news", order, &mut self.rng);
        }
        self.writer.write(&order, &mut self.rng)
    }

    /// An answer: about the same brand if there is one, or a few words that only make sense in the thread.
    pub(super) fn answer(&mut self, parent: &Arc<Seen>, lang: Lang) -> Draft {
        let tags = parent.platform.has_tags();
        let brand = parent.truth.targets.first().map(|t| t.brand);
        if let Some(brand) = brand.filter(|_| self.rng.random_bool(0.4)) {
            return self.writer.about(brand, lang, tags, &mut self.rng);
        }
        let (symbol, polarity) = match self.rng.random_range(0..100) {
            0..35 => ("reply.pos", Polarity::Positive),
            35..60 => ("reply.neg", Polarity::Negative),
            _ => ("reply.neu", Polarity::Neutral),
        };
        self.writer.write(
            &Order::new(symbol, lang, Intent::Chatter, polarity).tags(false),
            &mut self.rng,
        )
    }

    fn spam(&mut self, at: Millis, lang: Lang) -> Simulated {
        let brand = self.rng.random_bool(0.3).then(|| self.any_brand());
        let author = self.authors.spammer(&mut self.rng);
        let draft = self.writer.spam(brand, lang, &mut self.rng);
        self.publish(at, author, Relation::None, draft)
    }
}
