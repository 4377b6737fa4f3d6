//! What a topic is called.

use super::Topics;

/// A topic in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Its id, the same from its first post to its end.
    pub id: u64,
    /// Posts, copies included.
    pub posts: u64,
    /// Texts, copies counted once.
    pub texts: u32,
    /// Its terms with their weight, the most telling first.
    pub terms: Vec<(String, f64)>,
    /// The post that is most like the others.
    pub medoid: Option<u64>,
}

/// Terms that a label has.
const SHOWN: usize = 5;

impl Topics {
    /// A topic in words: its terms by c-TF-IDF (Grootendorst 2022, arXiv:2203.05794: share of the topic's words × ln(1 +
    /// words of an average topic ÷ uses of the word anywhere)), and its medoid. `None` where it is gone.
    pub fn summary(&self, id: u64) -> Option<Summary> {
        let id = self.resolve(id);
        let place = *self.places.get(&id)?;
        let topic = self.index.get(place)?;
        let words: f64 = topic.terms.iter().map(|(_, n)| f64::from(*n)).sum();
        let average = words.max(1.0);
        let mut terms: Vec<(String, f64)> = topic
            .terms
            .iter()
            .map(|(term, n)| {
                let (anywhere, text) = self.vocabulary.term(*term);
                let rarity = (average / f64::from(anywhere.max(0.5))).ln_1p();
                (text.to_owned(), f64::from(*n) / average * rarity)
            })
            .collect();
        terms.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        terms.truncate(SHOWN);
        let likeness = |terms: &[u32]| {
            let dot: f32 = terms.iter().map(|t| self.index.weight(place, *t)).sum();
            dot / (terms.len().max(1) as f32).sqrt()
        };
        let medoid = topic
            .samples
            .iter()
            .max_by(|a, b| likeness(&a.terms).total_cmp(&likeness(&b.terms)))
            .map(|s| s.post);
        Some(Summary {
            id,
            posts: topic.posts,
            texts: topic.texts,
            terms,
            medoid,
        })
    }
}
