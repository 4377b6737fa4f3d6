//! The models: those within the program, those of the configuration, those of projects.

use super::report::Report;
use crate::config::Config;
use crate::control::Control;
use crate::scoring::own::Brought;
use ::models::custom::CustomModel;

pub(super) fn look(settings: Option<&Config>, control: Option<&Control>, report: &mut Report) {
    // Every file of weights carries its checksum, which loading compares.
    match crate::weights::embedded().and_then(|_| crate::weights::shares()) {
        Ok(_) => report.ok("models", "shipped", "their checksums are right"),
        Err(error) => report.fault(
            "models",
            "shipped",
            format!("{error:#}"),
            "install the program again, and compare it with SHA256SUMS",
        ),
    }
    for folder in settings.into_iter().flat_map(|s| &s.onnx) {
        match Brought::load(folder) {
            Ok(_) => report.ok("models", folder.display(), "it loads and reads a text"),
            Err(error) => report.fault(
                "models",
                folder.display(),
                error,
                "put model.onnx, tokenizer.json and card.json there, or take it out of [scoring] onnx",
            ),
        }
    }
    let Some(rows) = control.and_then(|c| c.active_classifiers().ok()) else {
        return;
    };
    for (row, file) in rows {
        if let Err(error) = CustomModel::load(&file) {
            let place = format!("classifier {} of {}", row.name, row.project);
            report.fault("models", place, error, "train it anew in the app, under Models");
        }
    }
}
