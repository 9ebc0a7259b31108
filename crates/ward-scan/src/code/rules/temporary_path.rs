//! Fixed names in folders that everybody writes to.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static TEMPORARY_PATH: Rule = Rule {
    meta: RuleMeta {
        id: "code/temporary-path",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "A fixed path in a folder that everybody can write to.",
        docs: "Another account can make the file first, or a link in its place, and so read or choose what is in it.\n\nExample: `open(\"/tmp/cache.json\", \"w\")`\n\n**Instead:** `tempfile.NamedTemporaryFile()` or `tempfile.mkdtemp()`; a folder of the application's own.\n\nSource: CWE-377. Shown in the thorough profile.",
    },
    on: &[On::Str],
    check: |ctx, site, out| {
        let Some(expr) = site.expr() else { return };
        let Some(text) = ctx.str(expr) else { return };
        let folders = ["/tmp/", "/var/tmp/", "/dev/shm/"];
        if folders
            .iter()
            .any(|folder| text.starts_with(folder) && text.len() > folder.len())
        {
            out.report(Hit::at(expr).thorough().bandit("B108", Severity::Medium));
        }
    },
    bad: &["open('/tmp/x.json', 'w')"],
    good: &["open('/tmpfs/x')", "'''/tmp/x'''", "open('out/tmp/x')"],
};
