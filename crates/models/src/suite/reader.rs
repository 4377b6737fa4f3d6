//! Asking the models, one post or a batch at a time.

use super::{Ask, Models, Said, TASKS, Tier};
use crate::aspects;
use crate::classifier::Scratch;
use crate::encoder::{self, Encoded, Encoder};
use crate::entities::{self, Gazetteer};
use crate::linear::argmax;
use crate::panel::Readout;
use crate::phrases;
use crate::sentiment::{Polarity, Score};
use text::Tokens;

/// Weight of the encoder where both tiers read a post.
const FULL_WEIGHT: f32 = 0.7;
/// Posts that go through the encoder together.
const BATCH: usize = 32;
/// Hashtags of a post whose words are given.
const MOST_TAGS: usize = 64;

/// Asks models; keeps its buffers. One per thread.
#[derive(Debug)]
pub struct Reader<'m> {
    models: &'m Models,
    tokens: Tokens,
    scratch: Scratch,
    readout: Readout,
    encoder: encoder::Scratch,
    names: Option<&'m Gazetteer>,
}

/// Buffers of reading the encoder's heads.
#[derive(Default)]
struct Buffers {
    input: Vec<f32>,
    values: Vec<f32>,
    probabilities: Vec<f32>,
}

impl<'m> Reader<'m> {
    /// A reader of these models.
    pub fn new(models: &'m Models) -> Self {
        Self {
            models,
            tokens: Tokens::new(),
            scratch: Scratch::new(),
            readout: Readout::default(),
            encoder: encoder::Scratch::new(),
            names: None,
        }
    }

    /// The same reader, which finds these names among the entities of posts.
    pub fn with_names(self, names: &'m Gazetteer) -> Self {
        Self {
            names: Some(names),
            ..self
        }
    }

    /// The language of a text, `und` where nobody can say.
    pub fn language(&mut self, text: &str) -> &'static str {
        self.tokens.read(text);
        self.models
            .language
            .identify(&self.tokens, &mut self.scratch)
            .lang
    }

    /// What the fast tier says.
    pub fn fast(&mut self, ask: &Ask<'_>) -> Said {
        self.tokens.read(&ask.text);
        let (panel, lang) = (&self.models.panel, &*ask.lang);
        panel.read(&self.tokens, &mut self.scratch, &mut self.readout);
        let mut said = Said::new(Tier::Fast);
        if let Some(head) = panel.head("sentiment")
            && panel.answers(head, &self.readout, &self.tokens, lang)
        {
            said.sentiment = score(panel.probabilities(head, &self.readout, Some(lang), &mut self.scratch));
        }
        for places in &ask.targets {
            let found = (!places.is_empty())
                .then(|| panel.target(&self.tokens, &self.readout, places, lang, &mut self.scratch));
            said.toward.push(found.flatten());
        }
        for ((task, _), p) in TASKS.iter().zip(&mut said.tasks) {
            if let Some(head) = panel.head(task)
                && panel.answers(head, &self.readout, &self.tokens, lang)
            {
                p.extend_from_slice(panel.probabilities(head, &self.readout, Some(lang), &mut self.scratch));
            }
        }
        if ask.words {
            self.words(ask, &mut said);
        }
        said
    }

    /// What is found without the encoder: names of the list, phrases, and the words of hashtags.
    fn words(&self, ask: &Ask<'_>, said: &mut Said) {
        let hashtags = self.models.hashtags.as_ref();
        if let Some(names) = self.names {
            said.entities = names.find(&ask.text, &self.tokens);
        }
        said.phrases = phrases::of(&ask.text, &self.tokens, &ask.lang, hashtags);
        for tag in text::hashtags(&ask.text).into_iter().take(MOST_TAGS) {
            let words = hashtags.map_or_else(|| text::fold(&tag), |h| h.spaced(&tag));
            if !words.is_empty() && !said.hashtags.contains(&words) {
                said.hashtags.push(words);
            }
        }
    }

    /// What both tiers say together, the posts going through the encoder in batches. `fast` is what [`Reader::fast`]
    /// said of the same posts. Without an encoder that is the answer.
    pub fn full(&mut self, asks: &[&Ask<'_>], fast: &[&Said]) -> Vec<Said> {
        let Some(encoder) = &self.models.encoder else {
            return fast.iter().map(|s| (*s).clone()).collect();
        };
        // Posts of like length side by side, so that no short one waits for a long one.
        let mut order: Vec<usize> = (0..asks.len()).collect();
        order.sort_by_key(|&i| asks[i].text.len());
        let mut out: Vec<Said> = fast.iter().map(|s| (*s).clone()).collect();
        let mut buffers = Buffers::default();
        for batch in order.chunks(BATCH) {
            let texts: Vec<&str> = batch.iter().map(|&i| &*asks[i].text).collect();
            let encoded = encoder.encode(&texts, &mut self.encoder);
            for (post, &i) in batch.iter().enumerate() {
                out[i] = full_said(encoder, &encoded, post, asks[i], fast[i], &mut buffers);
                if asks[i].words {
                    self.tokens.read(&asks[i].text);
                    more_words(encoder, &encoded, post, asks[i], &self.tokens, &mut out[i]);
                }
            }
        }
        out
    }
}

