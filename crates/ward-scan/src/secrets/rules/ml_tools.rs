//! Experiment trackers, data labelling and other tools of machine learning.

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
            id: "secrets/wandb-key",
            severity: Severity::High,
            summary: "A Weights & Biases API key.",
            docs: "Reads and writes runs, artifacts and models of its user.\n\n\
                Revoke it under *User settings > API keys*, then log in with a new one in the job's environment; \
                notebooks keep outputs, so look there too.\n\n\
                Source: Weights & Biases documentation, *Authentication*.",
            ..META
        },
        keywords: &["biases", "wandb"],
        shape: Shape::Named {
            name: "wandb|weights[_ &-]*(?:and)?[_ -]*biases",
            value: "(?:local-)?[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("wandb_api_key => \"<<hex:40>>\""),
            Sample::Text("export WANDB_TOKEN=\"<<hex:40>>\""),
            Sample::Text("wandb.login(key=\"<<hex:40>>\")"),
        ],
        no: &[
            Sample::Text("wandb_token = \"<<hex:39>>\""),
            Sample::Text("wandb_token = \"Zq<<hex:40>>\""),
            Sample::Text("wandb_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/wandb/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/wandb-v1-key",
            severity: Severity::High,
            summary: "A Weights & Biases API key of the newer form.",
            docs: "Reads and writes runs, artifacts and models of its user.\n\n\
                Revoke it under *User settings > API keys*, then log in with a new one in the job's environment; \
                notebooks keep outputs, so look there too.\n\n\
                Source: Weights & Biases documentation, *Authentication*.",
            ..META
        },
        keywords: &["wandb_v1_"],
        shape: Shape::Token("wandb_v1_[0-9A-Za-z_]{60,90}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"print(1)\\nWANDB_V1_KEY = wandb_v1_<<b62:22>>_<<b62:54>>\\n\""),
            Sample::Text("docker run -e WANDB_V1_KEY=wandb_v1_<<b62:22>>_<<b62:54>> image\n"),
        ],
        no: &[
            Sample::Text("blob: Qzwandb_v1_<<b62:22>>_<<b62:54>>"),
            Sample::Text(
                "WANDB_V1_KEY=wandb_v1_xxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("wandb_v1_<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/comet-key",
            severity: Severity::High,
            summary: "A Comet API key.",
            docs: "Reads and writes experiments of its workspaces.\n\n\
                Revoke it under *Account settings > API keys*, then log in with a new one in the job's environment; \
                notebooks keep outputs, so look there too.\n\n\
                Source: Comet documentation, *API keys*.",
            ..META
        },
        keywords: &["comet-", "comet_", "cometapi", "cometml", "opik"],
        shape: Shape::Named {
            name: r"comet[_-]?(?:ml|api|key|token|opik)|\bopik",
            value: "[0-9A-Za-z]{25}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("export COMET_ML_TOKEN=\"<<b62:25>>\""),
            Sample::Text("comet_ml_token: <<b62:25>>\n"),
        ],
        no: &[
            Sample::Text("comet_ml_token = \"<<b62:24>>\""),
            Sample::Text("comet_ml_token = \"Zq<<b62:25>>\""),
            Sample::Text("comet_ml_token = \"xxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/comet_ml/<<b62:25>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/neptune-token",
            severity: Severity::High,
            summary: "A Neptune API token.",
            docs: "Reads and writes runs of its user's projects.\n\n\
                It is base64 of a JSON object that begins with `api_address`.\n\n\
                Revoke it under *User menu > Get your API token*, then log in with a new one in the job's \
                environment; notebooks keep outputs, so look there too.\n\n\
                Source: Neptune documentation, *Find and set your API token*.",
            ..META
        },
        keywords: &["eyjhcglfywrkcmvzcyi6"],
        shape: Shape::Token("eyJhcGlfYWRkcmVzcyI6[0-9A-Za-z+/_-]{60,400}={0,2}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"NEPTUNE_TOKEN\">eyJhcGlfYWRkcmVzcyI6<<b62:160>></add>"),
            Sample::Text("neptune_token: 'eyJhcGlfYWRkcmVzcyI6<<b62:160>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("blob: QzeyJhcGlfYWRkcmVzcyI6<<b62:160>>"),
            Sample::Text(
                "NEPTUNE_TOKEN=eyJhcGlfYWRkcmVzcyI6xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("eyJhcGlfYWRkcmVzcyI6<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/clearml-secret",
            severity: Severity::High,
            summary: "A ClearML secret key.",
            docs: "Reads and writes tasks and data of its user, and enqueues code.\n\n\
                Revoke it under *Settings > Workspace > App credentials*, then log in with a new one in the job's \
                environment; notebooks keep outputs, so look there too.\n\n\
                Source: ClearML documentation, *Configuration file*.",
            ..META
        },
        keywords: &["clearml", "trains_"],
        shape: Shape::Named {
            name: "(?:clearml|trains)[_a-z.-]{0,20}secret",
            value: "[0-9A-Za-z_-]{50,100}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("CLEARML_API_SECRET_KEY=<<b62:50>>"),
            Sample::Text("api.clear.ml clearml-secret: \"<<b62:50>>\""),
            Sample::Text("export CLEARML_API_SECRET_KEY=\"<<b62:50>>\""),
        ],
        no: &[
            Sample::Text("CLEARML_API_SECRET_KEY=<<b62:49>>"),
            Sample::Text("CLEARML_API_SECRET_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/clearml/<<b62:50>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/langsmith-key",
            severity: Severity::High,
            summary: "A LangSmith API key.",
            docs: "Reads traces (prompts and answers) and writes them.\n\n\
                Revoke it under *Settings > API keys*, then log in with a new one in the job's environment; \
                notebooks keep outputs, so look there too.\n\n\
                Source: LangSmith documentation, *Create an API key*.",
            ..META
        },
        keywords: &["lsv2_", "ls__"],
        shape: Shape::Token("(?:lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}|ls__[0-9a-f]{32})"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("langsmith_key = \"lsv2_pt_<<hex:32>>_<<hex:10>>\"\r\n"),
            Sample::Text("{\"langsmith_key\": \"lsv2_pt_<<hex:32>>_<<hex:10>>\", \"retries\": 3}"),
            Sample::Text("LANGCHAIN_API_KEY=ls__<<hex:32>>"),
        ],
        no: &[
            Sample::Text("langsmith_key = \"lsv2_pt_<<hex:32>>_<<hex:9>>\""),
            Sample::Text("blob: Qzlsv2_pt_<<hex:32>>_<<hex:10>>"),
            Sample::Text("LANGSMITH_KEY=lsv2_pt_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/langfuse-secret",
            severity: Severity::High,
            summary: "A Langfuse secret key.",
            docs: "Reads traces (prompts and answers) and writes them. The key that begins with `pk-lf-` is public.\n\n\
                Revoke it under *Project settings > API keys*, then log in with a new one in the job's environment; \
                notebooks keep outputs, so look there too.\n\n\
                Source: Langfuse documentation, *Get started*.",
            ..META
        },
        keywords: &["sk-lf-"],
        shape: Shape::Token("sk-lf-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("docker run -e LANGFUSE_SECRET=sk-lf-<<uuid>> image\n"),
            Sample::Text("LANGFUSE_SECRET=sk-lf-<<uuid>>"),
        ],
        no: &[
            Sample::Text("langfuse_secret = \"sk-lf-<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("blob: Qzsk-lf-<<uuid>>"),
            Sample::Text("LANGFUSE_SECRET=sk-lf-00000000-0000-0000-0000-000000000000"),
            Sample::Text("pk-lf-<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/kaggle-key",
            severity: Severity::High,
            summary: "A Kaggle API key.",
            docs: "Reads data sets and submits as its user.\n\n\
                Revoke it under *Settings > API > Expire token*, then log in with a new one in the job's \
                environment; notebooks keep outputs, so look there too.\n\n\
                Source: Kaggle documentation, *Public API*.",
            ..META
        },
        keywords: &["kaggle"],
        shape: Shape::Named {
            name: "kaggle",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("kaggle_token: <<hex:32>>\n"),
            Sample::Text("KAGGLE_API_KEY=<<hex:32>>"),
            Sample::Text("KAGGLE_KEY=<<hex:32>>"),
        ],
        no: &[
            Sample::Text("kaggle_token = \"<<hex:31>>\""),
            Sample::Text("kaggle_token = \"Zq<<hex:32>>\""),
            Sample::Text("kaggle_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/kaggle/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/kaggle-json",
            severity: Severity::High,
            summary: "A Kaggle credential file.",
            docs: "Reads data sets and submits as its user.\n\n\
                Revoke it under *Settings > API > Expire token*, then log in with a new one in the job's \
                environment; notebooks keep outputs, so look there too.\n\n\
                Source: Kaggle documentation, *Public API*.",
            ..META
        },
        keywords: &["\"key\"", "\"username\""],
        shape: Shape::Text(
            r#""username"\s{0,3}:\s{0,3}"[0-9A-Za-z_-]{2,40}"\s{0,3},\s{0,3}"key"\s{0,3}:\s{0,3}"(?P<secret>[0-9a-f]{32})""#,
        ),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("{\"username\":\"ada\",\"key\":\"<<hex:32>>\"}"),
            Sample::Text("{\"username\": \"ada-l\", \"key\": \"<<hex:32>>\"}"),
        ],
        no: &[
            Sample::Text("{\"username\":\"ada\",\"key\":\"<<hex:31>>\"}"),
            Sample::Text("{\"username\":\"ada\",\"sum\":\"<<hex:32>>\"}"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/kaggle-token",
            severity: Severity::High,
            summary: "A Kaggle API token of the newer form.",
            docs: "Acts as its user within its scopes.\n\n\
                Revoke it under *Settings > API*, then log in with a new one in the job's environment; notebooks \
                keep outputs, so look there too.\n\n\
                Source: Kaggle documentation, *Public API*.",
            ..META
        },
        keywords: &["kgat_"],
        shape: Shape::Token("KGAT_[0-9a-f]{32}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("{\"kaggle_token\": \"KGAT_<<hex:32>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"KAGGLE_TOKEN\">KGAT_<<hex:32>></add>"),
        ],
        no: &[
            Sample::Text("kaggle_token = \"KGAT_<<hex:31>>\""),
            Sample::Text("blob: QzKGAT_<<hex:32>>"),
            Sample::Text("KAGGLE_TOKEN=KGAT_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dagshub-token",
            severity: Severity::High,
            summary: "A DagsHub token.",
            docs: "Reads and writes repositories, data and experiments.\n\n\
                Revoke it under *User settings > Tokens*, then log in with a new one in the job's environment; \
                notebooks keep outputs, so look there too.\n\n\
                Source: DagsHub documentation, *API*.",
            ..META
        },
        keywords: &["dagshub"],
        shape: Shape::Named {
            name: "dagshub",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("dagshub_token: <<hex:40>>\n"),
            Sample::Text("DAGSHUB_API_KEY=<<hex:40>>"),
        ],
        no: &[
            Sample::Text("dagshub_token = \"<<hex:39>>\""),
            Sample::Text("dagshub_token = \"Zq<<hex:40>>\""),
            Sample::Text("dagshub_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/dagshub/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/roboflow-key",
            severity: Severity::High,
            summary: "A Roboflow API key.",
            docs: "Reads and writes the workspace's images and models.\n\n\
                Revoke it under *Workspace settings > API keys*, then log in with a new one in the job's \
                environment; notebooks keep outputs, so look there too.\n\n\
                Source: Roboflow documentation, *Find your API key*.",
            ..META
        },
        keywords: &["roboflow"],
        shape: Shape::Named {
            name: "roboflow",
            value: "[0-9A-Za-z]{20}",
        },
        check: structure::mixed,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("\"roboflowApiKey\": \"<<b62:20>>\","),
            Sample::Text("roboflow_api_key => \"<<b62:20>>\""),
        ],
        no: &[
            Sample::Text("roboflow_token = \"<<b62:19>>\""),
            Sample::Text("roboflow_token = \"Zq<<b62:20>>\""),
            Sample::Text("roboflow_token = \"xxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/roboflow/<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/labelbox-key",
            severity: Severity::High,
            summary: "A Labelbox API key.",
            docs: "Reads and writes data rows and labels.\n\n\
                Revoke it under *Workspace settings > API*, then log in with a new one in the job's environment; \
                notebooks keep outputs, so look there too.\n\n\
                Source: Labelbox documentation, *Create an API key*.",
            ..META
        },
        keywords: &["labelbox"],
        shape: Shape::Named {
            name: "labelbox",
            value: r"eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{20,500}\.[0-9A-Za-z_-]{20,100}",
        },
        reach: 800,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("labelbox.secret = 'eyJ<<b62:33>>.eyJ<<b62:140>>.<<b62:43>>'"),
            Sample::Text("\"labelboxApiKey\": \"eyJ<<b62:33>>.eyJ<<b62:140>>.<<b62:43>>\","),
        ],
        no: &[
            Sample::Text(
                "labelbox_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/labelbox/eyJ<<b62:33>>.eyJ<<b62:140>>.<<b62:43>>"),
            Sample::Text("labelbox_token = \"eyJ<<b62:33>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/scale-key",
            severity: Severity::High,
            summary: "A Scale AI API key.",
            docs: "Reads and writes labelling tasks and data.\n\n\
                Revoke it under *Settings > API keys*, then log in with a new one in the job's environment; \
                notebooks keep outputs, so look there too.\n\n\
                Source: Scale documentation, *Authentication*.",
            ..META
        },
        keywords: &[
            "scale-api",
            "scale_ai",
            "scale_api",
            "scale_key",
            "scale_token",
            "scaleai",
            "scaleapi",
        ],
        shape: Shape::Named {
            name: "scale[_-]?(?:api|ai|key|token)|scaleapi",
            value: "live_[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const scale_aiKey = `live_<<hex:32>>`;"),
            Sample::Text("scale_ai.secret = 'live_<<hex:32>>'"),
        ],
        no: &[
            Sample::Text("scale_ai_token = \"live_<<hex:31>>\""),
            Sample::Text("scale_ai_token = \"Zqlive_<<hex:32>>\""),
            Sample::Text("scale_ai_token = \"live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/scale_ai/live_<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/unstructured-key",
            severity: Severity::Medium,
            summary: "An Unstructured API key.",
            docs: "Parses documents at the account's cost.\n\n\
                Revoke it under *API keys* of the platform, then log in with a new one in the job's environment; \
                notebooks keep outputs, so look there too.\n\n\
                Source: Unstructured documentation, *API key*.",
            ..META
        },
        keywords: &["unstructured"],
        shape: Shape::Named {
            name: "unstructured",
            value: "[0-9A-Za-z]{30}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("unstructured_token: <<b62:30>>\n"),
            Sample::Text("UNSTRUCTURED_API_KEY=<<b62:30>>"),
        ],
        no: &[
            Sample::Text("unstructured_token = \"<<b62:29>>\""),
            Sample::Text("unstructured_token = \"Zq<<b62:30>>\""),
            Sample::Text("unstructured_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/unstructured/<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
