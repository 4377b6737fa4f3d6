//! `groundswell policy`

use crate::control::{AccessRole, Action, AuditEvent, Control};
use crate::policy::{Gate, Retention};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use post::profile::{self, Task};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `groundswell policy`.
#[derive(Args)]
pub(crate) struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// Show what each platform's policy profile comes to here
    List(Place),
    /// Record that a platform's amendment was accepted
    Accept {
        /// The platform, such as youtube
        platform: String,
        /// Who accepted it for the operator
        #[arg(long)]
        who: String,
        /// Which text: its date
        #[arg(long)]
        version: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Args)]
struct Place {
    /// The configuration (default: groundswell.toml where there is one)
    #[arg(short, long)]
    config: Option<PathBuf>,
}

pub(crate) fn run(args: PolicyArgs) -> anyhow::Result<ExitCode> {
    match args.command {
        PolicyCommand::List(place) => list(place),
        PolicyCommand::Accept {
            platform,
            who,
            version,
            place,
        } => accept(&platform, &who, &version, place),
    }
}

impl Place {
    fn load(self) -> Option<crate::config::Config> {
        let default = PathBuf::from("groundswell.toml");
        let path = self.config.or_else(|| default.exists().then_some(default));
        super::check::load(path.as_deref())
    }
}

fn list(place: Place) -> anyhow::Result<ExitCode> {
    let Some(config) = place.load() else {
        return Ok(ExitCode::from(super::USAGE));
    };
    let gate = Gate::default();
    if config.place().exists() {
        gate.refresh(&Control::open_to_read(config.place())?)?;
    }
    println!(
        "{:<12} {:>6} {:>9} {:>8}  {:<14} {:<10} export",
        "platform", "text", "features", "profile", "per person", "sentiment"
    );
    let days = |d: Option<u32>| d.map_or_else(|| "-".to_owned(), |d| format!("{d} d"));
    for p in profile::ALL {
        let limits =
            crate::retention::limits_of(&gate, &config.policy.retention, &Retention::default(), p.platform);
        let sentiment = if gate.allows(Task::Sentiment, p.platform) {
            "on"
        } else {
            "off"
        };
        println!(
            "{:<12} {:>6} {:>9} {:>8}  {:<14} {:<10} {}",
            p.platform,
            days(limits.text_days),
            days(limits.features_days),
            days(p.profile.value.default_days()),
            p.per_person.value.name(),
            sentiment,
            p.export.value.words()
        );
    }
    println!("- is until it is deleted there. docs/reference/policies.md has the source of each rule.");
    Ok(ExitCode::SUCCESS)
}

fn accept(platform: &str, who: &str, version: &str, place: Place) -> anyhow::Result<ExitCode> {
    let found = profile::of(platform);
    let amendment = found.amendment.filter(|_| found.platform == platform);
    let Some(amendment) = amendment else {
        bail!("there is nothing of `{platform}` to accept");
    };
    let amendment = amendment.value;
    if version != amendment.version {
        bail!(
            "`{version}` is not the text this program knows: read the one of {} and accept that",
            amendment.version
        );
    }
    let Some(config) = place.load() else {
        return Ok(ExitCode::from(super::USAGE));
    };
    let control = Control::open(config.place())
        .with_context(|| format!("cannot open the data folder {}", config.data.display()))?;
    let event = AuditEvent::new("command line", AccessRole::Admin, Action::PolicyAccepted);
    control.accept_policy(platform, version, who, &event)?;
    println!(
        "Recorded: the {} of {version}. It opens {}; a running server knows within ten minutes.",
        amendment.name, amendment.opens
    );
    Ok(ExitCode::SUCCESS)
}
