//! Other vendors' exports: brought in, and compared with.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::process::Command;

/// Eighty made-up tweets: theirs calls every second one negative, and what is liked positive.
fn export() -> String {
    let mut out = "Report:,Kettles\nBrand:,Northwind\n\nQuery Id,Query Name,Date,Title,Snippet,Url,Domain,Sentiment,Page Type,Author,Full Text\n".to_owned();
    for n in 0..80 {
        let (sentiment, text) = match n % 4 {
            0 => ("negative", "I hate this awful kettle, it is terrible and broken"),
            1 => (
                "positive",
                "I love this wonderful kettle, it is great and beautiful",
            ),
            2 => ("negative", "I love this excellent kettle, it makes me so happy"),
            _ => ("positive", "This toaster is great"),
        };
        out.push_str(&format!(
            "1,Kettle EN,2026-06-{:02} 10:{:02}:00.0,,,https://twitter.com/a/status/{},twitter.com,{sentiment},twitter,a{n},\"{text} {n}\"\n",
            1 + n / 8, n % 60, 1000 + n
        ));
    }
    out.push_str(
        "1,Kettle EN,someday,,,https://twitter.com/a/status/1,twitter.com,negative,twitter,a,No date\n",
    );
    out
}

#[test]
fn a_vendors_export_becomes_posts_and_is_compared_with() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    let monitor = server.monitor("Kettle", "kettle");
    let import = |query: &str| -> Value {
        let (status, body) = server.request(
            "POST",
            &format!("/api/v1/projects/default/vendor-mentions{query}"),
            &export(),
            &[],
        );
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    };
    let brought = import("");
    let told = |key: &str| brought[key].clone();
    assert_eq!(
        (told("vendor"), told("rows"), told("posts"), told("labels")),
        (json!("brandwatch"), json!(81), json!(80), json!(80))
    );
    assert_eq!(
        (told("left_out"), &brought["problems"][0]["line"]),
        (json!(1), &json!(85))
    );
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 60);
    // Again changes nothing.
    let again = import("?labels_only=true");
    assert_eq!((&again["posts"], &again["labels"]), (&json!(0), &json!(80)));
    assert_eq!(
        server.get("/api/v1/projects/default/vendor-queries"),
        json!([{"vendor": "brandwatch", "query": "Kettle EN"}])
    );

    let ask = |more: &str| {
        server.get(&format!(
            "/api/v1/vendor-comparison?vendor=brandwatch&from=0&monitor={monitor}{more}"
        ))
    };
    let compared = ask("");
    assert_eq!(
        (&compared["theirs"], &compared["ours"], &compared["both"]),
        (&json!(80), &json!(60), &json!(60))
    );
    assert_eq!(compared["days"].as_array().map(Vec::len), Some(10));
    assert_eq!(
        compared["days"][0],
        json!({"at": 1_780_272_000_000_i64, "theirs": 8, "ours": 6})
    );
    let rated: u64 = compared["sentiment"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|r| r.as_array().unwrap())
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(rated, 60, "{compared}");
    assert!(compared["kappa"]["low"].as_f64().unwrap() < compared["kappa"]["high"].as_f64().unwrap());
    assert!((compared["found"]["value"].as_f64().unwrap() - 0.75).abs() < 1e-9);
    // Theirs calls twenty happy posts negative: these are what a person is to look at.
    assert!(compared["disagreements"].as_u64().unwrap() >= 20, "{compared}");
    let sample = ask("&sample=5")["sample"].clone();
    assert_eq!(sample.as_array().map(Vec::len), Some(5));
    assert!(
        sample
            .as_array()
            .unwrap()
            .iter()
            .all(|s| s["theirs"] != s["ours"])
    );
    assert_eq!(sample, ask("&sample=5")["sample"], "equal seeds draw the same");
    assert_ne!(sample, ask("&sample=5&seed=2")["sample"]);
    assert_eq!(
        server
            .request("GET", "/api/v1/vendor-comparison?vendor=a&lang=en", "", &[])
            .0,
        400
    );
    assert!(server.stop().success());

    // The command reads the same file; what is left out is named and tells the exit status.
    let file = folder.path().join("export.csv");
    std::fs::write(&file, export()).unwrap();
    let done = Command::new(BINARY)
        .args(["import-mentions", "--config"])
        .arg(&path)
        .arg(&file)
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        said.contains("81 rows, 0 new posts, 80 known, 80 labels"),
        "{said}"
    );
    assert!(
        String::from_utf8_lossy(&done.stderr).contains("export.csv:85: left out"),
        "{done:?}"
    );
}
