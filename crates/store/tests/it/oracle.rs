//! The store said plainly: a list of mentions.

use crate::made::WORDS;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use post::{Counts, Millis, PostKey};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Breakdown, BreakdownItem, Change, Choice, Context, Dimension, Figures, Filter, Mention, Search, Sense,
    Sort,
};

#[derive(Clone, Default, Debug)]
pub struct Oracle {
    pub mentions: Vec<Mention>,
}

impl Oracle {
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Put { post, mentions } => {
                let known = self.known(*post);
                self.mentions.retain(|m| m.post.key != *post);
                self.mentions.extend(mentions.iter().cloned().map(|mut m| {
                    m.post.counts = renewed(known, m.post.counts);
                    m
                }));
            }
            Change::PutBackfill(mention) => {
                let mut mention = mention.clone();
                if self.mentions.iter().any(|m| m.post.key == mention.post.key) {
                    mention.post.counts = self.known(mention.post.key);
                }
                let primary = self.mentions.iter().any(|m| m.id == mention.id && m.primary);
                if !mention.is_context() {
                    let others = self
                        .mentions
                        .iter()
                        .filter(|m| m.post.key == mention.post.key && m.id != mention.id && !m.is_context());
                    mention.group = others.clone().find_map(|m| m.group).or(mention.group);
                    let mut here = others.filter(|m| m.project == mention.project);
                    mention.topic = here.find_map(|m| m.topic).or(mention.topic);
                }
                self.mentions.retain(|m| m.id != mention.id);
                self.mentions.push(Mention { primary, ..*mention });
            }
            Change::Delete(post) => self.mentions.retain(|m| m.post.key != *post),
            Change::DeleteAuthor(author) => {
                self.mentions
                    .retain(|m| m.post.author.as_ref().is_none_or(|a| a.key != *author));
            }
            Change::DropMonitor { monitor } => self.mentions.retain(|m| m.monitor != *monitor),
            Change::Engagement { post, counts } => {
                let counts = renewed(self.known(*post), *counts);
                for m in self.mentions.iter_mut().filter(|m| m.post.key == *post) {
                    m.post.counts = counts;
                }
            }
        }
        self.elect();
    }

    /// What is known of a post's counts.
    fn known(&self, post: PostKey) -> Counts {
        let all = self.mentions.iter().filter(|m| m.post.key == post);
        all.fold(Counts::default(), |known, m| renewed(known, m.post.counts))
    }

    /// Where a post has no primary mention in a project, the monitor first in order gives it.
    fn elect(&mut self) {
        let groups: BTreeSet<_> = self
            .mentions
            .iter()
            .map(|m| (m.project.clone(), m.post.key))
            .collect();
        for (project, key) in groups {
            let mut group: Vec<&mut Mention> = self
                .mentions
                .iter_mut()
                .filter(|m| m.project == project && m.post.key == key)
                .collect();
            if group.iter().any(|m| !m.is_context()) {
                group
                    .iter_mut()
                    .filter(|m| m.is_context())
                    .for_each(|m| m.primary = false);
            }
            if group.iter().all(|m| !m.primary) {
                group.sort_by(|a, b| (a.is_context(), &a.monitor).cmp(&(b.is_context(), &b.monitor)));
                group[0].primary = true;
            }
            assert_eq!(group.iter().filter(|m| m.primary).count(), 1);
        }
    }

    /// What passes a filter, newest first.
    pub fn select(&self, f: &Filter, posts: bool) -> Vec<&Mention> {
        let posts = posts && f.monitors.is_all();
        let mut found: Vec<&Mention> = self
            .mentions
            .iter()
            .filter(|m| (!posts || m.primary) && passes(m, f))
            .collect();
        found.sort_by_key(|m| std::cmp::Reverse((m.post.created_at, m.id)));
        found
    }

    /// What passes a filter, in another order.
    pub fn sorted(&self, f: &Filter, sort: Sort) -> Vec<&Mention> {
        let thousandths = |p: f32| (f64::from(p) * 1000.0).round() as i64;
        let scored = |m: &Mention, class: usize| {
            m.sentiment
                .as_ref()
                .map_or(-1, |s| thousandths(s.probabilities[class]))
        };
        let rank = |m: &Mention| match sort {
            Sort::Oldest => -m.post.created_at,
            Sort::Engagement => engagement(m) as i64,
            Sort::Audience => followers(m).map_or(-1, |n| n as i64),
            Sort::Negative => scored(m, 0),
            Sort::Positive => scored(m, 2),
            Sort::Relevance => panic!("no order of a mention alone"),
        };
        let mut found = self.select(f, true);
        found.sort_by_key(|m| std::cmp::Reverse((rank(m), m.post.created_at, m.id)));
        found
    }

    pub fn figures(&self, f: &Filter) -> Figures {
        let found = self.select(f, true);
        Figures {
            mentions: found.len() as u64,
            authors: distinct_authors(&found),
            authors_error: 0,
            engagement: found.iter().map(|m| engagement(m)).sum(),
            sentiment: labels(&found),
        }
    }

    /// Counts by line and by start of bucket.
    pub fn series(
        &self,
        f: &Filter,
        by: Option<Dimension>,
        interval: i64,
        offset: i64,
    ) -> BTreeMap<(String, Millis), u64> {
        let mut counts = BTreeMap::new();
        for m in self.select(f, by != Some(Dimension::Monitor)) {
            let at = (m.post.created_at + offset).div_euclid(interval) * interval - offset;
            for key in by.map_or(vec![String::new()], |by| values(m, by)) {
                *counts.entry((key, at)).or_default() += 1;
            }
        }
        counts
    }

    pub fn breakdown(&self, f: &Filter, by: Dimension, limit: usize) -> Breakdown {
        let found = self.select(f, by != Dimension::Monitor);
        let mut groups: BTreeMap<String, Vec<&Mention>> = BTreeMap::new();
        for m in &found {
            values(m, by)
                .into_iter()
                .for_each(|v| groups.entry(v).or_default().push(m));
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(key, list)| (std::cmp::Reverse(list.len()), key.clone()));
        groups.truncate(limit);
        let listed: BTreeSet<&String> = groups.iter().map(|(key, _)| key).collect();
        let is_other = |m: &&&Mention| {
            let values = values(m, by);
            !values.is_empty() && values.iter().all(|v| !listed.contains(v))
        };
        Breakdown {
            other: found.iter().filter(is_other).count() as u64,
            total: found.len() as u64,
            items: groups.into_iter().map(|(key, list)| item(key, &list)).collect(),
        }
    }
}

