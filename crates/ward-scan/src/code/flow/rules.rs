//! What a flow is called, by where it begins and where it ends.

use ward_evidence::{
    RuleMeta, Severity,
    controls::{CODE_2A, CODE_3A},
};

use super::{sinks::Sink, sources::Source, value::JOINED};
use crate::code::rule::Rule;

/// What a flow is.
pub(super) struct Verdict {
    pub(super) rule: &'static RuleMeta,
    pub(super) severity: Severity,
    pub(super) thorough: bool,
}

impl Verdict {
    /// One sentence that names both ends.
    pub(super) fn note(&self, source: Source, sink: Sink, name: &str) -> String {
        let what = match sink {
            Sink::Code => "runs as a program",
            Sink::Command => "starts as a command",
            Sink::Sql => "runs as a query",
            Sink::Path => "opens as a path",
            Sink::Template => "reads as a template",
            Sink::Deserialise => "makes objects of",
            Sink::Redirect => "sends a browser to",
            Sink::Url => "sends a request to",
            Sink::Query => "asks with",
            Sink::Html => "shows as a page",
            Sink::Log => "writes down",
            Sink::Prompt => "puts into a prompt",
            Sink::Regex => "reads as a pattern",
            Sink::Address => "asks a fixed host for",
        };
        format!("`{name}` {what} what comes from {}", source.words())
    }
}

/// What a flow from `source` to `sink` is. None when it is nothing.
pub(super) fn judge(source: Source, sink: Sink, live: u32) -> Option<Verdict> {
    let verdict = |rule: &'static Rule, severity: Severity, thorough: bool| {
        Some(Verdict {
            rule: &rule.meta,
            severity,
            thorough,
        })
    };
    let own = |rule: &'static Rule| {
        if source.is_remote() {
            verdict(rule, rule.meta.severity, false)
        } else {
            verdict(rule, Severity::Low, true)
        }
    };
    match (source, sink) {
        (Source::Secret | Source::Patient, Sink::Log) => verdict(&LOG, LOG.meta.severity, false),
        (Source::Secret | Source::Patient, Sink::Prompt) => verdict(&SENT, SENT.meta.severity, false),
        (Source::Secret | Source::Patient, _) | (_, Sink::Log) => None,
        (Source::Text, Sink::Sql) => verdict(&QUERY_TEXT, QUERY_TEXT.meta.severity, false),
        (Source::Text, _) => None,
        (Source::Request | Source::Socket | Source::Model, Sink::Address) => verdict(&ADDRESS, Severity::Low, true),
        (Source::Request | Source::Socket | Source::Network, Sink::Prompt) if live & JOINED != 0 => {
            verdict(&PROMPT, PROMPT.meta.severity, false)
        }
        (Source::File | Source::Stdin, Sink::Prompt) if live & JOINED != 0 => verdict(&PROMPT, Severity::Low, true),
        (_, Sink::Prompt) => None,
        (Source::Model, Sink::Code | Sink::Command) => verdict(&MODEL, Severity::Critical, false),
        (Source::Model, Sink::Sql | Sink::Template | Sink::Deserialise) => verdict(&MODEL, Severity::High, false),
        (Source::Model, Sink::Path | Sink::Url | Sink::Query) => verdict(&MODEL, Severity::Medium, false),
        (Source::Model, Sink::Html) => verdict(&HTML, Severity::Medium, false),
        (Source::Model, Sink::Redirect | Sink::Regex) => None,
        (_, Sink::Code) => own(&CODE),
        (_, Sink::Command) => own(&COMMAND),
        (_, Sink::Sql) => own(&SQL),
        (Source::Request | Source::Socket, Sink::Path) => own(&PATH),
        (_, Sink::Template) => own(&TEMPLATE),
        (_, Sink::Deserialise) => own(&DESERIALISE),
        (Source::Request | Source::Socket, Sink::Redirect) => own(&REDIRECT),
        (Source::Request | Source::Socket, Sink::Url) => own(&URL),
        (Source::Request | Source::Socket, Sink::Query) => own(&QUERY),
        (Source::Request | Source::Socket, Sink::Html) => own(&HTML),
        (Source::Request | Source::Socket, Sink::Regex) => verdict(&REGEX, Severity::Low, true),
        _ => None,
    }
}

