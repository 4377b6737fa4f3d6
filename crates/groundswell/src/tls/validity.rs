//! From when until when a certificate holds (RFC 5280, section 4.1.2.5).

use post::Millis;

const SEQUENCE: u8 = 0x30;
/// The version stands in a context tag, and version 1 leaves it out.
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// From when until when a certificate in DER holds, both inclusive; `None` where it is no certificate.
pub(crate) fn validity(der: &[u8]) -> Option<(Millis, Millis)> {
    let mut rest = der;
    let mut certificate = next(&mut rest, SEQUENCE)?;
    let mut signed = next(&mut certificate, SEQUENCE)?;
    if signed.first() == Some(&VERSION) {
        element(&mut signed)?;
    }
    // Serial number, algorithm, issuer.
    (0..3).try_for_each(|_| element(&mut signed).map(drop))?;
    let mut period = next(&mut signed, SEQUENCE)?;
    Some((time(element(&mut period)?)?, time(element(&mut period)?)?))
}

/// The content of the next element, which has to be of this kind.
fn next<'a>(input: &mut &'a [u8], kind: u8) -> Option<&'a [u8]> {
    element(input)
        .filter(|(found, _)| *found == kind)
        .map(|(_, content)| content)
}

/// Kind and content of the next element (X.690).
fn element<'a>(input: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (&kind, rest) = input.split_first()?;
    let (&short, mut rest) = rest.split_first()?;
    let length = if short < 0x80 {
        usize::from(short)
    } else {
        let (long, behind) = rest.split_at_checked(usize::from(short & 0x7f))?;
        rest = behind;
        (long.len() <= 4).then(|| long.iter().fold(0, |n, b| n << 8 | usize::from(*b)))?
    };
    let (content, behind) = rest.split_at_checked(length)?;
    *input = behind;
    Some((kind, content))
}

/// `YYMMDDhhmmssZ`, from 1950 to 2049, or `YYYYMMDDhhmmssZ`.
fn time((kind, text): (u8, &[u8])) -> Option<Millis> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, rest) = match kind {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            (year + if year < 50 { 2000 } else { 1900 }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let part = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let date = jiff::civil::Date::new(year, part(0)?, part(2)?).ok()?;
    let clock = jiff::civil::Time::new(part(4)?, part(6)?, part(8)?, 0).ok()?;
    let zoned = date.to_datetime(clock).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn made(from: i32, until: i32) -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 2);
        params.not_after = rcgen::date_time_ymd(until, 3, 4);
        let key = rcgen::KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn both_forms_of_time_are_read() {
        let said = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        for (from, until) in [(2024, 2049), (1999, 2050)] {
            let (begin, end) = validity(&made(from, until)).unwrap();
            assert_eq!(begin, said(&format!("{from}-01-02T00:00:00Z")));
            assert_eq!(end, said(&format!("{until}-03-04T00:00:00Z")));
        }
    }

    #[test]
    fn what_is_cut_off_is_no_certificate() {
        let whole = made(2024, 2030);
        for length in 0..60 {
            assert_eq!(validity(&whole[..length]), None, "{length}");
        }
    }
}
