//! What the process forbids itself.

/// No core dumps, no reading of this process's memory by others of the same user, and panics that
/// say where but never with what.
pub fn harden() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        // Where the system refuses, core dumps were not allowed in the first place.
        let _ = setrlimit(Resource::Core, none);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        crate::terminal::note(&format!("internal error{place}; please report it"));
    }));
}

/// A file that may grow no further (`ulimit -f`) shall be an error to handle, not the end of the process. Must be called
/// inside a runtime.
pub fn tolerate_file_limits() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        /// SIGXFSZ on Linux and macOS.
        const FILE_SIZE_LIMIT: i32 = 25;
        // The handler stays after the stream of signals is dropped. Without one, the limit kills, as the system means it.
        let _ = signal(SignalKind::from_raw(FILE_SIZE_LIMIT));
    }
}
