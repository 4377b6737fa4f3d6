//! Fitting one head: features, costs, passes until validation stops improving, calibration.

use crate::artefact::Head;
use crate::calibrate::fit_temperature;
use crate::error::ModelError;
use crate::features::{FeatureSpec, Features};
use crate::linear::{Linear, Sums, argmax};
use crate::metrics::Confusion;
use crate::train::data::Labelled;
use crate::train::dual::{Dual, Labels, Start};
use crate::train::examples::Examples;
use std::collections::{BTreeMap, HashMap};
use text::Tokens;

/// Validation texts a language needs for a temperature of its own.
const ENOUGH: usize = 300;

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The features.
    pub features: FeatureSpec,
    /// The weight of a word feature against a character feature.
    pub word_weight: f32,
    /// The penalty of an error against the size of the weights; larger fits closer. LIBLINEAR's C.
    pub cost: f32,
    /// Passes over the data at most.
    pub passes: usize,
    /// Passes without a better validation figure before training stops; 0: it never does, and only the last is judged.
    pub patience: usize,
    /// Whether every class of a data set weighs the same, however rare.
    pub balance: bool,
    /// How much the texts of sets count whose names begin so; 1 for others.
    pub weights: Vec<(String, f32)>,
    /// Weights below this in 8 bits are forgotten.
    pub prune: u8,
    /// The seed of the order of texts.
    pub seed: u64,
}

impl Config {
    /// What works for posts.
    pub fn posts(bits: u8) -> Self {
        Self {
            features: FeatureSpec::posts(bits),
            word_weight: 2.0,
            cost: 4.0,
            passes: 12,
            patience: 3,
            balance: true,
            weights: Vec::new(),
            prune: 0,
            seed: 1,
        }
    }

    /// What works for languages.
    pub fn language(bits: u8) -> Self {
        Self {
            features: FeatureSpec::language(bits),
            ..Self::posts(bits)
        }
    }
}

/// News of a training run, for whoever waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The head being trained.
    pub head: String,
    /// Passes done.
    pub pass: usize,
    /// Macro-recall on the validation data after this pass, 0 where there is none.
    pub macro_recall: f64,
}

/// Trains a head on `train`, stops by `validation` and calibrates on it. `keep` chooses the tokens that count, as in
/// [`Features::read_where`].
pub(crate) fn fit(
    name: &str,
    labels: &[String],
    train: &[&Labelled],
    validation: &[&Labelled],
    config: &Config,
    keep: impl Fn(&Tokens, &text::Token) -> bool,
    progress: &mut dyn FnMut(Progress),
) -> Result<Head, ModelError> {
    let number: HashMap<&str, u16> = labels
        .iter()
        .enumerate()
        .map(|(i, l)| (l.as_str(), i as u16))
        .collect();
    let class = |l: &&Labelled| number.get(l.label.as_str()).copied();
    let mut reader = Reader {
        tokens: Tokens::new(),
        features: Features::new(),
        spec: config.features,
        keep,
    };
    let mut examples = Examples::new(config.word_weight);
    let (mut classes, mut kept) = (Vec::new(), Vec::new());
    for l in train {
        let Some(k) = class(l) else { continue };
        examples.push(reader.read(&l.text));
        classes.push(k);
        kept.push(*l);
    }
    let costs = costs(&kept, &classes, labels.len(), config);
    let held: Vec<(Features, u16, Option<&str>)> = validation
        .iter()
        .filter_map(|l| Some((reader.read(&l.text).clone(), class(l)?, l.lang.as_deref())))
        .collect();

    let mut truth = Labels::new();
    for (&class, &cost) in classes.iter().zip(&costs) {
        truth.class(0, labels.len(), usize::from(class), cost);
        truth.end();
    }
    let start = Start {
        rows: 1 << config.features.bits,
        width: labels.len(),
        seed: config.seed,
        ..Start::default()
    };
    let mut dual = Dual::new(&examples, &truth, start);
    let mut best: Option<(f64, Linear)> = None;
    let mut since_best = 0;
    for pass in 1..=config.passes {
        dual.pass();
        let last = pass == config.passes;
        // The first passes are never the best; quantising and judging them would only cost time.
        if !last && (held.is_empty() || pass < 4 || config.patience == 0) {
            progress(Progress {
                head: name.to_owned(),
                pass,
                macro_recall: 0.0,
            });
            continue;
        }
        let linear = Linear::quantise(
            config.features,
            config.word_weight,
            dual.weights(),
            dual.bias().to_vec(),
        )?
        .pruned(config.prune);
        let figure = macro_recall(&linear, &held, labels.len());
        progress(Progress {
            head: name.to_owned(),
            pass,
            macro_recall: figure,
        });
        if best.as_ref().is_none_or(|(b, _)| figure > *b) {
            best = Some((figure, linear));
            since_best = 0;
        } else {
            since_best += 1;
            if since_best >= config.patience {
                break;
            }
        }
    }
    let Some((_, linear)) = best else {
        return Err(ModelError::Data("no passes were asked for".to_owned()));
    };
    let (temperature, temperature_by_lang) = temperatures(&linear, &held);
    Ok(Head {
        name: name.to_owned(),
        labels: labels.to_vec(),
        temperature,
        temperature_by_lang,
        linear,
    })
}

