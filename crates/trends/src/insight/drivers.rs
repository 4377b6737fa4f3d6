//! What moves net sentiment: what each subject adds to it, and what of a change each one carries.
//!
//! What a subject adds is its share × (its net sentiment − the rest's), which is the net sentiment of all − that of the
//! posts without it. A change is taken apart as Kitagawa does (1955, JASA 50:1168): a post that speaks of *k* subjects
//! counts 1/k for each, so that shares add up to one and the parts to the change; the part of a subject is what its
//! own sentiment changed × its mean share, and what its share changed × how far its sentiment lies from that of all.
//! Intervals are by the delta method (Huber's linearisation), with all posts of an author taken as one draw.

use crate::intervals::{Estimate, MIN_SAMPLE, Z, two_sided};

/// Subjects looked at together at most: the bits of [`Judged::keys`].
const MOST: usize = 63;

/// A post with its sentiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// Its author.
    pub author: u64,
    /// −1, 0 or 1.
    pub score: i8,
    /// What it speaks of: bit *i* for the subject at place *i*.
    pub keys: u64,
}

/// What one subject does.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Driver {
    /// Posts that speak of it, now and before.
    pub posts: [u64; 2],
    /// Its share of the posts now; those that speak of several are in the share of each.
    pub share: f64,
    /// Its net sentiment, now and before; `None` below [`MIN_SAMPLE`] posts.
    pub net: [Option<f64>; 2],
    /// What it adds to net sentiment now.
    pub adds: Option<Estimate>,
    /// The probability that chance alone adds as much.
    pub adds_p: Option<f64>,
    /// Its part of the change.
    pub part: Option<Estimate>,
    /// Of that, what comes from how it is judged. The rest comes from how much it is spoken of.
    pub judged: Option<f64>,
    /// The probability that chance alone gives such a part.
    pub part_p: Option<f64>,
}

/// What moves net sentiment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drivers {
    /// Posts, now and before.
    pub posts: [u64; 2],
    /// Net sentiment, now and before; `None` below [`MIN_SAMPLE`].
    pub net: [Option<Estimate>; 2],
    /// How it changed.
    pub change: Option<Estimate>,
    /// The subjects by place; behind them the posts that speak of none. Parts add up to the change where every subject has one;
    /// those of subjects below [`MIN_SAMPLE`] posts in both periods stand in the last.
    pub drivers: Vec<Driver>,
}

/// What `subjects` do to net sentiment in these posts, and of its change since those before, where there are any.
pub fn drivers(now: &[Judged], before: &[Judged], subjects: usize) -> Drivers {
    let subjects = subjects.min(MOST);
    let masks = [mask_of(now, subjects), mask_of(before, subjects)];
    let kept = masks[0] | masks[1];
    let periods = [
        Period::new(now, subjects, kept),
        Period::new(before, subjects, kept),
    ];
    let enough = |p: &Period| p.count >= MIN_SAMPLE as f64;
    let net = [0, 1].map(|t| enough(&periods[t]).then(|| periods[t].net_estimate()));
    let comparable = net.iter().all(Option::is_some);
    let change = comparable.then(|| {
        let value = periods[0].net() - periods[1].net();
        let variance =
            periods[0].variance_of(|p, j| p.of_net(j)) + periods[1].variance_of(|p, j| p.of_net(j));
        estimate(value, variance)
    });
    let of = |place: usize| {
        let posts = [periods[0].posts[place], periods[1].posts[place]];
        let mut driver = Driver {
            posts,
            share: ratio(posts[0] as f64, periods[0].count),
            net: [0, 1].map(|t| (posts[t] >= MIN_SAMPLE).then(|| periods[t].plain_net(place))),
            ..Driver::default()
        };
        let without = periods[0].count - posts[0] as f64;
        if net[0].is_some() && posts[0] >= MIN_SAMPLE && without >= MIN_SAMPLE as f64 {
            let (value, variance) = periods[0].adds(place);
            driver.adds = Some(estimate(value, variance));
            driver.adds_p = Some(p_of(value, variance));
        }
        let is_rest = place == subjects;
        if comparable && (is_rest || kept >> place & 1 == 1) {
            let (judged, mixed, variance) = parts(&periods, place);
            driver.judged = Some(judged);
            driver.part = Some(estimate(judged + mixed, variance));
            driver.part_p = Some(p_of(judged + mixed, variance));
        }
        driver
    };
    Drivers {
        posts: [now.len() as u64, before.len() as u64],
        net,
        change,
        drivers: (0..=subjects).map(of).collect(),
    }
}

fn estimate(value: f64, variance: f64) -> Estimate {
    let half = Z * variance.max(0.0).sqrt();
    Estimate {
        value,
        low: value - half,
        high: value + half,
    }
}

