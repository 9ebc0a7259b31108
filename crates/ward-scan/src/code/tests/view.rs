//! What a view does with values of a request.

use super::*;

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
