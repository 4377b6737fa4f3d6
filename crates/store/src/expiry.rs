//! What is past its time, said once for both back ends: text first, then what leads to a person, then the mention itself.
//!
//! A mention's stage follows from its content, so a second pass over the same finds nothing to do.

use crate::{Mention, Scores};
use post::{Author, Counts, Millis, Post, PostKey};

/// Whole partitions are compared by the hour their posts were received in.
pub(crate) const HOUR: Millis = 3_600_000;

/// What a mention still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// All of it.
    Text,
    /// No text, headline, links, tags or media any more.
    Features,
    /// Nothing that leads to a person any more: that something was said, when, where, in which language, how scored.
    Aggregates,
}

impl Stage {
    pub(crate) const ALL: [Stage; 3] = [Stage::Text, Stage::Features, Stage::Aggregates];

    /// The stage of a post.
    pub fn of(post: &Post) -> Self {
        let silent = post.text.is_empty()
            && post.title.is_none()
            && post.content_warning.is_none()
            && post.quoted_text.is_none()
            && post.hashtags.is_empty()
            && post.mentions.is_empty()
            && post.urls.is_empty()
            && post.media.is_empty();
        let nobody = post.author.is_none()
            && [post.reply_to, post.thread_root, post.repost_of, post.quote_of] == [None; 4]
            && post.counts == Counts::default();
        match (silent, nobody) {
            (false, _) => Stage::Text,
            (true, false) => Stage::Features,
            (true, true) => Stage::Aggregates,
        }
    }

    /// Its name in stored forms.
    pub(crate) fn letter(self) -> char {
        match self {
            Stage::Text => 't',
            Stage::Features => 'f',
            Stage::Aggregates => 'a',
        }
    }
}

/// Limits of one platform's mentions in one project. What was received before a limit is past it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The platform.
    pub platform: String,
    /// The project.
    pub project: String,
    /// Text goes.
    pub text: Option<Millis>,
    /// What leads to a person goes, and text with it.
    pub features: Option<Millis>,
    /// The mention goes.
    pub aggregates: Option<Millis>,
}

impl Due {
    /// What of this stage was received before it has something to lose.
    pub(crate) fn of(&self, stage: Stage) -> Option<Millis> {
        match stage {
            Stage::Text => [self.text, self.features, self.aggregates]
                .into_iter()
                .flatten()
                .max(),
            Stage::Features => self.features.max(self.aggregates),
            Stage::Aggregates => self.aggregates,
        }
    }

    /// What is left of a mention; `None` where it goes.
    pub(crate) fn apply(&self, mention: Mention) -> Option<Mention> {
        let past = |limit: Option<Millis>| limit.is_some_and(|limit| mention.post.seen_at < limit);
        let left = match () {
            () if past(self.aggregates) => return None,
            () if past(self.features) => Stage::Aggregates,
            () if past(self.text) => Stage::Features,
            () => Stage::Text,
        };
        Some(Mention {
            post: reduced(mention.post, left),
            scores: scores(mention.scores, left),
            ..mention
        })
    }

    /// Whether these are the limits of a mention.
    pub(crate) fn is_about(&self, mention: &Mention) -> bool {
        mention.project == self.project && mention.post.platform == self.platform
    }
}

/// What a pass took away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expired {
    /// Mentions whose text went and who are still there.
    pub texts: u64,
    /// Mentions that lost what led to a person and are still there.
    pub features: u64,
    /// Mentions that went.
    pub mentions: u64,
    /// Partitions whose folder went as a whole.
    pub folders: usize,
    /// Posts of which no mention leads to a person any more.
    pub posts: Vec<PostKey>,
}

/// Applies the limits to all mentions of a post, notes what went, and gives what is left.
pub(crate) fn expired(post: PostKey, mentions: Vec<Mention>, due: &[Due], out: &mut Expired) -> Vec<Mention> {
    let mut left = Vec::new();
    for mention in mentions {
        let before = Stage::of(&mention.post);
        let after = match due.iter().find(|d| d.is_about(&mention)) {
            Some(due) => due.apply(mention),
            None => Some(mention),
        };
        match after.as_ref().map(|m| Stage::of(&m.post)) {
            None => out.mentions += 1,
            Some(Stage::Aggregates) if before < Stage::Aggregates => out.features += 1,
            Some(Stage::Features) if before < Stage::Features => out.texts += 1,
            Some(_) => {}
        }
        left.extend(after);
    }
    if left.iter().all(|m| Stage::of(&m.post) == Stage::Aggregates) {
        out.posts.push(post);
    }
    left
}

/// A post as a stage leaves it. Every field is named here, so that a new one is decided about.
fn reduced(post: Post, stage: Stage) -> Post {
    if stage == Stage::Text {
        return post;
    }
    let Post {
        key,
        platform,
        event,
        kind,
        created_at,
        seen_at,
        edited_at,
        author,
        title: _,
        text: _,
        content_warning: _,
        lang_claimed,
        lang,
        community,
        reply_to,
        thread_root,
        repost_of,
        quote_of,
        hashtags: _,
        mentions: _,
        urls: _,
        media: _,
        counts,
        place,
        utc_offset,
        quoted_text: _,
        sensitive,
        indexable,
    } = post;
    let features = stage == Stage::Features;
    Post {
        key,
        platform,
        event,
        kind,
        created_at,
        seen_at,
        edited_at,
        author: author.filter(|_| features).map(|a| Author {
            public_handle: None,
            public_name: None,
            ..a
        }),
        title: None,
        text: String::new(),
        content_warning: None,
        lang_claimed,
        lang,
        community,
        reply_to: reply_to.filter(|_| features),
        thread_root: thread_root.filter(|_| features),
        repost_of: repost_of.filter(|_| features),
        quote_of: quote_of.filter(|_| features),
        hashtags: Vec::new(),
        mentions: Vec::new(),
        urls: Vec::new(),
        media: Vec::new(),
        counts: if features { counts } else { Counts::default() },
        place,
        utc_offset,
        quoted_text: None,
        sensitive,
        indexable,
    }
}

/// Scores as a stage leaves them: words of the text go with the text. Every field is named, as above.
fn scores(scores: Scores, stage: Stage) -> Scores {
    if stage == Stage::Text {
        return scores;
    }
    let Scores {
        post,
        classes,
        entities: _,
        aspects: _,
    } = scores;
    Scores {
        post,
        classes,
        entities: Vec::new(),
        aspects: Vec::new(),
    }
}
