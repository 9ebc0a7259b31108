//! Connections that trust everybody.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static NO_VERIFY: Rule = Rule {
    meta: RuleMeta {
        id: "code/tls-not-verified",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "The other side's certificate is not checked.",
        docs: "Without the check anybody on the way can answer in the server's place, read what is sent, and give a model \
            or a package of their own.\n\n\
            Example: `requests.get(url, verify=False)`\n\n\
            **Instead:** leave `verify` out; for an own authority `verify=\"/path/ca.pem\"`.\n\n\
            Source: documentation of Requests, SSL certificate verification; CWE-295.",
    },
    on: &[On::Keyword("verify")],
    check: |ctx, site, out| {
        let (Some(call), Some(keyword)) = (site.call(), site.keyword()) else {
            return;
        };
        let client = site.name.starts_with("requests.") || site.name.starts_with("httpx.");
        if client && ctx.is_false(&keyword.value) {
            out.report(Hit::at(call).thorough_if(ctx.is_test()).bandit("B501", Severity::High));
        }
    },
    bad: &[
        "import requests\nrequests.get(u, verify=False)",
        "import requests\nclass A:\n    def __init__(self):\n        self.s = requests.Session()\n    def f(self, u):\n        self.s.get(u, verify=False)",
        "import httpx\nwith httpx.Client() as c:\n    c.get(u, verify=False)",
    ],
    good: &[
        "import requests\nrequests.get(u)",
        "import requests\nrequests.get(u, verify='ca.pem')",
        "check(u, verify=False)",
    ],
};
