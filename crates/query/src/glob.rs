//! Patterns of words: `*` stands for any characters or none, `?` for one.

/// Whether the whole of `word` fits. Takes time in the product of the lengths at worst, never more.
pub(crate) fn fits(pattern: &str, word: &str) -> bool {
    let (mut p, mut w) = (pattern.chars(), word.chars());
    // Where to go on when what stands behind the last star does not fit: the star takes one character more.
    let mut back: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let (mut next_p, mut next_w) = (p.clone(), w.clone());
        match (next_p.next(), next_w.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                back = Some((next_p.clone(), w.clone()));
                p = next_p;
                continue;
            }
            (Some(a), Some(b)) if a == '?' || a == b => (p, w) = (next_p, next_w),
            _ => {
                let Some((behind, mut from)) = back.take() else {
                    return false;
                };
                if from.next().is_none() {
                    return false;
                }
                (p, w) = (behind.clone(), from.clone());
                back = Some((behind, from));
            }
        }
    }
}

/// The pieces between wildcards, the longest first.
pub(crate) fn literals(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split(['*', '?']).filter(|l| !l.is_empty())
}
