//! Notifications and live channels: Pushover, Pusher, PubNub, Ably, OneSignal and others.

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
            id: "secrets/pushover-token",
            severity: Severity::Medium,
            summary: "A Pushover application token or user key.",
            docs: "Sends notifications to its user.\n\n\
                Revoke it under *Your applications*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Pushover documentation, *API*.",
            ..META
        },
        keywords: &["pushover"],
        shape: Shape::Named {
            name: "pushover",
            value: "[au][0-9a-z]{29}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("pushover_api_key => \"a<<low36:29>>\""),
            Sample::Text("export PUSHOVER_TOKEN=\"a<<low36:29>>\""),
        ],
        no: &[
            Sample::Text("pushover_token = \"a<<low36:28>>\""),
            Sample::Text("pushover_token = \"Zqa<<low36:29>>\""),
            Sample::Text("pushover_token = \"axxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/pushover/a<<low36:29>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pushbullet-token",
            severity: Severity::Medium,
            summary: "A Pushbullet access token.",
            docs: "Reads and sends its user's pushes.\n\n\
                Revoke it under *Settings > Account*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Pushbullet documentation, *Authentication*.",
            ..META
        },
        keywords: &["pushbullet"],
        shape: Shape::Named {
            name: "pushbullet",
            value: r"o\.[0-9A-Za-z]{32}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export PUSHBULLET_TOKEN=\"o.<<b62:32>>\""),
            Sample::Text("pushbullet_token: o.<<b62:32>>\n"),
        ],
        no: &[
            Sample::Text("pushbullet_token = \"o.<<b62:31>>\""),
            Sample::Text("pushbullet_token = \"Zqo.<<b62:32>>\""),
            Sample::Text("pushbullet_token = \"o.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/pushbullet/o.<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sendbird-token",
            severity: Severity::High,
            summary: "A Sendbird API token.",
            docs: "Reads and sends messages of every user.\n\n\
                Revoke it under *Settings > General > API tokens*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Sendbird documentation, *Authentication*.",
            ..META
        },
        keywords: &["sendbird"],
        shape: Shape::Named {
            name: "sendbird",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("SENDBIRD_API_KEY=<<hex:40>>"),
            Sample::Text("const sendbirdKey = `<<hex:40>>`;"),
        ],
        no: &[
            Sample::Text("sendbird_token = \"<<hex:39>>\""),
            Sample::Text("sendbird_token = \"Zq<<hex:40>>\""),
            Sample::Text("sendbird_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/sendbird/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sendbird-id",
            severity: Severity::Low,
            summary: "A Sendbird application id.",
            docs: "Names the application.\n\n\
                Revoke it under nothing: it is not secret by itself, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Sendbird documentation, *Authentication*.",
            ..META
        },
        keywords: &["sendbird"],
        shape: Shape::Named {
            name: "sendbird",
            value: "(?:(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export SENDBIRD_TOKEN=\"<<uuid>>\""),
            Sample::Text("sendbird_token: <<uuid>>\n"),
        ],
        no: &[
            Sample::Text("sendbird_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("sendbird_token = \"Zq<<uuid>>\""),
            Sample::Text("sendbird_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/sendbird/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/stream-secret",
            severity: Severity::High,
            summary: "A Stream (getstream) API secret.",
            docs: "Makes tokens of any user.\n\n\
                Revoke it under *App settings* of the dashboard, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Stream documentation, *Tokens and authentication*.",
            ..META
        },
        keywords: &[
            "get_stream",
            "getstream",
            "stream_api_secret",
            "stream_chat",
            "stream_secret",
            "streamchat",
        ],
        shape: Shape::Named {
            name: "get_?stream|stream_?chat|stream_(?:api_)?secret",
            value: "[0-9a-z]{64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("stream_api_secret_token: <<low36:64>>\n"),
            Sample::Text("STREAM_API_SECRET_API_KEY=<<low36:64>>"),
        ],
        no: &[
            Sample::Text("stream_api_secret_token = \"<<low36:63>>\""),
            Sample::Text("stream_api_secret_token = \"Zq<<low36:64>>\""),
            Sample::Text(
                "stream_api_secret_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/stream_api_secret/<<low36:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pusher-secret",
            severity: Severity::Medium,
            summary: "A Pusher Channels secret.",
            docs: "Sends events to every client of the application.\n\n\
                Revoke it under *App keys* of the dashboard, then let the server read a new one from its environment \
                or a secret store.\n\n\
                Source: Pusher documentation, *HTTP API*.",
            ..META
        },
        keywords: &["pusher"],
        shape: Shape::Named {
            name: "pusher[_a-z.-]{0,12}secret",
            value: "[0-9a-f]{20}",
        },
        yes: &[
            Sample::Text("PUSHER_APP_SECRET=<<hex:20>>"),
            Sample::Text("pusher_secret: '<<hex:20>>'"),
        ],
        no: &[
            Sample::Text("PUSHER_APP_SECRET=<<hex:19>>"),
            Sample::Text("PUSHER_APP_SECRET=Zq<<hex:20>>"),
            Sample::Text("PUSHER_APP_SECRET=xxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/pusher_app/<<hex:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ably-key",
            severity: Severity::High,
            summary: "An Ably API key.",
            docs: "Sends and receives within its capabilities.\n\n\
                Revoke it under *API keys* of the app, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Ably documentation, *Authentication*.",
            ..META
        },
        keywords: &["ably"],
        shape: Shape::Named {
            name: "ably",
            value: r"[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{6}:[0-9A-Za-z_-]{43}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"ablyApiKey\": \"<<b62:6>>.<<b62:6>>:<<url64:43>>\","),
            Sample::Text("ably_api_key => \"<<b62:6>>.<<b62:6>>:<<url64:43>>\""),
        ],
        no: &[
            Sample::Text("ably_token = \"<<b62:6>>.<<b62:6>>:<<url64:42>>\""),
            Sample::Text("ably_token = \"Zq<<b62:6>>.<<b62:6>>:<<url64:43>>\""),
            Sample::Text("ably_token = \"xxxxxx.xxxxxx:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/ably/<<b62:6>>.<<b62:6>>:<<url64:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pubnub-secret",
            severity: Severity::High,
            summary: "A PubNub secret key.",
            docs: "Manages access to every channel.\n\n\
                Revoke it under *Keyset* of the admin portal, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: PubNub documentation, *Manage access*.",
            ..META
        },
        keywords: &["sec-c-"],
        shape: Shape::Token(
            "sec-c-[0-9A-Za-z]{46,60}|sec-c-(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("pubnub_secret: 'sec-c-<<b62:48>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=sec-c-<<b62:48>>&page=2"),
        ],
        no: &[
            Sample::Text("blob: Qzsec-c-<<b62:48>>"),
            Sample::Text("PUBNUB_SECRET=sec-c-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("sec-c-<<b62:10>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/agora-certificate",
            severity: Severity::High,
            summary: "An Agora app certificate.",
            docs: "Makes tokens of any user.\n\n\
                Revoke it under *Project management* of the console, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Agora documentation, *App certificate*.",
            ..META
        },
        keywords: &["agora"],
        shape: Shape::Named {
            name: "agora[_a-z.-]{0,16}(?:certificate|cert|secret)",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("AGORA_APP_CERTIFICATE=<<hex:32>>"),
            Sample::Text("agora_certificate: '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("AGORA_APP_CERTIFICATE=<<hex:31>>"),
            Sample::Text("AGORA_APP_CERTIFICATE=Zq<<hex:32>>"),
            Sample::Text("AGORA_APP_CERTIFICATE=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/agora_app/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/onesignal-key",
            severity: Severity::High,
            summary: "A OneSignal REST API key.",
            docs: "Sends messages to every device of the application.\n\n\
                Revoke it under *Settings > Keys & IDs*, then let the server read a new one from its environment or \
                a secret store.\n\n\
                Source: OneSignal documentation, *Keys and IDs*.",
            ..META
        },
        keywords: &["one_signal", "onesignal"],
        shape: Shape::Named {
            name: "onesignal|one_signal",
            value: "(?:[MNOYZ][0-9A-Za-z+/]{46,47}={0,2}|os_v2_(?:app|org)_[0-9a-z]{90,120})",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export ONESIGNAL_TOKEN=\"os_v2_app_<<low36:103>>\""),
            Sample::Text("onesignal_token: os_v2_app_<<low36:103>>\n"),
        ],
        no: &[
            Sample::Text(
                "onesignal_token = \"os_v2_app_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/onesignal/os_v2_app_<<low36:103>>"),
            Sample::Text("onesignal_token = \"os_v2_app_<<low36:20>>\""),
        ],
        ..SecretRule::DEFAULT
    },
];
