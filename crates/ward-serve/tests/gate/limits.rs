//! What one caller, and one address, may use.

use std::time::Duration;

use serde_json::json;

use crate::support::{Service, behind, question, run, upstream};

#[test]
fn requests_are_counted_by_key() {
    run(async {
        let service = Service::start("limits.requests_per_minute = 3\nlimits.tokens_per_minute = 100000\n").await;
        let (_, other) = service.new_key("clinician", |_| {});
        service.taken_up().await;
        let client = service.client();
        for n in 1..=5 {
            let reply = client.asks().await;
            assert_eq!(reply.status, if n <= 3 { 200 } else { 429 }, "request {n}");
            if n > 3 {
                assert_eq!(reply.code(), "rate_limit_exceeded");
                let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
                assert!((1..=20).contains(&wait), "{wait}");
            }
        }
        // Also where nothing is answered: an address that costs nothing could be asked for ever.
        assert_eq!(client.get("/nowhere").await.status, 429);
        assert_eq!(client.with_key(Some(&other)).asks().await.status, 200);
    });
}

#[test]
fn no_more_than_so_many_at_once() {
    run(async {
        let url = upstream(None).await;
        for most in [1, 3] {
            let service = Service::start(&format!("{}limits.at_once = {most}\n", behind(&url))).await;
            let client = service.client();
            let waiting: Vec<_> = (0..most)
                .map(|_| {
                    let client = client.clone();
                    tokio::spawn(async move { client.ask("", &question("m")).await })
                })
                .collect();
            tokio::time::sleep(Duration::from_millis(700)).await;
            let refused = client.asks().await;
            assert_eq!((refused.status, refused.code().as_str()), (429, "too_many_at_once"));
            assert!(refused.header("retry-after").is_some());
            // Who goes away gives the place back.
            for one in &waiting {
                one.abort();
            }
            tokio::time::sleep(Duration::from_millis(700)).await;
            assert_eq!(client.asks().await.status, 200);
        }
    });
}

#[test]
fn tokens_and_compute_are_budgets() {
    run(async {
        let service = Service::start("limits.tokens_per_minute = 3000\n").await;
        let client = service.client();
        let mut body = question("ward-cite");
        body["max_tokens"] = json!(4000);
        let never = client.ask("", &body).await;
        assert_eq!(
            (never.status, never.code().as_str()),
            (400, "too_many_tokens"),
            "waiting would not help"
        );
        body["max_tokens"] = json!(2000);
        for _ in 0..5 {
            assert_eq!(
                client.ask("", &body).await.status,
                200,
                "what was reserved and not used comes back"
            );
        }
        let entries = service.stop().await;
        assert!(
            entries.iter().any(|entry| entry["refusal"] == "too_many_tokens"),
            "it was accepted, and refused before the engine"
        );

        let url = upstream(None).await;
        let service = Service::start(&format!("{}limits.compute_seconds_per_minute = 1\n", behind(&url))).await;
        let client = service.client();
        let one = {
            let client = client.clone();
            tokio::spawn(async move { client.ask("", &question("m")).await })
        };
        tokio::time::sleep(Duration::from_millis(1500)).await;
        one.abort();
        tokio::time::sleep(Duration::from_millis(700)).await;
        let spent = client.asks().await;
        assert_eq!((spent.status, spent.code().as_str()), (429, "compute_spent"));
    });
}

#[test]
fn requests_wait_for_a_place_in_turn_and_not_for_ever() {
    run(async {
        let url = upstream(None).await;
        let text = format!(
            "{}limits.max_requests = 1\nlimits.waiting = 1\nlimits.wait_s = 2\n",
            behind(&url)
        );
        let service = Service::start(&text).await;
        let client = service.client();
        let ask = |model: &'static str| {
            let client = client.clone();
            tokio::spawn(async move { client.ask("", &question(model)).await })
        };
        let holds = ask("m");
        tokio::time::sleep(Duration::from_millis(500)).await;
        let waits = ask("ward-cite");
        tokio::time::sleep(Duration::from_millis(300)).await;
        let refused = client.asks().await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (503, "overloaded"),
            "the queue is full"
        );
        assert_eq!(refused.header("retry-after"), Some("1"));
        holds.abort();
        assert_eq!(waits.await.unwrap().status, 200, "the next in turn");
        let holds = ask("m");
        tokio::time::sleep(Duration::from_millis(500)).await;
        let late = client.asks().await;
        assert_eq!(
            (late.status, late.code().as_str()),
            (503, "overloaded"),
            "two seconds are over"
        );
        holds.abort();
    });
}

#[test]
fn one_address_has_its_share_of_connections() {
    run(async {
        let service = Service::start("limits.connections_per_address = 4\n").await;
        let client = service.client();
        let mut open = Vec::new();
        for _ in 0..4 {
            open.push(client.connect().await.unwrap());
        }
        assert!(client.connect().await.is_err(), "one more is closed");
        drop(open);
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(client.asks().await.status, 200);

        let service = Service::start("limits.handshakes_per_minute_per_address = 3\n").await;
        let client = service.client();
        for _ in 0..3 {
            assert_eq!(client.asks().await.status, 200);
        }
        assert!(client.connect().await.is_err());
    });
}
