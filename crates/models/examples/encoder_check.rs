//! temp
use models::encoder::{Encoder, Scratch};
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let mut encoder = Encoder::load(std::fs::read(&a[0]).unwrap(), &std::fs::read(&a[1]).unwrap()).unwrap();
    if a.len() > 3 {
        encoder = encoder.portable();
    }
    let rows: Vec<serde_json::Value> = std::fs::read_to_string(&a[2])
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let texts: Vec<String> = rows
        .iter()
        .map(|r| r["text"].as_str().unwrap().to_owned())
        .collect();
    let mut scratch = Scratch::new();
    let encoded = encoder.encode(&texts, &mut scratch);
    let (mut bad, mut shown) = (0, 0);
    let mut refs = vec![];
    for (i, r) in rows.iter().enumerate() {
        let ids: Vec<u32> = r["ids"]
            .as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_u64().unwrap() as u32)
            .collect();
        let ours: Vec<u32> = encoded.pieces(i).iter().map(|p| p.id).collect();
        if ids != ours {
            bad += 1;
            if shown < 5 {
                shown += 1;
                println!("{:?}\n  theirs {ids:?}\n  ours   {ours:?}", texts[i]);
            }
        }
        if let Some(m) = r["mean"].as_array() {
            refs.push(m.iter().map(|x| x.as_f64().unwrap()).collect::<Vec<f64>>());
        }
    }
    println!("{bad} of {} tokenised otherwise", rows.len());
    if refs.len() == rows.len() {
        let n = refs.len() as f64;
        let mut centre = vec![0.0; 384];
        refs.iter()
            .for_each(|r| r.iter().zip(&mut centre).for_each(|(a, c)| *c += a / n));
        let (mut sum, mut max, mut abs) = (0.0, 0.0f64, 0.0f64);
        for (i, r) in refs.iter().enumerate() {
            let (mut e, mut d) = (0.0, 0.0);
            for k in 0..384 {
                let o = f64::from(encoded.post(i)[k]);
                e += (o - r[k]).powi(2);
                d += (r[k] - centre[k]).powi(2);
                abs = abs.max((o - r[k]).abs());
            }
            let q = (e / d).sqrt();
            sum += q;
            max = max.max(q);
        }
        println!(
            "relative error of the centred mean: {:.4}, worst {max:.4}; largest difference {abs:.4}",
            sum / n
        );
    }
}
