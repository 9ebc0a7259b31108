//! Keepers of logs and watchers of sites.

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
            id: "secrets/axiom-token",
            severity: Severity::Medium,
            summary: "An Axiom token.",
            docs: "Writes or reads data sets within its scopes.\n\n\
                Revoke it under *Settings > API tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Axiom documentation, *Tokens*.",
            ..META
        },
        keywords: &["xaat-", "xapt-"],
        shape: Shape::Token("xa[ap]t-(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer xaat-<<uuid>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nAXIOM_TOKEN = xaat-<<uuid>>\\n\""),
        ],
        no: &[
            Sample::Text("axiom_token = \"xaat-<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("blob: Qzxaat-<<uuid>>"),
            Sample::Text("AXIOM_TOKEN=xaat-00000000-0000-0000-0000-000000000000"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/betterstack-token",
            severity: Severity::Medium,
            summary: "A Better Stack (Logtail, Better Uptime) token.",
            docs: "Writes or reads the team's data.\n\n\
                Revoke it under *API tokens*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Better Stack documentation, *API token*.",
            ..META
        },
        keywords: &[
            "better_stack",
            "better_uptime",
            "betterstack",
            "betteruptime",
            "logtail",
        ],
        shape: Shape::Named {
            name: "better_?(?:stack|uptime)|logtail",
            value: "[0-9A-Za-z]{24}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("\"logtailApiKey\": \"<<b62:24>>\","),
            Sample::Text("logtail_api_key => \"<<b62:24>>\""),
        ],
        no: &[
            Sample::Text("logtail_token = \"<<b62:23>>\""),
            Sample::Text("logtail_token = \"Zq<<b62:24>>\""),
            Sample::Text("logtail_token = \"xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/logtail/<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/loggly-token",
            severity: Severity::Medium,
            summary: "A Loggly token.",
            docs: "Writes logs into the account.\n\n\
                Revoke it under *Source setup > Customer tokens*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Loggly documentation, *Customer token*.",
            ..META
        },
        keywords: &["loggly"],
        shape: Shape::Named {
            name: "loggly",
            value: "(?:(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("loggly_token: <<uuid>>\n"),
            Sample::Text("LOGGLY_API_KEY=<<uuid>>"),
        ],
        no: &[
            Sample::Text("loggly_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("loggly_token = \"Zq<<uuid>>\""),
            Sample::Text("loggly_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/loggly/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/papertrail-token",
            severity: Severity::Medium,
            summary: "A Papertrail token.",
            docs: "Reads logs or writes them.\n\n\
                Revoke it under *Profile > API token*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Papertrail documentation, *HTTP API*.",
            ..META
        },
        keywords: &["papertrail"],
        shape: Shape::Named {
            name: "papertrail",
            value: "[0-9A-Za-z]{20,22}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("papertrail_token: <<b62:20>>\n"),
            Sample::Text("PAPERTRAIL_API_KEY=<<b62:20>>"),
        ],
        no: &[
            Sample::Text("papertrail_token = \"<<b62:19>>\""),
            Sample::Text("papertrail_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/papertrail/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/coralogix-key",
            severity: Severity::Medium,
            summary: "A Coralogix key.",
            docs: "Writes or reads the account's data.\n\n\
                Revoke it under *Data flow > API keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Coralogix documentation, *API keys*.",
            ..META
        },
        keywords: &["cxtp_", "cxup_", "cxth_"],
        shape: Shape::Token("cx(?:tp|up|th)_[0-9A-Za-z]{30}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer cxtp_<<b62:30>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nCORALOGIX_KEY = cxtp_<<b62:30>>\\n\""),
        ],
        no: &[
            Sample::Text("coralogix_key = \"cxtp_<<b62:29>>\""),
            Sample::Text("blob: Qzcxtp_<<b62:30>>"),
            Sample::Text("CORALOGIX_KEY=cxtp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/appsignal-key",
            severity: Severity::Medium,
            summary: "An AppSignal push key.",
            docs: "Writes data into the organisation.\n\n\
                Revoke it under *Organisation settings > Push & deploy*, then give the program an identity of its \
                own with the fewest scopes, read from a secret store.\n\n\
                Source: AppSignal documentation, *API keys*.",
            ..META
        },
        keywords: &["appsignal"],
        shape: Shape::Named {
            name: "appsignal",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("appsignal_api_key => \"<<uuid>>\""),
            Sample::Text("export APPSIGNAL_TOKEN=\"<<uuid>>\""),
        ],
        no: &[
            Sample::Text("appsignal_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("appsignal_token = \"Zq<<uuid>>\""),
            Sample::Text("appsignal_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/appsignal/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/airbrake-key",
            severity: Severity::Medium,
            summary: "An Airbrake key.",
            docs: "Writes or reads the project's errors.\n\n\
                Revoke it under *Project settings*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Airbrake documentation, *Authentication*.",
            ..META
        },
        keywords: &["airbrake"],
        shape: Shape::Named {
            name: "airbrake",
            value: "(?:[0-9a-f]{40}|[0-9a-f]{32})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const airbrakeKey = `<<hex:32>>`;"),
            Sample::Text("airbrake.secret = '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("airbrake_token = \"<<hex:31>>\""),
            Sample::Text("airbrake_token = \"Zq<<hex:32>>\""),
            Sample::Text("airbrake_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/airbrake/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/statuscake-key",
            severity: Severity::Medium,
            summary: "A StatusCake API key.",
            docs: "Reads and changes tests.\n\n\
                Revoke it under *Account > API keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: StatusCake documentation, *Authentication*.",
            ..META
        },
        keywords: &["statuscake"],
        shape: Shape::Named {
            name: "statuscake",
            value: "[0-9A-Za-z]{20,30}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("STATUSCAKE_API_KEY=<<b62:30>>"),
            Sample::Text("const statuscakeKey = `<<b62:30>>`;"),
        ],
        no: &[
            Sample::Text("statuscake_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/statuscake/<<b62:30>>"),
            Sample::Text("statuscake_token = <<b62:9>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/uptimerobot-key",
            severity: Severity::Medium,
            summary: "An UptimeRobot API key.",
            docs: "Reads and changes monitors.\n\n\
                Revoke it under *Integrations & API*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: UptimeRobot documentation, *Authentication*.",
            ..META
        },
        keywords: &["uptime_robot", "uptimerobot"],
        shape: Shape::Named {
            name: "uptime_?robot",
            value: "(?:u|m)[0-9]{6,10}-[0-9a-f]{24,32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export UPTIMEROBOT_TOKEN=\"u<<digit:7>>-<<hex:24>>\""),
            Sample::Text("uptimerobot_token: u<<digit:7>>-<<hex:24>>\n"),
        ],
        no: &[
            Sample::Text("uptimerobot_token = \"u<<digit:7>>-<<hex:23>>\""),
            Sample::Text("uptimerobot_token = \"uxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/uptimerobot/u<<digit:7>>-<<hex:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/checkly-key",
            severity: Severity::Medium,
            summary: "A Checkly API key.",
            docs: "Runs and changes checks.\n\n\
                Revoke it under *User settings > API keys*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Checkly documentation, *Authentication*.",
            ..META
        },
        keywords: &["checkly"],
        shape: Shape::Named {
            name: "checkly",
            value: "(?:cu_)?[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"checklyApiKey\": \"cu_<<hex:32>>\","),
            Sample::Text("checkly_api_key => \"cu_<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("checkly_token = \"cu_<<hex:31>>\""),
            Sample::Text("checkly_token = \"Zqcu_<<hex:32>>\""),
            Sample::Text("checkly_token = \"cu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/checkly/cu_<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/victorops-key",
            severity: Severity::Medium,
            summary: "A Splunk On-Call (VictorOps) key.",
            docs: "Reads and changes incidents.\n\n\
                Revoke it under *Integrations > API*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Splunk On-Call documentation, *API*.",
            ..META
        },
        keywords: &["victor_ops", "victorops"],
        shape: Shape::Named {
            name: "victor_?ops",
            value: "(?:(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|[0-9a-f]{32})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("VICTOROPS_API_KEY=<<hex:32>>"),
            Sample::Text("const victoropsKey = `<<hex:32>>`;"),
        ],
        no: &[
            Sample::Text("victorops_token = \"<<hex:31>>\""),
            Sample::Text("victorops_token = \"Zq<<hex:32>>\""),
            Sample::Text("victorops_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/victorops/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/instana-token",
            severity: Severity::Medium,
            summary: "An Instana token.",
            docs: "Reads and changes the unit's settings.\n\n\
                Revoke it under *Settings > API tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Instana documentation, *API tokens*.",
            ..META
        },
        keywords: &["instana"],
        shape: Shape::Named {
            name: "instana",
            value: "[0-9A-Za-z_-]{22}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("INSTANA_API_KEY=<<b62:22>>"),
            Sample::Text("const instanaKey = `<<b62:22>>`;"),
        ],
        no: &[
            Sample::Text("instana_token = \"<<b62:21>>\""),
            Sample::Text("instana_token = \"Zq<<b62:22>>\""),
            Sample::Text("instana_token = \"xxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/instana/<<b62:22>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
