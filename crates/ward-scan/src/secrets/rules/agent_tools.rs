//! What agents reach for: embeddings, search, crawling, sandboxes, memory, pipelines.

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
            id: "secrets/llamacloud-key",
            severity: Severity::High,
            summary: "A LlamaCloud API key.",
            docs: "Parses and reads indexed documents.\n\n\
                Revoke it under *API keys* of LlamaCloud, then let the server read a new one from its environment or \
                a secret store; no key belongs in a browser or a repository.\n\n\
                Source: LlamaCloud documentation, *Get an API key*.",
            ..META
        },
        keywords: &["llx-"],
        shape: Shape::Token("llx-[0-9A-Za-z]{48}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"LLAMACLOUD_KEY\">llx-<<b62:48>></add>"),
            Sample::Text("llamacloud_key: 'llx-<<b62:48>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("llamacloud_key = \"llx-<<b62:47>>\""),
            Sample::Text("blob: Qzllx-<<b62:48>>"),
            Sample::Text("LLAMACLOUD_KEY=llx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/voyage-key",
            severity: Severity::Medium,
            summary: "A Voyage AI API key.",
            docs: "Makes embeddings at the organisation's cost.\n\n\
                Revoke it under *API keys* of the dashboard, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Voyage AI documentation, *API key*.",
            ..META
        },
        keywords: &["voyage"],
        shape: Shape::Named {
            name: "voyage",
            value: "(?:pa|al)-[0-9A-Za-z_-]{43}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("voyage.secret = 'pa-<<url64:43>>'"),
            Sample::Text("\"voyageApiKey\": \"pa-<<url64:43>>\","),
        ],
        no: &[
            Sample::Text("voyage_token = \"pa-<<url64:42>>\""),
            Sample::Text("voyage_token = \"Zqpa-<<url64:43>>\""),
            Sample::Text("voyage_token = \"pa-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/voyage/pa-<<url64:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/jina-key",
            severity: Severity::Medium,
            summary: "A Jina AI API key.",
            docs: "Makes embeddings and reads pages at the account's cost.\n\n\
                Revoke it under *API key & billing*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Jina AI documentation, *API*.",
            ..META
        },
        keywords: &["jina_"],
        shape: Shape::Token("jina_[0-9a-f]{32}[0-9A-Za-z_-]{28}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer jina_<<hex:32>><<b62:28>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nJINA_KEY = jina_<<hex:32>><<b62:28>>\\n\""),
        ],
        no: &[
            Sample::Text("jina_key = \"jina_<<hex:32>><<b62:27>>\""),
            Sample::Text("blob: Qzjina_<<hex:32>><<b62:28>>"),
            Sample::Text("JINA_KEY=jina_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/prefect-key",
            severity: Severity::High,
            summary: "A Prefect API key.",
            docs: "Runs flows and reads blocks, which hold other secrets.\n\n\
                Revoke it under *API keys* of the profile or service account, then let the server read a new one \
                from its environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Prefect documentation, *Manage API keys*.",
            ..META
        },
        keywords: &["pnu_", "pnb_"],
        shape: Shape::Token("pn[ub]_[0-9A-Za-z]{36}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"PREFECT_KEY\">pnu_<<b62:36>></add>"),
            Sample::Text("prefect_key: 'pnu_<<b62:36>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("prefect_key = \"pnu_<<b62:35>>\""),
            Sample::Text("blob: Qzpnu_<<b62:36>>"),
            Sample::Text("PREFECT_KEY=pnu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dagster-token",
            severity: Severity::High,
            summary: "A Dagster+ token.",
            docs: "Runs and reads the deployment's jobs.\n\n\
                Revoke it under *Organisation settings > Tokens*, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Dagster documentation, *Managing agent and user tokens*.",
            ..META
        },
        keywords: &["dagster"],
        shape: Shape::Named {
            name: "dagster",
            value: "(?:user|agent):[0-9A-Za-z_-]{1,40}:[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("dagster.secret = 'user:acme:<<hex:32>>'"),
            Sample::Text("\"dagsterApiKey\": \"user:acme:<<hex:32>>\","),
        ],
        no: &[
            Sample::Text("dagster_token = \"user:acme:<<hex:31>>\""),
            Sample::Text("dagster_token = \"user:acme:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/dagster/user:acme:<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zenml-key",
            severity: Severity::High,
            summary: "A ZenML API key.",
            docs: "Runs pipelines and reads the stack's connections.\n\n\
                Revoke it under *Service accounts > API keys*, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: ZenML documentation, *Connect with a service account*.",
            ..META
        },
        keywords: &["zenkey_", "zenprokey_"],
        shape: Shape::Token("ZEN(?:PRO)?KEY_[0-9A-Za-z+/_-]{60,400}={0,2}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("zenml_key = \"ZENKEY_<<b62:120>>\"\r\n"),
            Sample::Text("{\"zenml_key\": \"ZENKEY_<<b62:120>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("blob: QzZENKEY_<<b62:120>>"),
            Sample::Text(
                "ZENML_KEY=ZENKEY_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("ZENKEY_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/firecrawl-key",
            severity: Severity::Medium,
            summary: "A Firecrawl API key.",
            docs: "Crawls at the team's cost.\n\n\
                Revoke it under *API keys* of the dashboard, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Firecrawl documentation, *Introduction*.",
            ..META
        },
        keywords: &["fc-"],
        shape: Shape::Token("fc-[0-9a-f]{32}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"FIRECRAWL_KEY\">fc-<<hex:32>></add>"),
            Sample::Text("firecrawl_key: 'fc-<<hex:32>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("firecrawl_key = \"fc-<<hex:31>>\""),
            Sample::Text("blob: Qzfc-<<hex:32>>"),
            Sample::Text("FIRECRAWL_KEY=fc-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("arc-<<hex:31>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tavily-key",
            severity: Severity::Medium,
            summary: "A Tavily API key.",
            docs: "Searches at the account's cost.\n\n\
                Revoke it under *API keys* of the dashboard, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Tavily documentation, *Quickstart*.",
            ..META
        },
        keywords: &["tvly-"],
        shape: Shape::Token("tvly-(?:(?:dev|prod)-)?[0-9A-Za-z]{32}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e TAVILY_KEY=tvly-<<b62:32>> image\n"),
            Sample::Text("TAVILY_KEY=tvly-<<b62:32>>"),
        ],
        no: &[
            Sample::Text("tavily_key = \"tvly-<<b62:31>>\""),
            Sample::Text("blob: Qztvly-<<b62:32>>"),
            Sample::Text("TAVILY_KEY=tvly-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/exa-key",
            severity: Severity::Medium,
            summary: "An Exa API key.",
            docs: "Searches at the team's cost.\n\n\
                Revoke it under *API keys* of the dashboard, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Exa documentation, *Authentication*.",
            ..META
        },
        keywords: &["exa-", "exa_", "exaai", "exaapi", "exasearch"],
        shape: Shape::Named {
            name: r"\bexa[_-]?(?:ai|api|key|token)|exa_?search",
            value: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"exa_aiApiKey\": \"<<uuid>>\","),
            Sample::Text("exa_ai_api_key => \"<<uuid>>\""),
        ],
        no: &[
            Sample::Text("exa_ai_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("exa_ai_token = \"Zq<<uuid>>\""),
            Sample::Text("exa_ai_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/exa_ai/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/serper-key",
            severity: Severity::Medium,
            summary: "A Serper API key.",
            docs: "Searches at the account's cost.\n\n\
                Revoke it under *API key* of the dashboard, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Serper documentation, *Playground*.",
            ..META
        },
        keywords: &["serper"],
        shape: Shape::Named {
            name: "serper",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("serper.secret = '<<hex:40>>'"),
            Sample::Text("\"serperApiKey\": \"<<hex:40>>\","),
        ],
        no: &[
            Sample::Text("serper_token = \"<<hex:39>>\""),
            Sample::Text("serper_token = \"Zq<<hex:40>>\""),
            Sample::Text("serper_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/serper/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/serpapi-key",
            severity: Severity::Medium,
            summary: "A SerpApi key.",
            docs: "Searches at the account's cost.\n\n\
                Revoke it under *API key* of the account page, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: SerpApi documentation, *Search API*.",
            ..META
        },
        keywords: &["serp_api", "serpapi"],
        shape: Shape::Named {
            name: "serpapi|serp_api",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"serpapiApiKey\": \"<<hex:64>>\","),
            Sample::Text("serpapi_api_key => \"<<hex:64>>\""),
        ],
        no: &[
            Sample::Text("serpapi_token = \"<<hex:63>>\""),
            Sample::Text("serpapi_token = \"Zq<<hex:64>>\""),
            Sample::Text("serpapi_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/serpapi/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/apify-token",
            severity: Severity::High,
            summary: "An Apify API token.",
            docs: "Runs actors and reads their data.\n\n\
                Revoke it under *Settings > API & integrations*, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Apify documentation, *API*.",
            ..META
        },
        keywords: &["apify_api_"],
        shape: Shape::Token("apify_api_[0-9A-Za-z]{34,40}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("apify_token = \"apify_api_<<b62:36>>\"\r\n"),
            Sample::Text("{\"apify_token\": \"apify_api_<<b62:36>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("blob: Qzapify_api_<<b62:36>>"),
            Sample::Text("APIFY_TOKEN=apify_api_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("apify_api_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/e2b-key",
            severity: Severity::High,
            summary: "An E2B API key.",
            docs: "Runs code in the team's sandboxes.\n\n\
                Revoke it under *Team > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: E2B documentation, *API key*.",
            ..META
        },
        keywords: &["e2b_"],
        shape: Shape::Token("e2b_[0-9a-f]{40}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("e2b_key = \"e2b_<<hex:40>>\"\r\n"),
            Sample::Text("{\"e2b_key\": \"e2b_<<hex:40>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("e2b_key = \"e2b_<<hex:39>>\""),
            Sample::Text("blob: Qze2b_<<hex:40>>"),
            Sample::Text("E2B_KEY=e2b_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/browserbase-key",
            severity: Severity::High,
            summary: "A Browserbase API key.",
            docs: "Drives the project's browsers, with their sessions.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Browserbase documentation, *Authentication*.",
            ..META
        },
        keywords: &["bb_live_"],
        shape: Shape::Token("bb_live_[0-9A-Za-z_-]{27}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer bb_live_<<b62:27>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nBROWSERBASE_KEY = bb_live_<<b62:27>>\\n\""),
        ],
        no: &[
            Sample::Text("browserbase_key = \"bb_live_<<b62:26>>\""),
            Sample::Text("blob: Qzbb_live_<<b62:27>>"),
            Sample::Text("BROWSERBASE_KEY=bb_live_xxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mem0-key",
            severity: Severity::High,
            summary: "A Mem0 API key.",
            docs: "Reads and writes what agents remember of users.\n\n\
                Revoke it under *API keys* of the dashboard, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Mem0 documentation, *Platform quickstart*.",
            ..META
        },
        keywords: &["m0-"],
        shape: Shape::Token("m0-[0-9A-Za-z]{40}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"mem0_key\": \"m0-<<b62:40>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"MEM0_KEY\">m0-<<b62:40>></add>"),
        ],
        no: &[
            Sample::Text("mem0_key = \"m0-<<b62:39>>\""),
            Sample::Text("blob: Qzm0-<<b62:40>>"),
            Sample::Text("MEM0_KEY=m0-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cursor-key",
            severity: Severity::High,
            summary: "A Cursor API key.",
            docs: "Runs agents and reads the team's usage.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Cursor documentation, *API keys*.",
            ..META
        },
        keywords: &["crsr", "cursor"],
        shape: Shape::Named {
            name: "cursor|crsr",
            value: "(?:key|crsr)_[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("cursor.secret = 'key_<<hex:64>>'"),
            Sample::Text("\"cursorApiKey\": \"key_<<hex:64>>\","),
        ],
        no: &[
            Sample::Text("cursor_token = \"key_<<hex:63>>\""),
            Sample::Text("cursor_token = \"Zqkey_<<hex:64>>\""),
            Sample::Text("cursor_token = \"key_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/cursor/key_<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/livekit-secret",
            severity: Severity::High,
            summary: "A LiveKit API secret.",
            docs: "Makes room tokens of any identity.\n\n\
                Revoke it under *Settings > Keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: LiveKit documentation, *Authentication*.",
            ..META
        },
        keywords: &["livekit"],
        shape: Shape::Named {
            name: "livekit[_a-z.-]{0,12}secret",
            value: "[0-9A-Za-z]{43,44}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("LIVEKIT_API_SECRET=<<b62:43>>"),
            Sample::Text("livekit_secret: \"<<b62:43>>\""),
        ],
        no: &[
            Sample::Text("LIVEKIT_API_SECRET=<<b62:42>>"),
            Sample::Text("LIVEKIT_API_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/livekit/<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
