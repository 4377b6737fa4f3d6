//! People: who is signed in, users and their roles, invitations, sessions, API keys and share links.

pub(super) mod keys;
pub(super) mod links;
pub(super) mod me;
pub(super) mod members;
pub(super) mod sessions;
pub(super) mod shared;
pub(super) mod shared_dashboard;
pub(super) mod shares;
pub(super) mod users;
