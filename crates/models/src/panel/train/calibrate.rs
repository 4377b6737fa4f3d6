//! Biases and temperatures, on validation rows.

use super::{Label, Plan, Row};
use crate::calibrate::fit_temperature;
use crate::classifier::Scratch;
use crate::error::ModelError;
use crate::linear::{argmax, softmax};
use crate::panel::near::Around;
use crate::panel::{HeadCalibration, Panel, Readout};
use std::collections::BTreeMap;
use text::Tokens;

/// Texts of a language from which on it gets its own temperature.
const ENOUGH: usize = 250;
/// A language whose calibration asks for a higher temperature than this is not answered for: on its validation texts
/// the decisions say next to nothing, and abstaining is more honest than an even guess.
const UNINFORMATIVE: f32 = 5.0;

/// Values and classes of a head, with the language of each.
#[derive(Default)]
struct Judged<'r> {
    values: Vec<Vec<f32>>,
    truth: Vec<u16>,
    langs: Vec<&'r str>,
}

pub(super) fn fit(plan: &Plan, mut panel: Panel, validation: &[Row]) -> Result<Panel, ModelError> {
    let mut judged: Vec<Judged<'_>> = plan.heads.iter().map(|_| Judged::default()).collect();
    let mut toward = Judged::default();
    let (mut tokens, mut scratch, mut readout) = (Tokens::new(), Scratch::new(), Readout::default());
    let mut values = Vec::new();
    for row in validation {
        tokens.read(&row.text);
        panel.read(&tokens, &mut scratch, &mut readout);
        for (head, label) in &row.labels {
            let Some(plan) = plan.heads.get(*head) else {
                return Err(ModelError::Data(format!("there is no head {head} to validate")));
            };
            let (to, Some(from)) = (&mut judged[*head], panel.head(&plan.name)) else {
                continue;
            };
            from.values(&readout, &mut values);
            to.push(&values, class(label), row);
        }
        for spot in &row.spots {
            let around = Around::of(&tokens, &spot.spans);
            let head = panel.header.target.as_ref();
            if let Some(values) = head.and_then(|h| panel.toward(h, &tokens, &around, &readout, &mut scratch))
            {
                toward.push(&values, spot.class, row);
            }
        }
    }
    for (found, plan) in judged.into_iter().zip(&plan.heads) {
        let Some(head) = panel.header.heads.iter_mut().find(|h| h.name == plan.name) else {
            continue;
        };
        head.calibration = found.fit(&plan.biased);
        let by_lang = &head.calibration.temperature_by_lang;
        head.languages
            .retain(|l| by_lang.get(l).is_none_or(|t| *t <= UNINFORMATIVE));
    }
    if let Some(head) = &mut panel.header.target {
        head.calibration = toward.fit(&[]);
    }
    Ok(panel)
}

fn class(label: &Label) -> usize {
    match label {
        Label::Class(k) => *k,
        Label::Soft(p) => argmax(p),
    }
}

impl<'r> Judged<'r> {
    fn push(&mut self, values: &[f32], class: usize, row: &'r Row) {
        self.values.push(values.to_vec());
        self.truth.push(class as u16);
        self.langs.push(row.lang.as_deref().unwrap_or(""));
    }

    fn fit(mut self, biased: &[String]) -> HeadCalibration {
        let mut out = HeadCalibration::default();
        let mut by_lang: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, lang) in self.langs.iter().enumerate() {
            by_lang.entry(lang).or_default().push(i);
        }
        for lang in biased {
            let Some(places) = by_lang.get(lang.as_str()) else {
                continue;
            };
            let bias = self.bias(places);
            for &i in places {
                self.values[i].iter_mut().zip(&bias).for_each(|(v, b)| *v += b);
            }
            out.bias_by_lang.insert(lang.clone(), bias);
        }
        out.temperature = fit_temperature(&self.values, &self.truth);
        for (lang, places) in by_lang.iter().filter(|(l, p)| p.len() >= ENOUGH && !l.is_empty()) {
            let pick = places.iter().map(|&i| (self.values[i].clone(), self.truth[i]));
            let (values, truth): (Vec<_>, Vec<_>) = pick.unzip();
            out.temperature_by_lang
                .insert((*lang).to_owned(), fit_temperature(&values, &truth));
        }
        out
    }

    /// The bias under which the mean probability of each class is its share (as many steps as it takes to settle).
    fn bias(&self, places: &[usize]) -> Vec<f32> {
        let classes = self.values.first().map_or(0, Vec::len);
        let (mut bias, mut p) = (vec![0.0f32; classes], Vec::new());
        let n = places.len() as f32;
        let mut share = vec![0.0f32; classes];
        places
            .iter()
            .filter_map(|&i| share.get_mut(usize::from(self.truth[i])).map(|s| *s += 1.0 / n))
            .for_each(drop);
        for _ in 0..40 {
            let mut said = vec![1e-6f32; classes];
            for &i in places {
                let shifted: Vec<f32> = self.values[i].iter().zip(&bias).map(|(v, b)| v + b).collect();
                softmax(&shifted, 1.0, &mut p);
                said.iter_mut().zip(&p).for_each(|(s, p)| *s += p / n);
            }
            for k in 0..classes {
                bias[k] += 0.7 * (share[k].max(1e-6) / said[k]).ln();
            }
        }
        bias
    }
}
