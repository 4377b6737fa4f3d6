//! The sample report in every form.

mod sample;

use report::{Fonts, html, pdf, pptx};
