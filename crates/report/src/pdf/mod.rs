//! PDF: A4 pages, set by us. Text can be selected and copied; fonts are embedded as far as they are used.

mod blocks;
mod chart;
mod page;

use crate::model::Report;
use crate::text::{Fonts, Shaper};
use crate::{Error, logo_size};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::{Document, SerializeSettings};
use page::Pages;

/// The report as a PDF.
pub fn pdf(report: &Report, fonts: &Fonts) -> Result<Vec<u8>, Error> {
    if let Some(logo) = &report.logo {
        logo_size(logo)?;
    }
    let shaper = Shaper::new(fonts);
    let mut pages = Pages::new(&shaper);
    blocks::head(&mut pages, report);
    for section in &report.sections {
        blocks::section(&mut pages, section);
    }
    blocks::foot(&mut pages, report);

    let mut document = Document::new_with(SerializeSettings {
        enable_tagging: false,
        ..SerializeSettings::default()
    });
    document.set_metadata(metadata(report));
    let mut outline = Outline::new();
    for mark in &pages.marks {
        outline.push_child(OutlineNode::new(mark.title.clone(), mark.destination()));
    }
    pages.write(&mut document, report, fonts)?;
    document.set_outline(outline);
    document.finish().map_err(|e| Error::Pdf(format!("{e:?}")))
}

fn metadata(report: &Report) -> Metadata {
    let mut metadata = Metadata::new()
        .title(report.title.clone())
        .description(format!("{}, {}", report.subject, report.period))
        .language(
            if report.lang.is_empty() {
                "en"
            } else {
                &report.lang
            }
            .to_owned(),
        )
        .creator("Groundswell".to_owned())
        .producer("Groundswell".to_owned());
    if let Ok(at) = jiff::Timestamp::from_second(report.made_at) {
        let at = at.to_zoned(jiff::tz::TimeZone::UTC);
        let small = |n: i8| n.unsigned_abs();
        metadata = metadata.creation_date(
            DateTime::new(at.year().unsigned_abs())
                .month(small(at.month()))
                .day(small(at.day()))
                .hour(small(at.hour()))
                .minute(small(at.minute()))
                .second(small(at.second()))
                .utc_offset_hour(0)
                .utc_offset_minute(0),
        );
    }
    metadata
}
