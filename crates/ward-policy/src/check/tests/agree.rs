//! Whether what is said in two places agrees, and who else's words count.

use super::*;

fn security(text: &str) -> Repository {
    let text = format!("# Security policy\n\n{text}\n");
    repository(&[("SECURITY.md", &text), ("src/a.py", "x = 1\n")])
}

#[test]
fn business_days_are_no_hours() {
    for (one, other, verdict, rule) in [
        (
            "two working days",
            "48 hours",
            "contradictory",
            "policy-clocks-disagree",
        ),
        ("1 business day", "24 hours", "contradictory", "policy-clocks-disagree"),
        ("5 business days", "one week", "unverifiable", "policy-conduct"),
        ("2 days", "48 hours", "unverifiable", "policy-conduct"),
    ] {
        let text = format!(
            "## Reporting\n\nWe will acknowledge your report within {one}.\n\n## Response\n\nWe acknowledge reports within {other}."
        );
        check_in(&security(&text), Topic::Acknowledge, verdict, rule);
    }
}

#[test]
fn days_of_support_agree_or_do_not() {
    let table = "| Version | Supported until |\n|---|---|\n| 1.x | 2027-06-30 |\n";
    for (said, verdict, rule) in [
        ("Version 1.x is supported until 30 June 2027.", "kept", "policy-promise"),
        (
            "Version 1.x is supported until 2027-12-31.",
            "contradictory",
            "policy-versions-disagree",
        ),
        (
            "Support for 1.x ends in March 2027.",
            "contradictory",
            "policy-versions-disagree",
        ),
        ("1.x is no longer supported.", "kept", "policy-promise"),
        ("Version 1.x is supported until June 2027.", "kept", "policy-promise"),
        ("0.x is supported until 2026-12-31.", "kept", "policy-promise"),
    ] {
        let text = format!("# Security policy\n\n## Supported versions\n\n{said}\n\n{table}");
        let manifest = "[project]\nname = \"a\"\nversion = \"1.2.0\"\n";
        let repository = repository(&[("SECURITY.md", &text), ("pyproject.toml", manifest)]);
        check_in(&repository, Topic::SupportedVersions, verdict, rule);
    }
    // Two products with one number each.
    let text = format!(
        "# Security policy\n\n## Server versions\n\n{table}\n## Client versions\n\n{}",
        table.replace("2027", "2028")
    );
    let manifest = "[project]\nname = \"a\"\nversion = \"1.2.0\"\n";
    let two = repository(&[("SECURITY.md", &text), ("pyproject.toml", manifest)]);
    check_in(&two, Topic::SupportedVersions, "kept", "policy-promise");
}

