//! Counting several segments at once, where processors are free.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;

/// Threads that may help, in the whole process: one less than there are processors.
static FREE: LazyLock<AtomicUsize> = LazyLock::new(|| {
    let all = thread::available_parallelism().map_or(1, usize::from);
    AtomicUsize::new(all - 1)
});

/// Leave to run one thread more.
struct Helper;

impl Helper {
    fn take() -> Option<Self> {
        let less = |free: usize| free.checked_sub(1);
        let taken = FREE.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        taken.is_ok().then_some(Self)
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        FREE.fetch_add(1, Ordering::Relaxed);
    }
}

/// What `work` makes of each item, in their order: on this thread, and on others for as long as some are free.
pub(super) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let helpers: Vec<Helper> = (1..items.len()).map_while(|_| Helper::take()).collect();
    if helpers.is_empty() {
        return items.iter().map(work).collect();
    }
    let (next, made) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(items.len())));
    let run = || {
        while let Some((place, item)) = {
            let place = next.fetch_add(1, Ordering::Relaxed);
            items.get(place).map(|item| (place, item))
        } {
            let result = work(item);
            super::kept::locked(&made).push((place, result));
        }
    };
    thread::scope(|scope| {
        for helper in helpers {
            let run = &run;
            scope.spawn(move || {
                run();
                drop(helper);
            });
        }
        run();
    });
    let mut made = made
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    made.sort_unstable_by_key(|(place, _)| *place);
    made.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_stand_in_the_order_of_their_items() {
        let items: Vec<u64> = (0..500).collect();
        let squares = super::map(&items, |n| n * n);
        assert_eq!(squares, items.iter().map(|n| n * n).collect::<Vec<_>>());
        assert!(super::map(&[] as &[u64], |n| *n).is_empty());
    }
}
