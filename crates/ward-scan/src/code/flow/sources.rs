//! Where values come in that somebody else may have chosen.
//!
//! One line for each name. Names are qualified, as rules see them (see [`super::super::rule::On`]). What
//! the names mean is in the documentation of the framework.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::sinks::{ALL, Sink};

/// Who chose a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Source {
    /// Whoever sends a request.
    Request,
    /// Whoever is at the other end of a socket.
    Socket,
    /// A language model: whoever can put a word into its context.
    Model,
    /// The server that answered.
    Network,
    /// Whoever types.
    Stdin,
    /// Whoever starts the program.
    Argv,
    /// Whoever starts the program, or set the machine up.
    Environment,
    /// Whoever wrote the file.
    File,
    /// Nobody else, perhaps: a query whose text the program puts together.
    Text,
    /// Nobody else: it must not get out. A credential.
    Secret,
    /// Nobody else: it must not get out. Something about a patient.
    Patient,
}

impl Source {
    /// In a sentence: "... comes from X".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Source::Request => "a request",
            Source::Socket => "a socket",
            Source::Model => "a language model's answer",
            Source::Network => "another server's answer",
            Source::Stdin => "what somebody typed",
            Source::Argv => "the command line",
            Source::Environment => "the environment",
            Source::File => "a file",
            Source::Text => "a text that is put together",
            Source::Secret => "a credential",
            Source::Patient => "a patient's data",
        }
    }

    /// The uses for which what it chose is dangerous.
    pub(super) fn live(self) -> u32 {
        let of = |sinks: &[Sink]| sinks.iter().fold(0, |mask, sink| mask | sink.bit());
        match self {
            Source::Request | Source::Socket => ALL & !of(&[Sink::Log, Sink::Prompt]),
            Source::Model => ALL & !of(&[Sink::Log, Sink::Prompt, Sink::Redirect, Sink::Regex]),
            Source::Network => of(&[Sink::Code, Sink::Command, Sink::Sql, Sink::Deserialise, Sink::Template]),
            Source::Stdin | Source::Argv | Source::Environment => {
                of(&[Sink::Code, Sink::Command, Sink::Sql, Sink::Deserialise, Sink::Template])
            }
            Source::File => of(&[Sink::Code, Sink::Command]),
            Source::Text => of(&[Sink::Sql]),
            Source::Secret | Source::Patient => of(&[Sink::Log, Sink::Prompt]),
        }
    }

    /// Chosen by somebody who has no rights on the machine.
    pub(crate) fn is_remote(self) -> bool {
        matches!(self, Source::Request | Source::Socket | Source::Model | Source::Network)
    }
}

/// Calls whose result is chosen by somebody else.
const CALLS: &[(&str, Source)] = &[
    // Python
    ("input", Source::Stdin),
    ("raw_input", Source::Stdin),
    ("getpass.getpass", Source::Secret),
    ("os.getenv", Source::Environment),
    ("os.environ.get", Source::Environment),
    ("sys.stdin.read", Source::Stdin),
    ("sys.stdin.readline", Source::Stdin),
    ("sys.stdin.readlines", Source::Stdin),
    ("argparse.ArgumentParser.parse_args", Source::Argv),
    ("argparse.ArgumentParser.parse_known_args", Source::Argv),
    ("open.read", Source::File),
    ("open.readline", Source::File),
    ("open.readlines", Source::File),
    ("pathlib.Path.read_text", Source::File),
    ("pathlib.Path.read_bytes", Source::File),
    ("socket.socket.recv", Source::Socket),
    ("socket.socket.recvfrom", Source::Socket),
    ("socket.socket.accept.recv", Source::Socket),
    ("websockets.connect.recv", Source::Socket),
    ("websockets.serve.recv", Source::Socket),
    // HTTP clients
    ("requests.get", Source::Network),
    ("requests.post", Source::Network),
    ("requests.request", Source::Network),
    ("requests.Session.get", Source::Network),
    ("requests.Session.post", Source::Network),
    ("requests.session.get", Source::Network),
    ("httpx.get", Source::Network),
    ("httpx.post", Source::Network),
    ("httpx.Client.get", Source::Network),
    ("httpx.Client.post", Source::Network),
    ("httpx.AsyncClient.get", Source::Network),
    ("httpx.AsyncClient.post", Source::Network),
    ("urllib.request.urlopen", Source::Network),
    ("urllib2.urlopen", Source::Network),
    ("urllib3.PoolManager.request", Source::Network),
    ("aiohttp.ClientSession.get", Source::Network),
    ("aiohttp.ClientSession.post", Source::Network),
    // Tornado, Bottle
    ("tornado.web.RequestHandler.get_argument", Source::Request),
    ("tornado.web.RequestHandler.get_arguments", Source::Request),
    ("tornado.web.RequestHandler.get_body_argument", Source::Request),
    ("tornado.web.RequestHandler.get_query_argument", Source::Request),
    ("tornado.web.RequestHandler.get_cookie", Source::Request),
    // Streamlit
    ("streamlit.text_input", Source::Request),
    ("streamlit.text_area", Source::Request),
    ("streamlit.chat_input", Source::Request),
    ("streamlit.file_uploader", Source::Request),
    ("streamlit.sidebar.text_input", Source::Request),
    ("streamlit.sidebar.text_area", Source::Request),
    ("streamlit.experimental_get_query_params", Source::Request),
];

