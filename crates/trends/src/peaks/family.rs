//! Many series looked at in one tick.

/// Which of the probabilities of one tick are accepted at a false discovery rate (Benjamini and Hochberg 1995, J. R.
/// Statist. Soc. B 57:289): marks for each of `p`, in its order. What is not a number is not accepted.
pub fn accept(p: &[f64], rate: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&i| !p[i].is_nan()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let tests = order.len() as f64;
    let last = order
        .iter()
        .enumerate()
        .rev()
        .find(|&(rank, &i)| p[i] <= rate * (rank + 1) as f64 / tests)
        .map(|(rank, _)| rank);
    let mut out = vec![false; p.len()];
    if let Some(last) = last {
        order[..=last].iter().for_each(|&i| out[i] = true);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn the_example_of_the_paper_accepts_four() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
            0.6528, 0.7590, 1.0000,
        ];
        assert_eq!(accept(&p, 0.05).iter().filter(|a| **a).count(), 4);
        assert_eq!(accept(&[], 0.05), Vec::<bool>::new());
        assert_eq!(accept(&[f64::NAN, 0.001], 0.05), [false, true]);
    }

    #[test]
    fn among_true_nulls_few_ticks_accept_anything() {
        let mut random = Random::new(5);
        let ticks = (0..2000)
            .filter(|_| {
                let p: Vec<f64> = (0..50).map(|_| random.share()).collect();
                accept(&p, 0.1).contains(&true)
            })
            .count();
        assert!((120..280).contains(&ticks), "{ticks} of 2000, 200 expected");
    }
}
