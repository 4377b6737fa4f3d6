//! Whether an answer says what our sentences say: no number, quotation or address that is not in them, and each of them
//! used.

use std::collections::BTreeSet;

/// An answer may be so many characters longer than what it was asked about.
const LONGER: usize = 400;

/// Words that count something. One of them is as much of a number as digits are.
const WORDS: [&str; 40] = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "hundreds",
    "thousand",
    "thousands",
    "million",
    "millions",
    "billion",
    "dozen",
    "dozens",
    "half",
    "quarter",
    "twice",
    "double",
    "triple",
];

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// What it says.
    pub(crate) text: String,
    /// The places of the sentences that it rests on, from 0.
    pub(crate) sentences: Vec<usize>,
}

/// Takes an answer apart that may be shown in place of `ours`. `Err` says in words why it may not.
pub(super) fn check(answer: &str, ours: &[String]) -> Result<Vec<Part>, String> {
    let whole: usize = ours.iter().map(|s| s.chars().count()).sum();
    if answer.chars().count() > whole + LONGER {
        return Err("the answer is longer than what it was made of".to_owned());
    }
    let parts = parts(answer, ours.len())?;
    for part in &parts {
        if part.sentences.is_empty() {
            return Err("a sentence of the answer names nothing that it rests on".to_owned());
        }
        let rests_on: Vec<&str> = part.sentences.iter().map(|s| &*ours[*s]).collect();
        said(&part.text, &rests_on.join("\n"))?;
    }
    let used: BTreeSet<usize> = parts.iter().flat_map(|p| p.sentences.iter().copied()).collect();
    match (0..ours.len()).find(|place| !used.contains(place)) {
        None if parts.is_empty() => Err("the answer is empty".to_owned()),
        None => Ok(parts),
        Some(left) => Err(format!("the answer leaves out sentence {}", left + 1)),
    }
}

/// Whether everything that a text counts, quotes or links to is in `ours`.
fn said(text: &str, ours: &str) -> Result<(), String> {
    let (known, now) = (numbers(ours), numbers(text));
    if let Some(made_up) = now.difference(&known).next() {
        return Err(format!(
            "the answer holds a number that is not in what it rests on: {made_up}"
        ));
    }
    let quotes = ours.split_whitespace().collect::<Vec<_>>().join(" ");
    let of = |c: char| matches!(c, '“' | '”' | '"' | '„');
    // Every second piece stands between marks.
    let quoted = text.split(of).skip(1).step_by(2);
    if quoted
        .map(|q| q.trim_end_matches(['.', ',']))
        .any(|q| !quotes.contains(q))
    {
        return Err("the answer quotes something that nobody said".to_owned());
    }
    if text.contains("://") && !ours.contains("://") {
        return Err("the answer holds an address of its own".to_owned());
    }
    Ok(())
}

/// The pieces of an answer: each ends with the numbers of sentences in square brackets.
fn parts(answer: &str, sentences: usize) -> Result<Vec<Part>, String> {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = answer.trim();
    while !rest.is_empty() {
        let Some((begin, end, mut named)) = marker(rest) else {
            parts.push(Part {
                text: plain(rest),
                sentences: Vec::new(),
            });
            break;
        };
        let text = plain(&rest[..begin]);
        rest = rest[end..].trim_start();
        loop {
            let next = rest.trim_start_matches([' ', ',']);
            let Some((0, end, more)) = marker(next) else { break };
            named.extend(more);
            rest = next[end..].trim_start();
        }
        // A full stop after the brackets belongs before them.
        let stop = rest.find(|c| !matches!(c, '.' | ',' | ';' | ':' | '!' | '?'));
        let (stop, after) = rest.split_at(stop.unwrap_or(rest.len()));
        rest = after.trim_start();
        if let Some(unknown) = named.iter().find(|n| !(1..=sentences).contains(n)) {
            return Err(format!(
                "the answer names a sentence that there is not: {unknown}"
            ));
        }
        if text.is_empty() {
            return Err("the answer names sentences without saying anything".to_owned());
        }
        parts.push(Part {
            text: format!("{text}{stop}"),
            sentences: named.into_iter().map(|n| n - 1).collect(),
        });
    }
    Ok(parts)
}

