//! Presidio's recognisers, run by `bench/presidio.sh` on the same texts.

use crate::judge::Found;
use crate::sets::{Text, kind};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::io::Write;
use std::process::Command;

/// What Presidio found in one text, and in how many microseconds.
type Answer = (Vec<Found>, f64);

pub(crate) fn run(texts: &[Text]) -> Result<Vec<Answer>> {
    let folder = std::path::Path::new("target/presidio");
    std::fs::create_dir_all(folder)?;
    let (asked, answered) = (folder.join("texts.jsonl"), folder.join("answers.jsonl"));
    let mut file = std::io::BufWriter::new(std::fs::File::create(&asked)?);
    for t in texts {
        writeln!(file, "{}", json!({"language": t.language, "text": t.text}))?;
    }
    file.flush()?;
    let status = Command::new("bench/presidio.sh")
        .args([&asked, &answered])
        .status();
    ensure!(
        status.context("bench/presidio.sh")?.success(),
        "bench/presidio.sh failed"
    );
    let lines = std::fs::read_to_string(&answered)?;
    let answers: Vec<Answer> = lines
        .lines()
        .zip(texts)
        .map(|(line, text)| answer(line, &text.text))
        .collect::<Result<_>>()?;
    ensure!(
        answers.len() == texts.len(),
        "{} answers to {} texts",
        answers.len(),
        texts.len()
    );
    Ok(answers)
}

fn answer(line: &str, text: &str) -> Result<Answer> {
    let value: Value = serde_json::from_str(line)?;
    let places: Vec<usize> = text.char_indices().map(|c| c.0).chain([text.len()]).collect();
    let found = value["found"]
        .as_array()
        .context("no list")?
        .iter()
        .filter_map(|f| {
            let at = |key: &str| places.get(usize::try_from(f[key].as_u64()?).ok()?).copied();
            Some(Found {
                start: at("start")?,
                end: at("end")?,
                kind: kind(f["type"].as_str()?)?,
            })
        });
    Ok((found.collect(), value["micros"].as_f64().context("no time")?))
}
