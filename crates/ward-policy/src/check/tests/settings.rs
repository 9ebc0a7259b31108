//! Promises about a service held against `[serve]`, and claims of SECURITY-INSIGHTS against the repository.

use super::*;

#[test]
fn settings_of_the_service_keep_or_break() {
    const KEPT: (&str, &str) = ("kept", "policy-promise");
    const DIFFERS: (&str, &str) = ("broken", "policy-service-differs");
    const DARK: (&str, &str) = ("unverifiable", "policy-service");
    for (policy, settings, topic, (verdict, rule)) in [
        ("- All connections use TLS 1.3.", "[serve]\n", Topic::Tls, KEPT),
        (
            "- All connections use TLS 1.3.",
            "[serve]\nunsafe_tls_1_2 = true\n",
            Topic::Tls,
            DIFFERS,
        ),
        (
            "- All connections use TLS 1.2 or 1.3.",
            "[serve]\nunsafe_tls_1_2 = true\n",
            Topic::Tls,
            KEPT,
        ),
        ("- All connections use TLS 1.3.", "[scan]\n", Topic::Tls, DARK),
        (
            "- All connections use TLS 1.3.",
            "[serve.upstream]\nurl = \"http://models.acme.dev:8000/v1\"\n",
            Topic::Tls,
            DIFFERS,
        ),
        (
            "- All connections use TLS 1.3.",
            "[serve.upstream]\nurl = \"HTTP://localhost@10.0.0.7/v1\"\n",
            Topic::Tls,
            DIFFERS,
        ),
        (
            "- All connections use TLS 1.3.",
            "[serve.upstream]\nurl = \"https://models.acme.dev/v1\"\n",
            Topic::Tls,
            KEPT,
        ),
        (
            "- All connections use TLS 1.3.",
            "[serve.upstream]\nurl = \"http://127.0.0.1:8000/v1\"\n",
            Topic::Tls,
            KEPT,
        ),
        (
            "- All connections use TLS 1.3.",
            "[serve.upstream]\nurl = \"http://[::1]:8000/v1\"\n",
            Topic::Tls,
            KEPT,
        ),
        (
            "- All prompts are de-identified before they reach the model.",
            "[serve]\n",
            Topic::Deidentification,
            KEPT,
        ),
        (
            "- All prompts are de-identified before they reach the model.",
            "[serve]\nunsafe_pictures = true\n",
            Topic::Deidentification,
            DIFFERS,
        ),
        (
            "- Rate limiting on all endpoints",
            "[serve.limits]\nrequests_per_minute = 60\n",
            Topic::RateLimit,
            KEPT,
        ),
        (
            "- Rate limiting on all endpoints",
            "[serve]\nunsafe_unlimited = true\n",
            Topic::RateLimit,
            DIFFERS,
        ),
        ("- Rate limiting on all endpoints", "[serve]\n", Topic::RateLimit, DARK),
        (
            "- Rate limiting: 60 requests per minute",
            "[serve.limits]\nrequests_per_minute = 600\n",
            Topic::RateLimit,
            DIFFERS,
        ),
        (
            "- Requests with bodies larger than 10 MB are rejected.",
            "[serve]\n",
            Topic::InputValidation,
            DIFFERS,
        ),
        (
            "- Requests with bodies larger than 10 MB are rejected.",
            "[serve.limits]\nmax_body = 1048576\n",
            Topic::InputValidation,
            KEPT,
        ),
        (
            "- Authentication uses mTLS with client certificates.",
            "[serve]\n",
            Topic::Authentication,
            DIFFERS,
        ),
        (
            "- Authentication uses mTLS with client certificates.",
            "[serve.tls]\nclient_required = true\n",
            Topic::Authentication,
            KEPT,
        ),
        (
            "- All user authentication is handled by Firebase.",
            "[serve]\n",
            Topic::Authentication,
            DARK,
        ),
        (
            "- Role-based access control is implemented.",
            "[serve]\n",
            Topic::Authentication,
            DARK,
        ),
    ] {
        check(policy, &[("ward.toml", settings)], topic, verdict, rule);
    }
}

#[test]
fn claims_of_insights_are_checked() {
    let file = |until: &str, url: &str, tool: &str| {
        format!(
            "header:\n  schema-version: 2.0.0\n  expiration-date: {until}\nrepository:\n  url: {url}\n  security:\n    tools:\n      - name: {tool}\n        integration:\n          ci: true\n"
        )
    };
    let ci = ci("      - run: bandit -r src\n");
    let own = "https://github.com/acme/lantern";
    for (until, url, tool, wrong) in [
        ("2027-01-01", own, "Bandit", false),
        ("2026-01-01", own, "Bandit", true),
        ("2027-01-01", "https://github.com/other/thing", "Bandit", true),
        ("2027-01-01", own, "Semgrep", true),
        ("2027-01-01", own, "A tool nobody knows", false),
    ] {
        let text = file(until, url, tool);
        let files = [
            ("SECURITY-INSIGHTS.yml", text.as_str()),
            ("src/a.py", "x\n"),
            (".github/workflows/ci.yml", &ci),
        ];
        remarks(&repository(&files), "policy-insights", wrong);
    }
}

