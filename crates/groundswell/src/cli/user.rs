//! `groundswell user`

use super::folder::FolderArgs;
use crate::config::Config;
use crate::control::{AccessRole, Action, AuditEvent, Control, Grants, LinkKind, User, UserChange};
use anyhow::Context;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Arguments of `groundswell user`.
#[derive(Args)]
pub(crate) struct UserArgs {
    #[command(flatten)]
    folder: FolderArgs,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Add somebody, and print the invitation
    Add {
        /// The e-mail address
        email: String,
        /// The name others see (default: the address)
        #[arg(long, default_value = "")]
        name: String,
        #[command(flatten)]
        roles: Roles,
    },
    /// List everybody
    List,
    /// Print a new invitation; earlier links of the user are void
    Invite {
        /// The e-mail address
        email: String,
    },
    /// Print a link to choose a new password; it holds for an hour
    Reset {
        /// The e-mail address
        email: String,
    },
    /// Put these roles in place of those somebody has
    Role {
        /// The e-mail address
        email: String,
        #[command(flatten)]
        roles: Roles,
    },
    /// Sign somebody out everywhere, and let in no more
    Disable {
        /// The e-mail address
        email: String,
    },
    /// Let somebody in again
    Enable {
        /// The e-mail address
        email: String,
    },
    /// Remove somebody
    Remove {
        /// The e-mail address
        email: String,
    },
}

#[derive(Args)]
struct Roles {
    /// In every project, and over the installation: aggregate, viewer, analyst, responder, privacy, admin
    #[arg(long, value_parser = role)]
    role: Option<AccessRole>,
    /// In one project, such as default=analyst; may be given again
    #[arg(long, value_name = "PROJECT=ROLE", value_parser = in_project)]
    project: Vec<(String, AccessRole)>,
}

impl Roles {
    fn grants(&self) -> Grants {
        Grants {
            everywhere: self.role,
            projects: self.project.iter().cloned().collect(),
        }
    }
}

fn role(name: &str) -> Result<AccessRole, String> {
    AccessRole::from_name(name).ok_or_else(|| {
        let known = AccessRole::ALL.map(AccessRole::name).join(", ");
        format!("no such role; known: {known}")
    })
}

fn in_project(text: &str) -> Result<(String, AccessRole), String> {
    let (project, name) = text
        .split_once('=')
        .ok_or("a project and a role, such as default=analyst")?;
    Ok((project.to_owned(), role(name)?))
}

pub(crate) fn run(args: UserArgs) -> anyhow::Result<ExitCode> {
    let config = args.folder.config()?;
    let control = Control::open(config.place())?;
    let by = AuditEvent::new("command line", AccessRole::Admin, Action::UserChanged);
    let find = |email: &str| control.user(email).with_context(|| email.to_owned());
    let change = |email: &str, change: &UserChange| -> anyhow::Result<()> {
        println!("{}", line(&control.change_user(&find(email)?.id, change, &by)?));
        Ok(())
    };
    let able = |disabled| UserChange {
        disabled: Some(disabled),
        ..UserChange::default()
    };
    match &args.what {
        What::Add { email, name, roles } => {
            let user = control.create_user(email, name, &roles.grants(), &by)?;
            println!("{}", line(&user));
            link(&control, &config, &user, LinkKind::Invitation, &by)?;
        }
        What::List => control.users()?.iter().for_each(|u| println!("{}", line(u))),
        What::Invite { email } => link(&control, &config, &find(email)?, LinkKind::Invitation, &by)?,
        What::Reset { email } => link(&control, &config, &find(email)?, LinkKind::Reset, &by)?,
        What::Role { email, roles } => change(
            email,
            &UserChange {
                grants: Some(roles.grants()),
                ..UserChange::default()
            },
        )?,
        What::Disable { email } => change(email, &able(true))?,
        What::Enable { email } => change(email, &able(false))?,
        What::Remove { email } => {
            control.delete_user(&find(email)?.id, &by)?;
            println!("{email} was removed");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes a link and prints it.
fn link(
    control: &Control,
    config: &Config,
    user: &User,
    kind: LinkKind,
    by: &AuditEvent,
) -> anyhow::Result<()> {
    let (link, token) = control.create_link(&user.id, kind, by)?;
    let scheme = if config.server.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let own = || format!("{scheme}://{}", config.server.listen);
    let base = config.server.public_url.clone().unwrap_or_else(own);
    println!("{base}/sign-in#{token}");
    println!("It works once, until {}.", post::to_rfc3339(link.expires_at));
    Ok(())
}

fn line(user: &User) -> String {
    let everywhere = user.role.map(|r| format!("{} everywhere", r.name()));
    let single = user.projects.iter().map(|(p, r)| format!("{} in {p}", r.name()));
    let roles: Vec<String> = everywhere.into_iter().chain(single).collect();
    let roles = if roles.is_empty() {
        "no role".to_owned()
    } else {
        roles.join(", ")
    };
    let state = match (user.disabled, user.has_password || user.single_sign_on) {
        (true, _) => ", disabled",
        (false, false) => ", invited",
        (false, true) => "",
    };
    format!("{} <{}> {}: {roles}{state}", user.name, user.email, user.id)
}
