//! Every route of both listeners with every kind of key, and every way to go round a route. The tables are the
//! program's own, so a new route cannot be left out.

use ward_serve::{
    Role,
    routes::{ADMIN_ROUTES, ROUTES, Route},
};

use crate::{
    agents::hello,
    support::{Client, Service, question, run},
};

async fn send(client: &Client, route: &Route, path: &str, headers: &str) -> u16 {
    let body = match (route.method.as_str(), route.path) {
        ("POST", "/mcp") => hello().to_string(),
        ("POST", _) => question("ward-cite").to_string(),
        _ => String::new(),
    };
    client
        .request(&format!("{} {path}", route.method), headers, &body)
        .await
        .status
}

/// What a route answers to a caller who may use it: to end a session, one must be named.
fn taken(route: &Route) -> u16 {
    if route.method == "DELETE" { 400 } else { 200 }
}

#[test]
fn every_route_asks_every_key() {
    run(async {
        let service = Service::start("admin = \"127.0.0.1:0\"\nenvironment = \"test\"").await;
        let mut roles = Vec::new();
        for role in Role::ALL {
            roles.push((role, service.new_key(role.word(), |_| {}).1));
        }
        let (revoked_id, revoked) = service.new_key("clinician", |_| {});
        service.store().revoke(&revoked_id, 1).unwrap();
        let (_, expired) = service.new_key("clinician", |terms| terms.expires_unix_ms = Some(1));
        let (_, elsewhere) = service.new_key("clinician", |terms| terms.environment = Some("other".to_owned()));
        let (_, here) = service.new_key("administrator", |terms| terms.environment = Some("test".to_owned()));
        let (_, only_metrics) = service.new_key("administrator", |terms| terms.scopes = vec!["metrics".to_owned()]);
        service.taken_up().await;
        let mut twisted = roles[0].1.clone();
        twisted.replace_range(20..21, if &twisted[20..21] == "a" { "b" } else { "a" });
        let bad = [
            None,
            Some("wk_"),
            Some("x"),
            Some(&*twisted),
            Some(&*revoked),
            Some(&*expired),
            Some(&*elsewhere),
            Some("eyJhbGciOiJub25lIn0.e30."),
        ];
        for (table, client) in [(ROUTES, service.client()), (ADMIN_ROUTES, service.admin())] {
            for route in table {
                let path = route.path.replace("{model}", "ward-cite");
                for key in bad {
                    let status = send(&client.with_key(key), route, &path, "").await;
                    assert_eq!(status, 401, "{path} with {key:?}");
                }
                for (role, key) in &roles {
                    let expect = if role.may(route.scope) { taken(route) } else { 403 };
                    let client = client.with_key(Some(key));
                    assert_eq!(
                        send(&client, route, &path, "").await,
                        expect,
                        "{path} as {}",
                        role.word()
                    );
                    if expect != 403 {
                        let odd = send(&client, route, &path, "Host: evil.example\r\n").await;
                        assert_eq!(odd, 421, "{path}: a name of a stranger's");
                    }
                }
                let scoped = send(&client.with_key(Some(&only_metrics)), route, &path, "").await;
                let expect = if route.scope.word() == "metrics" { 200 } else { 403 };
                assert_eq!(scoped, expect, "{path} with a key for metrics only");
                let at_home = send(&client.with_key(Some(&here)), route, &path, "").await;
                assert_eq!(at_home, if Role::Administrator.may(route.scope) { 200 } else { 403 });
                // Without a key nobody learns which paths there are, however they are spelt.
                let key = &roles[0].1;
                let nobody = client.with_key(None);
                for odd in [
                    format!("/{path}"),
                    path.replacen('/', "//", 2),
                    path.replacen('m', "%6d", 1),
                    format!("{path}/"),
                    format!("/x/..{path}"),
                    path.to_uppercase(),
                    format!("{path}?key={key}"),
                ] {
                    assert_eq!(send(&nobody, route, &odd, "").await, 401, "{odd}");
                    // With one, they are nothing or refused: never the route by another spelling that needs less.
                    let status = send(&client.with_key(Some(&revoked)), route, &odd, "").await;
                    assert_eq!(status, 401, "{odd}");
                }
                for header in ["x-api-key", "api-key", "X-Auth-Token", "Proxy-Authorization", "Cookie"] {
                    for value in [key.clone(), format!("Bearer {key}")] {
                        assert_eq!(
                            send(&nobody, route, &path, &format!("{header}: {value}\r\n")).await,
                            401,
                            "{header}"
                        );
                    }
                }
                let twice = format!("Authorization: Bearer x\r\nAuthorization: Bearer {key}\r\n");
                assert_eq!(send(&nobody, route, &path, &twice).await, 401);
                assert_eq!(
                    send(&nobody, route, &path, &format!("Authorization: Basic {key}\r\n")).await,
                    401
                );
            }
        }
        // One listener's routes are not the other's.
        let auditor = Some(roles[2].1.as_str());
        assert_eq!(service.client().with_key(auditor).get("/metrics").await.status, 404);
        assert_eq!(
            service
                .admin()
                .with_key(auditor)
                .get("/ward/v1/ledger/checkpoint")
                .await
                .status,
            404
        );
        let metrics = service.admin().with_key(auditor).get("/metrics").await.body;
        let series: Vec<&str> = metrics
            .lines()
            .filter_map(|line| Some(line.rsplit_once(' ')?.0))
            .collect();
        let different: std::collections::BTreeSet<&&str> = series.iter().filter(|one| !one.starts_with('#')).collect();
        let all = series.iter().filter(|one| !one.starts_with('#')).count();
        assert_eq!(different.len(), all, "no series stands twice");
        assert!(
            metrics.contains("ward_refusals_total{code=\"revoked_api_key\"}"),
            "{metrics}"
        );
        assert!(!metrics.contains(&revoked_id), "no names of keys");
        let refused = service.stop().await;
        let refusals = refused.iter().filter(|entry| entry["refusal"] == "forbidden").count();
        assert!(refusals > 5, "who is known and may not stands on the ledger");
    });
}

