//! Vector stores and search engines.

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
            id: "secrets/pinecone-key",
            severity: Severity::High,
            summary: "A Pinecone API key.",
            docs: "Reads, writes and deletes the project's indexes.\n\n\
                Revoke it under *API keys* of the console, then give the program a key that can only read.\n\n\
                Source: Pinecone documentation, *Manage API keys*.",
            ..META
        },
        keywords: &["pcsk_"],
        shape: Shape::Token("pcsk_[0-9A-Za-z]{5,6}_[0-9A-Za-z]{60,66}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("pinecone_key = \"pcsk_<<b62:5>>_<<b62:63>>\"\r\n"),
            Sample::Text("{\"pinecone_key\": \"pcsk_<<b62:5>>_<<b62:63>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("blob: Qzpcsk_<<b62:5>>_<<b62:63>>"),
            Sample::Text("PINECONE_KEY=pcsk_xxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("pcsk_<<b62:5>>_<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/pinecone-uuid-key",
            severity: Severity::High,
            summary: "A Pinecone API key of the older form.",
            docs: "Reads, writes and deletes the project's indexes.\n\n\
                Revoke it under *API keys* of the console, then give the program a key that can only read.\n\n\
                Source: Pinecone documentation, *Manage API keys*.",
            ..META
        },
        keywords: &["pinecone"],
        shape: Shape::Named {
            name: "pinecone[_a-z.-]{0,12}(?:key|token)|pinecone",
            value: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("PINECONE_API_KEY=<<uuid>>"),
            Sample::Text("const pineconeKey = `<<uuid>>`;"),
        ],
        no: &[
            Sample::Text("pinecone_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("pinecone_token = \"Zq<<uuid>>\""),
            Sample::Text("pinecone_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/pinecone/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/weaviate-key",
            severity: Severity::High,
            summary: "A Weaviate API key.",
            docs: "Reads and writes the cluster's objects.\n\n\
                Revoke it under *Cluster details > API keys*, then give the program a key that can only read.\n\n\
                Source: Weaviate documentation, *Authentication*.",
            ..META
        },
        keywords: &["wcd_", "wcs_", "weaviate"],
        shape: Shape::Named {
            name: "weaviate|wcd_|wcs_",
            value: "[0-9A-Za-z]{32,44}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("weaviate.secret = '<<b62:36>>'"),
            Sample::Text("\"weaviateApiKey\": \"<<b62:36>>\","),
        ],
        no: &[
            Sample::Text("weaviate_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/weaviate/<<b62:36>>"),
            Sample::Text("weaviate_token = \"<<b62:20>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/qdrant-key",
            severity: Severity::High,
            summary: "A Qdrant API key.",
            docs: "Reads and writes the cluster's points.\n\n\
                Revoke it under *API keys* of the cluster, then give the program a key that can only read.\n\n\
                Source: Qdrant cloud documentation, *Authentication*.",
            ..META
        },
        keywords: &["qdrant"],
        shape: Shape::Named {
            name: "qdrant",
            value: r"(?:[0-9A-Za-z_-]{54}|eyJ[0-9A-Za-z_-]{10,60}\.eyJ[0-9A-Za-z_-]{10,200}\.[0-9A-Za-z_-]{43})",
        },
        reach: 400,
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"qdrantApiKey\": \"<<b62:54>>\","),
            Sample::Text("qdrant_api_key => \"<<b62:54>>\""),
        ],
        no: &[
            Sample::Text("qdrant_token = \"<<b62:53>>\""),
            Sample::Text("qdrant_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/qdrant/<<b62:54>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/algolia-key",
            severity: Severity::High,
            summary: "An Algolia API key.",
            docs: "Searches, and with an admin key rewrites, the application's indexes. A search-only key is meant to \
                be public: compare its rights.\n\n\
                Revoke it under *Settings > API keys*, then give the program a key that can only read.\n\n\
                Source: Algolia documentation, *API keys*.",
            ..META
        },
        keywords: &["algolia"],
        shape: Shape::Named {
            name: "algolia",
            value: "[0-9a-z]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("algolia_token: <<hex:32>>\n"),
            Sample::Text("ALGOLIA_API_KEY=<<hex:32>>"),
            Sample::Text("x-algolia-api-key: <<hex:32>>"),
        ],
        no: &[
            Sample::Text("algolia_token = \"<<hex:31>>\""),
            Sample::Text("algolia_token = \"Zq<<hex:32>>\""),
            Sample::Text("algolia_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/algolia/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/typesense-key",
            severity: Severity::Medium,
            summary: "A Typesense API key.",
            docs: "Searches or rewrites the collections.\n\n\
                Revoke it under the keys resource of the cluster's API, then give the program a key that can only \
                read.\n\n\
                Source: Typesense documentation, *API keys*.",
            ..META
        },
        keywords: &["typesense"],
        shape: Shape::Named {
            name: "typesense",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("typesense_token: <<b62:32>>\n"),
            Sample::Text("TYPESENSE_API_KEY=<<b62:32>>"),
        ],
        no: &[
            Sample::Text("typesense_token = \"<<b62:31>>\""),
            Sample::Text("typesense_token = \"Zq<<b62:32>>\""),
            Sample::Text("typesense_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/typesense/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/meilisearch-key",
            severity: Severity::Medium,
            summary: "A Meilisearch key.",
            docs: "Searches or rewrites the indexes.\n\n\
                Revoke it under the keys route of the instance, then give the program a key that can only read.\n\n\
                Source: Meilisearch documentation, *Keys*.",
            ..META
        },
        keywords: &["meili"],
        shape: Shape::Named {
            name: "meili(?:search)?[_a-z.-]{0,12}(?:key|token)",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("meili_master_key_api_key => \"<<hex:64>>\""),
            Sample::Text("export MEILI_MASTER_KEY_TOKEN=\"<<hex:64>>\""),
        ],
        no: &[
            Sample::Text("meili_master_key_token = \"<<hex:63>>\""),
            Sample::Text("meili_master_key_token = \"Zq<<hex:64>>\""),
            Sample::Text(
                "meili_master_key_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/meili_master_key/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/elastic-key",
            severity: Severity::High,
            summary: "An Elasticsearch API key.",
            docs: "Reads and writes the cluster within the key's roles.\n\n\
                Revoke it under *Stack management > API keys*, then give the program a key that can only read.\n\n\
                Source: Elastic documentation, *API keys*.",
            ..META
        },
        keywords: &["elastic", "kibana"],
        shape: Shape::Named {
            name: "elastic(?:search|_cloud|cloud)?|kibana",
            value: "[0-9A-Za-z+/]{58}==",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("elastic_api_key => \"<<b62:58>>==\""),
            Sample::Text("export ELASTIC_TOKEN=\"<<b62:58>>==\""),
        ],
        no: &[
            Sample::Text("elastic_token = \"<<b62:57>>==\""),
            Sample::Text("elastic_token = \"Zq<<b62:58>>==\""),
            Sample::Text("elastic_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx==\""),
            Sample::Text("https://files.test/elastic/<<b62:58>>=="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/elastic-cloud-key",
            severity: Severity::Critical,
            summary: "An Elastic Cloud API key.",
            docs: "Makes, changes and deletes deployments of the organisation.\n\n\
                Revoke it under *Organisation > API keys*, then give the program a key that can only read.\n\n\
                Source: Elastic Cloud documentation, *API keys*.",
            ..META
        },
        keywords: &["essu_"],
        shape: Shape::Token("essu_[0-9A-Za-z+/]{60,130}={0,2}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("ELASTIC_CLOUD_KEY=essu_<<b62:90>>"),
            Sample::Text("elastic_cloud_key = \"essu_<<b62:90>>\"\r\n"),
        ],
        no: &[
            Sample::Text("blob: Qzessu_<<b62:90>>"),
            Sample::Text(
                "ELASTIC_CLOUD_KEY=essu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("essu_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zilliz-key",
            severity: Severity::High,
            summary: "A Zilliz Cloud API key.",
            docs: "Reads and writes the project's collections.\n\n\
                Revoke it under *API keys* of the console, then give the program a key that can only read.\n\n\
                Source: Zilliz Cloud documentation, *API keys*.",
            ..META
        },
        keywords: &["milvus", "zilliz"],
        shape: Shape::Named {
            name: "zilliz|milvus",
            value: "[0-9a-f]{72}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"zillizApiKey\": \"<<hex:72>>\","),
            Sample::Text("zilliz_api_key => \"<<hex:72>>\""),
        ],
        no: &[
            Sample::Text("zilliz_token = \"<<hex:71>>\""),
            Sample::Text("zilliz_token = \"Zq<<hex:72>>\""),
            Sample::Text("zilliz_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/zilliz/<<hex:72>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
