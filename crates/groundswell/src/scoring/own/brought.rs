//! Classifiers brought along as ONNX, named in the configuration.

use crate::scoring::onnx::{Onnx, OnnxError};
use models::linear::argmax;
use std::path::Path;
use store::Class;

/// Texts that are read together.
const BATCH: usize = 32;
/// Probability below which a label is not said.
const LIKELY: f32 = 0.5;

/// A classifier with the name of its task: what stands before the `@` in its card's id.
pub struct Brought {
    task: String,
    model: Onnx,
}

impl std::fmt::Debug for Brought {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Brought")
            .field("id", &self.model.card().id)
            .finish()
    }
}

impl Brought {
    /// Reads a folder.
    pub fn load(folder: &Path) -> Result<Self, OnnxError> {
        let model = Onnx::load(folder)?;
        let id = &model.card().id;
        let task = id
            .split_once('@')
            .map_or(id.as_str(), |(task, _)| task)
            .to_owned();
        Ok(Self { task, model })
    }

    /// The likeliest label of each text, given with its language; nothing for languages the card does not name, where no
    /// label is likely, or where the model fails, which the log says.
    pub(crate) fn classes(&self, texts: &[(&str, &str)]) -> Vec<Option<Class>> {
        let mut out = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            let said = self
                .model
                .probabilities(&batch.iter().map(|t| t.0).collect::<Vec<_>>());
            let said = said.unwrap_or_else(|error| {
                tracing::warn!(model = %self.model.card().id, %error, "an ONNX classifier failed on a batch");
                vec![Vec::new(); batch.len()]
            });
            out.extend(batch.iter().zip(said).map(|((_, lang), p)| self.class(lang, &p)));
        }
        out
    }

    fn class(&self, lang: &str, probabilities: &[f32]) -> Option<Class> {
        let card = self.model.card();
        let covered = card.languages.is_empty() || card.languages.iter().any(|l| l == lang);
        let best = argmax(probabilities);
        let probability = *probabilities.get(best).filter(|p| covered && **p >= LIKELY)?;
        Some(Class {
            task: self.task.clone(),
            label: card.labels.get(best)?.clone(),
            probability,
            model: card.id.clone(),
        })
    }
}
