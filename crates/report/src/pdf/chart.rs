//! A drawing on a page.

use super::page::Pen;
use crate::colour::Rgb;
use crate::draw::{Anchor, Drawing, Item};
use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder};
use krilla::paint::{LineCap, LineJoin, Stroke, StrokeDash};

/// A circle is four curves; how far their handles reach, as a part of the radius.
const CURVE: f32 = 0.552_284_8;

impl Pen<'_, '_> {
    /// Draws with the upper left corner at a place.
    pub(super) fn drawing(&mut self, (left, top): (f32, f32), drawing: &Drawing) {
        let moved = |points: &[(f32, f32)]| -> Vec<(f32, f32)> {
            points.iter().map(|(x, y)| (left + x, top + y)).collect()
        };
        for item in &drawing.items {
            match item {
                Item::Rect {
                    x,
                    y,
                    width,
                    height,
                    fill,
                    ..
                } => self.rect((left + x, top + y), (*width, *height), *fill),
                Item::Line {
                    points,
                    stroke,
                    width,
                    dotted,
                } => self.stroke(&moved(points), *stroke, *width, *dotted),
                Item::Area {
                    points,
                    fill,
                    opacity,
                } => {
                    if let Some(path) = path(&moved(points), true) {
                        self.fill(*fill, *opacity);
                        self.surface.draw_path(&path);
                    }
                }
                Item::Dot {
                    x, y, radius, fill, ..
                } => {
                    if let Some(path) = circle(left + x, top + y, *radius) {
                        self.fill(*fill, 1.0);
                        self.surface.draw_path(&path);
                    }
                }
                Item::Text {
                    x,
                    y,
                    text,
                    size,
                    bold,
                    anchor,
                    fill,
                } => {
                    let line = self.shaper.line(text, *size, *bold);
                    let back = match anchor {
                        Anchor::Start => 0.0,
                        Anchor::Middle => line.width / 2.0,
                        Anchor::End => line.width,
                    };
                    self.line((left + x - back, top + y), &line, *size, *fill);
                }
            }
        }
    }

    fn stroke(&mut self, points: &[(f32, f32)], [r, g, b]: Rgb, width: f32, dotted: bool) {
        let Some(path) = path(points, false) else { return };
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke {
            paint: rgb::Color::new(r, g, b).into(),
            width,
            line_cap: if dotted { LineCap::Round } else { LineCap::Butt },
            line_join: LineJoin::Round,
            dash: dotted.then(|| StrokeDash {
                array: vec![0.5, 3.5],
                offset: 0.0,
            }),
            ..Stroke::default()
        }));
        self.surface.draw_path(&path);
        self.surface.set_stroke(None);
    }
}

fn path(points: &[(f32, f32)], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    path.move_to(first.0, first.1);
    rest.iter().for_each(|(x, y)| path.line_to(*x, *y));
    if closed {
        path.close();
    }
    path.finish()
}

fn circle(x: f32, y: f32, r: f32) -> Option<Path> {
    let c = r * CURVE;
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.cubic_to(x + r, y + c, x + c, y + r, x, y + r);
    path.cubic_to(x - c, y + r, x - r, y + c, x - r, y);
    path.cubic_to(x - r, y - c, x - c, y - r, x, y - r);
    path.cubic_to(x + c, y - r, x + r, y - c, x + r, y);
    path.close();
    path.finish()
}