#[test]
fn what_is_said_beside_a_table_is_no_contradiction() {
    let manifest = "[project]\nname = \"a\"\nversion = \"2.1.0\"\n";
    let verdicts = |text: &str| -> Vec<(String, &'static str)> {
        let text = format!("# Security policy\n\n{text}\n");
        let report = judged(&repository(&[("SECURITY.md", &text), ("pyproject.toml", manifest)]));
        let about = report
            .judged
            .iter()
            .filter(|one| one.promise.topic == Topic::SupportedVersions);
        about
            .map(|one| (one.promise.text.clone(), one.verdict.word()))
            .collect()
    };
    let answers = "## Supported versions\n\n| Version | Supported |\n|---|---|\n| 2.x | yes |\n| 1.x | no |\n\n";
    let days = "| Version | Supported until |\n|---|---|\n| 2.x | 2028-06-30 |\n\n";
    for (table, said, contradicts) in [
        (
            answers,
            "2.x is supported on Python 3.10 and later; Python 3.9 is not supported.",
            false,
        ),
        (
            answers,
            "2.x is supported on Linux only, Windows is not supported.",
            false,
        ),
        (
            answers,
            "2.x is no longer getting new features, only security fixes and updates.",
            false,
        ),
        (
            answers,
            "- 2.x is no longer getting new features, only security fixes and updates.",
            false,
        ),
        (
            answers,
            "2.x is not affected by CVE-2026-1234, no fixes are needed.",
            false,
        ),
        (answers, "1.x is supported for customers with a contract.", false),
        (answers, "1.x is no longer supported.", false),
        (days, "2.x is supported until mid 2028.", false),
        (
            days,
            "2.x is supported until June 2028. 2.x is supported with new features until 2027-06-30.",
            false,
        ),
        (days, "2.x is supported until 2028.", false),
        (answers, "2.x is no longer supported.", true),
        (answers, "1.x gets security fixes.", true),
        (answers, "1.x is supported until 2027-06-30.", true),
        (days, "2.x is supported until August 2028.", true),
        (days, "2.x is supported until 2029.", true),
    ] {
        let found = verdicts(&format!("{table}{said}"));
        assert_eq!(
            found.iter().any(|one| one.1 == "contradictory"),
            contradicts,
            "{said}: {found:?}"
        );
    }
    let found = verdicts(&format!("{answers}1.x is supported for customers with a contract."));
    let one = found.iter().find(|one| one.0.contains("contract")).map(|one| one.1);
    assert_eq!(one, Some("not_examined"), "{found:?}");
    // The tables of two products, and of one in two places.
    let other = answers.replace("2.x | yes", "2.x | no").replace("## ", "### ");
    let table = answers.replace("## ", "### ");
    for (first, second, contradicts) in [("Viewer", "Server", false), ("Releases", "Security support", true)] {
        let found = verdicts(&format!("## {first}\n\n{table}## {second}\n\n{other}"));
        assert_eq!(
            found.iter().any(|one| one.1 == "contradictory"),
            contradicts,
            "{first}: {found:?}"
        );
    }
}

#[test]
fn others_are_heard() {
    for text in [
        "This project follows the [Apache Software Foundation policy](https://apache.org/security/).",
        "Security issues are handled by the Apache Software Foundation; see [its policy](https://apache.org/security/).",
        "Vulnerabilities are handled by the Linux Foundation security team according to [their policy](https://lf.org/policy).",
        "This repository follows the [Acme organisation security policy](https://github.com/acme/.github/blob/main/SECURITY.md).",
    ] {
        check_in(&security(text), Topic::PrivateChannel, "delegated", "policy-delegated");
    }
    for text in [
        "We follow [coordinated disclosure](https://en.wikipedia.org/wiki/Coordinated_vulnerability_disclosure).",
        "Sessions are handled by Redis, and the security headers by nginx.",
        "Reporters who follow this policy are safe; see [the terms](https://acme.dev/terms).",
    ] {
        let report = judged(&security(text));
        let mut words = report.judged.iter().map(|one| one.verdict.word());
        assert!(!words.any(|word| word == "delegated"), "{text}");
    }
}

#[test]
fn updates_come_as_often_as_promised() {
    let renovate = |text: &str| {
        let text = format!("{{\"extends\": [\"config:recommended\"]{text}}}");
        with_policy(
            "- Renovate proposes updates of dependencies every week.",
            &[("renovate.json", &text), ("requirements.txt", "numpy==2.1.0\n")],
        )
    };
    for (text, verdict, rule) in [
        ("", "kept", "policy-promise"),
        (", \"schedule\": [\"before 5am on monday\"]", "kept", "policy-promise"),
        (
            ", \"schedule\": [\"before 5am on the first day of the month\"]",
            "broken",
            "policy-schedule-absent",
        ),
        (", \"enabled\": false", "weak", "policy-update-bot"),
        // What holds for one package is not for all.
        (
            ", \"packageRules\": [{\"matchPackageNames\": [\"x\"], \"enabled\": false, \"schedule\": [\"monthly\"]}]",
            "kept",
            "policy-promise",
        ),
    ] {
        check_in(&renovate(text), Topic::UpdateBot, verdict, rule);
    }
    let daily = judged(&renovate(", \"schedule\": [\"daily\"]"));
    let shown = format!("{:?}", daily.judged.iter().map(|one| &one.verdict).collect::<Vec<_>>());
    assert!(shown.contains("configured, every day\""), "{shown}");
}
