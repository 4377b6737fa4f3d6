//! Wishes in GDELT's query language: words and phrases beside each other are all wanted, `(a OR b)` any of them.

use super::names::language_name;
use crate::wanted::{Alternative, Sought, Wanted};

/// Alternatives of one wish; a wish with more cannot be asked.
const MOST: usize = 60;
/// Characters of one question; longer ones are refused.
const LONGEST: usize = 240;
/// Shorter words are refused.
const SHORTEST: usize = 3;

/// The questions that together ask for at least what is wanted, and whether some wish cannot be asked at all.
pub(super) fn questions(wanted: &[Wanted]) -> (Vec<String>, bool) {
    let (mut single, mut several, mut partial) = (Vec::new(), Vec::new(), false);
    for wish in wanted {
        let alternatives = wish.sought.alternatives(MOST);
        let asked: Option<Vec<Vec<String>>> = alternatives.and_then(|all| all.iter().map(terms).collect());
        let Some(asked) = asked else {
            partial = true;
            continue;
        };
        for mut terms in asked {
            match terms.len() {
                1 if !terms[0].contains(':') => single.append(&mut terms),
                _ => several.push(terms.join(" ")),
            }
        }
    }
    single.sort_unstable();
    single.dedup();
    several.sort_unstable();
    several.dedup();
    let mut questions = Vec::new();
    let mut group: Vec<String> = Vec::new();
    for term in single {
        if group.iter().map(|t| t.len() + 4).sum::<usize>() + term.len() > LONGEST {
            questions.push(any(&std::mem::take(&mut group)));
        }
        group.push(term);
    }
    if !group.is_empty() {
        questions.push(any(&group));
    }
    questions.extend(several);
    (questions, partial)
}

fn any(terms: &[String]) -> String {
    match terms {
        [one] => one.clone(),
        many => format!("({})", many.join(" OR ")),
    }
}

/// What an alternative asks for; `None` where nothing of it can be asked. What GDELT cannot say is left out: that asks
/// for more.
fn terms(alternative: &Alternative) -> Option<Vec<String>> {
    let mut terms: Vec<String> = alternative.must.iter().filter_map(term).collect();
    terms.dedup();
    let words = terms.len();
    // Too long a question: fewer conditions ask for more.
    while terms.iter().map(|t| t.len() + 1).sum::<usize>() > LONGEST {
        terms.pop();
    }
    if words == 0 || terms.is_empty() {
        return None;
    }
    let lang = alternative.must.iter().find_map(|m| match m {
        Sought::Lang(code) => language_name(code),
        _ => None,
    });
    terms.extend(lang.map(|name| format!("sourcelang:{name}")));
    for not in alternative.not.iter().filter_map(excluded) {
        if terms.iter().map(|t| t.len() + 1).sum::<usize>() + not.len() < LONGEST {
            terms.push(format!("-{not}"));
        }
    }
    Some(terms)
}

fn term(sought: &Sought) -> Option<String> {
    match sought {
        Sought::Word(word) | Sought::Hashtag(word) | Sought::Mention(word) => quoted(word),
        Sought::Phrase(words) => quoted(&words.join(" ")),
        Sought::Link(site) => site
            .split('/')
            .next()
            .filter(|s| s.contains('.'))
            .map(|s| format!("domain:{s}")),
        _ => None,
    }
}

/// Only what our matcher would surely find in the text too may be excluded: GDELT reads the whole article, we read its
/// title, so an excluded word in the article must not cost the post. Nothing is excluded but a language.
fn excluded(not: &Sought) -> Option<String> {
    match not {
        Sought::Lang(code) => language_name(code).map(|name| format!("sourcelang:{name}")),
        _ => None,
    }
}

/// A word, or several in quotation marks; characters with a meaning of their own are blanks.
fn quoted(text: &str) -> Option<String> {
    let clean: String = text
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<&str> = clean.split_whitespace().collect();
    let long_enough = words
        .iter()
        .any(|w| w.chars().count() >= SHORTEST || !w.is_ascii());
    match words.as_slice() {
        _ if !long_enough => None,
        [word] => Some((*word).to_owned()),
        many => Some(format!("\"{}\"", many.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(sought: Sought) -> (Vec<String>, bool) {
        questions(&[Wanted {
            id: "m".to_owned(),
            sought,
        }])
    }

    fn word(word: &str) -> Sought {
        Sought::Word(word.to_owned())
    }

    #[test]
    fn alternatives_of_one_word_share_a_question() {
        let phrase = Sought::Phrase(vec!["acme".to_owned(), "corp".to_owned()]);
        let any = Sought::Any(vec![word("acme"), phrase, Sought::Hashtag("zeta".to_owned())]);
        assert_eq!(ask(any).0, ["(\"acme corp\" OR acme OR zeta)"]);
        let all = Sought::All(vec![
            word("acme"),
            word("recall"),
            Sought::Lang("de".to_owned()),
            Sought::Not(Box::new(word("job"))),
        ]);
        assert_eq!(ask(all).0, ["acme recall sourcelang:german"]);
    }

    #[test]
    fn what_cannot_be_asked_is_said() {
        for sought in [
            word("ab"),
            Sought::Prefix("acm".to_owned()),
            Sought::Lang("de".to_owned()),
            Sought::From("ann".to_owned()),
        ] {
            assert_eq!(ask(sought), (Vec::new(), true));
        }
        let part = Sought::All(vec![word("acme"), Sought::Prefix("rec".to_owned())]);
        assert_eq!(ask(part), (vec!["acme".to_owned()], false));
    }

    #[test]
    fn no_question_is_too_long() {
        let many = Sought::Any((0..60).map(|i| word(&format!("longish{i}"))).collect());
        let (questions, _) = ask(many);
        assert!(questions.len() > 1 && questions.iter().all(|q| q.len() <= LONGEST + 2));
    }
}
