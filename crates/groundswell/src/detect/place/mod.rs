//! Placing: which posts are copies of one another, and what they are about.
//!
//! It stands between matching and the writer, so that a mention is stored with its place. Copies are looked for among
//! the posts of all monitors together, since a text is the same whoever watches for it; topics are made of words, and
//! each project has its own, so that no tenant reads another one's. What is kept as context takes part in neither, and
//! what its author does not want indexed in no topic.

mod catch_up;
mod file;
mod news;
mod upkeep;

#[cfg(test)]
mod tests;

use super::Finding;
use news::News;
use post::{Millis, Post, PostKey};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::{Mention, Snapshot};
use trends::copies::{Copies, How};
use trends::hash;
use trends::terms::Terms;
use trends::topics::{Branch, Topics};

pub use upkeep::Upkeep;

/// A branch of the wheel needs this cosine between its topics.
const ALIKE: f32 = 0.05;

/// The placing stage. One for the live stream and the searches of the past.
pub struct Placer {
    state: Mutex<State>,
    folder: PathBuf,
    /// One file at a time: an older state must not come to lie over a newer one, from which something was erased.
    saving: Mutex<()>,
}

/// What it knows.
struct State {
    copies: Copies,
    projects: BTreeMap<String, Project>,
    terms: Terms,
}

/// What it knows of one project's posts.
struct Project {
    topics: Topics,
    news: News,
}

impl Project {
    /// Without topics. Ids begin at the time in milliseconds: whatever an earlier state gave, lost since, is less.
    fn new(now: Millis) -> Self {
        let mut topics = Topics::new(trends::topics::Config::default());
        topics.begin_at(u64::try_from(now).unwrap_or(1));
        Self {
            topics,
            news: News::default(),
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            copies: Copies::new(trends::copies::Config::default()),
            projects: BTreeMap::new(),
            terms: Terms::new(),
        }
    }
}

/// A group of copies as it is named in the API: 16 hexadecimal digits.
pub(crate) fn group_name(group: u64) -> String {
    format!("{group:016x}")
}

impl Placer {
    /// Takes up what an earlier run left in the data folder, and what the store holds since.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn open(data: &Path, store: &Snapshot) -> anyhow::Result<Self> {
        let folder = data.join("detect");
        let (mut state, since) = file::load(&folder, store.generation());
        let taken = catch_up::from_store(&mut state, store, since)?;
        if taken > 0 {
            tracing::info!(mentions = taken, "copies and topics are caught up with the store");
        }
        Ok(Self::with(state, folder))
    }

    /// The same where the store is not to be read; with the generation that the state knows, to be saved with it.
    pub fn offline(data: &Path) -> (Self, u64) {
        let folder = data.join("detect");
        let (state, generation) = file::load(&folder, u64::MAX);
        (Self::with(state, folder), generation.unwrap_or(0))
    }

    fn with(state: State, folder: PathBuf) -> Self {
        Self {
            state: Mutex::new(state),
            folder,
            saving: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the mentions of posts their groups and topics, in the order of the posts.
    pub fn place<'p>(&self, posts: impl Iterator<Item = (&'p Post, &'p mut Vec<Mention>)>) {
        let mut state = self.state();
        for (post, mentions) in posts.filter(|(_, mentions)| !mentions.is_empty()) {
            state.place(post, mentions);
        }
    }

    /// Every id that stands for the same topic of a project, itself included.
    pub fn all_of(&self, project: &str, topic: u64) -> Vec<u64> {
        match self.state().projects.get(project) {
            Some(known) => known.topics.all_of(topic),
            None => vec![topic],
        }
    }

    /// The topics that these ids stand for now.
    pub fn resolve(&self, project: &str, topics: &[u64]) -> Vec<u64> {
        match self.state().projects.get(project) {
            Some(known) => topics.iter().map(|id| known.topics.resolve(*id)).collect(),
            None => topics.to_vec(),
        }
    }

    /// The topics of a project that are alive, under at most `headings` branches.
    pub fn tree(&self, project: &str, headings: usize) -> Vec<Branch> {
        let mut state = self.state();
        let known = state.projects.get_mut(project);
        known.map_or_else(Vec::new, |known| known.topics.tree(headings, ALIKE))
    }

    /// Bytes held, about; groups of copies are not counted one by one.
    pub fn bytes(&self) -> usize {
        let state = self.state();
        let topics = state.projects.values().map(|p| p.topics.bytes());
        state.copies.bytes() + topics.sum::<usize>()
    }

    /// Topics that are alive, of all projects.
    pub fn alive(&self) -> usize {
        let state = self.state();
        state.projects.values().map(|p| p.topics.alive().len()).sum()
    }

    /// Forgets everything but what ids mean, and takes up anew what the store still holds: what was erased leaves.
    ///
    /// # Errors
    /// The store cannot be read; nothing is changed.
    pub fn rebuild(&self, store: &Snapshot) -> anyhow::Result<()> {
        let mut state = self.state();
        let mut anew = State {
            projects: state
                .projects
                .iter()
                .map(|(id, p)| (id.clone(), p.emptied()))
                .collect(),
            ..State::default()
        };
        catch_up::from_store(&mut anew, store, None)?;
        *state = anew;
        drop(state);
        self.save(store.generation())
    }

    /// Writes the state down. `generation` is one whose mentions were all placed by now.
    ///
    /// # Errors
    /// The disk.
    pub fn save(&self, generation: u64) -> anyhow::Result<()> {
        let _one = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = file::write(&self.state(), generation)?;
        file::save(&self.folder, &bytes)
    }

    /// Merges topics that came to be about the same, by the words of their posts, and says how many went.
    pub fn merge(&self) -> usize {
        let mut state = self.state();
        let merged = state
            .projects
            .values_mut()
            .map(|p| p.topics.merge_by_words(SAME).len());
        merged.sum()
    }

    /// Topics that became news since the last call.
    pub fn news(&self, now: Millis) -> Vec<Finding> {
        let mut state = self.state();
        let mut found = Vec::new();
        for (id, project) in &mut state.projects {
            project.news.take(id, &project.topics, now, &mut found);
        }
        found
    }
}

