//! What stands on which slide.

use super::shapes::{BOTTOM, LEFT, ROOM, Shapes, TOP, Words};
use crate::colour::{Colour, INK, INK_2, INK_3};
use crate::html::arrow;
use crate::logo_size;
use crate::model::{Body, Figure, Report, Section};
use crate::text::Shaper;

/// A slide; its chart is the relation `rId2`, the logo `rId3`.
#[derive(Default)]
pub(super) struct Slide<'r> {
    pub(super) shapes: Shapes,
    pub(super) chart: Option<&'r Body>,
    pub(super) logo: bool,
}

impl Slide<'_> {
    /// A slide with a section's heading and note.
    pub(super) fn of(section: &Section) -> Self {
        let mut slide = Self::default();
        slide.shapes.title(&section.title, None);
        if let Some(note) = &section.note {
            let words = Words::new(note, 12.0, false, INK_3);
            slide.shapes.text((LEFT, 74.0, ROOM, 18.0), &[words]);
        }
        slide
    }
}

pub(super) fn title<'r>(report: &Report, shaper: &Shaper<'_>) -> Slide<'r> {
    let mut slide = Slide::default();
    if let Some(logo) = &report.logo
        && let Ok((width, height)) = logo_size(logo)
    {
        let scale = (200.0 / width as f32).min(64.0 / height as f32);
        let (width, height) = (width as f32 * scale, height as f32 * scale);
        slide.shapes.logo((LEFT + ROOM - width, 48.0, width, height));
        slide.logo = true;
    }
    let subject = Words::new(&report.subject, 14.0, true, Colour::Accent.rgb());
    slide.shapes.text((LEFT, 132.0, ROOM, 20.0), &[subject]);
    slide
        .shapes
        .title(&report.title, Some(((LEFT, 152.0, ROOM, 56.0), 38.0)));
    let period = Words::new(&report.period, 16.0, false, INK_2);
    slide.shapes.text((LEFT, 216.0, ROOM, 24.0), &[period]);
    // The analyst's text, in letters as large as there is room for.
    let words = |size: f32| -> Vec<Words> {
        let text = report.text.iter();
        text.map(|p| Words::new(p, size, false, INK).below(size * 0.6))
            .collect()
    };
    let size = [16.0, 14.0, 12.0, 10.0]
        .into_iter()
        .find(|size| height(&words(*size), ROOM * 0.85, shaper) < 210.0)
        .unwrap_or(8.0);
    slide.shapes.text((LEFT, 260.0, ROOM * 0.85, 220.0), &words(size));
    let made = Words::new(
        format!("{} Made with Groundswell.", report.made),
        9.0,
        false,
        INK_3,
    );
    slide.shapes.text((LEFT, 510.0, ROOM - 90.0, 14.0), &[made]);
    slide
}

pub(super) fn figures<'r>(section: &Section, list: &[Figure]) -> Vec<Slide<'r>> {
    let (slot, row) = (ROOM / 3.0, 120.0);
    list.chunks(9)
        .map(|list| {
            let mut slide = Slide::of(section);
            for (place, figure) in list.iter().enumerate() {
                let x = LEFT + (place % 3) as f32 * slot;
                let y = TOP + 8.0 + (place / 3) as f32 * row;
                let mut words = vec![
                    Words::new(&figure.label, 13.0, false, INK_2),
                    Words::new(&figure.value, 30.0, true, INK),
                ];
                words.extend(
                    figure
                        .interval
                        .as_ref()
                        .map(|i| Words::new(i, 12.0, false, INK_3)),
                );
                let change = figure.change.as_ref();
                words.extend(
                    change.map(|c| Words::new(format!("{} {}", arrow(c), c.words), 12.0, false, INK_3)),
                );
                slide.shapes.text((x, y, slot - 20.0, row - 8.0), &words);
            }
            slide
        })
        .collect()
}

