//! The mentions of a peak, and those of the same hours before it.

use super::Window;
use crate::detect::finding::Finding;
use crate::detect::group_name;
use crate::detect::read::{self, head, text};
use crate::detect::{BIN, DAY};
use crate::pipeline::Engine;
use std::collections::BTreeMap;
use store::{Choice, Filter, Label, Mention, Sentiment, Snapshot, mention_number};
use trends::copies::{self, Copies};
use trends::explain::Item;
use trends::hash::{self, KeyMap};
use trends::terms::Terms;
use trends::topics::{self, Topics};

/// Mentions read of the peak, and of what is before it; of more, a sample that is even in time.
const MOST: u64 = 8_000;
/// Pieces of time that a sample is taken from.
const PIECES: i64 = 50;
/// Weeks, and where there is no whole one, days looked back.
const WEEKS: i64 = 4;
const DAYS: i64 = 7;

/// What an explanation is made of.
pub(super) struct Gathered {
    mentions: Vec<Read>,
    /// So many of them lie before the peak.
    pub(super) before: usize,
    /// Windows before the peak.
    pub(super) windows: usize,
    /// What they are, in words.
    pub(super) compared: String,
    /// The share of mentions that was read.
    pub(super) sampled: f64,
    /// What the keys of the parts mean.
    pub(super) names: KeyMap<u64, String>,
    /// How topics and groups of copies are called elsewhere, by these keys.
    pub(super) ids: KeyMap<u64, String>,
}

/// A mention with what it was found to belong to.
struct Read {
    mention: Mention,
    text: String,
    group: u64,
    topic: u64,
}

impl Gathered {
    pub(super) fn of(engine: &Engine, snapshot: &Snapshot, finding: &Finding) -> Result<Self, store::Error> {
        let peak = Window {
            from: finding.from,
            until: finding.until.max(finding.from + BIN * 1000),
        };
        let filter = |w: Window| {
            let mut filter = read::filter(
                &finding.project,
                engine.accounts.of(&finding.project),
                w.from,
                w.until,
            );
            filter.monitors = finding
                .monitor
                .iter()
                .fold(Choice::default(), |_, m| Choice::only([m.clone()]));
            filter
        };
        let oldest = snapshot.extent(&filter(Window {
            from: peak.from - WEEKS * 7 * DAY * 1000,
            ..peak
        }))?;
        let (windows, compared) = windows(peak, oldest.map_or(peak.from, |(oldest, _)| oldest));
        let filters: Vec<Filter> = windows.iter().map(|w| filter(*w)).collect();
        let inside = snapshot.count(&filter(peak))?;
        let mut outside = 0;
        for filter in &filters {
            outside += snapshot.count(filter)?;
        }
        let sampled = (MOST as f64 / inside.max(outside).max(1) as f64).min(1.0);
        let mut mentions = Vec::new();
        for filter in filters.iter().rev() {
            mentions.extend(sample(snapshot, filter, sampled)?);
        }
        let before = mentions.len();
        mentions.extend(sample(snapshot, &filter(peak), sampled)?);
        // Topics may have been merged since.
        let topics: Vec<u64> = mentions.iter().filter_map(|m| m.topic).collect();
        let now = engine.placer.resolve(&finding.project, &topics);
        let placed = mentions.iter_mut().filter_map(|m| m.topic.as_mut());
        placed.zip(now).for_each(|(topic, now)| *topic = now);
        Ok(Self::placed(
            mentions,
            before,
            windows.len().max(1),
            compared,
            sampled,
        ))
    }

    pub(super) fn placed(
        mentions: Vec<Mention>,
        before: usize,
        windows: usize,
        compared: String,
        sampled: f64,
    ) -> Self {
        let known = mentions.iter().all(|m| m.group.is_some());
        let mut places = Places::new(mentions.len(), known);
        let mentions: Vec<Read> = mentions
            .into_iter()
            .map(|mention| {
                let text = text(&mention).into_owned();
                let (group, topic) = places.place(&mention, &text);
                Read {
                    mention,
                    text,
                    group,
                    topic,
                }
            })
            .collect();
        let mut gathered = Self {
            mentions,
            before,
            windows,
            compared,
            sampled,
            names: KeyMap::default(),
            ids: KeyMap::default(),
        };
        gathered.name(&places);
        gathered
    }

