//! Topics: what posts are about, found as they come.
//!
//! One pass: a post goes to the topic whose centroid of tf-idf vectors is nearest, or begins a new one. Copies follow
//! their first post. Topics that nobody writes about are forgotten. A caller with embeddings merges what words alone
//! could not bring together; a topic keeps its id through merges, restarts and snapshots.

mod index;
mod label;
mod merge;
mod tree;
mod vocabulary;

use crate::hash::{KeyMap, mix};
use crate::snapshot::State;
use crate::terms::{TermKind, Terms};
use index::{Index, Topic};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use vocabulary::Vocabulary;

pub use label::Summary;
pub use tree::Branch;

/// How topics are formed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// The cosine to a centroid from which on a post belongs to the topic.
    pub similarity: f32,
    /// A topic is forgotten after so many posts went elsewhere.
    pub idle_posts: u64,
    /// Terms of a centroid at most.
    pub terms: usize,
    /// Terms that are remembered at all.
    pub vocabulary: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            similarity: 0.09,
            idle_posts: 6000,
            terms: 64,
            vocabulary: 1 << 18,
        }
    }
}

/// Posts kept per topic, of which the medoid is one.
const SAMPLES: usize = 8;
/// Merges that are remembered.
const REDIRECTS: usize = 1 << 16;

/// A post that stands for others of its topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Sample {
    post: u64,
    terms: Vec<u32>,
}

/// The state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Topics {
    config: Config,
    vocabulary: Vocabulary,
    index: Index,
    /// Post number and topic, as touched; the oldest first.
    touched: VecDeque<(u64, u32)>,
    groups: KeyMap<u64, u64>,
    places: KeyMap<u64, u32>,
    redirects: BTreeMap<u64, u64>,
    branches: Vec<(u64, Vec<u64>)>,
    posts: u64,
    next: u64,
    #[serde(skip)]
    vector: Vec<(u32, f32)>,
}

impl State for Topics {
    const KIND: [u8; 4] = *b"topi";
    const VERSION: u16 = 1;
}

