//! Small programs and what Bandit says of each.

use super::*;

/// `LINE ID SEVERITY` of every result, in the order of the file.
fn said(source: &str) -> Vec<String> {
    let parsed = ruff_python_parser::parse_unchecked_source(source, ruff_python_ast::PySourceType::Python);
    let said = examine(source, parsed.syntax(), parsed.tokens());
    let line = |hit: &Hit| source[..hit.range.start().to_usize()].matches('\n').count() + 1;
    said.hits
        .iter()
        .map(|hit| format!("{} {} {}", line(hit), hit.test.id, hit.severity))
        .collect()
}

#[track_caller]
fn check(source: &str, expect: &[&str]) {
    assert_eq!(said(source), expect, "{source}");
}

#[test]
fn every_test_has_a_rule() {
    for test in ids::TESTS {
        assert!(
            rules::by_id(test.rule).is_some(),
            "{}: there is no rule {}",
            test.id,
            test.rule
        );
    }
}

#[test]
fn imports_give_names_for_the_whole_file() {
    check("import pickle as p\np.loads(x)", &["1 B403 low", "2 B301 medium"]);
    check(
        "def f():\n    import pickle as p\np = 3\np.loads(x)",
        &["2 B403 low", "4 B301 medium"],
    );
    check("p.loads(x)\nimport pickle as p", &["2 B403 low"]);
    check(
        "from xml.etree import ElementTree as E\nE.parse(x)",
        &["1 B405 low", "2 B314 medium"],
    );
    check("import pickletools, telnetlib", &["1 B401 high"]);
    check(
        "from . import subprocess\nfrom .subprocess import x\nfrom ..foo import pickle",
        &["1 B404 low", "2 B404 low"],
    );
    check("__import__('pickle')\n__import__(x)\n__import__()", &["1 B403 low"]);
    check(
        "import importlib\nimportlib.import_module(name='subprocess')",
        &["2 B404 low"],
    );
    check("a().pickle.loads(x)", &[]);
}

#[test]
fn processes() {
    check(
        "import subprocess as s\ns.run('ls', shell=True)",
        &["1 B404 low", "2 B607 low", "2 B602 low"],
    );
    check("subprocess.run(x,\n  shell=\n    True)", &["3 B602 high"]);
    check("subprocess.Popen('ls', shell=0)", &["1 B607 low", "1 B603 low"]);
    check("foo(x, shell=[1])\nfoo(x, shell='')", &["1 B604 medium"]);
    check(
        "os.system(x)\nos.system('/bin/ls')\nos.system()",
        &["1 B605 high", "2 B605 low"],
    );
    check("os.execl('c:x')\nos.spawnl(m, 'x')", &["1 B606 low", "2 B606 low"]);
    check("os.system('tar *')", &["1 B605 low", "1 B607 low", "1 B609 high"]);
    check("import paramiko\nc.exec_command()", &["2 B601 medium"]);
}

#[test]
fn strings() {
    check(
        "a = '0.0.0.0'\n'0.0.0.0'\nf'{b}0.0.0.0'",
        &["1 B104 medium", "3 B104 medium"],
    );
    check("a = '/tmp/x'\n'/tmp/x'\na = 'x/tmp'\na = b'/tmp'", &["1 B108 medium"]);
    check(
        "a = f'''\n{x}/tmp/k\n{'/tmp/k'}'''",
        &["1 B108 medium", "3 B108 medium"],
    );
    let names = "password = 'a'\nself.token = ''\nx['pwd'] = 'b'\nif secret == 'c': pass\nx = {'pass': 'd'}";
    check(
        names,
        &["1 B105 low", "2 B105 low", "3 B105 low", "4 B105 low", "5 B105 low"],
    );
    check("password: str = 'a'\ntokens = 'b'\nif 'c' == password: pass", &[]);
    check("f(a,\n  password='x')", &["2 B106 low"]);
    check(
        "@d\ndef f(a, token='x'): pass\nasync def f(token='x'): pass\ndef f(*, token='x'): pass",
        &["2 B107 low"],
    );
    check("def f(a='x', /, token=None): pass", &["1 B107 low"]);
}

#[test]
fn statements_of_sql() {
    for one in [
        "'select a from b' + x",
        "x + 'select a from b '",
        "x = 'SELECT %s\\n FROM t' % y",
        "'delete from {}'.format(x)",
        "'insert into a values(x'.replace(x, y)",
        "f'update {a} set b'",
        "'select a' + x + 'from b '",
    ] {
        check(one, &["1 B608 medium"]);
    }
    for none in [
        "'select a from b'",
        "x = 'selecta from b' + c",
        "'select a from b'.strip(x)",
        "b'select a from b ' + x",
    ] {
        check(none, &[]);
    }
}