    /// The mentions as an explanation sees them: those before the peak first.
    pub(super) fn items(&self) -> Vec<Item<'_>> {
        self.mentions.iter().map(Read::item).collect()
    }

    /// The text of a mention that was read.
    pub(super) fn text_of(&self, number: u64) -> Option<&str> {
        let found = self
            .mentions
            .iter()
            .find(|r| mention_number(r.mention.id) == number);
        found.map(|r| &*r.text)
    }

    fn name(&mut self, places: &Places) {
        let mut names = KeyMap::default();
        let mut sizes: BTreeMap<u64, u32> = BTreeMap::new();
        for read in &self.mentions {
            *sizes.entry(read.group).or_default() += 1;
        }
        for read in &self.mentions {
            let (post, item) = (&read.mention.post, read.item());
            names
                .entry(item.platform)
                .or_insert_with(|| post.platform.clone());
            names
                .entry(item.tier)
                .or_insert_with(|| tier(&read.mention).to_owned());
            names
                .entry(item.language)
                .or_insert_with(|| read.mention.lang.clone());
            names
                .entry(item.place)
                .or_insert_with(|| post.country().unwrap_or("unknown").to_owned());
            if sizes.get(&read.group).is_some_and(|n| *n > 1) {
                names.entry(item.group).or_insert_with(|| short(&read.text));
            }
            names
                .entry(item.topic)
                .or_insert_with(|| places.topic(read.topic));
        }
        self.names = names;
        if places.known {
            let mut ids = KeyMap::default();
            for read in &self.mentions {
                let item = read.item();
                ids.insert(item.group, group_name(read.group));
                if read.topic != 0 {
                    ids.insert(item.topic, read.topic.to_string());
                }
            }
            self.ids = ids;
        }
    }
}

impl Read {
    fn item(&self) -> Item<'_> {
        let (mention, post) = (&self.mention, &self.mention.post);
        let key = mention_number(mention.id);
        let of = |what: &str, value: &str| hash::pair(hash::text(what), hash::text(value));
        Item {
            key,
            author: post.author.as_ref().map_or(key, |a| head(a.key.0)),
            at: post.created_at.div_euclid(1000),
            platform: of("platform", &post.platform),
            tier: of("tier", tier(mention)),
            group: self.group,
            topic: hash::pair(hash::text("topic"), self.topic),
            language: of("language", &mention.lang),
            place: of("place", post.country().unwrap_or("unknown")),
            repost_of: post.repost_of.map(|of| head(of.0)),
            sentiment: mention.sentiment.as_ref().map(Sentiment::label).map(|l| match l {
                Label::Negative => 0,
                Label::Neutral => 1,
                Label::Positive => 2,
            }),
            text: &self.text,
        }
    }
}

/// How far an author reaches.
fn tier(mention: &Mention) -> &'static str {
    match mention.post.author.as_ref().and_then(|a| a.followers) {
        None => "followers unknown",
        Some(0..1_000) => "under 1,000 followers",
        Some(1_000..10_000) => "1,000 to 10,000 followers",
        Some(10_000..100_000) => "10,000 to 100,000 followers",
        Some(_) => "100,000 followers or more",
    }
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Copies and topics of the mentions of a window: those they were given when they were stored, or, where some were stored
/// before that was done, found within the window. A topic is told by the words that it has in this window.
struct Places {
    known: bool,
    copies: Copies,
    topics: Topics,
    terms: Terms,
}

