//! Queues, calendars, gateways and other services for developers.

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
            id: "secrets/inngest-key",
            severity: Severity::High,
            summary: "An Inngest signing key.",
            docs: "Forges the service's calls to its functions.\n\n\
                Revoke it under *Manage > Signing key* (rotate), then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Inngest documentation, *Signing keys*.",
            ..META
        },
        keywords: &["signkey-"],
        shape: Shape::Token("signkey-(?:prod|branch|test|[0-9a-z]{2,12})-[0-9a-f]{32,64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://host.test/v1?key=signkey-prod-<<hex:64>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer signkey-prod-<<hex:64>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("blob: Qzsignkey-prod-<<hex:64>>"),
            Sample::Text("INNGEST_KEY=signkey-prod-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("signkey-prod-<<hex:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/triggerdev-key",
            severity: Severity::High,
            summary: "A Trigger.dev key.",
            docs: "Runs the project's tasks.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Trigger.dev documentation, *API keys*.",
            ..META
        },
        keywords: &["tr_prod_", "tr_dev_", "tr_stg_", "tr_pat_"],
        shape: Shape::Token("tr_(?:prod|dev|stg|pat)_[0-9A-Za-z]{20,48}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer tr_prod_<<b62:20>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nTRIGGERDEV_KEY = tr_prod_<<b62:20>>\\n\""),
        ],
        no: &[
            Sample::Text("triggerdev_key = \"tr_prod_<<b62:19>>\""),
            Sample::Text("blob: Qztr_prod_<<b62:20>>"),
            Sample::Text("TRIGGERDEV_KEY=tr_prod_xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cal-key",
            severity: Severity::Medium,
            summary: "A Cal.com API key.",
            docs: "Reads and books its user's calendar.\n\n\
                Revoke it under *Settings > Developer > API keys*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Cal.com documentation, *Authentication*.",
            ..META
        },
        keywords: &["cal_live_"],
        shape: Shape::Token("cal_live_[0-9a-f]{32}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer cal_live_<<hex:32>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nCAL_KEY = cal_live_<<hex:32>>\\n\""),
        ],
        no: &[
            Sample::Text("cal_key = \"cal_live_<<hex:31>>\""),
            Sample::Text("blob: Qzcal_live_<<hex:32>>"),
            Sample::Text("CAL_KEY=cal_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/wakatime-key",
            severity: Severity::Low,
            summary: "A WakaTime key.",
            docs: "Reads and writes its user's coding time.\n\n\
                Revoke it under *Settings > API key*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: WakaTime documentation, *Authentication*.",
            ..META
        },
        keywords: &["waka_"],
        shape: Shape::Token(
            "waka_(?:tok_)?(?:(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|[0-9A-Za-z]{60,100})",
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"WAKATIME_KEY\">waka_<<uuid>></add>"),
            Sample::Text("wakatime_key: 'waka_<<uuid>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("wakatime_key = \"waka_<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("blob: Qzwaka_<<uuid>>"),
            Sample::Text("WAKATIME_KEY=waka_00000000-0000-0000-0000-000000000000"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zuplo-key",
            severity: Severity::Medium,
            summary: "A Zuplo API key.",
            docs: "Calls the gateway as its consumer.\n\n\
                Revoke it under *Services > API key service*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Zuplo documentation, *API key format*.",
            ..META
        },
        keywords: &["zpka_"],
        shape: Shape::Token("zpka_[0-9a-z]{32}_[0-9a-f]{8}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("zuplo_key: 'zpka_<<low36:32>>_<<hex:8>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=zpka_<<low36:32>>_<<hex:8>>&page=2"),
        ],
        no: &[
            Sample::Text("zuplo_key = \"zpka_<<low36:32>>_<<hex:7>>\""),
            Sample::Text("blob: Qzzpka_<<low36:32>>_<<hex:8>>"),
            Sample::Text("ZUPLO_KEY=zpka_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_xxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/unkey-key",
            severity: Severity::High,
            summary: "An Unkey root key.",
            docs: "Makes and revokes the workspace's keys.\n\n\
                Revoke it under *Settings > Root keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Unkey documentation, *Root keys*.",
            ..META
        },
        keywords: &["unkey_"],
        shape: Shape::Token("unkey_[0-9A-Za-z]{16,48}"),
        check: structure::random,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("https://host.test/v1?key=unkey_<<b62:22>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer unkey_<<b62:22>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("blob: Qzunkey_<<b62:22>>"),
            Sample::Text("UNKEY_KEY=unkey_xxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("unkey_<<b62:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rootly-key",
            severity: Severity::Medium,
            summary: "A Rootly API key.",
            docs: "Reads and changes incidents.\n\n\
                Revoke it under *Profile > Manage API keys*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Rootly documentation, *API keys*.",
            ..META
        },
        keywords: &["rootly_"],
        shape: Shape::Token("rootly_[0-9a-f]{64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"ROOTLY_KEY\">rootly_<<hex:64>></add>"),
            Sample::Text("rootly_key: 'rootly_<<hex:64>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("rootly_key = \"rootly_<<hex:63>>\""),
            Sample::Text("blob: Qzrootly_<<hex:64>>"),
            Sample::Text("ROOTLY_KEY=rootly_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/nightfall-key",
            severity: Severity::High,
            summary: "A Nightfall API key.",
            docs: "Scans at the account's cost and reads results.\n\n\
                Revoke it under *Developer platform > Overview*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Nightfall documentation, *API keys*.",
            ..META
        },
        keywords: &["nf-"],
        shape: Shape::Token("NF-[0-9A-Za-z]{32}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"NIGHTFALL_KEY\">NF-<<b62:32>></add>"),
            Sample::Text("nightfall_key: 'NF-<<b62:32>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("nightfall_key = \"NF-<<b62:31>>\""),
            Sample::Text("blob: QzNF-<<b62:32>>"),
            Sample::Text("NIGHTFALL_KEY=NF-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/coze-token",
            severity: Severity::High,
            summary: "A Coze personal access token.",
            docs: "Runs bots and reads conversations.\n\n\
                Revoke it under *API > Personal access tokens*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Coze documentation, *Authentication*.",
            ..META
        },
        keywords: &["pat_"],
        shape: Shape::Token("pat_[0-9A-Za-z]{64}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"print(1)\\nCOZE_TOKEN = pat_<<b62:64>>\\n\""),
            Sample::Text("docker run -e COZE_TOKEN=pat_<<b62:64>> image\n"),
        ],
        no: &[
            Sample::Text("coze_token = \"pat_<<b62:63>>\""),
            Sample::Text("blob: Qzpat_<<b62:64>>"),
            Sample::Text("COZE_TOKEN=pat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/plain-key",
            severity: Severity::High,
            summary: "A Plain API key.",
            docs: "Reads and changes customers' threads.\n\n\
                Revoke it under *Settings > Machine users*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Plain documentation, *Authentication*.",
            ..META
        },
        keywords: &["plainapikey_"],
        shape: Shape::Token("plainApiKey_[0-9A-Za-z_-]{40,120}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"PLAIN_KEY\">plainApiKey_<<b62:64>></add>"),
            Sample::Text("plain_key: 'plainApiKey_<<b62:64>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("blob: QzplainApiKey_<<b62:64>>"),
            Sample::Text("PLAIN_KEY=plainApiKey_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("plainApiKey_<<b62:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/temporal-key",
            severity: Severity::High,
            summary: "A Temporal Cloud API key.",
            docs: "Starts and reads the namespace's workflows.\n\n\
                Revoke it under *Settings > API keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Temporal documentation, *API keys*.",
            ..META
        },
        keywords: &["temporal-", "temporal_", "temporalapi"],
        shape: Shape::Named {
            name: "temporal[_-]?(?:cloud|api|key|token)",
            value: r"eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{60,500}\.[0-9A-Za-z_-]{80,700}",
        },
        reach: 1500,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("temporal_api_token: eyJ<<b62:60>>.eyJ<<b62:200>>.<<b62:86>>\n"),
            Sample::Text("TEMPORAL_API_API_KEY=eyJ<<b62:60>>.eyJ<<b62:200>>.<<b62:86>>"),
        ],
        no: &[
            Sample::Text(
                "temporal_api_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/temporal_api/eyJ<<b62:60>>.eyJ<<b62:200>>.<<b62:86>>"),
            Sample::Text("temporal_api_key = eyJ<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/svix-key",
            severity: Severity::High,
            summary: "A Svix key.",
            docs: "Sends webhooks to every customer.\n\n\
                Revoke it under *API access*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Svix documentation, *Authentication*.",
            ..META
        },
        keywords: &["svix"],
        shape: Shape::Named {
            name: "svix",
            value: "(?:sk|testsk)_[0-9A-Za-z_.-]{30,60}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("SVIX_API_KEY=sk_<<b62:44>>"),
            Sample::Text("const svixKey = `sk_<<b62:44>>`;"),
        ],
        no: &[
            Sample::Text("svix_token = \"sk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/svix/sk_<<b62:44>>"),
            Sample::Text("svix_token = \"sk_<<b62:12>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/databento-key",
            severity: Severity::Medium,
            summary: "A Databento API key.",
            docs: "Reads market data at the account's cost.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Databento documentation, *Authentication*.",
            ..META
        },
        keywords: &["databento"],
        shape: Shape::Named {
            name: "databento",
            value: "db-[0-9A-Za-z]{29}",
        },
        min_entropy: 3.3,
        yes: &[
            Sample::Text("const databentoKey = `db-<<b62:29>>`;"),
            Sample::Text("databento.secret = 'db-<<b62:29>>'"),
        ],
        no: &[
            Sample::Text("databento_token = \"db-<<b62:28>>\""),
            Sample::Text("databento_token = \"Zqdb-<<b62:29>>\""),
            Sample::Text("databento_token = \"db-xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/databento/db-<<b62:29>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
