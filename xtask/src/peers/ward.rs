//! The built program as a service, and `curl` as its client: TLS without a TLS stack here.

use crate::peers::process::Running;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

/// How long the service may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long `curl` may wait for a reply, in seconds.
const REPLY_S: u64 = 120;

/// A running `ward serve`.
pub(crate) struct Ward {
    running: Running,
    program: PathBuf,
    data: PathBuf,
    /// What to send requests from: bodies are files here.
    folder: PathBuf,
    url: String,
    key: String,
    sent: usize,
}

/// A reply.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
    /// Whether the reply came to its proper end.
    pub(crate) complete: bool,
}

impl Reply {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A request under way. Dropping it goes away without waiting.
pub(crate) struct Pending(Option<Child>);

impl Ward {
    /// Starts it on a free port, with a data folder of its own below `folder`.
    pub(crate) fn start(program: &Path, folder: &Path, upstream: &str) -> Result<Self> {
        let data = folder.join("data");
        let mut command = command(program);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--upstream", upstream, "--data"])
            .arg(&data);
        let mut running = Running::start(command, &folder.join("ward.log"))?;
        let word = |text: &str, start: &str| {
            let mut words = text.split_whitespace();
            words.find(|word| word.starts_with(start)).map(str::to_owned)
        };
        let (url, key) = running
            .until(PATIENCE, |said| {
                let ready = said.contains("Stop with");
                ready.then(|| Some((word(said, "https://127.0.0.1:")?, word(said, "wk_")?)))?
            })
            .context("ward serve did not start")?;
        Ok(Self {
            running,
            program: program.to_path_buf(),
            data,
            folder: folder.to_path_buf(),
            url,
            key,
            sent: 0,
        })
    }

    /// `GET` of a path.
    pub(crate) fn get(&self, path: &str) -> Result<Reply> {
        self.send(path, None)?.reply()
    }

    /// A chat, to its end.
    pub(crate) fn chat(&mut self, body: &Value) -> Result<Reply> {
        self.begin(body)?.reply()
    }

    /// A chat under way.
    pub(crate) fn begin(&mut self, body: &Value) -> Result<Pending> {
        self.sent += 1;
        let file = self.folder.join(format!("request-{}.json", self.sent));
        std::fs::write(&file, body.to_string()).with_context(|| file.display().to_string())?;
        self.send("/v1/chat/completions", Some(&file))
    }

    /// The key goes in by standard input: arguments can be seen by others.
    fn send(&self, path: &str, body: Option<&Path>) -> Result<Pending> {
        let mut command = Command::new("curl");
        command
            .args(["--disable", "--silent", "--include", "--no-buffer", "--http1.1"])
            .args([
                "--noproxy",
                "*",
                "--max-time",
                &REPLY_S.to_string(),
                "--config",
                "-",
                "--cacert",
            ])
            .arg(self.data.join("tls/cert.pem"))
            .arg(format!("{}{path}", self.url));
        if let Some(file) = body {
            command
                .args([
                    "--header",
                    "Content-Type: application/json",
                    "--header",
                    "Expect:",
                    "--data-binary",
                ])
                .arg(format!("@{}", file.display()));
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start curl")?;
        let header = format!("header = \"Authorization: Bearer {}\"\n", self.key);
        let input = child.stdin.take();
        let pending = Pending(Some(child));
        input
            .context("curl has no standard input")?
            .write_all(header.as_bytes())?;
        Ok(pending)
    }

    /// Runs another command of the program over the same data folder.
    pub(crate) fn run(&self, args: &[&str]) -> Result<Output> {
        let mut command = command(&self.program);
        Ok(command.args(args).arg("--data").arg(&self.data).output()?)
    }

    /// What it wrote to both channels so far.
    pub(crate) fn said(&self) -> Result<String> {
        self.running.said()
    }

    /// Stops the service and verifies its ledger: (stopped cleanly, verified, what verifying said).
    pub(crate) fn stop_and_verify(self) -> Result<(bool, bool, String)> {
        let clean = self.running.stop(PATIENCE)?;
        let mut command = command(&self.program);
        let output = command
            .args(["ledger", "verify", "--data"])
            .arg(&self.data)
            .output()
            .context("cannot verify the ledger")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok((clean, output.status.success(), said))
    }
}

/// The program without what the surroundings could change.
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove("WARD_DATA").env_remove("WARD_UPSTREAM_KEY");
    command
}

impl Pending {
    /// Waits for the reply; `curl` bounds the time.
    pub(crate) fn reply(mut self) -> Result<Reply> {
        let child = self.0.take().context("the request was answered already")?;
        let output = child.wait_with_output()?;
        let at = output.stdout.windows(4).position(|four| four == b"\r\n\r\n");
        let Some((head, body)) = at.and_then(|at| output.stdout.split_at_checked(at)) else {
            bail!("curl got no reply ({})", output.status);
        };
        let head = String::from_utf8_lossy(head).into_owned();
        let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
        Ok(Reply {
            status: status.context("the reply has no status")?,
            head,
            body: body.get(4..).unwrap_or_default().to_vec(),
            complete: output.status.success(),
        })
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
