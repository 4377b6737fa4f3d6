//! The metrics: names, definitions, and how each follows from a cell.

use super::shares::{Estimated, Shares};
use super::value::Value;
use std::cell::OnceCell;
use store::{Cell, Label, Measures};

/// A metric.
pub struct Metric {
    /// Its name in the API.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// What it means, for the page of definitions.
    pub about: &'static str,
    /// What the store has to measure for it.
    pub measures: Measures,
    value: fn(&Context<'_>) -> Value,
}

/// What a metric is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A whole number of things.
    Count,
    /// A share or a rate, 0 to 1, shown in per cent.
    Share,
    /// A difference of two shares, −1 to 1.
    Balance,
    /// Any other number.
    Number,
}

/// What a value is worked out from.
pub struct Context<'a> {
    /// The cell.
    pub cell: &'a Cell,
    /// Everything under the filter.
    pub total: &'a Cell,
    /// The sums over all keys that the cell is compared with: those of its column, or of the whole axis.
    pub voices: Voices,
    /// What is known of the models' mistakes.
    pub shares: &'a Shares,
    /// The sums of the cell by language, where they were asked for.
    pub by_lang: Option<&'a [(String, Cell)]>,
    /// The shares of its classes, once one of them was worked out: several metrics follow from one estimate.
    pub(super) estimated: OnceCell<Option<Estimated>>,
}

impl<'a> Context<'a> {
    /// What the metrics of a cell are worked out from.
    pub fn new(
        cell: &'a Cell,
        total: &'a Cell,
        voices: Voices,
        shares: &'a Shares,
        by_lang: Option<&'a [(String, Cell)]>,
    ) -> Self {
        Self {
            cell,
            total,
            voices,
            shares,
            by_lang,
            estimated: OnceCell::new(),
        }
    }
}

/// Sums over the keys of a cut.
#[derive(Debug, Clone, Copy, Default)]
pub struct Voices {
    /// Mentions.
    pub mentions: u64,
    /// Authors, each counted for every key.
    pub authors: u64,
    /// Engagement.
    pub engagement: u64,
}

impl Voices {
    /// Adds a cell.
    pub fn add(&mut self, cell: &Cell) {
        self.mentions += cell.mentions;
        self.authors += cell.authors;
        self.engagement = self.engagement.saturating_add(cell.engagement);
    }
}

impl Metric {
    /// Its value.
    pub fn value(&self, context: &Context<'_>) -> Value {
        (self.value)(context)
    }

    /// The metric of a name.
    pub fn find(name: &str) -> Option<&'static Metric> {
        METRICS.iter().find(|m| m.name == name)
    }

    /// Whether it is a share of a class, for which sums by language make a better estimate.
    pub fn is_class_share(&self) -> bool {
        matches!(
            self.name,
            "negative_share" | "neutral_share" | "positive_share" | "net_sentiment"
        )
    }
}

/// Everything two sets of measures ask for.
pub fn both(a: Measures, b: Measures) -> Measures {
    Measures {
        authors: a.authors || b.authors,
        voices: a.voices || b.voices,
        texts: a.texts || b.texts,
        engagement: a.engagement || b.engagement,
        audience: a.audience || b.audience,
        sentiment: a.sentiment || b.sentiment,
    }
}

const NONE: Measures = Measures {
    authors: false,
    voices: false,
    texts: false,
    engagement: false,
    audience: false,
    sentiment: false,
};
const AUTHORS: Measures = Measures {
    authors: true,
    ..NONE
};
const VOICES: Measures = Measures {
    voices: true,
    ..AUTHORS
};
const TEXTS: Measures = Measures { texts: true, ..NONE };
const ENGAGEMENT: Measures = Measures {
    engagement: true,
    ..NONE
};
const AUDIENCE: Measures = Measures {
    audience: true,
    ..NONE
};
const SENTIMENT: Measures = Measures {
    sentiment: true,
    ..NONE
};
const RATE: Measures = Measures {
    engagement: true,
    audience: true,
    ..NONE
};

/// The standard error of the distinct texts of a cell.
fn texts_off(cell: &Cell) -> f64 {
    cell.texts as f64 * f64::from(cell.errors.texts) / 1e6
}

