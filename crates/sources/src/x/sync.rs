//! Keeping the stream's rules as the wishes are: only the difference is told, and rules of others are left alone.

use super::api::Api;
use super::rules;
use crate::http::{Request, Trouble, TroubleKind};
use crate::source::Context;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const PATH: &str = "/2/tweets/search/stream/rules";
/// Rules of one request.
const TOGETHER: usize = 100;
/// Pages of rules; of 1,000 each.
const MOST_PAGES: usize = 100;

/// What is known of the rules.
#[derive(Default)]
pub(super) struct Rules {
    /// Rules that the platform called wrong: not told again.
    wrong: BTreeSet<String>,
    /// What the operator was told already.
    said: BTreeSet<String>,
}

/// How the rules stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Standing {
    /// Rules that ask for what we want.
    pub(super) ours: usize,
    /// Rules of others.
    pub(super) others: usize,
}

#[derive(Debug, Deserialize)]
struct Listed {
    #[serde(default)]
    data: Vec<Rule>,
    #[serde(default)]
    meta: ListedMeta,
}

#[derive(Debug, Default, Deserialize)]
struct ListedMeta {
    next_token: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Rule {
    id: String,
    value: String,
    tag: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    data: Vec<Value>,
    errors: Vec<Wrong>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wrong {
    value: Option<String>,
    title: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Every rule of the app.
pub(super) async fn list(api: &Api) -> Result<Vec<Rule>, Trouble> {
    let (mut all, mut token) = (Vec::new(), None::<String>);
    for _ in 0..MOST_PAGES {
        let request = api.get(PATH).query_if("pagination_token", token.as_deref());
        let page: Listed = api.rules.json(request).await?;
        all.extend(page.data);
        token = page.meta.next_token;
        if token.is_none() {
            break;
        }
    }
    Ok(all)
}

/// How the rules stand, ours by their tags.
pub(super) fn standing(api: &Api, all: &[Rule]) -> Standing {
    let ours = all.iter().filter(|r| is_ours(api, r)).count();
    Standing {
        ours,
        others: all.len() - ours,
    }
}

fn is_ours(api: &Api, rule: &Rule) -> bool {
    let tag = rule
        .tag
        .as_deref()
        .and_then(|t| t.strip_prefix(&api.config.rule_tag));
    tag.is_some_and(|rest| rest.starts_with(':'))
}

impl Rules {
    /// Makes the rules what is wanted now.
    pub(super) async fn sync(&mut self, api: &Api, context: &Context) -> Result<Standing, Trouble> {
        let all = list(api).await?;
        let before = standing(api, &all);
        let wanted = self.wanted(api, context, before.others);
        let known = |value: &str| all.iter().find(|r| r.value == value);
        // One that somebody else has finds the same posts; a rule cannot be there twice.
        let keeps = |r: &&Rule| {
            wanted
                .get(&r.value)
                .is_some_and(|tag| r.tag.as_deref() == Some(tag))
        };
        let stale: Vec<&str> = all
            .iter()
            .filter(|r| is_ours(api, r) && !keeps(r))
            .map(|r| r.id.as_str())
            .collect();
        let new: Vec<(&String, &String)> = wanted
            .iter()
            .filter(|(value, _)| known(value).is_none_or(|r| is_ours(api, r) && !keeps(&r)))
            .collect();
        // A rule whose tag alone changes must go first; else what is new comes first, so that nothing is missed.
        let is_full = all.len() + new.len() > api.config.max_rules;
        let is_renamed = new.iter().any(|(value, _)| known(value).is_some());
        if is_full || is_renamed {
            delete(api, &stale).await?;
            self.add(api, &new, context).await?;
        } else {
            self.add(api, &new, context).await?;
            delete(api, &stale).await?;
        }
        let ours = wanted.keys().filter(|value| !self.wrong.contains(*value)).count();
        Ok(Standing {
            ours,
            others: before.others,
        })
    }

    /// The rules wanted, with their tags, as many as there is room for.
    fn wanted(&mut self, api: &Api, context: &Context, others: usize) -> BTreeMap<String, String> {
        let wishes = context.wanted.borrow().clone();
        let room = api.config.max_rules.saturating_sub(others);
        let mut wanted = BTreeMap::new();
        for wish in wishes.iter() {
            let Some(made) = rules::rules(&wish.sought, api.config.rule_chars) else {
                self.say(
                    context,
                    &wish.id,
                    "a monitor cannot be written as a rule: it is not followed on X",
                );
                continue;
            };
            let made: Vec<String> = made.into_iter().filter(|r| !self.wrong.contains(r)).collect();
            let more = made.iter().filter(|r| !wanted.contains_key(*r)).count();
            if wanted.len() + more > room {
                self.say(
                    context,
                    &wish.id,
                    "there is no room for a monitor's rules: it is not followed on X",
                );
                continue;
            }
            for rule in made {
                let tag = format!("{}:{}", api.config.rule_tag, wish.id);
                wanted.entry(rule).or_insert(tag);
            }
        }
        wanted
    }

    fn say(&mut self, context: &Context, wish: &str, what: &str) {
        if self.said.insert(format!("{wish} {what}")) {
            context.report.say(format!("{what} (wish {wish})"));
            context.health.refused("rule");
        }
    }

    async fn add(&mut self, api: &Api, new: &[(&String, &String)], context: &Context) -> Result<(), Trouble> {
        for some in new.chunks(TOGETHER) {
            let add: Vec<Value> = some
                .iter()
                .map(|(value, tag)| json!({"value": value, "tag": tag}))
                .collect();
            let told = tell(api, api.post(PATH).json(&json!({"add": add}))).await?;
            let mut wrong = 0;
            for error in told.errors {
                let kind = format!("{:?} {:?}", error.title, error.kind);
                let is_twice = kind.contains("DuplicateRule") || kind.contains("duplicate-rules");
                if is_twice {
                    continue;
                }
                if kind.contains("RulesCapExceeded") || kind.contains("rule-cap") {
                    return Err(Trouble::new(
                        TroubleKind::Rejected,
                        "the app may not have so many rules",
                    ));
                }
                if let Some((value, tag)) = some.iter().find(|(v, _)| Some(*v) == error.value.as_ref()) {
                    self.wrong.insert((*value).clone());
                    let wish = tag.split_once(':').map_or("", |t| t.1);
                    self.say(
                        context,
                        wish,
                        "X refuses a rule of a monitor: it is not followed there whole",
                    );
                    wrong += 1;
                }
            }
            // Of a request with a wrong rule, none may have been taken: the others are told again.
            if wrong > 0 && told.data.is_empty() && some.len() > wrong {
                let rest: Vec<_> = some
                    .iter()
                    .filter(|(v, _)| !self.wrong.contains(*v))
                    .copied()
                    .collect();
                Box::pin(self.add(api, &rest, context)).await?;
            }
        }
        Ok(())
    }
}

async fn delete(api: &Api, stale: &[&str]) -> Result<(), Trouble> {
    for some in stale.chunks(TOGETHER) {
        // A rule that is gone already is no trouble.
        tell(api, api.post(PATH).json(&json!({"delete": {"ids": some}}))).await?;
    }
    Ok(())
}

/// An answer of 400 says which rules are wrong.
async fn tell(api: &Api, request: Request) -> Result<Told, Trouble> {
    let reply = api.rules.send(request).await?;
    if reply.status == 400
        && let Ok(told) = reply.json::<Told>()
        && told.errors.iter().any(|e| e.value.is_some() || e.kind.is_some())
    {
        return Ok(told);
    }
    reply.success()?.json()
}
