//! GitLab: every token with a `gl` prefix, runner registration, sessions.

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
            id: "secrets/gitlab-pat",
            severity: Severity::Critical,
            summary: "A GitLab personal, project or group access token.",
            docs: "Reads and writes repositories and settings within its scopes.\n\n\
                A routable token ends in a version, a length and a checksum after dots.\n\n\
                Revoke it under *User settings > Access tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["glpat-"],
        shape: Shape::Token(r"glpat-(?:[0-9A-Za-z_-]{27,300}\.[0-9a-z]{2}\.?[0-9a-z]{7,9}|[0-9A-Za-z_-]{20})"),
        reach: 400,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer glpat-<<url64:20>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nGITLAB_PAT = glpat-<<url64:20>>\\n\""),
            Sample::Text("CI_TOKEN=glpat-<<url64:40>>.01.<<low36:9>>"),
        ],
        no: &[
            Sample::Text("gitlab_pat = \"glpat-<<url64:19>>\""),
            Sample::Text("blob: Qzglpat-<<url64:20>>"),
            Sample::Text("GITLAB_PAT=glpat-xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-trigger-token",
            severity: Severity::Medium,
            summary: "A GitLab pipeline trigger token.",
            docs: "Starts pipelines of the project.\n\n\
                Revoke it under *Settings > CI/CD > Pipeline trigger tokens*, then use the identity that the job is \
                given, or a token that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["glptt-"],
        shape: Shape::Token("glptt-(?:[0-9a-f]{40}|[0-9A-Za-z_-]{20,40})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"GITLAB_TRIGGER_TOKEN\">glptt-<<hex:40>></add>"),
            Sample::Text("gitlab_trigger_token: 'glptt-<<hex:40>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("blob: Qzglptt-<<hex:40>>"),
            Sample::Text("GITLAB_TRIGGER_TOKEN=glptt-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("glptt-<<hex:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-deploy-token",
            severity: Severity::High,
            summary: "A GitLab deploy token.",
            docs: "Reads (or writes) the project's repository and packages.\n\n\
                Revoke it under *Settings > Repository > Deploy tokens*, then use the identity that the job is \
                given, or a token that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["gldt-"],
        shape: Shape::Token("gldt-[0-9A-Za-z_-]{20,60}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("<add name=\"GITLAB_DEPLOY_TOKEN\">gldt-<<url64:20>></add>"),
            Sample::Text("gitlab_deploy_token: 'gldt-<<url64:20>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("gitlab_deploy_token = \"gldt-<<url64:19>>\""),
            Sample::Text("blob: Qzgldt-<<url64:20>>"),
            Sample::Text("GITLAB_DEPLOY_TOKEN=gldt-xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-runner-token",
            severity: Severity::High,
            summary: "A GitLab runner authentication token.",
            docs: "Poses as the runner and receives its jobs, with their variables.\n\n\
                Revoke it under *CI/CD > Runners* (reset), then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["glrt-", "glrtr-"],
        shape: Shape::Token(r"glrtr?-(?:t[0-9]_)?[0-9A-Za-z_-]{20,300}(?:\.[0-9a-z]{2}\.?[0-9a-z]{9})?"),
        reach: 400,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer glrt-<<url64:20>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nGITLAB_RUNNER_TOKEN = glrt-<<url64:20>>\\n\""),
            Sample::Text("token: glrt-t1_<<url64:27>>.01.<<low36:9>>"),
        ],
        no: &[
            Sample::Text("gitlab_runner_token = \"glrt-<<url64:19>>\""),
            Sample::Text("blob: Qzglrt-<<url64:20>>"),
            Sample::Text("GITLAB_RUNNER_TOKEN=glrt-xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-ci-job-token",
            severity: Severity::Medium,
            summary: "A GitLab CI job token.",
            docs: "Acts as the job until it ends.\n\n\
                Revoke it under ending the job, then use the identity that the job is given, or a token that can do \
                one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["glcbt-"],
        shape: Shape::Token("glcbt-[0-9A-Za-z]{1,5}_[0-9A-Za-z_-]{20,64}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("gitlab_ci_job_token = \"glcbt-64_<<url64:20>>\"\r\n"),
            Sample::Text("{\"gitlab_ci_job_token\": \"glcbt-64_<<url64:20>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("gitlab_ci_job_token = \"glcbt-64_<<url64:19>>\""),
            Sample::Text("blob: Qzglcbt-64_<<url64:20>>"),
            Sample::Text("GITLAB_CI_JOB_TOKEN=glcbt-64_xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-oauth-secret",
            severity: Severity::High,
            summary: "A GitLab OAuth application secret.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *Applications* (renew the secret), then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["gloas-"],
        shape: Shape::Token("gloas-[0-9A-Za-z_-]{64}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=gloas-<<url64:64>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer gloas-<<url64:64>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("gitlab_oauth_secret = \"gloas-<<url64:63>>\""),
            Sample::Text("blob: Qzgloas-<<url64:64>>"),
            Sample::Text("GITLAB_OAUTH_SECRET=gloas-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-scim-token",
            severity: Severity::High,
            summary: "A GitLab SCIM token.",
            docs: "Adds and removes users of the group.\n\n\
                Revoke it under *SAML SSO > SCIM token* (reset), then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["glsoat-"],
        shape: Shape::Token("glsoat-[0-9A-Za-z_-]{20}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("{\"gitlab_scim_token\": \"glsoat-<<url64:20>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"GITLAB_SCIM_TOKEN\">glsoat-<<url64:20>></add>"),
        ],
        no: &[
            Sample::Text("gitlab_scim_token = \"glsoat-<<url64:19>>\""),
            Sample::Text("blob: Qzglsoat-<<url64:20>>"),
            Sample::Text("GITLAB_SCIM_TOKEN=glsoat-xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-feed-token",
            severity: Severity::Medium,
            summary: "A GitLab feed token.",
            docs: "Reads its user's calendar and activity.\n\n\
                Revoke it under *User settings > Access tokens > Feed token*, then use the identity that the job is \
                given, or a token that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["glft-"],
        shape: Shape::Token("glft-(?:[0-9a-f]{64}-[0-9]{1,12}|[0-9A-Za-z_-]{20})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("{\"gitlab_feed_token\": \"glft-<<url64:20>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"GITLAB_FEED_TOKEN\">glft-<<url64:20>></add>"),
        ],
        no: &[
            Sample::Text("gitlab_feed_token = \"glft-<<url64:19>>\""),
            Sample::Text("blob: Qzglft-<<url64:20>>"),
            Sample::Text("GITLAB_FEED_TOKEN=glft-xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-mail-token",
            severity: Severity::Medium,
            summary: "A GitLab incoming mail token.",
            docs: "Opens issues as its user by mail.\n\n\
                Revoke it under *User settings > Access tokens > Incoming email token*, then use the identity that \
                the job is given, or a token that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["glimt-"],
        shape: Shape::Token("glimt-[0-9A-Za-z_-]{25}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("{\"gitlab_mail_token\": \"glimt-<<url64:25>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"GITLAB_MAIL_TOKEN\">glimt-<<url64:25>></add>"),
        ],
        no: &[
            Sample::Text("gitlab_mail_token = \"glimt-<<url64:24>>\""),
            Sample::Text("blob: Qzglimt-<<url64:25>>"),
            Sample::Text("GITLAB_MAIL_TOKEN=glimt-xxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-agent-token",
            severity: Severity::High,
            summary: "A GitLab agent for Kubernetes token.",
            docs: "Poses as the cluster's agent.\n\n\
                Revoke it under *Operate > Kubernetes clusters > Agent > Access tokens*, then use the identity that \
                the job is given, or a token that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["glagent-"],
        shape: Shape::Token("glagent-[0-9A-Za-z_-]{50,60}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("gitlab_agent_token: 'glagent-<<url64:50>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=glagent-<<url64:50>>&page=2"),
        ],
        no: &[
            Sample::Text("gitlab_agent_token = \"glagent-<<url64:49>>\""),
            Sample::Text("blob: Qzglagent-<<url64:50>>"),
            Sample::Text("GITLAB_AGENT_TOKEN=glagent-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-feature-flag-token",
            severity: Severity::Low,
            summary: "A GitLab feature flag client token.",
            docs: "Reads the project's feature flags.\n\n\
                Revoke it under *Deploy > Feature flags > Configure* (reset), then use the identity that the job is \
                given, or a token that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["glffct-"],
        shape: Shape::Token("glffct-[0-9A-Za-z_-]{20}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("{\"gitlab_feature_flag_token\": \"glffct-<<url64:20>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"GITLAB_FEATURE_FLAG_TOKEN\">glffct-<<url64:20>></add>"),
        ],
        no: &[
            Sample::Text("gitlab_feature_flag_token = \"glffct-<<url64:19>>\""),
            Sample::Text("blob: Qzglffct-<<url64:20>>"),
            Sample::Text("GITLAB_FEATURE_FLAG_TOKEN=glffct-xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-workspace-token",
            severity: Severity::Medium,
            summary: "A GitLab workspace token.",
            docs: "Acts as the workspace.\n\n\
                Revoke it under ending the workspace, then use the identity that the job is given, or a token that \
                can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["glwt-"],
        shape: Shape::Token("glwt-[0-9A-Za-z_-]{20,64}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("docker run -e GITLAB_WORKSPACE_TOKEN=glwt-<<url64:20>> image\n"),
            Sample::Text("GITLAB_WORKSPACE_TOKEN=glwt-<<url64:20>>"),
        ],
        no: &[
            Sample::Text("gitlab_workspace_token = \"glwt-<<url64:19>>\""),
            Sample::Text("blob: Qzglwt-<<url64:20>>"),
            Sample::Text("GITLAB_WORKSPACE_TOKEN=glwt-xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-runner-registration",
            severity: Severity::High,
            summary: "A GitLab runner registration token.",
            docs: "Registers runners, which then receive jobs with their variables.\n\n\
                Revoke it under *CI/CD > Runners* (reset), then use the identity that the job is given, or a token \
                that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["gr1348941"],
        shape: Shape::Token("GR1348941[0-9A-Za-z_-]{20}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("gitlab_runner_registration: 'GR1348941<<url64:20>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=GR1348941<<url64:20>>&page=2"),
        ],
        no: &[
            Sample::Text("gitlab_runner_registration = \"GR1348941<<url64:19>>\""),
            Sample::Text("blob: QzGR1348941<<url64:20>>"),
            Sample::Text("GITLAB_RUNNER_REGISTRATION=GR1348941xxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-session",
            severity: Severity::Medium,
            summary: "A GitLab session cookie.",
            docs: "Acts as the person who is signed in.\n\n\
                Revoke it under *Active sessions*, then use the identity that the job is given, or a token that can \
                do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["_gitlab_session"],
        shape: Shape::Named {
            name: "_gitlab_session",
            value: "[0-9a-z]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("_gitlab_session=<<hex:32>>"),
            Sample::Text("Cookie: _gitlab_session=<<hex:32>>; a=b"),
        ],
        no: &[
            Sample::Text("_gitlab_session=<<hex:31>>"),
            Sample::Text("_gitlab_session=Zq<<hex:32>>"),
            Sample::Text("_gitlab_session=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/_gitlab_session/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/gitlab-older-token",
            severity: Severity::High,
            summary: "A GitLab token of the older form.",
            docs: "Reads and writes repositories and settings within its scopes.\n\n\
                Revoke it under *User settings > Access tokens*, then use the identity that the job is given, or a \
                token that can do one thing and ends.\n\n\
                Source: GitLab documentation, *Token overview*.",
            ..META
        },
        keywords: &["gitlab", "private-token", "private_token"],
        shape: Shape::Named {
            name: "gitlab[_a-z.-]{0,16}(?:token|pat|key|secret)|private-token|private_token",
            value: "[0-9A-Za-z_-]{20}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("GITLAB_TOKEN=<<b62:20>>"),
            Sample::Text("PRIVATE-TOKEN: <<b62:20>>"),
        ],
        no: &[
            Sample::Text("GITLAB_TOKEN=<<b62:19>>"),
            Sample::Text("GITLAB_TOKEN=Zq<<b62:20>>"),
            Sample::Text("GITLAB_TOKEN=xxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/gitlab/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
