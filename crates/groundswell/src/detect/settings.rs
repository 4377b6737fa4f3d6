//! How sensitive detection is, in expected false alarms per week.

use crate::control::{Control, Error};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Expected false alarms per week of each monitor and metric, where nothing else is set: one in ten weeks.
const DEFAULT_PER_WEEK: f64 = 0.1;
/// The least and the most that can be asked for.
const RANGE: std::ops::RangeInclusive<f64> = 0.001..=10.0;

/// How sensitive a project's detection is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sensitivity {
    /// Expected false alarms per week of each monitor and metric, 0.001 to 10.
    pub(crate) per_week: f64,
    /// Those of single monitors, by id.
    pub(crate) monitors: BTreeMap<String, f64>,
}

impl Default for Sensitivity {
    fn default() -> Self {
        Self {
            per_week: DEFAULT_PER_WEEK,
            monitors: BTreeMap::new(),
        }
    }
}

impl Sensitivity {
    /// A project's.
    pub(crate) fn of(control: &Control, project: &str) -> Result<Self, Error> {
        let kept = control.setting(&key(project))?;
        Ok(kept
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// Keeps it.
    pub(crate) fn keep(&self, control: &Control, project: &str) -> Result<(), Error> {
        let text =
            serde_json::to_string(self).map_err(|_| Error::Invalid("the sensitivity cannot be written"))?;
        control.set_setting(&key(project), &text)
    }

    /// A monitor's.
    pub(super) fn per_week(&self, monitor: &str) -> f64 {
        self.monitors.get(monitor).copied().unwrap_or(self.per_week)
    }

    /// What cannot be asked for, if anything.
    pub(crate) fn fault(&self) -> Option<String> {
        let mut all = std::iter::once(&self.per_week).chain(self.monitors.values());
        let bad = all.find(|v| !RANGE.contains(*v))?;
        Some(format!(
            "{bad} false alarms per week cannot be asked for: say {} to {}",
            RANGE.start(),
            RANGE.end()
        ))
    }
}

fn key(project: &str) -> String {
    format!("detect.sensitivity.{project}")
}
