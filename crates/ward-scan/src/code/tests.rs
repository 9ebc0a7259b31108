//! Rules against their examples, and the engine as a whole.

use super::*;
use crate::{Blob, Findings};

fn ids(path: &str, program: &str) -> Vec<(&'static str, u32, u32)> {
    let mut findings = Findings::default();
    scan(&Blob::of_bytes(path, program.as_bytes()), &mut findings);
    findings
        .found
        .iter()
        .map(|found| (found.rule.id, found.at.line.unwrap_or(0), found.at.column.unwrap_or(0)))
        .collect()
}

#[test]
fn every_rule_finds_its_bad_examples_and_nothing_in_its_good_ones() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        let id = rule.meta.id;
        assert!(
            !rule.bad.is_empty() && !rule.good.is_empty(),
            "{id} needs examples of both kinds"
        );
        assert!(rule.meta.docs.contains("Source:"), "{id} names no source");
        for (examples, expect) in [(rule.bad, true), (rule.good, false)] {
            for example in examples {
                let mut findings = Findings::default();
                // What begins like a line for the shell can only stand in a notebook.
                if example.starts_with(['!', '%']) {
                    let book = serde_json::json!({"cells": [{"cell_type": "code", "source": [example]}]}).to_string();
                    scan(&Blob::of_bytes("a.ipynb", book.as_bytes()), &mut findings);
                } else {
                    scan(&Blob::of_bytes("a.py", example.as_bytes()), &mut findings);
                }
                assert!(findings.not_examined.is_empty(), "{id} does not parse: {example}");
                conclude_alone(&mut findings);
                let found = findings.found.iter().any(|found| std::ptr::eq(found.rule, &rule.meta));
                if found != expect {
                    wrong.push(format!("{id} {expect}: {example}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n---\n"));
}

/// What the file says alone, as if it were the whole project.
fn conclude_alone(findings: &mut Findings) {
    let facts = findings.facts.drain(..).map(|fact| (Location::of_file("a.py"), fact));
    let facts: Vec<_> = facts.collect();
    let project = crate::Project {
        advisories: &crate::advisories::Known::None,
        facts: &facts,
        config: &crate::config::Config::default(),
        nested: &[],
        today: 0,
    };
    flow::conclude(&project, findings);
}

#[track_caller]
fn check(program: &str, expect: &[(&str, u32, u32)]) {
    assert_eq!(ids("a.py", program), expect, "{program}");
}

#[test]
fn names_are_followed_through_imports_scopes_and_objects() {
    const T: &str = "ml/torch-load";
    check("import torch\n\nx = torch.load(p)", &[(T, 3, 5)]);
    check("import torch as t\nt.load(p)", &[(T, 2, 1)]);
    check("from torch import *\nload(p)", &[(T, 2, 1)]);
    check(
        "import torch\ndef f():\n    l = torch.load\n    return l(p)",
        &[(T, 4, 12)],
    );
    check("def f():\n    return torch.load(p)\nimport torch", &[(T, 2, 12)]);
    check(
        "try:\n    import torch\nexcept ImportError:\n    torch = None\ntorch.load(p)",
        &[(T, 5, 1)],
    );
    check("import torch\ntorch = fake()\ntorch.load(p)", &[]);
    check("def f(torch):\n    torch.load(p)", &[]);
    check(
        "import torch\nclass A:\n    def torch(self):\n        torch.load(p)",
        &[(T, 4, 9)],
    );
    check("import torch\n[torch.load(p) for p in ps]", &[(T, 2, 2)]);
    check("import torch\n[torch.load(p) for torch in ps]", &[]);
    check("getattr(__import__('torch'), 'load')(p)", &[(T, 1, 1)]);
    check(
        "import importlib\nt = importlib.import_module('torch')\nt.load(p)",
        &[(T, 3, 1)],
    );
    check("import torch\nkw = {'weights_only': True}\ntorch.load(p, **kw)", &[]);
    check(
        "import torch\nkw = {'weights_only': False}\ntorch.load(p, **kw)",
        &[(T, 3, 1)],
    );
    check("é = 1; import torch; torch.load(p)", &[(T, 1, 22)]);
    check("def f():\n    torch.load(p)\ndef f():\n    import torch", &[(T, 2, 5)]);
}

#[test]
fn what_does_not_parse_is_reported_and_the_rest_examined() {
    for program in [
        "import torch\ntorch.load(p)\nx = = 1\ntorch.load(q)\n",
        "import torch\ntorch.load(p)\nprint 'a'\ntorch.load(q)\n",
        "import torch\ntorch.load(p)\nexec 'a' in b\ntorch.load(q)\n",
    ] {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("a.py", program.as_bytes()), &mut findings);
        assert_eq!(findings.found.len(), 2, "{program}");
        assert_eq!(findings.not_examined.len(), 1, "{program}");
        assert!(findings.not_examined[0].at.line.is_some());
    }
}

#[test]
fn a_generated_file_of_many_megabytes_is_told() {
    let program = "x = 'nobody wrote this line'\n".repeat(200_000);
    let mut findings = Findings::default();
    scan(&Blob::of_bytes("gen.py", program.as_bytes()), &mut findings);
    let told: Vec<_> = findings.not_examined.iter().map(|one| &*one.reason).collect();
    assert_eq!(
        told,
        ["a Python file of more than 4 MiB; split it, or accept that it is not examined"]
    );
}

#[test]
fn nesting_bombs_are_refused_or_survived() {
    for (program, refused) in [
        (format!("{}1{}", "(".repeat(2_000), ")".repeat(2_000)), false),
        (format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)), true),
        ("(".repeat(100_000), true),
        (format!("x = 1{}", " + 1".repeat(2_500)), false),
        (format!("x = 1{}", " + 1".repeat(100_000)), true),
        (format!("x = {}1", "-".repeat(100_000)), true),
        (format!("x = {}1", "lambda: ".repeat(2_500)), false),
        (format!("x = {}y", "not ".repeat(100_000)), true),
        (format!("x{}", ".a".repeat(2_500)), false),
        (format!("f\"{}{}\"", "{f'".repeat(500), "'}".repeat(500)), false),
        (format!("f'{}'", "{(".repeat(50_000)), true),
        ((0..1_000).map(|n| format!("{}if a:\n", " ".repeat(n))).collect(), false),
        (format!("x = {}", "f(".repeat(50_000)), true),
    ] {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes("a.py", program.as_bytes()), &mut findings);
        let said = findings.not_examined.iter().any(|one| one.reason == TOO_DEEP);
        assert_eq!(said, refused, "{}", program.get(..40).unwrap_or_default());
    }
}

