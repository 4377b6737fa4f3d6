//! Checksums and other tests of what a pattern found. Each gives the length in bytes of what holds.

/// The shape alone is enough.
pub(super) fn whole(hit: &str) -> Option<usize> {
    Some(hit.len())
}

fn when(holds: bool, hit: &str) -> Option<usize> {
    holds.then_some(hit.len())
}

fn digits(hit: &str) -> Vec<u32> {
    hit.chars().filter_map(|c| c.to_digit(10)).collect()
}

fn number(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |n, &d| n * 10 + u64::from(d))
}

/// Lengths of the national forms (SWIFT IBAN registry) that are met most.
const IBAN_LENGTHS: [(&str, usize); 34] = [
    ("AD", 24),
    ("AE", 23),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("BR", 29),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IT", 27),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
];

/// ISO 13616: moved, letters as numbers, modulo 97 is 1. What follows in capitals is not part of it.
pub(super) fn iban(hit: &str) -> Option<usize> {
    let wanted = IBAN_LENGTHS
        .iter()
        .find(|(country, _)| hit.starts_with(country))
        .map(|l| l.1);
    let signs: Vec<(usize, u8)> = hit.bytes().enumerate().filter(|(_, b)| *b != b' ').collect();
    let length = wanted.unwrap_or(signs.len());
    let signs = signs.get(..length).filter(|s| (15..=34).contains(&s.len()))?;
    let moved = signs[4..].iter().chain(&signs[..4]);
    let rest = moved.fold(0u64, |acc, (_, b)| match b {
        b'0'..=b'9' => (acc * 10 + u64::from(b - b'0')) % 97,
        _ => (acc * 100 + u64::from(b - b'A') + 10) % 97,
    });
    let end = signs.last()?.0 + 1;
    (rest == 1).then_some(end)
}

/// ISO/IEC 7812: a length that the issuer gives out, and a Luhn sum that is a multiple of ten.
pub(super) fn card(hit: &str) -> Option<usize> {
    let d = digits(hit);
    let prefix = |n: usize| number(&d[..n.min(d.len())]);
    let lengths: &[usize] = match (prefix(1), prefix(2), prefix(4)) {
        // Maestro.
        (_, _, 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763) => &[12, 13, 14, 15, 16, 17, 18, 19],
        (4, _, _) => &[13, 16, 19],
        (_, 51..=55, _) | (_, _, 2221..=2720) => &[16],
        (_, 34 | 37, _) | (_, _, 1800 | 2131) => &[15],
        (_, 30 | 36 | 38, _) => &[14],
        (_, 35 | 50 | 56..=69, _) => &[16, 19],
        _ => &[],
    };
    let luhn = |(i, &x): (usize, &u32)| {
        if i % 2 == 0 {
            x
        } else {
            2 * x - 9 * u32::from(x > 4)
        }
    };
    let sum: u32 = d.iter().rev().enumerate().map(luhn).sum();
    let varied = d.iter().any(|x| *x != d[0]);
    when(
        lengths.contains(&d.len()) && sum.is_multiple_of(10) && varied,
        hit,
    )
}

/// Spanish DNI and NIE: the letter is the number modulo 23.
pub(super) fn dni(hit: &str) -> Option<usize> {
    let first = b"XYZ"
        .iter()
        .position(|l| hit.as_bytes().first() == Some(l))
        .unwrap_or(0) as u64;
    let d = digits(hit);
    let n = first * 10u64.pow(7) + number(&d);
    when(
        hit.as_bytes().last() == Some(&b"TRWAGMYFPDXBNJZSQVHLCKE"[(n % 23) as usize]),
        hit,
    )
}

/// Brazilian CPF: two check digits.
pub(super) fn cpf(hit: &str) -> Option<usize> {
    let d = digits(hit);
    let check = |n: usize| {
        let sum: u32 = d[..n]
            .iter()
            .zip((2..=n as u32 + 1).rev())
            .map(|(a, b)| a * b)
            .sum();
        (sum * 10 % 11) % 10
    };
    when(d.len() == 11 && check(9) == d[9] && check(10) == d[10], hit)
}

/// US social security number: areas 000, 666 and 900 and above are never given out.
pub(super) fn ssn(hit: &str) -> Option<usize> {
    let never = ["000", "666", "9"].iter().any(|a| hit.starts_with(a)) || hit[4..].starts_with("00");
    when(!never && !hit.ends_with("0000"), hit)
}

/// British national insurance number: prefixes that are never given out.
pub(super) fn nino(hit: &str) -> Option<usize> {
    when(
        !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(&&hit[..2]),
        hit,
    )
}

/// Swiss AHV number: the check digit of an EAN-13.
pub(super) fn ahv(hit: &str) -> Option<usize> {
    let d = digits(hit);
    let sum: u32 = d
        .iter()
        .enumerate()
        .map(|(i, x)| x * (1 + 2 * (i as u32 % 2)))
        .sum();
    when(d.len() == 13 && sum.is_multiple_of(10), hit)
}

/// Belgian national number: 97 less the number modulo 97, with a 2 before it for those born from 2000 on.
pub(super) fn rijksregister(hit: &str) -> Option<usize> {
    let d = digits(hit);
    let (n, check) = (number(&d[..9]), number(&d[9..]));
    when([n, 2_000_000_000 + n].iter().any(|n| 97 - n % 97 == check), hit)
}

/// French NIR: the key is 97 less the number modulo 97; Corsica's letters count as 19 and 18.
pub(super) fn nir(hit: &str) -> Option<usize> {
    let d = digits(&hit.replace("2A", "19").replace("2B", "18"));
    let holds = d.len() == 15 && 97 - number(&d[..13]) % 97 == number(&d[13..]);
    when(holds, hit)
}

