//! A mention with its thread: what it answers, what answers, repeats and quotes it, as far as it is held.

use super::Ground;
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::types::{ApiError, FilterParams, MentionView, PolicyLabel};
use crate::api::{Failure, Shared, rules};
use axum::Json;
use axum::extract::Path;
use post::PostKey;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use store::{Choice, Context, Filter, Mention, Snapshot};
use utoipa::ToSchema;

/// Posts of a thread at most, the newest.
const POSTS: usize = 500;
/// Posts above the one asked for at most.
const ABOVE: usize = 50;

/// A mention with its thread.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ThreadPage {
    /// The post asked for.
    key: String,
    /// The posts of the thread that are held, oldest first; each once.
    posts: Vec<ThreadPost>,
    /// How many of these are context: they did not match, and are kept because they answer or quote what did. Each says so
    /// (`mention.context`).
    context: u64,
    /// Posts that this thread refers to and that are not held: not matched, deleted or expired.
    missing: u64,
    /// Posts of the thread that are held, this one left out, by what they are to it.
    counts: ThreadCounts,
    /// Whether there are more than are listed.
    more: bool,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// A post of a thread.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ThreadPost {
    /// What it is to the post asked for.
    relation: Relation,
    /// The key of the post it answers, repeats or quotes, held or not.
    parent: Option<String>,
    /// How many posts that are listed lie between it and the first of its branch.
    depth: usize,
    /// It as a mention.
    mention: MentionView,
}

/// What a post is to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Relation {
    /// The post itself.
    This,
    /// It is answered, repeated or quoted by it, over any number of steps.
    Above,
    /// It answers it, over any number of steps.
    Reply,
    /// It quotes it.
    Quote,
    /// It repeats it.
    Repost,
    /// It is of the same thread.
    Thread,
}

/// Posts by what they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ThreadCounts {
    /// What it answers, repeats or quotes.
    above: u64,
    /// Answers, those to answers included.
    replies: u64,
    /// Quotes.
    quotes: u64,
    /// Repeats.
    reposts: u64,
    /// The rest of the thread.
    others: u64,
}

/// A post with its thread, oldest first, as far as it is held: parents, replies, quotes and reposts, counted apart.
#[utoipa::path(get, path = "/projects/{project}/posts/{key}/thread", operation_id = "thread", tag = "mentions",
    params(("project" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = ThreadPage), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn thread(
    app: Shared,
    access: Access,
    Path((project, key)): Path<(String, String)>,
) -> Result<Json<ThreadPage>, Failure> {
    let key = PostKey::from_hex(&key).ok_or_else(|| Failure::Bad(format!("`{key:.64}` is no post")))?;
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &FilterParams::default())?;
        let own = held(&snapshot, &project, key)?.ok_or(Failure::NotFound("post"))?;
        let (posts, filter, more) = collect(&snapshot, &project, own)?;
        let relations = relations(key, &posts);
        let mut counts = ThreadCounts::default();
        relations.values().for_each(|relation| counts.add(*relation));
        let missing: BTreeSet<PostKey> = posts
            .values()
            .flat_map(parents)
            .filter(|parent| !posts.contains_key(parent))
            .collect();
        let live = g.app.engine.live.load();
        let mut ordered: Vec<&Mention> = posts.values().collect();
        ordered.sort_by_key(|m| (m.post.created_at, m.post.key));
        let view = |m: &Mention| ThreadPost {
            relation: relations.get(&m.post.key).copied().unwrap_or(Relation::Thread),
            parent: parents(m).next().map(|key| key.to_string()),
            depth: depth(m, &posts),
            mention: crate::view::mention(m, snapshot.marks().of(m.id), &live),
        };
        Ok(Json(ThreadPage {
            key: key.to_string(),
            posts: ordered.into_iter().map(view).collect(),
            context: posts.values().filter(|m| m.is_context()).count() as u64,
            missing: missing.len() as u64,
            counts,
            more,
            generation: snapshot.generation(),
            policy_labels: rules::labels(&snapshot, &filter)?,
        }))
    })
    .await
}

