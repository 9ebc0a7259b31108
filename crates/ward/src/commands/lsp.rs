//! `ward lsp`: findings in an editor, as the Language Server Protocol 3.17 says, over standard input and output.
//!
//! Diagnostics when a file is opened, changed or saved; documentation of the rule under the pointer; fixes as quick fixes. It looks at
//! what the editor holds, one file at a time, and reads no file but the project's `ward.toml` and `.wardignore`.

mod text;
mod wire;

use std::{
    collections::HashMap,
    io::{self, BufReader},
    path::{Path, PathBuf},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use anyhow::Result;
use serde_json::{Value, json};
use ward_evidence::Severity;
use ward_scan::{
    Blob,
    report::{Progress, Reported},
    scan::{Scanner, Settings},
};

use super::scan;
use crate::{cli::lsp::Lsp, exit::Exit};
use text::Text;
use wire::Message;

/// How long nothing must be typed before a changed file is looked at.
const QUIET: Duration = Duration::from_millis(200);
/// Most files that are open at a time.
const MAX_OPEN: usize = 1_000;

/// Serves one editor until it says `exit` or closes the pipe.
///
/// # Errors
/// When standard output cannot be written to.
pub fn run(args: &Lsp) -> Result<Exit> {
    let (send, receive) = mpsc::channel();
    // The reader ends with the pipe, or with the process.
    thread::spawn(move || {
        let mut input = BufReader::new(io::stdin());
        while let Ok(Some(message)) = wire::read(&mut input) {
            if send.send(message).is_err() {
                return;
            }
        }
    });
    let mut server = Server {
        args,
        root: None,
        settings: None,
        open: HashMap::new(),
        stopped: false,
    };
    loop {
        let waits = server.open.values().any(|file| file.stale);
        let message = if waits {
            receive.recv_timeout(QUIET)
        } else {
            receive.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match message {
            Ok(Message::Json(message)) if message["method"] == "exit" => {
                return Ok(if server.stopped { Exit::Clean } else { Exit::Findings });
            }
            Ok(Message::Json(message)) => server.handle(&message)?,
            Ok(Message::Garbled) => refuse(&Value::Null, -32700, "no JSON")?,
            Err(RecvTimeoutError::Timeout) => server.look()?,
            Err(RecvTimeoutError::Disconnected) => return Ok(Exit::Clean),
        }
    }
}

/// A file as the editor holds it.
struct Open {
    text: Text,
    version: Value,
    stale: bool,
    findings: Vec<Reported>,
}

struct Server<'a> {
    args: &'a Lsp,
    root: Option<PathBuf>,
    settings: Option<Settings>,
    open: HashMap<String, Open>,
    stopped: bool,
}

impl Server<'_> {
    fn handle(&mut self, message: &Value) -> Result<()> {
        let params = &message["params"];
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
        let id = &message["id"];
        match message["method"].as_str().unwrap_or_default() {
            method if self.settings.is_none() && method != "initialize" && !id.is_null() => {
                refuse(id, -32002, "not initialized")
            }
            "initialize" => {
                self.root = root_of(params);
                self.settings = Some(scan::for_editor(
                    self.root.as_deref(),
                    &self.args.engines,
                    self.args.data.data.as_deref(),
                )?);
                answer(id, &capabilities())
            }
            "shutdown" => {
                self.stopped = true;
                answer(id, &Value::Null)
            }
            "textDocument/didOpen" => {
                if self.open.len() < MAX_OPEN {
                    let text = params["textDocument"]["text"].as_str().unwrap_or_default();
                    self.take(uri, text, &params["textDocument"]["version"]);
                    self.look()?;
                }
                Ok(())
            }
            "textDocument/didChange" => {
                // The whole text every time, as the capabilities ask for.
                let changes = params["contentChanges"].as_array();
                if let Some(text) = changes.and_then(|all| all.last()).and_then(|one| one["text"].as_str())
                    && self.open.contains_key(uri)
                {
                    self.take(uri, text, &params["textDocument"]["version"]);
                }
                Ok(())
            }
            "textDocument/didSave" => self.look(),
            "textDocument/didClose" => {
                self.open.remove(uri);
                notify(
                    "textDocument/publishDiagnostics",
                    json!({"uri": uri, "diagnostics": []}),
                )
            }
            "textDocument/hover" => answer(id, &self.hover(uri, &params["position"])),
            "textDocument/codeAction" => answer(id, &self.actions(uri, &params["range"])),
            _ if id.is_null() => Ok(()),
            _ => refuse(id, -32601, "no such method"),
        }
    }

    fn take(&mut self, uri: &str, text: &str, version: &Value) {
        let findings = self.open.remove(uri).map(|file| file.findings).unwrap_or_default();
        let file = Open {
            text: Text::of(text.to_owned()),
            version: version.clone(),
            stale: true,
            findings,
        };
        self.open.insert(uri.to_owned(), file);
    }

    /// Looks at what changed and tells the editor.
    fn look(&mut self) -> Result<()> {
        let Some(settings) = &self.settings else { return Ok(()) };
        for (uri, file) in self.open.iter_mut().filter(|(_, file)| file.stale) {
            file.stale = false;
            let progress = Progress::default();
            let scanner = Scanner::new(settings, &progress);
            let place = place_of(uri, self.root.as_deref());
            scanner.examine(&Blob::of_bytes(place.clone(), file.text.text.as_bytes()), None);
            let report = scanner.finish();
            // What is wrong with the project's .wardignore belongs to no open file.
            file.findings = report.findings;
            file.findings
                .retain(|one| one.finding.at.path == place && one.finding.at.member.is_none());
            let mut all: Vec<Value> = file
                .findings
                .iter()
                .map(|one| diagnostic(one, &file.text, uri))
                .collect();
            all.extend(
                report
                    .not_examined
                    .iter()
                    .filter(|one| one.at.path == place)
                    .map(|one| {
                        json!({
                            "range": file.text.rest_of_line(one.at.line.unwrap_or(1), 1),
                            "severity": 3,
                            "source": "ward",
                            "message": format!("Not examined: {}", one.reason),
                        })
                    }),
            );
            let params = json!({"uri": uri, "version": file.version, "diagnostics": all});
            notify("textDocument/publishDiagnostics", params)?;
        }
        Ok(())
    }

    /// What the rule of the finding at a place says of itself.
    fn hover(&self, uri: &str, position: &Value) -> Value {
        let Some(file) = self.open.get(uri) else {
            return Value::Null;
        };
        let at = |one: &&Reported| holds(&range(one, &file.text), position);
        let Some(one) = file.findings.iter().find(at) else {
            return Value::Null;
        };
        let rule = one.finding.rule;
        let text = format!(
            "**{}** ({})\n\n{}\n\n{}",
            rule.id, one.severity, rule.summary, rule.docs
        );
        json!({"contents": {"kind": "markdown", "value": text}, "range": range(one, &file.text)})
    }

    /// Fixes of the findings that a range touches.
    fn actions(&self, uri: &str, wanted: &Value) -> Value {
        let Some(file) = self.open.get(uri) else {
            return json!([]);
        };
        // The places of a changed text that was not looked at yet are not known.
        let findings = file.findings.iter().filter(|_| !file.stale);
        let action = |one: &Reported| {
            let fix = one.more.fix.as_ref()?;
            let own = range(one, &file.text);
            let touches = holds(&own, &wanted["start"]) || holds(wanted, &own["start"]);
            let edits: Vec<Value> = fix
                .edits
                .iter()
                .map(|edit| json!({"range": file.text.range(edit.start, edit.end), "newText": edit.text}))
                .collect();
            touches.then(|| {
                json!({
                    "title": format!("Ward: {}", fix.what),
                    "kind": "quickfix",
                    "diagnostics": [diagnostic(one, &file.text, uri)],
                    "edit": {"changes": {uri: edits}},
                })
            })
        };
        findings.filter_map(action).collect()
    }
}

