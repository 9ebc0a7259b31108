//! Hosted databases and queues.

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
            id: "secrets/mongodb-atlas-secret",
            severity: Severity::Critical,
            summary: "A MongoDB Atlas service account secret.",
            docs: "Manages the organisation's clusters.\n\n\
                Revoke it under *Organisation access > Service accounts*, then give the program a user of its own \
                with only the rights it needs.\n\n\
                Source: MongoDB Atlas documentation, *Service accounts*.",
            ..META
        },
        keywords: &["mdb_sa_sk_"],
        shape: Shape::Token("mdb_sa_sk_[0-9A-Za-z_-]{40}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("mongodb_atlas_secret: 'mdb_sa_sk_<<url64:40>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=mdb_sa_sk_<<url64:40>>&page=2"),
        ],
        no: &[
            Sample::Text("mongodb_atlas_secret = \"mdb_sa_sk_<<url64:39>>\""),
            Sample::Text("blob: Qzmdb_sa_sk_<<url64:40>>"),
            Sample::Text("MONGODB_ATLAS_SECRET=mdb_sa_sk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mongodb-atlas-key",
            severity: Severity::Critical,
            summary: "A MongoDB Atlas private key.",
            docs: "Manages the organisation's clusters.\n\n\
                Revoke it under *Access manager > API keys*, then give the program a user of its own with only the \
                rights it needs.\n\n\
                Source: MongoDB Atlas documentation, *Grant programmatic access*.",
            ..META
        },
        keywords: &["atlas", "mcli_", "mongodb"],
        shape: Shape::Named {
            name: "(?:atlas|mongodb|mcli)[_a-z.-]{0,16}private[_-]?(?:api[_-]?)?key",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("MONGODB_ATLAS_PRIVATE_KEY=<<uuid>>"),
            Sample::Text("atlas_private_key: \"<<uuid>>\""),
        ],
        no: &[
            Sample::Text("MONGODB_ATLAS_PRIVATE_KEY=<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>"),
            Sample::Text("MONGODB_ATLAS_PRIVATE_KEY=Zq<<uuid>>"),
            Sample::Text("MONGODB_ATLAS_PRIVATE_KEY=00000000-0000-0000-0000-000000000000"),
            Sample::Text("https://files.test/mongodb_atlas/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/upstash-token",
            severity: Severity::High,
            summary: "An Upstash token.",
            docs: "Reads and writes the database, queue or index.\n\n\
                Revoke it under *Details > REST token* (rotate), then give the program a user of its own with only \
                the rights it needs.\n\n\
                Source: Upstash documentation, *REST API*.",
            ..META
        },
        keywords: &["upstash"],
        shape: Shape::Named {
            name: "upstash",
            value: "(?:A[0-9A-Za-z_-]{50,130}={0,2}|(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("upstash_api_key => \"AX<<b62:56>>\""),
            Sample::Text("export UPSTASH_TOKEN=\"AX<<b62:56>>\""),
        ],
        no: &[
            Sample::Text("upstash_token = \"AXxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/upstash/AX<<b62:56>>"),
            Sample::Text("upstash_token = \"AX<<b62:20>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/redis-cloud-key",
            severity: Severity::High,
            summary: "A Redis Cloud API key or password.",
            docs: "Reads and writes the databases.\n\n\
                Revoke it under *Access management*, or *Security* of the database, then give the program a user of \
                its own with only the rights it needs.\n\n\
                Source: Redis documentation, *Redis Cloud API keys*.",
            ..META
        },
        keywords: &["redis"],
        shape: Shape::Named {
            name: "(?:redislabs|redis_cloud|redis)[_a-z.-]{0,12}(?:secret|api_key|password|pass)",
            value: "[0-9A-Za-z]{32,51}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("REDIS_PASSWORD=<<b62:32>>"),
            Sample::Text("redis.password: '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("REDIS_PASSWORD=<<b62:31>>"),
            Sample::Text("REDIS_PASSWORD=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/redis/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/confluent-secret",
            severity: Severity::High,
            summary: "A Confluent Cloud API secret.",
            docs: "Produces and consumes messages, or manages the cluster.\n\n\
                Revoke it under *API keys* of the cluster, then give the program a user of its own with only the \
                rights it needs.\n\n\
                Source: Confluent documentation, *Manage API keys*.",
            ..META
        },
        keywords: &[
            "ccloud",
            "confluent",
            "kafka",
            "ksql",
            "sasl",
            "schema_registry",
            "schemaregistry",
        ],
        shape: Shape::Named {
            name: "confluent|ccloud|kafka|sasl|schema_?registry|ksql",
            value: "(?:[0-9A-Za-z+/]{64}|cflt[0-9A-Za-z+/]{60})",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const confluentKey = `<<b64:64>>`;"),
            Sample::Text("confluent.secret = '<<b64:64>>'"),
        ],
        no: &[
            Sample::Text("confluent_token = \"<<b64:63>>\""),
            Sample::Text("confluent_token = \"Zq<<b64:64>>\""),
            Sample::Text("confluent_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/confluent/<<b64:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/confluent-key",
            severity: Severity::Medium,
            summary: "A Confluent Cloud API key id.",
            docs: "Names the key whose secret is likely to be near.\n\n\
                Revoke it under *API keys* of the cluster, then give the program a user of its own with only the \
                rights it needs.\n\n\
                Source: Confluent documentation, *Manage API keys*.",
            ..META
        },
        keywords: &["confluent"],
        shape: Shape::Named {
            name: "confluent[_a-z.-]{0,16}(?:key|access|token|user)",
            value: "(?:[0-9A-Z]{16}|[0-9a-z]{16})",
        },
        min_entropy: 3.0,
        yes: &[
            Sample::Text("CONFLUENT_API_KEY=<<up36:16>>"),
            Sample::Text("confluent_access_token: '<<up36:16>>'"),
        ],
        no: &[
            Sample::Text("CONFLUENT_API_KEY=<<up36:15>>"),
            Sample::Text("CONFLUENT_API_KEY=Zq<<up36:16>>"),
            Sample::Text("CONFLUENT_API_KEY=xxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/confluent/<<up36:16>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/aiven-password",
            severity: Severity::High,
            summary: "A password of an Aiven service.",
            docs: "Reads and writes the service it belongs to.\n\n\
                Revoke it under *Users* of the service (reset), then give the program a user of its own with only \
                the rights it needs.\n\n\
                Source: Aiven documentation, *Reset credentials*.",
            ..META
        },
        keywords: &["avns_"],
        shape: Shape::Token("AVNS_[0-9A-Za-z_-]{15,24}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("AIVEN_PASSWORD=AVNS_<<b62:19>>"),
            Sample::Text("aiven_password = \"AVNS_<<b62:19>>\"\r\n"),
        ],
        no: &[
            Sample::Text("blob: QzAVNS_<<b62:19>>"),
            Sample::Text("AIVEN_PASSWORD=AVNS_xxxxxxxxxxxxxxxxxxx"),
            Sample::Text("AVNS_<<b62:8>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/aiven-token",
            severity: Severity::High,
            summary: "An Aiven API token.",
            docs: "Manages the account's services.\n\n\
                Revoke it under *User information > Tokens*, then give the program a user of its own with only the \
                rights it needs.\n\n\
                Source: Aiven documentation, *Tokens*.",
            ..META
        },
        keywords: &["aiven"],
        shape: Shape::Named {
            name: "aiven",
            value: "(?:aivenv1)?[0-9A-Za-z+/]{250,400}={0,2}",
        },
        reach: 600,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export AIVEN_TOKEN=\"aivenv1<<b64:300>>\""),
            Sample::Text("aiven_token: aivenv1<<b64:300>>\n"),
        ],
        no: &[
            Sample::Text(
                "aiven_token = \"aivenv1xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/aiven/aivenv1<<b64:300>>"),
            Sample::Text("aiven_token = \"<<b64:80>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/turso-token",
            severity: Severity::High,
            summary: "A Turso token.",
            docs: "Reads and writes the database, or manages the group.\n\n\
                Revoke it under *Tokens* of the database (rotate), then give the program a user of its own with only \
                the rights it needs.\n\n\
                Source: Turso documentation, *Authentication*.",
            ..META
        },
        keywords: &["libsql", "turso"],
        shape: Shape::Named {
            name: "turso|libsql",
            value: r"eyJ[0-9A-Za-z_-]{10,80}\.eyJ[0-9A-Za-z_-]{20,400}\.[0-9A-Za-z_-]{80,90}",
        },
        reach: 800,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const tursoKey = `eyJ<<b62:33>>.eyJ<<b62:90>>.<<b62:86>>`;"),
            Sample::Text("turso.secret = 'eyJ<<b62:33>>.eyJ<<b62:90>>.<<b62:86>>'"),
        ],
        no: &[
            Sample::Text(
                "turso_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/turso/eyJ<<b62:33>>.eyJ<<b62:90>>.<<b62:86>>"),
            Sample::Text("turso_token = eyJ<<b62:33>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cockroach-key",
            severity: Severity::High,
            summary: "A CockroachDB Cloud secret key.",
            docs: "Manages the organisation's clusters.\n\n\
                Revoke it under *Service accounts > API keys*, then give the program a user of its own with only the \
                rights it needs.\n\n\
                Source: CockroachDB Cloud documentation, *Authenticate*.",
            ..META
        },
        keywords: &["ccdb1_"],
        shape: Shape::Token("CCDB1_[0-9A-Za-z]{22}_[0-9A-Za-z]{40}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=CCDB1_<<b62:22>>_<<b62:40>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer CCDB1_<<b62:22>>_<<b62:40>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("cockroach_key = \"CCDB1_<<b62:22>>_<<b62:39>>\""),
            Sample::Text("blob: QzCCDB1_<<b62:22>>_<<b62:40>>"),
            Sample::Text("COCKROACH_KEY=CCDB1_xxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/clickhouse-secret",
            severity: Severity::High,
            summary: "A ClickHouse Cloud key secret.",
            docs: "Manages the organisation's services.\n\n\
                Revoke it under *Organisation > API keys*, then give the program a user of its own with only the \
                rights it needs.\n\n\
                Source: ClickHouse Cloud documentation, *Managing API keys*.",
            ..META
        },
        keywords: &["4b1d"],
        shape: Shape::Token("4b1d[0-9A-Za-z]{38}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("CLICKHOUSE_SECRET=4b1d<<b62:38>>"),
            Sample::Text("clickhouse_secret = \"4b1d<<b62:38>>\"\r\n"),
        ],
        no: &[
            Sample::Text("clickhouse_secret = \"4b1d<<b62:37>>\""),
            Sample::Text("blob: Qz4b1d<<b62:38>>"),
            Sample::Text("CLICKHOUSE_SECRET=4b1dxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/xata-key",
            severity: Severity::High,
            summary: "A Xata API key.",
            docs: "Reads and writes the workspace's databases.\n\n\
                Revoke it under *Account settings > API keys*, then give the program a user of its own with only the \
                rights it needs.\n\n\
                Source: Xata documentation, *API keys*.",
            ..META
        },
        keywords: &["xau_"],
        shape: Shape::Token("xau_[0-9A-Za-z]{32,50}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("xata_key: 'xau_<<b62:32>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=xau_<<b62:32>>&page=2"),
        ],
        no: &[
            Sample::Text("xata_key = \"xau_<<b62:31>>\""),
            Sample::Text("blob: Qzxau_<<b62:32>>"),
            Sample::Text("XATA_KEY=xau_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fauna-key",
            severity: Severity::High,
            summary: "A Fauna key.",
            docs: "Reads and writes the database.\n\n\
                Revoke it under *Keys* of the database, then give the program a user of its own with only the rights \
                it needs.\n\n\
                Source: Fauna documentation, *Keys*.",
            ..META
        },
        keywords: &["fnae", "fnaf", "fnad", "fnac"],
        shape: Shape::Token("fnA[C-F][0-9A-Za-z_-]{34,48}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"fauna_key\": \"fnAE<<b62:36>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"FAUNA_KEY\">fnAE<<b62:36>></add>"),
        ],
        no: &[
            Sample::Text("blob: QzfnAE<<b62:36>>"),
            Sample::Text("FAUNA_KEY=fnAExxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("fnAE<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/influxdb-token",
            severity: Severity::High,
            summary: "An InfluxDB token.",
            docs: "Reads and writes buckets, or manages the organisation.\n\n\
                Revoke it under *Load data > API tokens*, then give the program a user of its own with only the \
                rights it needs.\n\n\
                Source: InfluxDB documentation, *Manage API tokens*.",
            ..META
        },
        keywords: &["influx"],
        shape: Shape::Named {
            name: "influx(?:db)?",
            value: "[0-9A-Za-z_-]{86}==",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("INFLUXDB_API_KEY=<<b62:86>>=="),
            Sample::Text("const influxdbKey = `<<b62:86>>==`;"),
        ],
        no: &[
            Sample::Text("influxdb_token = \"<<b62:85>>==\""),
            Sample::Text("influxdb_token = \"Zq<<b62:86>>==\""),
            Sample::Text(
                "influxdb_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx==\"",
            ),
            Sample::Text("https://files.test/influxdb/<<b62:86>>=="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/influxdb-login",
            severity: Severity::High,
            summary: "A password in a request to InfluxDB 1.",
            docs: "`/query?u=USER&p=PASSWORD` logs in with what stands in the address, which servers and proxies write to their logs.\n\n\
                Send the login in the `Authorization` header, from a file or the environment, and replace the password.\n\n\
                Source: InfluxDB 1.8 documentation, *Authentication*.",
            ..META
        },
        keywords: &["/query?", "/write?"],
        shape: Shape::Text(
            r#"/(?:query|write)\?(?:[a-z]{1,12}=[^&\s"'<>]{0,60}&){0,4}u=[^&\s"'<>]{1,60}&p=(?P<secret>[^&\s"'`<>${)\\]{6,80})"#,
        ),
        min_entropy: 3.0,
        yes: &[
            Sample::Text(
                "curl 'http://influx.host.test:8086/query?u=admin&p=<<b62:14>>' --data-urlencode 'q=SHOW DATABASES'",
            ),
            Sample::Text("url = \"https://h.test/write?db=vitals&u=ward&p=<<b62:16>>\""),
        ],
        no: &[
            Sample::Text("http://h.test/query?u=admin&p=$INFLUX_PASSWORD"),
            Sample::Text("http://h.test/query?u=admin&p=<password>"),
            Sample::Text("`http://h.test/query?u=USER&p=PASSWORD`"),
            Sample::Text("http://h.test/query?q=a&p=2"),
            Sample::Text("http://h.test/query?u=<<b62:14>>&page=<<b62:14>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/astra-token",
            severity: Severity::High,
            summary: "A DataStax Astra token.",
            docs: "Reads and writes the organisation's databases.\n\n\
                Revoke it under *Organisation settings > Token management*, then give the program a user of its own \
                with only the rights it needs.\n\n\
                Source: DataStax documentation, *Manage application tokens*.",
            ..META
        },
        keywords: &["astracs:"],
        shape: Shape::Token("AstraCS:[0-9A-Za-z]{24}:[0-9a-f]{64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer AstraCS:<<b62:24>>:<<hex:64>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nASTRA_TOKEN = AstraCS:<<b62:24>>:<<hex:64>>\\n\""),
        ],
        no: &[
            Sample::Text("astra_token = \"AstraCS:<<b62:24>>:<<hex:63>>\""),
            Sample::Text("blob: QzAstraCS:<<b62:24>>:<<hex:64>>"),
            Sample::Text(
                "ASTRA_TOKEN=AstraCS:xxxxxxxxxxxxxxxxxxxxxxxx:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/snowflake-url",
            severity: Severity::High,
            summary: "A Snowflake connection URL with its password.",
            docs: "Reads and writes the warehouse as its user.\n\n\
                Revoke it under `ALTER USER .. SET PASSWORD`, and a network policy, then give the program a user of \
                its own with only the rights it needs.\n\n\
                Source: Snowflake documentation, *SQLAlchemy toolkit*.",
            ..META
        },
        keywords: &["snowflake://"],
        shape: Shape::Text(
            r#"snowflake://[0-9A-Za-z_.%-]{1,80}:(?P<secret>[^\s:@/'\"$<{]{6,100})@[0-9A-Za-z_.-]{3,80}"#,
        ),
        yes: &[
            Sample::Text("snowflake://ada:<<b62:14>>@xy12345.eu-west-1/db"),
            Sample::Text("url = 'snowflake://svc_load:<<b62:20>>@acme-prod/db'"),
        ],
        no: &[
            Sample::Text("snowflake://user:${PASS}@acme/db"),
            Sample::Text("snowflake://ada@acme/db"),
        ],
        ..SecretRule::DEFAULT
    },
];