/// The rules of this file are asked nowhere: flows find them.
const NOWHERE: &[crate::code::rule::On] = &[];

macro_rules! flow_rule {
    ($name:ident, $id:literal, $severity:ident, $control:ident, $summary:literal, $docs:expr, bad: $bad:expr, good: $good:expr $(,)?) => {
        pub(in crate::code) static $name: Rule = Rule {
            meta: RuleMeta {
                id: $id,
                severity: Severity::$severity,
                controls: &[$control],
                summary: $summary,
                docs: $docs,
            },
            on: NOWHERE,
            check: |_, _, _| {},
            bad: $bad,
            good: $good,
        };
    };
}

flow_rule!(
    CODE,
    "code/code-injection",
    Critical,
    CODE_3A,
    "What somebody else chose is run as a program.",
    "A value goes from where it comes in to `eval`, `exec`, an import or an expression of pandas. Whoever chooses the \
     value runs a program with all rights of this one.\n\n\
     Example: `eval(request.args[\"formula\"])`\n\n\
     **Instead:** `ast.literal_eval` for literals, a table from names to functions for choices.\n\n\
     Source: CWE-94, CWE-95; OWASP Top 10 A03:2021.",
    bad: &[
        "from flask import request\neval(request.args['x'])",
        "import flask\ndef f():\n    x = flask.request.form.get('x')\n    y = 'f(' + x + ')'\n    exec(y)",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/run')\nasync def run(code: str):\n    return eval(code)",
        "import importlib\ndef view(request):\n    importlib.import_module(request.GET['m'])",
    ],
    good: &[
        "from flask import request\nint(request.args['x'])",
        "from flask import request\nx = request.args['x']\nif x in ('a', 'b'):\n    eval(x)",
        "def f(x):\n    eval(x)",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/run')\nasync def run(n: int):\n    return eval(f'{n}+1')",
    ],
);

flow_rule!(
    COMMAND,
    "code/command-injection",
    Critical,
    CODE_3A,
    "What somebody else chose becomes a command.",
    "A value goes from where it comes in to a shell, or names the program that is started. `; rm -rf /` is a valid file \
     name.\n\n\
     Example: `os.system(\"ping \" + request.args[\"host\"])`\n\n\
     **Instead:** `subprocess.run([\"ping\", host])` with a fixed program and no shell; `shlex.quote` where a shell has to \
     be. A list of arguments behind a fixed program is no finding.\n\n\
     Source: CWE-78; OWASP OS Command Injection Defense Cheat Sheet.",
    bad: &[
        "import os\nfrom flask import request\nos.system('ping ' + request.args['host'])",
        "import subprocess\nfrom flask import request\ncmd = f\"ls {request.args.get('d')}\"\nsubprocess.run(cmd, shell=True)",
        "import subprocess\nfrom flask import request\nsubprocess.run(['sh', '-c', request.args['c']])",
        "import subprocess\ndef v(request):\n    for name in request.POST.getlist('n'):\n        subprocess.call(\"%s -v\" % name, shell=True)",
        "import os\nclass H:\n    def post(self):\n        os.popen(self.request.body)",
    ],
    good: &[
        "import subprocess\nfrom flask import request\nsubprocess.run(['ping', request.args['host']])",
        "import os, shlex\nfrom flask import request\nos.system('ping ' + shlex.quote(request.args['host']))",
        "import os\nfrom flask import request\nh = request.args['h']\nif not h.isalnum():\n    raise ValueError\nos.system('ping ' + h)",
    ],
);

