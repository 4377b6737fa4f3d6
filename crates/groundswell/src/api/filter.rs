//! From query parameters to the store's filter.

use super::Failure;
use super::types::FilterParams;
use crate::accounts::OwnAccounts;
use crate::control::Control;
use crate::pipeline::Engine;
use crate::relevance::Relevance;
use jiff::tz::TimeZone;
use post::{AuthorKey, Kind, Millis, PostKey, Pseudonyms};
use std::sync::Arc;
use store::{Choice, Context, Filter, Label, Search, Sense, Voice, WeekHour};

/// The period asked for where none is given.
const DEFAULT_PERIOD: Millis = 24 * 3_600_000;
/// No time is further from 1970, in milliseconds: that of JavaScript's dates.
const FURTHEST: u64 = 8_640_000_000_000_000;
/// Values of one list at most.
const MAX_VALUES: usize = 200;

/// A filter with its period always set.
pub(crate) struct Asked {
    /// What the store is asked.
    pub(crate) filter: Filter,
    /// The project.
    pub(crate) project: String,
    /// Start of the period.
    pub(crate) from: Millis,
    /// End of the period, exclusive.
    pub(crate) to: Millis,
}

/// Reads the parameters of a question to the running installation: it knows which accounts are whose.
pub(crate) fn ask(engine: &Engine, p: &FilterParams, now: Millis) -> Result<Asked, Failure> {
    let mut asked = with_voice(&engine.accounts, engine.admission.pseudonyms(), p, now)?;
    // What was merged into a topic belongs to it.
    let topics = &mut asked.filter.topics;
    for list in [&mut topics.include, &mut topics.exclude] {
        let all = list
            .iter()
            .flat_map(|id| engine.placer.all_of(&asked.project, *id));
        *list = all.collect();
    }
    if without_automated(p)? {
        asked
            .filter
            .authors
            .exclude
            .extend(engine.likely.of(&asked.project));
    }
    hide(&engine.relevance, p, &mut asked);
    Ok(asked)
}

/// A group of copies as mentions name theirs.
fn group(text: &str) -> Option<u64> {
    let is_one = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_one.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}

/// Whether accounts that are likely automated are left out.
pub(crate) fn without_automated(p: &FilterParams) -> Result<bool, Failure> {
    match p.automation.as_deref().unwrap_or_default() {
        "" | "with" => Ok(false),
        "without" => Ok(true),
        other => Err(Failure::Bad(format!(
            "`{other:.40}` says nothing of automation; known: with, without"
        ))),
    }
}

/// Leaves out what is irrelevant to monitors that hide it, where the parameters say nothing.
fn hide(relevance: &Relevance, p: &FilterParams, asked: &mut Asked) {
    if p.relevance.as_deref().is_none_or(str::is_empty) {
        let hiding = relevance.hiding(&asked.project);
        if !hiding.is_empty() {
            asked.filter.sense = Sense::WithoutOf(hiding);
        }
    }
}

/// Reads the parameters of a question where nothing runs, or where no engine is at hand.
pub(crate) fn ask_offline(control: &Control, p: &FilterParams, now: Millis) -> Result<Asked, Failure> {
    let pseudonyms = Pseudonyms::new(&control.keys().id);
    let accounts = OwnAccounts::default();
    accounts
        .refresh(control, &pseudonyms)
        .map_err(super::control_failure)?;
    let relevance = Relevance::default();
    relevance.refresh(control).map_err(super::control_failure)?;
    let mut asked = with_voice(&accounts, &pseudonyms, p, now)?;
    hide(&relevance, p, &mut asked);
    Ok(asked)
}

fn with_voice(
    accounts: &OwnAccounts,
    pseudonyms: &Pseudonyms,
    p: &FilterParams,
    now: Millis,
) -> Result<Asked, Failure> {
    let mut asked = read(p, now, pseudonyms)?;
    let voice = match p.voice.as_deref().filter(|v| !v.is_empty()).unwrap_or("earned") {
        "earned" => Some(Voice::Earned),
        "owned" => Some(Voice::Owned),
        "all" => None,
        other => {
            return Err(Failure::Bad(format!(
                "`{other:.40}` is no voice; known: earned, owned, all"
            )));
        }
    };
    asked.filter.voice = voice.and_then(|voice| {
        let accounts = accounts.of(&asked.project);
        // Without accounts everything is earned.
        (voice == Voice::Owned || !accounts.is_empty()).then_some((voice, accounts))
    });
    Ok(asked)
}

