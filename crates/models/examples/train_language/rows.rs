//! Reading and preparing rows.

use models::train::{Labelled, text_key};
use serde_json::Value;
use std::collections::HashSet;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use text::{TokenKind, Tokens};

/// `language.carter.val` of `out/language.carter.val.jsonl`.
pub(crate) fn stem(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split(".jsonl").next().unwrap_or(name).to_owned()
}

pub(crate) fn read(file: &str) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let mut out = Vec::new();
    for line in BufReader::new(File::open(file)?).lines() {
        let v: Value = serde_json::from_str(&line?)?;
        let text = |key: &str| v[key].as_str().unwrap_or_default().to_owned();
        out.push(Labelled {
            text: text("text"),
            label: text("label"),
            lang: Some(text("label")),
            set: text("set"),
        });
    }
    Ok(out)
}

/// The texts that do not recur with their language among those to be judged, each once. A word that is judged in one
/// language may well be learned in another.
pub(crate) fn without(train: Vec<Labelled>, judged: &[Labelled]) -> Vec<Labelled> {
    let mut tokens = Tokens::new();
    let mut key = |l: &Labelled| {
        tokens.read(&l.text);
        (text_key(&tokens), l.label.clone())
    };
    let mut seen: HashSet<(u64, String)> = judged.iter().map(&mut key).collect();
    train.into_iter().filter(|l| seen.insert(key(l))).collect()
}

/// The words of the sentences, each once a language.
pub(crate) fn words(train: &[Labelled]) -> Vec<Labelled> {
    let (mut tokens, mut seen, mut out) = (Tokens::new(), HashSet::new(), Vec::new());
    for l in train.iter().filter(|l| l.set == "lingua-sentences") {
        tokens.read(&l.text);
        for t in tokens.iter().filter(|t| t.kind == TokenKind::Word) {
            let word = tokens.key(t);
            let is_word = word.chars().count() > 2 && word.chars().all(char::is_alphabetic);
            if is_word && seen.insert((l.label.clone(), word.to_owned())) {
                out.push(Labelled {
                    text: word.to_owned(),
                    set: "lingua-words".to_owned(),
                    ..l.clone()
                });
            }
        }
    }
    out
}
