//! The numbers of a chart: as a table for the chart's XML, and as the workbook that "Edit data" opens.

use crate::Error;
use crate::colour::Colour;
use crate::model::Body;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

/// Names along one axis, and the series with a value for each.
pub(super) struct Data<'r> {
    pub(super) labels: Vec<&'r str>,
    pub(super) series: Vec<(&'r str, Colour, Vec<Option<f64>>)>,
}

/// The numbers of a chart; empty for what is none.
pub(super) fn data(body: &Body) -> Data<'_> {
    match body {
        Body::Lines(lines) => Data {
            labels: lines.labels.iter().map(String::as_str).collect(),
            series: lines
                .lines
                .iter()
                .map(|l| (l.name.as_str(), l.colour, l.values.clone()))
                .collect(),
        },
        Body::Stacked(stacked) => Data {
            labels: stacked.labels.iter().map(String::as_str).collect(),
            series: stacked
                .parts
                .iter()
                .map(|p| {
                    (
                        p.name.as_str(),
                        p.colour,
                        p.values.iter().map(|v| Some(*v)).collect(),
                    )
                })
                .collect(),
        },
        Body::Bars(list) => Data {
            labels: list.iter().map(|b| b.label.as_str()).collect(),
            series: vec![(
                "Mentions",
                list.first().map_or(Colour::Bar, |b| b.colour),
                list.iter().map(|b| Some(b.value)).collect(),
            )],
        },
        _ => Data {
            labels: Vec::new(),
            series: Vec::new(),
        },
    }
}

/// The workbook: names in the first column, a series in each other.
pub(super) fn bytes(body: &Body, made_at: i64) -> Result<Vec<u8>, Error> {
    let data = data(body);
    let mut workbook = Workbook::new();
    if let Ok(made) = ExcelDateTime::from_timestamp(made_at) {
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1")?;
    for (row, label) in (1..).zip(&data.labels) {
        sheet.write_string(row, 0, *label)?;
    }
    for (column, (name, _, values)) in (1..).zip(&data.series) {
        sheet.write_string(0, column, *name)?;
        for (row, value) in (1..).zip(values) {
            if let Some(value) = value {
                sheet.write_number(row, column, *value)?;
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}