impl Places {
    fn new(mentions: usize, known: bool) -> Self {
        let copies = copies::Config {
            texts: mentions.clamp(1_000, 1 << 20),
            near: 40 * DAY,
            exact: 40 * DAY,
            ..copies::Config::default()
        };
        Self {
            known,
            copies: Copies::new(copies),
            topics: Topics::new(topics::Config::default()),
            terms: Terms::new(),
        }
    }

    /// The copies and the topic that a mention belongs to; topic 0 where it has no words.
    fn place(&mut self, mention: &Mention, text: &str) -> (u64, u64) {
        self.terms.read(text);
        if let (true, Some(group)) = (self.known, mention.group) {
            if let Some(topic) = mention.topic {
                let number = mention_number(mention.id);
                self.topics.restore(number, Some(group), &self.terms, topic);
            }
            return (group, mention.topic.unwrap_or(0));
        }
        let post = &mention.post;
        let key = head(post.key.0);
        let placed = self.copies.place(&copies::Post {
            key,
            author: post.author.as_ref().map_or(key, |a| head(a.key.0)),
            platform: 0,
            at: post.created_at.div_euclid(1000),
            repost_of: post.repost_of.map(|of| head(of.0)),
            text,
        });
        let topic = self
            .topics
            .assign(mention_number(mention.id), Some(placed.group), &self.terms);
        (placed.group, topic.unwrap_or(0))
    }

    fn topic(&self, id: u64) -> String {
        let summary = self.topics.summary(id);
        let words = summary.map(|s| s.terms.into_iter().take(4).map(|(w, _)| w).collect::<Vec<_>>());
        words
            .filter(|w| !w.is_empty())
            .map_or_else(|| "other".to_owned(), |w| w.join(", "))
    }
}

/// The windows that a peak is held against: the same hours of earlier weeks, else of earlier days, else the time before.
fn windows(peak: Window, oldest: i64) -> (Vec<Window>, String) {
    let back = |seconds: i64| Window {
        from: peak.from - seconds * 1000,
        until: peak.until - seconds * 1000,
    };
    let known = |w: &Window| w.from >= oldest;
    let length = (peak.until - peak.from) / 1000;
    let days = length.div_euclid(DAY) + 1;
    let weekly: Vec<Window> = (1..=WEEKS).map(|n| back(n * 7 * DAY)).filter(known).collect();
    if !weekly.is_empty() && length <= 7 * DAY {
        let text = format!(
            "the same hours of {} earlier week{}",
            weekly.len(),
            plural(weekly.len())
        );
        return (weekly, text);
    }
    let daily: Vec<Window> = (1..=DAYS).map(|n| back(n * days * DAY)).filter(known).collect();
    if !daily.is_empty() {
        let text = format!(
            "the same hours of {} earlier day{}",
            daily.len(),
            plural(daily.len())
        );
        return (daily, text);
    }
    let last: Vec<Window> = (1..=DAYS).map(|n| back(n * length)).filter(known).collect();
    let text = match last.len() {
        0 => "nothing: there is no earlier time to hold it against".to_owned(),
        n => format!(
            "{n} stretch{} of the same length just before",
            if n == 1 { "" } else { "es" }
        ),
    };
    (last, text)
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// A share of the mentions that pass, even in time, the oldest first.
fn sample(snapshot: &Snapshot, filter: &Filter, share: f64) -> Result<Vec<Mention>, store::Error> {
    if share >= 1.0 {
        return read::mentions(snapshot, filter);
    }
    let (from, to) = (filter.from.unwrap_or(0), filter.to.unwrap_or(0));
    let mut all = Vec::new();
    for piece in 0..PIECES {
        let border = |n: i64| from + (to - from) * n / PIECES;
        let piece = Filter {
            from: Some(border(piece)),
            to: Some(border(piece + 1)),
            ..filter.clone()
        };
        let wanted = (snapshot.count(&piece)? as f64 * share).round() as usize;
        if wanted > 0 {
            let mut items = snapshot.mentions(&piece, None, wanted)?.items;
            items.reverse();
            all.extend(items);
        }
    }
    Ok(all)
}
