//! The models that come with the program.

use models::artefact::Artefact;
use models::card::Card;
use models::quantify::Known;
use models::{Files, Models};
use std::borrow::Cow;

/// The bytes of a file under `models/`: within the program in release builds; elsewhere they are read from the
/// repository, which keeps the many test programs small.
macro_rules! file {
    ($path:literal) => {{
        #[cfg(not(debug_assertions))]
        let bytes: Cow<'static, [u8]> = Cow::Borrowed(include_bytes!(concat!("../../../models/", $path)));
        #[cfg(debug_assertions)]
        let bytes: Cow<'static, [u8]> = read($path)?;
        bytes
    }};
}

#[cfg(debug_assertions)]
fn read(path: &str) -> anyhow::Result<Cow<'static, [u8]>> {
    use anyhow::Context;
    let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models")).join(path);
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Cow::Owned(bytes))
}

/// Weights of the language model.
pub fn language() -> anyhow::Result<Cow<'static, [u8]>> {
    Ok(file!("language/weights.gsm"))
}

/// The cards of the models that come with the program.
pub fn cards() -> anyhow::Result<Vec<Card>> {
    let mut cards = vec![Card::load(&file!("language/card.json"))?];
    cards.extend(Card::load_all(&file!("panel/cards.json"))?);
    cards.extend(Card::load_all(&file!("encoder/cards.json"))?);
    Ok(cards)
}

/// What is known of the mistakes of the shipped models in sentiment.
pub fn shares() -> anyhow::Result<Known> {
    let bytes = file!("shares/sentiment.tsv");
    let known = Known::parse(std::str::from_utf8(&bytes)?)?;
    let weights = known_by()?;
    anyhow::ensure!(
        known.weights == weights,
        "models/shares was made for other weights: run `bench-models shares`"
    );
    Ok(known)
}

/// The same of sentiment toward a subject.
pub fn shares_toward() -> anyhow::Result<Known> {
    let bytes = file!("shares/toward.tsv");
    let known = Known::parse(std::str::from_utf8(&bytes)?)?;
    let weights = known_by()?;
    anyhow::ensure!(
        known.weights == weights,
        "models/shares was made for other weights: run `bench-models shares`"
    );
    Ok(known)
}

/// The checksums of the weights that [`shares`] must be of.
pub fn known_by() -> anyhow::Result<Vec<String>> {
    let sum = |bytes: &[u8]| Artefact::checksum(bytes);
    Ok(vec![
        sum(&file!("panel/weights.gsp")),
        sum(&file!("encoder/weights.gst")),
        sum(&file!("blend/weights.gsb")),
    ])
}

/// Reads the models that come with the program.
pub fn embedded() -> anyhow::Result<Models> {
    let blend = Some(file!("blend/weights.gsb"));
    Ok(Models::load(Files { blend, ..files()? })?)
}

/// The same, without what was learnt of pooling their answers: each tier as it is.
pub fn without_blend() -> anyhow::Result<Models> {
    Ok(Models::load(files()?)?)
}

fn files() -> anyhow::Result<Files> {
    Ok(Files {
        language: language()?,
        panel: file!("panel/weights.gsp"),
        encoder: Some((file!("encoder/vocabulary.gst"), file!("encoder/weights.gst"))),
        blend: None,
        hashtags: Some(file!("words/hashtags.gsw")),
    })
}
