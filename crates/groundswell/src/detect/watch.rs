//! When a project is walked, and when it is walked again from its beginning.

use super::finding::Finding;
use super::heard::{Coverage, Heard};
use super::run::Told;
use super::settings::Sensitivity;
use super::state::{InForce, Walked};
use super::walk::Reading;
use super::{BIN, DAY, PAST, keep, read};
use crate::control::{Control, FindingFilter};
use crate::pipeline::Engine;
use post::AuthorKey;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use store::{Choice, Filter, Mention, Snapshot};

/// After so many seconds without old mentions, what fills in the past has come to its end.
const QUIET: i64 = 8;
/// Nobody waits longer for that.
const FORCED: i64 = 300;
/// So many old mentions, and such a share of all, make a project be walked again.
const LATE: u64 = 50;
const LATE_SHARE: u64 = 50;
/// The longest stretch read at once, in seconds, and mentions from which on a bin is read alone.
const STRETCH: i64 = 3_600;
const MANY: u64 = 20_000;
/// Mentions of the past that are walked at most.
const MOST: u64 = 1_500_000;
/// A project gives way to others after so long.
const TURN: Duration = Duration::from_millis(1_500);
/// Seconds after which accounts are judged anew.
const JUDGE: i64 = BIN;
/// Seconds after which it is looked which accounts are gone: an erasure is whole within a day.
const FORGET: i64 = DAY / 4;
/// Seconds between two writings of the state.
const SAVE: i64 = 120;

/// One project under watch.
#[derive(Default)]
pub(super) struct Project {
    pub(super) walked: Option<Walked>,
    loaded: bool,
    /// Since when it is known that it must be walked again.
    dirty: Option<i64>,
    /// When old mentions last came, and how many since it was walked.
    old_at: i64,
    late: u64,
    /// When it was last begun, and how long catching up took, in seconds.
    begun: i64,
    caught_up: bool,
    took: i64,
    saved: (i64, i64),
    /// When accounts were last judged, and those without mentions forgotten.
    judged: i64,
    forgot: i64,
    /// What could not be kept yet.
    unkept: Vec<Finding>,
}

impl Project {
    /// Looks after the project. True where there is more to do at once.
    pub(super) fn visit(&mut self, id: &str, engine: &Engine, told: Told, now: i64) -> anyhow::Result<bool> {
        let keys = engine.admission.pseudonyms().handle("groundswell");
        if !self.loaded {
            self.loaded = true;
            self.walked = keep::load(&engine.data, id, &keys);
        }
        let in_force = in_force(engine, id, self.walked.as_ref())?;
        self.hear(&told, now);
        self.look(&in_force, now);
        if self.is_to_be_walked_again(engine, &in_force, now)? {
            let cursor = beginning(&engine.store.snapshot(), engine, id, now)?;
            tracing::info!(project = id, from = cursor, "the project's past is walked");
            self.walked = Some(Walked::new(&keys, cursor, &self::in_force(engine, id, None)?));
            (self.dirty, self.late, self.begun, self.caught_up) = (None, 0, now, false);
        }
        let behind = self.walk(id, engine, now)?;
        if !behind && !self.caught_up {
            self.caught_up = true;
            self.took = (crate::clock::now() / 1000 - self.begun).clamp(0, 3_600);
        }
        if !behind && now - self.judged >= JUDGE {
            self.judged = now;
            let walked = self.walked.as_ref();
            let all = walked.map_or_else(Vec::new, |w| w.machines.list(&engine.gate, now));
            let likely = all.into_iter().filter(|a| a.is_likely()).map(|a| a.key);
            engine.likely.set(id, likely.collect());
        }
        if !behind && now - self.forgot >= FORGET {
            self.forgot = now;
            self.forget(id, &engine.store.snapshot());
        }
        if now - self.saved.0 >= SAVE {
            self.save(id, engine, now);
        }
        Ok(behind)
    }

    /// Writes what was learned, where it is new.
    pub(super) fn save(&mut self, id: &str, engine: &Engine, now: i64) {
        let Some(walked) = self.walked.as_ref().filter(|w| w.cursor != self.saved.1) else {
            return;
        };
        self.saved = (now, walked.cursor);
        if let Err(error) = keep::save(&engine.data, id, walked) {
            tracing::warn!(project = id, %error, "what detectors learned cannot be kept; a start walks the store again");
        }
    }

