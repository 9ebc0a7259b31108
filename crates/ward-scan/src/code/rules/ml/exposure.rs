//! Models that answer anybody.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged as _;
use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::{
    Ctx,
    rule::{Hit, Node, On, Rule},
};

pub(super) static GRADIO: Rule = Rule {
    meta: RuleMeta {
        id: "ml/gradio-exposed",
        severity: Severity::Medium,
        controls: &[CODE_2A],
        summary: "A Gradio page is open to everybody.",
        docs: "`share=True` makes a public address that leads to this machine through somebody else's relay; \
            `server_name=\"0.0.0.0\"` answers every network it is in. Without `auth` whoever finds it uses the model, uploads \
            files and sees what the page shows.\n\n\
            Example: `demo.launch(share=True)`\n\n\
            **Instead:** no `share`; `auth=` (or a proxy with a login) before a page that others reach.\n\n\
            Source: Gradio documentation, sharing your app; CWE-306, CWE-668.",
    },
    on: &[On::Method("launch")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if !site.name.starts_with("gradio.") && !ctx.has_import("gradio") {
            return;
        }
        let auth = ctx
            .arg(call, None, "auth")
            .given()
            .is_some_and(|given| !ctx.is_none(given))
            || ctx.arg(call, None, "auth_dependency").given().is_some();
        if auth {
            return;
        }
        let share = ctx
            .arg(call, None, "share")
            .given()
            .is_some_and(|given| ctx.is_true(given));
        let host = ctx
            .arg(call, None, "server_name")
            .given()
            .and_then(|given| ctx.str(given));
        if share {
            let note = "a Gradio page gets a public address and no login";
            out.report(Hit::at(call).note(note).thorough_if(ctx.is_test()));
        } else if matches!(host.as_deref(), Some("0.0.0.0" | "::")) {
            let note = "a Gradio page answers every network, without a login";
            out.report(Hit::at(call).note(note).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import gradio as gr\ndemo = gr.Interface(f, 'text', 'text')\ndemo.launch(share=True)",
        "import gradio as gr\nwith gr.Blocks() as demo:\n    pass\ndemo.launch(server_name='0.0.0.0')",
    ],
    good: &[
        "import gradio as gr\ngr.Interface(f, 'text', 'text').launch()",
        "import gradio as gr\ngr.Interface(f, 'text', 'text').launch(server_name='0.0.0.0', auth=check)",
        "rocket.launch(share=True)",
    ],
};

/// What a function's text holds when it asks a model.
const ASKS: &[&str] = &[
    ".generate(",
    ".predict(",
    ".predict_proba(",
    ".invoke(",
    ".ainvoke(",
    "completions.create(",
    "messages.create(",
    ".generate_content(",
    "pipeline(",
    "pipe(",
    "model(",
    "llm(",
    ".transcribe(",
    ".encode(",
    "litellm.completion(",
];
/// What a file holds (in lower case) when somebody thought of who may ask.
const LOGIN: &[&str] = &[
    "httpbearer",
    "httpbasic",
    "oauth2",
    "apikeyheader",
    "apikeyquery",
    "api_key_header",
    "x-api-key",
    "x_api_key",
    "login_required",
    "authenticat",
    "authoriz",
    "authoris",
    "verify_token",
    "verify_api_key",
    "check_api_key",
    "get_current_user",
    "jwt",
    "permission",
    "authmiddleware",
    "security(",
    "bearer",
    "is_logged_in",
    "st.login",
    "compare_digest",
];

pub(super) static NO_LOGIN: Rule = Rule {
    meta: RuleMeta {
        id: "ml/model-without-login",
        severity: Severity::Low,
        controls: &[CODE_2A],
        summary: "A route or a page asks a model, and nothing in the file asks who is asking.",
        docs: "Anybody who reaches the port uses the model: they spend its compute, take it apart question by question, and see \
            what it knows. The rule looks at one file: a login in a proxy or in another file is not seen, so it is a question \
            rather than a verdict.\n\n\
            Example: `@app.post(\"/predict\")` above a function that calls `model.predict(..)`; a Streamlit page, which answers \
            every network its machine is in, with `st.chat_input` and a model\n\n\
            **Instead:** `dependencies=[Depends(verify_api_key)]` on the route or the router; `st.login()` and \
            `st.user.is_logged_in`; limits per caller; or put \
            `ward serve` in front.\n\n\
            Source: OWASP API Security Top 10 2023, API2; OWASP Top 10 for LLM applications 2025, LLM10; CWE-306.",
    },
    on: &[
        On::Function,
        On::Call("streamlit.chat_input"),
        On::Call("streamlit.text_input"),
        On::Call("streamlit.text_area"),
    ],
    check: |ctx, site, out| {
        if let Some(call) = site.call() {
            let note = "a Streamlit page asks a model, and nothing in the file asks who is asking";
            // Said once a page.
            let first = ["chat_input(", "text_input(", "text_area("]
                .iter()
                .filter_map(|word| ctx.source.find(word))
                .min();
            let is_first = first.is_some_and(|at| call.range().to_std_range().contains(&at));
            if is_first && asks_a_model(ctx, ctx.source) && !knows_callers(ctx) {
                out.report(Hit::at(call).note(note).thorough_if(ctx.is_test()));
            }
            return;
        }
        let Node::Stmt(Stmt::FunctionDef(function)) = site.node else {
            return;
        };
        let route = |name: &String| {
            let (object, verb) = name.rsplit_once('.').unwrap_or(("", name));
            let framework = matches!(
                object,
                "fastapi.FastAPI"
                    | "fastapi.APIRouter"
                    | "flask.Flask"
                    | "flask.Blueprint"
                    | "quart.Quart"
                    | "sanic.Sanic"
                    | "starlette.applications.Starlette"
                    | "litestar.Litestar"
                    | "bottle"
            );
            framework && matches!(verb, "route" | "get" | "post" | "put" | "websocket" | "api_route")
        };
        if !ctx.decorators(&function.decorator_list).iter().any(route) {
            return;
        }
        if !asks_a_model(ctx, ctx.text(function)) || knows_callers(ctx) {
            return;
        }
        out.report(Hit::at(&function.name).thorough_if(ctx.is_test()));
    },
    bad: &[
        "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/predict')\ndef predict(x: dict):\n    return model.predict(x)",
        "from flask import Flask, request\napp = Flask(__name__)\n@app.route('/chat')\ndef chat():\n    return llm.invoke(request.json['q'])",
        "from fastapi import FastAPI\nfrom transformers import pipeline\napp = FastAPI()\nwrite = pipeline('text-generation', model='/m')\n@app.post('/g')\ndef g(q: str):\n    return write(q)",
        "import streamlit as st\nq = st.chat_input('?')\nst.write(client.chat.completions.create(messages=[q]))",
        "import streamlit as st\nkey = st.text_input('Key', type='password')\nif not key:\n    st.stop()\nst.write(llm.invoke(q))",
    ],
    good: &[
        "from fastapi import FastAPI, Depends\napp = FastAPI()\n@app.post('/predict', dependencies=[Depends(verify_api_key)])\ndef predict(x: dict):\n    return model.predict(x)",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef health():\n    return 'ok'",
        "import streamlit as st\nif not st.user.is_logged_in:\n    st.stop()\nq = st.chat_input('?')\nst.write(client.chat.completions.create(messages=[q]))",
        "import streamlit as st\nst.write(st.text_input('?'))",
        "import streamlit as st\nfrom sklearn.pipeline import make_pipeline\np = make_pipeline(a, b)\nx = st.text_input('x')\nst.map(x)",
        "from flask import Flask\nfrom transformers import pipeline\napp = Flask(__name__)\nner = pipeline('ner', model='/m')\n\
         @app.get('/x')\ndef x():\n    return runner(1)",
        "from flask import Flask\napp = Flask(__name__)\ne = run_pipeline(1)\n@app.get('/t')\ndef t():\n    return size(type(e))",
        "import streamlit as st, os\nif st.text_input('Password', type='password') != os.environ['APP_PW']:\n    st.stop()\n\
         st.write(llm.invoke(st.text_area('?')))",
        "import streamlit as st, os\npw = st.text_input('Password', type='password')\nif pw != os.environ['APP_PW']:\n    st.stop()\n\
         st.write(llm.invoke(st.text_area('?')))",
    ],
};

/// Whether a part of a file asks a model: by what is called, or by a name of the file that holds a pipeline.
fn asks_a_model(ctx: &Ctx<'_>, text: &str) -> bool {
    let made = |line: &str| {
        let (name, made) = line.split_once('=')?;
        // Without its annotation.
        let name = name.split(':').next().unwrap_or_default().trim();
        let makes = ["pipeline(", "Llama("].iter().any(|word| calls(made, word));
        (makes && !name.contains(char::is_whitespace)).then(|| format!("{name}("))
    };
    ASKS.iter().any(|word| calls(text, word))
        || ctx
            .source
            .lines()
            .filter_map(made)
            .any(|call| call.len() > 1 && calls(text, &call))
}

/// Whether a text holds a call, given as its name and the bracket: `map(` is no `p(`.
fn calls(text: &str, call: &str) -> bool {
    text.match_indices(call).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        call.starts_with('.') || before.is_none_or(|before| !is_of_name(before))
    })
}