/// Every metric, in the order of the page.
pub const METRICS: &[Metric] = &[
    Metric {
        name: "mentions",
        title: "Mentions",
        unit: Unit::Count,
        about: "Posts that matched a monitor. Where several monitors are asked together as a project, each post counts \
                once, whatever number of monitors it matched; by monitor, each mention counts. Reposts and copies are \
                posts of their own and count.",
        measures: NONE,
        value: |c| Value::count(c.cell.mentions),
    },
    Metric {
        name: "authors",
        title: "People",
        unit: Unit::Count,
        about: "Distinct authors, by pseudonym. Counted exactly up to 65,536 of a cell; of more at least 32,768 are drawn, \
                and the number is an estimate with its 95 % interval, at most ±1.1 % (`docs/concepts/store.md`). The same person on two platforms is two. Mentions past \
                the retention of people have none: over old periods the number is a lower bound.",
        measures: AUTHORS,
        value: |c| Value::count(c.cell.authors).give_or_take(c.cell.errors.authors),
    },
    Metric {
        name: "texts",
        title: "Unique texts",
        unit: Unit::Count,
        about: "Distinct texts, estimated where a cell has more than 65,536, as people are: posts that are copies of one another count once (`docs/concepts/trends.md` says \
                what a copy is). Where nobody looked for copies, in context and in what older programs stored, two are the \
                same where only letter case, spaces, punctuation, links or accounts named differ; mentions without a word \
                of text have none there.",
        measures: TEXTS,
        value: |c| Value::count(c.cell.texts).give_or_take(c.cell.errors.texts),
    },
    Metric {
        name: "copies",
        title: "Copies",
        unit: Unit::Count,
        about: "Mentions with a text that is not the first of its kind in the cell: mentions with a text − unique texts.",
        measures: TEXTS,
        value: |c| Value::count(c.cell.worded.saturating_sub(c.cell.texts)).off_by(texts_off(c.cell)),
    },
    Metric {
        name: "copy_share",
        title: "Share of copies",
        unit: Unit::Share,
        about: "Copies ÷ mentions with a text.",
        measures: TEXTS,
        value: |c| {
            let copies = c.cell.worded.saturating_sub(c.cell.texts);
            let worded = c.cell.worded as f64;
            Value::ratio(copies as f64, worded, c.cell.worded).off_by(texts_off(c.cell) / worded.max(1.0))
        },
    },
    Metric {
        name: "share",
        title: "Share",
        unit: Unit::Share,
        about: "Mentions of the cell ÷ all mentions under the filter, with Wilson's 95 % interval (Wilson 1927). Not \
                shown below 30 mentions in all.",
        measures: NONE,
        value: |c| Value::share(c.cell.mentions, c.total.mentions),
    },
    Metric {
        name: "share_of_voice",
        title: "Share of voice",
        unit: Unit::Share,
        about: "Mentions of the cell ÷ the sum over the keys it is compared with (those of the first cut; within one \
                column, where there are two cuts). A post that mentions two brands is a voice for both. Shares add to 100 %. With \
                Wilson's interval; not shown below 30.",
        measures: NONE,
        value: |c| Value::share(c.cell.mentions, c.voices.mentions),
    },
    Metric {
        name: "share_of_authors",
        title: "Share of voice by people",
        unit: Unit::Share,
        about: "The same over people: distinct authors of the cell ÷ the sum of the distinct authors of all keys. Many \
                posts of one account do not move it.",
        measures: AUTHORS,
        value: |c| Value::share(c.cell.authors, c.voices.authors).give_or_take(c.cell.errors.authors),
    },
    Metric {
        name: "share_of_engagement",
        title: "Share of voice by engagement",
        unit: Unit::Share,
        about: "The same over engagement. It has no interval: engagement of one post is not a sample.",
        measures: ENGAGEMENT,
        value: |c| {
            Value::ratio(
                c.cell.engagement as f64,
                c.voices.engagement as f64,
                c.voices.mentions,
            )
        },
    },
    Metric {
        name: "negative",
        title: "Negative",
        unit: Unit::Count,
        about: "Mentions labelled negative: as corrected by hand, or else the most probable class of the model named in \
                the score. A count of labels moves with the model's mistakes; for shares use the share.",
        measures: SENTIMENT,
        value: |c| Value::count(c.cell.sentiment[0]),
    },
    Metric {
        name: "neutral",
        title: "Neutral",
        unit: Unit::Count,
        about: "Mentions labelled neutral.",
        measures: SENTIMENT,
        value: |c| Value::count(c.cell.sentiment[1]),
    },
    Metric {
        name: "positive",
        title: "Positive",
        unit: Unit::Count,
        about: "Mentions labelled positive.",
        measures: SENTIMENT,
        value: |c| Value::count(c.cell.sentiment[2]),
    },
    Metric {
        name: "negative_share",
        title: "Share of negative",
        unit: Unit::Share,
        about: "The estimated share of negative mentions among those scored. Counting labels gets shares wrong, because a \
                model errs toward the classes it saw most; what it is known to get wrong, on posts of known class \
                that it was not trained on, is taken out again: PACC (Bella and others 2010) per language, from the \
                stored probabilities, with a 95 % interval from a bootstrap of both the sample and the known mistakes. \
                `method` says `counts` where no mistakes are known. Not shown below 30 scored mentions. It assumes \
                that your posts resemble those the mistakes are known from, until an audit sample says otherwise.",
        measures: SENTIMENT,
        value: |c| c.shares.share(c, Label::Negative),
    },
    Metric {
        name: "neutral_share",
        title: "Share of neutral",
        unit: Unit::Share,
        about: "The same for neutral.",
        measures: SENTIMENT,
        value: |c| c.shares.share(c, Label::Neutral),
    },
    Metric {
        name: "positive_share",
        title: "Share of positive",
        unit: Unit::Share,
        about: "The same for positive.",
        measures: SENTIMENT,
        value: |c| c.shares.share(c, Label::Positive),
    },
    Metric {
        name: "net_sentiment",
        title: "Net sentiment",
        unit: Unit::Balance,
        about: "Share of positive − share of negative, −100 % to 100 %, with its 95 % interval, estimated as the shares \
                are. By counts, the interval is that of a difference of two shares of one sample after adding one to \
                each class (Agresti and Min 2005). Not shown below 30 scored mentions.",
        measures: SENTIMENT,
        value: |c| c.shares.net(c),
    },
    Metric {
        name: "scored",
        title: "Scored",
        unit: Unit::Count,
        about: "Mentions with a sentiment. Posts in languages that no model covers have none, nor have those of platforms \
                whose policy profile does not let them be scored.",
        measures: SENTIMENT,
        value: |c| Value::count(c.cell.scored),
    },
    Metric {
        name: "engagement",
        title: "Engagement",
        unit: Unit::Count,
        about: "Likes + reposts + replies + quotes, as the platform counted them when the post was last seen. What a \
                platform hides counts as nothing, not as zero: sums are lower bounds.",
        measures: ENGAGEMENT,
        value: |c| Value::count(c.cell.engagement),
    },
    Metric {
        name: "engagement_per_mention",
        title: "Engagement per mention",
        unit: Unit::Number,
        about: "Engagement ÷ mentions.",
        measures: ENGAGEMENT,
        value: |c| Value::ratio(c.cell.engagement as f64, c.cell.mentions as f64, c.cell.mentions),
    },
    Metric {
        name: "engagement_rate",
        title: "Engagement rate",
        unit: Unit::Share,
        about: "Engagement ÷ potential audience. Unknown where no followers are.",
        measures: RATE,
        value: |c| {
            let audience = c.cell.audience.unwrap_or(0);
            Value::ratio(c.cell.engagement as f64, audience as f64, c.cell.audience_of)
                .give_or_take(c.cell.errors.audience)
        },
    },
    Metric {
        name: "audience",
        title: "Potential audience",
        unit: Unit::Count,
        about: "The most followers each distinct author was seen with, summed over authors: how many could have seen it, \
                not how many did. Audiences of two authors may be the same people, so read it per platform. Unknown, \
                not 0, where no author's followers are known; `n` says how many authors' are. Of more than 65,536 authors \
                it is estimated, with its interval: those with most followers are all added up, of the others some.",
        measures: AUDIENCE,
        value: |c| {
            let audience = Value {
                value: c.cell.audience.map(|n| n as f64),
                n: Some(c.cell.audience_of),
                ..Value::default()
            };
            audience.give_or_take(c.cell.errors.audience)
        },
    },
    Metric {
        name: "voices",
        title: "Effective number of voices",
        unit: Unit::Number,
        about: "How many equally loud authors would be as concentrated: (mentions with an author)² ÷ the sum of the squares \
                of each author's mentions, the inverse of Simpson's index (Hill 1973, number of order 2). 1 is one \
                account; as many as people is everybody once.",
        measures: VOICES,
        value: |c| {
            let signed = c.cell.signed as f64;
            Value::ratio(signed * signed, c.cell.squares as f64, c.cell.authors)
                .give_or_take(c.cell.errors.squares)
        },
    },
    Metric {
        name: "mentions_per_author",
        title: "Mentions per person",
        unit: Unit::Number,
        about: "Mentions with an author ÷ distinct authors.",
        measures: AUTHORS,
        value: |c| {
            Value::ratio(c.cell.signed as f64, c.cell.authors as f64, c.cell.authors)
                .give_or_take(c.cell.errors.authors)
        },
    },
];
