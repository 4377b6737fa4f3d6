//! HTML: one file without script, with charts as SVG and a style for paper.

mod style;
mod svg;

use crate::chart;
use crate::colour::hex;
use crate::model::{Body, Change, Figure, Report, Sample, Section, Table, Way};
use crate::text::{Fonts, Shaper};
use crate::{Error, logo_size};
use std::fmt::Write;

/// The width of charts in CSS pixels.
const WIDTH: f32 = 720.0;

/// The report as one HTML file.
pub fn html(report: &Report, fonts: &Fonts) -> Result<String, Error> {
    let shaper = Shaper::new(fonts);
    let mut out = String::new();
    let lang = if report.lang.is_empty() {
        "en"
    } else {
        &report.lang
    };
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n",
        escape(lang),
        escape(&report.title),
        style::STYLE
    );
    head(&mut out, report)?;
    for section in &report.sections {
        write_section(&mut out, section, &shaper);
    }
    foot(&mut out, report);
    out.push_str("</main>\n</body>\n</html>\n");
    Ok(out)
}

fn head(out: &mut String, report: &Report) -> Result<(), Error> {
    out.push_str("<header>\n");
    if let Some(logo) = &report.logo {
        let (width, height) = logo_size(logo)?;
        let shown = (48.0 * f64::from(width) / f64::from(height)).min(220.0);
        let _ = writeln!(
            out,
            "<img class=\"logo\" alt=\"\" width=\"{shown:.0}\" src=\"data:image/png;base64,{}\">",
            base64(logo)
        );
    }
    if report.draft {
        out.push_str("<p class=\"draft\">Draft: not approved yet</p>\n");
    }
    let _ = write!(
        out,
        "<p class=\"subject\">{}</p>\n<h1>{}</h1>\n<p class=\"period\">{}</p>\n",
        escape(&report.subject),
        escape(&report.title),
        escape(&report.period)
    );
    for paragraph in &report.text {
        let _ = writeln!(out, "<p class=\"lead\" dir=\"auto\">{}</p>", escape(paragraph));
    }
    out.push_str("</header>\n");
    Ok(())
}

fn write_section(out: &mut String, section: &Section, shaper: &Shaper<'_>) {
    let _ = writeln!(out, "<section>\n<h2>{}</h2>", escape(&section.title));
    if let Some(note) = &section.note {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(note));
    }
    match &section.body {
        Body::Figures(list) => figures(out, list),
        Body::Table(table) => write_table(out, table),
        Body::Text(list) => {
            for p in list {
                let lead = p
                    .lead
                    .as_ref()
                    .map(|l| format!("<strong>{}</strong> ", escape(l)));
                let _ = writeln!(
                    out,
                    "<p dir=\"auto\">{}{}</p>",
                    lead.unwrap_or_default(),
                    escape(&p.text)
                );
            }
        }
        Body::Mentions(list) => list.iter().for_each(|s| sample(out, s)),
        Body::Definitions(list) => {
            out.push_str("<dl>\n");
            for d in list {
                let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(&d.word), escape(&d.meaning));
            }
            out.push_str("</dl>\n");
        }
        Body::Lines(_) | Body::Bars(_) | Body::Stacked(_) | Body::Heat(_) => {
            if let Some(drawing) = chart::drawing(&section.body, WIDTH, shaper) {
                svg::write(out, &drawing, &section.title);
            }
        }
    }
    out.push_str("</section>\n");
}

fn figures(out: &mut String, list: &[Figure]) {
    out.push_str("<div class=\"figures\">\n");
    for f in list {
        let _ = write!(
            out,
            "<div><p class=\"label\">{}</p><p class=\"value\">{}</p>",
            escape(&f.label),
            escape(&f.value)
        );
        if let Some(interval) = &f.interval {
            let _ = write!(out, "<p class=\"interval\">{}</p>", escape(interval));
        }
        if let Some(change) = &f.change {
            let _ = write!(
                out,
                "<p class=\"change\">{} {}</p>",
                arrow(change),
                escape(&change.words)
            );
        }
        out.push_str("</div>\n");
    }
    out.push_str("</div>\n");
}

/// Shown beside a change.
pub(crate) fn arrow(change: &Change) -> &'static str {
    match change.way {
        Way::Up => "↑",
        Way::Down => "↓",
        Way::Same => "→",
    }
}

fn write_table(out: &mut String, table: &Table) {
    out.push_str("<div class=\"table\"><table>\n<thead><tr>");
    let class = |column: usize| match table.columns.get(column) {
        Some((_, true)) => " class=\"number\"",
        _ => "",
    };
    for (column, (name, _)) in table.columns.iter().enumerate() {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", class(column), escape(name));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let _ = write!(out, "<td{} dir=\"auto\">{}</td>", class(column), escape(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn sample(out: &mut String, sample: &Sample) {
    let colour = sample
        .colour
        .map(|c| format!(" style=\"border-color:#{}\"", hex(c.rgb())));
    let _ = write!(
        out,
        "<article{}><p class=\"about\">{}",
        colour.unwrap_or_default(),
        escape(&sample.about)
    );
    // Anything but the web's own schemes would run or open something else.
    if let Some(link) = sample
        .link
        .as_deref()
        .filter(|l| l.starts_with("https://") || l.starts_with("http://"))
    {
        let _ = write!(
            out,
            " · <a href=\"{}\" rel=\"noreferrer noopener nofollow\">open</a>",
            escape(link)
        );
    }
    out.push_str("</p>");
    if let Some(text) = &sample.text {
        let _ = write!(out, "<p class=\"post\" dir=\"auto\">{}</p>", escape(text));
    }
    out.push_str("</article>\n");
}

fn foot(out: &mut String, report: &Report) {
    out.push_str("<footer>\n");
    for label in &report.labels {
        let _ = writeln!(out, "<p>{}</p>", escape(label));
    }
    let _ = writeln!(
        out,
        "<p>{} Made with Groundswell.</p>\n</footer>",
        escape(&report.made)
    );
}

/// Text between tags and in attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML has no word for the others.
            '\t' | '\n' | '\r' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let three = [
            chunk[0],
            chunk.get(1).copied().unwrap_or(0),
            chunk.get(2).copied().unwrap_or(0),
        ];
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(char::from(LETTERS[(bits >> (18 - 6 * place)) as usize & 63]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded() {
        assert_eq!(
            ["", "f", "fo", "foo", "foob"].map(|t| base64(t.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
    }

    #[test]
    fn strangers_words_are_no_markup() {
        assert_eq!(escape("<script>\u{1}&\"'"), "&lt;script&gt; &amp;&quot;&#39;");
    }
}
