//! Who is known: tokens of an issuer, client certificates, purposes and policies; and keys that end while they are used.

use std::{path::Path, sync::Arc, time::Duration};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PKCS_ED25519};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use ward_serve::{app::now, tls};

use crate::support::{Client, Service, behind, config, folder, question, run, upstream};

/// What a test changes about claims.
type Change = fn(&mut Value);

/// An issuer's key: its name, the key, and how it is published.
struct Issued {
    name: &'static str,
    key: KeyPair,
}

impl Issued {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            key: KeyPair::generate_for(&PKCS_ED25519).unwrap(),
        }
    }

    fn published(&self) -> Value {
        let x = data_encoding::BASE64URL_NOPAD.encode(self.key.public_key_raw());
        json!({"kty": "OKP", "crv": "Ed25519", "kid": self.name, "use": "sig", "alg": "EdDSA", "x": x})
    }

    fn token(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.name.to_owned());
        self.signed(&header, claims)
    }

    fn signed(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_ed_der(&self.key.serialize_der())).unwrap()
    }
}

fn publish(file: &Path, keys: &[&Issued]) {
    let keys: Vec<_> = keys.iter().map(|key| key.published()).collect();
    std::fs::write(file, json!({"keys": keys}).to_string()).unwrap();
}

fn claims(change: impl FnOnce(&mut Value)) -> Value {
    let now = now() / 1000;
    let mut claims = json!({
        "iss": "https://id.example", "aud": ["ward", "other"], "sub": "u-17",
        "iat": now, "nbf": now, "exp": now + 300, "realm": {"roles": ["staff", "doctors"]},
    });
    change(&mut claims);
    claims
}

const OIDC: &str = "[serve.oidc]\nissuer = \"https://id.example\"\naudience = [\"ward\"]\nkeys = \"file:jwks.json\"\n\
    role_claim = \"realm.roles\"\nroles = [\"doctors=clinician\", \"it=administrator\"]\nleeway_s = 5\n";

#[test]
fn tokens_of_another_kind_are_not_taken() {
    run(async {
        let folder = folder();
        let one = Issued::new("one");
        publish(&folder.path().join("jwks.json"), &[&one]);
        let service = Service::with(config(folder.path(), OIDC)).await;
        let client = service.client();
        let with = |kind: Option<&str>, change: Change| {
            let mut header = Header::new(Algorithm::EdDSA);
            header.kid = Some("one".to_owned());
            header.typ = kind.map(str::to_owned);
            one.signed(&header, &claims(change))
        };
        let same: Change = |_| {};
        for kind in [None, Some("JWT"), Some("at+jwt"), Some("application/at+JWT")] {
            assert_eq!(
                client.with_key(Some(&with(kind, same))).asks().await.status,
                200,
                "{kind:?}"
            );
        }
        let bearer: Change = |c| c["typ"] = json!("Bearer");
        assert_eq!(client.with_key(Some(&with(None, bearer))).asks().await.status, 200);
        let others: [(Option<&str>, Change); 6] = [
            (Some("logout+jwt"), same),
            (Some("dpop+jwt"), same),
            (None, |c| c["nonce"] = json!("n")),
            (Some("JWT"), |c| c["at_hash"] = json!("h")),
            (None, |c| c["typ"] = json!("Refresh")),
            (None, |c| c["token_use"] = json!("id")),
        ];
        for (kind, change) in others {
            let reply = client.with_key(Some(&with(kind, change))).asks().await;
            assert_eq!(
                (reply.status, reply.code().as_str()),
                (401, "invalid_token"),
                "{kind:?}"
            );
        }
        drop(service);
        let strict = Service::with(config(folder.path(), &format!("{OIDC}types = [\"at+jwt\"]\n"))).await;
        let client = strict.client();
        for (kind, expect) in [(Some("at+jwt"), 200), (Some("JWT"), 401), (None, 401)] {
            assert_eq!(
                client.with_key(Some(&with(kind, same))).asks().await.status,
                expect,
                "{kind:?}"
            );
        }
    });
}

