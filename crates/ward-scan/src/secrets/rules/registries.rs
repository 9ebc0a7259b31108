//! Registries of packages and images.

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
            id: "secrets/npm-token",
            severity: Severity::Critical,
            summary: "An npm access token.",
            docs: "Publishes packages as its user.\n\n\
                It ends in a CRC-32 of its random part in base 62, which is checked.\n\n\
                Revoke it under *Account > Access tokens*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: npm documentation, *About access tokens*; GitHub blog on npm token formats.",
            ..META
        },
        keywords: &["npm_"],
        shape: Shape::Token("npm_[0-9A-Za-z]{36}"),
        check: structure::npm_token,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("npm_token = \"npm_<<b62:36>>\"\r\n"),
            Sample::Text("{\"npm_token\": \"npm_<<b62:36>>\", \"retries\": 3}"),
            Sample::Made(|dice| format!("//registry.test/:_authToken={}", structure::made_npm_token(dice))),
        ],
        no: &[
            Sample::Text("npm_token = \"npm_<<b62:35>>\""),
            Sample::Text("blob: Qznpm_<<b62:36>>"),
            Sample::Text("NPM_TOKEN=npm_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/npm-older-token",
            severity: Severity::High,
            summary: "An npm access token of the older form.",
            docs: "Publishes packages as its user.\n\n\
                Revoke it under *Account > Access tokens*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: npm documentation, *About access tokens*.",
            ..META
        },
        keywords: &["_authtoken"],
        shape: Shape::Text(
            r#"_authToken\s{0,3}=\s{0,3}[\"']?(?P<secret>(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|NpmToken\.(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))"#,
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("//registry.test/:_authToken=<<uuid>>"),
            Sample::Text("//r.test/:_authToken = \"NpmToken.<<uuid>>\""),
        ],
        no: &[
            Sample::Text("//registry.test/:_authToken=${NPM_TOKEN}"),
            Sample::Text("//registry.test/:_authToken=<<hex:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pypi-token",
            severity: Severity::Critical,
            summary: "A PyPI API token.",
            docs: "Publishes packages within its scope.\n\n\
                It is a macaroon in base64: a version, the service's name, an identifier. The structure is read; a \
                token of the test service is worth less.\n\n\
                Revoke it under *Account settings > API tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: PyPI documentation, *API tokens*.",
            ..META
        },
        keywords: &["pypi-ageichlwas5vcmc", "pypi-agendgvzdc5wexbplm9yz"],
        shape: Shape::Token("pypi-(?:AgEIcHlwaS5vcmc|AgENdGVzdC5weXBpLm9yZw)[0-9A-Za-z_-]{50,1000}"),
        reach: 1200,
        check: structure::pypi_token,
        min_entropy: 3.5,
        yes: &[
            Sample::Text("password = pypi-AgEIcHlwaS5vcmc<<url64:150>>"),
            Sample::Text("TWINE_PASSWORD=pypi-AgENdGVzdC5weXBpLm9yZw<<url64:150>>"),
            Sample::Made(|dice| format!("token: {}", structure::made_pypi_token(dice))),
        ],
        no: &[
            Sample::Text("pypi-AgEIcHlwaS5vcmc<<url64:20>>"),
            Sample::Text("pypi-<<b62:120>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rubygems-token",
            severity: Severity::Critical,
            summary: "A RubyGems API key.",
            docs: "Publishes gems within its scope.\n\n\
                Revoke it under *Settings > API keys*, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: RubyGems guides, *API key scopes*.",
            ..META
        },
        keywords: &["rubygems_"],
        shape: Shape::Token("rubygems_[0-9a-f]{48}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("{\"rubygems_token\": \"rubygems_<<hex:48>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"RUBYGEMS_TOKEN\">rubygems_<<hex:48>></add>"),
        ],
        no: &[
            Sample::Text("rubygems_token = \"rubygems_<<hex:47>>\""),
            Sample::Text("blob: Qzrubygems_<<hex:48>>"),
            Sample::Text("RUBYGEMS_TOKEN=rubygems_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rust-crates-token",
            severity: Severity::Critical,
            summary: "A token for publishing Rust crates.",
            docs: "Publishes crates within its scope.\n\n\
                Revoke it under *Account settings > API tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: The Cargo book, *Publishing*.",
            ..META
        },
        keywords: &["cio"],
        shape: Shape::Token("cio[0-9A-Za-z]{32}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("rust_crates_token: 'cio<<b62:32>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=cio<<b62:32>>&page=2"),
        ],
        no: &[
            Sample::Text("rust_crates_token = \"cio<<b62:31>>\""),
            Sample::Text("blob: Qzcio<<b62:32>>"),
            Sample::Text("RUST_CRATES_TOKEN=cioxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/clojars-token",
            severity: Severity::High,
            summary: "A Clojars deploy token.",
            docs: "Publishes Clojure packages.\n\n\
                Revoke it under *Deploy tokens*, then use the identity that the job is given, or a token that can do \
                one thing and ends.\n\n\
                Source: Clojars wiki, *Deploy tokens*.",
            ..META
        },
        keywords: &["clojars_"],
        shape: Shape::Token("(?i:CLOJARS)_[0-9a-z]{60}"),
        min_entropy: 3.2,
        yes: &[
            Sample::Text("clojars_token = \"CLOJARS_<<hex:60>>\"\r\n"),
            Sample::Text("{\"clojars_token\": \"CLOJARS_<<hex:60>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("clojars_token = \"CLOJARS_<<hex:59>>\""),
            Sample::Text("blob: QzCLOJARS_<<hex:60>>"),
            Sample::Text("CLOJARS_TOKEN=CLOJARS_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/hex-key",
            severity: Severity::High,
            summary: "A Hex API key.",
            docs: "Publishes Elixir and Erlang packages.\n\n\
                Revoke it under *Dashboard > Keys*, then use the identity that the job is given, or a token that can \
                do one thing and ends.\n\n\
                Source: Hex documentation, *API keys*.",
            ..META
        },
        keywords: &["hex_api", "hex_key", "hex_pm", "hexpm"],
        shape: Shape::Named {
            name: "hex(?:pm)?_api|hex_?pm|hex_key",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"hex_apiApiKey\": \"<<hex:32>>\","),
            Sample::Text("hex_api_api_key => \"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("hex_api_token = \"<<hex:31>>\""),
            Sample::Text("hex_api_token = \"Zq<<hex:32>>\""),
            Sample::Text("hex_api_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/hex_api/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/packagist-token",
            severity: Severity::High,
            summary: "A Packagist token.",
            docs: "Publishes or reads the organisation's PHP packages.\n\n\
                Revoke it under *Settings > API tokens*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Private Packagist documentation, *API*.",
            ..META
        },
        keywords: &["packagist_"],
        shape: Shape::Token("packagist_[ou][ru][tu]_[0-9a-f]{68}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("packagist_token = \"packagist_uut_<<hex:68>>\"\r\n"),
            Sample::Text("{\"packagist_token\": \"packagist_uut_<<hex:68>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("packagist_token = \"packagist_uut_<<hex:67>>\""),
            Sample::Text("blob: Qzpackagist_uut_<<hex:68>>"),
            Sample::Text(
                "PACKAGIST_TOKEN=packagist_uut_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/nuget-key",
            severity: Severity::Critical,
            summary: "A NuGet API key.",
            docs: "Publishes .NET packages within its scope.\n\n\
                Revoke it under *Account > API keys*, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: Microsoft Learn, *Publish a NuGet package*.",
            ..META
        },
        keywords: &["oy2"],
        shape: Shape::Token("oy2[0-9a-z]{43}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer oy2<<low36:43>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nNUGET_KEY = oy2<<low36:43>>\\n\""),
        ],
        no: &[
            Sample::Text("nuget_key = \"oy2<<low36:42>>\""),
            Sample::Text("blob: Qzoy2<<low36:43>>"),
            Sample::Text("NUGET_KEY=oy2xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/docker-token",
            severity: Severity::High,
            summary: "A Docker Hub access token.",
            docs: "Pulls and pushes images as its user or organisation.\n\n\
                Revoke it under *Account settings > Personal access tokens*, then use the identity that the job is \
                given, or a token that can do one thing and ends.\n\n\
                Source: Docker documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["dckr_pat_", "dckr_oat_"],
        shape: Shape::Token("dckr_(?:pat_[0-9A-Za-z_-]{27}|oat_[0-9A-Za-z_-]{32})"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("<add name=\"DOCKER_TOKEN\">dckr_pat_<<url64:27>></add>"),
            Sample::Text("docker_token: 'dckr_pat_<<url64:27>>' # rotate in May"),
            Sample::Text("DOCKER_TOKEN=dckr_oat_<<url64:32>>"),
        ],
        no: &[
            Sample::Text("docker_token = \"dckr_pat_<<url64:26>>\""),
            Sample::Text("blob: Qzdckr_pat_<<url64:27>>"),
            Sample::Text("DOCKER_TOKEN=dckr_pat_xxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/artifactory-key",
            severity: Severity::High,
            summary: "A JFrog Artifactory API key.",
            docs: "Reads and writes artefacts as its user.\n\n\
                Revoke it under *User profile* (revoke), then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: JFrog documentation, *API keys*.",
            ..META
        },
        keywords: &["akcp"],
        shape: Shape::Token("AKCp[0-9A-Za-z]{65,80}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=AKCp8<<b62:68>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer AKCp8<<b62:68>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("blob: QzAKCp8<<b62:68>>"),
            Sample::Text("ARTIFACTORY_KEY=AKCp8xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("AKCp8<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/artifactory-token",
            severity: Severity::High,
            summary: "A JFrog reference token.",
            docs: "Reads and writes artefacts as its user.\n\n\
                Revoke it under *Access tokens*, then use the identity that the job is given, or a token that can do \
                one thing and ends.\n\n\
                Source: JFrog documentation, *Reference tokens*.",
            ..META
        },
        keywords: &["cmvmdgtu"],
        shape: Shape::Token("cmVmdGtu[0-9A-Za-z]{56}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=cmVmdGtu<<b62:56>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer cmVmdGtu<<b62:56>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("artifactory_token = \"cmVmdGtu<<b62:55>>\""),
            Sample::Text("blob: QzcmVmdGtu<<b62:56>>"),
            Sample::Text("ARTIFACTORY_TOKEN=cmVmdGtuxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/jfrog-key",
            severity: Severity::High,
            summary: "A JFrog API or identity token.",
            docs: "Reads and writes artefacts as its user.\n\n\
                Revoke it under *User profile > Identity tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: JFrog documentation, *Access tokens*.",
            ..META
        },
        keywords: &["artifactory", "bintray", "jfrog", "xray"],
        shape: Shape::Named {
            name: "jfrog|artifactory|bintray|xray",
            value: "(?:[0-9A-Za-z]{73}|[0-9A-Za-z]{64})",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("jfrog_api_key => \"<<b62:73>>\""),
            Sample::Text("export JFROG_TOKEN=\"<<b62:73>>\""),
        ],
        no: &[
            Sample::Text("jfrog_token = \"<<b62:72>>\""),
            Sample::Text("jfrog_token = \"Zq<<b62:73>>\""),
            Sample::Text("jfrog_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/jfrog/<<b62:73>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cloudsmith-key",
            severity: Severity::High,
            summary: "A Cloudsmith API key.",
            docs: "Reads and writes packages as its user.\n\n\
                Revoke it under *Settings > API settings*, then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: Cloudsmith documentation, *API key*.",
            ..META
        },
        keywords: &["cloudsmith"],
        shape: Shape::Named {
            name: "cloudsmith",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("CLOUDSMITH_API_KEY=<<hex:40>>"),
            Sample::Text("const cloudsmithKey = `<<hex:40>>`;"),
        ],
        no: &[
            Sample::Text("cloudsmith_token = \"<<hex:39>>\""),
            Sample::Text("cloudsmith_token = \"Zq<<hex:40>>\""),
            Sample::Text("cloudsmith_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/cloudsmith/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/quay-token",
            severity: Severity::High,
            summary: "A Quay robot token or OAuth token.",
            docs: "Pulls and pushes images.\n\n\
                Revoke it under *Robot accounts* (regenerate), then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: Red Hat Quay documentation, *Robot accounts*.",
            ..META
        },
        keywords: &["quay"],
        shape: Shape::Named {
            name: "quay",
            value: "[0-9A-Z]{64}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"quay_robotApiKey\": \"<<up36:64>>\","),
            Sample::Text("quay_robot_api_key => \"<<up36:64>>\""),
        ],
        no: &[
            Sample::Text("quay_robot_token = \"<<up36:63>>\""),
            Sample::Text("quay_robot_token = \"Zq<<up36:64>>\""),
            Sample::Text("quay_robot_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/quay_robot/<<up36:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/libraries-io-key",
            severity: Severity::Low,
            summary: "A Libraries.io API key.",
            docs: "Reads package data at its user's rate.\n\n\
                Revoke it under *Account > API key*, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: Libraries.io documentation, *API*.",
            ..META
        },
        keywords: &["libraries-io", "libraries.io", "libraries_io", "librariesio"],
        shape: Shape::Named {
            name: "libraries[_.-]?io",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("librariesio_api_key => \"<<hex:32>>\""),
            Sample::Text("export LIBRARIESIO_TOKEN=\"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("librariesio_token = \"<<hex:31>>\""),
            Sample::Text("librariesio_token = \"Zq<<hex:32>>\""),
            Sample::Text("librariesio_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/librariesio/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/anaconda-token",
            severity: Severity::High,
            summary: "An Anaconda token.",
            docs: "Reads and uploads packages.\n\n\
                Revoke it under *Settings > Access*, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: Anaconda documentation, *Tokens*.",
            ..META
        },
        keywords: &["anaconda", "binstar", "conda_api", "conda_upload"],
        shape: Shape::Named {
            name: "anaconda|conda[_-](?:api|upload)|binstar",
            value: "[a-z]{2}-(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("ANACONDA_API_KEY=ab-<<uuid>>"),
            Sample::Text("const anacondaKey = `ab-<<uuid>>`;"),
        ],
        no: &[
            Sample::Text("anaconda_token = \"ab-<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("anaconda_token = \"Zqab-<<uuid>>\""),
            Sample::Text("anaconda_token = \"ab-00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/anaconda/ab-<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/anaconda-channel",
            severity: Severity::High,
            summary: "A token in the address of a private conda channel.",
            docs: "`https://conda.anaconda.org/t/TOKEN/channel` reads the channel's packages, and uploads where the token may. The \
                address is printed in logs and kept in environments and lock files.\n\n\
                Revoke it under *Settings > Access*, then name the channel without the token and log in \
                (`anaconda login`, `conda token set`).\n\n\
                Source: Anaconda documentation, *Tokens*.",
            ..META
        },
        keywords: &["/t/"],
        shape: Shape::Text(
            "/t/(?P<secret>[a-z]{2}-(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))(?:[^0-9A-Za-z-]|$)",
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("RUN conda install -y -c https://conda.anaconda.org/t/ab-<<uuid>>/clinic numpy"),
            Sample::Text("channels: [\"https://conda.host.test/t/ab-<<uuid>>\"]"),
        ],
        no: &[
            Sample::Text("https://conda.anaconda.org/t/$TOKEN/clinic"),
            Sample::Text("https://conda.anaconda.org/t/ab-00000000-0000-0000-0000-000000000000/clinic"),
            Sample::Text("https://forum.host.test/t/<<uuid>>"),
            Sample::Text("https://forum.host.test/t/how-to-add-a-channel-to-conda/12345"),
            Sample::Text("https://files.test/t/abc-<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
