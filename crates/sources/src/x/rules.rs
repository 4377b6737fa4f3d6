//! What is wanted, in X's language of rules and searches: words, `"phrases"`, `#`, `@`, `from:`, `url:`, `lang:`, `OR`,
//! `-`, brackets (docs.x.com, "Build a rule"). A group cannot be negated, a rule needs something that stands alone, and
//! a negation cannot be one of several choices.

use crate::wanted::Sought;

/// Languages X knows, in its own codes.
const LANGS: &str = " am ar hy eu bn bs bg my hr ca cs da nl en et fi fr ka de el gu ht iw hi hu is in it ja kn km ko \
    lo lv lt ml dv mr ne no or pa ps fa pl pt ro ru sr zh sd si sk sl ckb es sv tl ta te th bo tr uk ur ug vi cy ";

/// A part of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Something that stands alone.
    Term(String),
    /// Something that narrows others: a language, a negation.
    Narrow(String),
    All(Vec<Part>),
    Any(Vec<Part>),
}

/// What a wish comes to.
enum Made {
    Part(Part),
    /// Nothing on X is like this.
    Never,
    /// X cannot be asked this.
    Unaskable,
}

/// The rules of at most `limit` characters that together find everything that is like what is sought, and perhaps
/// more. Empty where nothing on X is; `None` where X cannot be asked.
pub(super) fn rules(sought: &Sought, limit: usize) -> Option<Vec<String>> {
    match make(sought) {
        Made::Never => Some(Vec::new()),
        Made::Unaskable => None,
        Made::Part(part) if !stands(&part) => None,
        Made::Part(part) => split(part, limit),
    }
}

fn make(sought: &Sought) -> Made {
    match sought {
        Sought::All(parts) => all(parts),
        Sought::Any(parts) => any(parts),
        Sought::Not(inner) => not(inner),
        Sought::Word(word) => term(word_of(word)),
        Sought::Phrase(words) => term(quoted(&words.join(" "))),
        Sought::Hashtag(tag) => sigil('#', tag, |c| c.is_alphanumeric() || is_mark(c) || c == '_'),
        Sought::Mention(handle) => account('@', handle),
        Sought::From(handle) => account(':', handle),
        Sought::Link(link) => term(quoted(link).map(|q| format!("url:{q}"))),
        Sought::Lang(code) => lang(code).map_or(Made::Unaskable, |c| Made::Part(Part::Narrow(c))),
        Sought::Prefix(_) => Made::Unaskable,
    }
}

fn all(parts: &[Sought]) -> Made {
    let mut made = Vec::new();
    for part in parts {
        match make(part) {
            Made::Part(Part::All(inner)) => made.extend(inner),
            Made::Part(part) => made.push(part),
            Made::Never => return Made::Never,
            // Left out: that asks for more.
            Made::Unaskable => {}
        }
    }
    match made.len() {
        0 => Made::Unaskable,
        1 => Made::Part(made.remove(0)),
        _ => Made::Part(Part::All(made)),
    }
}

fn any(parts: &[Sought]) -> Made {
    let mut made = Vec::new();
    for part in parts {
        match make(part) {
            Made::Part(Part::Any(inner)) => made.extend(inner),
            // A choice that does not stand alone (a language, a negation) cannot be one of several.
            Made::Part(part) if stands(&part) => made.push(part),
            Made::Never => {}
            Made::Part(_) | Made::Unaskable => return Made::Unaskable,
        }
    }
    match made.len() {
        0 => Made::Never,
        1 => Made::Part(made.remove(0)),
        _ => Made::Part(Part::Any(made)),
    }
}

/// None of a group is each of it negated; a conjunction cannot be negated and is left out.
fn not(inner: &Sought) -> Made {
    let negated = |part: &Sought| match make(part) {
        Made::Part(Part::Term(text) | Part::Narrow(text)) if !text.starts_with('-') => {
            Some(Part::Narrow(format!("-{text}")))
        }
        _ => None,
    };
    let parts: Vec<Part> = match inner {
        Sought::Any(parts) => parts.iter().filter_map(negated).collect(),
        Sought::All(_) | Sought::Not(_) => Vec::new(),
        one => negated(one).into_iter().collect(),
    };
    if parts.is_empty() {
        Made::Unaskable
    } else {
        Made::Part(Part::All(parts))
    }
}

fn stands(part: &Part) -> bool {
    match part {
        Part::Term(_) => true,
        Part::Narrow(_) => false,
        Part::All(parts) => parts.iter().any(stands),
        Part::Any(parts) => parts.iter().all(stands),
    }
}

fn term(text: Option<String>) -> Made {
    text.map_or(Made::Never, |t| Made::Part(Part::Term(t)))
}

fn word_of(word: &str) -> Option<String> {
    let is_plain = word.chars().all(|c| c.is_alphanumeric() || is_mark(c));
    let is_operator = ["or", "and", "not"].iter().any(|o| word.eq_ignore_ascii_case(o));
    if is_plain && !is_operator && !word.is_empty() {
        Some(word.to_owned())
    } else {
        quoted(word)
    }
}

