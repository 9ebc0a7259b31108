//! What the system says of a process and of the machine. Read from `/proc`: Linux only, elsewhere an error.

use anyhow::{Context as _, Result};
use std::{fs, path::Path, time::Duration};

/// Ticks of `/proc/PID/stat` per second: fixed for user space on every architecture that Rust's Linux targets support.
const TICKS_PER_S: u64 = 100;

/// What a process and all its descendants hold and have used.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Vitals {
    /// Resident memory, KiB. Pages that processes share count for each.
    pub(crate) resident_kib: u64,
    /// Time on a processor, in the program and in the kernel for it, to 10 ms.
    pub(crate) cpu: Duration,
}

/// Of `pid` and its descendants, now.
pub(crate) fn of(pid: u32) -> Result<Vitals> {
    let mut sum = Vitals::default();
    let mut left = vec![pid];
    while let Some(pid) = left.pop() {
        let folder = format!("/proc/{pid}");
        let status = read(format!("{folder}/status"))?;
        sum.resident_kib += resident(&status).with_context(|| format!("{folder}/status has no VmRSS"))?;
        let stat = read(format!("{folder}/stat"))?;
        let ticks = ticks(&stat).with_context(|| format!("{folder}/stat has no times"))?;
        sum.cpu += Duration::from_millis(ticks * 1000 / TICKS_PER_S);
        for task in fs::read_dir(format!("{folder}/task"))? {
            // A thread that ends meanwhile has no children any more.
            let children = fs::read_to_string(task?.path().join("children")).unwrap_or_default();
            left.extend(children.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
        }
    }
    Ok(sum)
}

/// Time on a processor of all children of this process that have ended and were waited for, and of theirs.
pub(crate) fn of_children() -> Result<Duration> {
    let stat = read("/proc/self/stat")?;
    let (_, after) = stat.rsplit_once(')').context("/proc/self/stat has no name")?;
    // Fields 16 and 17: cutime, cstime.
    let mut fields = after.split_whitespace().skip(13).map(str::parse::<u64>);
    match (fields.next(), fields.next()) {
        (Some(Ok(user)), Some(Ok(system))) => Ok(Duration::from_millis((user + system) * 1000 / TICKS_PER_S)),
        _ => anyhow::bail!("/proc/self/stat has no times"),
    }
}

/// The load averages of the machine over 1, 5 and 15 minutes, as the system writes them.
pub(crate) fn load() -> Result<String> {
    let text = read("/proc/loadavg")?;
    Ok(text.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
}

fn read(path: impl AsRef<Path>) -> Result<String> {
    let path = path.as_ref();
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// `VmRSS` of a `/proc/PID/status`.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Fields 14 and 15 of a `/proc/PID/stat`, utime and stime. The second field, a name in brackets, may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_times_are_read_past_any_name() {
        assert_eq!(resident("Name:\tVmRSS\nVmRSS:\t   1234 kB\n"), Some(1234));
        assert_eq!(resident("Name:\tx\n"), None);
        let stat = "7 (a) S 9 9) S 1 7 7 0 -1 4194560 10 0 0 0 250 50 3 4 20 0 6 0 100 1 1";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(ticks("7 (a) S 1"), None);
    }
}