flow_rule!(
    SQL,
    "code/sql-injection",
    High,
    CODE_3A,
    "What somebody else chose becomes a part of a query's text.",
    "A value goes from where it comes in into the text of an SQL query, where it can end the condition and begin \
     another.\n\n\
     Example: `cursor.execute(f\"SELECT * FROM patient WHERE id = {patient_id}\")`\n\n\
     **Instead:** parameters: `cursor.execute(\"SELECT * FROM patient WHERE id = ?\", (patient_id,))`. Names of tables and \
     columns: an allow-list.\n\n\
     Source: CWE-89; OWASP SQL Injection Prevention Cheat Sheet.",
    bad: &[
        "from flask import request\ndef f(db):\n    db.execute('SELECT * FROM t WHERE a = ' + request.args['a'])",
        "import sqlite3\nfrom flask import request\nc = sqlite3.connect('d').cursor()\nq = \"SELECT {}\".format(request.form['q'])\nc.execute(q)",
        "from sqlalchemy import text\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/p/{name}')\ndef p(name: str, db):\n    return db.execute(text(f\"SELECT * FROM p WHERE n = '{name}'\"))",
        "def view(request):\n    Users.objects.raw('select %s' % request.GET['x'])",
    ],
    good: &[
        "from flask import request\ndef f(db):\n    db.execute('SELECT * FROM t WHERE a = ?', (request.args['a'],))",
        "from flask import request\ndef f(db):\n    db.execute('SELECT * FROM t WHERE a = %d' % int(request.args['a']))",
    ],
);

flow_rule!(
    QUERY_TEXT,
    "code/query-text-built",
    Medium,
    CODE_3A,
    "The text of a query is put together from parts.",
    "A query is run whose text the program joins from its own words and a value. Nobody shows where the value comes from; \
     on the day it comes from a request, it is an injection.\n\n\
     Example: `cursor.execute(\"SELECT * FROM visit WHERE ward = '%s'\" % ward)`\n\n\
     **Instead:** parameters: `cursor.execute(\"SELECT * FROM visit WHERE ward = %s\", (ward,))`. Numbers made by `int()`, \
     constants, and lists of placeholders are no finding.\n\n\
     Source: CWE-89; PEP 249, paramstyle.",
    bad: &[
        "def f(cursor, ward):\n    cursor.execute(\"SELECT * FROM visit WHERE ward = '%s'\" % ward)",
        "def f(c, x):\n    q = 'SELECT a FROM b WHERE c = ' + x\n    q += ' LIMIT 1'\n    c.execute(q)",
        "def f(c, x):\n    c.execute(f'DELETE FROM t WHERE a = {x}')",
        "def run(c, q):\n    c.execute(q)\ndef f(c, x):\n    run(c, 'UPDATE t SET a = {}'.format(x))",
    ],
    good: &[
        "def f(cursor, ward):\n    cursor.execute('SELECT * FROM visit WHERE ward = %s', (ward,))",
        "TABLE = 'visit'\ndef f(c):\n    c.execute(f'SELECT * FROM {TABLE}')",
        "def f(c, ids):\n    marks = ','.join('?' * len(ids))\n    c.execute(f'SELECT a FROM b WHERE c IN ({marks})', ids)",
        "def f(c, n):\n    c.execute('SELECT a FROM b LIMIT %d' % int(n))",
        "def f(c, n):\n    print(f'SELECT {n}')",
    ],
);

