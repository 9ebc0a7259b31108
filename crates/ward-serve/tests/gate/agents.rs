//! `/mcp`: sessions of agents, what they see, and what they may not.

use serde_json::{Value, json};

use crate::support::{Client, Response, Service, config, folder, run};

/// The message that opens a session.
pub(crate) fn hello() -> Value {
    json!({"jsonrpc": "2.0", "id": 0, "method": "initialize",
        "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}})
}

const NOTE: &str = "Seen by Dr. Zelda Quillfeather, MRN 778899. Allergic to penicillin (hives).";

/// A session of a client.
struct Agent {
    client: Client,
    headers: String,
}

impl Agent {
    async fn start(client: Client) -> Self {
        let reply = send(&client, "", &hello()).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let id = reply.header("mcp-session-id").unwrap();
        let headers = format!("Mcp-Session-Id: {id}\r\nMCP-Protocol-Version: 2025-11-25\r\n");
        Self { client, headers }
    }

    async fn ask(&self, method: &str, params: Value) -> (Response, Value) {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let reply = send(&self.client, &self.headers, &message).await;
        let body = serde_json::from_str(&reply.body).unwrap_or_default();
        (reply, body)
    }

    /// The result of a tool, and whether it is an error.
    async fn call(&self, tool: &str, arguments: Value) -> (Value, bool) {
        let (reply, body) = self
            .ask("tools/call", json!({"name": tool, "arguments": arguments}))
            .await;
        assert_eq!(reply.status, 200, "{tool}: {}", reply.body);
        (
            body["result"]["structuredContent"].clone(),
            body["result"]["isError"] == true,
        )
    }

    async fn addresses(&self) -> Vec<String> {
        let (_, body) = self.ask("resources/list", json!({})).await;
        let listed = body["result"]["resources"].as_array().unwrap();
        listed
            .iter()
            .map(|one| one["uri"].as_str().unwrap().to_owned())
            .collect()
    }
}

async fn send(client: &Client, headers: &str, message: &Value) -> Response {
    client.request("POST /mcp", headers, &message.to_string()).await
}

#[test]
fn an_agent_sees_the_records_of_its_caller_without_names() {
    run(async {
        let folder = folder();
        let records = folder.path().join("records");
        let write = |below: &str| {
            let folder = records.join(below);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("Zelda Quillfeather.txt"), NOTE).unwrap();
        };
        let mut settings = config(folder.path(), "");
        settings.records = Some(records.clone());
        let service = Service::with(settings).await;
        let (id, own) = service.new_key("clinician", |_| {});
        let (_, program) = service.new_key("service", |_| {});
        service.taken_up().await;
        write("roles/clinician");
        write(&format!("callers/{id}"));
        write("callers");
        write("");

        let agent = Agent::start(service.client().with_key(Some(&own))).await;
        assert_eq!(agent.addresses().await, ["ward://record/1", "ward://record/2"]);
        let other = Agent::start(service.client()).await;
        assert_eq!(other.addresses().await, ["ward://record/1"]);
        let third = Agent::start(service.client().with_key(Some(&program))).await;
        assert!(third.addresses().await.is_empty());
        let (_, none) = third.ask("resources/read", json!({"uri": "ward://record/1"})).await;
        assert_eq!(none["error"]["code"], -32002);

        let (_, tools) = agent.ask("tools/list", json!({})).await;
        let names: Vec<&str> = tools["result"]["tools"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|tool| tool["name"].as_str())
            .collect();
        assert_eq!(names, ["deid", "facts", "compress", "state", "triage", "ask"]);
        let (_, read) = agent.ask("resources/read", json!({"uri": "ward://record/2"})).await;
        let mut seen = read.to_string();
        for tool in ["deid", "facts", "compress", "state", "triage", "ask"] {
            for given in ["uri", "record"] {
                let mut arguments = json!({given: if given == "uri" { "ward://record/1" } else { NOTE }});
                if tool == "ask" {
                    arguments["question"] = json!("Which allergies?");
                }
                let (result, failed) = agent.call(tool, arguments).await;
                assert!(!failed, "{tool}");
                seen += &result.to_string();
            }
        }
        assert!(seen.contains("enicillin") && seen.contains("[NAME_"));
        assert!(!seen.contains("Quillfeather") && !seen.contains("778899"));
        assert!(agent.call("reid", json!({"text": "[NAME_1KR]"})).await.1);
        let entries = service.stop().await;
        let used: Vec<&Value> = entries.iter().filter(|entry| entry["event"] == "mcp").collect();
        assert_eq!(used.len(), 14, "twelve uses of tools, a resource, and a refusal");
        assert!(
            used.iter()
                .all(|entry| entry["key"] == id.as_str() && entry["route"] == "/mcp")
        );
        assert!(entries.iter().all(|entry| !entry.to_string().contains("Quillfeather")));
    });
}

#[test]
fn values_come_back_to_who_was_given_that_scope() {
    run(async {
        let service = Service::start("").await;
        let both = || vec!["ask".to_owned(), "reid".to_owned()];
        let (_, given) = service.new_key("clinician", |terms| terms.scopes = both());
        let (_, program) = service.new_key("service", |terms| terms.scopes = both());
        service.taken_up().await;
        for (key, may) in [
            (Some(given.as_str()), true),
            (Some(&*program), false),
            (service.client().key.as_deref(), false),
        ] {
            let agent = Agent::start(service.client().with_key(key)).await;
            let (clean, _) = agent.call("deid", json!({"record": NOTE})).await;
            let (back, failed) = agent.call("reid", json!({"text": clean["text"]})).await;
            assert_eq!(failed, !may);
            assert_eq!(back["text"] == NOTE, may);
            let (_, tools) = agent.ask("tools/list", json!({})).await;
            assert_eq!(tools.to_string().contains("\"reid\""), may);
        }
        // What stands for what is one session's.
        let one = Agent::start(service.client().with_key(Some(&given))).await;
        let other = Agent::start(service.client().with_key(Some(&given))).await;
        let (clean, _) = one.call("deid", json!({"record": NOTE})).await;
        let (back, _) = other.call("reid", json!({"text": clean["text"]})).await;
        assert!(!back.to_string().contains("Quillfeather"));
    });
}

#[test]
fn a_session_is_its_callers_and_ends() {
    run(async {
        let service = Service::start("").await;
        let (id, other) = service.new_key("clinician", |_| {});
        service.taken_up().await;
        let agent = Agent::start(service.client()).await;
        let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
        let stranger = service.client().with_key(Some(&other));
        let status =
            async |client: &Client, headers: &str, message: &Value| send(client, headers, message).await.status;
        assert_eq!(status(&agent.client, &agent.headers, &ping).await, 200);
        assert_eq!(status(&stranger, &agent.headers, &ping).await, 404, "another's session");
        assert_eq!(status(&agent.client, "", &ping).await, 400, "no session");
        assert_eq!(status(&agent.client, "Mcp-Session-Id: x\r\n", &ping).await, 404);
        let odd = agent.headers.replace("2025-11-25", "2024-11-05");
        assert_eq!(status(&agent.client, &odd, &ping).await, 400, "another revision");
        let told = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        assert_eq!(status(&agent.client, &agent.headers, &told).await, 202);
        let delete = async |client: &Client| client.request("DELETE /mcp", &agent.headers, "").await.status;
        assert_eq!(delete(&stranger).await, 404);
        assert_eq!(delete(&agent.client).await, 204);
        assert_eq!(delete(&agent.client).await, 404);
        assert_eq!(status(&agent.client, &agent.headers, &ping).await, 404);
        // Each message is judged anew.
        let agent = Agent::start(stranger).await;
        service.store().revoke(&id, 1).unwrap();
        service.taken_up().await;
        assert_eq!(status(&agent.client, &agent.headers, &ping).await, 401);
    });
}

#[test]
fn what_is_no_message_is_refused() {
    run(async {
        let service = Service::start("limits.max_body = 4096").await;
        let agent = Agent::start(service.client()).await;
        let client = &agent.client;
        let bad = client.request("POST /mcp", &agent.headers, "{\"jsonrpc\"").await;
        assert_eq!(bad.status, 400);
        assert!(bad.body.contains("-32700"), "{}", bad.body);
        assert_eq!(
            client.get("/mcp").await.status,
            405,
            "there is no stream of the server's own"
        );
        for (headers, expect) in [
            ("Origin: https://evil.example\r\n", 403),
            ("Origin: null\r\n", 403),
            ("Origin: https://localhost\r\n", 200),
            ("Content-Encoding: gzip\r\n", 415),
        ] {
            let reply = send(client, headers, &hello()).await;
            assert_eq!(reply.status, expect, "{headers}");
            // It is not the key's role that is at fault.
            assert_eq!(reply.body.contains("foreign_page"), expect == 403, "{}", reply.body);
        }
        let long = json!({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": "y".repeat(5000)}});
        assert_eq!(send(client, &agent.headers, &long).await.status, 413);
        let evil = format!("Origin: https://evil.example\r\n{}", agent.headers);
        assert_eq!(client.request("DELETE /mcp", &evil, "").await.status, 403);
    });
}

#[test]
fn policies_decide_about_agents_too() {
    run(async {
        let folder = folder();
        let policies = "permit (principal, action, resource);\n\
            forbid (principal, action, resource == Model::\"ward-mcp\") when { context.data == \"record\" };\n";
        std::fs::write(folder.path().join("agents.cedar"), policies).unwrap();
        let service = Service::with(config(folder.path(), "policies = \"agents.cedar\"")).await;
        let agent = Agent::start(service.client()).await;
        assert_eq!(agent.ask("tools/list", json!({})).await.0.status, 200);
        let params = json!({"name": "facts", "arguments": {"record": NOTE}});
        let (refused, _) = agent.ask("tools/call", params).await;
        assert_eq!(refused.status, 403, "{}", refused.body);
        assert!(refused.header("ward-receipt").is_some());
        let entries = service.stop().await;
        let refusals = entries.iter().filter(|entry| entry["event"] == "refused");
        assert_eq!(refusals.filter(|entry| entry["route"] == "/mcp").count(), 1);
    });
}

#[test]
fn an_agent_passes_the_guard_that_others_pass() {
    run(async {
        let service = Service::start("").await;
        let agent = Agent::start(service.client()).await;
        let (_, refused) = agent
            .call("ask", json!({"record": NOTE, "question": "Any \u{202e}allergies?"}))
            .await;
        assert!(refused);
        let (_, refused) = agent.call("deid", json!({"record": "penicillin\u{e0041}"})).await;
        assert!(refused);
        let entries = service.stop().await;
        let hidden = entries.iter().filter(|entry| entry["refusal"] == "hidden_text");
        assert_eq!(hidden.count(), 2, "{entries:?}");
    });
}
