//! Which models may run on which platform's posts, now.

use crate::control::{Control, Error};
use arc_swap::ArcSwap;
use post::profile::{self, Profile, Task};
use std::collections::BTreeSet;

/// Answers what depends on whether a platform's amendment was accepted. Cheap to ask from any thread.
#[derive(Debug, Default)]
pub struct Gate {
    accepted: ArcSwap<BTreeSet<String>>,
}

impl Gate {
    /// Reads again which amendments are accepted, in their newest text.
    pub fn refresh(&self, control: &Control) -> Result<(), Error> {
        let is_current = |platform: &str, version: &str| {
            profile::of(platform)
                .amendment
                .is_some_and(|a| a.value.version == version)
        };
        let accepted = control
            .acceptances()?
            .into_iter()
            .filter(|a| is_current(&a.platform, &a.version))
            .map(|a| a.platform)
            .collect();
        self.accepted.store(std::sync::Arc::new(accepted));
        Ok(())
    }

    /// Whether the platform's amendment is accepted.
    pub fn accepted(&self, profile: &Profile) -> bool {
        self.accepted.load().contains(profile.platform)
    }

    /// Whether a model may run on a post of this platform.
    pub fn allows(&self, task: Task, platform: &str) -> bool {
        let profile = profile::of(platform);
        profile.allows(task, self.accepted(profile))
    }
}
