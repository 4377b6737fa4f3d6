//! Training a panel: all heads at once, by stochastic gradient descent with a rate of its own for each weight (Adagrad;
//! Duchi, Hazan and Singer 2011) on the cross entropy of softmax.
//!
//! A row may have labels of some heads only, and a label may be a distribution: what a larger model says of a post
//! (distillation; Hinton, Vinyals and Dean 2015). Deterministic for a seed.

use super::near::{self, Near};
use super::{HeadCalibration, Panel, PanelHead, PanelHeader, Readout};
use crate::calibrate::fit_temperature;
use crate::classifier::Scratch;
use crate::error::ModelError;
use crate::features::{FeatureSpec, Features};
use crate::linear::{best_scale, norm, softmax};
use std::collections::BTreeMap;
use std::ops::Range;
use text::Tokens;

/// The head whose values are added toward a target, and that has no labels of its own.
const WHOLE: &str = "target";
/// Texts of a language from which on it gets its own temperature.
const ENOUGH: usize = 250;

/// A post to learn from, or to calibrate by.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its text.
    pub text: String,
    /// Its language, where known.
    pub lang: Option<String>,
    /// The data set it comes from; classes are weighed within a set.
    pub set: String,
    /// A distribution over the labels of some heads, by the head's place in the plan.
    pub labels: Vec<(usize, Vec<f32>)>,
    /// Labels toward targets: where the target stands (bytes), and the class.
    pub spots: Vec<(Vec<Range<usize>>, usize)>,
    /// How much it counts.
    pub weight: f32,
}

/// A head to be trained.
#[derive(Debug, Clone)]
pub struct HeadPlan {
    /// The task.
    pub name: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Languages it will answer for; empty for any.
    pub languages: Vec<String>,
    /// Languages whose validation data has the classes as they come in posts: they get a bias.
    pub biased: Vec<String>,
}

/// How to train.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Name and version.
    pub id: String,
    /// The heads. One named `target` gets the labels of [`Row::spots`].
    pub heads: Vec<HeadPlan>,
    /// The features.
    pub features: FeatureSpec,
    /// The weight of a word feature.
    pub word_weight: f32,
    /// Buckets of the neighbourhood of a target, as a power of two.
    pub near_bits: u8,
    /// Passes over the rows.
    pub passes: usize,
    /// The rate of the first step.
    pub rate: f32,
    /// 0: classes count as they come; 1: each class of a set counts the same.
    pub balance: f32,
    /// Pull of every weight toward zero when it is touched.
    pub decay: f32,
    /// Seed of the order.
    pub seed: u64,
}

/// Trains a panel and calibrates it on `validation`. `progress` is told of each pass and its mean loss.
pub fn train(
    plan: &Plan,
    rows: &[Row],
    validation: &[Row],
    progress: &mut dyn FnMut(usize, f64),
) -> Result<Panel, ModelError> {
    if rows.is_empty() {
        return Err(ModelError::Data("no row to learn from".to_owned()));
    }
    let mut fit = Fit::new(plan, rows)?;
    for pass in 0..plan.passes {
        let loss = fit.pass(pass);
        progress(pass + 1, loss);
    }
    let panel = fit.finish()?;
    calibrate(plan, panel, validation)
}

/// A row as its buckets.
struct Read {
    words: Range<usize>,
    chars: Range<usize>,
    /// One per spot, in the arena of [`Fit::near_buckets`].
    near: Vec<Range<usize>>,
}

struct Fit<'p> {
    plan: &'p Plan,
    rows: &'p [Row],
    at: Vec<usize>,
    width: usize,
    buckets: Vec<u32>,
    near_buckets: Vec<u32>,
    read: Vec<Read>,
    class_weight: BTreeMap<(String, usize, usize), f32>,
    table: Weights,
    near: Weights,
    bias: Weights,
    post: Weights,
}

/// Weights with the sum of their squared gradients.
struct Weights {
    value: Vec<f32>,
    squares: Vec<f32>,
}

impl Weights {
    fn new(n: usize) -> Self {
        Self {
            value: vec![0.0; n],
            squares: vec![1e-4; n],
        }
    }

    #[inline]
    fn step(&mut self, at: usize, gradient: f32, rate: f32, decay: f32) {
        let g = gradient + decay * self.value[at];
        self.squares[at] += g * g;
        self.value[at] -= rate * g / self.squares[at].sqrt();
    }
}

