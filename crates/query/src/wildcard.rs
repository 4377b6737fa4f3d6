//! Wildcards in a piece of text: which `*` and `?` are some, and how they pass through the tokeniser.
//!
//! The tokeniser takes `*` and `?` for punctuation. So each wildcard is replaced by a letter that does not occur in the
//! text and that normalising and folding leave as it is; the tokens that hold one are patterns.

use text::is_unspaced;

/// Candidates for the two letters: letters without case, decomposition or marks. The Yi syllables behind the first two
/// are for texts that hold those.
fn candidates() -> impl Iterator<Item = char> {
    ['\u{A7F7}', '\u{A78F}']
        .into_iter()
        .chain('\u{A000}'..='\u{A48C}')
}

/// The letters that stand for `*` and `?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letters {
    star: char,
    mark: char,
}

impl Letters {
    /// Two letters that are not in the text.
    pub(crate) fn absent_from(text: &str) -> Self {
        let mut free = candidates().filter(|c| text.is_ascii() || !text.contains(*c));
        Self {
            star: free.next().unwrap_or('\u{A7F7}'),
            mark: free.next().unwrap_or('\u{A78F}'),
        }
    }

    pub(crate) fn are_in(self, text: &str) -> bool {
        !text.is_ascii() && text.contains([self.star, self.mark])
    }

    /// The text with its wildcards as they are written.
    pub(crate) fn restore(self, text: &str) -> String {
        if !self.are_in(text) {
            return text.to_owned();
        }
        let one = |c: char| match c {
            _ if c == self.star => '*',
            _ if c == self.mark => '?',
            _ => c,
        };
        text.chars().map(one).collect()
    }
}

/// A piece of text with letters for its wildcards.
pub(crate) struct Marked {
    pub(crate) text: String,
    /// Whether there is a wildcard.
    pub(crate) any: bool,
    /// Whether a `*` stood behind a script without spaces, where it says only that a tag may go on.
    pub(crate) open_end: bool,
}

/// Replaces the wildcards of a piece without white space. In quotes (`sentence`) a `?` at the end of a word is a
/// question mark. A `*` at the border of a script without spaces goes: terms of such are substrings anyway. Several `*`
/// in a row are one.
pub(crate) fn marked(chunk: &str, sentence: bool, letters: Letters) -> Marked {
    let mut out = Marked {
        text: String::with_capacity(chunk.len()),
        any: false,
        open_end: false,
    };
    if !chunk.contains(['*', '?']) {
        out.text.push_str(chunk);
        return out;
    }
    let mut rest = chunk;
    while let Some(from) = rest.find(['*', '?']) {
        out.text.push_str(&rest[..from]);
        let run_length = rest[from..].len() - rest[from..].trim_start_matches(['*', '?']).len();
        let (run, behind) = rest[from..].split_at(run_length);
        out.run(run, behind, sentence, letters);
        rest = behind;
    }
    out.text.push_str(rest);
    out
}

impl Marked {
    fn run(&mut self, run: &str, behind: &str, sentence: bool, letters: Letters) {
        let goes_on = behind
            .chars()
            .next()
            .is_some_and(|c| c.is_alphanumeric() || c == '_');
        // The question marks of a sentence are those behind the last star of a word's end.
        let wild = if sentence && !goes_on {
            run.rfind('*').map_or(0, |star| star + 1)
        } else {
            run.len()
        };
        let (wild, marks) = run.split_at(wild);
        let plain_star = !wild.is_empty() && wild.bytes().all(|b| b == b'*');
        if plain_star && self.drops_star(behind) {
            self.open_end = !behind.contains(char::is_alphanumeric);
        } else {
            self.any |= !wild.is_empty();
            let mut before = ' ';
            for c in wild.chars() {
                if (before, c) != ('*', '*') {
                    self.text.push(if c == '*' { letters.star } else { letters.mark });
                }
                before = c;
            }
        }
        self.text.push_str(marks);
    }

    /// Whether a star here is at the border of a script without spaces.
    fn drops_star(&self, behind: &str) -> bool {
        let before = self.text.chars().next_back();
        let after = behind.chars().next();
        let borders =
            |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '#' | '@' | '$'));
        (before.is_some_and(is_unspaced) && borders(after))
            || (after.is_some_and(is_unspaced) && borders(before))
    }
}
