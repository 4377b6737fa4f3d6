//! A chart as DrawingML, which PowerPoint draws and lets edit.

use super::workbook::{Data, data};
use crate::colour::{Colour, INK_2, INK_3, LINE, hex};
use crate::html::escape;
use crate::model::Body;
use std::fmt::Write;

/// What kind of chart.
struct Kind {
    /// The element.
    tag: &'static str,
    /// What comes before the series.
    begin: &'static str,
    /// What comes after them, before the axes.
    end: &'static str,
    /// Whether names stand at the left, from top to bottom.
    lying: bool,
    line: bool,
}

const LINE_CHART: Kind = Kind {
    tag: "lineChart",
    begin: "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>",
    end: "<c:marker val=\"1\"/>",
    lying: false,
    line: true,
};
const AREA: Kind = Kind {
    tag: "areaChart",
    begin: "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>",
    end: "",
    lying: false,
    line: false,
};
const BARS: Kind = Kind {
    tag: "barChart",
    begin: "<c:barDir val=\"bar\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/>",
    end: "<c:gapWidth val=\"60\"/>",
    lying: true,
    line: false,
};
const COLUMNS: Kind = Kind {
    tag: "barChart",
    begin: "<c:barDir val=\"col\"/><c:grouping val=\"stacked\"/><c:varyColors val=\"0\"/>",
    end: "<c:gapWidth val=\"40\"/><c:overlap val=\"100\"/>",
    lying: false,
    line: false,
};
const SHARES: Kind = Kind {
    tag: "barChart",
    begin: "<c:barDir val=\"bar\"/><c:grouping val=\"percentStacked\"/><c:varyColors val=\"0\"/>",
    end: "<c:gapWidth val=\"60\"/><c:overlap val=\"100\"/>",
    lying: true,
    line: false,
};

pub(super) fn xml(body: &Body) -> String {
    let data = data(body);
    let kind = match body {
        Body::Lines(lines) if lines.filled => AREA,
        Body::Lines(_) => LINE_CHART,
        Body::Stacked(stacked) if stacked.over_time => COLUMNS,
        Body::Stacked(_) => SHARES,
        _ => BARS,
    };
    let mut out = String::from(
        "<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><c:date1904 val=\"0\"/><c:roundedCorners val=\"0\"/>\
         <c:chart><c:autoTitleDeleted val=\"1\"/><c:plotArea><c:layout/>",
    );
    let _ = write!(out, "<c:{}>{}", kind.tag, kind.begin);
    for place in 0..data.series.len() {
        series(&mut out, &data, place, &kind, body);
    }
    let _ = write!(
        out,
        "{}<c:axId val=\"1001\"/><c:axId val=\"1002\"/></c:{}>",
        kind.end, kind.tag
    );
    axes(&mut out, &kind, data.labels.len());
    out.push_str("<c:spPr><a:noFill/></c:spPr></c:plotArea>");
    if data.series.len() > 1 {
        let _ = write!(
            out,
            "<c:legend><c:legendPos val=\"t\"/><c:overlay val=\"0\"/>{}</c:legend>",
            look(12, &hex(INK_2))
        );
    }
    let _ = write!(
        out,
        "<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}\
         <c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>",
        look(11, &hex(INK_2))
    );
    out
}