#[test]
fn a_notebook_is_examined_with_cells_named() {
    let book = r#"{"cells": [
{"cell_type": "code", "source": ["import torch\n", "%pip install x\n", "!ls\n"]},
{"cell_type": "code", "source": [
  "y = torch.load(p)\n"]}]}"#;
    let mut findings = Findings::default();
    scan(&Blob::of_bytes("a.ipynb", book.as_bytes()), &mut findings);
    assert!(findings.not_examined.is_empty());
    let found = &findings.found[0];
    assert_eq!((found.at.line, found.at.column), (Some(4), Some(5)));
    assert_eq!(found.details, ["cell 2, line 1"]);
    assert_eq!(found.more.excerpt.as_deref(), Some("y = torch.load(p)"));
}

/// Scans files as one project; gives what only all of them together show, with the places of the way.
fn project(files: &[(&str, &str)]) -> Vec<(String, String, Vec<String>)> {
    let mut facts = Vec::new();
    for (path, program) in files {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes(*path, program.as_bytes()), &mut findings);
        assert!(findings.not_examined.is_empty(), "{path}");
        let own = findings.facts.drain(..).map(|fact| (Location::of_file(*path), fact));
        facts.extend(own);
    }
    let project = crate::Project {
        advisories: &crate::advisories::Known::None,
        facts: &facts,
        config: &crate::config::Config::default(),
        nested: &[],
        today: 0,
    };
    let mut findings = Findings::default();
    flow::conclude(&project, &mut findings);
    assert!(findings.not_examined.is_empty());
    findings
        .found
        .iter()
        .map(|found| {
            let way = found.more.flow.iter().map(|step| step.at.to_string()).collect();
            (found.rule.id.to_owned(), found.at.to_string(), way)
        })
        .collect()
}

#[track_caller]
fn check_project(files: &[(&str, &str)], expect: &[(&str, &str, &[&str])]) {
    let found = project(files);
    let found: Vec<_> = found
        .iter()
        .map(|(id, at, way)| {
            (
                id.as_str(),
                at.as_str(),
                way.iter().map(String::as_str).collect::<Vec<_>>(),
            )
        })
        .collect();
    let expect: Vec<_> = expect.iter().map(|(id, at, way)| (*id, *at, way.to_vec())).collect();
    assert_eq!(found, expect);
}

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

