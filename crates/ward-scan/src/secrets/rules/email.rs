//! Mail: SendGrid, Mailgun, Mailchimp, Postmark, Brevo and others.

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
            id: "secrets/sendgrid-key",
            severity: Severity::High,
            summary: "A SendGrid API key.",
            docs: "Sends mail as the account's domains, and reads recipients.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: SendGrid documentation, *API keys*.",
            ..META
        },
        keywords: &["sg."],
        shape: Shape::Token(r"SG\.[0-9A-Za-z_=.-]{66}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"print(1)\\nSENDGRID_KEY = SG.<<url64:22>>.<<url64:43>>\\n\""),
            Sample::Text("docker run -e SENDGRID_KEY=SG.<<url64:22>>.<<url64:43>> image\n"),
            Sample::Text("SENDGRID_API_KEY=SG.<<b62:22>>.<<b62:43>>"),
        ],
        no: &[
            Sample::Text("sendgrid_key = \"SG.<<url64:22>>.<<url64:42>>\""),
            Sample::Text("blob: QzSG.<<url64:22>>.<<url64:43>>"),
            Sample::Text("SENDGRID_KEY=SG.xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mailgun-key",
            severity: Severity::High,
            summary: "A Mailgun API key.",
            docs: "Sends mail as the account's domains, and reads recipients.\n\n\
                Revoke it under *API security*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Mailgun documentation, *Authentication*.",
            ..META
        },
        keywords: &["key-"],
        shape: Shape::Token("key-[0-9a-f]{32}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("mailgun_key: 'key-<<hex:32>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=key-<<hex:32>>&page=2"),
        ],
        no: &[
            Sample::Text("mailgun_key = \"key-<<hex:31>>\""),
            Sample::Text("blob: Qzkey-<<hex:32>>"),
            Sample::Text("MAILGUN_KEY=key-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mailgun-new-key",
            severity: Severity::High,
            summary: "A Mailgun API or signing key.",
            docs: "Sends mail as the account's domains, or forges its events.\n\n\
                Revoke it under *API security*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Mailgun documentation, *Authentication*.",
            ..META
        },
        keywords: &["mailgun", "mg_api"],
        shape: Shape::Named {
            name: "mailgun|mg_api",
            value: "(?:[0-9a-h]{32}-[0-9a-h]{8}-[0-9a-h]{8}|(?:key|pubkey)-[0-9a-f]{32})",
        },
        check: structure::mailgun,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("mailgun_token: <<hex:32>>-<<hex:8>>-<<hex:8>>\n"),
            Sample::Text("MAILGUN_API_KEY=<<hex:32>>-<<hex:8>>-<<hex:8>>"),
            Sample::Text("mailgun_pub_key = pubkey-<<hex:32>>"),
        ],
        no: &[
            Sample::Text("mailgun_token = \"<<hex:32>>-<<hex:8>>-<<hex:7>>\""),
            Sample::Text("mailgun_token = \"Zq<<hex:32>>-<<hex:8>>-<<hex:8>>\""),
            Sample::Text("mailgun_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxx-xxxxxxxx\""),
            Sample::Text("https://files.test/mailgun/<<hex:32>>-<<hex:8>>-<<hex:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mailchimp-key",
            severity: Severity::High,
            summary: "A Mailchimp API key.",
            docs: "Reads and changes the account's audiences.\n\n\
                Revoke it under *Account > Extras > API keys*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Mailchimp documentation, *Quick start*.",
            ..META
        },
        keywords: &["-us"],
        shape: Shape::Token("[0-9a-f]{32}-us[0-9]{1,2}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("https://host.test/v1?key=<<hex:32>>-us12&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer <<hex:32>>-us12\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("mailchimp_key = \"<<hex:31>>-us12\""),
            Sample::Text("blob: Qz<<hex:32>>-us12"),
            Sample::Text("MAILCHIMP_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-us12"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mandrill-key",
            severity: Severity::High,
            summary: "A Mailchimp Transactional (Mandrill) API key.",
            docs: "Sends mail as the account's domains.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Mailchimp Transactional documentation, *Fundamentals*.",
            ..META
        },
        keywords: &["md-"],
        shape: Shape::Token("md-[0-9A-Za-z_-]{22}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer md-<<b62:22>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nMANDRILL_KEY = md-<<b62:22>>\\n\""),
        ],
        no: &[
            Sample::Text("mandrill_key = \"md-<<b62:21>>\""),
            Sample::Text("blob: Qzmd-<<b62:22>>"),
            Sample::Text("MANDRILL_KEY=md-xxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/postmark-token",
            severity: Severity::High,
            summary: "A Postmark server or account token.",
            docs: "Sends mail as the server's domains.\n\n\
                Revoke it under *API tokens*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Postmark documentation, *API overview*.",
            ..META
        },
        keywords: &["postmark"],
        shape: Shape::Named {
            name: "postmark",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"postmarkApiKey\": \"<<uuid>>\","),
            Sample::Text("postmark_api_key => \"<<uuid>>\""),
            Sample::Text("X-Postmark-Server-Token: <<uuid>>"),
        ],
        no: &[
            Sample::Text("postmark_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("postmark_token = \"Zq<<uuid>>\""),
            Sample::Text("postmark_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/postmark/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sparkpost-key",
            severity: Severity::High,
            summary: "A SparkPost API key.",
            docs: "Sends mail as the account's domains.\n\n\
                Revoke it under *Configuration > API keys*, then let the server read a new one from its environment \
                or a secret store.\n\n\
                Source: SparkPost documentation, *Authentication*.",
            ..META
        },
        keywords: &["sparkpost"],
        shape: Shape::Named {
            name: "sparkpost",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export SPARKPOST_TOKEN=\"<<hex:40>>\""),
            Sample::Text("sparkpost_token: <<hex:40>>\n"),
        ],
        no: &[
            Sample::Text("sparkpost_token = \"<<hex:39>>\""),
            Sample::Text("sparkpost_token = \"Zq<<hex:40>>\""),
            Sample::Text("sparkpost_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/sparkpost/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/brevo-key",
            severity: Severity::High,
            summary: "A Brevo (Sendinblue) API or SMTP key.",
            docs: "Sends mail as the account's domains, and reads contacts.\n\n\
                Revoke it under *SMTP & API*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Brevo documentation, *Authentication*.",
            ..META
        },
        keywords: &["xkeysib-", "xsmtpsib-"],
        shape: Shape::Token("x(?:key|smtp)sib-[0-9a-f]{64}-[0-9A-Za-z]{16}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://host.test/v1?key=xkeysib-<<hex:64>>-<<b62:16>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer xkeysib-<<hex:64>>-<<b62:16>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("brevo_key = \"xkeysib-<<hex:64>>-<<b62:15>>\""),
            Sample::Text("blob: Qzxkeysib-<<hex:64>>-<<b62:16>>"),
            Sample::Text(
                "BREVO_KEY=xkeysib-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/resend-key",
            severity: Severity::High,
            summary: "A Resend API key.",
            docs: "Sends mail as the team's domains.\n\n\
                Revoke it under *API keys*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: Resend documentation, *API keys*.",
            ..META
        },
        keywords: &["re_"],
        shape: Shape::Token("re_[0-9A-Za-z]{8}_[0-9A-Za-z]{24}"),
        check: structure::random,
        min_entropy: 3.8,
        yes: &[
            Sample::Text("\"print(1)\\nRESEND_KEY = re_<<b62:8>>_<<b62:24>>\\n\""),
            Sample::Text("docker run -e RESEND_KEY=re_<<b62:8>>_<<b62:24>> image\n"),
        ],
        no: &[
            Sample::Text("resend_key = \"re_<<b62:8>>_<<b62:23>>\""),
            Sample::Text("blob: Qzre_<<b62:8>>_<<b62:24>>"),
            Sample::Text("RESEND_KEY=re_xxxxxxxx_xxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mailjet-secret",
            severity: Severity::High,
            summary: "A Mailjet API key or secret.",
            docs: "Sends mail as the account's domains.\n\n\
                Revoke it under *Account settings > API key management*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Mailjet documentation, *Authentication*.",
            ..META
        },
        keywords: &["mailjet", "mj_apikey"],
        shape: Shape::Named {
            name: "mailjet|mj_apikey",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("mailjet.secret = '<<hex:32>>'"),
            Sample::Text("\"mailjetApiKey\": \"<<hex:32>>\","),
        ],
        no: &[
            Sample::Text("mailjet_token = \"<<hex:31>>\""),
            Sample::Text("mailjet_token = \"Zq<<hex:32>>\""),
            Sample::Text("mailjet_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/mailjet/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mailersend-token",
            severity: Severity::High,
            summary: "A MailerSend API token.",
            docs: "Sends mail as the account's domains.\n\n\
                Revoke it under *Integrations > API tokens*, then let the server read a new one from its environment \
                or a secret store.\n\n\
                Source: MailerSend documentation, *Authentication*.",
            ..META
        },
        keywords: &["mlsn."],
        shape: Shape::Token(r"mlsn\.[0-9a-f]{64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("mailersend_token: 'mlsn.<<hex:64>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=mlsn.<<hex:64>>&page=2"),
        ],
        no: &[
            Sample::Text("mailersend_token = \"mlsn.<<hex:63>>\""),
            Sample::Text("blob: Qzmlsn.<<hex:64>>"),
            Sample::Text("MAILERSEND_TOKEN=mlsn.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mailerlite-token",
            severity: Severity::High,
            summary: "A MailerLite API token.",
            docs: "Reads and changes subscribers.\n\n\
                Revoke it under *Integrations > API*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: MailerLite documentation, *Authentication*.",
            ..META
        },
        keywords: &["mailer_lite", "mailerlite"],
        shape: Shape::Named {
            name: "mailerlite|mailer_lite",
            value: r"(?:eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{20,900}\.[0-9A-Za-z_-]{300,700}|[0-9a-f]{32})",
        },
        reach: 1800,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const mailerliteKey = `<<hex:32>>`;"),
            Sample::Text("mailerlite.secret = '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("mailerlite_token = \"<<hex:31>>\""),
            Sample::Text("mailerlite_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/mailerlite/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/elasticemail-key",
            severity: Severity::High,
            summary: "An Elastic Email API key.",
            docs: "Sends mail as the account's domains.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Elastic Email documentation, *Authentication*.",
            ..META
        },
        keywords: &["elastic_email", "elasticemail"],
        shape: Shape::Named {
            name: "elastic_?email",
            value: "[0-9A-F]{96}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"elasticemailApiKey\": \"<<HEX:96>>\","),
            Sample::Text("elasticemail_api_key => \"<<HEX:96>>\""),
        ],
        no: &[
            Sample::Text("elasticemail_token = \"<<HEX:95>>\""),
            Sample::Text("elasticemail_token = \"Zq<<HEX:96>>\""),
            Sample::Text(
                "elasticemail_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/elasticemail/<<HEX:96>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/convertkit-secret",
            severity: Severity::High,
            summary: "A Kit (ConvertKit) API secret.",
            docs: "Reads and changes subscribers.\n\n\
                Revoke it under *Settings > Developer*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Kit documentation, *Authentication*.",
            ..META
        },
        keywords: &["convert_kit", "convertkit"],
        shape: Shape::Named {
            name: "convert_?kit",
            value: "(?:kit_)?[0-9A-Za-z_-]{43}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("CONVERTKIT_API_KEY=<<b62:43>>"),
            Sample::Text("const convertkitKey = `<<b62:43>>`;"),
        ],
        no: &[
            Sample::Text("convertkit_token = \"<<b62:42>>\""),
            Sample::Text("convertkit_token = \"Zq<<b62:43>>\""),
            Sample::Text("convertkit_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/convertkit/<<b62:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/klaviyo-key",
            severity: Severity::High,
            summary: "A Klaviyo private key.",
            docs: "Reads and changes profiles and sends messages.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Klaviyo documentation, *Authenticate API requests*.",
            ..META
        },
        keywords: &["pk_"],
        shape: Shape::Token("pk_[0-9a-f]{34}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("klaviyo_key: 'pk_<<hex:34>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=pk_<<hex:34>>&page=2"),
        ],
        no: &[
            Sample::Text("klaviyo_key = \"pk_<<hex:33>>\""),
            Sample::Text("blob: Qzpk_<<hex:34>>"),
            Sample::Text("KLAVIYO_KEY=pk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/campaign-monitor-key",
            severity: Severity::High,
            summary: "A Campaign Monitor API key.",
            docs: "Reads and changes subscribers.\n\n\
                Revoke it under *Account settings > API keys*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Campaign Monitor documentation, *Authenticating*.",
            ..META
        },
        keywords: &["campaign_monitor", "campaignmonitor", "createsend"],
        shape: Shape::Named {
            name: "campaign_?monitor|createsend",
            value: "[0-9A-Za-z+/]{100,120}={0,2}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const createsendKey = `<<b64:108>>`;"),
            Sample::Text("createsend.secret = '<<b64:108>>'"),
        ],
        no: &[
            Sample::Text(
                "createsend_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/createsend/<<b64:108>>"),
            Sample::Text("createsend_token = \"<<b64:50>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/customerio-key",
            severity: Severity::Medium,
            summary: "A Customer.io API key.",
            docs: "Sends messages and changes people.\n\n\
                Revoke it under *Settings > API credentials*, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Customer.io documentation, *Authentication*.",
            ..META
        },
        keywords: &["cio_api", "cio_site", "cio_track", "customer_io", "customerio"],
        shape: Shape::Named {
            name: "customer_?io|cio_(?:api|site|track)",
            value: "(?:[0-9a-f]{32}|[0-9a-f]{20})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"customerioApiKey\": \"<<hex:32>>\","),
            Sample::Text("customerio_api_key => \"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("customerio_token = \"<<hex:31>>\""),
            Sample::Text("customerio_token = \"Zq<<hex:32>>\""),
            Sample::Text("customerio_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/customerio/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/activecampaign-key",
            severity: Severity::High,
            summary: "An ActiveCampaign API key.",
            docs: "Reads and changes contacts.\n\n\
                Revoke it under *Settings > Developer*, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: ActiveCampaign documentation, *Authentication*.",
            ..META
        },
        keywords: &["active_campaign", "activecampaign"],
        shape: Shape::Named {
            name: "active_?campaign",
            value: "[0-9a-f]{72}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("ACTIVECAMPAIGN_API_KEY=<<hex:72>>"),
            Sample::Text("const activecampaignKey = `<<hex:72>>`;"),
        ],
        no: &[
            Sample::Text("activecampaign_token = \"<<hex:71>>\""),
            Sample::Text("activecampaign_token = \"Zq<<hex:72>>\""),
            Sample::Text(
                "activecampaign_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/activecampaign/<<hex:72>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/hunter-key",
            severity: Severity::Low,
            summary: "A Hunter API key.",
            docs: "Looks up addresses at the account's cost.\n\n\
                Revoke it under *API* of the account, then let the server read a new one from its environment or a \
                secret store.\n\n\
                Source: Hunter documentation, *Authentication*.",
            ..META
        },
        keywords: &["hunter-", "hunter.", "hunter_", "hunterapi", "hunterio"],
        shape: Shape::Named {
            name: "hunter[_.-]?(?:io|api|key|token)",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("hunter_io_token: <<hex:40>>\n"),
            Sample::Text("HUNTER_IO_API_KEY=<<hex:40>>"),
        ],
        no: &[
            Sample::Text("hunter_io_token = \"<<hex:39>>\""),
            Sample::Text("hunter_io_token = \"Zq<<hex:40>>\""),
            Sample::Text("hunter_io_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/hunter_io/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zerobounce-key",
            severity: Severity::Low,
            summary: "A ZeroBounce API key.",
            docs: "Checks addresses at the account's cost.\n\n\
                Revoke it under *API > Keys*, then let the server read a new one from its environment or a secret \
                store.\n\n\
                Source: ZeroBounce documentation, *API*.",
            ..META
        },
        keywords: &["zero_bounce", "zerobounce"],
        shape: Shape::Named {
            name: "zero_?bounce",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("zerobounce_api_key => \"<<hex:32>>\""),
            Sample::Text("export ZEROBOUNCE_TOKEN=\"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("zerobounce_token = \"<<hex:31>>\""),
            Sample::Text("zerobounce_token = \"Zq<<hex:32>>\""),
            Sample::Text("zerobounce_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/zerobounce/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/nylas-key",
            severity: Severity::High,
            summary: "A Nylas API key.",
            docs: "Reads and sends mail of connected accounts.\n\n\
                Revoke it under *API keys* of the application, then let the server read a new one from its \
                environment or a secret store.\n\n\
                Source: Nylas documentation, *API keys*.",
            ..META
        },
        keywords: &["nylas"],
        shape: Shape::Named {
            name: "nylas",
            value: "(?:nyk_v0_[0-9A-Za-z]{60,70}|[0-9A-Za-z]{30})",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("nylas_token: nyk_v0_<<b62:64>>\n"),
            Sample::Text("NYLAS_API_KEY=nyk_v0_<<b62:64>>"),
        ],
        no: &[
            Sample::Text("nylas_token = \"nyk_v0_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/nylas/nyk_v0_<<b62:64>>"),
            Sample::Text("nylas_token = \"nyk_v0_<<b62:20>>\""),
        ],
        ..SecretRule::DEFAULT
    },
];