#[test]
fn the_way_to_the_model_is_no_way_of_callers() {
    const POLICY: &str = "- All traffic to upstreams is encrypted with TLS.";
    let of = |url: &str| format!("[serve.upstream]\nurl = \"{url}\"\n");
    for (settings, verdict, rule) in [
        (of("http://10.0.0.5:11434"), "broken", "policy-service-differs"),
        (of("http://127.0.0.1:11434"), "broken", "policy-service-differs"),
        (of("https://models.acme.dev"), "kept", "policy-promise"),
        ("[serve]\n".to_owned(), "unverifiable", "policy-service"),
    ] {
        check(POLICY, &[("ward.toml", &settings)], Topic::Tls, verdict, rule);
    }
}

#[test]
fn limits_that_nobody_wrote_count_too() {
    for (policy, limit, most, verdict, rule) in [
        (
            "at most 60 requests per minute",
            "limits.requests_per_minute",
            240,
            "broken",
            "policy-service-differs",
        ),
        (
            "at most 240 requests per minute",
            "limits.requests_per_minute",
            240,
            "kept",
            "policy-promise",
        ),
        ("rate limited", "limits.at_once", 8, "kept", "policy-promise"),
        // 0 is no limit.
        ("rate limited", "limits.at_once", 0, "unverifiable", "policy-service"),
    ] {
        let policy = format!("- Every client of the API is {policy} by rate limiting.");
        let repository = Repository {
            service_limits: [(limit.to_owned(), most)].into(),
            ..with_policy(&policy, &[("ward.toml", "[serve]\nprofile = \"clinic\"\n")])
        };
        check_in(&repository, Topic::RateLimit, verdict, rule);
    }
}

#[test]
fn settings_that_are_refused_keep_nothing() {
    let with = |settings: &str| Repository {
        service_fault: Some((Some(2), "serve.nonsense: there is no such setting.".to_owned())),
        ..with_policy("- All connections use TLS 1.3.", &[("ward.toml", settings)])
    };
    let repository = with("[serve]\nnonsense = 1\n");
    check_in(&repository, Topic::Tls, "not_examined", "policy-service-differs");
    let repository = with("[serve]\nunsafe_tls_1_2 = true\nnonsense = 1\n");
    check_in(&repository, Topic::Tls, "broken", "policy-service-differs");
}

#[test]
fn an_upstream_that_is_refused_is_not_examined() {
    let fault = "serve.upstream.url: the address must begin with http:// or https://.";
    let settings = "[serve.upstream]\nurl = \"http://10.0.0.5:11434\"\n";
    for (policy, topic) in [
        ("- All traffic to upstreams is encrypted with TLS.", Topic::Tls),
        ("- All connections to the service use TLS 1.3.", Topic::Tls),
        (
            "- Patient identifiers are removed before a prompt reaches the model.",
            Topic::Deidentification,
        ),
    ] {
        let repository = Repository {
            service_fault: Some((Some(2), fault.to_owned())),
            ..with_policy(policy, &[("ward.toml", settings)])
        };
        check_in(&repository, topic, "not_examined", "policy-service-differs");
    }
    let policy = "- All connections to the service use TLS 1.3.";
    check(policy, &[("ward.toml", settings)], Topic::Tls, "kept", "policy-promise");
}

#[test]
fn clocks_of_the_settings_are_compared() {
    let policy = |time: &str| {
        format!(
            "# Security policy\n\n## Reporting a vulnerability\n\nMail security@acme.dev. We acknowledge your report within {time}.\n"
        )
    };
    for (time, settings, verdict, rule) in [
        (
            "48 hours",
            "[disclose]\nproduct = \"x\"\n",
            "unverifiable",
            "policy-conduct",
        ),
        (
            "24 hours",
            "[disclose]\nproduct = \"x\"\n",
            "contradictory",
            "policy-clocks-disagree",
        ),
        (
            "24 hours",
            "[disclose]\nclocks = [\"strict\", \"gdpr\"]\n",
            "unverifiable",
            "policy-conduct",
        ),
        (
            "24 hours",
            "[disclose]\nclocks = [\"small-team\"]\n",
            "contradictory",
            "policy-clocks-disagree",
        ),
        // Clocks of laws alone say nothing of the team's own.
        (
            "24 hours",
            "[disclose]\nclocks = [\"gdpr\"]\n",
            "unverifiable",
            "policy-conduct",
        ),
        (
            "24 hours",
            "[disclose]\n[[disclose.clock]]\nname = \"acknowledge\"\nwhat = \"a\"\nfrom = \"received\"\nuntil = \"acknowledged\"\nhours = 24\n",
            "unverifiable",
            "policy-conduct",
        ),
        (
            "48 hours",
            "[disclose]\n[[disclose.clock]]\nname = \"acknowledge\"\nwhat = \"a\"\nfrom = \"received\"\nuntil = \"acknowledged\"\nhours = 24\n",
            "contradictory",
            "policy-clocks-disagree",
        ),
    ] {
        let repository = repository(&[("SECURITY.md", &policy(time)), ("ward.toml", settings)]);
        check_in(&repository, Topic::Acknowledge, verdict, rule);
    }
}
