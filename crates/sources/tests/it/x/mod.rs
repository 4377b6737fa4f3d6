//! X against a made-up server, and its recorded forms.

mod facts;
mod map;
mod past;
mod recheck;
mod recorded;
mod stream;
mod world;