fn item(key: String, list: &[&Mention]) -> BreakdownItem {
    BreakdownItem {
        key,
        mentions: list.len() as u64,
        authors: distinct_authors(list),
        sentiment: labels(list),
    }
}

fn distinct_authors(list: &[&Mention]) -> u64 {
    list.iter()
        .filter_map(|m| m.post.author.as_ref().map(|a| a.key))
        .collect::<BTreeSet<_>>()
        .len() as u64
}

fn labels(list: &[&Mention]) -> [u64; 3] {
    let mut sums = [0; 3];
    list.iter()
        .filter_map(|m| m.sentiment.as_ref())
        .for_each(|s| sums[s.label() as usize] += 1);
    sums
}

/// The values of a mention in a dimension, each once.
pub fn values(m: &Mention, by: Dimension) -> Vec<String> {
    let set: BTreeSet<String> = match by {
        Dimension::Monitor => [m.monitor.clone()].into(),
        Dimension::Sentiment => m.sentiment.iter().map(|s| s.label().name().to_owned()).collect(),
        Dimension::Source => [m.post.platform.clone()].into(),
        Dimension::Lang => [m.lang.clone()].into(),
        Dimension::Emotion | Dimension::Intent => {
            let task = if by == Dimension::Emotion {
                "emotion"
            } else {
                "intent"
            };
            m.scores.class(task).iter().map(|c| c.label.clone()).collect()
        }
        Dimension::Class => {
            let others = |c: &&store::Class| c.task != "emotion" && c.task != "intent";
            let classes = m.scores.classes.iter().filter(others);
            classes.map(|c| format!("{}:{}", c.task, c.label)).collect()
        }
        Dimension::Entity => m.scores.entities.iter().map(|e| e.name.to_lowercase()).collect(),
        Dimension::Aspect => m.scores.aspects.iter().map(|a| a.term.clone()).collect(),
        Dimension::Country => m.post.country().iter().map(|c| (*c).to_owned()).collect(),
        Dimension::Media => match (m.post.media.is_empty(), m.post.urls.is_empty()) {
            (false, _) => ["image".to_owned()].into(),
            (true, false) => ["link".to_owned()].into(),
            (true, true) => ["none".to_owned()].into(),
        },
        Dimension::Link => {
            let links = m.post.urls.iter();
            links.map(|u| u["https://www.".len()..].to_owned()).collect()
        }
        Dimension::Model => m.sentiment.iter().map(|s| s.model.clone()).collect(),
        Dimension::Topic => m.topic.iter().map(ToString::to_string).collect(),
        Dimension::Copies => m.copy_of().iter().map(|g| format!("{g:016x}")).collect(),
        Dimension::Tag | Dimension::Category | Dimension::Status | Dimension::Assignee => [].into(),
        Dimension::Kind => [m.post.kind.name().to_owned()].into(),
        Dimension::Hashtag => m.post.hashtags.iter().map(|t| t.to_lowercase()).collect(),
        Dimension::Author => m.post.author.iter().map(|a| a.key.to_string()).collect(),
        Dimension::Site => {
            let hosts = m
                .post
                .urls
                .iter()
                .map(|u| u["https://www.".len()..].trim_end_matches("/a").to_owned());
            hosts.chain(m.post.community.clone()).collect()
        }
        Dimension::Term => {
            let text = format!("{} {}", m.post.title.as_deref().unwrap_or(""), m.post.text).to_lowercase();
            let words = text.split(|c: char| !c.is_alphanumeric());
            words
                .filter(|w| WORDS.contains(w) || ["recall", "launch", "été", "life"].contains(w))
                .map(str::to_owned)
                .collect()
        }
    };
    set.into_iter().collect()
}

