//! Signing people in: Okta, Auth0, Clerk, WorkOS and others.

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
            id: "secrets/okta-token",
            severity: Severity::Critical,
            summary: "An Okta API token.",
            docs: "Manages people, groups and applications as its administrator.\n\n\
                Revoke it under *Security > API > Tokens*, because whoever holds it signs in as anybody; then use a \
                key with few scopes and an end date.\n\n\
                Source: Okta developer documentation, *Create an API token*.",
            ..META
        },
        keywords: &["okta", "ssws"],
        shape: Shape::Named {
            name: "okta|ssws",
            value: "00[0-9A-Za-z_=-]{40}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("OKTA_API_KEY=00<<b62:40>>"),
            Sample::Text("const oktaKey = `00<<b62:40>>`;"),
            Sample::Text("ssws_token: 00<<b62:40>>"),
        ],
        no: &[
            Sample::Text("okta_token = \"00<<b62:39>>\""),
            Sample::Text("okta_token = \"Zq00<<b62:40>>\""),
            Sample::Text("okta_token = \"00xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/okta/00<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/okta-client-secret",
            severity: Severity::High,
            summary: "An Okta client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Applications > General > Client credentials*, because whoever holds it signs in as \
                anybody; then use a key with few scopes and an end date.\n\n\
                Source: Okta developer documentation, *Client authentication*.",
            ..META
        },
        keywords: &["okta"],
        shape: Shape::Named {
            name: "okta[_a-z.-]{0,16}secret",
            value: "[0-9A-Za-z_-]{40,64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("OKTA_CLIENT_SECRET=<<b62:64>>"),
            Sample::Text("okta.client_secret: '<<b62:64>>'"),
        ],
        no: &[
            Sample::Text("OKTA_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/okta_client/<<b62:64>>"),
            Sample::Text("OKTA_CLIENT_SECRET=<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/auth0-secret",
            severity: Severity::High,
            summary: "An Auth0 client secret.",
            docs: "Signs in as the application; a management client changes people.\n\n\
                Revoke it under *Applications > Settings* (rotate secret), because whoever holds it signs in as \
                anybody; then use a key with few scopes and an end date.\n\n\
                Source: Auth0 documentation, *Application credentials*.",
            ..META
        },
        keywords: &["auth0"],
        shape: Shape::Named {
            name: "auth0[_a-z.-]{0,16}secret",
            value: "[0-9A-Za-z_-]{64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("AUTH0_CLIENT_SECRET=<<url64:64>>"),
            Sample::Text("auth0_secret: '<<url64:64>>'"),
        ],
        no: &[
            Sample::Text("AUTH0_CLIENT_SECRET=<<url64:63>>"),
            Sample::Text("AUTH0_CLIENT_SECRET=Zq<<url64:64>>"),
            Sample::Text("AUTH0_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/auth0_client/<<url64:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/auth0-token",
            severity: Severity::High,
            summary: "An Auth0 management token.",
            docs: "Manages people and applications of the tenant for a day.\n\n\
                Revoke it under *APIs > Auth0 Management API*, because whoever holds it signs in as anybody; then \
                use a key with few scopes and an end date.\n\n\
                Source: Auth0 documentation, *Management API access tokens*.",
            ..META
        },
        keywords: &["auth0"],
        shape: Shape::Named {
            name: "auth0",
            value: r"eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{40,4000}\.[0-9A-Za-z_-]{300,700}",
        },
        reach: 5000,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("auth0.secret = 'eyJ<<b62:60>>.eyJ<<b62:300>>.<<b62:342>>'"),
            Sample::Text("\"auth0ApiKey\": \"eyJ<<b62:60>>.eyJ<<b62:300>>.<<b62:342>>\","),
        ],
        no: &[
            Sample::Text(
                "auth0_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/auth0/eyJ<<b62:60>>.eyJ<<b62:300>>.<<b62:342>>"),
            Sample::Text("auth0_token = eyJ<<b62:60>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/workos-key",
            severity: Severity::Critical,
            summary: "A WorkOS API key.",
            docs: "Manages people and connections of every organisation.\n\n\
                Revoke it under *API keys*, because whoever holds it signs in as anybody; then use a key with few \
                scopes and an end date.\n\n\
                Source: WorkOS documentation, *API keys*.",
            ..META
        },
        keywords: &["workos"],
        shape: Shape::Named {
            name: "workos",
            value: "sk_(?:live_|test_)?[0-9A-Za-z+/=]{40,110}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("workos_api_key => \"sk_<<b62:80>>\""),
            Sample::Text("export WORKOS_TOKEN=\"sk_<<b62:80>>\""),
        ],
        no: &[
            Sample::Text(
                "workos_token = \"sk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/workos/sk_<<b62:80>>"),
            Sample::Text("workos_token = \"sk_<<b62:20>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/workos-prefixed-key",
            severity: Severity::Critical,
            summary: "A WorkOS API key, known by its encoded environment.",
            docs: "Manages people and connections of every organisation.\n\n\
                Revoke it under *API keys*, because whoever holds it signs in as anybody; then use a key with few \
                scopes and an end date.\n\n\
                Source: WorkOS documentation, *API keys*.",
            ..META
        },
        keywords: &["sk_a2v5x", "sk_live_a2v5x", "sk_test_a2v5x"],
        shape: Shape::Token("sk_(?:live_|test_)?a2V5X[0-9A-Za-z+/]{40,110}={0,2}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"WORKOS_PREFIXED_KEY\">sk_a2V5X<<b64:75>></add>"),
            Sample::Text("workos_prefixed_key: 'sk_a2V5X<<b64:75>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("blob: Qzsk_a2V5X<<b64:75>>"),
            Sample::Text(
                "WORKOS_PREFIXED_KEY=sk_a2V5Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("sk_a2V5X<<b64:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/stytch-secret",
            severity: Severity::Critical,
            summary: "A Stytch secret.",
            docs: "Manages people and their sessions.\n\n\
                Revoke it under *API keys* of the project, because whoever holds it signs in as anybody; then use a \
                key with few scopes and an end date.\n\n\
                Source: Stytch documentation, *Authentication*.",
            ..META
        },
        keywords: &["secret-live-", "secret-test-"],
        shape: Shape::Token("secret-(?:live|test)-[0-9A-Za-z_-]{30,36}={0,2}"),
        check: structure::not_test,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("stytch_secret: 'secret-live-<<b62:35>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=secret-live-<<b62:35>>&page=2"),
        ],
        no: &[
            Sample::Text("blob: Qzsecret-live-<<b62:35>>"),
            Sample::Text("STYTCH_SECRET=secret-live-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("secret-live-<<b62:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fusionauth-key",
            severity: Severity::Critical,
            summary: "A FusionAuth API key.",
            docs: "Manages people and applications.\n\n\
                Revoke it under *Settings > API keys*, because whoever holds it signs in as anybody; then use a key \
                with few scopes and an end date.\n\n\
                Source: FusionAuth documentation, *Authentication*.",
            ..META
        },
        keywords: &["fusion_auth", "fusionauth"],
        shape: Shape::Named {
            name: "fusionauth|fusion_auth",
            value: "[0-9A-Za-z_-]{43,86}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"fusionauthApiKey\": \"<<b62:64>>\","),
            Sample::Text("fusionauth_api_key => \"<<b62:64>>\""),
        ],
        no: &[
            Sample::Text("fusionauth_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/fusionauth/<<b62:64>>"),
            Sample::Text("fusionauth_token = \"<<b62:20>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/onelogin-secret",
            severity: Severity::Critical,
            summary: "A OneLogin client secret.",
            docs: "Manages people within its scope.\n\n\
                Revoke it under *Developers > API credentials*, because whoever holds it signs in as anybody; then \
                use a key with few scopes and an end date.\n\n\
                Source: OneLogin documentation, *Working with API credentials*.",
            ..META
        },
        keywords: &["one_login", "onelogin"],
        shape: Shape::Named {
            name: "one_?login[_a-z.-]{0,16}",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export ONELOGIN_TOKEN=\"<<hex:64>>\""),
            Sample::Text("onelogin_token: <<hex:64>>\n"),
        ],
        no: &[
            Sample::Text("onelogin_token = \"<<hex:63>>\""),
            Sample::Text("onelogin_token = \"Zq<<hex:64>>\""),
            Sample::Text("onelogin_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/onelogin/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/jumpcloud-key",
            severity: Severity::Critical,
            summary: "A JumpCloud API key.",
            docs: "Manages people and machines as its administrator.\n\n\
                Revoke it under *Administrators > API key*, because whoever holds it signs in as anybody; then use a \
                key with few scopes and an end date.\n\n\
                Source: JumpCloud documentation, *Authentication*.",
            ..META
        },
        keywords: &["jca_", "jump_cloud", "jumpcloud"],
        shape: Shape::Named {
            name: "jump_?cloud|jca_",
            value: "(?:[0-9a-f]{40}|jca_[0-9A-Za-z]{36,40})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export JUMPCLOUD_TOKEN=\"<<hex:40>>\""),
            Sample::Text("jumpcloud_token: <<hex:40>>\n"),
        ],
        no: &[
            Sample::Text("jumpcloud_token = \"<<hex:39>>\""),
            Sample::Text("jumpcloud_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/jumpcloud/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/duo-secret",
            severity: Severity::Critical,
            summary: "A Duo secret key.",
            docs: "Signs people in past the second factor, or manages it.\n\n\
                Revoke it under *Applications > Reset secret key*, because whoever holds it signs in as anybody; \
                then use a key with few scopes and an end date.\n\n\
                Source: Duo documentation, *Auth API*.",
            ..META
        },
        keywords: &["duo-", "duo_", "duosecret"],
        shape: Shape::Named {
            name: "duo[_a-z.-]{0,12}(?:skey|secret(?:[_-]?key)?)",
            value: "[0-9A-Za-z]{40}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("DUO_SKEY=<<b62:40>>"),
            Sample::Text("duo_secret_key = '<<b62:40>>'"),
        ],
        no: &[
            Sample::Text("DUO_SKEY=<<b62:39>>"),
            Sample::Text("DUO_SKEY=Zq<<b62:40>>"),
            Sample::Text("DUO_SKEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/duo_skey/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/descope-key",
            severity: Severity::Critical,
            summary: "A Descope management key.",
            docs: "Manages people and tenants.\n\n\
                Revoke it under *Company > Management keys*, because whoever holds it signs in as anybody; then use \
                a key with few scopes and an end date.\n\n\
                Source: Descope documentation, *Management keys*.",
            ..META
        },
        keywords: &["descope"],
        shape: Shape::Token("K2[0-9A-Za-z]{60,110}"),
        min_entropy: 3.8,
        yes: &[
            Sample::Text("DESCOPE_MANAGEMENT_KEY=K2<<b62:80>>"),
            Sample::Text("descope: 'K2<<b62:80>>'"),
        ],
        no: &[
            Sample::Text("DESCOPE_MANAGEMENT_KEY=K2<<b62:12>>"),
            Sample::Text("DESCOPE_PROJECT_ID=P2<<b62:26>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/authress-key",
            severity: Severity::Critical,
            summary: "An Authress service client key.",
            docs: "Manages access records of the account.\n\n\
                Revoke it under *Service clients > Access keys*, because whoever holds it signs in as anybody; then \
                use a key with few scopes and an end date.\n\n\
                Source: Authress documentation, *Service clients*.",
            ..META
        },
        keywords: &[".acc_", ".acc-", "authress_"],
        shape: Shape::Token(
            r"(?:sc|ext|scauth|authress)_[0-9A-Za-z]{5,30}\.[0-9A-Za-z]{4,6}\.acc[_-][0-9A-Za-z-]{10,32}\.[0-9A-Za-z+/_=-]{30,120}",
        ),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("authress_key: 'sc_<<low36:12>>.<<low36:4>>.acc-<<low36:14>>.<<b62:48>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=sc_<<low36:12>>.<<low36:4>>.acc-<<low36:14>>.<<b62:48>>&page=2"),
        ],
        no: &[
            Sample::Text("blob: Qzsc_<<low36:12>>.<<low36:4>>.acc-<<low36:14>>.<<b62:48>>"),
            Sample::Text(
                "AUTHRESS_KEY=sc_xxxxxxxxxxxx.xxxx.acc-xxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("sc_<<low36:12>>.<<low36:4>>.acc-<<low36:14>>.<<b62:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ory-token",
            severity: Severity::Critical,
            summary: "An Ory token.",
            docs: "Manages the project's identities.\n\n\
                Revoke it under *Project settings > API keys*, because whoever holds it signs in as anybody; then \
                use a key with few scopes and an end date.\n\n\
                Source: Ory documentation, *Ory Network API keys*.",
            ..META
        },
        keywords: &["ory_pat_", "ory_apikey_", "ory_wak_"],
        shape: Shape::Token("ory_(?:pat|apikey|wak|at|rt|st)_[0-9A-Za-z]{20,60}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"ory_token\": \"ory_pat_<<b62:32>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"ORY_TOKEN\">ory_pat_<<b62:32>></add>"),
        ],
        no: &[
            Sample::Text("blob: Qzory_pat_<<b62:32>>"),
            Sample::Text("ORY_TOKEN=ory_pat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("ory_pat_<<b62:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/clerk-secret-key",
            severity: Severity::Critical,
            summary: "A Clerk secret key, named as such.",
            docs: "Manages people and their sessions. The key that begins with `pk_` is public.\n\n\
                Revoke it under *API keys*, because whoever holds it signs in as anybody; then use a key with few \
                scopes and an end date.\n\n\
                Source: Clerk documentation, *Clerk environment variables*.",
            ..META
        },
        keywords: &["clerk"],
        shape: Shape::Token("sk_(?:live|test)_[0-9A-Za-z]{40,50}"),
        check: structure::not_test,
        min_entropy: 3.8,
        yes: &[
            Sample::Text("CLERK_SECRET_KEY=sk_live_<<b62:42>>"),
            Sample::Text("clerk.secretKey = 'sk_live_<<b62:42>>'"),
        ],
        no: &[
            Sample::Text("CLERK_SECRET_KEY=sk_live_<<b62:12>>"),
            Sample::Text("CLERK_PUBLISHABLE_KEY=pk_live_<<b62:42>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/intra42-secret",
            severity: Severity::High,
            summary: "A 42 Intra client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Settings > API*, because whoever holds it signs in as anybody; then use a key with \
                few scopes and an end date.\n\n\
                Source: 42 API documentation, *Getting started*.",
            ..META
        },
        keywords: &["s-s4t2ud-", "s-s4t2af-"],
        shape: Shape::Token("s-s4t2(?:ud|af)-[0-9a-f]{64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("intra42_secret = \"s-s4t2ud-<<hex:64>>\"\r\n"),
            Sample::Text("{\"intra42_secret\": \"s-s4t2ud-<<hex:64>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("intra42_secret = \"s-s4t2ud-<<hex:63>>\""),
            Sample::Text("blob: Qzs-s4t2ud-<<hex:64>>"),
            Sample::Text("INTRA42_SECRET=s-s4t2ud-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
];