pub(super) fn chart(section: &Section) -> Slide<'_> {
    let mut slide = Slide::of(section);
    let marks = match &section.body {
        Body::Lines(lines) => lines.marks.as_slice(),
        _ => &[],
    };
    let below: Vec<Words> = (1..)
        .zip(marks)
        .map(|(number, mark)| {
            let at = match &section.body {
                Body::Lines(lines) => lines.labels.get(mark.at).map_or("", String::as_str),
                _ => "",
            };
            Words::new(format!("{number}  {at}: {}", mark.words), 11.0, false, INK_2)
        })
        .collect();
    let room = (below.len() as f32 * 16.0).min(160.0);
    slide
        .shapes
        .chart((LEFT, TOP, ROOM, BOTTOM - TOP - room), &section.title);
    if !below.is_empty() {
        slide.shapes.text((LEFT, BOTTOM - room + 4.0, ROOM, room), &below);
    }
    slide.chart = Some(&section.body);
    slide
}

pub(super) fn labels<'r>(report: &Report, shaper: &Shaper<'_>) -> Vec<Slide<'r>> {
    let section = Section {
        title: "About the data".to_owned(),
        note: None,
        body: Body::Text(Vec::new()),
    };
    let words = report
        .labels
        .iter()
        .map(|l| Words::new(l, 12.0, false, INK_2).below(8.0));
    flow(&section, words.collect(), shaper)
}

/// Paragraphs, posts and definitions.
pub(super) fn text<'r>(section: &Section, shaper: &Shaper<'_>) -> Vec<Slide<'r>> {
    let mut words = Vec::new();
    match &section.body {
        Body::Text(list) => {
            for p in list {
                let lead = p
                    .lead
                    .as_ref()
                    .map(|l| Words::new(l, 15.0, true, INK).below(12.0));
                let above = if lead.is_some() { 2.0 } else { 10.0 };
                words.extend(lead);
                words.push(Words::new(&p.text, 14.0, false, INK).below(above));
            }
        }
        Body::Mentions(list) => {
            for s in list {
                let colour = s.colour.map_or(INK_3, Colour::rgb);
                words.push(Words::new(&s.about, 11.0, true, colour).below(12.0));
                words.extend(
                    s.text
                        .as_ref()
                        .map(|t| Words::new(t, 13.0, false, INK).below(2.0)),
                );
            }
        }
        Body::Definitions(list) => {
            for d in list {
                words.push(Words::new(&d.word, 12.0, true, INK).below(8.0));
                words.push(Words::new(&d.meaning, 12.0, false, INK_2));
            }
        }
        _ => {}
    }
    flow(section, words, shaper)
}

/// Paragraphs over as many slides as they need. A bold one stays with what follows.
fn flow<'r>(section: &Section, words: Vec<Words>, shaper: &Shaper<'_>) -> Vec<Slide<'r>> {
    let room = ROOM * 0.92;
    let mut slides: Vec<Vec<Words>> = vec![Vec::new()];
    let mut used = 0.0;
    let heights: Vec<f32> = words
        .iter()
        .map(|w| height(std::slice::from_ref(w), room, shaper))
        .collect();
    for (place, words) in words.into_iter().enumerate() {
        let next = if words.bold {
            heights.get(place + 1).copied().unwrap_or_default()
        } else {
            0.0
        };
        if used > 0.0 && used + heights[place] + next > BOTTOM - TOP {
            slides.push(Vec::new());
            used = 0.0;
        }
        used += heights[place];
        if let Some(slide) = slides.last_mut() {
            slide.push(words);
        }
    }
    slides
        .into_iter()
        .map(|words| {
            let mut slide = Slide::of(section);
            slide.shapes.text((LEFT, TOP, room, BOTTOM - TOP), &words);
            slide
        })
        .collect()
}

/// The height of paragraphs, a little more than less: the reader's font is not ours.
fn height(list: &[Words], room: f32, shaper: &Shaper<'_>) -> f32 {
    let of =
        |w: &Words| shaper.wrap(&w.text, w.size, w.bold, room).len().max(1) as f32 * w.size * 1.25 + w.above;
    list.iter().map(of).sum()
}
