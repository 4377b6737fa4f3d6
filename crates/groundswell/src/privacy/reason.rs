//! The operator's own words, on their way into the audit log.

use post::Redactor;
use text::{EntityKind, entities};

/// A purpose or reason as it is kept: one line, trimmed, without addresses and numbers of people, without handles, and
/// without any of `secrets` (what names the person it is about), in any case.
pub fn plain_reason(text: &str, secrets: &[&str]) -> String {
    let one_line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let mut out = one_line.trim().to_owned();
    for secret in secrets.iter().filter(|s| s.len() >= 2) {
        out = without(&out, secret);
    }
    let out = Redactor::new([""; 0])
        .redact(&out)
        .map_or_else(|| out.clone(), |(redacted, ..)| redacted);
    let mut plain = String::with_capacity(out.len());
    let mut at = 0;
    for entity in entities(&out).iter().filter(|e| e.kind == EntityKind::Handle) {
        plain.push_str(&out[at..entity.start]);
        plain.push_str("[handle]");
        at = entity.end;
    }
    plain.push_str(&out[at..]);
    plain
}

/// `text` with every occurrence of `secret` in any case replaced.
fn without(text: &str, secret: &str) -> String {
    let pattern = regex::RegexBuilder::new(&regex::escape(secret))
        .case_insensitive(true)
        .build();
    match pattern {
        Ok(pattern) => pattern.replace_all(text, "[author]").into_owned(),
        // A name too long for a pattern is too long for a reason.
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_nobody() {
        let plain = plain_reason(
            " Asked by Ana.Example\n(ana@mail.example, @ana) on 3 May ",
            &["ana.example"],
        );
        assert_eq!(plain, "Asked by [author] ([email], [handle]) on 3 May");
        assert_eq!(plain_reason("customer care", &[]), "customer care");
    }
}
