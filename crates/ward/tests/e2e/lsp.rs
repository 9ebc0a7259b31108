//! `ward lsp`, driven as an editor drives it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdout, Stdio},
};

use serde_json::{Value, json};

use crate::support::ward::{command, folder};

struct Editor {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Editor {
    fn start(data: &str) -> Self {
        let mut child = command(&["lsp", "--stdio", "--data", data])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    fn say(&mut self, message: &Value) {
        let text = message.to_string();
        let input = self.child.stdin.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        input.flush().unwrap();
    }

    fn hear(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server ended");
            if line.trim().is_empty() {
                break;
            }
            length = line.trim().strip_prefix("Content-Length: ").unwrap().parse().unwrap();
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn ask(&mut self, id: u32, method: &str, params: Value) -> Value {
        self.say(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        let heard = self.hear();
        assert_eq!(heard["id"], id, "{heard}");
        heard["result"].clone()
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.say(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }
}

#[test]
fn an_editor_gets_findings_documentation_and_fixes() {
    let (root, data) = (folder(), folder());
    let mut editor = Editor::start(data.path().to_str().unwrap());
    let at = format!("file://{}", root.path().display());
    let hello = editor.ask(1, "initialize", json!({"rootUri": at, "capabilities": {}}));
    assert_eq!(hello["capabilities"]["hoverProvider"], true);
    editor.tell("initialized", json!({}));

    // Opened: nothing on the disk is read, only what the editor holds.
    let uri = format!("{at}/a.py");
    let text = "import yaml\n\n\ndef f(é):\n    return '😀', yaml.load(é)\n";
    let document = json!({"uri": uri, "languageId": "python", "version": 1, "text": text});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
    let heard = editor.hear();
    let all = heard["params"]["diagnostics"].as_array().unwrap();
    assert_eq!(all.len(), 1, "{heard}");
    let start = json!({"line": 4, "character": 17});
    assert_eq!((&all[0]["range"]["start"], &all[0]["source"]), (&start, &"ward".into()));

    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 4, "character": 20}});
    let hover = editor.ask(2, "textDocument/hover", place);
    assert!(
        hover["contents"]["value"].as_str().unwrap().contains("**Instead:**"),
        "{hover}"
    );

    let wanted = json!({"textDocument": {"uri": uri}, "range": all[0]["range"], "context": {"diagnostics": []}});
    let actions = editor.ask(3, "textDocument/codeAction", wanted);
    let edit = &actions[0]["edit"]["changes"][uri.as_str()][0];
    assert!(edit["newText"].as_str().unwrap().contains("safe_load"), "{actions}");

    // Changed: looked at when nothing was typed for a while.
    let change = |version: u32, text: &str| json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]});
    editor.tell("textDocument/didChange", change(2, "x = "));
    editor.tell("textDocument/didChange", change(3, "x = 1\n"));
    let heard = editor.hear();
    assert_eq!(
        (&heard["params"]["version"], &heard["params"]["diagnostics"]),
        (&3.into(), &json!([]))
    );

    let unknown = json!({"jsonrpc": "2.0", "id": 4, "method": "no/such", "params": {}});
    editor.say(&unknown);
    assert_eq!(editor.hear()["error"]["code"], -32601);
    assert_eq!(editor.ask(5, "shutdown", Value::Null), Value::Null);
    editor.tell("exit", Value::Null);
    assert!(editor.child.wait().unwrap().success());
}

#[test]
fn a_pipe_that_ends_or_talks_nonsense_ends_the_server() {
    let data = folder();
    for input in ["", "Content-Length: 5\r\n\r\nhello", "GET / HTTP/1.1\r\n\r\n"] {
        let mut editor = Editor::start(data.path().to_str().unwrap());
        let mut pipe = editor.child.stdin.take().unwrap();
        pipe.write_all(input.as_bytes()).unwrap();
        drop(pipe);
        assert!(editor.child.wait().unwrap().code().is_some());
    }
}
