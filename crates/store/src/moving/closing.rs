//! Stores that no server may open: one that is being filled, one that was left.

use crate::{Error, Location, elastic, embedded};

/// Why nobody may open the store at a location, if so.
pub fn closed(location: &Location) -> Result<Option<String>, Error> {
    match location {
        Location::Folder(dir, _) => embedded::closed(dir),
        Location::Cluster(settings) => elastic::closed(settings),
    }
}

/// Closes a store that nobody has open, saying why: whoever opens it from now on is told so.
pub fn close(location: &Location, why: &str) -> Result<(), Error> {
    match location {
        Location::Folder(dir, _) => embedded::close(dir, Some(why)),
        Location::Cluster(settings) => elastic::close(settings, why),
    }
}
