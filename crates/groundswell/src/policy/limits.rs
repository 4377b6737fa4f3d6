//! How long what is kept: the profiles' limits, the operator's and the project's, the strictest of them.

use post::profile::{self, Keep, Profile};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Limits in days since a post was received; `null` sets none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Days {
    /// Text, headline, links, tags, media.
    pub text_days: Option<u32>,
    /// What leads to a person: pseudonyms, references to other posts, the platform's counts.
    pub features_days: Option<u32>,
    /// The mention itself.
    pub aggregates_days: Option<u32>,
}

/// Limits for all platforms and for some.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Of every platform: these only shorten.
    pub all: Days,
    /// By platform, as profiles name them.
    pub platforms: BTreeMap<String, Days>,
}

/// The limits in force; `None` is without end.
pub type Limits = Days;

impl Retention {
    /// Everything that a profile does not allow, by key and in words.
    pub fn faults(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (platform, days) in &self.platforms {
            let p = profile::of(platform);
            if p.platform != platform {
                let known: Vec<&str> = profile::ALL.iter().map(|p| p.platform).collect();
                out.push((
                    platform.clone(),
                    format!("no platform `{platform}`; known: {}", known.join(", ")),
                ));
                continue;
            }
            // Accepting the amendment lifts the limit; until then it holds whatever is set.
            let features = p.features_kept(p.amendment.is_some());
            let limits = [
                ("text_days", days.text_days, p.text.value, p.text.source),
                ("features_days", days.features_days, features, p.features.source),
            ];
            for (key, set, keep, source) in limits {
                if let (Some(set), Some(most)) = (set, keep.most_days())
                    && set > most
                {
                    let plural = if most == 1 { "" } else { "s" };
                    out.push((
                        format!("{platform}.{key}"),
                        format!(
                            "`{set}` is more than the {most} day{plural} that {} allows ({source})",
                            p.name
                        ),
                    ));
                }
            }
        }
        out
    }

    /// The limits of a platform's posts in a project. `accepted` says whether the platform's amendment is.
    pub fn limits(&self, profile: &Profile, accepted: bool, project: &Retention) -> Limits {
        let own = self.of(profile);
        let theirs = project.of(profile);
        let strictest = |keep: Keep, pick: fn(&Days) -> Option<u32>| {
            // What is set for the platform takes the place of the profile's default; all else only shortens.
            let base = pick(&own).or(keep.default_days());
            [
                base,
                keep.most_days(),
                pick(&self.all),
                pick(&theirs),
                pick(&project.all),
            ]
            .into_iter()
            .flatten()
            .min()
        };
        let aggregates = strictest(Keep::UntilDeleted, |d| d.aggregates_days);
        let features = strictest(profile.features_kept(accepted), |d| d.features_days);
        let text = strictest(profile.text.value, |d| d.text_days);
        let least = |list: &[Option<u32>]| list.iter().flatten().min().copied();
        Limits {
            text_days: least(&[text, features, aggregates]),
            features_days: least(&[features, aggregates]),
            aggregates_days: aggregates,
        }
    }

    fn of(&self, profile: &Profile) -> Days {
        self.platforms.get(profile.platform).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: u32) -> Days {
        Days {
            text_days: Some(text),
            ..Days::default()
        }
    }

    fn with(all: Days, platform: &str, set: Days) -> Retention {
        Retention {
            all,
            platforms: [(platform.to_owned(), set)].into(),
        }
    }

    fn text(own: &Retention, platform: &str, project: &Retention) -> Option<u32> {
        own.limits(profile::of(platform), false, project).text_days
    }

    #[test]
    fn the_strictest_limit_holds() {
        let none = Retention::default();
        assert_eq!(text(&none, "bluesky", &none), None);
        assert_eq!(text(&none, "youtube", &none), Some(30));
        assert_eq!(text(&none, "telegram", &none), Some(90));
        // A default can be lengthened for its platform, but not by what is meant for all.
        assert_eq!(
            text(&with(Days::default(), "telegram", days(400)), "telegram", &none),
            Some(400)
        );
        assert_eq!(text(&with(days(400), "x", days(5)), "telegram", &none), Some(90));
        assert_eq!(text(&with(days(14), "x", days(5)), "youtube", &none), Some(14));
        // A maximum holds whatever is set.
        assert_eq!(
            text(&with(Days::default(), "youtube", days(60)), "youtube", &none),
            Some(30)
        );
        // A project shortens.
        assert_eq!(
            text(&none, "youtube", &with(days(20), "youtube", days(7))),
            Some(7)
        );
        assert_eq!(
            text(&none, "linkedin", &with(days(20), "linkedin", days(7))),
            Some(2)
        );
    }

    #[test]
    fn what_goes_later_never_keeps_what_goes_earlier() {
        let gone = Days {
            aggregates_days: Some(3),
            ..Days::default()
        };
        let limits = with(gone, "x", days(9)).limits(profile::of("x"), false, &Retention::default());
        assert_eq!(
            limits,
            Days {
                text_days: Some(3),
                features_days: Some(3),
                aggregates_days: Some(3)
            }
        );
    }

    #[test]
    fn acceptance_lifts_the_limit_of_features_alone() {
        let limits =
            |accepted| Retention::default().limits(profile::of("youtube"), accepted, &Retention::default());
        assert_eq!(
            (limits(false).text_days, limits(false).features_days),
            (Some(30), Some(30))
        );
        assert_eq!(
            (limits(true).text_days, limits(true).features_days),
            (Some(30), None)
        );
    }

    #[test]
    fn more_than_a_platform_allows_is_a_fault_with_key_and_value() {
        let faults = with(Days::default(), "youtube", days(60)).faults();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].0, "youtube.text_days");
        assert!(
            faults[0]
                .1
                .starts_with("`60` is more than the 30 days that YouTube allows (YouTube API Services"),
            "{faults:?}"
        );
        assert_eq!(with(days(400), "telegram", days(400)).faults(), []);
        assert_eq!(with(days(1), "myspace", days(1)).faults().len(), 1);
        assert_eq!(
            with(days(1), "twitter", days(1)).faults().len(),
            1,
            "the profile's own name is asked for"
        );
    }
}
