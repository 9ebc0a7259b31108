//! Continuous integration and delivery.

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
            id: "secrets/circleci-token",
            severity: Severity::High,
            summary: "A CircleCI token.",
            docs: "Runs pipelines and reads their variables.\n\n\
                Revoke it under *User settings > Personal API tokens* or *Project settings > API permissions*, then \
                use the identity that the job is given, or a token that can do one thing and ends.\n\n\
                Source: CircleCI documentation, *Managing API tokens*.",
            ..META
        },
        keywords: &["ccipat_", "cciprj_"],
        shape: Shape::Token("CCI(?:PAT|PRJ)_[0-9A-Za-z]{20,24}_[0-9a-f]{40}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("docker run -e CIRCLECI_TOKEN=CCIPAT_<<b58:22>>_<<hex:40>> image\n"),
            Sample::Text("CIRCLECI_TOKEN=CCIPAT_<<b58:22>>_<<hex:40>>"),
        ],
        no: &[
            Sample::Text("circleci_token = \"CCIPAT_<<b58:22>>_<<hex:39>>\""),
            Sample::Text("blob: QzCCIPAT_<<b58:22>>_<<hex:40>>"),
            Sample::Text("CIRCLECI_TOKEN=CCIPAT_xxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/circleci-older-token",
            severity: Severity::High,
            summary: "A CircleCI token of the older form.",
            docs: "Runs pipelines and reads their variables.\n\n\
                Revoke it under *User settings > Personal API tokens*, then use the identity that the job is given, \
                or a token that can do one thing and ends.\n\n\
                Source: CircleCI documentation, *Managing API tokens*.",
            ..META
        },
        keywords: &[
            "circle-ci",
            "circle-token",
            "circle_ci",
            "circle_token",
            "circleci",
            "circletoken",
        ],
        shape: Shape::Named {
            name: "circle[_-]?ci|circle[_-]?token",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const circleciKey = `<<hex:40>>`;"),
            Sample::Text("circleci.secret = '<<hex:40>>'"),
        ],
        no: &[
            Sample::Text("circleci_token = \"<<hex:39>>\""),
            Sample::Text("circleci_token = \"Zq<<hex:40>>\""),
            Sample::Text("circleci_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/circleci/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/travis-token",
            severity: Severity::High,
            summary: "A Travis CI token.",
            docs: "Runs builds and reads their settings.\n\n\
                Revoke it under *Settings > API authentication*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Travis CI documentation, *API*.",
            ..META
        },
        keywords: &["travis"],
        shape: Shape::Named {
            name: "travis",
            value: "[0-9A-Za-z_-]{22}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("TRAVIS_API_KEY=<<b62:22>>"),
            Sample::Text("const travisKey = `<<b62:22>>`;"),
        ],
        no: &[
            Sample::Text("travis_token = \"<<b62:21>>\""),
            Sample::Text("travis_token = \"Zq<<b62:22>>\""),
            Sample::Text("travis_token = \"xxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/travis/<<b62:22>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/buildkite-token",
            severity: Severity::High,
            summary: "A Buildkite token.",
            docs: "Runs builds or poses as an agent.\n\n\
                Revoke it under *Personal settings > API access tokens*, or *Agents* of the cluster, then use the \
                identity that the job is given, or a token that can do one thing and ends.\n\n\
                Source: Buildkite documentation, *API access tokens*.",
            ..META
        },
        keywords: &["bkua_", "bkct_", "bkpat_"],
        shape: Shape::Token("(?:bkua_[0-9a-f]{40}|bkct_[0-9A-Za-z_-]{40,90})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://host.test/v1?key=bkua_<<hex:40>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer bkua_<<hex:40>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("buildkite_token = \"bkua_<<hex:39>>\""),
            Sample::Text("blob: Qzbkua_<<hex:40>>"),
            Sample::Text("BUILDKITE_TOKEN=bkua_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/buildkite-agent-token",
            severity: Severity::High,
            summary: "A Buildkite agent token of the older form.",
            docs: "Poses as an agent and receives jobs.\n\n\
                Revoke it under *Agents* of the organisation, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Buildkite documentation, *Agent tokens*.",
            ..META
        },
        keywords: &["buildkite"],
        shape: Shape::Named {
            name: "buildkite",
            value: "[0-9a-f]{50}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("buildkite_token: <<hex:50>>\n"),
            Sample::Text("BUILDKITE_API_KEY=<<hex:50>>"),
        ],
        no: &[
            Sample::Text("buildkite_token = \"<<hex:49>>\""),
            Sample::Text("buildkite_token = \"Zq<<hex:50>>\""),
            Sample::Text("buildkite_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/buildkite/<<hex:50>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/drone-token",
            severity: Severity::High,
            summary: "A Drone CI token.",
            docs: "Runs builds and reads their settings.\n\n\
                Revoke it under *Account settings* (rotate), then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Drone documentation, *API authentication*.",
            ..META
        },
        keywords: &["drone"],
        shape: Shape::Named {
            name: "drone(?:ci)?[_.-]?[a-z_.-]{0,16}(?:token|secret|key)",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("DRONE_TOKEN=<<b62:32>>"),
            Sample::Text("droneci_access_token: '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("DRONE_TOKEN=<<b62:31>>"),
            Sample::Text("DRONE_TOKEN=Zq<<b62:32>>"),
            Sample::Text("DRONE_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/drone_access_token/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/jenkins-token",
            severity: Severity::High,
            summary: "A Jenkins API token.",
            docs: "Runs jobs and reads their settings as its user.\n\n\
                Revoke it under *User > Security > API token*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Jenkins documentation, *Authenticating scripted clients*.",
            ..META
        },
        keywords: &["hudson", "jenkins"],
        shape: Shape::Named {
            name: "jenkins|hudson",
            value: "(?:11[0-9a-f]{32}|[0-9a-f]{32})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("JENKINS_API_KEY=11<<hex:32>>"),
            Sample::Text("const jenkinsKey = `11<<hex:32>>`;"),
        ],
        no: &[
            Sample::Text("jenkins_token = \"Zq11<<hex:32>>\""),
            Sample::Text("jenkins_token = \"11xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/jenkins/11<<hex:32>>"),
            Sample::Text("jenkins_token = \"11<<hex:20>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/appveyor-token",
            severity: Severity::High,
            summary: "An AppVeyor API token.",
            docs: "Runs builds and reads their settings.\n\n\
                Revoke it under *Account > API keys*, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: AppVeyor documentation, *API*.",
            ..META
        },
        keywords: &["appveyor"],
        shape: Shape::Named {
            name: "appveyor",
            value: r"(?:v2\.)?[0-9A-Za-z]{20}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("export APPVEYOR_TOKEN=\"v2.<<b62:20>>\""),
            Sample::Text("appveyor_token: v2.<<b62:20>>\n"),
        ],
        no: &[
            Sample::Text("appveyor_token = \"v2.<<b62:19>>\""),
            Sample::Text("appveyor_token = \"Zqv2.<<b62:20>>\""),
            Sample::Text("appveyor_token = \"v2.xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/appveyor/v2.<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bitrise-token",
            severity: Severity::High,
            summary: "A Bitrise personal access token.",
            docs: "Runs builds and reads their settings.\n\n\
                Revoke it under *Account settings > Security*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Bitrise documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["bitrise"],
        shape: Shape::Named {
            name: "bitrise",
            value: "[0-9A-Za-z_-]{86}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("bitrise.secret = '<<b62:86>>'"),
            Sample::Text("\"bitriseApiKey\": \"<<b62:86>>\","),
        ],
        no: &[
            Sample::Text("bitrise_token = \"<<b62:85>>\""),
            Sample::Text("bitrise_token = \"Zq<<b62:86>>\""),
            Sample::Text(
                "bitrise_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/bitrise/<<b62:86>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/semaphore-token",
            severity: Severity::High,
            summary: "A Semaphore CI token.",
            docs: "Runs pipelines and reads their secrets.\n\n\
                Revoke it under *Profile settings > API token* (reset), then use the identity that the job is given, \
                or a token that can do one thing and ends.\n\n\
                Source: Semaphore documentation, *API*.",
            ..META
        },
        keywords: &["semaphore_", "semaphoreci"],
        shape: Shape::Named {
            name: "semaphore(?:ci)?[_-]?[a-z_-]{0,10}(?:token|key)",
            value: "[0-9A-Za-z_-]{20}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("SEMAPHORE_API_TOKEN=<<b62:20>>"),
            Sample::Text("semaphoreci_token: <<b62:20>>"),
        ],
        no: &[
            Sample::Text("SEMAPHORE_API_TOKEN=<<b62:19>>"),
            Sample::Text("SEMAPHORE_API_TOKEN=Zq<<b62:20>>"),
            Sample::Text("SEMAPHORE_API_TOKEN=xxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/semaphore/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/harness-key",
            severity: Severity::High,
            summary: "A Harness token.",
            docs: "Runs pipelines and reads their secrets' names.\n\n\
                Revoke it under *Profile > My API keys*, or the service account, then use the identity that the job \
                is given, or a token that can do one thing and ends.\n\n\
                Source: Harness documentation, *Manage API keys*.",
            ..META
        },
        keywords: &["pat.", "sat."],
        shape: Shape::Token(r"(?:pat|sat)\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z]{24}\.[0-9A-Za-z]{20}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e HARNESS_KEY=pat.<<b62:22>>.<<hex:24>>.<<b62:20>> image\n"),
            Sample::Text("HARNESS_KEY=pat.<<b62:22>>.<<hex:24>>.<<b62:20>>"),
        ],
        no: &[
            Sample::Text("harness_key = \"pat.<<b62:22>>.<<hex:24>>.<<b62:19>>\""),
            Sample::Text("blob: Qzpat.<<b62:22>>.<<hex:24>>.<<b62:20>>"),
            Sample::Text("HARNESS_KEY=pat.xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/octopus-key",
            severity: Severity::High,
            summary: "An Octopus Deploy API key.",
            docs: "Deploys and reads the variables of its projects.\n\n\
                Revoke it under *Profile > My API keys*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Octopus documentation, *How to create an API key*.",
            ..META
        },
        keywords: &["api-"],
        shape: Shape::Token("API-[0-9A-Z]{25,31}"),
        check: structure::random,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("\"print(1)\\nOCTOPUS_KEY = API-<<up36:26>>\\n\""),
            Sample::Text("docker run -e OCTOPUS_KEY=API-<<up36:26>> image\n"),
        ],
        no: &[
            Sample::Text("blob: QzAPI-<<up36:26>>"),
            Sample::Text("OCTOPUS_KEY=API-xxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("API-<<up36:15>>"),
            Sample::Text("RAPID-API-<<upper:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/nx-cloud-token",
            severity: Severity::Medium,
            summary: "An Nx Cloud access token.",
            docs: "Reads and writes the workspace's build cache.\n\n\
                Revoke it under *Workspace settings > Access tokens*, then use the identity that the job is given, \
                or a token that can do one thing and ends.\n\n\
                Source: Nx documentation, *Access tokens*.",
            ..META
        },
        keywords: &["nx-cloud", "nx_cloud", "nxcloud"],
        shape: Shape::Named {
            name: "nx[_-]?cloud",
            value: "[0-9A-Za-z]{64,90}={0,2}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("NX_CLOUD_API_KEY=<<b62:66>>"),
            Sample::Text("const nx_cloudKey = `<<b62:66>>`;"),
        ],
        no: &[
            Sample::Text("nx_cloud_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/nx_cloud/<<b62:66>>"),
            Sample::Text("nx_cloud_token = \"<<b62:30>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/depot-token",
            severity: Severity::Medium,
            summary: "A Depot token.",
            docs: "Builds in the organisation's projects.\n\n\
                Revoke it under *Settings > API tokens*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Depot documentation, *Authentication*.",
            ..META
        },
        keywords: &["depot_"],
        shape: Shape::Token("depot_(?:org|project|user)_[0-9a-f]{40,64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"DEPOT_TOKEN\">depot_org_<<hex:64>></add>"),
            Sample::Text("depot_token: 'depot_org_<<hex:64>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("blob: Qzdepot_org_<<hex:64>>"),
            Sample::Text("DEPOT_TOKEN=depot_org_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("depot_org_<<hex:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/infracost-key",
            severity: Severity::Medium,
            summary: "An Infracost API key.",
            docs: "Reads prices and the organisation's estimates.\n\n\
                Revoke it under *Org settings > API keys*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Infracost documentation, *API key*.",
            ..META
        },
        keywords: &["ico-"],
        // Not the ending of a file's name: `box.ico-7a38..png`.
        shape: Shape::Text(r"(?:^|[^0-9A-Za-z_.-])(?P<secret>ico-[0-9A-Za-z]{32})(?:$|[^0-9A-Za-z_.])"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("INFRACOST_KEY=ico-<<b62:32>>"),
            Sample::Text("infracost_key = \"ico-<<b62:32>>\"\r\n"),
        ],
        no: &[
            Sample::Text("infracost_key = \"ico-<<b62:31>>\""),
            Sample::Text("blob: Qzico-<<b62:32>>"),
            Sample::Text("INFRACOST_KEY=ico-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dependency-track-key",
            severity: Severity::High,
            summary: "A Dependency-Track API key.",
            docs: "Reads and writes projects' components.\n\n\
                Revoke it under *Access management > Teams*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Dependency-Track documentation, *REST API*.",
            ..META
        },
        keywords: &["odt_"],
        shape: Shape::Token("odt_(?:[0-9A-Za-z]{8}_)?[0-9A-Za-z]{32}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=odt_<<b62:32>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer odt_<<b62:32>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("dependency_track_key = \"odt_<<b62:31>>\""),
            Sample::Text("blob: Qzodt_<<b62:32>>"),
            Sample::Text("DEPENDENCY_TRACK_KEY=odt_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
];
