//! Slack: bot, user, app and legacy tokens, webhooks.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    rule::{META, SecretRule, Shape, Verdict},
    rules::structure,
    sample::Sample,
};

/// The rules.
pub static RULES: &[SecretRule] = &[
    SecretRule {
        meta: RuleMeta {
            id: "secrets/slack-bot-token",
            severity: Severity::High,
            summary: "A Slack bot token.",
            docs: "Reads and posts in the workspace within its scopes.\n\n\
                Revoke it under *OAuth & permissions* of the app, or `auth.revoke`, then let the server read a new \
                one from its environment or a secret store.\n\n\
                Source: Slack API documentation, *Token types*.",
            ..META
        },
        keywords: &["xoxb-"],
        shape: Shape::Token("xoxb-(?:[0-9]{8,14}-[0-9]{8,14}[0-9A-Za-z-]{10,40}|[0-9]{8,14}-[0-9A-Za-z]{18,26})"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"print(1)\\nSLACK_BOT_TOKEN = xoxb-<<digit:12>>-<<digit:13>>-<<b62:24>>\\n\""),
            Sample::Text("docker run -e SLACK_BOT_TOKEN=xoxb-<<digit:12>>-<<digit:13>>-<<b62:24>> image\n"),
        ],
        no: &[
            Sample::Text("blob: Qzxoxb-<<digit:12>>-<<digit:13>>-<<b62:24>>"),
            Sample::Text("SLACK_BOT_TOKEN=xoxb-xxxxxxxxxxxx-xxxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("xoxb-<<digit:12>>-<<b62:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/slack-user-token",
            severity: Severity::Critical,
            summary: "A Slack user token.",
            docs: "Reads and posts as its user, in private channels too.\n\n\
                Revoke it under *OAuth & permissions* of the app, or `auth.revoke`, then let the server read a new \
                one from its environment or a secret store.\n\n\
                Source: Slack API documentation, *Token types*.",
            ..META
        },
        keywords: &["xoxp-", "xoxe-", "xoxr-", "xoxs-"],
        shape: Shape::Token("xox[pers]-(?:[0-9]{8,14}-){1,3}[0-9A-Za-z]{24,64}"),
        min_entropy: 3.2,
        yes: &[
            Sample::Text("https://host.test/v1?key=xoxp-<<digit:12>>-<<digit:12>>-<<digit:13>>-<<hex:32>>&page=2"),
            Sample::Text(
                "curl -H \"Authorization: Bearer xoxp-<<digit:12>>-<<digit:12>>-<<digit:13>>-<<hex:32>>\" \"$HOST/v1\"",
            ),
        ],
        no: &[
            Sample::Text("blob: Qzxoxp-<<digit:12>>-<<digit:12>>-<<digit:13>>-<<hex:32>>"),
            Sample::Text(
                "SLACK_USER_TOKEN=xoxp-xxxxxxxxxxxx-xxxxxxxxxxxx-xxxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("xoxp-<<digit:12>>-<<hex:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/slack-config-token",
            severity: Severity::High,
            summary: "A Slack configuration access or refresh token.",
            docs: "Changes the configuration of its user's apps.\n\n\
                Revoke it under *OAuth & permissions* of the app, or `auth.revoke`, then let the server read a new \
                one from its environment or a secret store.\n\n\
                Source: Slack API documentation, *Token types*.",
            ..META
        },
        keywords: &["xoxe.xox", "xoxe-1-"],
        shape: Shape::Token(r"(?i:xoxe(?:\.xox[bp])?-[0-9]-[0-9a-z]{140,180})"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=xoxe.xoxp-1-<<b62:163>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer xoxe.xoxp-1-<<b62:163>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("blob: Qzxoxe.xoxp-1-<<b62:163>>"),
            Sample::Text(
                "SLACK_CONFIG_TOKEN=xoxe.xoxp-1-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("xoxe.xoxp-1-<<b62:60>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/slack-legacy-token",
            severity: Severity::High,
            summary: "A Slack legacy workspace token.",
            docs: "Reads and posts in the workspace.\n\n\
                Revoke it under *OAuth & permissions* of the app, or `auth.revoke`, then let the server read a new \
                one from its environment or a secret store.\n\n\
                Source: Slack API documentation, *Token types*.",
            ..META
        },
        keywords: &["xoxa-", "xoxo-", "xoxr-", "xoxs-"],
        shape: Shape::Token("xox[aors]-(?:[0-9]-)?(?:[0-9]{1,14}-){0,4}[0-9A-Za-z]{8,48}"),
        // The numbers of the workspace and the user may be any; the last part is drawn at random.
        check: |secret| match structure::random(secret.rsplit('-').next().unwrap_or_default()) {
            Verdict::Wrong => structure::random(secret),
            fine => fine,
        },
        min_entropy: 2.2,
        yes: &[
            Sample::Text("\"print(1)\\nSLACK_LEGACY_TOKEN = xoxa-2-<<digit:12>>-<<digit:12>>-<<hex:32>>\\n\""),
            Sample::Text("docker run -e SLACK_LEGACY_TOKEN=xoxa-2-<<digit:12>>-<<digit:12>>-<<hex:32>> image\n"),
        ],
        no: &[
            Sample::Text("blob: Qzxoxa-2-<<digit:12>>-<<digit:12>>-<<hex:32>>"),
            Sample::Text("SLACK_LEGACY_TOKEN=xoxa-2-xxxxxxxxxxxx-xxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("xoxa-2-<<b62:4>>"),
            Sample::Text("xoxa-notreallytoken"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/slack-app-token",
            severity: Severity::High,
            summary: "A Slack app-level token.",
            docs: "Receives the events of the app in every workspace.\n\n\
                Revoke it under *Basic information > App-level tokens*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Slack API documentation, *Token types*.",
            ..META
        },
        keywords: &["xapp-"],
        shape: Shape::Token("(?i:xapp-[0-9]-[0-9A-Z]{6,14}-[0-9]{6,14}-[0-9a-z]{24,80})"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"SLACK_APP_TOKEN\">xapp-1-A<<up36:10>>-<<digit:13>>-<<hex:64>></add>"),
            Sample::Text("slack_app_token: 'xapp-1-A<<up36:10>>-<<digit:13>>-<<hex:64>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("blob: Qzxapp-1-A<<up36:10>>-<<digit:13>>-<<hex:64>>"),
            Sample::Text(
                "SLACK_APP_TOKEN=xapp-1-Axxxxxxxxxx-xxxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("xapp-1-A<<up36:10>>-<<digit:13>>-<<hex:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/slack-cookie",
            severity: Severity::High,
            summary: "A Slack session cookie.",
            docs: "With a `xoxc-` token it acts as its user.\n\n\
                Revoke it under *Account > Sign out of all other sessions*, then let the server read a new one from \
                its environment or a secret store.\n\n\
                Source: Slack API documentation, *Token types*.",
            ..META
        },
        keywords: &["xoxd-"],
        shape: Shape::Token("xoxd-[0-9A-Za-z%+/_-]{80,300}"),
        reach: 360,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e SLACK_COOKIE=xoxd-<<b62:120>> image\n"),
            Sample::Text("SLACK_COOKIE=xoxd-<<b62:120>>"),
        ],
        no: &[
            Sample::Text("blob: Qzxoxd-<<b62:120>>"),
            Sample::Text(
                "SLACK_COOKIE=xoxd-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("xoxd-<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/slack-client-token",
            severity: Severity::High,
            summary: "A Slack browser token.",
            docs: "With its cookie it acts as its user.\n\n\
                Revoke it under *Account > Sign out of all other sessions*, then let the server read a new one from \
                its environment or a secret store.\n\n\
                Source: Slack API documentation, *Token types*.",
            ..META
        },
        keywords: &["xoxc-"],
        shape: Shape::Token("xoxc-[0-9]{8,14}-[0-9]{8,14}-[0-9]{8,14}-[0-9a-f]{64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("slack_client_token = \"xoxc-<<digit:12>>-<<digit:12>>-<<digit:13>>-<<hex:64>>\"\r\n"),
            Sample::Text(
                "{\"slack_client_token\": \"xoxc-<<digit:12>>-<<digit:12>>-<<digit:13>>-<<hex:64>>\", \"retries\": 3}",
            ),
        ],
        no: &[
            Sample::Text("slack_client_token = \"xoxc-<<digit:12>>-<<digit:12>>-<<digit:13>>-<<hex:63>>\""),
            Sample::Text("blob: Qzxoxc-<<digit:12>>-<<digit:12>>-<<digit:13>>-<<hex:64>>"),
            Sample::Text(
                "SLACK_CLIENT_TOKEN=xoxc-xxxxxxxxxxxx-xxxxxxxxxxxx-xxxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/slack-webhook",
            severity: Severity::Medium,
            summary: "A Slack incoming webhook or workflow trigger.",
            docs: "Posts into a channel or starts a workflow.\n\n\
                Revoke it under *Incoming webhooks* of the app, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Slack API documentation, *Sending messages using incoming webhooks*.",
            ..META
        },
        keywords: &["hooks.slack.com"],
        shape: Shape::Text(
            r"hooks\.slack\.com/(?:services/T[0-9A-Za-z_]{6,14}/B[0-9A-Za-z_]{6,14}/(?P<secret>[0-9A-Za-z]{18,26})\b|(?:workflows|triggers)/[TE][0-9A-Za-z_]{6,14}/[0-9A-Za-z_/]{10,40}/[0-9A-Za-z]{20,40})",
        ),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("https://hooks.slack.com/services/T<<up36:9>>/B<<up36:10>>/<<b62:24>>"),
            Sample::Text("url: 'https://hooks.slack.com/workflows/T<<up36:8>>/A<<up36:8>>/<<digit:18>>/<<b62:24>>'"),
            Sample::Text("https://hooks.slack.com/triggers/T<<up36:8>>/<<digit:13>>/<<hex:32>>"),
        ],
        no: &[
            Sample::Text("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"),
            Sample::Text("https://hooks.slack.com/services/T<<up36:9>>/B<<up36:9>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/slack-signing-secret",
            severity: Severity::High,
            summary: "A Slack signing secret or client secret.",
            docs: "Forges requests from Slack, or signs in as the app.\n\n\
                Revoke it under *Basic information > App credentials* (regenerate), then let the server read a new \
                one from its environment or a secret store.\n\n\
                Source: Slack API documentation, *Verifying requests from Slack*.",
            ..META
        },
        keywords: &["slack"],
        shape: Shape::Named {
            name: "slack[_a-z.-]{0,10}(?:signing|client)?[_-]?secret",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("SLACK_SIGNING_SECRET=<<hex:32>>"),
            Sample::Text("slack_client_secret: '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("SLACK_SIGNING_SECRET=<<hex:31>>"),
            Sample::Text("SLACK_SIGNING_SECRET=Zq<<hex:32>>"),
            Sample::Text("SLACK_SIGNING_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/slack_signing/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