flow_rule!(
    PATH,
    "code/path-traversal",
    High,
    CODE_3A,
    "What somebody else chose becomes a part of a path.",
    "A value goes from a request into the path of a file that is opened, sent or removed. `../../etc/passwd` and absolute \
     paths lead anywhere.\n\n\
     Example: `open(os.path.join(\"uploads\", request.args[\"name\"]))`\n\n\
     **Instead:** a name made by the program; `werkzeug.utils.secure_filename`; or resolve the path and check \
     `path.is_relative_to(base)`.\n\n\
     Source: CWE-22.",
    bad: &[
        "import os\nfrom flask import request\nopen(os.path.join('up', request.args['name']))",
        "from flask import request, send_file\nsend_file('data/' + request.args['f'])",
        "from pathlib import Path\nfrom flask import request\n(Path('a') / request.args['f']).read_text()",
    ],
    good: &[
        "from flask import request\nfrom werkzeug.utils import secure_filename\nopen('up/' + secure_filename(request.args['name']))",
        "import os\nfrom flask import request\np = os.path.realpath(request.args['p'])\nif not p.startswith('/base/'):\n    raise ValueError\nopen(p)",
        "import sys\nopen(sys.argv[1])",
    ],
);

flow_rule!(
    TEMPLATE,
    "code/template-injection",
    Critical,
    CODE_3A,
    "What somebody else chose is read as a template.",
    "Templates of Jinja, Mako and the like reach Python's objects: `{{ cycler.__init__.__globals__.os.popen('id') }}`. \
     Chat templates of models are such templates too.\n\n\
     Example: `render_template_string(\"Hello \" + request.args[\"name\"])`\n\n\
     **Instead:** a fixed template with the value as its variable; `jinja2.sandbox.ImmutableSandboxedEnvironment` where \
     users write templates.\n\n\
     Source: CWE-1336; PortSwigger, Server-Side Template Injection.",
    bad: &[
        "from flask import request, render_template_string\nrender_template_string('Hi ' + request.args['n'])",
        "import jinja2\nfrom flask import request\njinja2.Template(request.data.decode()).render()",
    ],
    good: &["from flask import request, render_template_string\nrender_template_string('Hi {{ n }}', n=request.args['n'])"],
);

flow_rule!(
    DESERIALISE,
    "code/unsafe-deserialisation-of-input",
    Critical,
    CODE_3A,
    "What somebody else sent is unpickled.",
    "A value goes from where it comes in to a loader that makes any object, and so runs any program.\n\n\
     Example: `pickle.loads(await request.body())`\n\n\
     **Instead:** JSON with a schema; safetensors for tensors; `yaml.safe_load`.\n\n\
     Source: CWE-502.",
    bad: &[
        "import pickle\nfrom flask import request\npickle.loads(request.data)",
        "import pickle, requests\npickle.loads(requests.get('http://h/m.pkl').content)",
        "import yaml, base64\nfrom flask import request\nyaml.load(base64.b64decode(request.cookies.get('c')), Loader=yaml.Loader)",
    ],
    good: &[
        "import json\nfrom flask import request\njson.loads(request.data)",
        "import yaml\nfrom flask import request\nyaml.load(request.data, Loader=yaml.SafeLoader)",
    ],
);

flow_rule!(
    URL,
    "code/ssrf",
    High,
    CODE_3A,
    "A request goes where somebody else chose.",
    "Whoever chooses the address makes this server ask what only it can reach: the cloud's metadata service, a database, a \
     service on the hospital's network.\n\n\
     Example: `requests.get(request.args[\"url\"])`\n\n\
     **Instead:** a fixed host, or an allow-list of hosts that is checked after resolving. A fixed host with a chosen path \
     is no finding.\n\n\
     Source: CWE-918; OWASP Top 10 A10:2021.",
    bad: &[
        "import requests\nfrom flask import request\nrequests.get(request.args['url'])",
        "import requests\nfrom flask import request\nrequests.post(f\"http://{request.args['h']}/x\")",
    ],
    good: &[
        "import requests\nfrom flask import request\nrequests.get(f\"https://api.example.org/v1/{request.args['id']}\")",
        "import requests\nfrom flask import request\nu = request.args['u']\nif u in ALLOWED_URLS:\n    requests.get(u)",
    ],
);

