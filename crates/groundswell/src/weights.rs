//! The models that come with the program.

use models::Models;

/// Weights of the language model.
pub const LANGUAGE: &[u8] = include_bytes!("../../../models/language/weights.gsm");

/// Weights of the sentiment model.
pub const SENTIMENT: &[u8] = include_bytes!("../../../models/sentiment/weights.gsm");

/// Reads the embedded models.
pub fn embedded() -> anyhow::Result<Models> {
    Ok(Models::load(LANGUAGE, SENTIMENT)?)
}
