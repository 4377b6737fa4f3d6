//! Scoring: what the models say of a batch of matched posts.

use super::snapshot::Snapshot;
use crate::policy::Gate;
use crate::relevance;
use crate::scoring::own::Active;
use crate::scoring::{Scoring, words};
use models::{Ask, Models, Reader, Said, Tier};
use post::Post;
use post::profile::Task;
use query::{Document, Subject};
use std::ops::Range;
use std::sync::Arc;
use store::{Aspect, Class, Entity, Label, Scores, Sentiment};
use text::Tokens;
use trends::relevance::Features;

/// Entities and aspects of a mention at most.
const MOST_WORDS: usize = 20;

/// Scores posts; keeps its buffers. One per thread.
pub struct Scorer<'m> {
    models: &'m Models,
    reader: Reader<'m>,
    tokens: Tokens,
    own: models::custom::Scratch,
    features: Features,
}

/// A post that matched, as the scorer is asked about it.
pub(super) struct Matched<'p> {
    /// The post.
    pub(super) post: &'p Post,
    /// Its language, or `und`.
    pub(super) lang: String,
    /// The slots of the monitors it matched.
    pub(super) hits: Vec<u32>,
}

/// What a mention of a post gets.
pub(super) struct Scored {
    /// Toward each monitor, in the order of the hits.
    pub(super) toward: Vec<Option<Sentiment>>,
    /// Of the post.
    pub(super) sentiment: Option<Sentiment>,
    /// What else.
    pub(super) classes: Vec<Class>,
    /// What classifiers of one's own say, each for its project.
    own: Vec<(Arc<Active>, Class)>,
    /// Whether each monitor means it, in the order of the hits, where a model says so.
    relevance: Vec<Option<Class>>,
    /// Whom and what it names; the full tier finds them.
    pub(super) entities: Vec<Entity>,
    /// What it speaks of, and how it judges that.
    pub(super) aspects: Vec<Aspect>,
}

impl<'m> Scorer<'m> {
    /// A scorer with these models.
    pub fn new(models: &'m Models) -> Self {
        Self {
            models,
            reader: Reader::new(models),
            tokens: Tokens::new(),
            own: models::custom::Scratch::new(),
            features: Features::new(),
        }
    }

    /// The language of a post, `und` where nobody can say.
    pub fn language(&mut self, post: &Post) -> String {
        self.language_of(post.title.as_deref(), &post.text)
    }

    /// The same of a title and a text.
    pub fn language_of(&mut self, title: Option<&str>, text: &str) -> String {
        self.reader.language(&words(title, text)).to_owned()
    }

    /// The sentiment of a whole post as the fast tier has it, where its language is covered.
    pub fn sentiment(&mut self, post: &Post, lang: &str) -> Option<Sentiment> {
        let ask = Ask {
            text: words(post.title.as_deref(), &post.text),
            lang: lang.into(),
            targets: Vec::new(),
            words: false,
        };
        let said = self.reader.fast(&ask);
        said.sentiment.map(|score| self.named(score, said.tier, false))
    }

