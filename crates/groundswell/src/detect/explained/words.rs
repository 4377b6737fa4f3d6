//! Sentences, each with the mentions that it rests on. Nothing is said that a figure does not say.

use super::gather::Gathered;
use super::told::{Explained, ExplainedPart, Sentence, hex};
use trends::explain::Explanation;

/// A part is worth a sentence from this share of the excess on.
const WORTH: f64 = 0.25;

pub(super) fn sentences(told: &Explained, e: &Explanation, gathered: &Gathered) -> Vec<Sentence> {
    let mut out = vec![size(told)];
    out.extend(terms(told));
    out.extend(first(told, e, gathered));
    for dimension in ["platform", "topic", "language", "place", "author_tier"] {
        out.extend(part(told, dimension));
    }
    out.extend(copies(told));
    out.extend(reposts(e));
    out.extend(mood(told));
    if told.sampled < 1.0 {
        let share = percent(told.sampled);
        out.push(plain(format!(
            "There are too many mentions to read them all: this rests on {share} of them, taken evenly over the time."
        )));
    }
    out
}

fn plain(text: String) -> Sentence {
    Sentence {
        text,
        mentions: Vec::new(),
        quote: None,
    }
}

fn percent(share: f64) -> String {
    let share = share * 100.0;
    match share {
        s if s.abs() < 1.0 => format!("{s:.1} %"),
        s => format!("{s:.0} %"),
    }
}

fn size(told: &Explained) -> Sentence {
    let mentions = told.typical.iter().map(|t| t.mention.clone()).collect();
    let counted = format!("{} mention{}", told.posts, if told.posts == 1 { "" } else { "s" });
    let text = match told.compared.starts_with("nothing") {
        true => format!(
            "{counted} by {} authors; held against nothing, as there is no earlier time.",
            told.authors
        ),
        false => format!(
            "{counted} by {} authors where {:.0} were to be expected from {}: {:.0} {}.",
            told.authors,
            told.expected,
            told.compared,
            told.excess.abs(),
            if told.excess < 0.0 { "fewer" } else { "more" },
        ),
    };
    Sentence {
        text,
        mentions,
        quote: None,
    }
}

fn terms(told: &Explained) -> Option<Sentence> {
    let leading: Vec<_> = told.terms.iter().take(3).collect();
    let words: Vec<String> = leading
        .iter()
        .map(|t| {
            format!(
                "“{}” ({} authors, {} before)",
                t.text, t.authors, t.authors_before
            )
        })
        .collect();
    let mentions = leading
        .iter()
        .flat_map(|t| t.mentions.iter().take(2).cloned())
        .collect();
    (!words.is_empty()).then(|| Sentence {
        text: format!("What is said more than before: {}.", words.join(", ")),
        mentions,
        quote: None,
    })
}

fn first(told: &Explained, e: &Explanation, gathered: &Gathered) -> Option<Sentence> {
    let (number, at) = e.first?;
    let about = match told.terms.is_empty() {
        true => "The first mention in it".to_owned(),
        false => "The first mention with one of these".to_owned(),
    };
    let quote: String = gathered
        .text_of(number)?
        .split_whitespace()
        .take(16)
        .collect::<Vec<_>>()
        .join(" ");
    let minutes = (at * 1000 - told.from).max(0) / 60_000;
    Some(Sentence {
        text: format!("{about} came {minutes} minutes after its begin: “{quote}”."),
        mentions: vec![hex(number)],
        quote: Some(quote),
    })
}

fn leading<'t>(told: &'t Explained, dimension: &str) -> Option<(&'t ExplainedPart, f64)> {
    let parts = told.parts.iter().find(|d| d.dimension == dimension)?;
    // One value alone explains nothing.
    let first = parts.parts.first().filter(|_| parts.parts.len() > 1)?;
    let share = first.share.filter(|s| *s >= WORTH)?;
    Some((first, share))
}

fn part(told: &Explained, dimension: &str) -> Option<Sentence> {
    let (part, share) = leading(told, dimension)?;
    let value = part
        .value
        .as_deref()
        .filter(|v| !matches!(*v, "unknown" | "other" | "und" | "followers unknown"))?;
    let share = match share > 1.0 {
        true => "More than the whole".to_owned(),
        false => percent(share),
    };
    let what = match dimension {
        "platform" => format!("{share} of the excess is on {value}."),
        "topic" => format!("{share} of the excess is about: {value}."),
        "language" => format!("{share} of the excess is in the language “{value}”."),
        "place" => format!("{share} of the excess comes from {value}."),
        _ => format!("{share} of the excess is by authors with {value}."),
    };
    Some(Sentence {
        text: what,
        mentions: part.mentions.clone(),
        quote: None,
    })
}

fn copies(told: &Explained) -> Option<Sentence> {
    let (part, share) = leading(told, "copies")?;
    let value = part.value.as_deref().filter(|_| part.posts >= 2.0)?;
    Some(Sentence {
        text: format!(
            "{} of the excess are {:.0} copies of one text: “{value}”.",
            percent(share),
            part.posts
        ),
        mentions: part.mentions.clone(),
        quote: Some(value.to_owned()),
    })
}

fn reposts(e: &Explanation) -> Option<Sentence> {
    let reposts = e.reposts.as_ref().filter(|r| r.share >= 0.1 && r.posts >= 3)?;
    Some(plain(format!(
        "{} of its mentions are reposts of one post.",
        percent(reposts.share)
    )))
}

fn mood(told: &Explained) -> Option<Sentence> {
    let (now, before) = (told.mood?, told.mood_before?);
    let said = |v: f64| format!("{:+.0}", v * 100.0);
    let interval = |i: &super::Interval| format!("{} ({} to {})", said(i.value), said(i.low), said(i.high));
    let way = match () {
        () if now.high < before.low => "more negative than before",
        () if now.low > before.high => "more positive than before",
        () => "not surely another than before",
    };
    Some(plain(format!(
        "Net sentiment is {way}: {} in it, {} before.",
        interval(&now),
        interval(&before)
    )))
}
