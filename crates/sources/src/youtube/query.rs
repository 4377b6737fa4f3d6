//! What is looked for, as YouTube's search takes it: words that must all be there, and `|` between words of which one
//! must be. It knows no brackets.

use crate::wanted::{Alternative, Sought, Wanted};

/// Searches that one wish may take: there are 100 a day.
const PER_WISH: usize = 5;
/// Searches altogether.
const MOST: usize = 20;
/// How long a search with `|` becomes.
const MAX_QUERY: usize = 200;

/// As few searches as hold all wishes, and how many wishes cannot be asked.
pub(super) fn queries(wanted: &[Wanted]) -> (Vec<String>, usize) {
    let mut asked = Asked::default();
    let mut unasked = 0;
    for wish in wanted {
        let mut with = asked.clone();
        match with.add(&wish.sought) {
            Some(())
                if with.searches().len() <= MOST && with.several.len() <= asked.several.len() + PER_WISH =>
            {
                asked = with;
            }
            _ => unasked += 1,
        }
    }
    (asked.searches(), unasked)
}

#[derive(Clone, Default)]
struct Asked {
    /// Words and phrases of which one is enough.
    single: Vec<String>,
    /// Words that must be there together.
    several: Vec<String>,
}

impl Asked {
    fn add(&mut self, sought: &Sought) -> Option<()> {
        for alternative in sought.alternatives(60)? {
            let mut terms = terms(&alternative);
            let (into, query) = match terms.len() {
                0 => return None,
                1 => (&mut self.single, terms.pop()?),
                _ => (&mut self.several, terms.join(" ")),
            };
            if !into.contains(&query) {
                into.push(query);
            }
        }
        Some(())
    }

    fn searches(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for term in &self.single {
            match all
                .last_mut()
                .filter(|q| q.chars().count() + term.chars().count() < MAX_QUERY)
            {
                Some(query) => *query = format!("{query}|{term}"),
                None => all.push(term.clone()),
            }
        }
        all.extend(self.several.iter().cloned());
        all
    }
}

/// What must be there. What must not is left to the matcher: YouTube's search is by meaning, and would leave out more.
fn terms(alternative: &Alternative) -> Vec<String> {
    alternative.must.iter().filter_map(term).collect()
}

fn term(sought: &Sought) -> Option<String> {
    let clean = |text: &str| {
        let clean: String = text.chars().filter(|c| !matches!(c, '"' | '|')).collect();
        let clean = clean.trim_start_matches('-').to_owned();
        clean.contains(char::is_alphanumeric).then_some(clean)
    };
    match sought {
        Sought::Word(word) | Sought::Link(word) => clean(word),
        Sought::Hashtag(tag) => Some(format!("#{}", clean(tag)?)),
        Sought::Mention(handle) => Some(format!("@{}", clean(handle)?)),
        Sought::Phrase(words) => Some(format!("\"{}\"", clean(&words.join(" "))?)),
        Sought::Prefix(_) | Sought::From(_) | Sought::Lang(_) => None,
        Sought::All(_) | Sought::Any(_) | Sought::Not(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_written_in_youtube_s_language() {
        let word = |w: &str| Sought::Word(w.to_owned());
        let wish = |sought| Wanted {
            id: "m".to_owned(),
            sought,
        };
        let (all, unasked) = queries(&[
            wish(Sought::Any(vec![
                word("acme"),
                Sought::Phrase(vec!["acme".into(), "corp".into()]),
            ])),
            wish(Sought::All(vec![
                word("anvil"),
                word("fall"),
                Sought::Not(Box::new(word("job"))),
            ])),
            wish(Sought::Hashtag("acme".into())),
            wish(Sought::From("ann".into())),
            wish(Sought::Prefix("anv".into())),
        ]);
        assert_eq!(all, ["acme|\"acme corp\"|#acme", "anvil fall"]);
        assert_eq!(unasked, 2);
    }
}