#[test]
fn keys_hashes_and_protocols() {
    check(
        "hashlib.md5()\nhashlib.md5(usedforsecurity=x)\nhashlib.new('SHA1')",
        &["1 B324 high", "3 B324 high"],
    );
    check("crypt.crypt(x, crypt.METHOD_MD5)", &["1 B324 medium"]);
    check(
        "from cryptography.hazmat.primitives.asymmetric import rsa, ec\nrsa.generate_private_key(3, 1024)\nec.generate_private_key(ec.SECP192R1)\nrsa.generate_private_key(3, 512)",
        &["2 B505 medium", "3 B505 medium", "4 B505 high"],
    );
    check(
        "ssl.wrap_socket()\nssl.wrap_socket(ssl_version=ssl.PROTOCOL_TLSv1)\nf(method=SSLv3_METHOD)",
        &["1 B504 low", "2 B502 high", "3 B502 medium"],
    );
    check("def f(a=ssl.PROTOCOL_SSLv2): pass", &["1 B503 medium"]);
    check(
        "os.chmod(a, 0o777)\nos.chmod(a, 0o710)\nos.chmod(a, 0o700)",
        &["1 B103 high", "2 B103 medium"],
    );
}

#[test]
fn requests_and_downloads() {
    check(
        "requests.get(a)\nrequests.get(a, timeout=f())\nrequests.get(a, timeout=3)",
        &["1 B113 medium", "2 B113 medium"],
    );
    check(
        "httpx.get(a)\nhttpx.Client(timeout=None,\n  verify=False)",
        &["2 B113 medium", "3 B501 high"],
    );
    check(
        "from transformers import A\nA.from_pretrained(x)\nA.from_pretrained('./m')\nA.from_pretrained(x, revision='1234567')\nA.from_pretrained(x, revision='main')",
        &["2 B615 medium", "5 B615 medium"],
    );
    check(
        "import torch\ntorch.load(x)\ntorch.load(x, weights_only=True)",
        &["2 B614 medium"],
    );
    check(
        "from yaml import load\nload(x)\nimport yaml\nyaml.load(x)\nyaml.load(x, yaml.CSafeLoader)",
        &["4 B506 medium"],
    );
}

#[test]
fn markup() {
    let head = "from django.utils.safestring import mark_safe\n";
    for (program, expect) in [
        ("mark_safe('a')", &["2 B308 medium"][..]),
        ("mark_safe(x)", &["2 B308 medium", "2 B703 medium"]),
        ("x = 'a'\nmark_safe(x)", &["3 B308 medium"]),
        ("x = mark_safe(x)", &["2 B308 medium", "2 B703 medium"]),
        ("def f(x='a'):\n    mark_safe(x)", &["3 B308 medium", "3 B703 medium"]),
        (
            "x = 'a'\nif y: x = z\nmark_safe(x)",
            &["4 B308 medium", "4 B703 medium"],
        ),
        ("a, b = 'x', y\nmark_safe('%s' % a)", &["3 B308 medium"]),
        ("a = 'x'\nmark_safe('{} {}'.format(*[a, 'y']))", &["3 B308 medium"]),
    ] {
        check(&format!("{head}{program}"), expect);
    }
    check("markupsafe.Markup(f'a')\nmarkupsafe.Markup('a')", &["1 B704 medium"]);
    check(
        "jinja2.Environment()\njinja2.Environment(autoescape=select_autoescape())",
        &["1 B701 high"],
    );
    check("q.extra(where=['a'])\nq.extra(where=[a])", &["2 B610 medium"]);
}

#[test]
fn a_comment_keeps_back_what_it_names() {
    let mark = concat!("# no", "sec");
    check(
        &format!("import pickle {mark}\nimport dill {mark} B404"),
        &["2 B403 low"],
    );
    check(&format!("subprocess.run(x,\n  y, {mark} B603\n  z)"), &[]);
    check(&format!("def f(password='x'):\n    pass {mark}"), &[]);
    check(&format!("a = '''{mark}''' + '/tmp/x'"), &["1 B108 medium"]);
}

#[test]
fn one_hidden_character_is_reported() {
    check("x = 1 # \u{202e}\ny = '\u{2066}'", &["1 B613 high"]);
}
