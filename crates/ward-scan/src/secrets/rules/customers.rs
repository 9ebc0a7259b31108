//! Sales, support and people: HubSpot, Salesforce, Zendesk, Intercom and others.

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
            id: "secrets/hubspot-token",
            severity: Severity::High,
            summary: "A HubSpot private app token.",
            docs: "Reads and changes contacts and deals within its scopes.\n\n\
                Revoke it under *Settings > Integrations > Private apps* (rotate), then give the program an identity \
                of its own with the fewest scopes, read from a secret store.\n\n\
                Source: HubSpot documentation, *Private apps*.",
            ..META
        },
        keywords: &["pat-na", "pat-eu", "pat-ap", "pat-ca"],
        shape: Shape::Token(
            "pat-(?:na|eu|ap|ca)[0-9]{1,2}-(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"print(1)\\nHUBSPOT_TOKEN = pat-na1-<<uuid>>\\n\""),
            Sample::Text("docker run -e HUBSPOT_TOKEN=pat-na1-<<uuid>> image\n"),
        ],
        no: &[
            Sample::Text("hubspot_token = \"pat-na1-<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("blob: Qzpat-na1-<<uuid>>"),
            Sample::Text("HUBSPOT_TOKEN=pat-na1-00000000-0000-0000-0000-000000000000"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/hubspot-key",
            severity: Severity::High,
            summary: "A HubSpot API key.",
            docs: "Reads and changes contacts and deals.\n\n\
                Revoke it under *Settings > Integrations* (such keys no longer work), then give the program an \
                identity of its own with the fewest scopes, read from a secret store.\n\n\
                Source: HubSpot documentation, *API keys*.",
            ..META
        },
        keywords: &["hapikey", "hub_spot", "hubspot"],
        shape: Shape::Named {
            name: "hubspot|hapikey|hub_spot",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("hubspot_api_key => \"<<uuid>>\""),
            Sample::Text("export HUBSPOT_TOKEN=\"<<uuid>>\""),
            Sample::Text("https://api.hubapi.com/crm?hapikey=<<uuid>>"),
        ],
        no: &[
            Sample::Text("hubspot_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("hubspot_token = \"Zq<<uuid>>\""),
            Sample::Text("hubspot_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/hubspot/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/salesforce-token",
            severity: Severity::High,
            summary: "A Salesforce access token (session id).",
            docs: "Acts as its user for some hours.\n\n\
                Revoke it under *Session management*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Salesforce documentation, *OAuth tokens*.",
            ..META
        },
        keywords: &["00d"],
        shape: Shape::Token("00D[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?![0-9A-Za-z_.]{80,120}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("salesforce_token = \"00D<<b62:12>>!<<b62:96>>\"\r\n"),
            Sample::Text("{\"salesforce_token\": \"00D<<b62:12>>!<<b62:96>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("blob: Qz00D<<b62:12>>!<<b62:96>>"),
            Sample::Text(
                "SALESFORCE_TOKEN=00Dxxxxxxxxxxxx!xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("00D<<b62:12>>!<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/salesforce-secret",
            severity: Severity::High,
            summary: "A Salesforce consumer key or secret.",
            docs: "Signs in as the connected app.\n\n\
                Revoke it under *App manager > Consumer details* (rotate), then give the program an identity of its \
                own with the fewest scopes, read from a secret store.\n\n\
                Source: Salesforce documentation, *Connected apps*.",
            ..META
        },
        keywords: &["salesforce", "sfdc"],
        shape: Shape::Named {
            name: "salesforce|sfdc",
            value: "(?:3MVG[0-9A-Za-z_.]{70,120}|[0-9A-F]{64}|[0-9]{19})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export SALESFORCE_TOKEN=\"<<HEX:64>>\""),
            Sample::Text("salesforce_token: <<HEX:64>>\n"),
        ],
        no: &[
            Sample::Text("salesforce_token = \"<<HEX:63>>\""),
            Sample::Text("salesforce_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/salesforce/<<HEX:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zendesk-token",
            severity: Severity::High,
            summary: "A Zendesk API token or secret.",
            docs: "Reads and changes tickets and people.\n\n\
                Revoke it under *Admin center > APIs*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Zendesk documentation, *API token*.",
            ..META
        },
        keywords: &["zendesk"],
        shape: Shape::Named {
            name: "zendesk",
            value: "(?:[0-9a-f]{64}|[0-9A-Za-z]{40})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const zendeskKey = `<<b62:40>>`;"),
            Sample::Text("zendesk.secret = '<<b62:40>>'"),
        ],
        no: &[
            Sample::Text("zendesk_token = \"<<b62:39>>\""),
            Sample::Text("zendesk_token = \"Zq<<b62:40>>\""),
            Sample::Text("zendesk_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/zendesk/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/intercom-token",
            severity: Severity::High,
            summary: "An Intercom access token.",
            docs: "Reads and changes conversations and people.\n\n\
                Revoke it under *Developer hub > Authentication*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Intercom documentation, *Authentication*.",
            ..META
        },
        keywords: &["intercom"],
        shape: Shape::Named {
            name: "intercom",
            value: "(?:dG9rO[0-9A-Za-z+/=]{50,80}|[0-9A-Za-z_=-]{60})",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export INTERCOM_TOKEN=\"<<b62:60>>\""),
            Sample::Text("intercom_token: <<b62:60>>\n"),
            Sample::Text("INTERCOM_ACCESS_TOKEN=dG9rO<<b62:55>>"),
        ],
        no: &[
            Sample::Text("intercom_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/intercom/<<b62:60>>"),
            Sample::Text("intercom_token = \"<<b62:40>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/freshdesk-key",
            severity: Severity::High,
            summary: "A Freshdesk (Freshworks) API key.",
            docs: "Reads and changes tickets as its user.\n\n\
                Revoke it under *Profile settings*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Freshdesk documentation, *Authentication*.",
            ..META
        },
        keywords: &["freshdesk", "freshsales", "freshservice", "freshworks"],
        shape: Shape::Named {
            name: "freshdesk|freshservice|freshsales|freshworks",
            value: "[0-9A-Za-z]{20,22}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("const freshdeskKey = `<<b62:20>>`;"),
            Sample::Text("freshdesk.secret = '<<b62:20>>'"),
        ],
        no: &[
            Sample::Text("freshdesk_token = \"<<b62:19>>\""),
            Sample::Text("freshdesk_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/freshdesk/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/helpscout-secret",
            severity: Severity::High,
            summary: "A Help Scout key or secret.",
            docs: "Reads and changes conversations.\n\n\
                Revoke it under *My apps*, then give the program an identity of its own with the fewest scopes, read \
                from a secret store.\n\n\
                Source: Help Scout documentation, *Authentication*.",
            ..META
        },
        keywords: &["help_scout", "helpscout"],
        shape: Shape::Named {
            name: "help_?scout",
            value: "(?:[0-9A-Za-z]{56}|[0-9a-f]{40}|[0-9A-Za-z]{32})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export HELPSCOUT_TOKEN=\"<<b62:32>>\""),
            Sample::Text("helpscout_token: <<b62:32>>\n"),
        ],
        no: &[
            Sample::Text("helpscout_token = \"<<b62:31>>\""),
            Sample::Text("helpscout_token = \"Zq<<b62:32>>\""),
            Sample::Text("helpscout_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/helpscout/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pipedrive-token",
            severity: Severity::High,
            summary: "A Pipedrive API token.",
            docs: "Reads and changes deals as its user.\n\n\
                Revoke it under *Personal preferences > API*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Pipedrive documentation, *Authentication*.",
            ..META
        },
        keywords: &["pipedrive"],
        shape: Shape::Named {
            name: "pipedrive",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("pipedrive_api_key => \"<<hex:40>>\""),
            Sample::Text("export PIPEDRIVE_TOKEN=\"<<hex:40>>\""),
        ],
        no: &[
            Sample::Text("pipedrive_token = \"<<hex:39>>\""),
            Sample::Text("pipedrive_token = \"Zq<<hex:40>>\""),
            Sample::Text("pipedrive_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/pipedrive/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/close-key",
            severity: Severity::High,
            summary: "A Close API key.",
            docs: "Reads and changes leads.\n\n\
                Revoke it under *Settings > API keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Close documentation, *API keys*.",
            ..META
        },
        keywords: &["api_"],
        shape: Shape::Token(r"api_[0-9A-Za-z]{22}\.[0-9A-Za-z]{22}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"close_key\": \"api_<<b62:22>>.<<b62:22>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"CLOSE_KEY\">api_<<b62:22>>.<<b62:22>></add>"),
        ],
        no: &[
            Sample::Text("close_key = \"api_<<b62:22>>.<<b62:21>>\""),
            Sample::Text("blob: Qzapi_<<b62:22>>.<<b62:22>>"),
            Sample::Text("CLOSE_KEY=api_xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zoho-token",
            severity: Severity::High,
            summary: "A Zoho token.",
            docs: "Reads and changes records as its user.\n\n\
                Revoke it under *Accounts > Sessions > Connected apps*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Zoho documentation, *OAuth*.",
            ..META
        },
        keywords: &["1000."],
        shape: Shape::Token(r"1000\.[0-9a-f]{32}\.[0-9a-f]{32}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("{\"zoho_token\": \"1000.<<hex:32>>.<<hex:32>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"ZOHO_TOKEN\">1000.<<hex:32>>.<<hex:32>></add>"),
        ],
        no: &[
            Sample::Text("zoho_token = \"1000.<<hex:32>>.<<hex:31>>\""),
            Sample::Text("blob: Qz1000.<<hex:32>>.<<hex:32>>"),
            Sample::Text("ZOHO_TOKEN=1000.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/apollo-key",
            severity: Severity::Medium,
            summary: "An Apollo.io API key.",
            docs: "Looks up people at the account's cost.\n\n\
                Revoke it under *Settings > Integrations > API*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Apollo documentation, *Authentication*.",
            ..META
        },
        keywords: &["apollo-", "apollo.", "apollo_", "apolloapi", "apolloio"],
        shape: Shape::Named {
            name: "apollo[_.-]?(?:io|api|key)?",
            value: "[0-9A-Za-z_-]{22}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("export APOLLO_API_TOKEN=\"<<b62:22>>\""),
            Sample::Text("apollo_api_token: <<b62:22>>\n"),
        ],
        no: &[
            Sample::Text("apollo_api_token = \"<<b62:21>>\""),
            Sample::Text("apollo_api_token = \"Zq<<b62:22>>\""),
            Sample::Text("apollo_api_token = \"xxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/apollo_api/<<b62:22>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/apollo-graphos-key",
            severity: Severity::High,
            summary: "An Apollo GraphOS key.",
            docs: "Reads and publishes the graph's schema.\n\n\
                Revoke it under *Settings > API keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Apollo GraphOS documentation, *API keys*.",
            ..META
        },
        keywords: &["service:", "user:gh."],
        shape: Shape::Token(
            r"(?:service:[0-9A-Za-z_-]{1,64}:[0-9A-Za-z_-]{22}|user:(?:gh|fb)\.[0-9A-Za-z-]{8,48}:[0-9A-Za-z_-]{22})",
        ),
        check: structure::random,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("https://host.test/v1?key=service:ada-graph:<<b62:22>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer service:ada-graph:<<b62:22>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("apollo_graphos_key = \"service:ada-graph:<<b62:21>>\""),
            Sample::Text("blob: Qzservice:ada-graph:<<b62:22>>"),
            Sample::Text("APOLLO_GRAPHOS_KEY=service:ada-graph:xxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/clearbit-key",
            severity: Severity::Medium,
            summary: "A Clearbit key.",
            docs: "Looks up people at the account's cost.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: Clearbit documentation, *Authentication*.",
            ..META
        },
        keywords: &["clearbit"],
        shape: Shape::Token("sk_[0-9a-f]{32}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("CLEARBIT_KEY=sk_<<hex:32>>"),
            Sample::Text("clearbit = Clearbit('sk_<<hex:32>>')"),
        ],
        no: &[
            Sample::Text("CLEARBIT_KEY=sk_<<hex:31>>"),
            Sample::Text("CLEARBIT_KEY=pk_<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fullcontact-key",
            severity: Severity::Medium,
            summary: "A FullContact API key.",
            docs: "Looks up people at the account's cost.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: FullContact documentation, *Authentication*.",
            ..META
        },
        keywords: &["full_contact", "fullcontact"],
        shape: Shape::Named {
            name: "full_?contact",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export FULLCONTACT_TOKEN=\"<<b62:32>>\""),
            Sample::Text("fullcontact_token: <<b62:32>>\n"),
        ],
        no: &[
            Sample::Text("fullcontact_token = \"<<b62:31>>\""),
            Sample::Text("fullcontact_token = \"Zq<<b62:32>>\""),
            Sample::Text("fullcontact_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/fullcontact/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/surveymonkey-token",
            severity: Severity::Medium,
            summary: "A SurveyMonkey access token.",
            docs: "Reads surveys with their answers.\n\n\
                Revoke it under *My apps*, then give the program an identity of its own with the fewest scopes, read \
                from a secret store.\n\n\
                Source: SurveyMonkey documentation, *Authentication*.",
            ..META
        },
        keywords: &["survey_monkey", "surveymonkey"],
        shape: Shape::Named {
            name: "survey_?monkey",
            value: "[0-9A-Za-z.+/=_-]{80,160}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export SURVEYMONKEY_TOKEN=\"<<b62:90>>\""),
            Sample::Text("surveymonkey_token: <<b62:90>>\n"),
        ],
        no: &[
            Sample::Text(
                "surveymonkey_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/surveymonkey/<<b62:90>>"),
            Sample::Text("surveymonkey_token = \"<<b62:30>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/jotform-key",
            severity: Severity::Medium,
            summary: "A Jotform API key.",
            docs: "Reads forms with their answers.\n\n\
                Revoke it under *Settings > API*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Jotform documentation, *Authentication*.",
            ..META
        },
        keywords: &["jotform"],
        shape: Shape::Named {
            name: "jotform",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("JOTFORM_API_KEY=<<hex:32>>"),
            Sample::Text("const jotformKey = `<<hex:32>>`;"),
        ],
        no: &[
            Sample::Text("jotform_token = \"<<hex:31>>\""),
            Sample::Text("jotform_token = \"Zq<<hex:32>>\""),
            Sample::Text("jotform_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/jotform/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/crowdin-token",
            severity: Severity::Medium,
            summary: "A Crowdin token.",
            docs: "Reads and changes translations.\n\n\
                Revoke it under *Account settings > API*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Crowdin documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["crowdin"],
        shape: Shape::Named {
            name: "crowdin",
            value: "[0-9a-f]{80}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("crowdin.secret = '<<hex:80>>'"),
            Sample::Text("\"crowdinApiKey\": \"<<hex:80>>\","),
        ],
        no: &[
            Sample::Text("crowdin_token = \"<<hex:79>>\""),
            Sample::Text("crowdin_token = \"Zq<<hex:80>>\""),
            Sample::Text(
                "crowdin_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/crowdin/<<hex:80>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/transifex-token",
            severity: Severity::Medium,
            summary: "A Transifex API token.",
            docs: "Reads and changes translations.\n\n\
                Revoke it under *User settings > API token*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Transifex documentation, *Authentication*.",
            ..META
        },
        keywords: &["transifex", "tx_token"],
        shape: Shape::Named {
            name: "transifex|tx_token",
            value: "1/[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"transifexApiKey\": \"1/<<hex:40>>\","),
            Sample::Text("transifex_api_key => \"1/<<hex:40>>\""),
        ],
        no: &[
            Sample::Text("transifex_token = \"1/<<hex:39>>\""),
            Sample::Text("transifex_token = \"Zq1/<<hex:40>>\""),
            Sample::Text("transifex_token = \"1/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/transifex/1/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/lokalise-token",
            severity: Severity::Medium,
            summary: "A Lokalise API token.",
            docs: "Reads and changes translations.\n\n\
                Revoke it under *Personal profile > API tokens*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Lokalise documentation, *API tokens*.",
            ..META
        },
        keywords: &["lokalise"],
        shape: Shape::Named {
            name: "lokalise",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("lokalise_token: <<hex:40>>\n"),
            Sample::Text("LOKALISE_API_KEY=<<hex:40>>"),
        ],
        no: &[
            Sample::Text("lokalise_token = \"<<hex:39>>\""),
            Sample::Text("lokalise_token = \"Zq<<hex:40>>\""),
            Sample::Text("lokalise_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/lokalise/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/phrase-token",
            severity: Severity::Medium,
            summary: "A Phrase access token.",
            docs: "Reads and changes translations.\n\n\
                Revoke it under *Profile > Access tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Phrase documentation, *Authentication*.",
            ..META
        },
        keywords: &[
            "phrase-access",
            "phrase_access",
            "phrase_api",
            "phrase_app",
            "phraseapp",
        ],
        shape: Shape::Named {
            name: "phrase_?app|phrase[_-](?:access|api)",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export PHRASE_ACCESS_TOKEN=\"<<hex:64>>\""),
            Sample::Text("phrase_access_token: <<hex:64>>\n"),
        ],
        no: &[
            Sample::Text("phrase_access_token = \"<<hex:63>>\""),
            Sample::Text("phrase_access_token = \"Zq<<hex:64>>\""),
            Sample::Text("phrase_access_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/phrase_access/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/settlemint-token",
            severity: Severity::High,
            summary: "A SettleMint token.",
            docs: "Reads and changes the workspace's applications.\n\n\
                Revoke it under *Personal or application access tokens*, then give the program an identity of its \
                own with the fewest scopes, read from a secret store.\n\n\
                Source: SettleMint documentation, *Access tokens*.",
            ..META
        },
        keywords: &["sm_aat_", "sm_pat_", "sm_sat_"],
        shape: Shape::Token("sm_[aps]at_[0-9A-Za-z]{16}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("\"print(1)\\nSETTLEMINT_TOKEN = sm_aat_<<b62:16>>\\n\""),
            Sample::Text("docker run -e SETTLEMINT_TOKEN=sm_aat_<<b62:16>> image\n"),
        ],
        no: &[
            Sample::Text("settlemint_token = \"sm_aat_<<b62:15>>\""),
            Sample::Text("blob: Qzsm_aat_<<b62:16>>"),
            Sample::Text("SETTLEMINT_TOKEN=sm_aat_xxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/privateai-key",
            severity: Severity::High,
            summary: "A Private AI API key.",
            docs: "De-identifies at the account's cost.\n\n\
                Revoke it under *API keys* of the portal, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Private AI documentation, *Authentication*.",
            ..META
        },
        keywords: &["private-ai", "private_ai", "privateai"],
        shape: Shape::Named {
            name: "private[_-]?ai",
            value: "[0-9a-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("private_ai_token: <<low36:32>>\n"),
            Sample::Text("PRIVATE_AI_API_KEY=<<low36:32>>"),
        ],
        no: &[
            Sample::Text("private_ai_token = \"<<low36:31>>\""),
            Sample::Text("private_ai_token = \"Zq<<low36:32>>\""),
            Sample::Text("private_ai_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/private_ai/<<low36:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