#[test]
fn every_reply_says_how_it_may_be_used() {
    run(async {
        let service = Service::start("admin = \"127.0.0.1:0\"").await;
        let client = service.client();
        let mut replies = vec![
            client.asks().await,
            client.get("/nowhere").await,
            client.with_key(None).get("/v1/models").await,
            client.with_key(None).get("/.well-known/security.txt").await,
            client.with_key(None).get("/ward/v1/reports").await,
            client.with_key(None).request("POST /ward/v1/reports", "", "{}").await,
            service.admin().with_key(None).get("/metrics").await,
        ];
        for method in ["TRACE", "OPTIONS", "PUT", "CONNECT"] {
            let line = format!("{method} /v1/models");
            let stranger = client.with_key(None);
            replies.push(stranger.request(&line, "Origin: https://evil.example\r\n", "").await);
        }
        let mut streamed = question("ward-cite");
        streamed["stream"] = true.into();
        replies.push(client.ask("", &streamed).await);
        for reply in &replies {
            let says = |name: &str| reply.header(name).unwrap_or_else(|| panic!("{name}: {}", reply.head));
            let media = says("content-type");
            assert!(
                ["application/json", "text/event-stream; charset=utf-8"].contains(&media),
                "{media}"
            );
            assert_eq!(says("cache-control"), "no-store");
            assert_eq!(says("x-content-type-options"), "nosniff");
            assert_eq!(
                says("content-security-policy"),
                "default-src 'none'; frame-ancestors 'none'"
            );
            assert_eq!(says("referrer-policy"), "no-referrer");
            assert!(says("strict-transport-security").starts_with("max-age="));
            assert!(
                reply.header("access-control-allow-origin").is_none(),
                "no page of another's may read it"
            );
            assert!(reply.header("server").is_none() && reply.header("set-cookie").is_none());
        }
        // The door is shut: nobody learns that there is one.
        for reply in &replies[3..6] {
            assert_eq!((reply.status, reply.code().as_str()), (401, "missing_api_key"));
        }
    });
}
