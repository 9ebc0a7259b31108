//! Child processes that end with their owner.

use anyhow::{Context as _, Result, bail};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How often a wait looks again.
const LOOK: Duration = Duration::from_millis(20);

/// A program under way. Dropping it kills it.
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts a program; what it says on both channels goes to the file `log`.
    pub(crate) fn start(mut command: Command, log: &Path) -> Result<Self> {
        let out = File::create(log).with_context(|| log.display().to_string())?;
        let err = out.try_clone()?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        Ok(Self {
            child,
            log: log.to_path_buf(),
        })
    }

    /// For what the system says of it.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it said so far.
    pub(crate) fn said(&self) -> Result<String> {
        let bytes = std::fs::read(&self.log).with_context(|| self.log.display().to_string())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Looks until `ready` gives a value; an end of the program, or of the time, is an error.
    pub(crate) fn until<T>(&mut self, time: Duration, mut ready: impl FnMut(&str) -> Option<T>) -> Result<T> {
        let end = Instant::now() + time;
        loop {
            if let Some(value) = ready(&self.said()?) {
                return Ok(value);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended ({status}); {} says why", self.log.display());
            }
            if Instant::now() > end {
                bail!(
                    "it was not ready within {} s; see {}",
                    time.as_secs(),
                    self.log.display()
                );
            }
            thread::sleep(LOOK);
        }
    }

    /// Waits for its end. Beyond the time it is killed, and that is an error.
    pub(crate) fn finish(mut self, time: Duration) -> Result<()> {
        let status = wait(&mut self.child, time)?;
        if !status.is_some_and(|status| status.success()) {
            let how = status.map_or_else(|| "took too long".to_owned(), |status| status.to_string());
            bail!("{how}; {} says more", self.log.display());
        }
        Ok(())
    }

    /// Kills it at once, as a crash would.
    pub(crate) fn crash(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop, as a service manager would. True when it did so cleanly and in time.
    pub(crate) fn stop(mut self, time: Duration) -> Result<bool> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()?;
        let status = wait(&mut self.child, time)?;
        Ok(asked.success() && status.is_some_and(|status| status.success()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended; then there is nothing to kill, and waiting tells at once.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The status of a child that ends in time.
fn wait(child: &mut Child, time: Duration) -> Result<Option<std::process::ExitStatus>> {
    let end = Instant::now() + time;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() > end {
            return Ok(None);
        }
        thread::sleep(LOOK);
    }
}
