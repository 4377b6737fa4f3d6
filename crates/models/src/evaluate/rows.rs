//! Rows of a true label, probabilities and a language, collected and judged.

use super::intervals::{by_class, by_lang};
use super::{Answered, Evaluation};
use crate::calibrate::reliability;
use crate::linear::{MAX_CLASSES, argmax};
use crate::metrics::{Answer, Confusion, evaluate};
use std::collections::HashMap;

/// A row that cannot be judged.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum EvaluateError {
    /// Not one probability per label of the model.
    #[error("{found} probabilities, the model has {expected} labels")]
    Probabilities {
        /// Labels of the model.
        expected: usize,
        /// Probabilities given.
        found: usize,
    },
    /// A probability is not a number from 0 to 1.
    #[error("a probability is not a number from 0 to 1")]
    NotAProbability,
    /// More labels than figures are made for.
    #[error("label {0:?} is one too many: {MAX_CLASSES} labels at most")]
    Labels(String),
}

/// Collects labelled posts with what a model said of them.
#[derive(Debug, Clone)]
pub struct Evaluator {
    labels: Vec<String>,
    /// Labels of the model; those behind them were found among the posts only.
    known: usize,
    places: HashMap<String, u16>,
    answers: Vec<Answer>,
    abstained: Vec<bool>,
}

impl Evaluator {
    /// For a model with these labels, in the order of its probabilities.
    pub fn new(labels: &[String]) -> Self {
        let places = labels.iter().enumerate().map(|(i, l)| (l.clone(), i as u16));
        Self {
            labels: labels.to_vec(),
            known: labels.len(),
            places: places.collect(),
            answers: Vec::new(),
            abstained: Vec::new(),
        }
    }

    /// Adds a post: its true label, the probability of each label and the language, where known. A true label the model
    /// does not have gets a row of its own, in which no answer is right.
    pub fn add(
        &mut self,
        gold: &str,
        probabilities: &[f32],
        lang: Option<&str>,
    ) -> Result<(), EvaluateError> {
        self.add_answer(gold, probabilities, lang, false)
    }

    /// As [`Evaluator::add`], for a model that may say that it does not stand by its answer.
    pub fn add_answer(
        &mut self,
        gold: &str,
        probabilities: &[f32],
        lang: Option<&str>,
        abstained: bool,
    ) -> Result<(), EvaluateError> {
        if probabilities.len() != self.known || self.known == 0 {
            return Err(EvaluateError::Probabilities {
                expected: self.known,
                found: probabilities.len(),
            });
        }
        if !probabilities.iter().all(|p| (0.0..=1.001).contains(p)) {
            return Err(EvaluateError::NotAProbability);
        }
        let truth = self.place(gold)?;
        self.answers.push(Answer {
            probabilities: probabilities.to_vec(),
            given: argmax(probabilities) as u16,
            truth,
            lang: lang.map(str::to_owned),
        });
        self.abstained.push(abstained);
        Ok(())
    }

    /// Posts so far.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// The figures.
    pub fn finish(self) -> Evaluation {
        let probabilities: Vec<Vec<f32>> = self.answers.iter().map(|a| a.probabilities.clone()).collect();
        let truth: Vec<u16> = self.answers.iter().map(|a| a.truth).collect();
        let abstained = self.abstained.iter().filter(|a| **a).count();
        let standing = self.answers.iter().zip(&self.abstained).filter(|a| !a.1);
        let standing = standing.map(|(a, _)| (a.truth, a.given));
        let answered = (abstained > 0).then(|| {
            let confusion = Confusion::of(self.labels.len(), standing);
            Answered {
                n: self.answers.len() - abstained,
                accuracy: confusion.accuracy(),
                macro_f1: confusion.macro_f1(),
            }
        });
        Evaluation {
            class_intervals: by_class(&self.labels, &self.answers),
            lang_intervals: by_lang(self.labels.len(), &self.answers),
            quality: evaluate(&self.labels, &self.answers),
            reliability: reliability(&probabilities, &truth),
            abstained,
            answered,
        }
    }

    fn place(&mut self, label: &str) -> Result<u16, EvaluateError> {
        if let Some(&at) = self.places.get(label) {
            return Ok(at);
        }
        if self.labels.len() >= self.known.max(1) + MAX_CLASSES {
            return Err(EvaluateError::Labels(label.to_owned()));
        }
        let at = self.labels.len() as u16;
        self.labels.push(label.to_owned());
        self.places.insert(label.to_owned(), at);
        Ok(at)
    }
}
