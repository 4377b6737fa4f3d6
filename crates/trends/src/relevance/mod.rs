//! Relevance: which mentions of an ambiguous name are meant.
//!
//! Each monitor has a small classifier of hashed features. It begins with weak labels (what the query's author wrote around
//! the name), asks for the labels that teach it most, and says how sure it is: probabilities are calibrated by
//! cross-validation, precision comes with its interval, a threshold is chosen by the precision that is wanted.

mod active;
mod assisted;
mod calibrate;
mod drift;
mod features;
mod model;
mod precision;
mod refine;

pub use active::ask;
pub use assisted::{Pool, share_meant};
pub use calibrate::Calibration;
pub use drift::Drift;
pub use features::{Features, Input, Vector};
pub use model::{Config, Label, Model};
pub use precision::{Judged, threshold, weighted_share};
pub use refine::{Candidate, candidates};
