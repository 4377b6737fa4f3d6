//! What is looked for, in Reddit's search language. Reddit searches titles and texts of posts, not comments.

use crate::wanted::{Sought, Wanted};

/// Reddit takes no longer query.
pub(super) const MAX_QUERY: usize = 512;
/// Questions a round of searching may consist of.
const MAX_QUERIES: usize = 60;

/// As few queries as hold all wishes, and how many wishes cannot be asked.
pub(super) fn queries(wanted: &[Wanted]) -> (Vec<String>, usize) {
    let mut packed: Vec<String> = Vec::new();
    let mut unasked = 0;
    for wish in wanted {
        match split(&wish.sought) {
            Some(queries) if packed.len() + queries.len() <= MAX_QUERIES => {
                queries.into_iter().for_each(|q| pack(&mut packed, q));
            }
            _ => unasked += 1,
        }
    }
    (packed, unasked)
}

fn pack(packed: &mut Vec<String>, query: String) {
    let room = |p: &&mut String| p.chars().count() + query.chars().count() + " OR ".len() <= MAX_QUERY;
    if packed.contains(&query) {
        return;
    }
    match packed.iter_mut().find(room) {
        Some(with) => *with = format!("{with} OR {query}"),
        None => packed.push(query),
    }
}

/// Queries that together ask for no less; `None` where there is nothing to ask by.
fn split(sought: &Sought) -> Option<Vec<String>> {
    let whole = write(sought)?;
    if whole.chars().count() <= MAX_QUERY {
        return Some(vec![whole]);
    }
    match sought {
        Sought::Any(parts) => {
            let mut all = Vec::new();
            for part in parts {
                split(part)?.into_iter().for_each(|q| pack(&mut all, q));
            }
            Some(all)
        }
        // The part with the fewest queries asks for more than all parts together.
        Sought::All(parts) => parts.iter().filter_map(split).min_by_key(Vec::len),
        _ => None,
    }
}

/// One query; `None` where Reddit could only be asked for everything.
fn write(sought: &Sought) -> Option<String> {
    match sought {
        // Words that begin like this cannot be asked for, and languages are not told.
        Sought::Prefix(_) | Sought::Lang(_) | Sought::Not(_) => None,
        Sought::Word(word) | Sought::Hashtag(word) | Sought::Mention(word) => quoted(word),
        Sought::Phrase(words) => quoted(&words.join(" ")),
        Sought::From(handle) => field("author", handle),
        // `url:` knows what a post links to, not what its text does.
        Sought::Link(site) => Some(format!("({} OR {})", field("url", site)?, quoted(site)?)),
        Sought::Any(parts) => {
            let written: Vec<String> = parts.iter().map(write).collect::<Option<_>>()?;
            joined(written, " OR ")
        }
        Sought::All(parts) => {
            let written: Vec<String> = parts.iter().filter_map(write).collect();
            let asked = joined(written, " AND ")?;
            // Reddit stems words: NOT of a word would leave out posts that hold another form of it. Authors are exact.
            let not = parts.iter().filter_map(|p| match p {
                Sought::Not(inner) => match inner.as_ref() {
                    Sought::From(handle) => field("author", handle),
                    _ => None,
                },
                _ => None,
            });
            let not: Vec<String> = not.map(|n| format!(" AND NOT {n}")).collect();
            match not.is_empty() {
                true => Some(asked),
                false => Some(format!("({asked}{})", not.concat())),
            }
        }
    }
}

fn joined(mut parts: Vec<String>, with: &str) -> Option<String> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(format!("({})", parts.join(with))),
    }
}

fn quoted(text: &str) -> Option<String> {
    let clean: String = text.chars().filter(|c| !matches!(c, '"' | '\\')).collect();
    clean
        .contains(char::is_alphanumeric)
        .then(|| format!("\"{clean}\""))
}

fn field(name: &str, value: &str) -> Option<String> {
    Some(format!("{name}:{}", quoted(value)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn word(w: &str) -> Sought {
        Sought::Word(w.to_owned())
    }

    #[test]
    fn wishes_are_written_in_reddit_s_language() {
        let wish = Sought::All(vec![
            Sought::Any(vec![
                word("acme"),
                Sought::Phrase(vec!["acme".into(), "corp".into()]),
            ]),
            Sought::Prefix("anv".into()),
            Sought::Not(Box::new(word("job"))),
            Sought::Not(Box::new(Sought::From("acme_bot".into()))),
        ]);
        assert_eq!(
            write(&wish).unwrap(),
            r#"(("acme" OR "acme corp") AND NOT author:"acme_bot")"#
        );
        assert_eq!(
            write(&Sought::Link("acme.example".into())).unwrap(),
            r#"(url:"acme.example" OR "acme.example")"#
        );
        assert_eq!(
            write(&Sought::Any(vec![word("a"), Sought::Prefix("b".into())])),
            None
        );
        assert_eq!(write(&Sought::Not(Box::new(word("a")))), None);
        assert_eq!(write(&word("a\" OR b")).unwrap(), "\"a OR b\"");
    }

    #[test]
    fn long_wishes_become_several_queries_and_short_ones_share_one() {
        let long = Sought::Any((0..200).map(|i| word(&format!("word{i}"))).collect());
        let wish = |id: &str, sought: Sought| Wanted {
            id: id.to_owned(),
            sought,
        };
        let (queries, unasked) = queries(&[
            wish("1", long),
            wish("2", word("acme")),
            wish("3", Sought::Prefix("x".into())),
        ]);
        assert_eq!(unasked, 1);
        assert!(queries.iter().all(|q| q.chars().count() <= MAX_QUERY));
        assert!((5..9).contains(&queries.len()), "{}", queries.len());
        for i in 0..200 {
            assert_eq!(
                queries
                    .iter()
                    .filter(|q| q.contains(&format!("\"word{i}\"")))
                    .count(),
                1
            );
        }
        assert!(queries.iter().any(|q| q.contains("\"acme\"")));
    }
}
