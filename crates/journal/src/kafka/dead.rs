//! Dead letters: what could not be taken up, with the reason and its place.

use crate::kafka::error::Result;
use crate::kafka::send::{Outgoing, Sender};
use rdkafka::message::{Header, OwnedHeaders};

/// The library puts the time of sending in its place.
const NOW: i64 = 0;

/// Where a record stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The partition of the posts' topic.
    pub partition: i32,
    /// The offset.
    pub offset: i64,
}

/// A record that is put aside.
pub(crate) struct Letter<'a> {
    pub(crate) place: Place,
    pub(crate) key: &'a [u8],
    pub(crate) value: &'a [u8],
    pub(crate) reason: &'a str,
}

/// Queues a letter: key and value as they were, the rest in headers `reason`, `topic`, `partition` and `offset`.
pub(crate) fn bury(letter: &Letter<'_>, from: &str, to: &str, sender: &mut Sender) -> Result<()> {
    let (partition, offset) = (
        letter.place.partition.to_string(),
        letter.place.offset.to_string(),
    );
    let fields = [
        ("reason", letter.reason),
        ("topic", from),
        ("partition", &partition),
        ("offset", &offset),
    ];
    let headers = fields
        .into_iter()
        .fold(OwnedHeaders::new(), |headers, (key, value)| {
            headers.insert(Header {
                key,
                value: Some(value),
            })
        });
    let value = Some(letter.value.to_vec());
    sender.put(Outgoing::new(to, letter.key, value, NOW).with(headers))
}
