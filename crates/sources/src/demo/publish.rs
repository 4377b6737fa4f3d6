//! From a draft and an author to a raw post on a platform, and what follows from it later.

use super::authors::{Author, Role};
use super::draft::Draft;
use super::episodes::Act;
use super::pick::exponential;
use super::platforms::{Minted, Platform};
use super::recent::Seen;
use super::simulator::{Simulated, Simulator};
use super::truth::{Intent, Polarity, Truth};
use super::world::Brand;
use post::Millis;
use post::{Counts, Event, Kind, Media, RawMention, RawPost};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::sync::Arc;

/// What a post refers to.
#[derive(Debug, Clone)]
pub(super) enum Relation {
    None,
    Answer(Arc<Seen>),
    Quote(Arc<Seen>),
}

impl Simulator {
    /// Publishes a draft. Deletes, edits and the brand's answer are planned here.
    pub(super) fn publish(&mut self, at: Millis, author: u32, relation: Relation, draft: Draft) -> Simulated {
        let who = self.authors.get(author).clone();
        let mut draft = self.addressed(draft, &who, &relation);
        let opening = matches!(relation, Relation::None);
        if opening && draft.title.is_none() && who.platform.has_titles() {
            draft.title = Some(self.writer.headline(&draft, &mut self.rng));
        }
        let draft = Self::settled(draft);
        let mut post = self.shell(at, author, &who, kind_of(&who, &relation), &relation);
        post.hashtags = marked(&draft.text, '#');
        post.mentions = marked(&draft.text, '@')
            .into_iter()
            .map(|h| RawMention {
                id: None,
                handle: Some(h),
            })
            .collect();
        post.urls = draft.link.iter().cloned().collect();
        post.media = if opening {
            self.media(&who, &draft.truth)
        } else {
            Vec::new()
        };
        post.lang_claimed = who.platform.claimed(draft.truth.lang, &mut self.rng);
        post.title = draft.title;
        post.text = draft.text;
        match &relation {
            Relation::None => post.thread_root = None,
            Relation::Answer(to) => {
                post.reply_to = Some(to.uid.clone());
                post.thread_root = Some(to.root.clone());
            }
            Relation::Quote(of) => post.quote_of = Some(of.uid.clone()),
        }
        let uid = post.uid.clone().unwrap_or_default();
        let truth = Truth {
            uid,
            bot: who.role == Role::Robot,
            ..draft.truth
        };
        let appeal = appeal(&who, &truth, &mut self.rng);
        post.counts = who.platform.counts(appeal, &mut self.rng);
        let simulated = Simulated { at, post, truth };
        self.follow_up(&simulated, &who, appeal);
        simulated
    }

    /// Repeats a post on the same platform.
    pub(super) fn repost(&mut self, at: Millis, author: u32, original: &Arc<Seen>) -> Simulated {
        let who = self.authors.get(author).clone();
        let mut post = self.shell(at, author, &who, Kind::Repost, &Relation::None);
        post.repost_of = Some(original.uid.clone());
        post.text.clone_from(&original.text);
        post.title.clone_from(&original.title);
        post.hashtags.clone_from(&original.hashtags);
        post.urls.clone_from(&original.urls);
        post.mentions = marked(&post.text, '@')
            .into_iter()
            .map(|h| RawMention {
                id: None,
                handle: Some(h),
            })
            .collect();
        post.counts = Counts::default();
        let truth = Truth {
            uid: post.uid.clone().unwrap_or_default(),
            copy_of: Some(original.uid.clone()),
            bot: who.role == Role::Robot,
            ..original.truth.clone()
        };
        let simulated = Simulated { at, post, truth };
        self.plan_end(&simulated, &who);
        simulated
    }

    /// The parts of a post that do not depend on its text.
    fn shell(&mut self, at: Millis, number: u32, who: &Author, kind: Kind, relation: &Relation) -> RawPost {
        let community = match (who.platform, relation) {
            (Platform::Reddit | Platform::Youtube | Platform::Telegram, Relation::Answer(to)) => {
                to.community.clone()
            }
            // An account lives on one instance.
            (Platform::Mastodon, _) => Some(INSTANCES[number as usize % INSTANCES.len()].to_owned()),
            (platform, _) => platform.community(who.lang, &mut self.rng),
        };
        let author = (who.id.as_str(), who.handle.as_str());
        let Minted { uid, permalink } = self
            .mint
            .post(who.platform, at, author, kind, community.as_deref());
        let countries = who.lang.countries();
        let tells_country = match who.platform {
            Platform::News => true,
            Platform::X | Platform::Facebook => self.rng.random_bool(0.05),
            _ => false,
        };
        RawPost {
            uid: Some(uid),
            platform: Some(who.platform.name().to_owned()),
            kind,
            created_at: Some(rfc3339(at)),
            author: who.raw(),
            community,
            country: tells_country.then(|| countries[number as usize % countries.len()].to_owned()),
            permalink: Some(permalink),
            visibility: Some("public".to_owned()),
            ..RawPost::default()
        }
    }

    /// Puts the handle of the person answered in front, where that is the custom, and the link at the end.
    fn addressed(&mut self, mut draft: Draft, who: &Author, relation: &Relation) -> Draft {
        if let Relation::Answer(to) = relation
            && matches!(who.platform, Platform::X | Platform::Mastodon)
            && self.rng.random_bool(0.6)
        {
            draft.text = format!("@{} {}", to.handle, draft.text);
        }
        if let Some(link) = draft.link.as_ref().filter(|l| !draft.text.contains(l.as_str())) {
            draft.text = format!("{} {link}", draft.text.trim_end());
        }
        draft
    }