#[test]
fn a_sign_in_must_be_as_strong_and_as_late_as_is_asked_for() {
    run(async {
        let folder = folder();
        let one = Issued::new("one");
        publish(&folder.path().join("jwks.json"), &[&one]);
        let text = format!("{OIDC}acr = [\"high\", \"higher\"]\namr = [\"mfa\", \"hwk\"]\nmax_age_s = 600\n");
        let service = Service::with(config(folder.path(), &text)).await;
        let client = service.client();
        let signed = |acr: Value, amr: Value, ago: Option<u64>| {
            one.token(&claims(|c| {
                c["acr"] = acr;
                c["amr"] = amr;
                c["auth_time"] = ago.map_or(Value::Null, |ago| json!(now() / 1000 - ago));
            }))
        };
        let strong = || (json!("high"), json!(["pwd", "mfa"]), Some(500));
        let (acr, amr, ago) = strong();
        assert_eq!(client.with_key(Some(&signed(acr, amr, ago))).asks().await.status, 200);
        let weak = [
            (json!("low"), strong().1, strong().2),
            (Value::Null, strong().1, strong().2),
            (strong().0, json!(["pwd"]), strong().2),
            (strong().0, json!([]), strong().2),
            (strong().0, Value::Null, strong().2),
            (strong().0, json!({"mfa": true}), strong().2),
            (strong().0, strong().1, Some(700)),
            (strong().0, strong().1, None),
        ];
        for (acr, amr, ago) in weak {
            let what = format!("{acr} {amr} {ago:?}");
            let reply = client.with_key(Some(&signed(acr, amr, ago))).asks().await;
            assert_eq!(
                (reply.status, reply.code().as_str()),
                (401, "sign_in_too_weak"),
                "{what}"
            );
        }
        let future = one.token(&claims(|c| {
            c["acr"] = json!("high");
            c["amr"] = json!("hwk");
            c["auth_time"] = json!(now() / 1000 + 60);
        }));
        assert_eq!(client.with_key(Some(&future)).asks().await.code(), "sign_in_too_weak");
    });
}

