//! Where competitors are judged better, or talked of more.

use super::own::OwnWords;
use super::{Ground, beyond, ids, narrowed, of_monitors, shown, subject};
use crate::analytics::{Value, contrast};
use crate::api::types::{FilterParams, Monitor, Role};
use crate::api::{Failure, rules};
use serde::Serialize;
use store::{Cell, Choose, Cut, Dimension, Key, Measures, Question, Table};
use trends::Z;
use utoipa::ToSchema;

/// Monitors on either side at most.
const MONITORS: usize = 10;
/// Subjects looked at, and shown of each competitor in each list.
const LOOKED_AT: usize = 200;
const SHOWN: usize = 15;
/// A subject needs so many authors.
const FEW: u64 = 3;

/// Where competitors are ahead.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct GapsOf {
    /// What is told apart: `aspect`, `topic`, `entity`, `term`, `hashtag`.
    pub(crate) by: String,
    /// Our monitors: those with the role `brand`.
    pub(crate) ours: Vec<String>,
    /// Each monitor with the role `competitor`, in their order. Empty where there is none on either side.
    pub(crate) competitors: Vec<CompetitorGaps>,
    /// Differences that were tested; those listed are beyond chance when all of them are looked at together (5 % false
    /// discoveries, Benjamini and Hochberg 1995).
    pub(crate) tested: u64,
    /// The probabilities of those that are not listed: whoever tests these together with others needs them.
    #[serde(skip)]
    pub(crate) others: Vec<f64>,
}

/// Where one competitor is ahead.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CompetitorGaps {
    /// The monitor.
    pub(crate) monitor: String,
    /// Its name.
    pub(crate) label: String,
    /// Its authors.
    pub(crate) authors: u64,
    /// Subjects in which its posts are judged better than ours; the surest first.
    pub(crate) judged_better: Vec<JudgedBetter>,
    /// Subjects of which its authors speak more than ours do.
    pub(crate) talked_of_more: Vec<TalkedOfMore>,
}

/// A subject in which a competitor is judged better.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct JudgedBetter {
    /// The subject.
    pub(crate) key: String,
    /// Net sentiment, by the labels, of their posts that speak of it.
    pub(crate) theirs: Value,
    /// The same of ours.
    pub(crate) ours: Value,
    /// Theirs − ours, with its 95 % interval.
    pub(crate) by: Value,
    /// The probability of such a difference by chance.
    pub(crate) p: f64,
    /// Authors of both sides.
    pub(crate) people: u64,
    /// The filter of their posts.
    pub(crate) evidence: FilterParams,
    /// The filter of ours.
    pub(crate) evidence_ours: FilterParams,
}

/// A subject of which more is said of a competitor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TalkedOfMore {
    /// The subject.
    pub(crate) key: String,
    /// The log-odds ratio against ours, one vote per author, with its 95 % interval.
    pub(crate) odds: Value,
    /// Authors who say it of the competitor.
    pub(crate) authors: u64,
    /// Authors who say it of us.
    pub(crate) ours: u64,
    /// The probability of such a ratio by chance.
    pub(crate) p: f64,
    /// The filter of their posts.
    pub(crate) evidence: FilterParams,
}

/// Where competitors are ahead of our brands under the filter.
pub(crate) fn gaps_of(g: &Ground<'_>, by: Option<&str>) -> Result<GapsOf, Failure> {
    let (by, dimension) = subject(by)?;
    if !rules::check_person(g.snapshot, &g.filter)? {
        return Err(rules::no_person_scores());
    }
    let (mut ours, mut theirs) = (g.with_role(Role::Brand)?, g.with_role(Role::Competitor)?);
    ours.truncate(MONITORS);
    theirs.truncate(MONITORS);
    let mut gaps = GapsOf {
        by,
        ours: ours.iter().map(|m| m.id.clone()).collect(),
        competitors: Vec::new(),
        tested: 0,
        others: Vec::new(),
    };
    if ours.is_empty() || theirs.is_empty() {
        return Ok(gaps);
    }
    let table = table(g, &ours, &theirs, dimension)?;
    let own = Side {
        table: &table,
        rows: 0..ours.len(),
    };
    for (i, monitor) in theirs.iter().enumerate() {
        let at = ours.len() + i;
        let side = Side {
            table: &table,
            rows: at..at + 1,
        };
        let names = OwnWords::of(g, [monitor])?;
        let mut found = compared(g, &gaps.by, (&own, &ours), (&side, monitor));
        found.judged_better.retain(|j| !names.is(&j.key));
        found.talked_of_more.retain(|t| !names.is(&t.key));
        gaps.competitors.push(found);
    }
    keep_what_is_beyond_chance(&mut gaps);
    Ok(gaps)
}

