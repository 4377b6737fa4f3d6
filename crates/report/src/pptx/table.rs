//! Tables, and heat maps, which are tables with shades.

use super::Slide;
use super::shapes::{BOTTOM, LEFT, ROOM, TOP, Words, emu, paragraph};
use crate::colour::{INK, INK_3, LINE, LINE_STRONG, Rgb, SURFACE, hex, shade};
use crate::model::{Heat, Section, Table};
use crate::scale;
use crate::text::Shaper;
use std::fmt::Write;

const SIZE: f32 = 11.0;
const ROW: f32 = 22.0;

/// As many rows on a slide as fit.
pub(super) fn slides<'r>(section: &Section, table: &Table, shaper: &Shaper<'_>) -> Vec<Slide<'r>> {
    let widths = widths(table, shaper);
    let height = |row: &Vec<String>| {
        let lines = row
            .iter()
            .zip(&widths)
            .map(|(c, w)| shaper.wrap(c, SIZE, false, w - 14.0).len());
        (lines.max().unwrap_or(1).max(1) as f32 * SIZE * 1.25 + 8.0).max(ROW)
    };
    let mut groups: Vec<Vec<&Vec<String>>> = vec![Vec::new()];
    let mut used = ROW;
    for row in &table.rows {
        let height = height(row);
        if used + height > BOTTOM - TOP && used > ROW {
            groups.push(Vec::new());
            used = ROW;
        }
        used += height;
        if let Some(group) = groups.last_mut() {
            group.push(row);
        }
    }
    groups
        .into_iter()
        .map(|rows| {
            let mut slide = Slide::of(section);
            let head: Vec<Cell> = table
                .columns
                .iter()
                .map(|(name, number)| Cell::new(name, *number, true, INK_3, LINE_STRONG))
                .collect();
            let body = rows.iter().map(|row| {
                let cells = (0..table.columns.len()).map(|c| {
                    let text = row.get(c).map_or("", String::as_str);
                    Cell::new(text, table.columns[c].1, false, INK, LINE)
                });
                (ROW, cells.collect())
            });
            let rows: Vec<(f32, Vec<Cell>)> = std::iter::once((ROW, head)).chain(body).collect();
            let height = rows.len() as f32 * ROW;
            slide
                .shapes
                .table((LEFT, TOP, ROOM, height), &xml(&widths, &rows, true));
            slide
        })
        .collect()
}

/// One slide with the whole map.
pub(super) fn heat<'r>(section: &Section, heat: &Heat) -> Slide<'r> {
    let mut slide = Slide::of(section);
    let most = heat.values.iter().flatten().copied().fold(0.0, f64::max);
    let first = 44.0;
    let width = (ROOM - first) / heat.columns.len().max(1) as f32;
    let widths: Vec<f32> = std::iter::once(first)
        .chain(heat.columns.iter().map(|_| width))
        .collect();
    let row = ((BOTTOM - TOP - 20.0) / (heat.rows.len() + 1) as f32).min(36.0);
    let small = |text: &str, colour: Rgb, fill: Option<Rgb>| Cell {
        words: Words::new(text, 9.0, false, colour),
        align: "ctr",
        line: None,
        fill,
    };
    let head =
        std::iter::once(small("", INK_3, None)).chain(heat.columns.iter().map(|c| small(c, INK_3, None)));
    let mut rows: Vec<(f32, Vec<Cell>)> = vec![(20.0, head.collect())];
    for (name, values) in heat.rows.iter().zip(&heat.values) {
        let cells = values.iter().map(|value| {
            let part = if most > 0.0 { value / most } else { 0.0 };
            let ink = if part > 0.5 { SURFACE } else { INK };
            let text = if *value > 0.0 {
                scale::compact(*value)
            } else {
                String::new()
            };
            small(&text, ink, Some(shade(part)))
        });
        rows.push((
            row,
            std::iter::once(small(name, INK_3, None)).chain(cells).collect(),
        ));
    }
    let height = rows.iter().map(|r| r.0).sum();
    slide
        .shapes
        .table((LEFT, TOP, ROOM, height), &xml(&widths, &rows, false));
    slide
}

struct Cell {
    words: Words,
    align: &'static str,
    /// The line below.
    line: Option<Rgb>,
    fill: Option<Rgb>,
}

impl Cell {
    fn new(text: &str, number: bool, bold: bool, colour: Rgb, line: Rgb) -> Self {
        Self {
            words: Words::new(text, SIZE, bold, colour),
            align: if number { "r" } else { "l" },
            line: Some(line),
            fill: None,
        }
    }
}

fn xml(widths: &[f32], rows: &[(f32, Vec<Cell>)], header: bool) -> String {
    let mut out = format!(
        "<a:tbl><a:tblPr{}/><a:tblGrid>",
        if header { " firstRow=\"1\"" } else { "" }
    );
    for width in widths {
        let _ = write!(out, "<a:gridCol w=\"{}\"/>", emu(*width));
    }
    out.push_str("</a:tblGrid>");
    for (height, cells) in rows {
        let _ = write!(out, "<a:tr h=\"{}\">", emu(*height));
        for cell in cells {
            let (side, above) = if header { (emu(7.0), emu(3.0)) } else { (0, 0) };
            let _ = write!(
                out,
                "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{}</a:txBody><a:tcPr marL=\"{}\" marR=\"{side}\" marT=\"{above}\" marB=\"{above}\" anchor=\"ctr\">{}{}{}",
                paragraph(&cell.words, cell.align),
                if cell.align == "l" { 0 } else { side },
                border("lnL", if cell.fill.is_some() { Some(SURFACE) } else { None }),
                border("lnR", if cell.fill.is_some() { Some(SURFACE) } else { None }),
                border("lnT", if cell.fill.is_some() { Some(SURFACE) } else { None }),
            );
            out.push_str(&border("lnB", cell.line.or(cell.fill.map(|_| SURFACE))));
            match cell.fill {
                Some(fill) => {
                    let _ = write!(
                        out,
                        "<a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill>",
                        hex(fill)
                    );
                }
                None => out.push_str("<a:noFill/>"),
            }
            out.push_str("</a:tcPr></a:tc>");
        }
        out.push_str("</a:tr>");
    }
    out + "</a:tbl>"
}

fn border(side: &str, colour: Option<Rgb>) -> String {
    match colour {
        Some(colour) => format!(
            "<a:{side} w=\"9525\"><a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill></a:{side}>",
            hex(colour)
        ),
        None => format!("<a:{side} w=\"0\"><a:noFill/></a:{side}>"),
    }
}

/// Columns as wide as what stands in them, scaled to the slide.
fn widths(table: &Table, shaper: &Shaper<'_>) -> Vec<f32> {
    let wanted: Vec<f32> = table
        .columns
        .iter()
        .enumerate()
        .map(|(column, (name, _))| {
            let cells = table.rows.iter().filter_map(|row| row.get(column));
            let widest = cells.map(|c| shaper.width(c, SIZE, false)).fold(0.0, f32::max);
            widest.max(shaper.width(name, SIZE, true)).min(ROOM * 0.5) + 22.0
        })
        .collect();
    let all: f32 = wanted.iter().sum();
    wanted.iter().map(|w| w * ROOM / all.max(1.0)).collect()
}
