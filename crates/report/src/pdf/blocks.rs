//! What stands on the pages: the head, sections, tables, posts.

use super::page::{Pages, Put, Style, WIDTH};
use crate::chart;
use crate::colour::{Colour, INK, INK_2, INK_3, LINE, LINE_STRONG};
use crate::html::arrow;
use crate::logo_size;
use crate::model::{Body, Figure, Paragraph, Report, Sample, Section, Table};

const fn style(size: f32, leading: f32, bold: bool, colour: crate::colour::Rgb) -> Style {
    Style {
        size,
        leading,
        bold,
        colour,
    }
}

const TITLE: Style = style(26.0, 32.0, true, INK);
const HEADING: Style = style(14.0, 19.0, true, INK);
const BODY: Style = style(10.0, 15.0, false, INK);
const STRONG: Style = style(10.0, 15.0, true, INK);
const NOTE: Style = style(8.5, 12.0, false, INK_3);
const CELL: Style = style(8.5, 12.0, false, INK);
const CELL_HEAD: Style = style(8.5, 12.0, true, INK_3);
const ALL: (f32, f32) = (0.0, WIDTH);

pub(super) fn head(pages: &mut Pages<'_>, report: &Report) {
    let mut room = WIDTH;
    if let Some(logo) = &report.logo
        && let Ok((width, height)) = logo_size(logo)
    {
        let scale = (150.0 / width as f32).min(46.0 / height as f32);
        let size = (width as f32 * scale, height as f32 * scale);
        room -= size.0 + 24.0;
        let (x, y) = (WIDTH - size.0, pages.y);
        pages.put(Put::Logo {
            x,
            y,
            size,
            png: logo.clone(),
        });
    }
    let subject = style(9.0, 14.0, true, Colour::Accent.rgb());
    pages.text(&report.subject, subject, (0.0, room));
    pages.y += 2.0;
    pages.text(&report.title, TITLE, (0.0, room));
    pages.text(&report.period, style(10.0, 16.0, false, INK_2), (0.0, room));
    pages.y += 12.0;
    pages.rule(LINE_STRONG);
    for paragraph in &report.text {
        pages.y += 12.0;
        pages.text(paragraph, style(11.0, 17.0, false, INK), (0.0, WIDTH * 0.88));
    }
}

pub(super) fn section(pages: &mut Pages<'_>, section: &Section) {
    let drawing = chart::drawing(&section.body, WIDTH, pages.shaper);
    pages.space(26.0);
    // A heading stays with what it is about.
    let below = match (&drawing, &section.body) {
        (Some(drawing), _) => drawing.height,
        (None, Body::Figures(_)) => 80.0,
        _ => 60.0,
    };
    let note = if section.note.is_some() { NOTE.leading } else { 0.0 };
    pages.need(HEADING.leading + note + 8.0 + below);
    pages.mark(&section.title);
    pages.text(&section.title, HEADING, ALL);
    if let Some(note) = &section.note {
        pages.text(note, NOTE, ALL);
    }
    pages.y += 8.0;
    match &section.body {
        Body::Figures(list) => figures(pages, list),
        Body::Table(table) => self::table(pages, table),
        Body::Text(list) => list.iter().for_each(|p| paragraph(pages, p)),
        Body::Mentions(list) => list.iter().for_each(|s| sample(pages, s)),
        Body::Definitions(list) => {
            for d in list {
                pages.need(30.0);
                pages.text(&d.word, style(9.0, 13.0, true, INK), ALL);
                pages.text(&d.meaning, style(9.0, 13.0, false, INK_2), (0.0, WIDTH * 0.92));
                pages.y += 5.0;
            }
        }
        Body::Lines(_) | Body::Bars(_) | Body::Stacked(_) | Body::Heat(_) => {
            drawing.into_iter().for_each(|d| pages.drawing(d));
        }
    }
}

pub(super) fn foot(pages: &mut Pages<'_>, report: &Report) {
    pages.space(24.0);
    pages.need(40.0);
    pages.rule(LINE);
    pages.y += 8.0;
    for label in &report.labels {
        pages.text(label, NOTE, ALL);
    }
    pages.text(&format!("{} Made with Groundswell.", report.made), NOTE, ALL);
}

fn figures(pages: &mut Pages<'_>, list: &[Figure]) {
    // No figure stands alone on a line where it need not.
    let columns = match list.len() {
        n @ 1..=5 => n.max(4),
        6 | 9 => 3,
        _ => 4,
    };
    let slot = WIDTH / columns as f32;
    let room = slot - 14.0;
    for row in list.chunks(columns) {
        pages.need(78.0);
        let top = pages.y;
        let mut lowest = top;
        for (column, figure) in row.iter().enumerate() {
            let x = column as f32 * slot;
            pages.y = top;
            pages.text(&figure.label, style(9.0, 13.0, false, INK_2), (x, room));
            let size = [22.0, 18.0, 14.0]
                .into_iter()
                .find(|size| pages.shaper.width(&figure.value, *size, true) <= room)
                .unwrap_or(11.0);
            pages.text(&figure.value, style(size, 28.0, true, INK), (x, room));
            if let Some(interval) = &figure.interval {
                pages.text(interval, NOTE, (x, room));
            }
            if let Some(change) = &figure.change {
                pages.text(&format!("{} {}", arrow(change), change.words), NOTE, (x, room));
            }
            lowest = lowest.max(pages.y);
        }
        pages.y = lowest + 14.0;
    }
}

