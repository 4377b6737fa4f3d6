//! Classifiers of one's own: a few dozen labelled posts in, a calibrated classifier with its figures out.
//!
//! A model has two parts, each a one-vs-rest logistic regression: one of hashed n-grams of words and letters, and, where
//! an encoder is at hand, one of its states. Both answer alone; where both do, their values are mixed by a weight that
//! cross-validation chose. So one model serves both tiers, and a score of the fast tier is a score of the same model.
//!
//! Nothing is believed untested: every figure of a [`Report`] comes from answers to rows that the answering model had not
//! seen, rows that repeat a text stand on one side, and every share has an interval.
//!
//! ```
//! use models::custom::{Limits, Options, Rows, Scratch, train};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let file = b"text,label\nThe parcel came late,delivery\n..."; // and so on
//! let rows = Rows::read(file, Limits::default())?;
//! if let Ok(trained) = train(&rows.rows, &Options::named("topic@1"), None, &mut |_| true) {
//!     let class = trained.model.classify("late again", None, &mut Scratch::new());
//!     println!("{} ({:.2})", class.label, class.probability);
//! }
//! # Ok(())
//! # }
//! ```

mod corpus;
mod error;
mod file;
mod fold;
mod groups;
mod judge;
mod mix;
mod model;
mod report;
mod rows;
mod states;
mod suggest;
mod train;
mod warn;
mod words;

pub use error::CustomError;
pub use file::FORMAT;
pub use model::{Class, CustomModel, Scratch};
pub use report::{Abstention, LabelCount, Report, Warning};
pub use rows::{Limits, Row, RowProblem, Rows, RowsError};
pub use states::{Embeddings, states};
pub use suggest::{Candidate, suggest};
pub use train::{Options, Progress, Stage, Trained, train, train_on};

/// Labels of a model at most.
pub const MAX_LABELS: usize = 300;
/// Rows with words that are needed.
pub const FEWEST_ROWS: usize = 10;

/// Outputs for so many labels: two are told apart by one value.
fn outputs(labels: usize) -> usize {
    if labels == 2 { 1 } else { labels }
}

/// Makes a value for each label of the values of the outputs.
fn spread(labels: usize, values: &mut Vec<f32>) {
    if labels == 2 {
        values.insert(0, 0.0);
    }
}
