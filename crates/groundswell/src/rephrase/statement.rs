//! What is sent: our sentences, without quotations that must stay here.

use crate::detect::explained::Explained;
use post::{PostKey, profile};
use store::Snapshot;

/// The sentences of an explanation as they may leave.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Statements {
    texts: Vec<String>,
    quoted: Vec<PostKey>,
}

impl Statements {
    /// Those of an explanation. A quotation stays where every mention behind it is there still, of a project's own, on a
    /// platform whose profile lets excerpts be passed on, and by somebody who does not refuse to be indexed.
    pub(crate) fn of(
        snapshot: &Snapshot,
        project: &str,
        explained: &Explained,
    ) -> Result<Self, store::Error> {
        let mut all = Self::default();
        for sentence in &explained.sentences {
            let Some(quote) = &sentence.quote else {
                all.texts.push(sentence.text.clone());
                continue;
            };
            let mut keys = Vec::new();
            for number in &sentence.mentions {
                let number = u64::from_str_radix(number, 16).unwrap_or_default();
                let mention = snapshot.numbered(number)?.filter(|m| m.project == project);
                let passes = mention.filter(|m| {
                    profile::of(&m.post.platform).passing_on.value && m.post.indexable != Some(false)
                });
                keys.push(passes.map(|m| m.post.key));
            }
            let keys: Option<Vec<PostKey>> = keys.into_iter().collect();
            match keys.filter(|keys| !keys.is_empty()) {
                Some(keys) => {
                    all.quoted.extend(keys);
                    all.texts.push(sentence.text.clone());
                }
                None => all.texts.push(without(&sentence.text, quote)),
            }
        }
        Ok(all)
    }

    /// The texts, in the order of the explanation's sentences.
    pub(crate) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Posts of which something is quoted.
    pub(crate) fn quoted(&self) -> &[PostKey] {
        &self.quoted
    }
}

/// A sentence that quotes nothing any more.
fn without(text: &str, quote: &str) -> String {
    let quoted = format!("“{quote}”");
    // One that cannot be found is not left to chance.
    match text.contains(&quoted) {
        true => text
            .replace(&format!(": {quoted}"), "")
            .replace(&quoted, "a post"),
        false => "Something is quoted here.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_that_must_stay_leaves_its_sentence_whole() {
        let text = "The first mention came 3 minutes after its begin: “tea at 4”.";
        assert_eq!(
            without(text, "tea at 4"),
            "The first mention came 3 minutes after its begin."
        );
        assert_eq!(without("it says something", "else"), "Something is quoted here.");
    }
}