/// What the encoder says of a post of a batch, averaged with what the panel said.
fn full_said(
    encoder: &Encoder,
    encoded: &Encoded<'_>,
    post: usize,
    ask: &Ask<'_>,
    fast: &Said,
    buffers: &mut Buffers,
) -> Said {
    if encoded.pieces(post).len() <= 2 {
        return fast.clone();
    }
    let mut said = Said {
        entities: fast.entities.clone(),
        phrases: fast.phrases.clone(),
        hashtags: fast.hashtags.clone(),
        ..Said::new(Tier::Full)
    };
    let lang = Some(&*ask.lang);
    let input = encoded.post(post);
    if let Some(head) = encoder.head("sentiment") {
        head.probabilities(input, lang, &mut buffers.values, &mut buffers.probabilities);
        said.sentiment = averaged(&buffers.probabilities, fast.sentiment.as_ref());
    }
    for (places, fast) in ask.targets.iter().zip(&fast.toward) {
        let answer = encoder
            .head("target")
            .filter(|_| encoded.target(post, places, &mut buffers.input))
            .and_then(|head| {
                let Buffers {
                    input,
                    values,
                    probabilities,
                } = buffers;
                head.probabilities(input, lang, values, probabilities);
                averaged(probabilities, fast.as_ref())
            });
        said.toward.push(answer.or(*fast));
    }
    for (((task, _), p), fast) in TASKS.iter().zip(&mut said.tasks).zip(&fast.tasks) {
        if let Some(head) = encoder.head(task) {
            head.probabilities(input, lang, &mut buffers.values, p);
            blend(p, fast);
        }
    }
    said
}

/// Adds what the encoder finds to the words the fast tier found.
fn more_words(
    encoder: &Encoder,
    encoded: &Encoded<'_>,
    post: usize,
    ask: &Ask<'_>,
    tokens: &Tokens,
    said: &mut Said,
) {
    let read = entities::read(encoder, encoded, post, &ask.text, tokens);
    said.entities = entities::merge(std::mem::take(&mut said.entities), read);
    said.aspects = aspects::read(encoder, encoded, post, (&ask.text, &ask.lang), tokens);
}

/// Averages what both tiers say, where both do.
fn blend(full: &mut [f32], fast: &[f32]) {
    if full.len() == fast.len() {
        for (p, q) in full.iter_mut().zip(fast) {
            *p = FULL_WEIGHT * *p + (1.0 - FULL_WEIGHT) * q;
        }
    }
}

pub(crate) fn score(p: &[f32]) -> Option<Score> {
    let probabilities = *p.first_chunk::<3>()?;
    Some(Score {
        probabilities,
        label: Polarity::ALL[argmax(&probabilities)],
    })
}

fn averaged(full: &[f32], fast: Option<&Score>) -> Option<Score> {
    let mut p = *full.first_chunk::<3>()?;
    if let Some(fast) = fast {
        blend(&mut p, &fast.probabilities);
    }
    score(&p)
}
