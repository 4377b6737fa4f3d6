//! Who is answered, repeated and quoted by others.

use super::Ground;
use crate::analytics::Value;
use crate::api::Failure;
use crate::api::types::{AuthorView, FilterParams};
use crate::detect::head;
use post::profile::{self, PerPerson};
use post::{AuthorKey, Kind, PostKey};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Choice, Context, Filter, Mention};
use trends::insight::{DAMPING, Link, Received, received};
use trends::tails::poisson;
use utoipa::ToSchema;

/// Replies, reposts and quotes looked at, the newest.
const LOOKED_AT: usize = 20_000;
const PAGE: usize = 500;
/// People of whom it is looked up how much of what they say is about this, and shown.
const WEIGHED: usize = 60;
const SHOWN: usize = 20;

/// Who is listened to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct InfluencersOf {
    /// Replies, reposts and quotes that were looked at.
    pub(crate) looked_at: u64,
    /// Whether there were more: the newest were taken.
    pub(crate) sampled: bool,
    /// Of those, how many answer, repeat or quote a post under the filter by somebody else.
    pub(crate) links: u64,
    /// How many belong to a post that is not held: whose it is, is not known.
    pub(crate) unheld: u64,
    /// People who received something.
    pub(crate) people: u64,
    /// The share of attention that follows links, of the rank.
    pub(crate) damping: f64,
    /// Platforms of which no figures of single people are told, as their policy says; their people are left out.
    pub(crate) left_out: Vec<String>,
    /// The people, the highest weight first.
    pub(crate) influencers: Vec<Influencer>,
    /// The probabilities of those not listed, as from their strength.
    #[serde(skip)]
    pub(crate) others: Vec<f64>,
}

/// Somebody who is listened to. There is no score: the order is that of rank × topical share.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Influencer {
    /// Who: a pseudonym, and names of accounts that act in public alone.
    pub(crate) author: AuthorView,
    /// The platform.
    pub(crate) source: String,
    /// Other people who answered, repeated or quoted them.
    pub(crate) people: u32,
    /// The share of all who received something that received it from fewer people, half of the equals included.
    pub(crate) people_percentile: f64,
    /// How often: each other person once for each post.
    pub(crate) times: u32,
    /// Their posts that were answered, repeated or quoted.
    pub(crate) posts: u32,
    /// PageRank over who answers, repeats and quotes whom.
    pub(crate) rank: f64,
    /// The share of all who received something that have a lower rank, half of the equals included.
    pub(crate) rank_percentile: f64,
    /// Of their posts held in this project and period, how many are under the filter; below 30 without an interval.
    pub(crate) topical: Value,
    /// −log10 of the probability to hear from so many people, were all who received something listened to alike.
    pub(crate) strength: f64,
    /// The filter of their posts.
    pub(crate) evidence: FilterParams,
}

/// An author of whom something was answered.
struct Known {
    key: AuthorKey,
    view: AuthorView,
    source: String,
}

/// Who is listened to in posts under the filter, by all answers, reposts and quotes that are held in the project.
pub(crate) fn influencers_of(g: &Ground<'_>) -> Result<InfluencersOf, Failure> {
    let mut gathered = Gathered::default();
    gather(g, &mut gathered)?;
    let Gathered {
        links,
        looked_at,
        sampled,
        unheld,
        known,
        left_out,
        ..
    } = gathered;
    let all = received(&links);
    let heard: Vec<&Received> = all.iter().filter(|r| r.people > 0).collect();
    let percentile =
        |below: usize, equal: usize| (below as f64 + equal as f64 / 2.0) / heard.len().max(1) as f64;
    let mean = heard.iter().map(|r| f64::from(r.people)).sum::<f64>() / heard.len().max(1) as f64;
    let mut chosen = heard.clone();
    chosen.sort_by(|a, b| b.rank.total_cmp(&a.rank).then_with(|| a.author.cmp(&b.author)));
    let mut influencers = Vec::new();
    for one in chosen.into_iter().take(WEIGHED) {
        let Some(who) = known.get(&one.author) else {
            continue;
        };
        let by_people = heard.iter().filter(|r| r.people < one.people).count();
        let as_many = heard.iter().filter(|r| r.people == one.people).count();
        let by_rank = heard.iter().filter(|r| r.rank < one.rank).count();
        let as_high = heard.iter().filter(|r| (r.rank - one.rank).abs() < 1e-12).count();
        influencers.push(Influencer {
            author: who.view.clone(),
            source: who.source.clone(),
            people: one.people,
            people_percentile: percentile(by_people, as_many),
            times: one.times,
            posts: one.posts,
            rank: one.rank,
            rank_percentile: percentile(by_rank, as_high),
            topical: topical(g, who.key)?,
            strength: poisson(f64::from(one.people), mean),
            evidence: g.evidence(|f| f.author = Some(who.key.to_string())),
        });
    }
    let weight = |i: &Influencer| i.rank * i.topical.value.unwrap_or(0.0);
    influencers.sort_by(|a, b| {
        weight(b)
            .total_cmp(&weight(a))
            .then_with(|| b.people.cmp(&a.people))
    });
    influencers.truncate(SHOWN);
    let shown: BTreeSet<&str> = influencers.iter().map(|i| i.author.key.as_str()).collect();
    let is_shown = |r: &Received| {
        known
            .get(&r.author)
            .is_some_and(|k| shown.contains(k.view.key.as_str()))
    };
    let others = heard.iter().filter(|r| !is_shown(r));
    let others = others
        .map(|r| 10f64.powf(-poisson(f64::from(r.people), mean)))
        .collect();
    Ok(InfluencersOf {
        looked_at,
        sampled,
        links: links.len() as u64,
        unheld,
        people: heard.len() as u64,
        damping: DAMPING,
        left_out: left_out.into_iter().collect(),
        others,
        influencers,
    })
}