impl<'p> Fit<'p> {
    fn new(plan: &'p Plan, rows: &'p [Row]) -> Result<Self, ModelError> {
        let mut at = Vec::new();
        let mut width = 0;
        for head in &plan.heads {
            at.push(width);
            width += head.labels.len();
        }
        if width == 0 || width > super::MAX_WIDTH || plan.heads.len() > super::MAX_HEADS {
            return Err(ModelError::Data("too few or too many heads".to_owned()));
        }
        let mut fit = Self {
            plan,
            rows,
            at,
            width,
            buckets: Vec::new(),
            near_buckets: Vec::new(),
            read: Vec::with_capacity(rows.len()),
            class_weight: class_weights(plan, rows),
            table: Weights::new(width << plan.features.bits),
            near: Weights::new(3usize << plan.near_bits),
            bias: Weights::new(width),
            post: Weights::new(9),
        };
        fit.read_all();
        Ok(fit)
    }

    fn read_all(&mut self) {
        let (mut tokens, mut features, mut some) = (Tokens::new(), Features::new(), Vec::new());
        for row in self.rows {
            tokens.read(&row.text);
            features.read(&tokens, &self.plan.features);
            let start = self.buckets.len();
            self.buckets.extend_from_slice(features.words());
            let middle = self.buckets.len();
            self.buckets.extend_from_slice(features.chars());
            let mut near = Vec::new();
            for (spans, _) in &row.spots {
                let own = near::own(&tokens, spans);
                near::features(&tokens, &own, self.plan.near_bits, &mut some);
                let from = self.near_buckets.len();
                self.near_buckets.extend_from_slice(&some);
                near.push(from..self.near_buckets.len());
            }
            self.read.push(Read {
                words: start..middle,
                chars: middle..self.buckets.len(),
                near,
            });
        }
    }

    fn pass(&mut self, pass: usize) -> f64 {
        let order = shuffled(self.rows.len(), self.plan.seed.wrapping_add(pass as u64));
        let rate = self.plan.rate * (1.0 - pass as f32 / self.plan.passes as f32).max(0.1);
        let (mut loss, mut n, mut values, mut p) = (0.0, 0usize, Vec::new(), Vec::new());
        for i in order {
            let row = &self.rows[i];
            self.values(i, &mut values);
            let mut gradient = vec![0.0f32; self.width];
            for (head, truth) in &row.labels {
                let at = self.at[*head];
                softmax(&values[at..at + truth.len()], 1.0, &mut p);
                let weight = row.weight * self.weight_of(row, *head, truth);
                for (k, (&said, &wanted)) in p.iter().zip(truth).enumerate() {
                    gradient[at + k] += weight * (said - wanted);
                    loss -= f64::from(weight * wanted * said.max(1e-7).ln());
                }
                n += 1;
            }
            loss += self.spots(i, &values, &mut gradient, rate, &mut n);
            self.update(i, &gradient, rate);
        }
        loss / n.max(1) as f64
    }

    fn weight_of(&self, row: &Row, head: usize, truth: &[f32]) -> f32 {
        let class = crate::linear::argmax(truth);
        let known = self.class_weight.get(&(row.set.clone(), head, class));
        known.copied().unwrap_or(1.0)
    }

    /// The values of all outputs for a row.
    fn values(&self, i: usize, out: &mut Vec<f32>) {
        out.clear();
        out.extend_from_slice(&self.bias.value);
        let read = &self.read[i];
        let norm = norm(read.words.len(), read.chars.len(), self.plan.word_weight);
        for (range, weight) in [(&read.words, self.plan.word_weight), (&read.chars, 1.0)] {
            let weight = weight / norm;
            for &bucket in &self.buckets[range.clone()] {
                let row = bucket as usize * self.width;
                let row = &self.table.value[row..row + self.width];
                out.iter_mut().zip(row).for_each(|(o, w)| *o += weight * w);
            }
        }
    }