    /// Forgets accounts whose mentions are gone.
    fn forget(&mut self, id: &str, snapshot: &Snapshot) {
        let gone = |key: AuthorKey| {
            let filter = Filter {
                project: Some(id.to_owned()),
                authors: Choice::only([key]),
                ..Filter::default()
            };
            snapshot.count(&filter).is_ok_and(|n| n == 0)
        };
        if let Some(walked) = &mut self.walked {
            walked.machines.forget(&gone);
            walked.rings.forget(&gone);
        }
    }

    /// Which of the mentions that came are old: in bins that were read long ago.
    fn hear(&mut self, told: &Told, now: i64) {
        let read = self
            .walked
            .as_ref()
            .map_or(i64::MAX, |w| w.cursor)
            .min(now - BIN * 6);
        let old: u64 = told
            .hours
            .range(..(read - 3_600).div_euclid(3_600))
            .map(|(_, n)| n)
            .sum();
        if old > 0 {
            (self.old_at, self.late) = (now, self.late + old);
        }
        if let Some(walked) = &mut self.walked {
            told.lags.iter().for_each(|lag| walked.lag.push(*lag));
        }
    }

    /// Whether something makes what was learned wrong.
    fn look(&mut self, in_force: &BTreeMap<String, InForce>, now: i64) {
        let Some(walked) = &mut self.walked else {
            self.dirty.get_or_insert(now);
            return;
        };
        if walked.follow(in_force) {
            self.dirty = Some(now);
        }
        if self.late >= LATE.max(walked.mentions / LATE_SHARE) {
            self.dirty.get_or_insert(now);
        }
        // A clock that was set back, or stood still for weeks.
        if walked.cursor > now + 2 * BIN || now - walked.cursor > PAST {
            self.dirty = Some(now - FORCED);
            self.begun = self.begun.min(now - 4 * self.took);
            self.late = self.late.max(1);
        }
    }

    fn is_to_be_walked_again(
        &mut self,
        engine: &Engine,
        in_force: &BTreeMap<String, InForce>,
        now: i64,
    ) -> anyhow::Result<bool> {
        let Some(since) = self.dirty else {
            return Ok(false);
        };
        if now - since < FORCED {
            let quiet = now - self.old_at.max(since) >= QUIET;
            let searching = || {
                let open = engine.control.open_backfills()?;
                anyhow::Ok(open.iter().any(|b| in_force.contains_key(&b.monitor)))
            };
            if !quiet || searching()? {
                return Ok(false);
            }
        }
        if self.walked.is_none() {
            return Ok(true);
        }
        if self.late == 0 {
            // A monitor that found nothing in the past has none to be walked.
            self.dirty = None;
            return Ok(false);
        }
        Ok(now - self.begun >= 4 * self.took)
    }

    fn walk(&mut self, id: &str, engine: &Engine, now: i64) -> anyhow::Result<bool> {
        let Some(walked) = &mut self.walked else {
            return Ok(false);
        };
        let sensitivity = Sensitivity::of(&engine.control, id)?;
        let by = Reading {
            project: id,
            gate: &engine.gate,
            sensitivity: &sensitivity,
            now,
        };
        let began = Instant::now();
        let mut findings: BTreeMap<String, Finding> = BTreeMap::new();
        let mut behind = false;
        while walked.cursor + BIN <= now - walked.lag.wait() {
            if began.elapsed() > TURN {
                behind = true;
                break;
            }
            let ready = (now - walked.lag.wait()).div_euclid(BIN) * BIN;
            let found = stretch(walked, engine, &by, ready)?;
            findings.extend(found.into_iter().map(|f| (f.id.clone(), f)));
        }
        for mut finding in findings.into_values() {
            let is_new = adopt(walked, &engine.control, &mut finding)?;
            engine.counters.findings.add(is_new.into());
            self.unkept.retain(|f| f.id != finding.id);
            self.unkept.push(finding);
        }
        self.unkept.sort_by_key(|f| (f.from, f.until));
        engine.control.put_findings(&self.unkept)?;
        self.unkept.clear();
        Ok(behind)
    }
}

