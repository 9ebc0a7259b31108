//! Reading and moving what lies in bank accounts: Plaid, Finicity, Wise, Brex and others.

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
            id: "secrets/plaid-token",
            severity: Severity::Critical,
            summary: "A Plaid access token.",
            docs: "Reads a person's bank account.\n\n\
                Revoke it under `/item/remove`, then keep the new one in a secret store that only the payment \
                service reads, restricted to what it does.\n\n\
                Source: Plaid documentation, *Tokens*.",
            ..META
        },
        keywords: &["access-sandbox-", "access-development-", "access-production-"],
        shape: Shape::Token(
            "access-(?:sandbox|development|production)-(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        ),
        check: structure::not_sandbox,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("plaid_token = \"access-production-<<uuid>>\"\r\n"),
            Sample::Text("{\"plaid_token\": \"access-production-<<uuid>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("plaid_token = \"access-production-<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("blob: Qzaccess-production-<<uuid>>"),
            Sample::Text("PLAID_TOKEN=access-production-00000000-0000-0000-0000-000000000000"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/plaid-secret",
            severity: Severity::Critical,
            summary: "A Plaid secret.",
            docs: "Makes tokens for people's bank accounts.\n\n\
                Revoke it under *Developers > Keys* (rotate), then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: Plaid documentation, *API access*.",
            ..META
        },
        keywords: &["plaid"],
        shape: Shape::Named {
            name: "plaid",
            value: "[0-9a-f]{30}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("plaid_token: <<hex:30>>\n"),
            Sample::Text("PLAID_API_KEY=<<hex:30>>"),
        ],
        no: &[
            Sample::Text("plaid_token = \"<<hex:29>>\""),
            Sample::Text("plaid_token = \"Zq<<hex:30>>\""),
            Sample::Text("plaid_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/plaid/<<hex:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/plaid-secret-alnum",
            severity: Severity::High,
            summary: "A Plaid secret, as some clients write it.",
            docs: "Makes tokens for people's bank accounts.\n\n\
                Revoke it under *Developers > Keys* (rotate), then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: Plaid documentation, *API access*.",
            ..META
        },
        keywords: &["plaid"],
        shape: Shape::Named {
            name: "plaid",
            value: "[0-9A-Za-z]{30}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("plaid.secret = '<<b62:30>>'"),
            Sample::Text("\"plaidApiKey\": \"<<b62:30>>\","),
        ],
        no: &[
            Sample::Text("plaid_token = \"<<b62:29>>\""),
            Sample::Text("plaid_token = \"Zq<<b62:30>>\""),
            Sample::Text("plaid_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/plaid/<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/plaid-client-id",
            severity: Severity::Low,
            summary: "A Plaid client id.",
            docs: "Names the client; with its secret it reads bank accounts.\n\n\
                Revoke it under nothing: it is not secret by itself, then keep the new one in a secret store that \
                only the payment service reads, restricted to what it does.\n\n\
                Source: Plaid documentation, *API access*.",
            ..META
        },
        keywords: &["plaid"],
        shape: Shape::Named {
            name: "plaid",
            value: "[0-9A-Za-z]{24}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("plaid.secret = '<<hex:24>>'"),
            Sample::Text("\"plaidApiKey\": \"<<hex:24>>\","),
        ],
        no: &[
            Sample::Text("plaid_token = \"<<hex:23>>\""),
            Sample::Text("plaid_token = \"Zq<<hex:24>>\""),
            Sample::Text("plaid_token = \"xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/plaid/<<hex:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gocardless-token",
            severity: Severity::Critical,
            summary: "A GoCardless access token.",
            docs: "Collects from people's bank accounts.\n\n\
                Revoke it under *Developers > Access tokens*, then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: GoCardless documentation, *API keys*.",
            ..META
        },
        keywords: &["gc_access", "gocardless"],
        shape: Shape::Named {
            name: "gocardless|gc_access",
            value: "(?:live|sandbox)_[0-9A-Za-z_=-]{40}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const gocardlessKey = `live_<<b62:40>>`;"),
            Sample::Text("gocardless.secret = 'live_<<b62:40>>'"),
        ],
        no: &[
            Sample::Text("gocardless_token = \"live_<<b62:39>>\""),
            Sample::Text("gocardless_token = \"Zqlive_<<b62:40>>\""),
            Sample::Text("gocardless_token = \"live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/gocardless/live_<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/wise-token",
            severity: Severity::Critical,
            summary: "A Wise API token.",
            docs: "Reads the account and sends money.\n\n\
                Revoke it under *Settings > API tokens*, then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: Wise documentation, *Personal tokens*.",
            ..META
        },
        keywords: &[
            "transfer_wise",
            "transferwise",
            "wise-",
            "wise_",
            "wiseapi",
            "wisetoken",
        ],
        shape: Shape::Named {
            name: r"\bwise[_-]?(?:api|token|key)|transfer_?wise",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("wise_api_api_key => \"<<uuid>>\""),
            Sample::Text("export WISE_API_TOKEN=\"<<uuid>>\""),
        ],
        no: &[
            Sample::Text("wise_api_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("wise_api_token = \"Zq<<uuid>>\""),
            Sample::Text("wise_api_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/wise_api/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dwolla-secret",
            severity: Severity::Critical,
            summary: "A Dwolla key or secret.",
            docs: "Sends money between bank accounts.\n\n\
                Revoke it under *Applications*, then keep the new one in a secret store that only the payment \
                service reads, restricted to what it does.\n\n\
                Source: Dwolla documentation, *Authentication*.",
            ..META
        },
        keywords: &["dwolla"],
        shape: Shape::Named {
            name: "dwolla",
            value: "[0-9A-Za-z]{50}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("DWOLLA_API_KEY=<<b62:50>>"),
            Sample::Text("const dwollaKey = `<<b62:50>>`;"),
        ],
        no: &[
            Sample::Text("dwolla_token = \"<<b62:49>>\""),
            Sample::Text("dwolla_token = \"Zq<<b62:50>>\""),
            Sample::Text("dwolla_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/dwolla/<<b62:50>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/finicity-secret",
            severity: Severity::High,
            summary: "A Finicity client secret.",
            docs: "Reads people's bank accounts.\n\n\
                Revoke it under *Account* of the developer portal, then keep the new one in a secret store that only \
                the payment service reads, restricted to what it does.\n\n\
                Source: Finicity documentation, *Authentication*.",
            ..META
        },
        keywords: &["finicity"],
        shape: Shape::Named {
            name: "finicity",
            value: "[0-9A-Za-z]{20}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("export FINICITY_TOKEN=\"<<b62:20>>\""),
            Sample::Text("finicity_token: <<b62:20>>\n"),
        ],
        no: &[
            Sample::Text("finicity_token = \"<<b62:19>>\""),
            Sample::Text("finicity_token = \"Zq<<b62:20>>\""),
            Sample::Text("finicity_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/finicity/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/finicity-token",
            severity: Severity::High,
            summary: "A Finicity API token.",
            docs: "Reads people's bank accounts.\n\n\
                Revoke it under *Account* of the developer portal, then keep the new one in a secret store that only \
                the payment service reads, restricted to what it does.\n\n\
                Source: Finicity documentation, *Authentication*.",
            ..META
        },
        keywords: &["finicity"],
        shape: Shape::Named {
            name: "finicity",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("FINICITY_API_KEY=<<hex:32>>"),
            Sample::Text("const finicityKey = `<<hex:32>>`;"),
        ],
        no: &[
            Sample::Text("finicity_token = \"<<hex:31>>\""),
            Sample::Text("finicity_token = \"Zq<<hex:32>>\""),
            Sample::Text("finicity_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/finicity/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/brex-token",
            severity: Severity::Critical,
            summary: "A Brex user token.",
            docs: "Reads the account and sends money.\n\n\
                Revoke it under *Developer > Settings*, then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: Brex documentation, *Authentication*.",
            ..META
        },
        keywords: &["bxt_"],
        shape: Shape::Token("bxt_[0-9A-Za-z]{36}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("brex_token: 'bxt_<<b62:36>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=bxt_<<b62:36>>&page=2"),
        ],
        no: &[
            Sample::Text("brex_token = \"bxt_<<b62:35>>\""),
            Sample::Text("blob: Qzbxt_<<b62:36>>"),
            Sample::Text("BREX_TOKEN=bxt_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mercury-token",
            severity: Severity::Critical,
            summary: "A Mercury API token.",
            docs: "Reads the account and sends money.\n\n\
                Revoke it under *Settings > Tokens*, then keep the new one in a secret store that only the payment \
                service reads, restricted to what it does.\n\n\
                Source: Mercury documentation, *Getting started*.",
            ..META
        },
        keywords: &["secret-token:mercury_"],
        shape: Shape::Token("secret-token:mercury_(?:production|sandbox)_[0-9A-Za-z_-]{20,90}(?:_yrucrem)?"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"mercury_token\": \"secret-token:mercury_production_<<b62:44>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"MERCURY_TOKEN\">secret-token:mercury_production_<<b62:44>></add>"),
        ],
        no: &[
            Sample::Text("blob: Qzsecret-token:mercury_production_<<b62:44>>"),
            Sample::Text("MERCURY_TOKEN=secret-token:mercury_production_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("secret-token:mercury_production_<<b62:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
