//! Classifiers of one's own as ONNX, with a model made by training/onnx/fixture.py.

use crate::commands::groundswell;
use groundswell::scoring::onnx::Onnx;
use std::path::{Path, PathBuf};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/onnx")
}

/// A copy of the fixture in which one file reads otherwise.
fn changed(file: &str, content: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.onnx", "tokenizer.json", "card.json"] {
        std::fs::copy(fixture().join(name), folder.path().join(name)).unwrap();
    }
    std::fs::write(folder.path().join(file), content).unwrap();
    folder
}

fn refusal(file: &str, content: &[u8]) -> String {
    let folder = changed(file, content);
    Onnx::load(folder.path()).err().unwrap().to_string()
}

#[test]
fn it_says_what_the_weights_say_alone_and_in_a_batch() {
    let model = Onnx::load(&fixture()).unwrap();
    assert_eq!(model.card().labels, ["other", "delivery", "price"]);
    let texts = [
        "the parcel is late",
        "cheap price",
        "",
        "Broken! the refund please, thanks a lot",
    ];
    let batch = model.probabilities(&texts).unwrap();
    for (text, together) in texts.iter().zip(&batch) {
        let alone = model.probabilities(&[text]).unwrap().remove(0);
        for (a, b) in alone.iter().zip(together) {
            assert!((a - b).abs() < 1e-6, "{text}: {a} {b}");
        }
    }
    // the (0.1), parcel (0, 1), is ([UNK], 0.2), late (0, 3), over the temperature 1.5.
    let logits = [0.3f64, 4.0, 0.0].map(|z| (z / 1.5).exp());
    let sum: f64 = logits.iter().sum();
    for (p, z) in batch[0].iter().zip(logits) {
        assert!((f64::from(*p) - z / sum).abs() < 1e-5, "{p}");
    }
}

#[test]
fn what_does_not_fit_is_refused_by_name_when_it_is_loaded() {
    let two = br#"{"id": "support-topic@1", "labels": ["other", "delivery"]}"#;
    let said = refusal("card.json", two);
    assert!(
        said.contains("3 values a post, the card names 2 labels"),
        "{said}"
    );
    let said = refusal("card.json", br#"{"id": "x", "labels": ["a", "b"], "lables": []}"#);
    assert!(said.contains("card.json") && said.contains("lables"), "{said}");
    let said = refusal("model.onnx", b"not a model");
    assert!(said.contains("model.onnx"), "{said}");
    let said = refusal("tokenizer.json", b"{}");
    assert!(said.contains("tokenizer.json"), "{said}");
    let bytes = std::fs::read(fixture().join("model.onnx")).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.contains("attention_mask"));
    let other: Vec<u8> = replace(&bytes, b"attention_mask", b"attention_mist");
    let said = refusal("model.onnx", &other);
    assert!(said.contains("attention_mist"), "{said}");
    let missing = Onnx::load(Path::new("nowhere")).err().unwrap().to_string();
    assert!(missing.contains("card.json"), "{missing}");
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..out.len().saturating_sub(from.len()) {
        if out[at..].starts_with(from) {
            out[at..at + to.len()].copy_from_slice(to);
        }
    }
    out
}

#[test]
fn the_command_line_asks_it() {
    let folder = fixture();
    let input = "{\"id\":1,\"text\":\"the parcel is late\",\"label\":\"delivery\"}\n{\"id\":2,\"text\":\"\",\"label\":\"other\"}\n";
    let args = |command| [command, "--task", "topic", "--models", folder.to_str().unwrap()];
    let output = groundswell(&args("classify"), input);
    let said = String::from_utf8(output.stdout).unwrap();
    let first: serde_json::Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    assert_eq!(first["label"], "delivery", "{said}");
    let report = groundswell(&args("evaluate"), input);
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!(report["n"], 2, "{report}");
}

#[test]
fn a_folder_that_does_not_fit_stops_the_start_with_a_reason() {
    let broken = changed(
        "card.json",
        br#"{"id": "support-topic@1", "labels": ["other", "delivery"]}"#,
    );
    let folder = tempfile::tempdir().unwrap();
    let posts = folder.path().join("posts.jsonl");
    std::fs::write(&posts, "").unwrap();
    let config = crate::server::config(
        folder.path(),
        &format!("[scoring]\nonnx = [{:?}]\n", broken.path().to_str().unwrap()),
    );
    let args = [
        "replay",
        posts.to_str().unwrap(),
        "--config",
        config.to_str().unwrap(),
    ];
    let output = groundswell(&args, "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("the card names 2 labels"), "{said}");
}
