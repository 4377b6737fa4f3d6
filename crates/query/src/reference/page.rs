//! The reference as a page of Markdown.

use super::{CODES, Code, Entry, SECTIONS, Sample, Section, Shown, lists};
use crate::problem::{Problem, Severity};
use crate::query::check_with;

const INTRO: &str = "\
<!-- Generated from crates/query/src/reference by `make reference`; a test fails where it is stale. -->

# The query language

A query says which posts a monitor, a search or a rule is about:

```text
(acme OR \"road runner\" OR #acme) NEAR/10 (recall* OR broken OR \"customer service\")
  AND lang:(en OR de)
  NOT list:spam-words
```

It means the same wherever it is used: live on the stream, over history, and in the explanation of a match. Every example
below is tested: it finds the post on its left and does not find the one on its right.

Limits: 20,000 characters, 5,000 terms, 64 levels of brackets and NOT, distances up to 1,000 words.

";

const CODES_INTRO: &str = "\
## What is refused, and what is remarked

Each problem has a code that stays the same, a place in bytes of the query, a message, and mostly a fix: the whole query
with the problem mended. Every error of a query that is not empty has one; where nothing better is known, the fix leaves
the offending piece out. A search box reads leniently: it makes these fixes by itself and says which.

";

/// The page.
pub fn page() -> String {
    let mut out = INTRO.to_owned();
    for section in SECTIONS {
        write_section(&mut out, section);
    }
    out.push_str(CODES_INTRO);
    for (title, severity, meaning) in [
        ("Errors", Severity::Error, "The query is refused."),
        (
            "Warnings",
            Severity::Warning,
            "The query is accepted, but probably does not mean what its author thinks.",
        ),
        (
            "Hints",
            Severity::Hint,
            "The query is accepted; something about it could be clearer.",
        ),
    ] {
        out.push_str(&format!("### {title}\n\n{meaning}\n\n"));
        out.push_str("| Code | Example | What it says | Fix |\n|---|---|---|---|\n");
        for code in CODES.iter().filter(|c| c.severity == severity) {
            write_code(&mut out, code);
        }
        out.push('\n');
    }
    out.push_str("\nThe grammar stands in the documentation of the crate `query`.\n");
    out
}

fn write_section(out: &mut String, section: &Section) {
    out.push_str(&format!("## {}\n\n{}\n\n", section.title, section.intro));
    for entry in section.entries {
        write_entry(out, entry);
    }
}

fn write_entry(out: &mut String, entry: &Entry) {
    let forms: Vec<String> = entry.form.split(", ").map(|f| format!("`{f}`")).collect();
    out.push_str(&format!("**{}** — {}\n\n", forms.join(", "), entry.meaning));
    out.push_str("| Query | finds | does not find |\n|---|---|---|\n");
    out.push_str(&format!(
        "| {} | {} | {} |\n\n",
        code_cell(entry.query),
        sample(&entry.finds),
        sample(&entry.misses)
    ));
}

fn sample(sample: &Sample) -> String {
    let mut out = escaped(sample.text);
    let about: Vec<String> = sample
        .about
        .iter()
        .map(|(name, value)| format!("{name} {}", escaped(value)))
        .collect();
    if !about.is_empty() {
        out.push_str(&format!(" *({})*", about.join(", ")));
    }
    out
}

fn write_code(out: &mut String, code: &Code) {
    let row = match code.shown {
        Shown::Words(words) => format!("| `{}` | | {words} | |\n", code.code),
        Shown::Query(query) => {
            let problems = check_with(query, &lists());
            let found = problems.iter().find(|p| p.code == code.code);
            let message = found.map_or(String::new(), |p| escaped(&p.message));
            let fix = match found.and_then(fix_of) {
                Some("") => "nothing is left".to_owned(),
                Some(fix) => code_cell(fix),
                None => String::new(),
            };
            format!("| `{}` | {} | {message} | {fix} |\n", code.code, code_cell(query))
        }
    };
    out.push_str(&row);
}

fn fix_of(problem: &Problem) -> Option<&str> {
    problem.fix.as_deref().map(str::trim)
}

fn code_cell(text: &str) -> String {
    if text.is_empty() {
        return "nothing".to_owned();
    }
    format!("`{}`", text.replace('|', "\\|"))
}

/// Text whose signs mean nothing to Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '\\' | '|' | '*' | '_' | '<' | '[' | ']' | '`' | '#' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
