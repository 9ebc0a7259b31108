//! Requests that may wait for ever.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::{
    super::{
        Arg,
        rule::{Hit, On, Rule},
    },
    mend,
};

pub(super) static TIMEOUT: Rule = Rule {
    meta: RuleMeta {
        id: "code/request-without-timeout",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "A request without a time limit can wait for ever.",
        docs: "Requests waits without end when it is not told otherwise: a server that answers nothing holds the thread, and enough of them hold the service.\n\nExample: `requests.get(url)`\n\n**Instead:** `requests.get(url, timeout=30)`.\n\nSource: documentation of Requests, timeouts; CWE-400. httpx has a limit of its own, so only `timeout=None` counts there.",
    },
    on: &[
        On::Call("requests.get"),
        On::Call("requests.options"),
        On::Call("requests.head"),
        On::Call("requests.post"),
        On::Call("requests.put"),
        On::Call("requests.patch"),
        On::Call("requests.delete"),
        On::Call("requests.request"),
        On::Call("requests.api.get"),
        On::Call("requests.api.options"),
        On::Call("requests.api.head"),
        On::Call("requests.api.post"),
        On::Call("requests.api.put"),
        On::Call("requests.api.patch"),
        On::Call("requests.api.delete"),
        On::Call("requests.api.request"),
        On::Call("requests.Session.get"),
        On::Call("requests.Session.options"),
        On::Call("requests.Session.head"),
        On::Call("requests.Session.post"),
        On::Call("requests.Session.put"),
        On::Call("requests.Session.patch"),
        On::Call("requests.Session.delete"),
        On::Call("requests.Session.request"),
        On::Call("requests.session.get"),
        On::Call("requests.session.options"),
        On::Call("requests.session.head"),
        On::Call("requests.session.post"),
        On::Call("requests.session.put"),
        On::Call("requests.session.patch"),
        On::Call("requests.session.delete"),
        On::Call("requests.session.request"),
        On::Call("httpx.get"),
        On::Call("httpx.options"),
        On::Call("httpx.head"),
        On::Call("httpx.post"),
        On::Call("httpx.put"),
        On::Call("httpx.patch"),
        On::Call("httpx.delete"),
        On::Call("httpx.request"),
        On::Call("httpx.stream"),
        On::Call("httpx.Client"),
        On::Call("httpx.AsyncClient"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let httpx = site.name.starts_with("httpx.");
        let mut hit = Hit::at(call)
            .thorough_if(ctx.is_test())
            .bandit("B113", Severity::Medium);
        match ctx.arg(call, None, "timeout") {
            Arg::Given(limit) if ctx.is_none(limit) => {}
            Arg::Absent if !httpx => {
                // Further places may hold the time already.
                let few =
                    call.arguments.args.len() <= 2 && !call.arguments.args.iter().any(|arg| arg.is_starred_expr());
                if let Some((range, text)) = mend::add_argument(ctx.source, call, "timeout=30").filter(|_| few) {
                    hit = hit.fix("wait for 30 seconds at most", range, text);
                }
            }
            _ => return,
        }
        out.report(hit);
    },
    bad: &[
        "import requests\nrequests.get(u)",
        "import requests\ns = requests.Session()\ns.post(u, json=x)",
        "import httpx\nhttpx.get(u, timeout=None)",
    ],
    good: &[
        "import requests\nrequests.get(u, timeout=3)",
        "import requests\nrequests.get(u, **options)",
        "import httpx\nhttpx.get(u)",
        "cache.get(u)",
    ],
};
