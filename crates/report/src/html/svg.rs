//! A drawing as SVG.

use super::escape;
use crate::colour::hex;
use crate::draw::{Anchor, Drawing, Item};
use std::fmt::Write;

pub(super) fn write(out: &mut String, drawing: &Drawing, title: &str) {
    let _ = writeln!(
        out,
        "<svg viewBox=\"0 0 {:.0} {:.0}\" role=\"img\" aria-label=\"{}\">",
        drawing.width,
        drawing.height,
        escape(title)
    );
    for item in &drawing.items {
        write_item(out, item);
    }
    out.push_str("</svg>\n");
}

fn write_item(out: &mut String, item: &Item) {
    let hinted = |out: &mut String, tag: &str, hint: &Option<String>| {
        let _ = match hint {
            Some(hint) => writeln!(out, "><title>{}</title></{tag}>", escape(hint)),
            None => writeln!(out, "/>"),
        };
    };
    match item {
        Item::Rect {
            x,
            y,
            width,
            height,
            fill,
            hint,
        } => {
            let _ = write!(
                out,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"#{}\"",
                hex(*fill)
            );
            hinted(out, "rect", hint);
        }
        Item::Dot {
            x,
            y,
            radius,
            fill,
            hint,
        } => {
            let _ = write!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"#{}\"",
                hex(*fill)
            );
            hinted(out, "circle", hint);
        }
        Item::Line {
            points,
            stroke,
            width,
            dotted,
        } => {
            let dashes = if *dotted { " stroke-dasharray=\"2 3\"" } else { "" };
            let _ = writeln!(
                out,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"#{}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dashes}/>",
                path(points),
                hex(*stroke)
            );
        }
        Item::Area {
            points,
            fill,
            opacity,
        } => {
            let _ = writeln!(
                out,
                "<polygon points=\"{}\" fill=\"#{}\" fill-opacity=\"{opacity}\"/>",
                path(points),
                hex(*fill)
            );
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
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let weight = if *bold { " font-weight=\"600\"" } else { "" };
            let _ = writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"#{}\"{weight}>{}</text>",
                hex(*fill),
                escape(text)
            );
        }
    }
}

fn path(points: &[(f32, f32)]) -> String {
    let mut out = String::new();
    for (x, y) in points {
        let _ = write!(out, "{x:.1},{y:.1} ");
    }
    out.truncate(out.trim_end().len());
    out
}
