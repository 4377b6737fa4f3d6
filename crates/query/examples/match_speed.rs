use flate2::read::GzDecoder;
use post::RawPost;
use query::{Document, FrequencySketch, LiveMonitors, MonitorSet, Query, Scratch};
use std::fs::File;
use std::io::{BufRead, BufReader};
fn lines(name: &str) -> impl Iterator<Item = String> {
    let root = std::env::var("GROUNDSWELL_SHARED").unwrap_or_else(|_| "../shared".into());
    BufReader::new(GzDecoder::new(
        File::open(format!("{root}/workload/{name}")).unwrap(),
    ))
    .lines()
    .map(Result::unwrap)
}
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    s.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
fn doc(p: &RawPost) -> Document<'_> {
    Document {
        text: &p.text,
        lang: p.lang.as_deref(),
        source: p.platform.as_deref().unwrap_or_default(),
        author: p.author.as_ref().and_then(|a| a.handle.as_deref()),
        ..Document::default()
    }
}
fn main() {
    let posts: Vec<RawPost> = lines("posts.jsonl.gz")
        .map(|l| serde_json::from_str(&l).unwrap())
        .collect();
    let t = cpu();
    let queries: Vec<Query> = lines("queries.jsonl.gz")
        .map(|l| {
            let v: serde_json::Value = serde_json::from_str(&l).unwrap();
            query::parse(v["q"].as_str().unwrap()).unwrap()
        })
        .collect();
    println!("read+parse {:.2}", cpu() - t);
    let mut sketch = FrequencySketch::new();
    let mut scratch = Scratch::new();
    let mut out = Vec::new();
    let empty = MonitorSet::new(0, [], None);
    let t = cpu();
    for p in &posts {
        let d = doc(p);
        empty.matches(&d, &mut scratch, &mut out);
    }
    println!("empty set: {:.0} posts/cpu-s", posts.len() as f64 / (cpu() - t));
    let t = cpu();
    for p in posts.iter().take(20000) {
        let d = doc(p);
        empty.matches(&d, &mut scratch, &mut out);
        sketch.observe(&d, &scratch);
    }
    println!("sketch {:.2} us/post", (cpu() - t) * 1e6 / 20000.);
    let f = |a: query::Atom<'_>| sketch.frequency(a);
    for n in [1000usize, 10000, 100000] {
        let t = cpu();
        let set = MonitorSet::with_frequencies(
            1,
            queries.iter().take(n).enumerate().map(|(i, q)| (i as u32, q)),
            None,
            Some(&f),
        );
        let build = cpu() - t;
        let mut rates = Vec::new();
        let (mut m, mut c) = (0u64, 0u64);
        for _ in 0..5 {
            let t = cpu();
            m = 0;
            c = 0;
            for p in &posts {
                c += set.matches(&doc(p), &mut scratch, &mut out).candidates as u64;
                m += out.len() as u64;
            }
            rates.push(posts.len() as f64 / (cpu() - t));
        }
        rates.sort_by(f64::total_cmp);
        println!(
            "{n}: build {build:.2} s, {} B/query, scratch {} , {:.0} posts/cpu-s ({:.0}-{:.0}), candidates {:.2} matches {:.2}",
            set.bytes() / n,
            scratch.bytes(),
            rates[2],
            rates[0],
            rates[4],
            c as f64 / posts.len() as f64,
            m as f64 / posts.len() as f64
        );
        if n == 10000 {
            let mut live = LiveMonitors::new(
                1,
                queries.iter().take(n).enumerate().map(|(i, q)| (i as u32, q)),
                None,
                Some(&f),
            );
            for round in 0..3 {
                let t = cpu();
                for i in 0..300 {
                    let k = n + round * 300 + i;
                    live.change(k as u64, &[], &[(k as u32, &queries[k])], None, Some(&f));
                }
                println!("  live add {:.1} us", (cpu() - t) * 1e6 / 300.);
            }
        }
    }
}
