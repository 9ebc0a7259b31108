//! `ward mcp`: an agent sees placeholders, and values only where that was allowed.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, Command, Stdio},
};

use serde_json::{Value, json};

use crate::support::ward::folder;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");

struct Client {
    child: Child,
    input: ChildStdin,
    output: BufReader<std::process::ChildStdout>,
    last: u64,
}

impl Client {
    fn start(data: &std::path::Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ward"))
            .args([
                "mcp",
                "--records",
                EXAMPLES,
                "--show-names",
                "--data",
                data.to_str().unwrap(),
            ])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut client = Self {
            child,
            input,
            output,
            last: 0,
        };
        let about = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        assert_eq!(client.ask("initialize", &about)["serverInfo"]["name"], "ward");
        client.say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        client
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.input, "{message}").unwrap();
        self.input.flush().unwrap();
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.last += 1;
        self.say(&json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}));
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server ended");
            let mut reply: Value = serde_json::from_str(&line).unwrap();
            if reply["id"] == self.last {
                return reply["result"].take();
            }
        }
    }

    /// The result of a tool, and whether it is an error.
    fn call(&mut self, tool: &str, arguments: &Value) -> (Value, bool) {
        let mut reply = self.ask("tools/call", &json!({"name": tool, "arguments": arguments}));
        let failed = reply["isError"] == true;
        let result = reply["structuredContent"].take();
        (if failed { reply } else { result }, failed)
    }

    fn stop(self) -> i32 {
        let Self { mut child, input, .. } = self;
        drop(input);
        child.wait().unwrap().code().unwrap()
    }
}

#[test]
fn an_agent_sees_placeholders_and_no_values() {
    let data = folder();
    let mut client = Client::start(data.path(), &[]);
    let tools = client.ask("tools/list", &json!({}));
    let names: Vec<&str> = tools["tools"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|tool| tool["name"].as_str())
        .collect();
    assert_eq!(names, ["deid", "facts", "compress", "state", "triage", "ask"]);
    let uri = "ward://record/james-okafor.json";
    let listed = client.ask("resources/list", &json!({}));
    assert!(
        listed["resources"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["uri"] == uri)
    );

    let mut seen = client.ask("resources/read", &json!({"uri": uri})).to_string();
    for (tool, more) in [
        ("deid", json!({})),
        ("facts", json!({})),
        ("triage", json!({})),
        ("compress", json!({"max_tokens": 1500, "question": "potassium"})),
        ("ask", json!({"question": "What is James Okafor's latest creatinine?"})),
    ] {
        let mut arguments = more;
        arguments["uri"] = json!(uri);
        let (result, failed) = client.call(tool, &arguments);
        assert!(!failed, "{tool}: {result}");
        seen += &result.to_string();
    }
    assert!(seen.contains("[NAME_") && seen.contains("reatinine"));
    for value in ["Okafor", "James"] {
        assert!(!seen.contains(value), "{value}");
    }
    for (tool, arguments) in [
        ("reid", json!({"text": "[NAME_1KR]"})),
        ("facts", json!({"uri": "ward://record/../Cargo.toml"})),
        ("facts", json!({"record": "x", "uri": uri})),
        ("facts", json!({"record": "x", "more": 1})),
        ("ask", json!({"record": "x"})),
    ] {
        assert!(client.call(tool, &arguments).1, "{tool}");
    }
    assert_eq!(client.stop(), 0);
}

#[test]
fn values_come_back_where_it_was_allowed_and_every_use_is_on_the_ledger() {
    let data = folder();
    let mut client = Client::start(data.path(), &["--allow-reid"]);
    let note = "Seen by Dr. Zelda Quillfeather, MRN 778899.";
    let (clean, _) = client.call("deid", &json!({"record": note}));
    assert!(!clean["text"].as_str().unwrap().contains("Quillfeather"));
    let (back, _) = client.call("reid", &json!({"text": clean["text"]}));
    assert_eq!((back["text"].as_str().unwrap(), &back["unknown"]), (note, &json!(0)));
    assert_eq!(client.stop(), 0);
    let output = crate::support::ward::run(&["ledger", "export", "--data", data.path().to_str().unwrap()]);
    let entries = String::from_utf8(output.stdout).unwrap();
    assert!(entries.contains(r#""tool":"reid""#) && entries.contains(r#""tool":"deid""#));
    assert!(!entries.contains("Quillfeather") && !entries.contains("778899"));
}

#[test]
fn a_line_that_is_no_message_gets_a_reply_and_names_of_files_stay_here() {
    let (data, records) = (folder(), folder());
    std::fs::write(records.path().join("Zelda Quillfeather.txt"), "No fever.").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ward"))
        .args([
            "mcp",
            "--records",
            records.path().to_str().unwrap(),
            "--data",
            data.path().to_str().unwrap(),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let hello = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#;
    let lines = [
        "nonsense",
        "",
        hello,
        "\u{fffd}{",
        r#"{"jsonrpc":"2.0","id":2,"method":"resources/list"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","id":3,"method":"nothing"}"#,
    ];
    let mut input = child.stdin.take().unwrap();
    input.write_all(lines.join("\n").as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("Quillfeather") && !String::from_utf8_lossy(&output.stderr).contains("Quillfeather"));
    let replies: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<(&Value, &Value)> = replies
        .iter()
        .map(|reply| (&reply["id"], &reply["error"]["code"]))
        .collect();
    assert_eq!(
        told,
        [
            (&Value::Null, &json!(-32700)),
            (&json!(1), &Value::Null),
            (&Value::Null, &json!(-32700)),
            (&json!(2), &Value::Null),
            (&json!(3), &json!(-32601)),
        ]
    );
}

#[test]
fn compress_counts_with_the_tokenizer_that_was_named() {
    let data = folder();
    let tokenizer = data.path().join("tokenizer.json");
    let json = r#"{"model":{"type":"BPE","vocab":{"?":0},"merges":[],"unk_token":"?"}}"#;
    std::fs::write(&tokenizer, json).unwrap();
    let note = json!({"record": "Metformin 500 mg daily. No fever."});
    let named = tokenizer.to_str().unwrap();
    for (more, counter, before) in [
        (&["--tokenizer", named][..], named, Some(33)),
        (&[], "ward-estimate", None),
    ] {
        let mut client = Client::start(&data.path().join("data"), more);
        let (result, failed) = client.call("compress", &note);
        assert!(!failed, "{result}");
        let tokens = &result["tokens"];
        assert!(tokens["counter"].as_str().unwrap().contains(counter), "{tokens}");
        assert!(before.is_none_or(|before| tokens["before"] == before), "{tokens}");
        assert_eq!(client.stop(), 0);
    }
    std::fs::write(&tokenizer, "GGUF").unwrap();
    let output = crate::support::ward::run(&[
        "mcp",
        "--tokenizer",
        named,
        "--data",
        data.path().join("data").to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(2));
}