/// Whether a character stands in names of Python.
fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether a file holds a word of those that ask who is asking.
fn knows_callers(ctx: &Ctx<'_>) -> bool {
    let file = ctx.source.to_ascii_lowercase();
    LOGIN.iter().any(|word| file.contains(word)) || compares_password(ctx.source)
}

/// Whether a page compares what is typed into a field for a password with something: where it is typed, or by the name that it
/// was given.
fn compares_password(source: &str) -> bool {
    let field = |line: &&str| {
        line.contains("text_input(") && (line.contains("type=\"password\"") || line.contains("type='password'"))
    };
    let compares = |line: &str| line.contains(" == ") || line.contains(" != ");
    source.lines().filter(field).any(|line| {
        let name = line.split('=').next().unwrap_or_default().trim();
        let named = !name.is_empty() && name.chars().all(is_of_name);
        let holds = |other: &str| other.split(|c| !is_of_name(c)).any(|word| word == name);
        compares(line) || named && source.lines().any(|other| compares(other) && holds(other))
    })
}

pub(super) static SERVER: Rule = Rule {
    meta: RuleMeta {
        id: "ml/console-exposed",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "A console that runs code is open to the network, or has its login switched off.",
        docs: "A Ray dashboard, a Jupyter server or a Dask scheduler runs what it is sent. Open to a network, or without a \
            token, that is a shell for everybody there.\n\n\
            Example: `ray.init(dashboard_host=\"0.0.0.0\")`; `c.ServerApp.token = \"\"`\n\n\
            **Instead:** loopback and an SSH tunnel, or a proxy with a login; leave the token on.\n\n\
            Source: Ray security documentation; Jupyter Server documentation, security; CWE-306.",
    },
    on: &[On::Keyword("dashboard_host"), On::Assign, On::Call("setattr")],
    check: |ctx, site, out| match site.node {
        Node::Keyword(_, keyword) => {
            if matches!(ctx.str(keyword.value).as_deref(), Some("0.0.0.0" | "::")) {
                out.report(Hit::at(keyword).thorough_if(ctx.is_test()));
            }
        }
        _ => {
            let Some(set) = site.attribute(ctx) else { return };
            let Expr::Attribute(app) = set.object else { return };
            let server = matches!(
                app.attr.as_str(),
                "NotebookApp" | "ServerApp" | "IdentityProvider" | "PasswordIdentityProvider"
            );
            let off = match &*set.name {
                "token" => ctx.str(set.value).is_some_and(|text| text.is_empty()),
                "disable_check_xsrf" => ctx.is_true(set.value),
                "allow_origin" => ctx.str(set.value).as_deref() == Some("*"),
                _ => false,
            };
            if server && off {
                out.report(Hit::at(set.range).thorough_if(ctx.is_test()));
            }
        }
    },
    bad: &[
        "import ray\nray.init(dashboard_host='0.0.0.0')",
        "c = get_config()\nc.ServerApp.token = ''",
    ],
    good: &[
        "import ray\nray.init()",
        "c = get_config()\nc.ServerApp.port = 1",
        "self.app.token = ''",
    ],
};
