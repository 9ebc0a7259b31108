//! Flows of values through functions and files.

use super::*;

#[test]
fn flows_go_through_functions_of_one_file() {
    // Through a parameter.
    check_project(
        &[(
            "a.py",
            "import os\nfrom flask import request\ndef run(c):\n    os.system(c)\nrun(request.args['c'])\n",
        )],
        &[(
            "code/command-injection",
            "a.py:4:5",
            &["a.py:5:5", "a.py:5:1", "a.py:4:5"],
        )],
    );
    // Through a result, and only where the dangerous argument is.
    check_project(
        &[(
            "a.py",
            "from flask import request\ndef pick(a, b):\n    return a\ndef f(db):\n    db.execute(pick(request.args['q'], 1))\n    db.execute(pick(1, request.args['q']))\n",
        )],
        &[("code/sql-injection", "a.py:5:5", &["a.py:5:21", "a.py:5:5"])],
    );
    // Through a source that a function hides, a method, and a keyword.
    check_project(
        &[(
            "a.py",
            "import sqlite3\nfrom flask import request\ndef name():\n    return request.form['n']\nclass Db:\n    def find(self, *, what):\n        self.c.execute('x' + what)\ndef view():\n    db = Db()\n    db.find(what=name())\n",
        )],
        &[(
            "code/sql-injection",
            "a.py:7:9",
            &["a.py:4:12", "a.py:10:5", "a.py:7:9"],
        )],
    );
    // Through a field of an object.
    check_project(
        &[(
            "a.py",
            "import os\nfrom flask import request\nclass Job:\n    def __init__(self, c):\n        self.c = c.strip()\n    def run(self):\n        os.system(self.c)\ndef view():\n    Job(request.args['c']).run()\n",
        )],
        &[("code/command-injection", "a.py:7:9", &["a.py:9:9", "a.py:7:9"])],
    );
    // Through a variable of the module.
    check_project(
        &[(
            "a.py",
            "import os\nfrom openai import OpenAI\nanswer = OpenAI().responses.create()\ndef f():\n    os.system(answer.output_text)\n",
        )],
        &[("ml/model-output-executed", "a.py:5:5", &["a.py:3:10", "a.py:5:5"])],
    );
    // Functions that call each other come to an end; what is made clean is clean.
    check_project(
        &[(
            "a.py",
            "import os\nfrom flask import request\ndef a(x):\n    return b(x)\ndef b(x):\n    return a(x)\nos.system(a(request.args['x']))\n",
        )],
        &[],
    );
    check_project(
        &[(
            "a.py",
            "import os, shlex\nfrom flask import request\ndef q(x):\n    return shlex.quote(x)\nos.system(q(request.args['x']))\n",
        )],
        &[],
    );
}

#[test]
fn what_never_comes_back_guards_what_follows() {
    let view = |guard: &str| {
        format!(
            "import sys\nfrom flask import abort, request\ndef f(db):\n    o = request.args['o']\n    if o not in ('a', 'b'):\n        {guard}\n    db.execute('select * from t order by ' + o)\n"
        )
    };
    for (guard, found) in [
        ("abort(400)", 0),
        ("sys.exit(1)", 0),
        ("return ''", 0),
        ("print(400)", 1),
        ("abort", 1),
    ] {
        let told = ids("a.py", &view(guard));
        let flows = told.iter().filter(|(rule, ..)| *rule == "code/sql-injection");
        assert_eq!(flows.count(), found, "{guard}: {told:?}");
    }
}