fn is_mark(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control()
}

/// In quotes, without what would end them; `None` where nothing is left.
fn quoted(text: &str) -> Option<String> {
    let clean: String = text
        .chars()
        .map(|c| {
            if c == '"' || c == '\\' || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect();
    let clean = clean.trim();
    clean
        .chars()
        .any(char::is_alphanumeric)
        .then(|| format!("\"{clean}\""))
}

fn sigil(sigil: char, name: &str, fits: impl Fn(char) -> bool) -> Made {
    if !name.is_empty() && name.chars().all(fits) {
        Made::Part(Part::Term(format!("{sigil}{name}")))
    } else {
        Made::Never
    }
}

/// Names on X are 1 to 15 letters, digits and underscores: others exist elsewhere only.
fn account(sigil: char, handle: &str) -> Made {
    let fits =
        (1..=15).contains(&handle.len()) && handle.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    match sigil {
        _ if !fits => Made::Never,
        '@' => Made::Part(Part::Term(format!("@{handle}"))),
        _ => Made::Part(Part::Term(format!("from:{handle}"))),
    }
}

fn lang(code: &str) -> Option<String> {
    let code = match code.to_ascii_lowercase().as_str() {
        "he" => "iw".to_owned(),
        "id" => "in".to_owned(),
        "nb" | "nn" => "no".to_owned(),
        "fil" => "tl".to_owned(),
        other => other.to_owned(),
    };
    LANGS
        .contains(&format!(" {code} "))
        .then(|| format!("lang:{code}"))
}

fn render(part: &Part, inside: bool) -> String {
    let joined = |parts: &[Part], between: &str| {
        let parts: Vec<String> = parts.iter().map(|p| render(p, true)).collect();
        parts.join(between)
    };
    match part {
        Part::Term(text) | Part::Narrow(text) => text.clone(),
        // A space binds tighter than OR, but the documentation asks for brackets.
        Part::All(parts) if inside => format!("({})", joined(parts, " ")),
        Part::All(parts) => joined(parts, " "),
        Part::Any(parts) if inside => format!("({})", joined(parts, " OR ")),
        Part::Any(parts) => joined(parts, " OR "),
    }
}

fn length(part: &Part, inside: bool) -> usize {
    render(part, inside).chars().count()
}

fn split(part: Part, limit: usize) -> Option<Vec<String>> {
    if length(&part, false) <= limit {
        return Some(vec![render(&part, false)]);
    }
    match part {
        Part::Any(parts) => choices(parts, &[], limit),
        Part::All(parts) => conjunction(parts, limit),
        Part::Term(_) | Part::Narrow(_) => None,
    }
}

/// As many choices a rule as go into it, each beside `always`.
fn choices(parts: Vec<Part>, always: &[Part], limit: usize) -> Option<Vec<String>> {
    let with = |chosen: Vec<Part>| {
        let mut parts = always.to_vec();
        parts.push(Part::Any(chosen));
        if parts.len() == 1 {
            parts.remove(0)
        } else {
            Part::All(parts)
        }
    };
    let overhead = length(&with(Vec::new()), false);
    let (mut rules, mut chosen, mut used) = (Vec::new(), Vec::new(), overhead);
    for part in parts {
        let long = length(&part, true) + 4;
        if used + long > limit && !chosen.is_empty() {
            rules.push(render(&with(std::mem::take(&mut chosen)), false));
            used = overhead;
        }
        if overhead + long > limit {
            // A choice too long for a rule of its own.
            let mut alone = always.to_vec();
            match part {
                Part::All(inner) => alone.extend(inner),
                other => alone.push(other),
            }
            rules.extend(conjunction(alone, limit)?);
            continue;
        }
        used += long;
        chosen.push(part);
    }
    if !chosen.is_empty() {
        rules.push(render(&with(chosen), false));
    }
    Some(rules)
}

/// Shares out the choices of the longest group; without one, leaves out what is longest, negations first.
fn conjunction(mut parts: Vec<Part>, limit: usize) -> Option<Vec<String>> {
    loop {
        let whole = Part::All(parts.clone());
        if length(&whole, false) <= limit {
            return Some(vec![render(&whole, false)]);
        }
        let longest = |fits: &dyn Fn(&Part) -> bool| {
            let sized = parts.iter().enumerate().filter(|(_, p)| fits(p));
            sized.max_by_key(|(_, p)| length(p, true)).map(|(at, _)| at)
        };
        let out = longest(&|p| matches!(p, Part::Narrow(t) if t.starts_with('-'))).or_else(|| {
            (parts.len() > 1)
                .then(|| longest(&|p| !matches!(p, Part::Any(_))))
                .flatten()
        });
        let group = longest(&|p| matches!(p, Part::Any(_)));
        if let Some(at) = group {
            // What stands beside must leave room for the choices.
            let beside: usize = parts
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != at)
                .map(|(_, p)| length(p, true) + 1)
                .sum();
            if beside * 2 <= limit {
                let Part::Any(choices_of) = parts.remove(at) else {
                    return None;
                };
                return choices(choices_of, &parts, limit);
            }
            let others = parts.iter().filter(|p| matches!(p, Part::Any(_))).count();
            if others > 1 {
                // Two long groups: the longer one is left out.
                parts.remove(at);
                continue;
            }
        }
        let at = out?;
        parts.remove(at);
        if !parts.iter().any(stands) {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn w(word: &str) -> Sought {
        Sought::Word(word.to_owned())
    }

    fn one(sought: Sought) -> String {
        let rules = rules(&sought, 1024).unwrap();
        assert_eq!(rules.len(), 1);
        rules[0].clone()
    }

    #[test]
    fn every_part_is_written_in_the_platforms_words() {
        let choices = Sought::Any(vec![
            w("acme"),
            Sought::Hashtag("acme".into()),
            Sought::Mention("acme_inc".into()),
            Sought::From("acme".into()),
            Sought::Phrase(vec!["red".into(), "mug".into()]),
            Sought::Link("acme.example/shop".into()),
            w("c++"),
            w("or"),
        ]);
        let not = |s: Sought| Sought::Not(Box::new(s));
        let all = Sought::All(vec![
            choices,
            Sought::Lang("id".into()),
            not(w("job")),
            not(Sought::Any(vec![Sought::Hashtag("ad".into()), w("sale")])),
        ]);
        assert_eq!(
            one(all),
            "(acme OR #acme OR @acme_inc OR from:acme OR \"red mug\" OR url:\"acme.example/shop\" OR \"c++\" OR \"or\") \
             lang:in -job -#ad -sale"
        );
    }

    #[test]
    fn what_cannot_be_asked_is_left_out_or_said() {
        let prefix = || Sought::Prefix("acm".into());
        assert_eq!(rules(&prefix(), 1024), None);
        assert_eq!(rules(&Sought::Any(vec![w("a"), prefix()]), 1024), None);
        assert_eq!(one(Sought::All(vec![w("a"), prefix()])), "a");
        let not = Sought::Not(Box::new(w("a")));
        assert_eq!(rules(&not, 1024), None);
        assert_eq!(rules(&Sought::Any(vec![w("b"), not]), 1024), None);
        assert_eq!(rules(&Sought::Lang("en".into()), 1024), None);
        // A name that cannot be one of X matches nothing there.
        let elsewhere = || Sought::Mention("acme.bsky.example".into());
        assert_eq!(rules(&elsewhere(), 1024), Some(Vec::new()));
        assert_eq!(one(Sought::Any(vec![w("acme"), elsewhere()])), "acme");
        let none = Sought::All(vec![w("a"), Sought::Lang("xx".into())]);
        assert_eq!(one(none), "a", "a language X does not know is left to us");
    }

    #[test]
    fn long_wishes_become_several_rules_that_keep_what_narrows_them() {
        let words = |n: usize| Sought::Any((0..n).map(|i| w(&format!("word{i:04}"))).collect());
        let all = Sought::All(vec![
            words(300),
            Sought::Lang("en".into()),
            Sought::Not(Box::new(w("job"))),
        ]);
        let made = rules(&all, 512).unwrap();
        assert!(
            made.len() > 5
                && made
                    .iter()
                    .all(|r| r.chars().count() <= 512 && r.ends_with(" lang:en -job")
                        || r.starts_with("lang:en -job ("))
        );
        for i in 0..300 {
            assert_eq!(
                made.iter().filter(|r| r.contains(&format!("word{i:04}"))).count(),
                1
            );
        }
    }

    fn sought() -> impl Strategy<Value = Sought> {
        let leaf = prop_oneof![
            "[a-zé\"\\-]{0,40}".prop_map(Sought::Word),
            prop::collection::vec("[a-z ]{0,12}", 0..30).prop_map(Sought::Phrase),
            "[a-z_.]{0,18}".prop_map(Sought::From),
            "[a-z.]{0,8}".prop_map(Sought::Hashtag),
            "[a-z]{2}".prop_map(Sought::Lang),
            "[a-z]{1,4}".prop_map(Sought::Prefix),
        ];
        leaf.prop_recursive(4, 200, 20, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..20).prop_map(Sought::All),
                prop::collection::vec(inner.clone(), 0..20).prop_map(Sought::Any),
                inner.prop_map(|s| Sought::Not(Box::new(s))),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_rule_is_too_long_or_has_open_brackets(sought in sought(), limit in 64usize..400) {
            for rule in rules(&sought, limit).unwrap_or_default() {
                prop_assert!(!rule.is_empty() && rule.chars().count() <= limit, "{}", rule);
                let outside: String = rule.split('"').step_by(2).collect();
                let count = |c: char| outside.chars().filter(|x| *x == c).count();
                prop_assert_eq!(count('('), count(')'));
                prop_assert_eq!(rule.matches('"').count() % 2, 0);
            }
        }
    }
}
