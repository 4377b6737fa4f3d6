//! Asking the models, one post or a batch at a time.

use super::{Ask, Models, Said, TASKS, Tier};
use crate::aspects;
use crate::blend::{Blend, Question};
use crate::classifier::Scratch;
use crate::encoder::{self, Encoded, Encoder, Head};
use crate::entities::{self, Gazetteer};
use crate::linear::argmax;
use crate::panel::Readout;
use crate::phrases;
use crate::sentiment::{Polarity, Score};
use text::Tokens;

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
    pooled: Vec<f32>,
    keep_states: bool,
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
            pooled: Vec::new(),
            keep_states: false,
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

    /// Whether [`Reader::full`] gives the states that classifiers of one's own read, too.
    pub fn keep_states(&mut self, keep: bool) {
        self.keep_states = keep;
    }

    /// Whether there is a full tier to be asked.
    pub fn has_full(&self) -> bool {
        self.models.encoder.is_some()
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
        let (panel, blend, lang) = (&self.models.panel, &self.models.blend, &*ask.lang);
        panel.read(&self.tokens, &mut self.scratch, &mut self.readout);
        let mut said = Said::new(Tier::Fast);
        if let Some(head) = panel.head("sentiment")
            && panel.answers(head, &self.readout, &self.tokens, lang)
        {
            let p = panel.probabilities(head, &self.readout, Some(lang), &mut self.scratch);
            blend.of(Question::SENTIMENT).fast(lang, p, &mut self.pooled);
            said.sentiment = score(&self.pooled);
        }
        for places in &ask.targets {
            let found = (!places.is_empty())
                .then(|| panel.target(&self.tokens, &self.readout, places, lang, &mut self.scratch));
            said.toward.push(found.flatten().and_then(|found| {
                let p = &found.probabilities;
                blend.of(Question::TARGET).fast(lang, p, &mut self.pooled);
                score(&self.pooled)
            }));
        }
        for (place, ((task, _), out)) in TASKS.iter().zip(&mut said.tasks).enumerate() {
            if let Some(head) = panel.head(task)
                && panel.answers(head, &self.readout, &self.tokens, lang)
            {
                let p = panel.probabilities(head, &self.readout, Some(lang), &mut self.scratch);
                blend.of(Question::task(place)).fast(lang, p, out);
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
                out[i] = full_said(
                    (encoder, &self.models.blend),
                    &encoded,
                    post,
                    asks[i],
                    fast[i],
                    &mut buffers,
                );
                if self.keep_states {
                    crate::custom::states(&encoded, post, &mut out[i].states);
                }
                if asks[i].words {
                    self.tokens.read(&asks[i].text);
                    more_words(encoder, &encoded, post, asks[i], &self.tokens, &mut out[i]);
                }
            }
        }
        out
    }
}

/// What the encoder says of a post of a batch, pooled with what the panel said.
fn full_said(
    (encoder, blend): (&Encoder, &Blend),
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
    let lang = &*ask.lang;
    let Buffers {
        input: target,
        values,
        probabilities,
    } = buffers;
    let mut pooled = Vec::new();
    let mut sentiment = |question, head: &Head, input: &[f32], fast: Option<&Score>| {
        head.probabilities(input, Some(lang), values, probabilities);
        let fast = fast.map_or(&[][..], |f| &f.probabilities);
        blend.of(question).full(lang, probabilities, fast, &mut pooled);
        score(&pooled)
    };
    let input = encoded.post(post);
    if let Some(head) = encoder.head("sentiment") {
        said.sentiment = sentiment(Question::SENTIMENT, head, input, fast.sentiment.as_ref());
    }
    for (places, fast) in ask.targets.iter().zip(&fast.toward) {
        let head = encoder.head("target");
        let answer = head
            .filter(|_| encoded.target(post, places, target))
            .and_then(|head| sentiment(Question::TARGET, head, target, fast.as_ref()));
        said.toward.push(answer.or(*fast));
    }
    for (place, ((task, _), out)) in TASKS.iter().zip(&mut said.tasks).enumerate() {
        if let Some(head) = encoder.head(task) {
            head.probabilities(input, Some(lang), values, probabilities);
            let question = Question::task(place);
            blend
                .of(question)
                .full(lang, probabilities, &fast.tasks[place], out);
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

pub(crate) fn score(p: &[f32]) -> Option<Score> {
    let probabilities = *p.first_chunk::<3>()?;
    Some(Score {
        probabilities,
        label: Polarity::ALL[argmax(&probabilities)],
    })
}