/// The first `[2]` or `[1, 3]`: where it begins and ends, and the numbers in it.
fn marker(text: &str) -> Option<(usize, usize, BTreeSet<usize>)> {
    for (begin, _) in text.match_indices('[') {
        let length = text[begin..].find(']')?;
        let inner = text[begin + 1..begin + length].split(',').map(str::trim);
        let numbers: Option<BTreeSet<usize>> = inner.map(|n| n.parse().ok()).collect();
        if let Some(numbers) = numbers.filter(|n| !n.is_empty()) {
            return Some((begin, begin + length + 1, numbers));
        }
    }
    None
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every number of a text, in one form: without separators of thousands, with its minus, and with `%` where it is a share;
/// and words that count.
fn numbers(text: &str) -> BTreeSet<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            if chars[at].is_numeric() {
                found.insert(chars[at].to_string());
            }
            at += 1;
            continue;
        }
        let begin = at;
        let mut number = String::new();
        while at < chars.len() {
            match chars[at] {
                c if c.is_ascii_digit() => number.push(c),
                ',' | '\u{a0}' | '\u{202f}' | '\u{2009}' if thousands(&chars[at..]) => {}
                '.' if chars.get(at + 1).is_some_and(char::is_ascii_digit) => number.push('.'),
                _ => break,
            }
            at += 1;
        }
        let before = |n: usize| begin.checked_sub(n).and_then(|at| chars.get(at)).copied();
        if matches!(before(1), Some('-' | '−')) && !before(2).is_some_and(char::is_alphanumeric) {
            number.insert(0, '-');
        }
        let after: String = chars[at..].iter().take(10).collect();
        let after = after.trim_start();
        if after.starts_with('%') || after.starts_with("percent") || after.starts_with("per cent") {
            number.push('%');
        }
        found.insert(number);
    }
    let words = text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
    found.extend(words.filter(|w| WORDS.contains(&&**w)));
    found
}

/// Whether a separator and exactly three digits stand here.
fn thousands(rest: &[char]) -> bool {
    let digits = rest[1..].iter().take_while(|c| c.is_ascii_digit()).count();
    digits == 3
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ours() -> Vec<String> {
        [
            "3400 mentions by 812 authors where 609 were to be expected from the same hours of 3 earlier weeks: 2791 more.",
            "24 % of the excess is on reddit.",
            "Net sentiment is more negative than before: -12 (-15 to -9) in it, +4 (+1 to +7) before.",
            "The first mention came 0 minutes after its begin: “recall of the kettle”.",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn shown(answer: &str) -> Result<Vec<Part>, String> {
        check(answer, &ours())
    }

    const GOOD: &str = "812 authors wrote 3,400 mentions, 2,791 more than the 609 of the same hours of 3 earlier weeks [1]. About \
        24% of that is on Reddit [2]. The mood fell from 4 (1 to 7) to −12 (−15 to −9) [3]. It began with “recall of the \
        kettle”, 0 minutes in [4].";

    #[test]
    fn an_answer_with_our_numbers_and_all_our_evidence_is_taken() {
        let parts = shown(GOOD).unwrap();
        assert_eq!(parts.len(), 4);
        assert!(parts[1].text.ends_with("on Reddit."), "{}", parts[1].text);
        assert_eq!(parts[1].sentences, [1]);
        let together = shown(
            "812 authors, 3400 mentions, 24 percent on Reddit [1, 2], [3] and “recall of the kettle” [4]",
        );
        assert_eq!(together.unwrap()[0].sentences, [0, 1, 2]);
    }

    #[test]
    fn what_is_made_up_is_refused() {
        let with = |from: &str, to: &str| {
            assert!(GOOD.contains(from), "{from}");
            shown(&GOOD.replace(from, to)).unwrap_err()
        };
        assert!(with("3,400", "3,500").contains("3500"));
        assert!(with("24% of", "24 of").contains("24"), "a share is no count");
        assert!(with("−12", "12").contains("12"), "a minus is part of a number");
        assert!(
            with("About 24%", "A quarter, 24%,").contains("quarter"),
            "words count, too"
        );
        assert!(with("812 authors", "812 authors and ½ more").contains('½'));
        // A number of another sentence is none of this one.
        assert!(with("About 24%", "Of 812 authors 24%").contains("812"));
        assert!(with("recall of the kettle", "it exploded").contains("quotes"));
        assert!(with("on Reddit", "on https://reddit.example").contains("address"));
        assert!(with(" [2]", "").contains("leaves out sentence 2") || with(" [2]", "").contains("24%"));
        assert!(with("[4]", "[5]").contains('5'));
        assert!(with("[4].", "[4]. Do something.").contains("names nothing"));
        assert!(shown("").is_err());
        assert!(shown(&"word ".repeat(2_000)).unwrap_err().contains("longer"));
    }
}
