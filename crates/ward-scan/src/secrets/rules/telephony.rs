//! Telephone and text messages.

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
            id: "secrets/twilio-key",
            severity: Severity::High,
            summary: "A Twilio API key id.",
            docs: "Names the key whose secret calls and sends messages at the account's cost.\n\n\
                Revoke it under *Account > API keys & tokens*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Twilio documentation, *API keys*.",
            ..META
        },
        keywords: &[
            "sk0", "sk1", "sk2", "sk3", "sk4", "sk5", "sk6", "sk7", "sk8", "sk9", "ska", "skb", "skc", "skd", "ske",
            "skf",
        ],
        shape: Shape::Token("SK[0-9a-f]{32}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("TWILIO_KEY=SK<<hex:32>>"),
            Sample::Text("twilio_key = \"SK<<hex:32>>\"\r\n"),
        ],
        no: &[
            Sample::Text("twilio_key = \"SK<<hex:31>>\""),
            Sample::Text("blob: QzSK<<hex:32>>"),
            Sample::Text("TWILIO_KEY=SKxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/twilio-token",
            severity: Severity::Critical,
            summary: "A Twilio auth token or key secret.",
            docs: "Calls, sends messages and reads them at the account's cost.\n\n\
                Revoke it under *Account > API keys & tokens* (promote the secondary token), then let the server \
                read a new one from its environment or a secret store.\n\n\
                Source: Twilio documentation, *Auth tokens*.",
            ..META
        },
        keywords: &["twilio"],
        shape: Shape::Named {
            name: "twilio",
            value: "(?:[0-9a-f]{32}|[0-9A-Za-z]{32})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("twilio_auth_token: <<hex:32>>\n"),
            Sample::Text("TWILIO_AUTH_API_KEY=<<hex:32>>"),
        ],
        no: &[
            Sample::Text("twilio_auth_token = \"<<hex:31>>\""),
            Sample::Text("twilio_auth_token = \"Zq<<hex:32>>\""),
            Sample::Text("twilio_auth_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/twilio_auth/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/twilio-account",
            severity: Severity::Low,
            summary: "A Twilio account id.",
            docs: "Names the account; with its token it calls and sends messages.\n\n\
                Revoke it under nothing: it is not secret by itself, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Twilio documentation, *Account SID*.",
            ..META
        },
        keywords: &["twilio", "account_sid", "accountsid"],
        shape: Shape::Token("AC[0-9a-f]{32}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("TWILIO_ACCOUNT_SID=AC<<hex:32>>"),
            Sample::Text("account_sid = 'AC<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("TWILIO_ACCOUNT_SID=AC<<hex:31>>"),
            Sample::Text("account_sid = 'BC<<hex:32>>'"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/vonage-secret",
            severity: Severity::High,
            summary: "A Vonage (Nexmo) API secret.",
            docs: "Calls and sends messages at the account's cost.\n\n\
                Revoke it under *API settings*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Vonage documentation, *Authentication*.",
            ..META
        },
        keywords: &["nexmo", "vonage"],
        shape: Shape::Named {
            name: "(?:vonage|nexmo)[_a-z.-]{0,12}secret",
            value: "[0-9A-Za-z]{16}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("NEXMO_API_SECRET=<<b62:16>>"),
            Sample::Text("vonage_api_secret: '<<b62:16>>'"),
        ],
        no: &[
            Sample::Text("NEXMO_API_SECRET=<<b62:15>>"),
            Sample::Text("NEXMO_API_SECRET=Zq<<b62:16>>"),
            Sample::Text("NEXMO_API_SECRET=xxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/nexmo/<<b62:16>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/messagebird-token",
            severity: Severity::High,
            summary: "A MessageBird (Bird) access key.",
            docs: "Sends messages at the account's cost.\n\n\
                Revoke it under *Developers > API access*, then let the server read a new one from its environment \
                or a secret store.\n\n\
                Source: MessageBird documentation, *Authentication*.",
            ..META
        },
        keywords: &["message-bird", "message_bird", "messagebird"],
        shape: Shape::Named {
            name: "message[_-]?bird",
            value: "(?:[0-9A-Za-z]{25}|(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export MESSAGEBIRD_TOKEN=\"<<b62:25>>\""),
            Sample::Text("messagebird_token: <<b62:25>>\n"),
        ],
        no: &[
            Sample::Text("messagebird_token = \"<<b62:24>>\""),
            Sample::Text("messagebird_token = \"Zq<<b62:25>>\""),
            Sample::Text("messagebird_token = \"xxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/messagebird/<<b62:25>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/plivo-token",
            severity: Severity::High,
            summary: "A Plivo auth token.",
            docs: "Calls and sends messages at the account's cost.\n\n\
                Revoke it under *Overview* of the console, then let the server read a new one from its environment \
                or a secret store.\n\n\
                Source: Plivo documentation, *Authentication*.",
            ..META
        },
        keywords: &["plivo"],
        shape: Shape::Named {
            name: "plivo",
            value: "(?:[0-9A-Za-z+/]{54,55}={0,2}|[0-9A-Za-z]{40})",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("plivo.secret = '<<b62:40>>'"),
            Sample::Text("\"plivoApiKey\": \"<<b62:40>>\","),
        ],
        no: &[
            Sample::Text("plivo_token = \"<<b62:39>>\""),
            Sample::Text("plivo_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/plivo/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/telnyx-key",
            severity: Severity::High,
            summary: "A Telnyx API key.",
            docs: "Calls and sends messages at the account's cost.\n\n\
                Revoke it under *API keys*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Telnyx documentation, *Authentication*.",
            ..META
        },
        keywords: &["key0"],
        shape: Shape::Token("KEY[0-9A-F]{32}_[0-9A-Za-z]{22}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("TELNYX_KEY=KEY0<<HEX:31>>_<<b62:22>>"),
            Sample::Text("telnyx_key = \"KEY0<<HEX:31>>_<<b62:22>>\"\r\n"),
        ],
        no: &[
            Sample::Text("telnyx_key = \"KEY0<<HEX:31>>_<<b62:21>>\""),
            Sample::Text("blob: QzKEY0<<HEX:31>>_<<b62:22>>"),
            Sample::Text("TELNYX_KEY=KEY0xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sinch-token",
            severity: Severity::High,
            summary: "A Sinch API token.",
            docs: "Sends messages at the account's cost.\n\n\
                Revoke it under *Access keys*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Sinch documentation, *Authentication*.",
            ..META
        },
        keywords: &["sinch"],
        shape: Shape::Named {
            name: "sinch|clx_",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("sinch_token: <<hex:32>>\n"),
            Sample::Text("SINCH_API_KEY=<<hex:32>>"),
        ],
        no: &[
            Sample::Text("sinch_token = \"<<hex:31>>\""),
            Sample::Text("sinch_token = \"Zq<<hex:32>>\""),
            Sample::Text("sinch_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/sinch/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/infobip-key",
            severity: Severity::High,
            summary: "An Infobip API key.",
            docs: "Sends messages at the account's cost.\n\n\
                Revoke it under *API keys*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Infobip documentation, *API authentication*.",
            ..META
        },
        keywords: &["infobip"],
        shape: Shape::Named {
            name: "infobip",
            value: "[0-9a-f]{32}-(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export INFOBIP_TOKEN=\"<<hex:32>>-<<uuid>>\""),
            Sample::Text("infobip_token: <<hex:32>>-<<uuid>>\n"),
        ],
        no: &[
            Sample::Text("infobip_token = \"<<hex:31>>-<<uuid>>\""),
            Sample::Text("infobip_token = \"Zq<<hex:32>>-<<uuid>>\""),
            Sample::Text("infobip_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/infobip/<<hex:32>>-<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/clicksend-key",
            severity: Severity::Medium,
            summary: "A ClickSend API key.",
            docs: "Sends messages at the account's cost.\n\n\
                Revoke it under *API credentials*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: ClickSend documentation, *Authentication*.",
            ..META
        },
        keywords: &["clicksend"],
        shape: Shape::Named {
            name: "clicksend",
            value: "(?i:[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("CLICKSEND_API_KEY=<<HEX:8>>-<<HEX:4>>-<<HEX:4>>-<<HEX:4>>-<<HEX:12>>"),
            Sample::Text("const clicksendKey = `<<HEX:8>>-<<HEX:4>>-<<HEX:4>>-<<HEX:4>>-<<HEX:12>>`;"),
        ],
        no: &[
            Sample::Text("clicksend_token = \"<<HEX:8>>-<<HEX:4>>-<<HEX:4>>-<<HEX:4>>-<<HEX:11>>\""),
            Sample::Text("clicksend_token = \"Zq<<HEX:8>>-<<HEX:4>>-<<HEX:4>>-<<HEX:4>>-<<HEX:12>>\""),
            Sample::Text("clicksend_token = \"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx\""),
            Sample::Text("https://files.test/clicksend/<<HEX:8>>-<<HEX:4>>-<<HEX:4>>-<<HEX:4>>-<<HEX:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/textmagic-key",
            severity: Severity::Medium,
            summary: "A Textmagic API key.",
            docs: "Sends messages at the account's cost.\n\n\
                Revoke it under *API keys*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Textmagic documentation, *Authentication*.",
            ..META
        },
        keywords: &["textmagic"],
        shape: Shape::Named {
            name: "textmagic",
            value: "[0-9A-Za-z]{30}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const textmagicKey = `<<b62:30>>`;"),
            Sample::Text("textmagic.secret = '<<b62:30>>'"),
        ],
        no: &[
            Sample::Text("textmagic_token = \"<<b62:29>>\""),
            Sample::Text("textmagic_token = \"Zq<<b62:30>>\""),
            Sample::Text("textmagic_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/textmagic/<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/aircall-token",
            severity: Severity::Medium,
            summary: "An Aircall API token.",
            docs: "Reads calls and contacts.\n\n\
                Revoke it under *Integrations & API > API keys*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Aircall documentation, *Basic auth*.",
            ..META
        },
        keywords: &["aircall"],
        shape: Shape::Named {
            name: "aircall",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("aircall.secret = '<<hex:32>>'"),
            Sample::Text("\"aircallApiKey\": \"<<hex:32>>\","),
        ],
        no: &[
            Sample::Text("aircall_token = \"<<hex:31>>\""),
            Sample::Text("aircall_token = \"Zq<<hex:32>>\""),
            Sample::Text("aircall_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/aircall/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ringcentral-secret",
            severity: Severity::High,
            summary: "A RingCentral client secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Credentials* of the app, then let the server read a new one from its environment or \
                a secret store.\n\n\
                Source: RingCentral documentation, *Credentials*.",
            ..META
        },
        keywords: &["ring_central", "ringcentral"],
        shape: Shape::Named {
            name: "ring_?central[_a-z.-]{0,16}",
            value: "[0-9A-Za-z_-]{22}[0-9A-Za-z_-]{0,22}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("ringcentral.secret = '<<b62:22>>'"),
            Sample::Text("\"ringcentralApiKey\": \"<<b62:22>>\","),
        ],
        no: &[
            Sample::Text("ringcentral_token = \"<<b62:21>>\""),
            Sample::Text("ringcentral_token = \"xxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/ringcentral/<<b62:22>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/callrail-key",
            severity: Severity::Medium,
            summary: "A CallRail API key.",
            docs: "Reads calls and contacts.\n\n\
                Revoke it under *Account > API access*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: CallRail documentation, *Authentication*.",
            ..META
        },
        keywords: &["callrail"],
        shape: Shape::Named {
            name: "callrail",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("callrail_token: <<hex:32>>\n"),
            Sample::Text("CALLRAIL_API_KEY=<<hex:32>>"),
        ],
        no: &[
            Sample::Text("callrail_token = \"<<hex:31>>\""),
            Sample::Text("callrail_token = \"Zq<<hex:32>>\""),
            Sample::Text("callrail_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/callrail/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/africastalking-key",
            severity: Severity::High,
            summary: "An Africa's Talking API key.",
            docs: "Sends messages at the account's cost.\n\n\
                Revoke it under *Settings > API key*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Africa's Talking documentation, *Authentication*.",
            ..META
        },
        keywords: &["africas_talking", "africastalking", "atsk_"],
        shape: Shape::Named {
            name: r"africas?_?talking|\bat_api",
            value: "(?:atsk_)?[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"africastalkingApiKey\": \"atsk_<<hex:64>>\","),
            Sample::Text("africastalking_api_key => \"atsk_<<hex:64>>\""),
        ],
        no: &[
            Sample::Text("africastalking_token = \"atsk_<<hex:63>>\""),
            Sample::Text("africastalking_token = \"Zqatsk_<<hex:64>>\""),
            Sample::Text(
                "africastalking_token = \"atsk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/africastalking/atsk_<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
