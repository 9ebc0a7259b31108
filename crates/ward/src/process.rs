//! What the process forbids itself.

use ward_serve::Memory;

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

/// Keeps what this process holds, now and later, from being swapped, as far as the system lets it: without a limit on
/// locked memory, or with the right to pass it. Under a limit nothing is locked, as what comes later would then fail.
pub fn lock_memory() -> Memory {
    #[cfg(target_os = "linux")]
    {
        use rustix::mm::{MlockAllFlags, mlockall};
        // Pages are locked when they are first used: nothing is read in for it.
        let all = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT;
        if may_lock() && mlockall(all).is_ok() {
            return Memory::Locked;
        }
    }
    unlocked()
}

/// What [`lock_memory`] would come to, without locking anything.
#[must_use]
pub fn memory() -> Memory {
    #[cfg(target_os = "linux")]
    if may_lock() {
        return Memory::Locked;
    }
    unlocked()
}

#[cfg(target_os = "linux")]
fn may_lock() -> bool {
    use rustix::{
        process::{Resource, getrlimit},
        thread::{CapabilitySet, capabilities},
    };
    let unlimited = getrlimit(Resource::Memlock).current.is_none();
    unlimited || capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::IPC_LOCK))
}

fn unlocked() -> Memory {
    // One line of heads, then one for each place to swap to. Where nothing is said, there may be one.
    let swaps = std::fs::read_to_string("/proc/swaps").map_or(2, |text| text.lines().count());
    if swaps < 2 {
        Memory::NoSwap
    } else {
        Memory::MayBeSwapped
    }
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