    /// Scores posts toward the monitors they matched. What a platform's policy profile does not let models say is not
    /// asked. The cascade chooses whom the full tier reads.
    pub(super) fn score(
        &mut self,
        posts: &[Matched<'_>],
        snapshot: &Snapshot,
        scoring: &Scoring,
    ) -> Vec<Scored> {
        let (gate, cascade) = (&*scoring.gate, &scoring.cascade);
        let own = scoring.own.active();
        self.reader.keep_states(own.iter().any(|a| a.reads_states));
        let mut asks: Vec<Ask<'_>> = posts.iter().map(|m| ask(m, snapshot)).collect();
        // Whose answer is not wanted need not be made sure of.
        let wanted = |i: usize| gate.allows(Task::Sentiment, &posts[i].post.platform);
        let said = cascade.read(&mut self.reader, &mut asks, wanted);
        let brought = brought(scoring, posts, &asks);
        let mut out = Vec::with_capacity(posts.len());
        for (((matched, ask), said), brought) in posts.iter().zip(&asks).zip(said).zip(brought) {
            let own = match own.is_empty() || !gate.allows(Task::Custom, &matched.post.platform) {
                true => Vec::new(),
                false => self.own(&own, matched, snapshot, &ask.text, &said.states),
            };
            let relevance = match gate.allows(Task::Custom, &matched.post.platform) {
                true => self.relevance(matched, snapshot, scoring, &ask.text),
                false => Vec::new(),
            };
            let mut scored = self.scored(&said, &ask.text, gate, &matched.post.platform);
            scored.classes.extend(brought);
            out.push(Scored {
                own,
                relevance,
                ..scored
            });
        }
        out
    }

    /// What classifiers of the projects whose monitors a post matched say of it.
    fn own(
        &mut self,
        own: &[Arc<Active>],
        matched: &Matched<'_>,
        snapshot: &Snapshot,
        text: &str,
        states: &[f32],
    ) -> Vec<(Arc<Active>, Class)> {
        let is_of = |active: &Active| {
            let mut hits = matched.hits.iter().filter_map(|&slot| snapshot.hit(slot));
            hits.any(|hit| hit.def.project == active.project)
        };
        let mut out = Vec::new();
        let mut is_read = false;
        for active in own.iter().filter(|a| is_of(a)) {
            if !std::mem::replace(&mut is_read, true) {
                self.tokens.read(text);
            }
            let class = active.class(&self.tokens, states, &mut self.own);
            out.extend(class.map(|class| (active.clone(), class)));
        }
        out
    }

    /// What the models of the monitors that a post matched say of it.
    fn relevance(
        &mut self,
        matched: &Matched<'_>,
        snapshot: &Snapshot,
        scoring: &Scoring,
        text: &str,
    ) -> Vec<Option<Class>> {
        let all = scoring.relevance.all();
        if all.is_empty() {
            return Vec::new();
        }
        let author = relevance::author(matched.post);
        let hits = matched.hits.iter().map(|&slot| {
            let active = snapshot.hit(slot).and_then(|hit| all.get(&hit.def.id))?;
            Some(active.class(&mut self.features, text, &matched.lang, author))
        });
        hits.collect()
    }

    fn scored(&self, said: &Said, text: &str, gate: &Gate, platform: &str) -> Scored {
        let allowed = |task| gate.allows(task, platform);
        let sentiment = said.sentiment.filter(|_| allowed(Task::Sentiment));
        let toward = said.toward.iter().map(|score| {
            let score = score.filter(|_| allowed(Task::Sentiment));
            score.map(|s| self.named(s, said.tier, true))
        });
        let labels = said.labels();
        let classes = labels.iter().filter(|l| allowed(policy_task(l.task)));
        Scored {
            entities: entities(said, text),
            aspects: match allowed(Task::Sentiment) {
                true => said.aspects.iter().take(MOST_WORDS).map(aspect).collect(),
                false => Vec::new(),
            },
            toward: toward.collect(),
            sentiment: sentiment.map(|s| self.named(s, said.tier, false)),
            classes: classes
                .map(|l| Class {
                    task: l.task.to_owned(),
                    label: l.label.to_owned(),
                    probability: l.probability,
                    model: self.id(said.tier).to_owned(),
                })
                .collect(),
            own: Vec::new(),
            relevance: Vec::new(),
        }
    }

    fn named(&self, score: models::Score, tier: Tier, is_toward: bool) -> Sentiment {
        Sentiment {
            probabilities: score.probabilities,
            model: self.id(tier).to_owned(),
            is_toward,
        }
    }

    /// Name and version of the model that answers for a tier.
    fn id(&self, tier: Tier) -> &str {
        match (tier, &self.models.encoder) {
            (Tier::Full, Some(encoder)) => encoder.id(),
            _ => self.models.panel.id(),
        }
    }
}

impl Scored {
    /// The scores of the mention for the hit at `place`, a monitor of this project.
    pub(super) fn of(&self, place: usize, project: &str) -> (Option<Sentiment>, Scores) {
        let toward = self.toward.get(place).cloned().flatten();
        let own = self.own.iter().filter(|(active, _)| active.project == project);
        let relevance = self.relevance.get(place).cloned().flatten();
        let own = own.map(|(_, class)| class.clone()).chain(relevance);
        let scores = |post| Scores {
            post,
            classes: self.classes.iter().cloned().chain(own.clone()).collect(),
            entities: self.entities.clone(),
            aspects: self.aspects.clone(),
        };
        match toward {
            Some(_) => (toward, scores(self.sentiment.clone())),
            None => (self.sentiment.clone(), scores(None)),
        }
    }
}

/// What classifiers of the configuration say of each post.
fn brought(scoring: &Scoring, posts: &[Matched<'_>], asks: &[Ask<'_>]) -> Vec<Vec<Class>> {
    let mut out = vec![Vec::new(); posts.len()];
    let allowed = |m: &Matched<'_>| scoring.gate.allows(Task::Custom, &m.post.platform);
    let places: Vec<usize> = (0..posts.len()).filter(|&i| allowed(&posts[i])).collect();
    let texts: Vec<(&str, &str)> = places.iter().map(|&i| (&*asks[i].text, &*asks[i].lang)).collect();
    for classifier in scoring.own.brought() {
        for (&i, class) in places.iter().zip(classifier.classes(&texts)) {
            out[i].extend(class);
        }
    }
    out
}

/// The entities of a text, each name once.
fn entities(said: &Said, text: &str) -> Vec<Entity> {
    let mut out: Vec<Entity> = Vec::new();
    for entity in said.entities.iter().take(MOST_WORDS) {
        let name = entity
            .name
            .clone()
            .or_else(|| text.get(entity.place.clone()).map(str::to_owned));
        let Some(name) = name.filter(|n| out.iter().all(|e| e.name != *n)) else {
            continue;
        };
        out.push(Entity {
            name,
            kind: entity.kind.name().to_owned(),
        });
    }
    out
}

fn aspect(aspect: &models::aspects::Aspect) -> Aspect {
    Aspect {
        term: aspect.term.clone(),
        sentiment: aspect.sentiment.map(|s| Label::ALL[s.label as usize]),
    }
}

/// Which task of the policy profiles a model's task falls under.
fn policy_task(task: &str) -> Task {
    match task {
        "emotion" | "irony" => Task::Emotion,
        "complaint" | "intent" | "reason" => Task::Intent,
        "spam" => Task::Spam,
        _ => Task::Offensive,
    }
}

/// A post as the models are asked about it: toward the names by which each monitor is about it.
fn ask<'p>(matched: &Matched<'p>, snapshot: &Snapshot) -> Ask<'p> {
    let post = matched.post;
    let document = Document::from_post(post, &matched.lang);
    let offset = post.title.as_ref().map_or(0, |title| match post.text.is_empty() {
        true => 0,
        false => title.len() + 1,
    });
    let places = |slot: &u32| -> Vec<Range<usize>> {
        let query = snapshot.hit(*slot).and_then(|w| w.query.as_ref());
        let Some(query) = query else { return Vec::new() };
        let Subject { title, text } = snapshot.subject(query, &document);
        let text = text.into_iter().map(|r| r.start + offset..r.end + offset);
        title.into_iter().chain(text).collect()
    };
    Ask {
        text: words(post.title.as_deref(), &post.text),
        lang: matched.lang.clone().into(),
        targets: matched.hits.iter().map(places).collect(),
        words: false,
    }
}