fn capabilities() -> Value {
    json!({
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": {"openClose": true, "change": 1, "save": true},
            "hoverProvider": true,
            "codeActionProvider": {"codeActionKinds": ["quickfix"]},
        },
        "serverInfo": {"name": "ward", "version": env!("CARGO_PKG_VERSION")},
    })
}

fn diagnostic(one: &Reported, text: &Text, uri: &str) -> Value {
    let severity = match one.severity {
        Severity::Critical | Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
        Severity::Info => 4,
    };
    let mut value = json!({
        "range": range(one, text),
        "severity": severity,
        "code": one.rule_name(),
        "source": "ward",
        "message": one.finding.note,
    });
    // Steps in other files have no text here to count columns in.
    let steps: Vec<Value> = (one.more.flow.iter())
        .filter(|step| step.at.path == one.finding.at.path)
        .map(|step| {
            let range = text.rest_of_line(step.at.line.unwrap_or(1), step.at.column.unwrap_or(1));
            json!({"location": {"uri": uri, "range": range}, "message": step.note})
        })
        .collect();
    if !steps.is_empty() {
        value["relatedInformation"] = steps.into();
    }
    value
}

fn range(one: &Reported, text: &Text) -> Value {
    match (one.finding.at.span, one.finding.at.line) {
        (Some(span), _) => text.range(span.start, span.end),
        (None, line) => text.rest_of_line(line.unwrap_or(1), one.finding.at.column.unwrap_or(1)),
    }
}

