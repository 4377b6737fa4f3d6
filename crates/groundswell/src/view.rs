//! From what is stored to what is shown.

use crate::api::types::{
    AspectView, AuthorView, ClassScore, EntityView, MarkView, MentionView, PostView, SentimentScore,
};
use crate::pipeline::Snapshot;
use post::Post;
use query::{Document, Query};
use store::{Aspect, Class, Entity, Mark, Mention, Sentiment};

/// A mention with its mark, with what matched highlighted.
pub fn mention(m: &Mention, mark: Option<&Mark>, snapshot: &Snapshot) -> MentionView {
    let query = snapshot.query(&m.monitor);
    MentionView {
        id: m.id.to_string(),
        monitor: m.monitor.clone(),
        monitor_version: m.monitor_version,
        context: m.is_context(),
        post: post(&m.post, &m.lang, query, snapshot),
        sentiment: m.sentiment.as_ref().map(score),
        post_sentiment: m.scores.post.as_ref().map(score),
        classes: m.scores.classes.iter().map(class).collect(),
        entities: m.scores.entities.iter().map(entity).collect(),
        aspects: m.scores.aspects.iter().map(aspect).collect(),
        mark: mark.map(marked).unwrap_or_default(),
        group: m.group.map(crate::detect::group_name),
        copies: None,
        topic: m.topic.map(|topic| topic.to_string()),
    }
}

fn marked(mark: &Mark) -> MarkView {
    MarkView {
        tags: mark.tags.clone(),
        category: mark.category.clone(),
        status: mark.status.clone(),
        assignee: mark.assignee.clone(),
        starred: mark.starred,
        muted: mark.muted,
        sentiment: mark.sentiment.map(|label| label.name().to_owned()),
        relevant: mark.relevant,
    }
}

/// A post, with what the query matches highlighted.
pub fn post(p: &Post, lang: &str, query: Option<&Query>, snapshot: &Snapshot) -> PostView {
    let document = Document::from_post(p, lang);
    let ranges = query.map_or_else(Vec::new, |q| snapshot.highlights(q, &document));
    PostView {
        key: p.key.to_string(),
        source: p.platform.clone(),
        kind: p.kind.name().to_owned(),
        author: p.author.as_ref().map(|a| AuthorView {
            key: a.key.to_string(),
            handle: a.public_handle.clone(),
            name: a.public_name.clone(),
            followers: a.followers,
            verified: a.verified,
        }),
        created_at: p.created_at,
        seen_at: p.seen_at,
        edited_at: p.edited_at,
        title: p.title.clone(),
        text: p.text.clone(),
        highlights: ranges.into_iter().map(|r| [r.start, r.end]).collect(),
        lang: lang.to_owned(),
        hashtags: p.hashtags.clone(),
        urls: p.urls.clone(),
        community: p.community.clone(),
        likes: p.counts.likes,
        reposts: p.counts.reposts,
        replies: p.counts.replies,
    }
}

fn score(s: &Sentiment) -> SentimentScore {
    let [negative, neutral, positive] = s.probabilities;
    SentimentScore {
        label: s.label().name().to_owned(),
        negative,
        neutral,
        positive,
        model: s.model.clone(),
        is_toward: s.is_toward,
    }
}

fn class(c: &Class) -> ClassScore {
    ClassScore {
        task: c.task.clone(),
        label: c.label.clone(),
        probability: c.probability,
        model: c.model.clone(),
    }
}

fn entity(e: &Entity) -> EntityView {
    EntityView {
        name: e.name.clone(),
        kind: e.kind.clone(),
    }
}

fn aspect(a: &Aspect) -> AspectView {
    AspectView {
        term: a.term.clone(),
        sentiment: a.sentiment.map(|label| label.name().to_owned()),
    }
}