/// A view that takes `x` from a request, with what it does, and the rules that speak.
#[track_caller]
fn check_view(body: &str, expect: &[&str]) {
    let lines: String = body.lines().map(|line| format!("    {line}\n")).collect();
    let program = format!(
        "import os, re, subprocess, requests, enum\nfrom pathlib import Path\nfrom urllib.parse import urlparse, urlsplit\nfrom flask import Flask, request, redirect, send_file, abort\n\nHOSTS = {{'a.example.org', 'b.example.org'}}\n\nclass Kind(enum.Enum):\n    A = 'a'\n\nclass Any:\n    A = 'a'\n\ndef view(db):\n    x = request.args['x']\n{lines}"
    );
    let found: Vec<&str> = of_project(&[("a.py", &program)])
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(found, expect, "{program}");
}

#[test]
fn a_value_that_was_made_a_number_or_a_member_is_none_of_a_stranger() {
    const SQL: &str = "code/sql-injection";
    check_view("n = request.args.get('n', 1, type=int)\ndb.execute('select ' + n)", &[]);
    check_view("n = request.args.get('n', 1, int)\ndb.execute('select ' + n)", &[]);
    check_view("n = request.args.getlist('n', type=int)\nopen('/srv/%s' % n[0])", &[]);
    check_view(
        "n = request.args.getlist('n')\nopen('/srv/%s' % n[0])",
        &["code/path-traversal"],
    );
    check_view("n = request.args.get('n', 1)\ndb.execute('select ' + n)", &[SQL]);
    check_view(
        "n = request.args.get('n', 1, type=str)\ndb.execute('select ' + n)",
        &[SQL],
    );
    check_view(
        "n = request.args.get('n', 1, type=clean)\ndb.execute('select ' + n)",
        &[SQL],
    );
    check_view("open('/srv/' + Kind(x).value)", &[]);
    check_view("open('/srv/' + Any(x).value)", &["code/path-traversal"]);
}

#[test]
fn the_host_of_an_address_decides_where_it_leads() {
    const SSRF: &str = "code/ssrf";
    const REDIRECT: &str = "code/open-redirect";
    check_view(
        "if urlparse(x).hostname not in HOSTS:\n    abort(400)\nrequests.get(x, timeout=1)",
        &[],
    );
    check_view(
        "u = urlsplit(x)\nif u.hostname not in HOSTS:\n    return\nrequests.get(x, timeout=1)",
        &[],
    );
    check_view(
        "h = urlsplit(x).netloc\nif h in HOSTS:\n    requests.get(x, timeout=1)",
        &[],
    );
    check_view("if urlparse(x).netloc:\n    x = '/'\nreturn redirect(x)", &[]);
    check_view(
        "if not x or urlparse(x).netloc != '':\n    x = '/'\nreturn redirect(x)",
        &[],
    );
    check_view(
        "if urlparse(x).hostname in HOSTS:\n    pass\nrequests.get(x, timeout=1)",
        &[SSRF],
    );
    check_view(
        "if urlparse(x).hostname in HOSTS:\n    return\nrequests.get(x, timeout=1)",
        &[SSRF],
    );
    check_view(
        "if urlparse(x).scheme not in ('http', 'https'):\n    return\nrequests.get(x, timeout=1)",
        &[SSRF],
    );
    check_view(
        "if urlparse(x).path not in HOSTS:\n    return\nrequests.get(x, timeout=1)",
        &[SSRF],
    );
    check_view(
        "if not urlparse(x).netloc:\n    return\nreturn redirect(x)",
        &[REDIRECT],
    );
    check_view(
        "y = request.args['y']\nif urlparse(y).netloc:\n    return\nreturn redirect(x)",
        &[REDIRECT],
    );
    check_view(
        "if urlparse(x).hostname not in HOSTS:\n    return\nopen(x)",
        &["code/path-traversal"],
    );
}

