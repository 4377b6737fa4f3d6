//! Redaction of structured personal data in text: typed placeholders such as `[email]`.
//!
//! Names of people are not redacted. Each kind is recognised by its shape and, where it has one, its checksum, so that
//! prices, scores and years stay. A byte prefilter lets most posts pass untouched.

use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// A kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Secret {
    Email,
    Iban,
    Card,
    NationalId,
    Ip,
    Coordinates,
    Phone,
    Address,
}

impl Secret {
    /// What stands in its place.
    pub fn placeholder(self) -> &'static str {
        match self {
            Secret::Email => "[email]",
            Secret::Iban => "[iban]",
            Secret::Card => "[card]",
            Secret::NationalId => "[id]",
            Secret::Ip => "[ip]",
            Secret::Coordinates => "[place]",
            Secret::Phone => "[phone]",
            Secret::Address => "[address]",
        }
    }
}

/// Finds and replaces personal data, except what the operator keeps (`privacy.keep`: its own numbers, domains,
/// addresses).
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    keep: HashSet<String>,
}

struct Rule {
    secret: Secret,
    pattern: Regex,
    /// Whether a hit of the pattern really is one: checksums and counts of digits.
    holds: fn(&str) -> bool,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    const TEL: &str = r"(?i:tel|tél|phone|fon|telefon|teléfono|telefone|telefono|telefoon|mobile?|móvil|handy|cell|whats\s?app|call|text|sms|ruf|llama|appelez|chiama|bel|ligue)";
    let table: [(Secret, String, fn(&str) -> bool); 14] = [
        (Secret::Email, r"(?i)[a-z0-9._%+'-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.[a-z]{2,24}".into(), |_| true),
        (Secret::Email, r"(?i)[a-z0-9._%+-]+\s?[\[(](?:at|arroba|ät)[\])]\s?[a-z0-9-]+\s?(?:[\[(](?:dot|punto|punkt)[\])]|\.)\s?[a-z]{2,24}".into(), |_| true),
        (Secret::Iban, r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b".into(), is_iban),
        (Secret::NationalId, r"\b[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]\b".into(), |_| true),
        (Secret::NationalId, r"\b(?:[0-9]{8}|[XYZ][0-9]{7})-?[A-HJ-NP-TV-Z]\b".into(), is_dni),
        (Secret::NationalId, r"\b[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}\b".into(), is_cpf),
        (Secret::NationalId, r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b".into(), is_ssn),
        (Secret::Card, r"\b(?:[0-9][ -]?){12,18}[0-9]\b".into(), is_card),
        (Secret::Ip, r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b".into(), is_ipv4),
        (Secret::Ip, r"(?i)(?:\b[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}\b|\b(?:[0-9a-f]{1,4}:){2,6}(?::[0-9a-f]{1,4}){1,5}\b".into(), |_| true),
        (Secret::Coordinates, r"[-+]?[0-9]{1,2}\.[0-9]{4,},\s*[-+]?[0-9]{1,3}\.[0-9]{4,}".into(), |_| true),
        (Secret::Phone, format!(r"(?:\+|\b00)[1-9](?:[\s./()-]{{0,2}}[0-9]){{7,14}}\b|(?:\b[0-9]{{3}}|\([0-9]{{3}}\))[ .-]?[0-9]{{3}}[.-][0-9]{{4}}\b|\([0-9]{{3}}\) ?[0-9]{{3}} [0-9]{{4}}\b|\b0[1-9](?:[ ./-]?[0-9]){{7,10}}\b|\b{TEL}\b[^0-9+\n]{{0,12}}[0-9](?:[\s./()-]{{0,2}}[0-9]){{6,13}}\b"), is_phone),
        (Secret::Address, r"(?i)\b[0-9]{1,5}[a-z]?,? (?:rue|avenue|av\.|boulevard|bd|chemin|impasse|allée|quai) (?:de |du |des |la |le |l'|d')*\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+){0,2}|\b[0-9]{1,5} (?:[NSEW]\.? )?\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+){0,2} (?:Street|St\.?|Avenue|Ave\.?|Road|Rd\.?|Lane|Ln\.?|Drive|Dr\.?|Boulevard|Blvd\.?|Court|Ct\.?|Square|Terrace)\b".into(), has_capital),
        (Secret::Address, r"\b\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|weg|gasse|allee|platz|straat|laan|gracht|plein) [0-9]{1,4}[a-z]?\b|\b(?:Calle|C/|Avenida|Avda\.?|Plaza|Paseo|Rua|Avenida|Travessa|Via|Viale|Piazza|Corso) (?:de |del |da |do |dos |della |di |la |el )*\p{Lu}[\p{L}'’-]+(?: (?:de |del |da |do )?\p{Lu}[\p{L}'’-]+){0,3},? (?:n[.ºo°]* ?)?[0-9]{1,4}\b".into(), |_| true),
    ];
    table
        .into_iter()
        .filter_map(|(secret, pattern, holds)| Some(Rule { secret, pattern: Regex::new(&pattern).ok()?, holds }))
        .collect()
});

impl Redactor {
    /// A redactor that leaves what is listed readable: addresses, numbers (compared by their digits), or whole
    /// domains (`@acme.example`).
    pub fn new<S: AsRef<str>>(keep: impl IntoIterator<Item = S>) -> Self {
        Self { keep: keep.into_iter().map(|k| normal(k.as_ref())).collect() }
    }

    /// `text` with personal data replaced, and what was found; `None` where there is nothing to replace.
    pub fn redact(&self, text: &str) -> Option<(String, Vec<Secret>)> {
        if !may_hold_secret(text) {
            return None;
        }
        let mut hits: Vec<(usize, usize, Secret)> = Vec::new();
        for rule in RULES.iter() {
            for m in rule.pattern.find_iter(text) {
                let overlaps = hits.iter().any(|&(s, e, _)| m.start() < e && s < m.end());
                if !overlaps && (rule.holds)(m.as_str()) && !self.kept(m.as_str()) {
                    hits.push((m.start(), m.end(), rule.secret));
                }
            }
        }
        if hits.is_empty() {
            return None;
        }
        hits.sort_unstable_by_key(|h| h.0);
        Some((replace(text, &hits), hits.into_iter().map(|h| h.2).collect()))
    }

    fn kept(&self, hit: &str) -> bool {
        if self.keep.is_empty() {
            return false;
        }
        let domain = hit.rsplit_once('@').map(|(_, d)| format!("@{}", d.to_ascii_lowercase()));
        self.keep.contains(&normal(hit)) || domain.is_some_and(|d| self.keep.contains(&d))
    }
}

fn replace(text: &str, hits: &[(usize, usize, Secret)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for &(start, end, secret) in hits {
        out.push_str(&text[at..start]);
        out.push_str(secret.placeholder());
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

/// Numbers are compared by their digits, everything else in lower case.
fn normal(s: &str) -> String {
    let digits = digits(s);
    if digits.len() >= 7 && !s.contains('@') { digits } else { s.to_lowercase() }
}

fn digits(s: &str) -> String {
    s.chars().filter(char::is_ascii_digit).collect()
}

/// Whether the text can hold anything: an `@` or an `at` in brackets inside a word, or a digit that could begin a
/// number of five or a house number.
fn may_hold_secret(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut seen_digits = 0;
    for (i, &b) in bytes.iter().enumerate() {
        match b {
            b'0'..=b'9' => seen_digits += 1,
            b'@' if i > 0 && bytes[i - 1].is_ascii_alphanumeric() => return true,
            b'[' | b'(' if bytes[i + 1..].first().is_some_and(|n| matches!(n | 0x20, b'a')) => return true,
            b':' if bytes.get(i + 1) == Some(&b':') => return true,
            _ => {}
        }
    }
    seen_digits >= 5 || (seen_digits > 0 && text.len() > 12 && text.bytes().any(|b| b.is_ascii_uppercase()))
}

fn has_capital(hit: &str) -> bool {
    hit.split(|c: char| !c.is_alphanumeric()).skip(1).any(|w| w.chars().next().is_some_and(char::is_uppercase))
}

/// ISO 13616: moved, letters as numbers, modulo 97 is 1.
fn is_iban(hit: &str) -> bool {
    let compact: Vec<u8> = hit.bytes().filter(|b| *b != b' ').collect();
    if !(15..=34).contains(&compact.len()) {
        return false;
    }
    let moved = compact[4..].iter().chain(&compact[..4]);
    let rest = moved.fold(0u64, |acc, &b| match b {
        b'0'..=b'9' => (acc * 10 + u64::from(b - b'0')) % 97,
        _ => (acc * 100 + u64::from(b - b'A') + 10) % 97,
    });
    rest == 1
}

/// ISO/IEC 7812: 13 to 19 digits of a known issuer whose Luhn sum is a multiple of ten.
fn is_card(hit: &str) -> bool {
    let d: Vec<u32> = hit.chars().filter_map(|c| c.to_digit(10)).collect();
    if !(13..=19).contains(&d.len()) || !matches!(d[0], 2..=6) {
        return false;
    }
    let sum: u32 = d
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &x)| if i % 2 == 0 { x } else if x > 4 { 2 * x - 9 } else { 2 * x })
        .sum();
    sum.is_multiple_of(10)
}

/// Spanish DNI and NIE: the letter is the number modulo 23.
fn is_dni(hit: &str) -> bool {
    let first = match hit.as_bytes()[0] {
        b'X' => "0",
        b'Y' => "1",
        b'Z' => "2",
        _ => "",
    };
    let number: u32 = format!("{first}{}", digits(hit)).parse().unwrap_or(0);
    hit.as_bytes().last() == Some(&b"TRWAGMYFPDXBNJZSQVHLCKE"[(number % 23) as usize])
}

/// Brazilian CPF: two check digits.
fn is_cpf(hit: &str) -> bool {
    let d: Vec<u32> = hit.chars().filter_map(|c| c.to_digit(10)).collect();
    let check = |n: usize| {
        let sum: u32 = d[..n].iter().zip((2..=n as u32 + 1).rev()).map(|(a, b)| a * b).sum();
        (sum * 10 % 11) % 10
    };
    d.len() == 11 && check(9) == d[9] && check(10) == d[10]
}

/// US social security number: areas 000, 666 and 900 and above are never given out.
fn is_ssn(hit: &str) -> bool {
    !(hit.starts_with("000") || hit.starts_with("666") || hit.starts_with('9') || hit[4..].starts_with("00") || hit.ends_with("0000"))
}

fn is_ipv4(hit: &str) -> bool {
    hit.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| !ip.is_loopback() && !ip.is_unspecified() && ip.octets()[0] != 0)
}

/// 7 to 15 digits (ITU E.164), not all the same.
fn is_phone(hit: &str) -> bool {
    let d = digits(hit);
    (7..=15).contains(&d.len()) && d.bytes().any(|b| b != d.as_bytes()[0])
}