#[test]
fn tokens_of_the_issuer_are_taken_and_no_others() {
    run(async {
        let folder = folder();
        let (one, two) = (Issued::new("one"), Issued::new("two"));
        let jwks = folder.path().join("jwks.json");
        publish(&jwks, &[&one]);
        let mut settings = config(folder.path(), OIDC);
        settings.oidc.as_mut().unwrap().reread = Duration::ZERO;
        let service = Service::with(settings).await;
        let client = service.client();
        let status = async |token: &str| {
            let reply = client.with_key(Some(token)).asks().await;
            (reply.status, reply.code())
        };
        let refused = (401, "invalid_token".to_owned());
        assert_eq!(status(&one.token(&claims(|_| {}))).await.0, 200);
        assert_eq!(status(&one.token(&claims(|c| c["aud"] = json!("ward")))).await.0, 200);
        assert_eq!(
            status(&one.token(&claims(|c| c["exp"] = json!(now() / 1000 - 2))))
                .await
                .0,
            200,
            "clocks may differ"
        );
        let wrong: Vec<(&str, Change)> = vec![
            ("ended", |c| c["exp"] = json!(now() / 1000 - 10)),
            ("without an end", |c| c["exp"] = Value::Null),
            ("an end in words", |c| c["exp"] = json!("tomorrow")),
            ("not yet", |c| c["nbf"] = json!(now() / 1000 + 60)),
            ("from the future", |c| c["iat"] = json!(now() / 1000 + 60)),
            ("for others", |c| c["aud"] = json!(["other"])),
            ("for nobody", |c| c["aud"] = json!([])),
            ("of others", |c| c["iss"] = json!("https://evil.example")),
            ("of nobody", |c| c["iss"] = Value::Null),
            ("about nobody", |c| c["sub"] = json!("")),
            ("about a number", |c| c["sub"] = json!(17)),
        ];
        for (what, change) in wrong {
            assert_eq!(status(&one.token(&claims(change))).await, refused, "{what}");
        }
        for roles in [json!([]), json!("staff"), json!({"doctors": true}), Value::Null] {
            let token = one.token(&claims(|c| c["realm"]["roles"] = roles));
            assert_eq!(status(&token).await, (403, "forbidden".to_owned()));
        }
        let it = one.token(&claims(|c| c["realm"]["roles"] = json!("it")));
        assert_eq!(status(&it).await.0, 403, "an administrator may not ask");
        assert_eq!(client.with_key(Some(&it)).get("/v1/models").await.status, 200);

        // What a token says about its own checking is not obeyed.
        let good = one.token(&claims(|_| {}));
        let encode = |value: &Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let parts: Vec<&str> = good.split('.').collect();
        let none = encode(&json!({"alg": "none"}));
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("one".to_owned());
        let public = EncodingKey::from_secret(one.key.public_key_raw());
        let shared = jsonwebtoken::encode(&header, &claims(|_| {}), &public).unwrap();
        let mut critical = Header::new(Algorithm::EdDSA);
        critical.kid = Some("one".to_owned());
        critical.crit = Some(vec!["exp".to_owned()]);
        let mut own_key = Header::new(Algorithm::EdDSA);
        own_key.kid = Some("one".to_owned());
        own_key.jwk = serde_json::from_value(two.published()).ok();
        let changed = format!(
            "{}.{}.{}",
            parts[0],
            encode(&claims(|c| c["sub"] = json!("root"))),
            parts[2]
        );
        for token in [
            format!("{none}.{}.", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            shared,
            one.signed(&critical, &claims(|_| {})),
            two.signed(&own_key, &claims(|_| {})),
            changed,
            format!("{good}x"),
            good[..good.len() - 4].to_owned(),
            format!("eyJ{}", "a".repeat(20_000)),
            "eyJ".to_owned(),
            "eyJ..".to_owned(),
        ] {
            assert_eq!(status(&token).await, refused, "{token:.60}");
        }

        // A key of tomorrow is read when its first token comes, and one of yesterday is worth nothing afterwards.
        assert_eq!(status(&two.token(&claims(|_| {}))).await, refused);
        publish(&jwks, &[&two]);
        let (a, b) = (
            two.token(&claims(|_| {})),
            two.token(&claims(|c| c["sub"] = json!("Jörg <x>"))),
        );
        let both = tokio::join!(status(&a), status(&b));
        assert_eq!((both.0.0, both.1.0), (200, 200));
        assert_eq!(status(&one.token(&claims(|_| {}))).await, refused);
        // A broken file changes nothing.
        std::fs::write(&jwks, "{").unwrap();
        assert_eq!(status(&one.token(&claims(|_| {}))).await, refused);
        assert_eq!(status(&two.token(&claims(|_| {}))).await.0, 200);
        let entries = service.stop().await;
        let who: Vec<&str> = entries.iter().filter_map(|entry| entry["key"].as_str()).collect();
        assert!(
            who.contains(&"oidc:u-17") && who.iter().any(|who| who.starts_with("oidc:#")),
            "{who:?}"
        );
        assert!(entries.iter().any(|entry| entry["via"] == "token"));
    });
}

#[test]
fn an_issuers_keys_change_under_requests_in_flight() {
    run(async {
        let folder = folder();
        let (one, two) = (Issued::new("one"), Issued::new("two"));
        let jwks = folder.path().join("jwks.json");
        publish(&jwks, &[&one]);
        let mut settings = config(folder.path(), OIDC);
        settings.oidc.as_mut().unwrap().reread = Duration::ZERO;
        let service = Service::with(settings).await;
        let tokens = [one.token(&claims(|_| {})), two.token(&claims(|_| {}))];
        let asking: Vec<_> = (0..12)
            .map(|n| {
                let client = service.client().with_key(Some(&tokens[n % 2]));
                tokio::spawn(async move {
                    let mut taken = 0;
                    for _ in 0..10 {
                        let reply = client.get("/v1/models").await;
                        match reply.status {
                            200 => taken += 1,
                            _ => assert_eq!((reply.status, reply.code().as_str()), (401, "invalid_token")),
                        }
                    }
                    taken
                })
            })
            .collect();
        // Half a file, none, both keys, the other key: nobody is let in by what is not published, and nothing breaks.
        for keys in [&[&one, &two][..], &[], &[&two, &one], &[&two]] {
            tokio::time::sleep(Duration::from_millis(30)).await;
            publish(&jwks, keys);
        }
        let mut taken = 0;
        for one in asking {
            taken += one.await.unwrap();
        }
        assert!(taken > 0);
        assert_eq!(service.client().with_key(Some(&tokens[1])).asks().await.status, 200);
        // A key that nobody has seen makes them be read again, at the latest; what is gone is gone then.
        let three = Issued::new("three").token(&claims(|_| {}));
        assert_eq!(service.client().with_key(Some(&three)).asks().await.status, 401);
        let old = service.client().with_key(Some(&tokens[0])).asks().await;
        assert_eq!((old.status, old.code().as_str()), (401, "invalid_token"));
    });
}

#[test]
fn an_issuer_that_cannot_be_reached_is_no_reason_to_believe() {
    run(async {
        let text = OIDC.replace("file:jwks.json", "http://127.0.0.1:9/jwks");
        let service = Service::start(&text).await;
        let token = Issued::new("one").token(&claims(|_| {}));
        let reply = service.client().with_key(Some(&token)).asks().await;
        assert_eq!((reply.status, reply.code().as_str()), (503, "identity_unavailable"));
        assert_eq!(reply.header("retry-after"), Some("30"));
        assert_eq!(service.client().asks().await.status, 200, "keys work as before");
    });
}

struct Authority {
    certificate: rcgen::Certificate,
    issuer: Issuer<'static, KeyPair>,
}

fn authority() -> Authority {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
    let certificate = params.self_signed(&key).unwrap();
    Authority {
        certificate,
        issuer: Issuer::new(params, key),
    }
}

impl Authority {
    fn client(&self) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["client.example".to_owned()]).unwrap();
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }
}