/// Names that are chosen by somebody else, with everything in them.
const NAMES: &[(&str, Source)] = &[
    ("sys.argv", Source::Argv),
    ("os.environ", Source::Environment),
    ("os.environb", Source::Environment),
    ("streamlit.query_params", Source::Request),
    ("bottle.request", Source::Request),
    ("tornado.web.RequestHandler.request", Source::Request),
    ("http.server.BaseHTTPRequestHandler.path", Source::Request),
    ("http.server.BaseHTTPRequestHandler.headers", Source::Request),
    ("http.server.BaseHTTPRequestHandler.rfile", Source::Request),
    ("django.views.View.request", Source::Request),
    ("django.views.generic.View.request", Source::Request),
];

/// Objects that are a request; what is read from them is chosen by whoever sent it.
const REQUESTS: &[&str] = &[
    "flask.request",
    "flask.globals.request",
    "quart.request",
    "sanic.request.Request",
    "sanic.Request",
    "fastapi.Request",
    "fastapi.requests.Request",
    "starlette.requests.Request",
    "fastapi.WebSocket",
    "starlette.websockets.WebSocket",
    "django.http.HttpRequest",
    "django.http.request.HttpRequest",
    "rest_framework.request.Request",
    "aiohttp.web.Request",
    "aiohttp.web_request.Request",
    "gradio.Request",
    "pyramid.request.Request",
    "werkzeug.Request",
    "werkzeug.wrappers.Request",
];

/// What of a request is chosen by whoever sent it (Flask, Django, Starlette, aiohttp, Pyramid).
const REQUEST_PARTS: &[&str] = &[
    "args",
    "form",
    "values",
    "json",
    "data",
    "cookies",
    "headers",
    "files",
    "view_args",
    "full_path",
    "query_string",
    "get_json",
    "get_data",
    "stream",
    "environ",
    "url",
    "base_url",
    "path",
    "referrer",
    "user_agent",
    "GET",
    "POST",
    "PUT",
    "COOKIES",
    "FILES",
    "META",
    "REQUEST",
    "body",
    "read",
    "get_full_path",
    "query_params",
    "path_params",
    "match_info",
    "rel_url",
    "query",
    "post",
    "text",
    "content",
    "params",
    "matchdict",
    "json_body",
    "receive_text",
    "receive_json",
    "receive_bytes",
    "iter_text",
    "iter_json",
    "host",
    "remote_addr",
    "authorization",
    "raw_url",
    "multipart",
];

/// First parts of the names of libraries that ask a language model.
const MODEL_HEADS: &[&str] = &[
    "openai",
    "anthropic",
    "litellm",
    "ollama",
    "llama_cpp",
    "transformers",
    "langchain",
    "langchain_core",
    "langchain_openai",
    "langchain_anthropic",
    "langchain_community",
    "langchain_ollama",
    "langchain_google_genai",
    "langgraph",
    "llama_index",
    "google",
    "vertexai",
    "cohere",
    "mistralai",
    "together",
    "groq",
    "vllm",
    "huggingface_hub",
    "replicate",
    "guidance",
    "dspy",
    "autogen",
    "crewai",
    "semantic_kernel",
    "haystack",
    "ctransformers",
    "gpt4all",
    "instructor",
    "ai21",
    "zhipuai",
    "dashscope",
    "xai_sdk",
    "pydantic_ai",
    "smolagents",
];

