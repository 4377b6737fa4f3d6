//! What can be wrong with an encoder's files.

/// Why an encoder could not be loaded.
#[derive(Debug, thiserror::Error, Clone, PartialEq)]
pub enum EncoderError {
    /// The first bytes are not those of a tensor container.
    #[error("not a tensor container: the file does not begin with GSTENSR")]
    NotTensors,
    /// Written by a version this build cannot read.
    #[error("tensor format {found} cannot be read by this build, which reads {supported}")]
    Format {
        /// The version in the file.
        found: u32,
        /// The version this build reads.
        supported: u32,
    },
    /// The file ends before its content does.
    #[error("tensor file is cut off: {needed} bytes needed, {found} found")]
    Truncated {
        /// Bytes the header promises.
        needed: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The content is not what was written.
    #[error("tensor file is damaged: checksum {found:08x} instead of {expected:08x}")]
    Checksum {
        /// The checksum in the file.
        expected: u32,
        /// The checksum of its content.
        found: u32,
    },
    /// The header is unreadable or contradicts itself.
    #[error("tensor file header: {0}")]
    Header(String),
    /// The file holds something else.
    #[error("tensor file holds {found}, not {expected}")]
    Kind {
        /// What the caller asked for.
        expected: &'static str,
        /// What the file says.
        found: String,
    },
    /// A tensor is missing or is not what the configuration asks for.
    #[error("tensor {name}: {reason}")]
    Tensor {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The configuration makes no sense.
    #[error("encoder configuration: {0}")]
    Config(String),
}

impl EncoderError {
    pub(super) fn tensor(name: &str, reason: impl Into<String>) -> Self {
        Self::Tensor {
            name: name.to_owned(),
            reason: reason.into(),
        }
    }
}
