//! A drawing: what charts are made of, before it becomes SVG or PDF. Units are CSS pixels in HTML and points in PDF;
//! the origin is at the upper left.

use crate::colour::Rgb;

/// A drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Drawing {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) items: Vec<Item>,
}

/// Something drawn; later ones cover earlier ones.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Rect {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        fill: Rgb,
        /// What is said of it where one can point at it.
        hint: Option<String>,
    },
    Line {
        points: Vec<(f32, f32)>,
        stroke: Rgb,
        width: f32,
        dotted: bool,
    },
    Area {
        points: Vec<(f32, f32)>,
        fill: Rgb,
        opacity: f32,
    },
    Dot {
        x: f32,
        y: f32,
        radius: f32,
        fill: Rgb,
        hint: Option<String>,
    },
    Text {
        x: f32,
        /// The base line.
        y: f32,
        text: String,
        size: f32,
        bold: bool,
        anchor: Anchor,
        fill: Rgb,
    },
}

/// Where a text's `x` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Drawing {
    pub(crate) fn new(width: f32, height: f32) -> Self {
        Self {
            width,
            height,
            items: Vec::new(),
        }
    }

    pub(crate) fn rect(
        &mut self,
        (x, y): (f32, f32),
        (width, height): (f32, f32),
        fill: Rgb,
        hint: Option<String>,
    ) {
        if width > 0.0 && height > 0.0 {
            self.items.push(Item::Rect {
                x,
                y,
                width,
                height,
                fill,
                hint,
            });
        }
    }

    pub(crate) fn line(&mut self, points: Vec<(f32, f32)>, stroke: Rgb, width: f32, dotted: bool) {
        if points.len() > 1 {
            self.items.push(Item::Line {
                points,
                stroke,
                width,
                dotted,
            });
        }
    }

    pub(crate) fn area(&mut self, points: Vec<(f32, f32)>, fill: Rgb, opacity: f32) {
        if points.len() > 2 {
            self.items.push(Item::Area {
                points,
                fill,
                opacity,
            });
        }
    }

    pub(crate) fn dot(&mut self, (x, y): (f32, f32), radius: f32, fill: Rgb, hint: Option<String>) {
        self.items.push(Item::Dot {
            x,
            y,
            radius,
            fill,
            hint,
        });
    }

    pub(crate) fn text(
        &mut self,
        (x, y): (f32, f32),
        text: &str,
        (size, bold): (f32, bool),
        anchor: Anchor,
        fill: Rgb,
    ) {
        self.items.push(Item::Text {
            x,
            y,
            text: text.to_owned(),
            size,
            bold,
            anchor,
            fill,
        });
    }
}