/// Last parts of the names of calls that ask a language model.
fn is_model_method(end: &str) -> bool {
    matches!(
        end,
        "create"
            | "completion"
            | "acompletion"
            | "completions"
            | "chat"
            | "generate"
            | "agenerate"
            | "invoke"
            | "ainvoke"
            | "predict"
            | "apredict"
            | "predict_messages"
            | "run"
            | "arun"
            | "batch"
            | "abatch"
            | "stream"
            | "astream"
            | "complete"
            | "acomplete"
            | "query"
            | "aquery"
            | "generate_content"
            | "generate_content_async"
            | "send_message"
            | "generate_text"
            | "text_generation"
            | "chat_completion"
            | "conversational"
            | "create_completion"
            | "create_chat_completion"
            | "parse"
            | "apply"
            | "kickoff"
            | "run_sync"
            | "initiate_chat"
    )
}

/// What is called as a function to ask a language model, once it is made.
const MODEL_CALLABLES: &[&str] = &[
    "llama_cpp.Llama",
    "llama_cpp.Llama.from_pretrained",
    "transformers.pipeline",
    "transformers.pipelines.pipeline",
    "ctransformers.AutoModelForCausalLM.from_pretrained",
];

/// Calls that ask a language model wherever they stand, by the end of their name.
const MODEL_ENDS: &[&str] = &[
    "chat.completions.create",
    "chat.completions.parse",
    "ChatCompletion.create",
    "ChatCompletion.acreate",
    "messages.create",
    "responses.create",
    "generate_content",
    "create_chat_completion",
];

/// Names of parameters and fields that hold a credential.
const SECRETS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "secret_key",
    "api_key",
    "apikey",
    "access_token",
    "auth_token",
    "refresh_token",
    "bearer_token",
    "private_key",
    "client_secret",
    "api_secret",
    "openai_api_key",
    "hf_token",
    "aws_secret_access_key",
    "db_password",
    "user_password",
    "credentials",
];

/// Names of parameters and fields that hold something about a patient (45 CFR 164.514(b)(2) lists the identifiers).
const PATIENT: &[&str] = &[
    "ssn",
    "social_security_number",
    "mrn",
    "medical_record_number",
    "patient_name",
    "patient_id",
    "patient_address",
    "patient_phone",
    "patient_email",
    "patient_dob",
    "patient_record",
    "patient_data",
    "patient_notes",
    "clinical_note",
    "clinical_notes",
    "date_of_birth",
    "birth_date",
    "dob",
    "diagnosis",
    "health_record",
    "medical_history",
    "phi",
    "insurance_id",
    "insurance_number",
    "nhs_number",
    "medicare_number",
];

/// Who chose the result of a call of `name`.
pub(super) fn of_call(name: &str) -> Option<Source> {
    static TABLE: LazyLock<HashMap<&str, Source>> = LazyLock::new(|| CALLS.iter().copied().collect());
    TABLE
        .get(name)
        .copied()
        .or_else(|| asks_model(name).then_some(Source::Model))
}

/// Whether a call of `name` asks a language model.
pub(super) fn asks_model(name: &str) -> bool {
    let end = name.rsplit('.').next().unwrap_or(name);
    if !is_model_method(end) && end != "acreate" {
        return false;
    }
    if MODEL_ENDS.iter().any(|suffix| {
        name.strip_suffix(suffix)
            .is_some_and(|rest| rest.ends_with('.') && !rest.is_empty())
    }) {
        return true;
    }
    let head = name.split('.').next().unwrap_or(name);
    is_model_method(end)
        && (MODEL_HEADS.contains(&head) || head.starts_with("langchain_") || head.starts_with("llama_index"))
        && !name.contains("tokenizer")
        && !name.contains("Tokenizer")
        && (head != "google" || name.contains("generativeai") || name.contains("genai"))
        && (head != "huggingface_hub" || name.contains("InferenceClient"))
        && !matches!(name, "langchain.hub.pull")
}

/// Whether calling what `name` made asks a language model.
pub(super) fn is_model(name: &str) -> bool {
    MODEL_CALLABLES.contains(&name)
}

/// Who chose what stands under `name`, and everything in it.
pub(super) fn of_name(name: &str) -> Option<Source> {
    static TABLE: LazyLock<HashMap<&str, Source>> = LazyLock::new(|| NAMES.iter().copied().collect());
    TABLE.get(name).copied()
}

/// Whether `name` (of a module's object, or of a type) is a request.
pub(super) fn is_request(name: &str) -> bool {
    REQUESTS.contains(&name)
}

/// Whether a part of a request is chosen by whoever sent it.
pub(super) fn is_request_part(part: &str) -> bool {
    REQUEST_PARTS.contains(&part)
}

