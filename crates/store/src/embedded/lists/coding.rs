//! Lists as bytes: for each day the day, its documents, the length of its pairs, and then each value as what it is more
//! than the one before, with its count. All numbers are LEB128.

use std::ops::Range;

/// The values of one day, ascending, with their counts, and the documents that were read for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Day {
    /// Days since 1970.
    pub(super) day: i32,
    pub(super) docs: u32,
    pub(super) pairs: Vec<(u64, u32)>,
}

/// Adds a day behind those before.
pub(super) fn put(day: &Day, out: &mut Vec<u8>) {
    let mut pairs = Vec::with_capacity(day.pairs.len() * 3);
    let mut before = 0;
    for (value, count) in &day.pairs {
        number(value.wrapping_sub(before), &mut pairs);
        number(u64::from(*count), &mut pairs);
        before = *value;
    }
    // Days before 1970 exist, too.
    number(((day.day << 1) ^ (day.day >> 31)) as u32 as u64, out);
    number(u64::from(day.docs), out);
    number(pairs.len() as u64, out);
    out.extend(pairs);
}

/// Calls `each` with every value of the days within, and gives their documents; `None` where the bytes are none of ours.
pub(super) fn read(mut bytes: &[u8], days: Range<i64>, mut each: impl FnMut(u64, u32)) -> Option<u64> {
    let mut docs = 0;
    while !bytes.is_empty() {
        let day = u32::try_from(take(&mut bytes)?).ok()?;
        let day = (day >> 1) as i32 ^ -((day & 1) as i32);
        let own = take(&mut bytes)?;
        let len = usize::try_from(take(&mut bytes)?).ok()?;
        let (mut pairs, rest) = bytes.split_at_checked(len)?;
        bytes = rest;
        if !days.contains(&i64::from(day)) {
            continue;
        }
        docs += own;
        let mut value = 0u64;
        while !pairs.is_empty() {
            value = value.wrapping_add(take(&mut pairs)?);
            each(value, u32::try_from(take(&mut pairs)?).ok()?);
        }
    }
    Some(docs)
}

fn number(mut n: u64, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

#[inline]
fn take(bytes: &mut &[u8]) -> Option<u64> {
    let (&first, rest) = bytes.split_first()?;
    *bytes = rest;
    if first < 0x80 {
        return Some(u64::from(first));
    }
    let mut n = u64::from(first & 0x7f);
    for shift in (7..64).step_by(7) {
        let (&next, rest) = bytes.split_first()?;
        *bytes = rest;
        n |= u64::from(next & 0x7f) << shift;
        if next < 0x80 {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn what_is_put_is_read(
            days in proptest::collection::vec(
                (any::<i32>(), any::<u32>(), proptest::collection::btree_map(any::<u64>(), 1u32.., 0..20)),
                0..8,
            ),
            from in any::<i32>(),
            to in any::<i32>(),
        ) {
            let mut bytes = Vec::new();
            let (mut expected, mut documents) = (BTreeMap::<u64, u64>::new(), 0u64);
            for (day, docs, pairs) in days {
                put(&Day { day, docs, pairs: pairs.clone().into_iter().collect() }, &mut bytes);
                if (from..to).contains(&day) {
                    documents += u64::from(docs);
                    for (value, n) in pairs {
                        *expected.entry(value).or_default() += u64::from(n);
                    }
                }
            }
            let mut found = BTreeMap::<u64, u64>::new();
            let docs = read(&bytes, i64::from(from)..i64::from(to), |value, n| {
                *found.entry(value).or_default() += u64::from(n);
            });
            prop_assert_eq!(docs, Some(documents));
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn foreign_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = read(&bytes, i64::MIN..i64::MAX, |_, _| {});
        }
    }
}
