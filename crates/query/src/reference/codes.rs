//! The codes of problems, with an example of each.

use crate::problem::Severity;

/// A code that a problem can carry.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The code.
    pub code: &'static str,
    /// How serious it is.
    pub severity: Severity,
    /// A query that gets it.
    pub shown: Shown,
}

/// How a code is shown.
#[derive(Debug, Clone, Copy)]
pub enum Shown {
    /// By this query; message and fix are what checking it says.
    Query(&'static str),
    /// In words: a query of it would be too long, or history is needed.
    Words(&'static str),
}

const fn error(code: &'static str, query: &'static str) -> Code {
    Code {
        code,
        severity: Severity::Error,
        shown: Shown::Query(query),
    }
}

const fn warning(code: &'static str, query: &'static str) -> Code {
    Code {
        code,
        severity: Severity::Warning,
        shown: Shown::Query(query),
    }
}

const fn hint(code: &'static str, query: &'static str) -> Code {
    Code {
        code,
        severity: Severity::Hint,
        shown: Shown::Query(query),
    }
}

const fn told(code: &'static str, severity: Severity, words: &'static str) -> Code {
    Code {
        code,
        severity,
        shown: Shown::Words(words),
    }
}

/// Every code.
pub const CODES: &[Code] = &[
    error("implicit-and", "apple pie"),
    error("lowercase-operator", "apple and pie"),
    error("foreign-operator", "apple && pie"),
    error("comma", "apple, pie"),
    error("missing-operand", "apple AND"),
    error("empty", ""),
    error("empty-group", "apple AND ()"),
    error("unclosed-bracket", "(apple OR pie"),
    error("unopened-bracket", "apple OR pie)"),
    error("unclosed-quote", "\"apple pie"),
    error("unclosed-brace", "{BT"),
    error("unopened-brace", "BT}"),
    error("unclosed-comment", "apple <<< fruit"),
    error("unclosed-range", "acme AND followers:[1 TO 5"),
    error("inner-quote", "ap«ple"),
    error("no-words", "apple OR !!!"),
    error("url-term", "https://example.com/shop"),
    error("lone-wildcard", "apple OR *"),
    error("short-wildcard", "ab*"),
    error("case-wildcard", "{gr?y}"),
    error("unspaced-wildcard", "東*京"),
    error("near-distance", "apple NEAR/0 pie"),
    error("near-operand", "apple NEAR/3 (hot AND pie)"),
    error("unanchored-not", "apple OR NOT pie"),
    error("unknown-field", "apple AND language:de"),
    error("missing-value", "apple AND lang: de"),
    error("bad-value", "apple AND lang:english"),
    error("field-list", "apple AND lang:(de fr)"),
    error("nested-field", "title:(apple AND lang:de)"),
    error("bad-range", "apple AND followers:5000"),
    error("open-range", "apple AND followers:[* TO *]"),
    error("engagement-in-monitor", "apple AND engagement:[100 TO *]"),
    error("unknown-list", "apple NOT list:spam-word"),
    told(
        "too-long",
        Severity::Error,
        "The query has more than 20,000 characters. The fix keeps its begin.",
    ),
    told(
        "too-deep",
        Severity::Error,
        "Brackets and NOT are nested more than 64 deep. The fix takes doubled ones out.",
    ),
    told(
        "too-costly",
        Severity::Error,
        "A phrase of over 500 words, a NEAR of over 64 operands or a pattern of over 64 characters: posts could take longer \
         to match than their length allows for. The fix leaves it out.",
    ),
    told(
        "too-many-terms",
        Severity::Error,
        "The query has more than 5,000 words and values. The fix keeps its begin.",
    ),
    warning("mixed-and-or", "apple AND pie OR cake"),
    warning("wide-near", "apple NEAR/100 pie"),
    warning("only-fields", "lang:en"),
    warning("contradiction", "apple AND lang:de AND lang:fr"),
    warning("redacted-term", "acme AND ann@mail.example.com"),
    warning("handle-wildcard", "@acm*"),
    hint("leading-wildcard", "*phone"),
    hint("all-caps", "broadband AND BT"),
    hint("duplicate-branch", "apple OR pie OR Apple"),
    hint("subsumed-branch", "appl* OR apple"),
    hint("operator-word", "or AND gold"),
    told(
        "dead-term",
        Severity::Warning,
        "With history: a term that no post of the last 30 days or more matched. The fix leaves it out where the rest \
         still stands.",
    ),
    told(
        "hot-or",
        Severity::Warning,
        "With history: one side of an OR that alone matches more posts a day than the bound. The message says the \
         estimate.",
    ),
];
