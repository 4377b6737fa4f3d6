//! PowerPoint (Office Open XML, ECMA-376): a title slide and then a slide or more for each section. Charts are charts,
//! with the workbook they are made from inside, so that they can be edited; tables are tables.

mod chart;
mod package;
mod shapes;
mod slides;
mod table;
mod workbook;

use crate::model::{Body, Report};
use crate::text::{Fonts, Shaper};
use crate::{Error, logo_size};
use package::Package;
use slides::Slide;

/// The report as a presentation.
pub fn pptx(report: &Report, fonts: &Fonts) -> Result<Vec<u8>, Error> {
    if let Some(logo) = &report.logo {
        logo_size(logo)?;
    }
    let shaper = Shaper::new(fonts);
    let mut list = vec![slides::title(report, &shaper)];
    for section in &report.sections {
        match &section.body {
            Body::Figures(figures) => list.extend(slides::figures(section, figures)),
            Body::Table(table) => list.extend(table::slides(section, table, &shaper)),
            Body::Heat(heat) => list.push(table::heat(section, heat)),
            Body::Lines(_) | Body::Bars(_) | Body::Stacked(_) => list.push(slides::chart(section)),
            Body::Text(_) | Body::Mentions(_) | Body::Definitions(_) => {
                list.extend(slides::text(section, &shaper))
            }
        }
    }
    if !report.labels.is_empty() {
        list.extend(slides::labels(report, &shaper));
    }
    let count = list.len();
    let mut package = Package::new(report)?;
    for (number, slide) in (1..).zip(list) {
        package.slide(number, count, slide, report)?;
    }
    package.finish(count)
}