fn passes(m: &Mention, f: &Filter) -> bool {
    let at = m.post.created_at;
    let context = match f.context {
        Context::Without => !m.is_context(),
        Context::With => true,
        Context::Only => m.is_context(),
    };
    context
        && f.project.as_ref().is_none_or(|p| *p == m.project)
        && f.from.is_none_or(|from| at >= from)
        && f.to.is_none_or(|to| at < to)
        && chosen(&f.hours, |hour| hour_of_week(at, &hour.zone) == hour.hour)
        && f.q.as_ref().is_none_or(|search| is_found(m, search))
        && chosen(&f.monitors, |v| *v == m.monitor)
        && chosen(&f.sources, |v| *v == m.post.platform)
        && chosen(&f.langs, |v| *v == m.lang)
        && chosen(&f.kinds, |v| *v == m.post.kind)
        && chosen(&f.sentiments, |v| {
            m.sentiment.as_ref().is_some_and(|s| s.label() == *v)
        })
        && chosen(&f.authors, |v| {
            m.post.author.as_ref().is_some_and(|a| a.key == *v)
        })
        && chosen(&f.hashtags, |v| {
            values(m, Dimension::Hashtag).contains(&v.to_lowercase())
        })
        && chosen(&f.sites, |v| {
            values(m, Dimension::Site).contains(&v.to_lowercase())
        })
        && chosen(&f.terms, |v| {
            values(m, Dimension::Term).contains(&v.to_lowercase())
        })
        && chosen(&f.emotions, |v| values(m, Dimension::Emotion).contains(v))
        && chosen(&f.intents, |v| values(m, Dimension::Intent).contains(v))
        && chosen(&f.classes, |v| values(m, Dimension::Class).contains(v))
        && chosen(&f.entities, |v| {
            values(m, Dimension::Entity).contains(&v.to_lowercase())
        })
        && chosen(&f.aspects, |v| values(m, Dimension::Aspect).contains(v))
        && chosen(&f.topics, |v| m.topic == Some(*v))
        && chosen(&f.copies, |v| m.group == Some(*v))
        && chosen(&f.countries, |v| values(m, Dimension::Country).contains(v))
        && chosen(&f.media, |v| {
            values(m, Dimension::Media).contains(&v.to_lowercase())
        })
        && chosen(&f.models, |v| values(m, Dimension::Model).contains(v))
        && chosen(&f.links, |v| {
            m.post
                .urls
                .iter()
                .any(|u| u.trim_start_matches("https://") == v.trim_start_matches("http://"))
        })
        && chosen(&f.related, |v| m.post.reply_to == Some(*v))
        && f.followers_from
            .is_none_or(|n| followers(m).is_some_and(|f| f >= n))
        && f.followers_to.is_none_or(|n| followers(m).is_some_and(|f| f < n))
        && f.engagement_from.is_none_or(|n| engagement(m) >= n)
        && f.engagement_to.is_none_or(|n| engagement(m) < n)
        && makes_sense(m, &f.sense)
}

/// By the calendar, not by arithmetic.
fn hour_of_week(at: Millis, zone: &TimeZone) -> u8 {
    let there = Timestamp::from_millisecond(at).unwrap().to_zoned(zone.clone());
    there.weekday().to_monday_zero_offset() as u8 * 24 + there.hour() as u8
}

fn makes_sense(m: &Mention, sense: &Sense) -> bool {
    let irrelevant = m
        .scores
        .class("relevance")
        .is_some_and(|c| c.label == "irrelevant");
    match sense {
        Sense::All => true,
        Sense::Without => !irrelevant,
        Sense::Only => irrelevant,
        Sense::WithoutOf(monitors) => !(irrelevant && monitors.contains(&m.monitor)),
    }
}

/// Counts with newer ones.
pub fn renewed(old: Counts, new: Counts) -> Counts {
    Counts {
        likes: new.likes.or(old.likes),
        reposts: new.reposts.or(old.reposts),
        replies: new.replies.or(old.replies),
        quotes: new.quotes.or(old.quotes),
        views: new.views.or(old.views),
    }
}

/// Views are no engagement.
pub fn engagement(m: &Mention) -> u64 {
    let c = &m.post.counts;
    [c.likes, c.reposts, c.replies, c.quotes]
        .into_iter()
        .flatten()
        .sum()
}

pub fn followers(m: &Mention) -> Option<u64> {
    m.post.author.as_ref().and_then(|a| a.followers)
}

fn is_found(m: &Mention, search: &Search) -> bool {
    let document = query::Document::from_post(&m.post, &m.lang);
    let pseudonyms = search.pseudonyms.as_deref().map(|f| f as &dyn Fn(&str) -> String);
    query::naive::matches(search.query.ast(), &document, pseudonyms)
}

fn chosen<T>(choice: &Choice<T>, is: impl Fn(&T) -> bool) -> bool {
    (choice.include.is_empty() || choice.include.iter().any(&is)) && !choice.exclude.iter().any(&is)
}