fn series(out: &mut String, data: &Data<'_>, place: usize, kind: &Kind, body: &Body) {
    let (name, colour, values) = &data.series[place];
    let column = letters(place + 1);
    let last = data.labels.len() + 1;
    let hex = hex(colour.rgb());
    let _ = write!(
        out,
        "<c:ser><c:idx val=\"{place}\"/><c:order val=\"{place}\"/><c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache><c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx>",
        escape(name)
    );
    let line = format!(
        "<a:ln w=\"25400\" cap=\"rnd\"><a:solidFill><a:srgbClr val=\"{hex}\"/></a:solidFill><a:round/></a:ln>"
    );
    if kind.line {
        let _ = write!(
            out,
            "<c:spPr>{line}</c:spPr><c:marker><c:symbol val=\"none\"/></c:marker>"
        );
    } else if kind.tag == "areaChart" {
        let _ = write!(
            out,
            "<c:spPr><a:solidFill><a:srgbClr val=\"{hex}\"><a:alpha val=\"25000\"/></a:srgbClr></a:solidFill>{line}</c:spPr>"
        );
    } else {
        let _ = write!(
            out,
            "<c:spPr><a:solidFill><a:srgbClr val=\"{hex}\"/></a:solidFill></c:spPr><c:invertIfNegative val=\"0\"/>"
        );
    }
    points(out, body, *colour);
    if kind.lying {
        // Numbers of single bars stand behind them; parts have theirs inside.
        let place = if data.series.len() > 1 { "ctr" } else { "outEnd" };
        let ink = if data.series.len() > 1 {
            "ffffff".to_owned()
        } else {
            crate::colour::hex(INK_2)
        };
        let _ = write!(
            out,
            "<c:dLbls><c:numFmt formatCode=\"#,##0\" sourceLinked=\"0\"/><c:spPr><a:noFill/></c:spPr>{}<c:dLblPos val=\"{place}\"/><c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbls>",
            look(11, &ink)
        );
    }
    let _ = write!(
        out,
        "<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache><c:ptCount val=\"{}\"/>",
        data.labels.len()
    );
    for (at, label) in data.labels.iter().enumerate() {
        let _ = write!(out, "<c:pt idx=\"{at}\"><c:v>{}</c:v></c:pt>", escape(label));
    }
    let _ = write!(
        out,
        "</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val=\"{}\"/>",
        values.len()
    );
    for (at, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let _ = write!(out, "<c:pt idx=\"{at}\"><c:v>{value}</c:v></c:pt>");
        }
    }
    out.push_str("</c:numCache></c:numRef></c:val>");
    if kind.line {
        out.push_str("<c:smooth val=\"0\"/>");
    }
    out.push_str("</c:ser>");
}

/// Bars that have a colour of their own.
fn points(out: &mut String, body: &Body, common: Colour) {
    let Body::Bars(list) = body else { return };
    for (at, bar) in list.iter().enumerate().filter(|(_, b)| b.colour != common) {
        let _ = write!(
            out,
            "<c:dPt><c:idx val=\"{at}\"/><c:invertIfNegative val=\"0\"/><c:bubble3D val=\"0\"/><c:spPr><a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill></c:spPr></c:dPt>",
            hex(bar.colour.rgb())
        );
    }
}

fn axes(out: &mut String, kind: &Kind, count: usize) {
    let (names, numbers) = if kind.lying { ("l", "b") } else { ("b", "l") };
    // The first bar stands at the top.
    let order = if kind.lying { "maxMin" } else { "minMax" };
    // Some ten names of moments; of bars, all.
    let skip = if kind.lying { 1 } else { count.div_ceil(10).max(1) };
    let _ = write!(
        out,
        "<c:catAx><c:axId val=\"1001\"/><c:scaling><c:orientation val=\"{order}\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"{names}\"/><c:numFmt formatCode=\"General\" sourceLinked=\"0\"/>\
         <c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/><c:spPr><a:ln w=\"9525\"><a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill></a:ln></c:spPr>{}\
         <c:crossAx val=\"1002\"/><c:crosses val=\"autoZero\"/><c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/><c:tickLblSkip val=\"{skip}\"/><c:noMultiLvlLbl val=\"1\"/></c:catAx>",
        hex(LINE),
        look(11, &hex(INK_2))
    );
    let grid = match kind.lying {
        true => String::new(),
        false => format!(
            "<c:majorGridlines><c:spPr><a:ln w=\"9525\"><a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>",
            hex(LINE)
        ),
    };
    let _ = write!(
        out,
        "<c:valAx><c:axId val=\"1002\"/><c:scaling><c:orientation val=\"minMax\"/><c:min val=\"0\"/></c:scaling><c:delete val=\"{}\"/><c:axPos val=\"{numbers}\"/>{grid}\
         <c:numFmt formatCode=\"#,##0\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{}\
         <c:crossAx val=\"1001\"/><c:crosses val=\"{}\"/><c:crossBetween val=\"{}\"/></c:valAx>",
        u8::from(kind.lying),
        look(11, &hex(INK_3)),
        if kind.lying { "max" } else { "autoZero" },
        if kind.tag == "areaChart" {
            "midCat"
        } else {
            "between"
        }
    );
}

fn look(size: u32, colour: &str) -> String {
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{}\"><a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang=\"en\"/></a:p></c:txPr>",
        size * 100
    )
}

/// A column's name in a sheet: A, B, …, Z, AA.
fn letters(mut column: usize) -> String {
    let mut out = String::new();
    loop {
        out.insert(0, char::from(b'A' + (column % 26) as u8));
        if column < 26 {
            return out;
        }
        column = column / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_names() {
        assert_eq!(
            [0, 1, 25, 26, 27, 51, 52, 701, 702].map(letters),
            ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]
        );
    }
}
