//! Analysis, coverage, testing and code search.

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
            id: "secrets/codecov-token",
            severity: Severity::Medium,
            summary: "A Codecov upload or API token.",
            docs: "Uploads coverage, or reads it.\n\n\
                Revoke it under *Settings > General* of the repository, then use the identity that the job is given, \
                or a token that can do one thing and ends.\n\n\
                Source: Codecov documentation, *Codecov tokens*.",
            ..META
        },
        keywords: &["codecov"],
        shape: Shape::Named {
            name: "codecov",
            value: "(?:(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|[0-9A-Za-z]{32})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"codecovApiKey\": \"<<b62:32>>\","),
            Sample::Text("codecov_api_key => \"<<b62:32>>\""),
            Sample::Text("CODECOV_TOKEN=<<uuid>>"),
        ],
        no: &[
            Sample::Text("codecov_token = \"<<b62:31>>\""),
            Sample::Text("codecov_token = \"Zq<<b62:32>>\""),
            Sample::Text("codecov_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/codecov/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/coveralls-token",
            severity: Severity::Medium,
            summary: "A Coveralls token.",
            docs: "Uploads coverage.\n\n\
                Revoke it under the repository's settings, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Coveralls documentation, *Configuration*.",
            ..META
        },
        keywords: &["coveralls"],
        shape: Shape::Named {
            name: "coveralls",
            value: "[0-9A-Za-z]{32,37}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"coverallsApiKey\": \"<<b62:32>>\","),
            Sample::Text("coveralls_api_key => \"<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("coveralls_token = \"<<b62:31>>\""),
            Sample::Text("coveralls_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/coveralls/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sonar-token",
            severity: Severity::High,
            summary: "A SonarQube or SonarCloud token.",
            docs: "Reads and writes analyses as its user.\n\n\
                Revoke it under *My account > Security*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: SonarQube documentation, *Managing tokens*.",
            ..META
        },
        keywords: &["squ_", "sqp_", "sqa_"],
        shape: Shape::Token("sq[upa]_[0-9a-f]{40}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"print(1)\\nSONAR_TOKEN = squ_<<hex:40>>\\n\""),
            Sample::Text("docker run -e SONAR_TOKEN=squ_<<hex:40>> image\n"),
        ],
        no: &[
            Sample::Text("sonar_token = \"squ_<<hex:39>>\""),
            Sample::Text("blob: Qzsqu_<<hex:40>>"),
            Sample::Text("SONAR_TOKEN=squ_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sonar-older-token",
            severity: Severity::High,
            summary: "A SonarQube or SonarCloud token of the older form.",
            docs: "Reads and writes analyses as its user.\n\n\
                Revoke it under *My account > Security*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: SonarQube documentation, *Managing tokens*.",
            ..META
        },
        keywords: &["sonar"],
        shape: Shape::Named {
            name: "sonar(?:qube|cloud)?[_. -]?(?:login|token|key|pass|secret|host)?",
            value: "[0-9a-z]{40}",
        },
        min_entropy: 3.2,
        yes: &[
            Sample::Text("export SONAR_TOKEN=\"<<hex:40>>\""),
            Sample::Text("sonar_token: <<hex:40>>\n"),
        ],
        no: &[
            Sample::Text("sonar_token = \"<<hex:39>>\""),
            Sample::Text("sonar_token = \"Zq<<hex:40>>\""),
            Sample::Text("sonar_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/sonar/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/snyk-token",
            severity: Severity::High,
            summary: "A Snyk API token.",
            docs: "Reads the organisation's projects and their vulnerabilities.\n\n\
                Revoke it under *Account settings > Auth token* (revoke), then use the identity that the job is \
                given, or a token that can do one thing and ends.\n\n\
                Source: Snyk documentation, *Authentication for API*.",
            ..META
        },
        keywords: &["snyk"],
        shape: Shape::Named {
            name: "snyk",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("snyk_token: <<uuid>>\n"),
            Sample::Text("SNYK_API_KEY=<<uuid>>"),
        ],
        no: &[
            Sample::Text("snyk_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("snyk_token = \"Zq<<uuid>>\""),
            Sample::Text("snyk_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/snyk/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/snyk-oauth-token",
            severity: Severity::High,
            summary: "A Snyk personal or service token of the prefixed form.",
            docs: "Reads the organisation's projects and their vulnerabilities.\n\n\
                Revoke it under *Account settings > API tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Snyk documentation, *Authentication for API*.",
            ..META
        },
        keywords: &["snyk_uat.", "snyk_sat."],
        shape: Shape::Token(r"snyk_[us]at\.[0-9a-f]{8}\.[0-9A-Za-z_-]{20,400}\.[0-9A-Za-z_-]{20,200}"),
        reach: 700,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"SNYK_OAUTH_TOKEN\">snyk_uat.<<hex:8>>.<<b62:120>>.<<b62:86>></add>"),
            Sample::Text("snyk_oauth_token: 'snyk_uat.<<hex:8>>.<<b62:120>>.<<b62:86>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("blob: Qzsnyk_uat.<<hex:8>>.<<b62:120>>.<<b62:86>>"),
            Sample::Text(
                "SNYK_OAUTH_TOKEN=snyk_uat.xxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("snyk_uat.<<hex:8>>.<<b62:10>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sourcegraph-token",
            severity: Severity::High,
            summary: "A Sourcegraph access token.",
            docs: "Searches and reads code as its user.\n\n\
                Revoke it under *User settings > Access tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Sourcegraph documentation, *Access tokens*.",
            ..META
        },
        keywords: &["sgp_", "slk_", "sgd_"],
        shape: Shape::Token("(?:sgp_(?:(?:[0-9A-Fa-f]{16}|local)_)?[0-9A-Fa-f]{40}|slk_[0-9a-f]{64}|sgd_[0-9a-f]{64})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"SOURCEGRAPH_TOKEN\">sgp_<<hex:40>></add>"),
            Sample::Text("sourcegraph_token: 'sgp_<<hex:40>>' # rotate in May"),
            Sample::Text("SRC_ACCESS_TOKEN=sgp_local_<<hex:40>>"),
            Sample::Text("t: sgp_<<hex:16>>_<<hex:40>>"),
        ],
        no: &[
            Sample::Text("sourcegraph_token = \"sgp_<<hex:39>>\""),
            Sample::Text("blob: Qzsgp_<<hex:40>>"),
            Sample::Text("SOURCEGRAPH_TOKEN=sgp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sourcegraph-older-token",
            severity: Severity::High,
            summary: "A Sourcegraph access token of the older form.",
            docs: "Searches and reads code as its user.\n\n\
                Revoke it under *User settings > Access tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Sourcegraph documentation, *Access tokens*.",
            ..META
        },
        keywords: &["sourcegraph", "src_access_token"],
        shape: Shape::Named {
            name: "sourcegraph|src_access_token",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("SOURCEGRAPH_API_KEY=<<hex:40>>"),
            Sample::Text("const sourcegraphKey = `<<hex:40>>`;"),
        ],
        no: &[
            Sample::Text("sourcegraph_token = \"<<hex:39>>\""),
            Sample::Text("sourcegraph_token = \"Zq<<hex:40>>\""),
            Sample::Text("sourcegraph_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/sourcegraph/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/codeclimate-token",
            severity: Severity::Medium,
            summary: "A Code Climate token.",
            docs: "Uploads coverage or reads the organisation's repositories.\n\n\
                Revoke it under *User settings > API access*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Code Climate documentation, *API*.",
            ..META
        },
        keywords: &["cc_test_reporter", "code_climate", "codeclimate"],
        shape: Shape::Named {
            name: "code_?climate|cc_test_reporter",
            value: "[0-9a-f]{40,64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("codeclimate_api_key => \"<<hex:40>>\""),
            Sample::Text("export CODECLIMATE_TOKEN=\"<<hex:40>>\""),
        ],
        no: &[
            Sample::Text("codeclimate_token = \"<<hex:39>>\""),
            Sample::Text("codeclimate_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/codeclimate/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/codacy-token",
            severity: Severity::Medium,
            summary: "A Codacy token.",
            docs: "Uploads coverage or reads the project.\n\n\
                Revoke it under *Settings > Integrations*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Codacy documentation, *API tokens*.",
            ..META
        },
        keywords: &["codacy"],
        shape: Shape::Named {
            name: "codacy",
            value: "(?:[0-9a-f]{32}|[0-9A-Za-z]{20})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"codacyApiKey\": \"<<b62:20>>\","),
            Sample::Text("codacy_api_key => \"<<b62:20>>\""),
        ],
        no: &[
            Sample::Text("codacy_token = \"<<b62:19>>\""),
            Sample::Text("codacy_token = \"Zq<<b62:20>>\""),
            Sample::Text("codacy_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/codacy/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fossa-key",
            severity: Severity::Medium,
            summary: "A FOSSA API token.",
            docs: "Uploads and reads licence scans.\n\n\
                Revoke it under *Account settings > Integrations > API*, then use the identity that the job is \
                given, or a token that can do one thing and ends.\n\n\
                Source: FOSSA documentation, *API tokens*.",
            ..META
        },
        keywords: &["fossa"],
        shape: Shape::Named {
            name: "fossa",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("fossa.secret = '<<hex:32>>'"),
            Sample::Text("\"fossaApiKey\": \"<<hex:32>>\","),
        ],
        no: &[
            Sample::Text("fossa_token = \"<<hex:31>>\""),
            Sample::Text("fossa_token = \"Zq<<hex:32>>\""),
            Sample::Text("fossa_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/fossa/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/socket-token",
            severity: Severity::Medium,
            summary: "A Socket API token.",
            docs: "Reads reports of the organisation.\n\n\
                Revoke it under *Settings > API tokens*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Socket documentation, *API tokens*.",
            ..META
        },
        keywords: &["sktsec_"],
        shape: Shape::Token("sktsec_[0-9A-Za-z]{32,60}_api"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("SOCKET_TOKEN=sktsec_<<b62:43>>_api"),
            Sample::Text("socket_token = \"sktsec_<<b62:43>>_api\"\r\n"),
        ],
        no: &[
            Sample::Text("blob: Qzsktsec_<<b62:43>>_api"),
            Sample::Text("SOCKET_TOKEN=sktsec_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_api"),
            Sample::Text("sktsec_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/endor-key",
            severity: Severity::High,
            summary: "An Endor Labs API key.",
            docs: "Reads and writes scans of the namespace.\n\n\
                Revoke it under *Manage > API keys*, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: Endor Labs documentation, *Manage API keys*.",
            ..META
        },
        keywords: &["endr+"],
        shape: Shape::Token(r"endr\+[0-9A-Za-z-]{16}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("\"print(1)\\nENDOR_KEY = endr+<<b62:16>>\\n\""),
            Sample::Text("docker run -e ENDOR_KEY=endr+<<b62:16>> image\n"),
        ],
        no: &[
            Sample::Text("endor_key = \"endr+<<b62:15>>\""),
            Sample::Text("blob: Qzendr+<<b62:16>>"),
            Sample::Text("ENDOR_KEY=endr+xxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/browserstack-key",
            severity: Severity::Medium,
            summary: "A BrowserStack access key.",
            docs: "Runs tests at the account's cost and reads their videos.\n\n\
                Revoke it under *Account > Access key* (reset), then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: BrowserStack documentation, *Access key*.",
            ..META
        },
        keywords: &["browser_stack", "browserstack"],
        shape: Shape::Named {
            name: "browser_?stack",
            value: "[0-9A-Za-z]{20}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("const browserstackKey = `<<b62:20>>`;"),
            Sample::Text("browserstack.secret = '<<b62:20>>'"),
        ],
        no: &[
            Sample::Text("browserstack_token = \"<<b62:19>>\""),
            Sample::Text("browserstack_token = \"Zq<<b62:20>>\""),
            Sample::Text("browserstack_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/browserstack/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/saucelabs-key",
            severity: Severity::Medium,
            summary: "A Sauce Labs access key.",
            docs: "Runs tests at the account's cost and reads their videos.\n\n\
                Revoke it under *User settings > Access key* (regenerate), then use the identity that the job is \
                given, or a token that can do one thing and ends.\n\n\
                Source: Sauce Labs documentation, *User settings*.",
            ..META
        },
        keywords: &["sauce"],
        shape: Shape::Named {
            name: "sauce(?:_?labs)?",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("sauce_access.secret = '<<uuid>>'"),
            Sample::Text("\"sauce_accessApiKey\": \"<<uuid>>\","),
        ],
        no: &[
            Sample::Text("sauce_access_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("sauce_access_token = \"Zq<<uuid>>\""),
            Sample::Text("sauce_access_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/sauce_access/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/lambdatest-key",
            severity: Severity::Medium,
            summary: "A LambdaTest access key.",
            docs: "Runs tests at the account's cost and reads their videos.\n\n\
                Revoke it under *Account settings > Password & security*, then use the identity that the job is \
                given, or a token that can do one thing and ends.\n\n\
                Source: LambdaTest documentation, *Access key*.",
            ..META
        },
        keywords: &["lambda_test", "lambdatest", "lt_access"],
        shape: Shape::Named {
            name: r"lambda_?test|\blt_access",
            value: "(?:LT_)?[0-9A-Za-z]{50}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"lambdatestApiKey\": \"<<b62:50>>\","),
            Sample::Text("lambdatest_api_key => \"<<b62:50>>\""),
        ],
        no: &[
            Sample::Text("lambdatest_token = \"<<b62:49>>\""),
            Sample::Text("lambdatest_token = \"Zq<<b62:50>>\""),
            Sample::Text("lambdatest_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/lambdatest/<<b62:50>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cypress-key",
            severity: Severity::Medium,
            summary: "A Cypress Cloud record key.",
            docs: "Records runs in the project.\n\n\
                Revoke it under *Project settings > Record keys*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Cypress documentation, *Record key*.",
            ..META
        },
        keywords: &["cypress"],
        shape: Shape::Named {
            name: "cypress[_-]?record[_-]?key|cypress[_a-z-]{0,12}key|cypress run --record --key",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("CYPRESS_RECORD_KEY=<<uuid>>"),
            Sample::Text("cypress_record_key: <<uuid>>"),
        ],
        no: &[
            Sample::Text("CYPRESS_RECORD_KEY=<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>"),
            Sample::Text("CYPRESS_RECORD_KEY=Zq<<uuid>>"),
            Sample::Text("CYPRESS_RECORD_KEY=00000000-0000-0000-0000-000000000000"),
            Sample::Text("https://files.test/cypress_record/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/percy-token",
            severity: Severity::Medium,
            summary: "A Percy token.",
            docs: "Uploads snapshots of the project.\n\n\
                Revoke it under *Project settings*, then use the identity that the job is given, or a token that can \
                do one thing and ends.\n\n\
                Source: Percy documentation, *Project tokens*.",
            ..META
        },
        keywords: &["percy"],
        shape: Shape::Named {
            name: "percy",
            value: "(?:(?:web|app|auto|ss|res|vmw)_)?[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"percyApiKey\": \"web_<<hex:64>>\","),
            Sample::Text("percy_api_key => \"web_<<hex:64>>\""),
        ],
        no: &[
            Sample::Text("percy_token = \"web_<<hex:63>>\""),
            Sample::Text("percy_token = \"Zqweb_<<hex:64>>\""),
            Sample::Text("percy_token = \"web_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/percy/web_<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/phabricator-token",
            severity: Severity::High,
            summary: "A Phabricator Conduit token.",
            docs: "Reads and writes as its user.\n\n\
                Revoke it under *Settings > Conduit API tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Phabricator documentation, *Conduit API*.",
            ..META
        },
        keywords: &["api-", "cli-"],
        shape: Shape::Token("(?:api|cli)-[0-9a-z]{28}"),
        check: structure::random,
        min_entropy: 3.5,
        yes: &[
            Sample::Text("\"print(1)\\nPHABRICATOR_TOKEN = api-<<low36:28>>\\n\""),
            Sample::Text("docker run -e PHABRICATOR_TOKEN=api-<<low36:28>> image\n"),
        ],
        no: &[
            Sample::Text("phabricator_token = \"api-<<low36:27>>\""),
            Sample::Text("blob: Qzapi-<<low36:28>>"),
            Sample::Text("PHABRICATOR_TOKEN=api-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitea-token",
            severity: Severity::High,
            summary: "A Gitea, Forgejo or Gogs access token.",
            docs: "Reads and writes repositories as its user.\n\n\
                Revoke it under *Settings > Applications*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Gitea documentation, *API usage*.",
            ..META
        },
        keywords: &["codeberg", "forgejo", "gitea", "gogs"],
        shape: Shape::Named {
            name: "gitea|forgejo|gogs|codeberg",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("GITEA_API_KEY=<<hex:40>>"),
            Sample::Text("const giteaKey = `<<hex:40>>`;"),
        ],
        no: &[
            Sample::Text("gitea_token = \"<<hex:39>>\""),
            Sample::Text("gitea_token = \"Zq<<hex:40>>\""),
            Sample::Text("gitea_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/gitea/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/semgrep-token",
            severity: Severity::Medium,
            summary: "A Semgrep app token.",
            docs: "Uploads and reads findings of the organisation.\n\n\
                Revoke it under *Settings > Tokens*, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: Semgrep documentation, *Tokens*.",
            ..META
        },
        keywords: &["semgrep"],
        shape: Shape::Named {
            name: "semgrep",
            value: "(?:[0-9a-f]{64}|sgp_[0-9a-f]{40,64})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("semgrep.secret = '<<hex:64>>'"),
            Sample::Text("\"semgrepApiKey\": \"<<hex:64>>\","),
        ],
        no: &[
            Sample::Text("semgrep_token = \"<<hex:63>>\""),
            Sample::Text("semgrep_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/semgrep/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/checkmarx-key",
            severity: Severity::High,
            summary: "A Checkmarx One API key.",
            docs: "Runs and reads scans as its user.\n\n\
                Revoke it under *Identity and access management > API keys*, then use the identity that the job is \
                given, or a token that can do one thing and ends.\n\n\
                Source: Checkmarx documentation, *Generating API keys*.",
            ..META
        },
        keywords: &["checkmarx", "cx_api_key", "cx_apikey"],
        shape: Shape::Named {
            name: "checkmarx|cx_apikey|cx_api_key",
            value: r"eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{20,900}\.[0-9A-Za-z_-]{43,700}",
        },
        reach: 1800,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const checkmarxKey = `eyJ<<b62:33>>.eyJ<<b62:200>>.<<b62:86>>`;"),
            Sample::Text("checkmarx.secret = 'eyJ<<b62:33>>.eyJ<<b62:200>>.<<b62:86>>'"),
        ],
        no: &[
            Sample::Text(
                "checkmarx_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/checkmarx/eyJ<<b62:33>>.eyJ<<b62:200>>.<<b62:86>>"),
            Sample::Text("checkmarx_token = eyJ<<b62:33>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
