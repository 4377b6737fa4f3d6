//! What is known of the mistakes of the shipped models: their answers on posts of known class that they were not trained
//! on, as a file.
//!
//! One line a post: its language, the number of its class, the probability of each class in thousandths, separated by
//! tabs. The first line names the form, the checksums of the weights that answered, and the classes.

use super::{Grouped, QuantifyError};
use std::fmt::Write;

const FORM: &str = "groundswell-shares 1";

/// The answers, with the weights that gave them.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Checksums of the weights, in an order that whoever writes and reads agrees on.
    pub weights: Vec<String>,
    /// The classes.
    pub labels: Vec<String>,
    /// The posts; each group is a language.
    pub posts: Vec<Grouped>,
}

impl Known {
    /// The file.
    pub fn to_text(&self) -> String {
        let mut out = format!("{FORM}\t{}\t{}\n", self.weights.join(","), self.labels.join(","));
        for post in &self.posts {
            let _ = write!(out, "{}\t{}", post.group, post.truth);
            for p in &post.soft {
                let _ = write!(out, "\t{:.0}", f64::from(*p) * 1000.0);
            }
            out.push('\n');
        }
        out
    }

    /// Reads a file.
    pub fn parse(text: &str) -> Result<Self, QuantifyError> {
        let bad = |line: usize| QuantifyError::Line(line);
        let mut lines = text.lines().enumerate();
        let head: Vec<&str> = lines
            .next()
            .map(|(_, l)| l.split('\t').collect())
            .unwrap_or_default();
        let [FORM, weights, labels] = head[..] else {
            return Err(bad(1));
        };
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let labels = list(labels);
        let mut posts = Vec::new();
        for (i, line) in lines {
            let mut parts = line.split('\t');
            let (Some(lang), Some(truth)) = (parts.next(), parts.next().and_then(|t| t.parse::<u16>().ok()))
            else {
                return Err(bad(i + 1));
            };
            let thousandths: Option<Vec<f32>> = parts.map(|p| p.parse::<u16>().ok().map(f32::from)).collect();
            let soft = thousandths
                .filter(|t| t.len() == labels.len())
                .ok_or_else(|| bad(i + 1))?;
            // Rounded thousandths need not add up to one.
            let sum: f32 = soft.iter().sum();
            if usize::from(truth) >= labels.len() || sum <= 0.0 {
                return Err(bad(i + 1));
            }
            posts.push(Grouped {
                group: lang.to_owned(),
                truth,
                soft: soft.iter().map(|p| p / sum).collect(),
            });
        }
        Ok(Self {
            weights: list(weights),
            labels,
            posts,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(rows: &[(u16, u16, u16)]) -> Known {
        let post = |&(truth, a, b): &(u16, u16, u16)| {
            let all = f32::from(a + b + 1);
            Grouped {
                group: ["en", "de"][usize::from(a % 2)].to_owned(),
                truth: truth % 3,
                soft: vec![f32::from(a) / all, f32::from(b) / all, 1.0 / all],
            }
        };
        Known {
            weights: vec!["0a".into(), "1b".into()],
            labels: vec!["negative".into(), "neutral".into(), "positive".into()],
            posts: rows.iter().map(post).collect(),
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(rows in proptest::collection::vec((0u16..3, 0u16..500, 0u16..500), 0..40)) {
            let known = known(&rows);
            let read = Known::parse(&known.to_text()).unwrap();
            prop_assert_eq!((&read.weights, &read.labels), (&known.weights, &known.labels));
            for (a, b) in read.posts.iter().zip(&known.posts) {
                prop_assert_eq!((&a.group, a.truth), (&b.group, b.truth));
                let close = a.soft.iter().zip(&b.soft).all(|(x, y)| (x - y).abs() < 2e-3);
                prop_assert!(close, "{:?} {:?}", a.soft, b.soft);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(groundswell-shares 1\tx\ta,b\n)?[a-z0-9\t\n-]{0,80}") {
            let _ = Known::parse(&text);
        }
    }

    #[test]
    fn a_fault_names_its_line() {
        let text = known(&[(0, 1, 2), (1, 3, 4)]).to_text().replace("de", "de\tx");
        assert!(matches!(Known::parse(&text), Err(QuantifyError::Line(2 | 3))));
        assert!(matches!(Known::parse("shares"), Err(QuantifyError::Line(1))));
    }
}
