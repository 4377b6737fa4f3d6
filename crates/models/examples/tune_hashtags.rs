//! Searches the costs by which hashtags are parted, on training tags, and prints the best:
//!
//! `cargo run --release -p models --example tune_hashtags -- models/words/hashtags.gsw TAGS.jsonl ROUNDS > costs.json`
//!
//! A line of TAGS is `{"hashtag", "segmentations": [..]}`.

use models::hashtags::Hashtags;
use serde_json::{Map, Value};
use std::error::Error;

const PREFIX: usize = 20;

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

type Tags = Vec<(String, Vec<String>)>;

/// The file with other costs.
fn with_costs(file: &[u8], costs: &Map<String, Value>) -> Result<Hashtags, Box<dyn Error>> {
    let length = u32::from_le_bytes(*file[12..].first_chunk().ok_or("cut off")?) as usize;
    let mut header: Value = serde_json::from_slice(&file[PREFIX..PREFIX + length])?;
    header["costs"] = costs.clone().into();
    let json = serde_json::to_vec(&header)?;
    let body = [&json, &file[PREFIX + length..]].concat();
    let mut out = file[..12].to_vec();
    out.extend((json.len() as u32).to_le_bytes());
    out.extend(crc32fast::hash(&body).to_le_bytes());
    out.extend(body);
    Ok(Hashtags::load(&out)?)
}

fn words(text: &str) -> String {
    let text = text.to_lowercase().replace(['\'', '’', '_'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn right(hashtags: &Hashtags, tags: &Tags) -> usize {
    let is_right =
        |(tag, gold): &&(String, Vec<String>)| gold.contains(&words(&hashtags.segment(tag).join(" ")));
    tags.iter().filter(is_right).count()
}

fn tags(path: &str) -> Result<Tags, Box<dyn Error>> {
    let mut out = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let gold = row["segmentations"].as_array().into_iter().flatten();
        let gold = gold.filter_map(Value::as_str).map(words).collect();
        out.push((row["hashtag"].as_str().unwrap_or_default().to_owned(), gold));
    }
    Ok(out)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [table, path, rounds] = arguments.as_slice() else {
        return Err("usage: tune_hashtags TABLE TAGS.jsonl ROUNDS".into());
    };
    let (file, tags, rounds) = (std::fs::read(table)?, tags(path)?, rounds.parse::<usize>()?);
    let length = u32::from_le_bytes(*file[12..].first_chunk().ok_or("cut off")?) as usize;
    let header: Value = serde_json::from_slice(&file[PREFIX..PREFIX + length])?;
    let mut best = header["costs"].as_object().ok_or("no costs")?.clone();
    let names: Vec<String> = best.keys().cloned().collect();
    let mut most = right(&with_costs(&file, &best)?, &tags);
    let mut random = Random(7);
    for round in 0..rounds {
        let mut costs = best.clone();
        for _ in 0..1 + (random.unit() * 3.0) as usize {
            let name = &names[(random.unit() * names.len() as f64) as usize];
            let value = costs[name].as_f64().unwrap_or_default();
            // Nearly normal: the sum of three draws.
            let step = random.unit() + random.unit() + random.unit() - 1.5;
            let moved = value + step * (0.4 * value.abs()).max(0.5);
            costs[name] = ((moved * 1000.0).round() / 1000.0).into();
        }
        let count = right(&with_costs(&file, &costs)?, &tags);
        if count >= most {
            if count > most {
                eprintln!("round {round}: {count} of {}", tags.len());
            }
            (best, most) = (costs, count);
        }
    }
    println!("{}", serde_json::to_string_pretty(&Value::Object(best))?);
    Ok(())
}