    /// Learns from a row's targets; adds to the gradient of the whole post's outputs.
    fn spots(&mut self, i: usize, values: &[f32], gradient: &mut [f32], rate: f32, n: &mut usize) -> f64 {
        let row = &self.rows[i];
        let place = |name: &str| self.plan.heads.iter().position(|h| h.name == name);
        let (Some(whole), Some(post)) = (place(WHOLE), place("sentiment")) else {
            return 0.0;
        };
        let (whole_at, post_at) = (self.at[whole], self.at[post]);
        let (mut loss, mut p) = (0.0, Vec::new());
        for (k, (_, class)) in row.spots.iter().enumerate() {
            let range = self.read[i].near[k].clone();
            let norm = (range.len() as f32).sqrt().max(1.0);
            let mut own = [0.0f32; 3];
            for (c, value) in own.iter_mut().enumerate() {
                *value = values[whole_at + c];
                for s in 0..3 {
                    *value += self.post.value[c * 3 + s] * values[post_at + s];
                }
            }
            for &bucket in &self.near_buckets[range.clone()] {
                let at = bucket as usize * 3;
                own.iter_mut()
                    .zip(&self.near.value[at..at + 3])
                    .for_each(|(o, w)| *o += w / norm);
            }
            softmax(&own, 1.0, &mut p);
            let known = self.class_weight.get(&(row.set.clone(), whole, *class));
            let weight = row.weight * known.copied().unwrap_or(1.0);
            loss -= f64::from(weight * p[*class].max(1e-7).ln());
            *n += 1;
            for c in 0..3 {
                let g = weight * (p[c] - f32::from(u8::from(c == *class)));
                gradient[whole_at + c] += g;
                for s in 0..3 {
                    self.post
                        .step(c * 3 + s, 0.1 * g * values[post_at + s], 0.1 * rate, 0.0);
                }
                for &bucket in &self.near_buckets[range.clone()] {
                    self.near
                        .step(bucket as usize * 3 + c, g / norm, rate, self.plan.decay);
                }
            }
        }
        loss
    }

    fn update(&mut self, i: usize, gradient: &[f32], rate: f32) {
        let read = &self.read[i];
        let norm = norm(read.words.len(), read.chars.len(), self.plan.word_weight);
        let touched: Vec<usize> = (0..self.width).filter(|&k| gradient[k] != 0.0).collect();
        for &k in &touched {
            self.bias.step(k, gradient[k], rate, 0.0);
        }
        for (range, weight) in [(&read.words, self.plan.word_weight), (&read.chars, 1.0)] {
            let weight = weight / norm;
            for &bucket in &self.buckets[range.clone()] {
                let row = bucket as usize * self.width;
                for &k in &touched {
                    self.table
                        .step(row + k, weight * gradient[k], rate, self.plan.decay);
                }
            }
        }
    }

    /// The weights in 8 bits.
    fn finish(self) -> Result<Panel, ModelError> {
        let plan = self.plan;
        let scale: Vec<f32> = (0..self.width)
            .map(|k| best_scale(&self.table.value, self.width, k))
            .collect();
        let quantised = |value: &[f32], scale: &[f32]| -> Vec<i8> {
            let n = scale.len();
            let one = |(i, w): (usize, &f32)| (w / scale[i % n]).round().clamp(-127.0, 127.0) as i8;
            value.iter().enumerate().map(one).collect()
        };
        let heads = plan.heads.iter().zip(&self.at).map(|(head, &at)| {
            let n = head.labels.len();
            PanelHead {
                name: head.name.clone(),
                labels: head.labels.clone(),
                at,
                scale: scale[at..at + n].to_vec(),
                bias: self.bias.value[at..at + n].to_vec(),
                calibration: HeadCalibration::default(),
                languages: head.languages.clone(),
            }
        });
        let near_scale: Vec<f32> = (0..3).map(|k| best_scale(&self.near.value, 3, k)).collect();
        let has_near = plan.heads.iter().any(|h| h.name == WHOLE) && self.near_buckets.iter().any(|_| true);
        let p = &self.post.value;
        let near = has_near.then(|| Near {
            bits: plan.near_bits,
            scale: [near_scale[0], near_scale[1], near_scale[2]],
            post: [[p[0], p[1], p[2]], [p[3], p[4], p[5]], [p[6], p[7], p[8]]],
            head: WHOLE.to_owned(),
            calibration: HeadCalibration::default(),
        });
        let header = PanelHeader {
            id: plan.id.clone(),
            tokeniser: text::TOKENISER_VERSION,
            features: plan.features,
            word_weight: plan.word_weight,
            width: self.width,
            heads: heads.collect(),
            near,
        };
        let near_table = match has_near {
            true => quantised(&self.near.value, &near_scale),
            false => Vec::new(),
        };
        Panel::new(header, quantised(&self.table.value, &scale), near_table)
    }
}

