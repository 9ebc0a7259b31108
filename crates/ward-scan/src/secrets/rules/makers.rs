//! Tools of people who make things: interfaces, forms, films, automations.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    rule::{META, SecretRule, Shape},
    sample::Sample,
};

/// The rules.
pub static RULES: &[SecretRule] = &[
    SecretRule {
        meta: RuleMeta {
            id: "secrets/postman-key",
            severity: Severity::High,
            summary: "A Postman API key.",
            docs: "Reads and writes collections and environments, which hold other secrets.\n\n\
                Revoke it under *Settings > API keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Postman documentation, *Generate a Postman API key*.",
            ..META
        },
        keywords: &["pmak-"],
        shape: Shape::Token("PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://host.test/v1?key=PMAK-<<hex:24>>-<<hex:34>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer PMAK-<<hex:24>>-<<hex:34>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("postman_key = \"PMAK-<<hex:24>>-<<hex:33>>\""),
            Sample::Text("blob: QzPMAK-<<hex:24>>-<<hex:34>>"),
            Sample::Text("POSTMAN_KEY=PMAK-xxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/postman-collection-token",
            severity: Severity::Medium,
            summary: "A Postman collection access key.",
            docs: "Reads the collection.\n\n\
                Revoke it under *Settings > Collection access keys*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Postman documentation, *Collection access keys*.",
            ..META
        },
        keywords: &["pmat-"],
        shape: Shape::Token("PMAT-[0-9A-Z]{26}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("{\"postman_collection_token\": \"PMAT-<<up36:26>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"POSTMAN_COLLECTION_TOKEN\">PMAT-<<up36:26>></add>"),
        ],
        no: &[
            Sample::Text("postman_collection_token = \"PMAT-<<up36:25>>\""),
            Sample::Text("blob: QzPMAT-<<up36:26>>"),
            Sample::Text("POSTMAN_COLLECTION_TOKEN=PMAT-xxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/readme-key",
            severity: Severity::Medium,
            summary: "A ReadMe API key.",
            docs: "Reads and writes the project's docs.\n\n\
                Revoke it under *Configuration > API keys*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: ReadMe documentation, *Authentication*.",
            ..META
        },
        keywords: &["rdme_"],
        shape: Shape::Token("rdme_[0-9a-z]{70}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer rdme_<<low36:70>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nREADME_KEY = rdme_<<low36:70>>\\n\""),
        ],
        no: &[
            Sample::Text("readme_key = \"rdme_<<low36:69>>\""),
            Sample::Text("blob: Qzrdme_<<low36:70>>"),
            Sample::Text("README_KEY=rdme_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/typeform-token",
            severity: Severity::High,
            summary: "A Typeform personal token.",
            docs: "Reads forms with their answers.\n\n\
                Revoke it under *Account > Personal tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Typeform documentation, *Personal access token*.",
            ..META
        },
        keywords: &["tfp_"],
        shape: Shape::Token("tfp_[0-9A-Za-z_=.-]{43,64}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=tfp_<<b62:44>>_<<b62:14>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer tfp_<<b62:44>>_<<b62:14>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("blob: Qztfp_<<b62:44>>_<<b62:14>>"),
            Sample::Text("TYPEFORM_TOKEN=tfp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxxxxxx"),
            Sample::Text("tfp_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/calendly-token",
            severity: Severity::Medium,
            summary: "A Calendly token.",
            docs: "Reads and books its user's calendar.\n\n\
                Revoke it under *Integrations > API & webhooks*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Calendly documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["calendly"],
        shape: Shape::Named {
            name: "calendly",
            value: r"eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{60,400}\.[0-9A-Za-z_-]{86}",
        },
        reach: 800,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("calendly_token: eyJ<<b62:45>>.eyJ<<b62:200>>.<<b62:86>>\n"),
            Sample::Text("CALENDLY_API_KEY=eyJ<<b62:45>>.eyJ<<b62:200>>.<<b62:86>>"),
        ],
        no: &[
            Sample::Text(
                "calendly_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/calendly/eyJ<<b62:45>>.eyJ<<b62:200>>.<<b62:86>>"),
            Sample::Text("calendly_token = eyJ<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/frameio-token",
            severity: Severity::Medium,
            summary: "A Frame.io developer token.",
            docs: "Reads and writes projects as its user.\n\n\
                Revoke it under *Developer tools > Tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Frame.io documentation, *Authentication*.",
            ..META
        },
        keywords: &["fio-u-"],
        shape: Shape::Token("fio-u-[0-9A-Za-z_=-]{64}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"print(1)\\nFRAMEIO_TOKEN = fio-u-<<url64:64>>\\n\""),
            Sample::Text("docker run -e FRAMEIO_TOKEN=fio-u-<<url64:64>> image\n"),
        ],
        no: &[
            Sample::Text("frameio_token = \"fio-u-<<url64:63>>\""),
            Sample::Text("blob: Qzfio-u-<<url64:64>>"),
            Sample::Text("FRAMEIO_TOKEN=fio-u-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/adobe-secret",
            severity: Severity::High,
            summary: "An Adobe client secret.",
            docs: "Signs in as the integration.\n\n\
                Revoke it under *Credentials* of the developer console, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Adobe developer documentation, *Client secret*.",
            ..META
        },
        keywords: &["p8e-"],
        shape: Shape::Token("p8e-[0-9A-Za-z_-]{32}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"adobe_secret\": \"p8e-<<url64:32>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"ADOBE_SECRET\">p8e-<<url64:32>></add>"),
        ],
        no: &[
            Sample::Text("adobe_secret = \"p8e-<<url64:31>>\""),
            Sample::Text("blob: Qzp8e-<<url64:32>>"),
            Sample::Text("ADOBE_SECRET=p8e-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/adobe-client-id",
            severity: Severity::Low,
            summary: "An Adobe client id.",
            docs: "Names the integration whose secret is likely to be near.\n\n\
                Revoke it under *Credentials* of the developer console, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Adobe developer documentation, *Credentials*.",
            ..META
        },
        keywords: &["adobe"],
        shape: Shape::Named {
            name: "adobe",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const adobeKey = `<<hex:32>>`;"),
            Sample::Text("adobe.secret = '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("adobe_token = \"<<hex:31>>\""),
            Sample::Text("adobe_token = \"Zq<<hex:32>>\""),
            Sample::Text("adobe_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/adobe/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/n8n-key",
            severity: Severity::High,
            summary: "An n8n API key.",
            docs: "Changes and runs workflows, which hold other secrets.\n\n\
                Revoke it under *Settings > n8n API*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: n8n documentation, *Authentication*.",
            ..META
        },
        keywords: &["n8n_api_"],
        shape: Shape::Token("n8n_api_[0-9a-f]{64,160}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"print(1)\\nN8N_KEY = n8n_api_<<hex:80>>\\n\""),
            Sample::Text("docker run -e N8N_KEY=n8n_api_<<hex:80>> image\n"),
        ],
        no: &[
            Sample::Text("blob: Qzn8n_api_<<hex:80>>"),
            Sample::Text(
                "N8N_KEY=n8n_api_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("n8n_api_<<hex:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zapier-webhook",
            severity: Severity::Medium,
            summary: "A Zapier webhook.",
            docs: "Starts the workflow with any input.\n\n\
                Revoke it under *Trigger* of the Zap (make a new one), then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Zapier documentation, *Webhooks*.",
            ..META
        },
        keywords: &["hooks.zapier.com"],
        shape: Shape::Text(r"hooks\.zapier\.com/hooks/catch/[0-9]{4,12}/(?P<secret>[0-9a-z]{5,32})"),
        min_entropy: 1.5,
        yes: &[
            Sample::Text("https://hooks.zapier.com/hooks/catch/<<digit:7>>/<<low36:7>>/"),
            Sample::Text("'https://hooks.zapier.com/hooks/catch/<<digit:6>>/<<low36:24>>'"),
        ],
        no: &[
            Sample::Text("https://hooks.zapier.com/hooks/catch/"),
            Sample::Text("https://hooks.zapier.com/hooks/catch/x/y"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ifttt-webhook",
            severity: Severity::Medium,
            summary: "An IFTTT webhook key.",
            docs: "Starts the account's applets.\n\n\
                Revoke it under *Webhooks > Settings* (edit connection), then give the program an identity of its \
                own with the fewest scopes, read from a secret store.\n\n\
                Source: IFTTT documentation, *Webhooks*.",
            ..META
        },
        keywords: &["maker.ifttt.com"],
        shape: Shape::Text(
            r"maker\.ifttt\.com/trigger/[0-9A-Za-z_{}-]{1,60}/(?:json/)?with/key/(?P<secret>[0-9A-Za-z_-]{20,60})",
        ),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("https://maker.ifttt.com/trigger/door/with/key/<<b62:22>>"),
            Sample::Text("'https://maker.ifttt.com/trigger/a_b/json/with/key/<<b62:43>>'"),
        ],
        no: &[
            Sample::Text("https://maker.ifttt.com/trigger/door/with/key/KEY"),
            Sample::Text("https://maker.ifttt.com/trigger/door/with/key/<<b62:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
