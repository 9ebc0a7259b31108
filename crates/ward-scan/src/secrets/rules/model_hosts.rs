//! Companies that run other people's models.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    rule::{META, SecretRule, Shape, Verify},
    rules::structure,
    sample::Sample,
};

/// The rules.
pub static RULES: &[SecretRule] = &[
    SecretRule {
        meta: RuleMeta {
            id: "secrets/huggingface-token",
            severity: Severity::Critical,
            summary: "A Hugging Face user token.",
            docs: "Reads, and with write scope replaces, the models and data sets of its user and organisations.\n\n\
                Revoke it under *Settings > Access tokens*, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Hugging Face Hub documentation, *User access tokens*.",
            ..META
        },
        keywords: &["hf_"],
        shape: Shape::Token("hf_[0-9A-Za-z]{34,40}"),
        check: structure::letters,
        min_entropy: 3.8,
        verify: Some(Verify {
            method: "GET",
            url: "https://huggingface.co/api/whoami-v2",
            header: ("Authorization", "Bearer {secret}"),
            live: &[200],
            dead: &[401],
        }),
        yes: &[
            Sample::Text("huggingface_token: 'hf_<<alpha:34>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=hf_<<alpha:34>>&page=2"),
            Sample::Text("HfApi(token=\"hf_<<alpha:34>>\")"),
        ],
        no: &[
            Sample::Text("huggingface_token = \"hf_<<alpha:33>>\""),
            Sample::Text("blob: Qzhf_<<alpha:34>>"),
            Sample::Text("HUGGINGFACE_TOKEN=hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("def hf_abcdefghijklmnopqrstuvwxyzabcdefgh():"),
            Sample::Text("hf_hub_download(repo_id, filename)"),
            Sample::Text("(id)hf_charactersOfEveryTypeForDisplayMeta"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/huggingface-org-token",
            severity: Severity::High,
            summary: "A Hugging Face organisation token.",
            docs: "Reads or writes what belongs to the organisation.\n\n\
                Revoke it under the organisation's settings; such tokens are no longer made, then let the server \
                read a new one from its environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Hugging Face Hub documentation, *User access tokens*.",
            ..META
        },
        keywords: &["api_org_"],
        shape: Shape::Token("api_org_[0-9A-Za-z]{34}"),
        check: structure::letters,
        min_entropy: 3.8,
        yes: &[
            Sample::Text("huggingface_org_token = \"api_org_<<alpha:34>>\"\r\n"),
            Sample::Text("{\"huggingface_org_token\": \"api_org_<<alpha:34>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("huggingface_org_token = \"api_org_<<alpha:33>>\""),
            Sample::Text("blob: Qzapi_org_<<alpha:34>>"),
            Sample::Text("HUGGINGFACE_ORG_TOKEN=api_org_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/replicate-token",
            severity: Severity::High,
            summary: "A Replicate API token.",
            docs: "Runs models and reads private ones at the account's cost.\n\n\
                Revoke it under *Account settings > API tokens*, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Replicate HTTP API documentation, *Authentication*.",
            ..META
        },
        keywords: &["r8_"],
        shape: Shape::Token("r8_[0-9A-Za-z]{37}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"print(1)\\nREPLICATE_TOKEN = r8_<<b62:37>>\\n\""),
            Sample::Text("docker run -e REPLICATE_TOKEN=r8_<<b62:37>> image\n"),
        ],
        no: &[
            Sample::Text("replicate_token = \"r8_<<b62:36>>\""),
            Sample::Text("blob: Qzr8_<<b62:37>>"),
            Sample::Text("REPLICATE_TOKEN=r8_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/together-v1-key",
            severity: Severity::High,
            summary: "A Together AI API key.",
            docs: "Runs and fine-tunes models at the account's cost.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Together AI documentation, *Quickstart*.",
            ..META
        },
        keywords: &["tgp_v1_"],
        shape: Shape::Token("tgp_v1_[0-9A-Za-z_-]{43}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("together_v1_key = \"tgp_v1_<<url64:43>>\"\r\n"),
            Sample::Text("{\"together_v1_key\": \"tgp_v1_<<url64:43>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("together_v1_key = \"tgp_v1_<<url64:42>>\""),
            Sample::Text("blob: Qztgp_v1_<<url64:43>>"),
            Sample::Text("TOGETHER_V1_KEY=tgp_v1_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/together-key",
            severity: Severity::High,
            summary: "A Together AI API key of the older form.",
            docs: "Runs and fine-tunes models at the account's cost.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Together AI documentation, *Quickstart*.",
            ..META
        },
        keywords: &["together-", "together_", "togetherai", "togetherapi"],
        shape: Shape::Named {
            name: "together[_-]?(?:ai|api|key|token)|togetherai",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("together_ai_api_key => \"<<hex:64>>\""),
            Sample::Text("export TOGETHER_AI_TOKEN=\"<<hex:64>>\""),
        ],
        no: &[
            Sample::Text("together_ai_token = \"<<hex:63>>\""),
            Sample::Text("together_ai_token = \"Zq<<hex:64>>\""),
            Sample::Text("together_ai_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/together_ai/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fireworks-key",
            severity: Severity::High,
            summary: "A Fireworks AI API key.",
            docs: "Runs and fine-tunes models at the account's cost.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Fireworks AI documentation, *Getting started*.",
            ..META
        },
        keywords: &["fw_"],
        shape: Shape::Token("fw_[0-9A-Za-z]{22,24}"),
        check: structure::random,
        min_entropy: 3.5,
        yes: &[
            Sample::Text("https://host.test/v1?key=fw_<<b62:22>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer fw_<<b62:22>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("fireworks_key = \"fw_<<b62:21>>\""),
            Sample::Text("blob: Qzfw_<<b62:22>>"),
            Sample::Text("FIREWORKS_KEY=fw_xxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/openrouter-key",
            severity: Severity::High,
            summary: "An OpenRouter API key.",
            docs: "Runs many providers' models from the account's credit.\n\n\
                Revoke it under *Settings > Keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: OpenRouter documentation, *API authentication*.",
            ..META
        },
        keywords: &["sk-or-"],
        shape: Shape::Token("sk-or-v1-[0-9a-f]{64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("{\"openrouter_key\": \"sk-or-v1-<<hex:64>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"OPENROUTER_KEY\">sk-or-v1-<<hex:64>></add>"),
        ],
        no: &[
            Sample::Text("openrouter_key = \"sk-or-v1-<<hex:63>>\""),
            Sample::Text("blob: Qzsk-or-v1-<<hex:64>>"),
            Sample::Text("OPENROUTER_KEY=sk-or-v1-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cerebras-key",
            severity: Severity::High,
            summary: "A Cerebras API key.",
            docs: "Runs models at the organisation's cost.\n\n\
                Revoke it under *API keys* of the Cerebras cloud, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Cerebras inference documentation, *Quickstart*.",
            ..META
        },
        keywords: &["csk-"],
        shape: Shape::Token("csk-[0-9a-z]{48}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer csk-<<low36:48>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nCEREBRAS_KEY = csk-<<low36:48>>\\n\""),
        ],
        no: &[
            Sample::Text("cerebras_key = \"csk-<<low36:47>>\""),
            Sample::Text("blob: Qzcsk-<<low36:48>>"),
            Sample::Text("CEREBRAS_KEY=csk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/nvidia-key",
            severity: Severity::High,
            summary: "An NVIDIA NGC or NIM API key.",
            docs: "Runs models and pulls containers of the organisation.\n\n\
                Revoke it under *Setup > Generate API key* of NGC, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: NVIDIA NGC user guide, *Generating API keys*.",
            ..META
        },
        keywords: &["nvapi-"],
        shape: Shape::Token("nvapi-[0-9A-Za-z_-]{60,70}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"NVIDIA_KEY\">nvapi-<<url64:64>></add>"),
            Sample::Text("nvidia_key: 'nvapi-<<url64:64>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("blob: Qznvapi-<<url64:64>>"),
            Sample::Text("NVIDIA_KEY=nvapi-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("nvapi-<<url64:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/sambanova-key",
            severity: Severity::High,
            summary: "A SambaNova API key.",
            docs: "Runs models at the account's cost.\n\n\
                Revoke it under *APIs* of SambaNova cloud, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: SambaNova documentation, *Get your API key*.",
            ..META
        },
        keywords: &["sambanova"],
        shape: Shape::Named {
            name: "sambanova",
            value: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("sambanova_api_key => \"<<uuid>>\""),
            Sample::Text("export SAMBANOVA_TOKEN=\"<<uuid>>\""),
        ],
        no: &[
            Sample::Text("sambanova_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>\""),
            Sample::Text("sambanova_token = \"Zq<<uuid>>\""),
            Sample::Text("sambanova_token = \"00000000-0000-0000-0000-000000000000\""),
            Sample::Text("https://files.test/sambanova/<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/deepinfra-key",
            severity: Severity::High,
            summary: "A DeepInfra API key.",
            docs: "Runs models at the account's cost.\n\n\
                Revoke it under *Dashboard > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: DeepInfra documentation, *API*.",
            ..META
        },
        keywords: &["deep_infra", "deepinfra"],
        shape: Shape::Named {
            name: "deepinfra|deep_infra",
            value: "[0-9A-Za-z]{32}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("deepinfra_token: <<b62:32>>\n"),
            Sample::Text("DEEPINFRA_API_KEY=<<b62:32>>"),
        ],
        no: &[
            Sample::Text("deepinfra_token = \"<<b62:31>>\""),
            Sample::Text("deepinfra_token = \"Zq<<b62:32>>\""),
            Sample::Text("deepinfra_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/deepinfra/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/baseten-key",
            severity: Severity::High,
            summary: "A Baseten API key.",
            docs: "Deploys and runs models at the workspace's cost.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Baseten documentation, *API keys*.",
            ..META
        },
        keywords: &["baseten"],
        shape: Shape::Named {
            name: "baseten",
            value: r"[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("BASETEN_API_KEY=<<b62:8>>.<<b62:32>>"),
            Sample::Text("const basetenKey = `<<b62:8>>.<<b62:32>>`;"),
        ],
        no: &[
            Sample::Text("baseten_token = \"<<b62:8>>.<<b62:31>>\""),
            Sample::Text("baseten_token = \"Zq<<b62:8>>.<<b62:32>>\""),
            Sample::Text("baseten_token = \"xxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/baseten/<<b62:8>>.<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/fal-key",
            severity: Severity::High,
            summary: "A fal API key.",
            docs: "Runs image and video models at the account's cost.\n\n\
                Revoke it under *Dashboard > Keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: fal documentation, *Authentication*.",
            ..META
        },
        keywords: &["fal-", "fal_", "falai", "falkey"],
        shape: Shape::Named {
            name: r"\bfal[_-]?(?:api[_-]?)?(?:key|token|ai|client)",
            value: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("fal_ai_token: <<uuid>>:<<hex:32>>\n"),
            Sample::Text("FAL_AI_API_KEY=<<uuid>>:<<hex:32>>"),
        ],
        no: &[
            Sample::Text("fal_ai_token = \"<<uuid>>:<<hex:31>>\""),
            Sample::Text("fal_ai_token = \"Zq<<uuid>>:<<hex:32>>\""),
            Sample::Text("fal_ai_token = \"00000000-0000-0000-0000-000000000000:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/fal_ai/<<uuid>>:<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/siliconflow-key",
            severity: Severity::High,
            summary: "A SiliconFlow API key.",
            docs: "Runs models at the account's cost.\n\n\
                Revoke it under *API keys* of the SiliconFlow console, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: SiliconFlow documentation, *Quickstart*.",
            ..META
        },
        keywords: &["silicon_flow", "siliconflow"],
        shape: Shape::Named {
            name: "siliconflow|silicon_flow",
            value: "sk-[a-z]{48}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("siliconflow_token: sk-<<lower:48>>\n"),
            Sample::Text("SILICONFLOW_API_KEY=sk-<<lower:48>>"),
        ],
        no: &[
            Sample::Text("siliconflow_token = \"sk-<<lower:47>>\""),
            Sample::Text("siliconflow_token = \"Zqsk-<<lower:48>>\""),
            Sample::Text("siliconflow_token = \"sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/siliconflow/sk-<<lower:48>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/modal-token",
            severity: Severity::High,
            summary: "A Modal token.",
            docs: "Runs code in the workspace.\n\n\
                Revoke it under *Settings > API tokens*, then let the server read a new one from its environment or \
                a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Modal documentation, *Token*.",
            ..META
        },
        keywords: &[
            "modal-token",
            "modal_api",
            "modal_key",
            "modal_secret",
            "modal_token",
            "modalkey",
            "modaltoken",
        ],
        shape: Shape::Named {
            name: "modal[_-]?(?:token|api|key|secret)",
            value: "a[ks]-[0-9A-Za-z]{22}",
        },
        min_entropy: 3.3,
        yes: &[
            Sample::Text("modal_token_api_key => \"as-<<b62:22>>\""),
            Sample::Text("export MODAL_TOKEN_TOKEN=\"as-<<b62:22>>\""),
        ],
        no: &[
            Sample::Text("modal_token_token = \"as-<<b62:21>>\""),
            Sample::Text("modal_token_token = \"Zqas-<<b62:22>>\""),
            Sample::Text("modal_token_token = \"as-xxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/modal_token/as-<<b62:22>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/runpod-key",
            severity: Severity::High,
            summary: "A RunPod API key.",
            docs: "Starts GPUs at the account's cost.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: RunPod documentation, *API keys*.",
            ..META
        },
        keywords: &["rpa_"],
        shape: Shape::Token("rpa_[0-9A-Z]{40,50}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=rpa_<<up36:46>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer rpa_<<up36:46>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("blob: Qzrpa_<<up36:46>>"),
            Sample::Text("RUNPOD_KEY=rpa_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("rpa_<<up36:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/vastai-key",
            severity: Severity::High,
            summary: "A Vast.ai API key.",
            docs: "Rents GPUs at the account's cost.\n\n\
                Revoke it under *Account > Keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Vast.ai documentation, *API keys*.",
            ..META
        },
        keywords: &["vast", "vastai"],
        shape: Shape::Named {
            name: "vast[_.-]?ai|vastai",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const vastaiKey = `<<hex:64>>`;"),
            Sample::Text("vastai.secret = '<<hex:64>>'"),
        ],
        no: &[
            Sample::Text("vastai_token = \"<<hex:63>>\""),
            Sample::Text("vastai_token = \"Zq<<hex:64>>\""),
            Sample::Text("vastai_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/vastai/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/paperspace-key",
            severity: Severity::High,
            summary: "A Paperspace API key.",
            docs: "Starts machines at the team's cost.\n\n\
                Revoke it under *Team settings > API keys*, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Paperspace documentation, *API keys*.",
            ..META
        },
        keywords: &["paperspace"],
        shape: Shape::Named {
            name: "paperspace",
            value: "[0-9a-f]{30}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export PAPERSPACE_TOKEN=\"<<hex:30>>\""),
            Sample::Text("paperspace_token: <<hex:30>>\n"),
        ],
        no: &[
            Sample::Text("paperspace_token = \"<<hex:29>>\""),
            Sample::Text("paperspace_token = \"Zq<<hex:30>>\""),
            Sample::Text("paperspace_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/paperspace/<<hex:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ollama-key",
            severity: Severity::Medium,
            summary: "An Ollama cloud API key.",
            docs: "Runs hosted models at the account's cost.\n\n\
                Revoke it under *Settings > Keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Ollama documentation, *Cloud*.",
            ..META
        },
        keywords: &["ollama"],
        shape: Shape::Named {
            name: "ollama",
            value: r"[0-9a-f]{32}\.[0-9A-Za-z_-]{24}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("ollama.secret = '<<hex:32>>.<<b62:24>>'"),
            Sample::Text("\"ollamaApiKey\": \"<<hex:32>>.<<b62:24>>\","),
        ],
        no: &[
            Sample::Text("ollama_token = \"<<hex:32>>.<<b62:23>>\""),
            Sample::Text("ollama_token = \"Zq<<hex:32>>.<<b62:24>>\""),
            Sample::Text("ollama_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/ollama/<<hex:32>>.<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/friendli-token",
            severity: Severity::High,
            summary: "A Friendli token.",
            docs: "Runs models at the team's cost.\n\n\
                Revoke it under *Personal settings > API tokens*, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Friendli documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["flp_"],
        shape: Shape::Token("flp_[0-9A-Za-z]{46}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"print(1)\\nFRIENDLI_TOKEN = flp_<<b62:46>>\\n\""),
            Sample::Text("docker run -e FRIENDLI_TOKEN=flp_<<b62:46>> image\n"),
        ],
        no: &[
            Sample::Text("friendli_token = \"flp_<<b62:45>>\""),
            Sample::Text("blob: Qzflp_<<b62:46>>"),
            Sample::Text("FRIENDLI_TOKEN=flp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-openai-key",
            severity: Severity::Critical,
            summary: "An Azure AI key of the 84-character form.",
            docs: "Runs Azure OpenAI and other AI services at the subscription's cost.\n\n\
                Revoke it under *Keys and endpoint* of the resource (regenerate), then let the server read a new one \
                from its environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Microsoft Learn, *Azure OpenAI*; Microsoft's *common annotated security keys*.",
            ..META
        },
        keywords: &["jqqj9"],
        shape: Shape::Token("[0-9A-Za-z]{52}JQQJ9[9D][A-L][0-9A-Za-z]{16}[A-Za-z][0-9A-Za-z]{7}(?:[0-9A-Za-z]{2}==)?"),
        reach: 300,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=<<b62:52>>JQQJ99B<<b62:16>>A<<b62:7>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer <<b62:52>>JQQJ99B<<b62:16>>A<<b62:7>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("azure_openai_key = \"<<b62:52>>JQQJ99B<<b62:16>>A<<b62:6>>\""),
            Sample::Text("blob: Qz<<b62:52>>JQQJ99B<<b62:16>>A<<b62:7>>"),
            Sample::Text(
                "AZURE_OPENAI_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxJQQJ99BxxxxxxxxxxxxxxxxAxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-openai-short-key",
            severity: Severity::High,
            summary: "An Azure OpenAI key of the 32-character form.",
            docs: "Runs Azure OpenAI at the subscription's cost.\n\n\
                Revoke it under *Keys and endpoint* of the resource (regenerate), then let the server read a new one \
                from its environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Microsoft Learn, *Azure OpenAI, authentication*.",
            ..META
        },
        keywords: &["cognitive", "ocp-apim", "openai"],
        shape: Shape::Named {
            name: "azure[_. -]?open[_-]?ai|azure_?cognitive|cognitive_?services|ocp-apim-subscription",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("azure_openai_token: <<hex:32>>\n"),
            Sample::Text("AZURE_OPENAI_API_KEY=<<hex:32>>"),
            Sample::Text("Ocp-Apim-Subscription-Key: <<hex:32>>"),
        ],
        no: &[
            Sample::Text("azure_openai_token = \"<<hex:31>>\""),
            Sample::Text("azure_openai_token = \"Zq<<hex:32>>\""),
            Sample::Text("azure_openai_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/azure_openai/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/helicone-key",
            severity: Severity::High,
            summary: "A Helicone API key.",
            docs: "Reads every request that went through it.\n\n\
                Revoke it under *Settings > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Helicone documentation, *API keys*.",
            ..META
        },
        keywords: &["sk-helicone-"],
        shape: Shape::Token("sk-helicone-(?:(?:cp|eu)-)?[0-9a-z]{7}-[0-9a-z]{7}-[0-9a-z]{7}-[0-9a-z]{7}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text(
                "docker run -e HELICONE_KEY=sk-helicone-<<low36:7>>-<<low36:7>>-<<low36:7>>-<<low36:7>> image\n",
            ),
            Sample::Text("HELICONE_KEY=sk-helicone-<<low36:7>>-<<low36:7>>-<<low36:7>>-<<low36:7>>"),
        ],
        no: &[
            Sample::Text("helicone_key = \"sk-helicone-<<low36:7>>-<<low36:7>>-<<low36:7>>-<<low36:6>>\""),
            Sample::Text("blob: Qzsk-helicone-<<low36:7>>-<<low36:7>>-<<low36:7>>-<<low36:7>>"),
            Sample::Text("HELICONE_KEY=sk-helicone-xxxxxxx-xxxxxxx-xxxxxxx-xxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/portkey-key",
            severity: Severity::High,
            summary: "A Portkey API key.",
            docs: "Runs models through the organisation's stored keys.\n\n\
                Revoke it under *API keys* of Portkey, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Portkey documentation, *Authentication*.",
            ..META
        },
        keywords: &["portkey"],
        shape: Shape::Named {
            name: "portkey",
            value: "[0-9A-Za-z+/]{27}=",
        },
        min_entropy: 3.3,
        yes: &[
            Sample::Text("portkey.secret = '<<b64:27>>='"),
            Sample::Text("\"portkeyApiKey\": \"<<b64:27>>=\","),
        ],
        no: &[
            Sample::Text("portkey_token = \"<<b64:26>>=\""),
            Sample::Text("portkey_token = \"Zq<<b64:27>>=\""),
            Sample::Text("portkey_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxx=\""),
            Sample::Text("https://files.test/portkey/<<b64:27>>="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/novita-key",
            severity: Severity::High,
            summary: "A Novita AI API key.",
            docs: "Runs models at the account's cost.\n\n\
                Revoke it under *Settings > Key management*, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Novita documentation, *Get an API key*.",
            ..META
        },
        keywords: &["novita"],
        shape: Shape::Named {
            name: "novita",
            value: "sk_[0-9A-Za-z_-]{40,50}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("novita_api_key => \"sk_<<b62:43>>\""),
            Sample::Text("export NOVITA_TOKEN=\"sk_<<b62:43>>\""),
        ],
        no: &[
            Sample::Text("novita_token = \"sk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/novita/sk_<<b62:43>>"),
            Sample::Text("novita_token = \"sk_<<b62:20>>\""),
        ],
        ..SecretRule::DEFAULT
    },
];