flow_rule!(
    ADDRESS,
    "code/url-path-injection",
    Low,
    CODE_3A,
    "What somebody else chose becomes a part of an address on a fixed host.",
    "The host is fixed, and `../`, `?` and `#` still lead to other parts of its interface than the program means.\n\n\
     Example: `requests.get(f\"https://records.example.org/v1/{request.args['id']}\")`\n\n\
     **Instead:** `urllib.parse.quote(value, safe=\"\")`, or a check of its form.\n\n\
     Source: CWE-918, CWE-22. Shown in the thorough profile only.",
    bad: &["import requests\nfrom flask import request\nrequests.get(f\"https://api.example.org/v1/{request.args['id']}\")"],
    good: &[
        "import requests\nfrom urllib.parse import quote\nfrom flask import request\nrequests.get(f\"https://api.example.org/v1/{quote(request.args['id'])}\")",
    ],
);

flow_rule!(
    REDIRECT,
    "code/open-redirect",
    Medium,
    CODE_3A,
    "A browser is sent where somebody else chose.",
    "A link to this site leads to another that looks like it.\n\n\
     Example: `redirect(request.args[\"next\"])`\n\n\
     **Instead:** names of pages with `url_for`; Django's `url_has_allowed_host_and_scheme`.\n\n\
     Source: CWE-601.",
    bad: &[
        "from flask import request, redirect\nredirect(request.args.get('next'))",
        "from flask import request, redirect\nredirect(request.args['base'] + '?tab=1')",
        "from flask import request, redirect\nredirect(f\"{request.args['base']}?tab=1\")",
        "from flask import request, redirect\nredirect(f\"https://{request.args['host']}?tab={request.args['tab']}\")",
        "from flask import request, redirect, url_for\nredirect(url_for('index', _external=True) + request.args['rest'] + '?tab=1')",
        "from starlette.requests import Request\nfrom starlette.responses import RedirectResponse\ndef f(request: Request):\n    return RedirectResponse(request.url.replace(netloc=request.query_params['host']))",
    ],
    good: &[
        "from flask import redirect, url_for\nredirect(url_for('index'))",
        "from flask import request, redirect\nredirect('/user/' + request.args['id'])",
        "from flask import request, redirect, url_for\nredirect(url_for('index') + '?tab=' + request.args['tab'])",
        "from flask import request, redirect, url_for\nredirect(f\"{url_for('index')}?tab={request.args['tab']}#{request.args['at']}\")",
        "from flask import request, redirect, url_for\nredirect(url_for('index') + f\"?tab={request.args['tab']}\")",
        "from starlette.requests import Request\nfrom starlette.responses import RedirectResponse\ndef f(request: Request):\n    return RedirectResponse(request.url.replace(scheme='https'))",
    ],
);

flow_rule!(
    QUERY,
    "code/query-injection",
    High,
    CODE_3A,
    "What somebody else chose becomes a part of an XPath or LDAP query.",
    "A value goes from a request into the text of a query for XML or a directory, where it can change what is asked.\n\n\
     **Instead:** variables of XPath (`tree.xpath(\"//u[@n=$n]\", n=name)`); `ldap.filter.escape_filter_chars`.\n\n\
     Source: CWE-643, CWE-90.",
    bad: &["from flask import request\ndef f(tree):\n    tree.xpath('//u[@n=\"' + request.args['n'] + '\"]')"],
    good: &["from flask import request\ndef f(tree):\n    tree.xpath('//u[@n=$n]', n=request.args['n'])"],
);

