//! Protocols without encryption.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static CLEARTEXT: Rule = Rule {
    meta: RuleMeta {
        id: "code/cleartext-protocol",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A protocol that sends passwords as they are.",
        docs: "Telnet, FTP and IPMI send passwords and data in the clear to whoever is on the way.\n\nExample: `ftplib.FTP(host, user, password)`\n\n**Instead:** SSH, SFTP, HTTPS; `ftplib.FTP_TLS`.\n\nSource: CWE-319. An import alone is shown in the thorough profile.",
    },
    on: &[
        On::Call("telnetlib.Telnet"),
        On::Call("ftplib.FTP"),
        On::Import("telnetlib"),
        On::Import("ftplib"),
        On::Import("pyghmi"),
    ],
    check: |ctx, site, out| {
        let id = match (site.call().is_some(), site.name.split('.').next()) {
            (true, Some("telnetlib")) => "B312",
            (true, _) => "B321",
            (false, Some("telnetlib")) => "B401",
            (false, Some("ftplib")) => "B402",
            (false, _) => "B415",
        };
        let import = site.call().is_none();
        out.report(
            Hit::at(site.range())
                .thorough_if(import || ctx.is_test())
                .bandit(id, Severity::High),
        );
    },
    bad: &[
        "import telnetlib\ntelnetlib.Telnet(h)",
        "from ftplib import FTP\nFTP(h)",
        "import pyghmi",
    ],
    good: &["import ftp\nftp.FTP(h)", "import paramiko"],
};
