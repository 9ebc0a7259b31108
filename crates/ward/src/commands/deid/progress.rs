//! Progress for a person who watches: bytes, rate, time left. Nothing when standard error is no terminal.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal;

/// A bar that follows the bytes that are read.
pub(in crate::commands) struct Progress {
    files: Arc<AtomicU64>,
    stop: Mutex<Option<(mpsc::Sender<()>, thread::JoinHandle<()>)>>,
}

impl Progress {
    /// Starts, if somebody watches and there is something to wait for.
    pub(in crate::commands) fn start(bytes: u64, files: u64, read: &Arc<AtomicU64>) -> Progress {
        let done = Arc::new(AtomicU64::new(0));
        let mut stop = None;
        if terminal::is_watched() && bytes > 1 << 20 {
            let (tell, told) = mpsc::channel();
            let (read, done) = (Arc::clone(read), Arc::clone(&done));
            let thread = thread::spawn(move || follow(bytes, files, &read, &done, &told));
            stop = Some((tell, thread));
        }
        Progress {
            files: done,
            stop: Mutex::new(stop),
        }
    }

    /// One more file is done.
    pub(in crate::commands) fn file(&self) {
        self.files.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes the bar away.
    pub(in crate::commands) fn end(&self) {
        let stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((tell, thread)) = stop {
            drop(tell);
            let _ = thread.join();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

fn follow(bytes: u64, files: u64, read: &AtomicU64, done: &AtomicU64, told: &mpsc::Receiver<()>) {
    let bar = ProgressBar::new(bytes);
    if let Ok(style) =
        ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}  {bytes_per_sec}  {msg}  {eta} left")
    {
        bar.set_style(style);
    }
    while told.recv_timeout(Duration::from_millis(200)) == Err(mpsc::RecvTimeoutError::Timeout) {
        bar.set_position(read.load(Ordering::Relaxed).min(bytes));
        bar.set_message(format!("{}/{files} files", done.load(Ordering::Relaxed)));
    }
    bar.finish_and_clear();
}
