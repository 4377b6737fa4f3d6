//! What is known of the mistakes in sentiment, for shares: the answers to development posts as the stream serves them, each
//! by a blend that was learnt without its post. Those of whole posts and those toward a target stand apart.

use crate::judge::{Judged, Pair};
use anyhow::{Context, Result};
use groundswell::scoring::Settings;
use models::quantify::{Grouped, Known};

/// Sets whose posts are all of one platform, by how their names begin.
const PLATFORMS: [(&str, &str); 8] = [
    ("afrisenti", "x"),
    ("tweeteval", "x"),
    ("umsab", "x"),
    ("topic-", "x"),
    ("dong", "x"),
    ("sanders", "x"),
    ("sxsw", "x"),
    ("sentirueval", "x"),
];

/// Writes `models/shares/sentiment.tsv` and `models/shares/toward.tsv`.
pub(crate) fn write(judged: &Judged) -> Result<()> {
    for (task, name) in [("sentiment", "sentiment"), ("target", "toward")] {
        let sets = judged
            .get(task)
            .with_context(|| format!("no post is labelled with its {task}"))?;
        let posts = sets
            .iter()
            .flat_map(|(set, pairs)| pairs.iter().map(|pair| served(set, pair)));
        let known = Known {
            weights: groundswell::weights::known_by()?,
            labels: ["negative", "neutral", "positive"].map(str::to_owned).to_vec(),
            posts: posts.collect(),
        };
        let (text, path) = (known.to_text(), format!("models/shares/{name}.tsv"));
        std::fs::create_dir_all("models/shares")?;
        std::fs::write(&path, &text)?;
        println!("{path}: {} posts, {} bytes", known.posts.len(), text.len());
    }
    Ok(())
}

/// The answer that the cascade gives where there is time: the fast tier's where it is sure.
fn served(set: &str, pair: &Pair) -> Grouped {
    let confidence = pair.fast.probabilities.iter().copied().fold(0.0, f32::max);
    let answer = if confidence >= Settings::default().sure {
        &pair.fast
    } else {
        &pair.full
    };
    let lang = answer.lang.as_deref().unwrap_or_default();
    let platform = PLATFORMS
        .iter()
        .find(|(begin, _)| set.starts_with(begin))
        .map(|p| p.1);
    Grouped {
        group: match platform.filter(|_| !lang.is_empty()) {
            Some(platform) => format!("{lang} {platform}"),
            None => lang.to_owned(),
        },
        truth: answer.truth,
        soft: answer.probabilities.clone(),
    }
}
