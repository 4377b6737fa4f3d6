//! What models say of posts: which models there are, and which of them reads what.

pub mod cascade;
pub mod onnx;