/// What a name says of what it holds. Quick for the names that say nothing.
pub(super) fn of_variable(name: &str) -> Option<Source> {
    static TABLE: LazyLock<(HashMap<String, Source>, [u64; 128])> = LazyLock::new(|| {
        let secret = SECRETS.iter().map(|name| (*name, Source::Secret));
        let all = secret.chain(PATIENT.iter().map(|name| (*name, Source::Patient)));
        let names: HashMap<String, Source> = all
            .flat_map(|(name, source)| [(name.to_owned(), source), (name.to_ascii_uppercase(), source)])
            .collect();
        let mut lengths = [0u64; 128];
        for name in names.keys() {
            if let Some(slot) = name.bytes().next().and_then(|first| lengths.get_mut(first as usize)) {
                *slot |= 1 << (name.len() & 63);
            }
        }
        (names, lengths)
    });
    let name = name.trim_start_matches('_');
    let first = *name.as_bytes().first()?;
    let (names, lengths) = &*TABLE;
    if name.len() >= 64 || lengths.get(first as usize)? & (1 << name.len()) == 0 {
        return None;
    }
    names.get(name).copied()
}

/// Whether an import is of a framework that hands a program what somebody else chose.
pub(super) fn is_framework(import: &str) -> bool {
    let head = import.split('.').next().unwrap_or(import);
    let web = matches!(
        head,
        "flask"
            | "django"
            | "fastapi"
            | "starlette"
            | "aiohttp"
            | "tornado"
            | "bottle"
            | "sanic"
            | "quart"
            | "pyramid"
            | "gradio"
            | "streamlit"
            | "falcon"
            | "litestar"
            | "werkzeug"
            | "rest_framework"
            | "mcp"
            | "fastmcp"
    );
    web || MODEL_HEADS.contains(&head) && !matches!(head, "transformers" | "huggingface_hub" | "google" | "together")
}

/// Whether a call may be a source, by its last part. Quick.
pub(super) fn may_be(end: &str) -> bool {
    static ENDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let calls = CALLS.iter().map(|(name, _)| name.rsplit('.').next().unwrap_or(name));
        calls.collect()
    });
    ENDS.contains(end) || is_model_method(end) || end == "acreate"
}

/// What the parameters of a decorated function are, by the decorator's qualified name: of a route they are the request's,
/// of a tool the model's.
pub(super) fn of_decorated(decorator: &str) -> Option<Source> {
    let end = decorator.rsplit('.').next().unwrap_or(decorator);
    let head = decorator.split('.').next().unwrap_or(decorator);
    let web = matches!(
        head,
        "flask"
            | "fastapi"
            | "starlette"
            | "quart"
            | "sanic"
            | "bottle"
            | "aiohttp"
            | "falcon"
            | "litestar"
            | "app"
            | "router"
            | "bp"
            | "blueprint"
            | "api"
    );
    match end {
        "route" | "get" | "post" | "put" | "delete" | "patch" | "websocket" | "api_route" if web => {
            Some(Source::Request)
        }
        "route" if decorator.contains('.') => Some(Source::Request),
        "tool" | "function_tool" | "kernel_function" | "ai_tool" | "register_for_execution" => Some(Source::Model),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known() {
        for (name, expect) in [
            ("input", Some(Source::Stdin)),
            ("sys.stdin.readline", Some(Source::Stdin)),
            ("openai.OpenAI.chat.completions.create", Some(Source::Model)),
            ("client.chat.completions.create", Some(Source::Model)),
            ("anthropic.Anthropic.messages.create", Some(Source::Model)),
            ("langchain_openai.ChatOpenAI.invoke", Some(Source::Model)),
            (
                "transformers.AutoModelForCausalLM.from_pretrained.generate",
                Some(Source::Model),
            ),
            ("transformers.AutoTokenizer.from_pretrained", None),
            ("google.cloud.storage.Client.create", None),
            ("subprocess.run", None),
            ("messages.create", None),
        ] {
            assert_eq!(of_call(name), expect, "{name}");
        }
        assert_eq!(of_variable("api_key"), Some(Source::Secret));
        assert_eq!(of_variable("tokens"), None);
        assert_eq!(of_variable("patient_name"), Some(Source::Patient));
        assert_eq!(of_decorated("fastapi.FastAPI.post"), Some(Source::Request));
        assert_eq!(of_decorated("langchain.tools.tool"), Some(Source::Model));
        assert_eq!(of_decorated("functools.cache"), None);
    }
}
