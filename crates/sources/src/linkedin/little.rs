//! LinkedIn's "little text": a post's commentary with mentions, hashtags and escapes in it.

use post::RawMention;

/// Commentary as people see it, and what it names.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Little {
    pub(super) text: String,
    pub(super) hashtags: Vec<String>,
    pub(super) mentions: Vec<RawMention>,
}

/// Reads `@[Name](urn)`, `{hashtag|\#|tag}` and `\`-escapes; what looks like markup and is none stays as it is.
pub(super) fn read(written: &str) -> Little {
    let mut little = Little::default();
    let mut rest = written;
    while let Some(at) = rest.find(['\\', '@', '{']) {
        little.text.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = mention(rest, &mut little)
            .or_else(|| hashtag(rest, &mut little))
            .unwrap_or_else(|| plain(rest, &mut little));
    }
    little.text.push_str(rest);
    little
}

/// The longest mark-up that is looked through for its end.
const LONGEST: usize = 1000;

/// What stands before the first `end` that is not escaped, and what follows it.
fn until(text: &str, end: char) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, c) in text.char_indices().take(LONGEST) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == end => return Some((&text[..at], &text[at + c.len_utf8()..])),
            _ => {}
        }
    }
    None
}

fn mention<'t>(text: &'t str, little: &mut Little) -> Option<&'t str> {
    let (name, rest) = until(text.strip_prefix("@[")?, ']')?;
    let (urn, rest) = until(rest.strip_prefix('(')?, ')')?;
    let name = unescaped(name);
    little.text.push_str(&name);
    little.mentions.push(RawMention {
        id: Some(unescaped(urn)),
        handle: Some(name),
    });
    Some(rest)
}

fn hashtag<'t>(text: &'t str, little: &mut Little) -> Option<&'t str> {
    let (inner, rest) = until(text.strip_prefix("{hashtag|")?, '}')?;
    let tag = unescaped(inner.split_once('|')?.1);
    little.text.push('#');
    little.text.push_str(&tag);
    little.hashtags.push(tag);
    Some(rest)
}

/// One character, unescaped.
fn plain<'t>(text: &'t str, little: &mut Little) -> &'t str {
    let escaped = text.strip_prefix('\\').filter(|t| !t.is_empty());
    let text = escaped.unwrap_or(text);
    let mut chars = text.chars();
    little.text.extend(chars.next());
    chars.as_str()
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let c = if c == '\\' { chars.next().unwrap_or(c) } else { c };
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_what_people_see() {
        let little = read(
            r"Hello @[Acme \(Co\)](urn:li:organization:7), see {hashtag|\#|news} \@home \{x\} 5 \> 3 \\ a@b.example",
        );
        assert_eq!(
            little.text,
            "Hello Acme (Co), see #news @home {x} 5 > 3 \\ a@b.example"
        );
        assert_eq!(little.hashtags, ["news"]);
        assert_eq!(
            little.mentions,
            [RawMention {
                id: Some("urn:li:organization:7".to_owned()),
                handle: Some("Acme (Co)".to_owned()),
            }]
        );
    }

    #[test]
    fn what_is_no_markup_stays() {
        for text in [
            "",
            "@[",
            "@[a](",
            "{hashtag|x",
            "{}",
            "\\",
            "a @b {c}",
            "@[a] (b)",
        ] {
            assert_eq!(read(text).text, text);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in r"[@\[\]\(\)\{\}\\|#aé😀]{0,60}") {
            read(&text);
        }
    }
}