fn hex(bytes: [u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_certificate_of_the_authority_is_who_it_was_named() {
    run(async {
        let folder = folder();
        let (ours, theirs) = (authority(), authority());
        let (pacs, pacs_key) = ours.client();
        let (unnamed, unnamed_key) = ours.client();
        let (forged, forged_key) = theirs.client();
        std::fs::write(folder.path().join("ca.pem"), ours.certificate.pem()).unwrap();
        let spki = hex(tls::spki_sha256(pacs.der()).unwrap());
        let text = format!(
            "tls.client_ca = \"ca.pem\"\n[[serve.client]]\nname = \"pacs\"\nspki = \"{spki}\"\nrole = \"service\"\n"
        );
        let service = Service::with(config(folder.path(), &text)).await;
        let nobody = service.client().with_key(None);
        assert_eq!(nobody.asks().await.status, 401);
        assert_eq!(nobody.as_client(&pacs, &pacs_key).asks().await.status, 200);
        assert_eq!(
            nobody.as_client(&unnamed, &unnamed_key).asks().await.status,
            401,
            "believed, but nobody"
        );
        // A certificate of another authority ends the connection; TLS 1.3 tells the client with its first read.
        let refused = nobody.as_client(&forged, &forged_key);
        let attempt = async {
            let mut stream = refused.connect().await?;
            stream
                .write_all(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .await?;
            let mut byte = [0];
            stream.read_exact(&mut byte).await
        };
        assert!(attempt.await.is_err());
        // A header counts more than the certificate: a wrong key is not mended by it.
        assert_eq!(
            service
                .client()
                .with_key(Some("wk_x"))
                .as_client(&pacs, &pacs_key)
                .asks()
                .await
                .status,
            401
        );
        let entries = service.stop().await;
        assert!(
            entries
                .iter()
                .any(|entry| entry["key"] == "cert:pacs" && entry["via"] == "certificate")
        );
    });
}

#[test]
fn a_certificate_can_be_demanded() {
    run(async {
        let folder = folder();
        let ours = authority();
        std::fs::write(folder.path().join("ca.pem"), ours.certificate.pem()).unwrap();
        let text = "tls.client_ca = \"ca.pem\"\ntls.client_required = true\n";
        let service = Service::with(config(folder.path(), text)).await;
        let (certificate, key) = ours.client();
        assert_eq!(service.client().as_client(&certificate, &key).asks().await.status, 200);
        assert!(
            service
                .client()
                .raw(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .await
                .is_err()
        );
    });
}

#[test]
fn a_key_for_several_purposes_must_say_which() {
    run(async {
        let service = Service::start("").await;
        let (_, key) = service.new_key("clinician", |terms| {
            terms.purposes = vec!["treatment".to_owned(), "research".to_owned()];
        });
        service.taken_up().await;
        let client = service.client().with_key(Some(&key));
        let plain = question("ward-cite");
        for (header, status, code) in [
            ("", 403, "purpose_needed"),
            ("Ward-Purpose: research\r\n", 200, ""),
            ("Ward-Purpose: marketing\r\n", 403, "purpose_refused"),
        ] {
            let reply = client.ask(header, &plain).await;
            assert_eq!((reply.status, reply.code().as_str()), (status, code), "{header}");
        }
        assert_eq!(
            client.get("/v1/models").await.status,
            200,
            "what is no question is for nothing"
        );
    });
}

#[test]
fn every_refusal_of_a_known_key_is_on_the_ledger() {
    run(async {
        let service = Service::start("environment = \"test\"\nlimits.requests_per_minute = 2\n").await;
        let (revoked, dead) = service.new_key("clinician", |_| {});
        let (elsewhere, foreign) =
            service.new_key("clinician", |terms| terms.environment = Some("production".to_owned()));
        let (many, hurried) = service.new_key("service", |_| {});
        service.store().revoke(&revoked, now()).unwrap();
        service.taken_up().await;
        let as_key = |key: &str| service.client().with_key(Some(key));
        for _ in 0..3 {
            assert_eq!(as_key(&dead).asks().await.code(), "revoked_api_key");
        }
        assert_eq!(as_key(&foreign).asks().await.code(), "wrong_environment");
        assert_eq!(as_key(&hurried).get("/nowhere").await.code(), "not_found");
        assert_eq!(as_key(&hurried).get("/v1/models/none").await.code(), "model_not_found");
        assert_eq!(as_key(&hurried).asks().await.code(), "rate_limit_exceeded");
        let entries = service.stop().await;
        for (key, route, refusal, count) in [
            (&revoked, "/v1/chat/completions", "revoked_api_key", 3),
            (&elsewhere, "/v1/chat/completions", "wrong_environment", 1),
            (&many, "other", "not_found", 1),
            (&many, "/v1/models/{model}", "model_not_found", 1),
            (&many, "/v1/chat/completions", "rate_limit_exceeded", 1),
        ] {
            let counted = entries.iter().filter(|entry| {
                entry["event"] == "turned_away"
                    && entry["key"] == **key
                    && entry["route"] == route
                    && entry["refusal"] == refusal
            });
            let counted: u64 = counted.map(|entry| entry["count"].as_u64().unwrap()).sum();
            assert_eq!(counted, count, "{refusal}: {entries:?}");
        }
        assert!(entries.iter().all(|entry| entry["event"] != "not_known"), "{entries:?}");
    });
}

#[test]
fn a_question_has_a_purpose_and_a_policy_decides() {
    run(async {
        let folder = folder();
        let policy = r#"@id("all") permit (principal, action, resource);
            @id("research-gets-no-values") forbid (principal, action, resource)
                when { context has purpose && context.purpose == "research" && context.data != "text" };"#;
        std::fs::write(folder.path().join("ward.cedar"), policy).unwrap();
        let text = "policies = \"ward.cedar\"\npurposes = [\"treatment\", \"research\"]\npurpose_required = true\n";
        let service = Service::with(config(folder.path(), text)).await;
        let client = service.client();
        let plain = question("ward-cite");
        let record = json!({"model": "ward-cite", "messages": [{"role": "user", "content":
            "Patient: Jane Roe, born 1980-02-03, MRN 4711-0815. Allergies: penicillin (hives).\n\nAny allergies?"}]});
        let ask = async |client: &Client, purpose: &str, body: &Value| {
            let header = if purpose.is_empty() {
                String::new()
            } else {
                format!("Ward-Purpose: {purpose}\r\n")
            };
            let reply = client.ask(&header, body).await;
            (reply.status, reply.code())
        };
        let code = |status: u16, word: &str| (status, word.to_owned());
        assert_eq!(ask(&client, "", &plain).await, code(403, "purpose_needed"));
        assert_eq!(ask(&client, "treatment", &plain).await, code(200, ""));
        assert_eq!(ask(&client, "treatment", &record).await, code(200, ""));
        assert_eq!(ask(&client, "research", &plain).await, code(200, ""));
        assert_eq!(ask(&client, "research", &record).await, code(403, "policy_forbids"));
        assert_eq!(ask(&client, "marketing", &plain).await, code(403, "purpose_refused"));
        assert_eq!(ask(&client, "TREATMENT", &plain).await, code(400, "invalid_value"));
        assert_eq!(
            ask(&client, "treatment\r\nWard-Purpose: research", &plain).await,
            code(400, "invalid_value")
        );
        let (_, one) = service.new_key("clinician", |terms| terms.purposes = vec!["treatment".to_owned()]);
        service.taken_up().await;
        let one = client.with_key(Some(&one));
        assert_eq!(ask(&one, "", &plain).await, code(200, ""), "the key's one purpose");
        assert_eq!(ask(&one, "research", &plain).await, code(403, "purpose_refused"));
        let (_, other) = service.new_key("clinician", |terms| terms.purposes = vec!["audit".to_owned()]);
        service.taken_up().await;
        let other = client.with_key(Some(&other));
        assert_eq!(
            ask(&other, "", &plain).await,
            code(403, "purpose_refused"),
            "a purpose of the key's that the server does not know"
        );

        // A policy that changes counts from then on; one that is broken does not, and the old one stays.
        std::fs::write(
            folder.path().join("ward.cedar"),
            "forbid (principal, action, resource);",
        )
        .unwrap();
        service.taken_up().await;
        assert_eq!(ask(&client, "treatment", &plain).await, code(403, "policy_forbids"));
        std::fs::write(folder.path().join("ward.cedar"), "permit (principal, action, nothing);").unwrap();
        service.taken_up().await;
        assert_eq!(ask(&client, "treatment", &plain).await, code(403, "policy_forbids"));
        let entries = service.stop().await;
        let has = |name: &str, value: &str| entries.iter().any(|entry| entry[name] == value);
        assert!(has("purpose", "treatment") && has("policy", "all") && has("data", "text"));
        assert!(has("refusal", "policy_forbids") && has("event", "configured") && has("event", "reconfigured"));
        assert!(
            entries
                .iter()
                .all(|entry| entry["policy"].is_null() || entry["refusal"].is_null())
        );
    });
}

#[test]
fn a_key_revoked_in_the_middle_of_an_answer_ends_it() {
    run(async {
        let url = upstream(Some("The first words ")).await;
        let service = Service::start(&behind(&url)).await;
        let (id, key) = service.new_key("clinician", |_| {});
        let (_, other) = service.new_key("clinician", |_| {});
        service.taken_up().await;
        let ask = |key: String| {
            let client = service.client().with_key(Some(&key));
            let mut body = question("m");
            body["stream"] = json!(true);
            tokio::spawn(async move { client.ask("", &body).await })
        };
        let (revoked, stays) = (ask(key), ask(other));
        tokio::time::sleep(Duration::from_millis(500)).await;
        service.store().revoke(&id, now()).unwrap();
        let reply = tokio::time::timeout(Duration::from_secs(5), revoked)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(reply.status, 200, "it had begun");
        assert!(
            reply.body.contains("event: error") && reply.body.contains("revoked_api_key"),
            "{}",
            reply.body
        );
        assert!(!reply.body.contains("[DONE]"));
        assert!(!stays.is_finished(), "another's answer goes on");
        stays.abort();
        assert!(
            service
                .stop()
                .await
                .iter()
                .any(|entry| entry["refusal"] == "revoked_api_key" && entry["key"] == id.as_str())
        );
    });
}

#[test]
fn the_upstream_must_have_the_pinned_key() {
    // The handshake against the pins, without a service between.
    run(async {
        let folder = folder();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["localhost".to_owned()])
            .unwrap()
            .self_signed(&key)
            .unwrap();
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, certificate.pem()).unwrap();
        let der = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let server = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], der)
            .unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(server));
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let _ = acceptor.accept(socket).await;
            }
        });
        let right = tls::spki_sha256(certificate.der()).unwrap();
        let connects = async |ca: Option<&Path>, pins: &[[u8; 32]]| {
            let config = tls::client_config(ca, pins).unwrap();
            let socket = tokio::net::TcpStream::connect(address).await.unwrap();
            let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
            tokio_rustls::TlsConnector::from(Arc::new(config))
                .connect(name, socket)
                .await
                .is_ok()
        };
        assert!(connects(Some(&ca), &[]).await);
        assert!(connects(Some(&ca), &[[0; 32], right]).await);
        assert!(
            !connects(Some(&ca), &[[0; 32]]).await,
            "believed, but not the pinned key"
        );
        assert!(!connects(None, &[right]).await, "the pinned key, but not believed");
    });
}

