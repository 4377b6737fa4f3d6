//! Feeds against made-up servers.
