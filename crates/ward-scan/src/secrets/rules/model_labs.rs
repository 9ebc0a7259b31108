//! Companies that train models and sell answers: OpenAI, Anthropic, Mistral and others.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    rule::{META, SecretRule, Shape, Verdict, Verify},
    rules::structure,
    sample::Sample,
};

/// The rules.
pub static RULES: &[SecretRule] = &[
    SecretRule {
        meta: RuleMeta {
            id: "secrets/openai-key",
            severity: Severity::Critical,
            summary: "An OpenAI API key.",
            docs: "Runs models, reads files and fine-tunes at the account's cost.\n\n\
                Every key carries `T3BlbkFJ`, which is `OpenAI` in base64.\n\n\
                Revoke it under *API keys* of the OpenAI platform, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: OpenAI platform documentation, *API keys*.",
            ..META
        },
        keywords: &[
            "sk-proj-",
            "sk-svcacct-",
            "sk-admin-",
            "sk-service-",
            "sk-none-",
            "t3blbkfj",
        ],
        shape: Shape::Token(
            "sk-(?:(?:proj|svcacct|admin|service|None)-[0-9A-Za-z_-]{20,110}T3BlbkFJ[0-9A-Za-z_-]{20,110}|[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20})",
        ),
        reach: 300,
        min_entropy: 3.6,
        verify: Some(Verify {
            method: "GET",
            url: "https://api.openai.com/v1/models",
            header: ("Authorization", "Bearer {secret}"),
            live: &[200, 403, 429],
            dead: &[401],
        }),
        yes: &[
            Sample::Text("docker run -e OPENAI_KEY=sk-<<b62:20>>T3BlbkFJ<<b62:20>> image\n"),
            Sample::Text("OPENAI_KEY=sk-<<b62:20>>T3BlbkFJ<<b62:20>>"),
            Sample::Text("OPENAI_API_KEY=sk-proj-<<url64:74>>T3BlbkFJ<<url64:74>>"),
            Sample::Text("openai.api_key = 'sk-svcacct-<<url64:58>>T3BlbkFJ<<url64:58>>'"),
            Sample::Text("key: sk-admin-<<url64:58>>T3BlbkFJ<<url64:58>>"),
        ],
        no: &[
            Sample::Text("openai_key = \"sk-<<b62:20>>T3BlbkFJ<<b62:19>>\""),
            Sample::Text("blob: Qzsk-<<b62:20>>T3BlbkFJ<<b62:20>>"),
            Sample::Text("OPENAI_KEY=sk-xxxxxxxxxxxxxxxxxxxxT3BlbkFJxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/openai-session",
            severity: Severity::High,
            summary: "An OpenAI session key.",
            docs: "Acts as the person who is signed in.\n\n\
                Revoke it under *Security > Log out of all devices*, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: OpenAI platform documentation, *Authentication*.",
            ..META
        },
        keywords: &["sess-"],
        shape: Shape::Token("sess-[0-9A-Za-z]{40}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"openai_session\": \"sess-<<b62:40>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"OPENAI_SESSION\">sess-<<b62:40>></add>"),
        ],
        no: &[
            Sample::Text("openai_session = \"sess-<<b62:39>>\""),
            Sample::Text("blob: Qzsess-<<b62:40>>"),
            Sample::Text("OPENAI_SESSION=sess-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/anthropic-key",
            severity: Severity::Critical,
            summary: "An Anthropic API key.",
            docs: "Runs Claude models at the account's cost; an admin key (`sk-ant-admin`) makes more keys.\n\n\
                Revoke it under *API keys* of the Anthropic console, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Anthropic API documentation, *Getting started*.",
            ..META
        },
        keywords: &["sk-ant-"],
        shape: Shape::Token("sk-ant-(?:api|admin|oat|ort|sid)[0-9]{2,3}-[0-9A-Za-z_-]{80,120}"),
        check: |secret| match secret.ends_with("AA") {
            true => Verdict::Plausible,
            false => Verdict::Wrong,
        },
        min_entropy: 3.6,
        verify: Some(Verify {
            method: "GET",
            url: "https://api.anthropic.com/v1/models",
            header: ("x-api-key", "{secret}"),
            live: &[200, 400, 403, 429],
            dead: &[401],
        }),
        yes: &[
            Sample::Text("https://host.test/v1?key=sk-ant-api03-<<url64:93>>AA&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer sk-ant-api03-<<url64:93>>AA\" \"$HOST/v1\""),
            Sample::Text("ANTHROPIC_ADMIN_KEY=sk-ant-admin01-<<url64:93>>AA"),
        ],
        no: &[
            Sample::Text("blob: Qzsk-ant-api03-<<url64:93>>AA"),
            Sample::Text(
                "ANTHROPIC_KEY=sk-ant-api03-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxAA",
            ),
            Sample::Text("sk-ant-api03-<<url64:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mistral-key",
            severity: Severity::High,
            summary: "A Mistral API key.",
            docs: "Runs models and fine-tuning at the workspace's cost.\n\n\
                Revoke it under *API keys* of the Mistral console, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Mistral documentation, *Quickstart*.",
            ..META
        },
        keywords: &["mistral"],
        shape: Shape::Named {
            name: "mistral",
            value: "[0-9A-Za-z]{32}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export MISTRAL_TOKEN=\"<<b62:32>>\""),
            Sample::Text("mistral_token: <<b62:32>>\n"),
        ],
        no: &[
            Sample::Text("mistral_token = \"<<b62:31>>\""),
            Sample::Text("mistral_token = \"Zq<<b62:32>>\""),
            Sample::Text("mistral_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/mistral/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cohere-key",
            severity: Severity::High,
            summary: "A Cohere API key.",
            docs: "Runs models at the organisation's cost.\n\n\
                Revoke it under *API keys* of the Cohere dashboard, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Cohere documentation, *Going live*.",
            ..META
        },
        keywords: &["co_api_key", "cohere"],
        shape: Shape::Named {
            name: "cohere|co_api_key",
            value: "[0-9A-Za-z]{40}",
        },
        check: structure::not_hex,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("cohere_api_key => \"<<b62:40>>\""),
            Sample::Text("export COHERE_TOKEN=\"<<b62:40>>\""),
            Sample::Text("CO_API_KEY=<<b62:40>>"),
        ],
        no: &[
            Sample::Text("cohere_token = \"<<b62:39>>\""),
            Sample::Text("cohere_token = \"Zq<<b62:40>>\""),
            Sample::Text("cohere_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/cohere/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/groq-key",
            severity: Severity::High,
            summary: "A Groq API key.",
            docs: "Runs models at the organisation's cost.\n\n\
                Revoke it under *API Keys* of the Groq console, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: GroqCloud documentation, *Quickstart*.",
            ..META
        },
        keywords: &["gsk_"],
        shape: Shape::Token("gsk_[0-9A-Za-z]{52}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"GROQ_KEY\">gsk_<<b62:52>></add>"),
            Sample::Text("groq_key: 'gsk_<<b62:52>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("groq_key = \"gsk_<<b62:51>>\""),
            Sample::Text("blob: Qzgsk_<<b62:52>>"),
            Sample::Text("GROQ_KEY=gsk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/perplexity-key",
            severity: Severity::High,
            summary: "A Perplexity API key.",
            docs: "Runs searches and models at the account's cost.\n\n\
                Revoke it under *Settings > API*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Perplexity API documentation, *Getting started*.",
            ..META
        },
        keywords: &["pplx-"],
        shape: Shape::Token("pplx-[0-9A-Za-z]{48,56}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("<add name=\"PERPLEXITY_KEY\">pplx-<<b62:48>></add>"),
            Sample::Text("perplexity_key: 'pplx-<<b62:48>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("perplexity_key = \"pplx-<<b62:47>>\""),
            Sample::Text("blob: Qzpplx-<<b62:48>>"),
            Sample::Text("PERPLEXITY_KEY=pplx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/deepseek-key",
            severity: Severity::High,
            summary: "A DeepSeek API key.",
            docs: "Runs models at the account's cost.\n\n\
                Revoke it under *API keys* of the DeepSeek platform, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: DeepSeek API documentation, *Your first API call*.",
            ..META
        },
        keywords: &["deep_seek", "deepseek"],
        shape: Shape::Named {
            name: "deepseek|deep_seek",
            value: "sk-[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export DEEPSEEK_TOKEN=\"sk-<<hex:32>>\""),
            Sample::Text("deepseek_token: sk-<<hex:32>>\n"),
        ],
        no: &[
            Sample::Text("deepseek_token = \"sk-<<hex:31>>\""),
            Sample::Text("deepseek_token = \"Zqsk-<<hex:32>>\""),
            Sample::Text("deepseek_token = \"sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/deepseek/sk-<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/xai-key",
            severity: Severity::High,
            summary: "An xAI API key.",
            docs: "Runs Grok models at the team's cost.\n\n\
                Revoke it under *API keys* of the xAI console, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: xAI documentation, *The hitchhiker's guide to Grok*.",
            ..META
        },
        keywords: &["xai-"],
        shape: Shape::Token("xai-[0-9A-Za-z]{70,90}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e XAI_KEY=xai-<<b62:80>> image\n"),
            Sample::Text("XAI_KEY=xai-<<b62:80>>"),
        ],
        no: &[
            Sample::Text("blob: Qzxai-<<b62:80>>"),
            Sample::Text(
                "XAI_KEY=xai-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            Sample::Text("xai-<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ai21-key",
            severity: Severity::High,
            summary: "An AI21 API key.",
            docs: "Runs Jamba models at the account's cost.\n\n\
                Revoke it under *Settings > API keys* of AI21 Studio, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: AI21 Studio documentation, *Authentication*.",
            ..META
        },
        keywords: &["ai21"],
        shape: Shape::Named {
            name: "ai21",
            value: "[0-9A-Za-z]{32}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("ai21_token: <<b62:32>>\n"),
            Sample::Text("AI21_API_KEY=<<b62:32>>"),
        ],
        no: &[
            Sample::Text("ai21_token = \"<<b62:31>>\""),
            Sample::Text("ai21_token = \"Zq<<b62:32>>\""),
            Sample::Text("ai21_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/ai21/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/zhipu-key",
            severity: Severity::High,
            summary: "A Zhipu (GLM) API key.",
            docs: "Runs GLM models at the account's cost.\n\n\
                Revoke it under *API keys* of the open platform, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Zhipu open platform documentation, *HTTP API*.",
            ..META
        },
        keywords: &["bigmodel", "glm-", "glm_", "zai_", "zhipu"],
        shape: Shape::Named {
            name: "zhipu|bigmodel|glm|zai",
            value: r"[0-9a-f]{32}\.[0-9A-Za-z]{16}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("const zhipuKey = `<<hex:32>>.<<b62:16>>`;"),
            Sample::Text("zhipu.secret = '<<hex:32>>.<<b62:16>>'"),
        ],
        no: &[
            Sample::Text("zhipu_token = \"<<hex:32>>.<<b62:15>>\""),
            Sample::Text("zhipu_token = \"Zq<<hex:32>>.<<b62:16>>\""),
            Sample::Text("zhipu_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/zhipu/<<hex:32>>.<<b62:16>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/moonshot-key",
            severity: Severity::High,
            summary: "A Moonshot (Kimi) API key.",
            docs: "Runs Kimi models at the account's cost.\n\n\
                Revoke it under *API keys* of the Moonshot platform, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Moonshot platform documentation, *Quick start*.",
            ..META
        },
        keywords: &["kimi", "moonshot"],
        shape: Shape::Named {
            name: "moonshot|kimi",
            value: "sk-[0-9A-Za-z]{48}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const moonshotKey = `sk-<<b62:48>>`;"),
            Sample::Text("moonshot.secret = 'sk-<<b62:48>>'"),
        ],
        no: &[
            Sample::Text("moonshot_token = \"sk-<<b62:47>>\""),
            Sample::Text("moonshot_token = \"Zqsk-<<b62:48>>\""),
            Sample::Text("moonshot_token = \"sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/moonshot/sk-<<b62:48>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/dashscope-key",
            severity: Severity::High,
            summary: "An Alibaba Model Studio (DashScope, Qwen) API key.",
            docs: "Runs Qwen models at the account's cost.\n\n\
                Revoke it under *API-KEY* of Model Studio, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Alibaba Cloud Model Studio documentation, *Get an API key*.",
            ..META
        },
        keywords: &["dashscope", "qwen"],
        shape: Shape::Named {
            name: "dashscope|qwen",
            value: "sk-[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"dashscopeApiKey\": \"sk-<<hex:32>>\","),
            Sample::Text("dashscope_api_key => \"sk-<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("dashscope_token = \"sk-<<hex:31>>\""),
            Sample::Text("dashscope_token = \"Zqsk-<<hex:32>>\""),
            Sample::Text("dashscope_token = \"sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/dashscope/sk-<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/stability-key",
            severity: Severity::High,
            summary: "A Stability AI API key.",
            docs: "Makes images at the account's cost.\n\n\
                Revoke it under *Account > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Stability AI platform documentation, *Authentication*.",
            ..META
        },
        keywords: &["dreamstudio", "stability", "stablediffusion"],
        shape: Shape::Named {
            name: "stability|dreamstudio|stablediffusion",
            value: "sk-[0-9A-Za-z]{48}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export STABILITY_TOKEN=\"sk-<<b62:48>>\""),
            Sample::Text("stability_token: sk-<<b62:48>>\n"),
        ],
        no: &[
            Sample::Text("stability_token = \"sk-<<b62:47>>\""),
            Sample::Text("stability_token = \"Zqsk-<<b62:48>>\""),
            Sample::Text("stability_token = \"sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/stability/sk-<<b62:48>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/elevenlabs-key",
            severity: Severity::High,
            summary: "An ElevenLabs API key.",
            docs: "Makes and clones voices at the account's cost.\n\n\
                Revoke it under *Profile > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: ElevenLabs documentation, *Authentication*.",
            ..META
        },
        keywords: &["eleven-labs", "eleven_labs", "elevenlabs", "xi-api-key", "xi_api_key"],
        shape: Shape::Named {
            name: "eleven[_-]?labs|xi-api-key|xi_api_key|xi-api_key|xi_api-key",
            value: "(?:sk_[0-9a-f]{48}|[0-9a-f]{32})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("ELEVENLABS_API_KEY=sk_<<hex:48>>"),
            Sample::Text("const elevenlabsKey = `sk_<<hex:48>>`;"),
            Sample::Text("-H 'xi-api-key: <<hex:32>>'"),
        ],
        no: &[
            Sample::Text("elevenlabs_token = \"sk_<<hex:47>>\""),
            Sample::Text("elevenlabs_token = \"Zqsk_<<hex:48>>\""),
            Sample::Text("elevenlabs_token = \"sk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/elevenlabs/sk_<<hex:48>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/assemblyai-key",
            severity: Severity::High,
            summary: "An AssemblyAI API key.",
            docs: "Transcribes at the account's cost and reads earlier transcripts.\n\n\
                Revoke it under the dashboard, *API keys*, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: AssemblyAI documentation, *Authentication*.",
            ..META
        },
        keywords: &["aai_", "assembly_ai", "assemblyai"],
        shape: Shape::Named {
            name: "assemblyai|assembly_ai|aai",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"assemblyaiApiKey\": \"<<hex:32>>\","),
            Sample::Text("assemblyai_api_key => \"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("assemblyai_token = \"<<hex:31>>\""),
            Sample::Text("assemblyai_token = \"Zq<<hex:32>>\""),
            Sample::Text("assemblyai_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/assemblyai/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/deepgram-key",
            severity: Severity::High,
            summary: "A Deepgram API key.",
            docs: "Transcribes at the project's cost.\n\n\
                Revoke it under the console, *API keys*, then let the server read a new one from its environment or \
                a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Deepgram documentation, *Authentication*.",
            ..META
        },
        keywords: &["deepgram"],
        shape: Shape::Named {
            name: "deepgram",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("deepgram.secret = '<<hex:40>>'"),
            Sample::Text("\"deepgramApiKey\": \"<<hex:40>>\","),
        ],
        no: &[
            Sample::Text("deepgram_token = \"<<hex:39>>\""),
            Sample::Text("deepgram_token = \"Zq<<hex:40>>\""),
            Sample::Text("deepgram_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/deepgram/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/deepl-key",
            severity: Severity::Medium,
            summary: "A DeepL API key.",
            docs: "Translates at the account's cost.\n\n\
                Revoke it under *Account > API keys*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: DeepL API documentation, *Authentication*.",
            ..META
        },
        keywords: &["deepl"],
        shape: Shape::Named {
            name: "deepl",
            value: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?::fx)?",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export DEEPL_TOKEN=\"<<uuid>>:fx\""),
            Sample::Text("deepl_token: <<uuid>>:fx\n"),
            Sample::Text("DEEPL_AUTH_KEY=<<uuid>>"),
        ],
        no: &[
            Sample::Text("deepl_token = \"<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>:fx\""),
            Sample::Text("deepl_token = \"Zq<<uuid>>:fx\""),
            Sample::Text("deepl_token = \"00000000-0000-0000-0000-000000000000:fx\""),
            Sample::Text("https://files.test/deepl/<<uuid>>:fx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/nlpcloud-key",
            severity: Severity::Medium,
            summary: "An NLP Cloud API token.",
            docs: "Runs models at the account's cost.\n\n\
                Revoke it under the dashboard, *API tokens*, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: NLP Cloud documentation, *Authentication*.",
            ..META
        },
        keywords: &["nlp_cloud", "nlpcloud"],
        shape: Shape::Named {
            name: "nlpcloud|nlp_cloud",
            value: "[0-9a-f]{40}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("nlpcloud.secret = '<<hex:40>>'"),
            Sample::Text("\"nlpcloudApiKey\": \"<<hex:40>>\","),
        ],
        no: &[
            Sample::Text("nlpcloud_token = \"<<hex:39>>\""),
            Sample::Text("nlpcloud_token = \"Zq<<hex:40>>\""),
            Sample::Text("nlpcloud_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/nlpcloud/<<hex:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/humanloop-key",
            severity: Severity::High,
            summary: "A Humanloop API key.",
            docs: "Reads prompts, logs and data sets.\n\n\
                Revoke it under *Organisation settings > API keys*, then let the server read a new one from its \
                environment or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Humanloop documentation, *API keys*.",
            ..META
        },
        keywords: &["hl_sk_"],
        shape: Shape::Token("hl_sk_[0-9a-f]{48}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("<add name=\"HUMANLOOP_KEY\">hl_sk_<<hex:48>></add>"),
            Sample::Text("humanloop_key: 'hl_sk_<<hex:48>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("humanloop_key = \"hl_sk_<<hex:47>>\""),
            Sample::Text("blob: Qzhl_sk_<<hex:48>>"),
            Sample::Text("HUMANLOOP_KEY=hl_sk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/clarifai-key",
            severity: Severity::High,
            summary: "A Clarifai key.",
            docs: "Reads and runs the account's models and inputs.\n\n\
                Revoke it under *Settings > Secrets*, then let the server read a new one from its environment or a \
                secret store; no key belongs in a browser or a repository.\n\n\
                Source: Clarifai documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["clarifai"],
        shape: Shape::Named {
            name: "clarifai",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("clarifai.secret = '<<hex:32>>'"),
            Sample::Text("\"clarifaiApiKey\": \"<<hex:32>>\","),
        ],
        no: &[
            Sample::Text("clarifai_token = \"<<hex:31>>\""),
            Sample::Text("clarifai_token = \"Zq<<hex:32>>\""),
            Sample::Text("clarifai_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/clarifai/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cartesia-key",
            severity: Severity::High,
            summary: "A Cartesia API key.",
            docs: "Makes and clones voices at the account's cost.\n\n\
                Revoke it under the playground, *API keys*, then let the server read a new one from its environment \
                or a secret store; no key belongs in a browser or a repository.\n\n\
                Source: Cartesia documentation, *Authentication*.",
            ..META
        },
        keywords: &["sk_car_"],
        shape: Shape::Token("sk_car_[0-9A-Za-z]{20,44}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("CARTESIA_KEY=sk_car_<<b62:22>>"),
            Sample::Text("cartesia_key = \"sk_car_<<b62:22>>\"\r\n"),
        ],
        no: &[
            Sample::Text("cartesia_key = \"sk_car_<<b62:12>>\""),
            Sample::Text("blob: Qzsk_car_<<b62:22>>"),
            Sample::Text("CARTESIA_KEY=sk_car_xxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
];
