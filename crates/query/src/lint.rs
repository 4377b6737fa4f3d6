//! Remarks about queries that are accepted.

use crate::ast::Node;
use crate::parser::Place;
use crate::problem::Problems;

pub(crate) fn look(_node: &Node, _place: &Place, _problems: &mut Problems<'_>) {}
