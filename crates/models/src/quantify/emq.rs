//! Expectation maximisation over the classes' shares.

/// Rounds at most.
const ROUNDS: usize = 1000;
/// Rounds end when the shares move less than this in the mean.
const STILL: f64 = 1e-9;

/// The shares under which the posteriors of the sample agree with themselves (Saerens, Latinne and Decaestecker 2002,
/// "Adjusting the outputs of a classifier to new a priori probabilities", Neural Computation 14). `soft` holds rows of
/// posteriors that were calibrated under `prior`, each of which stands for as many posts as `weights` says (one, where
/// there are no weights).
pub(crate) fn emq(soft: &[f32], weights: Option<&[u64]>, prior: &[f64]) -> Vec<f64> {
    let k = prior.len();
    let mut shares = prior.to_vec();
    if soft.len() < k {
        return shares;
    }
    let weight = |row: usize| weights.map_or(1.0, |w| w[row] as f64);
    let mut ratio = vec![0.0; k];
    let mut weighted = vec![0.0; k];
    for _ in 0..ROUNDS {
        for ((r, s), p) in ratio.iter_mut().zip(&shares).zip(prior) {
            *r = s / p;
        }
        let mut next = vec![0.0; k];
        for (row, probabilities) in soft.chunks_exact(k).enumerate() {
            for ((w, &p), r) in weighted.iter_mut().zip(probabilities).zip(&ratio) {
                *w = f64::from(p) * r;
            }
            let sum: f64 = weighted.iter().sum();
            if sum > 0.0 {
                let part = weight(row) / sum;
                next.iter_mut().zip(&weighted).for_each(|(s, w)| *s += w * part);
            }
        }
        let sum: f64 = next.iter().sum();
        if sum <= 0.0 {
            return shares;
        }
        next.iter_mut().for_each(|s| *s /= sum);
        let moved = next.iter().zip(&shares).map(|(a, b)| (a - b).abs()).sum::<f64>() / k as f64;
        shares = next;
        if moved < STILL {
            break;
        }
    }
    shares
}
