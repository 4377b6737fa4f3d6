//! The profiles as a page of Markdown.

use super::{ALL, Keep, OURS, Profile, Rule, UNVERIFIED, Use};

const INTRO: &str = "\
<!-- Generated from crates/post/src/profile by `make reference`; a test fails where it is stale. -->

# Policy profiles

What each platform's terms let us keep, infer, export and show. Each rule names the document it was read from.
*Practice, not verified* means that nobody has read it in the platform's own words: read them before relying on it. *Our
own rule* is this product's. Terms change; this page is no legal advice.

`GET /api/v1/policies` and `groundswell policy list` show the same with the limits that are in force here.

## How the rules are enforced

- **Kept.** A mention goes through three stages, each with a limit in days, counted from when this installation received
  the post. First it has its *text*: headline, links, tags and media included. Then *features* remain: pseudonyms,
  references to other posts, the platform's counts, scores. Then *aggregates*: that something was said, when, where, in
  which language, by a post of which kind, and how it was scored; nothing that leads to a person. `[retention]`
  in the configuration and each project can shorten a limit. A platform's maximum cannot be exceeded; where the profile
  gives only a default (*unless set*), `[retention.PLATFORM]` can also lengthen it.
- **Models.** A score that a profile does not allow is not made.
- **Per person.** Sentiment is not summed up by author, nor under a filter by author, where a platform that is part of
  the answer does not allow it.
- **Export.** Each post leaves in the form its profile allows; the manifest says what was withheld and why.
- **Labels.** Answers with a platform's data carry the label its terms demand, as `policy_labels`.

No platform's posts are used to infer health, politics, religion, ethnicity, sexuality, union membership or crime of a
person; demographics are not guessed at all. Accounts that act in public stay readable: organisations and media the
platform marks as such, accounts on the operator's list, and accounts above a number of followers (default 25,000).

## Small cells

Share links, aggregate-only API keys and reports that leave the project show no value of a place, language, community,
hashtag or word behind which fewer than 10 distinct authors stand (`[privacy] small_cell`). Such values are counted under
*other*; where the rest could give one of them away by subtraction, the smallest of the others is counted there, too.
Sentiment is not split by such a value. Posts whose author the platform does not name count as none. Filters by such a
value, by author and by a search, and series split by language, are refused to them, since each answer would be a cell.
Totals over time are always shown. What remains: two answers whose periods, platforms or monitors differ by little can
be subtracted from one another. Who must rule that out gives out reports, not keys.

## Overview

";

/// The page.
pub fn page() -> String {
    let mut out = INTRO.to_owned();
    out.push_str("| Platform | text kept | features | profile | inference per person | scores | export |\n");
    out.push_str("|---|---|---|---|---|---|---|\n");
    for p in ALL {
        let cells = [
            p.name.to_owned(),
            keep(p.text.value),
            keep(p.features.value),
            keep(p.profile.value),
            p.per_person.value.name().to_owned(),
            scores(p),
            p.export.value.words(),
        ];
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    ALL.iter().for_each(|p| platform(&mut out, p));
    out
}

fn platform(out: &mut String, p: &Profile) {
    let names: Vec<String> = std::iter::once(&p.platform)
        .chain(p.also)
        .map(|name| format!("`{name}`"))
        .collect();
    out.push_str(&format!(
        "\n## {}\n\nIn queries: {}.\n\n",
        p.name,
        names.join(", ")
    ));
    out.push_str("| | Rule | Source |\n|---|---|---|\n");
    let mut row = |what: &str, words: &str, source: &str| {
        out.push_str(&format!("| {what} | {words} | {} |\n", sourced(source)));
    };
    let keeps: [(&str, Rule<Keep>); 3] = [
        ("Text", p.text),
        ("Features", p.features),
        ("Author's profile", p.profile),
    ];
    for (what, rule) in keeps {
        row(what, &keep(rule.value), rule.source);
    }
    row("Deletion", p.deletion.value, p.deletion.source);
    let how = match p.recheck.value.every_hours {
        Some(hours) => format!("at least every {hours} hours: {}", p.recheck.value.how),
        None => p.recheck.value.how.to_owned(),
    };
    row("Re-check", &how, p.recheck.source);
    row(
        "Inference per person",
        p.per_person.value.name(),
        p.per_person.source,
    );
    for (tasks, rule) in p.models {
        let names: Vec<&str> = tasks.iter().map(|t| t.name()).collect();
        row(
            "Models",
            &format!("{}: {}", names.join(", "), rule.value.name()),
            rule.source,
        );
    }
    if p.models.is_empty() {
        row("Models", "all allowed", OURS);
    }
    row("Export", &p.export.value.words(), p.export.source);
    row("To a language model", p.passing_on_words(), p.passing_on.source);
    row("Beside a post shown", p.attribution.value, p.attribution.source);
    if let Some(label) = &p.label {
        row("Label", &format!("“{}”", label.value), label.source);
    }
    if let Some(amendment) = &p.amendment {
        let a = amendment.value;
        row(
            "Acceptance",
            &format!(
                "the {} of {} opens {}; recorded by `groundswell policy accept {}`",
                a.name, a.version, a.opens, p.platform
            ),
            amendment.source,
        );
    }
}

fn keep(keep: Keep) -> String {
    match keep {
        Keep::UntilDeleted => "until deleted".to_owned(),
        Keep::AtMost(1) => "at most 1 day".to_owned(),
        Keep::AtMost(days) => format!("at most {days} days"),
        Keep::Days(days) => format!("{days} days unless set"),
    }
}

fn scores(p: &Profile) -> String {
    let words = |(tasks, rule): &(&[super::Task], Rule<Use>)| match tasks {
        [one] => format!("{} {}", one.name(), rule.value.name()),
        _ => rule.value.name().to_owned(),
    };
    match p.models {
        [] => "allowed".to_owned(),
        rules => rules.iter().map(words).collect::<Vec<_>>().join("; "),
    }
}

fn sourced(source: &str) -> String {
    if source == UNVERIFIED || source == OURS {
        format!("*{source}*")
    } else {
        source.to_owned()
    }
}