fn paragraph(pages: &mut Pages<'_>, p: &Paragraph) {
    let room = WIDTH * 0.92;
    if let Some(lead) = &p.lead {
        pages.need(STRONG.leading + BODY.leading * 2.0);
        pages.text(lead, STRONG, (0.0, room));
    }
    pages.text(&p.text, BODY, (0.0, room));
    pages.y += 7.0;
}

fn sample(pages: &mut Pages<'_>, sample: &Sample) {
    pages.need(34.0);
    let (top, inner) = (pages.y, (14.0, WIDTH - 14.0));
    if let Some(link) = sample
        .link
        .as_ref()
        .filter(|l| l.starts_with("https://") || l.starts_with("http://"))
    {
        let width = pages.shaper.width(&sample.about, NOTE.size, false).min(inner.1);
        pages.put(Put::Link {
            x: inner.0,
            y: top,
            width,
            height: NOTE.leading,
            to: link.clone(),
        });
    }
    pages.text(&sample.about, NOTE, inner);
    let colour = sample.colour.map_or(LINE_STRONG, Colour::rgb);
    let bar = |pages: &mut Pages<'_>, from: f32, to: f32| {
        pages.put(Put::Rule {
            x: 0.0,
            y: from,
            width: 2.5,
            height: to - from,
            colour,
        });
    };
    bar(pages, top, pages.y);
    // The mark at the side follows the text over the end of a page.
    for text in sample.text.iter().flat_map(|t| t.lines()) {
        for line in pages.shaper.wrap(text, BODY.size, false, inner.1) {
            pages.need(BODY.leading);
            let from = pages.y;
            let x = if line.from_right {
                inner.0 + inner.1 - line.width
            } else {
                inner.0
            };
            pages.set((x, from + BODY.leading * 0.5 + BODY.size * 0.36), line, BODY);
            pages.y += BODY.leading;
            bar(pages, from, pages.y);
        }
    }
    pages.y += 11.0;
}

fn table(pages: &mut Pages<'_>, table: &Table) {
    let widths = widths(pages, table);
    header(pages, table, &widths);
    for row in &table.rows {
        let cells: Vec<_> = (0..table.columns.len())
            .map(|column| {
                let text = row.get(column).map_or("", String::as_str);
                pages.shaper.wrap(text, CELL.size, false, widths[column] - 10.0)
            })
            .collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let height = lines as f32 * CELL.leading + 7.0;
        let before = pages.y;
        pages.need(height);
        if pages.y < before {
            header(pages, table, &widths);
        }
        let top = pages.y;
        let mut x = 0.0;
        for (column, lines) in cells.into_iter().enumerate() {
            for (place, line) in lines.into_iter().enumerate() {
                let to_right = table.columns[column].1 || line.from_right;
                let at = if to_right {
                    x + widths[column] - line.width - edge(table, column)
                } else {
                    x
                };
                let base = top + 3.5 + place as f32 * CELL.leading + 9.0;
                pages.set((at, base), line, CELL);
            }
            x += widths[column];
        }
        pages.y = top + height;
        pages.rule(LINE);
    }
    pages.y += 4.0;
}

/// Room at the right of a column whose text ends there; none in the last, which ends with the page.
fn edge(table: &Table, column: usize) -> f32 {
    if column + 1 == table.columns.len() {
        0.0
    } else {
        10.0
    }
}

fn header(pages: &mut Pages<'_>, table: &Table, widths: &[f32]) {
    pages.need(CELL.leading * 3.0);
    let top = pages.y;
    let mut x = 0.0;
    for (column, (name, number)) in table.columns.iter().enumerate() {
        let name = pages.shaper.fit(name, CELL.size, true, widths[column] - 6.0);
        let line = pages.shaper.line(&name, CELL.size, true);
        let at = if *number {
            x + widths[column] - line.width - edge(table, column)
        } else {
            x
        };
        pages.set((at, top + 9.0), line, CELL_HEAD);
        x += widths[column];
    }
    pages.y = top + CELL.leading + 3.0;
    pages.rule(LINE_STRONG);
}

/// Columns as wide as what stands in them; where that is more than the page, the widest give way first.
fn widths(pages: &Pages<'_>, table: &Table) -> Vec<f32> {
    let mut widths: Vec<f32> = table
        .columns
        .iter()
        .enumerate()
        .map(|(column, (name, _))| {
            let cells = table.rows.iter().filter_map(|row| row.get(column));
            let widest = cells
                .map(|c| pages.shaper.width(c, CELL.size, false))
                .fold(0.0, f32::max);
            widest.max(pages.shaper.width(name, CELL.size, true)) + 16.0
        })
        .collect();
    let count = widths.len().max(1) as f32;
    // Down to a common width from above; at least an equal share is left to each.
    let mut most = widths.iter().copied().fold(0.0, f32::max);
    while widths.iter().map(|w| w.min(most)).sum::<f32>() > WIDTH && most > WIDTH / count {
        most -= 2.0;
    }
    widths.iter_mut().for_each(|w| *w = w.min(most));
    let rest = (WIDTH - widths.iter().sum::<f32>()) / count;
    widths.iter_mut().for_each(|w| *w += rest.max(0.0));
    widths
}
