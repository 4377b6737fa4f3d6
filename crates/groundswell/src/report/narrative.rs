//! Sections in sentences: what changed and what to try, and what peaked.

use super::make::Ground;
use crate::api::Failure;
use crate::api::types::FilterParams;
use crate::detect::{Detail, FindingKind};
use crate::insight;
use crate::insight::claims::{Claim, ClaimKind};
use crate::insight::weekly::{Told, findings, week_of};
use report::{Body, Paragraph, Section};

/// Findings told of.
const FINDINGS: usize = 20;

impl Ground<'_> {
    fn insight(&self) -> insight::Ground<'_> {
        insight::Ground {
            control: self.control,
            snapshot: self.snapshot,
            project: self.project.to_owned(),
            filter: self.filter.clone(),
            params: FilterParams {
                project: Some(self.project.to_owned()),
                from: Some(self.span.from),
                to: Some(self.span.to),
                ..self.definition.filter.clone()
            },
            from: self.span.from,
            to: self.span.to,
            zone: self.zone.clone(),
            now: self.now,
        }
    }

    /// Whether a claim may stand here: outside the house not about single people or small groups.
    fn may_say(&self, claim: &Claim) -> bool {
        let Some(threshold) = self.small_cell else {
            return true;
        };
        claim.kind != ClaimKind::Influencer && claim.people.is_none_or(|people| people >= threshold)
    }

    fn may_tell(&self, told: &Told) -> bool {
        let Some(threshold) = self.small_cell else {
            return true;
        };
        match &told.finding.finding.detail {
            Detail::Series { .. } | Detail::Drift { .. } => true,
            Detail::Terms { terms, .. } => terms.iter().take(3).all(|t| u64::from(t.authors) >= threshold),
            Detail::Topic { .. } | Detail::Shares { .. } => false,
        }
    }
}

/// What changed, and what to try: the claims that passed their tests over the whole section.
pub(super) fn changes(g: &Ground<'_>) -> Result<Option<Section>, Failure> {
    let week = week_of(&g.insight())?;
    let mut text: Vec<Paragraph> = Vec::new();
    for claim in week.claims.iter().filter(|c| g.may_say(c)) {
        text.push(Paragraph {
            lead: None,
            text: claim.words.clone(),
        });
        let tries = week.suggestions.iter().filter(|s| s.claim == claim.id);
        text.extend(tries.map(|s| Paragraph {
            lead: Some("To try".to_owned()),
            text: s.words.clone(),
        }));
    }
    if text.is_empty() {
        return Ok(None);
    }
    let note = format!(
        "{} of {} tests were beyond chance together; at most one in twenty of those is by chance. What goes together is not \
         said to be the cause.",
        week.passed, week.tested
    );
    Ok(Some(section("What changed, what to try", &note, text)))
}

/// A sentence for each peak, fall, silence and shift of the period, and for what came up.
pub(super) fn peaks(g: &Ground<'_>) -> Result<Option<Section>, Failure> {
    let mut told = findings(&g.insight())?;
    told.retain(|t| g.may_tell(t) && t.finding.finding.kind != FindingKind::Drift);
    told.truncate(FINDINGS);
    // As they happened.
    told.sort_by_key(|t| t.finding.finding.from);
    let text: Vec<Paragraph> = told
        .into_iter()
        .map(|t| Paragraph {
            lead: None,
            text: t.words,
        })
        .collect();
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(section("What happened", "As the detectors found it.", text)))
}

fn section(title: &str, note: &str, text: Vec<Paragraph>) -> Section {
    Section {
        title: title.to_owned(),
        note: Some(note.to_owned()),
        body: Body::Text(text),
    }
}