#[test]
fn a_query_of_what_the_program_wrote_is_quiet() {
    for (lines, quiet) in [
        ("db.execute(f'select a from t order by {ORDERS[x]}')", true),
        ("db.execute(f'select a from t order by {ORDERS.get(x, \"a\")}')", true),
        (
            "o = ORDERS.get(x, 'a')\n    db.execute('select a from t order by ' + o)",
            true,
        ),
        ("db.execute('select a from t order by {}'.format(ORDERS[x]))", true),
        (
            "marks = ','.join('?' * len(ids))\n    db.execute(f'select a from t where i in ({marks})', ids)",
            true,
        ),
        ("q = f'select a from t limit {int(x)}'\n    db.execute(q)", true),
        ("db.execute(f'select a from t order by {ORDERS.get(x, x)}')", false),
        ("db.execute(f'select a from t order by {OPEN[x]}')", false),
        ("db.execute('select a from t order by {}'.format(x))", false),
        (
            "marks = ','.join(ids)\n    db.execute(f'select a from t where i in ({marks})')",
            false,
        ),
        ("q = f'select a from t limit {x}'\n    db.execute(q)", false),
        ("db.execute(f'select a from {TABLE}')", true),
        ("db.execute(f'select a from t where i in ({MARK * x})', ids)", true),
        (
            "marks = ', '.join(['%s'] * len(ids))\n    db.execute(f'select a from t where i in ({marks})', ids)",
            true,
        ),
        ("for t in ('b', 'c'):\n        db.execute(f'select a from {t}')", true),
        (
            "for t in TABLES:\n        q = f'select a from {t}'\n        db.execute(q)",
            true,
        ),
        ("for t in ids:\n        db.execute(f'select a from {t}')", false),
        ("for t in ('b', x):\n        db.execute(f'select a from {t}')", false),
        (
            "for t in ('b', 'c'):\n        db.execute(f'select a from {t} where b = {x}')",
            false,
        ),
        (
            "n = min(int(x), 9)\n    db.execute(f'select a from t limit {n} offset {(x - 1) * n}')",
            true,
        ),
        (
            "n = x.get('n', 1, type=int)\n    db.execute(f'select a from t limit {n}')",
            true,
        ),
        ("n = x.get('n', 1)\n    db.execute(f'select a from t limit {n}')", false),
        ("n = min(x, 9)\n    db.execute(f'select a from t limit {n}')", false),
        ("db.execute(f'select a from t limit {limit}')", true),
        ("db.execute(f'select a from t where i = {word}')", false),
        ("db.execute(f'select a from t where i = {x / word}')", false),
        // A name in capitals says nothing of what it holds.
        ("ID = x\n    db.execute(f'select a from t where i = {ID}')", false),
        ("db.execute(f'select a from t where i = {MRN}')", false),
        ("db.execute('select a from t where i = %s' % MRN)", false),
        ("db.execute(f'select a from t where i = {x.ID}')", false),
        ("db.execute(f'select a from t where i = {a_placeholder}')", false),
        ("db.execute(f'select a from t where i = {x * 2}')", false),
        (
            "db.execute('select a from t where i in (%s)' % ','.join(ids * 1))",
            false,
        ),
    ] {
        let program = format!(
            "import sqlite3\nORDERS = {{'a': 'a', 'b': 'b'}}\nOPEN = {{'a': y}}\nTABLE = 't'\nMARK = '?, '\nTABLES = ['b', 'c']\ndef f(db, x, ids, MRN, a_placeholder, limit: int, word: str):\n    {lines}\n"
        );
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("a.py", program.as_bytes()), &mut findings);
        let shown = findings.found.iter().any(|found| !found.more.thorough);
        assert_eq!(shown, !quiet, "{lines}");
    }
}

#[test]
fn flows_go_through_files() {
    let tools = "import subprocess\ndef shell(line):\n    subprocess.run(line, shell=True)\n";
    for (path, import, call) in [
        ("app/main.py", "from app.tools import shell", "shell"),
        ("app/main.py", "from .tools import shell as s", "s"),
        ("app/main.py", "from . import tools", "tools.shell"),
        ("app/main.py", "import app.tools as t", "t.shell"),
        ("app/main.py", "import app.tools", "app.tools.shell"),
        ("app/main.py", "from app import shell", "shell"),
        ("app/sub/main.py", "from ..tools import shell", "shell"),
    ] {
        let main = format!(
            "{import}\nfrom fastapi import FastAPI\napp_ = FastAPI()\n@app_.get('/')\ndef f(q: str):\n    {call}(q)\n"
        );
        let files = [
            ("app/__init__.py", "from .tools import shell\n"),
            (path, main.as_str()),
            ("app/tools.py", tools),
        ];
        let at = format!("{path}:6:5");
        let from = format!("{path}:5:7");
        check_project(
            &files,
            &[(
                "code/command-injection",
                "app/tools.py:3:5",
                &[&from, &at, "app/tools.py:3:5"],
            )],
        );
    }
    // A package below `src`, three calls deep.
    check_project(
        &[
            (
                "src/pkg/a.py",
                "from pkg.b import two\nfrom flask import request\ntwo(request.json)\n",
            ),
            ("src/pkg/b.py", "from pkg import c\ndef two(x):\n    c.three(x['k'])\n"),
            ("src/pkg/c.py", "def three(x):\n    eval(x)\n"),
        ],
        &[(
            "code/code-injection",
            "src/pkg/c.py:2:5",
            &[
                "src/pkg/a.py:3:5",
                "src/pkg/a.py:3:1",
                "src/pkg/b.py:3:5",
                "src/pkg/c.py:2:5",
            ],
        )],
    );
}

