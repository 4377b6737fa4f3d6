//! Automation in one project: accounts whose posting is like a machine's, with reasons, never a verdict.

use super::read::{head, text};
use super::{BIN, DAY};
use crate::policy::Gate;
use post::AuthorKey;
use post::profile::Task;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Mention;
use trends::automation::{Account, Post, Profile, Reason, Verdict};
use trends::copies::{Normal, site_and_path};
use trends::hash::{self, KeyMap};
use utoipa::ToSchema;

/// Accounts remembered.
const ACCOUNTS: usize = 20_000;
/// Texts remembered, and again as many.
const TEXTS: usize = 60_000;
/// An account that was not heard of for so long is forgotten.
const FORGOTTEN: i64 = 30 * DAY;

/// The state.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Machines {
    accounts: BTreeMap<u64, Machine>,
    /// Who said a text first.
    texts: KeyMap<u64, u64>,
    before: KeyMap<u64, u64>,
    forgot: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Machine {
    key: AuthorKey,
    platform: String,
    handle: Option<String>,
    declared: bool,
    posts: u32,
    last: i64,
    account: Account,
}

/// A reason with the log-odds it adds.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct MachineReason {
    /// `declared`, `rate`, `burst`, `regular`, `no_sleep`, `copies_itself`, `copies_others`, `one_site`, `hashtags`,
    /// `mentions` or `profile`.
    pub(crate) reason: &'static str,
    /// Log-odds that it adds.
    pub(crate) weight: f64,
}

/// An account and what can be said of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Automated {
    pub(crate) key: AuthorKey,
    pub(crate) platform: String,
    pub(crate) handle: Option<String>,
    pub(crate) posts: u32,
    /// Value, its interval, and when it expires, Unix seconds; `None` where there is too little evidence.
    pub(crate) score: Option<(f64, f64, f64, i64)>,
    pub(crate) reasons: Vec<MachineReason>,
}

/// From this score on an account counts as likely automated, where its interval lies above a third.
const LIKELY: f64 = 0.5;
const SURELY: f64 = 1.0 / 3.0;

impl Automated {
    /// Whether it counts as likely automated.
    pub(crate) fn is_likely(&self) -> bool {
        self.score
            .is_some_and(|(value, low, _, _)| value >= LIKELY && low >= SURELY)
    }
}

impl Machines {
    /// Takes in a mention that stands for its post.
    pub(super) fn observe(&mut self, mention: &Mention, gate: &Gate, normal: &mut Normal) {
        let post = &mention.post;
        let Some(author) = post.author.as_ref().filter(|_| post.indexable != Some(false)) else {
            return;
        };
        if !gate.allows(Task::Spam, &post.platform) {
            return;
        }
        let who = head(author.key.0);
        let at = post.created_at.div_euclid(1000);
        let (copies_self, copies_other) = match post.repost_of {
            Some(_) => (false, false),
            None => self.copies(who, mention, normal),
        };
        let few = |n: usize| n.min(255) as u8;
        let seen = Post {
            at,
            copies_self,
            copies_other,
            repost: post.repost_of.is_some(),
            links: few(post.urls.len()),
            site: post.urls.first().map_or(0, |url| {
                let link = site_and_path(url);
                hash::text(link.split('/').next().unwrap_or_default())
            }),
            mentions: few(post.mentions.len()),
            hashtags: few(post.hashtags.len()),
        };
        let machine = self.accounts.entry(who).or_insert_with(|| Machine {
            key: author.key,
            platform: post.platform.clone(),
            handle: None,
            declared: false,
            posts: 0,
            last: at,
            account: Account::new(),
        });
        machine.handle.clone_from(&author.public_handle);
        machine.declared |= author.bot == Some(true);
        machine.posts = machine.posts.saturating_add(1);
        machine.last = machine.last.max(at);
        machine.account.observe(&seen);
    }

    /// Whether a text of some words was said before by the same account, or by another first.
    fn copies(&mut self, who: u64, mention: &Mention, normal: &mut Normal) -> (bool, bool) {
        let text = text(mention);
        if text.split_whitespace().nth(3).is_none() {
            return (false, false);
        }
        normal.read(&text);
        let Some(said) = normal.hash() else {
            return (false, false);
        };
        if self.texts.len() >= TEXTS {
            self.before = std::mem::take(&mut self.texts);
        }
        let first = self.texts.get(&said).or_else(|| self.before.get(&said)).copied();
        self.texts.insert(said, first.unwrap_or(who));
        (first == Some(who), first.is_some_and(|f| f != who))
    }

    /// Forgets who was not heard of for long, and those with the fewest posts where there are too many.
    pub(super) fn tick(&mut self, at: i64) {
        if at < self.forgot + 12 * BIN && self.accounts.len() <= ACCOUNTS + ACCOUNTS / 4 {
            return;
        }
        self.forgot = at;
        self.accounts.retain(|_, m| m.last > at - FORGOTTEN);
        if self.accounts.len() <= ACCOUNTS {
            return;
        }
        let mut worth: Vec<(u32, i64, u64)> =
            self.accounts.iter().map(|(k, m)| (m.posts, m.last, *k)).collect();
        worth.sort_unstable();
        for (_, _, key) in worth.iter().take(self.accounts.len() - ACCOUNTS) {
            self.accounts.remove(key);
        }
    }

    /// Forgets accounts that have no mention any more: deleted, erased, or too old to be kept.
    pub(super) fn forget(&mut self, gone: &dyn Fn(AuthorKey) -> bool) {
        self.accounts.retain(|_, m| !gone(m.key));
    }

    /// Every account at `now`, as far as the platforms' policies allow it still, the highest scores first.
    pub(super) fn list(&self, gate: &Gate, now: i64) -> Vec<Automated> {
        let allowed = |m: &&Machine| gate.allows(Task::Spam, &m.platform);
        let mut all: Vec<Automated> = self
            .accounts
            .values()
            .filter(allowed)
            .map(|m| m.judge(now))
            .collect();
        let value = |a: &Automated| a.score.map_or(-1.0, |s| s.0);
        all.sort_by(|a, b| value(b).total_cmp(&value(a)).then_with(|| b.posts.cmp(&a.posts)));
        all
    }
}

impl Machine {
    fn judge(&self, now: i64) -> Automated {
        let profile = Profile {
            declared: self.declared,
            ..Profile::default()
        };
        let (score, reasons) = match self.account.score(&profile, now) {
            Verdict::InsufficientEvidence => (None, Vec::new()),
            Verdict::Scored(s) => (Some((s.value, s.low, s.high, s.expires)), s.reasons),
        };
        let named = |(reason, weight): (Reason, f64)| MachineReason {
            reason: name(reason),
            weight,
        };
        Automated {
            key: self.key,
            platform: self.platform.clone(),
            handle: self.handle.clone(),
            posts: self.posts,
            score,
            reasons: reasons.into_iter().map(named).collect(),
        }
    }
}

fn name(reason: Reason) -> &'static str {
    match reason {
        Reason::Declared => "declared",
        Reason::Rate => "rate",
        Reason::Burst => "burst",
        Reason::Regular => "regular",
        Reason::NoSleep => "no_sleep",
        Reason::CopiesItself => "copies_itself",
        Reason::CopiesOthers => "copies_others",
        Reason::OneSite => "one_site",
        Reason::Hashtags => "hashtags",
        Reason::Mentions => "mentions",
        Reason::Profile => "profile",
    }
}
