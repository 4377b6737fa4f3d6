//! What the forms of a post have in common: ids that hold a time, text with three characters escaped, codes of
//! languages, places.

use super::PLATFORM;
use post::RawMention;

/// The first moment of ids that hold their time, milliseconds since 1970 (the "Snowflake" epoch, in the announcement
/// of November 2010 and in the open-sourced generator).
const EPOCH: i64 = 1_288_834_974_657;
/// Ids below are counted, not timed.
const FIRST_TIMED: u64 = 30_000_000_000;

/// The uid of a native id.
pub(super) fn uid(id: &str) -> String {
    let mut out = String::with_capacity(PLATFORM.len() + 1 + id.len());
    out.push_str(PLATFORM);
    out.push(':');
    out.push_str(id);
    out
}

/// When the post of this id was made, milliseconds since 1970.
pub(super) fn time_of(id: &str) -> Option<i64> {
    let id: u64 = id.parse().ok()?;
    (id >= FIRST_TIMED).then(|| (id >> 22) as i64 + EPOCH)
}

/// Whether this is an id: digits.
pub(super) fn is_id(id: &str) -> bool {
    (1..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit())
}

/// Text as it was written: X escapes `&`, `<` and `>` alone.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (shown, length) = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')]
            .into_iter()
            .find(|(escaped, _)| rest.starts_with(escaped))
            .map_or(('&', 1), |(escaped, shown)| (shown, escaped.len()));
        out.push(shown);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// A language as BCP 47: X writes old codes for three, and codes of its own where it knows none (`und`, `qst` for a
/// text too short, `qme` for media alone, …).
pub(super) fn lang(code: Option<&str>) -> Vec<String> {
    let code = match code {
        None | Some("" | "und" | "zxx" | "art") => return Vec::new(),
        Some(code) if code.len() == 3 && code.starts_with('q') => return Vec::new(),
        Some("in") => "id",
        Some("iw") => "he",
        Some("ji") => "yi",
        Some(code) => code,
    };
    vec![code.to_owned()]
}

/// The region of a place: its own name where it is one, what follows the comma where it is a town (`Boulder, CO`).
pub(super) fn region(
    kind: Option<&str>,
    name: Option<&str>,
    full_name: Option<&str>,
    country: Option<&str>,
) -> Option<String> {
    let region = match kind? {
        "admin" => name?,
        "city" => full_name?.rsplit_once(", ")?.1,
        _ => return None,
    };
    (!region.is_empty() && Some(region) != country).then(|| region.to_owned())
}

/// A country's code, in capitals.
pub(super) fn country(code: Option<&str>) -> Option<String> {
    code.filter(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_alphabetic()))
        .map(str::to_ascii_uppercase)
}

/// Whether what is withheld in these countries is withheld here: everywhere (`XX`), for copyright (`XY`), or in a
/// country that counts.
pub(super) fn is_withheld<'c>(mut countries: impl Iterator<Item = &'c str>, ours: &[String]) -> bool {
    countries.any(|c| matches!(c, "XX" | "XY") || ours.iter().any(|o| o == c))
}

/// Where a person can read it.
pub(super) fn permalink(handle: Option<&str>, id: &str) -> String {
    match handle.filter(|h| !h.is_empty()) {
        Some(handle) => format!("https://x.com/{handle}/status/{id}"),
        None => format!("https://x.com/i/web/status/{id}"),
    }
}

/// The name of a kind of media.
pub(super) fn media_kind(kind: &str) -> &str {
    match kind {
        "photo" => "image",
        "animated_gif" => "gif",
        other => other,
    }
}

/// Adds an account named, once; what is known of it before is filled up.
pub(super) fn name(mentions: &mut Vec<RawMention>, id: Option<&str>, handle: Option<&str>) {
    let (id, handle) = (id.filter(|i| !i.is_empty()), handle.filter(|h| !h.is_empty()));
    let same = |m: &&mut RawMention| {
        (id.is_some() && m.id.as_deref() == id)
            || (handle.is_some()
                && (id.is_none() || m.id.is_none())
                && m.handle
                    .as_deref()
                    .zip(handle)
                    .is_some_and(|(a, b)| a.eq_ignore_ascii_case(b)))
    };
    match mentions.iter_mut().find(same) {
        Some(known) => {
            known.id = known.id.take().or_else(|| id.map(str::to_owned));
            known.handle = known.handle.take().or_else(|| handle.map(str::to_owned));
        }
        None if id.is_some() || handle.is_some() => mentions.push(RawMention {
            id: id.map(str::to_owned),
            handle: handle.map(str::to_owned),
        }),
        None => {}
    }
}

/// Adds what is not there yet.
pub(super) fn once(list: &mut Vec<String>, value: Option<&str>) {
    if let Some(value) = value.filter(|v| !v.is_empty())
        && !list.iter().any(|known| known == value)
    {
        list.push(value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_hold_their_time() {
        assert_eq!(time_of("1577158996984987648"), Some(1_664_858_981_735));
        assert_eq!(time_of("20"), None);
        assert_eq!(time_of("x"), None);
    }

    #[test]
    fn three_characters_are_escaped() {
        assert_eq!(
            plain("a &amp; b &lt;3 &gt;&gt; &quot; &amp;lt; &"),
            "a & b <3 >> &quot; &lt; &"
        );
    }

    #[test]
    fn regions_are_what_the_platform_names() {
        let of = |kind, name, full, country| region(Some(kind), Some(name), Some(full), Some(country));
        assert_eq!(
            of("city", "Boulder", "Boulder, CO", "United States").as_deref(),
            Some("CO")
        );
        assert_eq!(of("city", "Las Condes", "Las Condes, Chile", "Chile"), None);
        assert_eq!(
            of("admin", "Colorado", "Colorado, USA", "United States").as_deref(),
            Some("Colorado")
        );
        assert_eq!(of("country", "Chile", "Chile", "Chile"), None);
    }
}
