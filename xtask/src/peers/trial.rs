//! The trial of an upstream: what it receives, what comes back, and what is said when it fails.

use crate::peers::{
    llama::{MODEL, Server},
    outcome::{Outcome, want},
    patients::{self, FORMATS, Patient, leaked},
    process::Running,
    relay::Relay,
    stream::{self, Said},
    ward::{Reply, Ward},
};
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// A context that holds every example.
const LARGE: u32 = 65_536;
/// One that holds a question and no record.
const SMALL: u32 = 2_048;
/// More tokens than the server makes while a check goes on.
const LONG: u32 = 50_000;
/// How long an answer may take to begin.
const BEGIN: Duration = Duration::from_secs(60);

/// Everything that takes part.
struct Trial<'a> {
    root: &'a Path,
    ward: Ward,
    relay: Relay,
    out: Outcome,
}

/// Runs every check. True when all held.
pub(crate) fn run(root: &Path, folder: &Path, program: &Path, server: &Server) -> Result<bool> {
    let first = server.start(LARGE, true, &folder.join("server.log"))?;
    let relay = Relay::start(server.address)?;
    let ward = Ward::start(program, folder, &format!("http://{}", relay.address))?;
    let out = Outcome::default();
    let mut trial = Trial { root, ward, relay, out };

    trial.models()?;
    trial.patients()?;
    trial.options()?;
    trial.cut_short_for_another()?;
    trial.client_goes()?;
    trial.idle_connection()?;
    trial.server_dies(first)?;
    let second = server.start(SMALL, false, &folder.join("server-small.log"))?;
    trial.server_is_back()?;
    trial.two_at_once()?;
    trial.context_overflow(server)?;
    trial.relay.close();
    second.crash()?;
    trial.nobody_listens()?;
    trial.shapes();
    trial.end(folder)
}

/// A chat with one user message.
fn chat(content: &Value, stream: bool, most: u32) -> Value {
    let mut body = json!({
        "model": MODEL, "stream": stream, "max_tokens": most,
        "messages": [{"role": "user", "content": content}],
    });
    if stream && let Some(body) = body.as_object_mut() {
        body.insert("stream_options".to_owned(), json!({"include_usage": true}));
    }
    body
}

/// The words of a reply that was refused: status, code, and whether it is whole.
fn refused(reply: &Reply) -> String {
    format!("{} {}", reply.status, stream::error_code(&reply.body))
}

/// What a good reply said, with everything that is wrong with it.
fn good(reply: &Reply, stream: bool) -> Said {
    let mut said = if stream {
        stream::streamed(&reply.body)
    } else {
        stream::whole(&reply.body)
    };
    let kind = reply.header("content-type").unwrap_or_default();
    let wanted = if stream {
        "text/event-stream"
    } else {
        "application/json"
    };
    let receipt = reply.header("ward-receipt").unwrap_or_default();
    want(
        &mut said.faults,
        reply.status == 200,
        format!("answered {}", refused(reply)),
    );
    want(&mut said.faults, reply.complete, "the reply broke off");
    want(
        &mut said.faults,
        kind.starts_with(wanted),
        format!("content type {kind}"),
    );
    want(&mut said.faults, receipt.starts_with("wr_"), "no receipt");
    want(
        &mut said.faults,
        said.receipt == receipt,
        "header and body name different receipts",
    );
    want(&mut said.faults, !said.text.is_empty(), "no text");
    want(
        &mut said.faults,
        said.usage
            .is_some_and(|(prompt, completion)| prompt > 0 && completion > 0),
        "no usage",
    );
    said
}

/// The body of the last chat among the bytes that a server received.
fn last_body(received: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(received);
    let (_, request) = text.rsplit_once("POST /v1/chat/completions")?;
    let (_, body) = request.split_once("\r\n\r\n")?;
    serde_json::Deserializer::from_str(body).into_iter().next()?.ok()
}

/// Every text in a value, each on lines of its own. In JSON a line break is `\n`, and the letter would hide the word after it.
fn texts(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, out)),
        _ => {}
    }
}