impl ThreadCounts {
    fn add(&mut self, relation: Relation) {
        match relation {
            Relation::This => {}
            Relation::Above => self.above += 1,
            Relation::Reply => self.replies += 1,
            Relation::Quote => self.quotes += 1,
            Relation::Repost => self.reposts += 1,
            Relation::Thread => self.others += 1,
        }
    }
}

/// The mention that stands for a post in its project.
fn held(snapshot: &Snapshot, project: &str, key: PostKey) -> Result<Option<Mention>, Failure> {
    let mut mentions = snapshot.of_post(key)?;
    mentions.retain(|m| m.project == project);
    mentions.sort_by_key(|m| !m.primary);
    Ok(mentions.into_iter().next())
}

/// What a post answers, repeats or quotes.
fn parents(m: &Mention) -> impl Iterator<Item = PostKey> {
    [m.post.reply_to, m.post.repost_of, m.post.quote_of]
        .into_iter()
        .flatten()
}

type Posts = BTreeMap<PostKey, Mention>;

/// The posts of a thread, the filter that finds those that refer to it, and whether there are more.
fn collect(snapshot: &Snapshot, project: &str, own: Mention) -> Result<(Posts, Filter, bool), Failure> {
    let key = own.post.key;
    let mut above = Vec::new();
    let mut next: Vec<PostKey> = parents(&own).chain(own.post.thread_root).collect();
    let mut seen: BTreeSet<PostKey> = std::iter::once(key).collect();
    while let Some(parent) = next.pop() {
        if above.len() >= ABOVE || !seen.insert(parent) {
            continue;
        }
        if let Some(mention) = held(snapshot, project, parent)? {
            next.extend(parents(&mention));
            above.push(mention);
        }
    }
    let filter = Filter {
        project: Some(project.to_owned()),
        related: Choice::only([Some(key), own.post.thread_root].into_iter().flatten()),
        context: Context::With,
        ..Filter::default()
    };
    let page = snapshot.mentions(&filter, None, POSTS)?;
    let more = page.next.is_some();
    let all = page.items.into_iter().chain(above).chain([own]);
    Ok((all.map(|m| (m.post.key, m)).collect(), filter, more))
}

/// What every post is to the one asked for.
fn relations(key: PostKey, posts: &Posts) -> BTreeMap<PostKey, Relation> {
    let mut above: BTreeSet<PostKey> = BTreeSet::new();
    let mut next: Vec<PostKey> = posts.get(&key).into_iter().flat_map(parents).collect();
    while let Some(parent) = next.pop() {
        if parent != key && above.insert(parent) {
            next.extend(posts.get(&parent).into_iter().flat_map(parents));
        }
    }
    let relation = |m: &Mention| {
        let post = &m.post;
        if post.key == key {
            Relation::This
        } else if above.contains(&post.key) {
            Relation::Above
        } else if post.repost_of == Some(key) {
            Relation::Repost
        } else if post.quote_of == Some(key) {
            Relation::Quote
        } else if answers(m, key, posts) {
            Relation::Reply
        } else {
            Relation::Thread
        }
    };
    posts.iter().map(|(k, m)| (*k, relation(m))).collect()
}

/// Whether a post answers another one, over any number of steps that are held.
fn answers(m: &Mention, key: PostKey, posts: &Posts) -> bool {
    let mut seen = BTreeSet::new();
    let mut at = m.post.reply_to;
    while let Some(parent) = at {
        if parent == key {
            return true;
        }
        if !seen.insert(parent) {
            return false;
        }
        at = posts.get(&parent).and_then(|m| m.post.reply_to);
    }
    false
}

fn depth(m: &Mention, posts: &Posts) -> usize {
    let mut seen = BTreeSet::new();
    let mut at = parents(m).next();
    while let Some(parent) = at.and_then(|key| posts.get(&key)) {
        if !seen.insert(parent.post.key) {
            break;
        }
        at = parents(parent).next();
    }
    seen.len()
}
