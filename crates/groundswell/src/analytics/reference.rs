//! The page of definitions, `docs/concepts/metrics.md`: printed from the table that the figures are worked out with.

use super::metrics::{METRICS, Unit};
use super::named::NAMED;
use std::fmt::Write;

/// What is said of metrics in general, before the table.
const HEAD: &str = "# What the numbers mean

Generated from the code that computes them (`make reference`). `GET /api/v1/measure` answers every metric of this page,
cut by up to two dimensions, under any filter, beside an earlier period.

A number that is an estimate has an interval; a share of fewer than 30 things is not shown. `null` means \"not known\", never 0.
What is past a retention limit loses its author and its engagement and still counts as a mention: over old periods, people and
engagement are lower bounds (see [policy profiles](../reference/policies.md)).

There is no composite score: no reach, presence or reputation out of a formula nobody can check. Who wants one writes it down:
`metric==(positive-negative)/mentions` is a formula over the metrics below, with `+ - * /` and brackets.

## Metrics
";

/// Figures that no metric is: the rest of the page.
const OTHERS: &[(&str, &str)] = &[
    (
        "Times",
        "Buckets are those of the time zone asked for: days and weeks begin at its midnight, weeks on Monday, and a day of 23 or 25 \
         hours is one day. The unfinished last bucket is drawn dotted.",
    ),
    (
        "Change",
        "Against the period of equal length just before (whole days stay whole days where the clock is turned), or against the same \
         days 52 weeks before. Not shown where the store does not reach back that far.",
    ),
    (
        "Small cells",
        "Share links, aggregate-only keys and reports that leave the project show no place, language, community or topic with fewer \
         distinct authors than `[privacy] small_cell`; what is hidden is counted under *other*, and the smallest of the others goes \
         along where it could be found by subtraction.",
    ),
    (
        "Comparison with another vendor",
        "*Theirs*: posts in the vendor's export, each once. *Ours*: posts that the chosen monitors, or any of the project, match. *Both*: posts of theirs that ours match, by the post's own address; *found* is their share of theirs. Posts that came here only by the import count as ours where a monitor matches them, so the overlap tells how far the queries agree; to compare what each side collects, bring in the labels alone. Agreement is the share of posts with a sentiment on both sides on which both say the same; Cohen's kappa (1960) is the same beyond chance, with the interval of Fleiss, Cohen and Everitt (1969). Neither is told below 30. Where two of their queries call one post differently, it has no sentiment of theirs. Which of the two is right, the numbers do not say: the sample is there to be read.",
    ),
    (
        "First response",
        "The time from a post to the first answer to it: a reply by one of the monitors' own accounts, as it was published, or the \
         moment somebody set its status to pending or closed. The median is over the items of the period's posts that were answered, \
         with the interval between the order statistics that hold it with 95 % (Conover 1999); not told below 5 answers. *Within the \
         target*: answered in time ÷ items that were answered or whose time is over, with Wilson's interval; not told below 30.",
    ),
    (
        "Sentiment shares",
        "The shares of negative, neutral and positive by PACC, each part with the mistakes known of its language and platform, or else \
         of its language, or else of all; scores toward a monitor's subject with those of that head. Parts are added by their weight, \
         their intervals as independent ones. EMQ (Saerens, Latinne and Decaestecker 2002) stands beside it; where it falls outside an \
         interval, the share is uncertain and 50 posts should be labelled (`advice`). So it does in every answer with shares of classes: beside \
         totals, and rows by monitor, platform or language, of up to 200,000 scored mentions. A project's own labels move the known mistakes: the guide to auditing shares says how.",
    ),
    (
        "Accuracy on your posts",
        "Of a random sample of a project's posts, labelled by hand: the weights of those whose likeliest class is the label ÷ all \
         weights, with Wilson's interval for (Σw)² ÷ Σw² posts (Kish 1965). A post weighs the posts of its stratum (language, platform, \
         how sure the model is) ÷ those drawn of it. Not told below 30 labels.",
    ),
    (
        "Sentiment by author",
        "Sentiment is not summed up by author where a platform that is part of the answer forbids that.",
    ),
    (
        "Matches a day (preview)",
        "Matches in the part of the journal searched ÷ its length. Unknown below ten minutes.",
    ),
    (
        "Estimate (a check of a query that asks for it)",
        "Matches and candidates in the part of the journal searched, with its arrivals from and to, and both as rates a day. A \
         candidate is a post for which the query has to be run, because it holds one of the words under which the matcher lists the \
         query; a match is a candidate that holds. Rates are unknown below ten minutes.",
    ),
    (
        "Cost of a monitor",
        "One post in sixteen is metered. Matches a day and candidates a day: those metered × 16 ÷ the time since the monitor's version \
         came into force in this process. Microseconds per post: the time the query took ÷ all posts metered, its share of the time \
         the stream takes. Of these tallies `/metrics` tells those of the twenty dearest monitors, as counted (not × 16).",
    ),
    (
        "In force from",
        "The journal position of the change that put a version of a monitor in force: every post behind it is matched under that \
         version, every post before it was found by the search of the past.",
    ),
    (
        "Delay",
        "The time between a post's own time and its arrival here, for the newest post of a source.",
    ),
    (
        "Posts read",
        "Posts admitted since the process started, matched or not.",
    ),
];

/// What a metric or another figure of the page means, by its title.
pub fn about(title: &str) -> Option<&'static str> {
    let metric = METRICS.iter().find(|m| m.title == title).map(|m| m.about);
    metric.or_else(|| {
        NAMED
            .iter()
            .chain(OTHERS)
            .find(|(name, _)| *name == title)
            .map(|(_, about)| *about)
    })
}

/// The page.
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for metric in METRICS {
        let unit = match metric.unit {
            Unit::Count => "count",
            Unit::Share => "share, 0 to 1",
            Unit::Balance => "−1 to 1",
            Unit::Number => "number",
        };
        let _ = write!(
            page,
            "\n**{}** (`{}`, {unit}). {}\n",
            metric.title, metric.name, metric.about
        );
    }
    for (head, list) in [("Named answers", NAMED), ("Beside the metrics", OTHERS)] {
        let _ = write!(page, "\n## {head}\n");
        for (title, about) in list {
            let _ = write!(page, "\n**{title}.** {about}\n");
        }
    }
    page
}