/// What a server's own stream said: its text and the reason it gave for its end.
fn upstream_said(answered: &[u8]) -> (String, Option<String>) {
    let text = String::from_utf8_lossy(answered);
    let chunks = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data: ")?).ok());
    let mut said = (String::new(), None);
    for chunk in chunks {
        let at = |pointer| chunk.pointer(pointer).and_then(Value::as_str);
        said.0.push_str(at("/choices/0/delta/content").unwrap_or_default());
        said.1 = at("/choices/0/finish_reason").map(str::to_owned).or(said.1);
    }
    said
}

impl Trial<'_> {
    fn models(&mut self) -> Result<()> {
        let reply = self.ward.get("/v1/models")?;
        let list: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let data = list.pointer("/data").and_then(Value::as_array);
        let ids: Vec<&str> = data
            .into_iter()
            .flatten()
            .filter_map(|model| model.get("id")?.as_str())
            .collect();
        let mut faults = Vec::new();
        want(
            &mut faults,
            ids == [MODEL, "ward-cite"],
            "not the server's model and ward-cite",
        );
        self.out.check("models", &faults, &ids.join(", "));
        Ok(())
    }

    /// Every patient in every format, whole and streamed.
    fn patients(&mut self) -> Result<()> {
        for patient in &patients::all(self.root)? {
            for format in FORMATS {
                for stream in [false, true] {
                    self.patient(patient, format, stream)?;
                }
            }
        }
        Ok(())
    }

    fn patient(&mut self, patient: &Patient, format: &str, stream: bool) -> Result<()> {
        let record = patient.record(self.root, format)?;
        let planted = patient.planted(format);
        let content = json!([
            {"type": "text", "text": record},
            {"type": "text", "text": "Summarise the record and name the patient."},
        ]);
        let (before, answers_before) = (self.relay.received.len(), self.relay.answered.len());
        let reply = self.ward.chat(&chat(&content, stream, 24))?;
        let mut said = good(&reply, stream);
        let received = self.relay.received.since(before);
        let (upstream, _) = upstream_said(&self.relay.answered.since(answers_before));
        let there = leaked(record.as_bytes(), &planted).len();
        let mut leaks: BTreeSet<String> = leaked(&received, &planted).into_iter().collect();
        let mut plain = String::new();
        match last_body(&received) {
            Some(body) => texts(&body, &mut plain),
            None => said.faults.push("no request reached the server".to_owned()),
        }
        leaks.extend(leaked(plain.as_bytes(), &planted));
        want(
            &mut said.faults,
            leaks.is_empty(),
            format!("reached the server: {leaks:?}"),
        );
        want(&mut said.faults, there > 30, "too few planted values to show anything");
        want(
            &mut said.faults,
            plain.len() > 1000,
            "too little reached the server to show anything",
        );
        want(&mut said.faults, !upstream.is_empty(), "the server said nothing");
        let (prompt, completion) = said.usage.unwrap_or_default();
        let name = format!(
            "{} {format} {}",
            patient.patient,
            if stream { "streamed" } else { "whole" }
        );
        let seen = format!(
            "{} planted of {}, {} at the server, which received {} bytes; {} characters answered, {prompt} + {completion} tokens",
            there,
            planted.len(),
            leaks.len(),
            received.len(),
            said.text.chars().count()
        );
        self.out.check(&name, &said.faults, &seen);
        Ok(())
    }

    /// Sampling options arrive as they were sent, and work.
    fn options(&mut self) -> Result<()> {
        for stream in [false, true] {
            let (before, answers_before) = (self.relay.received.len(), self.relay.answered.len());
            let mut body = chat(&json!("Which words come to mind?"), stream, 400);
            let options = [
                ("stop", json!(["a"])),
                ("temperature", json!(0.5)),
                ("seed", json!(7)),
                ("top_p", json!(0.95)),
            ];
            if let Some(body) = body.as_object_mut() {
                body.extend(options.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            }
            let mut said = good(&self.ward.chat(&body)?, stream);
            let sent = last_body(&self.relay.received.since(before)).unwrap_or_default();
            for (name, value) in &options {
                let arrived = sent.get(*name);
                want(
                    &mut said.faults,
                    arrived == Some(value),
                    format!("{name} arrived as {arrived:?}"),
                );
            }
            want(
                &mut said.faults,
                sent.get("max_tokens") == Some(&json!(400)),
                "max_tokens did not arrive",
            );
            let (text, finish) = upstream_said(&self.relay.answered.since(answers_before));
            want(&mut said.faults, !text.contains('a'), "the server went past the stop");
            want(
                &mut said.faults,
                finish.as_deref() == Some("stop"),
                format!("the server gave {finish:?}"),
            );
            want(
                &mut said.faults,
                said.finish == "stop",
                format!("Ward gave {}", said.finish),
            );
            let name = if stream { "options streamed" } else { "options whole" };
            let seen = format!(
                "stop, temperature, top_p, seed arrived; {} characters before the stop",
                text.chars().count()
            );
            self.out.check(name, &said.faults, &seen);
        }
        Ok(())
    }

    /// Starts a long answer and waits until the server is well into it.
    fn long(&mut self) -> Result<crate::peers::ward::Pending> {
        let before = self.relay.answered.len();
        let pending = self.ward.begin(&chat(&json!("Tell a long story."), true, LONG))?;
        self.answered_beyond(before + 4096).context("no long answer began")?;
        Ok(pending)
    }

    fn answered_beyond(&self, bytes: usize) -> Result<()> {
        let end = Instant::now() + BEGIN;
        while self.relay.answered.len() < bytes {
            if Instant::now() > end {
                bail!("the server did not say enough within {} s", BEGIN.as_secs());
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Checks that a streamed answer broke off with its error, and never looks complete.
    fn check_broken(&mut self, name: &str, reply: &Reply, codes: &[&str]) {
        let (code, text) = stream::broken(&reply.body);
        let mut faults = Vec::new();
        want(&mut faults, reply.status == 200, format!("answered {}", reply.status));
        let known = code.as_deref().is_some_and(|code| codes.contains(&code));
        want(
            &mut faults,
            known,
            format!("the last event is not an error with {codes:?}"),
        );
        let seen = format!(
            "{} after {} characters",
            code.as_deref().unwrap_or("no error event"),
            text.chars().count()
        );
        self.out.check(name, &faults, &seen);
    }

    /// By default this server ends an answer early, with `[DONE]` and no reason, when another request comes.
    fn cut_short_for_another(&mut self) -> Result<()> {
        let pending = self.long()?;
        let other = self.ward.chat(&chat(&json!("And now?"), false, 8))?;
        let said = good(&other, false);
        self.out.check("the request that interrupts", &said.faults, &said.text);
        let reply = pending.reply()?;
        self.check_broken("the request that is interrupted", &reply, &["upstream_broken"]);
        Ok(())
    }

    /// A client that goes away stops the server's work, and stands in the ledger.
    fn client_goes(&mut self) -> Result<()> {
        drop(self.long()?);
        let end = Instant::now() + BEGIN;
        let mut gone = false;
        while !gone && Instant::now() < end {
            let output = self.ward.run(&["ledger", "export"])?;
            gone = String::from_utf8_lossy(&output.stdout).contains("client_gone");
            thread::sleep(Duration::from_millis(100));
        }
        let after = self.relay.answered.len();
        thread::sleep(Duration::from_secs(1));
        let more = self.relay.answered.len() - after;
        let mut faults = Vec::new();
        want(&mut faults, gone, "the ledger does not say client_gone");
        want(&mut faults, more == 0, "the server went on");
        self.out.check(
            "a client that goes away",
            &faults,
            &format!("{more} bytes came from the server afterwards"),
        );
        Ok(())
    }

    /// The server closes a connection that was idle for 5 s; the next request must not fail by it.
    fn idle_connection(&mut self) -> Result<()> {
        thread::sleep(Duration::from_secs(6));
        let said = good(&self.ward.chat(&chat(&json!("Still there?"), false, 8))?, false);
        self.out
            .check("after an idle connection was closed", &said.faults, &said.text);
        Ok(())
    }

    fn server_dies(&mut self, server: Running) -> Result<()> {
        let pending = self.long()?;
        server.crash()?;
        let reply = pending.reply()?;
        let codes = ["upstream_broken", "upstream_unreachable"];
        self.check_broken("the server is killed in mid-answer", &reply, &codes);
        for stream in [false, true] {
            let reply = self.ward.chat(&chat(&json!("Anyone?"), stream, 8))?;
            self.check_refused("no server behind an open port", &reply, &codes);
        }
        Ok(())
    }

    fn check_refused(&mut self, name: &str, reply: &Reply, codes: &[&str]) {
        let mut faults = Vec::new();
        let code = stream::error_code(&reply.body);
        want(&mut faults, reply.status == 502, "not 502");
        want(
            &mut faults,
            codes.contains(&code.as_str()),
            format!("not one of {codes:?}"),
        );
        let receipt = reply.header("ward-receipt").unwrap_or_default();
        want(&mut faults, receipt.starts_with("wr_"), "no receipt");
        self.out.check(name, &faults, &refused(reply));
    }

    fn server_is_back(&mut self) -> Result<()> {
        let said = good(&self.ward.chat(&chat(&json!("Back again?"), false, 8))?, false);
        self.out.check("the server is back", &said.faults, &said.text);
        Ok(())
    }

    /// With `--interrupt_requests false` the server takes one after the other.
    fn two_at_once(&mut self) -> Result<()> {
        let before = self.relay.answered.len();
        let first = self.ward.begin(&chat(&json!("Tell a story."), true, 1000))?;
        self.answered_beyond(before + 1024)?;
        let second = self.ward.begin(&chat(&json!("And another."), false, 8))?;
        let (first, second) = (good(&first.reply()?, true), good(&second.reply()?, false));
        let faults = [first.faults, second.faults].concat();
        let seen = format!(
            "{} and {} characters",
            first.text.chars().count(),
            second.text.chars().count()
        );
        self.out.check("two at once, without interrupting", &faults, &seen);
        Ok(())
    }

    /// A record that is larger than the model's context. Asked for a whole answer, this server says 400; asked for a stream, as
    /// Ward asks, it says 200 and then nothing, which can only be told from an answer by what is missing.
    fn context_overflow(&mut self, server: &Server) -> Result<()> {
        let patient = patients::all(self.root)?.into_iter().next().context("no example")?;
        let content = json!([
            {"type": "text", "text": patient.record(self.root, "fhir")?},
            {"type": "text", "text": "Summarise the record."},
        ]);
        let before = self.relay.received.len();
        let reply = self.ward.chat(&chat(&content, false, 8))?;
        let codes = ["upstream_refused", "upstream_broken"];
        self.check_refused("a record beyond the context, whole", &reply, &codes);
        let reply = self.ward.chat(&chat(&content, true, 8))?;
        if reply.status == 200 {
            self.check_broken("a record beyond the context, streamed", &reply, &codes);
        } else {
            self.check_refused("a record beyond the context, streamed", &reply, &codes);
        }
        let mut body = last_body(&self.relay.received.since(before)).context("no request reached the server")?;
        for stream in [true, false] {
            if let Some(body) = body.as_object_mut() {
                body.insert("stream".to_owned(), json!(stream));
            }
            let reply = server.exchange("POST", "/v1/chat/completions", &body.to_string())?;
            let (head, rest) = reply.split_once("\r\n\r\n").unwrap_or((&reply, ""));
            let status = head.lines().next().unwrap_or_default();
            let code = stream::error_code(rest.as_bytes());
            let how = if stream { "a stream" } else { "a whole answer" };
            let note = format!(
                "beyond its context the server itself, asked for {how}: {status}, code {code:?}, {} bytes",
                rest.len()
            );
            self.out.note(&note);
        }
        Ok(())
    }

    fn nobody_listens(&mut self) -> Result<()> {
        let reply = self.ward.chat(&chat(&json!("Anyone?"), false, 8))?;
        self.check_refused("nobody listens", &reply, &["upstream_unreachable"]);
        Ok(())
    }

    /// What this server's streams are made of.
    fn shapes(&mut self) {
        let answered = self.relay.answered.since(0);
        let text = String::from_utf8_lossy(&answered);
        let (mut kinds, mut shapes, mut usage, mut comments) = (BTreeSet::new(), BTreeSet::new(), 0, 0);
        for line in text.lines() {
            if let Some((name, value)) = line.split_once(": ")
                && name.eq_ignore_ascii_case("content-type")
            {
                kinds.insert(value.to_owned());
            }
            comments += usize::from(line.starts_with(": "));
            let Some(chunk) = line
                .strip_prefix("data: ")
                .and_then(|data| serde_json::from_str::<Value>(data).ok())
            else {
                continue;
            };
            usage += usize::from(chunk.get("usage").is_some_and(|usage| !usage.is_null()));
            let keys = |value: Option<&Value>| {
                let fields = value.and_then(Value::as_object).into_iter().flatten();
                fields.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")
            };
            shapes.insert(format!(
                "{{{}}} choice {{{}}} delta {{{}}}",
                keys(Some(&chunk)),
                keys(chunk.pointer("/choices/0")),
                keys(chunk.pointer("/choices/0/delta"))
            ));
        }
        self.out
            .note(&format!("content types: {}", Vec::from_iter(kinds).join(" | ")));
        self.out
            .note(&format!("chunks: {}", Vec::from_iter(shapes).join(" | ")));
        let counts = format!("chunks with usage: {usage}; comments (pings): {comments}");
        self.out.note(&counts);
        if usage == 0 {
            self.out
                .note("this server counts no tokens in a stream: the usage above is Ward's estimate");
        }
    }

    /// Keeps what went over the wire, stops Ward, and verifies.
    fn end(self, folder: &Path) -> Result<bool> {
        let Trial {
            root,
            ward,
            relay,
            mut out,
        } = self;
        for (name, kept) in [("received.bin", &relay.received), ("answered.bin", &relay.answered)] {
            std::fs::write(folder.join(name), kept.since(0))?;
        }
        let log = ward.said()?;
        let mut faults = Vec::new();
        let mut looked = 0;
        for patient in &patients::all(root)? {
            for format in FORMATS {
                // Bare small numbers stand for nobody in a log.
                let planted: Vec<_> = patient
                    .planted(format)
                    .into_iter()
                    .filter(|(_, value)| value.len() > 4)
                    .collect();
                looked += planted.len();
                faults.extend(leaked(log.as_bytes(), &planted));
            }
        }
        out.check(
            "Ward's own output",
            &faults,
            &format!("{} bytes, {looked} planted values looked for", log.len()),
        );
        let (clean, verified, said) = ward.stop_and_verify()?;
        let mut faults = Vec::new();
        want(&mut faults, clean, "it did not stop cleanly");
        want(&mut faults, verified, "the ledger does not verify");
        out.check("ledger", &faults, said.lines().next().unwrap_or_default());
        Ok(out.summary())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_request_and_its_texts_are_found_in_what_was_received() {
        let wire = b"GET /v1/models HTTP/1.1\r\n\r\nPOST /v1/chat/completions HTTP/1.1\r\nContent-Length: 9\r\n\r\n{\"a\":[1]}\
            POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 30\r\n\r\n{\"m\":[{\"c\":\"x\\nLin\"}],\"n\":\"y\"}GET /";
        let body = last_body(wire).unwrap();
        let mut plain = String::new();
        texts(&body, &mut plain);
        assert_eq!(plain, "x\nLin\ny\n");
        let planted = [("NAME", "Lin")];
        assert!(
            leaked(wire, &planted).is_empty(),
            "the escape hides it in the raw bytes"
        );
        assert_eq!(leaked(plain.as_bytes(), &planted), ["NAME: Lin"]);
        assert!(last_body(b"GET / HTTP/1.1\r\n\r\n").is_none());
    }

    #[test]
    fn a_servers_own_stream_is_read_between_its_chunk_sizes() {
        let wire = b"HTTP/1.1 200 OK\r\n\r\n5\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r\n\r\n\
            7\r\ndata: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\r\n\r\ndata: [DONE]\r\n";
        assert_eq!(upstream_said(wire), ("a".to_owned(), Some("stop".to_owned())));
    }
}