/// Reads the parameters; `now` ends a period that has no end.
pub(crate) fn read(p: &FilterParams, now: Millis, pseudonyms: &Pseudonyms) -> Result<Asked, Failure> {
    let to = p.to.unwrap_or(now + 1);
    let from = p.from.unwrap_or(to.saturating_sub(DEFAULT_PERIOD));
    if from.unsigned_abs().max(to.unsigned_abs()) > FURTHEST {
        return Err(Failure::Bad("from or to is beyond any calendar".to_owned()));
    }
    if from >= to {
        return Err(Failure::Bad(format!("from ({from}) is not before to ({to})")));
    }
    let project = p.project.clone().unwrap_or_else(|| "default".to_owned());
    let q = match p.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        Some(q) => Some(search(q, pseudonyms)?),
        None => None,
    };
    let filter = Filter {
        project: Some(project.clone()),
        monitors: texts(&p.monitor)?,
        from: Some(from),
        to: Some(to),
        hours: values(
            &p.week_hour,
            "hour of the week: say 0 to 167, or 33@Europe/Berlin",
            week_hour,
        )?,
        sources: texts(&p.source)?,
        langs: texts(&p.lang)?,
        sentiments: values(&p.sentiment, "sentiment", Label::from_name)?,
        kinds: values(&p.kind, "kind", Kind::from_name)?,
        hashtags: texts(&p.hashtag)?,
        authors: values(&p.author, "author", AuthorKey::from_hex)?,
        sites: texts(&p.site)?,
        terms: texts(&p.term)?,
        emotions: texts(&p.emotion)?,
        intents: texts(&p.intent)?,
        classes: texts(&p.class)?,
        topics: values(&p.topic, "topic", |id| id.parse().ok())?,
        copies: values(&p.copies_of, "group of copies", group)?,
        entities: texts(&p.entity)?,
        aspects: texts(&p.aspect)?,
        countries: texts(&p.country)?,
        media: texts(&p.media)?,
        links: texts(&p.link)?,
        models: texts(&p.model)?,
        related: values(&p.thread, "post", PostKey::from_hex)?,
        followers_from: range(&p.followers, "followers")?.0,
        followers_to: range(&p.followers, "followers")?.1,
        engagement_from: range(&p.engagement, "engagement")?.0,
        engagement_to: range(&p.engagement, "engagement")?.1,
        marks: marks(p)?,
        voice: None,
        context: context(p)?,
        sense: sense(p)?,
        since: None,
        upto: p.upto,
        q,
    };
    Ok(Asked {
        filter,
        project,
        from,
        to,
    })
}

/// Reads `33@Europe/Berlin`, or `33` for UTC.
fn week_hour(text: &str) -> Option<WeekHour> {
    let (hour, zone) = text.split_once('@').unwrap_or((text, "UTC"));
    Some(WeekHour {
        hour: hour.parse().ok().filter(|hour| *hour < 168)?,
        zone: TimeZone::get(zone).ok()?,
    })
}

fn context(p: &FilterParams) -> Result<Context, Failure> {
    match p
        .context
        .as_deref()
        .filter(|c| !c.is_empty())
        .unwrap_or("without")
    {
        "without" => Ok(Context::Without),
        "with" => Ok(Context::With),
        "only" => Ok(Context::Only),
        other => Err(Failure::Bad(format!(
            "`{other:.40}` says nothing of context; known: without, with, only"
        ))),
    }
}

fn sense(p: &FilterParams) -> Result<Sense, Failure> {
    match p.relevance.as_deref().filter(|r| !r.is_empty()).unwrap_or("all") {
        "all" => Ok(Sense::All),
        "relevant" => Ok(Sense::Without),
        "irrelevant" => Ok(Sense::Only),
        other => Err(Failure::Bad(format!(
            "`{other:.40}` says nothing of relevance; known: relevant, irrelevant, all"
        ))),
    }
}

fn search(q: &str, pseudonyms: &Pseudonyms) -> Result<Search, Failure> {
    let query = query::parse(q).map_err(|e| Failure::BadQuery(super::queries::in_words(&e)))?;
    let pseudonyms = pseudonyms.clone();
    Ok(Search {
        query: Arc::new(query),
        pseudonyms: Some(Arc::new(move |handle: &str| pseudonyms.handle(handle))),
    })
}

fn texts(list: &Option<String>) -> Result<Choice<String>, Failure> {
    values(list, "value", |v| Some(v.to_owned()))
}