/// By the root (or another power, the plan's balance) of how rare a class is in its set, within 0.2 and 5.
fn class_weights(plan: &Plan, rows: &[Row]) -> BTreeMap<(String, usize, usize), f32> {
    let whole = plan.heads.iter().position(|h| h.name == WHOLE);
    let mut counts: BTreeMap<(String, usize), BTreeMap<usize, f32>> = BTreeMap::new();
    let mut add = |set: &str, head: usize, class: usize| {
        let classes = counts.entry((set.to_owned(), head)).or_default();
        *classes.entry(class).or_default() += 1.0;
    };
    for row in rows {
        for (head, truth) in &row.labels {
            // What a model says is not weighed by class: it is how the classes come.
            if truth.contains(&1.0) {
                add(&row.set, *head, crate::linear::argmax(truth));
            }
        }
        for (_, class) in &row.spots {
            if let Some(whole) = whole {
                add(&row.set, whole, *class);
            }
        }
    }
    let mut out = BTreeMap::new();
    for ((set, head), classes) in counts {
        let even = classes.values().sum::<f32>() / classes.len() as f32;
        for (class, n) in classes {
            let weight = (even / n).powf(plan.balance).clamp(0.2, 5.0);
            out.insert((set.clone(), head, class), weight);
        }
    }
    out
}

/// 0..n in an order of the seed (Fisher and Yates, with SplitMix64).
fn shuffled(n: usize, seed: u64) -> Vec<usize> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, (next() % (i as u64 + 1)) as usize);
    }
    order
}

/// Values and classes of a head, with the language of each.
#[derive(Default)]
struct Judged {
    values: Vec<Vec<f32>>,
    truth: Vec<u16>,
    langs: Vec<Option<String>>,
}

/// Fits biases and temperatures on validation rows.
fn calibrate(plan: &Plan, mut panel: Panel, validation: &[Row]) -> Result<Panel, ModelError> {
    let mut judged: Vec<Judged> = plan.heads.iter().map(|_| Judged::default()).collect();
    let mut toward = Judged::default();
    let (mut tokens, mut scratch, mut readout) = (Tokens::new(), Scratch::new(), Readout::default());
    for row in validation {
        tokens.read(&row.text);
        panel.read(&tokens, &mut scratch, &mut readout);
        for (head, truth) in &row.labels {
            let at = panel.header.heads[*head].at;
            judged[*head].push(
                &readout.values[at..at + truth.len()],
                crate::linear::argmax(truth),
                row,
            );
        }
        for (spans, class) in &row.spots {
            if let Some(near) = &panel.header.near {
                let own = near::own(&tokens, spans);
                near::features(&tokens, &own, near.bits, &mut scratch.buckets);
                if let Some(values) = panel.toward(near, &readout, &scratch.buckets) {
                    toward.push(&values, *class, row);
                }
            }
        }
    }
    for (head, (found, plan)) in panel
        .header
        .heads
        .iter_mut()
        .zip(judged.into_iter().zip(&plan.heads))
    {
        head.calibration = found.fit(&plan.biased);
    }
    if let Some(near) = &mut panel.header.near {
        near.calibration = toward.fit(&[]);
    }
    Ok(panel)
}

impl Judged {
    fn push(&mut self, values: &[f32], class: usize, row: &Row) {
        self.values.push(values.to_vec());
        self.truth.push(class as u16);
        self.langs.push(row.lang.clone());
    }

    fn fit(&self, biased: &[String]) -> HeadCalibration {
        let mut out = HeadCalibration::default();
        let mut by_lang: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, lang) in self.langs.iter().enumerate() {
            by_lang.entry(lang.as_deref().unwrap_or("")).or_default().push(i);
        }
        let mut values = self.values.clone();
        for lang in biased {
            if let Some(places) = by_lang.get(lang.as_str()) {
                let bias = self.bias(places);
                for &i in places {
                    values[i].iter_mut().zip(&bias).for_each(|(v, b)| *v += b);
                }
                out.bias_by_lang.insert(lang.clone(), bias);
            }
        }
        let pick = |places: &[usize]| -> (Vec<Vec<f32>>, Vec<u16>) {
            places.iter().map(|&i| (values[i].clone(), self.truth[i])).unzip()
        };
        out.temperature = fit_temperature(&values, &self.truth);
        for (lang, places) in &by_lang {
            if places.len() >= ENOUGH && !lang.is_empty() && by_lang.len() > 1 {
                let (v, t) = pick(places);
                out.temperature_by_lang
                    .insert((*lang).to_owned(), fit_temperature(&v, &t));
            }
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
            .for_each(|&i| share[usize::from(self.truth[i])] += 1.0 / n);
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
