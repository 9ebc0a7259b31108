//! Warehouses, pipelines and business intelligence.

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
            id: "secrets/databricks-token",
            severity: Severity::Critical,
            summary: "A Databricks token or OAuth secret.",
            docs: "Reads the workspace's data and runs code on its clusters.\n\n\
                Revoke it under *User settings > Developer > Access tokens*, then give the job a service identity \
                with an end date.\n\n\
                Source: Databricks documentation, *Personal access tokens* and *OAuth*.",
            ..META
        },
        keywords: &["dapi", "dose", "dkea"],
        shape: Shape::Token("(?:dapi|dose|dkea)[0-9a-f]{32}(?:-[0-9]{1,2})?"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("databricks_token: 'dapi<<hex:32>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=dapi<<hex:32>>&page=2"),
            Sample::Text("databricks_oauth: dose<<hex:32>>"),
        ],
        no: &[
            Sample::Text("databricks_token = \"dapi<<hex:31>>\""),
            Sample::Text("blob: Qzdapi<<hex:32>>"),
            Sample::Text("DATABRICKS_TOKEN=dapixxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/snowflake-token",
            severity: Severity::High,
            summary: "A Snowflake programmatic access token.",
            docs: "Reads and writes the warehouse as its user.\n\n\
                Revoke it under `ALTER USER .. REMOVE PROGRAMMATIC ACCESS TOKEN`, then give the job a service \
                identity with an end date.\n\n\
                Source: Snowflake documentation, *Programmatic access tokens*.",
            ..META
        },
        keywords: &["snowflake"],
        shape: Shape::Named {
            name: "snowflake",
            value: r"eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{20,400}\.[0-9A-Za-z_-]{43,400}",
        },
        reach: 1000,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const snowflakeKey = `eyJ<<b62:33>>.eyJ<<b62:90>>.<<b62:86>>`;"),
            Sample::Text("snowflake.secret = 'eyJ<<b62:33>>.eyJ<<b62:90>>.<<b62:86>>'"),
        ],
        no: &[
            Sample::Text(
                "snowflake_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/snowflake/eyJ<<b62:33>>.eyJ<<b62:90>>.<<b62:86>>"),
            Sample::Text("snowflake_token = eyJ<<b62:33>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/snowflake-password",
            severity: Severity::High,
            summary: "A Snowflake password.",
            docs: "Reads and writes the warehouse as its user.\n\n\
                Revoke it under `ALTER USER .. SET PASSWORD`, then give the job a service identity with an end date.\n\n\
                Source: Snowflake documentation, *Connecting*.",
            ..META
        },
        keywords: &["snowflake", "snowsql_pwd"],
        shape: Shape::Named {
            name: "snowflake[_a-z.-]{0,12}(?:password|passwd|pwd|pass)|snowsql_pwd",
            value: "[0-9A-Za-z!#%^&*_+.-]{8,64}",
        },
        check: structure::mixed,
        min_entropy: 2.8,
        yes: &[
            Sample::Text("SNOWFLAKE_PASSWORD=<<b62:16>>"),
            Sample::Text("snowflake_password: \"<<b62:16>>\""),
        ],
        no: &[
            Sample::Text("SNOWFLAKE_PASSWORD=xxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/snowflake_password/<<b62:16>>"),
            Sample::Text("SNOWFLAKE_PASSWORD=<<b62:5>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dbt-token",
            severity: Severity::High,
            summary: "A dbt Cloud token.",
            docs: "Runs jobs and reads the account's projects.\n\n\
                Revoke it under *Account settings > API tokens*, then give the job a service identity with an end \
                date.\n\n\
                Source: dbt documentation, *Service account tokens*.",
            ..META
        },
        keywords: &["dbtc_", "dbtu_", "dbts_"],
        shape: Shape::Token("dbt[cus]_[0-9A-Za-z_=-]{40,90}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer dbtc_<<url64:60>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nDBT_TOKEN = dbtc_<<url64:60>>\\n\""),
        ],
        no: &[
            Sample::Text("blob: Qzdbtc_<<url64:60>>"),
            Sample::Text("DBT_TOKEN=dbtc_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("dbtu_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/airbyte-secret",
            severity: Severity::High,
            summary: "An Airbyte client secret or API key.",
            docs: "Runs syncs and reads connections.\n\n\
                Revoke it under *User settings > Applications*, then give the job a service identity with an end \
                date.\n\n\
                Source: Airbyte documentation, *Authentication*.",
            ..META
        },
        keywords: &["airbyte"],
        shape: Shape::Named {
            name: "airbyte",
            value: r"(?:[0-9A-Za-z]{32}|eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{20,600}\.[0-9A-Za-z_-]{43,700})",
        },
        reach: 1500,
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("airbyte.secret = '<<b62:32>>'"),
            Sample::Text("\"airbyteApiKey\": \"<<b62:32>>\","),
        ],
        no: &[
            Sample::Text("airbyte_token = \"<<b62:31>>\""),
            Sample::Text("airbyte_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/airbyte/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fivetran-secret",
            severity: Severity::High,
            summary: "A Fivetran API secret.",
            docs: "Runs and changes connectors.\n\n\
                Revoke it under *Account settings > API config*, then give the job a service identity with an end \
                date.\n\n\
                Source: Fivetran documentation, *REST API*.",
            ..META
        },
        keywords: &["fivetran"],
        shape: Shape::Named {
            name: "fivetran[_a-z.-]{0,12}secret",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("FIVETRAN_API_SECRET=<<b62:32>>"),
            Sample::Text("fivetran_secret: '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("FIVETRAN_API_SECRET=<<b62:31>>"),
            Sample::Text("FIVETRAN_API_SECRET=Zq<<b62:32>>"),
            Sample::Text("FIVETRAN_API_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/fivetran/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/astronomer-token",
            severity: Severity::High,
            summary: "An Astronomer API token.",
            docs: "Deploys and runs pipelines of the organisation.\n\n\
                Revoke it under *Organisation settings > Access management*, then give the job a service identity \
                with an end date.\n\n\
                Source: Astronomer documentation, *Manage API tokens*.",
            ..META
        },
        keywords: &["astro_", "astronomer"],
        shape: Shape::Named {
            name: "astro(?:nomer)?[_-]",
            value: r"eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{20,800}\.[0-9A-Za-z_-]{43,700}",
        },
        reach: 1800,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("astro_api_api_key => \"eyJ<<b62:33>>.eyJ<<b62:200>>.<<b62:342>>\""),
            Sample::Text("export ASTRO_API_TOKEN=\"eyJ<<b62:33>>.eyJ<<b62:200>>.<<b62:342>>\""),
        ],
        no: &[
            Sample::Text(
                "astro_api_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/astro_api/eyJ<<b62:33>>.eyJ<<b62:200>>.<<b62:342>>"),
            Sample::Text("astro_api_token = eyJ<<b62:33>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/looker-secret",
            severity: Severity::High,
            summary: "A Looker client secret.",
            docs: "Runs queries as its user.\n\n\
                Revoke it under *Users > Edit keys*, then give the job a service identity with an end date.\n\n\
                Source: Looker documentation, *API authentication*.",
            ..META
        },
        keywords: &["looker"],
        shape: Shape::Named {
            name: "looker[_a-z.-]{0,16}(?:secret)?",
            value: "[0-9A-Za-z]{24}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("export LOOKER_TOKEN=\"<<b62:24>>\""),
            Sample::Text("looker_token: <<b62:24>>\n"),
        ],
        no: &[
            Sample::Text("looker_token = \"<<b62:23>>\""),
            Sample::Text("looker_token = \"Zq<<b62:24>>\""),
            Sample::Text("looker_token = \"xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/looker/<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/looker-id",
            severity: Severity::Low,
            summary: "A Looker client id.",
            docs: "Names the key whose secret is likely to be near.\n\n\
                Revoke it under *Users > Edit keys*, then give the job a service identity with an end date.\n\n\
                Source: Looker documentation, *API authentication*.",
            ..META
        },
        keywords: &["looker"],
        shape: Shape::Named {
            name: "looker[_a-z.-]{0,16}(?:id|key|user|token)?",
            value: "[0-9A-Za-z]{20}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("looker_api_key => \"<<b62:20>>\""),
            Sample::Text("export LOOKER_TOKEN=\"<<b62:20>>\""),
        ],
        no: &[
            Sample::Text("looker_token = \"<<b62:19>>\""),
            Sample::Text("looker_token = \"Zq<<b62:20>>\""),
            Sample::Text("looker_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/looker/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/metabase-key",
            severity: Severity::High,
            summary: "A Metabase API key.",
            docs: "Reads what its group may read.\n\n\
                Revoke it under *Admin settings > API keys*, then give the job a service identity with an end date.\n\n\
                Source: Metabase documentation, *API keys*.",
            ..META
        },
        keywords: &["mb_"],
        shape: Shape::Token("mb_[0-9A-Za-z+/]{43}="),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=mb_<<b64:43>>=&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer mb_<<b64:43>>=\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("metabase_key = \"mb_<<b64:42>>=\""),
            Sample::Text("blob: Qzmb_<<b64:43>>="),
            Sample::Text("METABASE_KEY=mb_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tableau-token",
            severity: Severity::High,
            summary: "A Tableau personal access token secret.",
            docs: "Reads and publishes as its user.\n\n\
                Revoke it under *My account settings > Personal access tokens*, then give the job a service identity \
                with an end date.\n\n\
                Source: Tableau documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["tableau"],
        shape: Shape::Named {
            name: "tableau",
            value: "[0-9A-Za-z+/]{22}==:[0-9A-Za-z]{32}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("tableau_token: <<b64:22>>==:<<b62:32>>\n"),
            Sample::Text("TABLEAU_API_KEY=<<b64:22>>==:<<b62:32>>"),
        ],
        no: &[
            Sample::Text("tableau_token = \"<<b64:22>>==:<<b62:31>>\""),
            Sample::Text("tableau_token = \"Zq<<b64:22>>==:<<b62:32>>\""),
            Sample::Text("tableau_token = \"xxxxxxxxxxxxxxxxxxxxxx==:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/tableau/<<b64:22>>==:<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/retool-token",
            severity: Severity::High,
            summary: "A Retool API token.",
            docs: "Manages the organisation's applications and users.\n\n\
                Revoke it under *Settings > API*, then give the job a service identity with an end date.\n\n\
                Source: Retool documentation, *API*.",
            ..META
        },
        keywords: &["retool_01"],
        shape: Shape::Token("retool_01[0-9a-z]{24}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer retool_01<<low36:24>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nRETOOL_TOKEN = retool_01<<low36:24>>\\n\""),
        ],
        no: &[
            Sample::Text("retool_token = \"retool_01<<low36:23>>\""),
            Sample::Text("blob: Qzretool_01<<low36:24>>"),
            Sample::Text("RETOOL_TOKEN=retool_01xxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
];
