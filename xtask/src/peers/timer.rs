//! The client that times every server alike: `xtask/peers/litellm/client.py` as a child process.

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

/// A server to send chats to, on the loopback address.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Server {
    pub(crate) port: u16,
    /// What to show as bearer key.
    pub(crate) key: Option<String>,
    /// The file of the certificate to trust; with it the server is spoken to over TLS.
    pub(crate) ca: Option<String>,
}

/// The client, waiting for a command. Dropping it kills it.
pub(crate) struct Timer {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Timer {
    /// Starts it. What goes wrong in it stands in the file `log`.
    pub(crate) fn start(python: &Path, script: &Path, log: &Path) -> Result<Self> {
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(log).with_context(|| log.display().to_string())?)
            .spawn()
            .context("cannot start the client")?;
        let commands = child.stdin.take().context("the client has no standard input")?;
        let answers = child.stdout.take().context("the client has no standard output")?;
        Ok(Self {
            child,
            commands,
            answers: BufReader::new(answers),
        })
    }

    /// The installed versions of packages.
    pub(crate) fn versions(&mut self, packages: &[&str]) -> Result<BTreeMap<String, String>> {
        self.ask(&json!({"do": "versions", "of": packages}))
    }

    /// Waits until a server answers; that it does not within the time is an error.
    pub(crate) fn ready(&mut self, server: &Server, within: Duration) -> Result<()> {
        let answer: Value = self.ask(&json!({"do": "ready", "server": server, "within_s": within.as_secs()}))?;
        if answer.get("ready").and_then(Value::as_bool) != Some(true) {
            bail!("no answer within {} s", within.as_secs());
        }
        Ok(())
    }

    /// The milliseconds of `count` chats to each server, after `warm` that do not count. The servers take turns.
    pub(crate) fn chats(
        &mut self,
        servers: &[&Server],
        warm: usize,
        count: usize,
        body: &Value,
    ) -> Result<Vec<Vec<f64>>> {
        #[derive(Deserialize)]
        struct Answer {
            times_ms: Vec<Vec<f64>>,
        }
        let command =
            json!({"do": "chats", "servers": servers, "warm": warm, "count": count, "body": body.to_string()});
        let answer: Answer = self.ask(&command)?;
        Ok(answer.times_ms)
    }

    fn ask<T: for<'a> Deserialize<'a>>(&mut self, command: &Value) -> Result<T> {
        writeln!(self.commands, "{command}")?;
        self.commands.flush()?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("the client ended; its log says why");
        }
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // It may have ended; then there is nothing to kill, and waiting tells at once.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
