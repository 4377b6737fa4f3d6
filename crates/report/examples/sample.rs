//! Writes the sample report in every form into a folder, to be looked at: `cargo run -p report --example sample FOLDER`.

#[path = "../tests/it/sample.rs"]
mod sample;

use report::{Fonts, html, pdf, pptx};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let folder = std::path::Path::new(&folder);
    let (report, fonts) = (sample::report(), Fonts::default());
    std::fs::write(folder.join("sample.html"), html(&report, &fonts)?)?;
    std::fs::write(folder.join("sample.pdf"), pdf(&report, &fonts)?)?;
    std::fs::write(folder.join("sample.pptx"), pptx(&report, &fonts)?)?;
    Ok(())
}
