//! Stripe and Square.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    rule::{META, SecretRule, Shape, Verify},
    rules::structure,
    sample::Sample,
};

/// The rules.
pub static RULES: &[SecretRule] = &[
    SecretRule {
        meta: RuleMeta {
            id: "secrets/stripe-secret-key",
            severity: Severity::Critical,
            summary: "A live Stripe secret or restricted key.",
            docs: "Charges, refunds and pays out, and reads customers.\n\n\
                Revoke it under *Developers > API keys* (roll), then keep the new one in a secret store that only \
                the payment service reads, restricted to what it does.\n\n\
                Source: Stripe documentation, *API keys*.",
            ..META
        },
        keywords: &["sk_live_", "rk_live_", "sk_prod_", "rk_prod_"],
        shape: Shape::Token("[sr]k_(?:live|prod)_[0-9A-Za-z]{10,247}"),
        reach: 320,
        check: structure::random,
        min_entropy: 3.3,
        verify: Some(Verify {
            method: "GET",
            url: "https://api.stripe.com/v1/balance",
            header: ("Authorization", "Bearer {secret}"),
            live: &[200, 403],
            dead: &[401],
        }),
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer sk_live_<<b62:24>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nSTRIPE_SECRET_KEY = sk_live_<<b62:24>>\\n\""),
            Sample::Text("stripe.api_key = 'rk_live_<<b62:99>>'"),
        ],
        no: &[
            Sample::Text("blob: Qzsk_live_<<b62:24>>"),
            Sample::Text("STRIPE_SECRET_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("sk_live_<<b62:5>>"),
            Sample::Text("pk_live_<<b62:24>>"),
        ],
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/stripe-test-key",
            severity: Severity::Medium,
            summary: "A Stripe test key.",
            docs: "Changes test data, and shows how the account is set up; moves no money.\n\n\
                Revoke it under *Developers > API keys* (roll), then keep the new one in a secret store that only \
                the payment service reads, restricted to what it does.\n\n\
                Source: Stripe documentation, *API keys*.",
            ..META
        },
        keywords: &["sk_test_", "rk_test_"],
        shape: Shape::Token("[sr]k_test_[0-9A-Za-z]{10,247}"),
        reach: 320,
        check: structure::random,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("stripe_test_key = \"sk_test_<<b62:24>>\"\r\n"),
            Sample::Text("{\"stripe_test_key\": \"sk_test_<<b62:24>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("blob: Qzsk_test_<<b62:24>>"),
            Sample::Text("STRIPE_TEST_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("sk_test_<<b62:5>>"),
            Sample::Text("pk_test_<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/stripe-webhook-secret",
            severity: Severity::High,
            summary: "A Stripe webhook signing secret.",
            docs: "Forges Stripe's events, for example that an order is paid.\n\n\
                Revoke it under *Developers > Webhooks* (roll secret), then keep the new one in a secret store that \
                only the payment service reads, restricted to what it does.\n\n\
                Source: Stripe documentation, *Check the webhook signatures*.",
            ..META
        },
        keywords: &["whsec_"],
        shape: Shape::Token("whsec_[0-9A-Za-z+/]{24,64}={0,2}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"STRIPE_WEBHOOK_SECRET\">whsec_<<b62:32>></add>"),
            Sample::Text("stripe_webhook_secret: 'whsec_<<b62:32>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("blob: Qzwhsec_<<b62:32>>"),
            Sample::Text("STRIPE_WEBHOOK_SECRET=whsec_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("whsec_<<b62:10>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/square-token",
            severity: Severity::Critical,
            summary: "A Square access token.",
            docs: "Charges and refunds, and reads customers.\n\n\
                Revoke it under *Credentials* of the application (replace), then keep the new one in a secret store \
                that only the payment service reads, restricted to what it does.\n\n\
                Source: Square documentation, *Access tokens*.",
            ..META
        },
        keywords: &["eaaa"],
        shape: Shape::Token("EAAA[0-9A-Za-z_-]{22,60}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("square_token = \"EAAAE<<url64:59>>\"\r\n"),
            Sample::Text("{\"square_token\": \"EAAAE<<url64:59>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("blob: QzEAAAE<<url64:59>>"),
            Sample::Text("SQUARE_TOKEN=EAAAExxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("EAAA<<b62:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/square-secret",
            severity: Severity::High,
            summary: "A Square application secret or older access token.",
            docs: "Signs in as the application, or charges.\n\n\
                Revoke it under *Credentials* of the application (replace), then keep the new one in a secret store \
                that only the payment service reads, restricted to what it does.\n\n\
                Source: Square documentation, *OAuth API*.",
            ..META
        },
        keywords: &["sq0csp-", "sq0atp-", "sq0isp-"],
        shape: Shape::Token("(?:sq0csp-[0-9A-Za-z_-]{43}|sq0atp-[0-9A-Za-z_-]{22,60}|sq0isp-[0-9A-Za-z_-]{22})"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=sq0csp-<<url64:43>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer sq0csp-<<url64:43>>\" \"$HOST/v1\""),
            Sample::Text("t=sq0atp-<<url64:22>>"),
        ],
        no: &[
            Sample::Text("square_secret = \"sq0csp-<<url64:42>>\""),
            Sample::Text("blob: Qzsq0csp-<<url64:43>>"),
            Sample::Text("SQUARE_SECRET=sq0csp-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/square-application-id",
            severity: Severity::Low,
            summary: "A Square application id.",
            docs: "Names the application in public.\n\n\
                Revoke it under nothing: it is not secret by itself, then keep the new one in a secret store that \
                only the payment service reads, restricted to what it does.\n\n\
                Source: Square documentation, *OAuth API*.",
            ..META
        },
        keywords: &["sq0idp-"],
        shape: Shape::Token("sq0idp-[0-9A-Za-z_-]{22}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("square_application_id = \"sq0idp-<<url64:22>>\"\r\n"),
            Sample::Text("{\"square_application_id\": \"sq0idp-<<url64:22>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("square_application_id = \"sq0idp-<<url64:21>>\""),
            Sample::Text("blob: Qzsq0idp-<<url64:22>>"),
            Sample::Text("SQUARE_APPLICATION_ID=sq0idp-xxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
];