const COMMAND: &str = "code/command-injection";

#[test]
fn functions_are_known_under_whatever_name_they_are_called() {
    let request = "from flask import request\nimport os, functools, subprocess\n";
    for program in [
        "getattr(os, 'sys' + 'tem')(request.args['x'])",
        "n = 'system'\ngetattr(os, n)(request.args['x'])",
        "vars(os)['system'](request.args['x'])",
        "os.__dict__['sys' + 'tem'](request.args['x'])",
        "import sys\nsys.modules['os'].system(request.args['x'])",
        "run = functools.partial(os.system)\nrun(request.args['x'])",
        "from functools import partial\nrun = partial(subprocess.run, shell=True)\nrun(request.args['x'])",
        "functools.partial(os.system, request.args['x'])()",
        "(lambda f: f(request.args['x']))(os.system)",
        "x = request.args['x']\n(lambda value, f: f(value))(x, f=os.system)",
        "class A:\n    run = functools.partialmethod(os.system)\nA().run(request.args['x'])",
        "class A:\n    @property\n    def run(self):\n        return os.system\n    def go(self):\n        self.run(request.args['x'])",
        "class A:\n    @functools.cached_property\n    def run(self):\n        return os.system\nA().run(request.args['x'])",
        "OPS = {'a': os.system, 'b': print}\nOPS[request.args['op']](request.args['x'])",
        "OPS = {'a': os.system, 'b': print}\nOPS['a'](request.args['x'])",
        "OPS = [print, os.system]\nOPS[int(request.args['op'])](request.args['x'])",
        "OPS = {'a': os.system}\nOPS.get(k, print)(request.args['x'])",
        "f = os.system if fast else print\nf(request.args['x'])",
        "(handler or os.system)(request.args['x'])",
        "class A:\n    run = os.system\nA.run(request.args['x'])",
        "class A:\n    run = os.system\nA().run(request.args['x'])",
        "class A:\n    run = os.system\nclass B(A):\n    pass\nB.run(request.args['x'])",
        "class A:\n    run = os.system\n    def f(self):\n        self.run(request.args['x'])",
        "class A:\n    def __init__(self):\n        self.run = os.system\n    def f(self):\n        self.run(request.args['x'])",
        "class A:\n    OPS = {'a': os.system}\n    def f(self, k):\n        self.OPS[k](request.args['x'])",
        "def f(run=os.system):\n    run(request.args['x'])",
        "from operator import attrgetter\nattrgetter('system')(os)(request.args['x'])",
        "import operator\nget = operator.attrgetter('system')\nrun = get(os)\nrun(request.args['x'])",
        "from operator import itemgetter\nOPS = {'a': os.system}\nitemgetter('a')(OPS)(request.args['x'])",
        "from operator import methodcaller\nmethodcaller('system', request.args['x'])(os)",
        "import operator\ncall = operator.methodcaller('system', request.args['x'])\ncall(os)",
        "OPS = {}\nOPS['a'] = os.system\nOPS['a'](request.args['x'])",
        "OPS = dict()\nOPS['a'] = os.system\ndef f():\n    OPS[request.args['op']](request.args['x'])",
        "OPS = {}\ndef fill():\n    OPS['a'] = os.system\ndef f(k):\n    OPS.get(k)(request.args['x'])",
        "def get():\n    return os.system\nget()(request.args['x'])",
        "def get():\n    import os as o\n    run = o.system\n    return run\ndef f():\n    get()(request.args['x'])",
        "def get():\n    def run(line):\n        os.system(line)\n    return run\ndef f():\n    run = get()\n    run(request.args['x'])",
        "def f():\n    x = request.args['x']\n    def run():\n        os.system(x)\n    run()",
        "def f(x):\n    def run():\n        os.system(x)\n    return run\nf(request.args['x'])()",
        "run = lambda line: os.system(line)\nrun(request.args['x'])",
        "def f():\n    wrap = lambda line: 'a ' + line\n    os.system(wrap(request.args['x']))",
        "subprocess.Popen(**{'args': request.args['x'], 'shell': True})",
        "line = None\ndef f():\n    global line\n    line = request.args['x']\ndef g():\n    os.system(line)",
        "from collections import namedtuple\nT = namedtuple('T', 'line')\nt = T(request.args['x'])\nos.system(t.line)",
        "from dataclasses import dataclass\n@dataclass\nclass T:\n    line: str\nt = T(request.args['x'])\nos.system(t.line)",
        "class A:\n    def run(self, line):\n        os.system(line)\nclass B(A):\n    def run(self, line):\n        super().run(line)\nB().run(request.args['x'])",
        "list(map(os.system, request.args.getlist('x')))",
        "list(filter(os.system, request.args.getlist('x')))",
        "def sanitize_it(x):\n    return x\nos.system(sanitize_it(request.args['x']))",
        "def is_safe(x):\n    return True\nx = request.args['x']\nif is_safe(x):\n    os.system(x)",
        "import re\nx = request.args['x']\nif re.fullmatch('.*', x):\n    os.system(x)",
        "import re\nP = re.compile('.+')\nx = request.args['x']\nif P.fullmatch(x):\n    os.system(x)",
        "import re\nx = request.args['x']\nif re.match('[a-z]+', x):\n    os.system(x)",
        "match request.args['x']:\n    case x:\n        os.system(x)",
    ] {
        let program = format!("{request}{program}");
        let found = of_project(&[("a.py", &program)]);
        assert!(found.iter().any(|(rule, _)| *rule == COMMAND), "{program}\n{found:?}");
    }
    for program in [
        "OPS = {'a': print, 'b': len}\nOPS[request.args['op']](request.args['x'])",
        "def sanitize_it(x):\n    return re.sub('[^a-z]', '', x)\nos.system(sanitize_it(request.args['x']))",
        "import re\nx = request.args['x']\nif re.fullmatch('[a-z]+', x):\n    os.system(x)",
        "import re\nP = re.compile('[a-z]+')\nx = request.args['x']\nif P.fullmatch(x):\n    os.system(x)",
        "import re\nx = request.args['x']\nif not re.match('^[a-z]+$', x):\n    raise ValueError\nos.system(x)",
        "x = request.args['x']\nmatch x:\n    case 'a' | 'b':\n        os.system(x)",
        "match request.args['x']:\n    case 'a' as x:\n        os.system(x)",
        "match request.args['x']:\n    case int(x):\n        os.system(x)",
        "def f(run=print):\n    run(request.args['x'])",
        "line = None\ndef f():\n    global line\n    line = 'ls'\ndef g():\n    os.system(line)",
        "class T:\n    def __init__(self, x):\n        self.line = 'ls'\nt = T(request.args['x'])\nos.system(t.line)",
        "subprocess.Popen(**{'args': ['ls'], 'cwd': '/'})\nprint(request.args['x'])",
        "from operator import attrgetter, methodcaller\nattrgetter('getcwd')(os)(request.args['x'])\nmethodcaller('getenv', request.args['x'])(os)",
        "OPS = {}\nOPS['a'] = print\nOPS['a'](request.args['x'])",
        "def get():\n    return print\nget()(request.args['x'])",
        "def get(run):\n    return run\nget(print)(request.args['x'])",
        "def f():\n    x = 'ls'\n    def run():\n        os.system(x)\n    run()\n    print(request.args['x'])",
        "run = lambda line: os.system('ls')\nrun(request.args['x'])",
        "f = lambda x: g(x)\ng = lambda x: f(x)\nf(request.args['x'])",
        "class A:\n    run = print\nA.run(request.args['x'])",
    ] {
        let program = format!("{request}{program}");
        assert_eq!(of_project(&[("a.py", &program)]), [], "{program}");
    }
}

