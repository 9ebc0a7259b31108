//! Product analytics, feature flags and experiments.

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
            id: "secrets/launchdarkly-key",
            severity: Severity::High,
            summary: "A LaunchDarkly SDK or API key.",
            docs: "Reads flags with their rules, or changes them. Client-side ids are public.\n\n\
                Revoke it under *Account settings > Authorization*, or the environment (reset), then give the \
                program an identity of its own with the fewest scopes, read from a secret store.\n\n\
                Source: LaunchDarkly documentation, *API access tokens* and *SDK keys*.",
            ..META
        },
        keywords: &["sdk-", "api-"],
        shape: Shape::Token("(?:sdk|api)-(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("docker run -e LAUNCHDARKLY_KEY=sdk-<<uuid>> image\n"),
            Sample::Text("LAUNCHDARKLY_KEY=sdk-<<uuid>>"),
        ],
        no: &[
            Sample::Text("launchdarkly_key = \"sdk-<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("blob: Qzsdk-<<uuid>>"),
            Sample::Text("LAUNCHDARKLY_KEY=sdk-00000000-0000-0000-0000-000000000000"),
            Sample::Text("mob-<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/launchdarkly-older-key",
            severity: Severity::High,
            summary: "A LaunchDarkly token of the older form.",
            docs: "Reads flags with their rules, or changes them.\n\n\
                Revoke it under *Account settings > Authorization*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: LaunchDarkly documentation, *API access tokens*.",
            ..META
        },
        keywords: &["launch_darkly", "launchdarkly"],
        shape: Shape::Named {
            name: "launch_?darkly",
            value: "[0-9A-Za-z_=-]{40}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"launchdarklyApiKey\": \"<<b62:40>>\","),
            Sample::Text("launchdarkly_api_key => \"<<b62:40>>\""),
        ],
        no: &[
            Sample::Text("launchdarkly_token = \"<<b62:39>>\""),
            Sample::Text("launchdarkly_token = \"Zq<<b62:40>>\""),
            Sample::Text("launchdarkly_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/launchdarkly/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/segment-token",
            severity: Severity::High,
            summary: "A Segment public API token.",
            docs: "Reads and changes the workspace's sources.\n\n\
                Revoke it under *Access management > Tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Segment documentation, *Public API*.",
            ..META
        },
        keywords: &["sgp_"],
        shape: Shape::Token("sgp_[0-9A-Za-z]{64}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("segment_token = \"sgp_<<b62:64>>\"\r\n"),
            Sample::Text("{\"segment_token\": \"sgp_<<b62:64>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("segment_token = \"sgp_<<b62:63>>\""),
            Sample::Text("blob: Qzsgp_<<b62:64>>"),
            Sample::Text("SEGMENT_TOKEN=sgp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/segment-write-key",
            severity: Severity::Low,
            summary: "A Segment write key.",
            docs: "Writes events into the source; it stands in public pages.\n\n\
                Revoke it under *Sources > Settings > API keys*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Segment documentation, *Find your write key*.",
            ..META
        },
        keywords: &["segment_"],
        shape: Shape::Named {
            name: "segment[_a-z.-]{0,10}(?:write|key|token|api)",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("SEGMENT_WRITE_API_KEY=<<b62:32>>"),
            Sample::Text("const segment_writeKey = `<<b62:32>>`;"),
        ],
        no: &[
            Sample::Text("segment_write_token = \"<<b62:31>>\""),
            Sample::Text("segment_write_token = \"Zq<<b62:32>>\""),
            Sample::Text("segment_write_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/segment_write/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mixpanel-secret",
            severity: Severity::Medium,
            summary: "A Mixpanel API secret.",
            docs: "Reads the project's events.\n\n\
                Revoke it under *Project settings > Access keys*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Mixpanel documentation, *Authentication*.",
            ..META
        },
        keywords: &["mixpanel"],
        shape: Shape::Named {
            name: "mixpanel",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export MIXPANEL_TOKEN=\"<<hex:32>>\""),
            Sample::Text("mixpanel_token: <<hex:32>>\n"),
        ],
        no: &[
            Sample::Text("mixpanel_token = \"<<hex:31>>\""),
            Sample::Text("mixpanel_token = \"Zq<<hex:32>>\""),
            Sample::Text("mixpanel_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/mixpanel/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/amplitude-key",
            severity: Severity::Medium,
            summary: "An Amplitude API or secret key.",
            docs: "Writes events, or with the secret reads them.\n\n\
                Revoke it under *Project settings*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Amplitude documentation, *API authentication*.",
            ..META
        },
        keywords: &["amplitude_", "amplitude.", "amplitudeapi", "amplitudekey", "amplitude-"],
        shape: Shape::Named {
            name: "amplitude[_a-z.-]{0,12}(?:key|secret|token|api)",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("AMPLITUDE_API_KEY=<<hex:32>>"),
            Sample::Text("amplitude_secret: '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("amplitude_token = \"<<hex:31>>\""),
            Sample::Text("amplitude_token = \"Zq<<hex:32>>\""),
            Sample::Text("amplitude_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/amplitude/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/posthog-personal-key",
            severity: Severity::High,
            summary: "A PostHog personal API key.",
            docs: "Reads the project's events and changes its settings.\n\n\
                Revoke it under *Settings > Personal API keys*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: PostHog documentation, *API*.",
            ..META
        },
        keywords: &["phx_"],
        shape: Shape::Token("phx_[0-9A-Za-z]{40,50}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer phx_<<b62:43>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nPOSTHOG_PERSONAL_KEY = phx_<<b62:43>>\\n\""),
        ],
        no: &[
            Sample::Text("blob: Qzphx_<<b62:43>>"),
            Sample::Text("POSTHOG_PERSONAL_KEY=phx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("phx_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/posthog-project-key",
            severity: Severity::Low,
            summary: "A PostHog project key.",
            docs: "Writes events into the project; it stands in public pages.\n\n\
                Revoke it under *Project settings* (reset), then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: PostHog documentation, *API*.",
            ..META
        },
        keywords: &["phc_"],
        shape: Shape::Token("phc_[0-9A-Za-z]{40,50}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("POSTHOG_PROJECT_KEY=phc_<<b62:43>>"),
            Sample::Text("posthog_project_key = \"phc_<<b62:43>>\"\r\n"),
        ],
        no: &[
            Sample::Text("blob: Qzphc_<<b62:43>>"),
            Sample::Text("POSTHOG_PROJECT_KEY=phc_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("phc_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/optimizely-token",
            severity: Severity::Medium,
            summary: "An Optimizely token.",
            docs: "Reads and changes experiments.\n\n\
                Revoke it under *Profile > API access*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Optimizely documentation, *Personal access token*.",
            ..META
        },
        keywords: &["optimizely"],
        shape: Shape::Named {
            name: "optimizely",
            value: "[0-9A-Za-z_:-]{54}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const optimizelyKey = `<<b62:54>>`;"),
            Sample::Text("optimizely.secret = '<<b62:54>>'"),
        ],
        no: &[
            Sample::Text("optimizely_token = \"<<b62:53>>\""),
            Sample::Text("optimizely_token = \"Zq<<b62:54>>\""),
            Sample::Text("optimizely_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/optimizely/<<b62:54>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/split-key",
            severity: Severity::Medium,
            summary: "A Split (Harness FME) API key.",
            docs: "Reads flags, or with an admin key changes them.\n\n\
                Revoke it under *Admin settings > API keys*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Split documentation, *API keys*.",
            ..META
        },
        keywords: &["split.io", "split_api", "split_io", "split_sdk", "splitio"],
        shape: Shape::Named {
            name: "split[_.-]?(?:io|api|sdk|key)",
            value: "[0-9a-z]{36,52}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"split_ioApiKey\": \"<<low36:36>>\","),
            Sample::Text("split_io_api_key => \"<<low36:36>>\""),
        ],
        no: &[
            Sample::Text("split_io_token = \"<<low36:35>>\""),
            Sample::Text("split_io_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/split_io/<<low36:36>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/statsig-secret",
            severity: Severity::High,
            summary: "A Statsig server secret.",
            docs: "Reads gates with their rules and writes events.\n\n\
                Revoke it under *Settings > Keys & environments*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Statsig documentation, *SDK keys*.",
            ..META
        },
        keywords: &["statsig"],
        shape: Shape::Named {
            name: "statsig",
            value: "(?:secret|console)-[0-9A-Za-z]{30,60}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("statsig_token: secret-<<b62:43>>\n"),
            Sample::Text("STATSIG_API_KEY=secret-<<b62:43>>"),
        ],
        no: &[
            Sample::Text("statsig_token = \"secret-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/statsig/secret-<<b62:43>>"),
            Sample::Text("statsig_token = \"client-<<b62:43>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/configcat-key",
            severity: Severity::Medium,
            summary: "A ConfigCat SDK key.",
            docs: "Reads the configuration's flags.\n\n\
                Revoke it under *View SDK key* (revoke), then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: ConfigCat documentation, *SDK keys*.",
            ..META
        },
        keywords: &["configcat"],
        shape: Shape::Named {
            name: "configcat",
            value: "(?:configcat-sdk-[0-9a-z]{1,4}/)?[0-9A-Za-z_-]{22}/[0-9A-Za-z_-]{22}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("configcat.secret = 'configcat-sdk-1/<<b62:22>>/<<b62:22>>'"),
            Sample::Text("\"configcatApiKey\": \"configcat-sdk-1/<<b62:22>>/<<b62:22>>\","),
        ],
        no: &[
            Sample::Text("configcat_token = \"configcat-sdk-1/<<b62:22>>/<<b62:21>>\""),
            Sample::Text("configcat_token = \"configcat-sdk-1/xxxxxxxxxxxxxxxxxxxxxx/xxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/configcat/configcat-sdk-1/<<b62:22>>/<<b62:22>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/unleash-token",
            severity: Severity::Medium,
            summary: "An Unleash API token.",
            docs: "Reads flags, or with an admin token changes them.\n\n\
                Revoke it under *Admin > API access*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Unleash documentation, *API tokens*.",
            ..META
        },
        keywords: &["unleash"],
        shape: Shape::Named {
            name: "unleash",
            value: r"(?:\*|[0-9A-Za-z_-]{1,40}|\[\]):[0-9A-Za-z_-]{1,40}\.[0-9a-f]{56,64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("unleash.secret = 'default:production.<<hex:56>>'"),
            Sample::Text("\"unleashApiKey\": \"default:production.<<hex:56>>\","),
        ],
        no: &[
            Sample::Text("unleash_token = \"default:production.<<hex:55>>\""),
            Sample::Text(
                "unleash_token = \"default:production.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/unleash/default:production.<<hex:56>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/flagsmith-key",
            severity: Severity::Medium,
            summary: "A Flagsmith server key.",
            docs: "Reads the environment's flags.\n\n\
                Revoke it under *Environment settings > SDK keys*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Flagsmith documentation, *Server-side keys*.",
            ..META
        },
        keywords: &["flagsmith"],
        shape: Shape::Named {
            name: "flagsmith",
            value: r"ser\.[0-9A-Za-z]{22}",
        },
        min_entropy: 3.3,
        yes: &[
            Sample::Text("flagsmith.secret = 'ser.<<b62:22>>'"),
            Sample::Text("\"flagsmithApiKey\": \"ser.<<b62:22>>\","),
        ],
        no: &[
            Sample::Text("flagsmith_token = \"ser.<<b62:21>>\""),
            Sample::Text("flagsmith_token = \"Zqser.<<b62:22>>\""),
            Sample::Text("flagsmith_token = \"ser.xxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/flagsmith/ser.<<b62:22>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rudderstack-token",
            severity: Severity::Medium,
            summary: "A RudderStack token.",
            docs: "Reads and changes sources.\n\n\
                Revoke it under *Settings > Access tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: RudderStack documentation, *Access tokens*.",
            ..META
        },
        keywords: &["rudder"],
        shape: Shape::Named {
            name: r"rudder_?stack|\brudder",
            value: "[0-9A-Za-z]{27}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("export RUDDERSTACK_TOKEN=\"<<b62:27>>\""),
            Sample::Text("rudderstack_token: <<b62:27>>\n"),
        ],
        no: &[
            Sample::Text("rudderstack_token = \"<<b62:26>>\""),
            Sample::Text("rudderstack_token = \"Zq<<b62:27>>\""),
            Sample::Text("rudderstack_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/rudderstack/<<b62:27>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/growthbook-key",
            severity: Severity::Medium,
            summary: "A GrowthBook secret key.",
            docs: "Reads and changes features.\n\n\
                Revoke it under *Settings > API keys*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: GrowthBook documentation, *REST API*.",
            ..META
        },
        keywords: &["growthbook"],
        shape: Shape::Token("secret_(?:admin|readonly|user)_[0-9A-Za-z+/=]{40,64}"),
        min_entropy: 3.8,
        yes: &[
            Sample::Text("GROWTHBOOK_KEY=secret_admin_<<b62:43>>"),
            Sample::Text("growthbook: 'secret_user_<<b62:43>>'"),
        ],
        no: &[
            Sample::Text("GROWTHBOOK_KEY=secret_admin_<<b62:12>>"),
            Sample::Text("GROWTHBOOK_KEY=sdk-<<b62:16>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