    fn media(&mut self, who: &Author, truth: &Truth) -> Vec<Media> {
        let chance = if who.platform == Platform::Instagram {
            0.95
        } else {
            0.08
        };
        if !self.rng.random_bool(chance) {
            return Vec::new();
        }
        let alt = truth
            .targets
            .first()
            .map(|t| t.brand.models()[self.rng.random_range(0..4)].to_owned());
        let url = format!(
            "https://media.example/{}.jpg",
            self.rng.random_range(100_000..999_999)
        );
        vec![Media {
            kind: "image".to_owned(),
            url: Some(url),
            alt: alt.filter(|_| self.rng.random_bool(0.5)),
        }]
    }

    fn follow_up(&mut self, simulated: &Simulated, who: &Author, appeal: f64) {
        let (post, truth) = (&simulated.post, &simulated.truth);
        if !truth.is_spam && !truth.bot && who.platform != Platform::News {
            let uid = truth.uid.clone();
            let seen = Arc::new(Seen {
                root: post.thread_root.clone().unwrap_or_else(|| uid.clone()),
                uid,
                handle: who.handle.clone(),
                platform: who.platform,
                community: post.community.clone(),
                title: post.title.clone(),
                text: post.text.clone(),
                hashtags: post.hashtags.clone(),
                urls: post.urls.clone(),
                opening: post.reply_to.is_none(),
                appeal,
                truth: truth.clone(),
            });
            self.plan_support(simulated.at, who, &seen);
            self.recent.remember(seen);
        }
        self.plan_end(simulated, who);
    }

    /// Brands answer some complaints; how many depends on the brand.
    fn plan_support(&mut self, at: Millis, who: &Author, seen: &Arc<Seen>) {
        let wants_help = matches!(seen.truth.intent, Intent::Complaint | Intent::Help);
        let Some(target) = seen
            .truth
            .targets
            .first()
            .filter(|t| wants_help && t.sentiment == Polarity::Negative)
        else {
            return;
        };
        let diligence = match target.brand {
            Brand::Kelvora => 0.12,
            Brand::Ozenti => 0.02,
            Brand::Maple => 0.16,
        };
        if matches!(who.role, Role::Person) && self.rng.random_bool(diligence) {
            let delay = 60_000.0 + exponential(900_000.0, &mut self.rng);
            self.agenda
                .plan(at + delay as Millis, Act::Support(seen.clone(), target.brand));
        }
    }

    /// Some posts are deleted, some edited, none both.
    fn plan_end(&mut self, simulated: &Simulated, who: &Author) {
        let dice: f64 = self.rng.random_range(0.0..1.0);
        let deleted = self.config.delete_share * if simulated.truth.is_spam { 4.0 } else { 1.0 };
        let plain = matches!(
            simulated.post.kind,
            Kind::Post | Kind::Reply | Kind::Comment | Kind::Video
        );
        // About half of the posts are on platforms that tell.
        let edited = if who.platform.tells_edits() && plain {
            2.2 * self.config.edit_share
        } else {
            0.0
        };
        if dice >= deleted + edited || who.platform == Platform::News {
            return;
        }
        // From twenty seconds to six hours, evenly on a logarithmic scale.
        let delay = 20_000.0 * 1080.0f64.powf(self.rng.random_range(0.0..1.0));
        let what = Box::new((simulated.post.clone(), simulated.truth.clone()));
        let act = if dice < deleted {
            Act::Remove(what)
        } else {
            Act::Revise(what)
        };
        self.agenda.plan(simulated.at + delay as Millis, act);
    }
}

const INSTANCES: [&str; 4] = ["social.example", "tooters.example", "town.example", "art.example"];

/// The delete event of a post: nothing but what is gone.
pub(super) fn removal(post: &RawPost) -> RawPost {
    RawPost {
        uid: post.uid.clone(),
        platform: post.platform.clone(),
        event: Event::Delete,
        kind: post.kind,
        ..RawPost::default()
    }
}

pub(super) fn rfc3339(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at)
        .unwrap_or_default()
        .to_string()
}

fn kind_of(who: &Author, relation: &Relation) -> Kind {
    match relation {
        Relation::None => who.platform.opening(),
        Relation::Answer(_) => who.platform.answer().unwrap_or(Kind::Reply),
        Relation::Quote(_) => Kind::Quote,
    }
}

/// About the number of likes: grows with the following, with a heavy tail; what is happening draws more.
fn appeal(who: &Author, truth: &Truth, rng: &mut ChaCha8Rng) -> f64 {
    let luck = rng.random_range(0.0..1.0f64).max(1e-5).powf(-0.7);
    let drama = if truth.event == Some("recall") { 3.0 } else { 1.0 };
    0.15 * (who.followers as f64).powf(0.6) * luck * drama
}

/// The words that follow a mark, such as hashtags, each once.
fn marked(text: &str, mark: char) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace().filter_map(|w| w.strip_prefix(mark)) {
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.') || is_combining(c);
        let end = word.find(|c: char| !inside(c)).unwrap_or(word.len());
        let word = word[..end].trim_end_matches(['.', '-']);
        if !word.is_empty() && !out.iter().any(|o| o == word) {
            out.push(word.to_owned());
        }
    }
    out
}

/// Vowel signs and joiners of Devanagari and Arabic, which are no letters but belong to words.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{97f}' | '\u{64b}'..='\u{65f}' | '\u{200c}' | '\u{200d}')
}
