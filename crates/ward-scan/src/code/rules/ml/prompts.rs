//! What goes into prompts.

use ruff_python_ast::{Expr, Stmt};
use ward_evidence::{
    RuleMeta, Severity,
    controls::{CODE_2A, DATA_5A},
};

use super::super::super::{
    Ctx,
    rule::{Hit, Node, On, Rule},
};
use super::{mentions, sensitive::Sensitive};

pub(super) static PHI: Rule = Rule {
    meta: RuleMeta {
        id: "ml/phi-in-prompt",
        severity: Severity::Medium,
        controls: &[CODE_2A, DATA_5A],
        summary: "What identifies a patient goes into the prompt of a model that somebody else runs.",
        docs: "The text leaves the house, is kept and may be read there; without a contract for it that is a disclosure. The \
            rule goes by the names of variables and fields, and by clients of hosted services whose address is not set to a \
            machine of your own.\n\n\
            Example: `client.chat.completions.create(messages=[{\"role\": \"user\", \"content\": patient_note}])`\n\n\
            **Instead:** de-identify first (`ward deid`), put `ward serve` in between, which does that and puts the values \
            back, or run the model here.\n\n\
            Source: 45 CFR 164.502(e), 164.514; GDPR Art. 28; OWASP Top 10 for LLM applications 2025, LLM02; CWE-359.",
    },
    on: &[
        On::Call("openai.OpenAI.chat.completions.create"),
        On::Call("openai.OpenAI.completions.create"),
        On::Call("openai.OpenAI.responses.create"),
        On::Call("openai.OpenAI.embeddings.create"),
        On::Call("openai.AsyncOpenAI.chat.completions.create"),
        On::Call("openai.AsyncOpenAI.responses.create"),
        On::Call("openai.AzureOpenAI.chat.completions.create"),
        On::Call("openai.chat.completions.create"),
        On::Call("openai.ChatCompletion.create"),
        On::Call("openai.Completion.create"),
        On::Call("anthropic.Anthropic.messages.create"),
        On::Call("anthropic.Anthropic.messages.stream"),
        On::Call("anthropic.Anthropic.completions.create"),
        On::Call("anthropic.AsyncAnthropic.messages.create"),
        On::Call("google.generativeai.GenerativeModel.generate_content"),
        On::Call("google.genai.Client.models.generate_content"),
        On::Call("vertexai.generative_models.GenerativeModel.generate_content"),
        On::Call("cohere.Client.chat"),
        On::Call("cohere.Client.generate"),
        On::Call("cohere.ClientV2.chat"),
        On::Call("mistralai.Mistral.chat.complete"),
        On::Call("mistralai.client.MistralClient.chat"),
        On::Call("groq.Groq.chat.completions.create"),
        On::Call("together.Together.chat.completions.create"),
        On::Call("replicate.run"),
        On::Call("litellm.completion"),
        On::Call("litellm.acompletion"),
        On::Call("huggingface_hub.InferenceClient.chat_completion"),
        On::Call("huggingface_hub.InferenceClient.text_generation"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if has_own_address(ctx) {
            return;
        }
        let args = call.arguments.args.iter();
        let named = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        let found = args
            .chain(named)
            .find_map(|expr| mentions::find(ctx, ctx.behind(expr), Sensitive::Phi));
        if let Some((_, word)) = found {
            let note = format!("`{word}`, a patient's data by its name, goes to a model that somebody else runs");
            out.report(Hit::at(call).note(note).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "from openai import OpenAI\nc = OpenAI()\nc.chat.completions.create(model='m', messages=[{'role': 'user', 'content': f'Sum up: {patient_note}'}])",
        "import anthropic\nc = anthropic.Anthropic()\nmessages = [{'role': 'user', 'content': clinical_note}]\nc.messages.create(model='m', messages=messages)",
    ],
    good: &[
        "from openai import OpenAI\nc = OpenAI()\nc.chat.completions.create(model='m', messages=[{'role': 'user', 'content': deidentify(patient_note)}])",
        "from openai import OpenAI\nc = OpenAI(base_url='http://localhost:8443/v1')\nc.chat.completions.create(model='m', messages=[{'role': 'user', 'content': patient_note}])",
        "from openai import OpenAI\nc = OpenAI()\nc.chat.completions.create(model='m', messages=[{'role': 'user', 'content': question}])",
    ],
};

/// Whether the program sets the address of the service to this machine or one beside it.
fn has_own_address(ctx: &Ctx<'_>) -> bool {
    let local = [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "host.docker.internal",
        "://10.",
        "://192.168.",
        ".local",
        ".internal",
    ];
    ctx.source.lines().any(|line| {
        let named = line.contains("base_url")
            || line.contains("api_base")
            || line.contains("endpoint")
            || line.contains("host=");
        named && local.iter().any(|host| line.contains(host))
    })
}

/// Names of parameters and variables that hold what a person or a document says.
const FROM_OUTSIDE: &[&str] = &[
    "user_input",
    "user_message",
    "user_prompt",
    "user_query",
    "user_question",
    "user_text",
    "question",
    "query",
    "message",
    "document",
    "doc",
    "docs",
    "documents",
    "context",
    "retrieved",
    "chunks",
    "chunk",
    "page",
    "html",
    "email",
    "note",
    "notes",
    "content",
    "body",
    "transcript",
    "search_results",
    "tool_result",
    "tool_output",
    "observation",
    "review",
    "comment",
    "text",
    "input_text",
];

pub(super) static SYSTEM: Rule = Rule {
    meta: RuleMeta {
        id: "ml/untrusted-text-in-instructions",
        severity: Severity::Medium,
        controls: &[CODE_2A],
        summary: "Text from outside is put into a model's instructions.",
        docs: "What stands in the system message counts as the operator's own words. A question or a document that is put in \
            there can change the rules for the whole conversation.\n\n\
            Example: `{\"role\": \"system\", \"content\": f\"Answer from this page: {page}\"}`\n\n\
            **Instead:** constant instructions in the system message; the text in a message of its own with role `user` (or \
            `tool`), marked as data. That does not stop injection, but it no longer wears the operator's coat; what the answer \
            may do has to be limited as well.\n\n\
            Source: OWASP Top 10 for LLM applications 2025, LLM01; CWE-1427.",
    },
    on: &[
        On::Dict,
        On::Keyword("system"),
        On::Keyword("system_prompt"),
        On::Keyword("system_instruction"),
        On::Call("langchain_core.messages.SystemMessage"),
        On::Call("langchain.schema.SystemMessage"),
    ],
    check: |ctx, site, out| {
        let content: Option<&Expr> = match site.node {
            Node::Expr(Expr::Dict(dict)) => {
                let value = |name: &str| {
                    dict.items.iter().find_map(|item| match &item.key {
                        Some(Expr::StringLiteral(key)) if key.value.to_str() == name => Some(&item.value),
                        _ => None,
                    })
                };
                match value("role").and_then(|role| ctx.str(role)).as_deref() {
                    Some("system" | "developer") => value("content"),
                    _ => None,
                }
            }
            Node::Keyword(_, keyword) => Some(&keyword.value),
            Node::Call(call) => ctx.arg(call, 0, "content").given(),
            _ => None,
        };
        let Some(content) = content else { return };
        let built = ctx.behind(content);
        // A whole variable as the message is somebody's choice of instructions; what is put into a text is data.
        if !matches!(built, Expr::FString(_) | Expr::BinOp(_) | Expr::Call(_)) {
            return;
        }
        let mut from_outside = None;
        mentions::inserted(built, &mut |leaf| {
            if from_outside.is_none() && is_from_outside(ctx, leaf) {
                from_outside = Some(leaf);
            }
        });
        if let Some(leaf) = from_outside {
            let hit = Hit::at(content).note(format!(
                "`{}`, text from outside by its name, is put into a model's instructions",
                short(ctx.text(leaf))
            ));
            out.report(hit.thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "def f(question):\n    return [{'role': 'system', 'content': f'You are kind. Answer: {question}'}]",
        "from flask import request\nm = [{'role': 'system', 'content': 'Use ' + request.args['page']}]",
        "def f(c, page):\n    c.messages.create(model='m', system='Read this: ' + page)",
    ],
    good: &[
        "def f(question):\n    return [{'role': 'system', 'content': 'You are kind.'}, {'role': 'user', 'content': question}]",
        "def f(name):\n    return [{'role': 'system', 'content': f'You are {ASSISTANT}.'}]",
        "def f(message):\n    return [{'role': 'user', 'content': f'Say: {message}'}]",
    ],
};

fn short(text: &str) -> &str {
    text.lines()
        .next()
        .unwrap_or_default()
        .get(..60)
        .unwrap_or(text.lines().next().unwrap_or_default())
}

/// Whether a name stands for text from outside: by what it is called, as a parameter or what a request holds.
fn is_from_outside<'a>(ctx: &Ctx<'a>, leaf: &'a Expr) -> bool {
    let root = {
        let mut at = leaf;
        loop {
            match at {
                Expr::Attribute(attribute) => at = &attribute.value,
                Expr::Subscript(subscript) => at = &subscript.value,
                Expr::Call(call) => at = &call.func,
                other => break other,
            }
        }
    };
    let name = ctx.name(root).unwrap_or_default();
    if matches!(name.as_str(), "flask.request" | "bottle.request" | "quart.request") {
        return true;
    }
    let Expr::Name(root) = root else { return false };
    let word = match leaf {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => root.id.as_str(),
    };
    let parameter = ctx.function().is_some_and(|function| {
        function
            .parameters
            .iter()
            .any(|parameter| parameter.name().as_str() == root.id.as_str())
    });
    let request = root.id.as_str() == "request";
    // Only what comes into the function: a variable that is made in it may be anything.
    let assigned_constant = matches!(ctx.statements().last(), Some(Stmt::Global(_)));
    !assigned_constant && (request || parameter && FROM_OUTSIDE.contains(&word.to_ascii_lowercase().as_str()))
}
