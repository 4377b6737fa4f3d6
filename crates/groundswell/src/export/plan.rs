//! What leaves in which form, decided before the first post is written.

use super::Request;
use crate::analytics::counts;
use crate::control::{AuditEvent, Control};
use post::profile::{self, Export};
use serde::Serialize;
use store::{Dimension, Measures, Snapshot};

/// Platforms of one export, names that files bring along included.
const MAX_PLATFORMS: usize = 10_000;

/// What leaves, what does not, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Manifest {
    /// The form of exports.
    pub groundswell_export: u32,
    /// When, RFC 3339.
    pub exported_at: String,
    /// The project.
    pub project: String,
    /// Published from, RFC 3339.
    pub from: Option<String>,
    /// Published before, RFC 3339.
    pub to: Option<String>,
    /// Posts under the filter, in whatever form.
    pub posts: u64,
    /// Each platform's part.
    pub platforms: Vec<Platform>,
}

/// One platform's part of an export.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Platform {
    /// Its name in posts.
    pub platform: String,
    /// Posts under the filter.
    pub posts: u64,
    /// Of these, in full.
    pub full: u64,
    /// The form of the others, in words; of all, where the rule is not about ids.
    pub form: String,
    /// Where that rule stands.
    pub why: &'static str,
    /// What must be said with the data.
    pub label: Option<&'static str>,
    /// The rule.
    #[serde(skip)]
    pub(super) rule: Export,
}

pub(super) fn manifest(
    control: &Control,
    snapshot: &Snapshot,
    request: &Request,
) -> anyhow::Result<Manifest> {
    let counted = counts::breakdown(
        snapshot,
        &request.filter,
        Dimension::Source,
        MAX_PLATFORMS,
        Measures::default(),
    )?;
    let platforms = counted
        .items
        .into_iter()
        .map(|item| platform(control, request, item.key, item.mentions));
    Ok(Manifest {
        groundswell_export: 1,
        exported_at: post::to_rfc3339(request.now),
        project: request.project.clone(),
        from: request.filter.from.map(post::to_rfc3339),
        to: request.filter.to.map(post::to_rfc3339),
        posts: counted.total,
        platforms: platforms.collect::<anyhow::Result<_>>()?,
    })
}

fn platform(control: &Control, request: &Request, name: String, posts: u64) -> anyhow::Result<Platform> {
    let profile = profile::of(&name);
    let rule = profile.export.value;
    let full = match rule {
        Export::Full | Export::Labelled => posts,
        Export::Ids { full_per_day } if request.full && full_per_day > 0 => control.take_full_exports(
            &request.person,
            profile.platform,
            request.now,
            posts,
            u64::from(full_per_day),
        )?,
        Export::Ids { .. } | Export::Excerpt { .. } | Export::Forbidden => 0,
    };
    Ok(Platform {
        platform: name,
        posts,
        full,
        form: rule.words(),
        why: profile.export.source,
        label: profile.label.map(|l| l.value),
        rule,
    })
}

/// An event of the audit log about an export.
pub fn event(by: AuditEvent, manifest: &Manifest) -> AuditEvent {
    let platforms: serde_json::Map<_, _> = manifest
        .platforms
        .iter()
        .map(|p| {
            (
                p.platform.clone(),
                serde_json::json!({"posts": p.posts, "full": p.full}),
            )
        })
        .collect();
    by.within(&manifest.project)
        .with(serde_json::json!({"posts": manifest.posts, "platforms": platforms}))
}