flow_rule!(
    HTML,
    "code/cross-site-scripting",
    Medium,
    CODE_3A,
    "What somebody else chose becomes a part of a page, unescaped.",
    "A value goes from a request, or from a language model, into HTML without being escaped, and runs as a script in the \
     reader's browser.\n\n\
     Example: `return \"<p>\" + request.args[\"q\"]`\n\n\
     **Instead:** a template that escapes; `html.escape`; a response that is declared to be JSON or plain text.\n\n\
     Source: CWE-79.",
    bad: &[
        "from flask import Flask, request\napp = Flask(__name__)\n@app.route('/')\ndef f():\n    return '<p>' + request.args['q']",
        "from django.http import HttpResponse\ndef v(request):\n    return HttpResponse('<p>%s' % request.GET['q'])",
        "from markupsafe import Markup\nfrom flask import request\nMarkup(request.args['x'])",
    ],
    good: &[
        "import html\nfrom flask import Flask, request\napp = Flask(__name__)\n@app.route('/')\ndef f():\n    return '<p>' + html.escape(request.args['q'])",
        "from flask import Flask, request, render_template\napp = Flask(__name__)\n@app.route('/')\ndef f():\n    return render_template('a.html', q=request.args['q'])",
        "from flask import Flask, request\napp = Flask(__name__)\n@app.route('/')\ndef f():\n    return {'q': request.args['q']}",
    ],
);

flow_rule!(
    REGEX,
    "code/regex-injection",
    Low,
    CODE_3A,
    "What somebody else chose is read as a regular expression.",
    "A pattern like `(a+)+$` takes Python's `re` longer than anybody waits.\n\n\
     **Instead:** `re.escape`, or a library whose time is linear.\n\n\
     Source: CWE-1333. Shown in the thorough profile only.",
    bad: &["import re\nfrom flask import request\nre.search(request.args['p'], 'text')"],
    good: &["import re\nfrom flask import request\nre.search(re.escape(request.args['p']), 'text')"],
);

flow_rule!(
    MODEL,
    "ml/model-output-executed",
    Critical,
    CODE_2A,
    "A language model's answer is executed.",
    "What a model answers goes to `eval`, a shell, a query, a template, a loader or a path. Whoever can put a sentence into \
     the model's context (a web page it reads, a document, an e-mail) chooses what it answers, and so what this program \
     does.\n\n\
     Example: `exec(client.chat.completions.create(..).choices[0].message.content)`\n\n\
     **Instead:** a fixed set of tools with checked arguments; a sandbox without network and files for generated code; \
     a person's consent.\n\n\
     Source: OWASP Top 10 for LLM Applications, LLM05:2025 Improper Output Handling; CWE-94.",
    bad: &[
        "from openai import OpenAI\nclient = OpenAI()\nr = client.chat.completions.create(model='m', messages=[])\nexec(r.choices[0].message.content)",
        "import os, anthropic\nc = anthropic.Anthropic()\nm = c.messages.create(model='m')\nos.system(m.content[0].text)",
        "from transformers import pipeline\np = pipeline('text-generation')\nout = p('x')\neval(out[0]['generated_text'])",
        "from langchain_openai import ChatOpenAI\nllm = ChatOpenAI()\nsql = llm.invoke('q').content\ndef f(cur):\n    cur.execute(llm.invoke('q').content)",
        "import subprocess\nfrom langchain.tools import tool\n@tool\ndef shell(command: str):\n    return subprocess.run(command, shell=True)",
        "import ollama\nans = ollama.chat(model='m')['message']['content']\ncode = ans.strip('`')\nexec(code)",
    ],
    good: &[
        "import json\nfrom openai import OpenAI\nr = OpenAI().chat.completions.create(model='m')\njson.loads(r.choices[0].message.content)",
        "from transformers import pipeline\np = pipeline('sentiment-analysis')\nprint(p('x'))",
        "from openai import OpenAI\nr = OpenAI().chat.completions.create(model='m').choices[0].message.content\nif r in ('start', 'stop'):\n    eval(r)",
    ],
);

