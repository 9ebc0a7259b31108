//! Addresses that may be files.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static URL_OPEN: Rule = Rule {
    meta: RuleMeta {
        id: "code/url-open",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "An address is opened that may be a file of this machine.",
        docs: "`urlopen` reads `file:` addresses too. Where the address is not the program's own, it reads what it should not.\n\nExample: `urllib.request.urlopen(url)`\n\n**Instead:** check that the scheme is `https` first, or use a library that knows no other.\n\nSource: Python documentation of `urllib.request`; CWE-22. Shown in the thorough profile; an address that begins with `http` is no finding.",
    },
    on: &[
        On::Call("urllib.request.urlopen"),
        On::Call("urllib.request.urlretrieve"),
        On::Call("urllib.request.URLopener"),
        On::Call("urllib.request.FancyURLopener"),
        On::Call("six.moves.urllib.request.urlopen"),
        On::Call("six.moves.urllib.request.urlretrieve"),
        On::Call("six.moves.urllib.request.URLopener"),
        On::Call("six.moves.urllib.request.FancyURLopener"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let fixed = call
            .arguments
            .args
            .first()
            .is_some_and(|url| ctx.constant(url).beginning().starts_with("http"));
        if !fixed {
            out.report(Hit::at(call).thorough().bandit("B310", Severity::Medium));
        }
    },
    bad: &["import urllib.request\nurllib.request.urlopen(url)"],
    good: &[
        "import urllib.request\nurllib.request.urlopen('https://example.org/x')",
        "urlopen(url)",
    ],
};