impl Topics {
    /// A state without topics.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            vocabulary: Vocabulary::new(config.vocabulary),
            index: Index::default(),
            touched: VecDeque::new(),
            groups: KeyMap::default(),
            places: KeyMap::default(),
            redirects: BTreeMap::new(),
            branches: Vec::new(),
            posts: 0,
            next: 1,
            vector: Vec::new(),
        }
    }

    /// The topic of a post, whose terms were read into `terms`; `group` are the copies that it belongs to, where there
    /// are others. `None` where it has no words.
    pub fn assign(&mut self, post: u64, group: Option<u64>, terms: &Terms) -> Option<u64> {
        self.posts += 1;
        self.expire();
        if let Some(id) = group.and_then(|g| self.groups.get(&g).copied()) {
            let id = self.resolve(id);
            if let Some(&place) = self.places.get(&id) {
                self.touch(place);
                return Some(id);
            }
        }
        let mut vector = std::mem::take(&mut self.vector);
        self.vocabulary.read(terms, &mut vector);
        let id = (!vector.is_empty()).then(|| self.place(post, &vector));
        self.vector = vector;
        if let (Some(group), Some(id)) = (group, id) {
            if self.groups.len() as u64 > 4 * self.config.idle_posts + 1024 {
                let places = &self.places;
                self.groups.retain(|_, id| places.contains_key(id));
            }
            self.groups.insert(group, id);
        }
        id
    }

    /// Takes in a post that an earlier run assigned to a topic, which is begun anew where it is gone.
    pub fn restore(&mut self, post: u64, group: Option<u64>, terms: &Terms, id: u64) {
        self.posts += 1;
        self.expire();
        self.next = self.next.max(id + 1);
        let id = self.resolve(id);
        let mut vector = std::mem::take(&mut self.vector);
        self.vocabulary.read(terms, &mut vector);
        let place = match self.places.get(&id) {
            Some(place) => *place,
            None => self.begin(id),
        };
        if group.is_none_or(|g| !self.groups.contains_key(&g)) {
            self.join_topic(place, post, &vector);
        } else {
            self.touch(place);
        }
        self.vector = vector;
        group.into_iter().for_each(|g| {
            self.groups.insert(g, id);
        });
    }

    /// The topic of a group of copies, where both are known.
    pub fn of_group(&self, group: u64) -> Option<u64> {
        let id = self.resolve(*self.groups.get(&group)?);
        self.places.contains_key(&id).then_some(id)
    }

    /// A state without posts and words, for which ids mean what they meant here.
    pub fn emptied(&self) -> Self {
        Self {
            redirects: self.redirects.clone(),
            branches: self.branches.clone(),
            next: self.next,
            ..Self::new(self.config)
        }
    }

    /// Gives no id below this one from now on.
    pub fn begin_at(&mut self, id: u64) {
        self.next = self.next.max(id);
    }

    /// Every id that stands for the same topic now, itself included.
    pub fn all_of(&self, id: u64) -> Vec<u64> {
        let id = self.resolve(id);
        let merged = self.redirects.keys().copied();
        let mut all: Vec<u64> = merged.filter(|from| self.resolve(*from) == id).collect();
        all.push(id);
        all
    }

    /// The topic that an id stands for now: itself, or what it was merged into.
    pub fn resolve(&self, id: u64) -> u64 {
        let mut id = id;
        while let Some(into) = self.redirects.get(&id) {
            id = *into;
        }
        id
    }

    /// The ids of the topics that are alive, the oldest first.
    pub fn alive(&self) -> Vec<u64> {
        let mut ids: Vec<u64> = self.places.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// How many posts a topic has; 0 where it is gone.
    pub fn posts(&self, id: u64) -> u64 {
        self.topic(self.resolve(id)).map_or(0, |t| t.posts)
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        self.index.bytes() + self.vocabulary.bytes() + self.touched.len() * 16 + self.groups.len() * 20
    }

    fn topic(&self, id: u64) -> Option<&Topic> {
        self.places.get(&id).and_then(|p| self.index.get(*p))
    }

    fn place(&mut self, post: u64, vector: &[(u32, f32)]) -> u64 {
        let place = match self.index.nearest(vector, self.config.similarity) {
            Some(place) => place,
            None => {
                self.next += 1;
                self.begin(self.next - 1)
            }
        };
        self.join_topic(place, post, vector)
    }

    fn begin(&mut self, id: u64) -> u32 {
        let place = self.index.begin(id);
        self.places.insert(id, place);
        place
    }

    fn join_topic(&mut self, place: u32, post: u64, vector: &[(u32, f32)]) -> u64 {
        self.index.add(place, vector, self.config.terms);
        self.touch(place);
        let Some(topic) = self.index.get_mut(place) else {
            return 0;
        };
        // A reservoir: every post of the topic is as likely to be kept.
        let slot = match topic.samples.len() < SAMPLES {
            true => topic.samples.len(),
            false => (mix(post) % topic.posts.max(1)) as usize,
        };
        if slot < SAMPLES {
            let terms = vector.iter().map(|(t, _)| *t).collect();
            let sample = Sample { post, terms };
            match topic.samples.get_mut(slot) {
                Some(old) => *old = sample,
                None => topic.samples.push(sample),
            }
        }
        topic.id
    }

    fn touch(&mut self, place: u32) {
        let number = self.posts;
        if let Some(topic) = self.index.get_mut(place) {
            topic.posts += 1;
            topic.touched = number;
            self.touched.push_back((number, place));
        }
    }

    fn expire(&mut self) {
        while let Some(&(number, place)) = self.touched.front() {
            if number + self.config.idle_posts >= self.posts {
                return;
            }
            self.touched.pop_front();
            if let Some(topic) = self.index.get(place).filter(|t| t.touched == number) {
                self.places.remove(&topic.id);
                self.index.end(place);
            }
        }
    }
}

/// Whether a term tells what a post is about by itself.
fn is_topical(kind: TermKind) -> bool {
    matches!(kind, TermKind::Word | TermKind::Tag)
}
