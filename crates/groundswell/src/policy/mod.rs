//! What the platforms' policy profiles come to in this installation: limits, what may be scored, what an answer says.
//!
//! The profiles themselves are data, in [`post::profile`].

mod gate;
mod limits;
pub mod notice;
mod small_cells;

pub use gate::Gate;
pub use limits::{Days, Limits, Retention};
pub use small_cells::{Cell, Guarded, guard};

/// Distinct authors a cell must have to be shown outside the project.
pub const SMALL_CELL: u64 = 10;

/// The operator's own settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `[retention]`: how long what is kept.
    pub retention: Retention,
    /// `privacy.small_cell`: fewer distinct authors are not shown outside the project.
    pub small_cell: u64,
    /// `privacy.controller`: who is responsible, as the notice names them.
    pub controller: Option<String>,
    /// `privacy.contact`: where people turn to.
    pub contact: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            retention: Retention::default(),
            small_cell: SMALL_CELL,
            controller: None,
            contact: None,
        }
    }
}
