//! A user's own formula over metrics: `(positive - negative) / mentions`.
//!
//! Numbers, names of metrics, `+ - * /`, brackets. Where a metric is unknown or something is divided by 0, so is the
//! result.

use super::metrics::Metric;

/// Longer formulas are refused.
const MAX_BYTES: usize = 500;
/// Brackets nest at most so deep.
const MAX_DEPTH: usize = 32;

/// A formula that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula(Node);

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Number(f64),
    Metric(&'static str),
    Minus(Box<Node>),
    Both(Box<Node>, Operator, Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// What is wrong with a formula, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {at}: {what}")]
pub struct FormulaError {
    /// The byte.
    pub at: usize,
    /// What is wrong.
    pub what: String,
}

impl Formula {
    /// Reads a formula.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let mut reader = Reader {
            text,
            at: 0,
            depth: 0,
        };
        if text.len() > MAX_BYTES {
            let bytes = text.len();
            return Err(reader.error(format!(
                "{bytes} bytes are too many, at most {MAX_BYTES} are read"
            )));
        }
        let node = reader.sum()?;
        match reader.peek() {
            None => Ok(Self(node)),
            Some(c) => Err(reader.error(format!("`{c}` does not belong here"))),
        }
    }

    /// The metrics it needs, each once.
    pub fn metrics(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        self.0.collect(&mut names);
        names
    }

    /// Its value; `of` gives that of a metric.
    pub fn value(&self, of: &impl Fn(&str) -> Option<f64>) -> Option<f64> {
        self.0.value(of).filter(|v| v.is_finite())
    }
}

impl Node {
    fn collect(&self, names: &mut Vec<&'static str>) {
        match self {
            Node::Number(_) => {}
            Node::Metric(name) if names.contains(name) => {}
            Node::Metric(name) => names.push(name),
            Node::Minus(node) => node.collect(names),
            Node::Both(a, _, b) => {
                a.collect(names);
                b.collect(names);
            }
        }
    }

    fn value(&self, of: &impl Fn(&str) -> Option<f64>) -> Option<f64> {
        match self {
            Node::Number(n) => Some(*n),
            Node::Metric(name) => of(name),
            Node::Minus(node) => Some(-node.value(of)?),
            Node::Both(a, operator, b) => {
                let (a, b) = (a.value(of)?, b.value(of)?);
                match operator {
                    Operator::Add => Some(a + b),
                    Operator::Subtract => Some(a - b),
                    Operator::Multiply => Some(a * b),
                    Operator::Divide => (b != 0.0).then(|| a / b),
                }
            }
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn error(&self, what: impl Into<String>) -> FormulaError {
        FormulaError {
            at: self.at,
            what: what.into(),
        }
    }

    /// The next character that is no space.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn operator(&mut self, known: [(char, Operator); 2]) -> Option<Operator> {
        let next = self.peek()?;
        let found = known.iter().find(|(c, _)| *c == next)?.1;
        self.at += next.len_utf8();
        Some(found)
    }

    fn sum(&mut self) -> Result<Node, FormulaError> {
        let mut node = self.product()?;
        while let Some(operator) = self.operator([('+', Operator::Add), ('-', Operator::Subtract)]) {
            node = Node::Both(Box::new(node), operator, Box::new(self.product()?));
        }
        Ok(node)
    }

    fn product(&mut self) -> Result<Node, FormulaError> {
        let mut node = self.factor()?;
        while let Some(operator) = self.operator([('*', Operator::Multiply), ('/', Operator::Divide)]) {
            node = Node::Both(Box::new(node), operator, Box::new(self.factor()?));
        }
        Ok(node)
    }

    fn factor(&mut self) -> Result<Node, FormulaError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("nested too deep, more than {MAX_DEPTH} levels")));
        }
        let node = match self.peek() {
            None => Err(self.error("the formula ends here; a metric or a number is missing")),
            Some('-') => {
                self.at += 1;
                self.factor().map(|node| Node::Minus(Box::new(node)))
            }
            Some('(') => {
                self.at += 1;
                let node = self.sum()?;
                match self.peek() {
                    Some(')') => {
                        self.at += 1;
                        Ok(node)
                    }
                    _ => Err(self.error("a `)` is missing")),
                }
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_ascii_alphabetic() => self.metric(),
            Some(c) => Err(self.error(format!("`{c}` does not belong here"))),
        };
        self.depth -= 1;
        node
    }

    fn word(&self, belongs: fn(char) -> bool) -> &str {
        let rest = &self.text[self.at..];
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        &rest[..end]
    }

    fn number(&mut self) -> Result<Node, FormulaError> {
        let word = self.word(|c| c.is_ascii_digit() || c == '.').to_owned();
        let number: f64 = word
            .parse()
            .map_err(|_| self.error(format!("`{word}` is no number")))?;
        self.at += word.len();
        Ok(Node::Number(number))
    }

    fn metric(&mut self) -> Result<Node, FormulaError> {
        let word = self.word(|c| c.is_ascii_alphanumeric() || c == '_').to_owned();
        let metric = Metric::find(&word).ok_or_else(|| self.error(format!("there is no metric `{word}`")))?;
        self.at += word.len();
        Ok(Node::Metric(metric.name))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(text: &str) -> Option<f64> {
        let of = |name: &str| match name {
            "mentions" => Some(8.0),
            "positive" => Some(5.0),
            "negative" => Some(1.0),
            _ => None,
        };
        Formula::parse(text).unwrap().value(&of)
    }

    #[test]
    fn formulas_follow_arithmetic() {
        assert_eq!(value("(positive - negative) / mentions"), Some(0.5));
        assert_eq!(value("1 + 2 * 3 - -4 / 2"), Some(9.0));
        assert_eq!(value("8 / 4 / 2"), Some(1.0));
        assert_eq!(
            value("mentions / (positive - 5)"),
            None,
            "nothing is divided by 0"
        );
        assert_eq!(value("audience + 1"), None, "what is unknown stays unknown");
        assert_eq!(
            Formula::parse("positive / mentions + positive")
                .unwrap()
                .metrics(),
            ["positive", "mentions"]
        );
    }

    #[test]
    fn a_fault_is_named_with_its_place() {
        let fault = |text: &str| {
            let e = Formula::parse(text).unwrap_err();
            (e.at, e.what)
        };
        assert_eq!(
            fault("mentions / likes"),
            (11, "there is no metric `likes`".to_owned())
        );
        assert_eq!(fault("(mentions").1, "a `)` is missing");
        assert_eq!(fault("mentions mentions").0, 9);
        assert!(fault(&"(".repeat(400)).1.contains("deep"));
        assert!(fault("").1.contains("missing"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[()a-z0-9+*/. \u{e9}-]{0,60}") {
            let _ = Formula::parse(&text);
        }
    }
}