#[test]
fn arguments_are_read_wherever_they_stand() {
    for (program, expect) in [
        (
            "requests.get(u, timeout=1, **{'verify': False})",
            &["code/tls-not-verified"][..],
        ),
        (
            "O = {'verify': False}\nrequests.get(u, timeout=1, **O)",
            &["code/tls-not-verified"],
        ),
        ("requests.get(u, timeout=1, **{'verify': True})", &[]),
        (
            "def f(u, verify=False):\n    requests.get(u, timeout=1, verify=verify)",
            &["code/tls-not-verified"],
        ),
        (
            "def f(u, verify=True):\n    requests.get(u, timeout=1, verify=verify)",
            &[],
        ),
        (
            "g = functools.partial(requests.get, timeout=1, verify=False)\ng(u)",
            &["code/tls-not-verified"],
        ),
        ("l = functools.partial(torch.load, weights_only=True)\nl(p)", &[]),
        (
            "l = functools.partial(torch.load, weights_only=False)\nl(p)",
            &["ml/torch-load"],
        ),
        ("l = functools.partial(torch.load)\nl(p, weights_only=True)", &[]),
        ("l = functools.partial(torch.load)\nl(p)", &["ml/torch-load"]),
        ("x = list(map(torch.load, ps))", &["ml/torch-load"]),
        ("torch.load(p, weights_only=not True)", &["ml/torch-load"]),
        ("torch.load(p, weights_only=bool(0))", &["ml/torch-load"]),
        ("torch.load(p, weights_only=bool(1))", &[]),
        ("requests.get(u, timeout=1, verify=0)", &["code/tls-not-verified"]),
        ("requests.get(u, timeout=1, verify=not 0)", &[]),
        (
            "O = {}\nO['verify'] = False\nrequests.get(u, timeout=1, **O)",
            &["code/tls-not-verified"],
        ),
        ("O = {}\nO['verify'] = True\nrequests.get(u, timeout=1, **O)", &[]),
        ("globals()['__builtins__']['eval'](p)", &["code/eval"]),
        ("L = {'a': torch.load, 'b': open}\nL[k](p)", &["ml/torch-load"]),
    ] {
        let whole = format!("import requests, functools, torch\n{program}");
        let found: Vec<_> = of_project(&[("a.py", &whole)]).into_iter().map(|one| one.0).collect();
        assert_eq!(found, expect, "{program}");
    }
}

