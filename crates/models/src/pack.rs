//! Tables that are mostly zeros: each weight after the number of zeros before it.

/// In the place of a number of zeros: as many, and no weight.
const ZEROS: u8 = u8::MAX;

/// The table as pairs of bytes, zeros and a weight; [`ZEROS`] alone where there are more. Zeros at its end are not written.
pub(crate) fn pack(table: &[i8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut zeros = 0usize;
    for &weight in table {
        if weight == 0 {
            zeros += 1;
            continue;
        }
        while zeros >= usize::from(ZEROS) {
            out.push(ZEROS);
            zeros -= usize::from(ZEROS);
        }
        out.extend([zeros as u8, weight as u8]);
        zeros = 0;
    }
    out
}

/// The table of `length` weights; `None` where the bytes are not one of that length.
pub(crate) fn unpack(bytes: &[u8], length: usize) -> Option<Vec<i8>> {
    let mut out = vec![0i8; length];
    let (mut at, mut bytes) = (0usize, bytes.iter());
    while let Some(&zeros) = bytes.next() {
        at = at.checked_add(usize::from(zeros))?;
        if zeros < ZEROS {
            *out.get_mut(at)? = *bytes.next()? as i8;
            at += 1;
        }
    }
    (at <= length).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_packed_table_is_the_same_unpacked(gaps in prop::collection::vec((0usize..600, any::<i8>()), 0..40)) {
            let mut table = Vec::new();
            for (zeros, weight) in gaps {
                table.resize(table.len() + zeros, 0);
                table.push(weight);
            }
            prop_assert_eq!(unpack(&pack(&table), table.len()), Some(table));
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..80), length in 0usize..2000) {
            if let Some(table) = unpack(&bytes, length) {
                prop_assert_eq!(table.len(), length);
            }
        }
    }

    #[test]
    fn what_is_cut_off_or_too_long_is_refused() {
        let packed = pack(&[0, 0, 5, 0, -3]);
        assert_eq!(packed, [2, 5, 1, 253]);
        assert_eq!(unpack(&packed[..3], 5), None);
        assert_eq!(unpack(&packed, 4), None);
    }
}
