//! Pieces of one input through several workers and out in order, a bounded number at a time.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use super::fault::Stop;

/// Takes pieces from `next`, gives each to a worker, and `sink` their results in the order of the pieces. At most two
/// pieces a worker, and two more, are held at a time.
///
/// # Errors
/// The first of any of the three.
pub(in crate::commands) fn run<T: Send, R: Send>(
    jobs: usize,
    mut next: impl FnMut() -> Result<Option<T>, Stop>,
    work: impl Fn(T) -> Result<R, Stop> + Sync,
    mut sink: impl FnMut(R) -> Result<(), Stop>,
) -> Result<(), Stop> {
    if jobs <= 1 {
        while let Some(piece) = next()? {
            sink(work(piece)?)?;
        }
        return Ok(());
    }
    let (give, taken) = mpsc::channel::<(u64, T)>();
    let taken = Mutex::new(taken);
    let (tell, told) = mpsc::channel::<(u64, Result<R, Stop>)>();
    thread::scope(|scope| {
        for _ in 0..jobs {
            let tell = tell.clone();
            let (taken, work) = (&taken, &work);
            scope.spawn(move || {
                loop {
                    let piece = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, piece)) = piece else { break };
                    if tell.send((number, work(piece))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(tell);
        let mut outcome = Ok(());
        let (mut given, mut done, mut ended) = (0_u64, 0_u64, false);
        let mut waiting = BTreeMap::new();
        let most = jobs as u64 * 2 + 2;
        loop {
            while !ended && given - done < most {
                match next() {
                    Ok(Some(piece)) => {
                        // The workers live until `give` is dropped.
                        let _ = give.send((given, piece));
                        given += 1;
                    }
                    Ok(None) => ended = true,
                    Err(stop) => {
                        outcome = Err(stop);
                        ended = true;
                    }
                }
            }
            if done == given || outcome.is_err() {
                break;
            }
            let Ok((number, result)) = told.recv() else { break };
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&done) {
                done += 1;
                if outcome.is_ok() {
                    outcome = result.and_then(&mut sink);
                }
            }
        }
        drop(give);
        outcome
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_and_stops_at_the_first_error() {
        for jobs in [1, 4] {
            let mut numbers = 0..100_u64;
            let mut out = Vec::new();
            let work = |n: u64| {
                thread::yield_now();
                Ok(n * 2)
            };
            run(
                jobs,
                || Ok(numbers.next()),
                work,
                |n| {
                    out.push(n);
                    Ok(())
                },
            )
            .unwrap();
            assert_eq!(out, (0..100).map(|n| n * 2).collect::<Vec<_>>());
            let mut numbers = 0..100_u64;
            let mut count = 0;
            let work = |n| if n == 50 { Err(Stop::because("x")) } else { Ok(n) };
            let outcome = run(
                jobs,
                || Ok(numbers.next()),
                work,
                |_| {
                    count += 1;
                    Ok(())
                },
            );
            assert!(matches!(outcome, Err(Stop::Unexamined(_))) && count == 50);
        }
    }
}