#[test]
fn a_phrase_planted_for_one_key_is_told_with_another() {
    run(async {
        let service = Service::start("").await;
        let (id, other) = service.new_key("clinician", |_| {});
        service.taken_up().await;
        let data = ward_seal::store::DataDir::open_existing(&service.data).unwrap();
        let phrase = ward_serve::phrases::Phrases::open(&data).unwrap().of_key(&id);
        let record = format!("Allergies: latex. Remark: {phrase}.\n\n");
        let ask = |what: &str| {
            let text = format!("{record}{what}");
            json!({"model": "ward-cite", "messages": [{"role": "user", "content": text}]})
        };
        let client = service.client();
        let own = client.with_key(Some(&other)).ask("", &ask("Which allergies?")).await;
        assert_eq!(own.status, 200, "its own");
        let others = client.ask("", &ask("Which allergies?")).await;
        assert_eq!(
            (others.status, others.code().as_str()),
            (502, "content_filter"),
            "the answer quotes it"
        );
        let entries = service.stop().await;
        let told: Vec<_> = entries.iter().filter(|entry| entry["event"] == "request").collect();
        assert_eq!(told.len(), 2);
        assert!(told[0]["caller"].is_null(), "{}", told[0]);
        assert_eq!(told[1]["caller"][0]["control"], "MOD-6a", "{}", told[1]);
        let alert = entries.iter().find(|entry| entry["rule"] == "canary_phrase");
        assert!(alert.is_some());
        assert!(
            !serde_json::to_string(&entries).unwrap().contains(&phrase),
            "no content"
        );
    });
}

#[test]
fn a_phrase_that_an_upstream_says_is_stopped() {
    run(async {
        let folder = folder();
        let keys = config(folder.path(), "").data;
        let data = ward_seal::store::DataDir::open(&keys).unwrap();
        let (record, _) = ward_seal::apikey::KeyStore::open(&data)
            .unwrap()
            .create("clinician", "x", None, 1)
            .unwrap();
        let phrase = ward_serve::phrases::Phrases::open(&data).unwrap().of_key(&record.id);
        let says: &'static str = Box::leak(format!("It is {phrase}, and more.").into_boxed_str());
        let url = upstream(Some(says)).await;
        let (_, key) = ward_seal::apikey::KeyStore::open(&data)
            .unwrap()
            .create("clinician", "y", None, 1)
            .unwrap();
        let service = Service::with_key(config(folder.path(), &behind(&url)), key.expose()).await;
        let stopped = service.client().ask("", &question("m")).await;
        assert_eq!((stopped.status, stopped.code().as_str()), (502, "content_filter"));
    });
}
