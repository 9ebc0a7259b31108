//! Metrics, logs, errors and alerts.

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
            id: "secrets/newrelic-user-key",
            severity: Severity::High,
            summary: "A New Relic user key.",
            docs: "Reads the account's data and changes its settings.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: New Relic documentation, *New Relic API keys*.",
            ..META
        },
        keywords: &["nrak-"],
        shape: Shape::Token("NRAK-[0-9A-Za-z]{27}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("\"print(1)\\nNEWRELIC_USER_KEY = NRAK-<<up36:27>>\\n\""),
            Sample::Text("docker run -e NEWRELIC_USER_KEY=NRAK-<<up36:27>> image\n"),
        ],
        no: &[
            Sample::Text("newrelic_user_key = \"NRAK-<<up36:26>>\""),
            Sample::Text("blob: QzNRAK-<<up36:27>>"),
            Sample::Text("NEWRELIC_USER_KEY=NRAK-xxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/newrelic-insights-key",
            severity: Severity::High,
            summary: "A New Relic insert, query or admin key.",
            docs: "Reads or writes the account's data.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: New Relic documentation, *New Relic API keys*.",
            ..META
        },
        keywords: &["nrii-", "nriq-", "nraa-", "nrra-"],
        shape: Shape::Token("NR(?:I[IQ]-[0-9A-Za-z_-]{32}|AA-[0-9a-f]{27}|RA-[0-9a-f]{42})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"NEWRELIC_INSIGHTS_KEY\">NRII-<<b62:32>></add>"),
            Sample::Text("newrelic_insights_key: 'NRII-<<b62:32>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("newrelic_insights_key = \"NRII-<<b62:31>>\""),
            Sample::Text("blob: QzNRII-<<b62:32>>"),
            Sample::Text("NEWRELIC_INSIGHTS_KEY=NRII-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/newrelic-license-key",
            severity: Severity::Medium,
            summary: "A New Relic licence key.",
            docs: "Writes data into the account.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: New Relic documentation, *New Relic API keys*.",
            ..META
        },
        keywords: &["ffffnral", "nral"],
        shape: Shape::Token("(?:eu01xx|gov01x)?[0-9a-f]{30,36}(?:FFFF)?NRAL"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("newrelic_license_key: '<<hex:36>>NRAL' # rotate in May"),
            Sample::Text("https://host.test/v1?key=<<hex:36>>NRAL&page=2"),
        ],
        no: &[
            Sample::Text("blob: Qz<<hex:36>>NRAL"),
            Sample::Text("NEWRELIC_LICENSE_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxNRAL"),
            Sample::Text("<<hex:20>>NRAL"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/newrelic-browser-key",
            severity: Severity::Low,
            summary: "A New Relic browser key.",
            docs: "Writes page data into the account; it stands in public pages.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: New Relic documentation, *New Relic API keys*.",
            ..META
        },
        keywords: &["nrjs-"],
        shape: Shape::Token("NRJS-[0-9a-f]{19}"),
        yes: &[
            Sample::Text("docker run -e NEWRELIC_BROWSER_KEY=NRJS-<<hex:19>> image\n"),
            Sample::Text("NEWRELIC_BROWSER_KEY=NRJS-<<hex:19>>"),
        ],
        no: &[
            Sample::Text("newrelic_browser_key = \"NRJS-<<hex:18>>\""),
            Sample::Text("blob: QzNRJS-<<hex:19>>"),
            Sample::Text("NEWRELIC_BROWSER_KEY=NRJS-xxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/newrelic-key",
            severity: Severity::High,
            summary: "A New Relic key of another form.",
            docs: "Reads or writes the account's data.\n\n\
                Revoke it under *API keys*, then give the program an identity of its own with the fewest scopes, \
                read from a secret store.\n\n\
                Source: New Relic documentation, *New Relic API keys*.",
            ..META
        },
        keywords: &["new-relic", "new_relic", "newrelic"],
        shape: Shape::Named {
            name: "new[_-]?relic|newrelic",
            value: "[0-9A-Za-z]{64}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const newrelicKey = `<<up36:64>>`;"),
            Sample::Text("newrelic.secret = '<<up36:64>>'"),
        ],
        no: &[
            Sample::Text("newrelic_token = \"<<up36:63>>\""),
            Sample::Text("newrelic_token = \"Zq<<up36:64>>\""),
            Sample::Text("newrelic_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/newrelic/<<up36:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/datadog-key",
            severity: Severity::High,
            summary: "A Datadog API or application key.",
            docs: "Writes data, or with an application key reads it.\n\n\
                Revoke it under *Organisation settings > API keys*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Datadog documentation, *API and application keys*.",
            ..META
        },
        keywords: &["datadog", "dd-api", "dd-application", "dd_api", "dd_app"],
        shape: Shape::Named {
            name: r"datadog|\bdd[_-](?:api|app|client)|_dd_(?:api|app)",
            value: "(?:[0-9a-z]{40}|[0-9a-f]{32})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("datadog_api_key => \"<<hex:32>>\""),
            Sample::Text("export DATADOG_TOKEN=\"<<hex:32>>\""),
            Sample::Text("DD_APP_KEY=<<hex:40>>"),
        ],
        no: &[
            Sample::Text("datadog_token = \"<<hex:31>>\""),
            Sample::Text("datadog_token = \"Zq<<hex:32>>\""),
            Sample::Text("datadog_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/datadog/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sentry-token",
            severity: Severity::High,
            summary: "A Sentry token.",
            docs: "Reads issues, with their data, and changes projects within its scopes.\n\n\
                Revoke it under *Settings > Auth tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Sentry documentation, *Auth tokens*.",
            ..META
        },
        keywords: &["sntrys_", "sntryu_"],
        shape: Shape::Token("(?:sntryu_[0-9a-f]{64}|sntrys_eyJ[0-9A-Za-z+/=_]{40,500}_[0-9A-Za-z+/]{43})"),
        reach: 640,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("sentry_token: 'sntryu_<<hex:64>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=sntryu_<<hex:64>>&page=2"),
            Sample::Text("SENTRY_AUTH_TOKEN=sntrys_eyJpYXQiO<<b62:130>>_<<b64:43>>"),
        ],
        no: &[
            Sample::Text("sentry_token = \"sntryu_<<hex:63>>\""),
            Sample::Text("blob: Qzsntryu_<<hex:64>>"),
            Sample::Text("SENTRY_TOKEN=sntryu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sentry-older-token",
            severity: Severity::High,
            summary: "A Sentry token of the older form.",
            docs: "Reads issues, with their data, and changes projects within its scopes.\n\n\
                Revoke it under *Settings > Auth tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Sentry documentation, *Auth tokens*.",
            ..META
        },
        keywords: &["sentry"],
        shape: Shape::Named {
            name: "sentry",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("sentry_token: <<hex:64>>\n"),
            Sample::Text("SENTRY_API_KEY=<<hex:64>>"),
        ],
        no: &[
            Sample::Text("sentry_token = \"<<hex:63>>\""),
            Sample::Text("sentry_token = \"Zq<<hex:64>>\""),
            Sample::Text("sentry_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/sentry/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sentry-dsn",
            severity: Severity::Low,
            summary: "A Sentry DSN.",
            docs: "Sends events into the project; it stands in public pages. One with two keys also holds the \
                deprecated secret.\n\n\
                Revoke it under *Client keys (DSN)* of the project, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Sentry documentation, *DSN*.",
            ..META
        },
        keywords: &["ingest.sentry.io", "sentry.io/", ".sentry.io"],
        shape: Shape::Text(
            r"https://(?P<secret>[0-9a-f]{32}(?::[0-9a-f]{32})?)@[0-9A-Za-z.-]{0,60}sentry\.io/[0-9]{1,20}",
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://<<hex:32>>@o<<digit:6>>.ingest.sentry.io/<<digit:7>>"),
            Sample::Text("dsn='https://<<hex:32>>:<<hex:32>>@sentry.io/<<digit:6>>'"),
        ],
        no: &[
            Sample::Text("https://public@sentry.io/1"),
            Sample::Text("https://<<hex:20>>@o1.ingest.sentry.io/1"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/grafana-service-token",
            severity: Severity::High,
            summary: "A Grafana service account token.",
            docs: "Reads and changes dashboards and data sources within its role.\n\n\
                Revoke it under *Administration > Service accounts*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Grafana documentation, *Service accounts*.",
            ..META
        },
        keywords: &["glsa_"],
        shape: Shape::Token("glsa_[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"GRAFANA_SERVICE_TOKEN\">glsa_<<b62:32>>_<<hex:8>></add>"),
            Sample::Text("grafana_service_token: 'glsa_<<b62:32>>_<<hex:8>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("grafana_service_token = \"glsa_<<b62:32>>_<<hex:7>>\""),
            Sample::Text("blob: Qzglsa_<<b62:32>>_<<hex:8>>"),
            Sample::Text("GRAFANA_SERVICE_TOKEN=glsa_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_xxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/grafana-cloud-token",
            severity: Severity::High,
            summary: "A Grafana Cloud access policy token.",
            docs: "Writes or reads the stack's metrics and logs.\n\n\
                Revoke it under *Access policies*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Grafana Cloud documentation, *Access policies*.",
            ..META
        },
        keywords: &["glc_"],
        shape: Shape::Token("glc_[0-9A-Za-z+/]{32,400}={0,3}"),
        reach: 512,
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e GRAFANA_CLOUD_TOKEN=glc_eyJ<<b64:120>> image\n"),
            Sample::Text("GRAFANA_CLOUD_TOKEN=glc_eyJ<<b64:120>>"),
        ],
        no: &[
            Sample::Text("blob: Qzglc_eyJ<<b64:120>>"),
            Sample::Text(
                "GRAFANA_CLOUD_TOKEN=glc_eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("glc_<<b62:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/grafana-api-key",
            severity: Severity::High,
            summary: "A Grafana API key of the older form.",
            docs: "Reads and changes dashboards within its role.\n\n\
                It is base64 of a JSON object that begins with `k`.\n\n\
                Revoke it under *Administration > API keys*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Grafana documentation, *API keys*.",
            ..META
        },
        keywords: &["eyjrijoi"],
        shape: Shape::Token("eyJrIjoi[0-9A-Za-z+/]{60,400}={0,3}"),
        reach: 512,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e GRAFANA_API_KEY=eyJrIjoi<<b64:80>> image\n"),
            Sample::Text("GRAFANA_API_KEY=eyJrIjoi<<b64:80>>"),
        ],
        no: &[
            Sample::Text("blob: QzeyJrIjoi<<b64:80>>"),
            Sample::Text(
                "GRAFANA_API_KEY=eyJrIjoixxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("eyJrIjoi<<b64:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pagerduty-key",
            severity: Severity::High,
            summary: "A PagerDuty API key.",
            docs: "Reads and changes incidents and people.\n\n\
                Revoke it under *Integrations > API access keys*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: PagerDuty documentation, *API access keys*.",
            ..META
        },
        keywords: &["pager_duty", "pagerduty", "pd_api", "pd_token"],
        shape: Shape::Named {
            name: r"pager[_-]?duty|\bpd_(?:api|token)",
            value: r"(?:[uy]\+[0-9A-Za-z_-]{18}|[0-9a-f]{32}|[0-9A-Za-z_+-]{20})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const pagerdutyKey = `<<b62:20>>`;"),
            Sample::Text("pagerduty.secret = '<<b62:20>>'"),
            Sample::Text("PAGERDUTY_TOKEN=u+<<b62:18>>"),
        ],
        no: &[
            Sample::Text("pagerduty_token = \"<<b62:19>>\""),
            Sample::Text("pagerduty_token = \"Zq<<b62:20>>\""),
            Sample::Text("pagerduty_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/pagerduty/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/rollbar-token",
            severity: Severity::Medium,
            summary: "A Rollbar access token.",
            docs: "Writes or reads the project's errors.\n\n\
                Revoke it under *Settings > Project access tokens*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Rollbar documentation, *Access tokens*.",
            ..META
        },
        keywords: &["rollbar"],
        shape: Shape::Named {
            name: "rollbar",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const rollbarKey = `<<hex:32>>`;"),
            Sample::Text("rollbar.secret = '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("rollbar_token = \"<<hex:31>>\""),
            Sample::Text("rollbar_token = \"Zq<<hex:32>>\""),
            Sample::Text("rollbar_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/rollbar/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/bugsnag-key",
            severity: Severity::Low,
            summary: "A Bugsnag API key.",
            docs: "Writes errors into the project; it stands in public pages.\n\n\
                Revoke it under *Project settings > Notifier API key*, then give the program an identity of its own \
                with the fewest scopes, read from a secret store.\n\n\
                Source: Bugsnag documentation, *API key*.",
            ..META
        },
        keywords: &["bugsnag"],
        shape: Shape::Named {
            name: "bugsnag",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const bugsnagKey = `<<hex:32>>`;"),
            Sample::Text("bugsnag.secret = '<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("bugsnag_token = \"<<hex:31>>\""),
            Sample::Text("bugsnag_token = \"Zq<<hex:32>>\""),
            Sample::Text("bugsnag_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/bugsnag/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/honeycomb-ingest-key",
            severity: Severity::Medium,
            summary: "A Honeycomb ingest key.",
            docs: "Writes events into the environment.\n\n\
                Revoke it under *Environment settings > API keys*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Honeycomb documentation, *API keys*.",
            ..META
        },
        keywords: &["hcaik_", "hcaic_", "hcamk_"],
        shape: Shape::Token("hc(?:aik|aic|amk|bik)_[0-9A-Za-z]{58}|hc[abm]ik_01[0-9a-z]{56}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"print(1)\\nHONEYCOMB_INGEST_KEY = hcaik_<<low36:58>>\\n\""),
            Sample::Text("docker run -e HONEYCOMB_INGEST_KEY=hcaik_<<low36:58>> image\n"),
        ],
        no: &[
            Sample::Text("honeycomb_ingest_key = \"hcaik_<<low36:57>>\""),
            Sample::Text("blob: Qzhcaik_<<low36:58>>"),
            Sample::Text("HONEYCOMB_INGEST_KEY=hcaik_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/honeycomb-key",
            severity: Severity::High,
            summary: "A Honeycomb configuration key.",
            docs: "Writes events and changes settings.\n\n\
                Revoke it under *Environment settings > API keys*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Honeycomb documentation, *API keys*.",
            ..META
        },
        keywords: &["honeycomb"],
        shape: Shape::Named {
            name: "honeycomb|x-honeycomb-team",
            value: "(?:[0-9a-f]{32}|[0-9A-Za-z]{22})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("honeycomb.secret = '<<b62:22>>'"),
            Sample::Text("\"honeycombApiKey\": \"<<b62:22>>\","),
        ],
        no: &[
            Sample::Text("honeycomb_token = \"<<b62:21>>\""),
            Sample::Text("honeycomb_token = \"Zq<<b62:22>>\""),
            Sample::Text("honeycomb_token = \"xxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/honeycomb/<<b62:22>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/logz-token",
            severity: Severity::Medium,
            summary: "A Logz.io token.",
            docs: "Writes or reads the account's logs.\n\n\
                Revoke it under *Settings > Manage tokens*, then give the program an identity of its own with the \
                fewest scopes, read from a secret store.\n\n\
                Source: Logz.io documentation, *Manage tokens*.",
            ..META
        },
        keywords: &["logz"],
        shape: Shape::Named {
            name: "logz(?:[_.-]?io)?",
            value: "(?:[0-9A-Za-z]{32}|(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("logzio.secret = '<<b62:32>>'"),
            Sample::Text("\"logzioApiKey\": \"<<b62:32>>\","),
        ],
        no: &[
            Sample::Text("logzio_token = \"<<b62:31>>\""),
            Sample::Text("logzio_token = \"Zq<<b62:32>>\""),
            Sample::Text("logzio_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/logzio/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sumologic-key",
            severity: Severity::High,
            summary: "A Sumo Logic access key.",
            docs: "Reads and changes the account's logs.\n\n\
                Revoke it under *Preferences > My access keys*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Sumo Logic documentation, *Access keys*.",
            ..META
        },
        keywords: &["sumo"],
        shape: Shape::Named {
            name: "sumo(?:logic)?",
            value: "[0-9A-Za-z]{64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export SUMOLOGIC_TOKEN=\"<<b62:64>>\""),
            Sample::Text("sumologic_token: <<b62:64>>\n"),
        ],
        no: &[
            Sample::Text("sumologic_token = \"<<b62:63>>\""),
            Sample::Text("sumologic_token = \"Zq<<b62:64>>\""),
            Sample::Text("sumologic_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/sumologic/<<b62:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sumologic-id",
            severity: Severity::Medium,
            summary: "A Sumo Logic access id.",
            docs: "Names the key that reads the account's logs.\n\n\
                Revoke it under *Preferences > My access keys*, then give the program an identity of its own with \
                the fewest scopes, read from a secret store.\n\n\
                Source: Sumo Logic documentation, *Access keys*.",
            ..META
        },
        keywords: &["sumo"],
        shape: Shape::Named {
            name: "(?i:sumo(?:logic)?)",
            value: "su[0-9A-Za-z]{12}",
        },
        check: structure::mixed,
        yes: &[
            Sample::Text("sumologic_token: su<<b62:12>>\n"),
            Sample::Text("SUMOLOGIC_API_KEY=su<<b62:12>>"),
        ],
        no: &[
            Sample::Text("sumologic_token = \"su<<b62:11>>\""),
            Sample::Text("sumologic_token = \"Zqsu<<b62:12>>\""),
            Sample::Text("sumologic_token = \"suxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/sumologic/su<<b62:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/splunk-token",
            severity: Severity::High,
            summary: "A Splunk token.",
            docs: "Writes events (HEC), or acts as its user.\n\n\
                Revoke it under *Settings > Data inputs > HTTP event collector*, or *Tokens*, then give the program \
                an identity of its own with the fewest scopes, read from a secret store.\n\n\
                Source: Splunk documentation, *HTTP Event Collector*.",
            ..META
        },
        keywords: &["sfx_", "signalfx", "splunk"],
        shape: Shape::Named {
            name: "splunk|signalfx|sfx_",
            value: "(?:(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|(?i:(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))|[0-9A-Za-z_-]{22})",
        },
        check: structure::mixed,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"splunk_hecApiKey\": \"<<uuid>>\","),
            Sample::Text("splunk_hec_api_key => \"<<uuid>>\""),
            Sample::Text("Authorization: Splunk <<uuid>>"),
        ],
        no: &[
            Sample::Text("splunk_hec_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("splunk_hec_token = \"Zq<<uuid>>\""),
            Sample::Text("splunk_hec_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/splunk_hec/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dynatrace-token",
            severity: Severity::High,
            summary: "A Dynatrace token.",
            docs: "Reads and changes the environment within its scopes.\n\n\
                Revoke it under *Access tokens*, then give the program an identity of its own with the fewest \
                scopes, read from a secret store.\n\n\
                Source: Dynatrace documentation, *Access tokens*.",
            ..META
        },
        keywords: &["dt0c01.", "dt0s01.", "dt0s02.", "dt0s16."],
        shape: Shape::Token(r"dt0[a-z][0-9]{2}\.[0-9A-Za-z]{24}\.[0-9A-Za-z]{64}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("DYNATRACE_TOKEN=dt0c01.<<up36:24>>.<<up36:64>>"),
            Sample::Text("dynatrace_token = \"dt0c01.<<up36:24>>.<<up36:64>>\"\r\n"),
            Sample::Text("t=dt0s02.<<up36:24>>.<<up36:64>>"),
        ],
        no: &[
            Sample::Text("dynatrace_token = \"dt0c01.<<up36:24>>.<<up36:63>>\""),
            Sample::Text("blob: Qzdt0c01.<<up36:24>>.<<up36:64>>"),
            Sample::Text(
                "DYNATRACE_TOKEN=dt0c01.xxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
];
