//! Every route with every kind of key, and every way to go round a route. The table of routes is the
//! program's own, so a new one cannot be left out.

use std::{thread, time::Duration};

use serde_json::json;
use ward_serve::{Role, routes::ROUTES};

use crate::support::ward::{Ward, events_of, folder, run};

#[test]
fn every_route_asks_every_key() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let path = data.path().to_str().unwrap();
    let keys: Vec<(Role, String)> = Role::ALL
        .iter()
        .map(|role| (*role, ward.new_key(role.word()).1))
        .collect();
    let (revoked_id, revoked) = ward.new_key("clinician");
    assert!(run(&["key", "revoke", &revoked_id, "--data", path]).status.success());
    thread::sleep(Duration::from_millis(1500));

    let good = &keys[0].1;
    let mut twisted = good.clone();
    twisted.replace_range(20..21, if &good[20..21] == "a" { "b" } else { "a" });
    let refused = [
        None,
        Some("wk_"),
        Some("x"),
        Some(twisted.as_str()),
        Some(revoked.as_str()),
        Some(&good[..good.len() - 1]),
    ];
    let body = json!({"model": "ward-cite", "messages": [{"role": "user", "content": "hello?"}]}).to_string();
    let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-11-25"}})
        .to_string();
    for route in ROUTES {
        // To end a session, one must be named.
        let taken = if route.method == "DELETE" { 400 } else { 200 };
        let address = route.path.replace("{model}", "ward-cite");
        let send = |key: Option<&str>| {
            let client = ward.client().with_key(key);
            let post = route.method == "POST";
            let (kind, body) = (
                &[("Content-Type", "application/json")][..],
                match (post, route.path) {
                    (true, "/mcp") => hello.as_bytes(),
                    (true, _) => body.as_bytes(),
                    _ => b"",
                },
            );
            client.request(route.method.as_str(), &address, if post { kind } else { &[] }, body)
        };
        for key in refused {
            let response = send(key);
            assert_eq!(response.status, 401, "{address} with {key:?}");
            assert_eq!(response.header("www-authenticate"), Some("Bearer"));
            assert!(response.json()["error"]["type"] == "authentication_error");
        }
        for (role, key) in &keys {
            let expect = if role.may(route.scope) { taken } else { 403 };
            let response = send(Some(key));
            assert_eq!(response.status, expect, "{address} as {}", role.word());
            if expect == 403 {
                assert_eq!(events_of(data.path(), &response), ["refused forbidden"]);
            }
        }
    }
}

#[test]
fn there_is_no_way_round() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let key = ward.key.clone().unwrap();
    let client = ward.client().with_key(None);
    let host = "Host: localhost\r\nConnection: close\r\n";
    let lines = [
        "GET //v1/models HTTP/1.1",
        "GET /v1//models HTTP/1.1",
        "GET /v1/%6dodels HTTP/1.1",
        "GET /v1/models/ HTTP/1.1",
        "GET /v1/./models HTTP/1.1",
        "GET /v1/x/../models HTTP/1.1",
        "GET /V1/MODELS HTTP/1.1",
        "GET / HTTP/1.1",
        "GET /health HTTP/1.1",
        "GET /metrics HTTP/1.1",
        "GET https://localhost/v1/models HTTP/1.1",
        "OPTIONS /v1/models HTTP/1.1",
        "HEAD /v1/models HTTP/1.1",
        "DELETE /v1/models HTTP/1.1",
        "PUT /v1/chat/completions HTTP/1.1",
    ];
    for line in lines {
        let response = client.raw(format!("{line}\r\n{host}\r\n").as_bytes()).unwrap();
        assert_eq!(response.status, 401, "{line}");
    }
    let headers = [
        format!("X-Api-Key: {key}"),
        format!("Api-Key: {key}"),
        format!("Cookie: Authorization=Bearer {key}"),
        format!("Authorization: Basic {key}"),
        format!("Authorization: {key}"),
        format!("Authorization: Bearer nothing\r\nAuthorization: Bearer {key}"),
        format!("Proxy-Authorization: Bearer {key}"),
    ];
    for header in headers {
        let request = format!("GET /v1/models HTTP/1.1\r\n{host}{header}\r\n\r\n");
        assert_eq!(
            client.raw(request.as_bytes()).unwrap().status,
            401,
            "{}",
            header.split(':').next().unwrap()
        );
    }
    let request = format!("GET /v1/models?key={key} HTTP/1.1\r\n{host}\r\n");
    assert_eq!(client.raw(request.as_bytes()).unwrap().status, 401);
    for odd in ["evil.example", "localhost:1", "169.254.169.254", "localhost@evil"] {
        let request = format!("GET /v1/models HTTP/1.1\r\nHost: {odd}\r\nConnection: close\r\n\r\n");
        assert_eq!(client.raw(request.as_bytes()).unwrap().status, 401, "{odd}");
    }
    let known = ward.client();
    assert_eq!(known.get("/nowhere").code(), "not_found");
    assert_eq!(
        known.request("DELETE", "/v1/models", &[], b"").code(),
        "method_not_allowed"
    );
}
