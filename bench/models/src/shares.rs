//! What is known of the mistakes in sentiment, for shares: the answers to development posts as the stream serves them, each
//! by a blend that was learnt without its post.

use crate::judge::{Judged, Pair};
use anyhow::{Context, Result};
use groundswell::scoring::Settings;
use models::quantify::{Grouped, Known};

/// Writes `models/shares/sentiment.tsv`.
pub(crate) fn write(judged: &Judged) -> Result<()> {
    let sets = judged
        .get("sentiment")
        .context("no post is labelled with its sentiment")?;
    let posts: Vec<Grouped> = sets.values().flatten().map(served).collect();
    let known = Known {
        weights: groundswell::weights::known_by()?,
        labels: ["negative", "neutral", "positive"].map(str::to_owned).to_vec(),
        posts,
    };
    let text = known.to_text();
    std::fs::create_dir_all("models/shares")?;
    std::fs::write("models/shares/sentiment.tsv", &text)?;
    println!(
        "models/shares/sentiment.tsv: {} posts, {} bytes",
        known.posts.len(),
        text.len()
    );
    Ok(())
}

/// The answer that the cascade gives where there is time: the fast tier's where it is sure.
fn served(pair: &Pair) -> Grouped {
    let confidence = pair.fast.probabilities.iter().copied().fold(0.0, f32::max);
    let answer = if confidence >= Settings::default().sure {
        &pair.fast
    } else {
        &pair.full
    };
    Grouped {
        group: answer.lang.clone().unwrap_or_default(),
        truth: answer.truth,
        soft: answer.probabilities.clone(),
    }
}
