//! The letter that an approved report leaves with.

use crate::control::{Control, Error, NewOutgoing, Rendition};
use crate::delivery::{Attachment, Letter};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A letter to each recipient of a rendition, with its file.
pub fn letters(control: &Control, rendition: &Rendition) -> Result<Vec<NewOutgoing>, Error> {
    let kept = match control.report(&rendition.project, &rendition.report) {
        Ok(row) => Some(row.definition),
        // A rendition outlives its definition.
        Err(Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let name = kept.as_ref().map_or("Report", |d| d.name.as_str());
    let zone = kept
        .as_ref()
        .and_then(|d| d.time_zone().ok())
        .unwrap_or(TimeZone::UTC);
    let days = days(rendition, &zone);
    let project = control.project(&rendition.project)?.name;
    let letter = |to: &String| {
        let name_of = format!("rendition {} to {to}", rendition.id);
        NewOutgoing::letter(
            name_of,
            Letter {
                to: to.clone(),
                subject: format!("{name}: {days}"),
                text: format!(
                    "The report \"{name}\" of {project}, {days}, is attached.\n\nWhat its numbers mean stands at its end.\n"
                ),
                html: None,
                attachment: Some(Attachment {
                    rendition: rendition.id.clone(),
                    form: rendition.form,
                    name: format!("{}.{}", file_name(name, &days), rendition.form.name()),
                }),
            },
        )
    };
    Ok(rendition.recipients.iter().map(letter).collect())
}

/// `2026-06-01` or `2026-06-01 to 2026-06-30`: its days, the last one included.
fn days(rendition: &Rendition, zone: &TimeZone) -> String {
    let day = |at: i64| {
        let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned(zone.clone()).date()
    };
    let (first, last) = (day(rendition.from), day(rendition.to - 1));
    if first == last {
        first.to_string()
    } else {
        format!("{first} to {last}")
    }
}

/// Letters, digits and hyphens: every system can keep a file of this name.
fn file_name(name: &str, days: &str) -> String {
    let plain: String = format!("{name} {days}")
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|w| !w.is_empty()).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_hold_no_separator() {
        assert_eq!(
            file_name("Q2 / Kaffee: ../x", "2026-06-01"),
            "Q2-Kaffee-x-2026-06-01"
        );
    }
}