fn p_of(value: f64, variance: f64) -> f64 {
    match variance > 0.0 {
        true => two_sided(value.abs() / variance.sqrt()),
        false => 1.0,
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The subjects that enough posts speak of.
fn mask_of(posts: &[Judged], subjects: usize) -> u64 {
    let mut counts = vec![0u64; subjects];
    for post in posts {
        let mut bits = post.keys & ((1u64 << subjects) - 1);
        while bits != 0 {
            counts[bits.trailing_zeros() as usize] += 1;
            bits &= bits - 1;
        }
    }
    let enough = counts.iter().enumerate().filter(|(_, n)| **n >= MIN_SAMPLE);
    enough.fold(0, |mask, (i, _)| mask | 1 << i)
}

/// The sums of one period. The last place is that of posts that speak of no subject.
struct Period {
    /// In the order of their authors, with the subjects that count.
    sorted: Vec<Judged>,
    subjects: usize,
    kept: u64,
    count: f64,
    score: f64,
    /// By place: posts, their scores, weights, weighted scores.
    posts: Vec<u64>,
    scores: Vec<f64>,
    weights: Vec<f64>,
    weighted: Vec<f64>,
}

impl Period {
    fn new(posts: &[Judged], subjects: usize, kept: u64) -> Self {
        let all = (1u64 << subjects) - 1;
        let mut sorted: Vec<Judged> = posts
            .iter()
            .map(|p| Judged {
                keys: p.keys & all,
                ..*p
            })
            .collect();
        sorted.sort_unstable_by_key(|p| p.author);
        let zeros = || vec![0.0; subjects + 1];
        let mut period = Self {
            subjects,
            kept,
            count: sorted.len() as f64,
            score: sorted.iter().map(|p| f64::from(p.score)).sum(),
            posts: vec![0; subjects + 1],
            scores: zeros(),
            weights: zeros(),
            weighted: zeros(),
            sorted: Vec::new(),
        };
        for post in &sorted {
            let y = f64::from(post.score);
            for place in 0..=subjects {
                if period.speaks(post, place) {
                    period.posts[place] += 1;
                    period.scores[place] += y;
                }
                let weight = period.weight(post, place);
                period.weights[place] += weight;
                period.weighted[place] += weight * y;
            }
        }
        period.sorted = sorted;
        period
    }

    fn speaks(&self, post: &Judged, place: usize) -> bool {
        match place == self.subjects {
            true => post.keys == 0,
            false => post.keys >> place & 1 == 1,
        }
    }

    /// How much of a post counts for a subject: of those with too few posts, none.
    fn weight(&self, post: &Judged, place: usize) -> f64 {
        let counted = post.keys & self.kept;
        match place == self.subjects {
            true => f64::from(u8::from(counted == 0)),
            false if counted >> place & 1 == 1 => 1.0 / f64::from(counted.count_ones()),
            false => 0.0,
        }
    }

    fn net(&self) -> f64 {
        ratio(self.score, self.count)
    }

    fn plain_net(&self, place: usize) -> f64 {
        ratio(self.scores[place], self.posts[place] as f64)
    }

    /// How a post moves net sentiment.
    fn of_net(&self, post: &Judged) -> f64 {
        (f64::from(post.score) - self.net()) / self.count
    }

    fn net_estimate(&self) -> Estimate {
        let e = estimate(self.net(), self.variance_of(|p, j| p.of_net(j)));
        Estimate {
            low: e.low.max(-1.0),
            high: e.high.min(1.0),
            ..e
        }
    }

    /// The sum over authors of the square of what all their posts move.
    fn variance_of(&self, moves: impl Fn(&Self, &Judged) -> f64) -> f64 {
        let of_author = |posts: &[Judged]| posts.iter().map(|p| moves(self, p)).sum::<f64>().powi(2);
        self.sorted
            .chunk_by(|a, b| a.author == b.author)
            .map(of_author)
            .sum()
    }

    /// What a subject adds to net sentiment, with its variance.
    fn adds(&self, place: usize) -> (f64, f64) {
        let without = self.count - self.posts[place] as f64;
        let rest = ratio(self.score - self.scores[place], without);
        let moves = |p: &Self, post: &Judged| {
            let of_rest = match p.speaks(post, place) {
                true => 0.0,
                false => (f64::from(post.score) - rest) / without,
            };
            p.of_net(post) - of_rest
        };
        (self.net() - rest, self.variance_of(moves))
    }
}

/// The two parts of a change that a subject carries, and the variance of their sum.
fn parts(periods: &[Period; 2], place: usize) -> (f64, f64, f64) {
    let [now, before] = periods;
    let share = periods.each_ref().map(|p| ratio(p.weights[place], p.count));
    let has = periods.each_ref().map(|p| p.weights[place] > 0.0);
    let mut net = periods
        .each_ref()
        .map(|p| ratio(p.weighted[place], p.weights[place]));
    // What was not spoken of is taken to have been judged as it is where it was.
    match has {
        [true, false] => net[1] = net[0],
        [false, true] => net[0] = net[1],
        _ => {}
    }
    let mean = f64::midpoint(now.net(), before.net());
    let (more, mean_share) = (share[0] - share[1], f64::midpoint(share[0], share[1]));
    let (better, mean_net) = (net[0] - net[1], f64::midpoint(net[0], net[1]));
    let (judged, mixed) = (mean_share * better, more * (mean_net - mean));
    let both = has[0] && has[1];
    let mut variance = 0.0;
    for (t, sign) in [(0, 1.0), (1, -1.0)] {
        // Derivatives by the share, the subject's net sentiment and that of all, of this period.
        let by_share = 0.5 * better + sign * (mean_net - mean);
        let by_net = match (both, has[t]) {
            (true, _) => sign * mean_share + 0.5 * more,
            // Its sentiment stands for both periods.
            (false, true) => more,
            (false, false) => 0.0,
        };
        let by_all = -0.5 * more;
        let moves = |p: &Period, post: &Judged| {
            let weight = p.weight(post, place);
            let of_share = (weight - share[t]) / p.count;
            let of_net = match p.weights[place] > 0.0 {
                true => weight * (f64::from(post.score) - net[t]) / p.weights[place],
                false => 0.0,
            };
            by_share * of_share + by_net * of_net + by_all * p.of_net(post)
        };
        variance += periods[t].variance_of(moves);
    }
    (judged, mixed, variance)
}
