//! Why a classifier of one's own could not be trained, read or asked.

/// What was wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CustomError {
    /// Too little to learn from.
    #[error("{found} labelled posts with words, at least {needed} are needed")]
    FewRows {
        /// Posts that can be used.
        found: usize,
        /// Posts that are needed.
        needed: usize,
    },
    /// There is nothing to tell apart.
    #[error("every post has the label {label:?}: a classifier needs posts of at least 2 labels")]
    OneLabel {
        /// The only label.
        label: String,
    },
    /// More labels than a model holds.
    #[error("{found} different labels, {most} at most; is the label column the right one?")]
    ManyLabels {
        /// Labels found.
        found: usize,
        /// Labels a model may have.
        most: usize,
    },
    /// Whoever is told of its progress said so.
    #[error("training was stopped")]
    Stopped,
    /// An option makes no sense.
    #[error("{option}: {reason}")]
    Option {
        /// Its name.
        option: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The first bytes are those of something else.
    #[error("not a custom classifier: the file does not begin with GSCUSTM{}", .hint.unwrap_or_default())]
    Foreign {
        /// What it is, where that can be seen.
        hint: Option<&'static str>,
    },
    /// Written by a version this build cannot read.
    #[error("custom classifier of format {found}, this build reads {supported}")]
    Format {
        /// The version in the file.
        found: u32,
        /// The version this build writes and reads.
        supported: u32,
    },
    /// The file ends before its content does.
    #[error("custom classifier is cut off: {needed} bytes needed, {found} found")]
    Truncated {
        /// Bytes that the file promises.
        needed: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The content is not what was written.
    #[error("custom classifier is damaged: checksum {found:08x} instead of {expected:08x}")]
    Checksum {
        /// The checksum in the file.
        expected: u32,
        /// The checksum of its content.
        found: u32,
    },
    /// The header is unreadable or contradicts the rest.
    #[error("custom classifier: {0}")]
    Header(String),
    /// Trained on tokens that are cut by other rules.
    #[error("custom classifier of tokeniser version {found}, this build has {expected}: train it anew")]
    Tokeniser {
        /// The version of this build.
        expected: u32,
        /// The version in the file.
        found: u32,
    },
}
