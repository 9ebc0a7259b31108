//! Google: API keys, service accounts, OAuth, Firebase.

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
            id: "secrets/google-api-key",
            severity: Severity::Medium,
            summary: "A Google API key.",
            docs: "Calls the APIs that the key is open for, at the project's cost. Firebase web configuration holds one \
                in public on purpose; restrict it to its site and APIs.\n\n\
                Revoke it under *APIs & services > Credentials*, then give the program a role of its own (a workload \
                or instance identity), or a key with few rights and an end date.\n\n\
                Source: Google Cloud documentation, *Manage API keys*.",
            ..META
        },
        keywords: &["aiza"],
        shape: Shape::Token("AIza[0-9A-Za-z_-]{35}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e GOOGLE_API_KEY=AIza<<url64:35>> image\n"),
            Sample::Text("GOOGLE_API_KEY=AIza<<url64:35>>"),
        ],
        no: &[
            Sample::Text("google_api_key = \"AIza<<url64:34>>\""),
            Sample::Text("blob: QzAIza<<url64:35>>"),
            Sample::Text("GOOGLE_API_KEY=AIzaxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/google-auth-key",
            severity: Severity::High,
            summary: "A Google API key bound to a service account.",
            docs: "Calls Gemini and other APIs as the account it is bound to.\n\n\
                Revoke it under *APIs & services > Credentials*, then give the program a role of its own (a workload \
                or instance identity), or a key with few rights and an end date.\n\n\
                Source: Google Cloud documentation, *Manage API keys*.",
            ..META
        },
        keywords: &["aq.ab8"],
        shape: Shape::Token(r"AQ\.Ab8[0-9A-Za-z_-]{40,60}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"google_auth_key\": \"AQ.Ab8<<url64:47>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"GOOGLE_AUTH_KEY\">AQ.Ab8<<url64:47>></add>"),
        ],
        no: &[
            Sample::Text("blob: QzAQ.Ab8<<url64:47>>"),
            Sample::Text("GOOGLE_AUTH_KEY=AQ.Ab8xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("AQ.Ab8<<url64:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/google-oauth-secret",
            severity: Severity::High,
            summary: "A Google OAuth client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *APIs & services > Credentials* (add a secret, disable the old one), then give the \
                program a role of its own (a workload or instance identity), or a key with few rights and an end \
                date.\n\n\
                Source: Google Identity documentation, *OAuth 2.0*.",
            ..META
        },
        keywords: &["gocspx-"],
        shape: Shape::Token("GOCSPX-[0-9A-Za-z_-]{28}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("GOOGLE_OAUTH_SECRET=GOCSPX-<<url64:28>>"),
            Sample::Text("google_oauth_secret = \"GOCSPX-<<url64:28>>\"\r\n"),
        ],
        no: &[
            Sample::Text("google_oauth_secret = \"GOCSPX-<<url64:27>>\""),
            Sample::Text("blob: QzGOCSPX-<<url64:28>>"),
            Sample::Text("GOOGLE_OAUTH_SECRET=GOCSPX-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/google-access-token",
            severity: Severity::High,
            summary: "A Google OAuth access token.",
            docs: "Acts as a person or a service account for about an hour.\n\n\
                Revoke it under the account's *Third-party access*, or wait until it ends, then give the program a \
                role of its own (a workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Google Identity documentation, *OAuth 2.0*.",
            ..META
        },
        keywords: &["ya29."],
        shape: Shape::Token(r"ya29\.[0-9A-Za-z_-]{30,1000}"),
        reach: 1200,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("google_access_token = \"ya29.<<url64:120>>\"\r\n"),
            Sample::Text("{\"google_access_token\": \"ya29.<<url64:120>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("blob: Qzya29.<<url64:120>>"),
            Sample::Text(
                "GOOGLE_ACCESS_TOKEN=ya29.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("ya29.<<url64:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/google-refresh-token",
            severity: Severity::Critical,
            summary: "A Google OAuth refresh token.",
            docs: "Makes access tokens for a person until it is revoked.\n\n\
                Revoke it under the account's *Third-party access*, then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Google Identity documentation, *Using OAuth 2.0 for web server applications*.",
            ..META
        },
        keywords: &["1//0"],
        shape: Shape::Token("1//0[0-9A-Za-z_-]{40,200}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"google_refresh_token\": \"1//0<<url64:98>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"GOOGLE_REFRESH_TOKEN\">1//0<<url64:98>></add>"),
        ],
        no: &[
            Sample::Text("blob: Qz1//0<<url64:98>>"),
            Sample::Text(
                "GOOGLE_REFRESH_TOKEN=1//0xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("1//0<<url64:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/google-service-account",
            severity: Severity::Critical,
            summary: "A Google service account key file.",
            docs: "Acts as the service account, without an end date.\n\n\
                Revoke it under *IAM & admin > Service accounts > Keys*, then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Google Cloud documentation, *Create and delete service account keys*.",
            ..META
        },
        keywords: &["private_key_id"],
        shape: Shape::Text(r#"\\?"private_key_id\\?"\s{0,4}:\s{0,4}\\?"(?P<secret>[0-9a-f]{40})\\?""#),
        min_entropy: 3.2,
        yes: &[
            Sample::Text("{\"type\": \"service_account\", \"private_key_id\": \"<<hex:40>>\"}"),
            Sample::Text("{\\\"private_key_id\\\":\\\"<<hex:40>>\\\","),
        ],
        no: &[
            Sample::Text("\"private_key_id\": \"<<hex:39>>\""),
            Sample::Text("\"private_key_id\": \"${KEY_ID}\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/google-hmac-key",
            severity: Severity::High,
            summary: "A Google Cloud Storage HMAC key id.",
            docs: "Names the key whose secret reads and writes buckets as S3 clients do.\n\n\
                Revoke it under *Cloud Storage > Settings > Interoperability*, then give the program a role of its \
                own (a workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Google Cloud Storage documentation, *HMAC keys*.",
            ..META
        },
        keywords: &["goog1e"],
        shape: Shape::Token("GOOG1E[0-9A-Z]{55}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"GOOGLE_HMAC_KEY\">GOOG1E<<up36:55>></add>"),
            Sample::Text("google_hmac_key: 'GOOG1E<<up36:55>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("google_hmac_key = \"GOOG1E<<up36:54>>\""),
            Sample::Text("blob: QzGOOG1E<<up36:55>>"),
            Sample::Text("GOOGLE_HMAC_KEY=GOOG1Exxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/recaptcha-secret",
            severity: Severity::Medium,
            summary: "A reCAPTCHA secret key.",
            docs: "Checks answers as the site. The site key has the same shape and is public.\n\n\
                Revoke it under the reCAPTCHA admin console, then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: Google reCAPTCHA documentation, *Verifying the user's response*.",
            ..META
        },
        keywords: &["captcha"],
        shape: Shape::Named {
            name: "captcha[_a-z.-]{0,12}(?:secret|private)",
            value: "6L[c-f][0-9A-Za-z_-]{37}",
        },
        min_entropy: 3.2,
        yes: &[
            Sample::Text("RECAPTCHA_SECRET_KEY=6Le<<b62:5>>AAAAA<<b62:27>>"),
            Sample::Text("recaptcha_private_key: '6Le<<b62:5>>AAAAA<<b62:27>>'"),
        ],
        no: &[
            Sample::Text("RECAPTCHA_SECRET_KEY=6Le<<b62:5>>AAAAA<<b62:26>>"),
            Sample::Text("RECAPTCHA_SECRET_KEY=Zq6Le<<b62:5>>AAAAA<<b62:27>>"),
            Sample::Text("RECAPTCHA_SECRET_KEY=6LexxxxxAAAAAxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/recaptcha_secret/6Le<<b62:5>>AAAAA<<b62:27>>"),
            Sample::Text("RECAPTCHA_SITE_KEY=6Le<<b62:5>>AAAAA<<b62:27>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/firebase-server-key",
            severity: Severity::High,
            summary: "A Firebase Cloud Messaging server key.",
            docs: "Sends messages to every device of the application.\n\n\
                Revoke it under *Project settings > Cloud Messaging*, then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Firebase documentation, *Migrate from legacy FCM APIs*.",
            ..META
        },
        keywords: &[":apa91b"],
        shape: Shape::Token("AAAA[0-9A-Za-z_-]{7}:APA91b[0-9A-Za-z_-]{134}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"FIREBASE_SERVER_KEY\">AAAA<<b62:7>>:APA91b<<url64:134>></add>"),
            Sample::Text("firebase_server_key: 'AAAA<<b62:7>>:APA91b<<url64:134>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("firebase_server_key = \"AAAA<<b62:7>>:APA91b<<url64:133>>\""),
            Sample::Text("blob: QzAAAA<<b62:7>>:APA91b<<url64:134>>"),
            Sample::Text(
                "FIREBASE_SERVER_KEY=AAAAxxxxxxx:APA91bxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
];