/// The cosine of two centroids from which on topics are one.
const SAME: f32 = 0.6;

impl Project {
    fn emptied(&self) -> Self {
        Self {
            topics: self.topics.emptied(),
            news: self.news.emptied(),
        }
    }
}

impl State {
    fn project(&mut self, id: &str, now: Millis) -> &mut Project {
        if !self.projects.contains_key(id) {
            self.projects.insert(id.to_owned(), Project::new(now));
        }
        self.projects
            .entry(id.to_owned())
            .or_insert_with(|| Project::new(now))
    }

    fn place(&mut self, post: &Post, mentions: &mut [Mention]) {
        let text = text_of(post);
        let placed = self.copies.place(&seen(post, &text));
        mentions.iter_mut().for_each(|m| m.group = Some(placed.group));
        if !is_of_topics(post) {
            return;
        }
        self.terms.read(&text);
        let mut terms = std::mem::take(&mut self.terms);
        let mut given: Vec<(String, Option<u64>)> = Vec::new();
        for mention in mentions {
            let known = given.iter().find(|(project, _)| *project == mention.project);
            mention.topic = match known {
                Some((_, topic)) => *topic,
                None => {
                    let topic = self.assign(mention, placed.group, placed.how, &terms);
                    given.push((mention.project.clone(), topic));
                    topic
                }
            };
        }
        std::mem::swap(&mut self.terms, &mut terms);
    }

    fn assign(&mut self, mention: &Mention, group: u64, how: How, terms: &Terms) -> Option<u64> {
        let project = self.project(&mention.project, crate::clock::now());
        let again = how == How::Again;
        let known = project.topics.of_group(group).filter(|_| again);
        let key = key(mention.post.key);
        let topic = known.or_else(|| project.topics.assign(key, Some(group), terms))?;
        if !again {
            let is_text = matches!(how, How::First | How::Near(_));
            project.news.see(topic, mention, is_text);
        }
        Some(topic)
    }
}

/// Whether its author lets a post be indexed.
fn is_of_topics(post: &Post) -> bool {
    post.indexable != Some(false)
}

/// What copies are compared by and topics are made of.
fn text_of(post: &Post) -> String {
    match &post.title {
        Some(title) => format!("{title}\n{}", post.text),
        None => post.text.clone(),
    }
}

/// A post as copies see it.
fn seen<'t>(post: &Post, text: &'t str) -> trends::copies::Post<'t> {
    let own = key(post.key);
    trends::copies::Post {
        key: own,
        // Nobody knows who wrote it: it may be anybody.
        author: post.author.as_ref().map_or(own, |a| hash::bytes(&a.key.0)),
        platform: hash::text(&post.platform) as u16,
        at: post.created_at.min(post.seen_at) / 1000,
        repost_of: post.repost_of.map(key),
        text,
    }
}

fn key(post: PostKey) -> u64 {
    Mention::own_group(post)
}
