//! Connections that trust everybody, or can be read.

use ruff_python_ast::Expr;
use ruff_text_size::{Ranged as _, TextRange};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, Node, On, Rule};

pub(super) static NO_VERIFY: Rule = Rule {
    meta: RuleMeta {
        id: "code/tls-not-verified",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "The other side's certificate is not checked.",
        docs: "Without the check anybody on the way can answer in the server's place, read what is sent, and give a model or a package of their own.\n\nExample: `requests.get(url, verify=False)`\n\n**Instead:** leave `verify` out; for an own authority `verify=\"/path/ca.pem\"`.\n\nSource: documentation of Requests, SSL certificate verification; Python documentation of `ssl`; CWE-295.",
    },
    on: &[
        On::Keyword("verify"),
        On::Keyword("verify_ssl"),
        On::Keyword("ssl"),
        On::Keyword("cert_reqs"),
        On::Keyword("check_hostname"),
        On::Keyword("ssl_verify"),
        On::Keyword("assert_hostname"),
        On::Name("ssl._create_unverified_context"),
        On::Assign,
        On::Call("setattr"),
    ],
    check: |ctx, site, out| {
        let hit = |range: TextRange| Hit::at(range).thorough_if(ctx.is_test()).bandit("B501", Severity::High);
        match site.node {
            Node::Keyword(call, keyword) => {
                let name = keyword.name;
                let client = |libraries: &[&str]| {
                    libraries
                        .iter()
                        .any(|one| site.name.strip_prefix(one).is_some_and(|rest| rest.starts_with('.')))
                };
                let off = match name {
                    "verify" => client(&["requests", "httpx", "curl_cffi", "niquests"]) && ctx.is_false(keyword.value),
                    "ssl" | "verify_ssl" => client(&["aiohttp"]) && ctx.is_false(keyword.value),
                    "ssl_verify" | "check_hostname" | "assert_hostname" => {
                        client(&["ssl", "urllib3", "websocket", "redis", "pymysql"]) && ctx.is_false(keyword.value)
                    }
                    "cert_reqs" => {
                        client(&["urllib3", "ssl", "redis", "kazoo", "websocket"])
                            && (ctx.name(keyword.value).is_some_and(|name| name == "ssl.CERT_NONE")
                                || ctx
                                    .str(keyword.value)
                                    .is_some_and(|text| matches!(&*text, "NONE" | "CERT_NONE")))
                    }
                    _ => false,
                };
                if off {
                    out.report(hit(call.range()));
                }
            }
            Node::Expr(expr) => {
                let hit = hit(expr.range());
                out.report(hit.bandit("B323", Severity::Medium));
            }
            _ => {
                let Some(set) = site.attribute(ctx) else { return };
                let of = ctx.type_of(set.object).unwrap_or_default();
                let off = match &*set.name {
                    "verify_mode" => ctx.name(set.value).is_some_and(|name| name == "ssl.CERT_NONE"),
                    "check_hostname" => of.starts_with("ssl.") && ctx.is_false(set.value),
                    "verify" => (of.starts_with("requests.") || of.starts_with("httpx.")) && ctx.is_false(set.value),
                    _ => false,
                };
                if off {
                    out.report(hit(set.range));
                }
            }
        }
    },
    bad: &[
        "import requests\nrequests.get(u, verify=False)",
        "import requests\nclass A:\n    def __init__(self):\n        self.s = requests.Session()\n    def f(self, u):\n        self.s.get(u, verify=False)",
        "import httpx\nwith httpx.Client() as c:\n    c.get(u, verify=False)",
        "import ssl\nssl._create_default_https_context = ssl._create_unverified_context",
        "import ssl\nc = ssl.create_default_context()\nc.check_hostname = False",
        "import ssl\nc = ssl.create_default_context()\nc.verify_mode = ssl.CERT_NONE",
        "import urllib3\nurllib3.PoolManager(cert_reqs='CERT_NONE')",
        "import requests\ns = requests.Session()\nsetattr(s, 'verify', False)",
    ],
    good: &[
        "import requests\nrequests.get(u)",
        "import requests\nrequests.get(u, verify='ca.pem')",
        "check(u, verify=False)",
        "import requests\ns = requests.Session()\nsetattr(s, 'verify', 'ca.pem')",
        "setattr(job, 'verify', False)",
        "import ssl\nc = ssl.create_default_context()\nc.check_hostname = True",
    ],
};

pub(super) static WEAK_TLS: Rule = Rule {
    meta: RuleMeta {
        id: "code/weak-tls",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "A version of TLS that can be broken.",
        docs: "SSL 2 and 3 and TLS 1.0 and 1.1 have known faults and are switched off by browsers and standards.\n\nExample: `ssl.SSLContext(ssl.PROTOCOL_TLSv1)`\n\n**Instead:** `ssl.create_default_context()`, which takes TLS 1.2 and later.\n\nSource: RFC 8996; CWE-327.",
    },
    on: &[
        On::Name("ssl.PROTOCOL_SSLv2"),
        On::Name("ssl.PROTOCOL_SSLv3"),
        On::Name("ssl.PROTOCOL_TLSv1"),
        On::Name("ssl.PROTOCOL_TLSv1_1"),
        On::Name("ssl.TLSVersion.SSLv3"),
        On::Name("ssl.TLSVersion.TLSv1"),
        On::Name("ssl.TLSVersion.TLSv1_1"),
        On::Name("pyOpenSSL.SSL.SSLv2_METHOD"),
        On::Name("pyOpenSSL.SSL.SSLv3_METHOD"),
        On::Name("pyOpenSSL.SSL.TLSv1_METHOD"),
        On::Name("pyOpenSSL.SSL.TLSv1_1_METHOD"),
        On::Name("pyOpenSSL.SSL.SSLv23_METHOD"),
        On::Name("OpenSSL.SSL.SSLv2_METHOD"),
        On::Name("OpenSSL.SSL.SSLv3_METHOD"),
        On::Name("OpenSSL.SSL.TLSv1_METHOD"),
        On::Name("OpenSSL.SSL.TLSv1_1_METHOD"),
        On::Call("ssl.wrap_socket"),
    ],
    check: |ctx, site, out| {
        if let Some(call) = site.call() {
            out.report(
                Hit::at(call)
                    .severity(Severity::Medium)
                    .note("`ssl.wrap_socket` checks no host name, and takes old versions of TLS")
                    .thorough_if(ctx.is_test())
                    .bandit("B504", Severity::Low),
            );
            return;
        }
        // A comparison asks for the version; it does not choose it.
        let compared = matches!(ctx.parent(), Some(Expr::Compare(_) | Expr::Dict(_)));
        out.report(
            Hit::at(site.range())
                .thorough_if(compared || ctx.is_test())
                .bandit("B502", Severity::High),
        );
    },
    bad: &[
        "import ssl\nssl.SSLContext(ssl.PROTOCOL_TLSv1)",
        "from OpenSSL import SSL\nSSL.Context(SSL.SSLv3_METHOD)",
        "import ssl\nssl.wrap_socket(s)",
        "import ssl\nc.minimum_version = ssl.TLSVersion.TLSv1",
    ],
    good: &[
        "import ssl\nssl.create_default_context()",
        "import ssl\nssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)",
    ],
};
