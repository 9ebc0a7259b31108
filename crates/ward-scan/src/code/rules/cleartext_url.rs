//! Addresses without encryption.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static CLEARTEXT_URL: Rule = Rule {
    meta: RuleMeta {
        id: "code/cleartext-url",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "Something is fetched or sent over a connection without encryption.",
        docs: "Whoever is on the way reads what is sent, and answers with data, a package or a model of their own.\n\nExample: `requests.get(\"http://data.example.org/train.csv\")`\n\n**Instead:** `https://`; where the other side has none, check what came against a digest.\n\nSource: CWE-319. Addresses of this machine and of private networks are no finding. With a password: high.",
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
        On::Call("requests.Session.get"),
        On::Call("requests.Session.options"),
        On::Call("requests.Session.head"),
        On::Call("requests.Session.post"),
        On::Call("requests.Session.put"),
        On::Call("requests.Session.patch"),
        On::Call("requests.Session.delete"),
        On::Call("requests.Session.request"),
        On::Call("httpx.get"),
        On::Call("httpx.options"),
        On::Call("httpx.head"),
        On::Call("httpx.post"),
        On::Call("httpx.put"),
        On::Call("httpx.patch"),
        On::Call("httpx.delete"),
        On::Call("httpx.request"),
        On::Call("httpx.stream"),
        On::Call("urllib.request.urlopen"),
        On::Call("urllib.request.urlretrieve"),
        On::Call("urllib.request.Request"),
        On::Call("urllib.request.URLopener.open"),
        On::Call("urllib.request.URLopener.retrieve"),
        On::Call("urllib.request.OpenerDirector.open"),
        On::Call("urllib.request.build_opener.open"),
        On::Call("urllib.request.FancyURLopener.open"),
        On::Call("six.moves.urllib.request.urlopen"),
        On::Call("six.moves.urllib.request.urlretrieve"),
        On::Call("six.moves.urllib.request.Request"),
        On::Call("six.moves.urllib.request.URLopener.open"),
        On::Call("six.moves.urllib.request.URLopener.retrieve"),
        On::Call("six.moves.urllib.request.OpenerDirector.open"),
        On::Call("six.moves.urllib.request.build_opener.open"),
        On::Call("six.moves.urllib.request.FancyURLopener.open"),
        On::Call("wget.download"),
        On::Call("torch.hub.load_state_dict_from_url"),
        On::Call("torch.hub.download_url_to_file"),
        On::Call("tensorflow.keras.utils.get_file"),
        On::Call("keras.utils.get_file"),
        On::Call("pandas.read_csv"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let position = match site.name.rsplit('.').next() {
            Some("request" | "stream" | "get_file") => 1,
            _ => 0,
        };
        let url = ctx.arg(
            call,
            position,
            if site.name.contains("get_file") {
                "origin"
            } else {
                "url"
            },
        );
        let Some(url) = url.given() else { return };
        let constant = ctx.constant(ctx.default_of(url).unwrap_or(url));
        let text = constant.beginning().to_ascii_lowercase();
        let Some(host) = text.strip_prefix("http://").or_else(|| text.strip_prefix("ftp://")) else {
            return;
        };
        let host = host.split(['/', ':', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        if is_near(host) {
            return;
        }
        let secret = ctx.arg(call, None, "auth").given().is_some();
        let severity = if secret { Severity::High } else { Severity::Low };
        out.report(Hit::at(call).severity(severity).thorough_if(ctx.is_test()));
    },
    bad: &[
        "import requests\nrequests.get('http://data.example.org/x')",
        "import urllib.request\nURL = 'ftp://a.example.org/x'\nurllib.request.urlretrieve(URL, p)",
        "import requests\ndef fetch(url='http://data.example.org/x'):\n    return requests.get(url)",
    ],
    good: &[
        "import requests\nrequests.get('https://data.example.org/x')",
        "import requests\nrequests.get('http://localhost:8000/x')",
        "import requests\nrequests.get(f'http://{host}/x')",
        "import requests\nrequests.get('http://10.0.0.3/x')",
        "import requests\ndef fetch(url='http://data.example.org/x'):\n    url = secure(url)\n    return requests.get(url)",
        "import requests\ndef fetch(url='https://data.example.org/x'):\n    return requests.get(url)",
    ],
};

/// Whether a host is this machine, a name of a local network, or a private address; or not known.
fn is_near(host: &str) -> bool {
    let private = ["127.", "10.", "192.168.", "169.254.", "0."]
        .iter()
        .any(|start| host.starts_with(start))
        || host.strip_prefix("172.").is_some_and(|rest| {
            rest.split('.')
                .next()
                .and_then(|part| part.parse::<u8>().ok())
                .is_some_and(|part| (16..32).contains(&part))
        });
    private
        || !host.contains('.')
        || [".local", ".internal", ".lan", ".test", ".invalid", ".svc"]
            .iter()
            .any(|end| host.ends_with(end))
}
