//! How many may wait at a time, counted so that no two can take the last place.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A count that threads share. The program's is an [`AtomicUsize`]; a test puts one in its place that tries every order in
/// which threads can meet.
pub(crate) trait Count {
    /// One more; how many there were before.
    fn one_more(&self) -> usize;
    /// One less.
    fn one_less(&self);
}

impl Count for AtomicUsize {
    fn one_more(&self) -> usize {
        self.fetch_add(1, Ordering::AcqRel)
    }

    fn one_less(&self) {
        self.fetch_sub(1, Ordering::AcqRel);
    }
}

/// One that waits, counted until it is dropped.
pub(crate) struct Waits<'a, C: Count>(&'a C);

impl<'a, C: Count> Waits<'a, C> {
    /// One more that waits, if no more than `most` do.
    pub(crate) fn new(count: &'a C, most: usize) -> Option<Self> {
        let waits = Self(count);
        // Counted first and dropped again when there are too many.
        let before = count.one_more();
        (before < most).then_some(waits)
    }
}

impl<C: Count> Drop for Waits<'_, C> {
    fn drop(&mut self) {
        self.0.one_less();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Count for loom::sync::atomic::AtomicUsize {
        fn one_more(&self) -> usize {
            self.fetch_add(1, Ordering::AcqRel)
        }

        fn one_less(&self) {
            self.fetch_sub(1, Ordering::AcqRel);
        }
    }

    /// In every order in which three threads can meet with two changes of thread that neither asked for: never more than
    /// `most` wait, and all places come back.
    fn in_every_order(most: usize) {
        let mut model = loom::model::Builder::new();
        model.preemption_bound = Some(2);
        model.check(move || {
            let count = loom::sync::Arc::new(loom::sync::atomic::AtomicUsize::new(0));
            let inside = loom::sync::Arc::new(loom::sync::atomic::AtomicUsize::new(0));
            let threads: Vec<_> = (0..2)
                .map(|_| {
                    let (count, inside) = (count.clone(), inside.clone());
                    loom::thread::spawn(move || enter(&count, &inside, most))
                })
                .collect();
            enter(&count, &inside, most);
            for thread in threads {
                thread.join().unwrap();
            }
            assert_eq!(count.load(Ordering::Acquire), 0);
            assert_eq!(Waits::new(&*count, most).is_some(), most > 0);
        });
    }

    fn enter(count: &loom::sync::atomic::AtomicUsize, inside: &loom::sync::atomic::AtomicUsize, most: usize) {
        if let Some(waits) = Waits::new(count, most) {
            assert!(inside.fetch_add(1, Ordering::AcqRel) < most);
            inside.fetch_sub(1, Ordering::AcqRel);
            drop(waits);
        }
    }

    #[test]
    fn no_more_wait_than_may_in_any_order() {
        // Three threads: one less than places, as many, and one more.
        for most in [0, 1, 2, 3, 4] {
            in_every_order(most);
        }
    }
}