#[test]
fn an_address_that_was_asked_for_is_of_this_site() {
    const REDIRECT: &str = "code/open-redirect";
    check_view("return redirect(request.path)", &[]);
    check_view("return redirect(request.path.replace('/en/', '/de/'))", &[]);
    check_view("p = request.full_path\nreturn redirect(p + '&again=1')", &[]);
    check_view("return redirect(request.url)", &[]);
    check_view("return redirect(request.url.replace('http://', 'https://', 1))", &[]);
    check_view("u = request.url\nreturn redirect(u.replace('http:', 'https:', 1))", &[]);
    check_view("return redirect('https://a.example.org' + request.full_path)", &[]);
    check_view("return redirect(f'{request.path}?again=1')", &[]);
    check_view("return redirect(request.path.replace('/out/', ''))", &[REDIRECT]);
    check_view("return redirect(request.full_path.split('next=', 1)[1])", &[REDIRECT]);
    check_view("return redirect(request.path[len('/out/'):])", &[REDIRECT]);
    check_view("return redirect(request.path.removeprefix('/out/'))", &[REDIRECT]);
    check_view("return redirect(request.path.rstrip('/'))", &[REDIRECT]);
    check_view(
        "m = re.search('u=(.*)', request.url)\nreturn redirect(m.group(1))",
        &[REDIRECT],
    );
    check_view("return redirect('/' + request.path)", &[REDIRECT]);
    check_view("return redirect(x)", &[REDIRECT]);
    check_view("return redirect(request.args['next'])", &[REDIRECT]);
    check_view("return redirect(request.referrer)", &[REDIRECT]);
    check_view("return redirect(request.headers['X-Path'])", &[REDIRECT]);
    check_view("return redirect(request.path or x)", &[REDIRECT]);
    check_view("open(request.path)", &["code/path-traversal"]);
}

#[test]
fn the_last_part_of_a_path_leaves_no_folder() {
    const PATH: &str = "code/path-traversal";
    check_view("send_file(Path('/srv') / Path(x).name)", &[]);
    check_view("p = Path(x)\nsend_file(Path('/srv') / p.name)", &[]);
    check_view("send_file(Path('/srv') / x)", &[PATH]);
    check_view("send_file(Path('/srv') / Path(x).parent)", &[PATH]);
    check_view("f = request.files['f']\nsend_file('/srv/' + f.name)", &[PATH]);
    // The beginning of a path says nothing while it may hold `..`.
    check_view(
        "p = os.path.join('/srv', x)\nif not p.startswith('/srv/'):\n    return\nsend_file(p)",
        &[PATH],
    );
    check_view("p = f'/srv/{x}'\nif p.startswith('/srv/'):\n    send_file(p)", &[PATH]);
    check_view(
        "p = Path('/srv') / x\nif str(p).startswith('/srv/'):\n    send_file(p)",
        &[PATH],
    );
    check_view(
        "p = os.path.realpath(os.path.join('/srv', x))\nif p.startswith('/srv/'):\n    send_file(p)",
        &[],
    );
    check_view(
        "p = (Path('/srv') / x).resolve()\nif p.is_relative_to('/srv'):\n    send_file(p)",
        &[],
    );
    check_view(
        "p = os.path.join('/srv', x)\np = os.path.abspath(p)\nif p.startswith('/srv/'):\n    send_file(p)",
        &[],
    );
}

#[test]
fn what_a_request_brings_is_saved_where_it_says() {
    const PATH: &str = "code/path-traversal";
    check_view("f = request.files['f']\nf.save('/srv/' + f.filename)", &[PATH]);
    check_view(
        "f = request.files.get('f')\nf.save(os.path.join('/srv', f.filename))",
        &[PATH],
    );
    check_view("f = request.files['f']\nf.save('/srv/a.png')", &[]);
    check_view(
        "f = request.files['f']\nf.save(os.path.join('/srv', os.path.basename(f.filename)))",
        &[],
    );
    check_view("note.save(x)", &[]);
    check_view("form = make()\nform.save(x)", &[]);
}

