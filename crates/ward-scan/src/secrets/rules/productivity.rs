//! Notes, tables, tickets and design.

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
            id: "secrets/notion-token",
            severity: Severity::High,
            summary: "A Notion integration token.",
            docs: "Reads and writes the pages that the integration was given.\n\n\
                Revoke it under *My integrations* (refresh), then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Notion documentation, *Authorization*.",
            ..META
        },
        keywords: &["ntn_", "secret_"],
        shape: Shape::Token("(?:ntn_[0-9]{11}[0-9A-Za-z]{35}|secret_[0-9A-Za-z]{43})"),
        check: structure::random,
        min_entropy: 3.8,
        yes: &[
            Sample::Text("notion_token = \"ntn_<<digit:11>><<b62:35>>\"\r\n"),
            Sample::Text("{\"notion_token\": \"ntn_<<digit:11>><<b62:35>>\", \"retries\": 3}"),
            Sample::Text("NOTION_TOKEN=secret_<<b62:43>>"),
        ],
        no: &[
            Sample::Text("notion_token = \"ntn_<<digit:11>><<b62:34>>\""),
            Sample::Text("blob: Qzntn_<<digit:11>><<b62:35>>"),
            Sample::Text("NOTION_TOKEN=ntn_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/airtable-pat",
            severity: Severity::High,
            summary: "An Airtable personal access token.",
            docs: "Reads and writes bases within its scopes.\n\n\
                Revoke it under *Developer hub > Personal access tokens*, then give the program an identity of its \
                own with the fewest scopes, read from a secret store.\n\n\
                Source: Airtable documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["pat"],
        shape: Shape::Token(r"pat[0-9A-Za-z]{14}\.[0-9a-f]{64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://host.test/v1?key=pat<<b62:14>>.<<hex:64>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer pat<<b62:14>>.<<hex:64>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("airtable_pat = \"pat<<b62:14>>.<<hex:63>>\""),
            Sample::Text("blob: Qzpat<<b62:14>>.<<hex:64>>"),
            Sample::Text(
                "AIRTABLE_PAT=patxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/airtable-key",
            severity: Severity::High,
            summary: "An Airtable API key of the older form.",
            docs: "Reads and writes its user's bases.\n\n\
                Revoke it under *Account* (such keys no longer work), then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Airtable documentation, *API keys*.",
            ..META
        },
        keywords: &["airtable"],
        shape: Shape::Named {
            name: "airtable",
            value: "(?:key)?[0-9A-Za-z]{14,17}",
        },
        check: structure::mixed,
        yes: &[
            Sample::Text("\"airtableApiKey\": \"key<<b62:14>>\","),
            Sample::Text("airtable_api_key => \"key<<b62:14>>\""),
        ],
        no: &[
            Sample::Text("airtable_token = \"keyxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/airtable/key<<b62:14>>"),
            Sample::Text("airtable_token = \"key<<b62:8>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/asana-token",
            severity: Severity::High,
            summary: "An Asana personal access token.",
            docs: "Reads and writes tasks as its user.\n\n\
                Revoke it under *My settings > Apps > Developer console*, then give the program an identity of its \
                own with the fewest scopes, read from a secret store.\n\n\
                Source: Asana documentation, *Personal access token*.",
            ..META
        },
        keywords: &["asana"],
        shape: Shape::Token("[0-2]/[0-9]{13,20}(?:/[0-9]{13,20})?:[0-9a-f]{32}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("ASANA_TOKEN=1/<<digit:16>>:<<hex:32>>"),
            Sample::Text("asana: '2/<<digit:16>>/<<digit:16>>:<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("ASANA_TOKEN=1/<<digit:16>>:<<hex:31>>"),
            Sample::Text("ASANA_TOKEN=9/<<digit:16>>:<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/asana-secret",
            severity: Severity::High,
            summary: "An Asana client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *My apps*, then give the program an identity of its own with the fewest scopes, read \
                from a secret store.\n\n\
                Source: Asana documentation, *OAuth*.",
            ..META
        },
        keywords: &["asana"],
        shape: Shape::Named {
            name: "asana",
            value: "[0-9a-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("asana_api_key => \"<<low36:32>>\""),
            Sample::Text("export ASANA_TOKEN=\"<<low36:32>>\""),
        ],
        no: &[
            Sample::Text("asana_token = \"<<low36:31>>\""),
            Sample::Text("asana_token = \"Zq<<low36:32>>\""),
            Sample::Text("asana_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/asana/<<low36:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/asana-client-id",
            severity: Severity::Low,
            summary: "An Asana client id.",
            docs: "Names the application whose secret is likely to be near.\n\n\
                Revoke it under nothing: it is not secret by itself, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Asana documentation, *OAuth*.",
            ..META
        },
        keywords: &["asana"],
        shape: Shape::Named {
            name: "asana",
            value: "[0-9]{16}",
        },
        min_entropy: 2.0,
        yes: &[
            Sample::Text("\"asanaApiKey\": \"<<digit:16>>\","),
            Sample::Text("asana_api_key => \"<<digit:16>>\""),
        ],
        no: &[
            Sample::Text("asana_token = \"<<digit:15>>\""),
            Sample::Text("asana_token = \"Zq<<digit:16>>\""),
            Sample::Text("asana_token = \"xxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/asana/<<digit:16>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/clickup-token",
            severity: Severity::High,
            summary: "A ClickUp personal token.",
            docs: "Reads and writes tasks as its user.\n\n\
                Revoke it under *Settings > Apps*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: ClickUp documentation, *Authentication*.",
            ..META
        },
        keywords: &["pk_"],
        shape: Shape::Token("pk_[0-9]{5,9}_[0-9A-Z]{32}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"CLICKUP_TOKEN\">pk_<<digit:8>>_<<up36:32>></add>"),
            Sample::Text("clickup_token: 'pk_<<digit:8>>_<<up36:32>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("clickup_token = \"pk_<<digit:8>>_<<up36:31>>\""),
            Sample::Text("blob: Qzpk_<<digit:8>>_<<up36:32>>"),
            Sample::Text("CLICKUP_TOKEN=pk_xxxxxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/linear-key",
            severity: Severity::High,
            summary: "A Linear API key.",
            docs: "Reads and writes issues as its user.\n\n\
                Revoke it under *Settings > API*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Linear documentation, *API*.",
            ..META
        },
        keywords: &["lin_api_", "lin_oauth_", "lin_wh_"],
        shape: Shape::Token("lin_(?:api_[0-9A-Za-z]{40}|oauth_[0-9a-f]{64}|wh_[0-9A-Za-z]{40,50})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("LINEAR_KEY=lin_api_<<b62:40>>"),
            Sample::Text("linear_key = \"lin_api_<<b62:40>>\"\r\n"),
        ],
        no: &[
            Sample::Text("linear_key = \"lin_api_<<b62:39>>\""),
            Sample::Text("blob: Qzlin_api_<<b62:40>>"),
            Sample::Text("LINEAR_KEY=lin_api_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/linear-secret",
            severity: Severity::High,
            summary: "A Linear client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Settings > API > Applications*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Linear documentation, *OAuth*.",
            ..META
        },
        keywords: &[
            "linear_",
            "linear-",
            "linearclient",
            "lineartoken",
            "linearsecret",
            "linearkey",
            "linearapi",
        ],
        shape: Shape::Named {
            name: "linear[_-]?(?:[a-z]{2,10}[_-]?)?(?:secret|token|key)",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("LINEAR_CLIENT_SECRET=<<hex:32>>"),
            Sample::Text("linear_secret: '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("LINEAR_CLIENT_SECRET=<<hex:31>>"),
            Sample::Text("LINEAR_CLIENT_SECRET=Zq<<hex:32>>"),
            Sample::Text("LINEAR_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/linear_client/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/monday-token",
            severity: Severity::High,
            summary: "A monday.com API token.",
            docs: "Reads and writes boards as its user.\n\n\
                Revoke it under *Developers > My access tokens* (regenerate), then give the program an identity of \
                its own with the fewest scopes, read from a secret store.\n\n\
                Source: monday.com documentation, *Authentication*.",
            ..META
        },
        keywords: &["monday_", "monday.", "mondaytoken", "mondayapi", "monday-"],
        shape: Shape::Named {
            name: "monday",
            value: r"eyJ[0-9A-Za-z_-]{10,60}\.eyJ[0-9A-Za-z_-]{60,400}\.[0-9A-Za-z_-]{43}",
        },
        reach: 700,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("monday_api_token: eyJ<<b62:17>>.eyJ<<b62:150>>.<<b62:43>>\n"),
            Sample::Text("MONDAY_API_API_KEY=eyJ<<b62:17>>.eyJ<<b62:150>>.<<b62:43>>"),
        ],
        no: &[
            Sample::Text("monday_api_token = \"eyJ<<b62:17>>.eyJ<<b62:150>>.<<b62:42>>\""),
            Sample::Text(
                "monday_api_token = \"eyJxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/monday_api/eyJ<<b62:17>>.eyJ<<b62:150>>.<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/figma-token",
            severity: Severity::High,
            summary: "A Figma token.",
            docs: "Reads files and comments as its user.\n\n\
                Revoke it under *Settings > Security > Personal access tokens*, then give the program an identity of \
                its own with the fewest scopes, read from a secret store.\n\n\
                Source: Figma documentation, *Authentication*.",
            ..META
        },
        keywords: &["figd_", "figdh_", "figdr_", "figu_", "figo_"],
        shape: Shape::Token("fig(?:d|dh|dr|u|uh|ur|o|oh|or)_[0-9A-Za-z_-]{40}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("figma_token: 'figd_<<url64:40>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=figd_<<url64:40>>&page=2"),
        ],
        no: &[
            Sample::Text("figma_token = \"figd_<<url64:39>>\""),
            Sample::Text("blob: Qzfigd_<<url64:40>>"),
            Sample::Text("FIGMA_TOKEN=figd_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/figma-older-token",
            severity: Severity::Medium,
            summary: "A Figma token of the older form.",
            docs: "Reads files and comments as its user.\n\n\
                Revoke it under *Settings > Security > Personal access tokens*, then give the program an identity of \
                its own with the fewest scopes, read from a secret store.\n\n\
                Source: Figma documentation, *Authentication*.",
            ..META
        },
        keywords: &["figma"],
        shape: Shape::Named {
            name: "figma",
            value: "[0-9]{6}-(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"figmaApiKey\": \"<<digit:6>>-<<uuid>>\","),
            Sample::Text("figma_api_key => \"<<digit:6>>-<<uuid>>\""),
        ],
        no: &[
            Sample::Text("figma_token = \"<<digit:5>>-<<uuid>>\""),
            Sample::Text("figma_token = \"Zq<<digit:6>>-<<uuid>>\""),
            Sample::Text("figma_token = \"xxxxxx-00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/figma/<<digit:6>>-<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/miro-token",
            severity: Severity::High,
            summary: "A Miro token or client secret.",
            docs: "Reads and writes boards.\n\n\
                Revoke it under *Your apps*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Miro documentation, *OAuth*.",
            ..META
        },
        keywords: &["miro"],
        shape: Shape::Named {
            name: r"\bmiro|_miro",
            value: "(?:eyJtaXJvLm9yaWdpbiI6ImV1MDEifQ_)?[0-9A-Za-z_-]{27,32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const miroKey = `<<b62:32>>`;"),
            Sample::Text("miro.secret = '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("miro_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/miro/<<b62:32>>"),
            Sample::Text("miro_token = \"<<b62:12>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/smartsheet-token",
            severity: Severity::High,
            summary: "A Smartsheet token.",
            docs: "Reads and writes sheets as its user.\n\n\
                Revoke it under *Personal settings > API access*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Smartsheet documentation, *Raw token requests*.",
            ..META
        },
        keywords: &["smartsheet"],
        shape: Shape::Named {
            name: "smartsheet",
            value: "(?:[0-9A-Za-z]{37}|[0-9a-z]{26})",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("smartsheet_token: <<b62:37>>\n"),
            Sample::Text("SMARTSHEET_API_KEY=<<b62:37>>"),
        ],
        no: &[
            Sample::Text("smartsheet_token = \"<<b62:36>>\""),
            Sample::Text("smartsheet_token = \"Zq<<b62:37>>\""),
            Sample::Text("smartsheet_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/smartsheet/<<b62:37>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/todoist-token",
            severity: Severity::Medium,
            summary: "A Todoist API token.",
            docs: "Reads and writes tasks as its user.\n\n\
                Revoke it under *Settings > Integrations > Developer*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Todoist documentation, *Authorization*.",
            ..META
        },
        keywords: &["todoist"],
        shape: Shape::Named {
            name: "todoist",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("todoist.secret = '<<hex:40>>'"),
            Sample::Text("\"todoistApiKey\": \"<<hex:40>>\","),
        ],
        no: &[
            Sample::Text("todoist_token = \"<<hex:39>>\""),
            Sample::Text("todoist_token = \"Zq<<hex:40>>\""),
            Sample::Text("todoist_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/todoist/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/coda-token",
            severity: Severity::Medium,
            summary: "A Coda API token.",
            docs: "Reads and writes docs as its user.\n\n\
                Revoke it under *Account settings > API settings*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Coda documentation, *Using the API*.",
            ..META
        },
        keywords: &["coda-", "coda.io", "coda_"],
        shape: Shape::Named {
            name: r"\bcoda[_-]|coda\.io",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("coda_api_token: <<uuid>>\n"),
            Sample::Text("CODA_API_API_KEY=<<uuid>>"),
        ],
        no: &[
            Sample::Text("coda_api_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("coda_api_token = \"Zq<<uuid>>\""),
            Sample::Text("coda_api_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/coda_api/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/shortcut-token",
            severity: Severity::Medium,
            summary: "A Shortcut API token.",
            docs: "Reads and writes stories as its user.\n\n\
                Revoke it under *Settings > API tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Shortcut documentation, *Authentication*.",
            ..META
        },
        keywords: &["clubhouse", "shortcut-", "shortcut_"],
        shape: Shape::Named {
            name: "shortcut[_-]?(?:api|token|key)|clubhouse",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("shortcut_api_token: <<uuid>>\n"),
            Sample::Text("SHORTCUT_API_API_KEY=<<uuid>>"),
        ],
        no: &[
            Sample::Text("shortcut_api_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("shortcut_api_token = \"Zq<<uuid>>\""),
            Sample::Text("shortcut_api_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/shortcut_api/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/wrike-token",
            severity: Severity::Medium,
            summary: "A Wrike permanent token.",
            docs: "Reads and writes tasks as its user.\n\n\
                Revoke it under *Apps & integrations > API*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Wrike documentation, *OAuth 2.0*.",
            ..META
        },
        keywords: &["wrike"],
        shape: Shape::Named {
            name: "wrike",
            value: r"eyJ[0-9A-Za-z_-]{10,60}\.eyJ[0-9A-Za-z_-]{60,600}\.[0-9A-Za-z_-]{43,90}",
        },
        reach: 900,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("wrike.secret = 'eyJ<<b62:33>>.eyJ<<b62:150>>.<<b62:43>>'"),
            Sample::Text("\"wrikeApiKey\": \"eyJ<<b62:33>>.eyJ<<b62:150>>.<<b62:43>>\","),
        ],
        no: &[
            Sample::Text(
                "wrike_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/wrike/eyJ<<b62:33>>.eyJ<<b62:150>>.<<b62:43>>"),
            Sample::Text("wrike_token = eyJ<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
