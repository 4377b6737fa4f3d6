//! What can be wrong with weights, cards and training data.

/// Why weights were refused or a training run could not start.
#[derive(Debug, thiserror::Error, Clone, PartialEq)]
pub enum ModelError {
    /// The first bytes are not those of a Groundswell artefact.
    #[error("not a groundswell model: the file does not begin with GSMODEL")]
    NotAModel,
    /// Written by a version this build cannot read.
    #[error("model format {found} cannot be read by this build, which reads {supported}")]
    Format {
        /// The version in the file.
        found: u32,
        /// The version this build writes and reads.
        supported: u32,
    },
    /// The file ends before its content does.
    #[error("model is cut off: {needed} bytes needed, {found} found")]
    Truncated {
        /// Bytes the header promises.
        needed: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The content is not what was written.
    #[error("model is damaged: checksum {found:08x} instead of {expected:08x}")]
    Checksum {
        /// The checksum in the file.
        expected: u32,
        /// The checksum of its content.
        found: u32,
    },
    /// The header is unreadable or contradicts itself.
    #[error("model header: {0}")]
    Header(String),
    /// The weights are for something else.
    #[error("model is for {found}, not for {expected}")]
    Kind {
        /// What the caller asked for.
        expected: &'static str,
        /// What the artefact says.
        found: String,
    },
    /// The weights were trained on tokens cut by other rules.
    #[error("model was trained on tokeniser version {found}, this build has version {expected}")]
    Tokeniser {
        /// The version of this build.
        expected: u32,
        /// The version in the artefact.
        found: u32,
    },
    /// The card describes other weights.
    #[error("model card {card} does not belong to weights {weights}: {reason}")]
    Card {
        /// The id on the card.
        card: String,
        /// The id in the weights.
        weights: String,
        /// What differs.
        reason: String,
    },
    /// The training data cannot give a model.
    #[error("training data: {0}")]
    Data(String),
}