fn table(
    g: &Ground<'_>,
    ours: &[Monitor],
    theirs: &[Monitor],
    by: Dimension,
) -> Result<std::sync::Arc<Table>, Failure> {
    let all = || ours.iter().chain(theirs);
    let question = Question {
        filter: of_monitors(&g.filter, all()),
        cuts: vec![
            Cut::Values(
                Dimension::Monitor,
                Choose::These(all().map(|m| m.id.clone()).collect()),
            ),
            Cut::Values(by, Choose::Top(LOOKED_AT)),
        ],
        measures: Measures {
            authors: true,
            sentiment: true,
            ..Measures::default()
        },
    };
    g.snapshot.table(&question).map_err(super::refused)
}

/// Some rows of the table together.
struct Side<'t> {
    table: &'t Table,
    rows: std::ops::Range<usize>,
}

impl Side<'_> {
    /// Authors, each counted per monitor.
    fn authors(&self) -> u64 {
        self.rows.clone().map(|r| self.table.rows[r].authors).sum()
    }

    fn cell(&self, column: usize) -> Cell {
        let mut sum = Cell::default();
        for cell in self.rows.clone().filter_map(|r| self.table.cell(r, column)) {
            sum.authors += cell.authors;
            (0..3).for_each(|k| sum.sentiment[k] += cell.sentiment[k]);
        }
        sum
    }
}

/// Every subject of one competitor that could be tested.
fn compared(
    g: &Ground<'_>,
    by: &str,
    (own, ours): (&Side<'_>, &[Monitor]),
    (side, monitor): (&Side<'_>, &Monitor),
) -> CompetitorGaps {
    let (our_authors, their_authors) = (own.authors(), side.authors());
    let posts = |monitors: Option<String>, key: &str| {
        g.evidence(|f| {
            f.monitor = monitors;
            narrowed(f, by, key);
        })
    };
    let mut gaps = CompetitorGaps {
        monitor: monitor.id.clone(),
        label: monitor.name.clone(),
        authors: their_authors,
        judged_better: Vec::new(),
        talked_of_more: Vec::new(),
    };
    let keys = own.table.axes.get(1).map_or(&[][..], |axis| &axis.keys);
    for (column, key) in keys.iter().enumerate() {
        let Key::Value(key) = key else { continue };
        let (us, them) = (own.cell(column), side.cell(column));
        if us.authors.max(them.authors) < FEW {
            continue;
        }
        let evidence = || posts(ids([monitor]), key);
        if let Some((by, p)) = contrast::difference(&net(&them), &net(&us)) {
            gaps.judged_better.push(JudgedBetter {
                key: key.clone(),
                theirs: net(&them),
                ours: net(&us),
                by,
                p,
                people: us.authors + them.authors,
                evidence: evidence(),
                evidence_ours: posts(ids(ours), key),
            });
        }
        let odds = contrast::log_odds(them.authors, their_authors, us.authors, our_authors);
        gaps.talked_of_more.push(TalkedOfMore {
            key: key.clone(),
            p: p_of(&odds),
            odds,
            authors: them.authors,
            ours: us.authors,
            evidence: evidence(),
        });
    }
    gaps
}

fn net(cell: &Cell) -> Value {
    let [negative, neutral, positive] = cell.sentiment;
    let n = negative + neutral + positive;
    trends::net_sentiment(negative, neutral, positive).map_or_else(|| super::plain(None, n), |e| shown(e, n))
}

/// Of an estimate with a normal interval.
fn p_of(odds: &Value) -> f64 {
    let (Some(value), Some(low), Some(high)) = (odds.value, odds.low, odds.high) else {
        return 1.0;
    };
    trends::two_sided(value.abs() / ((high - low) / (2.0 * Z)).max(f64::MIN_POSITIVE))
}

fn keep_what_is_beyond_chance(gaps: &mut GapsOf) {
    let of = |c: &CompetitorGaps| -> Vec<f64> {
        let judged = c.judged_better.iter().map(|j| j.p);
        judged.chain(c.talked_of_more.iter().map(|t| t.p)).collect()
    };
    let p: Vec<f64> = gaps.competitors.iter().flat_map(of).collect();
    gaps.tested = p.len() as u64;
    let mut beyond = beyond(&p).into_iter();
    for one in &mut gaps.competitors {
        one.judged_better
            .retain(|j| beyond.next() == Some(true) && j.by.value > Some(0.0));
        one.talked_of_more
            .retain(|t| beyond.next() == Some(true) && t.odds.value > Some(0.0) && t.authors >= FEW);
        one.judged_better.sort_by(|a, b| a.p.total_cmp(&b.p));
        one.talked_of_more.sort_by(|a, b| a.p.total_cmp(&b.p));
        one.judged_better.truncate(SHOWN);
        one.talked_of_more.truncate(SHOWN);
    }
    // Each probability is taken out once for each that is listed.
    let mut left = p;
    for p in gaps.competitors.iter().flat_map(of) {
        if let Some(at) = left.iter().position(|l| l.to_bits() == p.to_bits()) {
            left.swap_remove(at);
        }
    }
    gaps.others = left;
}
