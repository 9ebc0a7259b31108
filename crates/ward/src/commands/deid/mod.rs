//! `ward deid`: de-identify files and folders.
//!
//! `inputs` finds the files, `source` reads one, `shape` says what it is, `work` takes it through the way of its
//! shape (`text`, `record`, `lines`, `table`, `markup`, `images`) and `output` puts the result in its place, whole or not
//! at all. `run` does that for all of them and adds up what there is to say.

mod context;
mod corrections;
mod decode;
pub(in crate::commands) mod fault;
mod images;
pub(in crate::commands) mod inputs;
mod lines;
mod markup;
mod notes;
pub(in crate::commands) mod output;
mod patients;
mod pieces;
pub(in crate::commands) mod pipeline;
pub(in crate::commands) mod progress;
mod record;
mod rename;
mod review;
mod run;
mod settings;
pub(super) mod shape;
pub(in crate::commands) mod source;
pub(super) mod subjects;
mod summary;
mod table;
mod text;
pub(in crate::commands) mod work;

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, bail};

use self::fault::Stop;
use crate::{cli::deid::Deid, exit::Exit, terminal};

/// Set when somebody asks to stop.
pub(in crate::commands) static STOP: AtomicBool = AtomicBool::new(false);

/// De-identifies what was named.
///
/// # Errors
/// When what was typed does not fit together, a file that was named is not there, or the output cannot be written.
pub fn run(args: Deid) -> Result<Exit> {
    let prepared = settings::prepare(&args, &STOP)?;
    // Between two pipes nothing is half-written: whoever ends the run need not wait for what comes next.
    let piped = |input: &inputs::Input| input.path.is_none() && input.out.is_none();
    listen_for_interrupts(!prepared.inputs.files.iter().all(piped));
    let begun = std::time::Instant::now();
    let outcome = prepared.run.all(&prepared.inputs);
    let outcome = outcome.and_then(|()| prepared.run.context.subjects.keep_all());
    match outcome {
        Ok(()) => {}
        Err(Stop::Closed) => return Ok(Exit::Clean),
        Err(Stop::Interrupted) => {
            let done = prepared.run.outcome().done;
            let again = if prepared.run.journal.is_some() {
                "; the same command with --resume goes on from here"
            } else {
                ""
            };
            bail!("interrupted after {done} files; what was not finished was not written{again}");
        }
        Err(Stop::Failed(error)) => return Err(error),
        Err(Stop::Unexamined(why)) => bail!("{why}"),
    }
    summary::show(&prepared, &args, begun)
}

/// Requests to stop: Ctrl-C, and the one that `kill`, schedulers and containers send.
struct Asked {
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
}

impl Asked {
    #[cfg(unix)]
    fn listen(terminate: bool) -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let terminate = terminate.then(|| signal(SignalKind::terminate())).transpose()?;
        Ok(Self { terminate })
    }

    #[cfg(not(unix))]
    fn listen(_: bool) -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next request.
    #[cfg(unix)]
    async fn once(&mut self) -> std::io::Result<()> {
        let Some(terminate) = &mut self.terminate else {
            return tokio::signal::ctrl_c().await;
        };
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }

    /// Waits for the next request.
    #[cfg(not(unix))]
    async fn once(&mut self) -> std::io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}

/// The first interrupt lets what is under way come to an orderly end, the second ends at once. Without `terminate` that is so
/// for Ctrl-C alone, and the other request ends the program as the system does.
pub(in crate::commands) fn listen_for_interrupts(terminate: bool) {
    let listen = move || -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            crate::process::tolerate_file_limits();
            let mut asked = Asked::listen(terminate)?;
            asked.once().await?;
            STOP.store(true, Ordering::Relaxed);
            terminal::note("stopping; once more to stop at once");
            asked.once().await?;
            std::process::exit(130);
        })
    };
    // Without it an interrupt ends the program as the system does; unfinished files keep the name of a part.
    std::thread::spawn(move || {
        let _ = listen();
    });
}
