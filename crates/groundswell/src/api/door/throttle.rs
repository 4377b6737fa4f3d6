//! How often somebody may try to sign in.

use super::buckets::Buckets;
use crate::api::Failure;
use std::net::IpAddr;

/// Tries at signing in: by address and user together, so that nobody can lock somebody else out; by address; and by user,
/// for the case that many addresses try.
#[derive(Debug)]
pub(in crate::api) struct Throttle {
    both: Buckets,
    address: Buckets,
    user: Buckets,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            both: Buckets::new(5, 2),
            address: Buckets::new(20, 10),
            user: Buckets::new(100, 10),
        }
    }
}

impl Throttle {
    /// Counts a try; refuses one too many.
    pub(in crate::api) fn attempt(&self, address: Option<IpAddr>, user: &str) -> Result<(), Failure> {
        let now = crate::clock::now();
        let [both, address, user] = names(address, user);
        let tries = [
            self.both.take(&both, now),
            self.address.take(&address, now),
            self.user.take(&user, now),
        ];
        match tries.into_iter().filter_map(Result::err).max() {
            None => Ok(()),
            Some(seconds) => Err(Failure::TooMany {
                message: "too many tries to sign in",
                seconds,
            }),
        }
    }

    /// Takes a try back: it was the right password.
    pub(in crate::api) fn succeeded(&self, address: Option<IpAddr>, user: &str) {
        let [both, address, user] = names(address, user);
        self.both.give_back(&both);
        self.address.give_back(&address);
        self.user.give_back(&user);
    }

    /// Refuses a password from an address that gave too many wrong ones. Right ones cost nothing: programs send theirs
    /// with each request.
    pub(in crate::api) fn look(&self, address: Option<IpAddr>) -> Result<(), Failure> {
        let [_, address, _] = names(address, "");
        let looked = self.address.look(&address, crate::clock::now());
        looked.map_err(|seconds| Failure::TooMany {
            message: "too many wrong passwords",
            seconds,
        })
    }

    /// Counts a wrong password.
    pub(in crate::api) fn wrong(&self, address: Option<IpAddr>) {
        let [_, address, _] = names(address, "");
        // One too many is refused the next time.
        let _ = self.address.take(&address, crate::clock::now());
    }
}

fn names(address: Option<IpAddr>, user: &str) -> [String; 3] {
    let user: String = user.trim().to_lowercase().chars().take(254).collect();
    let address = address.map(|a| a.to_string()).unwrap_or_default();
    [format!("{address} {user}"), address, user]
}