/// German tax id: ISO 7064 modulo 11, 10.
pub(super) fn steuer_id(hit: &str) -> Option<usize> {
    let d = digits(hit);
    let product = d.iter().take(10).fold(10, |p, x| {
        let sum = (x + p) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    when(d.len() == 11 && d[0] != 0 && (11 - product) % 10 == d[10], hit)
}

/// Dutch BSN (the eleven test) or Portuguese NIF (modulo 11); the word before says that it is one of them.
pub(super) fn nine_digit_id(hit: &str) -> Option<usize> {
    let d = digits(hit);
    if d.len() != 9 {
        return None;
    }
    let weighted: u32 = d[..8].iter().zip((2..=9).rev()).map(|(a, b)| a * b).sum();
    let bsn = weighted % 11 == d[8];
    let nif = d[8]
        == match weighted % 11 {
            0 | 1 => 0,
            r => 11 - r,
        };
    when(bsn || nif, hit)
}

/// Italian codice fiscale: the last letter is the sum of values of odd and even places, modulo 26.
pub(super) fn codice_fiscale(hit: &str) -> Option<usize> {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
    ];
    let value = |b: u8| {
        usize::from(if b.is_ascii_digit() {
            b - b'0'
        } else {
            b.saturating_sub(b'A')
        })
    };
    let bytes = hit.as_bytes();
    let sum: u32 = bytes[..15]
        .iter()
        .enumerate()
        .map(|(i, &b)| {
            if i % 2 == 0 {
                ODD[value(b)]
            } else {
                value(b) as u32
            }
        })
        .sum();
    when(u32::from(bytes[15] - b'A') == sum % 26, hit)
}

/// Not a local address of a machine, and not what is more likely a version.
pub(super) fn ipv4(hit: &str) -> Option<usize> {
    let ip: std::net::Ipv4Addr = hit.parse().ok()?;
    let octets = ip.octets();
    let like_version = octets.iter().all(|o| *o < 10);
    when(!ip.is_loopback() && octets[0] != 0 && !like_version, hit)
}

pub(super) fn ipv6(hit: &str) -> Option<usize> {
    let ip: std::net::Ipv6Addr = hit.parse().ok()?;
    let telling = hit.bytes().any(|b| b.is_ascii_digit()) && hit.len() >= 7;
    when(telling && !ip.is_loopback(), hit)
}

/// Within the globe.
pub(super) fn coordinates(hit: &str) -> Option<usize> {
    let numbers = hit.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')));
    let mut numbers = numbers.filter_map(|n| n.parse::<f64>().ok());
    let (lat, lon) = (numbers.next()?, numbers.next()?);
    when(lat.abs() <= 90.0 && lon.abs() <= 180.0, hit)
}

/// 7 to 15 digits (ITU E.164), not all the same, neither a date nor a large number with points.
pub(super) fn phone(hit: &str) -> Option<usize> {
    let d = digits(hit);
    let varied = d.iter().any(|x| *x != d[0]);
    when(
        (7..=15).contains(&d.len()) && varied && !is_dated(hit) && !is_grouped(hit),
        hit,
    )
}

/// With `+` and the country's number. Groups beyond the fifteenth digit belong to something else.
pub(super) fn international(hit: &str) -> Option<usize> {
    let mut hit = hit;
    while digits(hit).len() > 15 {
        hit = hit
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .trim_end_matches(|c: char| !c.is_ascii_digit());
    }
    if digits(hit).len() < 8 { None } else { phone(hit) }
}

/// With the `0` of long distance calls: 9 to 12 digits.
pub(super) fn national(hit: &str) -> Option<usize> {
    let d = digits(hit);
    if (9..=12).contains(&d.len()) {
        phone(hit)
    } else {
        None
    }
}

/// Begins like `25.02.2014`, `2014-02-25` or `25.02.14 `.
fn is_dated(hit: &str) -> bool {
    let parts: Vec<&str> = hit
        .split(|c: char| !c.is_ascii_digit())
        .filter(|p| !p.is_empty())
        .collect();
    let [a, b, c, ..] = parts[..] else { return false };
    let small = |s: &str, max: u32| s.len() <= 2 && s.parse::<u32>().is_ok_and(|n| (1..=max).contains(&n));
    let year = |s: &str| s.len() == 4 && (s.starts_with("19") || s.starts_with("20"));
    (small(a, 31) && small(b, 31) && year(c)) || (year(a) && small(b, 12) && small(c, 31))
}

/// `1.234.567`, with or without `+`.
fn is_grouped(hit: &str) -> bool {
    let mut groups = hit.trim_start_matches('+').split('.');
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    let three = |g: &str| g.len() == 3 && g.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&first.len()) && rest.peek().is_some() && rest.all(three)
}

/// A street's number is not a year.
pub(super) fn house(hit: &str) -> Option<usize> {
    let last = hit
        .rsplit(|c: char| !c.is_ascii_digit())
        .find(|p| !p.is_empty())?;
    // `via` alone is a word for "by" in most languages.
    let by = hit.starts_with("via ") && !hit.contains(',');
    // Plazas and alamedas are in English-speaking towns, too.
    let sights = [
        "Cinema", "Cinemas", "Theatre", "Theater", "Stadium", "Station", "County", "Hotel", "Mall",
    ];
    let sight = hit.split(' ').any(|word| sights.contains(&word));
    when(!by && !sight && (hit.contains(',') || !is_year(last)), hit)
}

/// A year before an English street's name is its house number only where the name begins with a direction.
pub(super) fn street(hit: &str) -> Option<usize> {
    let mut words = hit.split(' ');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let directions = [
        "North", "South", "East", "West", "N", "S", "E", "W", "N.", "S.", "E.", "W.",
    ];
    when(!is_year(first) || directions.contains(&second), hit)
}

fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}
