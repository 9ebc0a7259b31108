//! Threat intelligence, scanning and reputation.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    rule::{META, SecretRule, Shape},
    rules::structure,
    sample::Sample,
};

/// The rules.
pub static RULES: &[SecretRule] = &[
    SecretRule {
        meta: RuleMeta {
            id: "secrets/virustotal-key",
            severity: Severity::Medium,
            summary: "A VirusTotal API key.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: VirusTotal documentation, *Authentication*.",
            ..META
        },
        keywords: &["virus_total", "virustotal", "vt_api"],
        shape: Shape::Named {
            name: "virus_?total|vt_api|x-apikey",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("VIRUSTOTAL_API_KEY=<<hex:64>>"),
            Sample::Text("const virustotalKey = `<<hex:64>>`;"),
        ],
        no: &[
            Sample::Text("virustotal_token = \"<<hex:63>>\""),
            Sample::Text("virustotal_token = \"Zq<<hex:64>>\""),
            Sample::Text("virustotal_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/virustotal/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/shodan-key",
            severity: Severity::Medium,
            summary: "A Shodan API key.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Shodan documentation, *Authentication*.",
            ..META
        },
        keywords: &["shodan"],
        shape: Shape::Named {
            name: "shodan",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"shodanApiKey\": \"<<b62:32>>\","),
            Sample::Text("shodan_api_key => \"<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("shodan_token = \"<<b62:31>>\""),
            Sample::Text("shodan_token = \"Zq<<b62:32>>\""),
            Sample::Text("shodan_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/shodan/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/censys-secret",
            severity: Severity::Medium,
            summary: "A Censys secret.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Censys documentation, *Authentication*.",
            ..META
        },
        keywords: &["censys"],
        shape: Shape::Named {
            name: "censys",
            value: "(?:censys_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}|[0-9A-Za-z]{32})",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export CENSYS_TOKEN=\"<<b62:32>>\""),
            Sample::Text("censys_token: <<b62:32>>\n"),
        ],
        no: &[
            Sample::Text("censys_token = \"<<b62:31>>\""),
            Sample::Text("censys_token = \"Zq<<b62:32>>\""),
            Sample::Text("censys_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/censys/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/abuseipdb-key",
            severity: Severity::Low,
            summary: "An AbuseIPDB API key.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: AbuseIPDB documentation, *Authentication*.",
            ..META
        },
        keywords: &["abuse_ip", "abuseipdb"],
        shape: Shape::Named {
            name: "abuseipdb|abuse_ip",
            value: "[0-9a-f]{80}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("abuseipdb.secret = '<<hex:80>>'"),
            Sample::Text("\"abuseipdbApiKey\": \"<<hex:80>>\","),
        ],
        no: &[
            Sample::Text("abuseipdb_token = \"<<hex:79>>\""),
            Sample::Text("abuseipdb_token = \"Zq<<hex:80>>\""),
            Sample::Text(
                "abuseipdb_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/abuseipdb/<<hex:80>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/alienvault-key",
            severity: Severity::Low,
            summary: "An AlienVault OTX API key.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: AlienVault OTX documentation, *Authentication*.",
            ..META
        },
        keywords: &["alien_vault", "alienvault", "otx_", "x-otx"],
        shape: Shape::Named {
            name: "alien_?vault|otx",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("alienvault_api_key => \"<<hex:64>>\""),
            Sample::Text("export ALIENVAULT_TOKEN=\"<<hex:64>>\""),
        ],
        no: &[
            Sample::Text("alienvault_token = \"<<hex:63>>\""),
            Sample::Text("alienvault_token = \"Zq<<hex:64>>\""),
            Sample::Text("alienvault_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/alienvault/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/securitytrails-key",
            severity: Severity::Medium,
            summary: "A SecurityTrails API key.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: SecurityTrails documentation, *Authentication*.",
            ..META
        },
        keywords: &["security_trails", "securitytrails"],
        shape: Shape::Named {
            name: "security_?trails",
            value: "[0-9A-Za-z_-]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"securitytrailsApiKey\": \"<<b62:32>>\","),
            Sample::Text("securitytrails_api_key => \"<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("securitytrails_token = \"<<b62:31>>\""),
            Sample::Text("securitytrails_token = \"Zq<<b62:32>>\""),
            Sample::Text("securitytrails_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/securitytrails/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/greynoise-key",
            severity: Severity::Medium,
            summary: "A GreyNoise API key.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: GreyNoise documentation, *Authentication*.",
            ..META
        },
        keywords: &["greynoise"],
        shape: Shape::Named {
            name: "greynoise",
            value: "[0-9A-Za-z]{64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const greynoiseKey = `<<b62:64>>`;"),
            Sample::Text("greynoise.secret = '<<b62:64>>'"),
        ],
        no: &[
            Sample::Text("greynoise_token = \"<<b62:63>>\""),
            Sample::Text("greynoise_token = \"Zq<<b62:64>>\""),
            Sample::Text("greynoise_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/greynoise/<<b62:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/urlscan-key",
            severity: Severity::Low,
            summary: "A urlscan.io API key.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: urlscan.io documentation, *Authentication*.",
            ..META
        },
        keywords: &["url_scan", "urlscan"],
        shape: Shape::Named {
            name: "url_?scan",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("urlscan_token: <<uuid>>\n"),
            Sample::Text("URLSCAN_API_KEY=<<uuid>>"),
        ],
        no: &[
            Sample::Text("urlscan_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("urlscan_token = \"Zq<<uuid>>\""),
            Sample::Text("urlscan_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/urlscan/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/hybrid-analysis-key",
            severity: Severity::Medium,
            summary: "A Hybrid Analysis API key.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Hybrid Analysis documentation, *Authentication*.",
            ..META
        },
        keywords: &["hybrid_analysis", "hybridanalysis"],
        shape: Shape::Named {
            name: "hybrid_?analysis",
            value: "[0-9a-z]{64}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const hybrid_analysisKey = `<<low36:64>>`;"),
            Sample::Text("hybrid_analysis.secret = '<<low36:64>>'"),
        ],
        no: &[
            Sample::Text("hybrid_analysis_token = \"<<low36:63>>\""),
            Sample::Text("hybrid_analysis_token = \"Zq<<low36:64>>\""),
            Sample::Text(
                "hybrid_analysis_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/hybrid_analysis/<<low36:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/haveibeenpwned-key",
            severity: Severity::Low,
            summary: "A Have I Been Pwned API key.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Have I Been Pwned documentation, *Authentication*.",
            ..META
        },
        keywords: &["have_i_been_pwned", "haveibeenpwned", "hibp"],
        shape: Shape::Named {
            name: "hibp|have_?i_?been_?pwned",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export HIBP_TOKEN=\"<<hex:32>>\""),
            Sample::Text("hibp_token: <<hex:32>>\n"),
        ],
        no: &[
            Sample::Text("hibp_token = \"<<hex:31>>\""),
            Sample::Text("hibp_token = \"Zq<<hex:32>>\""),
            Sample::Text("hibp_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/hibp/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/crowdstrike-secret",
            severity: Severity::Critical,
            summary: "A CrowdStrike API secret.",
            docs: "Reads and commands every machine under its watch, within its scopes.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: CrowdStrike API documentation, *Authentication*.",
            ..META
        },
        keywords: &["crowdstrike", "falcon_"],
        shape: Shape::Named {
            name: "(?:crowdstrike|falcon)[_a-z.-]{0,16}(?:secret|key|token)",
            value: "[0-9A-Za-z]{40}",
        },
        check: structure::not_hex,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("FALCON_CLIENT_SECRET=<<b62:40>>"),
            Sample::Text("crowdstrike_secret: '<<b62:40>>'"),
        ],
        no: &[
            Sample::Text("FALCON_CLIENT_SECRET=<<b62:39>>"),
            Sample::Text("FALCON_CLIENT_SECRET=Zq<<b62:40>>"),
            Sample::Text("FALCON_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/falcon_client/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tenable-key",
            severity: Severity::High,
            summary: "A Tenable key.",
            docs: "Reads every finding of the organisation's scans.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Tenable documentation, *Authentication*.",
            ..META
        },
        keywords: &["nessus", "tenable", "tio_"],
        shape: Shape::Named {
            name: "tenable|nessus|tio_",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("tenable_token: <<hex:64>>\n"),
            Sample::Text("TENABLE_API_KEY=<<hex:64>>"),
        ],
        no: &[
            Sample::Text("tenable_token = \"<<hex:63>>\""),
            Sample::Text("tenable_token = \"Zq<<hex:64>>\""),
            Sample::Text("tenable_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/tenable/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rapid7-key",
            severity: Severity::High,
            summary: "A Rapid7 Insight key.",
            docs: "Reads every finding of the organisation's scans.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Rapid7 Insight documentation, *Authentication*.",
            ..META
        },
        keywords: &["insight_vm", "insightidr", "insightvm", "rapid7"],
        shape: Shape::Named {
            name: "rapid7|insight_?vm|insightidr",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export RAPID7_TOKEN=\"<<uuid>>\""),
            Sample::Text("rapid7_token: <<uuid>>\n"),
        ],
        no: &[
            Sample::Text("rapid7_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("rapid7_token = \"Zq<<uuid>>\""),
            Sample::Text("rapid7_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/rapid7/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/wiz-secret",
            severity: Severity::High,
            summary: "A Wiz client secret.",
            docs: "Reads every finding of the organisation's clouds.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Wiz client documentation, *Authentication*.",
            ..META
        },
        keywords: &["wiz-", "wiz_"],
        shape: Shape::Named {
            name: r"\bwiz[_-](?:client|api)?",
            value: "[0-9A-Za-z]{64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"wiz_clientApiKey\": \"<<b62:64>>\","),
            Sample::Text("wiz_client_api_key => \"<<b62:64>>\""),
        ],
        no: &[
            Sample::Text("wiz_client_token = \"<<b62:63>>\""),
            Sample::Text("wiz_client_token = \"Zq<<b62:64>>\""),
            Sample::Text("wiz_client_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/wiz_client/<<b62:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/detectify-key",
            severity: Severity::High,
            summary: "A Detectify key.",
            docs: "Looks up and scans at the account's cost, and shows what was looked up.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Detectify documentation, *Authentication*.",
            ..META
        },
        keywords: &["detectify"],
        shape: Shape::Named {
            name: "detectify",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("DETECTIFY_API_KEY=<<hex:32>>"),
            Sample::Text("const detectifyKey = `<<hex:32>>`;"),
        ],
        no: &[
            Sample::Text("detectify_token = \"<<hex:31>>\""),
            Sample::Text("detectify_token = \"Zq<<hex:32>>\""),
            Sample::Text("detectify_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/detectify/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitguardian-token",
            severity: Severity::High,
            summary: "A GitGuardian token.",
            docs: "Reads every leak that was found, with its place.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: GitGuardian documentation, *Authentication*.",
            ..META
        },
        keywords: &["ggshield", "gitguardian"],
        shape: Shape::Named {
            name: "gitguardian|ggshield",
            value: "[0-9A-Za-z]{71}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("gitguardian_api_key => \"<<b62:71>>\""),
            Sample::Text("export GITGUARDIAN_TOKEN=\"<<b62:71>>\""),
        ],
        no: &[
            Sample::Text("gitguardian_token = \"<<b62:70>>\""),
            Sample::Text("gitguardian_token = \"Zq<<b62:71>>\""),
            Sample::Text(
                "gitguardian_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/gitguardian/<<b62:71>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/hackerone-token",
            severity: Severity::High,
            summary: "A HackerOne token.",
            docs: "Reads reports that are not public yet.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: HackerOne documentation, *Authentication*.",
            ..META
        },
        keywords: &["h1_api", "hackerone"],
        shape: Shape::Named {
            name: "hackerone|h1_api",
            value: "[0-9A-Za-z+/]{43}=",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("hackerone_token: <<b64:43>>=\n"),
            Sample::Text("HACKERONE_API_KEY=<<b64:43>>="),
        ],
        no: &[
            Sample::Text("hackerone_token = \"<<b64:42>>=\""),
            Sample::Text("hackerone_token = \"Zq<<b64:43>>=\""),
            Sample::Text("hackerone_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=\""),
            Sample::Text("https://files.test/hackerone/<<b64:43>>="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/intigriti-token",
            severity: Severity::High,
            summary: "An Intigriti token.",
            docs: "Reads reports that are not public yet.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Intigriti documentation, *Authentication*.",
            ..META
        },
        keywords: &["intigriti"],
        shape: Shape::Named {
            name: "intigriti",
            value: "[0-9A-F]{64}-[0-9]",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"intigritiApiKey\": \"<<HEX:64>>-1\","),
            Sample::Text("intigriti_api_key => \"<<HEX:64>>-1\""),
        ],
        no: &[
            Sample::Text("intigriti_token = \"<<HEX:63>>-1\""),
            Sample::Text("https://files.test/intigriti/<<HEX:64>>-1"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bugcrowd-token",
            severity: Severity::High,
            summary: "A Bugcrowd token.",
            docs: "Reads reports that are not public yet.\n\n\
                Revoke it under the account's *API key* page, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Bugcrowd documentation, *Authentication*.",
            ..META
        },
        keywords: &["bugcrowd"],
        shape: Shape::Named {
            name: "bugcrowd",
            value: "[0-9A-Za-z_-]{1,40}:[0-9A-Za-z_-]{20,64}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const bugcrowdKey = `ada:<<b62:43>>`;"),
            Sample::Text("bugcrowd.secret = 'ada:<<b62:43>>'"),
        ],
        no: &[
            Sample::Text("bugcrowd_token = \"ada:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bugcrowd/ada:<<b62:43>>"),
            Sample::Text("bugcrowd_token = \"ada:<<b62:8>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/adafruit-key",
            severity: Severity::Medium,
            summary: "An Adafruit IO key.",
            docs: "Reads and writes its user's feeds.\n\n\
                Revoke it under *My key* (regenerate), then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Adafruit IO documentation, *Authentication*.",
            ..META
        },
        keywords: &["adafruit", "aio_key"],
        shape: Shape::Named {
            name: "adafruit|aio_key",
            value: "(?:aio_[0-9A-Za-z]{28}|[0-9A-Za-z_-]{32})",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"adafruitApiKey\": \"<<b62:32>>\","),
            Sample::Text("adafruit_api_key => \"<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("adafruit_token = \"<<b62:31>>\""),
            Sample::Text("adafruit_token = \"Zq<<b62:32>>\""),
            Sample::Text("adafruit_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/adafruit/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/adafruit-prefixed-key",
            severity: Severity::Medium,
            summary: "An Adafruit IO key of the prefixed form.",
            docs: "Reads and writes its user's feeds.\n\n\
                Revoke it under *My key* (regenerate), then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Adafruit IO documentation, *Authentication*.",
            ..META
        },
        keywords: &["aio_"],
        shape: Shape::Token("aio_[0-9A-Za-z]{28}"),
        check: structure::random,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("ADAFRUIT_PREFIXED_KEY=aio_<<b62:28>>"),
            Sample::Text("adafruit_prefixed_key = \"aio_<<b62:28>>\"\r\n"),
        ],
        no: &[
            Sample::Text("adafruit_prefixed_key = \"aio_<<b62:27>>\""),
            Sample::Text("blob: Qzaio_<<b62:28>>"),
            Sample::Text("ADAFRUIT_PREFIXED_KEY=aio_xxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sidekiq-url",
            severity: Severity::High,
            summary: "A Sidekiq Pro or Enterprise address with its credentials.",
            docs: "Downloads the licensed gems in the customer's name.\n\n\
                Revoke it under the vendor's support, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Sidekiq wiki, *Commercial installation*.",
            ..META
        },
        keywords: &["contribsys.com"],
        shape: Shape::Text(r"https?://(?P<secret>[0-9a-f]{8}:[0-9a-f]{8})@(?:gems|enterprise)\.contribsys\.com"),
        min_entropy: 2.0,
        yes: &[
            Sample::Text("https://<<hex:8>>:<<hex:8>>@gems.contribsys.com/"),
            Sample::Text("source 'https://<<hex:8>>:<<hex:8>>@enterprise.contribsys.com'"),
        ],
        no: &[
            Sample::Text("https://gems.contribsys.com/"),
            Sample::Text("https://user:pass@gems.contribsys.com/"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sidekiq-secret",
            severity: Severity::High,
            summary: "A Sidekiq Pro or Enterprise credential.",
            docs: "Downloads the licensed gems in the customer's name.\n\n\
                Revoke it under the vendor's support, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Sidekiq wiki, *Commercial installation*.",
            ..META
        },
        keywords: &["__contribsys__com"],
        shape: Shape::Text(
            r"(?i:bundle_(?:enterprise|gems)__contribsys__com)(?s:.){1,24}?\b(?P<secret>[0-9a-f]{8}:[0-9a-f]{8})\b",
        ),
        min_entropy: 2.0,
        yes: &[
            Sample::Text("BUNDLE_ENTERPRISE__CONTRIBSYS__COM=<<hex:8>>:<<hex:8>>"),
            Sample::Text("export BUNDLE_GEMS__CONTRIBSYS__COM='<<hex:8>>:<<hex:8>>'"),
        ],
        no: &[
            Sample::Text("BUNDLE_ENTERPRISE__CONTRIBSYS__COM=<<hex:7>>:<<hex:8>>"),
            Sample::Text("BUNDLE_GEMS__CONTRIBSYS__COM=user:password"),
        ],
        ..SecretRule::DEFAULT
    },
];