/// What was done with the mentions. Muted ones are left out unless they are asked for.
fn marks(p: &FilterParams) -> Result<Vec<Choice<String>>, Failure> {
    const WORDS: [&str; 5] = ["starred", "muted", "corrected", "relevant", "irrelevant"];
    let word = |w: &str| WORDS.contains(&w).then(|| w.to_owned());
    let named = |list: &Option<String>, name: &str| values(list, name, |v| Some(format!("{name}:{v}")));
    let mut flags = values(&p.mark, "mark", word)?;
    if !flags.include.iter().any(|w| w == "muted") {
        flags.exclude.push("muted".to_owned());
    }
    Ok(vec![
        flags,
        named(&p.tag, "tag")?,
        named(&p.category, "category")?,
        named(&p.status, "status")?,
        named(&p.assignee, "assignee")?,
    ])
}

/// Reads `10..200`, `10..` or `..200`: from the first on, below the second.
fn range(text: &Option<String>, what: &str) -> Result<(Option<u64>, Option<u64>), Failure> {
    let Some(text) = text.as_deref().map(str::trim).filter(|t| !t.is_empty()) else {
        return Ok((None, None));
    };
    let bad = || {
        Failure::Bad(format!(
            "`{text:.64}` is no range of {what}: say 10..200, 10.. or ..200"
        ))
    };
    let number = |part: &str| match part.trim() {
        "" => Ok(None),
        n => n.parse().map(Some).map_err(|_| bad()),
    };
    let (from, to) = text.split_once("..").ok_or_else(bad)?;
    Ok((number(from)?, number(to)?))
}

/// Reads `a,b,-c`: include a and b, leave out c.
fn values<T>(
    list: &Option<String>,
    what: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Choice<T>, Failure> {
    let mut choice = Choice::default();
    let each = || {
        let all = list.iter().flat_map(|l| l.split(','));
        all.map(str::trim).filter(|v| !v.is_empty())
    };
    let count = each().count();
    if count > MAX_VALUES {
        return Err(Failure::TooLarge(format!(
            "{count} values in one list are too many, at most {MAX_VALUES} are taken"
        )));
    }
    for value in each() {
        let (bare, side) = match value.strip_prefix('-') {
            Some(bare) => (bare, &mut choice.exclude),
            None => (value, &mut choice.include),
        };
        side.push(read(bare).ok_or_else(|| Failure::Bad(format!("`{bare:.64}` is no {what}")))?);
    }
    Ok(choice)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn params() -> FilterParams {
        FilterParams::default()
    }

    fn read(p: &FilterParams, now: Millis) -> Result<Asked, Failure> {
        super::read(p, now, &Pseudonyms::new(&[1; 32]))
    }

    #[test]
    fn a_day_up_to_now_is_the_default() {
        let asked = read(&params(), 100 * DEFAULT_PERIOD).ok().map(|a| (a.from, a.to));
        assert_eq!(asked, Some((99 * DEFAULT_PERIOD + 1, 100 * DEFAULT_PERIOD + 1)));
    }

    #[test]
    fn values_include_and_exclude() {
        let p = FilterParams {
            source: Some("bluesky, -x".into()),
            sentiment: Some("-neutral".into()),
            ..params()
        };
        let asked = read(&p, 0).ok().map(|a| a.filter);
        let filter = asked.as_ref();
        assert_eq!(
            filter.map(|f| &f.sources.include),
            Some(&vec!["bluesky".to_owned()])
        );
        assert_eq!(filter.map(|f| &f.sources.exclude), Some(&vec!["x".to_owned()]));
        assert_eq!(filter.map(|f| &f.sentiments.exclude), Some(&vec![Label::Neutral]));
    }

    #[test]
    fn an_hour_of_the_week_is_read_with_its_time_zone() {
        let hours = |text: &str| {
            let p = FilterParams {
                week_hour: Some(text.to_owned()),
                ..params()
            };
            read(&p, 0).ok().map(|asked| asked.filter.hours)
        };
        let chosen = hours("33@Europe/Berlin,-0").unwrap();
        assert_eq!(chosen.include[0].hour, 33);
        assert_eq!(chosen.include[0].zone.iana_name(), Some("Europe/Berlin"));
        assert_eq!(
            chosen.exclude,
            [WeekHour {
                hour: 0,
                zone: TimeZone::UTC
            }]
        );
        for bad in ["168", "x@UTC", "5@Nowhere/Else", "300"] {
            assert!(hours(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let bad = |p: FilterParams| match read(&p, 0) {
            Err(Failure::Bad(m) | Failure::BadQuery(m)) => m,
            _ => String::new(),
        };
        assert_eq!(
            bad(FilterParams {
                sentiment: Some("angry".into()),
                ..params()
            }),
            "`angry` is no sentiment"
        );
        assert_eq!(
            bad(FilterParams {
                from: Some(5),
                to: Some(5),
                ..params()
            }),
            "from (5) is not before to (5)"
        );
        assert!(
            !bad(FilterParams {
                q: Some("a AND".into()),
                ..params()
            })
            .is_empty()
        );
    }
}