/// The monitors of a project that are matched, as they are in force. When they begin is asked for where one is not known.
fn in_force(
    engine: &Engine,
    project: &str,
    known: Option<&Walked>,
) -> anyhow::Result<BTreeMap<String, InForce>> {
    let live = engine.live.load();
    let of_project = live
        .monitors()
        .filter(|w| w.def.project == project && w.def.active);
    let all: BTreeMap<&String, u32> = of_project.map(|w| (&w.def.id, w.def.version)).collect();
    let noted = |id: &String, version: u32| {
        let watched = known.and_then(|w| w.monitors.get(id));
        watched.is_some_and(|w| w.version == version && w.begin != i64::MAX)
    };
    let begins = match all.iter().all(|(id, version)| noted(id, *version)) {
        true => BTreeMap::new(),
        false => engine.control.monitor_begins(project)?,
    };
    let of = |(id, version): (&String, u32)| {
        let begin = begins.get(id).filter(|(v, _)| *v == version);
        let begin = begin.map_or(i64::MAX, |(_, at)| at.div_euclid(1000));
        (id.clone(), InForce { version, begin })
    };
    Ok(all.into_iter().map(of).collect())
}

/// Where a walk of the whole project begins.
fn beginning(snapshot: &Snapshot, engine: &Engine, project: &str, now: i64) -> anyhow::Result<i64> {
    let mut past = PAST;
    loop {
        let filter = of(engine, project, now - past, now);
        if past > DAY && snapshot.count(&filter)? > MOST {
            past /= 2;
            continue;
        }
        let oldest = snapshot.extent(&filter)?.map_or(now, |(oldest, _)| oldest / 1000);
        return Ok(oldest.div_euclid(BIN) * BIN);
    }
}

fn of(engine: &Engine, project: &str, from: i64, until: i64) -> Filter {
    read::filter(project, engine.accounts.of(project), from * 1000, until * 1000)
}

/// Reads some bins, up to `ready` at most.
fn stretch(walked: &mut Walked, engine: &Engine, by: &Reading, ready: i64) -> anyhow::Result<Vec<Finding>> {
    let snapshot = engine.store.snapshot();
    let from = walked.cursor;
    let mut until = (from + STRETCH).min(ready);
    let filter = of(engine, by.project, from, until);
    let filter = match until > from + BIN && snapshot.count(&filter)? > MANY {
        true => {
            until = from + BIN;
            of(engine, by.project, from, until)
        }
        false => filter,
    };
    let mentions = read::mentions(&snapshot, &filter)?;
    let coverage = Coverage::new(engine.control.heard((from - DAY) * 1000, until * 1000)?);
    Ok(bins(walked, &mentions, until, &|at| coverage.of(at), by))
}

/// Takes in the bins up to `until`, whose mentions these are, the oldest first.
pub(super) fn bins(
    walked: &mut Walked,
    mentions: &[Mention],
    until: i64,
    heard: &dyn Fn(i64) -> Heard,
    by: &Reading,
) -> Vec<Finding> {
    let mut rest = mentions;
    let mut findings = Vec::new();
    while walked.cursor < until {
        let at = walked.cursor;
        let end = (at + BIN) * 1000;
        let (bin, later) = rest.split_at(rest.partition_point(|m| m.post.created_at < end));
        rest = later;
        findings.extend(walked.bin(bin, heard(at), by));
    }
    findings
}

/// A walk from the beginning finds again what an earlier one found, though perhaps a bin earlier: that is the same. True
/// where it is new.
fn adopt(walked: &mut Walked, control: &Control, finding: &mut Finding) -> anyhow::Result<bool> {
    if control.finding(&finding.project, &finding.id).is_ok() {
        return Ok(false);
    }
    let filter = FindingFilter {
        monitor: finding.monitor.clone(),
        kinds: vec![finding.kind],
        from: Some(finding.from - BIN * 1000),
        to: Some(finding.until + BIN * 1000),
        dismissed: true,
    };
    let known = control.findings(&finding.project, &filter, None, 100)?;
    if let Some(same) = known.iter().find(|k| k.finding.is_like(finding)) {
        walked.rename(finding.monitor.as_deref(), &finding.id, &same.finding.id);
        finding.id.clone_from(&same.finding.id);
        return Ok(false);
    }
    Ok(true)
}
