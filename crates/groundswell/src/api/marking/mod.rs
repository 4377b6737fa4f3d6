//! Marks of mentions and rules.

pub(super) mod marks;
pub(super) mod rules;