#[test]
fn of_what_stands_behind_c_only_the_next_is_run() {
    const RUN: &str = "code/command-injection";
    check_view("subprocess.run(['ping', '-c', '1', x])", &[]);
    check_view("subprocess.run(['sh', '-c', 'echo \"$1\"', '-', x])", &[]);
    check_view("subprocess.run(['git', 'commit', '-m', x])", &[]);
    check_view("os.execvp('ping', ['ping', '-c', '1', x])", &[]);
    check_view("subprocess.run(['sh', '-c', x])", &[RUN]);
    check_view(
        "subprocess.run(['docker', 'run', '-e', 'A=1', 'image', 'sh', '-c', 'ls ' + x])",
        &[RUN],
    );
    check_view("subprocess.run(['sh', '-c', *x])", &[RUN]);
    // The text is added later.
    check_view(
        "cmd = ['bash', '-c']\ncmd.append('ls ' + x)\nsubprocess.run(cmd)",
        &[RUN],
    );
    check_view(
        "cmd = ['bash', '-c']\ncmd.extend(['ls ' + x])\nsubprocess.run(cmd)",
        &[RUN],
    );
    check_view("cmd = ['grep', '-c']\ncmd.append(x)\nsubprocess.run(cmd)", &[]);
    check_view(
        "cmd = ['sh', '-c', 'echo \"$1\"', '-']\ncmd.append(x)\nsubprocess.run(cmd)",
        &[],
    );
    // The text runs its arguments.
    check_view("subprocess.run(['sh', '-c', 'eval \"$1\"', '-', x])", &[RUN]);
    check_view("subprocess.run(['sh', '-c', '$0', x])", &[RUN]);
    check_view("subprocess.run(['bash', '-c', '--', x])", &[RUN]);
    check_view(
        "subprocess.run(['python3', '-c', 'import sys; exec(sys.argv[1])', x])",
        &[RUN],
    );
    check_view(
        "subprocess.run(['python3', '-c', 'import sys; print(sys.argv[1])', x])",
        &[],
    );
    // An option of another program, or of a script.
    check_view("subprocess.run(['grep', '-c', x, 'a.txt'])", &[]);
    check_view("subprocess.run(['python3', 'tool.py', '-c', x])", &[]);
    check_view("subprocess.run(['docker', 'run', '-e', 'X=' + x, 'image'])", &[]);
    check_view("os.execvp('grep', ['grep', '-c', x])", &[]);
    check_view("os.spawnlp(os.P_WAIT, 'sh', 'sh', '-c', x)", &[RUN]);
    check_view("subprocess.run(['bash', '-o', 'pipefail', '-c', 'make ' + x])", &[RUN]);
    check_view("subprocess.run(['timeout', '5', 'python3', '-uc', x])", &[RUN]);
    check_view("subprocess.run(['su', 'app', '-c', 'ls ' + x])", &[RUN]);
    check_view("subprocess.run([SHELL, '-c', x])", &[RUN]);
    check_view(
        "cmd = ['bash', '-c', None]\ncmd.insert(2, x)\nsubprocess.run(cmd)",
        &[RUN],
    );
    check_view("subprocess.run(['git', '-c', 'a=b', '-c', x, 'status'])", &[RUN]);
    check_view("subprocess.run(['git', 'grep', '-c', x])", &[]);
    check_view("subprocess.run(['cmd', '/c', 'dir', x])", &[RUN]);
    check_view("subprocess.run([x, '-c', '1'])", &[RUN]);
    check_view("os.execvp('sh', ['sh', '-c', x])", &[RUN]);
    check_view("subprocess.run(['ping', '-c', '1', x], shell=True)", &[RUN]);
}

#[test]
fn a_value_that_reaches_calls_inside_each_other_is_told_once() {
    let models =
        "from sqlalchemy import text\ndef find(db, o):\n    return db.execute(text('select * from t order by ' + o))\n";
    let view = "from flask import request\nfrom m import find\nfind(db, request.args['o'])\n";
    check_project(
        &[("m.py", models), ("v.py", view)],
        &[(
            "code/sql-injection",
            "m.py:3:23",
            &["v.py:3:10", "v.py:3:1", "m.py:3:23"],
        )],
    );
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

/// What is found in the files of a project, by rule and line, sorted.
fn of_project(files: &[(&str, &str)]) -> Vec<(&'static str, u32)> {
    let mut findings = Findings::default();
    let mut facts = Vec::new();
    for (path, program) in files {
        scan(&Blob::of_bytes(*path, program.as_bytes()), &mut findings);
        facts.extend(findings.facts.drain(..).map(|fact| (Location::of_file(*path), fact)));
    }
    let project = crate::Project {
        advisories: &crate::advisories::Known::None,
        facts: &facts,
        config: &crate::config::Config::default(),
        nested: &[],
        today: 0,
    };
    flow::conclude(&project, &mut findings);
    // That a shell is used at all is said by a rule of its own.
    let shown = findings
        .found
        .iter()
        .filter(|found| !found.more.thorough && found.rule.id != "code/shell");
    let mut found: Vec<_> = shown.map(|found| (found.rule.id, found.at.line.unwrap_or(0))).collect();
    found.sort_unstable();
    found.dedup();
    found
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
