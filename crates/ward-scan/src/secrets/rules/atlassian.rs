//! Atlassian: Jira, Confluence, Bitbucket, Trello, Opsgenie, Statuspage.

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
            id: "secrets/atlassian-api-token",
            severity: Severity::Critical,
            summary: "An Atlassian API token.",
            docs: "Reads and writes Jira, Confluence and Bitbucket as its user.\n\n\
                Revoke it under *Account > Security > API tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Atlassian support, *Manage API tokens for your account*.",
            ..META
        },
        keywords: &["atatt3"],
        shape: Shape::Token("ATATT3[0-9A-Za-z_=-]{150,200}"),
        reach: 320,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"atlassian_api_token\": \"ATATT3<<url64:178>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"ATLASSIAN_API_TOKEN\">ATATT3<<url64:178>></add>"),
        ],
        no: &[
            Sample::Text("blob: QzATATT3<<url64:178>>"),
            Sample::Text(
                "ATLASSIAN_API_TOKEN=ATATT3xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("ATATT3<<url64:60>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/atlassian-admin-key",
            severity: Severity::Critical,
            summary: "An Atlassian organisation API key.",
            docs: "Manages the organisation's users and policies.\n\n\
                Revoke it under *Organisation settings > API keys*, then use the identity that the job is given, or \
                a token that can do one thing and ends.\n\n\
                Source: Atlassian support, *Manage an organization with the admin APIs*.",
            ..META
        },
        keywords: &["atctt3"],
        shape: Shape::Token("ATCTT3[0-9A-Za-z_=-]{150,220}"),
        reach: 320,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e ATLASSIAN_ADMIN_KEY=ATCTT3<<url64:170>> image\n"),
            Sample::Text("ATLASSIAN_ADMIN_KEY=ATCTT3<<url64:170>>"),
        ],
        no: &[
            Sample::Text("blob: QzATCTT3<<url64:170>>"),
            Sample::Text(
                "ATLASSIAN_ADMIN_KEY=ATCTT3xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("ATCTT3<<url64:60>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bitbucket-app-password",
            severity: Severity::High,
            summary: "A Bitbucket app password.",
            docs: "Reads and writes repositories as its user.\n\n\
                Revoke it under *Personal settings > App passwords*, then use the identity that the job is given, or \
                a token that can do one thing and ends.\n\n\
                Source: Bitbucket documentation, *App passwords*.",
            ..META
        },
        keywords: &["atbb"],
        shape: Shape::Token("ATBB[0-9A-Za-z]{32}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("BITBUCKET_APP_PASSWORD=ATBB<<b62:24>><<HEX:8>>"),
            Sample::Text("bitbucket_app_password = \"ATBB<<b62:24>><<HEX:8>>\"\r\n"),
        ],
        no: &[
            Sample::Text("bitbucket_app_password = \"ATBB<<b62:24>><<HEX:7>>\""),
            Sample::Text("blob: QzATBB<<b62:24>><<HEX:8>>"),
            Sample::Text("BITBUCKET_APP_PASSWORD=ATBBxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bitbucket-data-center-token",
            severity: Severity::High,
            summary: "A Bitbucket Data Center HTTP access token.",
            docs: "Reads and writes the repositories it was made for.\n\n\
                Revoke it under *HTTP access tokens*, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: Bitbucket Data Center documentation, *HTTP access tokens*.",
            ..META
        },
        keywords: &["bbdc-"],
        shape: Shape::Token("BBDC-[0-9A-Za-z+/]{40,50}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e BITBUCKET_DATA_CENTER_TOKEN=BBDC-<<b64:44>> image\n"),
            Sample::Text("BITBUCKET_DATA_CENTER_TOKEN=BBDC-<<b64:44>>"),
        ],
        no: &[
            Sample::Text("blob: QzBBDC-<<b64:44>>"),
            Sample::Text("BITBUCKET_DATA_CENTER_TOKEN=BBDC-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("BBDC-<<b64:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bitbucket-secret",
            severity: Severity::High,
            summary: "A Bitbucket OAuth consumer secret.",
            docs: "Signs in as the consumer.\n\n\
                Revoke it under *Workspace settings > OAuth consumers*, then use the identity that the job is given, \
                or a token that can do one thing and ends.\n\n\
                Source: Bitbucket documentation, *Use OAuth*.",
            ..META
        },
        keywords: &["bitbucket"],
        shape: Shape::Named {
            name: "bitbucket",
            value: "[0-9A-Za-z_=-]{64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export BITBUCKET_TOKEN=\"<<b62:64>>\""),
            Sample::Text("bitbucket_token: <<b62:64>>\n"),
        ],
        no: &[
            Sample::Text("bitbucket_token = \"<<b62:63>>\""),
            Sample::Text("bitbucket_token = \"Zq<<b62:64>>\""),
            Sample::Text("bitbucket_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bitbucket/<<b62:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bitbucket-client-id",
            severity: Severity::Medium,
            summary: "A Bitbucket OAuth consumer key.",
            docs: "Names the consumer whose secret is likely to be near.\n\n\
                Revoke it under *Workspace settings > OAuth consumers*, then use the identity that the job is given, \
                or a token that can do one thing and ends.\n\n\
                Source: Bitbucket documentation, *Use OAuth*.",
            ..META
        },
        keywords: &["bitbucket"],
        shape: Shape::Named {
            name: "bitbucket",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("bitbucket_api_key => \"<<b62:32>>\""),
            Sample::Text("export BITBUCKET_TOKEN=\"<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("bitbucket_token = \"<<b62:31>>\""),
            Sample::Text("bitbucket_token = \"Zq<<b62:32>>\""),
            Sample::Text("bitbucket_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bitbucket/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/jira-token",
            severity: Severity::High,
            summary: "A Jira or Confluence API token of the older form.",
            docs: "Reads and writes as its user.\n\n\
                Revoke it under *Account > Security > API tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Atlassian support, *Manage API tokens for your account*.",
            ..META
        },
        keywords: &["atlassian", "confluence", "jira"],
        shape: Shape::Named {
            name: "atlassian|jira|confluence",
            value: "(?:[0-9A-Za-z]{24}|[0-9A-Za-z]{20}[0-9A-F]{4})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("jira_token: <<b62:24>>\n"),
            Sample::Text("JIRA_API_KEY=<<b62:24>>"),
        ],
        no: &[
            Sample::Text("jira_token = \"<<b62:23>>\""),
            Sample::Text("jira_token = \"Zq<<b62:24>>\""),
            Sample::Text("jira_token = \"xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/jira/<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/jira-data-center-token",
            severity: Severity::High,
            summary: "A Jira or Confluence Data Center personal access token.",
            docs: "Reads and writes as its user.\n\n\
                Revoke it under *Profile > Personal access tokens*, then use the identity that the job is given, or \
                a token that can do one thing and ends.\n\n\
                Source: Atlassian documentation, *Using personal access tokens*.",
            ..META
        },
        keywords: &["confluence", "jira"],
        shape: Shape::Named {
            name: "jira|confluence",
            value: "[MNO][AgwTDjQz][0-9A-Za-z+/]{42}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("jira_api_key => \"NDc<<b62:41>>\""),
            Sample::Text("export JIRA_TOKEN=\"NDc<<b62:41>>\""),
        ],
        no: &[
            Sample::Text("jira_token = \"NDc<<b62:40>>\""),
            Sample::Text("jira_token = \"ZqNDc<<b62:41>>\""),
            Sample::Text("jira_token = \"NDcxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/jira/NDc<<b62:41>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/trello-token",
            severity: Severity::High,
            summary: "A Trello token.",
            docs: "Reads and writes its user's boards.\n\n\
                Revoke it under *Account > Settings > Applications*, then use the identity that the job is given, or \
                a token that can do one thing and ends.\n\n\
                Source: Trello documentation, *API introduction*.",
            ..META
        },
        keywords: &["trello"],
        shape: Shape::Named {
            name: "trello",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("trello_token: <<hex:64>>\n"),
            Sample::Text("TRELLO_API_KEY=<<hex:64>>"),
        ],
        no: &[
            Sample::Text("trello_token = \"<<hex:63>>\""),
            Sample::Text("trello_token = \"Zq<<hex:64>>\""),
            Sample::Text("trello_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/trello/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/trello-prefixed-token",
            severity: Severity::High,
            summary: "A Trello token of the prefixed form.",
            docs: "Reads and writes its user's boards.\n\n\
                Revoke it under *Account > Settings > Applications*, then use the identity that the job is given, or \
                a token that can do one thing and ends.\n\n\
                Source: Trello documentation, *API introduction*.",
            ..META
        },
        keywords: &["atta"],
        shape: Shape::Token("ATTA[0-9a-f]{64}[0-9A-F]{8}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("docker run -e TRELLO_PREFIXED_TOKEN=ATTA<<hex:64>><<HEX:8>> image\n"),
            Sample::Text("TRELLO_PREFIXED_TOKEN=ATTA<<hex:64>><<HEX:8>>"),
        ],
        no: &[
            Sample::Text("trello_prefixed_token = \"ATTA<<hex:64>><<HEX:7>>\""),
            Sample::Text("blob: QzATTA<<hex:64>><<HEX:8>>"),
            Sample::Text(
                "TRELLO_PREFIXED_TOKEN=ATTAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/trello-key",
            severity: Severity::Medium,
            summary: "A Trello API key.",
            docs: "Names the application; with a token it reads and writes boards.\n\n\
                Revoke it under *Power-Ups > API key*, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: Trello documentation, *API introduction*.",
            ..META
        },
        keywords: &["trello"],
        shape: Shape::Named {
            name: "trello",
            value: "(?:[0-9a-f]{32}|[0-9A-Za-z-]{32})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("trello_api_key => \"<<hex:32>>\""),
            Sample::Text("export TRELLO_TOKEN=\"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("trello_token = \"<<hex:31>>\""),
            Sample::Text("trello_token = \"Zq<<hex:32>>\""),
            Sample::Text("trello_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/trello/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/opsgenie-key",
            severity: Severity::High,
            summary: "An Opsgenie API key.",
            docs: "Opens, closes and reads alerts.\n\n\
                Revoke it under *Settings > API key management*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Opsgenie documentation, *API key management*.",
            ..META
        },
        keywords: &["genie-key", "genie_key", "geniekey", "opsgenie"],
        shape: Shape::Named {
            name: "opsgenie|genie[_-]?key|geniekey",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"opsgenieApiKey\": \"<<uuid>>\","),
            Sample::Text("opsgenie_api_key => \"<<uuid>>\""),
            Sample::Text("Authorization: GenieKey <<uuid>>"),
        ],
        no: &[
            Sample::Text("opsgenie_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("opsgenie_token = \"Zq<<uuid>>\""),
            Sample::Text("opsgenie_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/opsgenie/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/statuspage-key",
            severity: Severity::Medium,
            summary: "A Statuspage API key.",
            docs: "Changes the status page and reads its subscribers.\n\n\
                Revoke it under *User menu > API info*, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: Statuspage documentation, *API*.",
            ..META
        },
        keywords: &["statuspage"],
        shape: Shape::Named {
            name: "statuspage",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export STATUSPAGE_TOKEN=\"<<uuid>>\""),
            Sample::Text("statuspage_token: <<uuid>>\n"),
        ],
        no: &[
            Sample::Text("statuspage_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("statuspage_token = \"Zq<<uuid>>\""),
            Sample::Text("statuspage_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/statuspage/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
