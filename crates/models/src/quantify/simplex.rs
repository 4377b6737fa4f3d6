//! Least squares on the simplex: the shares that explain what was seen best.

/// A reduced gradient above this is an improvement; data are means of probabilities, all of them about 1.
const TOLERANCE: f64 = 1e-12;

/// The π ≥ 0 with Σπ = 1 that minimises ‖Mπ − q‖². `m` has `k` rows of `k` columns.
///
/// Active-set method as in Lawson and Hanson (1974, chapter 23), with the sum held by a Lagrange multiplier: classes
/// enter the support while that improves, and leave it where they would become negative. Each step lowers the error,
/// so it ends; the number of steps is bounded all the same.
pub(crate) fn least_squares(m: &[f64], q: &[f64], start: Option<&[f64]>) -> Vec<f64> {
    let k = q.len();
    let (gram, target) = normal_equations(m, q);
    let mut pi = match start {
        Some(start) => start.to_vec(),
        None => best_vertex(&gram, &target, k),
    };
    let mut free: Vec<usize> = (0..k).filter(|&j| pi[j] > 0.0).collect();
    for _ in 0..4 * k + 8 {
        descend(&gram, &target, &mut free, &mut pi);
        // At the optimum of the support all its classes have the same gradient; a lower one outside is a way down.
        let gradient = |j: usize| (0..k).map(|l| gram[j * k + l] * pi[l]).sum::<f64>() - target[j];
        let level = free.iter().map(|&j| gradient(j)).sum::<f64>() / free.len().max(1) as f64;
        let outside = (0..k).filter(|j| !free.contains(j)).map(|j| (j, gradient(j)));
        match outside.min_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((j, g)) if g < level - TOLERANCE => free.push(j),
            _ => break,
        }
    }
    let sum: f64 = pi.iter().sum();
    pi.iter_mut().for_each(|p| *p /= sum);
    pi
}

/// MᵀM and Mᵀq.
fn normal_equations(m: &[f64], q: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let k = q.len();
    let mut gram = vec![0.0; k * k];
    let mut target = vec![0.0; k];
    for (row, &seen) in m.chunks_exact(k).zip(q) {
        for (i, &a) in row.iter().enumerate() {
            target[i] += a * seen;
            for (g, &b) in gram[i * k..(i + 1) * k].iter_mut().zip(row) {
                *g += a * b;
            }
        }
    }
    // Two classes with the same column leave the answer open; the smaller norm decides.
    let trace: f64 = (0..k).map(|i| gram[i * k + i]).sum();
    for i in 0..k {
        gram[i * k + i] += 1e-13 * trace;
    }
    (gram, target)
}

fn best_vertex(gram: &[f64], target: &[f64], k: usize) -> Vec<f64> {
    let error = |j: usize| gram[j * k + j] - 2.0 * target[j];
    let best = (0..k)
        .min_by(|&a, &b| error(a).total_cmp(&error(b)))
        .unwrap_or_default();
    (0..k).map(|j| f64::from(u8::from(j == best))).collect()
}

/// Moves to the optimum of the support, dropping classes on the way whose share would fall below 0.
fn descend(gram: &[f64], target: &[f64], free: &mut Vec<usize>, pi: &mut [f64]) {
    while !free.is_empty() {
        let Some(next) = on_support(gram, target, free, pi.len()) else {
            return;
        };
        // The step until the first share of the support is used up, and which one that is.
        let step = |(at, (&j, &n)): (usize, (&usize, &f64))| {
            let used_up = pi[j] / (pi[j] - n).max(f64::MIN_POSITIVE);
            (n < 0.0).then_some((at, used_up))
        };
        let first = free.iter().zip(&next).enumerate().filter_map(step);
        let first = first.min_by(|a, b| a.1.total_cmp(&b.1));
        let t = first.map_or(1.0, |f| f.1);
        for (&j, &n) in free.iter().zip(&next) {
            pi[j] = (pi[j] + t * (n - pi[j])).max(0.0);
        }
        let Some((at, _)) = first else {
            return;
        };
        pi[free.swap_remove(at)] = 0.0;
    }
}

/// The optimum with Σπ = 1 over the classes of the support, whatever its signs; `None` where the system is singular.
fn on_support(gram: &[f64], target: &[f64], free: &[usize], k: usize) -> Option<Vec<f64>> {
    let n = free.len() + 1;
    let mut a = vec![0.0; n * n];
    let mut b = vec![0.0; n];
    for (r, &i) in free.iter().enumerate() {
        for (c, &j) in free.iter().enumerate() {
            a[r * n + c] = gram[i * k + j];
        }
        a[r * n + n - 1] = 1.0;
        a[(n - 1) * n + r] = 1.0;
        b[r] = target[i];
    }
    b[n - 1] = 1.0;
    solve(&mut a, &mut b)?;
    b.pop();
    Some(b)
}

/// Gaussian elimination with row pivots; the solution stands in `b`.
fn solve(a: &mut [f64], b: &mut [f64]) -> Option<()> {
    let n = b.len();
    for c in 0..n {
        let pivot = (c..n).max_by(|&x, &y| a[x * n + c].abs().total_cmp(&a[y * n + c].abs()))?;
        if a[pivot * n + c].abs() < 1e-300 {
            return None;
        }
        if pivot != c {
            (0..n).for_each(|i| a.swap(pivot * n + i, c * n + i));
            b.swap(pivot, c);
        }
        for r in c + 1..n {
            let factor = a[r * n + c] / a[c * n + c];
            if factor != 0.0 {
                (c..n).for_each(|i| a[r * n + i] -= factor * a[c * n + i]);
                b[r] -= factor * b[c];
            }
        }
    }
    for c in (0..n).rev() {
        let known: f64 = (c + 1..n).map(|i| a[c * n + i] * b[i]).sum();
        b[c] = (b[c] - known) / a[c * n + c];
    }
    Some(())
}
