//! What can be wrong with soft answers.

/// Why shares cannot be told.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum QuantifyError {
    /// The number of classes is not the expected one.
    #[error("{0} classes do not fit: at least 2 are needed, and the same ones everywhere")]
    Classes(usize),
    /// A class has no labelled post.
    #[error("no labelled post of class {0:?}: its share cannot be told; label some or leave the class out")]
    Unlabelled(String),
    /// Posts, classes and probabilities do not fit together, or are too many.
    #[error(
        "{cells} probabilities for {posts} posts of {classes} classes do not fit, or are more than {}",
        super::MAX_CELLS
    )]
    Size {
        /// Posts.
        posts: usize,
        /// Classes.
        classes: usize,
        /// Probabilities given.
        cells: usize,
    },
    /// Numbers that are no probabilities.
    #[error("row {row}: not probabilities (each 0 to 1, sum 1)")]
    Probabilities {
        /// The place of the row, from 0.
        row: usize,
    },
    /// A line of a file of known answers cannot be read.
    #[error("line {0} is not what the form of known answers has there")]
    Line(usize),
}
