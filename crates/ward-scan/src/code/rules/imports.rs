//! Imports that are worth a look in a review.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    is_within,
    rule::{Hit, On, Rule},
};

/// Bandit's identifier, its severity, and the modules.
const MODULES: &[(&str, Severity, &[&str])] = &[
    ("B403", Severity::Low, &["pickle", "cPickle", "dill", "shelve"]),
    ("B404", Severity::Low, &["subprocess"]),
    (
        "B405",
        Severity::Low,
        &["xml.etree.cElementTree", "xml.etree.ElementTree"],
    ),
    ("B406", Severity::Low, &["xml.sax"]),
    ("B407", Severity::Low, &["xml.dom.expatbuilder"]),
    ("B408", Severity::Low, &["xml.dom.minidom"]),
    ("B409", Severity::Low, &["xml.dom.pulldom"]),
    ("B411", Severity::High, &["xmlrpc", "xmlrpclib"]),
    (
        "B412",
        Severity::High,
        &["wsgiref.handlers.CGIHandler", "twisted.web.twcgi"],
    ),
    ("B413", Severity::High, &["Crypto"]),
];

pub(super) static RISKY_IMPORT: Rule = Rule {
    meta: RuleMeta {
        id: "code/risky-import",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "A module that can do harm is imported.",
        docs: "An import does no harm. It tells a reviewer where to look: who starts programs, who loads pickles, who parses XML.\n\nExample: `import subprocess`\n\n**Instead:** nothing has to be done; look at how the module is used. What is used badly is a finding of its own.\n\nSource: documentation of Bandit, blacklisted imports. Shown in the thorough profile.",
    },
    on: &[
        On::Import("pickle"),
        On::Import("cPickle"),
        On::Import("dill"),
        On::Import("shelve"),
        On::Import("subprocess"),
        On::Import("xml.etree.cElementTree"),
        On::Import("xml.etree.ElementTree"),
        On::Import("xml.sax"),
        On::Import("xml.dom.expatbuilder"),
        On::Import("xml.dom.minidom"),
        On::Import("xml.dom.pulldom"),
        On::Import("xmlrpc"),
        On::Import("xmlrpclib"),
        On::Import("wsgiref.handlers.CGIHandler"),
        On::Import("twisted.web.twcgi"),
        On::Import("Crypto"),
    ],
    check: |_, site, out| {
        let known = MODULES
            .iter()
            .find(|(_, _, modules)| modules.iter().any(|module| is_within(site.name, module)));
        if let Some((id, severity, _)) = known {
            out.report(Hit::at(site.range()).thorough().bandit(id, *severity));
        }
    },
    bad: &[
        "import subprocess",
        "from Crypto.Cipher import AES",
        "import xml.dom.minidom",
    ],
    good: &["import json", "import pickletools", "from . import pickles"],
};