#[derive(Default)]
struct Gathered {
    links: Vec<Link>,
    looked_at: u64,
    sampled: bool,
    unheld: u64,
    known: HashMap<u64, Known>,
    left_out: BTreeSet<String>,
    /// Whose each post is, where it is held; `None` inside where it is not under the filter.
    posts: BTreeMap<PostKey, Option<u64>>,
    missing: BTreeSet<PostKey>,
}

fn gather(g: &Ground<'_>, to: &mut Gathered) -> Result<(), Failure> {
    let answers = Filter {
        project: Some(g.project.clone()),
        kinds: Choice::only([Kind::Reply, Kind::Repost, Kind::Quote, Kind::Comment]),
        from: Some(g.from),
        to: Some(g.to),
        context: Context::With,
        upto: g.filter.upto,
        marks: g.filter.marks.clone(),
        ..Filter::default()
    };
    let mut cursor = None;
    loop {
        let page = g.snapshot.mentions(&answers, cursor, PAGE)?;
        for answer in &page.items {
            let Some(author) = &answer.post.author else {
                continue;
            };
            let from = number(author.key);
            let p = &answer.post;
            for object in [p.reply_to, p.repost_of, p.quote_of].into_iter().flatten() {
                match of_post(g, to, object)? {
                    Whose::Unheld => to.unheld += 1,
                    Whose::Other => {}
                    Whose::Author(author) => to.links.push(Link {
                        from,
                        to: author,
                        object: head(object.0),
                    }),
                }
            }
        }
        to.looked_at += page.items.len() as u64;
        cursor = page.next;
        if cursor.is_none() || to.looked_at >= LOOKED_AT as u64 {
            break;
        }
    }
    to.sampled = cursor.is_some();
    // One post may be two mentions of the project.
    to.links.sort_unstable();
    to.links.dedup();
    to.links.retain(|l| l.from != l.to);
    Ok(())
}

enum Whose {
    /// The post is not held.
    Unheld,
    /// It is not under the filter, or its author is not to be told of.
    Other,
    Author(u64),
}

fn of_post(g: &Ground<'_>, to: &mut Gathered, object: PostKey) -> Result<Whose, Failure> {
    if to.missing.contains(&object) {
        return Ok(Whose::Unheld);
    }
    if let Some(known) = to.posts.get(&object) {
        return Ok(known.map_or(Whose::Other, Whose::Author));
    }
    let mentions = g.snapshot.of_post(object)?;
    let mut of_project = mentions.iter().filter(|m| m.project == g.project).peekable();
    if of_project.peek().is_none() {
        to.missing.insert(object);
        return Ok(Whose::Unheld);
    }
    let about = of_project.find(|m| is_about(&g.filter, m));
    let author = about.and_then(|m| Some((m, m.post.author.as_ref()?)));
    let author = match author {
        None => None,
        Some((m, _)) if profile::of(&m.post.platform).per_person.value == PerPerson::Forbidden => {
            to.left_out.insert(m.post.platform.clone());
            None
        }
        Some((m, author)) => {
            let number = number(author.key);
            to.known.entry(number).or_insert_with(|| Known {
                key: author.key,
                view: AuthorView {
                    key: author.key.to_string(),
                    handle: author.public_handle.clone(),
                    name: author.public_name.clone(),
                    followers: author.followers,
                    verified: author.verified,
                },
                source: m.post.platform.clone(),
            });
            Some(number)
        }
    };
    to.posts.insert(object, author);
    Ok(author.map_or(Whose::Other, Whose::Author))
}

/// Whether a mention belongs to the monitors, platforms and languages asked for. Context belongs to none.
fn is_about(filter: &Filter, m: &Mention) -> bool {
    fn passes(choice: &Choice<String>, value: &String) -> bool {
        (choice.include.is_empty() || choice.include.contains(value)) && !choice.exclude.contains(value)
    }
    !m.is_context()
        && passes(&filter.monitors, &m.monitor)
        && passes(&filter.sources, &m.post.platform)
        && passes(&filter.langs, &m.lang)
}

/// Of the author's posts held in the project and period, those under the filter.
fn topical(g: &Ground<'_>, author: AuthorKey) -> Result<Value, Failure> {
    let of = |filter: &Filter| {
        let theirs = Filter {
            authors: Choice::only([author]),
            ..filter.clone()
        };
        g.snapshot.count(&theirs)
    };
    let everything = Filter {
        project: Some(g.project.clone()),
        from: Some(g.from),
        to: Some(g.to),
        upto: g.filter.upto,
        ..Filter::default()
    };
    let (about, all) = (of(&g.filter)?.max(1), of(&everything)?.max(1));
    let (about, all) = (about.min(all), all);
    let share = Value::share(about, all);
    Ok(match share.value {
        Some(_) => share,
        None => super::plain(Some(about as f64 / all as f64), all),
    })
}

fn number(key: AuthorKey) -> u64 {
    head(key.0)
}
