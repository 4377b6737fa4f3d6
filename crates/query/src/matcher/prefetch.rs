//! Bringing memory near before it is needed.

/// Asks the processor to bring the element at `index` near; nothing happens beyond the end, or where the processor has
/// no such instruction.
#[inline(always)]
pub(crate) fn prefetch<T>(slice: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(element) = slice.get(index) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: the address is that of a reference; the instruction reads nothing that a program could see.
        #[allow(
            unsafe_code,
            reason = "a hint without effect on what the program computes; std has no safe one yet"
        )]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(element).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (slice, index);
}