struct Reader<K> {
    tokens: Tokens,
    features: Features,
    spec: FeatureSpec,
    keep: K,
}

impl<K: Fn(&Tokens, &text::Token) -> bool> Reader<K> {
    fn read(&mut self, text: &str) -> &Features {
        self.tokens.read(text);
        let tokens = &self.tokens;
        self.features
            .read_where(tokens, &self.spec, |t| (self.keep)(tokens, t));
        &self.features
    }
}

/// The cost of an error on each text. With balance, all classes of a data set cost the same in sum.
fn costs(train: &[&Labelled], classes: &[u16], count: usize, config: &Config) -> Vec<f32> {
    let mut sizes: HashMap<&str, Vec<usize>> = HashMap::new();
    for (l, &k) in train.iter().zip(classes) {
        sizes.entry(&l.set).or_insert_with(|| vec![0; count])[usize::from(k)] += 1;
    }
    let cost = |(l, &k): (&&Labelled, &u16)| {
        let told = config.weights.iter().find(|w| l.set.starts_with(&w.0));
        let weight = config.cost * told.map_or(1.0, |w| w.1);
        if !config.balance {
            return weight;
        }
        let set = &sizes[l.set.as_str()];
        let present = set.iter().filter(|&&n| n > 0).count();
        let even = set.iter().sum::<usize>() as f32 / present as f32;
        weight * (even / set[usize::from(k)] as f32).clamp(0.2, 5.0)
    };
    train.iter().zip(classes).map(cost).collect()
}

fn macro_recall(linear: &Linear, held: &[(Features, u16, Option<&str>)], classes: usize) -> f64 {
    let (mut sums, mut values) = (Sums::default(), Vec::new());
    let pairs = held.iter().map(|(features, truth, _)| {
        linear.decide(features, &mut sums, &mut values);
        (*truth, argmax(&values) as u16)
    });
    Confusion::of(classes, pairs).macro_recall()
}

fn temperatures(linear: &Linear, held: &[(Features, u16, Option<&str>)]) -> (f32, BTreeMap<String, f32>) {
    let (mut sums, mut out) = (Sums::default(), Vec::new());
    let mut decide = |features: &Features| {
        linear.decide(features, &mut sums, &mut out);
        out.clone()
    };
    let values: Vec<Vec<f32>> = held.iter().map(|h| decide(&h.0)).collect();
    let truth: Vec<u16> = held.iter().map(|h| h.1).collect();
    let mut by_lang: BTreeMap<&str, (Vec<Vec<f32>>, Vec<u16>)> = BTreeMap::new();
    for ((_, truth, lang), values) in held.iter().zip(&values) {
        if let Some(lang) = lang {
            let group = by_lang.entry(lang).or_default();
            group.0.push(values.clone());
            group.1.push(*truth);
        }
    }
    let enough = by_lang.into_iter().filter(|(_, g)| g.1.len() >= ENOUGH);
    let fitted = enough
        .map(|(lang, (v, t))| (lang.to_owned(), fit_temperature(&v, &t)))
        .collect();
    (fit_temperature(&values, &truth), fitted)
}
