//! Reports: what one says ([`Report`]), and the same as HTML, PDF and PowerPoint, and its
//! numbers as a workbook.
//!
//! Pure: text and numbers go in, bytes come out. There is no file, no clock and no browser; equal reports give equal
//! bytes. Charts are laid out in one place (`chart`) and drawn as SVG and PDF; PowerPoint gets its own, editable ones.

mod chart;
mod colour;
mod draw;
mod html;
mod model;
mod pdf;
mod pptx;
mod scale;
mod text;
mod xlsx;

pub use colour::Colour;
pub use html::html;
pub use model::{
    Bar, Body, Change, Definition, Figure, Heat, Line, Lines, Mark, Paragraph, Part, Report, Sample, Section,
    Stacked, Table, Way,
};
pub use pdf::pdf;
pub use pptx::pptx;
pub use scale::{compact, exact};
pub use text::Fonts;
pub use xlsx::xlsx;

/// Why a report cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The font at this place cannot be read.
    #[error("font {0} is neither TrueType nor OpenType")]
    Font(usize),
    /// The logo cannot be read.
    #[error("the logo is no PNG that can be read")]
    Logo,
    /// The PDF cannot be put together.
    #[error("the PDF cannot be made: {0}")]
    Pdf(String),
    /// A workbook behind a chart cannot be written.
    #[error("the workbook of a chart cannot be made")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The presentation cannot be packed.
    #[error("the presentation cannot be packed")]
    Zip(#[from] zip::result::ZipError),
    /// The presentation cannot be packed.
    #[error("the presentation cannot be packed")]
    Pack(#[from] std::io::Error),
}

/// Whether these bytes are a PNG small enough to be a logo; its width and height.
pub fn logo_size(png: &[u8]) -> Result<(u32, u32), Error> {
    let number =
        |at: usize| -> Option<u32> { Some(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?)) };
    let is_png = png.starts_with(b"\x89PNG\r\n\x1a\n") && png.get(12..16) == Some(b"IHDR");
    match (is_png, number(16), number(20)) {
        (true, Some(width @ 1..=4096), Some(height @ 1..=4096)) => Ok((width, height)),
        _ => Err(Error::Logo),
    }
}