#[test]
fn what_a_module_hands_on_under_another_name_does_harm_all_the_same() {
    let app = "from flask import request\nfrom helpers import run\nrun(request.args['x'])";
    assert_eq!(
        of_project(&[("helpers.py", "from os import system as run"), ("app.py", app)]),
        [(COMMAND, 3)]
    );
    assert_eq!(
        of_project(&[("helpers.py", "import os\nrun = os.system"), ("app.py", app)]),
        [(COMMAND, 3)]
    );
    assert_eq!(
        of_project(&[("helpers.py", "from os import getcwd as run"), ("app.py", app)]),
        []
    );
    let inner = "from flask import request\nfrom .helpers import run\ndef f():\n    run(request.args['x'])";
    assert_eq!(
        of_project(&[("p/helpers.py", "from os import system as run"), ("p/app.py", inner)]),
        [(COMMAND, 4)]
    );
    let cleaned = "from flask import request\nfrom helpers import sanitize_it\nimport os\nos.system(sanitize_it(request.args['x']))";
    assert_eq!(
        of_project(&[("helpers.py", "def sanitize_it(x):\n    return x"), ("app.py", cleaned)]),
        [(COMMAND, 4)]
    );
    let good = "def sanitize_it(x):\n    if not x.isalnum():\n        raise ValueError\n    return x";
    assert_eq!(of_project(&[("helpers.py", good), ("app.py", cleaned)]), []);
}