/// Whether a range holds a position.
fn holds(range: &Value, position: &Value) -> bool {
    let key = |one: &Value| (one["line"].as_u64(), one["character"].as_u64());
    key(&range["start"]) <= key(position) && key(position) <= key(&range["end"])
}

fn root_of(params: &Value) -> Option<PathBuf> {
    let folder = params["workspaceFolders"][0]["uri"].as_str();
    folder.or(params["rootUri"].as_str()).and_then(path_of)
}

/// The path of a `file:` address.
fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let path = rest.get(rest.find('/')?..)?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut left = path.bytes();
    while let Some(byte) = left.next() {
        if byte == b'%' {
            let (high, low) = (left.next()?, left.next()?);
            let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            bytes.push(digit(high)? * 16 + digit(low)?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// What a report calls the file: its path below the root, or its name.
fn place_of(uri: &str, root: Option<&Path>) -> String {
    let Some(path) = path_of(uri) else {
        return uri.rsplit('/').next().unwrap_or("untitled").to_owned();
    };
    let below = root.and_then(|root| path.strip_prefix(root).ok());
    below
        .unwrap_or(&path)
        .to_string_lossy()
        .trim_start_matches('/')
        .to_owned()
}

fn answer(id: &Value, result: &Value) -> Result<()> {
    tell(&json!({"jsonrpc": "2.0", "id": id, "result": result}))
}

/// An error, with the code that JSON-RPC or the protocol has for it.
fn refuse(id: &Value, code: i32, message: &str) -> Result<()> {
    tell(&json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}))
}

fn notify(method: &str, params: Value) -> Result<()> {
    tell(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
}

fn tell(message: &Value) -> Result<()> {
    let mut bytes = Vec::new();
    wire::write(&mut bytes, message)?;
    crate::terminal::result(&String::from_utf8_lossy(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_paths() {
        assert_eq!(path_of("file:///a%20b/c.py"), Some(PathBuf::from("/a b/c.py")));
        assert_eq!(path_of("file://host/a"), Some(PathBuf::from("/a")));
        for bad in ["untitled:1", "file:///a%2", "file:///%ff", "file:"] {
            assert_eq!(path_of(bad), None, "{bad}");
        }
        assert_eq!(place_of("file:///r/a/b.py", Some(Path::new("/r"))), "a/b.py");
        assert_eq!(place_of("untitled:x/Untitled-1", None), "Untitled-1");
    }
}
