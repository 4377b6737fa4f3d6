//! What a report says, before it looks like anything.

use crate::colour::Colour;

/// A report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// What it is called.
    pub title: String,
    /// What it is about, such as the project's name.
    pub subject: String,
    /// The period in words, time zone included.
    pub period: String,
    /// When it was made, in words.
    pub made: String,
    /// The same in seconds since 1970, for the files' own metadata.
    pub made_at: i64,
    /// The language of its words, such as `en`.
    pub lang: String,
    /// The analyst's logo: the bytes of a PNG.
    pub logo: Option<Vec<u8>>,
    /// The analyst's own text, one paragraph each.
    pub text: Vec<String>,
    /// Whether nobody has approved it yet; every page says so then.
    pub draft: bool,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// What must be said with the data, such as a platform's label.
    pub labels: Vec<String>,
}

/// A part with a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// One line below it: what is counted, and how.
    pub note: Option<String>,
    /// What it shows.
    pub body: Body,
}

/// What a section shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Headline figures.
    Figures(Vec<Figure>),
    /// Lines or areas over time.
    Lines(Lines),
    /// Ranked bars.
    Bars(Vec<Bar>),
    /// Bars made of parts.
    Stacked(Stacked),
    /// Shades by row and column.
    Heat(Heat),
    /// Rows and columns of text.
    Table(Table),
    /// Paragraphs.
    Text(Vec<Paragraph>),
    /// Posts.
    Mentions(Vec<Sample>),
    /// What words mean.
    Definitions(Vec<Definition>),
}

/// One headline figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// The number as shown.
    pub value: String,
    /// Its interval as shown, where it has one.
    pub interval: Option<String>,
    /// How it changed, in words with sign, such as "+12 % on the week before".
    pub change: Option<Change>,
}

/// A change against a period before.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which way.
    pub way: Way,
    /// In words.
    pub words: String,
}

/// Which way a figure went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// More.
    Up,
    /// Less.
    Down,
    /// As before.
    Same,
}

/// Values over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lines {
    /// The name of each moment, as the axis shows it.
    pub labels: Vec<String>,
    /// The lines; each has as many values as there are labels.
    pub lines: Vec<Line>,
    /// Whether the room below is filled; for one line.
    pub filled: bool,
    /// Whether the last moment is not over: its stretch is dotted.
    pub open_end: bool,
    /// Numbered marks with a line of explanation each.
    pub marks: Vec<Mark>,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
    /// Its values; `None` where nothing is known.
    pub values: Vec<Option<f64>>,
    /// Lowest and highest that the value may be, drawn as a ribbon; as many as values, or none.
    pub band: Vec<(f64, f64)>,
}

/// A moment to point at.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its place among the labels.
    pub at: usize,
    /// What is to be said of it.
    pub words: String,
}

/// One ranked bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it counts.
    pub label: String,
    /// How much.
    pub value: f64,
    /// What is written behind the number, such as a share with its interval.
    pub note: Option<String>,
    /// Its colour.
    pub colour: Colour,
}

/// Bars made of parts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stacked {
    /// One bar each.
    pub labels: Vec<String>,
    /// The parts, the lowest first; each has as many values as there are labels.
    pub parts: Vec<Part>,
    /// Columns along time, or else lying bars that fill the width: parts of a whole.
    pub over_time: bool,
}

/// A part of every bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
    /// Its share of each bar.
    pub values: Vec<f64>,
}

/// A heat map.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heat {
    /// Names of the rows.
    pub rows: Vec<String>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Values, row by row.
    pub values: Vec<Vec<f64>>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The columns: a name, and whether numbers stand in it.
    pub columns: Vec<(String, bool)>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// A paragraph.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Paragraph {
    /// Words set before it, in bold.
    pub lead: Option<String>,
    /// The text.
    pub text: String,
}

/// A post as an example.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sample {
    /// Platform, time, sentiment and the like, on one line.
    pub about: String,
    /// Its text, where that may be shown.
    pub text: Option<String>,
    /// Where it is to be found.
    pub link: Option<String>,
    /// The colour of its mark.
    pub colour: Option<Colour>,
}

/// What a word means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Definition {
    /// The word.
    pub word: String,
    /// Its meaning.
    pub meaning: String,
}