flow_rule!(
    PROMPT,
    "ml/prompt-injection-path",
    Medium,
    CODE_2A,
    "Untrusted text is joined to the instructions of a prompt.",
    "What a request, a web page or a file says is put into the same text as the program's instructions, or into the system \
     message. The model cannot tell them apart: the text can take the instructions back and give its own.\n\n\
     Example: `messages=[{\"role\": \"system\", \"content\": f\"Answer as a nurse. Notes: {page.text}\"}]`\n\n\
     **Instead:** instructions in the system message, untrusted text alone in a message of its own; tools without rights \
     that the text's author does not have; the answer treated as untrusted.\n\n\
     Source: OWASP Top 10 for LLM Applications, LLM01:2025 Prompt Injection. A user's own question that is a message of \
     its own is no finding.",
    bad: &[
        "from openai import OpenAI\nfrom flask import request\nOpenAI().chat.completions.create(messages=[{'role': 'system', 'content': 'You are a nurse. ' + request.args['x']}])",
        "from openai import OpenAI\nfrom flask import request\nOpenAI().chat.completions.create(messages=[{'role': 'system', 'content': request.args['x']}, {'role': 'user', 'content': 'Hello'}])",
        "import requests\nfrom openai import OpenAI\npage = requests.get('https://h').text\nprompt = f'Summarise this page for the doctor: {page}'\nOpenAI().chat.completions.create(messages=[{'role': 'user', 'content': prompt}])",
    ],
    good: &[
        "from openai import OpenAI\nfrom flask import request\nOpenAI().chat.completions.create(messages=[{'role': 'system', 'content': 'You are a nurse.'}, {'role': 'user', 'content': request.args['x']}])",
        "import sys\nfrom openai import OpenAI\nfrom flask import request\nOpenAI().chat.completions.create(messages=[{'role': 'system', 'content': sys.argv[1]}, {'role': 'user', 'content': request.args['x']}])",
    ],
);

flow_rule!(
    LOG,
    "ml/phi-or-secret-in-log",
    Medium,
    CODE_2A,
    "A credential or a patient's data is written into a log.",
    "A variable or a field whose name says that it holds a password, a key, or something about a patient is printed or \
     logged. Logs are kept for long, copied far, and read by people who may not know what they read.\n\n\
     Example: `logger.info(\"seen %s\", patient.ssn)`\n\n\
     **Instead:** log an identifier that means nothing elsewhere, or what `ward deid` leaves of the value.\n\n\
     Source: 45 CFR 164.312, 164.514; CWE-532. Ward goes by names.",
    bad: &[
        "import logging\ndef f(patient):\n    logging.info('seen %s', patient.ssn)",
        "import logging\nlogger = logging.getLogger(__name__)\ndef f(row):\n    mrn = row['mrn']\n    logger.debug(f'row {mrn}')",
        "def login(user, password):\n    print('login', user, password)",
    ],
    good: &[
        "import logging\ndef f(patient):\n    logging.info('seen %s', hash(patient.ssn))",
        "print('password:')",
        "def login(password):\n    print(len(password))",
        "import logging\ndef f(patient):\n    logging.info('seen %s', redact(patient.ssn))",
    ],
);

flow_rule!(
    SENT,
    "ml/phi-or-secret-in-prompt",
    High,
    CODE_2A,
    "A credential or a patient's data goes into a prompt.",
    "A variable or a field whose name says that it holds a key, or something about a patient, is sent to a language model. \
     The model's operator keeps it, and an answer to somebody else may repeat it.\n\n\
     Example: `llm.invoke(f\"Summarise {patient_record}\")`\n\n\
     **Instead:** de-identify first (`ward deid`, `ward serve`), and keep keys out of prompts.\n\n\
     Source: 45 CFR 164.502, 164.514; OWASP Top 10 for LLM Applications, LLM02:2025. Ward goes by names.",
    bad: &[
        "from openai import OpenAI\ndef f(patient):\n    OpenAI().chat.completions.create(messages=[{'role': 'user', 'content': f'Summarise {patient.clinical_notes}'}])",
    ],
    good: &[
        "from openai import OpenAI\ndef f(patient):\n    OpenAI().chat.completions.create(messages=[{'role': 'user', 'content': redact(patient.clinical_notes)}])",
        "from openai import OpenAI\nOpenAI(api_key=api_key)",
    ],
);
